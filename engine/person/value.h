/*
 * One distinct text with what is asked of it again and again, one distinct place. Private to
 * engine/person; intern.c makes them.
 */
#ifndef CROSSTRACE_PERSON_VALUE_H
#define CROSSTRACE_PERSON_VALUE_H

#include "engine/base/dict.h"

typedef guint32 Id; /* of a value; 0 = not recorded */

/* One distinct text. */
typedef struct {
    const char *text;   /* folded, words joined by one blank */
    const char *joined; /* without blanks */
    guint8 length, joined_length;
    guint8 words;
    guint8 start;    /* its first letter, 0 of none */
    guint32 hash;    /* of the text */
    guint32 sound;   /* hash of name_sound(); 0 when it has none */
    guint32 prefix;  /* hash of the first three letters */
    guint32 letters; /* which letters it has, digits as one */
    guint64 called;  /* groups of nicknames that it may belong to, as bits: names without a common
                      * one have none in common */
} Value;

/* One house in one street of one town (or postal code). */
typedef struct {
    Id house, street, town;
    guint32 hash; /* of their texts */
} Place;

/* Of its numbers, for an index. */
static inline guint32 place_hash(const Place *place)
{
    return (guint32)(mix64(mix64(place->house, place->street), place->town) >> 32);
}

/* The bit of a character in Value.letters. */
static inline guint32 letter_bit(char c)
{
    return 1u << (g_ascii_isalpha(c) ? c & 31 : g_ascii_isdigit(c) ? 27 + c % 5 : 0);
}

/* How many of a text's letters another one lacks (by Value.letters). */
static inline guint letters_lost(guint32 a, guint32 b)
{
    guint32 n = a & ~b;
    n -= n >> 1 & 0x55555555u;
    n = (n & 0x33333333u) + (n >> 2 & 0x33333333u);
    return ((n + (n >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* The least edits between two texts by the letters (Value.letters) that they have. */
static inline guint letters_apart(guint32 a, guint32 b)
{
    guint x = letters_lost(a, b), y = letters_lost(b, a);
    return MAX(x, y);
}

/* The most Jaro-Winkler that two texts of these lengths can reach which have so many letters in
 * common; `start`: of one first letter. */
static inline double common_alike(double common, double la, double lb, gboolean start)
{
    double jaro = common <= 0 ? 0 : (common / la + common / lb + 1) / 3;
    return start ? jaro + 0.4 * (1 - jaro) : jaro;
}

/* The same by the letters that they have. */
static inline double letters_alike(guint32 a, double la, guint32 b, double lb, gboolean start)
{
    return common_alike(MIN(la - letters_lost(a, b), lb - letters_lost(b, a)), la, lb, start);
}

#endif
