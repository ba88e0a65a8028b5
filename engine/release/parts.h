/* What the files of engine/release share: audiences as read, and the filter of one audience. */
#ifndef CROSSTRACE_RELEASE_PARTS_H
#define CROSSTRACE_RELEASE_PARTS_H

#include "engine/base/regex.h"
#include "engine/judgement/judgement.h"
#include "engine/release/audience.h"
#include "engine/release/release.h"

/* What people decided of leads and rules, for views of them. */
typedef struct {
    LeadDecisions *leads;
    GPtrArray *silenced; /* of Judgement: rules silenced for a value */
} Decided;

/* What is in force on a day (ISO). */
gboolean decided_read(Decided *decided, Store *store, const char *day, GError **error);
void decided_clear(Decided *decided);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Decided, decided_clear)

/* Gives a view the status of its lead or, where it is but a part of that, of whatever was decided
 * on all that it holds. FALSE: it was found to be nothing, and its reader, who is not told of
 * decisions, would take it for new. */
gboolean decided_status(const Decided *decided, LeadView *view, const char *status, gboolean told);

/* Says beside what speaks against a lead which rules are silenced for something in it: by whom and
 * until when, not for what. */
void decided_silenced(const Decided *decided, LeadView *view, Lang lang);

typedef struct {
    char *key, *pattern;
    char *title[2]; /* by Lang */
    Regex *regex;
} Reference;

/* Records of these origins need these references in these hands. */
typedef struct {
    char *name, *beyond; /* beyond: an audience of another country than this; NULL: of any */
    char **origins, **requires;
    gboolean third_party; /* only for an audience that is neither the owner nor the originator */
    gboolean received;    /* only for records that the owner had from another agency */
} Gate;

struct Audiences {
    GPtrArray *audiences;  /* of Audience */
    GPtrArray *gates;      /* of Gate */
    GPtrArray *references; /* of Reference */
};

/* NULL when there is no reference of that key. */
const Reference *reference_find(const Audiences *audiences, const char *key);

/* What filtering the evidence of leads for one audience needs; texts are borrowed. */
typedef struct {
    const Audience *audience, *owner; /* audience NULL: the owner, by itself */
    const char *day;                  /* ISO */
    const Indicators *indicators;     /* NULL: none is known to be complete */
    const char *salt;                 /* of this store, for ids that say nothing */
    GHashTable *withheld; /* references of records of the leads that may not go, as a set */
    GHashTable *tainted;  /* "indicator\nsubject" that rest on any that may not, as a set */
    gboolean any; /* may any record of the store not go? FALSE where no rule depends on it */
    GHashTable
        *alike; /* mention -> another of the same person, nearer to whom filter_person says */
} Filter;

/* One mention for all that are held to be one person by way of mentions that may all go: the same
 * for each of them, the mention itself where nothing else is held alike. Lives as the filter. */
const char *filter_person(const Filter *filter, const char *mention);

/* Splits off what may go: array of LeadEvidence, each connected by itself, without lead_id for a
 * reader other than the owner. *withheld: was anything left out? */
GPtrArray *filter_evidence(const Filter *filter, const LeadEvidence *evidence, gboolean *withheld);

/* seen.c: copies as the audience of the filter sees them; a filter without audience is the owner's
 * own use, where everything is shown. */
char *field_seen(const char *name, const char *value, FieldAction action); /* NULL: not at all */
FieldAction part_action(const Filter *filter, ViewPart part);
/* What the audience sees of the thing that two records share. */
FieldAction edge_action(const Filter *filter, const char *kind);
Record *record_seen(const Filter *filter, const Record *from);
LeadLink *link_seen(const Filter *filter, const LeadLink *from);
LeadPerson *person_seen(const Filter *filter, const LeadPerson *from, const char *entity);
LeadIndicator *indicator_seen(const Filter *filter, const LeadIndicator *from);
LeadMarker *marker_seen(const Filter *filter, const LeadMarker *from);
LeadEdge *edge_new(const LeadEdge *like, const char *left, const char *right, double weight);
LeadEdge *edge_seen(const Filter *filter, const LeadEdge *from);

/* lots.c: evidence of leads, a lot at a time. */
typedef struct Lots Lots;
typedef struct Lot Lot;
/* leads: all that will be asked for, of StoredLead. Borrows what it is given. */
Lots *lots_new(Store *store, const ReleaseOptions *options, const GPtrArray *leads);
void lots_free(Lots *lots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lots, lots_free)
/* Calls take for one lot after the other of leads in some order (of StoredLead, each as often as it
 * is wanted): for the items from one up to another. While it is at one the next is read by another
 * thread. to_rank: links are not explained, where that spares anything. FALSE: it could not be
 * read, or take returned FALSE, with error or without. */
typedef gboolean (*TakeLot)(Lot *lot, guint from, guint to, gpointer data, GError **error);
gboolean lots_visit(Lots *lots, const GPtrArray *order, gboolean to_rank, TakeLot take,
                    gpointer data, GError **error);
/* Evidence of a lead of the lot; take it, and the lot has it no more. */
const LeadEvidence *lot_evidence(const Lot *lot, const StoredLead *lead);
LeadEvidence *lot_take(Lot *lot, const StoredLead *lead);

/* withheld.c: fills the sets of a filter from the store, for some leads (array of StoredLead). */
gboolean filter_read(Filter *filter, Store *store, const GPtrArray *leads, GError **error);
gboolean filter_is_open(const Filter *filter); /* all may go to the owner as it is */
void filter_clear(Filter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filter, filter_clear)

#endif
