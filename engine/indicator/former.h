/*
 * Private to engine/indicator: what rules said in earlier runs, for a run over what changed. A row
 * that is found again stays as it is, or where it is, when it says something else; what is not
 * found again goes.
 */
#ifndef CROSSTRACE_INDICATOR_FORMER_H
#define CROSSTRACE_INDICATOR_FORMER_H

#include "engine/store/result.h"
#include "engine/view/view.h"

typedef struct Former Former;

/* Rows of some rules (ids, quoted, with commas between): all, or of the records of the
 * widened scope alone. */
Former *former_read(Views *views, const char *ids, gboolean all, GError **error);
void former_free(Former *former);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Former, former_free)

/* Is a record of those that are asked about? What is found of others is no news. */
gboolean former_asks(const Former *former, const char *record);
/* Do the copies of the views have such a record? FALSE: it may be one nevertheless. */
gboolean former_knows(const Former *former, const char *record);
/* The number of the row of the same rule, subject and record, which is taken out; 0: there is none.
 * same: it says what this one says. */
gint64 former_take(Former *former, const IndicatorRow *row, gboolean *same);
/* Drops the rest. */
gboolean former_drop(Former *former, GError **error);

#endif
