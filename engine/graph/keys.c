/*
 * Collects what records may have in common: one pass over the records in reference order for
 * cases, vehicles and parcels, one over their people for doors and entities. Does not decide what
 * is a hub and writes nothing; graph.c makes edges of the entries.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/graph/keys.h"

/* A case number or plate shorter than this, or without a digit, identifies nothing. */
#define KEY_LENGTH_MIN 4

/* Weight of a door where somebody lives who was found with a firearm: neighbours and households
 * share doors, so two of them join nothing; one who bought or was sent something there does. */
#define HOME_WEIGHT 0.4

/* A plate waits here until all are seen: one without a region joins only where the plate is
 * known in one region. */
typedef struct {
    const char *plate, *region; /* region "" when not recorded */
    guint32 record;
} Plate;

typedef struct {
    Keys *keys;
    GArray *plates;        /* of Plate */
    GHashTable *of_region; /* plate -> its only region, or `several` */
} Pass;

/* Columns of the statement over the records. */
enum {
    ROW_REF,
    ROW_EVENT,
    ROW_BOUGHT,
    ROW_SEIZURE,
    ROW_OCCURRENCE,
    ROW_CASE,
    ROW_AGENCY,
    ROW_TRACKING,
    ROW_PLATE,
    ROW_REGION
};

static const char RECORDS_SQL[] =
    "SELECT ref, event_date, purchase_date, seizure_no, packed_field(packed, 'occurrence_no'),"
    " agency_case_no, ifnull(packed_field(packed, 'requesting_ori'),"
    " packed_field(packed, 'requesting_agency')), tracking_no, vehicle_plate, vehicle_region"
    " FROM record ORDER BY ref";

static const char PEOPLE_SQL[] =
    "SELECT record, role, person, organisation, address_key, probability FROM people"
    " WHERE person IS NOT NULL OR address_key IS NOT NULL ORDER BY record, mention";

static const char several[] = "*";

Keys *keys_new(void)
{
    Keys *keys = g_new0(Keys, 1);
    keys->text = g_string_chunk_new(1 << 16);
    keys->refs = g_ptr_array_new();
    keys->days = g_array_new(FALSE, FALSE, sizeof(Day));
    keys->bought = g_array_new(FALSE, FALSE, sizeof(Day));
    keys->values = g_ptr_array_new();
    keys->types = g_array_new(FALSE, FALSE, sizeof(guint8));
    keys->number = g_hash_table_new(g_str_hash, g_str_equal);
    keys->entries = g_array_new(FALSE, FALSE, sizeof(KeyEntry));
    return keys;
}

void keys_free(Keys *keys)
{
    if (!keys)
        return;
    g_string_chunk_free(keys->text);
    g_ptr_array_unref(keys->refs);
    g_array_unref(keys->days);
    g_array_unref(keys->bought);
    g_ptr_array_unref(keys->values);
    g_array_unref(keys->types);
    g_hash_table_unref(keys->number);
    g_array_unref(keys->entries);
    g_free(keys);
}

static guint32 value_number(Keys *keys, KeyType type, const char *value)
{
    g_autofree char *typed = g_strdup_printf("%c%s", 'a' + (int)type, value);
    gpointer known = g_hash_table_lookup(keys->number, typed);
    if (known)
        return GPOINTER_TO_UINT(known) - 1;
    char *kept = g_string_chunk_insert(keys->text, typed);
    guint8 small = (guint8)type;
    g_ptr_array_add(keys->values, kept + 1);
    g_array_append_val(keys->types, small);
    g_hash_table_insert(keys->number, kept, GUINT_TO_POINTER(keys->values->len));
    return keys->values->len - 1;
}

static void add_entry(Keys *keys, KeyType type, const char *value, KeyEntry entry)
{
    entry.value = value_number(keys, type, value);
    g_array_append_val(keys->entries, entry);
}

/* An entry at the record's event, or, for who bought, at its purchase. */
static KeyEntry entry_of(const Keys *keys, guint32 record, const char *role, double weight)
{
    GArray *days = g_strcmp0(role, "purchaser") == 0 ? keys->bought : keys->days;
    Day day = g_array_index(days, Day, record);
    return (KeyEntry){0, record, day, day, (float)weight, TRUE};
}

static gboolean is_telling(const char *key)
{
    return strlen(key) >= KEY_LENGTH_MIN && strpbrk(key, "123456789");
}

/* Adds a number as people write it ("23-0147", "23 0147") under its bare letters and digits;
 * FALSE when it says too little. */
static gboolean add_number(Keys *keys, KeyType type, const char *text, KeyEntry entry)
{
    if (!text)
        return FALSE;
    g_autofree char *key = text_key(text);
    if (is_telling(key))
        add_entry(keys, type, key, entry);
    return is_telling(key);
}

