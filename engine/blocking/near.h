/*
 * A first look at two nodes: what it needs of each stands together, so that all pairs of a block
 * are looked at without going back to the nodes and their texts. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_NEAR_H
#define CROSSTRACE_BLOCKING_NEAR_H

#include "engine/comparison/compare.h"

typedef struct {
    Id id;                          /* 0: not recorded */
    guint32 sound, prefix, letters; /* as in Value, */
    guint64 called;                 /* this one too */
    guint8 length, start;           /* of the text without blanks, its first letter */
    guint8 compound;                /* of several words */
    float exact;                    /* bits that the same name is worth (look_weigh) */
} NameLook;

typedef struct {
    NameLook last, first;
    Id middle, suffix, place, house, street, city, region, postal, phone, document;
    Day dob;
    guint32 digits; /* birth_digits() of the birth date */
    gboolean organisation;
} Look;

void look_init(Look *look, const People *people, const Node *node);

/* May the two be one person at all? By what they say alone. */
gboolean looks_near(const People *people, const Look *a, const Look *b);
gboolean pair_near(const People *people, const Node *a, const Node *b);

#define BOUND_LETTERS 32 /* of a name, from which on it is not held to differ */

/* What any pair can reach at most, by parts that can be told at a first look. */
typedef struct {
    const Scorer *scorer;
    double least;             /* odds from which a pair is wanted */
    double rest, suffix;      /* prior; two suffixes */
    double like[FIELD_COUNT]; /* of a name that is not the same one, but may be nearly */
    double changed;           /* of names that have changed places */
    double address, house, street, city;
    double worst;               /* about the least that two addresses are worth */
    double area;                /* of an address, whatever it is, that is not of one house */
    double number[FIELD_COUNT]; /* of a telephone, a document that is not the same one */
    /* letters that two names of these lengths have in common at least, not to be far; of one first
     * letter or not */
    guint8 common[2][BOUND_LETTERS][BOUND_LETTERS];
} Bound;

void bound_init(Bound *bound, const Scorer *scorer, double least);

/* What its names are worth, for looks_reach(). */
void look_weigh(Look *look, const Bound *bound);

/* May node_odds() of the two reach b->least? Never FALSE where they do. */
gboolean looks_reach(const Bound *b, const Look *x, const Look *y);

#endif
