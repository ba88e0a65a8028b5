/*
 * Evidence of leads a lot at a time, so that a report needs no more memory than a lot and what may
 * be spared: each is read by a thread of its own while the one before is told. The first visit goes
 * along the store and packs what it reads, as far as there is room; later ones, in report order,
 * read the rest again. Leads that are one lot are read once and stay as they are. Stands between
 * engine/lead and release.c; looks at nothing it reads.
 */
#include <pthread.h>

#include "engine/release/parts.h"
#include "engine/store/put.h"

/* Some 20 MB of evidence; of fewer records what each lot costs by itself shows. */
#define LOT_RECORDS 2000
/* What 350,000 leads of 11 million records take, some 3 KB each: of fewer as much less. What does
 * not fit is read twice, the second time all over the store. */
#define SPARE_BYTES ((gsize)1536 << 20)
#define PACKED_HEAD 100 /* bytes that a packed lead takes beside its own */
#define STORE_CACHE 32  /* MiB */

struct Lots {
    Store *store;
    LeadTelling telling;
    guint size;
    gsize spare;        /* bytes that may be packed yet */
    GHashTable *packed; /* StoredLead -> GBytes: its evidence, packed */
    RawPacker *packer;
    Lot *only; /* the lot, where all are one, once it was read */
    gboolean one;
};

struct Lot {
    Store *store;
    GHashTable *packed; /* of its lots; NULL: nothing is, or it is being added to */
    LeadTelling telling;
    const GPtrArray *order;
    guint from, to;
    GHashTable *evidence; /* StoredLead -> LeadEvidence; NULL: not read (yet) */
    GError *problem;
    pthread_t thread;
    gboolean beside;
};

static guint count_records(const GPtrArray *leads)
{
    guint n = 0;
    for (guint i = 0; i < leads->len; i++)
        n += ((const StoredLead *)leads->pdata[i])->records->len;
    return n;
}

Lots *lots_new(Store *store, const ReleaseOptions *options, const GPtrArray *leads)
{
    Lots *lots = g_new0(Lots, 1);
    lots->store = store;
    lots->telling = (LeadTelling){
        .indicators = options->indicators, .terms = options->terms, .lang = options->lang};
    lots->size = options->lot ? options->lot : LOT_RECORDS;
    lots->spare = options->spare ? options->spare : SPARE_BYTES;
    lots->packed = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref);
    lots->packer = raw_packer_new();
    lots->one = count_records(leads) <= lots->size;
    if (!lots->one) /* of pages, few are looked at again */
        store_set_cache(store, STORE_CACHE, NULL);
    return lots;
}

static void lot_free(Lot *lot)
{
    if (!lot)
        return;
    g_clear_pointer(&lot->evidence, g_hash_table_unref);
    g_clear_error(&lot->problem);
    g_free(lot);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lot, lot_free)

void lots_free(Lots *lots)
{
    if (!lots)
        return;
    lot_free(lots->only);
    g_hash_table_unref(lots->packed);
    raw_packer_free(lots->packer);
    if (!lots->one)
        store_set_cache(lots->store, 0, NULL);
    g_free(lots);
}

/* The next of an order; NULL: there is none. */
static Lot *lot_new(const Lots *lots, const GPtrArray *order, guint from, gboolean to_rank)
{
    guint records = 0;
    if (from == order->len)
        return NULL;
    Lot *lot = g_new0(Lot, 1);
    *lot =
        (Lot){lots->store, to_rank ? NULL : lots->packed, lots->telling, order, from, .to = from};
    lot->telling.unexplained = to_rank && !lots->one && !lots->spare;
    while (lot->to < order->len && (lots->one || records < lots->size))
        records += ((const StoredLead *)order->pdata[lot->to++])->records->len;
    return lot;
}

static gboolean read_others(Lot *lot, GHashTable *all, const GPtrArray *leads)
{
    g_autoptr(GPtrArray) evidence =
        lead_evidence_read_all(lot->store, leads, &lot->telling, &lot->problem);
    if (!evidence)
        return FALSE;
    g_ptr_array_set_free_func(evidence, NULL); /* each goes over */
    for (guint i = 0; i < leads->len; i++) {
        lead_evidence_translate(evidence->pdata[i], lot->telling.indicators, lot->telling.lang);
        g_hash_table_insert(all, leads->pdata[i], evidence->pdata[i]);
    }
    return TRUE;
}

