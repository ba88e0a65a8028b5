/*
 * Blocking: a union of keys that tolerate errors in different places. A missing part makes no
 * key. Each key is worked off by itself (two threads share the keys): its blocks over the cap are
 * split by one more part after the other, and what is too large even then is skipped and counted.
 * The pairs of all keys are put in order and freed of doubles at the end.
 */
#include "engine/person/block.h"

#include "engine/person/order.h"
#include "engine/person/queue.h"

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

/* What one thread works with: items are key << 32 | node. */
typedef struct {
    const People *people;
    guint64 *items, *spare;
} Room;

/* What one key proposed. */
typedef struct {
    GArray *pairs; /* of guint64 */
    guint64 skipped;
} Found;

typedef struct {
    const People *people;
    Found found[KEYS];
} Blocking;

static gsize block_end(const guint64 *items, gsize from, gsize n)
{
    gsize to = from + 1;
    while (to < n && items[to] >> 32 == items[from] >> 32)
        to++;
    return to;
}

static double pairs_of(gsize n)
{
    return (double)n * (double)(n - 1) / 2;
}

/* The largest block size at which the pairs of all blocks stay within the budget, which is
 * lowered by them. */
static gsize fitting_cap(const Room *room, gsize n, double *budget)
{
    gsize cap = (gsize)room->people->model->limits.block_cap;
    g_autofree double *pairs = g_new0(double, cap + 1);
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(room->items, from, n);
        if (to - from <= cap)
            pairs[to - from] += pairs_of(to - from);
    }
    for (gsize size = 2; size <= cap; size++) {
        if (pairs[size] > *budget)
            return size - 1;
        *budget -= pairs[size];
    }
    return cap;
}

static void propose(const Room *room, gsize from, gsize to, GArray *pairs)
{
    for (gsize i = from; i < to; i++) {
        const Node *a = people_node(room->people, (guint)room->items[i]);
        for (gsize j = i + 1; j < to; j++) {
            guint64 pair = room->items[i] << 32 | (guint32)room->items[j];
            if (pair_near(room->people, a, people_node(room->people, (guint)room->items[j])))
                g_array_append_val(pairs, pair);
        }
    }
}

/* Proposes the pairs of the blocks up to the cap; the items of the others move to the front.
 * Returns how many those are. */
static gsize propose_blocks(Room *room, gsize n, gsize cap, GArray *pairs)
{
    gsize rest = 0;
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(room->items, from, n);
        if (to - from <= cap)
            propose(room, from, to, pairs);
        else {
            memmove(room->items + rest, room->items + from, (to - from) * sizeof *room->items);
            rest += to - from;
        }
    }
    return rest;
}

/* Adds a part to the keys; who lacks it drops out. */
static gsize refine_items(Room *room, gsize n, Part part)
{
    gsize kept = 0;
    for (gsize i = 0; i < n; i++) {
        guint node = (guint)room->items[i];
        guint64 value = part_of(room->people, people_node(room->people, node), part);
        if (value)
            room->items[kept++] =
                (mix64(room->items[i] >> 32, value) & ~(guint64)G_MAXUINT32) | node;
    }
    return kept;
}

static gsize first_items(Room *room, const BlockKey *key)
{
    gsize n = 0;
    for (guint i = 0; i < room->people->nodes->len; i++) {
        guint64 k = key_of(room->people, people_node(room->people, i), key);
        if (k)
            room->items[n++] = k << 32 | i;
    }
    return n;
}

/* One key: blocks as they are, then those over the cap by finer and finer keys. */
static void block_key(Room *room, const BlockKey *key, Found *found)
{
    const Part splits[] = {key->split, PART_FIRST, PART_LAST, PART_MONTH_DAY, PART_CITY};
    double budget = MAX(room->people->model->limits.block_pairs * room->people->nodes->len, 1e5);
    gsize n = first_items(room, key);
    for (guint round = 0; n > 0; round++) {
        sort_radix(room->items, room->spare, n, 32, 64);
        n = propose_blocks(room, n, fitting_cap(room, n, &budget), found->pairs);
        if (round == G_N_ELEMENTS(splits)) {
            found->skipped = n;
            return;
        }
        n = refine_items(room, n, splits[round]);
    }
}

static void block_work(Queue *queue, gpointer data)
{
    Blocking *b = data;
    gsize nodes = b->people->nodes->len;
    Room room = {b->people, g_new(guint64, nodes + 1), g_new(guint64, nodes + 1)};
    guint job;
    while (queue_next(queue, &job)) {
        b->found[job].pairs = g_array_new(FALSE, FALSE, sizeof(guint64));
        block_key(&room, &keys[job], &b->found[job]);
    }
    g_free(room.items);
    g_free(room.spare);
}

