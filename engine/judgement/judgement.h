/*
 * What people decided: confirm, dismiss, join, split, suppress, work on a lead. A judgement is
 * keyed by what it is about, says on which evidence it was taken (seen.h), is never deleted (a
 * later one takes its place or takes it back), and is given to the matchers, rules and leads as
 * input. Every judgement is an entry of the audit chain.
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
    char *evidence_hash;                   /* filled in from evidence when there is one */
    char *time, *actor, *reason, *expires; /* expires: ISO date or "" */
    char *evidence; /* what was seen, one item a line (seen.h); NULL or "": not said */
    char *setting;  /* what was set with it, lines "name=value"; NULL or "": nothing */
    gint64 id;      /* set by reading: a later judgement has a larger one */
} Judgement;

void judgement_free(Judgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Judgement, judgement_free)

/* "link", "person", "lead", "rule"; "yes", "no", "unsure", "revoked"; static. */
const char *judgement_type_name(JudgementType type);
const char *verdict_name(Verdict verdict);

/* Adds one (left and right are put in order for pairs) and its audit entry, in the caller's
 * transaction. STATUS_USAGE when it is about nothing. */
gboolean judgement_add(Store *store, const Judgement *judgement, GError **error);

/* The decisions in force: for each (type, left, right) the latest, revoked ones left out, ordered
 * by (left, right); array of Judgement. */
GPtrArray *judgement_in_force(Store *store, JudgementType type, const char *as_of, GError **error);

/* The one in force about a pair, a lead (right NULL) or a rule and value; NULL without error when
 * there is none. */
Judgement *judgement_find(Store *store, JudgementType type, const char *left, const char *right,
                          const char *as_of, GError **error);

/* The one that gave a lead of the last run its status, perhaps under another id; NULL without error
 * when none did. */
Judgement *judgement_of_lead(Store *store, const char *lead_id, GError **error);

/* A value out of `setting`; NULL when it is not there; g_free. */
char *judgement_setting(const Judgement *judgement, const char *name);

/* What is decided of pairs (JUDGE_LINK, JUDGE_PERSON), yes or no, for the matchers and as labels
 * for the estimation: in force, about records that are there, and still holding. A dismissed link
 * holds until there is new evidence; a decision on persons holds as long as both mentions name
 * the people that were seen. Array of Judgement ordered by (left, right). */
GPtrArray *judgement_labels(Store *store, JudgementType type, const char *as_of, GError **error);

/* Why a decision on a pair cannot stand beside those in force: "'A' and 'B' are decided to be
 * ..."; NULL without error when it can; g_free. Decisions are transitive; one firearm was seized
 * once. */
char *judgement_contradiction(Store *store, const Judgement *judgement, const char *as_of,
                              GError **error);

/* Takes a decision as a person does, in a transaction of its own: looked up, checked against those
 * in force, kept with what was seen. STATUS_NO_INPUT when it is about nothing that is there, or
 * takes back what was not decided; STATUS_USAGE when it contradicts. */
gboolean judgement_decide(Store *store, const Judgement *judgement, GError **error);

/* What is set on a lead: NULL stays as it is, "" is cleared. */
typedef struct {
    const char *status, *owner, *due, *outcome, *note;
} LeadSetting;

/* The same for a lead of the last run; its verdict follows from outcome and status. */
gboolean judgement_set_lead(Store *store, const char *lead_id, const LeadSetting *set,
                            const char *as_of, GError **error);
gboolean judgement_withdraw_lead(Store *store, const char *lead_id, const char *as_of,
                                 GError **error);

/* Gives each lead of the last run the status, owner, due date, outcome and note that people
 * decided, and no others: the last step of a run, and of `leads set`, in their transaction. A
 * judgement follows its records when its lead is gone or was merged; what was dismissed or closed
 * is open again where a lead holds evidence that was not seen. */
gboolean judgement_settle_leads(Store *store, const char *as_of, GError **error);

/* What people decided on leads, to be asked of any part of one. */
typedef struct LeadDecisions LeadDecisions;
LeadDecisions *lead_decisions_read(Store *store, const char *as_of, GError **error);
void lead_decisions_free(LeadDecisions *decisions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeadDecisions, lead_decisions_free)
/* The last decision that was taken on all of these items (of char *, seen_item()); borrowed. NULL:
 * something of them is new to everybody who decided, or there are none. */
const Judgement *lead_decisions_find(const LeadDecisions *decisions, const GPtrArray *items);

/* Rules that people silenced for a value. */
typedef struct Suppressions Suppressions;
Suppressions *suppressions_read(Store *store, const char *as_of, GError **error);
void suppressions_free(Suppressions *suppressions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suppressions, suppressions_free)
/* Is what a rule says of a subject and record silenced? The value is the record, the subject or a
 * word of it; a mention stands for its person, a record for its firearm. */
gboolean suppressions_hold(const Suppressions *suppressions, const char *rule, const char *subject,
                           const char *record);

/* A text that changes with every judgement that is added, and with the day on which one expires;
 * g_free. */
char *judgement_state(Store *store, const char *as_of, GError **error);

#endif
