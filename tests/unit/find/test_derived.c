/*
 * STORE.words beside a purge: whoever makes it of a store from which names go meanwhile leaves
 * none of them behind.
 */
#include "engine/find/derived.h"
#include "engine/find/find.h"
#include "engine/find/words.h"
#include "tests/unit/store/fixture.h"

#define RECORDS 5100 /* more than are made in memory for a question */

static void fill(void)
{
    Store *store = fixture_store(STORE_CREATE);
    ck_assert(store_begin(store, NULL));
    fixture_file(store, "f1", RECORDS);
    for (guint i = 0; i < RECORDS; i++) {
        g_autofree char *key = g_strdup_printf("T%u", i);
        fixture_put(store, fixture_record(key, key, "QUARRELL"));
    }
    ck_assert(store_commit(store, NULL));
    store_close(store);
}

/* While the words are made, a record loses its person: as a purge does it, in short. */
static void change_one(gpointer data)
{
    Store *store = fixture_store(STORE_WRITE);
    ck_assert(store_begin(store, NULL));
    ck_assert(find_forget(store, FALSE, NULL));
    fixture_file(store, "f2", 1);
    fixture_put(store, fixture_record("T7", "T7", NULL));
    ck_assert(store_commit(store, NULL));
    store_close(store);
    *(guint *)data += 1;
}

static void nothing_happens(gpointer data)
{
    *(guint *)data += 1;
}

static const struct {
    void (*meanwhile)(gpointer data);
    gboolean left;
} CASES[] = {{nothing_happens, TRUE}, {change_one, FALSE}};

START_TEST(words_of_a_store_that_became_another_are_not_left)
{
    GError *error = NULL;
    guint made = 0;
    fill();
    const FindWords how = {.rules = "rules", .waiting = CASES[_i].meanwhile, .data = &made};
    Store *reader = fixture_store(STORE_READ);
    g_autofree char *words_path = find_words_path(reader);
    g_auto(Words) words = {0};
    ck_done(words_open(reader, WORDS_PLATE, &how, &words, &error), error);
    ck_assert_uint_eq(made, 1);
    ck_assert_int_eq(g_file_test(words_path, G_FILE_TEST_EXISTS), CASES[_i].left);
    words_close(&words);
    store_close(reader);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find/derived");
    TCase *tests = tcase_create("derived");
    tcase_add_checked_fixture(tests, fixture_up, fixture_down);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, words_of_a_store_that_became_another_are_not_left, 0,
                        G_N_ELEMENTS(CASES));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
