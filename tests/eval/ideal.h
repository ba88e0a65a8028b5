/* What the ideal observer reads of a world; see ideal.c. */
#ifndef TESTS_EVAL_IDEAL_H
#define TESTS_EVAL_IDEAL_H

#include "engine/base/date.h"

enum { MODELS_MOST = 64 };

/* A seizure item or a trace. Of strings that are not recorded: "". */
typedef struct {
    char *ref, *number, *text;       /* seizure or trace number; serial as written */
    char *paper;                     /* trace that an item names; case number of a trace */
    char *place;                     /* city and province; "" outside Canada */
    gboolean removed;                /* the serial was */
    Day day;                         /* of seizure or recovery */
    double description[MODELS_MOST]; /* item: P(make, model, calibre, type | i-th model);
                                      * trace: P(i-th model | those) */
    const char *model;               /* of a trace: the most probable one's name */
} Seen;

/* Arrays of Seen*, freed with g_ptr_array_unref. errors: scale of the channel. */
GPtrArray *ideal_items(const char *world, double errors);
GPtrArray *ideal_traces(const char *world, double errors);

#endif
