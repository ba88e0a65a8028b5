/*
 * Words of names and addresses that have a fixed meaning (words_name.def, words_place.def), and
 * the cutting of a cell into folded words. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_WORDS_H
#define CROSSTRACE_PERSON_WORDS_H

#include <glib.h>

typedef enum {
    WORD_BOX,
    WORD_COUNTRY,
    WORD_DIRECTION,
    WORD_FLOOR,
    WORD_ORDINAL,
    WORD_ORG,
    WORD_ORG_END,
    WORD_PARTICLE,
    WORD_PROVINCE,
    WORD_SHARED, /* a house of many: PRISON, HOSPITAL */
    WORD_STATE,
    WORD_STREET,
    WORD_SUFFIX,
    WORD_TITLE,
    WORD_UNIT,
} WordKind;

/* Canonical form of a folded word of that kind, or NULL; static. */
const char *word_find(WordKind kind, const char *text);

#define WORDS_MAX   32
#define WORDS_BYTES 320

/* The words of one cell, folded; `glue` marks a word that was joined to the one before by a
 * hyphen. Further words and bytes are dropped. */
typedef struct {
    guint n;
    char *at[WORDS_MAX];
    gboolean glue[WORDS_MAX];
    guint16 kinds[WORDS_MAX]; /* a bit for each kind of place word that it is, by words_look() */
    char bytes[WORDS_BYTES];
} Words;

/* Cuts `length` bytes (-1: all) of folded text at everything that is no letter or digit; an
 * apostrophe and a full stop inside a word vanish (O'BRIEN, P.O.); '#' is a word. */
void words_cut(Words *words, const char *folded, gssize length);
/* Looks all words up at once, for words_find(). */
void words_look(Words *words);
/* word_find() of word i, for the kinds of words_place.def. */
const char *words_find(const Words *words, guint i, WordKind kind);
/* Takes words [from, from + count) out. */
void words_drop(Words *words, guint from, guint count);
/* The words [from, to) joined by `glue`; g_free. NULL when there are none. */
char *words_join(const Words *words, guint from, guint to, const char *glue);

#endif
