/*
 * A row into a record: every cell through its normaliser, then what needs several cells at once.
 */
#ifndef CROSSTRACE_LOADERS_MAP_H
#define CROSSTRACE_LOADERS_MAP_H

#include "loaders/dates.h"
#include "loaders/normalise.h"
#include "loaders/reader.h"

/* What is wrong with a row or a value of it. field and code are static or the profile's; value
 * is borrowed from the row and good as long as that. */
typedef struct {
    const char *field;
    const char *code;
    const char *value;
} Flaw;

/* A column that the header has: its number in the profile and its cell's in the row, or -1. */
typedef struct {
    const ProfileColumn *column;
    guint index;
    int cell;
    gboolean optional; /* an empty cell is nothing */
    gboolean key;      /* part of the row's key */
    gboolean alone;    /* optional, and its cells are remembered */
    guint role;        /* of a person's column: its number among the roles */
    CellSlot *slot;    /* of an optional column's cell in hand: where it is remembered, or NULL */
} MapStep;

typedef struct SerialSlot SerialSlot;

typedef struct {
    const Profile *profile;
    Cleaner *cleaner;
    const int *cells; /* header cell of each column, or -1 */
    GArray *plain;    /* of MapStep: columns in their two turns */
    GArray *late;
    GPtrArray *filled;              /* of MapStep: those of the turn whose cells are not empty */
    GArray *warnings;               /* of Flaw: of the row mapped last */
    gboolean has_serial;            /* the profile has a column for it */
    GString *glued;                 /* cell of a column that is made of parts */
    const char *list;               /* that a row's people stand in, nobody twice; or NULL */
    SerialSlot *serials;            /* readings of words that come again; NULL: none yet */
    const char *key[KEY_PARTS_MAX]; /* of the row in hand, where no field takes it */
    GString *ref;                   /* a record's, while it is made */
    GPtrArray *people;              /* Mention of each role in the row's record, or NULL */
} Mapper;

/* cells as profile_match gave them; all three must outlive the mapper. */
void mapper_init(Mapper *mapper, const Profile *profile, const int *cells, Cleaner *cleaner);
void mapper_clear(Mapper *mapper);

/* Fills an empty record, sealed, with mapper->warnings; its raw text and values that are a cell as
 * it stands are the row's. FALSE with *reject when the row is none. */
gboolean map_row(Mapper *mapper, const Row *row, Record *record, Flaw *reject);

/* Is a row that is no record of a confidential source? As its own flag says, else the profile; a
 * row without cells is where the file has such a flag. record: what map_row left; it gets its
 * reference where the key can be read. */
gboolean map_confidential(Mapper *mapper, const Row *row, Record *record);

/* The serial number, its kind and forms out of its cell and those beside it (numbers.c). */
void record_finish_serial(Mapper *mapper, Record *record);

/* The rest of map_row that looks at the record as a whole (whole.c). */
void record_finish(Mapper *mapper, const Row *row, Record *record);
void map_warn(Mapper *mapper, const char *field, const char *code, const char *value);

#endif
