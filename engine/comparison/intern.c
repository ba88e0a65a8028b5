/*
 * Every distinct text once, with what is asked of it again and again (length, sound, letters);
 * every distinct place once.
 */
#include "engine/comparison/people.h"
#include "engine/person/distance.h"

#include <stddef.h>
#include <string.h>

static gboolean same_text(gconstpointer key, guint number, gconstpointer data)
{
    return strcmp(people_value((const People *)data, number)->text, key) == 0;
}

static void value_init(People *people, Value *value, const char *text, gsize length)
{
    char sound[8], joined[256];
    gsize n = 0;
    *value = (Value){.words = 1};
    value->text = g_string_chunk_insert_len(people->texts, text, (gssize)length);
    for (const char *p = text; *p && n < sizeof joined - 1; p++) {
        value->words += *p == ' ' && value->words < 255;
        if (*p == ' ')
            continue;
        value->letters |= letter_bit(*p);
        joined[n++] = *p;
    }
    joined[n] = '\0';
    value->joined = n == length ? value->text : g_string_chunk_insert(people->texts, joined);
    value->length = (guint8)MIN(length, 255);
    value->joined_length = (guint8)n;
    value->start = (guint8)joined[0];
    name_sound(joined, sound);
    value->hash = text_hash(text, length);
    value->sound = *sound ? text_hash(sound, strlen(sound)) : text_hash(joined, n);
    value->prefix = text_hash(joined, MIN(n, 3));
    value->called = called_bits(people->model, joined);
}

Id people_intern(People *people, const char *text)
{
    if (!text || !*text)
        return 0;
    gsize length = strlen(text);
    guint32 hash = text_hash(text, length);
    Id id = dict_find(&people->ids, hash, same_text, text, people);
    if (id)
        return id;
    Value value;
    value_init(people, &value, text, length);
    id = people->values->len;
    g_array_append_val(people->values, value);
    dict_add(&people->ids, hash, id);
    return id;
}

static gboolean same_hash(gconstpointer key, guint number, gconstpointer data)
{
    const Value *value = people_value((const People *)data, number);
    return text_hash64(value->text, strlen(value->text)) == *(const guint64 *)key;
}

Id people_find(const People *people, guint64 hash)
{
    guint32 half = (guint32)(hash >> 32);
    return dict_find(&people->ids, half ? half : 1, same_hash, &hash, people);
}

static guint64 value_hash(const People *people, Id id)
{
    const char *text = id ? people_value(people, id)->text : "";
    return text_hash64(text, strlen(text));
}

guint64 people_hash(const People *people, CountKind kind, Id number)
{
    if (kind == COUNT_DOB)
        return (guint64)((gint64)people->dob_low + number);
    if (kind != COUNT_PLACE)
        return value_hash(people, number);
    const Place *place = &g_array_index(people->places, Place, number);
    return mix64(mix64(value_hash(people, place->house), value_hash(people, place->street)),
                 value_hash(people, place->town));
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
