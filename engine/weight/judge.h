/*
 * What a pair of observations is worth, in bits: log2( P(pair | same) / P(pair | different) ),
 * field by field. Pure: no state but what population.h counted.
 */
#ifndef CROSSTRACE_WEIGHT_JUDGE_H
#define CROSSTRACE_WEIGHT_JUDGE_H

#include <string.h>

#include "engine/base/evidence.h"
#include "engine/population/population.h"

#define CODES 3u /* calibre, type, origin */

/* What the fields of an observation are worth where another's are equal, in bits; calibre, type
 * and origin by what else is equal: nothing, the make, make and model. */
typedef struct {
    gboolean known;
    float make, model[2], code[CODES][3];
} Own;

/* Full serials, by firearm; others have no characters. */
typedef struct {
    guint32 *at;
    guint8 *code;
} Texts;

Texts *texts_new(const Firearm *firearms, guint n);
void texts_free(Texts *texts);

/* FALSE when the serial is not full. */
static inline gboolean texts_codes(const Texts *texts, guint firearm, Codes *codes)
{
    guint32 from = texts->at[firearm];
    codes->n = (guint8)(texts->at[firearm + 1] - from);
    if (codes->n > 0) /* where no serial is full there is no text at all */
        memcpy(codes->code, texts->code + from, codes->n);
    return codes->n > 0;
}

typedef struct {
    const FirearmModel *model; /* the rates of a parameter set */
    const Firearm *firearms;
    const Population *population;
    const Texts *texts;
    const double *chance; /* by firearm: that another bears its full serial; 0: not full */
    double *observed;     /* by firearm: that another is recorded so, damage included; of a pattern:
                             that it fits another; 0: not yet */
    Own *own;             /* by firearm, filled in when first needed */
} Judge;

/* Fills in the chances above where they are below 0; elsewhere they are known. */
void judge_chances(const Firearm *firearms, guint n, const Population *population, double *chance);

/* Bits of two serials for which a tier holds. fit: for S3, what judge_fragment() gave. */
double judge_serial(const Judge *judge, guint a, guint b, Tier tier, double fit);
/* The same, or more, and cheaper. */
double judge_serial_most(const Judge *judge, guint a, guint b, Tier tier, double fit);
/* The same of full serials that are not equal, from how they are written for each other. */
typedef struct {
    double forth, back; /* probability of the first for the second, and of the second for it */
} Edits;
Edits judge_edits(const FirearmModel *model, const Codes *a, const Codes *b, Tier tier);
/* Bits of a full serial that was read right, and what doubt about it can add to a misread one; 0
 * where it is not full. */
double judge_rarest(const Judge *judge, guint a);
double judge_edited_most(const Judge *judge, guint a, guint b, const Edits *edits);

/* Of two serials that are not equal, which the firearm bears is not known; oftener the seized one
 * was written for the other. What is worth forth if so, and back if not, is worth this. */
#define SEIZED_WRITTEN 0.6
static inline double either_written(double forth, double back)
{
    return SEIZED_WRITTEN * forth + (1 - SEIZED_WRITTEN) * back;
}

/* Share of other firearms of a make (0: any) that fit a pattern, from how many of `among` fit (the
 * right one is one of them, if it is there) and from how serials of the make look. */
double judge_fragment(const Judge *judge, const Serial *pattern, guint make, guint fits,
                      guint among);

/* Firearms of the store that would fit a full serial at a tier by chance. */
double judge_chance(const Judge *judge, guint a, Tier tier);
/* The same of two of which one at most is full, from the share that fits: never fewer than bear the
 * full one. */
double judge_chance_fitting(const Judge *judge, guint a, guint b, double share);

/* Adds a term unless it is next to nothing or evidence is NULL; returns the bits. */
double judge_add(Evidence *evidence, const char *field, const char *level, const char *values[2],
                 double bits);

/* Bits of everything but the serial; terms go to evidence unless it is NULL. a: the seizure. */
double judge_fields(const Judge *judge, guint a, guint b, Evidence *evidence);
/* The same for two traces. */
double judge_repeat(const Judge *judge, guint a, guint b, Evidence *evidence);

/* A pair of which the tier, the bits of its serials, of all other fields and the prior are known.
 */
typedef struct {
    guint a, b;
    Tier tier;
    double serial, fields, prior;
} Weighed;
/* What it loses because its number by itself is the identity of no firearm: short, made up, or the
 * next one of a run (identity.c). bits: 0 or less; level: why, static. */
typedef struct {
    const char *level;
    double bits;
} Loss;
Loss judge_identity(const Judge *judge, const Weighed *pair);

/* -log2 of the probability that the first serial was written for the second. doubt: bits by which
 * each character of it is likelier misread than in a number that was simply read. */
double transcription_cost(const FirearmModel *model, const Codes *written, const Codes *meant,
                          Tier tier, double doubt);

/* The least cost of no edit, of one or a lost end, and of two, to or from a serial of a length. */
void edit_costs(const FirearmModel *model, guint length, double cost[3]);

/* Is it the same maker, or can it be: equal, its importer or owner, or not recorded? */
gboolean makes_compatible(const Facts *a, const Facts *b);

#endif
