/*
 * Collects what records may have in common, in one walk over records, mentions and persons as they
 * lie in the store: cases, vehicles, parcels, doors and entities. Does not decide what is a hub
 * and writes nothing; graph.c makes edges of the entries.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/graph/keys.h"
#include "engine/record/codes.h"
#include "engine/store/changes.h"
#include "engine/store/schema.h"

/* A case number or plate shorter than this, or without a digit, identifies nothing. */
#define KEY_LENGTH_MIN 4

/* Weight of a door that joins nothing by itself: where somebody lives who was found with a firearm
 * (neighbours and households share doors; one who bought or was sent something there does join),
 * and of a company that sends, a shop or a carrier: like a dealer's, strangers share it. */
#define DOOR_WEIGHT 0.4

/* An entity below this is no one's for sure. */
#define SAME_PERSON 0.9

/* A plate waits here until all are seen: one without a region joins only where the plate is
 * known in one region. */
typedef struct {
    const char *plate, *region; /* region "" when not recorded */
    guint32 record;
} Plate;

typedef struct {
    Keys *keys;
    Store *store;
    GHashTable *only;      /* groups that are wanted; NULL: all */
    GArray *plates;        /* of Plate */
    GHashTable *of_region; /* plate -> its only region, or `several` */
    FoundCursor found;     /* persons as a run found them, */
    sqlite3_stmt *people;  /* or as stored, of all mentions, in their order; NULL: one by one */
    gboolean more;         /* it stands on a row */
    gboolean former;       /* who people were is not to be known */
    gint64 id;             /* the record whose mentions come */
    guint32 record;        /* its place */
    gboolean stolen;       /* from the dealer: nobody bought it, whatever else it says */
    GError *problem;
} Pass;

static const char PEOPLE_SQL[] = "SELECT record_id, role, entity, probability FROM person"
                                 " ORDER BY record_id, role";

static const char several[] = "*";

/* The kind of edge that a key makes; what is looked at together with what begins with it. */
static const struct {
    const char *edge;
    gboolean entity;
} MAKES[KEY_TYPES] = {
    [KEY_SEIZURE] = {EDGE_CASE, FALSE},       [KEY_CASE] = {EDGE_CASE, FALSE},
    [KEY_AGENCY_CASE] = {EDGE_CASE, FALSE},   [KEY_ADDRESS] = {EDGE_ADDRESS, FALSE},
    [KEY_VEHICLE] = {EDGE_VEHICLE, FALSE},    [KEY_TRACKING] = {EDGE_CONSIGNEE, FALSE},
    [KEY_CONSIGNEE] = {EDGE_CONSIGNEE, TRUE}, [KEY_PERSON] = {EDGE_PERSON, TRUE},
    [KEY_ORGANISATION] = {EDGE_PERSON, TRUE},
};

const char *key_edge(KeyType type)
{
    return MAKES[type].edge;
}

guint64 keys_group(const char *edge, const char *value)
{
    static const char *const whole[] = {EDGE_CASE, EDGE_ADDRESS, NULL};
    gsize length = g_strv_contains(whole, edge) ? strlen(value) : strcspn(value, " ");
    return mix64(text_hash64(value, length), text_hash64(edge, strlen(edge)));
}

Keys *keys_new(const GArray *ids)
{
    Keys *keys = g_new0(Keys, 1);
    gint64 last = 0;
    for (guint i = 0; i < ids->len; i++)
        last = MAX(last, g_array_index(ids, gint64, i));
    keys->text = g_string_chunk_new(1 << 16);
    keys->ids = ids;
    keys->place = g_new0(guint32, last + 1);
    for (guint i = 0; i < ids->len; i++)
        keys->place[g_array_index(ids, gint64, i)] = i;
    keys->refs = g_ptr_array_new();
    g_ptr_array_set_size(keys->refs, (gint)ids->len);
    keys->event = g_new(Day, ids->len + 1);
    keys->bought = g_new(Day, ids->len + 1);
    keys->values = g_ptr_array_new();
    keys->types = g_array_new(FALSE, FALSE, sizeof(guint8));
    dict_init(&keys->number);
    keys->entries = g_array_new(FALSE, FALSE, sizeof(KeyEntry));
    keys->shared = g_array_new(FALSE, FALSE, sizeof(SharedValue));
    keys->entities = g_ptr_array_new();
    return keys;
}

