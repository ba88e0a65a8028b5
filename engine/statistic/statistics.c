/*
 * Statistics of firearms, as rows: `stats --by ...`, `--corridors`, `--clearance`. Aggregates over
 * the documented views alone; a count below the threshold of rules/statistics.ini is left empty
 * (a corridor is told of a county or a state instead), so that no cell points at a person, and with
 * it what would tell it (hide.c). ?1 is that threshold, ?2 the as-of day. Every order is
 * total, and none of it tells a count that is hidden. Confidential sources count nowhere.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/query/select.h"
#include "engine/statistic/hide.h"
#include "engine/statistic/statistic.h"
#include "engine/store/result.h"
#include "engine/store/schema.h"

#define COUNT(name)                                                                                \
    {                                                                                              \
        {name, COLUMN_NUMBER}, 0                                                                   \
    }
#define TEXT(name, type)                                                                           \
    {                                                                                              \
        {name, type}, SELECT_AS_IS                                                                 \
    }

/* How many different firearms of each value were seized at the border, recovered in Canada, or
 * recovered elsewhere; events: a SELECT of value, firearm and what (S, R, E). */
#define BY(events, order)                                                                          \
    "WITH event(value, firearm, what) AS (" events "), counted AS ("                               \
    "SELECT value, count(DISTINCT iif(what = 'S', firearm, NULL)) AS s,"                           \
    " count(DISTINCT iif(what = 'R', firearm, NULL)) AS r,"                                        \
    " count(DISTINCT iif(what = 'E', firearm, NULL)) AS e FROM event"                              \
    " WHERE value IS NOT NULL GROUP BY value) "                                                    \
    "SELECT value, s, r, e FROM counted ORDER BY " order

/* The trace of a seized firearm tells its seizure again, as a recovery. */
#define WHAT                                                                                       \
    "CASE WHEN f.event_type = 'SEIZED' THEN 'S' WHEN EXISTS (SELECT 1 FROM seizures s"             \
    " WHERE s.firearm = f.firearm) THEN NULL WHEN f.country = 'CAN' THEN 'R' ELSE 'E' END"

#define FIREARM_EVENTS(value)                                                                      \
    "SELECT " value ", f.firearm, " WHAT " FROM firearms f"                                        \
    " WHERE f.event_type IN ('SEIZED', 'RECOVERED')"

#define PURCHASE_EVENTS(value)                                                                     \
    "SELECT " value ", f.firearm, " WHAT " FROM purchases p JOIN firearms f ON f.firearm ="        \
    " p.firearm WHERE f.event_type IN ('SEIZED', 'RECOVERED') AND f.event_date >= p.purchase_date"

/* ATF's bins: 3, 7 and 12 months, then years. */
#define TTC_BIN                                                                                    \
    "CASE WHEN p.ttc_days < 91 THEN '0-90 days' WHEN p.ttc_days < 213 THEN '3-7 months'"           \
    " WHEN p.ttc_days < 365 THEN '7-12 months' WHEN p.ttc_days < 730 THEN '1-2 years'"             \
    " WHEN p.ttc_days < 1095 THEN '2-3 years' WHEN p.ttc_days >= 1095 THEN '3 years and more' END"

#define TTC_ORDER                                                                                  \
    "instr('0-90 days,3-7 months,7-12 months,1-2 years,2-3 years,3 years and more', value)"

static const SelectColumn by_columns[] = {TEXT("value", COLUMN_DATA), COUNT("seized"),
                                          COUNT("recovered_in_canada"),
                                          COUNT("recovered_elsewhere")};

/* Firearms bought in the US that came up in Canada, by dealer, by county and by state; the
 * destination is the office of a seizure or the province of a recovery. A trend is told where the
 * last two years hold enough. */
#define STATE_KEY  "'state' || char(10) || state"
#define COUNTY_KEY "'county' || char(10) || state || char(10) || county"
#define LEVEL(name, source, dealer, self, parent)                                                  \
    "SELECT '" name "' AS level, " source " AS source, " dealer " AS dealer, destination,"         \
    " firearm, ttc, day, " self " AS self, " parent " AS parent"                                   \
    " FROM moved WHERE " source " IS NOT NULL"

