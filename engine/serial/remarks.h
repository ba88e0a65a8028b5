/*
 * What people write beside a number about its characters - "the 4 could be a 9", "dernier chiffre
 * douteux", "(2 illegible)", "x2" - taken out of the text, so that none of it is read as a part of
 * the number, and put to the places that it speaks of. Private to engine/serial.
 */
#ifndef CROSSTRACE_SERIAL_REMARKS_H
#define CROSSTRACE_SERIAL_REMARKS_H

#include "engine/notation/remark_words.h"
#include "engine/serial/serial.h"

#define REMARK_MAX  4 /* characters that one remark names, and readings that it gives them */
#define REMARKS_MAX 8

/* One doubt: of a text in the number, or of places counted from an end. */
typedef struct {
    char text[REMARK_MAX + 1];              /* "": of places */
    int place;                              /* 1: the first, -1: the last */
    guint count;                            /* places from there on, inwards */
    RemarkClass noun;                       /* REMARK_LETTER, REMARK_DIGIT: counted among these */
    char other[REMARK_MAX][REMARK_MAX + 1]; /* what it may be; none: anything */
    guint n_other;
} Doubt;

typedef struct {
    Doubt doubt[REMARKS_MAX];
    guint n;
} Doubts;

/* A word, or one mark. */
typedef struct {
    const char *at;
    gsize n;
    RemarkClass class;
    int value;
    char mark; /* 0: a word */
} RemarkToken;

/* What a remark is about: subjects that are joined are several doubts. */
typedef struct {
    Doubt doubt[REMARK_MAX];
    guint n;
    gboolean named; /* an article or noun says that it is one */
} RemarkSubject;

/* What is said. */
typedef struct {
    guint tokens; /* 0: nothing */
    gboolean doubt;
    gboolean bare; /* nothing but "or" stands between */
} RemarkSaid;

/* A character, no elided article. */
gboolean remark_is_character(const RemarkToken *token);
/* Length of a part of a number: a character or a few ("4S" are several of one); 0: none. */
gsize remark_part(const RemarkToken *token);
/* "SIX", "SEPT": the digit that a word names, and counts nothing with; '\0': none. */
char remark_spelled(const RemarkToken *token);
gboolean remark_is_noun(const RemarkToken *token);
/* "THE", and "A" before what it may stand before. */
gboolean remark_is_article(const RemarkToken *token);
int remark_count(const RemarkToken *token); /* 0: none */
/* Tokens of a subject that stands here, 0: none. */
guint remark_subject(const RemarkToken *token, RemarkSubject *subject);
/* What stands behind a subject says of it; readings go into its doubts. */
RemarkSaid remark_said(const RemarkToken *token, RemarkSubject *subject);

/* Tokens of "REPLACE 2 BY 7", where a subject of what both are is given, or of "H AS IN HOTEL",
 * where it is empty; 0: neither. */
guint remark_replaced(const RemarkToken *token, RemarkSubject *subject);

/* Takes remarks out of plain text; what they say stays in it as places, or goes into doubts.
 * g_free. */
char *remarks_take(const char *plain, Doubts *doubts);
/* Opens the places that are spoken of. FALSE when one has no place in the number. */
gboolean doubts_apply(const Doubts *doubts, Serial *serial);

#endif
