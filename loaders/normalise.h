/*
 * Cells into canonical values: one function for each normaliser that a profile may name. To add
 * one, add a row to the table in normalise.c.
 */
#ifndef CROSSTRACE_LOADERS_NORMALISE_H
#define CROSSTRACE_LOADERS_NORMALISE_H

#include "loaders/profile.h"

#define CACHE_LINE   64 /* bytes; a power of two, as an alignment is */
#define RECENT_SLOTS 8192
#define RECENT_TEXT  48

/* A lookup remembered before the memo is asked: the tables of a file see the same texts again. As
 * large as a line of the processor's cache, where most of its time would go. */
typedef struct {
    const char *tag;   /* of the memo, by its address */
    const char *value; /* as the memo has it */
    char text[RECENT_TEXT];
} RecentSlot;
G_STATIC_ASSERT(sizeof(RecentSlot) <= CACHE_LINE);

#define CELL_SLOTS 8192
#define CELL_TEXT  47

/* A cell remembered with all that its normaliser made of it; a line of the cache. */
typedef struct {
    const ProfileColumn *column; /* NULL: empty */
    const char *problem;
    char cell[CELL_TEXT];
    guint8 became; /* CellValue */
} CellSlot;
G_STATIC_ASSERT(sizeof(CellSlot) <= CACHE_LINE);

typedef enum { CELL_NOTHING, CELL_ITSELF, CELL_OTHER } CellValue;

/* What normalising needs besides the cell; one for each load. Answers of the code tables are
 * remembered for each distinct text. */
typedef struct {
    const CodeTables *codes;
    const PersonModel *people;
    const CodeTable *unknown; /* words for "not recorded", or NULL */
    guint order;              /* DateOrder bit of the file */
    Day as_of;                /* DAY_NONE: none */
    GHashTable *memo;         /* tag -> (text -> canonical text, "" for none) */
    char *made;               /* by the normaliser that ran last */
    RecentSlot *recent;       /* RECENT_SLOTS of them; made when first asked */
    CellSlot *cells;          /* CELL_SLOTS of them; made when first asked */
    char *values;             /* of those that are not the cell itself: CELL_TEXT bytes a slot */
    char date[DAY_TEXT];      /* made last of a date cell */
    GPtrArray *spellings;     /* key and code of every make in turn, for near spellings */
} Cleaner;

void cleaner_init(Cleaner *cleaner, const CodeTables *codes, const PersonModel *people);
void cleaner_clear(Cleaner *cleaner);

/* Returns the canonical value, good until the next cell, or NULL when there is none; *problem is
 * set to a stable reason code when that, or the value, is worth a warning. The record holds what
 * earlier columns gave; normalisers that depend on it are `late`. */
typedef const char *(*NormaliseCell)(Cleaner *cleaner, const ProfileColumn *column,
                                     const char *cell, const Record *record, const char **problem);

struct Normaliser {
    const char *name;
    gboolean takes_table; /* written "name:table" */
    gboolean late;        /* after all others of the row */
    gboolean alone;       /* the cell alone says what comes of it: worth remembering */
    int raw;              /* Field that takes the cell as received, or -1 */
    NormaliseCell clean;
};

/* By its name in a profile ("make", "code:modes"); *table is its table's part or NULL. */
const Normaliser *normaliser_find(const char *word, char **table);
gboolean normaliser_is_date(const Normaliser *normaliser);
/* All names, for error messages; static, NULL at the end. */
const char *const *normaliser_names(void);

/* Code of a text in a table, remembered; NULL when unknown. Owned by the cleaner. */
const char *clean_code(Cleaner *cleaner, const char *table, const char *text);
/* The cell with single blanks; good until the next cell. */
const char *clean_squeezed(Cleaner *cleaner, const char *cell);
/* Is the cell one of the words for "not recorded"? */
gboolean clean_is_nothing(Cleaner *cleaner, const char *cell);

#endif
