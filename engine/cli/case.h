/*
 * Scenario cases: a small world as text, command lines, and the rows they must print.
 * Used by `rules test` for the examples that each indicator carries, and by the tests.
 *
 *   @file NAME     CSV lines up to the next line that begins with @
 *   @run ARGS      a crosstrace command line without the program's name
 *   @status N      the exit status that the last @run must have (else 0)
 *   @expect        a header that names the columns to compare, then the exact set of rows that
 *                  the last @run printed, in any order
 *   @expect-none   the last @run printed no data row
 * Lines before the first @ are comment. Anything else is an error with file and line.
 */
#ifndef CROSSTRACE_CLI_CASE_H
#define CROSSTRACE_CLI_CASE_H

#include <glib.h>

typedef struct Case Case;

Case *case_load(const char *path, GError **error); /* STATUS_CONFIG when it is not a case */
void case_free(Case *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

/* Runs the case with a program and a rules directory in an empty folder of its own, which is
 * removed afterwards. Returns NULL when all came out as expected, else what did not (g_free). */
char *case_run(const Case *scenario, const char *program, const char *rules_dir);

#endif
