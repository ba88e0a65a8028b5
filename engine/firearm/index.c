/*
 * Joins full serials of two sides. Every tier becomes an equality of hashed keys: texts within
 * one or two edits share what remains when as many characters are deleted (SymSpell); an end that
 * was lost is a prefix or suffix; short look-alikes are spelled out. Keys of the left side are
 * kept in a table, part by part, so that memory is bounded; the right side streams past it.
 */
#include "engine/firearm/index.h"

#include <string.h>

#define PART     200000u /* left forms in the table at one time */
#define KEYS_MAX 4096u   /* keys of one form */

enum { SALT_DELETION = 1, SALT_NCIC, SALT_WHOLE, SALT_END, SALT_LOOK_ALIKE };

typedef struct {
    guint32 key[KEYS_MAX];
    guint n;
} Keys;

static void add_key(Keys *keys, guint32 salt, const guint8 *code, guint n)
{
    guint64 h = salt * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) + n;
    for (guint i = 0; i < n; i++) {
        h = (h ^ code[i]) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
        h ^= h >> 29;
    }
    if (keys->n < KEYS_MAX) {
        keys->key[keys->n++] = (guint32)(h >> 32) ^ (guint32)h;
    }
}

/* The serial itself, with each character deleted, and each two when it is long enough for S2b. */
static void add_deletions(Keys *keys, const Codes *codes)
{
    guint n = codes->n;
    guint8 one[SERIAL_MAX], two[SERIAL_MAX];
    add_key(keys, SALT_DELETION, codes->code, n);
    for (guint i = 0; i < n; i++) {
        if (i > 0 && codes->code[i] == codes->code[i - 1]) {
            continue; /* the same text again */
        }
        memcpy(one, codes->code, i);
        memcpy(one + i, codes->code + i + 1, n - i - 1);
        add_key(keys, SALT_DELETION, one, n - 1);
        for (guint j = i; n >= TWO_EDITS_MIN && j + 1 < n; j++) {
            memcpy(two, one, j);
            memcpy(two + j, one + j + 1, n - j - 2);
            add_key(keys, SALT_DELETION, two, n - 2);
        }
    }
}

static void add_ncic(Keys *keys, const Codes *codes)
{
    Codes ncic = codes_ncic(codes);
    add_key(keys, SALT_NCIC, ncic.code, ncic.n);
}

static void add_ends(Keys *keys, const Codes *codes, guint32 salt)
{
    for (guint n = CONTAINED_MIN; n < codes->n; n++) {
        add_key(keys, salt, codes->code, n);
        add_key(keys, salt, codes->code + codes->n - n, n);
    }
}

/* All texts with one or two look-alikes, from a position on; long ones meet by two deletions. */
static void add_look_alikes(Keys *keys, const FirearmModel *model, Codes *codes, guint from,
                            guint left)
{
    for (guint i = from; i < codes->n; i++) {
        guint8 was = codes->code[i];
        for (guint c = 0; c < 36; c++) {
            if (!(model->look_alike[was] >> c & 1)) {
                continue;
            }
            codes->code[i] = (guint8)c;
            add_key(keys, SALT_LOOK_ALIKE, codes->code, codes->n);
            if (left > 1) {
                add_look_alikes(keys, model, codes, i + 1, left - 1);
            }
        }
        codes->code[i] = was;
    }
}

static void table_keys(Keys *keys, const FirearmModel *model, const Codes *codes)
{
    keys->n = 0;
    add_deletions(keys, codes);
    add_ncic(keys, codes);
    add_key(keys, SALT_WHOLE, codes->code, codes->n);
    add_ends(keys, codes, SALT_END);
    if (codes->n < TWO_EDITS_MIN) {
        Codes copy = *codes;
        add_look_alikes(keys, model, &copy, 0, 2);
    }
}

static void probe_keys(Keys *keys, const Codes *codes)
{
    keys->n = 0;
    add_deletions(keys, codes);
    add_ncic(keys, codes);
    add_key(keys, SALT_END, codes->code, codes->n);
    add_ends(keys, codes, SALT_WHOLE);
    if (codes->n < TWO_EDITS_MIN) {
        add_key(keys, SALT_LOOK_ALIKE, codes->code, codes->n);
    }
}

/* Keys of a part of the left side, sorted by key; a filter turns most misses away at once. */
typedef struct {
    guint64 *entry; /* key << 32 | form */
    gsize n;
    guint32 *start; /* of each 2^-bits share of the key space */
    guint bits;
    guint64 *filter;
    guint filter_bits;
} Table;

