/*
 * Which seizures can a trace matter to? Private to changed.c.
 */
#ifndef CROSSTRACE_FIREARM_REVERSE_H
#define CROSSTRACE_FIREARM_REVERSE_H

#include "engine/firearm/search.h"

typedef struct Reverse Reverse;

Reverse *reverse_new(const Search *search); /* borrows it */
void reverse_free(Reverse *reverse);
/* Adds the places (of guint, some more than once) of all seizures that a pair with a trace can
 * weigh anything for; all: and of those that are so near that it is one of their chance matches. */
void reverse_find(Reverse *reverse, guint trace, gboolean all, GArray *places);

#endif
