/*
 * Finds what is said about the characters of a number. A remark is a subject (a character, "the
 * last two digits") and what is said of it: that it may be another, that it is in doubt, or that
 * it is clear. Counts of what is missing become places. Whole numbers that are compared or
 * corrected are field.c's; remarks of other words are left out by words.c.
 */
#include "engine/serial/remarks.h"

#include <string.h>

#include "engine/serial/reading.h"

#define TOKENS_MAX 64

/* A word, or one mark. */
typedef struct {
    const char *at;
    gsize n;
    RemarkClass class;
    int value;
    char mark; /* 0: a word */
} Token;

typedef struct {
    Token token[TOKENS_MAX + 1]; /* the last one has the mark ')' */
    guint n;
    char *text; /* what is taken out of it becomes GONE, and goes in the end */
    Doubts *doubts;
} Scan;

static const char GONE = '\1';

static void tokens_read(Scan *scan)
{
    for (const char *p = scan->text; *p != '\0' && scan->n < TOKENS_MAX;) {
        gsize n = 0;
        while (g_ascii_isalnum(p[n])) {
            n++;
        }
        Token token = {.at = p, .n = MAX(n, 1), .mark = n == 0 ? *p : '\0'};
        gboolean plural = *p == '\'' && p[1] == 'S' && !g_ascii_isalnum(p[2]);
        if (n > 0) {
            token.class = remark_class(p, n, &token.value);
            gboolean elided = n == 1 && p[1] == '\'' && g_ascii_isalpha(p[2]) &&
                              strchr("LDNCS", *p) != NULL && g_ascii_isalnum(p[3]);
            token.class = elided ? REMARK_FILL : token.class;
        }
        p += plural ? 2 : token.n;
        if (token.mark == '\0' || strchr(" '\"", token.mark) == NULL) {
            scan->token[scan->n++] = token;
        }
    }
    scan->token[scan->n] = (Token){.at = scan->text + strlen(scan->text), .mark = ')'};
}

static gboolean is_character(const Token *token)
{
    return token->mark == '\0' && token->n == 1 && token->class != REMARK_FILL;
}

/* A character or a few: a part of a number. "4S" are several of them. */
static gsize part_length(const Token *token)
{
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

static gboolean is_noun(const Token *token)
{
    return token->mark == '\0' && (token->class == REMARK_NOUN || token->class == REMARK_LETTER ||
                                   token->class == REMARK_DIGIT);
}

/* "THE", and "A" before what it may stand before. */
static gboolean is_article(const Token *token)
{
    gboolean a = token->mark == '\0' && token->n == 1 && token->at[0] == 'A' &&
                 (is_character(token + 1) || is_noun(token + 1) ||
                  token[1].class == REMARK_ARTICLE || token[1].class == REMARK_PLACE);
    return a || (token->mark == '\0' && token->class == REMARK_ARTICLE);
}

static int count_of(const Token *token)
{
    gboolean digit = token->mark == '\0' && token->n == 1 && g_ascii_isdigit(token->at[0]);
    gboolean one = token->mark == '\0' && token->n == 3 && strncmp(token->at, "ONE", 3) == 0;
    return digit ? token->at[0] - '0' : one ? 1 : token->class == REMARK_COUNT ? token->value : 0;
}

/* "LAST", "2 DERNIERS", "LAST TWO DIGITS", "SECOND TO LAST"; tokens that were read, 0: none. */
static guint read_places(const Token *token, Doubt *doubt)
{
    guint i = 0;
    int count = token[1].class == REMARK_PLACE ? count_of(token) : 0;
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
        }
        if (count == 0 && count_of(&token[i]) > 0) {
            count = count_of(&token[i++]);
        }
    }
    doubt->count = count > 0 ? (guint)count : 1;
    for (; is_noun(&token[i]); i++) {
        doubt->noun = token[i].class;
    }
    return i;
}

/* What a remark is about: subjects that are joined are several doubts. */
typedef struct {
    Doubt doubt[REMARK_MAX];
    guint n;
    gboolean named; /* an article or noun says that it is one */
} Subject;

