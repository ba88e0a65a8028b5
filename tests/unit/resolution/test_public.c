/*
 * Person resolution on public sets with known truth (CROSSTRACE_DATASETS), with the shipped
 * rules/person.ini: no labels, one threshold fixed beforehand. Counts pairs of the resulting
 * clusters, so that a pair that was never proposed is a pair missed. Skipped where there are no
 * data. The bounds stand a little below what was reached.
 */
#include "engine/blocking/block.h"
#include "engine/blocking/near.h"
#include "engine/person/birth.h"
#include "engine/resolution/nodes.h"

#include "engine/base/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

/* One set: its file and which of its columns is what; a NULL column is not there. */
typedef struct {
    const char *name, *file, *second;
    const char *id, *truth; /* truth: column, or NULL when it is made from the id */
    const char *last, *first, *middle, *dob, *house, *street, *city, *region, *postal, *phone,
        *document;
    gboolean lists; /* each file is a list without doubles */
    double precision, recall, f1, proposed;
} Set;

#define FEBRL                                                                                      \
    .id = "rec_id", .last = "surname", .first = "given_name", .dob = "date_of_birth",              \
    .house = "street_number", .street = "address_1", .city = "suburb", .region = "state",          \
    .postal = "postcode", .document = "soc_sec_id"
#define BOUNDS(p, r, f, b) .precision = (p), .recall = (r), .f1 = (f), .proposed = (b)
static const Set sets[] = {
    {.name = "febrl1", .file = "febrl1/dataset1.csv", FEBRL, BOUNDS(0.999, 0.99, 0.995, 0.995)},
    {.name = "febrl4",
     .file = "febrl4/dataset4a.csv",
     .second = "febrl4/dataset4b.csv",
     FEBRL,
     BOUNDS(0.9999, 0.999, 0.9995, 0.9995)},
    {.name = "febrl4, 1:1",
     .file = "febrl4/dataset4a.csv",
     .second = "febrl4/dataset4b.csv",
     .lists = TRUE,
     FEBRL,
     BOUNDS(1, 0.9997, 0.9998, 0.9995)},
    {.name = "febrl_c10000",
     .file = "febrl_c10000/dataset_C_10000.csv",
     FEBRL,
     .phone = "phone_number",
     BOUNDS(0.9998, 0.994, 0.997, 0.975)},
    {.name = "rldata10000",
     .file = "rldata10000/RLdata10000.csv",
     .id = "rec_id",
     .truth = "ent_id",
     .last = "lname_c1",
     .first = "fname_c1",
     .middle = "fname_c2",
     .dob = "by+bm+bd",
     BOUNDS(0.97, 0.95, 0.96, 0.98)},
    {.name = "fake_1000",
     .file = "fake_1000/fake_1000.csv",
     .id = "unique_id",
     .truth = "cluster",
     .last = "surname",
     .first = "first_name",
     .dob = "dob",
     .city = "city",
     .phone = "email",
     BOUNDS(0.98, 0.86, 0.93, 0.72)},
};

/* The birth date of a row: one column, or year+month+day; what there is of it where it is no day.
 */
static Day row_birth(const GPtrArray *rows, guint row, const char *column)
{
    guint ymd[3] = {0};
    if (!column)
        return DAY_NONE;
    g_auto(GStrv) parts = g_strsplit(column, "+", 3);
    for (guint i = 0; parts[i]; i++) {
        const char *text = set_cell(rows, row, parts[i]);
        ymd[i] = text ? (guint)g_ascii_strtoull(text, NULL, 10) : 0;
    }
    const char *text = set_cell(rows, row, column);
    gboolean compact = text && strlen(text) == 8 && strspn(text, "0123456789") == 8;
    if (compact)
        return birth_of_parts(ymd[0] / 10000, ymd[0] / 100 % 100, ymd[0] % 100);
    return parts[1] ? birth_of_parts(ymd[0], ymd[1], ymd[2]) : birth_parse(text);
}

typedef struct {
    GArray *mentions; /* of PersonMention */
    GArray *truth;    /* of guint64 */
    GArray *file;     /* of guint */
    GStringChunk *texts;
} World;

static guint64 row_truth(const Set *set, const GPtrArray *rows, guint row)
{
    const char *id = set_cell(rows, row, set->id);
    if (set->truth)
        return g_ascii_strtoull(set_cell(rows, row, set->truth), NULL, 10);
    if (g_str_has_prefix(id, "rec-"))
        return g_ascii_strtoull(id + 4, NULL, 10);
    return g_ascii_strtoull(id, NULL, 10) / 10;
}

static void add_row(World *world, const Set *set, const GPtrArray *rows, guint row, guint file)
{
    char ref[64], street[256];
    const char *house = set_cell(rows, row, set->house), *name = set_cell(rows, row, set->street);
    guint64 truth = row_truth(set, rows, row);
    PersonMention m = {.role = "purchaser", .dob = row_birth(rows, row, set->dob)};
    g_snprintf(ref, sizeof ref, "set:%u-%s:purchaser", file, set_cell(rows, row, set->id));
    g_snprintf(street, sizeof street, "%s %s", house ? house : "", name ? name : "");
    m.ref = m.record = g_string_chunk_insert(world->texts, ref);
    m.last = set_cell(rows, row, set->last);
    m.first = set_cell(rows, row, set->first);
    m.middle = set_cell(rows, row, set->middle);
    m.street = text_present(street) ? g_string_chunk_insert(world->texts, street) : NULL;
    m.city = set_cell(rows, row, set->city);
    m.region = set_cell(rows, row, set->region);
    m.postal = set_cell(rows, row, set->postal);
    m.phone = set_cell(rows, row, set->phone);
    m.doc_no = set_cell(rows, row, set->document);
    m.doc_type = m.doc_no ? "SSN" : NULL;
    m.list = set->lists ? file ? "second" : "first" : NULL;
    g_array_append_val(world->mentions, m);
    g_array_append_val(world->truth, truth);
    g_array_append_val(world->file, file);
}

