/*
 * How common something is in the store: the denominators of the likelihood ratios. Reads the
 * counts of a parameter set, with smoothing for what was not seen.
 */
#ifndef CROSSTRACE_POPULATION_POPULATION_H
#define CROSSTRACE_POPULATION_POPULATION_H

#include "engine/population/estimated.h"

/* An observation as numbers: ids of its values (0: not recorded), keys of its references. */
typedef struct {
    guint make, importer, owner, model, calibre, type, country, event_country, event_region;
    guint64 trace_no, duplicate_of, seizure_no, case_no, occurrence_no;
    guint item;  /* of the seizure: its own, or the one that a trace's case number names; 0: none */
    guint8 kind; /* of the serial: SerialKind */
} Facts;

typedef struct Population Population;

/* Both arguments are borrowed; makes and models that the parameters do not know get numbers of
 * their own. */
Population *population_new(const FirearmParameters *parameters, const Firearm *firearms, guint n);
/* The same with facts of others behind them, from n on: what some of them said before. They are
 * read as if they were said now, and are items of nothing. */
Population *population_with_former(const FirearmParameters *parameters, const Firearm *firearms,
                                   guint n, const Firearm *former, guint n_former);
void population_free(Population *population);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Population, population_free)

const Facts *population_facts(const Population *population, guint firearm);
const FirearmParameters *population_parameters(const Population *population);
/* Trace-side firearms, repeated traces once, when the set was estimated */
guint population_firearms(const Population *population);

/* Key of a reference number: letters and digits only; 0 when there are none. */
guint64 reference_key(const char *text);
/* A case number as another agency writes it, "CBSA 4531-23-0147/1", as one that is known: without
 * the words before it, without the item behind it (stored in item), or without both; else as it
 * stands. */
typedef gboolean (*ReferenceKnown)(guint64 key, gconstpointer data);
guint64 reference_known(const char *text, ReferenceKnown known, gconstpointer data, guint *item);
/* Is there no other way to read it? */
gboolean reference_is_whole(const char *text);
/* The item behind the last mark of a reference, or 0. */
guint reference_item(const char *text, gsize *length);
/* Seizure items under a seizure or occurrence number. */
guint population_items(const Population *population, guint64 number);

typedef enum { SHARE_MAKE, SHARE_MODEL, SHARE_CALIBRE, SHARE_TYPE, SHARE_ORIGIN, SHARES } Share;
/* Share of firearms with this value among those of the make (and model); 0 leaves them open. */
double population_share(const Population *population, Share what, guint value, guint make,
                        guint model);

/* The same among those of the make whose serials are of one shape and begin alike: makers give
 * models runs of their own. Not less than the make's share. */
double population_run_share(const Population *population, Share what, guint value, guint make,
                            const Codes *codes);

/* Probability that another firearm of this make (0: any) bears this serial. */
double population_serial(const Population *population, const Codes *codes, guint make);
/* Has the memory fetched that population_serial() will ask for: it lies anywhere. */
void population_expect(const Population *population, const Codes *codes, guint make);
/* Probability that another firearm of this make is recorded so: read right, or damaged once. */
double population_recorded(const Population *population, const Codes *codes, guint make);
/* Probability that another firearm of this make (0: any) bears a serial that a pattern fits: for a
 * closed one no less than all that fits it together. */
double population_fragment(const Population *population, const Serial *pattern, guint make);
/* Trace-side firearms of a make (0: any) whose numbers were counted. */
guint population_of_make(const Population *population, guint make);
/* Share of seizures of a known make whose number cannot be used: nearly none of it was read. */
double population_unread(const Population *population);
/* Seizure-side firearms of a make. */
guint population_seized(const Population *population, guint make);

/* Counts of a set, with start rates: everything but what needs links. counted (NULL: not asked
 * for): what population_new() would give of it and the same observations; the caller's. */
FirearmParameters *firearm_set_count(const FirearmModel *model, const Firearm *firearms, guint n,
                                     Population **counted);

/* Keys of its counter: of a value and of its context, of firearms of a make, of the kinds of
 * characters of a serial (with its characters mixed in, of a beginning). */
guint64 share_key(Share what, guint value, guint make, guint model);
guint64 context_key(Share what, guint make, guint model);
guint64 make_key(guint make, gboolean seized);
guint64 unread_key(void);
/* Two keys of how a serial begins, the second says more; value 0: of the context. */
#define RUN_STARTS 2u
guint64 start_key(Share what, guint value, guint make, const Codes *codes, guint which);
guint64 shape_key(const Codes *codes, guint make);
/* Makes that have given a number of at most so many digits and no letter; 0: it is none. */
guint64 makes_key(const Codes *codes, guint most);

#endif
