/*
 * The words that people write beside a number about its characters, by class: "the 4 could be a 9"
 * is made of an article, a character, a modal and a character. engine/serial reads the remarks.
 */
#ifndef CROSSTRACE_NOTATION_REMARK_WORDS_H
#define CROSSTRACE_NOTATION_REMARK_WORDS_H

#include <glib.h>

/* What a word can be in a remark; a word is one of these at most. */
typedef enum {
    REMARK_OTHER,
    REMARK_ARTICLE,
    REMARK_FILL,   /* "is", "with": says nothing by itself */
    REMARK_NOUN,   /* "character" */
    REMARK_LETTER, /* the noun of a letter */
    REMARK_DIGIT,  /* the noun of a digit */
    REMARK_PLACE,  /* an ordinal: value, from the end when negative */
    REMARK_COUNT,  /* a number in a word: value */
    REMARK_MODAL,  /* "could", "looks": what follows may stand there */
    REMARK_OR,     /* the same between two characters */
    REMARK_NOT,
    REMARK_CERTAIN, /* "clear" */
    REMARK_DOUBT,   /* "unclear" */
    REMARK_GONE,    /* "illegible" */
    REMARK_REPLACE, /* "replace": a character by another */
    REMARK_PLUS,    /* "followed": more places are counted */
} RemarkClass;

/* Values of REMARK_PLACE that are no count from an end. */
#define REMARK_MIDDLE 100
#define REMARK_ALL    101

/* The class of a folded word and its value. */
RemarkClass remark_class(const char *word, gsize n, int *value);

#endif
