/*
 * What every command shares: global options, where the store, the rules and the configuration
 * are (option, environment, configuration file, default - in this order), the as-of time, and how
 * rows and messages get out.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "engine/audit/audit.h"
#include "engine/base/date.h"
#include "engine/base/ini.h"
#include "engine/cli/cli.h"

#define MAX_WAIT       86400 /* seconds */
#define FORMAT_VERSION "1"   /* of the columns of all commands */

static const GOptionEntry globals[] = {
    {"store", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the store (else $CROSSTRACE_STORE)", "FILE"},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, NULL, "configuration file", "FILE"},
    {"rules", 0, 0, G_OPTION_ARG_FILENAME, NULL, "rules directory", "DIR"},
    {"format", 0, 0, G_OPTION_ARG_STRING, NULL, "table, csv, json or ndjson", "FORMAT"},
    {"as-of", 0, 0, G_OPTION_ARG_STRING, NULL, "the time that rules and reports see", "TIME"},
    {"lock-wait", 0, 0, G_OPTION_ARG_STRING, NULL, "seconds to wait for another run", "S"},
    {"format-version", 0, 0, G_OPTION_ARG_STRING, NULL,
     "refuse to print rows in another version of their columns than this (1)", "N"},
    {"raw", 0, 0, G_OPTION_ARG_NONE, NULL, "cells as they came in, for machines", NULL},
    {"quiet", 'q', 0, G_OPTION_ARG_NONE, NULL,
     "nothing on standard error but errors, and a statistic's disclaimer", NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, NULL, "say what is done", NULL},
    {"help", 'h', 0, G_OPTION_ARG_NONE, NULL, "this text", NULL},
};

/* The table above with each option's place in a context, and the command's own words. */
static void bind_globals(Context *context, const Command *command,
                         GOptionEntry entries[G_N_ELEMENTS(globals) + 1])
{
    gpointer places[G_N_ELEMENTS(globals)] = {
        &context->store,          &context->config, &context->rules,
        &context->format,         &context->as_of,  &context->lock_wait_text,
        &context->format_version, &context->raw,    &context->quiet,
        &context->verbose,        &context->help};
    for (guint i = 0; i < G_N_ELEMENTS(globals); i++) {
        entries[i] = globals[i];
        entries[i].arg_data = places[i];
        if (places[i] == &context->format && command->formats)
            entries[i].description = command->formats;
    }
    entries[G_N_ELEMENTS(globals)] = (GOptionEntry){0};
}

gboolean cli_global_takes_value(const char *argument)
{
    for (guint i = 0; i < G_N_ELEMENTS(globals); i++)
        if (g_str_has_prefix(argument, "--") && strcmp(argument + 2, globals[i].long_name) == 0)
            return globals[i].arg != G_OPTION_ARG_NONE;
    return FALSE;
}

int cli_first_word(int argc, char **argv)
{
    int i = 1;
    while (i < argc && argv[i][0] == '-')
        i += 1 + cli_global_takes_value(argv[i]);
    return MIN(i, argc);
}

/* ---- places ----------------------------------------------------------------------------- */

/* The folder that holds rules/ and loaders/profiles/: beside an installed program
 * (PREFIX/share/crosstrace), else the source tree that the program was built from (the folder
 * above it, or the link `source` that make leaves beside it). */
static char *find_home(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *bin = g_path_get_dirname(self ? self : ".");
    static const char *const places[] = {"../share/crosstrace", "..", "source"};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *home = g_canonicalize_filename(places[i], bin);
        g_autofree char *probe = g_build_filename(home, "rules", "leads.ini", NULL);
        if (g_file_test(probe, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&home);
    }
    return g_strdup(".");
}

/* Every setting to its value; the options given on the line come first. */
static gboolean resolve_settings(Context *context, GError **error)
{
    g_autofree char *home = find_home();
    const struct {
        SettingId id;
        char **place;
    } options[] = {{SET_STORE, &context->store},
                   {SET_RULES, &context->rules},
                   {SET_OWNER, &context->owner},
                   {SET_LOCK_WAIT, &context->lock_wait_text}};
    guint wait = 0;
    context->settings = settings_new();
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        settings_option(context->settings, options[i].id, *options[i].place);
    if (!settings_load(context->settings, context->config, home, error) ||
        !settings_number(context->settings, SET_LOCK_WAIT, MAX_WAIT, &wait, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
        g_free(*options[i].place);
        *options[i].place = g_strdup(context->settings->value[options[i].id]);
    }
    context->lock_wait = (int)wait;
    context->profiles = g_build_filename(home, "loaders", "profiles", NULL);
    return TRUE;
}

/* ---- as-of ------------------------------------------------------------------------------ */

static gboolean resolve_as_of(Context *context, GError **error)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = NULL;
    if (context->as_of) {
        time = g_date_time_new_from_iso8601(context->as_of, utc);
        Day day = strlen(context->as_of) == 10 ? date_parse(context->as_of, DATE_ISO) : DAY_NONE;
        if (!time && day != DAY_NONE)
            time = g_date_time_new_from_unix_utc((gint64)day * 86400);
        if (!time)
            return error_set(error, STATUS_USAGE, "no such time '%s' for --as-of; write 2025-06-30",
                             context->as_of);
    } else if (epoch && *epoch) {
        guint64 seconds = 0;
        if (!g_ascii_string_to_unsigned(epoch, 10, 0, G_GINT64_CONSTANT(253402300799), &seconds,
                                        NULL))
            return error_set(error, STATUS_USAGE, "no such time '%s' in SOURCE_DATE_EPOCH", epoch);
        time = g_date_time_new_from_unix_utc((gint64)seconds);
    } else {
        time = g_date_time_new_now_utc();
        context->by_clock = TRUE;
    }
    g_autoptr(GDateTime) in_utc = g_date_time_to_utc(time);
    g_free(context->as_of);
    context->as_of = g_date_time_format(in_utc, "%Y-%m-%dT%H:%M:%SZ");
    return TRUE;
}

/* ---- parsing ---------------------------------------------------------------------------- */

/* ", did you mean '--limit'" where GOption says that it does not know an option, else "". */
static char *option_hint(const GError *problem, const GOptionEntry *entries)
{
    const char *at = strstr(problem->message, "--");
    if (problem->code != G_OPTION_ERROR_UNKNOWN_OPTION || !at)
        return g_strdup("");
    g_autofree char *wrong = g_strndup(at, strcspn(at, "= "));
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++)
        g_ptr_array_add(known, g_strconcat("--", entry->long_name, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(globals); i++)
        g_ptr_array_add(known, g_strconcat("--", globals[i].long_name, NULL));
    g_ptr_array_add(known, NULL);
    return nearest_hint(wrong, (const char *const *)known->pdata);
}

static void add_group(GOptionContext *options, const char *name, const char *heading,
                      const GOptionEntry *entries)
{
    GOptionGroup *group = g_option_group_new(name, heading, "", NULL, NULL);
    g_option_group_add_entries(group, entries);
    g_option_context_add_group(options, group);
}

static gboolean parse_options(Context *context, const Command *command, GOptionEntry *entries,
                              int *argc, char ***argv, GError **error)
{
    GOptionEntry bound[G_N_ELEMENTS(globals) + 1];
    bind_globals(context, command, bound);
    g_autofree char *parameters = g_strdup_printf("%s - %s", command->synopsis, command->summary);
    g_autofree char *example = g_strdup_printf("Example:\n  %s", command->example);
    g_autoptr(GOptionContext) options = g_option_context_new(parameters);
    g_option_context_set_help_enabled(options, FALSE);
    g_option_context_set_description(options, example);
    g_autofree char *program = g_strdup_printf("crosstrace %s", command->name);
    g_set_prgname(program);
    if (entries && entries->long_name)
        add_group(options, "own", "Options:", entries);
    add_group(options, "global", "Options of every command:", bound);
    g_autoptr(GError) problem = NULL;
    if (!g_option_context_parse(options, argc, argv, &problem)) {
        g_autofree char *hint = option_hint(problem, entries);
        problem->message[0] = g_ascii_tolower(problem->message[0]);
        return error_set(error, STATUS_USAGE, "%s%s; see 'crosstrace %s --help'", problem->message,
                         hint, command->name);
    }
    if (context->help) {
        g_autofree char *text = g_option_context_get_help(options, FALSE, NULL);
        fputs(text, stdout);
    }
    /* "--" ends the options and is no operand itself */
    if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, sizeof(char *) * (size_t)(*argc - 1));
        (*argc)--;
    }
    return !context->help;
}

