/*
 * Comparing two serial observations, for the definition (serial_tier), the index that must agree
 * with it, and the judge. Full serials are compared as codes: 0-9 digits, 10-35 letters.
 */
#ifndef CROSSTRACE_FIREARM_TIER_H
#define CROSSTRACE_FIREARM_TIER_H

#include "engine/firearm/model.h"

#define FRAGMENT_KNOWN 4 /* S3: positions known */
#define CONTAINED_MIN  5 /* S4: characters of the shorter */
#define TWO_EDITS_MIN  7 /* S2b: characters of both */

/* A serial whose every position is known, closed at both ends. */
typedef struct {
    guint8 n;
    guint8 code[SERIAL_MAX];
} Codes;

/* Every position known, closed at both ends. */
gboolean serial_is_full(const Serial *serial);
/* FALSE when the serial is not full. */
gboolean codes_of(const Serial *serial, Codes *codes);
Codes codes_ncic(const Codes *codes);
gboolean codes_equal(const Codes *a, const Codes *b);

/* Restricted Damerau-Levenshtein distance, limit + 1 when it is more than limit (at most 2). */
guint codes_distance(const Codes *a, const Codes *b, guint limit);

/* Serials one edit from either of two that are two edits apart: all, but at most so many. Returns
 * how many. */
#define BETWEEN_MAX 24u
guint codes_between(const Codes *from, const Codes *to, Codes found[BETWEEN_MAX]);

/* The first tier of two full serials: S1, S1N, S2, S2B, S4 or none. */
Tier codes_tier(const FirearmModel *model, const Codes *a, const Codes *b);
/* Does such a tier (S2, S2B) rest on two edits in the serial, not on one or on a lost end? */
gboolean codes_two_edits(const Codes *a, const Codes *b, Tier tier);

/* Something was read: it may join. */
gboolean serial_informs(const Serial *serial);

/* S3: do two patterns, at least one not full, fit with enough known positions? */
gboolean serial_fits(const Serial *a, const Serial *b);
/* The same however few positions are known: nothing contradicts. */
gboolean serial_agrees(const Serial *a, const Serial *b);

/* S0: equal after trimming and upper-casing. */
gboolean raw_equal(const char *a, const char *b);

#endif
