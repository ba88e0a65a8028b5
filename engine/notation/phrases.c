/*
 * Finds the phrases of lexicon.c and labels.c in a folded text, accents lost to an encoding and
 * French endings included, and spelled-out literals ("N - A").
 */
#include "engine/notation/notation.h"

#include <string.h>

#include "engine/notation/remark_words.h"

static const char *const COUNTS[] = {"ONE",   "TWO",  "THREE", "FOUR",   "FIVE", "SIX",  "SEVEN",
                                     "EIGHT", "DEUX", "TROIS", "QUATRE", "CINQ", "SEPT", "HUIT"};

/* "1ST", "3RD", "2E" */
static gsize ordinal_length(const char *at)
{
    static const char *const ENDS[] = {"ST", "ND", "RD", "TH", "E", "ER", "EME"};
    for (guint i = 0; i < G_N_ELEMENTS(ENDS) && g_ascii_isdigit(at[0]); i++) {
        gsize n = 1 + strlen(ENDS[i]);
        if (strncmp(at + 1, ENDS[i], n - 1) == 0 && !g_ascii_isalnum(at[n])) {
            return n;
        }
    }
    return 0;
}

/* Length of a count at a word start: a digit, a number word, an ordinal; 0 when there is none. */
static gsize count_length(const char *at)
{
    if (g_ascii_isdigit(at[0]) && !g_ascii_isalnum(at[1])) {
        return 1;
    }
    for (guint i = 0; i < G_N_ELEMENTS(COUNTS); i++) {
        gsize n = strlen(COUNTS[i]);
        if (strncmp(at, COUNTS[i], n) == 0 && !g_ascii_isalnum(at[n])) {
            return n;
        }
    }
    return ordinal_length(at);
}

/* Length of a word for characters at a word start, 0 when there is none. */
static gsize noun_length(const char *at)
{
    gsize n = strcspn(at, " .,:;()=-/'\"");
    int value;
    RemarkClass class = remark_class(at, n, &value);
    return class == REMARK_NOUN || class == REMARK_LETTER || class == REMARK_DIGIT ? n : 0;
}

static gsize gap_length(const char *at)
{
    return strspn(at, " .-'/_");
}

/* "/", " / ", ".", ". " */
static gsize slash_length(const char *at)
{
    gsize n = strspn(at, " ");
    return at[n] == '/' || at[n] == '.' || at[n] == '\\' ? n + 1 + strspn(at + n + 1, " ") : 0;
}

static gboolean is_first(const char *at)
{
    return strncmp(at, "1ST ", 4) == 0;
}

/* Length of the phrase at this place, 0 when it does not stand here. */
static gsize phrase_length(const char *at, const char *words)
{
    const char *p = at;
    if (is_first(at) && strncmp(words, "FIRST", 5) == 0) {
        p += 3;
        words += 5;
    }
    guint mangled = 0; /* letters with an accent that an encoding made '?' */
    for (const char *w = words; *w != '\0'; w++) {
        gsize n = 1;
        if (*w == '%') {
            n = count_length(p);
        } else if (*w == '$') {
            n = noun_length(p);
        } else if (*w == ' ') {
            n = gap_length(p);
        } else if (*w == '/') {
            n = slash_length(p);
        } else if (*w != *p) {
            n = *p == '?' && strlen(words) > 4 && strchr("ACEOU", *w) != NULL && mangled++ < 2;
        }
        if (n == 0) {
            return 0;
        }
        p += n;
    }
    if (p - at > 3 && p[-1] == 'E') { /* limé, limés, limées */
        p += *p == 'E';
        p += *p == 'S';
    }
    gboolean slash = strchr("/ #>", p[-1]) != NULL; /* "ENDS W/ 1234", "GUN #12" */
    return g_ascii_isalnum(*p) && !slash ? 0 : (gsize)(p - at);
}

/* "NS: 12345", "MAT. 12345", "S# 12345", but NS 12345 and MAT 12345: labels that may be a prefix.
 */
