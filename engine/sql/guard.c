/*
 * The guard: what a query of a rule file or an analyst may do on a connection, how large it may
 * be and how long it may run. Everything that is not listed here is refused: writes, ATTACH,
 * PRAGMA, the clock (date(), 'now'), chance (random()), and functions that eat memory.
 */
#include <string.h>
#include <time.h>

#include "engine/base/error.h"
#include "engine/sql/functions.h"
#include "engine/sql/sandbox.h"

#define PROGRESS_STEPS 1000 /* virtual machine instructions between two looks at the budget */

/* To open a further view to rules and analysts: document it in the store's README, add it here. */
static const char *const views[] = {"firearms", "purchases", "buyers",  "recoveries",
                                    "seizures", "people",    "dealers", "links",
                                    "markers",  "edges",     NULL};

static const char *const functions[] = {"abs",
                                        "avg",
                                        "ceil",
                                        "ceiling",
                                        "coalesce",
                                        "count",
                                        "cume_dist",
                                        "dense_rank",
                                        "exp",
                                        "first_value",
                                        "floor",
                                        "glob",
                                        "group_concat",
                                        "hex",
                                        "ifnull",
                                        "iif",
                                        "instr",
                                        "json",
                                        "json_array",
                                        "json_array_length",
                                        "json_extract",
                                        "json_object",
                                        "json_type",
                                        "json_valid",
                                        "json_group_array",
                                        "->",
                                        "->>",
                                        "lag",
                                        "last_value",
                                        "lead",
                                        "length",
                                        "like",
                                        "likelihood",
                                        "likely",
                                        "ln",
                                        "log",
                                        "log10",
                                        "log2",
                                        "lower",
                                        "ltrim",
                                        "max",
                                        "min",
                                        "mod",
                                        "nth_value",
                                        "ntile",
                                        "nullif",
                                        "percent_rank",
                                        "pow",
                                        "power",
                                        "quote",
                                        "rank",
                                        "replace",
                                        "round",
                                        "row_number",
                                        "rtrim",
                                        "sign",
                                        "sqrt",
                                        "substr",
                                        "substring",
                                        "sum",
                                        "total",
                                        "trim",
                                        "typeof",
                                        "unicode",
                                        "unlikely",
                                        "upper",
                                        NULL};

static const struct {
    int id;
    int value;
} limits[SANDBOX_LIMITS] = {
    {SQLITE_LIMIT_LENGTH, 10 * 1000 * 1000},
    {SQLITE_LIMIT_SQL_LENGTH, 100 * 1000},
    {SQLITE_LIMIT_COLUMN, 200},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_VDBE_OP, 250 * 1000},
    {SQLITE_LIMIT_FUNCTION_ARG, 100},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

const char *const *sql_views(void)
{
    return views;
}

static gboolean listed(const char *const *list, const char *name)
{
    for (; name && *list; list++)
        if (g_ascii_strcasecmp(*list, name) == 0)
            return TRUE;
    return FALSE;
}

static int refuse(Guard *guard, const char *what, const char *name)
{
    if (!guard->refused)
        guard->refused = name && *name ? g_strdup_printf("%s '%s'", what, name) : g_strdup(what);
    return SQLITE_DENY;
}

/* An empty column name stands for a table of which no value is read (count(*)): in the gate that
 * is a view, a common table expression or a table of SQLite's own, which have telling names. */
static gboolean may_read_at_gate(const char *table, const char *column)
{
    static const char *const own[] = {"dbstat", "bytecode", "tables_used", "completion", NULL};
    if (listed(views, table) || strcmp(table, "json_each") == 0)
        return TRUE;
    return *column == '\0' && g_ascii_strncasecmp(table, "sqlite_", 7) != 0 &&
           g_ascii_strncasecmp(table, "pragma_", 7) != 0 &&
           g_ascii_strncasecmp(table, "fts", 3) != 0 &&
           g_ascii_strncasecmp(table, "rtree", 5) != 0 && !listed(own, table);
}

