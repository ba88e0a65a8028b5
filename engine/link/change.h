/*
 * Links after a change: those of a full run that new, changed and removed observations can have
 * touched.
 */
#ifndef CROSSTRACE_LINK_CHANGE_H
#define CROSSTRACE_LINK_CHANGE_H

#include "engine/firearm/index.h"
#include "engine/link/kept.h"
#include "engine/link/link.h"

/* What is new since links were last computed with the same parameters. */
typedef struct {
    const guint *dirty; /* new or changed observations, and those of changed decisions: indices */
    guint n_dirty;
    const Firearm *former; /* what changed or removed observations said before; NULL: all are new */
    guint n_former;
    /* Where nothing was removed: those that were not there then, which ascend; the others were, in
     * their order, and this was found of them (NULL: it is not known). */
    const guint *added;
    guint n_added;
    const FirearmKept *kept;
    /* An index in which the serials of some observations stand, beside any others; and by
     * observation its number there, or NO_FORM; of what is dirty it may be that of what it said
     * before. NULL: there is none. Where its file turns out to be damaged nothing that was found is
     * to be believed. */
    SerialIndex *index;
    const guint *number;
} FirearmChange;

/* The links that a change can have touched, exactly as firearm_link() gives them; needs
 * input->parameters. affected, n flags, all FALSE when given, is set for observations. The result
 * holds every link with an affected end and no other; a stored link with an affected end, or with
 * an observation that is gone, is replaced by it. A competitor of a competitor can be affected: a
 * seized firearm is at most one firearm, and the other way round. kept: as of
 * firearm_linker_link(), NULL: not asked for. */
GArray *firearm_link_changed(const FirearmInput *input, const FirearmChange *change,
                             gboolean *affected, FirearmKept **kept);

#endif
