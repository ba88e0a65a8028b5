/*
 * Shared values inside engine/graph: what two records may have in common (a case number, an
 * address, a plate, an entity), each value numbered once, each (value, record) kept as an entry.
 * Records are numbered in reference order, so that the smaller number is the smaller reference.
 */
#ifndef CROSSTRACE_GRAPH_KEYS_H
#define CROSSTRACE_GRAPH_KEYS_H

#include "engine/base/date.h"
#include "engine/graph/graph.h"

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
    guint32 value, record;
    Day from, until; /* when the value was the record's: a purchase or the event; DAY_NONE */
    float weight;
    gboolean anchor; /* the value is the record's own, not only quoted */
} KeyEntry;

typedef struct {
    GStringChunk *text;
    GPtrArray *refs;    /* of const char *, in reference order */
    GArray *days;       /* of Day: the record's event */
    GArray *bought;     /* of Day: its purchase */
    GPtrArray *values;  /* of const char *: the value without its type */
    GArray *types;      /* of guint8: KeyType of each value */
    GHashTable *number; /* type and value -> number of the value + 1 */
    GArray *entries;    /* of KeyEntry, records ascending within each type */
} Keys;

Keys *keys_new(void);
void keys_free(Keys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keys, keys_free)

/* Every key that lies in the records themselves; before the keys of their people. */
gboolean keys_collect_records(Keys *keys, Store *store, GError **error);
/* Doors of people, and resolved entities of probability 0.9 and more. */
gboolean keys_collect_people(Keys *keys, Store *store, GError **error);

/* Number of a record, or -1. */
gint64 keys_find_record(const Keys *keys, const char *ref);

#endif
