/*
 * How a lead names things, in both languages: people, firearms, places, dealers, days, markers.
 * Private to engine/lead: text.c makes sentences of these, next.c steps and counter-evidence.
 */
#ifndef CROSSTRACE_LEAD_WORDS_H
#define CROSSTRACE_LEAD_WORDS_H

#include "engine/base/message.h"
#include "engine/lead/parts.h"

/* One firearm, by the record that tells best how it was found. */
typedef struct {
    guint n;
    const RecordFact **at; /* seizures first, then by day */
} Finds;

typedef struct {
    const LeadEvidence *evidence;
    const LeadFacts *facts;
    const CodeTables *codes;
    Lang lang;
    Finds bought; /* found in Canada, with a US purchase */
    Finds others; /* found in Canada, bought no one knows where */
} Words;

void words_init(Words *words, const LeadEvidence *evidence, const LeadFacts *facts,
                const CodeTables *codes, Lang lang);
void words_clear(Words *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

/* All g_free. A day or place that is not recorded is said to be so. */
char *words_day(const Words *words, Day day);
char *words_person(const Words *words, const LeadPerson *person);
/* The same; of a company or an agency that it is one. */
char *words_buyer(const Words *words, const LeadPerson *person);
char *words_firearms(const Words *words, guint n);
char *words_place(const Words *words, const Record *record);
/* The places of the finds, each once, in their order; the first `skip` finds left out, and places
 * that are among those of `but` (may be NULL). "" when none is left. */
char *words_places(const Words *words, const Finds *finds, guint skip, const Finds *but);
/* "GLOCK 19, serial ABC123"; what is not recorded is left out. */
char *words_item(const Words *words, const Record *record);
/* The same, and the number that it was traced by where that is another. */
char *words_traced_item(const Words *words, const RecordFact *fact);
/* "ACME GUNS, DAYTON OH (RDS 27112345)" */
char *words_dealer(const Words *words, const Record *record);
/* Up to two are named, of more the first and how many others there are. */
char *words_buyers(const Words *words);
char *words_dealers(const Words *words);
/* "privately made firearm, frame kit" of "PMF; PMF_KIT". */
char *words_markers(const Words *words, const char *markers);
/* The record of a US purchase of the same firearm whose number is written otherwise, or NULL. */
const Record *words_traced_as(const Words *words, const RecordFact *fact);

const LeadPerson *words_role(const Words *words, const char *role);

/* The way of each firearm; array of LeadPath. */
GPtrArray *lead_paths(const Words *words);

/* Next steps and counter-evidence, "; " between them; "" when nothing speaks against it. */
char *lead_next_step(const Words *words);
char *lead_counter(const Words *words);

#endif
