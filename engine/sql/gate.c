/*
 * The gate: a query is first prepared, never run, on an empty in-memory database, one for a store,
 * in which each documented view exists with its columns and nothing behind it. What passes there
 * can name nothing else in the store: not a base table, and not by a common table expression that
 * borrows a view's name (SQLite's authorizer could not tell that apart on the store itself).
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/sql/functions.h"
#include "engine/sql/sandbox.h"
#include "engine/store/schema.h"

/* Does the connection know the first function of the table, and so all of them? SQLite refuses to
 * define one anew while a statement runs. json_each is named so that SQLite sets up that table of
 * its own now: it could not do so under the guard. */
static gboolean is_registered(sqlite3 *db)
{
    g_autoptr(SandboxStatement) statement = NULL;
    return sqlite3_prepare_v2(db, "SELECT address_key(NULL, NULL, NULL) FROM json_each('[]')", -1,
                              &statement, NULL) == SQLITE_OK;
}

gboolean functions_register(sqlite3 *db, SqlKnowledge *knowledge, GError **error)
{
    if (is_registered(db))
        return TRUE;
    if (!functions_define(db, knowledge, error))
        return FALSE;
    return is_registered(db) || sqlite_error(db, "cannot use SQL functions", error);
}

#define GATE_BROKEN "cannot set up the query gate"

typedef sqlite3 GateDatabase;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateDatabase, sqlite3_close)

static gboolean gate_harden(sqlite3 *gate)
{
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML,
                              SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                              SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER};
    for (guint i = 0; i < G_N_ELEMENTS(off); i++)
        if (sqlite3_db_config(gate, off[i], 0, NULL) != SQLITE_OK)
            return FALSE;
    return sqlite3_db_config(gate, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK;
}

/* Temporary, because main.VIEW must not pass: on the store that is the view before anything was
 * hidden. A view that the store does not have (an older schema) is left out: a query that names it
 * gets SQLite's own "no such table". */
static gboolean gate_add_view(sqlite3 *gate, sqlite3 *store, const char *view, GError **error)
{
    g_autofree char *select = g_strdup_printf("SELECT * FROM main.%s LIMIT 0", view);
    g_autoptr(SandboxStatement) statement = NULL;
    int rc = sqlite3_prepare_v2(store, select, -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc == SQLITE_ERROR || sqlite_error(store, "cannot read the views", error);
    g_autoptr(GString) create = g_string_new(NULL);
    g_autoptr(GString) nulls = g_string_new(NULL);
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        const char *name = sqlite3_column_name(statement, i);
        char *quoted = name ? sqlite3_mprintf("\"%w\"", name) : NULL;
        if (!quoted)
            return error_set(error, STATUS_MEMORY, GATE_BROKEN ": out of memory");
        g_string_append_printf(create, "%s%s", i ? "," : "", quoted);
        g_string_append(nulls, i ? ",NULL" : "NULL");
        sqlite3_free(quoted);
    }
    g_string_prepend(create, "(");
    g_string_prepend(create, view);
    g_string_prepend(create, "CREATE TEMP VIEW ");
    g_string_append_printf(create, ") AS SELECT %s", nulls->str);
    return sqlite_run(gate, create->str, GATE_BROKEN, error);
}

static sqlite3 *gate_open(sqlite3 *store, GError **error)
{
    g_autoptr(GateDatabase) gate = NULL;
    gboolean ok = sqlite3_open_v2(":memory:", &gate,
                                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                      SQLITE_OPEN_MEMORY,
                                  NULL) == SQLITE_OK &&
                  gate_harden(gate) &&
                  sqlite3_exec(gate, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok)
        sqlite_error(gate, GATE_BROKEN, error);
    for (const char *const *view = sql_views(); ok && *view; view++)
        ok = gate_add_view(gate, store, *view, error);
    if (!ok)
        return NULL;
    if (!functions_register(gate, NULL, error))
        return NULL;
    return g_steal_pointer(&gate);
}

/* A gate as it is kept, and the state of the views that it was made of. */
typedef struct {
    sqlite3 *db;
    int schema;
} Gate;

static void gate_free(gpointer data)
{
    Gate *gate = data;
    sqlite3_close(gate->db);
    g_free(gate);
}

/* A number that becomes another whenever a view of the store does. */
static gboolean schema_of(sqlite3 *store, int *schema, GError **error)
{
    g_autoptr(SandboxStatement) statement = NULL;
    gboolean ok = sqlite3_prepare_v2(store, "PRAGMA main.schema_version", -1, &statement, NULL) ==
                      SQLITE_OK &&
                  sqlite3_step(statement) == SQLITE_ROW;
    *schema = ok ? sqlite3_column_int(statement, 0) : 0;
    return ok || sqlite_error(store, "cannot read the views", error);
}

/* The store's gate, set up when it is first asked for: that takes longer than many a query. */
static sqlite3 *gate_of(Store *store, GError **error)
{
    sqlite3 *db = store_handle(store);
    Gate *gate = store_kept(store);
    int schema;
    if (!schema_of(db, &schema, error))
        return NULL;
    if (gate && gate->schema == schema)
        return gate->db;
    sqlite3 *opened = gate_open(db, error);
    if (!opened)
        return NULL;
    gate = g_new(Gate, 1);
    *gate = (Gate){opened, schema};
    store_keep(store, gate, gate_free);
    return opened;
}

/* Only blanks, comments and semicolons may follow the one statement. */
static gboolean tail_is_empty(const Guard *guard, const char *tail, GError **error)
{
    while (*tail) {
        g_autoptr(SandboxStatement) more = NULL;
        int rc = sqlite3_prepare_v2(guard->db, tail, -1, &more, &tail);
        if (rc != SQLITE_OK || more)
            return error_set(error, STATUS_USAGE, "query refused: more than one statement");
    }
    return TRUE;
}

static gboolean parameters_have_names(sqlite3_stmt *statement, GError **error)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        if (!name || name[0] != ':')
            return error_set(error, STATUS_USAGE,
                             "query refused: parameter '%s' is not written ':name'",
                             name ? name : "?");
    }
    return TRUE;
}

static gboolean gate_judge(const Guard *guard, const char *sql, int *offset, GError **error)
{
    const char *tail = "";
    g_autoptr(SandboxStatement) statement = NULL;
    int rc = sqlite3_prepare_v2(guard->db, sql, -1, &statement, &tail);
    if (rc != SQLITE_OK) {
        *offset = sqlite3_error_offset(guard->db);
        return sandbox_error(guard, rc, error);
    }
    if (!statement)
        return error_set(error, STATUS_USAGE, "query refused: there is no statement");
    if (!sqlite3_stmt_readonly(statement) || sqlite3_stmt_isexplain(statement) ||
        sqlite3_column_count(statement) == 0)
        return error_set(error, STATUS_USAGE, "query refused: anything but SELECT is not allowed");
    return tail_is_empty(guard, tail, error) && parameters_have_names(statement, error);
}

gboolean gate_pass(Store *store, const char *sql, int *offset, GHashTable *reads, GError **error)
{
    int at = -1;
    sqlite3 *gate = gate_of(store, error);
    if (!gate)
        return FALSE;
    Guard guard;
    guard_up(&guard, gate, TRUE, NULL);
    guard.reads = reads;
    gboolean ok = gate_judge(&guard, sql, &at, error);
    guard_down(&guard);
    if (offset)
        *offset = at;
    return ok;
}
