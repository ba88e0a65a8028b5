/*
 * A first look at two nodes. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_NEAR_H
#define CROSSTRACE_BLOCKING_NEAR_H

#include "engine/comparison/people.h"

/* Could two names, two streets, two cities be one but for a slip? */
gboolean texts_near(const People *people, Id a, Id b);

/* Birth dates by their digits: 2 equal or swapped, 1 two parts of three, 0 else. */
guint dates_near(guint32 a, guint32 b);

/* May the two be one person at all? By what they say alone. */
gboolean pair_near(const People *people, const Node *a, const Node *b);

#endif