static gboolean joins(const Token *token)
{
    return token->mark == ',' || token->mark == '&' ||
           (token->mark == '\0' && token->class == REMARK_PLUS &&
            (token->at[0] == 'A' || token->at[0] == 'E')); /* AND, ET */
}

static guint read_subject(const Token *token, Subject *subject)
{
    guint i = 0;
    *subject = (Subject){.n = 0};
    while (is_article(&token[i])) {
        subject->named = TRUE;
        i++;
    }
    guint places = read_places(&token[i], &subject->doubt[0]);
    if (places > 0) {
        subject->named = TRUE;
        subject->n = 1;
        return i + places;
    }
    for (; is_noun(&token[i]) || (i > 0 && is_article(&token[i])); i++) {
        subject->named = TRUE;
    }
    while (subject->n < REMARK_MAX && part_length(&token[i]) > 0) {
        gsize n = part_length(&token[i]);
        memcpy(subject->doubt[subject->n++].text, token[i].at, n);
        i++;
        guint gap = joins(&token[i]) ? 1 : 0;
        while (gap > 0 && is_article(&token[i + gap])) {
            gap++;
        }
        if (gap == 0 || part_length(&token[i + gap]) == 0) {
            break;
        }
        i += gap;
    }
    return subject->n > 0 ? i : 0;
}

/* "7 OR A 9": what a subject may be. */
static guint read_others(const Token *token, Doubt *doubt, gsize length)
{
    guint i = 0;
    while (doubt->n_other < REMARK_MAX && part_length(&token[i]) == length) {
        memcpy(doubt->other[doubt->n_other++], token[i].at, length);
        guint gap = i + 1;
        while (token[gap].class == REMARK_OR || token[gap].class == REMARK_MODAL ||
               token[gap].class == REMARK_FILL || token[gap].mark == ',' ||
               token[gap].mark == '/' || (gap > i + 1 && is_article(&token[gap]))) {
            gap++;
        }
        if (gap == i + 1 || part_length(&token[gap]) != length) {
            return i + 1;
        }
        i = gap;
    }
    return i;
}

/* What is said. */
typedef struct {
    guint tokens; /* 0: nothing */
    gboolean doubt;
    gboolean bare; /* nothing but "or" stands between */
} Said;

static gboolean skipped(const Token *token)
{
    return (token->mark != '\0' && strchr("-:,.", token->mark) != NULL) || is_article(token) ||
           is_noun(token) || (token->mark == '\0' && token->class == REMARK_FILL);
}

static Said read_said(const Token *token, Subject *subject)
{
    const Doubt *first = &subject->doubt[0];
    gsize length = first->text[0] != '\0' ? strlen(first->text) : first->count;
    gboolean not = FALSE, modal = FALSE, bare = TRUE;
    guint i = 0;
    for (;; i++) {
        const Token *next = &token[i];
        gboolean word = next->mark == '\0';
        if (next->mark == '?') {
            return (Said){i + 1, TRUE, FALSE};
        }
        if ((modal || not ) && part_length(next) == length && length > 0 && !is_article(next)) {
            guint others = read_others(next, &subject->doubt[0], length);
            for (guint k = 1; k < subject->n; k++) {
                memcpy(subject->doubt[k].other, first->other, sizeof(first->other));
                subject->doubt[k].n_other = first->n_other;
            }
            return (Said){i + others, !not, bare};
        }
        if (word && (next->class == REMARK_DOUBT || next->class == REMARK_CERTAIN)) {
            gboolean certain = next->class == REMARK_CERTAIN;
            return (Said){i + 1, certain == not || (certain && modal), FALSE};
        }
        if (word && next->class == REMARK_GONE) {
            return (Said){first->text[0] != '\0' && subject->named ? i + 1 : 0, TRUE, FALSE};
        }
        not = not || (word && next->class == REMARK_NOT);
        modal = modal || next->mark == '=' || next->mark == '/' ||
                (word && (next->class == REMARK_MODAL || next->class == REMARK_OR));
        bare = bare && (next->mark == '/' || (word && next->class == REMARK_OR));
        if (!skipped(next) && next->mark != '=' && next->mark != '/' &&
            !(word && (next->class == REMARK_MODAL || next->class == REMARK_OR ||
                       next->class == REMARK_NOT))) {
            return (Said){0, FALSE, FALSE};
        }
    }
}

