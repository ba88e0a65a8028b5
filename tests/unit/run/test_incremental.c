/*
 * Incremental equals full under one parameter set: small hostile worlds (few names, few numbers,
 * one door for many, repeated cases) are loaded in random parts, with revisions and people's
 * decisions in between, and correlated after each part; then, mostly, everything is computed again
 * with the same set, and no link, person, marker, edge, indicator or lead may be another.
 * STORE.facts, STORE.people, STORE.views, STORE.links, STORE.idx and STORE.added, which such a run
 * reads, are now and then gone, damaged, of an earlier part or of another world, and the views are
 * copied or too large for it.
 */
#include <sys/stat.h>

#include "engine/store/runs.h"
#include "tests/unit/run/crowds.h"
#include "tests/unit/run/parts.h"
#include "tests/unit/run/treat.h"

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
        large = g_rand_boolean(copying) ? 0 : 1;
        run(FALSE, chance(50));
        if (part == 6 || g_rand_int_range(treatment, 0, 3) > 0)
            check_same(what, world);
    }
    g_auto(StoreRun) last = {0};
    ck_assert(store_last_run(store, &last, &error));
    ck_assert_int_eq(last.set_id, 1);
    ck_assert_uint_gt(scoped, 0);
    ck_assert_uint_eq(crowds, 0);
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

/* Edges and copies of views are made beside the writing, of very many firearms one after the other,
 * or, where readers would keep the writer waiting, after it; the results are the same. */
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
    large = 1;
    run(TRUE, FALSE);
    g_autofree char *in_turns = results();
    ck_assert_uint_gt(strlen(in_turns), 0);
    g_remove(images[FACTS]);
    ck_assert_int_eq(g_mkdir(images[FACTS], 0700), 0); /* facts stay in memory */
    run(TRUE, TRUE);
    g_autofree char *in_memory = results();
    ck_assert_int_eq(g_rmdir(images[FACTS]), 0);
    large = 0;
    sqlite3_exec(store_handle(store), "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    ck_assert(!store_has_log(store));
    run(TRUE, FALSE);
    g_autofree char *after = results();
    ck_assert_str_eq(beside, one_thread);
    ck_assert_str_eq(beside, in_turns);
    ck_assert_str_eq(beside, in_memory);
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

/* Who is not compared, since too many are as alike, is told; it is no reason to compute everything
 * again, and the same people are left out by both. */
START_TEST(crowds_are_left_out)
{
    guint places[TRACES + SEIZURES], n = G_N_ELEMENTS(places), done = n - 24, scoped_runs = 0;
    g_autoptr(GError) error = NULL;
    dice = g_rand_new_with_seed(77);
    people_crowd(rules->people, 2, 1);
    store = store_open(path, STORE_CREATE, 0, &error);
    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < n; i++)
        places[i] = i;
    shuffle(places, n);
    load(places, done);
    run(FALSE, FALSE);
    ck_assert_uint_eq(crowds, 1);
    for (guint part = 0; part < 4; part++) {
        g_auto(StoreRun) last = {0};
        load_part(places, &done, n);
        run(FALSE, FALSE);
        ck_assert(store_last_run(store, &last, &error));
        scoped_runs += g_str_equal(last.kind, "incremental");
        check_same("crowds", part);
    }
    ck_assert_uint_gt(scoped_runs, 1);
    g_rand_free(dice);
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
    tcase_add_test(tests, crowds_are_left_out);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
