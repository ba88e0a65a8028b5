/*
 * What a run found of each seizure, as it leaves it behind for the next one: candidates, what else
 * a seizure can be, and probabilities. The next run searches only what something new can matter to.
 */
#ifndef CROSSTRACE_LINK_KEPT_H
#define CROSSTRACE_LINK_KEPT_H

#include "engine/base/sums.h"

typedef struct FirearmKept FirearmKept;

/* As parts of a file. */
gboolean firearm_kept_write(const FirearmKept *kept, SumsWriter *to, GError **error);
/* Of such bytes, at an address that eight divides, which are borrowed; NULL when they are none.
 * Whether they are those that were written is not asked. */
FirearmKept *firearm_kept_read(gconstpointer bytes, gsize size);
void firearm_kept_free(FirearmKept *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmKept, firearm_kept_free)

#endif