/* All pairs in order, each once. */
static void pairs_unite(Proposed *out, guint nodes)
{
    guint bits = nodes > 1 ? g_bit_storage(nodes - 1) : 1;
    gsize n = out->n;
    g_autofree guint64 *spare = g_new(guint64, n + 1);
    sort_radix(out->pairs, spare, n, 0, bits);
    sort_radix(out->pairs, spare, n, 32, 32 + bits);
    out->n = 0;
    for (gsize i = 0; i < n; i++)
        if (i == 0 || out->pairs[i] != out->pairs[i - 1])
            out->pairs[out->n++] = out->pairs[i];
}

Proposed block_propose(const People *people)
{
    Proposed out = {0};
    Blocking b = {.people = people};
    gsize all = 0;
    queue_run(KEYS, block_work, &b);
    for (guint k = 0; k < KEYS; k++)
        all += b.found[k].pairs->len;
    out.pairs = g_new(guint64, all + 1);
    for (guint k = 0; k < KEYS; k++) {
        GArray *pairs = b.found[k].pairs;
        if (pairs->len > 0)
            memcpy(out.pairs + out.n, pairs->data, pairs->len * sizeof *out.pairs);
        out.n += pairs->len;
        out.skipped += b.found[k].skipped;
        g_array_unref(pairs);
    }
    pairs_unite(&out, people->nodes->len);
    out.pairs = g_renew(guint64, out.pairs, out.n + 1);
    return out;
}

void block_clear(Proposed *proposed)
{
    g_free(proposed->pairs);
    proposed->pairs = NULL;
}

/* What a part is called where a person asks why two mentions were not compared. */
static const char *const part_names[] = {
    [PART_DOCUMENT] = "document",
    [PART_PHONE] = "phone",
    [PART_DOCUMENT_HEAD] = "document, first half",
    [PART_DOCUMENT_TAIL] = "document, second half",
    [PART_PHONE_HEAD] = "phone, first half",
    [PART_PHONE_TAIL] = "phone, second half",
    [PART_DOB] = "birth date",
    [PART_DOB_SORTED] = "birth date, day and month in any order",
    [PART_YEAR] = "birth year",
    [PART_MONTH_DAY] = "birth month and day",
    [PART_YEAR_MONTH] = "birth year and month",
    [PART_YEAR_DAY] = "birth year and day",
    [PART_LAST] = "surname",
    [PART_FIRST] = "given name",
    [PART_LAST_SOUND] = "surname by sound",
    [PART_FIRST_SOUND] = "given name by sound",
    [PART_LAST_START] = "start of surname",
    [PART_FIRST_START] = "start of given name",
    [PART_NAMES] = "both names by sound",
    [PART_PLACE] = "house and street",
    [PART_HOUSE] = "house number",
    [PART_STREET_SOUND] = "street by sound",
    [PART_CITY] = "city",
    [PART_POSTAL] = "postal code",
    [PART_ORGANISATION] = "organisation",
    [PART_ORGANISATION_START] = "start of organisation",
};

/* Parts of a key that two nodes share and lack, as words. */
static char *key_words(const People *people, const Node *a, const Node *b, const BlockKey *key,
                       double *share)
{
    GString *out = g_string_new(NULL);
    guint same = 0, all = 0;
    for (; all < G_N_ELEMENTS(key->parts) && key->parts[all]; all++) {
        guint64 x = part_of(people, a, key->parts[all]), y = part_of(people, b, key->parts[all]);
        const char *name = part_names[key->parts[all]], *gap = all > 0 ? " + " : "";
        same += x && x == y;
        g_string_append_printf(out, x && x == y ? "%s%s" : "%s[%s]", gap, name);
    }
    *share = same + (double)same / all;
    return g_string_free(out, FALSE);
}

char *block_nearest(const People *people, const Node *a, const Node *b, gboolean *shared)
{
    char *best = NULL;
    double most = 0;
    *shared = FALSE;
    for (guint k = 0; k < KEYS && !*shared; k++) {
        double share;
        g_autofree char *words = key_words(people, a, b, &keys[k], &share);
        *shared = !strchr(words, '[');
        if (!*shared && share <= most)
            continue;
        most = share;
        g_free(best);
        best = g_steal_pointer(&words);
    }
    return best;
}
