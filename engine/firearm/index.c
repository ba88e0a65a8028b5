/*
 * Joins full serials of two sides. S1 and S1N are a merge of sorted hashes. For the others every
 * tier becomes an equality of hashed keys: texts within one or two edits share what remains when as
 * many characters are deleted (SymSpell); an end that was lost is a prefix or suffix; short
 * look-alikes are spelled out. Keys of the left side are kept in a table, part by part, so that
 * memory is bounded; the right side streams past it.
 */
#include "engine/firearm/index.h"

#include <math.h>
#include <string.h>

#define PART     200000u /* left forms in the table at one time */
#define KEYS_MAX 4096u   /* keys of one form */

#define TWO 0x80000000u /* mark of a key with two deletions, in an entry's form */

enum { SALT_DELETION = 1, SALT_WHOLE, SALT_END, SALT_LOOK_ALIKE };

/* Keys of one form: first those without the mark. */
typedef struct {
    guint32 key[KEYS_MAX];
    guint n, plain;
    guint64 power[SERIAL_MAX + 1]; /* of the base of rolling hashes */
} Keys;

/* Hashes of all stretches of a text: that of a text without some characters is made of them. */
typedef struct {
    guint64 before[SERIAL_MAX + 1]; /* hash of the first characters */
    guint n;
} Rolling;

#define BASE G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)

static void powers_init(guint64 power[SERIAL_MAX + 1])
{
    power[0] = 1;
    for (guint i = 0; i < SERIAL_MAX; i++) {
        power[i + 1] = power[i] * BASE;
    }
}

static void rolling_init(Rolling *rolling, const Codes *codes)
{
    rolling->n = codes->n;
    rolling->before[0] = 0;
    for (guint i = 0; i < codes->n; i++) {
        rolling->before[i + 1] = rolling->before[i] * BASE + codes->code[i] + 1u;
    }
}

static guint64 stretch(const Keys *keys, const Rolling *rolling, guint from, guint to)
{
    return rolling->before[to] - rolling->before[from] * keys->power[to - from];
}

static void put_key(Keys *keys, guint32 salt, guint64 h, guint n)
{
    h = (h ^ (salt << 8 | n)) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
    h ^= h >> 32;
    h *= G_GUINT64_CONSTANT(0xC4CEB9FE1A85EC53);
    if (keys->n < KEYS_MAX) {
        keys->key[keys->n++] = (guint32)(h >> 32);
    }
}

static void add_key(Keys *keys, guint32 salt, const guint8 *code, guint n)
{
    guint64 h = 0;
    for (guint i = 0; i < n; i++) {
        h = h * BASE + code[i] + 1u;
    }
    put_key(keys, salt, h, n);
}

/* The serial itself and with each character deleted; the same text again is left out. */
static void add_deletions(Keys *keys, const Codes *codes)
{
    Rolling r;
    rolling_init(&r, codes);
    put_key(keys, SALT_DELETION, r.before[r.n], r.n);
    for (guint i = 0; i < r.n; i++) {
        if (i == 0 || codes->code[i] != codes->code[i - 1]) {
            guint64 h = r.before[i] * keys->power[r.n - i - 1] + stretch(keys, &r, i + 1, r.n);
            put_key(keys, SALT_DELETION, h, r.n - 1);
        }
    }
}

/* With each two deleted, when it is long enough for S2b. */
static void add_two_deletions(Keys *keys, const Codes *codes)
{
    Rolling r;
    rolling_init(&r, codes);
    keys->plain = keys->n;
    for (guint i = 0; r.n >= TWO_EDITS_MIN && i + 1 < r.n; i++) {
        if (i > 0 && codes->code[i] == codes->code[i - 1]) {
            continue;
        }
        for (guint j = i + 1; j < r.n; j++) {
            if (j > i + 1 && codes->code[j] == codes->code[j - 1]) {
                continue;
            }
            guint64 h = r.before[i] * keys->power[j - i - 1] + stretch(keys, &r, i + 1, j);
            h = h * keys->power[r.n - j - 1] + stretch(keys, &r, j + 1, r.n);
            put_key(keys, SALT_DELETION, h, r.n - 2);
        }
    }
}

