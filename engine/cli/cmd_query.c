/* crosstrace query SQL|@NAME: read-only SQL over the documented views, in a process of its own. */
#include <string.h>

#include "engine/base/ini.h"
#include "engine/cli/commands.h"
#include "engine/query/saved.h"
#include "engine/sql/apart.h"

#define DEFAULT_SECONDS 60
#define MAX_SECONDS     86400
#define HEAP_BYTES      (512u << 20)

typedef struct {
    char **parameters; /* "name=value" */
    int limit, seconds;
    gboolean list;
} Flags;

static void flags_clear(Flags *flags)
{
    g_strfreev(flags->parameters);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

/* ---- what is asked ---------------------------------------------------------------------- */

static const SavedQuery *find_saved(const GPtrArray *queries, const char *id, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < queries->len; i++) {
        const SavedQuery *query = queries->pdata[i];
        if (strcmp(query->id, id) == 0)
            return query;
        g_ptr_array_add(names, query->id);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = nearest_hint(id, (const char *const *)names->pdata);
    error_set(error, STATUS_USAGE, "unknown saved query '%s'%s", id,
              *hint ? hint : "; see 'crosstrace query --list'");
    return NULL;
}

/* A value that is written as a number is one. */
static SqlParameter parameter_of(const char *name, const char *value)
{
    char *end = NULL;
    double number = g_ascii_strtod(value, &end);
    gboolean whole =
        *value && end && *end == '\0' && strspn(value, "+-.0123456789") == strlen(value);
    return (SqlParameter){name, value, whole ? number : 0, whole};
}

/* Takes "name=value" apart in place. */
static gboolean add_given(GArray *parameters, char *text, GError **error)
{
    char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return error_set(error, STATUS_USAGE, "--param takes NAME=VALUE, not '%s'", text);
    *equals = '\0';
    SqlParameter parameter = parameter_of(text, equals + 1);
    g_array_append_val(parameters, parameter);
    return TRUE;
}

/* Given values stand before the defaults: the first of a name counts. */
static gboolean collect_parameters(GArray *parameters, const Flags *flags, const SavedQuery *saved,
                                   GError **error)
{
    for (char **text = flags->parameters; text && *text; text++)
        if (!add_given(parameters, *text, error))
            return FALSE;
    for (guint i = 0; saved && i < saved->parameters->len; i++) {
        const SavedParameter *known = &g_array_index(saved->parameters, SavedParameter, i);
        SqlParameter parameter = parameter_of(known->name, known->value ? known->value : "");
        if (known->value)
            g_array_append_val(parameters, parameter);
    }
    return TRUE;
}

/* ---- the answer ------------------------------------------------------------------------- */

/* Passes rows on up to a limit. */
typedef struct {
    RowSink sink;
    RowSink *to;
    guint64 rows, limit;
    gboolean cut;
} Limited;

static gboolean limited_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    const Limited *limited = sink->data;
    return limited->to->begin(limited->to, columns, n, error);
}

static gboolean limited_row(RowSink *sink, const char *const *cells, GError **error)
{
    Limited *limited = sink->data;
    limited->cut = limited->limit && limited->rows == limited->limit;
    if (limited->cut)
        return TRUE;
    limited->rows++;
    return limited->to->row(limited->to, cells, error);
}

static gboolean limited_end(RowSink *sink, GError **error)
{
    const Limited *limited = sink->data;
    return limited->to->end(limited->to, error);
}

typedef struct {
    const Context *context;
    const char *sql;
    SqlOptions options;
    ApartLimits limits;
    Limited limited;
} Question;

static gboolean send_answer(Store *store, RowSink *sink, gpointer data, GError **error)
{
    Question *question = data;
    (void)store;
    question->limited.sink = (RowSink){limited_begin, limited_row, limited_end, &question->limited};
    question->limited.to = sink;
    return sql_query_apart(question->context->store, question->sql, &question->options,
                           &question->limits, &question->limited.sink, error);
}

/* The read is logged first, with its text and parameters, which may hold names. */
static gboolean log_query(const Context *context, const char *operand, const Flags *flags,
                          GError **error)
{
    gboolean named = *operand == '@';
    g_autoptr(GString) text = g_string_new(operand);
    for (char **parameter = flags->parameters; parameter && *parameter; parameter++)
        g_string_append_printf(text, "\n:%s", *parameter);
    g_autoptr(Store) store =
        named && !flags->parameters
            ? cli_store_audited(context, "query", operand, error)
            : cli_store_asked(context, "query", named ? operand : "sql", text->str, error);
    return store != NULL; /* closed again: the process that asks opens it for itself */
}

