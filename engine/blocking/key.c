/*
 * Keys under which mentions meet, each tolerant of errors in another place. What a part of a key is
 * made of is what its cells say, never a number of this run; what so many people have that it is
 * nobody's own makes no key.
 */
#include "engine/blocking/key.h"

#include <string.h>

#include "engine/comparison/compare.h"

static const char *const part_names[][2] = {
    {"", ""},
#define PART(id, ...) {__VA_ARGS__},
#include "engine/blocking/parts.def"
#undef PART
};

#define KEY_PARTS 3

typedef struct {
    Part parts[KEY_PARTS];
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
    {{PART_HOUSE, PART_LAST_SOUND}, PART_FIRST_START},
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

G_STATIC_ASSERT(G_N_ELEMENTS(keys) == BLOCK_KEYS);

static const Part sharp_keys[][KEY_PARTS] = {
    {PART_NAMES, PART_DOB_SORTED},
    {PART_NAMES, PART_PLACE},
    {PART_NAMES, PART_PHONE},
    {PART_DOCUMENT, PART_LAST_SOUND},
    {PART_DOCUMENT, PART_FIRST_SOUND},
    {PART_DOCUMENT, PART_DOB},
    {PART_DOB, PART_LAST_SOUND, PART_PLACE},
    {PART_ORGANISATION, PART_PLACE},
};

G_STATIC_ASSERT(G_N_ELEMENTS(sharp_keys) == SHARP_KEYS);

/* The number that up to four digits make. */
static guint digits_number(guint digits)
{
    return (digits >> 12) * 1000 + (digits >> 8 & 15) * 100 + (digits >> 4 & 15) * 10 +
           (digits & 15);
}

static guint64 date_part(const Node *n, Part part)
{
    guint y, m, d;
    if (!n->digits)
        return 0;
    y = digits_number(n->digits >> 16);
    m = digits_number(n->digits >> 8 & 255);
    d = digits_number(n->digits & 255);
    if (part != PART_YEAR && ((!m && part != PART_YEAR_DAY) || (!d && part != PART_YEAR_MONTH)))
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

static guint32 id_hash(const People *p, Id id)
{
    return id ? people_value(p, id)->hash : 0;
}

/* A telephone or a document number, whole or half. */
static guint64 number_part(const People *p, const Node *n, Part part)
{
    gboolean phone = part == PART_PHONE || part == PART_PHONE_HEAD || part == PART_PHONE_TAIL;
    if (!phone && node_is_bearer(n)) { /* the others: key_others() */
        Node first = node_bearing(p, n, 0);
        return number_part(p, &first, part);
    }
    Id id = phone ? n->phone : n->document;
    if (!id || value_is_shared(p, phone ? COUNT_PHONE : COUNT_DOCUMENT, id))
        return 0;
    if (part == PART_PHONE || part == PART_DOCUMENT)
        return id_hash(p, id);
    return half_part(p, id, part == PART_PHONE_TAIL || part == PART_DOCUMENT_TAIL);
}

/* Of many homes in one house the unit tells them apart. */
static guint64 place_part(const People *p, const Node *n)
{
    if (!n->place || (!n->unit && value_is_shared(p, COUNT_PLACE, n->place)))
        return 0;
    return g_array_index(p->places, Place, n->place).hash;
}

guint64 key_part(const People *p, const Node *n, Part part)
{
    switch (part) {
    case PART_DOCUMENT:
    case PART_PHONE:
    case PART_DOCUMENT_HEAD:
    case PART_DOCUMENT_TAIL:
    case PART_PHONE_HEAD:
    case PART_PHONE_TAIL:
        return number_part(p, n, part);
    case PART_LAST:
        return id_hash(p, n->last);
    case PART_FIRST:
        return id_hash(p, n->first);
    case PART_PLACE:
        return place_part(p, n);
    case PART_HOUSE:
        return id_hash(p, n->house);
    case PART_STREET_SOUND:
        return people_value(p, n->street)->sound;
    case PART_CITY:
        return id_hash(p, n->city);
    case PART_POSTAL:
        return id_hash(p, n->postal);
    case PART_ORGANISATION:
        return id_hash(p, n->organisation);
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

/* What the parts of one node say, each found out once. */
typedef struct {
    const People *people;
    const Node *node;
    gboolean known[PART_COUNT];
    guint64 said[PART_COUNT];
} Parts;

static guint64 part_said(Parts *parts, Part part)
{
    if (!parts->known[part]) {
        parts->known[part] = TRUE;
        parts->said[part] = key_part(parts->people, parts->node, part);
    }
    return parts->said[part];
}

static guint32 parts_hash(Parts *all, const Part parts[KEY_PARTS])
{
    guint64 h = 0;
    for (guint i = 0; i < KEY_PARTS && parts[i]; i++) {
        guint64 said = part_said(all, parts[i]);
        if (!said)
            return 0;
        h = mix64(h + parts[i], said);
    }
    guint32 out = (guint32)(h >> 32);
    return out ? out : 1;
}

void key_hashes(const People *p, const Node *n, guint from, guint count, guint32 *hashes)
{
    Parts parts = {.people = p, .node = n};
    for (guint i = 0; i < count; i++)
        hashes[i] = parts_hash(&parts, keys[from + i].parts);
}

gboolean key_has_document(guint key)
{
    Part first = keys[key].parts[0];
    return first == PART_DOCUMENT || first == PART_DOCUMENT_HEAD || first == PART_DOCUMENT_TAIL;
}

guint key_others(const People *p, const Node *n, guint key, guint32 hashes[DOCUMENTS_MOST])
{
    Document own;
    guint many, found = 0;
    if (!key_has_document(key) || !node_is_bearer(n))
        return 0;
    documents_of(p, n, &own, &many);
    for (guint i = 1; i < many; i++) {
        Node bearing = node_bearing(p, n, i);
        key_hashes(p, &bearing, key, 1, &hashes[found]);
        found += hashes[found] != 0;
    }
    return found;
}

void key_sharp_hashes(const People *p, const Node *n, guint32 hashes[SHARP_KEYS])
{
    Parts parts = {.people = p, .node = n};
    for (guint i = 0; i < SHARP_KEYS; i++)
        hashes[i] = parts_hash(&parts, sharp_keys[i]);
}

Part key_split(guint key, guint round)
{
    static const Part splits[] = {PART_FIRST, PART_LAST, PART_MONTH_DAY, PART_CITY};
    return round == 0                      ? keys[key].split
           : round <= G_N_ELEMENTS(splits) ? splits[round - 1]
                                           : PART_NONE;
}

char *key_crowd(const People *p, guint key, guint node, guint count)
{
    const Node *n = people_node(p, node);
    const Id ids[] = {n->last, n->first, n->organisation, n->street, n->city, n->phone};
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < KEY_PARTS && keys[key].parts[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", part_names[keys[key].parts[i]][LANG_EN]);
    g_string_append(out, ": as");
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        if (ids[i])
            g_string_append_printf(out, " '%s'", people_value(p, ids[i])->text);
    g_string_append_printf(out, ", %u different mentions", count);
    return g_string_free(out, FALSE);
}

/* Parts of a key that two nodes share and lack, as words. */
static char *key_words(const People *people, const Node *a, const Node *b, const BlockKey *key,
                       Lang lang, double *share)
{
    GString *out = g_string_new(NULL);
    guint same = 0, all = 0;
    for (; all < KEY_PARTS && key->parts[all]; all++) {
        guint64 x = key_part(people, a, key->parts[all]), y = key_part(people, b, key->parts[all]);
        const char *name = part_names[key->parts[all]][lang], *gap = all > 0 ? " + " : "";
        same += x && x == y;
        g_string_append_printf(out, x && x == y ? "%s%s" : "%s[%s]", gap, name);
    }
    *share = same + (double)same / all;
    return g_string_free(out, FALSE);
}

char *key_nearest(const People *people, const Node *a, const Node *b, Lang lang, gboolean *shared)
{
    char *best = NULL;
    double most = 0;
    *shared = FALSE;
    for (guint k = 0; k < BLOCK_KEYS && !*shared; k++) {
        double share;
        g_autofree char *words = key_words(people, a, b, &keys[k], lang, &share);
        *shared = !strchr(words, '[');
        if (!*shared && share <= most)
            continue;
        most = share;
        g_free(best);
        best = g_steal_pointer(&words);
    }
    return best;
}
