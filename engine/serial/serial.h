/*
 * A serial number is an observation, not a string: for every position the set of characters that
 * it may be, and whether the left or right end is open. Pure: no
 * store, no files.
 */
#ifndef CROSSTRACE_SERIAL_SERIAL_H
#define CROSSTRACE_SERIAL_SERIAL_H

#include <glib.h>

typedef enum {
    SERIAL_FULL,
    SERIAL_PARTIAL,
    SERIAL_OBLITERATED,
    SERIAL_ALTERED,
    SERIAL_RESTORED,
    SERIAL_NONE,
    SERIAL_UNKNOWN,
    SERIAL_NOT_A_SERIAL,
} SerialKind;

#define SERIAL_MAX 32 /* positions; a longer string is no serial number */

/* A set of characters of the alphabet 0-9 A-Z: bit 0 is '0', bit 10 is 'A'. */
typedef guint64 CharSet;
#define CHARSET_ANY ((CharSet)((G_GUINT64_CONSTANT(1) << 36) - 1))

typedef struct {
    SerialKind kind;
    guint length;          /* positions; 0: nothing was read */
    gboolean open_left;    /* more characters may stand before */
    gboolean open_right;   /* more characters may stand after */
    guint known;           /* positions with exactly one character */
    const char *taken_for; /* NOT_A_SERIAL: model, calibre, patent, stock-number, ...; static */
    const char
        *hint; /* NULL or: excel_sci, excel_date, ..., two-numbers (one counts), two-ends; static */
    CharSet set[SERIAL_MAX]; /* what each position may be; only `length` of them need be there */
} Serial;

/* Bytes of a serial that say something: where many are kept, the rest of set is left out. */
gsize serial_size(const Serial *serial);
/* A copy of these bytes; g_free. */
Serial *serial_dup(const Serial *serial);

/* What stands beside the serial number and helps to read it; any member may be NULL. */
typedef struct {
    const char *condition; /* canonical code INTACT, PARTIAL, ... or NULL */
    gboolean obliterated;  /* the trace's obliterated flag; a serial that was read wins over it */
    const char *make;
    const char *model;
    const char *calibre;
} SerialContext;

/* Reads every notation of 5.3, English and French, into one form; never fails (worst: UNKNOWN).
 * context may be NULL. */
Serial serial_parse(const char *raw, const SerialContext *context);

/* The words that it knows are built into the program: the SHA-256 of the table i of them, with its
 * name under rules/ in *name; NULL behind the last. Static. */
const char *serial_words_built(guint i, const char **name);

/* The pattern in our notation: "AB?[8B]12*", open ends as '*'; "" if none; g_free.
 */
char *serial_pattern(const Serial *serial);
/* Reads that notation back (patterns only, no words). FALSE when it is not one. */
gboolean serial_from_pattern(const char *pattern, SerialKind kind, Serial *serial);

/* Separators dropped, O folded to 0 and I to 1; NULL unless every position is one known
 * character and both ends are closed; g_free. This is the key of tier S1. */
char *serial_canonical(const Serial *serial);
/* The key of tier S1n: canonical without the letters embedded between digits (NCIC); g_free. */
char *serial_ncic(const Serial *serial);

/* Is it a number that people write where there is none: digits that count up or down (1234567) or
 * are all one, at least so many, or one of a list (ABC123, TEST123)? Only what was read whole is.
 */
#define FAVOURITE_DIGITS 7u
gboolean serial_is_favourite(const Serial *serial);

/* How much was read, in bits: 3.3 for a digit, 4.7 for a letter, less where a position may be
 * several; how rare the number is among its maker's is another question. 0: nothing was read. */
double serial_information(const Serial *serial);

const char *serial_kind_name(SerialKind kind); /* "FULL" ... */
gboolean serial_kind_parse(const char *name, SerialKind *kind);

#endif
