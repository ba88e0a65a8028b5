/*
 * Which seizures can a trace matter to? Private to changed.c.
 */
#ifndef CROSSTRACE_LINK_REVERSE_H
#define CROSSTRACE_LINK_REVERSE_H

#include "engine/link/search.h"

typedef struct Reverse Reverse;

Reverse *reverse_new(const Search *search); /* borrows it */
void reverse_free(Reverse *reverse);
/* Less than so many bits do not count for what is one edit away from a seizure, or two. */
void reverse_least(Reverse *reverse, guint place, const double least[EDITS_MAX]);
typedef struct {
    guint place, trace;
} ReverseNear;
/* Adds the places (of guint, some more than once) of all seizures whose pair with it can weigh
 * anything, or of whose chance matches it is one; and of some others. What is one edit or two away,
 * and full serials that its pattern fits, go to near (of ReverseNear); NULL: to places, too. */
void reverse_find_near(Reverse *reverse, guint trace, GArray *places, GArray *near);
/* All of these, of a trace's serial of before, whatever else it said and what it is worth. */
void reverse_find_serial(Reverse *reverse, const Serial *serial, GArray *places);

#endif
