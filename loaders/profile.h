/*
 * A profile read: which columns a source has, under which names, and what becomes of each. Also
 * which profile fits a header. The file format is in loaders/README.md.
 */
#ifndef CROSSTRACE_LOADERS_PROFILE_H
#define CROSSTRACE_LOADERS_PROFILE_H

#include "loaders/loader.h"

typedef struct Normaliser Normaliser;

/* Beside the mention's fields: a cell that holds a whole name. */
#define MENTION_WHOLE_NAME MENTION_COUNT
/* A column that fills no field: part of another, of the key, or in the raw row alone. */
#define TARGET_NONE   (-1)
#define KEY_PARTS_MAX 4

typedef struct {
    char *name;
    char **aliases;
    char **weak;        /* names that hold where no other header cell is the column's */
    gboolean in_header; /* the header must have the column ... */
    gboolean required;  /* ... and its cells must be filled */
    int otherwise;      /* column that may stand in the header instead, -1: none */
    int unless;         /* a blank cell is accepted where this column has one; -1: never */
    const Normaliser *normaliser;
    char *table;   /* code table of the normaliser, or NULL */
    char *role;    /* NULL: a field of the record */
    int target;    /* Field, or MentionField with a role, or TARGET_NONE */
    GArray *parts; /* of guint: columns whose cells make this one's, or NULL */
    char *glue;
    char *type; /* of the document whose number or issuer stands here, NULL: not said */
} ProfileColumn;

/* One part of a key: a column's cell, or, of a column that is none of the profile, a field. */
typedef struct {
    const char *name;
    int column; /* TARGET_NONE: none */
    int field;
} KeyPart;

struct Profile {
    char *name, *file, *kind, *encoding;
    GPtrArray *columns; /* of ProfileColumn */
    GHashTable *by_key; /* text_key of a name or alias -> index + 1; a second one: in `doubles` */
    GHashTable *doubles;
    GHashTable *by_weak; /* the same for weak names; index 0: of several columns, and so of none */
    GArray *key;         /* of KeyPart */
    GArray *tell;    /* of guint: the header must have one of them to be found by it; NULL: any */
    guint orders[3]; /* DateOrder bits, in the order in which they are tried; 0 ends */
    char *constants[FIELD_COUNT];
};

struct Profiles {
    GPtrArray *all; /* of Profile, by name */
};

/* One profile file outside the set. */
Profile *profile_load(const char *path, GError **error);
void profile_free(Profile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profile, profile_free)

const ProfileColumn *profile_column(const Profile *profile, guint index);
/* Position of a column by its name, -1 when there is none. */
int profile_find(const Profile *profile, const char *name);
/* Does a header give the column cells, its own or those of its parts? cells: of profile_match. */
gboolean profile_fills(const Profile *profile, const int *cells, guint index);
/* Says the header enough for the profile to be found by it? */
gboolean profile_tells(const Profile *profile, const int *cells);
/* What a column's name and a header cell are compared by: text_key, with "N°" read as "No". To be
 * freed by the caller. */
char *header_key(const char *header);
/* Is there a column of this name or alias, or weakly so? */
gboolean profile_knows(const Profile *profile, const char *header);
/* Does any profile of the set know the header cell? */
gboolean profiles_know(const Profiles *profiles, const char *header);

/* Header cell of each column, -1 where the header has none (array of profile->columns->len ints,
 * g_free); NULL with STATUS_DATA naming what is missing or there twice. */
int *profile_match(const Profile *profile, char **header, guint n, GError **error);
/* Header cells that no column takes, with ", " between: they stay in the raw row alone. NULL: there
 * are none; g_free. */
char *profile_unknown(const Profile *profile, const int *cells, char **header, guint n);
/* The one profile of the set that fits best; STATUS_DATA when none or several do. */
const Profile *profiles_detect(const Profiles *profiles, char **header, guint n, GError **error);

#endif
