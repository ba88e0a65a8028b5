/*
 * Property tests of the filter of evidence: what of random evidence goes to a random audience is
 * held against the definition (drawn.c): records that may go and nothing of the others, people held
 * alike without those who may not go, parts that something still joins.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/release/drawn.h"
#include "tests/unit/suite.h"

#define WORLDS 4000

static Indicators *rules;

static void setup(void)
{
    g_autoptr(GError) problem = NULL;
    rules = indicators_load("rules", &problem);
    ck_assert_msg(rules != NULL, "%s", problem ? problem->message : "");
}

static void teardown(void)
{
    g_clear_pointer(&rules, indicators_free);
}

static gboolean all_shown(const Audience *audience)
{
    gboolean shown = TRUE;
    for (guint i = 0; i < FIELD_COUNT; i++)
        shown = shown && audience->record[i] == ACT_SHOW;
    for (guint i = 0; i < MENTION_COUNT; i++)
        shown = shown && audience->person[i] == ACT_SHOW;
    return shown;
}

/* ---- held against it --------------------------------------------------------------------- */

/* How a record is called in what is seen. */
static char *seen_ref(const Drawn *drawn, guint i)
{
    g_autoptr(Record) seen = record_seen(&drawn->filter, drawn->evidence->records->pdata[i]);
    return g_strdup(seen->ref);
}

static char *seen_mention(const Drawn *drawn, guint person)
{
    const LeadPerson *one = drawn->evidence->people->pdata[person];
    g_autofree char *ref = seen_ref(drawn, record_of(drawn, person));
    return g_strconcat(ref, strrchr(one->mention, ':'), NULL);
}

/* All texts in one, in order. */
static char *sorted(GPtrArray *texts)
{
    g_ptr_array_sort(texts, text_compare);
    g_ptr_array_add(texts, NULL);
    char *all = g_strjoinv("\n", (char **)texts->pdata);
    g_ptr_array_unref(texts);
    return all;
}

