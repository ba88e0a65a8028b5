/*
 * What people decided, as rows: on pairs, with what is new since, and what is suppressed. Only
 * what is in force, and suppressions that are over.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/query/select.h"

static const Column pair_columns[] = {{"verdict", COLUMN_OWN},   {"left", COLUMN_DATA},
                                      {"right", COLUMN_DATA},    {"time", COLUMN_OWN},
                                      {"actor", COLUMN_DATA},    {"reason", COLUMN_DATA},
                                      {"new_since", COLUMN_DATA}};

gboolean query_decisions(Store *store, JudgementType type, const char *as_of, RowSink *sink,
                         GError **error)
{
    g_autoptr(GPtrArray) found = judgement_in_force(store, type, as_of, error);
    if (!found || !sink->begin(sink, pair_columns, G_N_ELEMENTS(pair_columns), error))
        return FALSE;
    for (guint i = 0; i < found->len; i++) {
        const Judgement *one = found->pdata[i];
        GError *problem = NULL;
        g_autofree char *now = seen_of_pair(store, type, one->left, one->right, &problem);
        if (problem) {
            g_propagate_error(error, problem);
            return FALSE;
        }
        g_autofree char *news = now && *one->evidence ? seen_news(now, one->evidence) : NULL;
        const char *cells[] = {verdict_name(one->verdict),
                               one->left,
                               one->right,
                               one->time,
                               one->actor,
                               one->reason,
                               news};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return sink->end(sink, error);
}

static const SelectColumn suppression_columns[] = {
    {{"rule", COLUMN_OWN}, SELECT_AS_IS},   {{"value", COLUMN_DATA}, SELECT_AS_IS},
    {{"owner", COLUMN_DATA}, SELECT_AS_IS}, {{"reason", COLUMN_DATA}, SELECT_AS_IS},
    {{"since", COLUMN_OWN}, SELECT_AS_IS},  {{"expires", COLUMN_OWN}, SELECT_AS_IS},
    {{"state", COLUMN_OWN}, SELECT_AS_IS},
};

typedef struct {
    const Select *select;
    RowSink *sink;
} Passing;

static gboolean pass_suppression(sqlite3_stmt *row, gpointer data, GError **error)
{
    const Passing *passing = data;
    char *cells[G_N_ELEMENTS(suppression_columns)];
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        cells[i] = select_cell(passing->select, row, i);
    gboolean ok = passing->sink->row(passing->sink, (const char *const *)cells, error);
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        g_free(cells[i]);
    return ok;
}

typedef struct {
    Suppressions *suppressions;
    const char *rule;
    gboolean any;
} Silenced;

static gboolean see_hit(sqlite3_stmt *row, gpointer data, GError **error)
{
    Silenced *silenced = data;
    (void)error;
    silenced->any |= suppressions_hold(silenced->suppressions, silenced->rule,
                                       (const char *)sqlite3_column_text(row, 0),
                                       (const char *)sqlite3_column_text(row, 1));
    return TRUE;
}

gboolean query_silenced(Store *store, const char *rule, const char *as_of, gboolean *any,
                        GError **error)
{
    g_autoptr(Suppressions) suppressions = suppressions_read(store, as_of, error);
    Silenced silenced = {suppressions, rule, FALSE};
    if (!suppressions || !select_walk(store,
                                      "SELECT subject, record FROM indicator"
                                      " WHERE indicator = ?1",
                                      rule, see_hit, &silenced, error))
        return FALSE;
    *any = silenced.any;
    return TRUE;
}

gboolean query_suppressions(Store *store, const char *as_of, RowSink *sink, GError **error)
{
    static const Select select = {
        "SELECT \"left\", \"right\", actor, reason, time, expires,"
        " CASE WHEN expires = '' OR expires >= substr(?1, 1, 10) THEN 'in force' ELSE 'over' END"
        " FROM judgement WHERE judgement_id IN (SELECT max(judgement_id) FROM judgement WHERE"
        " type = 'rule' GROUP BY \"left\", \"right\") AND verdict <> 'revoked' ORDER BY 1, 2",
        suppression_columns, G_N_ELEMENTS(suppression_columns)};
    Passing passing = {&select, sink};
    return select_begin(&select, sink, error) &&
           select_walk(store, select.sql, as_of, pass_suppression, &passing, error) &&
           sink->end(sink, error);
}
