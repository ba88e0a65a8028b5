/*
 * Facts of records for the matchers: read from the store (pack.c), or known from the run before
 * (image.c) with what is new put in between. Here the two become arrays in the order of references.
 */
#include "engine/run/facts.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"
#include "engine/base/queue.h"

/* An image is made anew when more than one record in so many changed since. */
#define FRESH_SHARE 16
#define FRESH_LEAST 1000u

void facts_free(Facts *facts)
{
    if (!facts)
        return;
    g_clear_pointer(&facts->firearms, g_array_unref);
    g_clear_pointer(&facts->firearm_id, g_array_unref);
    g_clear_pointer(&facts->mentions, g_array_unref);
    g_clear_pointer(&facts->pack, pack_free);
    g_clear_pointer(&facts->image, image_free);
    g_free(facts);
}

void facts_rest(const Facts *facts)
{
    if (facts->image)
        image_rest(facts->image);
}

void facts_shed(Facts *facts)
{
    guint n = facts->firearm_id->len;
    if (facts->image && facts->known.n[PACK_FIREARMS] == n && facts->fresh.n[PACK_FIREARMS] == 0)
        g_clear_pointer(&facts->firearms, g_array_unref);
}

gboolean facts_hold(const Facts *facts, GError **error)
{
    return !facts->image || image_holds(facts->image, error);
}

/* ---- arrays of what lies packed --------------------------------------------------------- */

/* Rows, without those of records that are others now. */
typedef struct {
    Sheet sheet;
    guint8 *gone; /* a flag by number of record */
    gint64 n_gone;
    guint from; /* what is added to the place of a mention */
} Source;

static gboolean is_gone(const Source *source, PackTable table, guint i)
{
    if (source->n_gone == 0) /* no row is looked at for it */
        return FALSE;
    gint64 id = sheet_id(&source->sheet, table, i);
    return id >= 0 && id < source->n_gone && source->gone[id];
}

static void take_rows(Facts *facts, PackTable table, const Source *source, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        guint place = source->from + i;
        Firearm firearm;
        if (is_gone(source, table, i))
            continue;
        if (table == PACK_MENTIONS) {
            g_array_append_val(facts->mentions, place);
            continue;
        }
        gint64 id = sheet_id(&source->sheet, table, i);
        g_array_append_val(facts->firearm_id, id);
        sheet_firearm(&source->sheet, i, &firearm);
        if (!facts->image)
            firearm.keys = NULL; /* rows are dropped */
        g_array_append_val(facts->firearms, firearm);
    }
}

