/*
 * The end of every test program's main: runs a suite, frees it, prints Check's summary line, which
 * scripts/run-tests reads.
 */
#ifndef CROSSTRACE_TESTS_SUITE_H
#define CROSSTRACE_TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

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

/* A number that a long run gives: see the head of the test that asks for it. */
static inline unsigned from_environment(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

/* How many of the worlds that a test draws: all of them, but one of three under a sanitizer, where
 * each takes four times as long and uses memory as the others do. */
static inline int suite_rounds(int all)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return (all + 2) / 3;
#else
    return all;
#endif
}

#endif
