/*
 * Facts of every record, as the matchers want them: one pass over the store, strings interned, so
 * that a million records fit in memory. Private to engine/run.
 */
#ifndef CROSSTRACE_RUN_FACTS_H
#define CROSSTRACE_RUN_FACTS_H

#include "engine/firearm/firearm.h"
#include "engine/marker/marker.h"
#include "engine/person/person.h"
#include "engine/store/store.h"

typedef struct {
    GStringChunk *strings; /* owns every string below */
    GArray *firearms;      /* of Firearm, in reference order */
    GArray *mentions;      /* of PersonMention, in reference order of their records */
    GHashTable *seizures;  /* seizure number -> group number */
    guint64 records;
} Facts;

Facts *facts_new(void);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/* Adds what a record says about its firearm and its people. */
void facts_add(Facts *facts, const Record *record);

/* Texts and structured facts of a record for engine/marker; the texts borrow from the record.
 * texts has room for FACTS_TEXTS; returns how many were filled. */
#define FACTS_TEXTS 10
guint facts_texts(const Record *record, MarkText *texts, MarkFacts *facts);

#endif
