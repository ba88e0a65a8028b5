/* Runs the built program as a user does; shared by the tests of this folder. */
#ifndef TESTS_UNIT_CLI_PROGRAM_H
#define TESTS_UNIT_CLI_PROGRAM_H

#include <glib.h>

typedef struct {
    int status;
    char *out, *err;
} Ran;

void ran_clear(Ran *ran);

/* Runs $CROSSTRACE_BIN (else build/crosstrace) with a command line, in a folder. */
Ran program_run(const char *dir, const char *line);

/* The same in the background, without output; the caller waits for it. */
GPid program_start(const char *dir, const char *line);

/* A new empty folder with an empty configuration, and its removal with everything in it. */
char *folder_new(void);
void folder_remove(char *dir);

/* Writes a file into a folder. */
void folder_write(const char *dir, const char *name, const char *text);

#endif
