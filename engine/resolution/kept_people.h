/*
 * What preparing made of mentions, as bytes that may lie in a file: what a number names stands in
 * tables of its own, at no address. Private to engine/resolution; kept.h and roll.h are what
 * others know of it.
 */
#ifndef CROSSTRACE_RESOLUTION_KEPT_PEOPLE_H
#define CROSSTRACE_RESOLUTION_KEPT_PEOPLE_H

#include "engine/blocking/index.h"
#include "engine/resolution/estimated.h"
#include "engine/resolution/roll.h"

/* Writes what was made of mentions that were given in the order of their references, and the
 * counts that their values have by these parameters. pinned: by mention, those whose nodes are
 * their own for now, because a decision names them. */
gboolean kept_write(const People *people, const gboolean *pinned,
                    const PersonParameters *parameters, SumsWriter *to, GError **error);

typedef struct Kept Kept;

Kept *kept_new(const PersonKept *bytes); /* borrows them */
void kept_free(Kept *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Kept, kept_free)

/* Gives the people, who have none yet, all values and places that are kept; for good. */
void kept_take(const Kept *kept, People *people);

guint kept_nodes(const Kept *kept);
const Node *kept_node(const Kept *kept, guint number);
/* The number of the node of the mention at a place of the input; FALSE: it is to be prepared. */
gboolean kept_find(const Kept *kept, guint place, guint *number);

/* The index of their keys, which holds as long as the bytes; g_free. */
KeyIndex *kept_index(const Kept *kept);

/* parameters_apply(), by the counts that are kept where they are of these parameters. */
void kept_apply(const Kept *kept, const PersonParameters *parameters, People *people);

#endif
