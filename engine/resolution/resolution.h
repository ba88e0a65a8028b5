/*
 * engine/resolution answers: which person mentions are the same human being, how sure, and why?
 * Fellegi-Sunter over surname, given name, birth date, address, phone, document. Pure memory.
 * The flow: mentions are made ready (comparison/prepare.c folds values and drops placeholders),
 * blocking/ proposes pairs, comparison/ gives levels and bits (rules/person.ini), clustering/ joins
 * under constraints. All that is estimated is one object, PersonParameters.
 */
#ifndef CROSSTRACE_RESOLUTION_RESOLUTION_H
#define CROSSTRACE_RESOLUTION_RESOLUTION_H

#include "engine/base/evidence.h"
#include "engine/resolution/kept.h"
#include "engine/resolution/parameters.h"

/* Two mentions compared and held to be (or reviewed as) the same person. */
typedef struct {
    guint left, right; /* indices into the input, left < right by ref */
    double bits;
    double probability;
    guint note; /* number of what person_edge_evidence() needs */
} PersonEdge;

typedef struct PersonNotes PersonNotes;
typedef struct {
    guint left, right;
    gboolean same; /* TRUE: must be one entity; FALSE: must not */
} PersonDecision;

/* What is to be resolved. All pointers are borrowed. */
typedef struct {
    const PersonMention *mentions; /* NULL: each is asked for, from any thread; its texts stay */
    PersonMention (*mention_at)(gconstpointer data, guint i);
    gconstpointer mention_data;
    guint n;
    const PersonDecision *decisions;
    guint n_decisions;
    const PersonParameters *parameters; /* NULL: estimated from these mentions */
    const guint *dirty; /* mentions new, changed or newly decided on; NULL: resolve everything */
    guint n_dirty;
    const PersonMention *former; /* with dirty: what mentions were that are others now, or gone */
    guint n_former;
    /* NULL: all are prepared. Else they come in the order of their references, and parameters are
     * given. */
    const PersonKept *kept;
} PersonInput;

typedef struct {
    guint n;             /* mentions */
    guint *entity;       /* for each mention the index of its entity's smallest mention by ref */
    double *probability; /* for each mention that of its weakest accepted edge; 1 if alone */
    gboolean *resolved;  /* was looked at: all of them unless PersonInput.dirty was given. Of the
                          * others nothing has changed, and entity and probability are unset */
    GArray *edges;       /* of PersonEdge: accepted and review band, sorted by (left, right) */
    GPtrArray *skipped; /* of char *: crowds so alike that they were not compared with each other */
    guint64 compared;   /* pairs */
    PersonNotes *notes;
} PersonResult;

/* The mention at a place of the input. */
PersonMention person_input_mention(const PersonInput *input, guint i);

/* Mentions -> entities and edges. The order of the input changes nothing but the indices; with
 * `dirty`, what is resolved is exactly what resolving everything gives. */
PersonResult *person_resolve(const PersonModel *model, const PersonInput *input);
void person_result_free(PersonResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonResult, person_result_free)

/* Every term of an edge, prior included; they add up to its bits. New; the mentions that were
 * given to person_resolve() must still be there. */
Evidence *person_edge_evidence(const PersonResult *result, guint edge);

#endif
