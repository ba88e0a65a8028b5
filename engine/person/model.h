/*
 * What rules/person.ini and its tables say, in memory: fields and their levels with m and u,
 * nicknames, placeholders, limits. Read once, never changed. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_MODEL_H
#define CROSSTRACE_PERSON_MODEL_H

#include "engine/base/code.h"
#include "engine/person/limits.h"
#include "engine/person/person.h"

#define FIELD_LEVELS 9 /* most levels of one field, missing left out */

typedef enum {
#define FIELD(id, ...) FIELD_##id,
#include "engine/person/levels.def"
#undef FIELD
    FIELD_COUNT
} Field;

/* One word for each level, best first; a level's number is its place. LEVEL_MISSING counts 0. */
#define LEVEL_MISSING 15

/* Levels by number, in the order of levels.def. */
enum {
    NAME_EXACT,
    NAME_VARIANT,
    NAME_CLOSE,
    NAME_NEAR,
    NAME_FAR,
    NAME_INITIAL,
    NAME_SWAPPED,
    NAME_DIFFERS
};
enum { SUFFIX_EQUAL, SUFFIX_CONFLICT };
enum {
    DOB_EXACT,
    DOB_SWAPPED,
    DOB_DIGIT,
    DOB_PARTS,
    DOB_KNOWN, /* one of the two is not whole, and what both say of it agrees */
    DOB_YEAR,
    DOB_DIFFERS,
    DOB_GENERATION
};
enum {
    ADDRESS_UNIT,
    ADDRESS_HOUSE,
    ADDRESS_CLOSE,
    ADDRESS_OTHER_UNIT,
    ADDRESS_STREET,
    ADDRESS_POSTAL,
    ADDRESS_CITY,
    ADDRESS_REGION,
    ADDRESS_DIFFERS
};
enum { PHONE_EQUAL, PHONE_CLOSE, PHONE_DIFFERS };
enum {
    DOCUMENT_EQUAL,
    DOCUMENT_CLOSE,
    DOCUMENT_DIGIT, /* one character is another one: a slip, or the next number of the series */
    DOCUMENT_NEAR,
    DOCUMENT_DIFFERS,
    DOCUMENT_CONFLICT, /* type and issuer known: one of the two numbers is another person's */
};

typedef struct {
    double m, u; /* P(level | same person), P(level | two people), of pairs where both are known */
    double kin;  /* P(level | two people of one family or household) */
} LevelOdds;

typedef struct {
    LevelOdds odds[FIELD_COUNT][FIELD_LEVELS];
    double matches;             /* expected number of other mentions of one person, at the start */
    double kin;                 /* expected number of relatives among the other people */
    double shared[FIELD_COUNT]; /* of relatives who share a field's value */
    double kin_both; /* twins differ in given name, father and son in birth date: how seldom
                      * relatives agree in both, beside what the two fields say alone */
    double lives;    /* share of namesakes born on two days who are one person, as estimated */
    double undated;  /* share of all namesakes who are; 0: not estimated */
} Weights;

struct PersonModel {
    Alike alike;
    Weights start;
    float bits[FIELD_COUNT][FIELD_LEVELS]; /* log2 (m / u) of the start weights */
    Limits limits;
    GHashTable *nicknames;      /* folded name -> GArray of guint, numbers of its groups */
    GArray *first_letters;      /* guint32 by group: letter_bit() of how each of its names starts */
    GHashTable *two_names;      /* "A B", two given names that are alike and yet two -> itself */
    GHashTable *listed;         /* each of these -> GArray of guint, numbers of its pairs */
    GHashTable *letters;        /* character of another script -> Latin letters */
    GHashTable *placeholders;   /* "kind:text" -> itself */
    GHashTable *placed_words;   /* every word of a placeholder of names -> itself */
    guint32 placed_begins[256]; /* by a first letter the lengths that these have, as bits; 31: and
                                   more */
    CodeTables *tables;
    const CodeTable *regions, *countries; /* of tables: who issues documents */
};

const char *person_field_name(Field field);
guint field_levels(Field field); /* without missing */
const char *level_name(Field field, guint level);

/* Do two folded given names share a nickname group? */
gboolean nickname_equal(const PersonModel *model, const char *a, const char *b);
/* Does the folded given name stand in any nickname group? */
gboolean given_is_known(const PersonModel *model, const char *name);
/* Does the folded given name stand in a nickname group with one that starts with this letter:
 * "MANDY", A of AMANDA? */
gboolean nickname_starts(const PersonModel *model, const char *name, char letter);
/* Are two folded given names listed as those of two people, however alike they are? */
gboolean names_are_two(const PersonModel *model, const char *a, const char *b);
/* Bits of which two names have one in common where either of the two is so; 0 when it is listed
 * nowhere. */
guint64 called_bits(const PersonModel *model, const char *name);

/* A folded name with the letters of other scripts that rules/tables/letters.csv knows written as
 * Latin ones; g_free. spoken: Chinese characters too, which sound alike far more often than they
 * are the same, so that more than names has to say who is meant. */
char *name_latin(const PersonModel *model, const char *folded, gboolean spoken);

/* Is a folded text listed as a placeholder of that kind (word, filler, whole, document, phone)? */
gboolean placeholder_listed(const PersonModel *model, const char *kind, const char *text);

#endif
