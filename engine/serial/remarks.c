/*
 * Finds what is said about the characters of a number. A remark is a subject (a character, "the
 * last two digits") and what is said of it: that it may be another, that it is in doubt, or that
 * it is clear. Counts of what is missing become places. Whole numbers that are compared or
 * corrected are field.c's; remarks of other words are left out by words.c.
 */
#include <string.h>

#include "engine/serial/reading.h"
#include "engine/serial/remarks.h"

#define REMARK_TOKENS 64

typedef struct {
    /* the last two have the mark ')': one may be looked behind */
    RemarkToken token[REMARK_TOKENS + 2];
    guint n;
    char *text; /* what is taken out of it becomes GONE, and goes in the end */
    Doubts *doubts;
} Scan;

static const char GONE = '\1';
#define PLACES 0x80 /* and how many: plain text is ASCII */

static void tokens_read(Scan *scan)
{
    for (const char *p = scan->text; *p != '\0' && scan->n < REMARK_TOKENS;) {
        gsize n = 0;
        while (g_ascii_isalnum(p[n])) {
            n++;
        }
        RemarkToken token = {.at = p, .n = MAX(n, 1), .mark = n == 0 ? *p : '\0'};
        gboolean plural = *p == '\'' && (p[1] == 'S' || p[1] == 'T') && !g_ascii_isalnum(p[2]);
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
    for (guint i = 0; i + 1 < scan->n; i++) { /* "A CONFIRMER", "A PEINE" */
        const RemarkToken *next = &scan->token[i + 1];
        gboolean verb = next->class == REMARK_DOUBT && next->n > 5 &&
                        next->at[next->n - 2] == 'E' && next->at[next->n - 1] == 'R';
        gboolean hardly = next->n == 5 && strncmp(next->at, "PEINE", 5) == 0;
        if ((verb || hardly) && scan->token[i].n == 1 && scan->token[i].at[0] == 'A') {
            scan->token[i].class = REMARK_FILL;
        }
    }
    const RemarkToken end = {.at = scan->text + strlen(scan->text), .mark = ')'};
    scan->token[scan->n] = scan->token[scan->n + 1] = end;
}

static gboolean has_digit(const RemarkToken *token)
{
    for (gsize i = 0; i < token->n && token->mark == '\0'; i++) {
        if (g_ascii_isdigit(token->at[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean ends(const RemarkToken *token)
{
    return token->mark != '\0' && strchr("),;]}:", token->mark) != NULL;
}

/* Does a number of some length stand before, and nothing like one behind? */
static gboolean is_last(const Scan *scan, guint from, guint to)
{
    gboolean before = FALSE;
    for (guint i = 0; i < from; i++) {
        const RemarkToken *token = &scan->token[i];
        before = before || (token->mark == '\0' && word_has_position(token->at) && token->n >= 4);
    }
    for (guint i = to; i < scan->n; i++) {
        if (scan->token[i].mark == '\0' && remark_part(&scan->token[i]) > 0) {
            return FALSE;
        }
    }
    return before;
}

static gboolean holds(const RemarkToken *token, const char *text, gsize n)
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
        const RemarkToken *token = &scan->token[i];
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

/* So many characters and more, one of them a digit. */
static gboolean is_number(const RemarkToken *token, gsize least)
{
    return token->mark == '\0' && token->n >= least && has_digit(token);
}

/* A remark goes with the bracket that holds it, unless the number stands in there too. */
static guint take_remark(Scan *scan, guint from, guint to)
{
    guint open = 0, close = 0;
    gboolean bracket = bracket_of(scan, from, &open, &close);
    for (guint i = open; bracket && i < close; i++) {
        bracket = (i >= from && i < to) || !is_number(&scan->token[i], 4);
    }
    if (bracket) {
        const RemarkToken *end = &scan->token[close];
        take_out(scan, scan->token[open].at, end->at + (*end->at != '\0'));
        return close + 1;
    }
    const RemarkToken *last = &scan->token[to - 1];
    take_out(scan, scan->token[from].at, last->at + last->n);
    return to;
}

static void keep_doubts(Scan *scan, const RemarkSubject *subject)
{
    for (guint i = 0; i < subject->n && scan->doubts->n < REMARKS_MAX; i++) {
        scan->doubts->doubt[scan->doubts->n++] = subject->doubt[i];
    }
}

/* A word or mark before which a subject may begin: a character alone may be a part of the number.
 */
static gboolean begins(const Scan *scan, guint at, const RemarkSubject *subject)
{
    if (at == 0 || subject->named) {
        return TRUE;
    }
    const RemarkToken *before = &scan->token[at - 1];
    gboolean longer = strlen(subject->doubt[0].text) > 1;
    return before->mark != '\0' ? strchr("([{,;:", before->mark) != NULL ||
                                      (strchr("-/.", before->mark) != NULL && before->at[1] == ' ')
                                : !longer && before->n > 1;
}

/* Behind a word of doubt: "NOT SURE IF 3 OR 8". */
static gboolean is_introduced(const Scan *scan, guint at)
{
    const RemarkToken *before = &scan->token[at > 0 ? at - 1 : 0];
    return at > 0 && before->mark == '\0' && before->class != REMARK_OTHER &&
           before->class != REMARK_ARTICLE;
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

/* Does something with a digit stand before? */
static gboolean has_number(const Scan *scan, guint at)
{
    for (guint i = 0; i < at; i++) {
        if (has_digit(&scan->token[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is a character of these tokens a word? */
static gboolean is_spelled(const Scan *scan, guint at, guint n)
{
    for (guint i = at; i < at + n; i++) {
        if (remark_spelled(&scan->token[i]) != '\0') {
            return TRUE;
        }
    }
    return FALSE;
}

/* "THE 4 COULD BE A 9", "LAST DIGIT UNCERTAIN"; the token behind it, or 0. */
static guint subject_first(Scan *scan, guint at)
{
    RemarkSubject subject;
    guint n = remark_subject(&scan->token[at], &subject);
    if (n == 0 || !begins(scan, at, &subject)) {
        return 0;
    }
    RemarkSaid said = remark_said(&scan->token[at + n], &subject);
    guint to = at + n + said.tokens;
    const char *text = subject.doubt[0].text;
    gboolean spelled = is_spelled(scan, at, n);
    if (said.tokens == 0 || ((strlen(text) > 1 || spelled) && !occurs(scan, text, at, to))) {
        return 0;
    }
    gboolean there =
        occurs(scan, text, at, to) ||
        (subject.doubt[0].n_other > 0 && occurs(scan, subject.doubt[0].other[0], at, to));
    if (said.bare && !subject.named &&
        (!is_last(scan, at, to) || !there ||
         !(spelled || is_apart(scan, at) || is_introduced(scan, at)))) {
        return 0; /* "8 OR B" stands for a place */
    }
    if (text[0] != '\0' && !subject.named && scan->token[to - 1].mark == '?' &&
        (!is_apart(scan, at) || !occurs(scan, text, at, to))) {
        return 0; /* "123(4?)" */
    }
    if (said.doubt) {
        keep_doubts(scan, &subject);
    } else if (text[0] == '\0' && !has_number(scan, at)) {
        return 0; /* "LAST DIGITS LEGIBLE 1234" */
    }
    return take_remark(scan, at, to);
}

/* "NOT SURE OF THE 4", "UNCERTAIN LAST DIGIT"; the token behind it, or 0. */
static guint doubt_first(Scan *scan, guint at)
{
    guint i = at;
    gboolean denied = scan->token[i].mark == '\0' && scan->token[i].class == REMARK_NOT;
    i += denied;
    const RemarkToken *word = &scan->token[i];
    if (word->mark != '\0' ||
        !(denied ? word->class == REMARK_CERTAIN : word->class == REMARK_DOUBT)) {
        return 0;
    }
    for (i++; scan->token[i].mark == '\0' &&
              (scan->token[i].class == REMARK_FILL || (scan->token[i].class == REMARK_CERTAIN &&
                                                       remark_is_article(&scan->token[i + 1])));) {
        i++; /* "UNSURE OF", "DOUTE SUR LE" */
    }
    RemarkSubject subject;
    guint n = remark_subject(&scan->token[i], &subject);
    guint to = i + n;
    if (n == 0 || (subject.doubt[0].text[0] != '\0' && !ends(&scan->token[to])) ||
        subject.doubt[0].text[1] != '\0') {
        return 0;
    }
    keep_doubts(scan, &subject);
    return take_remark(scan, at, to);
}

/* "REPLACE 2 BY 7", "H AS IN HOTEL"; the token behind it, or 0. */
static guint replaced(Scan *scan, guint at)
{
    RemarkSubject subject;
    guint n = remark_replaced(&scan->token[at], &subject);
    keep_doubts(scan, &subject);
    return n > 0 ? take_remark(scan, at, at + n) : 0;
}

/* "1(OR 7)234", "HAA1234 OR 9": another reading of the character before; the token behind, or 0. */
static guint other_reading(Scan *scan, guint at)
{
    const RemarkToken *token = scan->token;
    gboolean bracket = token[at].mark == '(' || token[at].mark == '[';
    gboolean apart = token[at].mark == ',' || (token[at].mark == '-' && token[at].at[1] == ' ');
    guint i = at + (bracket || apart); /* "HAA1238, COULD BE B" */
    if (at == 0 || token[at - 1].mark != '\0' || !has_digit(&token[at - 1])) {
        return 0;
    }
    guint words = 0;
    while ((token[i].mark == '-' && words > 0) ||
           (token[i].mark == '\0' &&
            (token[i].class == REMARK_OR || token[i].class == REMARK_MODAL ||
             (words > 0 && (token[i].class == REMARK_FILL || remark_is_article(&token[i])))))) {
        i++;
        words++;
    }
    gboolean closed = bracket ? token[i + 1].mark == ')' || token[i + 1].mark == ']'
                              : token[at - 1].n >= 4 && ends(&token[i + 1]);
    if (words == 0 || !remark_is_character(&token[i]) || !closed) {
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
static gboolean goes_on(const RemarkToken *token)
{
    return token->mark == '\0' && token->class != REMARK_FILL &&
           (token->n == 1 || has_digit(token));
}

/* "2 ILLEGIBLE", "TWO DIGITS": the tokens; 0: nothing is counted. */
static guint counted(const RemarkToken *token, int *count, gboolean *gone)
{
    guint i = 0, nouns = 0;
    gboolean several = FALSE;
    *count = 0;
    *gone = FALSE;
    for (; token[i].mark == '\0'; i++) {
        RemarkClass class = token[i].class;
        if (*count == 0 && remark_is_article(&token[i])) {
            *count = 1; /* "A LETTER" */
        } else if (*count == 0 && remark_count(&token[i]) > 0) {
            *count = remark_count(&token[i]);
        } else if (remark_is_noun(&token[i])) {
            nouns++;
            several = token[i].at[token[i].n - 1] == 'S';
        } else if (class == REMARK_GONE || class == REMARK_DOUBT) {
            *gone = TRUE;
        } else if (class != REMARK_FILL && class != REMARK_NOT && class != REMARK_CERTAIN &&
                   class != REMARK_PLUS) {
            break;
        }
    }
    *count = MAX(*count, nouns > 0 && !several ? 1 : 0);
    return *count > 0 && (*gone || nouns > 0) ? i : 0;
}

/* Takes out [at, to) and puts places there, which may need more room than there was. */
static void put_places(Scan *scan, const char *at, const char *to, int count)
{
    char *start = scan->text + (at - scan->text);
    memset(start, GONE, (gsize)(to - at));
    *start = (char)(PLACES | CLAMP(count, 1, PLACES - 1));
}

static gboolean is_mark_of(const RemarkToken *token, const char *marks)
{
    return token->mark != '\0' && strchr(marks, token->mark) != NULL;
}

/* "HAA1 (2 ILLEGIBLE) 4", "HAA1 2 ILLEGIBLE 4", "HAA12 + 2 DIGITS": places that are counted; the
 * token behind, or 0. */
static guint counted_gap(Scan *scan, guint at)
{
    const RemarkToken *token = scan->token;
    if (at == 0 || token[at - 1].mark != '\0' || token[at - 1].n > 12) {
        return 0;
    }
    gboolean bracket = is_mark_of(&token[at], "([{<"), plus = token[at].mark == '+';
    gboolean prefix = at == 1 && token[0].n <= 4;
    plus = plus || (token[at].mark == '\0' && token[at].class == REMARK_PLUS) ||
           (token[at].mark == ',' && prefix); /* "HAA, FOUR DIGITS" */
    gboolean digits = has_digit(&token[at - 1]), gone;
    guint from = at + (bracket || plus);
    int count;
    guint n = counted(&token[from], &count, &gone), end = from + n;
    gboolean fits =
        n > 0 && (bracket ? is_mark_of(&token[end], ")]}>") && goes_on(&token[end + 1])
                  : plus  ? ends(&token[end]) && (digits || prefix)
                          : gone && digits && remark_count(&token[at]) > 0 && goes_on(&token[end]));
    if (!fits) {
        return 0;
    }
    put_places(scan, token[at].at, token[end].at + bracket, count);
    return end + bracket;
}

/* "TWO LETTERS THEN 1234": places before a number; the token behind, or 0. */
static guint letters_first(Scan *scan, guint at)
{
    const RemarkToken *token = scan->token;
    int count;
    gboolean gone;
    if (at > 0 || (remark_count(token) == 0 && !remark_is_article(token))) {
        return 0;
    }
    guint n = counted(token, &count, &gone);
    const RemarkToken *next = &token[n];
    gboolean letters = n > 1 && token[1].class == REMARK_LETTER;
    if (!letters || next->mark != '\0' || next->n < 3 || strspn(next->at, "0123456789") < next->n) {
        return 0;
    }
    put_places(scan, token->at, next->at, count);
    return n;
}

static gboolean is_few(const RemarkToken *token)
{
    return token->mark == '\0' && token->n <= 2 && strspn(token->at, "0123456789") >= token->n;
}

/* "X2", "#2" behind a number that is complete, "2X" before it; the token behind, or 0. */
static guint quantity(Scan *scan, guint at)
{
    const RemarkToken *token = &scan->token[at];
    gboolean times = token->mark == '\0' && token->at[0] == 'X';
    if (at == 0) {
        gboolean tied = token->mark == '\0' && token->at[token->n - 1] == 'X' && token->n <= 3 &&
                        strspn(token->at, "0123456789") + 1 == token->n && token->n > 1;
        gboolean loose = is_few(token) && token[1].n == 1 && token[1].at[0] == 'X';
        guint n = tied ? 1 : loose ? 2 : 0;
        return n > 0 && is_number(&token[n], 5) ? take_remark(scan, 0, n) : 0;
    }
    if (!(times || token->mark == '#') || token->at[-1] == '-') {
        return 0;
    }
    gsize digits = times ? strspn(token->at + 1, "0123456789") : 0;
    gboolean apart = token->n == 1 && is_few(&token[1]);
    guint to = at + (apart ? 2 : 1), number = at - 1;
    number -= number > 0 && scan->token[number].mark == '(';
    gboolean counts = apart || (times && digits + 1 == token->n && digits >= 1 && digits <= 2);
    if (!is_number(&scan->token[number], 5) || !counts || has_digit(&scan->token[to]) ||
        is_mark_of(&scan->token[to], "?*_#")) {
        return 0;
    }
    return take_remark(scan, at, to);
}

static char *without_gone(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    for (const char *p = text; *p != '\0'; p++) {
        guchar places = (guchar)*p & PLACES ? (guchar)*p & (PLACES - 1) : 0;
        for (guint i = 0; i < places; i++) {
            g_string_append_c(out, '?');
        }
        if (places == 0 && *p != GONE) {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(out, FALSE);
}

char *remarks_take(const char *plain, Doubts *doubts)
{
    static guint (*const kinds[])(Scan *, guint) = {
        letters_first, counted_gap, other_reading, quantity, replaced, doubt_first, subject_first};
    *doubts = (Doubts){.n = 0};
    if (strchr(plain, ' ') == NULL) {
        return g_strdup(plain); /* most fields: a remark has words */
    }
    g_autofree char *text = g_strdup(plain);
    Scan scan = {.text = text, .doubts = doubts};
    tokens_read(&scan);
    for (guint i = 0; i < scan.n;) {
        guint to = 0;
        const char *at = scan.token[i].at;
        gboolean glued = at > text && strchr("?*_]", at[-1]) != NULL; /* "H?A 1?34" */
        for (guint k = 0; k < G_N_ELEMENTS(kinds) && to == 0 && !glued; k++) {
            to = kinds[k](&scan, i);
        }
        i = to > 0 ? to : i + 1;
    }
    return without_gone(text);
}
