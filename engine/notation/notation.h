/*
 * The words, masks and lists by which examiners' notation is recognised: what stands at a place of
 * a text, and what a whole field is. Private to this room and engine/serial. All texts are
 * text_fold()ed. To add a word: a line in rules/tables/notation_*.csv.
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
    WORD_DOUBTED,    /* who wrote it is not sure of it */
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
    const char *taken_for; /* of WORD_OTHER; else NULL, or which of its kind it is */
} Phrase;

#define PHRASE_MARK         "import-mark"  /* taken_for: of a maker or importer */
#define PHRASE_ACCESSORY    "accessory"    /* a part where a number of its own follows */
#define PHRASE_ON_ACCESSORY "on-accessory" /* likewise, where it may stand before */
#define PHRASE_TRACED       "traced-part"  /* such a part that is traced by its number */
#define PHRASE_GUN          "gun"       /* of a label: the thing that bears the number behind it */
#define PHRASE_THING        "thing"     /* of a label: "GUN NO", which others number too */
#define PHRASE_FALSE        "false"     /* of a former number: it is none that the maker gave */
#define PHRASE_REFERENCE    "reference" /* taken_for: a short word may be a prefix, see field.c */

/* The lists of rules/tables/notation_lists.csv, by their names there. */
typedef enum {
    LIST_SHAPE,           /* masks of whole fields, and what they are taken for */
    LIST_CALIBRE,         /* keys of whole fields */
    LIST_BORE,            /* the digits of a calibre that people write alone */
    LIST_MODEL,           /* the same; of a maker where it could be another's number */
    LIST_SHORT_MODEL,     /* so short that its maker must be known, whose numbers are longer */
    LIST_MAKER,           /* keys of makers' names */
    LIST_DAMAGE,          /* masks of whole fields, and the hint of what a spreadsheet did */
    LIST_FAILURE,         /* what it shows where a formula fails; the first '#' may be gone */
    LIST_MONTH,           /* as it abbreviates them */
    LIST_COUNT_WORD,      /* "TWO": what '%' of a phrase stands for, as digits do */
    LIST_ORDINAL_END,     /* "ND" of "2ND" */
    LIST_GLUED_LABEL,     /* labels that no number begins with */
    LIST_LABEL_OR_PREFIX, /* labels that need a sign behind them: "NS: 12345", NS 12345 */
    LIST_SMALL_WORD,      /* what is left of sentences; words of five letters need no list */
    LIST_STAMP,         /* of importers and makers beside a number, and the places where they are */
    LIST_JOINT,         /* marks between the parts of a number that were read out */
    LIST_UNIT,          /* behind digits, of what is measured or counted: "LBS" */
    LIST_SPELLED,       /* names of the letters that they begin with: "HOTEL" */
    LIST_SPELLED_NAME,  /* likewise, of the police: names of people, too */
    LIST_SPELLED_MONTH, /* those that are a month before a date: "NOVEMBER 12 2023" */
    LIST_DESIGNATOR,    /* what stands before the number of a model's make: "MARK II" */
    LIST_PREFIX,        /* small words that makers stamp before digits: "LE 123456" */
    LIST_COUNTRY,       /* stamped behind a number: "ABC123 US" */
    LIST_DIVIDER,       /* between two numbers of one shape: "HAA1234 WITH HAA1235" */
    LIST_RANGE,         /* between the first number of a series and the last: "HAA1234 TO 1240" */
    LIST_READING,       /* letters between two readings of one number: "HAA1234 V HAA1284" */
    LIST_HYPHEN_LABEL,  /* labels that a hyphen may part from their number: "SN-HAA1234" */
    LIST_FILE_WORD,     /* short names of files that no maker stamps: "CASE 123456" */
    LIST_FAVOURITE,     /* numbers that people make up; O is written 0, and I 1 */
    LIST_MADE_UP,       /* what no number of a maker begins with: "TEST" before digits; likewise */
    LIST_COUNTED, /* before digits that count up, such a number: "SN" of "SN123456"; likewise */
    LISTS,
} NotationList;

/* Does the list have this text? Or these n bytes of one? */
gboolean notation_listed(NotationList list, const char *text);
gboolean notation_lists(NotationList list, const char *text, gsize n);

/* The SHA-256 of the table of words i as it was built in, its name under rules/ in *name; NULL
 * behind the last. */
const char *notation_built(guint i, const char **name);

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

/* The spreadsheet damage that a whole field shows: excel_sci, excel_date, ... (static) or NULL. */
const char *notation_damage(const char *folded);

/* Has that damage left nothing of the number? */
gboolean notation_destroyed(const char *damage);

#endif
