/*
 * What is left of a sentence beside a serial number: letters, measures and prices that are no part
 * of it, and such as may be one. The last step of words.c, behind makers, models and calibres.
 */
#include "engine/serial/words.h"

#include <string.h>

/* A prefix in a word of its own: only digits follow, no other word stands before. */
static gboolean is_prefix(const Words *words, guint at)
{
    const Token *token = &words->token[at];
    guint digits = 0;
    for (guint i = at + 1; i < words->n && token_digits(&words->token[i]) == words->token[i].n;
         i++) {
        digits += token_digits(&words->token[i]); /* "AT 123 456" */
    }
    return words_kept(words, at) == 0 && digits >= 5 && notation_listed(LIST_PREFIX, token->text);
}

/* "HAA1234 CAI", "HAA1234 VT": behind a number with letters of its own more of them are none of
 * it, but for the country that is stamped so. */
static gboolean is_mark(const Words *words, guint at)
{
    const Token *token = &words->token[at], *before = at > 0 ? token - 1 : NULL;
    gboolean listed_mark = notation_listed(LIST_STAMP, token->text);
    if (before == NULL || token->n < 2 || token_digits(before) < 3) {
        return FALSE;
    }
    gboolean own = token_is_clear(before) && token_letters(before) > 0;
    return token->n > 2 ? own || listed_mark : own && listed_mark;
}

/* "123456 KG NET", "123456 RCMP": letters behind digits that are no suffix of them. */
static gboolean is_behind(const Words *words, guint at)
{
    const Token *token = &words->token[at], *before = at > 0 ? token - 1 : NULL;
    const Token *next = at + 1 < words->n && token[1].part == token->part ? token + 1 : NULL;
    if (before == NULL || before->dropped || token->n < 2 || token_digits(before) < 3) {
        return FALSE;
    }
    gboolean own = token_is_clear(before) && token_letters(before) > 0;
    gboolean word = next != NULL && (next->dropped || (token_is_letters(next) && next->n > 1));
    return word || (own && next != NULL) || (token->n >= 4 && token_digits(before) >= 4) ||
           (token->n == 3 && token_digits(before) >= 5);
}

/* "12345 OPP 2023-1234": a word between two numbers. */
static gboolean is_between(const Token *before, const Token *token, const Token *after)
{
    if (before == NULL || after == NULL || token->n < 2 || token_digits(after) == 0) {
        return FALSE;
    }
    return token_digits(before) >= 5 || (token_is_clear(before) && token_is_clear(after)) ||
           (token->n >= 3 && token_digits(before) >= 4 && token_digits(after) >= 4) ||
           (token->n >= 3 && token_letters(before) > 0 && token_digits(before) > 0);
}

/* "OWNER SAYS 123456": between a word and digits, too long for most prefixes. */
static gboolean is_said(const Words *words, guint at)
{
    const Token *token = &words->token[at];
    return at > 0 && at + 1 < words->n && token->n == 4 && token_is_letters(token) &&
           token_digits(&token[1]) >= 5 && token_letters(&token[1]) == 0 && !token[-1].dropped &&
           token_is_letters(&token[-1]) && token_letters(&token[-1]) >= 4;
}

/* "ABC123 SQ", "81987649 SQ": letters that no known maker puts behind these, but may. */
static gboolean is_suffix(const Words *words, guint at)
{
    const Token *token = &words->token[at], *before = at > 0 ? token - 1 : NULL;
    return before != NULL && !before->dropped && token->n == 2 && token_is_letters(token) &&
           token_is_clear(before) && !token_is_country(token) &&
           !notation_listed(LIST_STAMP, token->text) &&
           !notation_listed(LIST_SMALL_WORD, token->text) && at + 1 == words->n &&
           strspn(token->text, "IO") < token->n; /* "257 IO" */
}

/* Words before one that are kept and have a digit or a place. */
static guint places_before(const Words *words, guint at)
{
    guint places = 0;
    for (guint i = 0; i < at; i++) {
        places += !words->token[i].dropped && word_has_position(words->token[i].text);
    }
    return places;
}

/* "SNO HAA1234": a short word before a number that is complete with letters of its own may be a
 * part of it, but hardly is. */
static gboolean is_ahead(const Words *words, guint at)
{
    const Token *token = &words->token[at], *next = token + 1;
    gboolean worded = at > 0 && token[-1].n > 1 && token[-1].n <= 4 && token_is_letters(&token[-1]);
    if (at + 1 < words->n && token_digits(next) == next->n && next->n >= 5 &&
        next->part == token->part &&
        (token->n == 4 || (worded && token->n == 2 && notation_listed(LIST_STAMP, token->text)))) {
        return TRUE; /* "US GOVT 123456", "ALEX VA 12345" */
    }
    return at + 1 < words->n && (token->n == 2 || token->n == 3) && !next->dropped &&
           next->part == token->part && token_is_complete(next) && token_letters(next) > 1 &&
           !token_is_country(token) && places_before(words, at) == 0;
}

