/*
 * The grammar of a remark: its subject, and what is said of it. Where remarks stand, and what
 * becomes of them, is remarks.c's.
 */
#include <string.h>

#include "engine/serial/remarks.h"

gboolean remark_is_character(const RemarkToken *token)
{
    return token->mark == '\0' && token->n == 1 && token->class != REMARK_FILL;
}

static gboolean is_word(const RemarkToken *token, const char *word)
{
    return token->mark == '\0' && token->n == strlen(word) &&
           strncmp(token->at, word, token->n) == 0;
}

static gboolean is_plain_noun(const RemarkToken *token)
{
    return token->mark == '\0' && (token->class == REMARK_NOUN || token->class == REMARK_LETTER ||
                                   token->class == REMARK_DIGIT);
}

char remark_spelled(const RemarkToken *token)
{
    const RemarkToken *next = token + 1;
    if (token->mark == '\0' && token->class == REMARK_COUNT && token->value < 10) {
        gboolean counts =
            next->mark == '\0' && (is_plain_noun(next) || next->class == REMARK_PLACE);
        return counts ? '\0' : (char)('0' + token->value);
    }
    gboolean last = next->mark != '\0' && strchr(",;)]}:?.", next->mark) != NULL;
    return last && (is_word(token, "ONE") || is_word(token, "UN")) ? '1' : '\0';
}

/* Writes so many characters of a part; a digit's name is its digit. */
static void remark_copy(const RemarkToken *token, gsize n, char *to)
{
    memcpy(to, token->at, n);
    if (n == 1 && remark_spelled(token) != '\0') {
        *to = remark_spelled(token);
    }
}

/* A character or a few: a part of a number. "4S" are several of them. */
gsize remark_part(const RemarkToken *token)
{
    if (remark_spelled(token) != '\0') {
        return 1;
    }
    if (token->mark != '\0' || token->class != REMARK_OTHER || token->n > REMARK_MAX) {
        return 0;
    }
    gboolean plural = token->n == 2 && g_ascii_isdigit(token->at[0]) && token->at[1] == 'S';
    gboolean digit = FALSE;
    for (gsize i = 0; i < token->n; i++) {
        digit = digit || g_ascii_isdigit(token->at[i]);
    }
    return plural ? 1 : token->n == 1 || digit ? token->n : 0;
}

gboolean remark_is_noun(const RemarkToken *token)
{
    return is_plain_noun(token) && remark_spelled(token) == '\0';
}

/* "THE", and "A" before what it may stand before. */
gboolean remark_is_article(const RemarkToken *token)
{
    gboolean a = token->mark == '\0' && token->n == 1 && token->at[0] == 'A' &&
                 (remark_is_character(token + 1) || remark_is_noun(token + 1) ||
                  remark_spelled(token + 1) != '\0' || token[1].class == REMARK_ARTICLE ||
                  token[1].class == REMARK_PLACE);
    return a ||
           (token->mark == '\0' && token->class == REMARK_ARTICLE && remark_spelled(token) == '\0');
}

int remark_count(const RemarkToken *token)
{
    gboolean digit = token->mark == '\0' && token->n == 1 && g_ascii_isdigit(token->at[0]);
    return digit                          ? token->at[0] - '0'
           : is_word(token, "ONE")        ? 1
           : token->class == REMARK_COUNT ? token->value
                                          : 0;
}

