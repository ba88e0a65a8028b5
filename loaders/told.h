/*
 * What a text tells among other words, where the cell as a whole is no code and no number.
 */
#ifndef CROSSTRACE_LOADERS_TOLD_H
#define CROSSTRACE_LOADERS_TOLD_H

#include "loaders/normalise.h"

/* The one serial number that a text tells of by its own word (of table `serial_words`), "SN ABC123"
 * and neither "SLIDE SN ABC123" nor "SN ABC123 ON THE SLIDE"; with `restored` only one of which it
 * says that it was restored. NULL: none, or several; g_free. */
char *told_serial(const CodeTable *words, const char *text, gboolean restored);
/* The one trace number (of table `number_forms`) among the words of a folded text, without marks:
 * "ATF TRACE # T2023-0123456", or as the whole text without its letter; NULL: none, several, or the
 * text is nothing else; g_free. */
char *told_trace(const CodeTable *forms, const char *text);
/* The office whose number is the only one among words: "POE 453", "0453 - Ambassador"; or NULL.
 * Good until the next lookup of that kind, as memo.h has it; so are the two below. */
const char *told_office(Cleaner *cleaner, const char *text);
/* The one region that each part of a cell speaks of: "ON - Ontario", "CA-ON", "TX, USA"; or NULL.
 */
const char *told_region(Cleaner *cleaner, const char *text);
/* The region whose short form with an accent a text is, "N.-É."; beside its country (or NULL: none
 * is known) without the accent too. NULL: none. */
const char *told_accented(Cleaner *cleaner, const char *text, const char *country);
/* The type that a word means only together with a calibre (a code, or NULL): the French "fusil" is
 * a rifle or a shotgun, "handgun" a pistol or a revolver. NULL: none; *ambiguous then says whether
 * the word means some type all the same. */
const char *told_type(Cleaner *cleaner, const char *word, const char *calibre, gboolean *ambiguous);

#endif
