/*
 * How a serial field is read: field.c cuts the text into numbers with their roles and the states
 * that words name; words.c says which words are part of a number; reading.c turns the number that
 * counts into positions. Private.
 */
#ifndef CROSSTRACE_SERIAL_READING_H
#define CROSSTRACE_SERIAL_READING_H

#include "engine/serial/notation.h"
#include "engine/serial/serial.h"

#define FIELD_MAX 12 /* numbers or words in one field; what comes after is not read */

/* One number of a field. */
typedef struct {
    char *text;
    WordKind role; /* WORD_FRAME, WORD_PART, WORD_OTHER; WORD_LABEL: none said */
    const char *taken_for;
    gboolean open_left, open_right;
    gboolean other_reading; /* of the number before it */
    gboolean labelled;      /* "serial number" stands before it */
} Number;

typedef struct {
    Number number[FIELD_MAX];
    guint n;
    guint states;          /* set of 1 << WordKind: what words say about the field */
    const char *taken_for; /* of a WORD_OTHER without a number */
} Field;

/* Plain upper-case text of a raw field: folded, N° opened, what is not ASCII made blank; g_free. */
char *field_plain(const char *raw);
/* The same with unreadable positions that were written x made '?', by the rule of 5.3; g_free. */
char *field_marked(const char *raw, gboolean flagged);
/* "8/B", "(8 OR B)", "[8/B]" all made "[8B]", "[?]" made "?"; g_free. */
char *field_alternatives(const char *plain);

/* Has it a digit or a placeholder? */
gboolean word_has_position(const char *text);
/* The same letters and digits, at least one; other may be NULL. */
gboolean word_same_key(const char *text, const char *other);
/* The words of a number's text that are part of the number; sentence: the field holds words that
 * say something about it. The whole text when no number would be left; g_free. */
char *words_of_number(const char *text, const SerialContext *context, gboolean sentence);
/* Is this text a make, model or calibre and no number of its own? "GLOCK 19" */
gboolean words_describe(const char *text, const SerialContext *context);

void field_read(Field *field, const char *text);
void field_clear(Field *field);

/* The character's bit, O as 0 and I as 1; 0 when it is none of the alphabet (serial.c). */
CharSet char_set(char c);

#endif
