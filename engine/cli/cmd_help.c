/* crosstrace help [COMMAND|exit-codes|functions]: tables of the program, for people. */
#include <stdio.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/sql/sql.h"

static void print_exit_codes(void)
{
    for (const StatusRow *row = exit_table(); row->name; row++)
        printf("%3d  %-12s %s\n", row->status, row->name, row->meaning);
    puts("128+N            ended by signal N");
}

static void print_functions(void)
{
    for (const SqlFunctionRow *row = sql_functions(); row->name; row++)
        printf("  %s\n", row->usage);
}

static const struct {
    const char *name;
    void (*print)(void);
} topics[] = {{"exit-codes", print_exit_codes}, {"functions", print_functions}};

static int help_for_command(Context *context, const char *name, GError **error)
{
    for (const Command *const *c = commands(); *c; c++) {
        char *argv[] = {(char *)name, (char *)"--help", NULL};
        if (strcmp((*c)->name, name) == 0)
            return (*c)->run(context, 2, argv, error);
    }
    error_set(error, STATUS_USAGE, "no help on '%s'; a command, exit-codes or functions", name);
    return STATUS_USAGE;
}

static int help_run(Context *context, int argc, char **argv, GError **error)
{
    GOptionEntry entries[] = {{0}};
    if (!cli_parse(context, &cmd_help, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc != 2) {
        error_set(error, STATUS_USAGE, "help takes a command, exit-codes or functions");
        return STATUS_USAGE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(topics); i++)
        if (strcmp(argv[1], topics[i].name) == 0) {
            topics[i].print();
            return STATUS_DONE;
        }
    cli_context_clear(context);
    *context = (Context){0};
    return help_for_command(context, argv[1], error);
}

const Command cmd_help = {
    "help",
    "COMMAND|exit-codes|functions",
    "a command's options, the exit statuses, the functions of query",
    "crosstrace help exit-codes",
    help_run,
    NULL,
};
