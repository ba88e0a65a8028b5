/*
 * The scope of a run, and what rules are asked of after new records: the documented views as some
 * records alone have them, copied into temporary tables of the same names. A rule that compares
 * dealers or identifiers is asked of more than the scope: of all that has one of them in common.
 * What is in the scope is told by engine/run.
 */
#include <string.h>

#include "engine/store/db.h"
#include "engine/store/scope.h"

/* A view as the records that are shown have it. What is made of copies needs no condition. */
#define OF_RECORD " WHERE record IN (SELECT ref FROM temp.shown)"
#define OF_ENDS                                                                                    \
    " WHERE \"left\" IN (SELECT ref FROM temp.shown) AND \"right\" IN (SELECT ref FROM "           \
    "temp.shown)"
static const struct {
    const char *view, *where, *columns[4];
} SHOWN[] = {
    {"firearms", OF_RECORD, {"record", "firearm", NULL}},
    {"purchases", OF_RECORD, {"record", "firearm", "person", NULL}},
    {"buyers", "", {"person", NULL}},
    {"recoveries", OF_RECORD, {"record", "firearm", NULL}},
    {"seizures", OF_RECORD, {"record", "firearm", NULL}},
    {"people", OF_RECORD, {"record", "person", NULL}},
    {"markers", OF_RECORD, {"record", NULL}},
    {"links", OF_ENDS, {"left", "right", NULL}},
    {"edges", OF_ENDS, {"left", "right", NULL}},
};

#define TABLE(name) "CREATE TEMP TABLE " name "(ref TEXT PRIMARY KEY) WITHOUT ROWID;"

/* Records of the dealers that records of the scope name, or named before they were revised. */
static const char DEALER_SQL[] =
    "INSERT OR IGNORE INTO temp.wide SELECT ref FROM record WHERE rds_key IN"
    " (SELECT rds_key FROM record WHERE ref IN (SELECT ref FROM temp.scope)"
    " UNION SELECT json_extract(v.canonical, '$.rds_key') FROM record r"
    " JOIN revision v ON v.record_id = r.record_id WHERE r.ref IN (SELECT ref FROM temp.scope));";

/* Addresses, telephones and documents of the purchasers of a table's records. */
#define VALUES_OF(table)                                                                           \
    "SELECT m.address_key, m.phone, m.doc_no FROM record r"                                        \
    " JOIN mention m ON m.record_id = r.record_id AND m.role = 'purchaser'"                        \
    " WHERE r.ref IN (SELECT ref FROM temp." table ")"
#define FORMER_VALUE(field) "json_extract(v.canonical, '$.mentions.purchaser." field "')"
#define FORMER_VALUES                                                                              \
    " UNION ALL SELECT " FORMER_VALUE("address_key") ", " FORMER_VALUE("phone") ", " FORMER_VALUE( \
        "doc_no") " FROM record r JOIN revision v ON v.record_id = r.record_id"                    \
                  " WHERE r.ref IN (SELECT ref FROM temp.scope)"
/* temp.held(kind, value, ref): those that have one of these values too: people, no companies. */
#define HELD(values)                                                                               \
    "DROP TABLE IF EXISTS temp.held; CREATE TEMP TABLE held AS"                                    \
    " WITH have(a, p, d) AS MATERIALIZED (" values "),"                                            \
    " one(id, a, p, d) AS MATERIALIZED ("                                                          \
    "  SELECT record_id, address_key, phone, doc_no FROM mention m"                                \
    "  WHERE role = 'purchaser' AND organisation IS NULL AND (address_key IN (SELECT a FROM have)" \
    "  OR phone IN (SELECT p FROM have) OR doc_no IN (SELECT d FROM have)) AND EXISTS"             \
    "  (SELECT 1 FROM person p WHERE p.record_id = m.record_id AND p.role = m.role)),"             \
    " each(kind, value, id) AS (SELECT 'a', a, id FROM one WHERE a IN (SELECT a FROM have)"        \
    "  UNION ALL SELECT 'p', p, id FROM one WHERE p IN (SELECT p FROM have)"                       \
    "  UNION ALL SELECT 'd', d, id FROM one WHERE d IN (SELECT d FROM have))"                      \
    " SELECT e.kind AS kind, e.value AS value, r.ref AS ref FROM each e CROSS JOIN record r"       \
    " ON r.record_id = e.id;"
/* A value that more than `hub` records beside those of the scope have said nothing and says
 * nothing; what has it need not be asked, but so many must be shown that it is seen to be one. */