/* On the store the gate has been passed, so that a base table can stand only inside a view: then
 * the authorizer names the view, or (after flattening, no value read) no column. */
static gboolean may_read_in_store(const char *table, const char *column, const char *inside)
{
    if (g_ascii_strncasecmp(table, "sqlite_", 7) == 0)
        return FALSE;
    return inside || *column == '\0' || listed(views, table) || strcmp(table, "json_each") == 0;
}

static int authorize(void *data, int action, const char *first, const char *second,
                     const char *database, const char *inside)
{
    Guard *guard = data;
    const char *column = second ? second : "";
    gboolean allowed;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        if (listed(functions, second) || functions_has(second) || (!guard->gate && inside))
            return SQLITE_OK;
        return refuse(guard, "function", second);
    case SQLITE_READ:
        allowed = guard->gate ? may_read_at_gate(first, column)
                  : g_strcmp0(database, "temp") == 0
                      ? inside || listed(views, first) /* a copy of a view, or what hides */
                      : may_read_in_store(first, column, inside);
        if (allowed && guard->reads && listed(views, first))
            g_hash_table_add(guard->reads, g_strconcat(first, ".", column, NULL));
        return allowed ? SQLITE_OK : refuse(guard, "table", first);
    default:
        return refuse(guard, "anything but SELECT", NULL);
    }
}

static double cpu_now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int look_at_budget(void *data)
{
    Guard *guard = data;
    guard->steps += PROGRESS_STEPS;
    return (guard->most_steps && guard->steps > guard->most_steps) ||
           (guard->deadline && g_get_monotonic_time() > guard->deadline) ||
           (guard->most_cpu > 0 && cpu_now() > guard->most_cpu);
}

void guard_up(Guard *guard, sqlite3 *db, gboolean gate, const SqlOptions *options)
{
    *guard = (Guard){.db = db, .gate = gate, .most_steps = options ? options->steps : 0};
    if (options && options->seconds > 0)
        guard->deadline = g_get_monotonic_time() + (gint64)(options->seconds * G_USEC_PER_SEC);
    if (options && options->cpu_seconds > 0)
        guard->most_cpu = cpu_now() + options->cpu_seconds;
    for (guint i = 0; i < SANDBOX_LIMITS; i++)
        guard->saved[i] = sqlite3_limit(db, limits[i].id, limits[i].value);
    sqlite3_set_authorizer(db, authorize, guard);
    sqlite3_progress_handler(db, PROGRESS_STEPS, look_at_budget, guard);
}

void guard_down(Guard *guard)
{
    sqlite3_progress_handler(guard->db, 0, NULL, NULL);
    sqlite3_set_authorizer(guard->db, NULL, NULL);
    for (guint i = 0; i < SANDBOX_LIMITS; i++)
        sqlite3_limit(guard->db, limits[i].id, guard->saved[i]);
    g_clear_pointer(&guard->refused, g_free);
}

gboolean sandbox_error(const Guard *guard, int rc, GError **error)
{
    const char *text = sqlite3_errmsg(guard->db);
    switch (rc & 0xff) {
    case SQLITE_INTERRUPT:
        return error_set(error, STATUS_TRY_AGAIN, "query stopped: over its budget");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(error, STATUS_TRY_AGAIN, "query stopped: %s", text);
    case SQLITE_NOMEM:
        return error_set(error, STATUS_MEMORY, "query stopped: out of memory");
    case SQLITE_IOERR:
    case SQLITE_FULL:
        return error_set(error, STATUS_IO, "query stopped: %s", text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(error, STATUS_STORE, "query stopped: %s", text);
    default:
        if (guard->refused)
            return error_set(error, STATUS_USAGE, "query refused: %s is not allowed",
                             guard->refused);
        return error_set(error, STATUS_USAGE, "query refused: %s", text);
    }
}