typedef struct {
    guint64 key;
    guint file;
} Member;

static int member_compare(gconstpointer a, gconstpointer b)
{
    const Member *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* Pairs with equal keys; between files only, when there are two. */
static double pairs_within(GArray *members, gboolean across)
{
    double pairs = 0;
    g_array_sort(members, member_compare);
    for (guint from = 0, to; from < members->len; from = to) {
        double n[2] = {0, 0};
        guint64 key = g_array_index(members, Member, from).key;
        for (to = from; to < members->len && g_array_index(members, Member, to).key == key; to++)
            n[g_array_index(members, Member, to).file]++;
        double all = (n[0] + n[1]) * (n[0] + n[1] - 1) / 2;
        pairs += across ? n[0] * n[1] : all;
    }
    return pairs;
}

static void score(const Set *set, const World *world, const PersonResult *result, double out[3])
{
    GArray *keys[3];
    double pairs[3];
    for (guint k = 0; k < 3; k++)
        keys[k] = g_array_new(FALSE, FALSE, sizeof(Member));
    for (guint i = 0; i < result->n; i++) {
        guint64 truth = g_array_index(world->truth, guint64, i), entity = result->entity[i];
        guint file = g_array_index(world->file, guint, i);
        Member members[] = {{truth, file}, {entity, file}, {truth << 32 | entity, file}};
        for (guint k = 0; k < 3; k++)
            g_array_append_val(keys[k], members[k]);
    }
    for (guint k = 0; k < 3; k++) {
        pairs[k] = pairs_within(keys[k], set->second != NULL);
        g_array_unref(keys[k]);
    }
    out[0] = pairs[1] > 0 ? pairs[2] / pairs[1] : 0;
    out[1] = pairs[0] > 0 ? pairs[2] / pairs[0] : 0;
    out[2] = pairs[0] + pairs[1] > 0 ? 2 * pairs[2] / (pairs[0] + pairs[1]) : 0;
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

/* Share of the true pairs of nodes that blocking proposes. */
static double blocking_recall(const PersonModel *model, const World *world)
{
    PersonInput input = {.mentions = (PersonMention *)(gpointer)world->mentions->data,
                         .n = world->mentions->len};
    g_autoptr(People) people = people_new(model, &input);
    people_places(people);
    LargeBlocks large;
    large_init(&large);
    Proposed proposed = block_propose_first(people, &large, NULL, NULL);
    large_clear(&large);
    g_autofree guint64 *truth = g_new0(guint64, people->nodes->len + 1);
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(Member));
    double found = 0;
    for (guint node = 0; node < people->nodes->len; node++) {
        truth[node] = g_array_index(world->truth, guint64, people->order[people->first[node]]);
        Member member = {truth[node], 0};
        g_array_append_val(members, member);
    }
    for (gsize i = 0; i < proposed.n; i++) {
        guint a = (guint)(proposed.pairs[i] >> 32), b = (guint)proposed.pairs[i];
        found += truth[a] == truth[b] &&
                 pair_near(people, people_node(people, a), people_node(people, b));
    }
    block_clear(&proposed);
    return found / MAX(pairs_within(members, FALSE), 1);
}

START_TEST(public_set)
{
    const Set *set = &sets[_i];
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(GPtrArray) a = set_rows(set->file);
    g_autoptr(GPtrArray) b = a && set->second ? set_rows(set->second) : NULL;
    if (!a) {
        printf("%s: no data, skipped\n", set->name);
        return;
    }
    World world = {g_array_new(FALSE, FALSE, sizeof(PersonMention)),
                   g_array_new(FALSE, FALSE, sizeof(guint64)),
                   g_array_new(FALSE, FALSE, sizeof(guint)), g_string_chunk_new(4096)};
    for (guint row = 1; row < a->len; row++)
        add_row(&world, set, a, row, 0);
    for (guint row = 1; b && row < b->len; row++)
        add_row(&world, set, b, row, 1);
    double got[3], used = processor_seconds();
    gint64 start = g_get_monotonic_time();
    g_autoptr(PersonResult) result =
        resolve_all(model, (PersonMention *)(gpointer)world.mentions->data, world.mentions->len);
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    used = processor_seconds() - used;
    score(set, &world, result, got);
    double proposed = blocking_recall(model, &world);
    printf("%-13s P %.4f  R %.4f  F1 %.4f  in %.2f s, %.2f of a processor  blocking recall %.4f\n",
           set->name, got[0], got[1], got[2], seconds, used, proposed);
    ck_assert_msg(proposed >= set->proposed, "%s: blocking", set->name);
    ck_assert_msg(got[0] >= set->precision, "%s: precision", set->name);
    ck_assert_msg(got[1] >= set->recall, "%s: recall", set->name);
    ck_assert_msg(got[2] >= set->f1, "%s: F1", set->name);
    g_array_unref(world.mentions);
    g_array_unref(world.truth);
    g_array_unref(world.file);
    g_string_chunk_free(world.texts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/public");
    TCase *tcase = tcase_create("sets");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, public_set, 0, G_N_ELEMENTS(sets));
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
