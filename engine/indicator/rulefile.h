/*
 * Private to engine/indicator: one rule file from text to Indicator.
 */
#ifndef CROSSTRACE_INDICATOR_RULEFILE_H
#define CROSSTRACE_INDICATOR_RULEFILE_H

#include "engine/indicator/indicator.h"

/* Reads the text of a rule file; path is for messages and Indicator.file. STATUS_CONFIG. */
Indicator *indicator_parse(const char *path, const char *text, GError **error);
void indicator_free(Indicator *indicator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indicator, indicator_free)

/* Line of the file for a byte of the SELECT; -1: where its first word stands. */
guint indicator_line(const Indicator *indicator, int offset);
/* Byte of the SELECT at which `:name` is written, not as the beginning of a longer name; -1. */
int indicator_parameter_at(const char *sql, const char *name);

/* The column at a place of a rule's rows: subject, record, bits, explanation; NULL behind them. */
const char *indicator_column(guint index);

/* Is every {hole} of the French text one of the English text? */
gboolean indicator_holes_known(const char *en, const char *fr);

/* Is it a rule of this day (ISO date or time)? */
gboolean indicator_is_valid(const Indicator *indicator, const char *as_of);

/* What SQL functions may ask for, on the connection of a run or, beside it, on that of another
 * thread; owned by the set. */
SqlKnowledge *indicators_knowledge(const Indicators *indicators, gboolean beside);

/* SHA-256 of a rule file's bytes, as sha256sum prints it; owned by the set. */
const char *indicators_hash_at(const Indicators *indicators, guint index);

#endif
