/*
 * `find`: an ad-hoc question (a serial in any notation, a person, a licence ...) answered from the
 * store by the same code that correlates, ranked, with its reasons. To add a kind: KIND.c
 * with one run function, and a line in the table of find.c.
 */
#ifndef CROSSTRACE_FIND_FIND_H
#define CROSSTRACE_FIND_FIND_H

#include "engine/base/date.h"
#include "engine/base/rows.h"
#include "engine/base/terms.h"
#include "engine/base/text.h"
#include "engine/lookup/lookup.h"
#include "engine/person/person.h"
#include "engine/store/store.h"

/* Observations of records, as a run reads them. */
typedef struct {
    char *handling;
    gboolean confidential; /* of a confidential source: never shown */
} FindRecord;
typedef struct {
    GArray *firearms; /* of Firearm; borrowed from owner */
    GArray *records;  /* of FindRecord, in the same order */
    gpointer owner;
    GDestroyNotify free_owner;
} FindFacts;

void find_facts_init(FindFacts *facts, GDestroyNotify free_owner);
void find_facts_clear(FindFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FindFacts, find_facts_clear)

/* Who knows how records become observations (engine/run) hands this in. */
typedef struct {
    const FirearmModel *model;
    /* What the records with these numbers (of gint64) say of firearms. */
    gboolean (*read)(Store *store, const GArray *ids, FindFacts *facts, GError **error);
    /* An index over all records, by the parameters of the last run. */
    FirearmIndex *(*build)(Store *store, const FirearmModel *model, GError **error);
} FindReader;

/* How STORE.words is made when a question finds none that serves. */
typedef struct {
    const char *rules;              /* where the model of people is read when it is needed */
    const PersonModel *people;      /* if it was read already, else NULL */
    void (*waiting)(gpointer data); /* called before what takes long; or NULL */
    gpointer data;
    gboolean weights; /* one serves only with the weights of the last run */
} FindWords;

/* What narrows every question; NULL and DAY_NONE leave it open. Makes and calibres are canonical.
 */
typedef struct {
    const char *make, *model, *calibre;
    const char *source; /* kind of record: cbsa-seizure, atf-trace ... */
    Day from, to;       /* of the event, or of the purchase where there is none; both included */
    guint limit;        /* rows a pattern at most; 0: all */
    Lang lang;
    const Terms *terms; /* its words for evidence; NULL: codes, as in English */
    Day dob;            /* of a person; DAY_NONE */
    FindWords words;    /* its people: for kinds that weigh people, else NULL */
    const FindReader *reader;
} FindRequest;

/* Why an answer is one, in the language of the request; g_free. */
char *find_explanation(const Evidence *evidence, const FindRequest *request);

/* What became of the answers. */
typedef struct {
    guint64 rows, cut;  /* sent; beyond the limit */
    gboolean more;      /* and others that were not counted */
    gboolean unweighed; /* too many fit: some were not looked at */
    gboolean modelled;  /* a record had the model that is asked for */
    GPtrArray *notes;   /* of char *: how patterns were read that are no plain value; or NULL */
} FindCount;

/* Is there anything of the source that the question names? STATUS_USAGE, with those that are. */
gboolean find_source_check(Store *store, const FindRequest *request, GError **error);
/* What the question names that no record has, and what is nearest to it: a sentence, g_free; NULL:
 * all is known. Goes through the records: for questions that met no such record. */
gboolean find_unknown(Store *store, const FindRequest *request, char **text, GError **error);

/* The columns of every kind, so that many patterns and kinds make one table. */
#define FIND_COLUMNS 11
extern const Column find_columns[FIND_COLUMNS];

typedef struct {
    const char *name; /* serial, person, ffl, plate, address, text */
    const char *help; /* what the pattern looks like */
    /* Sends the rows that answer one pattern, best first; the sink was begun and is ended by the
     * caller. A pattern that says nothing is STATUS_USAGE. */
    gboolean (*run)(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                    FindCount *count, GError **error);
    gboolean people; /* weighs people: their birth date narrows it */
} FindKind;

const FindKind *find_kinds(void); /* ends with name NULL */

#endif
