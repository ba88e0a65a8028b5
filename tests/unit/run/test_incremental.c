/*
 * Incremental equals full under one parameter set: small hostile worlds (few names, few numbers,
 * one door for many, repeated cases) are loaded in random parts, with revisions and people's
 * decisions in between, and correlated after each part; then, mostly, everything is computed again
 * with the same set, and no link, person, marker, edge, indicator or lead may be another.
 * STORE.facts, STORE.people, STORE.views, STORE.links, STORE.idx and STORE.added, which such a run
 * reads, are now and then gone, damaged, of an earlier part or of another world, and the views are
 * copied or too large for it.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "engine/person/person.h"
#include "engine/run/run.h"
#include "engine/serial/serial.h"
#include "engine/store/runs.h"
#include "engine/store/upkeep.h"
#include "tests/unit/run/drawn.h"
#include "tests/unit/run/put.h"
#include "tests/unit/run/treat.h"
#include "tests/unit/suite.h"

#define AS_OF "2024-07-01T00:00:00Z"

/* What a run leaves beside the store. */
enum { FACTS, PEOPLE, VIEWS, LINKS, SERIALS, ADDED, IMAGES };

static char *dir, *path;
static char *images[IMAGES], *old_images[IMAGES]; /* as they are, as they were some runs ago */
static Store *store;
static Rules *rules;

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    dir = g_dir_make_tmp("crosstrace-incremental-XXXXXX", NULL);
    path = g_build_filename(dir, "s.db", NULL);
    static const char *const ends[IMAGES] = {
        [FACTS] = ".facts", [PEOPLE] = ".people", [VIEWS] = ".views",
        [LINKS] = ".links", [SERIALS] = ".idx",   [ADDED] = ".added"};
    for (guint i = 0; i < IMAGES; i++) {
        images[i] = g_strconcat(path, ends[i], NULL);
        old_images[i] = g_strconcat(images[i], "-old", NULL);
    }
    rules = rules_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
}

static void remove_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".audit"};
    g_clear_pointer(&store, store_close);
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(path, ends[i], NULL);
        g_remove(file);
    }
}

static void tear_down(void)
{
    remove_store();
    rules_free(rules);
    for (guint i = 0; i < IMAGES; i++) {
        g_remove(images[i]);
        g_remove(old_images[i]);
        g_free(images[i]);
        g_free(old_images[i]);
    }
    g_rmdir(dir);
    g_free(dir);
    g_free(path);
}

#define TRACES   100u
#define SEIZURES 36u

/* Loads the records of some places, in their order, as one file. */
static void load(const guint *places, guint n)
{
    static guint files;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("%064u", ++files);
    gint64 file_id = begin_file(store, name, AS_OF);
    for (guint i = 0; i < n; i++)
        put_line(store, places[i] < TRACES ? trace(places[i]) : seizure(places[i] - TRACES),
                 file_id, i + 2);
    ck_assert_msg(store_commit(store, &error), "%s", error ? error->message : "");
}

/* The seal that followed the changes is that of what is there. */
static void ck_sound(void)
{
    g_autoptr(GError) error = NULL;
    gboolean sound = FALSE;
    ck_assert_msg(store_check(store, TRUE, NULL, NULL, &sound, &error), "%s",
                  error ? error->message : "");
    ck_assert(sound);
}

/* Runs that asked rules of related records alone, after those of everything; and those that did of
 * copies of the views that an earlier run had left. */
static guint scoped, changed;
static gsize copies_most; /* of the runs that follow; 0: as many as fit */

static gboolean cost_is(const CorrelateReport *report, guint i, const char *rule)
{
    return i < report->costs->len &&
           strcmp(g_array_index(report->costs, IndicatorCost, i).rule, rule) == 0;
}

static CorrelateReport run(gboolean full, gboolean one_thread)
{
    g_autoptr(GError) error = NULL;
    CorrelateOptions options = {
        .full = full, .one_thread = one_thread, .as_of = AS_OF, .copies_most = copies_most};
    CorrelateReport report;
    gboolean ok = correlate(store, rules, &options, &report, &error);
    ck_assert_msg(ok, "%s", error ? error->message : "");
    ck_assert_ptr_null(report.off);
    ck_sound();
    changed += cost_is(&report, 0, "changes");
    scoped += report.costs->len > 0 && !cost_is(&report, 1, "C1");
    correlate_report_clear(&report);
    return report;
}