#define SAME_CELL "PARTITION BY level, source, dealer, destination, self, parent"

/* clang-format off */
static const char CORRIDORS_SQL[] =
    "WITH moved AS MATERIALIZED (SELECT p.ffl_state AS state, p.ffl_county AS county,"
    " p.rds_key AS rds_key, ifnull(s.office_code, ifnull(s.office_name, f.region)) AS destination,"
    " p.firearm AS firearm, min(p.ttc_days) AS ttc, min(f.event_date) AS day"
    " FROM purchases p JOIN firearms f ON f.record = p.recovered_record"
    " LEFT JOIN seizures s ON s.record = f.record"
    " WHERE f.country = 'CAN' GROUP BY 1, 2, 3, 4, 5),"
    " cell AS ("
    LEVEL("dealer", "ifnull(county, state)", "rds_key", "NULL", "ifnull(" COUNTY_KEY ", "
    STATE_KEY ")") " AND rds_key IS NOT NULL UNION ALL "
    LEVEL("county", "county", "NULL", COUNTY_KEY, STATE_KEY) " UNION ALL "
    LEVEL("state", "state", "NULL", STATE_KEY, "NULL") "),"
    " ranked AS (SELECT *, row_number() OVER (" SAME_CELL " ORDER BY ttc IS NULL, ttc, firearm)"
    " AS place, count(ttc) OVER (" SAME_CELL ") AS known FROM cell"
    " WHERE destination IS NOT NULL),"
    " counted AS (SELECT level, source, dealer, destination, self, parent, count(DISTINCT firearm) AS n,"
    " avg(iif(place IN ((known + 1) / 2, (known + 2) / 2), ttc, NULL)) AS median,"
    " sum(day > date(?2, '-1 year')) AS last,"
    " sum(day > date(?2, '-2 years') AND day <= date(?2, '-1 year')) AS before"
    " FROM ranked GROUP BY level, source, dealer, destination, self, parent)"
    " SELECT level, source, dealer, destination, n, median, CASE WHEN last + before < ?1 THEN NULL"
    " WHEN last >= 1.5 * before THEN 'rising' WHEN before >= 1.5 * last THEN 'falling'"
    " ELSE 'steady' END, self, parent FROM counted"
    " ORDER BY instr('state,county,dealer', level), n DESC, source, dealer, destination, parent";
/* clang-format on */

static const SelectColumn corridor_columns[] = {
    TEXT("level", COLUMN_OWN),        TEXT("source", COLUMN_DATA), TEXT("dealer", COLUMN_DATA),
    TEXT("destination", COLUMN_DATA), COUNT("firearms"),           COUNT("median_ttc_days"),
    TEXT("trend", COLUMN_OWN)};

/* What became of the firearms that came up in Canada; each step says of what it is a share. */
#define STEP(number, step, condition, of, whole)                                                   \
    "SELECT " number " AS place, source, '" step "' AS step, sum(" condition ") AS n, '" of        \
    "' AS of_step, sum(" whole ") AS whole FROM gun GROUP BY source"

/* clang-format off */
static const char CLEARANCE_SQL[] =
    "WITH found AS (SELECT iif(event_type = 'SEIZED', 'seized at the border',"
    " 'recovered in Canada') AS source, firearm, record FROM firearms WHERE country = 'CAN'"
    " AND (event_type = 'SEIZED' OR (event_type = 'RECOVERED' AND firearm NOT IN"
    " (SELECT firearm FROM seizures)))),"
    " gun AS MATERIALIZED (SELECT source, firearm,"
    " max(EXISTS (SELECT 1 FROM record r WHERE r.ref = found.record AND"
    " r.trace_requested = 'Y')) AS asked,"
    " EXISTS (SELECT 1 FROM firearms t WHERE t.firearm = found.firearm AND t.kind = 'atf-trace')"
    " AS traced,"
    " EXISTS (SELECT 1 FROM purchases p WHERE p.firearm = found.firearm AND p.last IS NOT NULL)"
    " AS bought FROM found GROUP BY source, firearm),"
    " step AS ("
    STEP("1", "firearms", "1", "firearms", "1") " UNION ALL "
    STEP("2", "trace requested", "asked OR traced", "firearms", "1") " UNION ALL "
    STEP("3", "traced", "traced", "trace requested", "asked OR traced") " UNION ALL "
    STEP("4", "traced to a purchaser", "bought", "traced", "traced") " UNION ALL "
    STEP("5", "never traced", "NOT traced", "firearms", "1") ")"
    " SELECT source, step, n, of_step, whole, iif(whole < ?1, NULL, 1.0 * n / whole)"
    " FROM step ORDER BY source DESC, place";