void keys_free(Keys *keys)
{
    if (!keys)
        return;
    g_string_chunk_free(keys->text);
    g_free(keys->place);
    g_ptr_array_unref(keys->refs);
    g_free(keys->event);
    g_free(keys->bought);
    g_ptr_array_unref(keys->values);
    g_array_unref(keys->types);
    dict_clear(&keys->number);
    g_array_unref(keys->entries);
    g_array_unref(keys->shared);
    g_ptr_array_unref(keys->entities);
    g_free(keys);
}

void keys_shed(Keys *keys)
{
    g_array_unref(keys->entries);
    keys->entries = g_array_new(FALSE, FALSE, sizeof(KeyEntry));
    dict_clear(&keys->number);
    dict_init(&keys->number);
    g_clear_pointer(&keys->place, g_free);
}

typedef struct {
    KeyType type;
    const char *text;
} Value;

static gboolean is_value(gconstpointer key, guint number, gconstpointer data)
{
    const Value *value = key;
    const Keys *keys = data;
    return g_array_index(keys->types, guint8, number - 1) == value->type &&
           strcmp(keys->values->pdata[number - 1], value->text) == 0;
}

static guint32 value_number(Keys *keys, KeyType type, const char *text)
{
    const Value value = {type, text};
    guint32 hash = (guint32)(mix64(text_hash64(text, strlen(text)), type) >> 32);
    guint known = dict_find(&keys->number, hash ? hash : 1, is_value, &value, keys);
    if (known)
        return known - 1;
    guint8 small = (guint8)type;
    g_ptr_array_add(keys->values, g_string_chunk_insert(keys->text, text));
    g_array_append_val(keys->types, small);
    dict_add(&keys->number, hash ? hash : 1, keys->values->len);
    return keys->values->len - 1;
}

static gboolean is_wanted(const Pass *pass, KeyType type, const char *value)
{
    guint64 group = pass->only ? keys_group(MAKES[type].edge, value) : 0;
    return !pass->only || g_hash_table_contains(pass->only, GSIZE_TO_POINTER(group));
}

/* Notes that the record is of the group of a value. */
static void note_shared(Pass *pass, KeyType type, const char *value)
{
    SharedValue shared = {keys_group(MAKES[type].edge, value), pass->id};
    g_array_append_val(pass->keys->shared, shared);
}

static void add_entry(Pass *pass, KeyType type, const char *value, KeyEntry entry)
{
    if (!is_wanted(pass, type, value))
        return;
    entry.value = value_number(pass->keys, type, value) & G_MAXINT32;
    g_array_append_val(pass->keys->entries, entry);
    if (!MAKES[type].entity && type != KEY_VEHICLE)
        note_shared(pass, type, value);
}

/* An entry at the record's event, or, for who bought, at its purchase. */
static KeyEntry entry_of(const Keys *keys, guint32 record, const char *role, double weight)
{
    const Day *days = g_strcmp0(role, "purchaser") == 0 ? keys->bought : keys->event;
    return (KeyEntry){.record = record, .anchor = 1, .day = days[record], .weight = (float)weight};
}

static gboolean is_telling(const char *key)
{
    return strlen(key) >= KEY_LENGTH_MIN && strpbrk(key, "123456789");
}

/* Adds a number as people write it ("23-0147", "23 0147") under its bare letters and digits;
 * FALSE when it says too little. */
static gboolean add_number(Pass *pass, KeyType type, const char *text, KeyEntry entry)
{
    if (!text)
        return FALSE;
    g_autofree char *key = text_key(text);
    if (is_telling(key))
        add_entry(pass, type, key, entry);
    return is_telling(key);
}

static void add_cases(Pass *pass, const char *const *value)
{
    const char *own = value[FIELD_SEIZURE_NO], *agency_case = value[FIELD_AGENCY_CASE_NO];
    const char *agency =
        value[FIELD_REQUESTING_ORI] ? value[FIELD_REQUESTING_ORI] : value[FIELD_REQUESTING_AGENCY];
    const KeyEntry own_number = entry_of(pass->keys, pass->record, NULL, 1);
    KeyEntry quoted = own_number;
    quoted.anchor = 0;
    if (!add_number(pass, KEY_CASE, own, own_number) && own)
        add_entry(pass, KEY_SEIZURE, own, own_number);
    add_number(pass, KEY_CASE, value[FIELD_OCCURRENCE_NO], own_number);
    add_number(pass, KEY_CASE, agency_case, quoted);
    if (!agency_case || !agency)
        return;
    g_autofree char *key = text_key(agency_case);
    g_autofree char *scope = text_key(agency);
    g_autofree char *scoped = g_strconcat(scope, "/", key, NULL);
    if (is_telling(key))
        add_entry(pass, KEY_AGENCY_CASE, scoped, own_number);
}

