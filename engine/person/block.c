/*
 * Blocking: a union of keys that tolerate errors in different places. A missing part makes no
 * key. A block over the cap is split by a second key; what is still too large is skipped and
 * counted. A pair is proposed by the first of its keys only.
 */
#include "engine/person/block.h"

#include <string.h>

typedef enum {
    PART_NONE,
    PART_DOCUMENT,
    PART_PHONE,
    PART_DOCUMENT_HEAD, /* first and second half of the number */
    PART_DOCUMENT_TAIL,
    PART_PHONE_HEAD,
    PART_PHONE_TAIL,
    PART_DOB,
    PART_DOB_SORTED, /* year and the smaller and larger of day and month */
    PART_YEAR,
    PART_MONTH_DAY,
    PART_YEAR_MONTH,
    PART_YEAR_DAY,
    PART_LAST,
    PART_FIRST,
    PART_LAST_SOUND,
    PART_FIRST_SOUND,
    PART_LAST_START,
    PART_FIRST_START,
    PART_NAMES, /* both sounds, whichever stands first */
    PART_PLACE,
    PART_HOUSE,
    PART_STREET_SOUND,
    PART_CITY,
    PART_POSTAL,
    PART_ORGANISATION,
    PART_ORGANISATION_START,
} Part;

typedef struct {
    Part parts[3];
    Part split; /* added where the block is too large */
} BlockKey;

static const BlockKey keys[] = {
    {{PART_DOCUMENT}, PART_LAST_SOUND},
    {{PART_PHONE}, PART_LAST_SOUND},
    {{PART_DOB, PART_LAST_SOUND}, PART_FIRST_SOUND},
    {{PART_DOB, PART_FIRST_SOUND}, PART_LAST_START},
    {{PART_NAMES, PART_DOB_SORTED}, PART_FIRST},
    {{PART_NAMES, PART_YEAR}, PART_MONTH_DAY},
    {{PART_NAMES, PART_MONTH_DAY}, PART_YEAR},
    {{PART_PLACE}, PART_FIRST_SOUND},
    {{PART_LAST_SOUND, PART_YEAR_MONTH}, PART_FIRST_START},
    {{PART_LAST_SOUND, PART_MONTH_DAY}, PART_FIRST_START},
    {{PART_LAST_SOUND, PART_YEAR_DAY}, PART_FIRST_START},
    {{PART_FIRST_SOUND, PART_YEAR_MONTH}, PART_LAST_START},
    {{PART_FIRST_SOUND, PART_MONTH_DAY}, PART_LAST_START},
    {{PART_FIRST_SOUND, PART_YEAR_DAY}, PART_LAST_START},
    {{PART_HOUSE, PART_STREET_SOUND}, PART_LAST_START},
    {{PART_HOUSE, PART_POSTAL}, PART_LAST_START},
    {{PART_LAST_SOUND, PART_STREET_SOUND}, PART_HOUSE},
    {{PART_FIRST_SOUND, PART_STREET_SOUND}, PART_HOUSE},
    {{PART_NAMES, PART_POSTAL}, PART_HOUSE},
    {{PART_LAST_SOUND, PART_POSTAL}, PART_FIRST_START},
    {{PART_FIRST_SOUND, PART_POSTAL}, PART_LAST_START},
    {{PART_DOCUMENT_HEAD}, PART_LAST_START},
    {{PART_DOCUMENT_TAIL}, PART_LAST_START},
    {{PART_PHONE_HEAD}, PART_LAST_START},
    {{PART_PHONE_TAIL}, PART_LAST_START},
    {{PART_NAMES, PART_CITY}, PART_FIRST},
    {{PART_LAST_START, PART_FIRST_START, PART_YEAR}, PART_MONTH_DAY},
    {{PART_NAMES}, PART_CITY},
    {{PART_DOB}, PART_CITY},
    {{PART_ORGANISATION}, PART_PLACE},
    {{PART_ORGANISATION_START, PART_CITY}, PART_PLACE},
};

#define KEYS G_N_ELEMENTS(keys)

/* A part as a number; 0 when the node has none. Private numbers of texts differ from run to run
 * only with the texts themselves, so hashes of them may be used. */
static guint64 date_part(const Node *n, Part part)
{
    guint y = n->year, m = n->month, d = n->day;
    if (n->dob == DAY_NONE)
        return 0;
    switch (part) {
    case PART_DOB:
        return (y * 10000 + m * 100 + d);
    case PART_DOB_SORTED:
        return (y * 10000 + MIN(m, d) * 100 + MAX(m, d));
    case PART_YEAR:
        return y;
    case PART_MONTH_DAY:
        return (m * 100 + d);
    case PART_YEAR_MONTH:
        return (y * 100 + m);
    default:
        return (y * 100 + d);
    }
}

static guint64 name_part(const People *p, const Node *n, Part part)
{
    const Value *last = people_value(p, n->last), *first = people_value(p, n->first);
    switch (part) {
    case PART_LAST_SOUND:
        return last->sound;
    case PART_FIRST_SOUND:
        return first->sound;
    case PART_LAST_START:
        return last->prefix;
    case PART_FIRST_START:
        return first->prefix;
    default:
        if (!last->sound || !first->sound)
            return 0;
        return mix64(MIN(last->sound, first->sound), MAX(last->sound, first->sound));
    }
}

