/*
 * The end of every test program's main: runs a suite, frees it, prints Check's summary line, which
 * scripts/run-tests reads.
 */
#ifndef CROSSTRACE_TESTS_SUITE_H
#define CROSSTRACE_TESTS_SUITE_H

#include <check.h>

/* Each test in a process of its own, ended when its time is over, unless CK_FORK says no. Returns
 * what main does: 0 when all passed. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

/* The same in this process, where fixtures are set up once and a debugger sees the tests. */
static inline int suite_run_here(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