static void add_text(GPtrArray *texts, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_text(GPtrArray *texts, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(texts, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* What the part of a record ought to hold, a line each; edges apart. */
static char *wanted(const Drawn *drawn, guint part)
{
    const LeadEvidence *from = drawn->evidence;
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    const gboolean *in = drawn->joined[part];
    for (guint i = 0; i < from->records->len; i++) {
        g_autofree char *ref = seen_ref(drawn, i);
        if (in[i] && drawn->visible[i])
            add_text(texts, "record %s", ref);
    }
    for (guint i = 0; i < from->links->len; i++) {
        const LeadLink *link = from->links->pdata[i];
        guint left = place_of(drawn, link->left), right = place_of(drawn, link->right);
        g_autofree char *a = seen_ref(drawn, left), *b = seen_ref(drawn, right);
        if (in[left] && in[right] && drawn->visible[left] && drawn->visible[right])
            add_text(texts, "link %s %s", a, b);
    }
    for (guint i = 0; i < from->people->len; i++) {
        guint record = record_of(drawn, i), root = 0;
        while (!drawn->same[i][root])
            root++;
        g_autofree char *mention = seen_mention(drawn, i), *entity = seen_mention(drawn, root);
        if (in[record] && drawn->visible[record])
            add_text(texts, "person %s is %s", mention, entity);
    }
    for (guint i = 0; i < from->indicators->len; i++) {
        const LeadIndicator *row = from->indicators->pdata[i];
        g_autofree char *ref = seen_ref(drawn, place_of(drawn, row->record));
        if (in[place_of(drawn, row->record)] && finding_goes(drawn, row))
            add_text(texts, "indicator %s %s", row->indicator, ref);
    }
    for (guint i = 0; i < from->markers->len; i++) {
        const LeadMarker *marker = from->markers->pdata[i];
        guint record = place_of(drawn, marker->record);
        g_autofree char *ref = seen_ref(drawn, record);
        if (in[record] && drawn->visible[record])
            add_text(texts, "marker %s", ref);
    }
    return sorted(texts);
}

static char *given(const LeadEvidence *part)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < part->records->len; i++)
        add_text(texts, "record %s", ((const Record *)part->records->pdata[i])->ref);
    for (guint i = 0; i < part->links->len; i++) {
        const LeadLink *link = part->links->pdata[i];
        add_text(texts, "link %s %s", link->left, link->right);
    }
    for (guint i = 0; i < part->people->len; i++) {
        const LeadPerson *person = part->people->pdata[i];
        add_text(texts, "person %s is %s", person->mention, person->entity);
    }
    for (guint i = 0; i < part->indicators->len; i++) {
        const LeadIndicator *row = part->indicators->pdata[i];
        add_text(texts, "indicator %s %s", row->indicator, row->record);
    }
    for (guint i = 0; i < part->markers->len; i++)
        add_text(texts, "marker %s", ((const LeadMarker *)part->markers->pdata[i])->record);
    return sorted(texts);
}

static gboolean reads(const Drawn *drawn, const LeadEdge *seen, guint left, guint right)
{
    g_autofree char *a = seen_ref(drawn, left), *b = seen_ref(drawn, right);
    gboolean turned = strcmp(a, b) > 0;
    return g_str_equal(seen->left, turned ? b : a) && g_str_equal(seen->right, turned ? a : b);
}

/* Is the edge one of the lead's that goes as it is, or where two met? */
static gboolean edge_is_owed(const Drawn *drawn, const LeadEdge *seen)
{
    const GPtrArray *edges = drawn->evidence->edges;
    gboolean owed = FALSE;
    guint left, right;
    for (guint e = 0; e < edges->len; e++) {
        const LeadEdge *edge = edges->pdata[e];
        gboolean alike = g_str_equal(seen->kind, edge->kind);
        left = place_of(drawn, edge->left);
        right = place_of(drawn, edge->right);
        owed |= alike && seen->weight == edge->weight && holds(drawn, edge, left, right) &&
                reads(drawn, seen, left, right);
        for (guint f = 0; f < 4 * e; f++) {
            const LeadEdge *other = edges->pdata[f / 4];
            owed |= alike && seen->weight == MIN(edge->weight, other->weight) &&
                    meet(drawn, edge, other, f % 4, &left, &right) &&
                    reads(drawn, seen, left, right);
        }
    }
    return owed;
}

/* Do all the edges that go as they are stand in the parts? How many there are. */
static guint edges_owed(const Drawn *drawn, const GPtrArray *seen)
{
    guint owed = 0;
    for (guint e = 0; e < drawn->evidence->edges->len; e++) {
        const LeadEdge *edge = drawn->evidence->edges->pdata[e];
        guint left = place_of(drawn, edge->left), right = place_of(drawn, edge->right);
        gboolean found = FALSE;
        for (guint i = 0; i < seen->len; i++) {
            const LeadEdge *one = seen->pdata[i];
            found |= g_str_equal(one->kind, edge->kind) && one->weight == edge->weight;
        }
        if (holds(drawn, edge, left, right))
            ck_assert_msg(found, "an edge %s is lost", edge->kind);
        owed += holds(drawn, edge, left, right);
    }
    return owed;
}

static void check_edges(const Drawn *drawn, const GPtrArray *parts)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (guint i = 0; i < parts->len; i++) {
        const LeadEvidence *part = parts->pdata[i];
        for (guint e = 0; e < part->edges->len; e++) {
            const LeadEdge *edge = part->edges->pdata[e];
            FieldAction action = edge_action(&drawn->filter, edge->kind);
            gboolean person = g_str_equal(edge->kind, EDGE_PERSON);
            ck_assert(edge_is_owed(drawn, edge));
            if (action != ACT_SHOW || (person && drawn->filter.audience))
                ck_assert_ptr_null(edge->value);
            g_ptr_array_add(all, (gpointer)edge);
        }
    }
    ck_assert_uint_ge(all->len, edges_owed(drawn, all));
}

