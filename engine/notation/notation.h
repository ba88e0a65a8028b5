/*
 * The words, masks and lists by which examiners' notation is recognised, as constant tables:
 * serial_parse() (engine/serial) reads no files, so its words stand here and not in rules/. Private
 * to these two rooms. All texts are text_fold()ed. To add a word: engine/notation/README.md.
 */
#ifndef CROSSTRACE_NOTATION_NOTATION_H
#define CROSSTRACE_NOTATION_NOTATION_H

#include <glib.h>

typedef enum {
    WORD_NONE,        /* made without a number */
    WORD_OBLITERATED, /* there was one */
    WORD_ALTERED,
    WORD_UNKNOWN,    /* nobody read it */
    WORD_ILLEGIBLE,  /* nobody can read it, or not all of it */
    WORD_RESTORED,   /* what follows was brought back */
    WORD_PARTIAL,    /* what follows is a part */
    WORD_OPEN_LEFT,  /* what follows is the end */
    WORD_OPEN_RIGHT, /* what follows is the beginning */
    WORD_FRAME,      /* what follows counts */
    WORD_PART,       /* number of a slide or barrel: counts when there is no other */
    WORD_OTHER,      /* what follows is no serial number: see taken_for */
    WORD_LABEL,      /* "serial number": says nothing */
    WORD_FILLER,     /* says nothing, and no number follows from it */
    WORD_AND,        /* another number follows */
    WORD_OR,         /* another reading of the same number follows */
    WORD_NOT,        /* what follows is not the number */
    WORD_FORMER,     /* what follows was held to be the number */
    WORD_CORRECTED,  /* what follows is the number, what stood before is not */
} WordKind;

/* What a phrase means. */
typedef struct {
    WordKind kind;
    const char *taken_for; /* WORD_OTHER only */
} Phrase;

#define PHRASE_MARK      "import-mark" /* taken_for: of a maker or importer */
#define PHRASE_ACCESSORY "accessory"   /* a part where a number of its own follows */
#define PHRASE_REFERENCE "reference"   /* taken_for: a short word may be a prefix, see field.c */

/* The phrases of one meaning. */
typedef struct {
    Phrase phrase;
    const char *const *words;
    guint n;
} PhraseGroup;

#define PHRASE_GROUP(kind, taken_for, words)                                                       \
    {                                                                                              \
        {kind, taken_for}, words, G_N_ELEMENTS(words)                                              \
    }

/* The groups of one file. */
typedef struct {
    const PhraseGroup *group;
    guint n;
} Lexicon;
extern const Lexicon LEXICON_STATES, LEXICON_LABELS, LEXICON_RELATIONS;

/* The longest phrase that starts at a word start, or NULL; its length in bytes. */
const Phrase *notation_phrase(const char *at, gsize *length);

/* Length of a label that no number begins with, glued to one ("SERIAL12345"); 0: none. */
gsize notation_glued_label(const char *at);

/* The phrase that a text without numbers spells, whatever stands between its letters ("N - S - N"):
 * of states and labels; or NULL. */
const Phrase *notation_spelled(const char *text, gsize n);

/* Is a whole field a model of a maker that could pass for a number ("19" of a GLOCK), or two? */
gboolean notation_short_model(const char *make, const char *folded);
/* What a whole field is taken for when it is no serial number (static), or NULL. make: canonical;
 * NULL or UNKNOWN: a model is one whoever makes it. */
const char *notation_not_serial(const char *make, const char *folded);

/* Is this a maker's name, upper-case letters and digits only? */
gboolean notation_maker(const char *key);

/* The spreadsheet damage that a whole field shows: excel_sci, excel_date, ... (static) or NULL. */
const char *notation_damage(const char *folded);

/* Has that damage left nothing of the number? */
gboolean notation_destroyed(const char *damage);

/* Does the text have the shape of the mask: d digit, l letter, + repeats, ~ a plus. */
gboolean notation_mask(const char *text, const char *mask);

#endif
