/*
 * What a node says in one line of memory, and by it the most that a pair can reach. All pairs of
 * all blocks are looked at; nearly all of them only here, without going back to the nodes and their
 * texts, which lie anywhere. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_DIGEST_H
#define CROSSTRACE_BLOCKING_DIGEST_H

#include "engine/comparison/compare.h"

#define LENGTH_BITS   5
#define BOUND_LETTERS (1 << LENGTH_BITS) /* of a name, from which on it is not held to differ */
#define CALLED_BITS   11
#define START_BITS    5
#define SOUND_BITS    8 /* of a hash; of the next three too */
#define MIDDLE_BITS   5
#define DOCUMENT_BITS 7
#define TAIL_BITS     6 /* of a document's end */
#define PHONE_BITS    5

/* A name. Of `called` and `start` two that have nothing in common here have nothing in common in
 * their Values; what a letter is and no digit is in `letters`. */
typedef struct {
    Id id; /* 0: not recorded */
    guint32 letters : 32 - LENGTH_BITS;
    guint32 length : LENGTH_BITS; /* without blanks; 0: it is not held to differ from any other */
    guint32 called : CALLED_BITS;
    guint32 start : START_BITS; /* the first letter */
    gint32 exact : 16;          /* what the same name is worth, in EXACT_STEPS a bit, or more */
} NameDigest;

typedef struct {
    NameDigest last, first;
    Id street, house, city, postal, phone, document;
    Day dob;
    guint32 digits; /* birth_digits() of the birth date */
    guint32 last_sound : SOUND_BITS, last_prefix : SOUND_BITS; /* as in Value */
    guint32 first_sound : SOUND_BITS, first_prefix : SOUND_BITS;
    /* three characters; 0 of what may be a slip away from any other */
    guint32 document_head : DOCUMENT_BITS, document_tail : TAIL_BITS;
    guint32 phone_head : PHONE_BITS, phone_tail : PHONE_BITS;
    guint32 middle : MIDDLE_BITS;                     /* 0: none */
    guint32 suffix : 1, region : 1, organisation : 1; /* is there one? */
    guint32 bearer : 1;                               /* of several documents? */
} Digest;

/* What any pair can reach at most, by parts that can be told of two digests. */
typedef struct {
    const Scorer *scorer;
    double least;             /* odds from which a pair is wanted */
    double rest, suffix;      /* prior; two suffixes */
    double like[FIELD_COUNT]; /* of a name that is not the same one, but may be nearly */
    double best[FIELD_COUNT][NAME_DIFFERS + 1]; /* of one that is at that level at best */
    double middle;                              /* of a middle name that may be the same one */
    double changed;                             /* of names that have changed places */
    double house, street, city, region;
    double address;             /* of any two addresses, */
    double worst;               /* about the least that they are worth, */
    double area;                /* and the most where they are not of one house */
    double number[FIELD_COUNT]; /* of a telephone, a document that is not the same one, */
    double apart[FIELD_COUNT];  /* and no single slip makes it the same */
    double document;            /* of any two documents */
    /* letters that two names of these lengths have in common at least, to be close, near, far; of
     * one first letter or not */
    guint8 common[NAME_FAR + 1][2][BOUND_LETTERS][BOUND_LETTERS];
} Bound;

#define EXACT_STEPS 64 /* a bit */

void bound_init(Bound *bound, const Scorer *scorer, double least);

/* Bits of a level, before what its value is worth; the most that levels from..to are worth,
 * whatever the values; and what a level is worth of this value. */
double level_gain(const Scorer *scorer, Field field, guint level);
double gain_most(const Scorer *scorer, Field field, guint from, guint to);
double gain_shared(const Scorer *scorer, Field field, guint level, CountKind kind, Id id);

/* What is kept of a middle name; never 0 of a value. */
static inline guint32 middle_mark(Id id)
{
    return id ? id % ((1u << MIDDLE_BITS) - 1) + 1 : 0;
}

Digest digest_of(const Bound *bound, const Node *node);

/* The same without the texts of its numbers, which lie elsewhere: of these it says that they may be
 * a slip away from any other, so that whom a digest reaches, or is near, it does too. Then what it
 * lacks. */
Digest digest_outline(const Bound *bound, const Node *node);
Digest digest_filled(const Bound *bound, const Digest *outline);

/* Those of all nodes, at the begin of a line each. free() */
Digest *digests_new(const Bound *bound);

/* May node_odds() of the two reach b->least? Never FALSE where they do. */
gboolean digests_reach(const Bound *b, const Digest *x, const Digest *y);

/* May pair_near() let the two pass? Never FALSE where it does. */
gboolean digests_near(const People *people, const Digest *x, const Digest *y);

#endif
