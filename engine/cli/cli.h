/*
 * engine/cli: main and one file a command. To add a command: cmd_NAME.c that ends with a const
 * Command, and one line in commands.c. Options are locals of the command; what every command
 * shares is a Context. Data goes to standard output, everything else to standard error.
 */
#ifndef CROSSTRACE_CLI_CLI_H
#define CROSSTRACE_CLI_CLI_H

#include "engine/base/error.h"
#include "engine/report/report.h"
#include "engine/run/run.h"

/* Global options and what follows from them. */
typedef struct {
    char *store, *config, *rules, *profiles; /* paths, resolved: option, environment, file, default */
    char *format; /* NULL: table on a terminal, csv otherwise */
    char *lang;
    char *as_of; /* ISO time; option, SOURCE_DATE_EPOCH, now */
    int lock_wait;
    gboolean quiet, verbose, raw;
} Context;

typedef struct {
    const char *name;    /* "load" */
    const char *synopsis; /* "[--profile P] FILE..." */
    const char *summary; /* one line */
    const char *example; /* one real command line */
    /* argv[0] is the command's name. Returns the exit status; on an error it is also set. */
    int (*run)(Context *context, int argc, char **argv, GError **error);
} Command;

const Command *const *commands(void); /* ends with NULL */

/* Parses a command's own options and the global ones (both may stand anywhere) out of argc/argv;
 * what remains are operands. STATUS_USAGE on an unknown option; --help prints and sets *help. */
gboolean cli_parse(Context *context, const Command *command, GOptionEntry *entries, int *argc,
                   char ***argv, gboolean *help, GError **error);

Rules *cli_rules(Context *context, GError **error);
Store *cli_store(Context *context, StoreMode mode, GError **error);
/* A row sink to standard output in the format asked for. */
RowSink *cli_rows(Context *context, Output *output, guint64 *count, GError **error);
void cli_say(const Context *context, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
