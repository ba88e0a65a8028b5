/*
 * Columns -> rows of numbers -> Firearm, PersonMention: the one place where the store's model meets
 * the matchers' inputs (those of the markers: texts.c). It decides nothing; a value that is absent
 * stays absent. Texts that many records share stand in the heap once.
 */
#include "engine/run/pack.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/hash.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/link/link.h"
#include "engine/person/birth.h"
#include "engine/person/name.h"
#include "engine/record/codes.h"

#define PLACE_BYTES 4
#define NO_FIELD    FIELD_COUNT /* filled otherwise */

/* Values of few records are not looked for among those that were seen. */
typedef struct {
    gsize member;
    guint field; /* Field or MentionField */
    gboolean shared;
} TextMember;

#define FIREARM(member) G_STRUCT_OFFSET(Firearm, member)
#define MENTION(member) G_STRUCT_OFFSET(PersonMention, member)

enum { TEXT_REF, BUYER_LAST };

static const TextMember firearm_texts[] = {
    [TEXT_REF] = {FIREARM(ref), NO_FIELD, FALSE},
    [BUYER_LAST] = {FIREARM(buyer_last), NO_FIELD, TRUE},
    {FIREARM(serial_raw), FIELD_SERIAL_NUMBER, FALSE},
    {FIREARM(make), FIELD_MAKE, TRUE},
    {FIREARM(importer), FIELD_IMPORTER, TRUE},
    {FIREARM(model), FIELD_MODEL, TRUE},
    {FIREARM(calibre), FIELD_CALIBRE, TRUE},
    {FIREARM(type), FIELD_FIREARM_TYPE, TRUE},
    {FIREARM(country), FIELD_COUNTRY_OF_ORIGIN, TRUE},
    {FIREARM(event_country), FIELD_EVENT_COUNTRY, TRUE},
    {FIREARM(event_region), FIELD_EVENT_REGION, TRUE},
    {FIREARM(trace_no), FIELD_TRACE_NO, FALSE},
    {FIREARM(duplicate_of), FIELD_DUPLICATE_OF, FALSE},
    {FIREARM(seizure_no), FIELD_SEIZURE_NO, TRUE},
    {FIREARM(agency_case_no), FIELD_AGENCY_CASE_NO, FALSE},
    {FIREARM(occurrence_no), FIELD_OCCURRENCE_NO, FALSE},
    {FIREARM(dealer), FIELD_RDS_KEY, TRUE},
};

enum { MENTION_RECORD_TEXT = 1, MENTION_ROLE_TEXT, MENTION_GROUP_TEXT };

static const TextMember mention_texts[] = {
    [TEXT_REF] = {MENTION(ref), NO_FIELD, FALSE},
    [MENTION_RECORD_TEXT] = {MENTION(record), NO_FIELD, FALSE},
    [MENTION_ROLE_TEXT] = {MENTION(role), NO_FIELD, TRUE},
    [MENTION_GROUP_TEXT] = {MENTION(group), NO_FIELD, TRUE},
    {MENTION(last), MENTION_LAST, TRUE},
    {MENTION(first), MENTION_FIRST, TRUE},
    {MENTION(middle), MENTION_MIDDLE, TRUE},
    {MENTION(suffix), MENTION_SUFFIX, TRUE},
    {MENTION(street), MENTION_STREET, FALSE},
    {MENTION(city), MENTION_CITY, TRUE},
    {MENTION(region), MENTION_REGION, TRUE},
    {MENTION(postal), MENTION_POSTAL, TRUE},
    {MENTION(country), MENTION_COUNTRY, TRUE},
    {MENTION(phone), MENTION_PHONE, FALSE},
    {MENTION(doc_type), MENTION_DOC_TYPE, TRUE},
    {MENTION(doc_no), MENTION_DOC_NO, FALSE},
    {MENTION(doc_issuer), MENTION_DOC_ISSUER, TRUE},
    {MENTION(list), MENTION_LIST, TRUE},
};

