/* Every way in which the error channel of tests/synth can write a serial number. */
#ifndef TESTS_EVAL_OUTCOMES_H
#define TESTS_EVAL_OUTCOMES_H

#include <glib.h>

/* One way: what is written, how probable it is, and how many numbers of the same shape could have
 * been written so (at least 1). A text may come in several ways. */
typedef void (*OutcomeFunc)(const char *text, double probability, double preimages, gpointer data);

/* The channel of ordinary items. serial "" is a firearm without a number. */
void outcomes_of(const char *serial, const char *model, double errors, OutcomeFunc each,
                 gpointer data);

/* Of a removed number. known: all of it, "***" and its end, or a word when nothing is known. */
void outcomes_removed(const char *known, OutcomeFunc each, gpointer data);

/* Where what is known of a removed number gives no text of its own: instead of the text, these. */
#define OUTCOME_ANY_END "~" /* followed by the known end: a whole number that ends so */
#define OUTCOME_ANY     "*" /* whatever could be read */

#endif
