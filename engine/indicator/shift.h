/*
 * Private to engine/indicator: rules on their way, and who asks them.
 */
#ifndef CROSSTRACE_INDICATOR_SHIFT_H
#define CROSSTRACE_INDICATOR_SHIFT_H

#include "engine/indicator/former.h"
#include "engine/indicator/indicator.h"

typedef struct Shift Shift;

/* Who will ask rules of what is shown; on another thread too, when there may be two. It points to
 * what the run points to, and not to the run. NULL with error: what is silenced, or the copies,
 * could not be read. */
Shift *shift_new(const Indicators *indicators, const IndicatorRun *run, gboolean two,
                 GError **error);
/* Ends it, whatever was asked by then; NULL is none. */
void shift_free(Shift *shift);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shift, shift_free)

/* One rule more; anywhere: copies alone answer it. */
void shift_add(Shift *shift, const Indicator *rule, gboolean anywhere);
/* Adds the rules, on the thread that asks them first; reads nothing but copies. */
typedef void (*ShiftPlan)(Shift *shift, gpointer data);
/* Begins to ask the rules that were added, or that the plan (NULL: none) adds. */
void shift_go(Shift *shift, ShiftPlan plan, gpointer data);
/* Until the plan is done: nothing is to be changed before that on which it rests. */
void shift_await_plan(Shift *shift);

gboolean shift_has_two(const Shift *shift);
/* Has every rule been asked? */
gboolean shift_is_over(Shift *shift);
/* Asks what is left, and writes what all of them said; former: what they said before, NULL: of no
 * interest. Costs and what is off go to the run. */
gboolean shift_write(Shift *shift, IndicatorRun *run, Former *former, GError **error);

#endif
