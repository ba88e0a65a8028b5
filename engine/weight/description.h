/*
 * What the descriptions of two firearms (make, model, calibre, type, origin) say of each other, and
 * what that is worth at most.
 */
#ifndef CROSSTRACE_WEIGHT_DESCRIPTION_H
#define CROSSTRACE_WEIGHT_DESCRIPTION_H

#include "engine/weight/judge.h"

/* What two descriptions say of each other, field by field. */
typedef enum {
    SAID_MAKE_EQUAL,
    SAID_MAKE_IMPORTER,
    SAID_MAKE_DIFFERS,
    SAID_MODEL_EQUAL,
    SAID_MODEL_SIMILAR,
    SAID_MODEL_DIFFERS,
    SAID_CALIBRE_EQUAL,
    SAID_CALIBRE_DIFFERS,
    SAID_TYPE_EQUAL,
    SAID_TYPE_DIFFERS,
    SAID_ORIGIN_EQUAL,
    SAID_ORIGIN_DIFFERS,
    SAID_LEVELS,
    SAID_NONE = SAID_LEVELS, /* one of them says nothing */
} Said;
#define SAID_FIELDS (2 + CODES)
double *said_rate(FirearmModel *model, Said said);
gboolean said_same_field(Said a, Said b);

/* What the descriptions of a pair say; and bits of that alone. */
void judge_said(const Judge *judge, guint a, guint b, guint8 said[SAID_FIELDS]);
double judge_description(const Judge *judge, guint a, guint b, Evidence *evidence);
/* Both name a model, and neither can be the other's. */
gboolean judge_models_differ(const Judge *judge, guint a, guint b);
/* What makes are to each other: known and different, one not known, of one maker. */
enum { MAKERS_DIFFER, MAKERS_OPEN, MAKERS_ONE, MAKERS };
/* What the description of a seizure can give at most, by that and by whether the models are the
 * same; and of all. */
typedef struct {
    double most[MAKERS][2], all;
} Described;
Described judge_most_described(const Judge *judge, guint a);
/* What it can give beside one trace: no less than judge_description(). */
double judge_described(const Judge *judge, const Described *described, guint a, guint b);

/* The make that both are recorded of; 0: there is none. */
guint judge_common_make(const Judge *judge, guint a, guint b);
/* A number of few digits and nothing else, as far as it was read. */
gboolean judge_is_short(const Judge *judge, guint a);

#endif
