/*
 * What people decided: confirm, dismiss, join, split, suppress. A judgement is keyed by what it is
 * about and by the hash of the evidence it was taken on, is never deleted (a later one revokes
 * it), and is given to the matchers as input. Every judgement is an entry of the audit chain.
 */
#ifndef CROSSTRACE_JUDGEMENT_JUDGEMENT_H
#define CROSSTRACE_JUDGEMENT_JUDGEMENT_H

#include "engine/store/store.h"

typedef enum {
    JUDGE_LINK,   /* left and right are observations: same firearm or not */
    JUDGE_PERSON, /* left and right are mentions: same person or not */
    JUDGE_LEAD,   /* left is a lead id */
    JUDGE_RULE,   /* left is a rule id, right a value: suppressed for it */
} JudgementType;

typedef enum { VERDICT_YES, VERDICT_NO, VERDICT_UNSURE, VERDICT_REVOKED } Verdict;

typedef struct {
    JudgementType type;
    Verdict verdict;
    char *left, *right;
    char *evidence_hash;                   /* of the evidence that was seen; "" when none */
    char *time, *actor, *reason, *expires; /* expires: ISO date or "" */
} Judgement;

void judgement_free(Judgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Judgement, judgement_free)

/* Adds one (left and right are put in order for pairs) and its audit entry, in the caller's
 * transaction. */
gboolean judgement_add(Store *store, const Judgement *judgement, GError **error);

/* The decisions in force: for each (type, left, right) the latest, revoked ones left out, ordered
 * by (left, right); array of Judgement. */
GPtrArray *judgement_in_force(Store *store, JudgementType type, const char *as_of, GError **error);

/* A text that changes with every judgement that is added; g_free. */
char *judgement_state(Store *store, GError **error);

#endif
