/* crosstrace export: the intermediate results, complete and in stable columns. */
#include <string.h>

#include "engine/base/ini.h"
#include "engine/cli/commands.h"
#include "engine/query/query.h"

static const ExportRow *find_export(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const ExportRow *row = query_exports(); row->name; row++) {
        if (g_strcmp0(name, row->name) == 0)
            return row;
        g_ptr_array_add(names, (gpointer)row->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    if (name)
        error_set(error, STATUS_USAGE, "unknown export '%s'; one of %s", name, list);
    else
        error_set(error, STATUS_USAGE, "export takes one of %s", list);
    return NULL;
}

/* A sink that lets pass the rows whose first cell is one value. */
typedef struct {
    RowSink sink;
    RowSink *to;
    const char *only;
} Filter;

static gboolean filter_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    const Filter *filter = sink->data;
    return filter->to->begin(filter->to, columns, n, error);
}

static gboolean filter_row(RowSink *sink, const char *const *cells, GError **error)
{
    const Filter *filter = sink->data;
    return g_strcmp0(cells[0], filter->only) != 0 || filter->to->row(filter->to, cells, error);
}

static gboolean filter_end(RowSink *sink, GError **error)
{
    const Filter *filter = sink->data;
    return filter->to->end(filter->to, error);
}

typedef struct {
    const ExportRow *row;
    const char *only;
} Wanted;

static gboolean export_rows(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const Wanted *wanted = data;
    Filter filter = {{filter_begin, filter_row, filter_end, NULL}, sink, wanted->only};
    filter.sink.data = &filter;
    return wanted->row->run(store, wanted->only ? &filter.sink : sink, error);
}

static gboolean export_as_input(Store *store, const char *name, const RowPlace *place,
                                GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!query_rejects_as_input(store, name, bytes, error))
        return FALSE;
    return cli_print_bytes(store, place, bytes, error);
}

typedef struct {
    char *output, *only, *as_input;
    gboolean force;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->output);
    g_free(flags->only);
    g_free(flags->as_input);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static int export_with(Context *context, const Flags *flags, char **operands, GError **error)
{
    const ExportRow *row = find_export(operands[0], error);
    if (!row)
        return STATUS_USAGE;
    if (operands[1] || (flags->as_input && strcmp(row->name, "rejects") != 0)) {
        error_set(error, STATUS_USAGE,
                  operands[1] ? "export takes one name" : "--as-input is for rejects");
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store_audited(context, "export", row->name, error);
    if (!store)
        return cli_stopped(error);
    RowPlace place = {flags->output, flags->force, TRUE};
    Wanted wanted = {row, flags->only};
    gboolean ok = flags->as_input
                      ? export_as_input(store, flags->as_input, &place, error)
                      : cli_print_rows(context, &place, store, export_rows, &wanted, error);
    return ok ? STATUS_DONE : cli_stopped(error);
}

static int export_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    GOptionEntry entries[] = {
        {"as-input", 0, 0, G_OPTION_ARG_FILENAME, &flags.as_input,
         "rejects of one loaded file as they came in, to be mended and loaded again", "FILE"},
        {"only", 0, 0, G_OPTION_ARG_STRING, &flags.only,
         "only rows whose first column is this value", "VALUE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &flags.output, "else standard output", "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &flags.force, "replace a file that is there", NULL},
        {0}};
    if (!cli_parse(context, &cmd_export, entries, &argc, &argv, error))
        return cli_stopped(error);
    return export_with(context, &flags, argv + 1, error);
}

const Command cmd_export = {
    "export",
    "links|persons|markers|indicators|rejects|warnings",
    "the intermediate results as rows",
    "crosstrace export links --format csv",
    export_run,
    NULL,
};
