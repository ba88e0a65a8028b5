/*
 * Of the pairs of one block those that may reach the odds, many looked at with one instruction:
 * what a node is asked lies in a row of numbers for all nodes of the block, and no pair takes
 * another way than the one before. It lets pass more than the bound of digest.h does, which then
 * looks at the few that are left. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_SIEVE_H
#define CROSSTRACE_BLOCKING_SIEVE_H

#include "engine/blocking/digest.h"

#define SIEVE_LANES 256 /* nodes that are taken at a time */
#define SIEVE_LEAST 8   /* nodes of a block, from which on it pays */

typedef struct Sieve Sieve;

/* Of the bound, which must outlive it. */
Sieve *sieve_new(const Bound *bound);
void sieve_free(Sieve *sieve);

/* Takes up to SIEVE_LANES nodes of a block. */
void sieve_take(Sieve *sieve, const Digest *digests, guint n);

/* The places from `from` on, of those taken, of the nodes with which x may reach the odds: put into
 * `found`, which has room for all; returns how many. Never leaves out one for which
 * digests_reach() holds. */
guint sieve_pass(Sieve *sieve, const Digest *x, guint from, guint *found);

#endif
