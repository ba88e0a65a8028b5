/*
 * Every distinct text once, with what is asked of it again and again (length, sound, letters);
 * every distinct place once.
 */
#include "engine/comparison/people.h"
#include "engine/person/distance.h"

#include <stddef.h>
#include <string.h>

/* Where texts of a kind stand. */
static GArray *values_of(const People *people, TextKind kind)
{
    return kind == TEXT_OTHER && people->others ? people->others : people->values;
}

static gboolean same_text(gconstpointer key, guint number, gconstpointer data)
{
    return strcmp(g_array_index((const GArray *)data, Value, number).text, key) == 0;
}

static void value_init(People *people, TextKind kind, Value *value, const char *text, gsize length)
{
    GStringChunk *texts = people->texts[kind];
    char sound[8], joined[256];
    gsize n = 0;
    *value = (Value){.words = 1, .name = kind == TEXT_NAME};
    value->text = g_string_chunk_insert_len(texts, text, (gssize)length);
    for (const char *p = text; *p && n < sizeof joined - 1; p++) {
        value->words += *p == ' ' && value->words < 255;
        if (*p == ' ')
            continue;
        value->letters |= letter_bit(*p);
        joined[n++] = *p;
    }
    joined[n] = '\0';
    value->joined = n == length ? value->text : g_string_chunk_insert(texts, joined);
    value->length = (guint8)MIN(length, 255);
    value->joined_length = (guint8)n;
    value->start = (guint8)joined[0];
    name_sound(joined, sound);
    value->hash = text_hash(text, length);
    value->sound = *sound ? text_hash(sound, strlen(sound)) : text_hash(joined, n);
    value->prefix = text_hash(joined, MIN(n, 3));
    value->called = called_bits(people->model, joined);
}

Id people_intern(People *people, TextKind kind, const char *text)
{
    if (!text || !*text)
        return 0;
    GArray *values = values_of(people, kind);
    gsize length = strlen(text);
    guint32 hash = text_hash(text, length);
    Id id = dict_find(&people->ids[kind], hash, same_text, text, values);
    if (id)
        return id;
    Value value;
    value_init(people, kind, &value, text, length);
    id = values->len;
    g_array_append_val(values, value);
    dict_add(&people->ids[kind], hash, id);
    if (kind == TEXT_NAME)
        people->names_end = id + 1;
    return id;
}

Id people_intern_documents(People *people, const char *text)
{
    Id id = people_intern(people, TEXT_OTHER, text);
    g_array_index(values_of(people, TEXT_OTHER), Value, id).several = 1;
    return id;
}

const char *people_text(const People *people, TextKind kind, Id id)
{
    return g_array_index(values_of(people, kind), Value, id).text;
}

void people_part(People *people)
{
    people->others = g_array_new(FALSE, TRUE, sizeof(Value));
    g_array_set_size(people->others, 1);
}

Id people_unite(People *people)
{
    Id shift = people->values->len - 1;
    g_array_append_vals(people->values, &g_array_index(people->others, Value, 1),
                        people->others->len - 1);
    g_clear_pointer(&people->others, g_array_unref);
    dict_shift(&people->ids[TEXT_OTHER], shift);
    return shift;
}

static gboolean same_hash(gconstpointer key, guint number, gconstpointer data)
{
    const Value *value = people_value((const People *)data, number);
    return text_hash64(value->text, strlen(value->text)) == *(const guint64 *)key;
}

static gboolean is_of_names(CountKind kind)
{
    return kind == COUNT_LAST || kind == COUNT_FIRST || kind == COUNT_MIDDLE ||
           kind == COUNT_ORGANISATION;
}

Id people_find(const People *people, CountKind kind, guint64 hash)
{
    const Dict *ids = &people->ids[is_of_names(kind) ? TEXT_NAME : TEXT_OTHER];
    guint32 half = (guint32)(hash >> 32);
    return dict_find(ids, half ? half : 1, same_hash, &hash, people);
}

guint people_numbers(const People *p, CountKind kind)
{
    if (kind == COUNT_DOB)
        return p->dob_low <= p->dob_high ? (guint)(p->dob_high - p->dob_low) + 1 : 0;
    return kind == COUNT_PLACE ? p->places->len : is_of_names(kind) ? p->names_end : p->values->len;
}

static guint64 text_hash_of(const GArray *values, Id id)
{
    const char *text = id ? g_array_index(values, Value, id).text : "";
    return text_hash64(text, strlen(text));
}

guint64 people_hash(const People *people, CountKind kind, Id number)
{
    if (kind == COUNT_DOB)
        return (guint64)((gint64)people->dob_low + number);
    const GArray *values = values_of(people, is_of_names(kind) ? TEXT_NAME : TEXT_OTHER);
    if (kind != COUNT_PLACE)
        return text_hash_of(values, number);
    const Place *place = &g_array_index(people->places, Place, number);
    return mix64(mix64(text_hash_of(values, place->house), text_hash_of(values, place->street)),
                 text_hash_of(values, place->town));
}

static gboolean same_place(gconstpointer key, guint number, gconstpointer data)
{
    const People *people = data;
    return memcmp(&g_array_index(people->places, Place, number), key, offsetof(Place, hash)) == 0;
}

Id people_place(People *people, Place place)
{
    guint32 hash = place_hash(&place);
    Id id = dict_find(&people->place_ids, hash, same_place, &place, people);
    if (id)
        return id;
    id = people->places->len;
    g_array_append_val(people->places, place);
    g_array_index(people->places, Place, id).hash =
        (guint32)(people_hash(people, COUNT_PLACE, id) >> 32) | 1;
    dict_add(&people->place_ids, hash, id);
    return id;
}