/* Every result as text, in an order of its own. Numbers to the last bit; ids of rows left out. */
static char *results(void)
{
#define NUMBER(column) "format('%.17g', " column ")"
#define TERMS          "(SELECT hex(terms) FROM evidence e WHERE e.evidence_id = x.evidence_id)"
    static const char *const selects[] = {
        "SELECT 'link', kind, \"left\", \"right\", tier, " NUMBER("bits") ", " NUMBER(
            "probability") ", " NUMBER("chance_matches") ", " TERMS " FROM link x ORDER BY 2, 3, 4",
        "SELECT 'firearm', record, firearm FROM firearms ORDER BY 2",
        "SELECT 'person', r.ref, p.role, p.entity, " NUMBER(
            "p.probability") " FROM person p JOIN record r USING(record_id) ORDER BY 2, 3",
        "SELECT 'marker', record, category, " NUMBER("bits") ", " NUMBER(
            "probability") ", rules, excerpt FROM marker ORDER BY 2, 3",
        "SELECT 'edge', kind, \"left\", \"right\", ifnull(value, ''), ifnull(date, ''), " NUMBER(
            "weight") " FROM edge ORDER BY 2, 3, 4, 5, 6, 7",
        "SELECT 'indicator', indicator, rev, subject, record, " NUMBER(
            "bits") ", explanation FROM indicator ORDER BY 2, 4, 5, 6, 7",
        "SELECT 'lead', lead_id, kind, " NUMBER("bits") ", " NUMBER(
            "score") ", evidence_hash, status, (SELECT group_concat(record) FROM (SELECT record "
                     "FROM lead_record m WHERE m.lead_id = x.lead_id ORDER BY record)), " TERMS
                     " FROM lead x WHERE live = 1 ORDER BY 2",
        "SELECT 'terms', (SELECT count(*) FROM evidence), (SELECT count(*) FROM lead_record)",
    };
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(selects); i++) {
        sqlite3_stmt *row = NULL;
        int code = sqlite3_prepare_v2(store_handle(store), selects[i], -1, &row, NULL);
        ck_assert_msg(code == SQLITE_OK, "%s", sqlite3_errmsg(store_handle(store)));
        while (sqlite3_step(row) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(row); c++)
                g_string_append_printf(text, "%s%s", c ? "|" : "",
                                       (const char *)sqlite3_column_text(row, c));
            g_string_append_c(text, '\n');
        }
        sqlite3_finalize(row);
    }
    return g_string_free(text, FALSE);
}

/* The lines that one of two texts has alone, for the message; a few. */
static char *difference(const char *a, const char *b)
{
    g_auto(GStrv) left = g_strsplit(a, "\n", -1), right = g_strsplit(b, "\n", -1);
    GString *text = g_string_new(NULL);
    char **sides[] = {left, right};
    for (guint side = 0; side < 2; side++)
        for (guint i = 0, told = 0; sides[side][i] && told < 6; i++)
            if (!g_strv_contains((const char *const *)sides[1 - side], sides[side][i])) {
                g_string_append_printf(text, "\n%c %.400s", side ? '+' : '-', sides[side][i]);
                told++;
            }
    return g_string_free(text, FALSE);
}

/* Confirms, dismisses or takes back a link or a person of the store. */
static void decide(void)
{
    static const struct {
        JudgementType type;
        const char *select;
    } pairs[] = {
        {JUDGE_LINK, "SELECT \"left\", \"right\" FROM links ORDER BY 1, 2"},
        {JUDGE_PERSON, "SELECT \"left\", \"right\" FROM link WHERE kind = 'person' ORDER BY 1, 2"},
    };
    guint kind = roll(2), skip = roll(20);
    char *left = NULL, *right = NULL;
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), pairs[kind].select, -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW && (!left || skip-- > 0)) {
        g_free(left);
        g_free(right);
        left = g_strdup((const char *)sqlite3_column_text(row, 0));
        right = g_strdup((const char *)sqlite3_column_text(row, 1));
    }
    sqlite3_finalize(row);
    if (!left)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement = g_new0(Judgement, 1);
    *judgement = (Judgement){
        .type = pairs[kind].type,
        .verdict = (Verdict[]){VERDICT_YES, VERDICT_NO, VERDICT_NO, VERDICT_REVOKED}[roll(4)],
        .left = left,
        .right = right,
        .evidence_hash = g_strdup(""),
        .time = g_strdup(AS_OF),
        .actor = g_strdup("tester"),
        .reason = g_strdup("test"),
        .expires = g_strdup("")};
    ck_assert(store_begin(store, &error));
    ck_assert_msg(judgement_add(store, judgement, &error), "%s", error ? error->message : "");
    ck_assert(store_commit(store, &error));
}

static void shuffle(guint *places, guint n)
{
    for (guint i = n; i > 1; i--) {
        guint other = roll(i), swap = places[i - 1];
        places[i - 1] = places[other];
        places[other] = swap;
    }
}

