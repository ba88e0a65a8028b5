/*
 * What the code tables do not know: `stats --unknown`. Values that a table should have made
 * canonical and that stayed as they came, and codes that a load warned of, counted, so that the
 * next line of rules/tables is the one that helps most. Reads the store and the tables only.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/query/select.h"
#include "engine/statistic/statistic.h"

/* Values that keep their text when no table knows them; the second column is the text as received.
 */
#define CONFIDENTIAL "(SELECT record FROM markings WHERE confidential = 'Y')"
static const struct {
    const char *field, *table, *sql;
} PLACES[] = {
#define RECORD_VALUES(column, raw)                                                                 \
    "SELECT " column ", " raw ", count(*) FROM record WHERE " column " IS NOT NULL"                \
    " AND ref NOT IN " CONFIDENTIAL " GROUP BY 1, 2"
#define PACKED(field) "packed_field(packed, '" field "')"
#define MENTION_VALUES(column)                                                                     \
    "SELECT " column ", " column ", count(*) FROM mention WHERE " column " IS NOT NULL"            \
    " AND record_id NOT IN (SELECT record_id FROM record WHERE ref IN " CONFIDENTIAL               \
    ") GROUP BY 1"
    {"make", "makes", RECORD_VALUES("make", "ifnull(" PACKED("make_raw") ", make)")},
    {"importer", "makes", RECORD_VALUES(PACKED("importer"), PACKED("importer"))},
    {"calibre", "calibres", RECORD_VALUES("calibre", "ifnull(" PACKED("calibre_raw") ", calibre)")},
    {"event_region", "regions", RECORD_VALUES("event_region", "event_region")},
    {"office_code", "offices", RECORD_VALUES("office_code", "office_code")},
    {"office_name", "offices", RECORD_VALUES("office_name", "office_name")},
    {"vehicle_region", "regions", RECORD_VALUES("vehicle_region", "vehicle_region")},
    {"ffl_state", "regions", RECORD_VALUES("ffl_state", "ffl_state")},
    {"legal_authority", "authorities",
     RECORD_VALUES(PACKED("legal_authority"), PACKED("legal_authority"))},
    {"handling", "handlings", RECORD_VALUES("handling", "handling")},
    {"person region", "regions", MENTION_VALUES("region")},
#undef RECORD_VALUES
#undef PACKED
#undef MENTION_VALUES
};

/* Codes that were warned of: the message ends with the value between quotes. */
static const char WARNED[] =
    "SELECT field, substr(message, instr(message, ': ''') + 3,"
    " length(message) - instr(message, ': ''') - 3), count(*) FROM remark"
    " WHERE code = 'unknown-code' AND instr(message, ': ''') > 0 AND confidential IS NOT 'Y'"
    " AND (ref IS NULL OR ref NOT IN " CONFIDENTIAL ") GROUP BY 1, 2";

typedef struct {
    char *field, *value;
    gint64 count;
} Unknown;

typedef struct {
    GArray *found; /* of Unknown */
    const char *field;
    const CodeTable *table;
} Pass;

static void unknown_clear(gpointer data)
{
    Unknown *unknown = data;

    g_free(unknown->field);
    g_free(unknown->value);
}

static void add(Pass *pass, const char *field, const char *value, gint64 count)
{
    Unknown unknown = {g_strdup(field), g_strdup(value), count};

    g_array_append_val(pass->found, unknown);
}

static gboolean take_value(sqlite3_stmt *row, gpointer data, GError **error)
{
    Pass *pass = data;

    (void)error;
    if (!code_find(pass->table, (const char *)sqlite3_column_text(row, 0)))
        add(pass, pass->field, (const char *)sqlite3_column_text(row, 1),
            sqlite3_column_int64(row, 2));
    return TRUE;
}

static gboolean take_warned(sqlite3_stmt *row, gpointer data, GError **error)
{
    (void)error;
    add(data, (const char *)sqlite3_column_text(row, 0), (const char *)sqlite3_column_text(row, 1),
        sqlite3_column_int64(row, 2));
    return TRUE;
}

static gint most_first(gconstpointer a, gconstpointer b)
{
    const Unknown *x = a, *y = b;
    int order = (x->count < y->count) - (x->count > y->count);

    order = order ? order : g_strcmp0(x->field, y->field);
    return order ? order : g_strcmp0(x->value, y->value);
}

static gboolean collect(Store *store, const CodeTables *codes, Pass *pass, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        pass->field = PLACES[i].field;
        pass->table = code_table(codes, PLACES[i].table);
        if (pass->table && !select_walk(store, PLACES[i].sql, NULL, take_value, pass, error))
            return FALSE;
    }
    return select_walk(store, WARNED, NULL, take_warned, pass, error);
}

gboolean statistic_unknown(Store *store, const CodeTables *codes, RowSink *sink, GError **error)
{
    static const Column COLUMNS[] = {
        {"field", COLUMN_OWN}, {"value", COLUMN_DATA}, {"count", COLUMN_NUMBER}};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Unknown));
    Pass pass = {.found = found};
    gboolean sent = TRUE;

    g_array_set_clear_func(found, unknown_clear);
    if (!collect(store, codes, &pass, error) ||
        !sink->begin(sink, COLUMNS, G_N_ELEMENTS(COLUMNS), error))
        return FALSE;
    g_array_sort(found, most_first);
    for (guint i = 0; sent && i < found->len; i++) {
        const Unknown *unknown = &g_array_index(found, Unknown, i);
        g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, unknown->count);
        const char *cells[] = {unknown->field, unknown->value, count};

        sent = sink->row(sink, cells, error);
    }
    return sent && sink->end(sink, error);
}
