/*
 * engine/firearm answers: which observations are of the same firearm, how sure, and why?
 * Facts in, links out; pure memory, no SQLite, no files but the two rule files of the model.
 * The flow: serial.c reads serials, index.c proposes pairs (complete for every tier), judge.c
 * weighs a pair in bits (Fellegi & Sunter 1969), link.c turns bits into competing posteriors.
 */
#ifndef CROSSTRACE_FIREARM_FIREARM_H
#define CROSSTRACE_FIREARM_FIREARM_H

#include "engine/base/date.h"
#include "engine/base/evidence.h"
#include "engine/serial/serial.h"

/* From this probability on a link holds: for views, graph, leads and decisions. */
#define SAME_FIREARM 0.5

typedef enum {
    SIDE_SEIZURE, /* Canadian seizure items: never linked with each other by serial */
    SIDE_TRACE,   /* traces, stolen and multiple-sale rows: they carry the acquisition */
} FirearmSide;

/* One observation of a firearm. Strings are canonical values, borrowed, NULL when not recorded. */
typedef struct {
    const char *ref; /* "atf-trace:T20230123456" */
    FirearmSide side;
    const Serial *serial;   /* never NULL */
    const char *serial_raw; /* as received, for tier S0 and for explanations */
    const char *make, *importer, *model, *calibre, *type, *country;
    Day event_date;         /* seized, recovered or stolen; DAY_NONE when unknown */
    Day purchase_date;      /* DAY_NONE on the seizure side */
    const char *dealer;     /* RDS key of the first retail dealer; NULL on the seizure side */
    const char *buyer_last; /* first retail purchaser: surname, folded; and birth date */
    Day buyer_dob;
    Day request_date; /* a trace requested before the seizure is of an earlier event */
    const char *event_country, *event_region; /* of the seizure or recovery */
    const char *trace_no;       /* own trace number; on a seizure: trace number that it names */
    const char *duplicate_of;   /* DUP disposition: SEE TRACE T... */
    const char *seizure_no;     /* own seizure number */
    const char *agency_case_no; /* on a trace: may be a seizure or occurrence number */
    const char *occurrence_no;
    guint group; /* observations of one row group (a seizure's items share a number); 0: none */
} Firearm;

typedef enum {
    TIER_S0,
    TIER_S1,
    TIER_S1N,
    TIER_S2,
    TIER_S2B,
    TIER_S3,
    TIER_S4,
    TIER_PAPER,
    TIER_NONE
} Tier;

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

typedef struct FirearmModel FirearmModel;
/* RULES/firearm.ini and RULES/tables/lookalikes.csv. STATUS_CONFIG when broken. */
FirearmModel *firearm_model_load(const char *rules_dir, GError **error);
void firearm_model_free(FirearmModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmModel, firearm_model_free)

const char *tier_name(Tier tier); /* "S0" .. "S4", "S1n", "S2b", "REF" for TIER_PAPER */

/* The first tier that holds for two serials (raw strings may be NULL), TIER_NONE when none: the
 * definition, by which brute force and index are both measured. */
Tier serial_tier(const FirearmModel *model, const Serial *a, const char *raw_a, const Serial *b,
                 const char *raw_b);

/* Can any tier hold for it: is it whole, or are enough of its positions known? */
gboolean serial_usable(const Serial *serial);

/* Everything that is estimated from a store, as one object: rates of damage and disagreement (EM,
 * from the start values of the model), the share of seizures with a trace, and what is common
 * among its makes, models, calibres and serials. Links computed with one set depend on nothing
 * else but the observations near them. */
typedef struct FirearmParameters FirearmParameters;
/* For any number of observations, none included, in any order. */
FirearmParameters *firearm_parameters_estimate(const FirearmModel *model, const Firearm *firearms,
                                               guint n);
/* Shifts the log2 odds that a seizure has a trace by so many bits, within what the prior may be. */
void firearm_parameters_shift(FirearmParameters *parameters, double bits);
/* As lines of text, and back: nothing is lost, the links are the same to the last bit; g_free.
 * STATUS_DATA when it is no such text, or of another version. Look-alikes are the model's. */
char *firearm_parameters_write(const FirearmParameters *parameters);
FirearmParameters *firearm_parameters_read(const FirearmModel *model, const char *text,
                                           GError **error);
void firearm_parameters_free(FirearmParameters *parameters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmParameters, firearm_parameters_free)

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

#endif
