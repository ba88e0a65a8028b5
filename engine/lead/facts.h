/*
 * The facts of a group of records that scoring and wording both need. Private to engine/lead; pure.
 */
#ifndef CROSSTRACE_LEAD_FACTS_H
#define CROSSTRACE_LEAD_FACTS_H

#include "engine/base/date.h"
#include "engine/lead/lead.h"

/* What one record of the group is. */
typedef struct {
    const Record *record;
    const LeadPerson *purchaser, *carrier; /* carrier: traveller or possessor */
    gboolean seizure, trace, canadian, ghost;
    gboolean in_canada;            /* the event */
    gboolean reported;             /* the event is a theft or loss: nobody found it there */
    gboolean us_bought, us_stolen; /* sold by a dealer in the US; taken from one before a sale */
    Day event, bought;             /* bought, or stolen */
    double dated;                  /* probability that the day of a theft is that of this firearm */
    guint firearm;                 /* index of the smallest record of the same firearm */
    double reach; /* probability that what it says belongs to the Canadian evidence */
} RecordFact;

typedef struct {
    guint n;
    RecordFact *records;
    guint firearms, seizures, traces, purchasers, dealers;
    gboolean has_canadian, has_us, has_ghost;
    gboolean theft; /* more of them were stolen from dealers than sold */
    Day first, last;
    int ttc_min;             /* days; -1: not known */
    const LeadPerson *buyer; /* who bought most of them; NULL when no one is named */
    guint bought;            /* firearms bought, by all buyers together */
    Day bought_first, bought_last;
    const RecordFact *deal; /* the purchase that the dealer is taken from */
} LeadFacts;

/* Facts borrow from the evidence. Free with lead_facts_clear. */
void lead_facts_init(LeadFacts *facts, const LeadEvidence *evidence, const LeadRules *rules,
                     const CodeTables *codes);
void lead_facts_clear(LeadFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LeadFacts, lead_facts_clear)

/* Did it leave the market in the US here, by sale or by theft? */
gboolean lead_left_market(const RecordFact *fact);
/* Is it one of those that the lead tells the origin of: the sales, or else the thefts? */
gboolean lead_is_deal(const LeadFacts *facts, const RecordFact *fact);
/* Days from the purchase or theft of a record to the first find of the same firearm on or after it;
 * -1. */
int lead_facts_ttc(const LeadFacts *facts, guint index);
/* The same, and of a theft on a day that nobody wrote down: days from the first find of what was
 * stolen from that dealer, since it was gone by then. */
int lead_facts_out(const LeadFacts *facts, guint index);
/* Was a firearm that somebody had bought listed as stolen, more than so many days before its next
 * find? */
gboolean lead_facts_robbed(const LeadFacts *facts, guint index, guint days);
/* An item is a firearm unless it says that it is something else: a slide, a magazine. */
gboolean lead_is_firearm(const Record *record);
/* Index of a record by reference, or -1. */
int lead_facts_find(const LeadFacts *facts, const char *ref);

#endif
