/*
 * How serials begin and end: what a fragment of one is worth. Part of a parameter set.
 */
#ifndef CROSSTRACE_POPULATION_FRAGMENT_H
#define CROSSTRACE_POPULATION_FRAGMENT_H

#include "engine/firearm/tier.h"
#include "engine/population/counter.h"

/* How serials of the makes begin and end, from a sample of a store of so many firearms. */
typedef struct Fragments Fragments;
Fragments *fragments_new(guint firearms);
void fragments_free(Fragments *fragments);
void fragments_count(Fragments *fragments, const Codes *codes, guint make);
Counter *fragments_counter(Fragments *fragments);
/* Probability that another firearm of a make (0: any) bears a serial that a pattern fits. */
double fragments_share(const Fragments *fragments, const Serial *pattern, guint make);

#endif
