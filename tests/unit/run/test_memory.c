/*
 * SQLite's allocations fail, one alone or all from one on, in a load, a correlation and a report in
 * every format: at the first allocation of each place that calls SQLite, and at random ones. Each
 * ends either with what it gives undisturbed or with STATUS_MEMORY, leaves nothing under a final
 * name, and once more gives the undisturbed end. (GLib ends the program when an allocation of its
 * own fails: see cli/test_faults.) A state of the folder that was seen before is not looked at
 * again: what is read and run from there is the same. CROSSTRACE_ALLOCATIONS is how many there are
 * at random in each step, chosen by CROSSTRACE_SEED.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "engine/base/error.h"
#include "engine/report/report.h"
#include "engine/run/run.h"
#include "loaders/loader.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

/* How many in each step at most: of places, and at random; where each takes longer fewer. */
#if defined(__SANITIZE_ADDRESS__)
#define PLACES  4u
#define SAMPLED 4u
#else
#define PLACES  G_MAXUINT
#define SAMPLED 83u
#endif
#define AS_OF "2024-06-30"
/* Nine of ten allocations are SQLite's reading of rules, which are read alike: some will do. */
#define RULES "I1|I2|I3|I7|I19|C1"

static sqlite3_mem_methods system_memory;
static atomic_long allocations, fails_at; /* fails_at 0: none does */
static gboolean all_after;

/* While there is one: where in this program SQLite was called from when it allocated, and the
 * number of the first allocation from there. */
static GHashTable *first_from;
extern const char __executable_start, etext;

#define CALLERS 4

typedef struct {
    gboolean outside; /* past the hooks below, in the library */
    guint n;
    gsize place;
} Callers;

static _Unwind_Reason_Code add_caller(struct _Unwind_Context *frame, void *data)
{
    Callers *callers = data;
    const char *at = (const char *)_Unwind_GetIP(frame);
    gboolean own = at >= &__executable_start && at < &etext;
    callers->outside = callers->outside || !own;
    if (!own || !callers->outside)
        return _URC_NO_REASON;
    callers->place = callers->place * 31 + (gsize)(at - &__executable_start);
    return ++callers->n < CALLERS ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static gboolean fails(void)
{
    long number = atomic_fetch_add(&allocations, 1) + 1, at = atomic_load(&fails_at);
    if (first_from) {
        Callers callers = {FALSE, 0, 0};
        _Unwind_Backtrace(add_caller, &callers);
        if (!g_hash_table_contains(first_from, GSIZE_TO_POINTER(callers.place)))
            g_hash_table_insert(first_from, GSIZE_TO_POINTER(callers.place),
                                GSIZE_TO_POINTER(number));
    }
    return at > 0 && (all_after ? number >= at : number == at);
}

static void *allocate(int size)
{
    return fails() ? NULL : system_memory.xMalloc(size);
}

static void *reallocate(void *old, int size)
{
    return fails() ? NULL : system_memory.xRealloc(old, size);
}

static char *dir, *base_path, *rules_dir;
static char *kept; /* another folder, as dir was before a step */
static Rules *rules;
static Profiles *profiles;

/* ---- what is struck ---------------------------------------------------------------------- */

static gboolean load(GError **error)
{
    static const char *const files[] = {"traces.csv", "seizures.csv"};
    g_autoptr(Store) store = store_open(base_path, STORE_CREATE, 0, error);
    LoadRules needed = {rules->codes, rules->people, profiles};
    LoadOptions options = {.as_of = date_from_ymd(2024, 6, 30), .as_of_text = AS_OF, .threads = 1};
    gboolean done = store != NULL;
    for (guint i = 0; done && i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(dir, files[i], NULL);
        LoadReport report = {0};
        done = load_file(store, &needed, &options, path, &report, error);
        load_report_clear(&report);
    }
    return done;
}

static gboolean relate(GError **error)
{
    g_autoptr(Store) store = store_open(base_path, STORE_WRITE, 0, error);
    CorrelateOptions options = {.as_of = AS_OF, .one_thread = TRUE};
    CorrelateReport report = {0};
    gboolean done = store && correlate(store, rules, &options, &report, error);
    correlate_report_clear(&report);
    return done;
}

static gboolean tell(GError **error)
{
    g_autoptr(Store) store = store_open(base_path, STORE_READ, 0, error);
    g_autofree char *run = store ? run_hash(store, AS_OF, error) : NULL;
    g_autofree char *path = g_build_filename(dir, "report", NULL);
    ReportOptions how = {.codes = rules->codes, .as_of = AS_OF, .run = run};
    ReleaseOptions what = {.rules = rules->leads,
                           .codes = rules->codes,
                           .indicators = rules->indicators,
                           .as_of = AS_OF,
                           .time = AS_OF,
                           .run = run,
                           .audiences = rules->audiences,
                           .owner = audience_find(rules->audiences, "CBSA_ANALYST", NULL)};
    g_autoptr(ReportWriting) writing = report_writing_new(&how);
    for (const ReportFormat *const *format = report_formats(); run && *format; format++)
        if (!report_writing_add_folder(writing, *format, path, TRUE, error))
            return FALSE;
    return run && report_writing_run(writing, store, &what, error);
}

static const struct {
    const char *name;
    gboolean (*run)(GError **error);
} STEPS[] = {{"load", load}, {"correlate", relate}, {"report", tell}};

/* ---- what there is afterwards ------------------------------------------------------------ */

static void append_rows(GString *text, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);
    ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
    while ((code = sqlite3_step(row)) == SQLITE_ROW)
        for (int c = 0; c < sqlite3_column_count(row); c++)
            g_string_append_printf(text, "%s\n", (const char *)sqlite3_column_text(row, c));
    ck_assert_msg(code == SQLITE_DONE, "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(row);
}

static void append_store(GString *text)
{
    static const char *const selects[] = {
        "SELECT integrity_check FROM pragma_integrity_check",
        "SELECT ref, content_hash FROM record ORDER BY 1",
        "SELECT \"left\", \"right\", tier, bits, probability FROM link ORDER BY 1, 2, 3",
        "SELECT indicator, subject, record, bits FROM indicator ORDER BY 1, 2, 3",
        "SELECT lead_id, score, evidence_hash FROM lead ORDER BY 1"};
    g_autoptr(Store) store = store_open(base_path, STORE_READ, 0, NULL);
    for (guint i = 0; store && i < G_N_ELEMENTS(selects); i++)
        append_rows(text, store_handle(store), selects[i]);
}

static void append_report(GString *text)
{
    g_autofree char *path = g_build_filename(dir, "report", NULL);
    g_autoptr(GPtrArray) names = folder_names(path);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *file = g_build_filename(path, names->pdata[i], NULL), *bytes = NULL;
        ck_assert(g_file_get_contents(file, &bytes, NULL, NULL));
        g_string_append_printf(text, "%s\n%s\n", (char *)names->pdata[i], bytes);
    }
}