static void add_ends(Keys *keys, const Codes *codes, guint32 salt)
{
    Rolling r;
    rolling_init(&r, codes);
    for (guint n = CONTAINED_MIN; n < r.n; n++) {
        put_key(keys, salt, r.before[n], n);
        put_key(keys, salt, stretch(keys, &r, r.n - n, r.n), n);
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

/* Keys of a left form. For two edits, one of the two texts has two deletions. */
static void table_keys(Keys *keys, const FirearmModel *model, const Codes *codes, guint edits)
{
    keys->n = 0;
    add_deletions(keys, codes);
    if (edits == 2) {
        add_two_deletions(keys, codes);
        return;
    }
    add_key(keys, SALT_WHOLE, codes->code, codes->n);
    add_ends(keys, codes, SALT_END);
    if (codes->n < TWO_EDITS_MIN) {
        Codes copy = *codes;
        add_look_alikes(keys, model, &copy, 0, 2);
    }
    keys->plain = keys->n;
}

/* What a right form looks up. */
static void probe_keys(Keys *keys, const Codes *codes, guint edits)
{
    keys->n = 0;
    add_deletions(keys, codes);
    if (edits == 2) {
        add_two_deletions(keys, codes);
        return;
    }
    add_key(keys, SALT_END, codes->code, codes->n);
    add_ends(keys, codes, SALT_WHOLE);
    if (codes->n < TWO_EDITS_MIN) {
        add_key(keys, SALT_LOOK_ALIKE, codes->code, codes->n);
    }
    keys->plain = keys->n;
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

void entries_sort(guint64 *entry, gsize n)
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
    entries_sort(table->entry, table->n);
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

/* What is asked of a left form, at one place in memory. */
typedef struct {
    float worth, rare;
    guint32 seen; /* the last right form that it was looked at with, + 1 */
} Sought;

/* Left forms that are rare enough by themselves to pass with some right form (round 0), or only
 * when that is rarer (round 1). most: the worth of the best of them. */
static Sought *sought_new(const Forms *left, const JoinLimit *limit, const guint round[2],
                          float added, float *most)
{
    Sought *sought = g_new(Sought, left->n + 1);
    *most = -INFINITY;
    for (guint f = 0; f < left->n; f++) {
        const Form *form = &left->form[f];
        gboolean fit = form->full && (round[1] < 2 || form->codes.n >= TWO_EDITS_MIN);
        float worth = limit == NULL ? 0 : limit->worth[f];
        float rare = limit == NULL ? 0 : limit->rare_left[f];
        gboolean alone = limit == NULL || worth + rare + added >= 0;
        sought[f] = (Sought){fit && alone == (round[0] == 0) ? worth : -INFINITY, rare, 0};
        *most = MAX(*most, sought[f].worth);
    }
    return sought;
}

static void table_build(Table *table, const FirearmModel *model, const Forms *left,
                        const Sought *sought, const guint span[3])
{
    g_autofree Keys *keys = g_new(Keys, 1);
    powers_init(keys->power);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (guint f = span[0]; f < span[1]; f++) {
        if (sought[f].worth > -1e30f) {
            table_keys(keys, model, &left->form[f].codes, span[2]);
            for (guint k = 0; k < keys->n; k++) {
                guint64 mark = k < keys->plain ? 0 : TWO;
                guint64 entry = (guint64)keys->key[k] << 32 | f | mark;
                g_array_append_val(entries, entry);
            }
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

/* Right forms on their way past a table. */
typedef struct {
    const FirearmModel *model;
    const Table *table;
    const Forms *left, *right;
    const JoinLimit *limit;
    guint edits;
    Sought *sought;
    GArray *found;
    Keys keys;
} Probe;

/* Looks a key up and keeps each new form of the left side that can be worth it. */
static void probe_key(Probe *probe, guint32 key, guint32 mark, guint right)
{
    const Table *table = probe->table;
    guint32 bit = key >> (32 - table->filter_bits);
    if (!(table->filter[bit / 64] >> bit % 64 & 1)) {
        return;
    }
    const JoinLimit *limit = probe->limit;
    float added = limit == NULL ? 0 : limit->added[right];
    float rare = limit == NULL ? 0 : limit->rare_right[right];
    guint32 slot = key >> (32 - table->bits);
    for (guint32 i = table->start[slot]; i < table->start[slot + 1]; i++) {
        guint32 form = (guint32)table->entry[i];
        if (table->entry[i] >> 32 != key || (form & mark) != mark) {
            continue;
        }
        Sought *sought = &probe->sought[form & ~TWO];
        if (sought->seen != right + 1 && MAX(rare, sought->rare) + added + sought->worth >= 0) {
            guint left = form & ~TWO;
            sought->seen = right + 1;
            g_array_append_val(probe->found, left);
        }
    }
}

/* The tier of a pair that has one by these edits, else TIER_NONE. */
static Tier near_tier(const Probe *probe, const Form *a, const Form *b)
{
    if (a->ncic == b->ncic && codes_tier(probe->model, &a->codes, &b->codes) < TIER_S2) {
        return TIER_NONE;
    }
    Tier tier = codes_near_tier(probe->model, &a->codes, &b->codes);
    gboolean two = codes_two_edits(&a->codes, &b->codes, tier);
    return two == (probe->edits == 2) ? tier : TIER_NONE;
}

static void join_form(Probe *probe, guint right, FormPair visit, gpointer data)
{
    const Form *form = &probe->right->form[right];
    Keys *keys = &probe->keys;
    g_array_set_size(probe->found, 0);
    probe_keys(keys, &form->codes, probe->edits);
    for (guint k = 0; k < keys->n; k++) {
        guint32 mark = probe->edits == 2 && k < keys->plain ? TWO : 0;
        probe_key(probe, keys->key[k], mark, right);
    }
    for (guint i = 0; i < probe->found->len; i++) {
        guint l = g_array_index(probe->found, guint, i);
        Tier tier = near_tier(probe, &probe->left->form[l], form);
        if (tier != TIER_NONE) {
            visit(l, right, tier, data);
        }
    }
}

static void join_part(Probe *probe, const guint span[3], const guint8 *skip, FormPair visit,
                      gpointer data)
{
    Table table;
    table_build(&table, probe->model, probe->left, probe->sought, span);
    probe->table = &table;
    for (guint f = 0; f < probe->left->n; f++) {
        probe->sought[f].seen = 0;
    }
    for (guint r = 0; r < probe->right->n && table.n > 0; r++) {
        if (!skip[r]) {
            join_form(probe, r, visit, data);
        }
    }
    table_clear(&table);
}

static void join_round(Probe *probe, const guint round[2], float added, FormPair visit,
                       gpointer data)
{
    const Forms *left = probe->left, *right = probe->right;
    const JoinLimit *limit = probe->limit;
    float most;
    g_autofree Sought *sought = sought_new(left, limit, round, added, &most);
    g_autofree guint8 *skip = g_new(guint8, right->n + 1);
    for (guint r = 0; r < right->n; r++) {
        const Form *form = &right->form[r];
        skip[r] = !form->full || (round[1] == 2 && form->codes.n < TWO_EDITS_MIN) ||
                  (round[0] == 1 && limit->rare_right[r] + limit->added[r] + most < 0);
    }
    probe->sought = sought;
    for (guint from = 0; from < left->n && most > -INFINITY; from += PART) {
        guint span[3] = {from, MIN(from + PART, left->n), round[1]};
        join_part(probe, span, skip, visit, data);
    }
}

void index_join_near(const FirearmModel *model, const Forms *left, const Forms *right, guint edits,
                     const JoinLimit *limit, FormPair visit, gpointer data)
{
    g_autofree Probe *probe = g_new(Probe, 1);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    *probe = (Probe){.model = model, .left = left, .right = right, .limit = limit};
    powers_init(probe->keys.power);
    probe->edits = edits;
    probe->found = found;
    float added = 0;
    for (guint r = 0; r < right->n && limit != NULL; r++) {
        added = MAX(added, limit->added[r]);
    }
    for (guint round = 0; round < (limit == NULL ? 1 : 2); round++) {
        guint which[2] = {round, edits};
        join_round(probe, which, added, visit, data);
    }
}

static guint64 *equal_entries(const Forms *forms, gsize *n)
{
    guint64 *entry = g_new(guint64, forms->n + 1);
    *n = 0;
    for (guint f = 0; f < forms->n; f++) {
        if (forms->form[f].full) {
            entry[(*n)++] = (guint64)forms->form[f].ncic << 32 | f;
        }
    }
    entries_sort(entry, *n);
    return entry;
}

static void visit_equal(const Form *left, const Form *right, const guint pair[2], FormPair visit,
                        gpointer data)
{
    if (codes_equal(&left->codes, &right->codes)) {
        visit(pair[0], pair[1], TIER_S1, data);
        return;
    }
    Codes x = codes_ncic(&left->codes), y = codes_ncic(&right->codes);
    if (codes_equal(&x, &y)) {
        visit(pair[0], pair[1], TIER_S1N, data);
    }
}

void index_join_equal(const Forms *left, const Forms *right, FormPair visit, gpointer data)
{
    gsize n, m;
    g_autofree guint64 *a = equal_entries(left, &n), *b = equal_entries(right, &m);
    for (gsize i = 0, from = 0; i < n; i++) {
        while (from < m && b[from] >> 32 < a[i] >> 32) {
            from++;
        }
        for (gsize j = from; j < m && b[j] >> 32 == a[i] >> 32; j++) {
            guint pair[2] = {(guint32)a[i], (guint32)b[j]};
            visit_equal(&left->form[pair[0]], &right->form[pair[1]], pair, visit, data);
        }
    }
}