G_STATIC_ASSERT(G_N_ELEMENTS(firearm_texts) == PACKED_FIREARM_TEXTS);
G_STATIC_ASSERT(G_N_ELEMENTS(mention_texts) == PACKED_MENTION_TEXTS);
G_STATIC_ASSERT(G_STRUCT_OFFSET(PackedFirearm, text) == G_STRUCT_OFFSET(PackedMention, text));

const Field PACK_FIELDS[] = {
    FIELD_EVENT_TYPE,   FIELD_SERIAL_KIND,       FIELD_SERIAL_PATTERN, FIELD_SERIAL_NUMBER,
    FIELD_MAKE,         FIELD_IMPORTER,          FIELD_MODEL,          FIELD_CALIBRE,
    FIELD_FIREARM_TYPE, FIELD_COUNTRY_OF_ORIGIN, FIELD_EVENT_DATE,     FIELD_PURCHASE_DATE,
    FIELD_REQUEST_DATE, FIELD_EVENT_COUNTRY,     FIELD_EVENT_REGION,   FIELD_TRACE_NO,
    FIELD_DUPLICATE_OF, FIELD_SEIZURE_NO,        FIELD_AGENCY_CASE_NO, FIELD_OCCURRENCE_NO,
    FIELD_RDS_KEY,      FIELD_COMMODITY,
};
const guint PACK_N_FIELDS = G_N_ELEMENTS(PACK_FIELDS);

const MentionField PACK_MENTION_FIELDS[] = {
    MENTION_LAST,         MENTION_FIRST,  MENTION_MIDDLE,     MENTION_SUFFIX,
    MENTION_ORGANISATION, MENTION_DOB,    MENTION_STREET,     MENTION_CITY,
    MENTION_REGION,       MENTION_POSTAL, MENTION_COUNTRY,    MENTION_PHONE,
    MENTION_DOC_TYPE,     MENTION_DOC_NO, MENTION_DOC_ISSUER, MENTION_LIST,
};
const guint PACK_N_MENTION_FIELDS = G_N_ELEMENTS(PACK_MENTION_FIELDS);

/* ---- the heap --------------------------------------------------------------------------- */

/* Open addressing over hashes; a slot without a place is free. */
typedef struct {
    guint32 hash;
    Place place;
} Seen;

struct Pack {
    guint8 *heap;
    gsize used, room;
    gboolean overfull; /* of the heap: places end */
    Seen *seen;
    guint n_seen, seen_size; /* a power of two */
    GArray *rows[PACK_TABLES];
    /* of the record that is being read */
    gint64 id;
    Place ref, group;
    gboolean firearm; /* the last row is its own */
};

static Place heap_add(Pack *pack, gconstpointer bytes, gsize size, gsize align)
{
    gsize at = (pack->used + align - 1) / align * align;
    if ((at + size) / PLACE_BYTES >= G_MAXUINT32) {
        pack->overfull = TRUE;
        return 0;
    }
    while (at + size > pack->room) {
        pack->room *= 2;
        pack->heap = g_realloc(pack->heap, pack->room);
    }
    memset(pack->heap + pack->used, 0, at - pack->used);
    memcpy(pack->heap + at, bytes, size);
    pack->used = at + size;
    return (Place)(at / PLACE_BYTES);
}

static guint32 hash_of(gconstpointer bytes, gsize size)
{
    guint64 hash = size, word;
    const guint8 *at = bytes;
    for (; size >= sizeof word; size -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, at, size);
    return (guint32)mix(hash, word);
}

static Seen *seen_slot(const Pack *pack, guint32 hash, gconstpointer bytes, gsize size)
{
    guint at = hash & (pack->seen_size - 1);
    for (;; at = (at + 1) & (pack->seen_size - 1)) {
        Seen *seen = &pack->seen[at];
        gsize place = (gsize)seen->place * PLACE_BYTES;
        if (!seen->place || (seen->hash == hash && place + size <= pack->used &&
                             memcmp(pack->heap + place, bytes, size) == 0))
            return seen;
    }
}

static void seen_grow(Pack *pack)
{
    guint size = pack->seen_size * 2;
    Seen *more = memory_table(size, sizeof *more);
    for (guint i = 0; i < pack->seen_size; i++) {
        if (!pack->seen[i].place)
            continue;
        guint at = pack->seen[i].hash & (size - 1);
        while (more[at].place)
            at = (at + 1) & (size - 1);
        more[at] = pack->seen[i];
    }
    g_free(pack->seen);
    pack->seen = more;
    pack->seen_size = size;
}

