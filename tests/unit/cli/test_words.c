/*
 * `find` of people and values gives the same rows in the same order as looking at everything would,
 * on a random store: made in memory, from STORE.words, and with what was added and revised since.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/find/derived.h"
#include "engine/find/find.h"
#include "engine/resolution/pair.h"
#include "engine/store/runs.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define LIMIT 7

static char *dir;
static GRand *random_;
static PersonModel *people;

static const char *const surnames[] = {"SMITH",     "SMYTH",          "Tremblay", "TREMBLEY",
                                       "ANDERSON",  "ANDERSEN",       "O'BRIEN",  "van der Berg",
                                       "JEAN",      "Garcia Lopez",   "LEE",      "LI",
                                       "KOWALCZYK", "PANAGIOTOPOULOS"};
static const char *const givens[] = {"JAMES",     "Jim",        "J",          "ROBERT",
                                     "BOB",       "Jean Marie", "JEAN-MARIE", "Marie",
                                     "Jeanmarie", "ANN",        "ANNE",       ""};
static const char *const streets[] = {"Mill St", "Millbrook Rd", "Elm St", "Main Street",
                                      "1st Ave"};
static const char *const towns[] = {"Toledo", "Akron", "Lima"};
static const char *const dealers[] = {"LAKE ARMS", "LAKESIDE GUNS", "ARMS LAKE", "Old Mill Pawn"};
static const char *const texts[] = {"found in a bag", "a bag, hidden; two bags",
                                    "BAGGED at the lake", "no remarks at all",
                                    "lake-side find: bag of ammunition"};

#define PICK(list) (list)[g_rand_int_range(random_, 0, G_N_ELEMENTS(list))]

/* A name with now and then a slip. */
static char *slip(const char *name)
{
    char *text = g_strdup(name);
    if (strlen(text) > 3 && g_rand_int_range(random_, 0, 6) == 0)
        text[g_rand_int_range(random_, 1, (gint32)strlen(text))] =
            (char)('A' + g_rand_int_range(random_, 0, 26));
    return text;
}

static void write_rows(const char *name, guint from, guint to)
{
    g_autoptr(GString) csv = g_string_new(
        "trace_number,serial_number,manufacturer,purchase_date,purchaser_last,purchaser_first,"
        "purchaser_dob,purchaser_street,purchaser_city,purchaser_state,ffl_number,ffl_name,"
        "remarks\n");
    for (guint i = from; i < to; i++) {
        g_autofree char *last = slip(PICK(surnames)), *first = slip(PICK(givens));
        g_string_append_printf(
            csv, "T2025%07u,ZQ%06u,GLOCK,0%d/1%d/2023,\"%s\",\"%s\",%s,%d %s,%s,OH,", i, i,
            g_rand_int_range(random_, 1, 5), g_rand_int_range(random_, 0, 3), last, first,
            g_rand_int_range(random_, 0, 3) ? "05/17/1991" : "", g_rand_int_range(random_, 1, 30),
            PICK(streets), PICK(towns));
        g_string_append_printf(csv, "2-31-095-01-5C-0%04d,%s,\"SYNTHETIC %s\"\n",
                               g_rand_int_range(random_, 1, 9), PICK(dealers), PICK(texts));
    }
    folder_write(dir, name, csv->str);
}

static void set_up(void)
{
    dir = folder_new();
    random_ = g_rand_new_with_seed(31);
    people = person_model_load("rules", NULL);
    ck_assert_ptr_nonnull(people);
}

static void tear_down(void)
{
    folder_remove(dir);
    g_rand_free(random_);
    person_model_free(people);
}

/* ---- what find gives ------------------------------------------------------------------------ */

typedef struct {
    RowSink base;
    GString *rows; /* reference, value and how it fits, a line each */
} Collect;

static gboolean take(RowSink *sink, const char *const *cells, GError **error)
{
    (void)error;
    g_string_append_printf(((Collect *)sink)->rows, "%s|%s|%s\n", cells[1], cells[5],
                           cells[6] ? cells[6] : "");
    return TRUE;
}