/* One half of a number, so that an error in the other half does no harm. */
static guint64 half_part(const People *p, Id id, gboolean tail)
{
    const Value *v = people_value(p, id);
    guint half = v->length / 2;
    guint64 h = 0;
    if (v->length < 6)
        return 0;
    for (guint i = tail ? half : 0; i < (tail ? v->length : half); i++)
        h = h * 131 + (guchar)v->text[i];
    return mix64(h, 1) | 1;
}

static guint64 part_of(const People *p, const Node *n, Part part)
{
    switch (part) {
    case PART_DOCUMENT:
        return n->document;
    case PART_PHONE:
        return n->phone;
    case PART_DOCUMENT_HEAD:
    case PART_DOCUMENT_TAIL:
        return half_part(p, n->document, part == PART_DOCUMENT_TAIL);
    case PART_PHONE_HEAD:
    case PART_PHONE_TAIL:
        return half_part(p, n->phone, part == PART_PHONE_TAIL);
    case PART_LAST:
        return n->last;
    case PART_FIRST:
        return n->first;
    case PART_PLACE:
        return n->place;
    case PART_HOUSE:
        return n->house;
    case PART_STREET_SOUND:
        return people_value(p, n->street)->sound;
    case PART_CITY:
        return n->city;
    case PART_POSTAL:
        return n->postal;
    case PART_ORGANISATION:
        return n->organisation;
    case PART_ORGANISATION_START:
        return people_value(p, n->organisation)->prefix;
    case PART_NONE:
        return 0;
    case PART_LAST_SOUND:
    case PART_FIRST_SOUND:
    case PART_LAST_START:
    case PART_FIRST_START:
    case PART_NAMES:
        return name_part(p, n, part);
    default:
        return date_part(n, part);
    }
}

/* Key of a node, 0 when a part is missing. */
static guint32 key_of(const People *p, const Node *n, const BlockKey *key)
{
    guint64 h = 0;
    for (guint i = 0; i < G_N_ELEMENTS(key->parts) && key->parts[i]; i++) {
        guint64 part = part_of(p, n, key->parts[i]);
        if (!part)
            return 0;
        h = mix64(h + key->parts[i], part);
    }
    guint32 out = (guint32)(h >> 32);
    return out ? out : 1;
}

/* Sorts key << 32 | node by key; the nodes come in order and the sort is stable. */
static void sort_keys(guint64 *items, guint64 *spare, gsize n)
{
    for (guint shift = 32; shift < 64; shift += 11) {
        gsize counts[2049] = {0};
        for (gsize i = 0; i < n; i++)
            counts[(items[i] >> shift & 2047) + 1]++;
        for (guint i = 1; i < 2048; i++)
            counts[i] += counts[i - 1];
        for (gsize i = 0; i < n; i++)
            spare[counts[items[i] >> shift & 2047]++] = items[i];
        guint64 *swap = items;
        items = spare;
        spare = swap;
    }
    memcpy(spare, items, n * sizeof *items);
}

typedef struct {
    const People *people;
    guint32 *of; /* KEYS for each node: final keys; 0 = none */
    guint64 *items, *spare;
    BlockCount count;
} Blocks;

/* Items of one key, sorted; returns their number. */
static gsize key_items(Blocks *b, guint k)
{
    gsize n = 0;
    for (guint i = 0; i < b->people->nodes->len; i++)
        if (b->of[(gsize)i * KEYS + k])
            b->items[n++] = (guint64)b->of[(gsize)i * KEYS + k] << 32 | i;
    sort_keys(b->items, b->spare, n);
    return n;
}

static gsize block_end(const guint64 *items, gsize from, gsize n)
{
    gsize to = from + 1;
    while (to < n && items[to] >> 32 == items[from] >> 32)
        to++;
    return to;
}

/* The largest block size at which the pairs of all blocks stay within the budget. */
static gsize fitting_cap(const Blocks *b, gsize n)
{
    const Limits *limits = &b->people->model->limits;
    gsize cap = (gsize)limits->block_cap;
    double budget = MAX(limits->block_pairs * b->people->nodes->len, 1e5), sum = 0;
    g_autofree double *pairs = g_new0(double, cap + 1);
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(b->items, from, n);
        if (to - from <= cap)
            pairs[to - from] += (double)(to - from) * (double)(to - from - 1) / 2;
    }
    for (gsize size = 2; size <= cap; size++) {
        sum += pairs[size];
        if (sum > budget)
            return size - 1;
    }
    return cap;
}