/* One more part: new places, and now and then some that are there already, with other content. */
static void load_part(guint *places, guint *done, guint n)
{
    guint wanted = roll(6); /* MIN() would roll twice */
    guint part[TRACES + SEIZURES], size = 0, fresh = MIN(wanted, n - *done);
    for (guint i = 0; i < fresh; i++)
        part[size++] = places[(*done)++];
    for (guint again = chance(40) ? 1 + roll(2) : 0; again > 0; again--) {
        guint place = places[roll(*done - fresh)], known = 0;
        while (known < size && part[known] != place)
            known++;
        if (known == size)
            part[size++] = place;
    }
    load(part, size);
}

static void check_same(const char *what, guint world)
{
    g_autofree char *before = results();
    copies_most = 0;
    run(TRUE, TRUE);
    g_autofree char *after = results();
    g_autofree char *told = strcmp(before, after) == 0 ? NULL : difference(before, after);
    ck_assert_msg(told == NULL, "world %u, %s:%s", world, what, told);
}

/* All alike, as when a whole folder is put back, or each by itself. */
static void treat_images(GRand *random)
{
    guint treatment = (guint)g_rand_int_range(random, 0, 6);
    gboolean alike = g_rand_boolean(random);
    for (guint i = 0; i < IMAGES; i++)
        treat(images[i], old_images[i], alike ? treatment : (guint)g_rand_int_range(random, 0, 6),
              random);
}

START_TEST(incremental_equals_full)
{
    guint world = (guint)_i, places[TRACES + SEIZURES], n = G_N_ELEMENTS(places), done;
    g_autoptr(GError) error = NULL;
    dice = g_rand_new_with_seed(1000 + world);
    g_autoptr(GRand) treatment = g_rand_new_with_seed(world);
    g_autoptr(GRand) copying = g_rand_new_with_seed(500 + world);
    store = store_open(path, STORE_CREATE, 0, &error);
    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < n; i++)
        places[i] = i;
    shuffle(places, n);
    done = n - 24;
    load(places, done);
    run(FALSE, FALSE);
    for (guint part = 0; part < 7; part++) {
        g_autofree char *what = g_strdup_printf("part %u", part);
        load_part(places, &done, n);
        if (chance(50))
            decide();
        treat_images(treatment);
        copies_most = g_rand_boolean(copying) ? 0 : (gsize)g_rand_int_range(copying, 1, 60000);
        run(FALSE, chance(50));
        if (part == 6 || g_rand_int_range(treatment, 0, 3) > 0)
            check_same(what, world);
    }
    g_auto(StoreRun) last = {0};
    ck_assert(store_last_run(store, &last, &error));
    ck_assert_int_eq(last.set_id, 1);
    ck_assert_uint_gt(scoped, 0);
    g_rand_free(dice);
}
END_TEST

static guint64 image_number(guint i)
{
    struct stat st;
    return stat(images[i], &st) == 0 ? st.st_ino : 0;
}

/* A run that is not kept, or was of another store, leaves no copies that are believed; one that had
 * nothing to go by makes them again. */
START_TEST(views_are_kept)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    guint places[60], before;
    dice = g_rand_new_with_seed(5);
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        places[i] = i + 60;
    load(places, 50);
    run(FALSE, FALSE);
    before = changed;
    load(places + 50, 1);
    run(FALSE, FALSE);
    load(places + 51, 1);
    guint64 file = image_number(VIEWS);
    run(FALSE, TRUE);
    ck_assert_uint_eq(changed, before + 2);
    ck_assert_uint_eq(image_number(VIEWS), file); /* what changed stands behind what was there */
    damage(images[VIEWS], random);
    load(places + 52, 1);
    run(FALSE, FALSE);
    ck_assert_uint_eq(changed, before + 2);
    load(places + 53, 1);
    run(FALSE, FALSE);
    ck_assert_uint_eq(changed, before + 3);
    check_same("kept", 0);
    g_rand_free(dice);
}
END_TEST

/* Where values take more than copies may, rules are asked of the views themselves: a full run, one
 * after it, one that has copies that it may not let grow, and one that may copy again. */
START_TEST(views_too_large)
{
    static const gsize most[] = {1, 1, 0, 20000, 0};
    guint places[60];
    dice = g_rand_new_with_seed(5);
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        places[i] = i + 60;
    for (guint i = 0; i < G_N_ELEMENTS(most); i++) {
        load(places + i * 12, 12);
        copies_most = most[i];
        run(FALSE, FALSE);
        ck_assert_int_eq(g_file_test(images[VIEWS], G_FILE_TEST_EXISTS), i >= 2);
        check_same("too large", i);
        if (i < 2)
            g_remove(images[VIEWS]);
    }
    g_rand_free(dice);
}
END_TEST

/* Edges and copies of views are made beside the writing, or, where readers would keep the writer
 * waiting, after it; the results are the same. */
