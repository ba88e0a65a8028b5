/*
 * Competition: seizures and firearms that can be one, as edges with bits, and what each edge's
 * probability is when an end is taken once; and what their posteriors tell of the rates.
 */
#ifndef CROSSTRACE_WEIGHT_POSTERIOR_H
#define CROSSTRACE_WEIGHT_POSTERIOR_H

#include "engine/weight/circumstance.h"
#include "engine/weight/description.h"

/* Bits of the prior that a pair is of one firearm, when a share of one side has one of n. */
double prior_bits(double share, guint n);

/* What must have happened to the serial, if a pair is of one firearm. */
typedef enum {
    DAMAGE_NONE,
    DAMAGE_LOOK_ALIKE,
    DAMAGE_SUBSTITUTION,
    DAMAGE_TRANSPOSITION,
    DAMAGE_DROPPED,
    DAMAGE_ADDED,
    DAMAGE_NCIC,
    DAMAGE_END,
    DAMAGE_TWO,
    DAMAGE_ANY,
    DAMAGE_UNREAD, /* no usable number on the seizure */
} Damage;

/* A seizure and a firearm (traces that are one) that compete. */
typedef struct {
    guint left, right;
    double bits;
    Damage damage;
    Level level[ASKED]; /* when and where */
    guint8 said[SAID_FIELDS];
    int decided;
    double probability;
} Edge;

typedef struct {
    GArray *edge;       /* of Edge, sorted by left */
    const double *rest; /* by left: weight, before the prior, of what else it can be */
    guint n_left, n_right;
    double prior; /* bits: that an edge is right, before anything is compared */
} Contest;

/* Fills in the probabilities of the edges. */
void posterior_solve(const Contest *contest);
/* The same while estimating how many seizures have a trace, how often serials suffer which damage
 * and descriptions agree, and what dates and places say: sets those rates. firearms: what the prior
 * spreads over; count: pairs by level. */
void posterior_estimate(Contest *contest, FirearmModel *rates, guint firearms,
                        const LevelCount *count);

#endif
