/*
 * Finds the phrases of rules/tables/notation_phrases.csv in a folded text, accents lost to an
 * encoding and French endings included, and spelled-out literals ("N - A"). In a phrase ' ' is a
 * gap of blanks, points or hyphens, '/' a slash or point, '%' a count, '$' a word for characters.
 */
#include <string.h>

#include "engine/notation/tables.h"

/* Length of the text of a list that stands here as the end of a word, 0 when none does. */
static gsize list_begins(NotationList list, const char *at)
{
    for (guint i = 0; i < NOTATION_LISTS[list].n; i++) {
        const char *text = NOTATION_LISTS[list].entry[i].text;
        gsize n = text[0] == at[0] ? strlen(text) : 0;
        if (n > 0 && strncmp(at, text, n) == 0 && !g_ascii_isalnum(at[n])) {
            return n;
        }
    }
    return 0;
}

/* "1ST", "3RD", "2E" */
static gsize ordinal_length(const char *at)
{
    gsize end = g_ascii_isdigit(at[0]) ? list_begins(LIST_ORDINAL_END, at + 1) : 0;
    return end > 0 ? 1 + end : 0;
}

/* Length of a count at a word start: a digit, a number word, an ordinal; 0 when there is none. */
static gsize count_length(const char *at)
{
    if (g_ascii_isdigit(at[0]) && !g_ascii_isalnum(at[1])) {
        return 1;
    }
    gsize word = list_begins(LIST_COUNT_WORD, at);
    return word > 0 ? word : ordinal_length(at);
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
    guint mangled = 0; /* letters with an accent that an encoding made '?' */
    for (const char *w = words; *w != '\0'; w++) {
        gsize n = 1;
        if (*w == 'F' && is_first(p) && strncmp(w, "FIRST", 5) == 0) {
            n = 3;
            w += 4;
        } else if (*w == '%') {
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

/* "NS: 12345", "MAT. 12345", "S# 12345", but NS 12345 and MAT 12345. */
static gboolean needs_mark(const char *at, gsize n)
{
    return list_begins(LIST_LABEL_OR_PREFIX, at) == n;
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

/* "HAA1234", "331": most fields; no phrase begins so. "LAST4", "3D" may be one. */
static gboolean is_number_word(const char *at)
{
    guint digits = 0, n = 0;
    if (ordinal_length(at) > 0) {
        return FALSE;
    }
    for (; g_ascii_isalnum(at[n]); n++) {
        digits += g_ascii_isdigit(at[n]);
    }
    return digits > 1 || (digits == 1 && n > 2 && g_ascii_isdigit(at[0]));
}

gsize notation_glued_label(const char *at)
{
    const NotationEntries *labels = &NOTATION_LISTS[LIST_GLUED_LABEL];
    for (guint i = 0; i < labels->n; i++) {
        const char *text = labels->entry[i].text;
        gsize n = text[0] == at[0] ? strlen(text) : 0;
        if (n > 0 && strncmp(at, text, n) == 0 && g_ascii_isdigit(at[n])) {
            return n;
        }
    }
    return 0;
}

/* The longest phrase here of those that begin with a character, if longer than *length. */
static const Phrase *longest_of(guchar begin, const char *at, gsize *length)
{
    const Phrase *best = NULL;
    for (guint i = NOTATION_PHRASE_FROM[begin]; i < NOTATION_PHRASE_FROM[begin + 1]; i++) {
        gsize n = phrase_length(at, NOTATION_PHRASE[i].words);
        if (n > *length && !tied_to_number(at, n)) {
            *length = n;
            best = &NOTATION_PHRASE[i].phrase;
        }
    }
    return best;
}

const Phrase *notation_phrase(const char *at, gsize *length)
{
    static const Phrase label = {WORD_LABEL, NULL};
    *length = notation_glued_label(at);
    if (*length > 0 || is_number_word(at)) {
        return *length > 0 ? &label : NULL;
    }
    const char begin[] = {at[0], is_first(at) ? 'F' : '\0', count_length(at) > 0 ? '%' : '\0'};
    const Phrase *best = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(begin); i++) {
        const Phrase *longer = begin[i] > '\0' ? longest_of((guchar)begin[i], at, length) : NULL;
        best = longer != NULL ? longer : best;
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
    const guchar begin = (guchar)letters[0];
    for (guint i = NOTATION_PHRASE_FROM[begin]; i < NOTATION_PHRASE_FROM[begin + 1]; i++) {
        const PhraseEntry *entry = &NOTATION_PHRASE[i];
        WordKind kind = entry->phrase.kind;
        gboolean literal = kind <= WORD_ILLEGIBLE || kind == WORD_LABEL;
        if (literal && letters_of(entry->words, strlen(entry->words), phrase) &&
            strcmp(phrase, letters) == 0) {
            return &entry->phrase;
        }
    }
    return NULL;
}
