/*
 * A store that one file is being loaded into: open, in a transaction, for tests of what is put.
 */
#ifndef CROSSTRACE_TEST_STORE_FILLED_H
#define CROSSTRACE_TEST_STORE_FILLED_H

#include "tests/unit/store/fixture.h"

static Store *store;

static void up(void)
{
    fixture_up();
    store = fixture_store(STORE_CREATE);
    ck_assert(store_begin(store, NULL));
    fixture_file(store, "f1", 0);
}

static void down(void)
{
    store_close(store);
    fixture_down();
}

static void commit(void)
{
    GError *error = NULL;
    ck_done(store_commit(store, &error), error);
}

#endif
