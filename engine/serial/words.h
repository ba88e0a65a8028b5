/*
 * The words of a stretch of text: tokens.c cuts them, words.c and sentence.c say which of them
 * belong to a number, runs.c which of the numbers that are left counts. Private to these four.
 */
#ifndef CROSSTRACE_SERIAL_WORDS_H
#define CROSSTRACE_SERIAL_WORDS_H

#include "engine/serial/reading.h"

#define TOKENS_MAX 24

typedef struct {
    char text[40];
    gsize n;
    gboolean dropped; /* no part of a number */
    gboolean apart;   /* a bracket, comma or colon stands before it */
    guint part;       /* of the text, between those and lone dashes */
    gboolean calibre; /* dropped, as one */
    gboolean model;   /* dropped, as one that may be a part of the number */
    gboolean maybe;   /* dropped, but it may be a prefix or suffix */
    gboolean joins;   /* dropped, and what stands around it is one number: "then" */
} Token;

typedef struct {
    Token token[TOKENS_MAX];
    guint n;
    gboolean wordy[TOKENS_MAX + 1]; /* has a part words that are no number's? runs.c */
    const SerialContext *context;
} Words;

/* Cuts a text; FALSE when there are too many words, or too long ones. */
gboolean tokens_cut(Words *words, const char *text);
/* The country that is stamped behind a number: "ABC123 US". */
gboolean token_is_country(const Token *token);
guint token_letters(const Token *token);
guint token_digits(const Token *token);
gboolean token_is_letters(const Token *token);
/* Nobody doubts that this is the number: five characters, letters and digits, or six digits. */
gboolean token_is_clear(const Token *token);

/* Words before one that are kept. */
guint words_kept(const Words *words, guint at);
/* Drops what is left of a sentence, or marks it as what may be a part of the number. */
void words_drop_sentence(Words *words, const NumberWords *read);

/* The number of the words that are kept; more: there is another one. NULL when none of them has a
 * place. g_free. */
char *words_run(Words *words, NumberWords *read);
/* Letters, then digits, so many that nothing need follow: "HAA1234". */
gboolean token_is_complete(const Token *token);

#endif
