/*
 * Numbers of things by their content: an open-addressing index over records that stand elsewhere
 * (texts, places, nodes). Eight bytes a slot, no allocation for each entry.
 */
#ifndef CROSSTRACE_BASE_DICT_H
#define CROSSTRACE_BASE_DICT_H

#include <glib.h>

typedef struct {
    guint64 *slots; /* hash << 32 | number; 0 = free */
    guint mask, n;
} Dict;

/* Is entry `number` what `key` stands for? */
typedef gboolean (*DictSame)(gconstpointer key, guint number, gconstpointer data);

void dict_init(Dict *dict);
void dict_clear(Dict *dict);
/* Room for so many entries more, which is found at once and not by and by. */
void dict_reserve(Dict *dict, guint n);

/* Number of the entry with this content, or 0. */
guint dict_find(const Dict *dict, guint32 hash, DictSame same, gconstpointer key,
                gconstpointer data);

/* Adds an entry (number above 0) that is not there yet. */
void dict_add(Dict *dict, guint32 hash, guint number);

/* Every number becomes higher by so much. */
void dict_shift(Dict *dict, guint by);

/* Mixes numbers into one hash; the same everywhere. */
static inline guint64 mix64(guint64 a, guint64 b)
{
    guint64 x = (a ^ (b + G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) + (a << 6) + (a >> 2)));
    x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* The same everywhere; the upper half is text_hash() of it. */
guint64 text_hash64(const char *text, gsize length);

/* Never 0. */
guint32 text_hash(const char *text, gsize length);

#endif
