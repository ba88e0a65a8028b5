/*
 * Shared values inside engine/graph: what two records may have in common (a case number, an
 * address, a plate, an entity), each value numbered once, each (value, record) kept as an entry.
 * Records are numbered in reference order, so that the smaller number is the smaller reference.
 */
#ifndef CROSSTRACE_GRAPH_KEYS_H
#define CROSSTRACE_GRAPH_KEYS_H

#include "engine/base/date.h"
#include "engine/base/dict.h"
#include "engine/graph/graph.h"
#include "engine/store/runs.h"
#include "engine/store/shared.h"

typedef enum {
    KEY_SEIZURE,      /* one seizure's own number, where it is too short to be quoted */
    KEY_CASE,         /* seizure or occurrence number, wherever it is written */
    KEY_AGENCY_CASE,  /* case number of one requesting agency */
    KEY_ADDRESS,      /* address key of a mention */
    KEY_VEHICLE,      /* plate and region */
    KEY_TRACKING,     /* tracking number of a parcel */
    KEY_CONSIGNEE,    /* entity of a consignee */
    KEY_PERSON,       /* entity of a human being */
    KEY_ORGANISATION, /* entity of an organisation */
    KEY_TYPES
} KeyType;

typedef struct {
    guint32 value : 31;
    guint32 anchor : 1; /* the value is the record's own, not only quoted */
    guint32 record;
    Day day; /* when the value was the record's: a purchase or the event; DAY_NONE */
    float weight;
} KeyEntry;

typedef struct {
    GStringChunk *text;
    const GArray *ids; /* of gint64: numbers of the records in reference order, borrowed */
    guint32 *place;    /* by number of a record: its place in that order */
    GPtrArray *refs;   /* of const char *, by place */
    Day *event, *bought;
    GPtrArray *values;   /* of const char *: the value without its type */
    GArray *types;       /* of guint8: KeyType of each value */
    Dict number;         /* type and value -> number of the value + 1 */
    GArray *entries;     /* of KeyEntry; those of one value and record one after the other */
    GArray *shared;      /* of SharedValue: the groups of all but entities */
    GPtrArray *entities; /* of const char *: of the records, where they are not all */
} Keys;

/* For these records. */
Keys *keys_new(const GArray *ids);
void keys_free(Keys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keys, keys_free)

/* Frees what only collecting and making edges need; values and references stay. */
void keys_shed(Keys *keys);

/* The kind of edge that a key makes. */
const char *key_edge(KeyType type);

/* Values that are looked at together: those of one plate, those of one entity, else each by
 * itself. A number made of the kind of edge that they make and of what they begin with. */
guint64 keys_group(const char *edge, const char *value);

/* Collects every key of the records, which are all of the store, with the persons that a run found
 * (NULL: those that are stored), or, with only (a set of groups), of these the keys of those
 * groups.
 */
gboolean keys_collect(Keys *keys, Store *store, const Findings *found, GError **error);
gboolean keys_collect_some(Keys *keys, Store *store, GHashTable *only, GError **error);
/* The groups of all but entities that revised records were of when a run saw them. */
gboolean keys_collect_former(Keys *keys, Store *store, const StoreRun *since, GError **error);

/* Place of a record, or -1. */
gint64 keys_find_record(const Keys *keys, const char *ref);

#endif