static char *found(Store *store, const char *kind, const char *pattern, Day dob, guint limit)
{
    FindRequest request = {.limit = limit,
                           .from = DAY_NONE,
                           .to = DAY_NONE,
                           .dob = dob,
                           .words = {.rules = "rules", .people = people}};
    Collect collect = {.base = {.row = take}, .rows = g_string_new(NULL)};
    FindCount count = {0};
    GError *error = NULL;
    const FindKind *one = find_kinds();
    while (strcmp(one->name, kind) != 0)
        one++;
    ck_assert_msg(one->run(store, pattern, &request, &collect.base, &count, &error), "%s: %s",
                  pattern, error ? error->message : "");
    return g_string_free(collect.rows, FALSE);
}

/* The first lines of a text. */
static char *lines(const char *text, guint n)
{
    const char *end = text;
    for (guint i = 0; i < n && *end; i++)
        end = strchr(end, '\n') + 1;
    return g_strndup(text, (gsize)(end - text));
}

static void ck_same(const char *kind, const char *pattern, const char *all, const char *full,
                    const char *short_, guint limit)
{
    g_autofree char *first = lines(all, limit);
    ck_assert_msg(strcmp(all, full) == 0, "%s %s: all\n%swant\n%s", kind, pattern, full, all);
    ck_assert_msg(strcmp(first, short_) == 0, "%s %s: first\n%swant\n%s", kind, pattern, short_,
                  first);
}

/* ---- everything looked at ------------------------------------------------------------------- */

#define FIT(key, name)                                                                             \
    "iif(" key " = ?1, 'equal', iif(substr(" name ", 1, length(?1)) = ?1, 'begins', 'holds'))"

static const struct {
    const char *kind, *sql;
    const char *patterns[8];
} values[] = {
    {"ffl",
     "SELECT ref, " FIT("rds_key",
                        "upper(ffl_name)") " AS fit FROM record WHERE rds_key = ?1 OR"
                                           " instr(upper(ffl_name), ?1) ORDER BY fit = 'holds', "
                                           "fit = 'begins', rds_key, purchase_date, ref",
     {"LAKE", "ARMS", "LAKESIDE GUNS", "E A", "23100005", "X", "MILL P", "0"}},
    {"address",
     "SELECT ref || ':' || role, " FIT(
         "address_key", "address_key") " AS fit FROM mention"
                                       " JOIN record USING (record_id) WHERE "
                                       "instr(upper(ifnull(address_key, street)), ?1)"
                                       " ORDER BY fit = 'holds', fit = 'begins', address_key, "
                                       "purchase_date, ref, role",
     {"MILL", "MILL ST|TOLEDO", "2 ELM", "TOLEDO", "ST|AKRON|O", "NOWHERE", "|", "7"}},
    {"text",
     "SELECT ref, 'holds' FROM record WHERE instr(upper(trim(ifnull(packed_field(packed,"
     " 'narrative'), '') || ' ' || ifnull(packed_field(packed, 'remarks'), ''))), ?1)"
     " ORDER BY purchase_date DESC, ref",
     {"BAG", "LAKE-SIDE", "A BAG, H", "AT THE L", "AG", "THE", "SYNTHETIC", "ZEBRA"}},
};

static char *looked(Store *store, const char *sql, const char *pattern)
{
    GString *rows = g_string_new(NULL);
    sqlite3_stmt *row = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(store), sql, -1, &row, NULL), SQLITE_OK);
    sqlite3_bind_text(row, 1, pattern, -1, SQLITE_STATIC);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_string_append_printf(rows, "%s|%s|\n", (const char *)sqlite3_column_text(row, 0),
                               (const char *)sqlite3_column_text(row, 1));
    sqlite3_finalize(row);
    return g_string_free(rows, FALSE);
}

static void ck_values(Store *store)
{
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        for (guint k = 0; k < G_N_ELEMENTS(values[i].patterns); k++) {
            const char *kind = values[i].kind, *pattern = values[i].patterns[k];
            g_autofree char *all = looked(store, values[i].sql, pattern);
            g_autofree char *full = found(store, kind, pattern, DAY_NONE, 0);
            g_autofree char *few = found(store, kind, pattern, DAY_NONE, LIMIT);
            ck_same(kind, pattern, all, full, few, LIMIT);
        }
}

typedef struct {
    char *ref, *record;
    double alike, bits;
} Weighed;

