/*
 * Ways of writing a number brought to such as the steps behind know: characters that are spelled
 * out, a choice in brackets of its own, a second reading of the whole number, the last number of a
 * series cut short. Runs before remarks are taken out; most fields have nothing for it.
 */
#include <string.h>

#include "engine/notation/remark_words.h"
#include "engine/serial/reading.h"

#define WORDS_MAX 32

/* A word of letters and digits. */
typedef struct {
    const char *at;
    gsize n;
} Piece;

typedef struct {
    Piece piece[WORDS_MAX + 1]; /* behind the last: one of no length at the end */
    guint n;
} Pieces;

static void pieces_cut(Pieces *pieces, const char *text)
{
    pieces->n = 0;
    const char *p = text;
    while (*p != '\0' && pieces->n < WORDS_MAX) {
        gsize n = 0;
        while (g_ascii_isalnum(p[n])) {
            n++;
        }
        if (n > 0) {
            pieces->piece[pieces->n++] = (Piece){p, n};
        }
        p += MAX(n, 1);
    }
    pieces->piece[pieces->n] = (Piece){text + strlen(text), 0};
}

static gboolean is_word(const Piece *piece, const char *word)
{
    return piece->n == strlen(word) && strncmp(piece->at, word, piece->n) == 0;
}

static gboolean is_listed(NotationList list, const Piece *piece)
{
    char word[16];
    if (piece->n >= sizeof(word)) {
        return FALSE;
    }
    g_strlcpy(word, piece->at, piece->n + 1);
    return notation_listed(list, word);
}

/* Is there nothing but these marks from the end of one word to the next? */
static gboolean only_between(const Piece *piece, const char *marks)
{
    const char *end = piece->at + piece->n;
    return strspn(end, marks) >= (gsize)(piece[1].at - end);
}

/* ---- characters that are spelled out --------------------------------------------------------- */

/* The character that a word names: "SEVEN", "SEPT", "ONE", "HOTEL"; '\0': none. */
static char spelled_as(const Piece *piece)
{
    int value = 0;
    if (piece->n < 2) {
        return '\0';
    }
    if (is_word(piece, "ONE") || is_word(piece, "UN")) {
        return '1';
    }
    if (is_listed(LIST_SPELLED, piece)) {
        return piece->at[0];
    }
    gboolean digit = remark_class(piece->at, piece->n, &value) == REMARK_COUNT && value < 10;
    return digit ? (char)('0' + value) : '\0';
}

/* Characters that are spelled out, and the words that spell them. */
typedef struct {
    char text[2 * WORDS_MAX + 1];
    guint n, words;
} Spelled;

/* Those from this word on, one behind the other; "DOUBLE EIGHT" are two. */
static void spelled_run(const Pieces *pieces, guint at, Spelled *spelled)
{
    *spelled = (Spelled){.n = 0};
    for (guint i = at; i < pieces->n; i++) {
        gboolean twice =
            is_word(&pieces->piece[i], "DOUBLE") && only_between(&pieces->piece[i], " ");
        i += twice;
        char c = spelled_as(&pieces->piece[i]);
        if (c == '\0') {
            return;
        }
        spelled->text[spelled->n++] = c;
        if (twice) {
            spelled->text[spelled->n++] = c;
        }
        spelled->words = i + 1 - at;
        if (!only_between(&pieces->piece[i], " -,.")) {
            return;
        }
    }
}

/* Three digits are a number, two letters the beginning of one; fewer go with what stands before. */
static gboolean is_spelling(const Pieces *pieces, guint at, const Spelled *spelled)
{
    guint letters = 0, n = spelled->n;
    for (guint i = 0; i < n; i++) {
        letters += g_ascii_isalpha(spelled->text[i]) != 0;
    }
    const Piece *before = at > 0 ? &pieces->piece[at - 1] : NULL;
    gboolean goes_on = before != NULL && before->n >= 4 && only_between(before, " -") &&
                       g_ascii_isdigit(before->at[before->n - 1]);
    return n - letters >= 3 || letters >= 2 || (letters > 0 && n > 2) || (goes_on && n >= 2);
}

/* Does the text that was written end in these characters? "HAA1234 (ONE TWO THREE FOUR)" */
static gboolean is_repeated(const GString *out, const Spelled *spelled)
{
    gsize end = out->len;
    while (end > 0 && strchr(" (", out->str[end - 1]) != NULL) {
        end--;
    }
    return end < out->len && out->str[out->len - 1] == '(' && end >= spelled->n &&
           strncmp(out->str + end - spelled->n, spelled->text, spelled->n) == 0;
}