static void note_plate(Pass *pass, const char *plate, const char *region)
{
    g_autofree char *key = text_key(plate ? plate : "");
    if (!is_telling(key) || !is_wanted(pass, KEY_VEHICLE, key))
        return;
    Plate one = {g_string_chunk_insert_const(pass->keys->text, key),
                 g_string_chunk_insert_const(pass->keys->text, region ? region : ""), pass->record};
    note_shared(pass, KEY_VEHICLE, key);
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
        add_entry(pass, KEY_VEHICLE, g_strchomp(value), entry_of(pass->keys, row->record, NULL, 1));
    }
}

static gboolean take_record(const ScanRecord *record, gpointer data)
{
    Pass *pass = data;
    Keys *keys = pass->keys;
    const char *const *value = record->value;
    pass->id = record->id;
    guint32 place = pass->record = keys->place[record->id];
    pass->stolen = disposition_is_theft(value[FIELD_DISPOSITION]);
    keys->refs->pdata[place] = g_string_chunk_insert(keys->text, record->ref);
    keys->event[place] = date_parse(value[FIELD_EVENT_DATE], DATE_ISO);
    keys->bought[place] = date_parse(value[FIELD_PURCHASE_DATE], DATE_ISO);
    add_cases(pass, value);
    add_number(pass, KEY_TRACKING, value[FIELD_TRACKING_NO], entry_of(keys, place, NULL, 1));
    if (value[FIELD_VEHICLE_PLATE])
        note_plate(pass, value[FIELD_VEHICLE_PLATE], value[FIELD_VEHICLE_REGION]);
    return TRUE;
}

typedef struct {
    const char *role, *entity, *organisation, *address;
} PersonRow;

static void add_person(Pass *pass, const PersonRow *row, double probability)
{
    KeyEntry entry = entry_of(pass->keys, pass->record, row->role, probability);
    if (!pass->people && !pass->found.found)
        g_ptr_array_add(pass->keys->entities,
                        g_string_chunk_insert_const(pass->keys->text, row->entity));
    if (strcmp(row->role, "consignee") == 0)
        add_entry(pass, KEY_CONSIGNEE, row->entity, entry);
    if (!row->organisation) {
        add_entry(pass, KEY_PERSON, row->entity, entry);
    } else if (strcmp(row->role, "shipper") != 0) {
        add_entry(pass, KEY_ORGANISATION, row->entity, entry);
    } else if (row->address) { /* a carrier's name says nothing, one of its doors little */
        g_autofree char *value = g_strdup_printf("%s at %s", row->entity, row->address);
        entry.weight = DOOR_WEIGHT;
        add_entry(pass, KEY_ORGANISATION, value, entry);
    }
}

static gboolean joins_nothing(const PersonRow *row)
{
    static const char *const roles[] = {"purchaser", "consignee", "shipper", NULL};
    return row->organisation ? strcmp(row->role, "shipper") == 0
                             : !g_strv_contains(roles, row->role);
}

static gboolean step_people(Pass *pass)
{
    int status = sqlite3_step(pass->people);
    pass->more = status == SQLITE_ROW;
    return pass->more || status == SQLITE_DONE ||
           sqlite_error(store_handle(pass->store), "cannot read persons", &pass->problem);
}

/* Is the row of the persons before, at or behind a mention? */
static int person_order(const Pass *pass, const char *role)
{
    gint64 id = sqlite3_column_int64(pass->people, 0);
    return id != pass->id ? (id > pass->id) - (id < pass->id)
                          : strcmp((const char *)sqlite3_column_text(pass->people, 1), role);
}

