/* Draws evidence and audience, and works the definition out: nothing here is asked of the filter.
 */
#include <string.h>

#include "tests/unit/lead/evidence.h"
#include "tests/unit/release/drawn.h"

#define SOMEBODY "atf-trace:T0:purchaser" /* the entity of most, as long as nothing is withheld */
#define ANOTHER  "atf-trace:T1:purchaser"

static const char *const kinds[] = {EDGE_PERSON,  EDGE_PERSON,    EDGE_PERSON, EDGE_FIREARM,
                                    EDGE_ADDRESS, EDGE_CONSIGNEE, EDGE_CASE,   EDGE_VEHICLE};
static const char *const values[] = {"V1", "V2", NULL, SOMEBODY};
static const char *const subjects[] = {"s1", "s2"};

/* ---- a drawn world ----------------------------------------------------------------------- */

static guint below(Drawn *drawn, guint n)
{
    return (guint)g_rand_int_range(drawn->rand, 0, (gint32)n);
}

static const char *ref_at(const Drawn *drawn, guint i)
{
    return ((const Record *)drawn->evidence->records->pdata[i])->ref;
}

static void draw_rules(Drawn *drawn, const Indicators *rules)
{
    for (guint i = 0; i < indicators_count(rules); i++) {
        const Indicator *rule = indicators_at(rules, i);
        drawn->rules[rule->complete                 ? RULE_COMPLETE
                     : rule->scope == SCOPE_RELATED ? RULE_RELATED
                                                    : RULE_OTHER] = rule->id;
    }
}

static void draw_records(Drawn *drawn)
{
    guint n = 1 + below(drawn, RECORDS);
    for (guint i = 0; i < n; i++) {
        g_autofree char *ref = g_strdup_printf(i < 4 ? "atf-trace:T%u" : "cbsa-seizure:S%u/1", i);
        add_record(drawn->evidence, ref,
                   PAIRS("make=GLOCK", "event_date=2021-04-01", "purchaser.last=DOE"));
        Record *record = drawn->evidence->records->pdata[i];
        record->file_id = 7;
        record->line = i + 2;
        for (Field field = 0; field < FIELD_COUNT; field++)
            if (!record_get(record, field) && field % 2 == i % 2)
                record_set(record, field, "2023-05-06");
        drawn->visible[i] = below(drawn, 4) > 0;
        drawn->lost |= !drawn->visible[i];
        if (!drawn->visible[i])
            g_hash_table_add(drawn->filter.withheld, g_strdup(ref));
        static const char *const roles[] = {"purchaser", "traveller"};
        for (guint k = 0; k < 2; k++) {
            g_autofree char *mention = g_strconcat(ref, ":", roles[k], NULL);
            if (below(drawn, 3))
                add_person(drawn->evidence, mention, below(drawn, 6) ? SOMEBODY : ANOTHER, roles[k],
                           "DOE");
        }
    }
    if (below(drawn, 2)) /* sources of the last are not always known */
        g_ptr_array_set_size(drawn->evidence->sources, (gint)n - 1);
}

static gboolean may_both_go(const Drawn *drawn, guint a, guint b)
{
    return drawn->visible[record_of(drawn, a)] && drawn->visible[record_of(drawn, b)];
}

/* What the store would have told: the one stands for the other from now on. */
static void tell_alike(Drawn *drawn, const char *left, const char *right)
{
    g_autofree char *one = g_strdup(filter_person(&drawn->filter, left));
    g_autofree char *other = g_strdup(filter_person(&drawn->filter, right));
    if (!g_str_equal(one, other))
        g_hash_table_insert(drawn->filter.alike, g_steal_pointer(&one), g_steal_pointer(&other));
}

/* Held alike directly, or by way of a mention elsewhere that may go, or of one that may not. */
static void draw_alike(Drawn *drawn)
{
    const GPtrArray *people = drawn->evidence->people;
    for (guint i = 0; i < people->len; i++) {
        const char *left = ((const LeadPerson *)people->pdata[i])->mention;
        for (guint j = i + 1; j < people->len; j++) {
            drawn->alike[i][j] = drawn->alike[j][i] = !below(drawn, 6);
            if (drawn->alike[i][j] && may_both_go(drawn, i, j))
                tell_alike(drawn, left, ((const LeadPerson *)people->pdata[j])->mention);
        }
        drawn->elsewhere[i] = !below(drawn, 6);
        if (drawn->elsewhere[i] && may_both_go(drawn, i, i))
            tell_alike(drawn, left, "cbsa-seizure:ELSEWHERE/1:traveller");
    }
}

