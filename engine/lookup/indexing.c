/*
 * The index of lookup.h in the making: observations come one after the other and are forgotten; of
 * each stay its number and which of the distinct serials it bears, of these the characters. So the
 * index of a store needs neither its facts nor an order, and little more memory than the index.
 */
#include <string.h>

#include "engine/lookup/stored.h"

#define FREE 0u

struct FirearmIndexing {
    GByteArray *text;    /* codes of full serials, one behind the other */
    GArray *at;          /* of guint32, by serial: where its codes begin; patterns have none */
    guint32 *slot;       /* full serials by hash: number + 1, or FREE */
    guint32 slots, full; /* slots: a power of two */
    GHashTable *known;   /* pattern -> its number + 1 */
    GString *patterns;   /* as they lie in the index */
    GArray *bears, *id;  /* of guint32 and gint64, by observation */
    gint64 last;         /* the largest number that was given */
};

FirearmIndexing *firearm_indexing_new(void)
{
    FirearmIndexing *indexing = g_new0(FirearmIndexing, 1);
    indexing->text = g_byte_array_new();
    indexing->at = g_array_new(FALSE, FALSE, sizeof(guint32));
    indexing->slots = 1u << 12;
    indexing->slot = g_new0(guint32, indexing->slots);
    indexing->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    indexing->patterns = g_string_new(NULL);
    indexing->bears = g_array_new(FALSE, FALSE, sizeof(guint32));
    indexing->id = g_array_new(FALSE, FALSE, sizeof(gint64));
    return indexing;
}

void firearm_indexing_free(FirearmIndexing *indexing)
{
    g_clear_pointer(&indexing->text, g_byte_array_unref);
    g_clear_pointer(&indexing->at, g_array_unref);
    g_clear_pointer(&indexing->slot, g_free);
    g_clear_pointer(&indexing->known, g_hash_table_unref);
    if (indexing->patterns != NULL) {
        g_string_free(indexing->patterns, TRUE);
    }
    g_clear_pointer(&indexing->bears, g_array_unref);
    g_clear_pointer(&indexing->id, g_array_unref);
    g_free(indexing);
}

/* ---- distinct serials ---- */

static guint32 codes_hash(const Codes *codes)
{
    guint64 h = codes->n;
    for (guint i = 0; i < codes->n; i++) {
        h = h * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) + codes->code[i] + 1u;
    }
    return (guint32)(mix(h, 0) >> 32);
}

static Codes codes_at(const FirearmIndexing *indexing, guint32 serial)
{
    guint32 from = g_array_index(indexing->at, guint32, serial);
    guint32 to = serial + 1 < indexing->at->len ? g_array_index(indexing->at, guint32, serial + 1)
                                                : indexing->text->len;
    Codes codes = {.n = (guint8)(to - from)};
    memcpy(codes.code, indexing->text->data + from, codes.n);
    return codes;
}

/* The slot of a serial, or the free one in which it would stand. */
static guint32 *slot_of(const FirearmIndexing *indexing, const Codes *codes)
{
    for (guint32 at = codes_hash(codes);; at++) {
        guint32 *slot = &indexing->slot[at & (indexing->slots - 1)];
        if (*slot == FREE) {
            return slot;
        }
        Codes other = codes_at(indexing, *slot - 1);
        if (codes_equal(codes, &other)) {
            return slot;
        }
    }
}

static void slots_grow(FirearmIndexing *indexing)
{
    g_free(indexing->slot);
    indexing->slots *= 2;
    indexing->slot = g_new0(guint32, indexing->slots);
    for (guint32 serial = 0; serial < indexing->at->len; serial++) {
        Codes codes = codes_at(indexing, serial);
        if (codes.n > 0) {
            *slot_of(indexing, &codes) = serial + 1;
        }
    }
}

static guint32 serial_add(FirearmIndexing *indexing, const guint8 *code, guint n)
{
    guint32 at = indexing->text->len;
    g_array_append_val(indexing->at, at);
    g_byte_array_append(indexing->text, code, n);
    return indexing->at->len - 1;
}

static guint32 full_serial(FirearmIndexing *indexing, const Codes *codes)
{
    guint32 *slot = slot_of(indexing, codes);
    if (*slot != FREE) {
        return *slot - 1;
    }
    guint32 serial = serial_add(indexing, codes->code, codes->n);
    *slot = serial + 1;
    if (++indexing->full > indexing->slots / 2) {
        slots_grow(indexing);
    }
    return serial;
}

static guint32 pattern_serial(FirearmIndexing *indexing, const Serial *pattern)
{
    g_autofree char *positions = serial_pattern(pattern);
    guint32 known = GPOINTER_TO_UINT(g_hash_table_lookup(indexing->known, positions));
    if (known != 0) {
        return known - 1;
    }
    guint32 serial = serial_add(indexing, NULL, 0);
    g_string_append_printf(indexing->patterns, "%u %s", serial, positions);
    g_string_append_c(indexing->patterns, '\0');
    g_hash_table_insert(indexing->known, g_steal_pointer(&positions), GUINT_TO_POINTER(serial + 1));
    return serial;
}

void firearm_indexing_add(FirearmIndexing *indexing, const Serial *serial, gint64 id)
{
    Codes codes;
    indexing->last = MAX(indexing->last, id);
    if (!serial_informs(serial)) {
        return;
    }
    guint32 bears =
        codes_of(serial, &codes) ? full_serial(indexing, &codes) : pattern_serial(indexing, serial);
    g_array_append_val(indexing->bears, bears);
    g_array_append_val(indexing->id, id);
}

/* ---- the index ---- */

/* Who bears each serial, in the order in which they came. */
static void group(const FirearmIndexing *indexing, FirearmIndex *index)
{
    guint32 n = indexing->at->len, *first = g_new0(guint32, (gsize)n + 2);
    const guint32 *bears = (const guint32 *)(gpointer)indexing->bears->data;
    index->ids = indexing->bears->len;
    gint64 *id = g_new(gint64, (gsize)index->ids + 1);
    for (guint32 i = 0; i < index->ids; i++) {
        first[bears[i] + 2]++;
    }
    for (guint32 s = 0; s < n; s++) {
        first[s + 2] += first[s + 1];
    }
    for (guint32 i = 0; i < index->ids; i++) { /* then each stands where it began */
        id[first[bears[i] + 1]++] = g_array_index(indexing->id, gint64, i);
    }
    index->first = index->memory[0] = first;
    index->id = index->memory[1] = id;
}

FirearmIndex *firearm_indexing_end(FirearmIndexing *indexing, const FirearmParameters *parameters)
{
    FirearmIndex *index = g_new0(FirearmIndex, 1);
    guint32 n = indexing->at->len, size = indexing->text->len;
    index->used = parameters;
    index->last = indexing->last;
    g_clear_pointer(&indexing->slot, g_free);
    group(indexing, index);
    g_clear_pointer(&indexing->bears, g_array_unref);
    g_clear_pointer(&indexing->id, g_array_unref);
    index->patterns_size = indexing->patterns->len;
    index->patterns = index->memory[2] = g_string_free(g_steal_pointer(&indexing->patterns), FALSE);
    g_array_append_val(indexing->at, size);
    index->serials =
        index_of_codes(n, (guint32 *)(gpointer)g_array_free(g_steal_pointer(&indexing->at), FALSE),
                       g_byte_array_free(g_steal_pointer(&indexing->text), FALSE));
    firearm_indexing_free(indexing);
    return index;
}
