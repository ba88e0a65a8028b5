/*
 * Ways of writing a number brought to such as the steps behind know: characters that are spelled
 * out, a choice in brackets of its own, times and measures blanked; two whole numbers are
 * series.c's. Runs before remarks are taken out; most fields have nothing for it.
 */
#include <string.h>

#include "engine/notation/remark_words.h"
#include "engine/serial/pieces.h"

/* ---- characters that are spelled out --------------------------------------------------------- */

/* "X-RAY", which two words are. */
static gboolean is_x_ray(const Piece *piece)
{
    return piece_is(piece, "X") && piece_is(piece + 1, "RAY") && piece_parted(piece, " -");
}

/* The character that a word names: "SEVEN", "SEPT", "ONE", "HOTEL"; '\0': none. */
static char spelled_as(const Piece *piece)
{
    int value = 0;
    if (piece->n < 2) {
        return is_x_ray(piece) ? 'X' : '\0';
    }
    if (piece_is(piece, "ONE") || piece_is(piece, "UN")) {
        return '1';
    }
    if (piece_listed(LIST_SPELLED, piece)) {
        return piece->at[0];
    }
    gboolean digit = remark_class(piece->at, piece->n, &value) == REMARK_COUNT && value < 10;
    return digit ? (char)('0' + value) : '\0';
}

/* Characters that are spelled out, and the words that spell them. */
typedef struct {
    char text[2 * PIECES_MAX + 1];
    guint n, words;
} Spelled;