/* Every field of the record is shown as the audience may see it. */
static void check_fields(const Drawn *drawn, guint record)
{
    const Record *from = drawn->evidence->records->pdata[record];
    const Audience *audience = drawn->filter.audience;
    g_autoptr(Record) seen = record_seen(&drawn->filter, from);
    for (Field field = 0; field < FIELD_COUNT; field++) {
        g_autofree char *want = field_seen(field_name(field), record_get(from, field),
                                           audience ? audience->record[field] : ACT_SHOW);
        ck_assert_int_eq(g_strcmp0(record_get(seen, field), want), 0);
    }
    gboolean told = part_action(&drawn->filter, PART_SOURCE) == ACT_SHOW;
    ck_assert_int_eq(seen->file_id, told ? from->file_id : 0);
    ck_assert_uint_eq(seen->line, told ? from->line : 0);
    const Mention *who = record_find_mention(from, "purchaser");
    const Mention *left = record_find_mention(seen, "purchaser");
    g_autofree char *want = field_seen("last", who->value[MENTION_LAST],
                                       audience ? audience->person[MENTION_LAST] : ACT_SHOW);
    ck_assert_int_eq(g_strcmp0(left ? left->value[MENTION_LAST] : NULL, want), 0);
}

static void check_order(const Drawn *drawn, const LeadEvidence *part)
{
    gboolean masked = part_action(&drawn->filter, PART_REFERENCE) != ACT_SHOW;
    gboolean told = part_action(&drawn->filter, PART_SOURCE) == ACT_SHOW && !masked;
    ck_assert_uint_eq(part->sources->len, part->records->len);
    for (guint i = 0; i < part->records->len; i++) {
        const Record *record = part->records->pdata[i];
        const char *source = "";
        if (i > 0)
            ck_assert_str_lt(((const Record *)part->records->pdata[i - 1])->ref, record->ref);
        if (told && place_of(drawn, record->ref) < drawn->evidence->sources->len)
            source = "file.csv:2";
        ck_assert_str_eq(part->sources->pdata[i], source);
    }
}

/* An id of its own for every part and reader, none for the owner. */
static void check_ids(const Drawn *drawn, const GPtrArray *parts)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    gboolean withheld;
    Filter other = drawn->filter;
    other.salt = "pepper";
    g_autoptr(GPtrArray) again = filter_evidence(&other, drawn->evidence, &withheld);
    ck_assert_uint_eq(again->len, parts->len);
    for (guint i = 0; i < parts->len; i++) {
        const char *id = ((const LeadEvidence *)parts->pdata[i])->lead_id;
        const char *elsewhere = ((const LeadEvidence *)again->pdata[i])->lead_id;
        if (!drawn->filter.audience) {
            ck_assert_ptr_null(id);
            continue;
        }
        ck_assert(g_hash_table_add(ids, (gpointer)id));
        ck_assert_int_eq(id[0], 'L');
        ck_assert_uint_eq(strlen(id), 13);
        ck_assert_str_ne(id, elsewhere);
    }
}

static gboolean owes_word_of_it(const Drawn *drawn)
{
    gboolean withheld = drawn->lost;
    for (guint i = 0; i < drawn->evidence->indicators->len; i++)
        withheld |= !finding_goes(drawn, drawn->evidence->indicators->pdata[i]);
    return withheld || (drawn->filter.audience && !all_shown(drawn->filter.audience));
}

START_TEST(what_goes_is_what_may)
{
    gboolean withheld = FALSE;
    guint at = 0;
    g_auto(Drawn) drawn;
    draw(&drawn, rules, (guint32)_i + 1);
    g_autoptr(GPtrArray) parts = filter_evidence(&drawn.filter, drawn.evidence, &withheld);
    for (guint i = 0; i < drawn.evidence->records->len; i++) {
        gboolean first = drawn.visible[i];
        for (guint j = 0; j < i; j++)
            first = first && !(drawn.visible[j] && drawn.joined[i][j]);
        if (!first)
            continue;
        ck_assert_uint_lt(at, parts->len);
        check_fields(&drawn, i);
        g_autofree char *want = wanted(&drawn, i), *got = given(parts->pdata[at]);
        ck_assert_str_eq(got, want);
        check_order(&drawn, parts->pdata[at++]);
    }
    ck_assert_uint_eq(at, parts->len);
    check_edges(&drawn, parts);
    check_ids(&drawn, parts);
    ck_assert_int_eq(withheld, owes_word_of_it(&drawn));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filter");
    TCase *tests = tcase_create("filter");
    tcase_add_unchecked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, what_goes_is_what_may, 0, suite_rounds(WORLDS));
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
