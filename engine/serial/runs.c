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
    guint part;     /* where it begins */
    gboolean told;  /* a word that was dropped stands before it */
    gboolean leads; /* it may be the model of what follows */
    Token joined;   /* its words as one */
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

/* Letters, digits and places. */
static void join(Token *joined, const Token *next)
{
    for (gsize i = 0; i < next->n && joined->n + 1 < sizeof(joined->text); i++) {
        if (strchr("-./", next->text[i]) == NULL) {
            joined->text[joined->n++] = next->text[i];
        }
    }
    joined->text[joined->n] = '\0';
}

static gboolean all_digits(const Token *token)
{
    return token_digits(token) == token->n;
}

/* Does it end in so many digits, with letters before, that nothing need follow? */
static gboolean is_finished(const Token *number)
{
    gsize n = number->n;
    while (n > 0 && g_ascii_isdigit(number->text[n - 1])) {
        n--;
    }
    return number->n - n >= 4 && number->n >= 6 && token_letters(number) > 0;
}

/* "16.5", "15+1": no part of a number that is finished. */
static gboolean is_measure(const Token *token)
{
    return strpbrk(token->text, ".+") != NULL && token_digits(token) > 0 &&
           token_digits(token) <= 4 && token_letters(token) == 0;
}

/* Two whole numbers: "HAA1234 98765", "1234567 7654321", "HAA1234 30-30"; but a licence's number
 * goes on. */
static gboolean are_two(const Token *number, const Token *first, const Token *next)
{
    guint digits = token_digits(next);
    gboolean lettered = token_letters(next) > 0 && token_is_clear(next);
    gboolean whole = token_is_clear(number) || token_digits(number) >= 5;
    gboolean file = strchr(next->text, '-') != NULL && token_letters(next) == 0;
    if (all_digits(number)) {
        gboolean licence = number->n == 8 && first->n == 8 && next->n != 8 && !file;
        gboolean other = (digits >= 5 || (file && next->n == 5)) &&
                         (file || (all_digits(next) && number->n <= 10));
        return !licence && ((number->n >= 5 && other) ||
                            (number->n >= 6 && lettered && g_ascii_isalpha(next->text[0])));
    }
    gboolean group = next - first > 1 && !token_is_complete(first) && !next[-1].dropped &&
                     all_digits(&next[-1]) && next[-1].n <= 2; /* "T6472 39 TS37447" */
    if (group && lettered && next->part == first->part) {
        return FALSE;
    }
    return (whole && file && (digits >= 5 || next->n == 5)) ||
           (is_finished(number) && is_measure(next)) ||
           (number->n >= 6 && token_is_clear(number) && token_is_clear(next)) ||
           (is_finished(number) && (lettered ? g_ascii_isalpha(next->text[0])
                                             : digits >= 4 && g_ascii_isdigit(next->text[0])));
}

/* Behind a number that may be whole, digits before a word count or date something: "HAA1234 2
 * MAGS", "331-12345 2019 VOLEE". */
static gboolean is_count(const Words *words, const Run *run, guint at, NumberWords *read)
{
    const Token *number = &run->joined;
    const Token *token = &words->token[at];
    gboolean last = at + 1 == words->n, sure = token->n <= 2 || word_is_date(token->text);
    gboolean word =
        last ? read->told &&
                   (sure || (strchr(token[-1].text, '-') != NULL && token_letters(&token[-1]) == 0))
             : token[1].dropped ||
                   (token_is_letters(&token[1]) && token[1].n > 1 && !token_is_country(&token[1]));
    gboolean whole = token_is_clear(number) || token_digits(number) >= 5;
    gboolean spelled = token[-1].n == 1 || /* "1 2 3 4", "12345 B 70", "1963 AB 1972" */
                       (!token[-1].dropped && token_is_letters(&token[-1]));
    gboolean group = at + 2 < words->n && !token[1].dropped && token_is_letters(&token[1]) &&
                     token[1].n <= 2 && token_digits(&token[2]) > 0; /* "T6472 17 AP 12345" */
    if (!whole || !all_digits(token) || !word || spelled || group) {
        return FALSE;
    }
    read->unsure = read->unsure || (!sure && token->part == run->part);
    return TRUE;
}

/* "380 HAA1234", "RUGER LCP 380 371123456": the bore of a calibre before a number that is whole
 * without it. */
static gboolean is_bore(const Run *run, const Token *token)
{
    gboolean lettered = token_is_complete(token) && token_letters(token) > 1;
    gboolean digits = run->told && all_digits(token) && token->n >= 7;
    return notation_listed(LIST_BORE, run->joined.text) && (lettered || digits);
}

/* "G4 ABC123", "1943 PK1234", "M17 58H123456": what has few digits stands before a number that is
 * whole without it; a model or a year, or else its beginning. */