/* Those from this word on, one behind the other; "DOUBLE EIGHT" are two. */
static void spelled_run(const Pieces *pieces, guint at, Spelled *spelled)
{
    *spelled = (Spelled){.n = 0};
    for (guint i = at; i < pieces->n; i++) {
        gboolean twice =
            piece_is(&pieces->piece[i], "DOUBLE") && piece_parted(&pieces->piece[i], " ");
        i += twice;
        char c = spelled_as(&pieces->piece[i]);
        if (c == '\0') {
            return;
        }
        i += is_x_ray(&pieces->piece[i]);
        spelled->text[spelled->n++] = c;
        if (twice) {
            spelled->text[spelled->n++] = c;
        }
        spelled->words = i + 1 - at;
        if (!piece_parted(&pieces->piece[i], " -,.")) {
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
    gboolean goes_on = before != NULL && before->n >= 4 && piece_parted(before, " -") &&
                       g_ascii_isdigit(before->at[before->n - 1]);
    return n - letters >= 3 || letters >= 2 || (letters > 0 && n > 2) || (goes_on && n >= 2);
}

/* Is it a word of a make or a model? */
static gboolean is_word_of(const Piece *piece, const char *name)
{
    Pieces words;
    pieces_cut(&words, name ? name : "");
    for (guint i = 0; i < words.n; i++) {
        if (words.piece[i].n == piece->n &&
            g_ascii_strncasecmp(words.piece[i].at, piece->at, piece->n) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* "HENRY 12345" of a Henry, "VICTOR 12345" of a Victor, "NOVEMBER 12 2023": words as they stand. */
static gboolean means_itself(const Piece *piece, const Piece *last, const SerialContext *context)
{
    g_autofree char *end = g_strndup(last->at, last->n);
    return is_word_of(piece, context->make) || is_word_of(piece, context->model) ||
           (piece_listed(LIST_SPELLED_MONTH, piece) && word_is_date(end));
}

/* "TANGO 647220 BRAVO CHARLIE 03214", "ADAM BOY CHARLES 1234": the whole field is one number, its
 * letters spelled out, its digits not. What policemen's names stand for is asked only here, and not
 * of one alone, which may be anyone's. */
static gboolean write_whole_spelled(GString *out, const char *text, const SerialContext *context)
{
    Pieces pieces;
    guint letters = 0, digits = 0, people = 0;
    pieces_cut(&pieces, text);
    gboolean whole = pieces.n > 1 && pieces.n < PIECES_MAX && pieces.piece[0].at == text;
    for (guint i = 0; i < pieces.n && whole; i++) {
        const Piece *piece = &pieces.piece[i];
        gboolean person = piece_listed(LIST_SPELLED_NAME, piece);
        gboolean name = person || piece_listed(LIST_SPELLED, piece) || is_x_ray(piece);
        gsize n = name ? 1 : piece_digits(piece) == piece->n ? piece->n : 0;
        g_string_append_len(out, piece->at, (gssize)n);
        letters += name;
        people += person;
        digits += name ? 0 : (guint)n;
        whole = n > 0 && !(name && means_itself(piece, &pieces.piece[pieces.n - 1], context));
        i += is_x_ray(piece);
        whole = whole && piece_parted(&pieces.piece[i], " -,.");
    }
    whole = whole && letters > 0 && digits >= 3 && !(letters == 1 && people == 1);
    g_string_truncate(out, whole ? out->len : 0);
    return whole;
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

/* "O AS IN OSCAR", "H COMME HOTEL": how many words; 0: it is none. */
static guint example_of(const Pieces *pieces, guint at)
{
    const Piece *piece = &pieces->piece[at];
    guint word = at + (piece_is(&piece[1], "AS") ? 3 : 2);
    gboolean like = word < pieces->n &&
                    (word == at + 3 ? piece_is(&piece[2], "IN")
                                    : piece_is(&piece[1], "COMME") || piece_is(&piece[1], "COMO"));
    return piece->n == 1 && like && pieces->piece[word].n > 2 &&
                   pieces->piece[word].at[0] == piece->at[0]
               ? word + 1 - at
               : 0;
}

static void write_spelled(GString *out, const char *text, const SerialContext *context)
{
    Pieces pieces;
    Spelled spelled;
    const char *from = text;
    if (write_whole_spelled(out, text, context)) {
        return;
    }
    pieces_cut(&pieces, text);
    for (guint i = 0; i < pieces.n; i += MAX(spelled.words, 1)) {
        spelled.words = example_of(&pieces, i);
        if (spelled.words > 0) {
            const Piece *last = &pieces.piece[i + spelled.words - 1];
            gsize letter = i > 0 && piece_whole(&pieces.piece[i - 1]) ? 0 : 1; /* of that number */
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

/* ---- what is no part of a number ------------------------------------------------------------- */

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
        if (pair && piece_whole(a - 1) && piece_parted(a - 1, " ")) {
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
    return letters > 0 && piece_listed(LIST_UNIT, &unit) &&
                   !g_ascii_isalnum(at[n + blank + letters])
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
        whole = whole || (piece_whole(&pieces.piece[i]) && g_ascii_isalpha(*at));
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

/* "SN-HAA1234": the hyphen behind a label is none of a number that is whole without it, in place.
 */
static void part_label(char *text)
{
    gsize n = strcspn(text, "-");
    if (text[n] == '-' && notation_lists(LIST_HYPHEN_LABEL, text, n) &&
        g_ascii_isalpha(text[n + 1]) && whole_behind(text + n + 1)) {
        text[n] = ' ';
    }
}

char *field_rewritten(const char *plain, const SerialContext *context)
{
    if (strpbrk(plain, " -(/") == NULL && strstr(plain, "ETC") == NULL) {
        return g_strdup(plain); /* most fields */
    }
    g_autoptr(GString) spelled = g_string_sized_new(strlen(plain) + 8);
    g_autoptr(GString) remarked = g_string_sized_new(strlen(plain) + 8);
    GString *out = g_string_sized_new(strlen(plain) + 8);
    write_spelled(spelled, plain, context);
    part_label(spelled->str);
    join_choices(spelled->str);
    mark_dashes(spelled->str);
    blank_times(spelled->str);
    blank_measures(spelled->str);
    write_remarked(remarked, spelled->str);
    numbers_write(out, remarked->str);
    return g_string_free(out, FALSE);
}
