/*
 * The chain of a firearm and the way between two records, over the documented views and the edges
 * of engine/graph.
 */
#include "engine/query/chain.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/base/text.h"
#include "engine/graph/graph.h"
#include "engine/graph/route.h"
#include "engine/query/marking.h"
#include "engine/query/select.h"
#include "engine/store/result.h"

#define TIES_MAX   20 /* other firearms that are followed from one */
#define PATH_HUB   200
#define PATH_NODES 20000

static const Column columns[] = {
    {"level", COLUMN_NUMBER},  {"step", COLUMN_OWN},    {"date", COLUMN_OWN},
    {"what", COLUMN_DATA},     {"record", COLUMN_DATA}, {"weight", COLUMN_NUMBER},
    {"handling", COLUMN_DATA},
};

enum { LEVEL, STEP, DATE, WHAT, RECORD, WEIGHT, HANDLING, COLUMNS };

typedef struct {
    Store *store;
    RowSink *sink;
    Lang lang;
    guint level, depth;
    GHashTable *seen;    /* firearms that were drawn */
    GPtrArray *ties;     /* of Tie: to be followed from the firearm that is drawn */
    double weakest;      /* weight of the weakest link so far; above 1: there was none */
    char *weakest_names; /* "same-person A = B" */
} Chain;

typedef struct {
    char *kind, *record, *firearm, *from;
    double weight;
} Tie;

static void tie_free(gpointer data)
{
    Tie *tie = data;
    g_free(tie->kind);
    g_free(tie->record);
    g_free(tie->firearm);
    g_free(tie->from);
    g_free(tie);
}

/* A step in the reader's language; one that the table has not stays as it is. */
static const char *step_in(const char *step, Lang lang)
{
    static const MessageId steps[] = {
        MSG_CHAIN_FIREARM,         MSG_CHAIN_DEALER,        MSG_CHAIN_STOLEN_FROM,
        MSG_CHAIN_REPORTED_STOLEN, MSG_CHAIN_REPORTED_LOST, MSG_CHAIN_PURCHASER,
        MSG_CHAIN_SHIPPER,         MSG_CHAIN_POSSESSOR,     MSG_CHAIN_ASSOCIATE,
        MSG_CHAIN_TRAVELLER,       MSG_CHAIN_CONSIGNEE,     MSG_CHAIN_BORDER,
        MSG_CHAIN_RECOVERY,        MSG_CHAIN_SAME_FIREARM,  MSG_CHAIN_SAME_PERSON,
        MSG_CHAIN_SAME_CASE,       MSG_CHAIN_SAME_ADDRESS,  MSG_CHAIN_SAME_VEHICLE,
        MSG_CHAIN_SAME_CONSIGNEE,  MSG_CHAIN_MORE,          MSG_CHAIN_WEAKEST};
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        if (g_strcmp0(step, message(steps[i], LANG_EN)) == 0)
            return message(steps[i], lang);
    return step;
}

static gboolean send_row(const Chain *chain, guint level, const char *cells[COLUMNS], double weight,
                         GError **error)
{
    g_autofree char *depth = g_strdup_printf("%u", level);
    g_autofree char *probability = weight <= 1 ? text_number(weight, 6) : NULL;
    cells[LEVEL] = depth;
    cells[STEP] = step_in(cells[STEP], chain->lang);
    cells[WEIGHT] = probability;
    return chain->sink->row(chain->sink, cells, error);
}

