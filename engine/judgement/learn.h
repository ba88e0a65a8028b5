/*
 * What decisions on pairs teach: were the matchers' odds too high or too low? One number, in bits,
 * that the next estimate adds to its prior. The most probable shift of the odds of the decided
 * pairs (a logistic regression of which only the intercept is free), held near 0 by what
 * rules/judgement.ini says, so that few decisions move little and no number of them more than the
 * limit. A decision that agrees with near certainty teaches nothing; people may look at what they
 * like. Pure.
 */
#ifndef CROSSTRACE_JUDGEMENT_LEARN_H
#define CROSSTRACE_JUDGEMENT_LEARN_H

#include <glib.h>

typedef struct {
    double spread; /* standard deviation of the shift before any decision; bits */
    double most;   /* the shift is at most so large; bits */
} Learning;

/* RULES/judgement.ini; STATUS_CONFIG. */
gboolean learning_load(const char *rules_dir, Learning *learning, GError **error);

/* A pair that people decided on. */
typedef struct {
    double bits; /* log2 odds that it is one, before anybody decided */
    gboolean same;
} LearningPair;

/* Shift in bits, above 0 when the odds were too low; 0 without pairs. */
double learning_shift(const Learning *learning, const LearningPair *pairs, guint n);

#endif
