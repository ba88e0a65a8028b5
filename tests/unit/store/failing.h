/*
 * A store that fails: whatever is asked of it is asked again and again, and each time another of
 * its steps fails (interrupted, as when the disk is gone) or another statement is refused when it
 * is prepared. What fails says so; what says nothing has worked.
 */
#ifndef CROSSTRACE_TESTS_FAILING_H
#define CROSSTRACE_TESTS_FAILING_H

#include <check.h>
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/store/store.h"

/* How often the store is made to fail in each of the two ways. */
#define FAILING_TIMES 150

typedef struct {
    guint at, calls;
} Failing;

static inline int failing_step(void *data)
{
    Failing *failing = data;
    return failing->calls++ == failing->at;
}

static inline int failing_prepare(void *data, int action, const char *a, const char *b,
                                  const char *c, const char *d)
{
    (void)action, (void)a, (void)b, (void)c, (void)d;
    return failing_step(data) ? SQLITE_DENY : SQLITE_OK;
}

/* From here on the store fails where failing says; NULL: never. */
static inline void failing_set(Store *of, gboolean step, Failing *failing)
{
    sqlite3 *db = store_handle(of);
    sqlite3_progress_handler(db, 20, failing && step ? failing_step : NULL, failing);
    sqlite3_set_authorizer(db, failing && !step ? failing_prepare : NULL, failing);
}

typedef gboolean (*FailingAsk)(Store *store, gpointer data, GError **error);

/* One time: how many steps there were. Everything is rolled back. */
static inline guint failing_once(Store *of, FailingAsk ask, gpointer data, gboolean step, guint at)
{
    Failing failing = {at, 0};
    g_autoptr(GError) error = NULL;
    ck_assert(store_begin(of, NULL));
    failing_set(of, step, &failing);
    gboolean done = ask(of, data, &error);
    failing_set(of, step, NULL);
    store_rollback(of);
    ck_assert_msg(done == (error == NULL), "failed at %u without a word", at);
    if (error)
        ck_assert_int_ne(error_status(error), STATUS_DONE);
    return failing.calls;
}

/* What was put there is committed first; after every way to fail all is well again. */
static inline void failing_all(Store *of, FailingAsk ask, gpointer data)
{
    if (!sqlite3_get_autocommit(store_handle(of)))
        ck_assert(store_commit(of, NULL));
    for (guint step = 0; step < 2; step++) {
        guint most = failing_once(of, ask, data, step, G_MAXUINT);
        for (guint i = 0; i < FAILING_TIMES && i < most; i++)
            failing_once(of, ask, data, step,
                         most <= FAILING_TIMES ? i : (guint)((guint64)i * most / FAILING_TIMES));
        g_autoptr(GError) error = NULL;
        ck_assert_msg(store_begin(of, NULL) && ask(of, data, &error), "%s",
                      error ? error->message : "");
        store_rollback(of);
    }
}

#endif
