/*
 * The paper trail as pairs: what a seizure and a trace share in writing, whatever their serials
 * say; and, where no number could be read, day and place. Private to search.c.
 */
#ifndef CROSSTRACE_FIREARM_PAPER_H
#define CROSSTRACE_FIREARM_PAPER_H

#include "engine/firearm/link.h"

/* Places of a seizure and a trace. raw: only the text of the serial is equal. */
typedef struct {
    guint seizure, trace;
    gboolean raw;
} PaperPair;

/* What a seizure and a trace have in common on paper: the number as it was received, the number of
 * a trace, of a seizure or an occurrence. */
typedef enum { PAPER_RAW, PAPER_TRACE, PAPER_SEIZURE, PAPER_OCCURRENCE, PAPERS } Paper;
guint64 paper_key(const Work *work, guint observation, Paper what); /* 0: none */

/* All of them, in order, each once (raw and otherwise count as two). */
GArray *paper_pairs(const Work *work);

#endif
