/*
 * A first look at two nodes: what it needs of each stands together, so that all pairs of a block
 * are looked at without going back to the nodes and their texts. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_NEAR_H
#define CROSSTRACE_PERSON_NEAR_H

#include "engine/person/compare.h"

typedef struct {
    Id id;                          /* 0: not recorded */
    guint32 sound, prefix, letters; /* as in Value, */
    guint64 called;                 /* this one too */
    guint8 length, start;           /* of the text without blanks, its first letter */
    gboolean compound;
} NameLook;

typedef struct {
    NameLook last, first;
    Id middle, place, house, street, city, region, postal, phone, document;
    Day dob;
    guint32 digits; /* date_digits() of the birth date */
    gboolean organisation;
} Look;

void look_init(Look *look, const People *people, const Node *node);

/* May the two be one person at all? By what they say alone. */
gboolean looks_near(const People *people, const Look *a, const Look *b);
gboolean pair_near(const People *people, const Node *a, const Node *b);

/* What any pair can reach at most, by parts that can be told at a first look. */
typedef struct {
    const Scorer *scorer;
    double least;             /* odds from which a pair is wanted */
    double rest;              /* prior and suffix */
    double like[FIELD_COUNT]; /* of a name that is not the same one, but may be nearly */
    double changed;           /* of names that have changed places */
    double address, house, street, city;
    double number[FIELD_COUNT]; /* of a telephone, a document that is not the same one */
} Bound;

void bound_init(Bound *bound, const Scorer *scorer, double least);

/* May node_odds() of the two reach bound->least? Never FALSE where they do. */
gboolean looks_reach(const Bound *bound, const Look *a, const Look *b);

#endif
