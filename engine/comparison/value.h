/*
 * One distinct text with what is asked of it again and again, one distinct place. Private to
 * the rooms of persons; intern.c makes them.
 */
#ifndef CROSSTRACE_COMPARISON_VALUE_H
#define CROSSTRACE_COMPARISON_VALUE_H

#include "engine/base/dict.h"
#include "engine/person/letters.h"

typedef guint32 Id; /* of a value; 0 = not recorded */

/* One distinct text. */
typedef struct {
    const char *text;   /* folded, words joined by one blank */
    const char *joined; /* without blanks */
    guint8 length, joined_length;
    guint8 words;
    guint8 start;    /* its first letter, 0 of none */
    guint8 name;     /* of people or of an organisation */
    guint8 several;  /* it stands for several documents: documents.h */
    guint32 hash;    /* of the text */
    guint32 sound;   /* hash of name_sound(); 0 when it has none */
    guint32 prefix;  /* hash of the first three letters */
    guint32 letters; /* which letters it has, digits by two: letter_bit() */
    guint64 called;  /* called_bits(): names without a common one are no nicknames of each other,
                      * nor listed as two */
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

#endif
