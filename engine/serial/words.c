/*
 * Which blank-separated words of a stretch of text belong to the serial number: makers, models
 * and calibres in front of it do not, nor does what is left of a sentence (sentence.c); "HAA 1234"
 * and "LE 123456" are one number each. field.c cuts the stretches, positions.c reads what is kept.
 */
#include "engine/serial/words.h"

#include <string.h>

/* Is this a whole word of a name? "SIG" in "SIG SAUER". */
static gboolean word_of(const char *name, const Token *token)
{
    for (const char *p = name; p != NULL && *p != '\0' && token->n >= 2; p++) {
        if ((p == name || !g_ascii_isalnum(p[-1])) &&
            g_ascii_strncasecmp(p, token->text, token->n) == 0 && !g_ascii_isalnum(p[token->n])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Tokens from..from+n-1 with blanks between. */
static void join(const Words *words, guint from, guint n, char out[132])
{
    out[0] = '\0';
    for (guint i = from; i < from + n; i++) {
        g_strlcat(out, i > from ? " " : "", 132);
        g_strlcat(out, words->token[i].text, 132);
    }
}

static void drop(Words *words, guint from, guint n)
{
    for (guint i = from; i < from + n; i++) {
        words->token[i].dropped = TRUE;
    }
}

static gboolean clear_elsewhere(const Words *words, guint from, guint n)
{
    for (guint i = 0; i < words->n; i++) {
        const Token *token = &words->token[i];
        gboolean clear = token_is_clear(token) || token_digits(token) >= 5;
        if ((i < from || i >= from + n) && !token->dropped && clear) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A model or calibre that everybody knows, or what stands beside the serial number. */
static gboolean is_named(const Words *words, guint from, guint n)
{
    char text[132];
    join(words, from, n, text);
    if (word_same_key(text, words->context->make) || word_same_key(text, words->context->model) ||
        word_same_key(text, words->context->calibre)) {
        return TRUE;
    }
    if (strspn(text, "0123456789 ") == strlen(text) ||
        notation_not_serial(words->context->make, text) == NULL) {
        return FALSE;
    }
    return n == 1 || clear_elsewhere(words, from, n);
}

/* "SHIELD 9 HAA1234" beside the calibre 9MM: the digits of a model or calibre, as a word. */
static gboolean is_number_of(const char *name, const Token *token)
{
    gsize n = 0;
    for (const char *p = name; p != NULL && *p != '\0'; p++) {
        if (g_ascii_isdigit(*p) && (n >= token->n || token->text[n++] != *p)) {
            return FALSE;
        }
    }
    return n > 0 && n == token->n;
}

/* A clear number with letters stands behind: these digits need not be a part of it. */
static gboolean is_before_number(const Words *words, guint at)
{
    for (guint i = at + 1; i < words->n; i++) {
        if (token_is_clear(&words->token[i]) && token_letters(&words->token[i]) > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_calibre(const char *text)
{
    return g_strcmp0(notation_not_serial(NULL, text), "calibre") == 0;
}

static void drop_named(Words *words)
{
    for (guint i = 0; i < words->n; i++) {
        for (guint n = MIN(3, words->n - i); n > 0; n--) {
            if (is_named(words, i, n)) {
                drop(words, i, n);
                words->token[i].calibre = n == 1 && is_calibre(words->token[i].text);
                break;
            }
        }
        Token *token = &words->token[i];
        gboolean context = word_of(words->context->make, token) ||
                           (!token_is_letters(token) && (word_of(words->context->model, token) ||
                                                         word_of(words->context->calibre, token)));
        gboolean number = is_number_of(words->context->model, token) ||
                          is_number_of(words->context->calibre, token);
        token->dropped = token->dropped || (number && is_before_number(words, i)) ||
                         (context && (token_is_letters(token) || words->n > 1));
    }
}

/* Tokens of a maker's name that stands here, 0 when none does. */
static guint maker_length(const Words *words, guint from)
{
    for (guint n = MIN(3, words->n - from); n > 0; n--) {
        char text[132], key[132];
        join(words, from, n, text);
        gsize used = 0;
        for (const char *p = text; *p != '\0'; p++) {
            if (g_ascii_isalnum(*p)) {
                key[used++] = *p;
            }
        }
        key[used] = '\0';
        if (notation_listed(LIST_MAKER, key)) {
            return n;
        }
    }
    return 0;
}

/* First token of the last clear number with letters, "NED7176" or "NED 7176"; n when none. */
static guint clear_number(const Words *words)
{
    for (guint i = words->n; i-- > 0;) {
        const Token *token = &words->token[i];
        gboolean tail = i > 0 && token_digits(token) == token->n && token->n >= 3;
        if (token->dropped) {
            continue;
        }
        if (tail && token_is_letters(token - 1) && token[-1].n >= 2 && token[-1].n <= 4 &&
            !token[-1].dropped && maker_length(words, i - 1) == 0) {
            return i - 1;
        }
        if (token_is_clear(token) && token_letters(token) > 0 && maker_length(words, i) == 0) {
            return i;
        }
    }
    return words->n;
}

/* "MARLIN 60 91234567": digits between a maker's name and a number that may be whole are its model,
 * or the number's beginning. */
static void drop_model_number(Words *words, guint at)
{
    if (at + 1 >= words->n) {
        return;
    }
    Token *model = &words->token[at], *number = model + 1;
    if (token_digits(model) == model->n && model->n <= 4 && !model->dropped && !number->dropped &&
        token_digits(number) == number->n && number->n >= 5 &&
        !(model->n == 3 && number->n == 5)) { /* "RUGER 331 12345" */
        model->dropped = model->maybe = model->model = TRUE;
    }
}

/* "GLOCK 19 NED7176": from a maker's name to a clear number all is make and model. */
static void drop_maker(Words *words)
{
    for (guint i = 0; i < words->n; i++) {
        guint n = maker_length(words, i);
        if (n == 0) {
            continue;
        }
        guint number = clear_number(words), model = i + n;
        while (model < number && words->token[model].n <= 6 &&
               token_digits(&words->token[model]) <= 4) {
            model++;
        }
        drop_model_number(words, i + n);
        const Token *next = &words->token[i + n];
        gboolean mixed = i + n < words->n && token_digits(next) > 0 && token_letters(next) > 0;
        gboolean grouped = i + n + 1 < words->n && token_digits(next) == next->n &&
                           next[1].n == 1 && token_is_letters(&next[1]); /* "SIG 58 A 123456" */
        gboolean certain =
            n > 1 || words->token[i].n > 3 || (words->token[i].n == 3 && (mixed || grouped));
        if (number < words->n && model == number) {
            drop(words, i, number - i);
        } else if (certain) {
            drop(words, i, n);
        }
        return;
    }
}

/* "GEN4", "MK2" in one word. */
static gboolean is_designated(const Token *token)
{
    gsize letters = strcspn(token->text, "0123456789");
    return letters > 1 && token->n > letters && token->n <= letters + 2 &&
           token_digits(token) == token->n - letters &&
           notation_lists(LIST_DESIGNATOR, token->text, letters);
}

/* "MARK II", "GEN 4": which model it is. */
static void drop_designators(Words *words)
{
    for (guint i = 0; i + 1 < words->n; i++) {
        const Token *next = &words->token[i + 1];
        gboolean roman = strspn(next->text, "IVX*") == next->n;
        gboolean brief = token_digits(next) == next->n && next->n <= 2;
        if (is_designated(&words->token[i])) {
            drop(words, i, 1);
        } else if (notation_listed(LIST_DESIGNATOR, words->token[i].text) && (roman || brief)) {
            drop(words, i, 2);
        }
    }
}

guint words_kept(const Words *words, guint at)
{
    guint kept = 0;
    for (guint i = 0; i < at; i++) {
        kept += !words->token[i].dropped;
    }
    return kept;
}

/* One word, nothing tied to it: the usual field, for which the steps below have nothing to do. */
static gboolean is_one_word(const char *text)
{
    return strpbrk(text, " ,;:()=\"'-/&") == NULL;
}

gboolean words_describe(const char *text, const SerialContext *context)
{
    Words words;
    words.context = context;
    if (is_one_word(text) && word_has_position(text)) {
        return word_same_key(text, context->make) || word_same_key(text, context->model) ||
               word_same_key(text, context->calibre) || notation_listed(LIST_MAKER, text) ||
               notation_short_model(context->make, text) ||
               notation_not_serial(context->make, text) != NULL;
    }
    if (!tokens_cut(&words, text) || words.n == 0) {
        return FALSE;
    }
    if (words.n <= 3 && is_named(&words, 0, words.n)) {
        return TRUE;
    }
    drop_named(&words);
    gboolean named = words_kept(&words, words.n) < words.n;
    for (guint i = 0; i < words.n; i++) {
        named = named || maker_length(&words, i) > 0;
    }
    if (!named) {
        return FALSE;
    }
    drop_maker(&words);
    guint numbers = 0, makers = 0;
    for (guint i = 0; i < words.n; i++) {
        const Token *token = &words.token[i];
        makers += token->dropped;
        numbers += !token->dropped && (token_is_clear(token) || token_digits(token) >= 3);
        numbers += !token->dropped && strpbrk(token->text, "?*#_[") != NULL;
    }
    return makers > 0 && numbers == 0;
}

gboolean words_name_model(const char *text)
{
    Words words;
    guint digits = 0;
    words.context = NULL;
    if (!tokens_cut(&words, text) || words.n < 2 || maker_length(&words, 0) == 0) {
        return FALSE;
    }
    for (guint i = maker_length(&words, 0); i < words.n; i++) {
        digits += token_digits(&words.token[i]);
        if (token_is_clear(&words.token[i])) {
            return FALSE;
        }
    }
    return digits <= 4;
}

gboolean words_hold_whole(const char *text)
{
    Words words;
    words.context = NULL;
    gboolean whole = FALSE;
    if (!tokens_cut(&words, text)) {
        return FALSE;
    }
    for (guint i = 0; i < words.n && !whole; i++) {
        whole = token_is_complete(&words.token[i]) || token_digits(&words.token[i]) >= 6;
    }
    return whole;
}

char *words_of_number(const char *text, const SerialContext *context, NumberWords *read)
{
    Words words;
    words.context = context;
    if (is_one_word(text) || !tokens_cut(&words, text)) {
        return g_strdup(text);
    }
    drop_named(&words);
    drop_maker(&words);
    drop_designators(&words);
    words_drop_sentence(&words, read);
    char *number = words_run(&words, read);
    if (number == NULL && read->sentence && words_kept(&words, words.n) == 1) {
        guint at = 0;
        while (words.token[at].dropped) {
            at++;
        }
        return g_strdup(words.token[at].text);
    }
    return number != NULL ? number : g_strdup(text);
}
