/*
 * Text folding: what "the same word" means before anything is compared. Pure functions over
 * UTF-8; all results are newly allocated and freed with g_free unless said otherwise.
 */
#ifndef CROSSTRACE_BASE_TEXT_H
#define CROSSTRACE_BASE_TEXT_H

#include <glib.h>

/* Language of what people read; codes and data never depend on it. */
typedef enum { LANG_EN, LANG_FR } Lang;

/* Upper case without accents, ligatures opened (OE, AE, SS), typographic quotes and dashes made
 * plain; other characters stay. "Montréal" -> "MONTREAL", "l’arme" -> "L'ARME". */
char *text_fold(const char *text);
/* Is it surely what text_fold would make of it? ASCII without small letters. */
gboolean text_is_folded(const char *text);

/* text_fold, then only A-Z and 0-9 kept: the key under which headers, codes and aliases meet.
 * "No. de série" -> "NODESERIE". */
char *text_key(const char *text);

/* Trimmed, inner runs of blanks (no-break space included) made one space; case and accents stay. */
char *text_squeeze(const char *text);
/* Is it surely what text_squeeze would make of it? Plain ASCII with single blanks, not empty. */
gboolean text_is_squeezed(const char *text);

/* NULL for NULL, empty or blank text; else the text itself. For "is there anything here". */
const char *text_present(const char *text);

/* The text that is most like another, by text_key(): of all that are offered, that which is the
 * fewest edits away (Levenshtein), the first of equals; at most half of the letters may differ. */
typedef struct {
    char *key; /* of what is wanted */
    char *best;
    guint distance;
} TextNearest;
void text_nearest_init(TextNearest *nearest, const char *wanted);
void text_nearest_offer(TextNearest *nearest, const char *text);
void text_nearest_clear(TextNearest *nearest);

/* One ASCII digit or more, and nothing else? */
gboolean text_is_digits(const char *text);

/* Safe on a terminal: C0 (but not tab and newline), DEL, C1, bidirectional controls and invalid
 * UTF-8 shown as \xNN or \u{NNNN}. */
char *text_for_terminal(const char *text);

/* Marks that turn the direction of writing and so hide what a text says. */
gboolean text_is_bidi(gunichar c);

/* Order of two pointers to texts, byte by byte: for sorting arrays of char *. */
gint text_compare(gconstpointer a, gconstpointer b);

/* SHA-256 of bytes as 64 lower-case hexadecimal digits. length -1: zero-terminated. */
char *text_sha256(const void *bytes, gssize length);

/* ':' ';' '%' and white space made %XX, so that a value can stand inside a reference. */
char *text_ref_encode(const char *value);
/* Is that the value itself? So for letters, digits and signs of ASCII that mean nothing there. */
gboolean text_is_plain_key(const char *value);

/* Fixed-point number without regard to the locale, e.g. text_number(3.14159, 2) -> "3.14";
 * never "-0.00". */
char *text_number(double value, int decimals);

/* A probability, 0 to 1, with four decimals. What is computed never reads as certain: below 1 it
 * is at most "0.9999"; "1.0000" is left for what was decided or given. */
char *text_probability(double value);

#endif
