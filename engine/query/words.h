/*
 * STORE.words: the distinct values that `find` looks for by parts - names, addresses, plates,
 * dealers, texts - each with its records, so that a question does not read the whole store. Derived
 * from the store and stamped with its state; made by a night, or by the first question after a
 * change, thrown away at any time. It only narrows: what it names is read and compared again.
 * Private to engine/query.
 */
#ifndef CROSSTRACE_QUERY_WORDS_H
#define CROSSTRACE_QUERY_WORDS_H

#include "engine/store/store.h"

typedef enum {
    WORDS_NAME,
    WORDS_ADDRESS,
    WORDS_PLATE,
    WORDS_DEALER,
    WORDS_TEXT,
    WORDS_KINDS
} WordsKind;

typedef struct Words Words;

/* The words of a store as it is; NULL without an error where it is so small that reading it costs
 * less, or where no file can be made. */
Words *words_open(Store *store, GError **error);
void words_close(Words *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_close)

/* Numbers of the records that a value belongs to which holds a text, or which fits; a list
 * for words_narrow (g_free). NULL: so many that they are better all read, or the file is
 * damaged. */
char *words_holding(Words *words, WordsKind kind, const char *text);
char *words_fitting(Words *words, WordsKind kind,
                    gboolean (*fits)(const char *value, gpointer data), gpointer data);

/* A statement over `record r` in whose WHERE FIND_NARROW stands, with those records alone, or with
 * all (NULL); g_free. */
#define FIND_NARROW "/*some*/"
char *words_narrow(const char *sql, const char *records);

#endif