static gboolean needs_mark(const char *at, gsize n)
{
    static const char *const words[] = {"NS", "MAT", "S"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strlen(words[i]) == n && strncmp(at, words[i], n) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* "NO-1234", "SN-1234": a short word tied to a number is its prefix; so is "NA 12345", where "N/A
 * 12345" is not. */
static gboolean tied_to_number(const char *at, gsize n)
{
    gboolean literal = (n == 2 && strncmp(at, "NA", 2) == 0) ||
                       (n == 3 && strncmp(at, "NSN", 3) == 0) ||
                       (n == 3 && strncmp(at, "ILL", 3) == 0);
    if (literal && at[n] == ' ' && strspn(at + n + 1, "0123456789") >= 3) {
        return TRUE;
    }
    if (needs_mark(at, n)) {
        return at[n] == '\0' || strchr(n == 1 ? "#" : ":=#.", at[n]) == NULL ||
               strpbrk(at + n + 1, "?#_*[") != NULL;
    }
    gboolean joint = (n == 2 && (strncmp(at, "ET", 2) == 0 || strncmp(at, "OU", 2) == 0 ||
                                 strncmp(at, "OR", 2) == 0)) ||
                     (n == 3 && strncmp(at, "AND", 3) == 0);
    if (joint && at[n] != '\0' && strchr("_*#", at[n]) != NULL) {
        return TRUE; /* "ET_343US" is no "and" */
    }
    return n <= 3 && (at[n] == '-' || at[n] == '?' || at[n] == '[') && at[n + 1] != '\0' &&
           at[n + 1] != ' ';
}

/* "HAA1234", "331": most fields; no phrase begins so. "LAST4" may be one. */
static gboolean is_number_word(const char *at)
{
    guint digits = 0, n = 0;
    if (ordinal_length(at) > 0) {
        return FALSE;
    }
    for (; g_ascii_isalnum(at[n]); n++) {
        digits += g_ascii_isdigit(at[n]);
    }
    return digits > 1 || (digits == 1 && n > 1 && g_ascii_isdigit(at[0]));
}

gsize notation_glued_label(const char *at)
{
    static const char *const labels[] = {"SERIALNUMBER", "SERIALNO", "SERIALNUM", "SERIAL",
                                         "SERIENUMMER",  "SERNO",    "SERIE",     "NUMERO",
                                         "MATRICULE",    "NUMBER"};
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        gsize n = strlen(labels[i]);
        if (strncmp(at, labels[i], n) == 0 && g_ascii_isdigit(at[n])) {
            return n;
        }
    }
    return 0;
}

/* All groups one after the other: the first for NULL, NULL behind the last. */
static const PhraseGroup *next_group(const PhraseGroup *group)
{
    static const Lexicon *const all[] = {&LEXICON_STATES, &LEXICON_LABELS, &LEXICON_RELATIONS};
    for (guint i = 0; group != NULL && i < G_N_ELEMENTS(all); i++) {
        if (group + 1 == all[i]->group + all[i]->n) {
            return i + 1 < G_N_ELEMENTS(all) ? all[i + 1]->group : NULL;
        }
    }
    return group == NULL ? all[0]->group : group + 1;
}

const Phrase *notation_phrase(const char *at, gsize *length)
{
    static const Phrase label = {WORD_LABEL, NULL};
    *length = notation_glued_label(at);
    if (*length > 0 || is_number_word(at)) {
        return *length > 0 ? &label : NULL;
    }
    const Phrase *best = NULL;
    const char begin =
        count_length(at) > 0 ? '%' : at[0]; /* or a phrase that begins with a count */
    for (const PhraseGroup *group = NULL; (group = next_group(group)) != NULL;) {
        for (guint i = 0; i < group->n; i++) {
            const char *words = group->words[i];
            gboolean first = words[0] == 'F' && is_first(at);
            if (words[0] != at[0] && words[0] != begin && !first) {
                continue;
            }
            gsize n = phrase_length(at, words);
            if (n > *length && !tied_to_number(at, n)) {
                *length = n;
                best = &group->phrase;
            }
        }
    }
    return best;
}

/* The letters of a text, if it has nothing but letters and marks; FALSE when not or too long. */
static gboolean letters_of(const char *text, gsize n, char letters[40])
{
    gsize used = 0;
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isalpha(text[i]) && used < 39) {
            letters[used++] = text[i];
        } else if (g_ascii_isalnum(text[i]) || strchr("?*#[", text[i]) != NULL) {
            return FALSE;
        }
    }
    letters[used] = '\0';
    return used > 1;
}

const Phrase *notation_spelled(const char *text, gsize n)
{
    char letters[40], phrase[40];
    if (!letters_of(text, n, letters)) {
        return NULL;
    }
    for (const PhraseGroup *group = NULL; (group = next_group(group)) != NULL;) {
        WordKind kind = group->phrase.kind;
        gboolean literal = kind <= WORD_ILLEGIBLE || kind == WORD_LABEL;
        for (guint i = 0; literal && i < group->n; i++) {
            const char *words = group->words[i];
            if (words[0] == letters[0] && letters_of(words, strlen(words), phrase) &&
                strcmp(phrase, letters) == 0) {
                return &group->phrase;
            }
        }
    }
    return NULL;
}
