/*
 * Which of the words that words.c kept are one number, and which number counts: a word that was
 * dropped, a bracket, or a number that is complete ends it. Two whole numbers are never one.
 */
#include <string.h>

#include "engine/base/date.h"
#include "engine/serial/words.h"

/* Words [from, to) that were kept and stand together. */
typedef struct {
    guint from, to;
    gboolean told; /* a word that was dropped stands before it */
    Token joined;  /* its words as one */
} Run;

gboolean token_is_complete(const Token *token)
{
    gsize letters = strcspn(token->text, "0123456789"), digits;
    for (gsize i = 0; i < letters; i++) {
        if (!g_ascii_isalpha(token->text[i])) {
            return FALSE;
        }
    }
    digits = strspn(token->text + letters, "0123456789");
    return letters > 0 && letters <= 4 && digits >= 4 && letters + digits >= 6 &&
           letters + digits == token->n;
}

static void join(Token *joined, const Token *next)
{
    gsize n = MIN(next->n, sizeof(joined->text) - 1 - joined->n);
    if (token_letters(next) + token_digits(next) == 0 && !word_has_position(next->text)) {
        return; /* a dash */
    }
    memcpy(joined->text + joined->n, next->text, n);
    joined->n += n;
    joined->text[joined->n] = '\0';
}

static gboolean all_digits(const Token *token)
{
    return token_digits(token) == token->n;
}

/* Two whole numbers: "HAA1234 98765", "1234567 7654321"; a licence's number goes on. */
static gboolean are_two(const Token *number, const Token *next)
{
    gboolean digits = all_digits(number), licence = digits && number->n == 8 && next->n != 8;
    gboolean lettered =
        g_ascii_isalpha(next->text[0]) && token_letters(next) < next->n && token_is_clear(next);
    if (digits && !licence) {
        return (number->n >= 5 && number->n <= 10 && all_digits(next) && next->n >= 5) ||
               (number->n >= 6 && lettered);
    }
    return token_is_complete(number) &&
           ((g_ascii_isdigit(next->text[0]) && token_digits(next) >= 4) || lettered);
}

/* Behind a complete number a few digits before a word count something: "HAA1234 2 MAGS". */
static gboolean is_count(const Words *words, const Token *number, guint at)
{
    const Token *token = &words->token[at];
    gboolean last = at + 1 == words->n;
    gboolean word = !last && (token[1].dropped || (token_is_letters(&token[1]) && token[1].n > 1 &&
                                                   strncmp(token[1].text, "US", 2) != 0));
    return token_is_complete(number) && all_digits(token) && token->n <= 3 && word;
}

/* Does a word begin a number of its own? */
static gboolean divides(const Words *words, const Run *run, guint at, NumberWords *read)
{
    const Token *token = &words->token[at];
    gboolean own =
        token_is_clear(&run->joined) || (token_digits(&run->joined) > 0 && token_is_clear(token));
    if (is_count(words, &run->joined, at)) {
        read->unsure = read->unsure || token->n == 3;
        return TRUE;
    }
    gboolean dash = at > 0 && strcmp(token[-1].text, "-") == 0;
    gboolean listed = all_digits(&run->joined) && run->joined.n <= 2 && /* "GUN 2 - HAA1234" */
                      token_is_complete(token) && (run->told || token->apart || dash);
    return (token->apart && own) || listed || are_two(&run->joined, token);
}

static guint read_runs(const Words *words, Run runs[TOKENS_MAX], NumberWords *read)
{
    guint n = 0;
    gboolean broken = TRUE, told = FALSE;
    for (guint i = 0; i < words->n; i++) {
        const Token *token = &words->token[i];
        if (token->dropped) {
            broken = broken || !token->joins;
            told = told || !token->joins;
            continue;
        }
        if (broken || divides(words, &runs[n - 1], i, read)) {
            runs[n++] = (Run){.from = i, .told = told};
        }
        broken = told = FALSE;
        runs[n - 1].to = i + 1;
        join(&runs[n - 1].joined, token);
    }
    return n;
}

gboolean word_is_date(const char *text)
{
    gsize n = strlen(text);
    gboolean century =
        strncmp(text, "18", 2) == 0 || strncmp(text, "19", 2) == 0 || strncmp(text, "20", 2) == 0;
    return (century && n == 4 && strspn(text, "0123456789") == n) ||
           (strpbrk(text, "-/") != NULL && n >= 8 &&
            date_parse(text, DATE_ISO | DATE_DMY | DATE_MDY) != DAY_NONE);
}

/* How much like the number a run is. */
static guint likeness(const Run *run)
{
    const Token *joined = &run->joined;
    guint digits = token_digits(joined);
    if (!word_has_position(joined->text)) {
        return 0;
    }
    if (word_is_date(joined->text) && run->told) {
        return 1;
    }
    return token_is_clear(joined) && token_letters(joined) > 0 ? 4 : digits >= 4 ? 3 : 2;
}

static gboolean is_whole(const Run *run)
{
    guint digits = token_digits(&run->joined);
    return ((token_is_clear(&run->joined) && digits >= 3) || digits >= 5) &&
           !word_is_date(run->joined.text);
}

char *words_run(const Words *words, NumberWords *read)
{
    Run runs[TOKENS_MAX];
    guint n = read_runs(words, runs, read), best = n, most = 0;
    for (guint i = 0; i < n; i++) {
        if (likeness(&runs[i]) > most) {
            most = likeness(&runs[i]);
            best = i;
        }
    }
    if (best == n) {
        return NULL;
    }
    for (guint i = 0; i < n; i++) {
        read->more = read->more || (i != best && is_whole(&runs[i]) &&
                                    !word_same_key(runs[i].joined.text, runs[best].joined.text));
    }
    GString *out = g_string_new(NULL);
    for (guint i = runs[best].from; i < runs[best].to; i++) {
        if (!words->token[i].dropped) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", words->token[i].text);
        }
    }
    return g_string_free(out, FALSE);
}