/* The place where the same bytes stand already, or now. Nothing begins with the bytes of another:
 * texts end with their only NUL, and a serial tells its length. */
static Place heap_share(Pack *pack, gconstpointer bytes, gsize size, gsize align)
{
    guint32 hash = hash_of(bytes, size);
    Seen *seen = seen_slot(pack, hash, bytes, size);
    if (seen->place)
        return seen->place;
    Place place = heap_add(pack, bytes, size, align);
    *seen = (Seen){hash, place};
    if (place && ++pack->n_seen * 2 > pack->seen_size)
        seen_grow(pack);
    return place;
}

static Place text_own(Pack *pack, const char *text)
{
    return text ? heap_add(pack, text, strlen(text) + 1, PLACE_BYTES) : 0;
}

static Place text_shared(Pack *pack, const char *text)
{
    return text ? heap_share(pack, text, strlen(text) + 1, PLACE_BYTES) : 0;
}

/* ---- in --------------------------------------------------------------------------------- */

gsize sheet_row_size(PackTable table)
{
    return table == PACK_FIREARMS ? sizeof(PackedFirearm) : sizeof(PackedMention);
}

Pack *pack_new(void)
{
    Pack *pack = g_new0(Pack, 1);
    pack->room = 1u << 20;
    pack->used = sizeof(gint64); /* no place is 0 */
    pack->heap = g_malloc0(pack->room);
    pack->seen_size = 1u << 12;
    pack->seen = g_new0(Seen, pack->seen_size);
    for (PackTable table = 0; table < PACK_TABLES; table++)
        pack->rows[table] = g_array_new(FALSE, FALSE, (guint)sheet_row_size(table));
    return pack;
}

void pack_drop_rows(Pack *pack, PackTable table)
{
    g_clear_pointer(&pack->rows[table], g_array_unref);
}

void pack_free(Pack *pack)
{
    if (!pack)
        return;
    for (PackTable table = 0; table < PACK_TABLES; table++)
        pack_drop_rows(pack, table);
    g_free(pack->seen);
    g_free(pack->heap);
    g_free(pack);
}

void facts_serial(const char *const *value, Serial *serial)
{
    SerialKind kind = SERIAL_UNKNOWN;
    const char *name = value[FIELD_SERIAL_KIND], *pattern = value[FIELD_SERIAL_PATTERN];
    gboolean known = name && serial_kind_parse(name, &kind);
    if (!known || !pattern || !serial_from_pattern(pattern, kind, serial))
        *serial = (Serial){.kind = kind};
}

static FirearmKeys stored_keys(const Serial *serial, const char *const *value)
{
    const Firearm firearm = {
        .serial = serial,
        .serial_raw = value[FIELD_SERIAL_NUMBER],
        .trace_no = value[FIELD_TRACE_NO],
        .duplicate_of = value[FIELD_DUPLICATE_OF],
        .seizure_no = value[FIELD_SEIZURE_NO],
        .agency_case_no = value[FIELD_AGENCY_CASE_NO],
        .occurrence_no = value[FIELD_OCCURRENCE_NO],
    };
    return firearm_keys(&firearm);
}

static void fill_texts(Pack *pack, const TextMember *member, guint n, const char *const *value,
                       Place *text)
{
    for (guint i = 0; i < n; i++)
        if (member[i].field != NO_FIELD)
            text[i] = member[i].shared ? text_shared(pack, value[member[i].field])
                                       : text_own(pack, value[member[i].field]);
}

gboolean facts_observation(const char *const *value)
{
    return value[FIELD_EVENT_TYPE] || value[FIELD_SERIAL_NUMBER] || value[FIELD_MAKE];
}

