/*
 * A firearm as one record observed it, and the tiers: when do two serials agree so that it can be
 * the same firearm? The definition and the model of it (rules/firearm.ini); what a pair is worth
 * and what it is linked to is told by the rooms after this one.
 */
#ifndef CROSSTRACE_FIREARM_FIREARM_H
#define CROSSTRACE_FIREARM_FIREARM_H

#include "engine/base/date.h"
#include "engine/serial/serial.h"

typedef enum {
    SIDE_SEIZURE, /* Canadian seizure items: never linked with each other by serial */
    SIDE_TRACE,   /* traces, stolen and multiple-sale rows: they carry the acquisition */
} FirearmSide;

/* What joins an observation with others, as keys: what was read of its serial, as it was received
 * and as traces of one firearm share it, and its references (those of engine/population). 0: there
 * is none. */
typedef struct {
    guint64 raw, repeat;
    guint64 trace_no, duplicate_of, seizure_no, case_no, occurrence_no;
    guint64 whole_case; /* TRUE: its case number can not be read as another with something added */
} FirearmKeys;

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
    gboolean part; /* goods that are no firearm, nor its frame: with no number, untraceable */
    guint group;   /* observations of one row group (a seizure's items share a number); 0: none */
    const FirearmKeys *keys; /* as firearm_keys() works them out; NULL: that was not done */
} Firearm;

#define SERIALS_AHEAD 16u
/* Has a serial fetched that is looked at so many observations later: serials lie anywhere. */
static inline void firearm_expect(const Firearm *firearm)
{
    __builtin_prefetch(firearm->serial);
}

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

typedef struct FirearmModel FirearmModel;
/* RULES/firearm.ini, RULES/tables/lookalikes.csv and makes.csv. STATUS_CONFIG when broken. */
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

#endif