#define ASK_HELD                                                                                   \
    "INSERT OR IGNORE INTO temp.wide SELECT ref FROM temp.held WHERE (kind, value) NOT IN"         \
    " (SELECT kind, value FROM temp.held WHERE ref NOT IN (SELECT ref FROM temp.scope)"            \
    "  GROUP BY kind, value HAVING count(*) > (SELECT hub FROM temp.hub));"
#define SHOW_HELD                                                                                  \
    "INSERT OR IGNORE INTO temp.shown SELECT ref FROM (SELECT ref, row_number() OVER"              \
    " (PARTITION BY kind, value) AS n FROM temp.held) WHERE n <= (SELECT hub FROM temp.hub) + 1;"

/* By kind: what is wide besides the scope, and what is shown besides that, since it rests on it:
 * a record has one dealer, but several identifiers, and others may share another of them. */
static const struct {
    const char *name, *wide, *shown;
} KINDS[SCOPE_KINDS] = {
    [SCOPE_ALL] = {"everything", "", ""},
    [SCOPE_RELATED] = {"related", "", ""},
    [SCOPE_DEALER] = {"dealer", DEALER_SQL, ""},
    [SCOPE_IDENTIFIER] = {"identifier", HELD(VALUES_OF("scope") FORMER_VALUES) ASK_HELD,
                          HELD(VALUES_OF("wide")) SHOW_HELD},
};

gboolean scope_parse(const char *name, ScopeKind *kind)
{
    for (int i = SCOPE_RELATED; i < SCOPE_KINDS; i++)
        if (g_str_equal(KINDS[i].name, name)) {
            *kind = (ScopeKind)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean drop_copies(Store *store, GError **error)
{
    static const char *const own[] = {"wide", "shown", "held", "hub"};
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        g_string_append_printf(sql, "DROP TABLE IF EXISTS temp.%s;", own[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(SHOWN); i++)
        g_string_append_printf(sql, "DROP TABLE IF EXISTS temp.%s;", SHOWN[i].view);
    return sqlite_run(store->db, sql->str, "cannot drop copies of views", error);
}

gboolean store_drop_scope(Store *store, GError **error)
{
    return drop_copies(store, error) &&
           sqlite_run(store->db, "DROP TABLE IF EXISTS temp.scope", "cannot drop the scope", error);
}

gboolean store_widen_scope(Store *store, const ScopeAsk *ask, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "CREATE TEMP TABLE hub AS SELECT %" G_GUINT64_FORMAT
        " AS hub;" TABLE("wide") "INSERT INTO temp.wide SELECT ref FROM temp.scope;%s",
        MIN(ask->hub, G_MAXINT32), KINDS[ask->kind].wide);
    return drop_copies(store, error) && sqlite_run(store->db, sql, "cannot widen the scope", error);
}

/* Is it named, or what is made of it? */
static gboolean is_named(const char *view, const char *lower)
{
    return strstr(lower, view) || (g_str_equal(view, "purchases") && strstr(lower, "buyers"));
}

gboolean store_copy_scope(Store *store, const ScopeAsk *ask, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(ask->rules, -1);
    g_autoptr(GString) sql =
        g_string_new(TABLE("shown") "INSERT INTO temp.shown SELECT ref FROM temp.wide;");
    g_string_append(sql, KINDS[ask->kind].shown);
    for (gsize i = 0; i < G_N_ELEMENTS(SHOWN); i++) {
        const char *view = SHOWN[i].view, *const *column = SHOWN[i].columns;
        if (!is_named(view, lower))
            continue;
        if (*SHOWN[i].where)
            g_string_append_printf(sql, "CREATE TEMP TABLE %s AS SELECT * FROM main.%s%s;", view,
                                   view, SHOWN[i].where);
        else
            g_string_append_printf(sql, "CREATE TEMP TABLE %s AS %s;", view, view_select(view));
        for (; *column; column++)
            g_string_append_printf(sql, "CREATE INDEX temp.shown_%s_%s ON %s(\"%s\");", view,
                                   *column, view, *column);
    }
    return sqlite_run(store->db, sql->str, "cannot copy the scope", error);
}

gboolean store_set_scope(Store *store, const GPtrArray *refs, GError **error)
{
    static const char add[] = "INSERT OR IGNORE INTO temp.scope(ref) VALUES(?)";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (!store_drop_scope(store, error) ||
        !sqlite_run(store->db, TABLE("scope"), "cannot make the scope", error))
        return FALSE;
    if (sqlite3_prepare_v2(store->db, add, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot make the scope", error);
    for (guint i = 0; i < refs->len; i++) {
        statement_bind(stmt, "t", refs->pdata[i]);
        if (!store_run(store, stmt, error))
            return FALSE;
    }
    return TRUE;
}