gboolean pack_record(Pack *pack, const ScanRecord *record)
{
    const char *const *value = record->value;
    pack->id = record->id;
    pack->ref = text_own(pack, record->ref);
    pack->group = text_shared(pack, value[FIELD_SEIZURE_NO]);
    pack->firearm = facts_observation(value);
    if (!pack->firearm)
        return FALSE;
    Serial serial;
    facts_serial(value, &serial);
    PackedFirearm row = {
        .id = record->id,
        .text = {[TEXT_REF] = pack->ref},
        .serial = heap_share(pack, &serial, serial_size(&serial), G_ALIGNOF(Serial)),
        .keys = stored_keys(&serial, value),
        .event_date = date_parse(value[FIELD_EVENT_DATE], DATE_ISO),
        .purchase_date = date_parse(value[FIELD_PURCHASE_DATE], DATE_ISO),
        .request_date = date_parse(value[FIELD_REQUEST_DATE], DATE_ISO),
        .side = event_is_seizure(value[FIELD_EVENT_TYPE]) ? SIDE_SEIZURE : SIDE_TRACE,
        .part = commodity_is_part(value[FIELD_COMMODITY]),
    };
    fill_texts(pack, firearm_texts, G_N_ELEMENTS(firearm_texts), value, row.text);
    g_array_append_val(pack->rows[PACK_FIREARMS], row);
    return TRUE;
}

void pack_buyer(Pack *pack, const char *role, const char *const *value)
{
    if (!pack->firearm || strcmp(role, "purchaser") != 0)
        return;
    GArray *rows = pack->rows[PACK_FIREARMS];
    PackedFirearm *firearm = &g_array_index(rows, PackedFirearm, rows->len - 1);
    firearm->buyer_dob = date_parse(value[MENTION_DOB], DATE_ISO);
    if (value[MENTION_LAST] && !value[MENTION_ORGANISATION]) {
        g_autofree char *key = person_surname_key(value[MENTION_LAST]);
        firearm->text[BUYER_LAST] = text_shared(pack, key);
    }
}

void pack_mention(Pack *pack, const char *role, const char *const *value)
{
    const char *record = (const char *)pack->heap + (gsize)pack->ref * PLACE_BYTES;
    g_autofree char *ref = g_strconcat(record, ":", role, NULL);
    const char *const organisation = value[MENTION_ORGANISATION];
    const char *cell[MENTION_COUNT];
    for (guint i = 0; i < PACK_N_MENTION_FIELDS; i++)
        cell[PACK_MENTION_FIELDS[i]] = value[PACK_MENTION_FIELDS[i]];
    if (organisation)
        cell[MENTION_LAST] = organisation;
    PackedMention row = {
        .id = pack->id,
        .text = {[TEXT_REF] = text_own(pack, ref),
                 [MENTION_RECORD_TEXT] = pack->ref,
                 [MENTION_ROLE_TEXT] = text_shared(pack, role_base(role)),
                 [MENTION_GROUP_TEXT] = pack->group},
        .dob = birth_parse(value[MENTION_DOB]),
        .organisation = organisation != NULL,
    };
    fill_texts(pack, mention_texts, G_N_ELEMENTS(mention_texts), cell, row.text);
    g_array_append_val(pack->rows[PACK_MENTIONS], row);
    pack_buyer(pack, role, value);
}

/* ---- in order --------------------------------------------------------------------------- */

typedef struct {
    Sheet sheet;
    PackTable table;
} Order;

static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
    const Order *order = data;
    return strcmp(sheet_ref(&order->sheet, order->table, *(const guint32 *)a),
                  sheet_ref(&order->sheet, order->table, *(const guint32 *)b));
}

/* By the rank of their record (counting sort), then exactly by reference: "S-1/10:..." stands
 * before "S-1/1:...", which only concerns neighbours. */
static void order_by_rank(Order *order, guint32 *at, const guint32 *rank, guint ranks)
{
    guint n = order->sheet.n[order->table];
    g_autofree guint32 *first = g_new0(guint32, ranks + 2);
    for (guint i = 0; i < n; i++)
        first[rank[sheet_id(&order->sheet, order->table, i)] + 1]++;
    for (guint r = 0; r < ranks; r++)
        first[r + 1] += first[r];
    for (guint i = 0; i < n; i++)
        at[first[rank[sheet_id(&order->sheet, order->table, i)]]++] = i;
    for (guint i = 1; i < n; i++)
        for (guint k = i; k > 0 && compare_rows(&at[k - 1], &at[k], order) > 0; k--) {
            guint32 other = at[k];
            at[k] = at[k - 1];
            at[k - 1] = other;
        }
}

