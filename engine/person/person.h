/*
 * engine/person answers: which person mentions are the same human being, how sure, and why?
 * Fellegi-Sunter over surname, given name, birth date, address, phone, document. Pure memory.
 * Sex, race, ethnicity, citizenship are no members of PersonMention and never will be.
 * The flow: prepare.c folds values and drops placeholders, block.c proposes pairs, compare.c
 * gives levels and bits (rules/person.ini), cluster.c joins under constraints. All that is
 * estimated is one object, PersonParameters: given the same one, what is found for a person rests
 * on the mentions near that person alone.
 */
#ifndef CROSSTRACE_PERSON_PERSON_H
#define CROSSTRACE_PERSON_PERSON_H

#include "engine/base/date.h"
#include "engine/base/evidence.h"
#include "engine/person/name.h"

/* One mention of a person in a record. Strings are borrowed; NULL when not recorded. */
typedef struct {
    const char *ref;       /* "atf-trace:T20230123456:purchaser" */
    const char *record;    /* reference of its record */
    const char *role;      /* purchaser, possessor, associate, traveller, shipper, consignee */
    const char *group;     /* mentions of one seizure with the same cells are one person; or NULL */
    const char *list;      /* mentions of one list are all different people; or NULL */
    gboolean organisation; /* never merged with a person */
    const char *last, *first, *middle, *suffix;
    Day dob; /* or what is written of it: birth.h */
    const char *street, *city, *region, *postal, *country;
    const char *phone;
    const char *doc_type, *doc_no, *doc_issuer;
} PersonMention;

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

/* RULES/person.ini and its tables (nicknames, placeholders). STATUS_CONFIG when broken. */
PersonModel *person_model_load(const char *rules_dir, GError **error);
void person_model_free(PersonModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonModel, person_model_free)

/* What is estimated without labels: m and u of every level, the prior, how many people share a
 * value (values as hashes), which blocks are too large. */
typedef struct PersonParameters PersonParameters;

PersonParameters *person_parameters_estimate(const PersonModel *model,
                                             const PersonMention *mentions, guint n);
/* As lines of text, and back: nothing is lost. STATUS_DATA when it is no such text, or one for
 * other fields and levels. */
char *person_parameters_write(const PersonParameters *parameters);
PersonParameters *person_parameters_read(const char *text, GError **error);
void person_parameters_free(PersonParameters *parameters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonParameters, person_parameters_free)

/* Shifts the log2 odds that two mentions are of one person by so many bits. */
void person_parameters_shift(PersonParameters *parameters, double bits);

/* One weight: P(level | same person), P(level | two people), log2 of their ratio. */
typedef struct {
    const char *field, *level;
    double m, u, bits;
} PersonWeight;

/* All, by field and level, the prior last (field "prior", level "matches"); g_free. */
PersonWeight *person_parameters_weights(const PersonParameters *parameters, guint *n);

typedef struct PersonKept PersonKept; /* roll.h */
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