static gsize digits_behind(const Piece *piece)
{
    gsize n = 0;
    while (n < piece->n && g_ascii_isdigit(piece->at[piece->n - 1 - n])) {
        n++;
    }
    return n;
}

static gboolean is_whole(const Piece *piece)
{
    return piece->n >= 5 && digits_behind(piece) >= 2;
}

/* "O AS IN OSCAR", "H COMME HOTEL": how many words; 0: it is none. */
static guint example_of(const Pieces *pieces, guint at)
{
    const Piece *piece = &pieces->piece[at];
    guint word = at + (is_word(&piece[1], "AS") ? 3 : 2);
    gboolean like = word < pieces->n &&
                    (word == at + 3 ? is_word(&piece[2], "IN")
                                    : is_word(&piece[1], "COMME") || is_word(&piece[1], "COMO"));
    return piece->n == 1 && like && pieces->piece[word].n > 2 &&
                   pieces->piece[word].at[0] == piece->at[0]
               ? word + 1 - at
               : 0;
}

static void write_spelled(GString *out, const char *text)
{
    Pieces pieces;
    Spelled spelled;
    const char *from = text;
    pieces_cut(&pieces, text);
    for (guint i = 0; i < pieces.n; i += MAX(spelled.words, 1)) {
        spelled.words = example_of(&pieces, i);
        if (spelled.words > 0) {
            const Piece *last = &pieces.piece[i + spelled.words - 1];
            gsize letter = i > 0 && is_whole(&pieces.piece[i - 1]) ? 0 : 1; /* of that number */
            g_string_append_len(out, from, pieces.piece[i].at + (gssize)letter - from);
            from = last->at + last->n;
            continue;
        }
        spelled_run(&pieces, i, &spelled);
        if (spelled.n == 0 || !is_spelling(&pieces, i, &spelled)) {
            continue;
        }
        const Piece *last = &pieces.piece[i + spelled.words - 1];
        g_string_append_len(out, from, pieces.piece[i].at - from);
        if (!is_repeated(out, &spelled)) {
            g_string_append_len(out, spelled.text, spelled.n);
        }
        from = last->at + last->n;
    }
    g_string_append(out, from);
}

/* ---- a choice in brackets of its own --------------------------------------------------------- */

/* "(8)": its length. */
static gsize lone(const char *at)
{
    return at[0] == '(' && g_ascii_isalnum(at[1]) && at[2] == ')' ? 3 : 0;
}

static gsize choice_gap(const char *at)
{
    gsize n = strspn(at, " ");
    gsize word = strncmp(at + n, "OR", 2) == 0 || strncmp(at + n, "OU", 2) == 0 ? 2
                 : at[n] == '/' || at[n] == '|'                                 ? 1
                                                                                : 0;
    return word > 0 ? n + word + strspn(at + n + word, " ") : 0;
}

/* "(8)OR(3)" made "[83]", in place. */
static void join_choices(char *text)
{
    char *to = text;
    for (const char *p = text; *p != '\0';) {
        gsize gap = lone(p) > 0 ? choice_gap(p + 3) : 0;
        if (gap == 0 || lone(p + 3 + gap) == 0) {
            *to++ = *p++;
            continue;
        }
        const char first = p[1];
        *to++ = '[';
        *to++ = first;
        for (p += 3; (gap = choice_gap(p)) > 0 && lone(p + gap) > 0; p += gap + 3) {
            *to++ = p[gap + 1];
        }
        *to++ = ']';
    }
    *to = '\0';
}

/* ---- two whole numbers ------------------------------------------------------------------------
 */

#define READINGS_DIFFER 2 /* places in which two readings are still of one number */

static gboolean are_readings(const Piece *a, const Piece *b)
{
    guint differ = 0, digits = 0;
    for (gsize i = 0; a->n == b->n && i < a->n; i++) {
        differ += a->at[i] != b->at[i];
        digits += g_ascii_isdigit(a->at[i]) != 0;
    }
    return a->n == b->n && a->n >= 5 && digits >= 2 && differ >= 1 && differ <= READINGS_DIFFER;
}