/* The first row from a place on whose reference is not smaller. */
static guint place_in(const Sheet *sheet, PackTable table, guint low, const char *ref)
{
    guint high = sheet->n[table];
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(sheet_ref(sheet, table, middle), ref) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What was known, with what is fresh between. */
static void merge_rows(Facts *facts, PackTable table, const Source *known, const Source *fresh)
{
    guint at = 0;
    for (guint i = 0; i < fresh->sheet.n[table]; i++) {
        guint place = place_in(&known->sheet, table, at, sheet_ref(&fresh->sheet, table, i));
        take_rows(facts, table, known, at, place);
        take_rows(facts, table, fresh, i, i + 1);
        at = place;
    }
    take_rows(facts, table, known, at, known->sheet.n[table]);
}

typedef struct {
    Facts *facts;
    const Source *known, *fresh;
} Merging;

static void merge_work(Queue *queue, gpointer data)
{
    const Merging *merging = data;
    for (guint table; queue_next(queue, &table);)
        merge_rows(merging->facts, (PackTable)table, merging->known, merging->fresh);
}

/* Takes pack and image (may be NULL). revised: numbers of records (of gint64) of which the image
 * tells what they said before; NULL: none. */
static Facts *facts_new(Pack *pack, Image *image, const GArray *revised)
{
    Facts *facts = g_new0(Facts, 1);
    Source fresh = {.sheet = pack_sheet(pack), .from = FACTS_FRESH}, known = {.from = 0};
    if (image)
        known.sheet = image_sheet(image);
    facts->pack = pack;
    facts->image = image;
    for (guint i = 0; revised && i < revised->len; i++)
        known.n_gone = MAX(known.n_gone, g_array_index(revised, gint64, i) + 1);
    known.gone = g_new0(guint8, known.n_gone);
    for (guint i = 0; revised && i < revised->len; i++)
        known.gone[g_array_index(revised, gint64, i)] = 1;
    guint firearms = fresh.sheet.n[PACK_FIREARMS] + known.sheet.n[PACK_FIREARMS];
    guint mentions = fresh.sheet.n[PACK_MENTIONS] + known.sheet.n[PACK_MENTIONS];
    facts->firearms = g_array_sized_new(FALSE, FALSE, sizeof(Firearm), firearms);
    memory_populate(facts->firearms->data, (gsize)firearms * sizeof(Firearm));
    facts->mentions = g_array_sized_new(FALSE, FALSE, sizeof(guint), mentions);
    facts->firearm_id = g_array_sized_new(FALSE, FALSE, sizeof(gint64), firearms);
    Merging merging = {facts, &known, &fresh};
    queue_run(PACK_TABLES, merge_work, &merging);
    if (!image)
        pack_drop_rows(pack, PACK_FIREARMS);
    facts->known = known.sheet;
    facts->fresh = fresh.sheet;
    g_free(known.gone);
    return facts;
}

/* ---- read ------------------------------------------------------------------------------- */

static gboolean read_record(const ScanRecord *record, gpointer data)
{
    pack_record(data, record);
    return TRUE;
}

static gboolean read_buyer(const char *role, const char *const *value, gpointer data)
{
    pack_buyer(data, role, value);
    return TRUE;
}

static gboolean read_mention(const char *role, const char *const *value, gpointer data)
{
    pack_mention(data, role, value);
    return TRUE;
}

/* ids (of gint64): these alone; NULL: all. */
static StoreScan scan_of(Pack *pack, const GArray *ids)
{
    return (StoreScan){.fields = PACK_FIELDS,
                       .n_fields = PACK_N_FIELDS,
                       .mention_fields = PACK_MENTION_FIELDS,
                       .n_mention_fields = PACK_N_MENTION_FIELDS,
                       .ids = ids ? (const gint64 *)(gpointer)ids->data : NULL,
                       .n_ids = ids ? ids->len : 0,
                       .record = read_record,
                       .mention = read_mention,
                       .data = pack};
}

/* mention: what becomes of a mention. */
static Pack *read_all(Store *store,
                      gboolean (*mention)(const char *, const char *const *, gpointer),
                      GError **error)
{
    g_autoptr(GArray) order = store_ref_order(store, error);
    if (!order)
        return NULL;
    gint64 last = 0;
    for (guint i = 0; i < order->len; i++)
        last = MAX(last, g_array_index(order, gint64, i));
    g_autofree guint32 *rank = g_new0(guint32, last + 1);
    for (guint i = 0; i < order->len; i++)
        rank[g_array_index(order, gint64, i)] = i;
    g_autoptr(Pack) pack = pack_new();
    StoreScan scan = scan_of(pack, NULL);
    scan.mention = mention;
    if (!store_scan(store, &scan, error) || !pack_end(pack, error))
        return NULL;
    pack_sort(pack, rank, order->len);
    return g_steal_pointer(&pack);
}

/* That the image cannot be written is no matter; that SQLite had no memory is: it may have rolled
 * the transaction back. */
static gboolean is_of_memory(const GError *problem)
{
    return problem && error_status(problem) == STATUS_MEMORY;
}

Facts *facts_read(Store *store, gboolean keep, GError **error)
{
    g_autoptr(Pack) pack = read_all(store, read_mention, error);
    if (!pack)
        return NULL;
    Sheet sheet = pack_sheet(pack);
    g_autoptr(GError) problem = NULL;
    if (!keep || !image_write(store, &sheet, &problem)) {
        if (is_of_memory(problem)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        return facts_new(g_steal_pointer(&pack), NULL, NULL);
    }
    /* the same lies on disk now, where it costs no memory: not in both places at once */
    g_clear_pointer(&pack, pack_free);
    g_auto(StoreChanges) none = {0};
    g_autoptr(Image) image = image_map(store);
    if (image && image_is_of(image, store, &none, &problem))
        return facts_new(pack_new(), g_steal_pointer(&image), NULL);
    if (!problem)
        return facts_read(store, FALSE, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

Facts *facts_read_firearms(Store *store, GError **error)
{
    Pack *pack = read_all(store, read_buyer, error);
    return pack ? facts_new(pack, NULL, NULL) : NULL;
}

/* Records to be read, in the order of their numbers: those revised are the older ones. */
static GArray *ids_of(const StoreChanges *changes)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_vals(ids, changes->revised->data, changes->revised->len);
    g_array_append_vals(ids, changes->added->data, changes->added->len);
    return ids;
}

Facts *facts_recall(Store *store, Image *given, GError **error)
{
    g_auto(StoreChanges) changes = {0};
    g_autoptr(Image) image = given;
    if (!image || !image_is_of(image, store, &changes, error))
        return NULL;
    g_autoptr(GArray) ids = ids_of(&changes);
    Sheet known = image_sheet(image);
    if (ids->len > MAX(known.n[PACK_FIREARMS] / FRESH_SHARE, FRESH_LEAST))
        return NULL;
    g_autoptr(Pack) pack = pack_new();
    StoreScan scan = scan_of(pack, ids);
    /* no numbers at all would mean every record */
    if ((ids->len && !store_scan(store, &scan, error)) || !pack_end(pack, error))
        return NULL;
    pack_sort(pack, NULL, 0);
    return facts_new(g_steal_pointer(&pack), g_steal_pointer(&image), changes.revised);
}

typedef struct {
    Pack *pack;
    FactsSee see;
    gpointer data;
} Some;

static gboolean read_one(const ScanRecord *record, gpointer data)
{
    const Some *some = data;
    if (pack_record(some->pack, record))
        some->see(record, some->data);
    return TRUE;
}

Facts *facts_read_some(Store *store, const GArray *ids, FactsSee see, gpointer data, GError **error)
{
    g_autoptr(Pack) pack = pack_new();
    g_autofree Field *fields = g_new(Field, PACK_N_FIELDS + 2);
    memcpy(fields, PACK_FIELDS, PACK_N_FIELDS * sizeof *fields);
    fields[PACK_N_FIELDS] = FIELD_HANDLING;
    fields[PACK_N_FIELDS + 1] = FIELD_CONFIDENTIAL_SOURCE;
    Some some = {pack, see, data};
    StoreScan scan = {.fields = fields,
                      .n_fields = PACK_N_FIELDS + 2,
                      .ids = (const gint64 *)(gpointer)ids->data,
                      .n_ids = ids->len,
                      .record = read_one,
                      .data = &some};
    if ((ids->len && !store_scan(store, &scan, error)) || !pack_end(pack, error))
        return NULL;
    return facts_new(g_steal_pointer(&pack), NULL, NULL);
}

Facts *facts_of(const Record *const *records, guint n)
{
    Pack *pack = pack_new();
    for (guint i = 0; i < n; i++) {
        const Record *record = records[i];
        ScanRecord seen = {.ref = record->ref, .value = (const char *const *)record->value};
        pack_record(pack, &seen);
        for (guint k = 0; k < record->mentions->len; k++) {
            const Mention *mention = record->mentions->pdata[k];
            pack_mention(pack, mention->role, (const char *const *)mention->value);
        }
    }
    return facts_new(pack, NULL, NULL);
}

Facts *facts_read_former(Store *store, const GArray *ids, const StoreRun *since, GError **error)
{
    g_autoptr(Pack) pack = pack_new();
    StoreScan scan = scan_of(pack, ids);
    if ((ids->len && !store_scan_former(store, &scan, since, error)) || !pack_end(pack, error))
        return NULL;
    return facts_new(g_steal_pointer(&pack), NULL, NULL);
}

/* ---- asked ------------------------------------------------------------------------------ */

static const Sheet *mention_sheet(const Facts *facts, guint i, guint *row)
{
    guint place = g_array_index(facts->mentions, guint, i);
    *row = place & ~FACTS_FRESH;
    return place >= FACTS_FRESH ? &facts->fresh : &facts->known;
}

PersonMention facts_mention_at(gconstpointer facts, guint i)
{
    PersonMention mention;
    guint row;
    const Sheet *sheet = mention_sheet(facts, i, &row);
    sheet_mention(sheet, row, &mention);
    return mention;
}

gint64 facts_mention_id(const Facts *facts, guint i)
{
    guint row;
    const Sheet *sheet = mention_sheet(facts, i, &row);
    return sheet_id(sheet, PACK_MENTIONS, row);
}

GArray *facts_mentions(const Facts *facts)
{
    GArray *mentions = g_array_new(FALSE, FALSE, sizeof(PersonMention));
    for (guint i = 0; i < facts->mentions->len; i++) {
        PersonMention mention = facts_mention_at(facts, i);
        g_array_append_val(mentions, mention);
    }
    return mentions;
}

const char *facts_firearm_ref(const Facts *facts, guint i)
{
    return facts->firearms ? facts_firearm_at(facts, i)->ref
                           : sheet_ref(&facts->known, PACK_FIREARMS, i);
}

const Serial *facts_firearm_serial(const Facts *facts, guint i)
{
    return facts->firearms ? facts_firearm_at(facts, i)->serial : sheet_serial(&facts->known, i);
}

static const char *ref_of_mention(const Facts *facts, guint i)
{
    guint row;
    const Sheet *sheet = mention_sheet(facts, i, &row);
    return sheet_ref(sheet, PACK_MENTIONS, row);
}

static int find_ref(const Facts *facts, guint n, const char *(*ref_at)(const Facts *, guint),
                    const char *ref)
{
    guint low = 0, high = n;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(ref_at(facts, middle), ref);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

int facts_firearm(const Facts *facts, const char *ref)
{
    return find_ref(facts, facts->firearm_id->len, facts_firearm_ref, ref);
}

int facts_mention(const Facts *facts, const char *ref)
{
    return find_ref(facts, facts->mentions->len, ref_of_mention, ref);
}