/* "LAST", "2 DERNIERS", "LAST TWO DIGITS", "SECOND TO LAST"; tokens that were read, 0: none. */
static guint read_places(const RemarkToken *token, Doubt *doubt)
{
    guint i = 0;
    int count = token[1].class == REMARK_PLACE ? remark_count(token) : 0;
    i += count > 0;
    if (token[i].mark != '\0' || token[i].class != REMARK_PLACE) {
        gboolean before = token[0].n == 5 && strncmp(token[0].at, "AVANT", 5) == 0;
        guint dash = token[1].mark == '-' ? 2 : 1;
        if (!before || token[dash].value != -1) {
            return 0;
        }
        doubt->place = -2; /* AVANT-DERNIER */
        i = dash + 1;
    } else {
        doubt->place = token[i++].value;
        if (doubt->place == 2 && (token[i].value == -1 || token[i + 1].value == -1)) {
            i += token[i].value == -1 ? 1 : 2;
            doubt->place = -2;
        } else if (doubt->place == -1 && is_word(&token[i], "BUT") &&
                   is_word(&token[i + 1], "ONE")) {
            i += 2;
            doubt->place = -2;
        }
        if (count == 0 && remark_count(&token[i]) > 0) {
            count = remark_count(&token[i++]);
        }
    }
    doubt->count = count > 0 ? (guint)count : 1;
    for (; remark_is_noun(&token[i]); i++) {
        doubt->noun = token[i].class;
    }
    return doubt->place == REMARK_ALL && doubt->noun == REMARK_OTHER ? 0 : i; /* "ALL CLEAR" */
}

static gboolean joins(const RemarkToken *token)
{
    return token->mark == ',' || token->mark == '&' ||
           (token->mark == '\0' && token->class == REMARK_PLUS &&
            (token->at[0] == 'A' || token->at[0] == 'E')); /* AND, ET */
}

guint remark_subject(const RemarkToken *token, RemarkSubject *subject)
{
    guint i = 0;
    *subject = (RemarkSubject){.n = 0};
    while (remark_is_article(&token[i])) {
        subject->named = TRUE;
        i++;
    }
    guint places = read_places(&token[i], &subject->doubt[0]);
    if (places > 0) {
        subject->named = TRUE;
        subject->n = 1;
        return i + places;
    }
    RemarkClass noun = REMARK_OTHER;
    for (; remark_is_noun(&token[i]) || (i > 0 && remark_is_article(&token[i])); i++) {
        subject->named = TRUE;
        noun = remark_is_noun(&token[i]) ? token[i].class : noun;
        i += token[i + 1].mark == '.'; /* "POS. 5" */
    }
    places = noun != REMARK_OTHER ? read_places(&token[i], &subject->doubt[0]) : 0;
    if (places > 0 && subject->doubt[0].place >= REMARK_MIDDLE) { /* "DIGITS IN THE MIDDLE" */
        subject->doubt[0].noun = noun;
        subject->n = 1;
        return i + places;
    }
    subject->doubt[0] = (Doubt){.n_other = 0};
    while (subject->n < REMARK_MAX && remark_part(&token[i]) > 0) {
        gsize n = remark_part(&token[i]);
        subject->doubt[subject->n].noun = noun;
        remark_copy(&token[i], n, subject->doubt[subject->n++].text);
        i++;
        guint gap = joins(&token[i]) ? 1 : 0;
        while (gap > 0 && remark_is_article(&token[i + gap])) {
            gap++;
        }
        if (gap == 0 || remark_part(&token[i + gap]) == 0) {
            break;
        }
        i += gap;
    }
    return subject->n > 0 ? i : 0;
}

/* "7 OR A 9": what a subject may be. */
static guint read_others(const RemarkToken *token, Doubt *doubt, gsize length)
{
    guint i = 0;
    while (doubt->n_other < REMARK_MAX && remark_part(&token[i]) == length) {
        remark_copy(&token[i], length, doubt->other[doubt->n_other++]);
        guint gap = i + 1;
        while (token[gap].class == REMARK_OR || token[gap].class == REMARK_MODAL ||
               token[gap].class == REMARK_FILL || token[gap].mark == ',' ||
               token[gap].mark == '/' || (gap > i + 1 && remark_is_article(&token[gap]))) {
            gap++;
        }
        if (gap == i + 1 || remark_part(&token[gap]) != length) {
            return i + 1;
        }
        i = gap;
    }
    return i;
}

static gboolean skipped(const RemarkToken *token)
{
    return (token->mark != '\0' && strchr("-:,.", token->mark) != NULL) ||
           remark_is_article(token) || remark_is_noun(token) ||
           (token->mark == '\0' && token->class == REMARK_FILL);
}

/* "6 OR", "SIX, PERHAPS": one of several. */
static gboolean is_choice(const RemarkToken *token)
{
    const RemarkToken *next = token + 1 + (token[1].mark == ',');
    return remark_part(token) == 1 && next->mark == '\0' &&
           (next->class == REMARK_OR || next->class == REMARK_MODAL);
}