/* Splits (first round) or drops (second) the blocks of key k that are over the cap. */
static void tame(Blocks *b, guint k, gboolean split)
{
    gsize n = key_items(b, k), cap = fitting_cap(b, n);
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(b->items, from, n);
        if (to - from <= cap)
            continue;
        if (!split) {
            b->count.skipped += to - from;
            b->count.blocks_skipped++;
        }
        for (gsize i = from; i < to; i++) {
            guint node = (guint)b->items[i];
            guint32 *key = &b->of[(gsize)node * KEYS + k];
            guint64 part =
                split ? part_of(b->people, people_node(b->people, node), keys[k].split) : 0;
            guint32 finer = part ? (guint32)(mix64(*key, part) >> 32) : 0;
            *key = finer;
        }
    }
}

/* Could two names be one but for a slip? */
static gboolean name_near(const People *p, Id a, Id b)
{
    if (a == b)
        return a != 0;
    const Value *x = people_value(p, a), *y = people_value(p, b);
    if (!a || !b)
        return FALSE;
    guint only_x = (guint)__builtin_popcount(x->letters & ~y->letters);
    guint only_y = (guint)__builtin_popcount(y->letters & ~x->letters);
    return x->sound == y->sound || x->prefix == y->prefix || MAX(only_x, only_y) <= 2;
}

/* Birth dates: 2 equal or swapped, 1 two parts of three, 0 else. */
static guint dob_near(const Node *a, const Node *b)
{
    if (!a->year || !b->year)
        return 0;
    if (a->dob == b->dob || (a->year == b->year && a->month == b->day && a->day == b->month))
        return 2;
    return (a->year == b->year) + (a->month == b->month) + (a->day == b->day) >= 2;
}

static gboolean address_near(const People *p, const Node *a, const Node *b)
{
    if ((a->place && a->place == b->place) || (a->postal && a->postal == b->postal))
        return TRUE;
    return a->street && b->street && name_near(p, a->street, b->street) &&
           (a->house == b->house || a->city == b->city);
}

/* A telephone or document that is equal or starts or ends alike. */
static gboolean number_near(const People *p, Id a, Id b)
{
    if (!a || !b || a == b)
        return a && a == b;
    const Value *x = people_value(p, a), *y = people_value(p, b);
    guint half = MIN(MIN(x->length, y->length) / 2, 4);
    return half >= 3 && (memcmp(x->text, y->text, half) == 0 ||
                         memcmp(x->text + x->length - half, y->text + y->length - half, half) == 0);
}

/* Do names, birth dates and addresses agree enough in the rough? */
static gboolean person_near(const People *p, const Node *a, const Node *b)
{
    guint dob = dob_near(a, b);
    gboolean age = a->year && b->year && ABS(a->dob - b->dob) <= 400;
    gboolean address = address_near(p, a, b);
    if (dob && address)
        return TRUE;
    if (!dob && !address && !(age && a->city && name_near(p, a->city, b->city)))
        return FALSE;
    guint names = name_near(p, a->last, b->last) + name_near(p, a->first, b->first);
    if (names == 2)
        return TRUE;
    if (name_near(p, a->last, b->first) && name_near(p, a->first, b->last))
        return TRUE;
    gboolean missing = !a->last || !b->last || !a->first || !b->first;
    return names == 1 && (dob == 2 || address || missing);
}

/* Can a pair be one person at all? Names alone never join, nor does a birth date alone; this
 * spares the costly comparison of most pairs that one key brings together by chance. */
static gboolean worth_comparing(const People *p, guint i, guint j)
{
    const Node *a = people_node(p, i), *b = people_node(p, j);
    if (a->organisation || b->organisation)
        return a->organisation && b->organisation;
    return person_near(p, a, b) || number_near(p, a->phone, b->phone) ||
           number_near(p, a->document, b->document);
}

static gboolean seen_before(const Blocks *b, guint k, guint i, guint j)
{
    const guint32 *x = b->of + (gsize)i * KEYS, *y = b->of + (gsize)j * KEYS;
    for (guint before = 0; before < k; before++)
        if (x[before] && x[before] == y[before])
            return TRUE;
    return FALSE;
}

static void visit_key(Blocks *b, guint k, BlockVisit visit, gpointer data)
{
    gsize n = key_items(b, k);
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(b->items, from, n);
        for (gsize i = from; i < to; i++)
            for (gsize j = i + 1; j < to; j++) {
                guint x = (guint)b->items[i], y = (guint)b->items[j];
                if (seen_before(b, k, x, y) || !worth_comparing(b->people, x, y))
                    continue;
                b->count.pairs++;
                visit(x, y, data);
            }
    }
}

BlockCount block_visit(const People *people, BlockVisit visit, gpointer data)
{
    gsize n = people->nodes->len;
    Blocks b = {.people = people};
    b.of = g_new0(guint32, n * KEYS + 1);
    b.items = g_new(guint64, n + 1);
    b.spare = g_new(guint64, n + 1);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < KEYS; k++)
            b.of[(gsize)i * KEYS + k] = key_of(people, people_node(people, i), &keys[k]);
    for (guint k = 0; k < KEYS; k++) {
        tame(&b, k, TRUE);
        tame(&b, k, FALSE);
    }
    for (guint k = 0; k < KEYS; k++)
        visit_key(&b, k, visit, data);
    g_free(b.of);
    g_free(b.items);
    g_free(b.spare);
    return b.count;
}
