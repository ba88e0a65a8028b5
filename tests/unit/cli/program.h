/* Runs the built program as a user does; shared by the tests of this folder. */
#ifndef TESTS_UNIT_CLI_PROGRAM_H
#define TESTS_UNIT_CLI_PROGRAM_H

#include <check.h>
#include <glib.h>

#include "tests/unit/folder.h"

typedef struct {
    int status;
    char *out, *err;
} Ran;

void ran_clear(Ran *ran);

/* Runs $CROSSTRACE_BIN (else build/crosstrace) with a command line, in a folder. */
Ran program_run(const char *dir, const char *line);

/* The same in the background, without output; the caller waits for it. */
GPid program_start(const char *dir, const char *line);

/* Runs a line in a folder and checks what came of it: its status, and a text that standard output
 * and one that standard error must hold ("" or NULL: any). */
typedef struct {
    const char *line;
    int status;
    const char *out, *err;
} Answer;
void program_answers(const char *dir, const Answer *answer);
/* Must end well; returns standard output (g_free). */
char *program_output(const char *dir, const char *line);

/* A folder whose store holds the small world of world.h, and what is secret of it (secret.h),
 * loaded on 2024-07-01 and -02 and correlated on -03. extra: a further CSV of the first day, or
 * NULL. */
char *story_new(const char *extra);

/* Runs a suite of one case, by CK_FORK as the environment says; what main returns. before and after
 * are called once for all tests. */
int program_main(Suite *suite, TCase *tests, void (*before)(void), void (*after)(void));

/* Holds the lock of the store of a folder, as a run does that writes; lock_let_go. */
int lock_hold(const char *dir);
void lock_let_go(int lock);

/* Writes a file into a folder. */
void folder_write(const char *dir, const char *name, const char *text);

#endif