gboolean cli_parse(Context *context, const Command *command, GOptionEntry *entries, int *argc,
                   char ***argv, GError **error)
{
    if (!parse_options(context, command, entries, argc, argv, error))
        return FALSE;
    if (!command->formats && !cli_check_rows_format(context, error))
        return FALSE;
    if (context->format_version && strcmp(context->format_version, FORMAT_VERSION) != 0)
        return error_set(error, STATUS_USAGE, "unknown format version '%s'; this program writes %s",
                         context->format_version, FORMAT_VERSION);
    return resolve_settings(context, error) && resolve_as_of(context, error);
}

int cli_stopped(GError **error)
{
    return error && *error ? (int)error_status(*error) : STATUS_DONE;
}

void cli_context_clear(Context *context)
{
    g_free(context->store);
    g_free(context->config);
    g_free(context->rules);
    g_free(context->profiles);
    g_free(context->format);
    g_free(context->as_of);
    g_free(context->owner);
    g_free(context->lock_wait_text);
    g_free(context->format_version);
    settings_free(context->settings);
}

/* ---- what commands ask for ------------------------------------------------------------- */

Profiles *cli_profiles(const Context *context, GError **error)
{
    return rules_dir_check(context->profiles, error) ? profiles_load(context->profiles, error)
                                                     : NULL;
}

Rules *cli_rules(const Context *context, GError **error)
{
    return rules_load(context->rules, error);
}