static const char *cell(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static void note_weakest(Chain *chain, double weight, const char *kind, const char *a,
                         const char *b)
{
    if (weight >= chain->weakest)
        return;
    chain->weakest = weight;
    g_free(chain->weakest_names);
    chain->weakest_names = g_strdup_printf("%s %s = %s", step_in(kind, chain->lang), a, b);
}

/* ---- one firearm ------------------------------------------------------------------------ */

/* Every record of the firearm of ?1, which is one itself, with the surest link to another of them;
 * a record that was no observation of a firearm stands alone. */
#define MEMBERS                                                                                    \
    "WITH member AS MATERIALIZED (SELECT ?1 AS record UNION SELECT g.record FROM firearms f "      \
    "JOIN firearms g ON g.firearm = f.firearm WHERE f.record = ?1) "

#define NAME(p) "ifnull(" p ".last || ifnull(', ' || " p ".first, ''), " p ".organisation)"

static const char HEAD_SQL[] =
    "SELECT trim(ifnull(f.make, '') || ' ' || ifnull(f.model, '') || ' ' || "
    "coalesce(f.serial, f.serial_pattern, '')), " HANDLING_OF(
        "?1") ", f.firearm "
              "FROM markings m LEFT JOIN firearms f USING (record) WHERE m.record = ?1";

/* Each: date, rank, step, what, record, and the key by which what two records tell alike is told
 * once. */
#define DEALERS_SQL                                                                                \
    "SELECT p.purchase_date AS date, 1 AS rank, 'dealer' AS step, ifnull(p.ffl_name, '') || "      \
    "ifnull(', ' || p.ffl_city, '') || ifnull(' ' || p.ffl_state, '') || ' (' || p.rds_key || "    \
    "')' AS what, p.record AS record, p.rds_key AS key "                                           \
    "FROM member JOIN purchases p USING (record) WHERE p.rds_key IS NOT NULL "                     \
    "UNION ALL SELECT NULL, 1, 'stolen from dealer', trim(ifnull(d.name, '') || "                  \
    "ifnull(', ' || d.city, '') || ifnull(' ' || d.state, '') || ' (' || f.rds_key || ')'), "      \
    "f.record, f.rds_key FROM member JOIN firearms f USING (record) "                              \
    "LEFT JOIN dealers d ON d.rds_key = f.rds_key "                                                \
    "WHERE f.disposition = 'STL' AND f.rds_key IS NOT NULL "                                       \
    "UNION ALL SELECT f.event_date, 3, iif(f.event_type = 'LOST', 'reported lost', "               \
    "'reported stolen'), trim(ifnull(f.city, '') || ifnull(' ' || f.region, '') || "               \
    "ifnull(' ' || f.country, '')), f.record, f.record FROM member JOIN firearms f "               \
    "USING (record) WHERE f.event_type IN ('STOLEN', 'LOST') "

#define PEOPLE_SQL                                                                                 \
    "SELECT ifnull(iif(m.role = 'purchaser', p.purchase_date, f.event_date), f.request_date), "    \
    "CASE m.role WHEN 'purchaser' THEN 2 WHEN 'shipper' THEN 3 WHEN 'possessor' THEN 4 "           \
    "WHEN 'associate' THEN 5 WHEN 'traveller' THEN 6 ELSE 7 END, m.role, " NAME(                   \
        "m") " || "                                                                                \
             "ifnull(' ' || m.dob, ''), m.record, ifnull(m.person, m.mention) "                    \
             "FROM member JOIN people m USING (record) LEFT JOIN firearms f USING (record) "       \
             "LEFT JOIN purchases p USING (record) WHERE " NAME(                                   \
                 "m") " IS NOT NULL "                                                              \
                      "AND NOT (m.role = 'purchaser' AND f.disposition IS 'STL') "

#define SEIZURES_SQL                                                                               \
    "SELECT s.date, 8, 'border', ifnull(s.office_name, s.office_code) || "                         \
    "ifnull(', ' || lower(s.mode), '') || ifnull(', seizure ' || s.seizure_no, ''), s.record, "    \
    "s.record FROM member JOIN seizures s USING (record) "

#define RECOVERIES_SQL                                                                             \
    "SELECT r.date, 9, 'recovery', ifnull(r.city, '') || ifnull(' ' || r.region, '') || "          \
    "ifnull(' ' || r.country, ''), r.record, ifnull(r.city, '') || ifnull(r.region, '') "          \
    "FROM member JOIN recoveries r USING (record) "                                                \
    "WHERE coalesce(r.date, r.city, r.region) IS NOT NULL"

/* Steps of one day stand in the order of a sale and a journey: by rank. */
static const char STEPS_SQL[] = MEMBERS "SELECT date, step, what, first, " HANDLING_OF(
    "first") " FROM ("
             "SELECT date, rank, step, max(what) AS what, min(record) AS first FROM (" DEALERS_SQL
             "UNION ALL " PEOPLE_SQL "UNION ALL " SEIZURES_SQL "UNION ALL " RECOVERIES_SQL
             ") GROUP BY date, rank, step, key) ORDER BY date IS NULL, date, rank, what";

static gboolean take_step(sqlite3_stmt *row, gpointer data, GError **error)
{
    const Chain *chain = data;
    const char *cells[COLUMNS] = {[STEP] = cell(row, 1),
                                  [DATE] = cell(row, 0),
                                  [WHAT] = cell(row, 2),
                                  [RECORD] = cell(row, 3),
                                  [HANDLING] = cell(row, 4)};
    return send_row(chain, chain->level + 1, cells, 2, error);
}

/* Links inside the firearm: only they can be weak. */
static const char LINKS_SQL[] = MEMBERS
    "SELECT \"left\", \"right\", weight FROM edges WHERE kind = 'same-firearm' AND \"left\" IN "
    "(SELECT record FROM member) ORDER BY weight, \"left\", \"right\" LIMIT 1";

static gboolean take_link(sqlite3_stmt *row, gpointer data, GError **error)
{
    (void)error;
    note_weakest(data, sqlite3_column_double(row, 2), "same-firearm", cell(row, 0), cell(row, 1));
    return TRUE;
}

/* The surest tie to each other firearm (or record without one). */
static const char TIES_SQL[] = MEMBERS
    ", tie AS (SELECT e.kind AS kind, e.weight AS weight, e.\"left\" AS here, e.\"right\" AS there "
    "FROM member JOIN edges e ON e.\"left\" = member.record UNION ALL SELECT e.kind, e.weight, "
    "e.\"right\", e.\"left\" FROM member JOIN edges e ON e.\"right\" = member.record) "
    "SELECT tie.kind, there, ifnull(f.firearm, there), max(weight), min(here) FROM tie LEFT JOIN "
    "firearms f ON f.record = there WHERE tie.kind <> 'same-firearm' AND weight >= " G_STRINGIFY(
        GATHER_WEIGHT) " AND there "
                       "NOT "
                       "IN (SELECT record FROM member) GROUP BY 3 ORDER BY 4 DESC, 3";

static gboolean take_tie(sqlite3_stmt *row, gpointer data, GError **error)
{
    Chain *chain = data;
    (void)error;
    if (g_hash_table_contains(chain->seen, cell(row, 2)))
        return TRUE;
    Tie *tie = g_new0(Tie, 1);
    *tie = (Tie){g_strdup(cell(row, 0)), g_strdup(cell(row, 1)), g_strdup(cell(row, 2)),
                 g_strdup(cell(row, 4)), sqlite3_column_double(row, 3)};
    g_ptr_array_add(chain->ties, tie);
    return TRUE;
}

/* ---- the tree --------------------------------------------------------------------------- */

typedef struct {
    char *what, *handling, *firearm;
} Head;

static gboolean take_head(sqlite3_stmt *row, gpointer data, GError **error)
{
    Head *head = data;
    (void)error;
    *head = (Head){g_strdup(cell(row, 0)), g_strdup(cell(row, 1)), g_strdup(cell(row, 2))};
    return TRUE;
}

/* The line that stands for a firearm: how it is tied to the one before, and what it is. */
static gboolean send_head(Chain *chain, const char *ref, const Tie *tie, GError **error)
{
    Head head = {NULL, NULL, NULL};
    gboolean ok = select_walk(chain->store, HEAD_SQL, ref, take_head, &head, error);
    g_hash_table_add(chain->seen, g_strdup(head.firearm ? head.firearm : ref));
    const char *cells[COLUMNS] = {[STEP] = tie ? tie->kind : message(MSG_CHAIN_FIREARM, LANG_EN),
                                  [WHAT] = head.what,
                                  [RECORD] = ref,
                                  [HANDLING] = head.handling};
    ok = ok && send_row(chain, chain->level, cells, tie ? tie->weight : 2, error);
    g_free(head.what);
    g_free(head.handling);
    g_free(head.firearm);
    return ok;
}

static gboolean send_firearm(Chain *chain, const char *ref, const Tie *tie, GError **error);

static gboolean send_ties(Chain *chain, const GPtrArray *ties, GError **error)
{
    chain->level++;
    for (guint i = 0; i < MIN(ties->len, TIES_MAX); i++) {
        const Tie *tie = ties->pdata[i];
        if (g_hash_table_contains(chain->seen, tie->firearm))
            continue;
        note_weakest(chain, tie->weight, tie->kind, tie->from, tie->record);
        if (!send_firearm(chain, tie->record, tie, error))
            return FALSE;
    }
    if (ties->len > TIES_MAX) {
        g_autofree char *more =
            message_format(MSG_CHAIN_NOT_FOLLOWED, chain->lang, ties->len - TIES_MAX);
        const char *cells[COLUMNS] = {[STEP] = message(MSG_CHAIN_MORE, LANG_EN), [WHAT] = more};
        if (!send_row(chain, chain->level, cells, 2, error))
            return FALSE;
    }
    chain->level--;
    return TRUE;
}

static gboolean send_firearm(Chain *chain, const char *ref, const Tie *tie, GError **error)
{
    g_autoptr(GPtrArray) ties = g_ptr_array_new_with_free_func(tie_free);
    if (!send_head(chain, ref, tie, error) ||
        !select_walk(chain->store, STEPS_SQL, ref, take_step, chain, error) ||
        !select_walk(chain->store, LINKS_SQL, ref, take_link, chain, error))
        return FALSE;
    if (chain->level >= chain->depth)
        return TRUE;
    chain->ties = ties;
    return select_walk(chain->store, TIES_SQL, ref, take_tie, chain, error) &&
           send_ties(chain, ties, error);
}

static gboolean send_weakest(const Chain *chain, GError **error)
{
    if (!chain->weakest_names)
        return TRUE;
    const char *cells[COLUMNS] = {
        [STEP] = message(MSG_CHAIN_WEAKEST, LANG_EN), [WHAT] = chain->weakest_names};
    return send_row(chain, 0, cells, chain->weakest, error);
}

gboolean chain_rows(Store *store, const ChainAsk *ask, RowSink *sink, GError **error)
{
    gboolean mention = FALSE;
    g_autoptr(Record) record = query_record(store, ask->refs[0], &mention, error);
    if (!record || !store_hide_confidential(store, error) ||
        !sink->begin(sink, columns, COLUMNS, error))
        return FALSE;
    Chain chain = {
        .store = store, .sink = sink, .lang = ask->lang, .depth = ask->depth, .weakest = 2};
    chain.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean ok = send_firearm(&chain, record->ref, NULL, error) && send_weakest(&chain, error) &&
                  sink->end(sink, error);
    g_hash_table_unref(chain.seen);
    g_free(chain.weakest_names);
    return ok;
}

/* ---- the way between two ---------------------------------------------------------------- */

static const char NEXT_SQL[] =
    "SELECT \"right\", kind, value, weight FROM edges WHERE \"left\" = ?1 UNION ALL "
    "SELECT \"left\", kind, value, weight FROM edges WHERE \"right\" = ?1";

static gboolean take_next(sqlite3_stmt *row, gpointer data, GError **error)
{
    RouteStep *step = g_new0(RouteStep, 1);
    (void)error;
    *step = (RouteStep){.to = g_strdup(cell(row, 0)),
                        .kind = g_strdup(cell(row, 1)),
                        .value = g_strdup(cell(row, 2)),
                        .weight = sqlite3_column_double(row, 3)};
    step->rank = g_strcmp0(step->kind, "same-firearm") != 0; /* what is sought hangs on firearms */
    g_ptr_array_add(data, step);
    return TRUE;
}

static GPtrArray *steps_of(const char *node, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify)route_step_free);
    return select_walk(data, NEXT_SQL, node, take_next, steps, error) ? g_steal_pointer(&steps)
                                                                      : NULL;
}