static const char *cell(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static void add_cases(Keys *keys, sqlite3_stmt *row, guint32 index)
{
    const char *own = cell(row, ROW_SEIZURE);
    const char *agency_case = cell(row, ROW_CASE), *agency = cell(row, ROW_AGENCY);
    const KeyEntry own_number = entry_of(keys, index, NULL, 1);
    KeyEntry quoted = own_number;
    quoted.anchor = FALSE;
    if (!add_number(keys, KEY_CASE, own, own_number) && own)
        add_entry(keys, KEY_SEIZURE, own, own_number);
    add_number(keys, KEY_CASE, cell(row, ROW_OCCURRENCE), own_number);
    add_number(keys, KEY_CASE, agency_case, quoted);
    if (!agency_case || !agency)
        return;
    g_autofree char *key = text_key(agency_case);
    g_autofree char *scope = text_key(agency);
    g_autofree char *scoped = g_strdup_printf("%s/%s", scope, key);
    if (is_telling(key))
        add_entry(keys, KEY_AGENCY_CASE, scoped, own_number);
}

static void note_plate(Pass *pass, const char *plate, const char *region, guint32 index)
{
    g_autofree char *key = text_key(plate ? plate : "");
    if (!is_telling(key))
        return;
    Plate one = {g_string_chunk_insert_const(pass->keys->text, key),
                 g_string_chunk_insert_const(pass->keys->text, region ? region : ""), index};
    g_array_append_val(pass->plates, one);
    if (!region)
        return;
    const char *known = g_hash_table_lookup(pass->of_region, one.plate);
    if (!known || strcmp(known, region) != 0)
        g_hash_table_insert(pass->of_region, (gpointer)one.plate,
                            (gpointer)(known ? several : one.region));
}

static void add_plates(Pass *pass)
{
    for (guint i = 0; i < pass->plates->len; i++) {
        const Plate *row = &g_array_index(pass->plates, Plate, i);
        const char *only = g_hash_table_lookup(pass->of_region, row->plate);
        const char *region = *row->region ? row->region : only ? only : "";
        if (region == several)
            continue;
        g_autofree char *value = g_strdup_printf("%s %s", row->plate, region);
        add_entry(pass->keys, KEY_VEHICLE, g_strchomp(value),
                  entry_of(pass->keys, row->record, NULL, 1));
    }
}

static void take_record(Pass *pass, sqlite3_stmt *row)
{
    Keys *keys = pass->keys;
    guint32 index = keys->refs->len;
    Day day = date_parse(cell(row, ROW_EVENT), DATE_ISO);
    Day bought = date_parse(cell(row, ROW_BOUGHT), DATE_ISO);
    g_ptr_array_add(keys->refs, g_string_chunk_insert(keys->text, cell(row, ROW_REF)));
    g_array_append_val(keys->days, day);
    g_array_append_val(keys->bought, bought);
    add_cases(keys, row, index);
    add_number(keys, KEY_TRACKING, cell(row, ROW_TRACKING), entry_of(keys, index, NULL, 1));
    if (cell(row, ROW_PLATE))
        note_plate(pass, cell(row, ROW_PLATE), cell(row, ROW_REGION), index);
}

/* Rows of one statement, one after the other. */
static gboolean each_row(Store *store, const char *sql, void (*take)(Pass *, sqlite3_stmt *),
                         Pass *pass, GError **error)
{
    sqlite3_stmt *row = NULL;
    int status = sqlite3_prepare_v2(store_handle(store), sql, -1, &row, NULL);
    while (status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
        take(pass, row);
        status = SQLITE_OK;
    }
    sqlite3_finalize(row);
    return status == SQLITE_DONE || error_set(error, STATUS_STORE, "cannot read records: %s",
                                              sqlite3_errmsg(store_handle(store)));
}

gboolean keys_collect_records(Keys *keys, Store *store, GError **error)
{
    g_autoptr(GArray) plates = g_array_new(FALSE, FALSE, sizeof(Plate));
    g_autoptr(GHashTable) of_region = g_hash_table_new(g_str_hash, g_str_equal);
    Pass pass = {keys, plates, of_region};
    if (!each_row(store, RECORDS_SQL, take_record, &pass, error))
        return FALSE;
    add_plates(&pass);
    return TRUE;
}

gint64 keys_find_record(const Keys *keys, const char *ref)
{
    guint low = 0, high = keys->refs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(keys->refs->pdata[middle], ref);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

typedef struct {
    const char *record, *role, *entity, *organisation, *address;
    double probability;
} PersonRow;

static void add_person(Keys *keys, const PersonRow *row, guint32 index)
{
    KeyEntry entry = entry_of(keys, index, row->role, row->probability);
    if (strcmp(row->role, "consignee") == 0)
        add_entry(keys, KEY_CONSIGNEE, row->entity, entry);
    if (!row->organisation) {
        add_entry(keys, KEY_PERSON, row->entity, entry);
    } else if (strcmp(row->role, "shipper") != 0) {
        add_entry(keys, KEY_ORGANISATION, row->entity, entry);
    } else if (row->address) { /* a courier's name says nothing, one of its doors may */
        g_autofree char *value = g_strdup_printf("%s at %s", row->entity, row->address);
        add_entry(keys, KEY_ORGANISATION, value, entry);
    }
}

/* An entity below this is no one's for sure. */
#define SAME_PERSON 0.9

static gboolean is_home(const PersonRow *row)
{
    static const char *const roles[] = {"purchaser", "consignee", "shipper", NULL};
    return !g_strv_contains(roles, row->role) && !row->organisation;
}

static void take_person(Pass *pass, sqlite3_stmt *cells)
{
    Keys *keys = pass->keys;
    PersonRow row = {cell(cells, 0), cell(cells, 1), cell(cells, 2),
                     cell(cells, 3), cell(cells, 4), sqlite3_column_double(cells, 5)};
    gint64 index = keys_find_record(keys, row.record);
    if (index < 0)
        return;
    if (row.address)
        add_entry(keys, KEY_ADDRESS, row.address,
                  entry_of(keys, (guint32)index, row.role, is_home(&row) ? HOME_WEIGHT : 1));
    if (row.entity && row.probability >= SAME_PERSON)
        add_person(keys, &row, (guint32)index);
}

gboolean keys_collect_people(Keys *keys, Store *store, GError **error)
{
    Pass pass = {keys, NULL, NULL};
    return each_row(store, PEOPLE_SQL, take_person, &pass, error);
}
