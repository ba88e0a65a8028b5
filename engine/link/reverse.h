/*
 * Which seizures can a trace matter to? Private to changed.c.
 */
#ifndef CROSSTRACE_LINK_REVERSE_H
#define CROSSTRACE_LINK_REVERSE_H

#include "engine/link/search.h"

typedef struct Reverse Reverse;

typedef enum {
    REVERSE_ALL,  /* a pair with it can weigh anything, or it is one of the chance matches */
    REVERSE_KEPT, /* a pair with it is kept; for those that nothing new fits */
} ReverseWhat;

Reverse *reverse_new(const Search *search); /* borrows it */
void reverse_free(Reverse *reverse);
/* Adds the places (of guint, some more than once) of all seizures for which that holds, and of some
 * others. */
void reverse_find(Reverse *reverse, guint trace, ReverseWhat what, GArray *places);

#endif
