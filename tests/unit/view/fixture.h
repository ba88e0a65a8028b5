/* The views of a small store that tells a story, for tests of what copies of them show. */
#ifndef TESTS_UNIT_VIEW_FIXTURE_H
#define TESTS_UNIT_VIEW_FIXTURE_H

#include "engine/view/view.h"
#include "tests/unit/store/story.h"

static Views *views;

static void up_views(void)
{
    up();
    views = views_new(store);
}

static void down_views(void)
{
    views_free(views);
    down();
}

/* For visits: refs is an array of texts (own). */
static inline void add_ref(const char *ref, gpointer refs)
{
    g_ptr_array_add(refs, g_strdup(ref));
}

static inline void sell(const char *ref, const char *serial, const char *dealer)
{
    put(ref, "atf-trace",
        (Set[]){{FIELD_SERIAL_CANONICAL, serial},
                {FIELD_MAKE, "GLOCK"},
                {FIELD_MODEL, "19"},
                {FIELD_PURCHASE_DATE, "2020-01-01"},
                {FIELD_TRACE_NO, ref},
                {FIELD_RDS_KEY, dealer}, /* the last: NULL ends the list */
                {0, NULL}},
        NULL);
}

/* Many records beside the few that a test is about, so that these are not as good as all. */
static inline void sell_many(void)
{
    for (int i = 0; i < 60; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:X%d", i);
        sell(ref, "Q", "10000000");
    }
}

/* What copies of some views hold is what the views say. */
static inline void ck_as_views(const char *const *copied, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT (SELECT count(*) FROM temp.%s) = (SELECT count(*) FROM main.%s) AND NOT EXISTS"
            " (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s)",
            copied[i], copied[i], copied[i], copied[i]);
        ck_answer(db, sql, "1");
    }
}

static inline void change(const char *sql, const char *ref)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, (gpointer)ref);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    views_set_scope(views, refs);
    ck_done(views_renew(views, NULL, &rows, &error), error);
}

#endif