static gboolean ends(const Token *token)
{
    return token->mark != '\0' && strchr("),;]}:", token->mark) != NULL;
}

/* Does a number of some length stand before, and nothing like one behind? */
static gboolean is_last(const Scan *scan, guint from, guint to)
{
    gboolean before = FALSE;
    for (guint i = 0; i < from; i++) {
        const Token *token = &scan->token[i];
        before = before || (token->mark == '\0' && word_has_position(token->at) && token->n >= 4);
    }
    for (guint i = to; i < scan->n; i++) {
        if (scan->token[i].mark == '\0' && part_length(&scan->token[i]) > 0) {
            return FALSE;
        }
    }
    return before;
}

static gboolean holds(const Token *token, const char *text, gsize n)
{
    for (gsize at = 0; at + n <= token->n; at++) {
        gsize same = 0;
        while (same < n && char_set(token->at[at + same]) == char_set(text[same])) {
            same++;
        }
        if (same == n) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does the text hold these characters outside the tokens of the remark? */
static gboolean occurs(const Scan *scan, const char *text, guint from, guint to)
{
    gsize n = strlen(text);
    for (guint i = 0; i < scan->n; i++) {
        const Token *token = &scan->token[i];
        if ((i < from || i >= to) && token->mark == '\0' && token->n > n && holds(token, text, n)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Where the bracket begins that holds a token, and ends; FALSE: it stands in none. */
static gboolean bracket_of(const Scan *scan, guint at, guint *open, guint *close)
{
    for (guint i = at; i-- > 0;) {
        char mark = scan->token[i].mark;
        if (mark == ')' || mark == ']' || mark == '}') {
            return FALSE;
        }
        if (mark == '(' || mark == '[' || mark == '{') {
            *open = i;
            *close = at;
            while (*close < scan->n && (scan->token[*close].mark == '\0' ||
                                        strchr(")]}", scan->token[*close].mark) == NULL)) {
                (*close)++;
            }
            return TRUE;
        }
    }
    return FALSE;
}

/* Takes text out: nothing in a number, a comma elsewhere. */
static void take_out(Scan *scan, const char *from, const char *to)
{
    char *start = scan->text + (from - scan->text);
    gboolean inside = from > scan->text && g_ascii_isalnum(from[-1]) && g_ascii_isalnum(*to);
    memset(start, inside ? GONE : ' ', (gsize)(to - from));
    if (!inside && to > from) {
        *start = ',';
    }
}

static guint take_remark(Scan *scan, guint from, guint to)
{
    guint open, close;
    if (bracket_of(scan, from, &open, &close)) {
        const Token *end = &scan->token[close];
        take_out(scan, scan->token[open].at, end->at + (*end->at != '\0'));
        return close + 1;
    }
    const Token *last = &scan->token[to - 1];
    take_out(scan, scan->token[from].at, last->at + last->n);
    return to;
}

static void keep_doubts(Scan *scan, const Subject *subject)
{
    for (guint i = 0; i < subject->n && scan->doubts->n < REMARKS_MAX; i++) {
        scan->doubts->doubt[scan->doubts->n++] = subject->doubt[i];
    }
}

/* A word or mark before which a subject may begin: a character alone may be a part of the number.
 */
static gboolean begins(const Scan *scan, guint at, const Subject *subject)
{
    if (at == 0 || subject->named) {
        return TRUE;
    }
    const Token *before = &scan->token[at - 1];
    gboolean longer = strlen(subject->doubt[0].text) > 1;
    return before->mark != '\0' ? strchr("([{,;:", before->mark) != NULL ||
                                      (strchr("-/.", before->mark) != NULL && before->at[1] == ' ')
                                : !longer && before->n > 1;
}

/* In a bracket behind a blank, or behind another mark: "HAA1234 (4 OR 9)", not "HAA12(4/9)". */
static gboolean is_apart(const Scan *scan, guint at)
{
    guint open, close;
    if (bracket_of(scan, at, &open, &close)) {
        return scan->token[open].at > scan->text && scan->token[open].at[-1] == ' ';
    }
    return at > 0 && scan->token[at - 1].mark != '\0' &&
           strchr(",;:.", scan->token[at - 1].mark) != NULL;
}

/* "THE 4 COULD BE A 9", "LAST DIGIT UNCERTAIN"; the token behind it, or 0. */
static guint subject_first(Scan *scan, guint at)
{
    Subject subject;
    guint n = read_subject(&scan->token[at], &subject);
    if (n == 0 || !begins(scan, at, &subject)) {
        return 0;
    }
    Said said = read_said(&scan->token[at + n], &subject);
    guint to = at + n + said.tokens;
    const char *text = subject.doubt[0].text;
    if (said.tokens == 0 || (strlen(text) > 1 && !occurs(scan, text, at, to))) {
        return 0;
    }
    if (said.bare && !subject.named &&
        (!is_last(scan, at, to) || !is_apart(scan, at) || !occurs(scan, text, at, to))) {
        return 0; /* "8 OR B" stands for a place */
    }
    if (text[0] != '\0' && !subject.named && scan->token[to - 1].mark == '?' &&
        (!is_apart(scan, at) || !occurs(scan, text, at, to))) {
        return 0; /* "123(4?)" */
    }
    if (said.doubt) {
        keep_doubts(scan, &subject);
    }
    return take_remark(scan, at, to);
}

/* "NOT SURE OF THE 4", "UNCERTAIN LAST DIGIT"; the token behind it, or 0. */
static guint doubt_first(Scan *scan, guint at)
{
    guint i = at;
    gboolean not = scan->token[i].mark == '\0' && scan->token[i].class == REMARK_NOT;
    i += not ;
    const Token *word = &scan->token[i];
    if (word->mark != '\0' ||
        !(not ? word->class == REMARK_CERTAIN : word->class == REMARK_DOUBT)) {
        return 0;
    }
    for (i++; scan->token[i].mark == '\0' &&
              (scan->token[i].class == REMARK_FILL ||
               (scan->token[i].class == REMARK_CERTAIN && is_article(&scan->token[i + 1])));) {
        i++; /* "UNSURE OF", "DOUTE SUR LE" */
    }
    Subject subject;
    guint n = read_subject(&scan->token[i], &subject);
    guint to = i + n;
    if (n == 0 || (subject.doubt[0].text[0] != '\0' && !ends(&scan->token[to])) ||
        subject.doubt[0].text[1] != '\0') {
        return 0;
    }
    keep_doubts(scan, &subject);
    return take_remark(scan, at, to);
}

static gboolean has_digit(const Token *token)
{
    for (gsize i = 0; i < token->n && token->mark == '\0'; i++) {
        if (g_ascii_isdigit(token->at[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* "1(OR 7)234", "HAA1234 OR 9": another reading of the character before; the token behind, or 0. */
static guint other_reading(Scan *scan, guint at)
{
    const Token *token = scan->token;
    gboolean bracket = token[at].mark == '(' || token[at].mark == '[';
    guint i = at + bracket;
    if (at == 0 || token[at - 1].mark != '\0' || !has_digit(&token[at - 1])) {
        return 0;
    }
    guint words = 0;
    while ((token[i].mark == '-' && words > 0) ||
           (token[i].mark == '\0' &&
            (token[i].class == REMARK_OR || token[i].class == REMARK_MODAL ||
             (words > 0 && (token[i].class == REMARK_FILL || is_article(&token[i])))))) {
        i++;
        words++;
    }
    gboolean closed = bracket ? token[i + 1].mark == ')' || token[i + 1].mark == ']'
                              : token[at - 1].n >= 4 && ends(&token[i + 1]);
    if (words == 0 || !is_character(&token[i]) || !closed) {
        return 0;
    }
    char *before = scan->text + (token[at - 1].at + token[at - 1].n - 1 - scan->text);
    const char *end = token[i + 1].at + (bracket && *token[i + 1].at != '\0');
    char other = *token[i].at, own = *before;
    memset(before, GONE, (gsize)(end - before));
    before[0] = '[';
    before[1] = own;
    before[2] = other;
    before[3] = ']';
    return i + 1 + bracket;
}

/* Behind a gap a number goes on: a character, or a few with a digit. */
static gboolean goes_on(const Token *token)
{
    return token->mark == '\0' && token->class != REMARK_FILL &&
           (token->n == 1 || has_digit(token));
}

/* "HAA1 (2 ILLEGIBLE) 4", "HAA12 + 2 DIGITS": places that are counted; the token behind, or 0. */
static guint counted_gap(Scan *scan, guint at)
{
    const Token *token = scan->token;
    gboolean bracket = token[at].mark != '\0' && strchr("([{", token[at].mark) != NULL;
    gboolean plus =
        token[at].mark == '+' || (token[at].mark == '\0' && token[at].class == REMARK_PLUS);
    guint i = at + 1, nouns = 0;
    if ((!bracket && !plus) || at == 0 || token[at - 1].mark != '\0' || token[at - 1].n > 8) {
        return 0;
    }
    gboolean gone = FALSE;
    int count = 0;
    for (; token[i].mark == '\0'; i++) {
        if (count == 0 && count_of(&token[i]) > 0) {
            count = count_of(&token[i]);
        } else if (is_noun(&token[i])) {
            nouns++;
        } else if (token[i].class == REMARK_GONE || token[i].class == REMARK_DOUBT) {
            gone = TRUE;
        } else if (token[i].class != REMARK_FILL && token[i].class != REMARK_NOT &&
                   token[i].class != REMARK_CERTAIN && token[i].class != REMARK_PLUS) {
            break;
        }
    }
    gboolean closed =
        token[i].mark != '\0' && (bracket ? strchr(")]}", token[i].mark) != NULL : ends(&token[i]));
    gboolean follows = bracket && closed && goes_on(&token[i + 1]);
    if (count == 0 || !closed || (!gone && nouns == 0) || (bracket && !follows) ||
        (!bracket && !has_digit(&token[at - 1]))) {
        return 0;
    }
    char *start = scan->text + (token[at].at - scan->text);
    memset(start, GONE, (gsize)(token[i].at - start) + bracket);
    memset(start, '?', (gsize)count);
    return i + 1;
}

/* "X2" behind a number that is complete; the token behind, or 0. */
static guint quantity(Scan *scan, guint at)
{
    const Token *token = &scan->token[at];
    if (at == 0 || token->mark != '\0' || token->at[0] != 'X' || token->at[-1] == '-') {
        return 0;
    }
    gsize digits = strspn(token->at + 1, "0123456789");
    gboolean apart = token->n == 1 && token[1].mark == '\0' && token[1].n <= 2 &&
                     strspn(token[1].at, "0123456789") == token[1].n;
    guint to = at + (apart ? 2 : 1);
    guint number = at - 1;
    number -= number > 0 && scan->token[number].mark == '(';
    const Token *before = &scan->token[number];
    gboolean whole = before->mark == '\0' && before->n >= 5 && has_digit(before);
    if (!whole || !(apart || (digits + 1 == token->n && digits >= 1 && digits <= 2)) ||
        !ends(&scan->token[to])) {
        return 0;
    }
    return take_remark(scan, at, to);
}

char *remarks_take(const char *plain, Doubts *doubts)
{
    static guint (*const kinds[])(Scan *, guint) = {counted_gap, other_reading, quantity,
                                                    doubt_first, subject_first};
    char *text = g_strdup(plain);
    Scan scan = {.text = text, .doubts = doubts};
    *doubts = (Doubts){.n = 0};
    tokens_read(&scan);
    for (guint i = 0; i < scan.n;) {
        guint to = 0;
        for (guint k = 0; k < G_N_ELEMENTS(kinds) && to == 0; k++) {
            to = kinds[k](&scan, i);
        }
        i = to > 0 ? to : i + 1;
    }
    char *out = text;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != GONE) {
            *out++ = *p;
        }
    }
    *out = '\0';
    return text;
}