START_TEST(journal_makes_no_difference)
{
    guint places[TRACES + SEIZURES];
    dice = g_rand_new_with_seed(7);
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        places[i] = i;
    load(places, G_N_ELEMENTS(places));
    ck_assert(store_has_log(store));
    run(TRUE, FALSE);
    g_autofree char *beside = results();
    run(TRUE, TRUE);
    g_autofree char *one_thread = results();
    sqlite3_exec(store_handle(store), "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    ck_assert(!store_has_log(store));
    run(TRUE, FALSE);
    g_autofree char *after = results();
    ck_assert_str_eq(beside, one_thread);
    ck_assert_str_eq(beside, after);
    g_rand_free(dice);
}
END_TEST

/* What holds is not made anew, as it would be after everything was read; where one of the two does
 * not hold, both are. */
START_TEST(facts_are_kept)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    guint places[60];
    guint64 first[PEOPLE + 1];
    dice = g_rand_new_with_seed(5);
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        places[i] = i + 60; /* of both kinds */
    load(places, 50);
    run(FALSE, FALSE);
    for (guint i = FACTS; i <= PEOPLE; i++) {
        first[i] = image_number(i);
        ck_assert_uint_ne(first[i], 0);
    }
    load(places + 49, 4); /* one of them again */
    run(FALSE, FALSE);
    for (guint i = FACTS; i <= PEOPLE; i++)
        ck_assert_uint_eq(image_number(i), first[i]);
    for (guint damaged = FACTS; damaged <= PEOPLE; damaged++) {
        damage(images[damaged], random);
        for (guint i = FACTS; i <= PEOPLE; i++)
            first[i] = image_number(i);
        load(places + 53 + 2 * damaged, 2);
        run(FALSE, FALSE);
        for (guint i = FACTS; i <= PEOPLE; i++)
            ck_assert_uint_ne(image_number(i), first[i]);
    }
    g_rand_free(dice);
}
END_TEST

/* One of a row of traces, each of which names the next, or none. */
static void put_named(guint number, gboolean names)
{
    static guint files;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strdup_printf("%063ux", ++files);
    gint64 file_id = begin_file(store, file, AS_OF);
    Record *record = record_new("atf-trace");
    record->ref = g_strdup_printf("atf-trace:T%u", number);
    set(record, FIELD_TRACE_NO, "T%u", number);
    set(record, FIELD_SERIAL_NUMBER, "KWB%05u", 1111 * number);
    set(record, FIELD_SERIAL_KIND, "FULL");
    set(record, FIELD_SERIAL_PATTERN, "KWB%05u", 1111 * number);
    set(record, FIELD_SERIAL_CANONICAL, "KWB%05u", 1111 * number);
    set(record, FIELD_MAKE, "TAURUS");
    set(record, FIELD_EVENT_TYPE, "RECOVERED");
    set(record, FIELD_EVENT_DATE, "2023-01-11");
    set(record, FIELD_PURCHASE_DATE, "2022-01-11");
    if (names)
        set(record, FIELD_DUPLICATE_OF, "T%u", number + 1);
    put_line(store, record, file_id, number);
    ck_assert_msg(store_commit(store, &error), "%s", error ? error->message : "");
}

static void ck_firearm(const char *record, const char *wanted)
{
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT firearm FROM firearms WHERE record = ?", -1,
                       &row, NULL);
    sqlite3_bind_text(row, 1, record, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(row, 0), wanted);
    sqlite3_finalize(row);
}

/* A firearm is followed from link to link, and each of its records gets another name where it is
 * joined with one that stands before it, or falls apart. */
START_TEST(firearms_are_followed)
{
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint number = 2; number <= 7; number++)
        put_named(number, number < 7);
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T7", "atf-trace:T2");
    put_named(1, TRUE);
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T7", "atf-trace:T1");
    check_same("joined", 0);
    put_named(3, FALSE); /* a revision */
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T3", "atf-trace:T1");
    ck_firearm("atf-trace:T7", "atf-trace:T4");
    check_same("apart", 0);
}
END_TEST

int main(void)
{
    const char *worlds = g_getenv("CROSSTRACE_WORLDS"); /* more of them, for a long test */
    guint64 n = (guint64)suite_rounds(3);
    if (worlds)
        g_ascii_string_to_unsigned(worlds, 10, 1, 100000, &n, NULL);
    Suite *suite = suite_create("incremental");
    TCase *tests = tcase_create("incremental");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, incremental_equals_full, 0, (int)n);
    tcase_add_test(tests, views_are_kept);
    tcase_add_test(tests, views_too_large);
    tcase_add_test(tests, journal_makes_no_difference);
    tcase_add_test(tests, facts_are_kept);
    tcase_add_test(tests, firearms_are_followed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
