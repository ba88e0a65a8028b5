/*
 * One pair weighed outside of a run, for `why`: two observations (pair.c), two mentions
 * (pair_people.c). Private to engine/run.
 */
#ifndef CROSSTRACE_RUN_PAIR_H
#define CROSSTRACE_RUN_PAIR_H

#include "engine/run/run.h"

/* What the last run worked with. STATUS_NO_INPUT: there was none. */
gboolean pair_parameters(Store *store, ParameterSet *set, GError **error);

/* FALSE: STATUS_NO_INPUT, there is no such record or mention. */
gboolean pair_missing(const char *ref, GError **error);

/* Weighs two mentions and seeks what keeps them apart, or the people that they are held to be. */
gboolean pair_people(Store *store, const char *const refs[2], WhyWeighed *out, const Rules *rules,
                     GError **error);

#endif