static gboolean leads_to(const Run *run, const Token *token)
{
    const Token *lead = &run->joined;
    guint letters = token_letters(token), digits = token_digits(lead);
    gboolean mixed = token_letters(lead) > 0 && digits > 0 && digits <= 2 &&
                     (lead->n <= 5 || run->to > run->from + 2); /* "RCVD 4 MAR KLM4521" */
    if (!token_is_clear(token) || (token->n <= lead->n && run->to <= run->from + 2) ||
        (!mixed && !all_digits(lead))) {
        return FALSE;
    }
    if (letters == 0) {
        return run->told && mixed && g_ascii_isalpha(lead->text[0]); /* "PHOENIX HP22 4123456" */
    }
    return g_ascii_isalpha(token->text[0])
               ? token->n >= 6 && (mixed || (letters >= 3 && (!run->told || digits > 2)))
               : token->n >= 8 && (mixed || digits <= 2);
}

/* "HAA1234 S.92", "HAA1234 500": behind a number that is whole with letters and four digits of its
 * own little more may be a part of it. */
static gboolean is_trailing(const Words *words, const Run *run, guint at)
{
    const Token *whole = &words->token[run->from], *token = &words->token[at];
    return run->to == run->from + 1 && at == run->to && token_is_complete(whole) &&
           token_letters(whole) > 1 && token_digits(whole) >= 4 && token->part == run->part &&
           strpbrk(token->text, "+/") == NULL &&
           (all_digits(token) ? token->n == 3 : token->n <= 5 && token_digits(token) > 0);
}

/* Does a word begin a number of its own? */
static gboolean divides(const Words *words, const Run *run, guint at, NumberWords *read)
{
    const Token *token = &words->token[at];
    gboolean own =
        token_is_clear(&run->joined) || (token_digits(&run->joined) > 0 && token_is_clear(token));
    gboolean about = token->n == 1 && g_ascii_isalpha(token->text[0]) && at + 1 < words->n &&
                     is_finished(&run->joined) && word_is_date(token[1].text); /* "C. 1943" */
    if (about || is_count(words, run, at, read)) {
        return TRUE;
    }
    if (is_trailing(words, run, at)) {
        read->unsure = TRUE;
        return TRUE;
    }
    gboolean few = all_digits(&run->joined) && run->joined.n <= 2; /* "GUN 2 - HAA1234" */
    gboolean apart = run->told || token->part != run->part;
    gboolean listed = few && token_is_complete(token) &&
                      (token_letters(token) > 1 ? apart : run->told && run->joined.n == 1);
    gboolean remark = token->part != run->part && words->wordy[token->part];
    gboolean numbers = token->n <= 4 && at + 1 < words->n && token[1].part != token->part &&
                       token_is_clear(&token[1]) && token_is_clear(&run->joined); /* "2) AB9999" */
    gboolean letter = run->joined.n == 1 && g_ascii_isalpha(run->joined.text[0]) &&
                      token->part != run->part && token_is_complete(token); /* "A. AB1234" */
    gboolean seam =
        numbers || letter ||
        (read->told && token->part != run->part && all_digits(token) && token->n >= 5 &&
         run->joined.n >= 6 && token_is_clear(&run->joined) && token_letters(&run->joined) > 0);
    return remark || seam || is_bore(run, token) || (token->apart && own) || listed ||
           are_two(&run->joined, &words->token[run->from], token);
}

