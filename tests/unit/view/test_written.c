/*
 * Copies that are written, and taken from where they were left: whatever made them, and with what
 * became of them since.
 */
#include <glib/gstdio.h>
#include <unistd.h>

#include "tests/unit/view/fixture.h"

static gboolean keep_piece(gconstpointer piece, gsize size, gpointer to, GError **error)
{
    (void)error;
    g_byte_array_append(to, piece, (guint)size);
    return TRUE;
}

static GByteArray *written(gboolean (*write)(const Views *, SumsWriter *, GError **))
{
    GError *error = NULL;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    GByteArray *bytes = g_byte_array_new();
    SumsWriter to = {.write = keep_piece, .to = bytes, .sums = sums};
    ck_done(write(views, &to, &error), error);
    ck_done(sums_end(&to, &error), error);
    return bytes;
}

static GByteArray *copied(gboolean one_thread)
{
    GError *error = NULL;
    views_allow(views, 0, one_thread);
    ck_done(views_copy(views, NULL, NULL, &error), error);
    return written(views_write);
}

/* More rows than are handed over at one time: one thread and two make the same copies. */
START_TEST(test_threads)
{
    char ref[] = "atf-trace:X0000", name[] = "MAKE 0000";
    ck_assert(store_begin(store, NULL));
    for (int i = 0; i < 3000; i++) {
        g_snprintf(ref + 11, 5, "%d", i);
        g_snprintf(name + 5, 5, "%d", i % 700);
        put(ref, "atf-trace",
            (Set[]){
                {FIELD_MAKE, name}, {FIELD_RDS_KEY, ref + 13}, {FIELD_TRACE_NO, ref}, {0, NULL}},
            NULL);
        if (i % 3 == 0)
            ck_assert(store_put_firearm(store, ref, "atf-trace:T1", NULL));
    }
    ck_assert(store_commit(store, NULL));
    g_autoptr(GByteArray) one = copied(TRUE), two = copied(FALSE);
    ck_assert_uint_gt(one->len, 100000);
    ck_assert_uint_eq(one->len, two->len);
    ck_assert(memcmp(one->data, two->data, one->len) == 0);
    ck_answer(db,
              "SELECT count(*) > 900 AND NOT EXISTS (SELECT * FROM temp.firearms EXCEPT"
              " SELECT * FROM main.firearms) FROM temp.firearms",
              "1");
}
END_TEST

/* What is shown is what the views say, by every way in. */
static void ck_shown(void)
{
    static const char *const copied[] = {"firearms", "purchases", "buyers", "people"};
    GError *error = NULL;
    ck_done(views_show(views, &error), error);
    ck_as_views(copied, G_N_ELEMENTS(copied));
    ck_answer(
        db,
        "SELECT count(*) = 0 FROM main.purchases p WHERE NOT EXISTS (SELECT 1 FROM"
        " temp.purchases q WHERE q.record = p.record) OR (p.rds_key IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM temp.purchases q WHERE q.rds_key = p.rds_key))",
        "1");
}

/* What became of copies since they were taken, out of memory or where they lie in a file, is
 * written alone, and taken behind them, once more and once more; what does not follow on what is
 * there is refused. */
START_TEST(test_written_changes)
{
    static const char *const changes[] = {
        "UPDATE record SET rds_key = '27488801', make = 'NEW' WHERE ref = 'atf-trace:X7'",
        ("UPDATE record SET model = 'M' || ref, request_date = 12345678901 WHERE ref LIKE "
         "'atf-trace:X%'"),
        "UPDATE record SET rds_key = '27488802', make = 'NEW' WHERE ref = 'atf-trace:X7'"};
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_autofree char *name = NULL;
    int file = g_file_open_tmp("crosstrace-views-XXXXXX", &name, NULL);
    ck_assert(store_begin(store, NULL));
    sell_many();
    g_ptr_array_add(parts, copied(TRUE));
    const GByteArray *first = parts->pdata[0];
    ck_assert_int_eq(write(file, first->data, first->len), (gssize)first->len);
    ck_assert(!views_are_taken(views));
    for (gsize i = 0; i <= G_N_ELEMENTS(changes); i++) {
        for (guint p = 0; p < parts->len; p++) {
            const GByteArray *part = parts->pdata[p];
            gsize size = part->len - part->len % 8; /* behind it are sums, which nobody reads */
            ck_assert(p == 0 ? views_take(views, part->data, size, i % 2 ? -1 : file)
                             : views_take_changes(views, part->data, size));
            ck_assert(views_are_taken(views));
            ck_assert(p == 0 || !views_take_changes(views, part->data, size));
        }
        ck_shown();
        if (i == G_N_ELEMENTS(changes))
            break;
        change(changes[i], "atf-trace:X7");
        for (int x = 0; i == 1 && x < 60; x++) { /* all of them, one by one */
            g_autofree char *ref = g_strdup_printf("atf-trace:X%d", x);
            change("SELECT 1", ref);
        }
        g_ptr_array_add(parts, written(views_write_changes));
        ck_assert_uint_lt(((GByteArray *)parts->pdata[i + 1])->len,
                          ((GByteArray *)parts->pdata[0])->len);
        ck_assert(views_drop(views, NULL));
        ck_assert(!views_are_taken(views));
    }
    g_autofree char *left = NULL; /* what lay there is what it was, whatever became of the copies */
    gsize size = 0;
    ck_assert(g_file_get_contents(name, &left, &size, NULL));
    ck_assert_mem_eq(left, first->data, size);
    close(file);
    g_unlink(name);
    store_rollback(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/written");
    TCase *tests = tcase_create("written");
    tcase_add_checked_fixture(tests, up_views, down_views);
    tcase_add_test(tests, test_threads);
    tcase_add_test(tests, test_written_changes);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