/* The entity of a mention; NULL: none. Of all mentions, persons come in the same order. */
static gboolean find_person(Pass *pass, const char *role, char **entity, double *probability)
{
    *entity = NULL;
    if (pass->former)
        return TRUE;
    if (pass->found.found) {
        const FoundPerson *person = found_person(&pass->found, pass->id, role);
        *entity = person ? g_strdup(person->entity) : NULL;
        *probability = person ? person->probability : 0;
        return TRUE;
    }
    if (!pass->people)
        return store_get_person(pass->store, pass->id, role, entity, probability, &pass->problem);
    while (pass->more && person_order(pass, role) < 0)
        if (!step_people(pass))
            return FALSE;
    if (pass->more && person_order(pass, role) == 0) {
        *entity = g_strdup((const char *)sqlite3_column_text(pass->people, 2));
        *probability = sqlite3_column_double(pass->people, 3);
    }
    return TRUE;
}

static gboolean take_mention(const char *role, const char *const *value, gpointer data)
{
    Pass *pass = data;
    g_autofree char *entity = NULL;
    double probability = 0;
    if (pass->stolen && strcmp(role_base(role), "purchaser") == 0)
        return TRUE;
    if (!find_person(pass, role, &entity, &probability))
        return FALSE;
    PersonRow row = {role_base(role), entity, value[MENTION_ORGANISATION],
                     value[MENTION_ADDRESS_KEY]};
    if (row.address)
        add_entry(
            pass, KEY_ADDRESS, row.address,
            entry_of(pass->keys, pass->record, row.role, joins_nothing(&row) ? DOOR_WEIGHT : 1));
    if (row.entity && probability >= SAME_PERSON)
        add_person(pass, &row, probability);
    return TRUE;
}

static gboolean scan_all(Pass *pass, const gint64 *ids, const StoreRun *since, GError **error)
{
    static const Field fields[] = {
        FIELD_EVENT_DATE,     FIELD_PURCHASE_DATE,     FIELD_SEIZURE_NO,  FIELD_OCCURRENCE_NO,
        FIELD_AGENCY_CASE_NO, FIELD_REQUESTING_ORI,    FIELD_TRACKING_NO, FIELD_VEHICLE_PLATE,
        FIELD_VEHICLE_REGION, FIELD_REQUESTING_AGENCY, FIELD_DISPOSITION,
    };
    static const MentionField mention_fields[] = {MENTION_ORGANISATION, MENTION_ADDRESS_KEY};
    StoreScan scan = {.fields = fields,
                      .n_fields = G_N_ELEMENTS(fields),
                      .mention_fields = mention_fields,
                      .n_mention_fields = G_N_ELEMENTS(mention_fields),
                      .ids = ids,
                      .n_ids = pass->keys->ids->len,
                      .record = take_record,
                      .mention = take_mention,
                      .data = pass};
    gboolean done = since ? store_scan_former(pass->store, &scan, since, error)
                          : store_scan(pass->store, &scan, error);
    if (done && !pass->problem)
        add_plates(pass);
    if (!pass->problem)
        return done;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&pass->problem));
    return FALSE;
}

static gboolean collect(Pass *pass, const gint64 *ids, const StoreRun *since, GError **error)
{
    g_autoptr(GArray) plates = g_array_new(FALSE, FALSE, sizeof(Plate));
    g_autoptr(GHashTable) of_region = g_hash_table_new(g_str_hash, g_str_equal);
    pass->plates = plates;
    pass->of_region = of_region;
    return scan_all(pass, ids, since, error);
}

gboolean keys_collect(Keys *keys, Store *store, const Findings *found, GError **error)
{
    Pass pass = {.keys = keys, .store = store};
    sqlite3 *db = store_handle(store);
    pass.found.found = found;
    if (found)
        return collect(&pass, NULL, NULL, error);
    if (sqlite3_prepare_v2(db, PEOPLE_SQL, -1, &pass.people, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read persons", error);
    gboolean done = step_people(&pass);
    if (done)
        done = collect(&pass, NULL, NULL, error);
    else
        g_propagate_error(error, pass.problem);
    sqlite3_finalize(pass.people);
    return done;
}

static const gint64 *numbers_of(const Keys *keys)
{
    return (const gint64 *)(gpointer)keys->ids->data;
}

gboolean keys_collect_some(Keys *keys, Store *store, GHashTable *only, GError **error)
{
    Pass pass = {.keys = keys, .store = store, .only = only};
    return keys->ids->len == 0 || collect(&pass, numbers_of(keys), NULL, error);
}

gboolean keys_collect_former(Keys *keys, Store *store, const StoreRun *since, GError **error)
{
    Pass pass = {.keys = keys, .store = store, .former = TRUE};
    return keys->ids->len == 0 || collect(&pass, numbers_of(keys), since, error);
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