static gboolean send_route(Chain *chain, const GPtrArray *route, const char *from, GError **error)
{
    const char *at = from;
    for (guint i = 0; i < route->len; i++) {
        const RouteStep *step = route->pdata[i];
        const Tie tie = {step->kind, step->to, NULL, NULL, step->weight};
        chain->level = i + 1;
        note_weakest(chain, step->weight, step->kind, at, step->to);
        if (!send_head(chain, step->to, &tie, error))
            return FALSE;
        at = step->to;
    }
    return send_weakest(chain, error);
}

static gboolean send_path(Chain *chain, const char *from, const char *to, GError **error)
{
    const RouteGraph graph = {steps_of, chain->store, PATH_HUB, PATH_NODES};
    GError *problem = NULL;
    g_autoptr(GPtrArray) route = graph_route(&graph, from, to, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!route)
        return error_set(error, STATUS_NO_INPUT, "no way leads from '%s' to '%s'", from, to);
    return chain->sink->begin(chain->sink, columns, COLUMNS, error) &&
           send_head(chain, from, NULL, error) && send_route(chain, route, from, error) &&
           chain->sink->end(chain->sink, error);
}

gboolean path_rows(Store *store, const ChainAsk *ask, RowSink *sink, GError **error)
{
    gboolean mention = FALSE;
    g_autoptr(Record) from = query_record(store, ask->refs[0], &mention, error);
    g_autoptr(Record) to = from ? query_record(store, ask->refs[1], &mention, error) : NULL;
    if (!to || !store_hide_confidential(store, error))
        return FALSE;
    Chain chain = {.store = store, .sink = sink, .lang = ask->lang, .weakest = 2};
    chain.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean ok = send_path(&chain, from->ref, to->ref, error);
    g_hash_table_unref(chain.seen);
    g_free(chain.weakest_names);
    return ok;
}
