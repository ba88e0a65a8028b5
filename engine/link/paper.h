/*
 * The paper trail as pairs: what a seizure and a trace share in writing, whatever their serials
 * say; and, where no number could be read, day and place. Private to engine/link.
 */
#ifndef CROSSTRACE_LINK_PAPER_H
#define CROSSTRACE_LINK_PAPER_H

#include "engine/link/work.h"

/* Places of a seizure and a trace. raw: only the text of the serial is equal. */
typedef struct {
    guint seizure, trace;
    gboolean raw;
} PaperPair;

/* What a seizure and a trace have in common on paper: the number as it was received, the number of
 * a trace, of a seizure or an occurrence. */
typedef enum { PAPER_RAW, PAPER_TRACE, PAPER_SEIZURE, PAPER_OCCURRENCE, PAPERS } Paper;
guint64 paper_key(const Work *work, guint observation, Paper what); /* 0: none */

/* A key of a day in the province of an observation's event, and of its make; 0: one is not known.
 */
guint64 paper_day(const Work *work, guint observation, Day day);
/* Does a seizure meet the traces of its day, because no number of it can be used? */
gboolean paper_meets_days(const Work *work, guint seizure);

/* All of them, in order, each once (raw and otherwise count as two). */
GArray *paper_pairs(const Work *work);

/* The first item of a sorted array of structs whose first member is a guint with this value or
 * more.
 */
guint rows_from(const GArray *array, gsize size, guint value);
/* Does the seizure at a place share a number with a trace, by these pairs? */
gboolean paper_shares(const GArray *pairs, guint place);

#endif
