/*
 * One distinct text with what is asked of it again and again, one distinct place. Private to
 * engine/person; intern.c makes them.
 */
#ifndef CROSSTRACE_PERSON_VALUE_H
#define CROSSTRACE_PERSON_VALUE_H

#include <glib.h>

typedef guint32 Id; /* of a value; 0 = not recorded */

/* One distinct text. */
typedef struct {
    const char *text;   /* folded, words joined by one blank */
    const char *joined; /* without blanks */
    guint8 length, joined_length;
    guint8 words;
    guint32 hash;    /* of the text */
    guint32 sound;   /* hash of name_sound(); 0 when it has none */
    guint32 prefix;  /* hash of the first three letters */
    guint32 letters; /* which letters it has, digits as one */
} Value;

/* One house in one street of one town (or postal code). */
typedef struct {
    Id house, street, town;
    guint32 hash; /* of their texts */
} Place;

/* How many of a text's letters another one lacks (by Value.letters). */
static inline guint letters_lost(guint32 a, guint32 b)
{
    guint32 n = a & ~b;
    n -= n >> 1 & 0x55555555u;
    n = (n & 0x33333333u) + (n >> 2 & 0x33333333u);
    return ((n + (n >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* The least edits between two texts by the letters that they have. */
static inline guint letters_apart(const Value *a, const Value *b)
{
    guint x = letters_lost(a->letters, b->letters), y = letters_lost(b->letters, a->letters);
    return MAX(x, y);
}

#endif