static char *what_there_is(void)
{
    GString *text = g_string_new(NULL);
    append_store(text);
    append_report(text);
    return g_string_free(text, FALSE);
}

/* ---- the strokes ------------------------------------------------------------------------- */

static void restore(void)
{
    folder_empty(dir);
    folder_copy(kept, dir);
}

static gboolean run_struck(guint step, long at, gboolean on, GError **error)
{
    all_after = on;
    atomic_store(&allocations, 0);
    atomic_store(&fails_at, at);
    gboolean done = STEPS[step].run(error);
    atomic_store(&fails_at, 0);
    return done;
}

static void expect_told(guint step, long at, gboolean done, const GError *error)
{
    ck_assert_msg(done == (error == NULL), "%s, allocation %ld", STEPS[step].name, at);
    if (done)
        return;
    Status status = error_status(error);
    ck_assert_msg(status == STATUS_MEMORY && strstr(error->message, "out of memory"),
                  "%s, allocation %ld: %d, %s", STEPS[step].name, at, status, error->message);
}

/* What an undisturbed step leaves; and the states from which that is known to come, or to be. */
typedef struct {
    char *whole;
    GHashTable *ends, *starts; /* of folder_state */
} Known;

/* Is it new to a set? */
static gboolean is_new(GHashTable *states)
{
    return g_hash_table_add(states, folder_state(dir));
}

static void strike(guint step, long at, gboolean on, Known *known)
{
    g_autoptr(GError) error = NULL;
    restore();
    gboolean done = run_struck(step, at, on, &error);
    expect_told(step, at, done, error);
    g_clear_error(&error);
    if (!is_new(done ? known->ends : known->starts))
        return;
    if (!done)
        ck_assert_msg(STEPS[step].run(&error), "%s after allocation %ld: %s", STEPS[step].name, at,
                      error ? error->message : "");
    g_autofree char *now = what_there_is();
    ck_assert_msg(strcmp(now, known->whole) == 0, "%s, allocation %ld, %s:\n%s\ninstead of\n%s",
                  STEPS[step].name, at, done ? "done" : "told", now, known->whole);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    gsize left = GPOINTER_TO_SIZE(*(const gconstpointer *)a);
    gsize right = GPOINTER_TO_SIZE(*(const gconstpointer *)b);
    return (left > right) - (left < right);
}

