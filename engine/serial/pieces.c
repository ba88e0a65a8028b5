/*
 * A text's words of letters and digits, as the steps that rewrite a field look at them.
 */
#include "engine/serial/pieces.h"

#include <string.h>

void pieces_cut(Pieces *pieces, const char *text)
{
    pieces->n = 0;
    const char *p = text;
    while (*p != '\0' && pieces->n < PIECES_MAX) {
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

gboolean piece_is(const Piece *piece, const char *word)
{
    return piece->n == strlen(word) && strncmp(piece->at, word, piece->n) == 0;
}

gboolean piece_listed(NotationList list, const Piece *piece)
{
    return notation_lists(list, piece->at, piece->n);
}

gboolean piece_parted(const Piece *piece, const char *marks)
{
    const char *end = piece->at + piece->n;
    return strspn(end, marks) >= (gsize)(piece[1].at - end);
}

gsize piece_digits(const Piece *piece)
{
    gsize n = 0;
    while (n < piece->n && g_ascii_isdigit(piece->at[piece->n - 1 - n])) {
        n++;
    }
    return n;
}

gboolean piece_whole(const Piece *piece)
{
    return piece->n >= 5 && piece_digits(piece) >= 2;
}
