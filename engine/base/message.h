/*
 * What people read, in both languages: one row of messages.def for each text. To add one, add a
 * line there: MESSAGE(ID, "English", "French"). Both texts take the same printf arguments in
 * the same order; a test holds that.
 */
#ifndef CROSSTRACE_BASE_MESSAGE_H
#define CROSSTRACE_BASE_MESSAGE_H

#include "engine/base/text.h"

typedef enum {
#define MESSAGE(id, en, fr) MSG_##id,
#include "engine/base/messages.def"
#undef MESSAGE
    MSG_COUNT
} MessageId;

/* The text; static. */
const char *message(MessageId id, Lang lang);
/* The text with its arguments; g_free. */
char *message_format(MessageId id, Lang lang, ...);
/* A number in a text that people read: text_number(), with a comma where French has one; g_free. */
char *message_number(double value, int decimals, Lang lang);
/* The same of text_probability(), and of a number that is written already, in place. */
char *message_probability(double value, Lang lang);
char *message_decimal(char *number, Lang lang);
/* "en", "fr" -> Lang; FALSE when unknown. */
gboolean lang_parse(const char *word, Lang *lang);

#endif
