/*
 * What copies tell beside SQL: what came up where, and the markers of a record.
 */
#include "engine/base/text.h"
#include "tests/unit/view/fixture.h"

static void ck_came_up(const char *record, gboolean told, gboolean itself, gboolean firearm)
{
    gboolean one = FALSE, all = FALSE;
    ck_assert_int_eq(views_came_up(views, record, "CAN", &one, &all), told);
    ck_assert_int_eq(one, itself);
    ck_assert_int_eq(all, firearm);
}

/* All that the view says came up there; told: copies do tell of it. */
static void ck_all_came_up(gboolean told)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    ck_assert_int_eq(views_visit_came_up(views, "CAN", add_ref, all), told);
    g_ptr_array_sort(all, text_compare);
    g_ptr_array_add(all, NULL);
    g_autofree char *list = g_strjoinv(" ", (char **)all->pdata);
    g_autofree char *same = g_strdup_printf(
        "SELECT group_concat(record, ' ') = '%s' FROM (SELECT record FROM main.firearms"
        " WHERE country = 'CAN' ORDER BY record)",
        list);
    if (told)
        ck_answer(store_handle(store), same, "1");
    else
        ck_assert_str_eq(list, "");
}

static void found(const char *ref, const char *country)
{
    put(ref, "atf-trace",
        (Set[]){{FIELD_SERIAL_CANONICAL, ref},
                {FIELD_MAKE, "GLOCK"},
                {FIELD_TRACE_NO, ref},
                {FIELD_EVENT_TYPE, "RECOVERED"},
                {FIELD_EVENT_COUNTRY, country}, /* the last: NULL ends the list */
                {0, NULL}},
        NULL);
}

/* A firearm came up where any record of it did; nothing is told of what is in no copy, or where the
 * copies have no countries. */
START_TEST(test_came_up)
{
    GError *error = NULL;
    GHashTable *some = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ck_assert(store_begin(store, NULL));
    found("atf-trace:A", "USA");
    found("atf-trace:B", "CAN");
    found("atf-trace:C", NULL);
    found("atf-trace:D", "USA");
    found("atf-trace:E", "CAN");
    ck_came_up("atf-trace:B", FALSE, FALSE, FALSE);
    ck_all_came_up(FALSE);
    ck_assert(store_put_firearm(store, "atf-trace:B", "atf-trace:A", NULL));
    ck_assert(store_put_firearm(store, "atf-trace:C", "atf-trace:A", NULL));
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_came_up("atf-trace:A", TRUE, FALSE, TRUE);
    ck_came_up("atf-trace:B", TRUE, TRUE, TRUE);
    ck_came_up("atf-trace:C", TRUE, FALSE, TRUE);
    ck_came_up("atf-trace:D", TRUE, FALSE, FALSE);
    ck_came_up("atf-trace:NONE", FALSE, FALSE, FALSE);
    ck_all_came_up(TRUE);
    g_hash_table_add(some, g_strdup("firearms.record"));
    ck_done(views_copy(views, some, NULL, &error), error);
    ck_came_up("atf-trace:B", FALSE, FALSE, FALSE);
    ck_all_came_up(FALSE);
    g_hash_table_unref(some);
    store_rollback(store);
}
END_TEST

static void note_marker(const char *category, double probability, const char *excerpt, gpointer out)
{
    g_autofree char *row = g_strdup_printf("%s %.9g '%s'", category, probability, excerpt);
    g_ptr_array_add(out, g_steal_pointer(&row));
}

/* What copies tell of the markers of a record, in the order of their categories. */
static void ck_marked(const char *record, const char *expected)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    ck_assert(views_know_markers(views));
    views_visit_markers(views, record, note_marker, rows);
    g_ptr_array_sort(rows, text_compare);
    g_ptr_array_add(rows, NULL);
    g_autofree char *all = g_strjoinv("; ", (char **)rows->pdata);
    ck_assert_str_eq(all, expected);
}

/* Markers are told as they are stored, before and after some changed; not where no copy has all. */
START_TEST(test_markers_told)
{
    GError *error = NULL;
    GHashTable *some = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const MarkerRow rows[] = {{"atf-trace:A", "PMF", 1, 0.75, NULL, NULL},
                              {"atf-trace:A", "PRINTED", 1, 1, NULL, "imprimée 3D, \"glock\""},
                              {"atf-trace:B", "PMF", 1, 0, NULL, "80 %"}};
    g_autoptr(GPtrArray) near = g_ptr_array_new();
    guint64 n = 0;
    ck_assert(store_begin(store, NULL));
    found("atf-trace:A", "CAN");
    found("atf-trace:B", "CAN");
    ck_assert(!views_know_markers(views));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_done(store_put_marker(store, &rows[i], &error), error);
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_marked("atf-trace:A", "PMF 0.75 ''; PRINTED 1 'imprimée 3D, \"glock\"'");
    ck_marked("atf-trace:B", "PMF 0 '80 %'");
    ck_marked("atf-trace:NONE", "");
    ck_done(store_drop_markers(store, "atf-trace:A", &error), error);
    ck_done(store_put_marker(store, &(MarkerRow){"atf-trace:A", "PMF_KIT", 1, 0.5, NULL, "kit"},
                             &error),
            error);
    g_ptr_array_add(near, (gpointer) "atf-trace:A");
    views_set_scope(views, near);
    ck_done(views_renew(views, NULL, &n, &error), error);
    ck_marked("atf-trace:A", "PMF_KIT 0.5 'kit'");
    ck_marked("atf-trace:B", "PMF 0 '80 %'");
    ck_done(views_drop_scope(views, &error), error);
    g_hash_table_add(some, g_strdup("markers.category"));
    ck_done(views_copy(views, some, NULL, &error), error);
    ck_assert(!views_know_markers(views));
    g_hash_table_unref(some);
    store_rollback(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/told");
    TCase *tests = tcase_create("told");
    tcase_add_checked_fixture(tests, up_views, down_views);
    tcase_add_test(tests, test_came_up);
    tcase_add_test(tests, test_markers_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
