/*
 * Two whole numbers in a field: readings of one ("HAA1234 (HAA1284?)") are written as one with
 * places that are open, and the last of a series ("-1240") as it would be alone. A step of
 * rewritten.c.
 */
#include <string.h>

#include "engine/serial/pieces.h"

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
    guint second = piece_listed(LIST_READING, &piece[1]) && piece_parted(piece, " ") ? 2 : 1;
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
    gboolean marked = piece->at + piece->n + gap < piece[1].at && piece_parted(piece, " ([?");
    gsize behind = second == 1 && marked ? doubted(&piece[1]) : 0;
    if (second == 1 ? behind == 0 : !piece_parted(&piece[1], " .")) {
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
    while (n <= BETWEEN_MAX && piece[n].n > 0 && piece_digits(&piece[n]) == 0) {
        gsize length;
        const Phrase *phrase = notation_phrase(piece[n].at, &length);
        if (phrase != NULL && phrase->kind != WORD_FILLER) {
            return 0;
        }
        *strange = *strange || (phrase == NULL && piece[n].n >= 4 &&
                                !piece_listed(LIST_SMALL_WORD, &piece[n]) &&
                                !piece_listed(LIST_MAKER, &piece[n]));
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
    gsize digits = piece_digits(number);
    if (end->n < MIN(least, digits) || end->n > digits || piece_digits(end) != end->n ||
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
    guint second = piece_listed(LIST_RANGE, &piece[1]) ? 2 : 1;
    const char *end = piece->at + piece->n;
    gboolean hyphen = second == 1 && memchr(end, '-', (gsize)(piece[1].at - end)) != NULL;
    gboolean slash = second == 1 && *end == '/' && g_ascii_isalpha(*piece->at) &&
                     piece_digits(piece) >= 4; /* "KLM452/71" */
    if (piece[1].n == 0 || !is_above(piece, &piece[second], hyphen ? SERIAL_MAX : 2) ||
        !piece_parted(piece, hyphen  ? " -"
                             : slash ? "/"
                                     : " ") ||
        (second == 1 ? !hyphen && !slash : !piece_parted(&piece[1], " "))) {
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

void numbers_write(GString *out, const char *text)
{
    static guint (*const kinds[])(GString *, const Piece *,
                                  const char **) = {take_readings, take_series, take_strange};
    Pieces pieces;
    const char *from = text;
    pieces_cut(&pieces, text);
    for (guint i = 0, n; i < pieces.n; i += MAX(n, 1)) {
        const Piece *piece = &pieces.piece[i];
        n = 0;
        for (guint k = 0; k < G_N_ELEMENTS(kinds) && n == 0 && piece_digits(piece) > 0; k++) {
            n = kinds[k](out, piece, &from);
        }
        n = n > 0 ? n : take_glued(out, piece, &from);
    }
    g_string_append(out, from);
}