/* "CPIC HIT HAA1234": words that stand before the one before a number are none of it. */
static gboolean is_far_ahead(const Words *words, guint at)
{
    guint i = at + 1;
    while (i < words->n && (words->token[i].dropped || token_is_letters(&words->token[i]))) {
        i++;
    }
    return words->token[at].n >= 3 && i > at + 1 && i < words->n &&
           words->token[i].part == words->token[at].part && token_is_complete(&words->token[i]) &&
           token_letters(&words->token[i]) > 1;
}

/* Letters beside a number that is complete with letters of its own. */
static gboolean is_beside(const Words *words, guint at, gboolean sentence)
{
    const Token *token = &words->token[at];
    const Token *before = at > 0 && !token[-1].dropped ? token - 1 : NULL;
    const Token *after = at + 1 < words->n && !token[1].dropped ? token + 1 : NULL;
    gboolean left = before != NULL && word_has_position(before->text);
    gboolean right = after != NULL && word_has_position(after->text);
    if (token_is_country(token) && at + 1 < words->n && token[1].dropped &&
        token[1].part == token->part) {
        return TRUE; /* "US PROPERTY" */
    }
    if (!token_is_country(token) &&
        (is_mark(words, at) || is_behind(words, at) || is_between(before, token, after))) {
        return TRUE;
    }
    if (token->n < 2 || (!sentence && token->n < 4)) {
        return FALSE;
    }
    if (!left && !right) {
        return sentence;
    }
    return (right && token_is_clear(after) && g_ascii_isalpha(after->text[0])) ||
           (left && token_is_clear(before) && token_letters(before) > 0 &&
            (token->n >= 3 || g_ascii_isalpha(before->text[before->n - 1])));
}

/* In a sentence a lone letter goes with what follows: "à l'acide". */
static gboolean is_elided(const Words *words, guint at)
{
    const Token *next = &words->token[at + 1];
    return at + 1 < words->n &&
           (next->dropped || (token_is_clear(next) && g_ascii_isalpha(next->text[0])));
}

/* "2LBS", "105MM": a measure behind a number that is complete. */
static gboolean is_measured(const Words *words, guint at)
{
    const Token *token = &words->token[at];
    gsize digits = strspn(token->text, "0123456789");
    return at > 0 && digits > 0 && digits <= 3 && token->n > digits &&
           token_is_complete(&token[-1]) && notation_listed(LIST_UNIT, token->text + digits);
}

/* "F BXY123 S BXY124": letters that name the parts which bear numbers of their own. */
static gboolean is_letter_of_part(const Words *words, guint at)
{
    guint whole = 0;
    for (guint i = 0; i < words->n; i++) {
        const Token *token = &words->token[i];
        whole += token_letters(token) > 1 && token->n >= 6 && token_is_clear(token);
    }
    const Token *next = &words->token[at + 1];
    return words->token[at].n == 1 && token_is_letters(&words->token[at]) && whole > 1 &&
           at + 1 < words->n && token_letters(next) > 1 && token_is_clear(next);
}

/* "2ND", "1ST" behind a number. */
static gboolean is_ordinal(const Words *words, guint at)
{
    const Token *token = &words->token[at];
    gsize digits = strspn(token->text, "0123456789");
    return at > 0 && digits > 0 && digits <= 2 && token_is_complete(&token[-1]) &&
           notation_listed(LIST_ORDINAL_END, token->text + digits);
}

void words_drop_sentence(Words *words, const NumberWords *read)
{
    gboolean sentence = read->sentence;
    for (guint i = words->n; i-- > 0;) {
        Token *token = &words->token[i];
        if (strpbrk(token->text, "$%&") != NULL || is_measured(words, i) || is_ordinal(words, i) ||
            is_letter_of_part(words, i)) {
            token->dropped = TRUE; /* a price, a share, "M&P15-22" */
        }
        if (i > 0 && i + 1 == words->n && token_is_complete(&token[-1]) &&
            notation_listed(LIST_BORE, token->text)) {
            token->dropped = TRUE; /* "HAA1234 380" */
        }
        if (token->dropped || word_has_position(token->text)) {
            continue;
        }
        gboolean small = notation_listed(LIST_SMALL_WORD, token->text);
        gboolean alone = i == 0 && words_kept(words, words->n) == 2 && token->n <= 2 && !sentence &&
                         !(token_is_complete(&token[1]) && token_letters(&token[1]) > 1);
        if (notation_listed(LIST_JOINT, token->text) && i > 0) {
            token->dropped = token->joins = TRUE;
            continue;
        }
        if (is_said(words, i) || (!small && is_ahead(words, i))) {
            token->dropped = token->maybe = TRUE;
            continue;
        }
        if (token_is_letters(token) && is_far_ahead(words, i)) {
            token->dropped = TRUE;
            continue;
        }
        if (is_suffix(words, i)) {
            token->dropped = TRUE;
            token->maybe = token->part == token[-1].part;
            continue;
        }
        if (strchr(token->text, '&') != NULL ||
            (token_is_letters(token) && token_letters(token) >= 5)) {
            token->dropped = TRUE;
        } else if (token_is_letters(token)) {
            token->dropped = small           ? !alone && !is_prefix(words, i)
                             : token->n == 1 ? sentence && is_elided(words, i)
                                             : is_beside(words, i, sentence);
        }
    }
}