/* Parts in which words stand: all but a prefix whose digits follow. */
static void find_words(Words *words)
{
    for (guint i = 0; i < words->n; i++) {
        const Token *token = &words->token[i];
        gboolean prefix =
            i + 1 < words->n && g_ascii_isdigit(token[1].text[0]) && token->n <= 4 &&
            (i == 0 || token[-1].dropped || token_digits(&token[-1]) == 0 || token->n <= 2);
        gboolean word = token->n > 1 && token_is_letters(token) && !token_is_country(token);
        words->wordy[token->part] =
            words->wordy[token->part] || token->dropped || (word && !prefix);
    }
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
        gboolean led = !broken && token->part == runs[n - 1].part && leads_to(&runs[n - 1], token);
        if (led) {
            runs[n - 1].leads = TRUE;
        }
        if (broken || led || divides(words, &runs[n - 1], i, read)) {
            runs[n++] = (Run){.from = i, .told = told, .part = token->part};
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

/* "WIN 94 30-30 1234567", "REM 870 12GA AB123456M": what stands before a calibre with a number
 * behind it is a model. */
static gboolean is_model(const Words *words, const Run *run)
{
    const Token *calibre = run->to < words->n ? &words->token[run->to] : NULL;
    if (run->from > 0 || calibre == NULL || !calibre->calibre || run->to + 1 >= words->n ||
        token_digits(&run->joined) > (run->to > 1 ? 4 : 3) ||
        (run->to < 2 && token_digits(&run->joined) == 3)) {
        return FALSE;
    }
    const Token *number = calibre + 1;
    return !number->dropped && (token_is_clear(number) || token_digits(number) >= 5);
}

/* How much like the number a run is. */
static guint likeness(const Words *words, const Run *run)
{
    const Token *joined = &run->joined;
    guint digits = token_digits(joined);
    if (!word_has_position(joined->text)) {
        return 0;
    }
    if (run->leads || (run->told && word_is_date(words->token[run->from].text)) ||
        is_model(words, run)) {
        return 1;
    }
    if (token_is_clear(joined) && token_letters(joined) > 0) {
        /* "RDS 12312345 HAA1234": a word before digits may be no part of them */
        gboolean worded = FALSE;
        for (guint i = run->from; i < run->to; i++) {
            worded = worded || (words->token[i].n > 1 && token_is_letters(&words->token[i]));
        }
        return worded ? 4 : 5;
    }
    return digits >= 4 ? 3 : 2;
}

static gboolean is_whole(const Words *words, const Run *run)
{
    guint digits = token_digits(&run->joined);
    return ((token_is_clear(&run->joined) && digits >= 3) || digits >= 5) &&
           !word_is_date(words->token[run->from].text);
}

/* Stand words in a part of the text, behind a place? "K19 3344556 HAA1234" has them before. */
static gboolean words_follow(const Words *words, guint from, guint part)
{
    for (guint i = from; i < words->n; i++) {
        const Token *token = &words->token[i];
        if (token->part == part && (token->dropped || (token->n > 1 && token_is_letters(token)))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* "HAA PLUS 1234", "SOMETHING THEN 1234": digits whose beginning may stand before a word. */
static gboolean is_headed(const Words *words, const Run *run)
{
    guint at = run->from;
    if (!all_digits(&run->joined) || at == 0) {
        return FALSE;
    }
    if (words->token[at - 1].joins) {
        return TRUE;
    }
    while (at > 0 && words->token[at - 1].dropped) {
        at--;
    }
    return at > 0 && at < run->from && words->token[at - 1].n <= 4 &&
           token_is_letters(&words->token[at - 1]);
}

/* The run that looks most like a number; n: none does. */
static guint most_like(const Words *words, const Run *runs, guint n)
{
    guint best = n, most = 0;
    guint whole_to = 0; /* where the first ends that may be the number */
    for (guint i = 0; i < n; i++) {
        guint like = likeness(words, &runs[i]);
        gboolean remark = whole_to > 0 && words->wordy[runs[i].part] &&
                          words_follow(words, whole_to, runs[i].part); /* behind the number */
        like -= remark && like > 2 ? 3 : 0;
        if (like > most) {
            most = like;
            best = i;
        }
        whole_to = whole_to == 0 && like > 1 && is_whole(words, &runs[i]) ? runs[i].to : whole_to;
    }
    return best;
}

/* May what stands before it be a part of it? */
static gboolean is_open_left(const Words *words, const Run *run)
{
    const Token *before = run->from > 0 ? &words->token[run->from - 1] : NULL;
    return is_headed(words, run) ||
           (before != NULL && before->maybe && (before->model || !word_has_position(before->text)));
}

/* May what stands behind it be a part of it? */
static gboolean is_open_right(const Words *words, const Run *run)
{
    if (run->to >= words->n) {
        return FALSE;
    }
    const Token *next = &words->token[run->to];
    if (next->dropped) {
        return next->maybe || next->joins || /* "KLM45 THEN SCRATCH", "HAA1234 380" */
               (run->to + 1 == words->n && notation_listed(LIST_BORE, next->text));
    }
    return !next->apart && token_is_letters(next) && next->n <= 3 && all_digits(&run->joined) &&
           run->joined.n == 4; /* "1234 - BAK" */
}

char *words_run(Words *words, NumberWords *read)
{
    Run runs[TOKENS_MAX];
    find_words(words);
    guint n = read_runs(words, runs, read), best = most_like(words, runs, n);
    if (best == n) {
        return NULL;
    }
    const Token *chosen = &runs[best].joined;
    gboolean brief = token_digits(chosen) < 4 && chosen->n < 6; /* "HAA12 GAP 34": no whole */
    read->unsure = read->unsure || is_open_right(words, &runs[best]);
    read->unsure_left = is_open_left(words, &runs[best]) || (best > 0 && runs[best - 1].leads);
    for (guint i = 0; i < n; i++) {
        const Token *other = &runs[i].joined;
        read->more = read->more || (i != best && is_whole(words, &runs[i]) &&
                                    !word_same_key(other->text, chosen->text));
        read->unsure = read->unsure || (brief && i != best && token_digits(other) > 0);
    }
    GString *out = g_string_new(NULL);
    for (guint i = runs[best].from; i < runs[best].to; i++) {
        if (!words->token[i].dropped) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", words->token[i].text);
        }
    }
    return g_string_free(out, FALSE);
}