/* clang-format on */

static const SelectColumn clearance_columns[] = {
    TEXT("population", COLUMN_OWN), TEXT("step", COLUMN_OWN), COUNT("firearms"),
    TEXT("of", COLUMN_OWN),         COUNT("whole"),           {{"share", COLUMN_NUMBER}, 3}};

static const Column disclaimer_column = {"disclaimer", COLUMN_OWN};

#define BY_SELECT(events, order)                                                                   \
    {                                                                                              \
        BY(events, order), by_columns, G_N_ELEMENTS(by_columns)                                    \
    }

typedef struct {
    const char *name;
    Select select;
    guint offices; /* column of office codes, counted from 1; 0: none */
    StatisticHide hide;
    guint sized; /* in the order of the sum of so many counts, the largest first; 0: as it is */
} Statistic;

static const Statistic statistics[] = {
    {"month", BY_SELECT(FIREARM_EVENTS("substr(f.event_date, 1, 7)"), "value"), 0,
     statistic_hide_counts, 0},
    {"port",
     BY_SELECT("SELECT ifnull(office_code, office_name), firearm, 'S' FROM seizures", "value"), 1,
     statistic_hide_counts, 1},
    {"state", BY_SELECT(PURCHASE_EVENTS("p.ffl_state"), "value"), 0, statistic_hide_counts, 2},
    {"make", BY_SELECT(FIREARM_EVENTS("f.make"), "value"), 0, statistic_hide_counts, 2},
    {"ttc", BY_SELECT(PURCHASE_EVENTS(TTC_BIN), TTC_ORDER), 0, statistic_hide_counts, 0},
    {"corridors",
     {CORRIDORS_SQL, corridor_columns, G_N_ELEMENTS(corridor_columns)},
     4,
     statistic_hide_corridors,
     0},
    {"clearance",
     {CLEARANCE_SQL, clearance_columns, G_N_ELEMENTS(clearance_columns)},
     0,
     statistic_hide_clearance,
     0},
};

gboolean statistic_limits_load(const char *rules_dir, StatisticLimits *limits, GError **error)
{
    static const char *const groups[] = {"cells", NULL}, *const keys[] = {"min", NULL};
    g_autofree char *path = g_build_filename(rules_dir, "statistics.ini", NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    double least = 0;
    if (!ini)
        return FALSE;
    for (const char *const *group = ini_groups(ini); *group; group++)
        if (!g_strv_contains(groups, *group))
            return ini_error(ini, *group, NULL, error, "unknown group [%s]", *group);
    if (!ini_only_keys(ini, "cells", keys, error) || !ini_need(ini, "cells", "min", error) ||
        !ini_number(ini, "cells", "min", 1, 1000, 5, &least, error))
        return FALSE;
    limits->least = (guint)least;
    return TRUE;
}

typedef struct {
    const Statistic *statistic;
    const StatisticLimits *limits;
    RowSink *sink;
    guint suppressed;
} Passing;

static StatisticRow *take_row(const Select *select, sqlite3_stmt *row)
{
    StatisticRow *taken = g_new0(StatisticRow, 1);
    for (guint i = 0; i < select->n; i++) {
        taken->cell[i] = select_cell(select, row, i);
        taken->count[i] = (guint64)sqlite3_column_int64(row, (int)i);
    }
    if (sqlite3_column_count(row) == (int)select->n + 2) {
        taken->self = g_strdup((const char *)sqlite3_column_text(row, (int)select->n));
        taken->parent = g_strdup((const char *)sqlite3_column_text(row, (int)select->n + 1));
    }
    return taken;
}

static GPtrArray *count(Store *store, const Passing *passing, GError **error)
{
    const StatisticLimits *limits = passing->limits;
    const Select *select = &passing->statistic->select;
    sqlite3 *db = store_handle(store);
    sqlite3_stmt *row = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)statistic_row_free);
    int status = sqlite3_prepare_v2(db, select->sql, -1, &row, NULL);
    if (status == SQLITE_OK) {
        sqlite3_bind_int(row, 1, (int)limits->least);
        sqlite3_bind_text(row, 2, limits->as_of, -1, SQLITE_STATIC);
        while ((status = sqlite3_step(row)) == SQLITE_ROW)
            g_ptr_array_add(rows, take_row(select, row));
    }
    sqlite3_finalize(row);
    if (status == SQLITE_DONE)
        return g_steal_pointer(&rows);
    sqlite_error(db, "cannot count", error);
    return NULL;
}

