/*
 * One kind of values over some records, as it lies in STORE.words or in memory, and what can be
 * asked of it. Private to engine/find.
 */
#ifndef CROSSTRACE_FIND_WORDS_LIST_H
#define CROSSTRACE_FIND_WORDS_LIST_H

#include "engine/base/sums.h"
#include "engine/find/find.h"

typedef enum {
    WORDS_NAME,
    WORDS_ADDRESS,
    WORDS_PLATE,
    WORDS_DEALER,
    WORDS_TEXT,
    WORDS_KINDS
} WordsKind;

typedef enum {
    LIST_TEXT,     /* values, NUL behind each; the cells of one are divided by WORDS_CELL */
    LIST_AT,       /* guint64: where each value begins, and one more */
    LIST_FIRST,    /* guint32: where the places of each value begin, and one more */
    LIST_PLACE,    /* guint32: places of a value's records, rising */
    LIST_RECORD,   /* guint32: the record at each place; places are in the order of the kind */
    LIST_SORTED,   /* guint32: values by what is compared of them; where that is asked for */
    LIST_WORD,     /* words, sorted, NUL behind each */
    LIST_WORD_AT,  /* guint64: where each word begins, and one more */
    LIST_SKETCH,   /* guint64: person_word_sketch() of each word of names */
    LIST_HAS_FROM, /* guint64: where the values of each word begin, and one more */
    LIST_HAS,      /* guint32: the values that have a word, rising */
    LIST_PARTS
} ListPart;

/* One kind over some records. Values of names are in the order of their texts, others in that of
 * their first places. */
typedef struct {
    WordsKind kind;
    guint32 n, n_words;
    struct {
        gconstpointer data;
        gsize size;
    } part[LIST_PARTS];
    Sums *sums; /* of the file; NULL: in memory */
} WordList;

#define WORDS_CELL '\x1f'

/* A cell as it stands in a value: control characters are blanks. In place. */
char *words_clean(char *cell);
/* What is compared of a value of addresses, plates and dealers: its second cell. */
const char *words_compared(const char *value);

/* Is a byte part of a word? */
static inline gboolean words_letter(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

/* ---- asked (words_ask.c) ---- */

/* Does a part of the list hold, of which so many of its numbers are about to be read? */
gboolean list_holds(const WordList *list, ListPart part, guint64 from, guint64 n);
/* Text of a value, "" where the list is damaged; guint32 numbers of LIST_PLACE of a value. */
const char *list_text(const WordList *list, guint32 value);
const guint32 *list_places(const WordList *list, guint32 value, guint32 *n);
guint32 list_record(const WordList *list, guint32 place);
const char *list_word(const WordList *list, guint32 word);
/* The values that have a word. */
const guint32 *list_values(const WordList *list, guint32 word, guint64 *n);
/* The number of a word; FALSE when it is none. */
gboolean list_find_word(const WordList *list, const char *text, guint32 *word);

typedef enum { FIT_EQUAL, FIT_BEGINS, FIT_HOLDS, FIT_NOT } Fit;

typedef struct {
    Fit fit;
    guint32 place, value;
} WordsHit;

/* Up to `want` (0: all) places whose values hold a text, those that fit best first, else in the
 * order of places: GArray of WordsHit. *all: there are no more. */
GArray *list_holding(const WordList *list, const char *text, guint want, gboolean *all);

#endif