void pack_sort(Pack *pack, const guint32 *rank, guint ranks)
{
    for (PackTable table = 0; table < PACK_TABLES; table++) {
        Order order = {pack_sheet(pack), table};
        GArray *rows = pack->rows[table];
        guint n = rows->len, size = g_array_get_element_size(rows);
        g_autofree guint32 *at = g_new(guint32, n + 1);
        for (guint i = 0; i < n; i++)
            at[i] = i;
        if (rank)
            order_by_rank(&order, at, rank, ranks);
        else
            g_qsort_with_data(at, (gint)n, sizeof *at, compare_rows, &order);
        GArray *sorted = g_array_sized_new(FALSE, FALSE, size, n);
        for (guint i = 0; i < n; i++)
            g_array_append_vals(sorted, rows->data + (gsize)at[i] * size, 1);
        g_array_unref(rows);
        pack->rows[table] = sorted;
    }
}

gboolean pack_end(Pack *pack, GError **error)
{
    g_clear_pointer(&pack->seen, g_free);
    return !pack->overfull ||
           error_set(error, STATUS_DATA, "cannot correlate more than 16 GB of texts at once");
}

Sheet pack_sheet(const Pack *pack)
{
    Sheet sheet = {.heap = pack->heap, .heap_size = pack->used};
    for (PackTable table = 0; table < PACK_TABLES; table++) {
        sheet.rows[table] = pack->rows[table]->data;
        sheet.n[table] = pack->rows[table]->len;
    }
    return sheet;
}

/* ---- out -------------------------------------------------------------------------------- */

static const PackedMention *row_at(const Sheet *sheet, PackTable table, guint i)
{
    return (gconstpointer)((const guint8 *)sheet->rows[table] + i * sheet_row_size(table));
}

static const char *text_at(const Sheet *sheet, Place place)
{
    gsize at = (gsize)place * PLACE_BYTES;
    return place && at < sheet->heap_size ? (const char *)sheet->heap + at : NULL;
}

gint64 sheet_id(const Sheet *sheet, PackTable table, guint i)
{
    return row_at(sheet, table, i)->id;
}

const char *sheet_ref(const Sheet *sheet, PackTable table, guint i)
{
    return text_at(sheet, row_at(sheet, table, i)->text[TEXT_REF]);
}

const Serial *sheet_serial(const Sheet *sheet, guint i)
{
    const PackedFirearm *rows = sheet->rows[PACK_FIREARMS];
    return (gconstpointer)text_at(sheet, rows[i].serial);
}

static void give_texts(const Sheet *sheet, const TextMember *member, guint n, const Place *text,
                       gpointer to)
{
    for (guint i = 0; i < n; i++)
        G_STRUCT_MEMBER(const char *, to, member[i].member) = text_at(sheet, text[i]);
}

void sheet_firearm(const Sheet *sheet, guint i, Firearm *firearm)
{
    const PackedFirearm *row = (const PackedFirearm *)sheet->rows[PACK_FIREARMS] + i;
    *firearm = (Firearm){
        .side = row->side == SIDE_SEIZURE ? SIDE_SEIZURE : SIDE_TRACE,
        .serial = sheet_serial(sheet, i),
        .event_date = row->event_date,
        .purchase_date = row->purchase_date,
        .request_date = row->request_date,
        .buyer_dob = row->buyer_dob,
        .part = row->part != 0,
        .keys = &row->keys,
    };
    give_texts(sheet, firearm_texts, G_N_ELEMENTS(firearm_texts), row->text, firearm);
}

void sheet_mention(const Sheet *sheet, guint i, PersonMention *mention)
{
    const PackedMention *row = (const PackedMention *)sheet->rows[PACK_MENTIONS] + i;
    *mention = (PersonMention){.organisation = row->organisation != 0, .dob = row->dob};
    give_texts(sheet, mention_texts, G_N_ELEMENTS(mention_texts), row->text, mention);
}
