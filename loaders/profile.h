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

typedef struct {
    char *name;
    char **aliases;
    gboolean required;
    int unless; /* a blank cell is accepted where this column has one; -1: never */
    const Normaliser *normaliser;
    char *table; /* code table of the normaliser, or NULL */
    char *role;  /* NULL: a field of the record */
    int target;  /* Field, or MentionField with a role */
} ProfileColumn;

struct Profile {
    char *name, *file, *kind, *encoding;
    GPtrArray *columns; /* of ProfileColumn */
    GHashTable *by_key; /* text_key of a name or alias -> index + 1; a second one: in `doubles` */
    GHashTable *doubles;
    GArray *key;     /* of guint: columns that make the key */
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
/* Is there a column of this name or alias? */
gboolean profile_knows(const Profile *profile, const char *header);
/* Does any profile of the set know the header cell? */
gboolean profiles_know(const Profiles *profiles, const char *header);

/* Header cell of each column, -1 where the header has none (array of profile->columns->len ints,
 * g_free); NULL with STATUS_DATA naming what is missing or there twice. */
int *profile_match(const Profile *profile, char **header, guint n, GError **error);
/* The one profile of the set that fits best; STATUS_DATA when none or several do. */
const Profile *profiles_detect(const Profiles *profiles, char **header, guint n, GError **error);

#endif
