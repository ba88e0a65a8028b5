/*
 * How a serial field is read: field.c cuts the text into numbers (dividers.c) with their roles and
 * the states that words name; words.c says which words are part of a number; positions.c turns the
 * number that counts (choice.c) into positions; reading.c says what kind it is. Private.
 */
#ifndef CROSSTRACE_SERIAL_READING_H
#define CROSSTRACE_SERIAL_READING_H

#include "engine/notation/notation.h"
#include "engine/serial/serial.h"

#define FIELD_MAX 12 /* numbers or words in one field; what comes after is not read */

/* One number of a field. */
typedef struct {
    char *text;
    WordKind role; /* WORD_FRAME, WORD_PART, WORD_OTHER; WORD_LABEL: none said */
    const char *taken_for;
    gboolean open_left, open_right;
    gboolean other_reading; /* of the number before it */
    gboolean former;        /* it was held to be the number before another */
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
/* The same with unreadable positions that were written x made '?' (mark_run); g_free. */
char *field_marked(const char *raw, gboolean flagged);
/* What is spelled out or written as two readings or a series, as later steps know it; a word of the
 * make or the model stands for no letter; g_free. */
char *field_rewritten(const char *plain, const SerialContext *context);
/* "8/B", "(8 OR B)", "[8/B]" all made "[8B]", "[?]" made "?"; g_free. */
char *field_alternatives(const char *plain);

/* Has it a digit or a placeholder? */
gboolean word_has_position(const char *text);
/* "2019", "2019-04-02": a year or a day, where other words speak of one. */
gboolean word_is_date(const char *text);
/* The same letters and digits, at least one; other may be NULL. */
gboolean word_same_key(const char *text, const char *other);
/* How the words of a number are read, and what was found of them. */
typedef struct {
    gboolean sentence;    /* the field holds words that say something about it */
    gboolean told;        /* the field holds any words beside labels */
    gboolean more;        /* out: there is another number, which is left out */
    gboolean unsure;      /* out: what follows may be a part of it or not */
    gboolean unsure_left; /* out: what stands before it may */
} NumberWords;

/* The words of a number's text that are part of the number. The whole text when no number would
 * be left; g_free. */
char *words_of_number(const char *text, const SerialContext *context, NumberWords *read);
/* Is this text a make, model or calibre and no number of its own? "GLOCK 19" */
gboolean words_describe(const char *text, const SerialContext *context);
/* A maker, and so few digits behind it that they may be a model: "S&W 686-6". */
gboolean words_name_model(const char *text);
/* Has it a word that is a whole number? */
gboolean words_hold_whole(const char *text);

/* What a phrase takes with it of the text behind it, in bytes (behind.c): marks of a label; what
 * counts the numbers of a list; what a word of another kind speaks of; the number of a part. */
gsize behind_label(const char *at);
gsize behind_count(const char *at, gboolean sign);
gsize behind_other(const Phrase *phrase, const char *at);
gsize behind_part(const char *at);
/* Is the next word letters and digits that are a whole number? */
gboolean whole_behind(const char *at);
/* Length of a mark that can divide two numbers at a place of a text of n bytes, or 0. */
gsize number_divider(const char *text, gsize n, gsize at);
/* Takes off both ends what separates numbers: blanks, marks, a lone point or hyphen. */
void number_trim(const char **text, gsize *n);
/* Enough to be a number of its own: four characters, one of them a digit. */
gboolean text_stands_alone(const char *text, gsize n);

void field_read(Field *field, const char *text);
void field_clear(Field *field);

#define STATE(kind) (1u << (kind)) /* of Field.states */
/* Words that say that what is readable is not the whole number. */
#define DAMAGED (STATE(WORD_PARTIAL) | STATE(WORD_OBLITERATED) | STATE(WORD_ILLEGIBLE))

/* How far a number counts. */
typedef enum { RANK_NONE, RANK_FORMER, RANK_PART, RANK_PLAIN, RANK_LABELLED, RANK_FRAME } Rank;

/* The number that counts and what became of the others. */
typedef struct {
    Serial serial;
    Rank rank;         /* RANK_NONE: no number */
    gboolean more;     /* another number of the same rank was dropped */
    gboolean ends;     /* its beginning and its end are known, and one of them was dropped */
    gboolean fragment; /* the field says that its numbers are fragments */
    gboolean letters;  /* nothing in the field is more of a number than letters alone */
} Choice;

Choice choice_make(const Field *field, const SerialContext *context);

/* Appends the positions of a number's text; FALSE when there are too many for a serial number. */
gboolean positions_read(Serial *serial, const char *text);
/* Adds another reading, no longer than the number, of its last positions, one by one. */
void positions_merge(Serial *serial, const Serial *other);
/* Counts the known positions anew. */
void positions_count(Serial *serial);

/* The character's bit, O as 0 and I as 1; 0 when it is none of the alphabet (serial.c). */
CharSet char_set(char c);

#endif
