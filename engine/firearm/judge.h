/*
 * What a pair of observations is worth, in bits: log2( P(pair | same) / P(pair | different) ),
 * field by field. Pure: no state but what population.h counted. Private.
 */
#ifndef CROSSTRACE_FIREARM_JUDGE_H
#define CROSSTRACE_FIREARM_JUDGE_H

#include "engine/firearm/population.h"

typedef struct {
    const FirearmModel *model;
    const Firearm *firearms;
    const Population *population;
    const double *chance; /* by firearm: that another bears its full serial; 0: not full */
    double *observed;     /* by firearm: that another is recorded so, damage included; 0: not yet */
} Judge;

/* The chances above; g_free. */
double *judge_chances(const FirearmModel *model, const Firearm *firearms, guint n,
                      const Population *population);

/* Bits of two serials for which a tier holds. fit: for S3, what judge_fragment() gave. */
double judge_serial(const Judge *judge, guint a, guint b, Tier tier, double fit);

/* Share of other firearms that fit a pattern, from how many of `among` fit (the right one is one
 * of them, if it is there) and from the pattern's shape. */
double judge_fragment(const Judge *judge, const Serial *pattern, guint fits, guint among);

/* Firearms of the store that would fit a full serial at a tier by chance. */
double judge_chance(const Judge *judge, guint a, Tier tier);

/* Bits of everything but the serial; terms go to evidence unless it is NULL. a: the seizure. */
double judge_fields(const Judge *judge, guint a, guint b, Evidence *evidence);
/* The same for two traces. */
double judge_repeat(const Judge *judge, guint a, guint b, Evidence *evidence);

/* A short number of digits alone with nothing beside it: bits to add, 0 or negative, so that the
 * pair does not stand alone; prior in bits. */
double judge_short(const Judge *judge, guint a, guint b, double serial, double fields,
                   double prior);

/* -log2 of the probability that the first serial was written for the second. */
double transcription_cost(const FirearmModel *model, const Codes *written, const Codes *meant,
                          Tier tier);

/* Is it the same maker, or can it be: equal, importer named as maker, or not recorded? */
gboolean makes_compatible(const Facts *a, const Facts *b);

#endif