/* Work is counted, not the clock: on a busy machine it takes longer. */
static void tell_budget(int seconds, GError **error)
{
    if (error && *error && (*error)->code == STATUS_TRY_AGAIN) {
        char *text =
            g_strdup_printf("%s (%d s of work, --timeout allows more)", (*error)->message, seconds);
        g_free((*error)->message);
        (*error)->message = text;
    }
}

static gboolean ask(const Context *context, const char *operand, const SavedQuery *saved,
                    const Flags *flags, GError **error)
{
    g_autoptr(GArray) parameters = g_array_new(FALSE, FALSE, sizeof(SqlParameter));
    guint64 limit = (guint64)flags->limit;
    if (!log_query(context, operand, flags, error) ||
        !collect_parameters(parameters, flags, saved, error))
        return FALSE;
    Question question = {.context = context, .sql = saved ? saved->sql : operand};
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new(context->rules);
    question.options = (SqlOptions){.knowledge = knowledge,
                                    .parameters = (const SqlParameter *)(void *)parameters->data,
                                    .n_parameters = parameters->len,
                                    .max_rows = limit ? limit + 1 : 0};
    question.limits = (ApartLimits){(guint)flags->seconds, HEAP_BYTES};
    question.limited.limit = limit;
    if (!cli_print_rows(context, NULL, NULL, send_answer, &question, error)) {
        tell_budget(flags->seconds, error);
        return FALSE;
    }
    if (question.limited.cut)
        cli_say(context, "only the first %" G_GUINT64_FORMAT " rows; there are more", limit);
    return TRUE;
}

static const Column list_columns[] = {
    {"id", COLUMN_OWN}, {"title", COLUMN_OWN}, {"param", COLUMN_OWN}};

static gboolean list_queries(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const GPtrArray *queries = data;
    (void)store;
    if (!sink->begin(sink, list_columns, G_N_ELEMENTS(list_columns), error))
        return FALSE;
    for (guint i = 0; i < queries->len; i++) {
        const SavedQuery *query = queries->pdata[i];
        g_autoptr(GString) parameters = g_string_new(NULL);
        for (guint k = 0; k < query->parameters->len; k++) {
            const SavedParameter *p = &g_array_index(query->parameters, SavedParameter, k);
            g_string_append_printf(parameters, "%s%s%s%s", k ? "; " : "", p->name,
                                   p->value ? "=" : "", p->value ? p->value : "");
        }
        const char *cells[] = {query->id, query->title, parameters->str};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return sink->end(sink, error);
}

static gboolean query_with(const Context *context, const char *operand, const Flags *flags,
                           GError **error)
{
    if (!flags->list && *operand != '@')
        return ask(context, operand, NULL, flags, error);
    g_autoptr(GPtrArray) queries = saved_queries(context->rules, error);
    if (!queries)
        return FALSE;
    if (flags->list)
        return cli_print_rows(context, NULL, NULL, list_queries, queries, error);
    const SavedQuery *saved = find_saved(queries, operand + 1, error);
    return saved && ask(context, operand, saved, flags, error);
}

static int query_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {.seconds = DEFAULT_SECONDS};
    GOptionEntry entries[] = {
        {"param", 'p', 0, G_OPTION_ARG_STRING_ARRAY, &flags.parameters, "value of :NAME",
         "NAME=VALUE"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &flags.limit, "no more rows than this", "N"},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &flags.seconds,
         "seconds of processor time, 60 if not given: on a busy machine that takes longer", "S"},
        {"list", 0, 0, G_OPTION_ARG_NONE, &flags.list, "the saved queries", NULL},
        {0}};
    if (!cli_parse(context, &cmd_query, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc != (flags.list ? 1 : 2)) {
        error_set(error, STATUS_USAGE, "query takes one SELECT, @NAME or --list");
        return STATUS_USAGE;
    }
    if (flags.limit < 0 || flags.seconds < 1 || flags.seconds > MAX_SECONDS) {
        error_set(error, STATUS_USAGE, "--limit takes a count, --timeout seconds from 1");
        return STATUS_USAGE;
    }
    return query_with(context, argv[1], &flags, error) ? STATUS_DONE : cli_stopped(error);
}

const Command cmd_query = {
    "query",
    "SQL|@NAME|--list",
    "read-only SQL over the documented views, with the engine's functions",
    "crosstrace query \"SELECT record, make, serial FROM firearms WHERE serial_match('12?4*', "
    "serial)\" --limit 20",
    query_run,
    NULL,
};