static gint by_bits(gconstpointer a, gconstpointer b)
{
    const Weighed *x = a, *y = b;
    if (x->bits != y->bits)
        return x->bits > y->bits ? -1 : 1;
    if (x->alike != y->alike)
        return x->alike > y->alike ? -1 : 1;
    return strcmp(x->ref, y->ref);
}

static PersonParameters *parameters_of(Store *store)
{
    g_auto(StoreRun) run = {0};
    g_auto(ParameterSet) set = {0};
    ck_assert(store_last_run(store, &run, NULL));
    ck_assert(store_get_parameters(store, run.set_id, &set, NULL));
    return person_parameters_read(set.person, NULL);
}

static double weight(const PersonMention *asked, const PersonMention *other,
                     const PersonParameters *parameters)
{
    const PersonMention both[] = {*asked, *other};
    const PersonInput input = {.mentions = both, .n = 2, .parameters = parameters};
    g_autoptr(PersonPair) pair = person_pair(people, &input, 0, 1);
    return g_array_index(pair->result->edges, PersonEdge, 0).bits;
}

/* Every mention held against the name, those that are alike weighed one by one. */
static char *looked_person(Store *store, const char *pattern, Day dob,
                           const PersonParameters *parameters)
{
    PersonName name = person_name_parse(pattern);
    g_autofree char *wanted =
        name.first ? g_strjoin(", ", name.last, name.first, NULL) : g_strdup(name.last);
    const PersonMention asked = {
        "?",       "?",        "person",    NULL,        NULL,      name.organisation,
        name.last, name.first, name.middle, name.suffix, .dob = dob};
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Weighed));
    GString *rows = g_string_new(NULL);
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store),
                       "SELECT ref || ':' || role, last, first, middle, suffix, dob FROM mention"
                       " JOIN record USING (record_id) WHERE last IS NOT NULL",
                       -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *cell[6];
        for (int i = 0; i < 6; i++)
            cell[i] = (const char *)sqlite3_column_text(row, i);
        g_autofree char *whole = g_strjoin(cell[2] ? ", " : "", cell[1], cell[2], NULL);
        double alike = person_names_alike(people, wanted, name.first ? whole : cell[1]);
        PersonMention other = {.ref = cell[0],
                               .record = "r",
                               .role = "purchaser",
                               .last = cell[1],
                               .first = cell[2],
                               .middle = cell[3],
                               .suffix = cell[4],
                               .dob = date_parse(cell[5], DATE_ISO)};
        if (alike < PERSON_NAMES_ALIKE)
            continue;
        Weighed one = {g_strdup(cell[0]), NULL, alike, weight(&asked, &other, parameters)};
        g_array_append_val(all, one);
    }
    sqlite3_finalize(row);
    g_array_sort(all, by_bits);
    for (guint i = 0; i < all->len; i++) {
        const Weighed *one = &g_array_index(all, Weighed, i);
        g_autofree char *bits = text_number(one->bits, 3);
        g_string_append_printf(rows, "%s||%s\n", one->ref, bits);
        g_free(one->ref);
    }
    person_name_clear(&name);
    return g_string_free(rows, FALSE);
}

static void ck_people(Store *store)
{
    static const char *const patterns[] = {"SMITH, James",
                                           "smith",
                                           "Jim Smith",
                                           "Tremblay, Jean-Marie",
                                           "JEANMARIE, Trembley",
                                           "ANDERSON, J",
                                           "Jean, Marie",
                                           "O'Brien, Bob",
                                           "VAN DER BERG, Ann",
                                           "LI, J",
                                           "Lee, Anne",
                                           "Garcia, Robert",
                                           "Lopez Garcia, Robert",
                                           "PANAGIOTOPOULOS, R",
                                           "NOBODY, Known"};
    g_autoptr(PersonParameters) parameters = parameters_of(store);
    guint rows = 0, asked = (guint)suite_rounds(G_N_ELEMENTS(patterns));
    for (guint i = 0; i < asked; i++) {
        Day dob = i % 2 ? date_parse("1991-05-17", DATE_ISO) : DAY_NONE;
        g_autofree char *all = looked_person(store, patterns[i], dob, parameters);
        g_autofree char *full = found(store, "person", patterns[i], dob, 0);
        g_autofree char *few = found(store, "person", patterns[i], dob, LIMIT);
        ck_same("person", patterns[i], all, full, few, LIMIT);
        rows += *all != '\0';
    }
    ck_assert_uint_ge(rows, asked * 4 / 5); /* some are nobody's */
}

