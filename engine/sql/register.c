/*
 * The table of the engine's SQL functions, and what all of them share: NULL or what is no UTF-8 in
 * any argument gives NULL, rules are there before the function is called, nothing is read but the
 * arguments and the rules.
 */
#include "engine/sql/functions.h"

#include "engine/base/error.h"

#define ARGUMENTS_MAX 3

static const struct {
    const char *name;
    int arguments;
    SqlNeeds needs;
    SqlFunction run;
} functions[] = {
#define SQL_FUNCTION(name, arguments, needs, usage) {#name, arguments, needs, name##_run},
#include "engine/sql/functions.def"
#undef SQL_FUNCTION
};

static const SqlFunctionRow rows[] = {
#define SQL_FUNCTION(name, arguments, needs, usage) {#name, arguments, usage},
#include "engine/sql/functions.def"
#undef SQL_FUNCTION
    {NULL, 0, NULL}};

/* One function on one connection. */
typedef struct {
    guint function; /* of the table */
    SqlKnowledge *knowledge;
} Bound;

static void bound_free(void *data)
{
    Bound *bound = data;
    sql_knowledge_free(bound->knowledge);
    g_free(bound);
}

const SqlFunctionRow *sql_functions(void)
{
    return rows;
}

gboolean functions_has(const char *name)
{
    for (guint i = 0; name && i < G_N_ELEMENTS(functions); i++)
        if (g_ascii_strcasecmp(functions[i].name, name) == 0)
            return TRUE;
    return FALSE;
}

static void call(sqlite3_context *context, int n, sqlite3_value **values)
{
    const Bound *bound = sqlite3_user_data(context);
    const char *text[ARGUMENTS_MAX] = {NULL};
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < n; i++) {
        text[i] = (const char *)sqlite3_value_text(values[i]);
        if (!text[i] || !g_utf8_validate(text[i], -1, NULL))
            return;
    }
    if (knowledge_need(bound->knowledge, functions[bound->function].needs, &error)) {
        functions[bound->function].run(context, text, bound->knowledge);
        return;
    }
    g_autofree char *message =
        g_strdup_printf("%s(): %s", functions[bound->function].name, error->message);
    sqlite3_result_error(context, message, -1);
}

gboolean functions_define(sqlite3 *db, SqlKnowledge *knowledge, GError **error)
{
    /* the first of the table comes last, so that who finds it finds a complete set */
    for (guint i = G_N_ELEMENTS(functions); i-- > 0;) {
        Bound *bound = g_new0(Bound, 1);
        *bound = (Bound){i, knowledge_ref(knowledge)};
        int rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                            bound, call, NULL, NULL, bound_free);
        if (rc != SQLITE_OK)
            return error_set(error, rc == SQLITE_NOMEM ? STATUS_MEMORY : STATUS_INTERNAL,
                             "cannot define SQL function '%s': %s", functions[i].name,
                             sqlite3_errmsg(db));
    }
    return TRUE;
}