Store *cli_store(const Context *context, StoreMode mode, GError **error)
{
    if (mode != STORE_CREATE && !g_file_test(context->store, G_FILE_TEST_EXISTS)) {
        error_set(error, STATUS_STORE, "no store '%s' yet; 'crosstrace load FILE' makes one",
                  context->store);
        return NULL;
    }
    g_autoptr(Store) store = store_open(context->store, mode, context->lock_wait, error);
    if (!store || (mode == STORE_READ && !store_begin(store, error)))
        return NULL;
    return g_steal_pointer(&store);
}

gboolean cli_with_empty_store(gboolean (*use)(Store *store, gpointer data, GError **error),
                              gpointer data, GError **error)
{
    g_autofree char *dir = g_dir_make_tmp("crosstrace-check-XXXXXX", error);
    if (!dir)
        return FALSE;
    g_autofree char *path = g_build_filename(dir, "empty.db", NULL);
    Store *store = store_open(path, STORE_CREATE, 0, error);
    gboolean ok = store && use(store, data, error);
    if (store)
        store_discard(store);
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    g_remove(lock);
    g_rmdir(dir);
    return ok;
}

Store *cli_store_audited(const Context *context, const char *action, const char *subject,
                         GError **error)
{
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    AuditEntry entry = {context->as_of, action, subject, "use=owner", "done"};
    if (!store || !audit_read(store_path(store), &entry, error))
        return NULL;
    return g_steal_pointer(&store);
}

Store *cli_store_asked(const Context *context, const char *action, const char *subject,
                       const char *text, GError **error)
{
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    AuditEntry entry = {context->as_of, action, subject, "use=owner", "done"};
    if (!store || !audit_ask(store, &entry, text, error))
        return NULL;
    return g_steal_pointer(&store);
}

void cli_say(const Context *context, const char *format, ...)
{
    if (context->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = text_for_terminal(text);
    fprintf(stderr, "%s\n", safe);
}

RowsFormat cli_rows_format(const Context *context, const char *path)
{
    RowsFormat format = isatty(STDOUT_FILENO) && !path ? ROWS_TABLE : ROWS_CSV;
    if (context->format)
        rows_format_parse(context->format, &format);
    return format;
}

/* A sink before which the store is let go when all rows are told: who looks at them in a pager may
 * leave it open over night, and a purge waits for who reads. */
typedef struct {
    RowSink sink;
    RowSink *to;
    Store *store; /* may be NULL */
} LastReading;

static gboolean last_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    const LastReading *last = sink->data;
    return last->to->begin(last->to, columns, n, error);
}

static gboolean last_row(RowSink *sink, const char *const *cells, GError **error)
{
    const LastReading *last = sink->data;
    return last->to->row(last->to, cells, error);
}

static gboolean last_end(RowSink *sink, GError **error)
{
    const LastReading *last = sink->data;
    if (last->store)
        store_end_reading(last->store);
    return last->to->end(last->to, error);
}

gboolean cli_send_rows(Store *store, RowSource source, gpointer data, RowSink *sink, Output *output,
                       GError **error)
{
    LastReading last = {{last_begin, last_row, last_end, &last}, sink, store};
    return source(store, &last.sink, data, error) && output_close(output, error);
}

gboolean cli_print_bytes(Store *store, const RowPlace *place, GString *bytes, GError **error)
{
    store_end_reading(store);
    g_autoptr(Output) output =
        output_open(place ? place->path : NULL, place && place->force, error);
    return output && output_write(output, bytes, error) && output_close(output, error);
}

gboolean cli_print_rows(const Context *context, const RowPlace *place, Store *store,
                        RowSource source, gpointer data, GError **error)
{
    const char *path = place ? place->path : NULL;
    RowsFormat format = cli_rows_format(context, path);
    guint64 count = 0;
    g_autoptr(Output) output = output_open(path, place && place->force, error);
    if (!output)
        return FALSE;
    g_autoptr(RowSink) sink = row_sink_new(format, output, context->raw, &count);
    if (!cli_send_rows(store, source, data, sink, output, error))
        return FALSE;
    if (place && place->say_count)
        cli_say(context, "%" G_GUINT64_FORMAT " %s", count, count == 1 ? "row" : "rows");
    return TRUE;
}

gboolean cli_wants_text(const Context *context)
{
    return context->format ? strcmp(context->format, "text") == 0 : isatty(STDOUT_FILENO);
}

gboolean cli_check_rows_format(const Context *context, GError **error)
{
    RowsFormat format;
    return !context->format || rows_format_parse(context->format, &format) ||
           error_set(error, STATUS_USAGE, "unknown format '%s'; table, csv, json, ndjson",
                     context->format);
}

gboolean cli_check_text_format(const Context *context, GError **error)
{
    RowsFormat format;
    return !context->format || cli_wants_text(context) ||
           rows_format_parse(context->format, &format) ||
           error_set(error, STATUS_USAGE, "unknown format '%s'; text, table, csv, json, ndjson",
                     context->format);
}