/* Runs a step undisturbed: what it leaves, and the first allocation from each place, in order. */
static GPtrArray *numbers_of(guint step, char **whole)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *numbers = g_ptr_array_new();
    GHashTableIter each;
    gpointer number;
    first_from = g_hash_table_new(NULL, NULL);
    ck_assert_msg(run_struck(step, 0, FALSE, &error), "%s: %s", STEPS[step].name,
                  error ? error->message : "");
    g_hash_table_iter_init(&each, first_from);
    while (g_hash_table_iter_next(&each, NULL, &number))
        g_ptr_array_add(numbers, number);
    g_clear_pointer(&first_from, g_hash_table_unref);
    g_ptr_array_sort(numbers, by_number);
    *whole = what_there_is();
    return numbers;
}

static void strike_step(guint step, GRand *random)
{
    Known known = {NULL, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                   g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    folder_empty(kept);
    folder_copy(dir, kept);
    is_new(known.starts);
    g_autoptr(GPtrArray) firsts = numbers_of(step, &known.whole);
    is_new(known.ends);
    gint32 all = (gint32)atomic_load(&allocations);
    guint places = MIN(firsts->len, PLACES);
    guint sampled = from_environment("CROSSTRACE_ALLOCATIONS", MIN(firsts->len, SAMPLED));
    ck_assert_uint_gt(firsts->len, 10);
    for (guint i = 0; i < places; i++)
        strike(step, (long)GPOINTER_TO_SIZE(firsts->pdata[i * firsts->len / places]),
               g_rand_boolean(random), &known);
    for (guint i = 0; i < sampled; i++)
        strike(step, g_rand_int_range(random, 1, all + 1), g_rand_boolean(random), &known);
    printf("counted: %s: %u of %d allocations from %u places failed, %u states before, %u after\n",
           STEPS[step].name, places + sampled, all, firsts->len, g_hash_table_size(known.starts),
           g_hash_table_size(known.ends));
    restore();
    ck_assert(STEPS[step].run(NULL));
    g_hash_table_unref(known.starts);
    g_hash_table_unref(known.ends);
    g_free(known.whole);
}

START_TEST(an_allocation_fails)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(71 + from_environment("CROSSTRACE_SEED", 0));
    for (guint step = 0; step < G_N_ELEMENTS(STEPS); step++)
        strike_step(step, random);
}
END_TEST

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    dir = folder_new();
    kept = folder_new();
    base_path = g_build_filename(dir, "s.db", NULL);
    g_autofree char *traces = g_build_filename(dir, "traces.csv", NULL);
    g_autofree char *seizures = g_build_filename(dir, "seizures.csv", NULL);
    ck_assert(g_file_set_contents(traces, WORLD_TRACES, -1, NULL));
    ck_assert(g_file_set_contents(seizures, WORLD_SEIZURES, -1, NULL));
    rules_dir = folder_new();
    g_autofree char *few =
        g_strdup_printf("cp -r rules/. '%s' && cd '%s/indicators' && "
                        "ls | grep -E '[.]sql$' | grep -vE '^(" RULES ")-' | xargs rm -f && "
                        "sed -i -nE '/^(id|" RULES ")(,|$)/p' *.csv",
                        rules_dir, rules_dir);
    ck_assert_int_eq(system(few), 0);
    rules = rules_load(rules_dir, &error);
    profiles = rules ? profiles_load("loaders/profiles", &error) : NULL;
    ck_assert_msg(profiles != NULL, "%s", error ? error->message : "");
}

static void tear_down(void)
{
    folder_remove(dir);
    folder_remove(kept);
    folder_remove(rules_dir);
    profiles_free(profiles);
    rules_free(rules);
    g_free(base_path);
}

int main(void)
{
    sqlite3_mem_methods failing;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory);
    failing = system_memory;
    failing.xMalloc = allocate;
    failing.xRealloc = reallocate;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK)
        return 1;
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_set_timeout(tests, 3600);
    tcase_add_unchecked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, an_allocation_fails);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
