/*
 * What every test program of this room needs: one suite, one case, run in this process so that
 * sanitizers and debuggers see it; Check's summary line at the end.
 */
#ifndef CROSSTRACE_TEST_BASE_SUITE_H
#define CROSSTRACE_TEST_BASE_SUITE_H

#include <check.h>
#include <glib.h>
#include <string.h>

#include "engine/base/error.h"
#include "tests/unit/suite.h"

/* Runs the tests of a NULL-terminated list; 0 when all passed. */
static inline int suite_run_list(const char *name, const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);

    for (; *tests; tests++)
        tcase_add_test(tcase, *tests);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}

/* Is it our error with this status, and does its text hold the words? Frees the error. */
static inline void error_is(GError **error, Status status, const char *words)
{
    ck_assert_ptr_nonnull(*error);
    ck_assert_int_eq(error_status(*error), status);
    ck_assert_msg(strstr((*error)->message, words) != NULL, "'%s' is not in '%s'", words,
                  (*error)->message);
    g_clear_error(error);
}

#endif
