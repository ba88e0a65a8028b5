/*
 * All that is estimated, in one object: weights, how many people share each value, which blocks
 * are too large. Private to engine/resolution; what others do with it stands in parameters.h.
 */
#ifndef CROSSTRACE_RESOLUTION_ESTIMATED_H
#define CROSSTRACE_RESOLUTION_ESTIMATED_H

#include "engine/blocking/block.h"
#include "engine/resolution/parameters.h"

/* Lines of a text that is kept as it is: counts of values, by hash. */
typedef struct {
    const char *from, *to;
    const PersonText *text;
} Lines;

struct PersonParameters {
    Weights weights;
    double population;
    double new_year; /* 0 or 1: births on 1 January say their year alone */
    guint known[COUNT_KINDS];
    GArray *counts[COUNT_KINDS]; /* of ValueCount by hash: values that two people and more have */
    Lines lines[COUNT_KINDS];    /* where these were not read: person_parameters_open() */
    LargeBlocks large;
};

/* Those that people were counted with and that were estimated from them; takes over `large`. */
PersonParameters *parameters_new(const People *people, const Weights *weights, LargeBlocks *large);

/* Counts as they were, for the values that these people have. */
void parameters_apply(const PersonParameters *parameters, People *people);
/* The same, leaving at 0 the values and places below these numbers, whose counts are known
 * otherwise. */
void parameters_apply_from(const PersonParameters *parameters, People *people, Id values,
                           Id places);

/* Another number where a value has another count. */
guint64 parameters_stamp(const PersonParameters *parameters);

#endif