/* Do they differ in nothing but letters for digits? */
static gboolean look_alike(const Piece *a, const Piece *b)
{
    for (gsize i = 0; i < a->n; i++) {
        if (a->at[i] != b->at[i] && g_ascii_isdigit(a->at[i]) == g_ascii_isdigit(b->at[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Bytes behind a second number that make it another reading: "?", " ?)"; 0: none. */
static gsize doubted(const Piece *piece)
{
    const char *end = piece->at + piece->n;
    gsize n = strspn(end, " ");
    if (end[n] != '?' || end[n + 1] == '?' || g_ascii_isalnum(end[n + 1])) {
        return 0;
    }
    n++;
    return n + (end[n] == ')' || end[n] == ']');
}

static void write_readings(GString *out, const Piece *a, const Piece *b)
{
    for (gsize i = 0; i < a->n; i++) {
        if (a->at[i] == b->at[i]) {
            g_string_append_c(out, a->at[i]);
        } else {
            g_string_append_printf(out, "[%c%c]", a->at[i], b->at[i]);
        }
    }
}

/* "HAA1234 (HAA1284?)", "HAA1234? HAA1284?", "HAA1234 V HAA1284": words that were read. */
static guint take_readings(GString *out, const Piece *piece, const char **from)
{
    gboolean joined = is_word(&piece[1], "V") || is_word(&piece[1], "O"); /* Spanish "or" */
    guint second = joined && only_between(piece, " ") ? 2 : 1;
    if (piece[1].n > 0 && piece[1].at == piece->at + piece->n + 1 && piece[1].at[-1] == '/' &&
        are_readings(piece, &piece[1]) && look_alike(piece, &piece[1])) {
        g_string_append_len(out, *from, piece->at - *from);
        write_readings(out, piece, &piece[1]);
        *from = piece[1].at + piece[1].n;
        return 2; /* "KLM4521/KLM4S21" */
    }
    if (piece[1].n == 0 || !are_readings(piece, &piece[second])) {
        return 0;
    }
    gsize gap = strcspn(piece->at + piece->n, "([?");
    gboolean marked = piece->at + piece->n + gap < piece[1].at && only_between(piece, " ([?");
    gsize behind = second == 1 && marked ? doubted(&piece[1]) : 0;
    if (second == 1 ? behind == 0 : !only_between(&piece[1], " .")) {
        return 0;
    }
    g_string_append_len(out, *from, piece->at - *from);
    write_readings(out, piece, &piece[second]);
    *from = piece[second].at + piece[second].n + behind;
    return second + 1;
}

#define BETWEEN_MAX 4 /* words between two readings */

/* Words up to the next with a digit; strange: one of them is not known, and may say which of two
 * numbers is right. 0: they are too many, or say it themselves. */
static guint words_between(const Piece *piece, gboolean *strange)
{
    guint n = 0;
    *strange = FALSE;
    while (n <= BETWEEN_MAX && piece[n].n > 0 && digits_behind(&piece[n]) == 0) {
        gsize length;
        const Phrase *phrase = notation_phrase(piece[n].at, &length);
        if (phrase != NULL && phrase->kind != WORD_FILLER) {
            return 0;
        }
        *strange = *strange ||
                   (phrase == NULL && piece[n].n >= 4 && !is_listed(LIST_SMALL_WORD, &piece[n]) &&
                    !is_listed(LIST_MAKER, &piece[n]));
        n++;
    }
    return n <= BETWEEN_MAX ? n : 0;
}

/* "PAWN SLIP HAA1243 CLAIMED HAA1234": two numbers so near each other that they are readings of
 * one, and between them a word that is not known: which is right is not, either. Words that were
 * read. */
static guint take_strange(GString *out, const Piece *piece, const char **from)
{
    gboolean strange;
    guint n = piece->n > 0 && g_ascii_isalpha(*piece->at) ? words_between(piece + 1, &strange) : 0;
    if (n == 0 || !strange || piece[n + 1].n == 0 || !are_readings(piece, &piece[n + 1])) {
        return 0;
    }
    g_string_append_len(out, *from, piece->at - *from);
    write_readings(out, piece, &piece[n + 1]);
    *from = piece[n + 1].at + piece[n + 1].n;
    return n + 2;
}

#define PAIR_MAX   20 /* the same, where two digits are written */
#define SERIES_MAX 99 /* numbers of a series, of which the last is written by its end */

/* Is it the end of a number a little above? "HAA1234" and "1240"; least: digits of such an end. */
static gboolean is_above(const Piece *number, const Piece *end, gsize least)
{
    gsize digits = digits_behind(number);
    if (end->n < MIN(least, digits) || end->n > digits || digits_behind(end) != end->n ||
        digits > 9 || digits < 3 || number->n < 5 || (number->n == digits && digits < 5)) {
        return FALSE;
    }
    g_autofree char *tail = g_strndup(number->at + number->n - end->n, end->n);
    guint64 first = g_ascii_strtoull(tail, NULL, 10);
    guint64 last = g_ascii_strtoull(end->at, NULL, 10);
    return last > first && last - first <= (end->n > 2 ? SERIES_MAX : PAIR_MAX);
}

/* "HAA1234-1240", "HAA1234 TO 1240" made "HAA1234, HAA1240": words that were read. */
static guint take_series(GString *out, const Piece *piece, const char **from)
{
    static const char *const to[] = {"TO", "THRU", "THROUGH", "A", "AU"};
    guint second = 1;
    for (guint i = 0; i < G_N_ELEMENTS(to); i++) {
        second = is_word(&piece[1], to[i]) ? 2 : second;
    }
    const char *end = piece->at + piece->n;
    gboolean hyphen = second == 1 && memchr(end, '-', (gsize)(piece[1].at - end)) != NULL;
    gboolean slash = second == 1 && *end == '/' && g_ascii_isalpha(*piece->at) &&
                     digits_behind(piece) >= 4; /* "KLM452/71" */
    if (piece[1].n == 0 || !is_above(piece, &piece[second], hyphen ? SERIAL_MAX : 2) ||
        !only_between(piece, hyphen  ? " -"
                             : slash ? "/"
                                     : " ") ||
        (second == 1 ? !hyphen && !slash : !only_between(&piece[1], " "))) {
        return 0;
    }
    g_string_append_len(out, *from, piece->at + piece->n - *from);
    g_string_append_printf(out, ", %.*s%.*s", (int)(piece->n - piece[second].n), piece->at,
                           (int)piece[second].n, piece[second].at);
    *from = piece[second].at + piece[second].n;
    return second + 1;
}

/* "HAA123ETC": words that were read. */
static guint take_glued(GString *out, const Piece *piece, const char **from)
{
    if (piece->n < 6 || strncmp(piece->at + piece->n - 3, "ETC", 3) != 0 ||
        !g_ascii_isdigit(piece->at[piece->n - 4])) {
        return 0;
    }
    g_string_append_len(out, *from, piece->at + piece->n - 3 - *from);
    g_string_append(out, " ETC");
    *from = piece->at + piece->n;
    return 1;
}

static void write_numbers(GString *out, const char *text)
{
    static guint (*const kinds[])(GString *, const Piece *, const char **) = {
        take_readings, take_series, take_strange, take_glued};
    Pieces pieces;
    const char *from = text;
    pieces_cut(&pieces, text);
    for (guint i = 0; i < pieces.n;) {
        guint n = 0;
        for (guint k = 0; k < G_N_ELEMENTS(kinds) && n == 0; k++) {
            n = digits_behind(&pieces.piece[i]) > 0 || k == 3
                    ? kinds[k](out, &pieces.piece[i], &from)
                    : 0;
        }
        i += MAX(n, 1);
    }
    g_string_append(out, from);
}

/* "HAA1234 @ 14:35": the time of day is no part of a number, in place. */
static void blank_times(char *text)
{
    for (char *colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        char *from = colon, *to = colon + 1 + strspn(colon + 1, "0123456789");
        while (from > text && g_ascii_isdigit(from[-1])) {
            from--;
        }
        gboolean seconds = *to == ':' && g_ascii_isdigit(to[1]) && g_ascii_isdigit(to[2]);
        gboolean time = from < colon && colon - from <= 2 && to - colon == 3 && from > text &&
                        strchr(" @(", from[-1]) != NULL;
        to += seconds ? 3 : 0;
        if (time && (*to == '\0' || strchr(" ,;)", *to) != NULL)) {
            memset(from, ' ', (gsize)(to - from));
        }
        colon = MAX(colon, to - 1);
    }
}

/* "HAA1234 2/Z UNCLEAR": two readings of a character of the number, not a place behind it; made
 * "(2 OR Z)". */
static void write_remarked(GString *out, const char *text)
{
    Pieces pieces;
    const char *from = text;
    pieces_cut(&pieces, text);
    for (guint i = 1; i + 1 < pieces.n; i++) {
        const Piece *a = &pieces.piece[i], *b = a + 1;
        gboolean pair = a->n == 1 && b->n == 1 && b->at == a->at + 2 && a->at[1] == '/' &&
                        a->at[-1] == ' ' && !g_ascii_isalnum(b->at[1]) && b->at[1] != '/' &&
                        g_ascii_isdigit(*a->at) != g_ascii_isdigit(*b->at);
        if (pair && is_whole(a - 1) && only_between(a - 1, " ")) {
            gboolean one = char_set(*a->at) == char_set(*b->at); /* "0/O" */
            g_string_append_len(out, from, a->at - from);
            if (!one) {
                g_string_append_printf(out, "(%c OR %c)", *a->at, *b->at);
            }
            from = b->at + 1;
        }
    }
    g_string_append(out, from);
}

/* Bytes of a Canadian postal code, "K1A 0B1"; 0: it is none. */
static gsize postal_length(const char *at)
{
    static const char shape[] = "AdA dAd";
    for (gsize i = 0; i < sizeof(shape) - 1; i++) {
        gboolean fits = shape[i] == 'A'   ? g_ascii_isupper(at[i])
                        : shape[i] == 'd' ? g_ascii_isdigit(at[i])
                                          : at[i] == ' ';
        if (!fits) {
            return 0;
        }
    }
    return g_ascii_isalnum(at[sizeof(shape) - 1]) ? 0 : sizeof(shape) - 1;
}

/* Bytes of a measure: "4.25 IN", "18 1/2 INCH", "470 MM"; 0: it is none. */
static gsize measure_length(const char *at)
{
    gsize n = strspn(at, "0123456789"), fraction = 0;
    if (n == 0 || n > 3) {
        return 0;
    }
    fraction = at[n] == '.' || at[n] == ',' ? 1 + strspn(at + n + 1, "0123456789") : 0;
    if ((at[n] == ' ' || at[n] == '-') && g_ascii_isdigit(at[n + 1]) && at[n + 2] == '/') {
        fraction = 3 + strspn(at + n + 3, "0123456789");
    }
    n += fraction;
    gsize blank = at[n] == ' ', letters = 0;
    while (g_ascii_isalpha(at[n + blank + letters])) {
        letters++;
    }
    const Piece unit = {at + n + blank, letters};
    return letters > 0 && is_listed(LIST_UNIT, &unit) && !g_ascii_isalnum(at[n + blank + letters])
               ? n + blank + letters
               : 0;
}

/* "HAA1234 18 1/2 INCH": what measures or places a thing behind its number is no part of it, in
 * place. */
static void blank_measures(char *text)
{
    Pieces pieces;
    pieces_cut(&pieces, text);
    gboolean whole = FALSE;
    for (guint i = 0; i < pieces.n; i++) {
        char *at = text + (pieces.piece[i].at - text);
        gsize n = whole && at[-1] == ' ' ? MAX(measure_length(at), postal_length(at)) : 0;
        n = whole && at[-1] == '@' ? pieces.piece[i].n : n; /* "@0830" */
        memset(at, ' ', n);
        whole = whole || (is_whole(&pieces.piece[i]) && g_ascii_isalpha(*at));
    }
}

/* "HAA12 - - 4": each of several dashes apart is a place, in place. */
static void mark_dashes(char *text)
{
    for (char *dash = strstr(text, " - - "); dash != NULL; dash = strstr(dash + 1, " - - ")) {
        char *end = dash + strspn(dash, " -");
        for (char *p = dash; dash > text && g_ascii_isalnum(dash[-1]) && p < end; p++) {
            *p = *p == '-' && g_ascii_isalnum(*end) ? '?' : *p;
        }
    }
}

/* "SN-HAA1234": the hyphen behind a label is none of a number that is whole without it; its place.
 */
static gsize label_hyphen(const char *text)
{
    gsize n = strcspn(text, "-");
    gboolean label = (n == 2 && (strncmp(text, "SN", 2) == 0 || strncmp(text, "NS", 2) == 0)) ||
                     (n == 3 && (strncmp(text, "S/N", 3) == 0 || strncmp(text, "N/S", 3) == 0));
    return label && text[n] == '-' && g_ascii_isalpha(text[n + 1]) && whole_behind(text + n + 1)
               ? n
               : 0;
}

char *field_rewritten(const char *plain)
{
    if (strpbrk(plain, " -(/") == NULL && strstr(plain, "ETC") == NULL) {
        return g_strdup(plain); /* most fields */
    }
    g_autoptr(GString) spelled = g_string_sized_new(strlen(plain) + 8);
    g_autoptr(GString) remarked = g_string_sized_new(strlen(plain) + 8);
    GString *out = g_string_sized_new(strlen(plain) + 8);
    write_spelled(spelled, plain);
    if (label_hyphen(spelled->str) > 0) {
        spelled->str[label_hyphen(spelled->str)] = ' ';
    }
    join_choices(spelled->str);
    mark_dashes(spelled->str);
    blank_times(spelled->str);
    blank_measures(spelled->str);
    write_remarked(remarked, spelled->str);
    write_numbers(out, remarked->str);
    return g_string_free(out, FALSE);
}
