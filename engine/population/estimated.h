/*
 * What stands in a parameter set (parameters.h is what others do with it): the rates of the model
 * as estimated, and the counts behind population.h. One table from hashed (what, value, context) to
 * a count; values are numbered by their place in the sorted lists of names, so that a set that was
 * read back counts the same.
 */
#ifndef CROSSTRACE_POPULATION_ESTIMATED_H
#define CROSSTRACE_POPULATION_ESTIMATED_H

#include "engine/firearm/model.h"
#include "engine/population/fragment.h"
#include "engine/population/parameters.h"

/* Characters at the end of a serial that are free in any run; one that has no others is none of a
 * run, and counts as it stands. */
#define FREE_END 3u
static inline guint free_end(guint length)
{
    return length > FREE_END ? FREE_END : 0;
}

/* Of serials of one make: characters at each place from the right end; first how many, then
 * their share among those of their kind. */
typedef struct {
    float share[FREE_END][36];
} Tail;

/* Distinct texts; an id is the place in sorted order, + 1. */
typedef struct {
    GHashTable *ids;
    GPtrArray *texts;
} Names;

/* Texts that stand at one place are one text: those last seen, with what was found for them. */
#define RECENT 4096u
typedef struct {
    const char *text, *beside; /* of a model, its make or ""; else NULL */
    guint id;
} Recent;

static inline Recent *recent_of(Recent *recent, const char *text, const char *beside)
{
    return &recent[mix((guint64)(gsize)text, (guint64)(gsize)beside) % RECENT];
}

static inline gboolean recent_is(const Recent *recent, const char *text, const char *beside)
{
    return recent->text == text && recent->beside == beside;
}

struct FirearmParameters {
    FirearmModel rates;
    guint traces, seizures, firearms; /* firearms: of the traces */
    Names makes, values;
    Counter counter;
    Fragments *fragments;
    GArray *tail; /* of Tail, by make */
};

/* An empty set with the rates of a model. */
FirearmParameters *firearm_set_new(const FirearmModel *model);

/* Adds a text unless it is there; ids hold when the set is whole. */
void names_add(Names *names, const char *text);
guint names_find(const Names *names, const char *text); /* 0: not there */

/* The text of a set without its counts, which firearm_parameters_read() reads too; g_free. */
char *parameters_head(const FirearmParameters *parameters);

/* A value that was recorded: neither empty nor UNKNOWN. */
gboolean is_recorded(const char *text);

#endif
