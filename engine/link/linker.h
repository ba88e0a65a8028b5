/*
 * A full run in two halves: estimating a parameter set and linking with it share what they know of
 * a store. firearm_link() is both at once.
 */
#ifndef CROSSTRACE_LINK_LINKER_H
#define CROSSTRACE_LINK_LINKER_H

#include "engine/link/kept.h"
#include "engine/link/link.h"

/* What the input names is borrowed. Without parameters a set is estimated at once, whatever people
 * decided. */
typedef struct FirearmLinker FirearmLinker;
FirearmLinker *firearm_linker_new(const FirearmInput *input);
/* The set that was estimated, handed over: it may be shifted, and must live as long as the linker.
 * NULL: none was, or it was taken before. */
FirearmParameters *firearm_linker_parameters(FirearmLinker *linker);
/* As firearm_link(). kept (NULL: not asked for): what firearm_link_changed() may be given. */
GArray *firearm_linker_link(FirearmLinker *linker, FirearmKept **kept);
void firearm_linker_free(FirearmLinker *linker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmLinker, firearm_linker_free)

#endif
