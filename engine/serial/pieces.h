/*
 * Words of letters and digits where they lie in a text: what rewritten.c and series.c look at.
 * Private to these two.
 */
#ifndef CROSSTRACE_SERIAL_PIECES_H
#define CROSSTRACE_SERIAL_PIECES_H

#include "engine/serial/reading.h"

#define PIECES_MAX 32

typedef struct {
    const char *at; /* in the text */
    gsize n;
} Piece;

typedef struct {
    Piece piece[PIECES_MAX + 1]; /* behind the last: one of no length at the end */
    guint n;
} Pieces;

/* The first PIECES_MAX words of a text, which must outlive them. */
void pieces_cut(Pieces *pieces, const char *text);
gboolean piece_is(const Piece *piece, const char *word);
gboolean piece_listed(NotationList list, const Piece *piece);
/* Is there nothing but these marks from the end of one word to the next? */
gboolean piece_parted(const Piece *piece, const char *marks);
/* How many digits it ends in. */
gsize piece_digits(const Piece *piece);
/* May it be a whole number? Five characters, two digits at its end. */
gboolean piece_whole(const Piece *piece);

/* Appends a text to out, two readings of one whole number made one ("HAA12[38]4"), series and what
 * is glued to a number written out (series.c). */
void numbers_write(GString *out, const char *text);

#endif