static void draw_joins(Drawn *drawn)
{
    guint n = drawn->evidence->records->len;
    for (guint count = n > 1 ? below(drawn, 13) : 0; count > 0; count--) {
        guint left = below(drawn, n - 1), right = left + 1 + below(drawn, n - 1 - left);
        if (!below(drawn, 4)) {
            add_link(drawn->evidence, ref_at(drawn, right), ref_at(drawn, left), 0.9);
            continue;
        }
        add_edge(drawn->evidence, ref_at(drawn, left), ref_at(drawn, right),
                 kinds[below(drawn, G_N_ELEMENTS(kinds))], 0.5 + 0.01 * count);
        LeadEdge *edge = drawn->evidence->edges->pdata[drawn->evidence->edges->len - 1];
        edge->value = g_strdup(values[below(drawn, G_N_ELEMENTS(values))]);
    }
}

static void draw_findings(Drawn *drawn)
{
    guint n = drawn->evidence->records->len;
    for (guint i = 0; i < 4; i++) {
        const char *rule = drawn->rules[below(drawn, RULE_KINDS)];
        add_indicator(drawn->evidence, rule, subjects[below(drawn, 2)],
                      ref_at(drawn, below(drawn, n)), 3);
        add_marker(drawn->evidence, ref_at(drawn, below(drawn, n)), "NARCOTICS", 0.9);
    }
    add_indicator(drawn->evidence, "GONE", "s1", ref_at(drawn, 0), 3); /* of a rule of before */
    if (below(drawn, 2))
        g_hash_table_add(drawn->filter.tainted,
                         g_strjoin("\n", drawn->rules[RULE_COMPLETE], "s1", NULL));
    drawn->filter.any = below(drawn, 2) == 0;
}

static void draw_audience(Drawn *drawn)
{
    static const FieldAction part[] = {ACT_DROP, ACT_SHOW};
    gboolean all = below(drawn, 3) == 0;
    for (guint i = 0; i < FIELD_COUNT; i++)
        drawn->audience.record[i] = all ? ACT_SHOW : below(drawn, ACT_SHOW + 1);
    for (guint i = 0; i < MENTION_COUNT; i++)
        drawn->audience.person[i] = all && below(drawn, 20) ? ACT_SHOW : below(drawn, ACT_SHOW + 1);
    for (guint i = 0; i < PART_COUNT; i++)
        drawn->audience.part[i] = part[below(drawn, 2)];
    drawn->audience.code = (char *)"SOMEONE";
    drawn->filter.audience = below(drawn, 4) ? &drawn->audience : NULL;
}

/* ---- the definition ---------------------------------------------------------------------- */

guint place_of(const Drawn *drawn, const char *ref)
{
    for (guint i = 0; i < drawn->evidence->records->len; i++)
        if (g_str_equal(ref_at(drawn, i), ref))
            return i;
    ck_abort_msg("no record '%s'", ref);
    return 0;
}

guint record_of(const Drawn *drawn, guint person)
{
    const LeadPerson *one = drawn->evidence->people->pdata[person];
    g_autofree char *ref = g_strndup(one->mention, strlen(one->mention) - 10);
    return place_of(drawn, ref);
}

static gboolean held_alike(const Drawn *drawn, guint a, guint b)
{
    return may_both_go(drawn, a, b) &&
           (drawn->alike[a][b] || (drawn->elsewhere[a] && drawn->elsewhere[b]));
}

static gboolean one_entity(const Drawn *drawn, guint a, guint b)
{
    const LeadPerson *left = drawn->evidence->people->pdata[a];
    const LeadPerson *right = drawn->evidence->people->pdata[b];
    return g_str_equal(left->entity, right->entity);
}

static void define_people(Drawn *drawn)
{
    guint n = drawn->evidence->people->len;
    for (guint a = 0; a < n; a++)
        for (guint b = 0; b < n; b++)
            drawn->same[a][b] = a == b || held_alike(drawn, a, b);
    for (guint via = 0; via < n; via++)
        for (guint a = 0; a < n; a++)
            for (guint b = 0; b < n; b++)
                drawn->same[a][b] |= drawn->same[a][via] && drawn->same[via][b];
    for (guint a = 0; a < n; a++)
        for (guint b = 0; b < n; b++)
            drawn->same[a][b] = drawn->same[a][b] && one_entity(drawn, a, b);
}

