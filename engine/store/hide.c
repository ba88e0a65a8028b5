/*
 * Takes the records of a confidential source out of sight of one connection: temporary tables and
 * views of the names of the tables that the documented views are made of, then those views anew
 * over them. SQLite looks a name up among temporary ones first, so a query knows nothing of it.
 * Groups and persons that are named by such a record are named by the smallest of the others.
 */
#include "engine/store/db.h"
#include "engine/store/result.h"

static const char HIDDEN_SQL[] =
    "CREATE TEMP TABLE hidden(record_id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE);"
    "INSERT INTO temp.hidden SELECT record_id, ref FROM main.record "
    "WHERE confidential_source = 'Y';";

#define IS_OPEN(column) column " NOT IN (SELECT ref FROM temp.hidden)"

/* Mentions are seen through their records alone and need no view. */
static const char SHADOW_SQL[] =
    "CREATE TEMP VIEW record AS SELECT * FROM main.record WHERE confidential_source IS NOT 'Y';"
    "CREATE TEMP TABLE firearm AS SELECT * FROM main.firearm "
    "WHERE record_id NOT IN (SELECT record_id FROM temp.hidden);"
    "CREATE UNIQUE INDEX temp.firearm_record ON firearm(record_id);"
    "CREATE INDEX temp.firearm_group ON firearm(group_id);"
    "UPDATE temp.firearm AS f SET group_id = (SELECT r.record_id FROM main.firearm m "
    " JOIN main.record r USING (record_id) WHERE m.group_id = f.group_id "
    " AND r.confidential_source IS NOT 'Y' ORDER BY r.ref LIMIT 1) "
    "WHERE group_id IN (SELECT record_id FROM temp.hidden);"
    "CREATE TEMP TABLE person AS SELECT * FROM main.person "
    "WHERE record_id NOT IN (SELECT record_id FROM temp.hidden);"
    "CREATE UNIQUE INDEX temp.person_role ON person(record_id, role);"
    "CREATE INDEX temp.person_entity ON person(entity);"
    "UPDATE temp.person AS p SET entity = (SELECT min(r.ref || ':' || m.role) FROM main.person m "
    " JOIN main.record r USING (record_id) WHERE m.entity = p.entity "
    " AND r.confidential_source IS NOT 'Y') "
    "WHERE EXISTS (SELECT 1 FROM temp.hidden h WHERE p.entity >= h.ref || ':' "
    " AND p.entity < h.ref || ';');"
    "CREATE TEMP VIEW link AS SELECT * FROM main.link WHERE " IS_OPEN("\"left\"") " AND " IS_OPEN(
        "\"right\"") ";"
                     "CREATE TEMP VIEW marker AS SELECT * FROM main.marker WHERE " IS_OPEN(
                         "record") ";"
                                   "CREATE TEMP VIEW edge AS SELECT edge_id, \"left\", \"right\", "
                                   "kind, date, weight, "
                                   " iif(EXISTS (SELECT 1 FROM temp.hidden h WHERE value >= h.ref "
                                   "|| ':' "
                                   "  AND value < h.ref || ';'), NULL, value) AS value "
                                   "FROM main.edge WHERE " IS_OPEN("\"left\"") " AND " IS_OPEN(
                                       "\"right\"") ";";

static gboolean any_hidden(Store *store, gboolean *any, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(store->db, "SELECT EXISTS (SELECT 1 FROM temp.hidden)", -1, &stmt,
                           NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(store->db, "cannot look for confidential sources", error);
    *any = sqlite3_column_int(stmt, 0) != 0;
    return TRUE;
}

gboolean store_hide_confidential(Store *store, GError **error)
{
    gboolean any = FALSE;
    if (!sqlite_run(store->db, HIDDEN_SQL, "cannot hide confidential sources", error) ||
        !any_hidden(store, &any, error))
        return FALSE;
    return !any || (sqlite_run(store->db, SHADOW_SQL, "cannot hide confidential sources", error) &&
                    views_shadow(store->db, error));
}
