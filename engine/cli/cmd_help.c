/* crosstrace help [COMMAND|TOPIC]: tables of the program, for people. */
#include <stdio.h>
#include <string.h>

#include "engine/base/ini.h"
#include "engine/cli/commands.h"
#include "engine/find/find.h"
#include "engine/query/query.h"
#include "engine/sql/sql.h"

static gboolean print_exit_codes(G_GNUC_UNUSED GError **error)
{
    for (const StatusRow *row = exit_table(); row->name; row++)
        printf("%3d  %-12s %s\n", row->status, row->name, row->meaning);
    puts("128+N            ended by signal N");
    return TRUE;
}

static gboolean print_functions(G_GNUC_UNUSED GError **error)
{
    for (const SqlFunctionRow *row = sql_functions(); row->name; row++)
        printf("  %s\n", row->usage);
    return TRUE;
}

static gboolean print_rules(G_GNUC_UNUSED GError **error)
{
    puts("rules/indicators/NAME.sql: header lines '-- key: value', an empty line, one SELECT that\n"
         "yields subject, record, bits, explanation. Keys:");
    for (guint i = 0; indicator_key(i); i++)
        printf("  %s\n", indicator_key(i));
    puts("rules/markers/NAME.ini    words that say ghost gun, device, drugs; each with examples\n"
         "rules/queries/NAME.sql    saved queries: header lines id, title, param, then one SELECT\n"
         "rules/tables/NAME.csv     codes with their spellings in English and French\n"
         "rules/*.ini               weights, audiences, clocks\n"
         "What SQL may ask for: 'help functions' and the views of 'help columns'. Then\n"
         "'crosstrace rules check' says what is wrong, 'crosstrace rules test' runs the examples.\n"
         "All of it: man 5 crosstrace-rules.");
    return TRUE;
}

/* ---- columns ---------------------------------------------------------------------------- */

static gboolean print_header(RowSink *sink, const Column *columns, guint n, GError **error)
{
    printf("%s: ", (const char *)sink->data);
    for (guint i = 0; i < n; i++)
        printf("%s%s", i ? "," : "", columns[i].name);
    putchar('\n');
    (void)error;
    return TRUE;
}

static gboolean ignore_row(G_GNUC_UNUSED RowSink *sink, G_GNUC_UNUSED const char *const *cells,
                           G_GNUC_UNUSED GError **error)
{
    return TRUE;
}

static gboolean ignore_end(G_GNUC_UNUSED RowSink *sink, G_GNUC_UNUSED GError **error)
{
    return TRUE;
}

static gboolean print_views(Store *store, GError **error)
{
    for (const char *const *view = sql_views(); *view; view++) {
        g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", *view);
        g_auto(SqlShape) shape = {0};
        if (!sql_describe(store, NULL, sql, &shape, error))
            return FALSE;
        g_autofree char *list = g_strjoinv(",", shape.columns);
        printf("view %s: %s\n", *view, list);
    }
    return TRUE;
}

/* What a store without a record answers. */
static gboolean print_columns_of(Store *store, G_GNUC_UNUSED gpointer data, GError **error)
{
    RowSink sink = {print_header, ignore_row, ignore_end, (gpointer) "find"};
    if (!print_header(&sink, find_columns, FIND_COLUMNS, error))
        return FALSE;
    for (const ExportRow *row = query_exports(); row->name; row++) {
        g_autofree char *name = g_strconcat("export ", row->name, NULL);
        sink.data = name;
        if (!row->run(store, &sink, error))
            return FALSE;
    }
    return print_views(store, error);
}

static gboolean print_columns(GError **error)
{
    return cli_with_empty_store(print_columns_of, NULL, error);
}

/* ---- the command ------------------------------------------------------------------------ */

#define TOPICS "exit-codes, functions, rules or columns"

static const struct {
    const char *name;
    gboolean (*print)(GError **error);
} topics[] = {{"exit-codes", print_exit_codes},
              {"functions", print_functions},
              {"rules", print_rules},
              {"columns", print_columns}};

static int help_for_command(Context *context, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const Command *const *c = commands(); *c; c++) {
        char *argv[] = {(char *)name, (char *)"--help", NULL};
        if (strcmp((*c)->name, name) == 0)
            return (*c)->run(context, 2, argv, error);
        g_ptr_array_add(names, (gpointer)(*c)->name);
    }
    for (guint i = 0; i < G_N_ELEMENTS(topics); i++)
        g_ptr_array_add(names, (gpointer)topics[i].name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = nearest_hint(name, (const char *const *)names->pdata);
    error_set(error, STATUS_USAGE, "no help on '%s'%s", name,
              *hint ? hint : "; a command, " TOPICS);
    return STATUS_USAGE;
}

static int help_run(Context *context, int argc, char **argv, GError **error)
{
    GOptionEntry entries[] = {{0}};
    if (!cli_parse(context, &cmd_help, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc != 2) {
        error_set(error, STATUS_USAGE, "help takes a command, " TOPICS);
        return STATUS_USAGE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(topics); i++)
        if (strcmp(argv[1], topics[i].name) == 0)
            return topics[i].print(error) ? STATUS_DONE : cli_stopped(error);
    cli_context_clear(context);
    *context = (Context){0};
    return help_for_command(context, argv[1], error);
}

const Command cmd_help = {
    "help",
    "COMMAND|exit-codes|functions|rules|columns",
    "a command's options; exit statuses, functions of SQL, rule files, columns",
    "crosstrace help exit-codes",
    help_run,
    FALSE,
};