static void ck_all(gboolean kept)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    g_autofree char *words = g_strconcat(path, FIND_WORDS, NULL);
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, NULL);
    ck_assert_ptr_nonnull(store);
    ck_values(store);
    ck_people(store);
    ck_assert_int_eq(g_file_test(words, G_FILE_TEST_EXISTS), kept);
}

static gboolean has_later(void)
{
    g_autofree char *later = g_build_filename(dir, "crosstrace.db" FIND_LATER, NULL);
    return g_file_test(later, G_FILE_TEST_EXISTS);
}

/* Values alone, of which looking at everything takes little. */
static void ck_few(void)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, NULL);
    ck_assert_ptr_nonnull(store);
    ck_values(store);
}

/* Makes what lies beside the store where it does not serve. */
static void ask_once(void)
{
    g_free(program_output(dir, "find text bag --limit 1"));
}

static void damage_later(void)
{
    g_autofree char *later = g_build_filename(dir, "crosstrace.db" FIND_LATER, NULL);
    g_autofree char *bytes = NULL;
    gsize size = 0;
    ck_assert(g_file_get_contents(later, &bytes, &size, NULL));
    for (gsize i = 0; i < size / 2; i += 100)
        bytes[i] ^= 1;
    ck_assert(g_file_set_contents(later, bytes, (gssize)size, NULL));
}

START_TEST(as_if_all_was_looked_at)
{
    write_rows("a.csv", 0, 1500);
    g_free(program_output(dir, "load -q a.csv"));
    g_free(program_output(dir, "correlate -q"));
    ck_all(FALSE); /* small: in memory */
    write_rows("b.csv", 1500, 6000);
    g_free(program_output(dir, "load -q b.csv"));
    g_free(program_output(dir, "correlate -q"));
    ck_all(TRUE);
    write_rows("c.csv", 5800, 6300); /* two hundred are revised */
    g_free(program_output(dir, "load -q c.csv"));
    ck_all(TRUE);
    ck_assert(!has_later());
    g_free(program_output(dir, "correlate -q --full --estimate")); /* other weights */
    ck_assert(has_later());
    ck_all(TRUE);
    write_rows("d.csv", 5700, 6400); /* of what STORE.words tells, STORE.later, and none */
    g_free(program_output(dir, "load -q d.csv"));
    ck_all(TRUE);
    ck_assert(has_later());
    damage_later();
    ck_few();
    /* so much is new that STORE.words is made anew, and no STORE.later is left */
    write_rows("e.csv", 6400, 11500);
    g_free(program_output(dir, "load -q e.csv"));
    ask_once();
    ck_assert(!has_later());
}
END_TEST

/* What a STORE.later of another STORE.words says is not believed. */
START_TEST(later_is_of_one_file)
{
    write_rows("a.csv", 0, 6000);
    g_free(program_output(dir, "load -q a.csv"));
    g_free(program_output(dir, "correlate -q"));
    ask_once();
    write_rows("b.csv", 5800, 6100);
    g_free(program_output(dir, "load -q b.csv"));
    g_free(program_output(dir, "correlate -q --full --estimate"));
    ck_assert(has_later());
    g_autofree char *words = g_build_filename(dir, "crosstrace.db" FIND_WORDS, NULL);
    g_autofree char *later = g_build_filename(dir, "crosstrace.db" FIND_LATER, NULL);
    g_autofree char *bytes = NULL;
    gsize size = 0;
    ck_assert(g_file_get_contents(later, &bytes, &size, NULL));
    g_unlink(words);
    ask_once();
    ck_assert(!has_later());
    ck_assert(g_file_set_contents(later, bytes, (gssize)size, NULL));
    write_rows("c.csv", 5900, 6200);
    g_free(program_output(dir, "load -q c.csv"));
    ck_few();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("words");
    tcase_add_test(tests, as_if_all_was_looked_at);
    tcase_add_test(tests, later_is_of_one_file);
    tcase_set_timeout(tests, 3600);
    return program_main(suite, tests, set_up, tear_down);
}
