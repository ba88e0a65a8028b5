/*
 * What is in the store, counted: name,value rows for `stats`. One statement, its parts in a fixed
 * order; nothing is read but counts. What is of a confidential source counts nowhere: a sum
 * that others do not add up to would tell that there is some.
 */
#include "engine/query/select.h"
#include "engine/statistic/statistic.h"
#include "engine/store/result.h"

static const SelectColumn count_columns[] = {{{"name", COLUMN_OWN}, SELECT_AS_IS},
                                             {{"value", COLUMN_NUMBER}, SELECT_AS_IS}};

/* Each part counts one thing; the first column orders the parts, the names order within one. */
static const Select counts = {
    "SELECT name, value FROM ("
    "SELECT 1 AS part, 'files' AS name, count(*) AS value FROM file "
    "UNION ALL SELECT 2, 'records ' || kind, count(*) FROM record GROUP BY kind "
    "UNION ALL SELECT 3, type || 's', count(*) FROM remark WHERE ref IS NULL OR ref NOT IN "
    "(SELECT ref FROM temp.hidden) GROUP BY type "
    "UNION ALL SELECT 4, 'person mentions', count(*) FROM mention WHERE record_id IN "
    "(SELECT record_id FROM record) "
    "UNION ALL SELECT 5, 'entities', count(DISTINCT entity) FROM person "
    "UNION ALL SELECT 6, rtrim('links ' || kind || ' ' || tier), count(*) FROM link GROUP BY kind, "
    "tier "
    "UNION ALL SELECT 7, 'markers ' || category, count(*) FROM marker GROUP BY category "
    "UNION ALL SELECT 8, 'edges ' || kind, count(*) FROM edge GROUP BY kind "
    "UNION ALL SELECT 9, 'indicators ' || indicator, count(DISTINCT subject) FROM indicator "
    "WHERE (indicator, subject) NOT IN (SELECT i.indicator, i.subject FROM temp.hidden h "
    "JOIN indicator i ON i.record = h.ref) GROUP BY indicator "
    "UNION ALL SELECT 10, 'leads ' || status, count(*) FROM lead WHERE live = 1 "
    "AND lead_id NOT IN (SELECT m.lead_id FROM temp.hidden h JOIN lead_record m ON m.record = "
    "h.ref) GROUP BY status"
    ") ORDER BY part, name",
    count_columns, G_N_ELEMENTS(count_columns)};

gboolean statistic_totals(Store *store, RowSink *sink, GError **error)
{
    return store_hide_confidential(store, error) && select_rows(store, &counts, sink, error);
}
