/*
 * Mentions made into the nodes of People. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_NODES_H
#define CROSSTRACE_RESOLUTION_NODES_H

#include "engine/comparison/people.h"
#include "engine/resolution/resolution.h"

/* By mention, those that a decision names: each stands on a node of its own; g_free. */
gboolean *people_pinned(const PersonInput *input);

/* The nodes of the input's mentions, with the counts of its parameters if it has any. */
People *people_new(const PersonModel *model, const PersonInput *input);
/* Finds people->first and people->size, unless they are known. */
void people_places(People *people);
void people_free(People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_free)

/* Marks the nodes with the very cells of a former mention, which was on them. */
void people_mark_former(const People *people, guint8 *mark, guint8 as);

#endif
