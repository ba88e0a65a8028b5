/*
 * engine/link answers: which observations are of the same firearm, how sure, and why? Facts in,
 * links out; pure memory. Candidates are found with the index of engine/firearm, weighed in bits by
 * engine/weight (Fellegi & Sunter 1969), and compete here for what each of them can be.
 */
#ifndef CROSSTRACE_LINK_LINK_H
#define CROSSTRACE_LINK_LINK_H

#include "engine/base/evidence.h"
#include "engine/population/parameters.h"

/* Pairs that are less likely than this are no links. */
#define EXPORT_MIN 0.01

/* From this probability on a link holds: for views, graph, leads and decisions. */
#define SAME_FIREARM 0.5

typedef struct {
    guint left, right;     /* indices into the input; left: the seizure, or the later event */
    Tier tier;             /* the first that holds; TIER_PAPER: only the paper trail joins them */
    double bits;           /* log2 likelihood ratio */
    double probability;    /* posterior after competition with all candidates and none of these */
    double chance_matches; /* firearms of the other side expected to fit by chance */
    Evidence *evidence;    /* the bits, field by field; owned by the link */
} FirearmLink;

/* A person's decision about a pair; it overrides the probability (1 or 0), not the bits. */
typedef struct {
    guint left, right;
    gboolean same;
} FirearmDecision;

/* A set estimated from any number of observations, none included, in any order. */
FirearmParameters *firearm_parameters_estimate(const FirearmModel *model, const Firearm *firearms,
                                               guint n);

/* What is to be linked; nothing is owned. */
typedef struct {
    const FirearmModel *model;
    const FirearmParameters *parameters; /* NULL: estimated from these observations */
    const Firearm *firearms;
    guint n;
    const FirearmDecision *decisions; /* may be NULL */
    guint n_decisions;
} FirearmInput;

/* All links with probability >= 0.01, sorted by (left ref, right ref): array of FirearmLink, freed
 * with firearm_links_free. */
GArray *firearm_link(const FirearmInput *input);
void firearm_links_free(GArray *links);

/* Worked out from its texts; what they are made of may not change while an observation has them. */
FirearmKeys firearm_keys(const Firearm *firearm);

#endif
