/*
 * One pair explained, for `why`: what it weighs, and, where no tier holds, which came nearest.
 */
#ifndef CROSSTRACE_LOOKUP_EXPLAIN_H
#define CROSSTRACE_LOOKUP_EXPLAIN_H

#include "engine/link/link.h"

/* How far two serials are from the tier that they come nearest to. */
typedef struct {
    Tier tier;     /* S2, S2b (edits), S3 (positions), S4 (characters); NONE: a number is lacking */
    guint apart;   /* edits; positions that contradict; characters of the shorter that differ */
    guint allowed; /* edits that the tier allows, else 0 */
    guint known;   /* S3: positions known in both where nothing contradicts, else 0 */
} SerialNearness;
SerialNearness serial_nearest(const Serial *a, const Serial *b);

/* One pair weighed by the code that weighs all of them, whether or not it is a candidate. */
typedef struct {
    Tier tier;     /* that holds; NONE: none does */
    double bits;   /* log2 likelihood ratio */
    double prior;  /* log2 odds, before anything is compared, that such a pair is of one firearm */
    double chance; /* firearms of the other side expected to fit by chance */
    Evidence *evidence; /* the bits, field by field; the caller's */
} FirearmPair;

/* left and right: indices, not both seizures. */
FirearmPair firearm_pair(const FirearmInput *input, guint left, guint right);

#endif
