/*
 * Facts of records, as the matchers want them. Private to engine/run.
 */
#ifndef CROSSTRACE_RUN_FACTS_H
#define CROSSTRACE_RUN_FACTS_H

#include "engine/marker/marker.h"
#include "engine/run/image.h"

typedef struct {
    Pack *pack;         /* what was read, */
    Image *image;       /* what was known (NULL: nothing): they own every string below */
    GArray *firearms;   /* of Firearm, in reference order; none for a record of no firearm; NULL:
                         * shed */
    GArray *firearm_id; /* of gint64: the record number of each */
    GArray *mentions;   /* of guint, in reference order: where each lies, in the image or, from
                         * FACTS_FRESH on, in the pack */
    Sheet known, fresh; /* of image and pack */
} Facts;

#define FACTS_FRESH 0x80000000u

/* What all records say. keep: STORE.facts is left behind (where it can not be, nothing is lost). */
Facts *facts_read(Store *store, gboolean keep, GError **error);
/* What they say of firearms, mentions left out. */
Facts *facts_read_firearms(Store *store, GError **error);
/* What facts_read() gives, from STORE.facts (which is taken; NULL: there is none) and the records
 * that changed since; NULL without an error when it is of no use, or too much changed. */
Facts *facts_recall(Store *store, Image *image, GError **error);
/* What these records say, in their order, numbers left out. */
Facts *facts_of(const Record *const *records, guint n);

/* What records with these numbers (of gint64) say of firearms, mentions left out; see is called for
 * each of them, in the order of firearms, with its marking beside the rest. */
typedef void (*FactsSee)(const ScanRecord *record, gpointer data);
Facts *facts_read_some(Store *store, const GArray *ids, FactsSee see, gpointer data,
                       GError **error);
/* What revised records (of gint64) said when a run saw them; in their order. */
Facts *facts_read_former(Store *store, const GArray *ids, const StoreRun *since, GError **error);
/* What was read of STORE.facts so far is not asked for soon. */
void facts_rest(const Facts *facts);
/* Nobody matches firearms any more: of all records that lie in STORE.facts, their array is dropped,
 * and references and serials are those that lie there. */
void facts_shed(Facts *facts);
/* Did what was known stay what it was while it was read? STATUS_IO. */
gboolean facts_hold(const Facts *facts, GError **error);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/* Whether they were shed or not. */
const char *facts_firearm_ref(const Facts *facts, guint i);
const Serial *facts_firearm_serial(const Facts *facts, guint i);

static inline const Firearm *facts_firearm_at(const Facts *facts, guint i)
{
    return &g_array_index(facts->firearms, Firearm, i);
}

/* The mention at a place, what it names owned by the facts (its type is what PersonInput asks for);
 * the number of its record; all of them, when they are few: array of PersonMention. */
PersonMention facts_mention_at(gconstpointer facts, guint i);
gint64 facts_mention_id(const Facts *facts, guint i);
GArray *facts_mentions(const Facts *facts);

/* Place of an observation or a mention by its reference; -1: it is not there. */
int facts_firearm(const Facts *facts, const char *ref);
int facts_mention(const Facts *facts, const char *ref);

/* Texts and structured facts of a record (value by Field) for engine/marker; the texts borrow from
 * the values. texts has room for FACTS_TEXTS; returns how many were filled. */
#define FACTS_TEXTS 10
guint facts_texts(const char *const *value, MarkText *texts, MarkFacts *facts);

#endif