static void radix_sort(guint64 *entry, gsize n)
{
    g_autofree guint64 *other = g_new(guint64, n + 1);
    for (guint shift = n == 0 ? 64 : 32; shift < 64; shift += 16) {
        g_autofree gsize *at = g_new0(gsize, 65537);
        for (gsize i = 0; i < n; i++) {
            at[(entry[i] >> shift & 0xFFFF) + 1]++;
        }
        for (guint i = 0; i < 65536; i++) {
            at[i + 1] += at[i];
        }
        for (gsize i = 0; i < n; i++) {
            other[at[entry[i] >> shift & 0xFFFF]++] = entry[i];
        }
        memcpy(entry, other, n * sizeof(*entry));
    }
}

static void table_finish(Table *table)
{
    radix_sort(table->entry, table->n);
    table->bits = 10;
    while (table->bits < 24 && (gsize)1 << table->bits < table->n) {
        table->bits++;
    }
    table->filter_bits = MIN(table->bits + 4, 28);
    gsize slots = (gsize)1 << table->bits;
    table->start = g_new(guint32, slots + 1);
    table->filter = g_new0(guint64, ((gsize)1 << table->filter_bits) / 64);
    gsize slot = 0;
    for (gsize i = 0; i < table->n; i++) {
        guint32 key = (guint32)(table->entry[i] >> 32);
        guint32 bit = key >> (32 - table->filter_bits);
        table->filter[bit / 64] |= (guint64)1 << bit % 64;
        while (slot <= key >> (32 - table->bits)) {
            table->start[slot++] = (guint32)i;
        }
    }
    while (slot <= slots) {
        table->start[slot++] = (guint32)table->n;
    }
}

static void table_build(Table *table, const FirearmModel *model, const Forms *left, guint from,
                        guint to)
{
    g_autofree Keys *keys = g_new(Keys, 1);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (guint f = from; f < to; f++) {
        if (!left->form[f].full) {
            continue;
        }
        table_keys(keys, model, &left->form[f].codes);
        for (guint k = 0; k < keys->n; k++) {
            guint64 entry = (guint64)keys->key[k] << 32 | f;
            g_array_append_val(entries, entry);
        }
    }
    table->n = entries->len;
    table->entry = (guint64 *)(gpointer)g_array_steal(entries, NULL);
    table_finish(table);
}

static void table_clear(Table *table)
{
    g_free(table->entry);
    g_free(table->start);
    g_free(table->filter);
}

/* Looks a key up and calls for each new form of the left side; seen holds the last caller. */
static void table_probe(const Table *table, guint32 key, GArray *found, guint32 *seen, guint stamp)
{
    guint32 bit = key >> (32 - table->filter_bits);
    if (!(table->filter[bit / 64] >> bit % 64 & 1)) {
        return;
    }
    guint32 slot = key >> (32 - table->bits);
    for (guint32 i = table->start[slot]; i < table->start[slot + 1]; i++) {
        guint form = (guint32)table->entry[i];
        if (table->entry[i] >> 32 == key && seen[form] != stamp) {
            seen[form] = stamp;
            g_array_append_val(found, form);
        }
    }
}

static void join_part(const FirearmModel *model, const Table *table, const Forms *left,
                      const Forms *right, FormPair visit, gpointer data)
{
    g_autofree Keys *keys = g_new(Keys, 1);
    g_autofree guint32 *seen = g_new0(guint32, left->n + 1);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint r = 0; r < right->n; r++) {
        if (!right->form[r].full) {
            continue;
        }
        const Codes *codes = &right->form[r].codes;
        g_array_set_size(found, 0);
        probe_keys(keys, codes);
        for (guint k = 0; k < keys->n; k++) {
            table_probe(table, keys->key[k], found, seen, r + 1);
        }
        for (guint i = 0; i < found->len; i++) {
            guint l = g_array_index(found, guint, i);
            Tier tier = codes_tier(model, &left->form[l].codes, codes);
            if (tier != TIER_NONE) {
                visit(l, r, tier, data);
            }
        }
    }
}

void index_join(const FirearmModel *model, const Forms *left, const Forms *right, FormPair visit,
                gpointer data)
{
    for (guint from = 0; from < left->n; from += PART) {
        Table table;
        table_build(&table, model, left, from, MIN(from + PART, left->n));
        join_part(model, &table, left, right, visit, data);
        table_clear(&table);
    }
}
