/*
 * Candidate search over distinct serials ("forms", told apart by forms.c), complete for every tier:
 * index.c finds full serials near one, fit.c finds what fits a pattern. Both only propose what
 * tier.c accepts.
 */
#ifndef CROSSTRACE_FIREARM_INDEX_H
#define CROSSTRACE_FIREARM_INDEX_H

#include "engine/base/sums.h"
#include "engine/firearm/tier.h"

#define NO_FORM G_MAXUINT

typedef struct {
    const Serial *serial; /* borrowed from an observation */
    gboolean full;
} Form;

/* The distinct serials of a list of observations, and who bears them. */
typedef struct {
    Form *form;
    guint n;
    guint *of;     /* by place in the list: its form, or NO_FORM when nothing was read */
    guint *first;  /* n + 1 places in member */
    guint *member; /* places in the list, grouped by form */
} Forms;

void forms_build(Forms *forms, const Firearm *firearms, const guint *list, guint n);
void forms_clear(Forms *forms);

/* What is behind a share of all hashes. */
typedef struct {
    guint32 start;  /* in entry */
    guint32 filter; /* a bit for each key: turns most misses away */
} Bucket;

/* Full serials under the hashes of what remains of them without a character, of their ends and of
 * their NCIC form. All of it is flat, so that it can stand in a file. */
typedef struct SerialIndex {
    guint32 n, bucket_bits, id_bits; /* serials; bits of a hash; bits of an entry that name one */
    const guint32 *at;               /* n + 1 places in text */
    const guint8 *text;              /* codes */
    const Bucket *bucket;            /* 2^bucket_bits + 1 */
    const guint32 *entry;            /* more bits of the hash, and the serial */
    guint32 text_size, entries;      /* of both: a file can be damaged */
    guint64 seen[SERIAL_MAX + 1][SERIAL_MAX]; /* characters, by length and place */
    gboolean owned;
    Sums *sums; /* of the file that all this lies in; NULL: it lies in memory */
} SerialIndex;

/* Takes n + 1 places in text, and text, of codes; those without any are never found. Built by two
 * threads. */
SerialIndex *index_of_codes(guint n, guint32 *at, guint8 *text);
/* Of codes that are given by number. */
typedef void (*CodesAt)(guint number, Codes *codes, gconstpointer data);
SerialIndex *index_new(guint n, CodesAt codes_at, gconstpointer data);
SerialIndex *index_of_forms(const Forms *forms);
void index_free(SerialIndex *index);

typedef enum {
    FIND_EQUAL = 1, /* S1, S1n */
    FIND_ONE = 2,   /* S2 and S4 by one edit, a lost end, or, if short, look-alikes */
    FIND_TWO = 4,   /* S2 and S2b by two edits */
} FindWhat;

typedef struct {
    guint form;
    Tier tier;
} Near;

/* One asker of an index; one a thread. */
typedef struct Probe Probe;
Probe *probe_new(const SerialIndex *index, const FirearmModel *model);
void probe_free(Probe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Probe, probe_free)
/* All serials for which one of these tiers holds, each once; the array is the probe's own and
 * holds until it is asked again. */
const Near *probe_find(Probe *probe, const Codes *codes, guint what, guint *n);

/* What fits a pattern (S3): full serials, and unless full_only patterns too. */
typedef struct Fit Fit;
Fit *fit_new(const Forms *forms, gboolean full_only);
void fit_free(Fit *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fit, fit_free)
/* All forms that a pattern (not a full serial) fits, in fits (of guint), which is emptied first;
 * scratch: of guint64. */
void fit_find(const Fit *fit, const Serial *pattern, GArray *scratch, GArray *fits);
/* All forms that are patterns and fit a serial of any kind. */
void fit_find_patterns(const Fit *fit, const Serial *serial, GArray *scratch, GArray *fits);

#endif
