/*
 * engine/cli: main and one file a command. To add a command: cmd_NAME.c that ends with a const
 * Command, and one line in commands.def. Options are locals of the command; what every command
 * shares is a Context. Data goes to standard output, everything else to standard error.
 */
#ifndef CROSSTRACE_CLI_CLI_H
#define CROSSTRACE_CLI_CLI_H

#include "engine/base/error.h"
#include "engine/cli/settings.h"
#include "engine/report/report.h"
#include "engine/run/run.h"
#include "loaders/loader.h"

/* Global options and what follows from them; owns its strings. */
typedef struct {
    char *store, *config, *rules, *profiles; /* resolved: option, environment, file, default */
    char *format;                            /* NULL: table on a terminal, csv otherwise */
    char *as_of;                             /* ISO time: option, SOURCE_DATE_EPOCH, now */
    gboolean by_clock;                       /* now: nobody said which */
    char *owner;                             /* audience code of the store's owner */
    char *lock_wait_text;                    /* as given */
    int lock_wait;                           /* seconds */
    char *format_version;                    /* NULL: that of this program */
    Settings *settings;                      /* all of them, with where they came from */
    gboolean quiet, verbose, raw;
    gboolean help;
} Context;

typedef struct {
    const char *name;     /* "load" */
    const char *synopsis; /* "[--profile P] FILE..." */
    const char *summary;  /* one line */
    const char *example;  /* one real command line */
    /* argv[0] is the command's name. Returns the exit status; on an error, error is set and the
     * status is the error's. */
    int (*run)(Context *context, int argc, char **argv, GError **error);
    const char *formats; /* words that --format takes, for the help; NULL: those of rows */
} Command;

const Command *const *commands(void); /* ends with NULL */

/* Takes a command's own options and the global ones (they may stand anywhere) out of argv; what
 * remains, from argv[1] on, are operands. Prints the help and returns FALSE without an error when
 * --help was given; STATUS_USAGE on an unknown option; resolves paths, configuration and as-of. */
gboolean cli_parse(Context *context, const Command *command, GOptionEntry *entries, int *argc,
                   char ***argv, GError **error);

/* Is this argument a global option, and does it take the next argument as its value? For finding
 * the command's name among them. */
gboolean cli_global_takes_value(const char *argument);
/* Where the first word stands that is no global option nor its value; argc: nowhere. */
int cli_first_word(int argc, char **argv);

void cli_context_clear(Context *context);

/* What cli_parse returned FALSE for: DONE after --help, else the error's status. */
int cli_stopped(GError **error);

/* All rules of the resolved folder; rules_free. STATUS_CONFIG. */
Rules *cli_rules(const Context *context, GError **error);
/* The source layouts, of a folder that nobody else may write to; profiles_free. */
Profiles *cli_profiles(const Context *context, GError **error);
/* To read, it is seen in one state, until store_end_reading(). */
Store *cli_store(const Context *context, StoreMode mode, GError **error);

/* Lends a store without a record, which is thrown away: for its views and columns. */
gboolean cli_with_empty_store(gboolean (*use)(Store *store, gpointer data, GError **error),
                              gpointer data, GError **error);

/* Opens the store to read and notes the read in STORE.audit first: nothing is shown that could
 * not be logged. action: the command; subject: what is read. */
Store *cli_store_audited(const Context *context, const char *action, const char *subject,
                         GError **error);

/* The same for a question whose text may hold names: subject says its kind; see audit_ask. */
Store *cli_store_asked(const Context *context, const char *action, const char *subject,
                       const char *text, GError **error);

/* Where rows go; NULL stands for all zero: standard output, no count. */
typedef struct {
    const char *path;   /* NULL: standard output */
    gboolean force;     /* over a file that is there */
    gboolean say_count; /* "N rows" on standard error at the end */
} RowPlace;

/* The format of rows that go to path (NULL: standard output): as asked for, else a table for a
 * terminal and CSV for all else. */
RowsFormat cli_rows_format(const Context *context, const char *path);

/* Prints the rows that source sends, in the format asked for. */
typedef gboolean (*RowSource)(Store *store, RowSink *sink, gpointer data, GError **error);
gboolean cli_print_rows(const Context *context, const RowPlace *place, Store *store,
                        RowSource source, gpointer data, GError **error);
/* The same to a sink of one's own, and closes the output that it writes to; or bytes, to a place
 * (NULL: standard output). Who reads the store ends that before the last of it is shown. */
gboolean cli_send_rows(Store *store, RowSource source, gpointer data, RowSink *sink, Output *output,
                       GError **error);
gboolean cli_print_bytes(Store *store, const RowPlace *place, GString *bytes, GError **error);

/* For commands that have a text for people besides rows, `--format text`: is it wanted, by word or
 * because a person looks on? Is the format that was given one of rows, or text? STATUS_USAGE. */
gboolean cli_wants_text(const Context *context);
gboolean cli_check_rows_format(const Context *context, GError **error);
gboolean cli_check_text_format(const Context *context, GError **error);

/* One line on standard error, unless --quiet; escaped for the terminal. */
void cli_say(const Context *context, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