RemarkSaid remark_said(const RemarkToken *token, RemarkSubject *subject)
{
    const Doubt *first = &subject->doubt[0];
    gsize length = first->text[0] != '\0' ? strlen(first->text) : first->count;
    gboolean denied = FALSE, modal = FALSE, bare = TRUE;
    guint i = 0;
    for (;; i++) {
        const RemarkToken *next = &token[i];
        gboolean word = next->mark == '\0';
        if (next->mark == '?') {
            return (RemarkSaid){i + 1, TRUE, FALSE};
        }
        gboolean told = subject->named && i > 0 && first->text[0] != '\0' && next[1].mark != '\0' &&
                        strchr(",;)]}?", next[1].mark) != NULL; /* "THE 2 IS A 7" */
        if ((modal || denied || told ||
             (length == 1 && first->text[0] == '\0' && is_choice(next))) &&
            remark_part(next) == length && length > 0 && !remark_is_article(next)) {
            guint others = read_others(next, &subject->doubt[0], length);
            for (guint k = 1; k < subject->n; k++) {
                memcpy(subject->doubt[k].other, first->other, sizeof(first->other));
                subject->doubt[k].n_other = first->n_other;
            }
            return (RemarkSaid){i + others, !denied, bare};
        }
        if (word && (next->class == REMARK_DOUBT || next->class == REMARK_CERTAIN)) {
            gboolean certain = next->class == REMARK_CERTAIN;
            return (RemarkSaid){i + 1, certain == denied || (certain && modal), FALSE};
        }
        if (word && next->class == REMARK_GONE) {
            gboolean inside = first->place == REMARK_MIDDLE || first->place < -1;
            gboolean there = first->text[0] != '\0' ? subject->named : inside;
            return (RemarkSaid){there ? i + 1 : 0, TRUE, FALSE};
        }
        denied = denied || (word && next->class == REMARK_NOT);
        modal = modal || next->mark == '=' || next->mark == '>' || next->mark == '/' ||
                (word && (next->class == REMARK_MODAL || next->class == REMARK_OR));
        bare = bare && (next->mark == '/' || (word && next->class == REMARK_OR));
        if (!skipped(next) && next->mark != '=' && next->mark != '>' && next->mark != '/' &&
            !(word && (next->class == REMARK_MODAL || next->class == REMARK_OR ||
                       next->class == REMARK_NOT))) {
            return (RemarkSaid){0, FALSE, FALSE};
        }
    }
}

/* "H AS IN HOTEL", "H COMME HOTEL": tokens, 0: none. */
static guint read_name(const RemarkToken *token)
{
    guint at = is_word(&token[1], "AS") && is_word(&token[2], "IN")        ? 3
               : is_word(&token[1], "COMME") && is_word(&token[2], "DANS") ? 3
               : is_word(&token[1], "COMME") || is_word(&token[1], "FOR")  ? 2
                                                                           : 0;
    return at > 0 && token[at].mark == '\0' && token[at].n > 1 && token[at].at[0] == token->at[0]
               ? at + 1
               : 0;
}

guint remark_replaced(const RemarkToken *token, RemarkSubject *subject)
{
    Doubt *doubt = &subject->doubt[0];
    guint from = 1;
    *subject = (RemarkSubject){.n = 0};
    if (remark_is_character(token) && g_ascii_isalpha(token->at[0])) {
        return read_name(token);
    }
    if (token->mark != '\0' || token->class != REMARK_REPLACE) {
        return 0;
    }
    from += remark_is_article(&token[1]);
    guint to = from + 1;
    while (token[to].mark == '\0' &&
           (token[to].class == REMARK_FILL || remark_is_article(&token[to]))) {
        to++;
    }
    if (remark_part(&token[from]) != 1 || to == from + 1 || remark_part(&token[to]) != 1) {
        return 0;
    }
    remark_copy(&token[from], 1, doubt->text);
    remark_copy(&token[to], 1, doubt->other[doubt->n_other++]);
    subject->n = 1;
    return to + 1;
}
