/*
 * One pair of mentions weighed by itself, for whoever asks why or how a decision would do: the same
 * stages as person_resolve(), with the blocking key that they share. For a few pairs the parameters
 * need not be read whole.
 */
#ifndef CROSSTRACE_RESOLUTION_PAIR_H
#define CROSSTRACE_RESOLUTION_PAIR_H

#include "engine/resolution/resolution.h"

/* What keeps two mentions apart whatever they are worth: of one list without doubles, two documents
 * of one kind, one character of a document, Jr against Sr, a person and an organisation, two lives.
 */
#define PERSON_CONFLICTS "list", "document", "document slip", "suffix", "organisation", "two lives"

/* One pair compared by the weights of a run, whatever blocking says of it. */
typedef struct {
    PersonResult *result;  /* one edge: entity and probability are not filled in */
    gboolean proposed;     /* do blocking keys bring the pair to comparison? */
    char *key[2];          /* by language: the blocking key shared, or the nearest; NULL: none */
    const char *conflict;  /* NULL, or why no cluster may hold both: PERSON_CONFLICTS; static */
    double accept, review; /* probabilities from which a pair joins, is shown */
} PersonPair;

/* With input->parameters the two mentions are enough; decisions are not looked at. Here and below
 * mentions are given as an array. */
PersonPair *person_pair(const PersonModel *model, const PersonInput *input, guint left,
                        guint right);
void person_pair_free(PersonPair *pair);

/* Two mentions that exclude each other. */
typedef struct {
    const char *conflict; /* as in PersonPair; NULL: none */
    guint left, right;    /* indices into the input */
} PersonConflict;

/* The first two, by reference, of two sides that exclude each other: what keeps two people apart
 * of whom a pair of mentions would do. side: by mention 1 or 2; 0: of neither. Needs
 * input->parameters; decisions are not looked at. */
PersonConflict person_conflict(const PersonModel *model, const PersonInput *input,
                               const guint8 *side);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonPair, person_pair_free)

/* The first of the mentions against each of the others, as person_pair() weighs two: log2 odds by
 * mention (g_free; 0 for the first). Needs input->parameters. */
double *person_weigh(const PersonModel *model, const PersonInput *input);

#endif