static gboolean share_person(const Drawn *drawn, guint left, guint right)
{
    for (guint a = 0; a < drawn->evidence->people->len; a++)
        for (guint b = 0; b < drawn->evidence->people->len; b++)
            if (record_of(drawn, a) == left && record_of(drawn, b) == right && drawn->same[a][b])
                return TRUE;
    return FALSE;
}

static gboolean is_of_person(const Drawn *drawn, const LeadEdge *edge)
{
    gboolean of_somebody = FALSE;
    for (guint i = 0; i < drawn->evidence->people->len; i++)
        of_somebody |=
            g_strcmp0(edge->value,
                      ((const LeadPerson *)drawn->evidence->people->pdata[i])->entity) == 0;
    return g_str_equal(edge->kind, EDGE_PERSON) || of_somebody;
}

gboolean holds(const Drawn *drawn, const LeadEdge *edge, guint left, guint right)
{
    return edge_action(&drawn->filter, edge->kind) != ACT_DROP && drawn->visible[left] &&
           drawn->visible[right] &&
           (!is_of_person(drawn, edge) || share_person(drawn, left, right));
}

/* Two edges of one value, an end of each: are these joined? A person's wherever they still share a
 * person, another value's where the edges met in a record that may not go. */
gboolean meet(const Drawn *drawn, const LeadEdge *a, const LeadEdge *b, guint ends, guint *left,
              guint *right)
{
    guint of_a[2] = {place_of(drawn, a->left), place_of(drawn, a->right)};
    guint of_b[2] = {place_of(drawn, b->left), place_of(drawn, b->right)};
    *left = of_a[ends & 1];
    *right = of_b[ends >> 1];
    guint other = of_a[!(ends & 1)];
    return a->value && g_strcmp0(a->value, b->value) == 0 && g_str_equal(a->kind, b->kind) &&
           *left != *right && holds(drawn, a, *left, *right) &&
           (is_of_person(drawn, a) || (other == of_b[!(ends >> 1)] && !drawn->visible[other]));
}

static void join(Drawn *drawn, guint left, guint right)
{
    drawn->joined[left][right] = drawn->joined[right][left] = TRUE;
}

static void define_parts(Drawn *drawn)
{
    const GPtrArray *edges = drawn->evidence->edges;
    guint n = drawn->evidence->records->len, left, right;
    for (guint i = 0; i < n; i++)
        drawn->joined[i][i] = TRUE;
    for (guint e = 0; e < edges->len; e++) {
        const LeadEdge *edge = edges->pdata[e];
        left = place_of(drawn, edge->left);
        right = place_of(drawn, edge->right);
        if (holds(drawn, edge, left, right))
            join(drawn, left, right);
        for (guint f = 0; f < 4 * e; f++)
            if (meet(drawn, edge, edges->pdata[f / 4], f % 4, &left, &right))
                join(drawn, left, right);
    }
    for (guint via = 0; via < n; via++)
        for (guint a = 0; a < n; a++)
            for (guint b = 0; b < n; b++)
                drawn->joined[a][b] |= drawn->joined[a][via] && drawn->joined[via][b];
}

gboolean finding_goes(const Drawn *drawn, const LeadIndicator *row)
{
    g_autofree char *key = g_strjoin("\n", row->indicator, row->subject, NULL);
    if (!drawn->visible[place_of(drawn, row->record)] ||
        g_hash_table_contains(drawn->filter.tainted, key))
        return FALSE;
    if (g_str_equal(row->indicator, drawn->rules[RULE_COMPLETE]))
        return TRUE;
    if (g_str_equal(row->indicator, drawn->rules[RULE_RELATED]))
        return !drawn->lost;
    return !drawn->lost && !drawn->filter.any;
}

/* ---- both ------------------------------------------------------------------------------ */

void draw(Drawn *drawn, const Indicators *rules, guint32 seed)
{
    memset(drawn, 0, sizeof *drawn);
    drawn->rand = g_rand_new_with_seed(seed);
    drawn->evidence = lead_evidence_new();
    drawn->filter = (Filter){
        .salt = "salt",
        .indicators = rules,
        .withheld = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .tainted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .alike = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };
    draw_rules(drawn, rules);
    draw_audience(drawn);
    draw_records(drawn);
    draw_alike(drawn);
    draw_joins(drawn);
    draw_findings(drawn);
    define_people(drawn);
    define_parts(drawn);
}

void drawn_clear(Drawn *drawn)
{
    filter_clear(&drawn->filter);
    lead_evidence_free(drawn->evidence);
    g_rand_free(drawn->rand);
}