static void free_evidence(gpointer evidence)
{
    lead_evidence_free(evidence);
}

static LeadEvidence *unpack(GBytes *packed)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(packed, &size);
    g_autoptr(GByteArray) plain = texts_unpack(bytes, size);
    return plain ? lead_evidence_unpack(plain->data) : lead_evidence_new();
}

static void *lot_read(void *data)
{
    Lot *lot = data;
    g_autoptr(GHashTable) all = g_hash_table_new_full(NULL, NULL, NULL, free_evidence);
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    for (guint i = lot->from; i < lot->to; i++) {
        gpointer lead = lot->order->pdata[i];
        GBytes *packed = lot->packed ? g_hash_table_lookup(lot->packed, lead) : NULL;
        if (g_hash_table_contains(all, lead))
            continue;
        g_hash_table_insert(all, lead, packed ? unpack(packed) : NULL);
        if (!packed)
            g_ptr_array_add(others, lead);
    }
    if (!others->len || read_others(lot, all, others))
        lot->evidence = g_steal_pointer(&all);
    return NULL;
}

/* Packs what was read, until there is no room. */
static void keep_lot(Lots *lots, const Lot *lot)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    GHashTableIter iter;
    gpointer lead, evidence;
    g_hash_table_iter_init(&iter, lot->evidence);
    while (lots->spare && g_hash_table_iter_next(&iter, &lead, &evidence)) {
        g_byte_array_set_size(bytes, 0);
        lead_evidence_pack(bytes, evidence);
        g_autoptr(GBytes) packed = texts_pack(lots->packer, bytes);
        gsize size = g_bytes_get_size(packed) + PACKED_HEAD;
        if (size <= lots->spare)
            g_hash_table_insert(lots->packed, lead, g_steal_pointer(&packed));
        lots->spare -= MIN(size, lots->spare);
    }
}

static void lot_begin(Lot *lot)
{
    if (lot)
        lot->beside = pthread_create(&lot->thread, NULL, lot_read, lot) == 0;
}

/* FALSE: it could not be read. */
static gboolean lot_wait(Lot *lot, GError **error)
{
    if (lot->beside)
        pthread_join(lot->thread, NULL);
    else if (!lot->evidence)
        lot_read(lot);
    lot->beside = FALSE;
    if (lot->problem)
        g_propagate_error(error, g_steal_pointer(&lot->problem));
    return lot->evidence != NULL;
}

static gboolean visit_one(Lots *lots, const GPtrArray *order, TakeLot take, gpointer data,
                          GError **error)
{
    if (!order->len)
        return TRUE;
    if (!lots->only)
        lots->only = lot_new(lots, order, 0, FALSE);
    return lot_wait(lots->only, error) && take(lots->only, 0, order->len, data, error);
}

gboolean lots_visit(Lots *lots, const GPtrArray *order, gboolean to_rank, TakeLot take,
                    gpointer data, GError **error)
{
    if (lots->one)
        return visit_one(lots, order, take, data, error);
    g_autoptr(Lot) lot = lot_new(lots, order, 0, to_rank);
    gboolean ok = TRUE;
    while (ok && lot) {
        ok = lot_wait(lot, error);
        g_autoptr(Lot) next = ok ? lot_new(lots, order, lot->to, to_rank) : NULL;
        lot_begin(next);
        ok = ok && take(lot, lot->from, lot->to, data, error);
        if (ok && to_rank && !lot->telling.unexplained)
            keep_lot(lots, lot);
        if (next && next->beside) /* also where nobody wants it any more */
            ok = lot_wait(next, ok ? error : NULL) && ok;
        lot_free(lot);
        lot = g_steal_pointer(&next);
    }
    return ok;
}

const LeadEvidence *lot_evidence(const Lot *lot, const StoredLead *lead)
{
    return g_hash_table_lookup(lot->evidence, lead);
}

LeadEvidence *lot_take(Lot *lot, const StoredLead *lead)
{
    gpointer evidence = NULL;
    g_hash_table_steal_extended(lot->evidence, lead, NULL, &evidence);
    return evidence;
}