/* By what is told of them alone; stable, so that equal ones stay in the order of their values. */
static gint compare_sizes(gconstpointer a, gconstpointer b, gpointer data)
{
    const StatisticRow *rows[] = {*(StatisticRow *const *)a, *(StatisticRow *const *)b};
    guint64 sum[2] = {0, 0};
    for (guint side = 0; side < 2; side++)
        for (guint i = 1; i <= GPOINTER_TO_UINT(data); i++)
            sum[side] += rows[side]->hidden[i] ? 0 : rows[side]->count[i];
    return (sum[0] < sum[1]) - (sum[0] > sum[1]);
}

static const char *office_name(const StatisticLimits *limits, const char *code)
{
    const CodeTable *offices = limits->codes ? code_table(limits->codes, "offices") : NULL;
    return offices && code ? code_label(offices, code, limits->lang) : code;
}

/* A row that tells no count is left out. */
static gboolean send_row(Passing *passing, const StatisticRow *row, GError **error)
{
    const Select *select = &passing->statistic->select;
    g_autofree const char **texts = g_new0(const char *, select->n + 1);
    gboolean told = FALSE;
    texts[select->n] = passing->limits->disclaimer;
    for (guint i = 0; i < select->n && !row->out; i++) {
        const char *cell = row->hidden[i] ? NULL : row->cell[i];
        gboolean is_count = select->columns[i].decimals == 0;
        texts[i] = i + 1 == passing->statistic->offices ? office_name(passing->limits, cell) : cell;
        passing->suppressed += is_count && row->hidden[i];
        told |= is_count && cell && strcmp(cell, "0") != 0;
    }
    return !told || passing->sink->row(passing->sink, texts, error);
}

static gboolean run(Store *store, Passing *passing, GError **error)
{
    const Statistic *statistic = passing->statistic;
    g_autoptr(GPtrArray) rows =
        store_hide_confidential(store, error) ? count(store, passing, error) : NULL;
    if (!rows)
        return FALSE;
    statistic->hide(rows, passing->limits->least);
    if (statistic->sized)
        g_ptr_array_sort_with_data(rows, compare_sizes, GUINT_TO_POINTER(statistic->sized));
    for (guint i = 0; i < rows->len; i++)
        if (!send_row(passing, rows->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* The statistic's columns, and the disclaimer's when rows carry it. */
static gboolean begin(const Passing *passing, GError **error)
{
    const Select *select = &passing->statistic->select;
    g_autofree Column *columns = g_new0(Column, select->n + 1);
    for (guint i = 0; i < select->n; i++)
        columns[i] = select->columns[i].column;
    columns[select->n] = disclaimer_column;
    return passing->sink->begin(passing->sink, columns,
                                select->n + (passing->limits->disclaimer != NULL), error);
}

static const Statistic *find(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(statistics); i++)
        if (g_str_equal(statistics[i].name, name))
            return &statistics[i];
    return NULL;
}

gboolean statistic_count(Store *store, const char *name, StatisticLimits *limits, RowSink *sink,
                         GError **error)
{
    Passing passing = {find(name), limits, sink, 0};
    if (!passing.statistic)
        return error_set(error, STATUS_USAGE, "no statistic '%s'; month, port, state, make, ttc",
                         name);
    if (!begin(&passing, error) || !run(store, &passing, error))
        return FALSE;
    limits->suppressed = passing.suppressed;
    return sink->end(sink, error);
}
