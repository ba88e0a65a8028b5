/*
 * loaders: bytes of a file -> rows -> records in the store. reader.c splits bytes into rows with
 * true line numbers (strict, nothing lost), lines.c makes UTF-8, profile.c reads a source
 * layout (profiles/NAME.ini) and finds the one that fits a header, normalise.c turns a cell into
 * a canonical value, map.c a row into a record, load.c drives a file through all of it in one
 * transaction. To add a source: write profiles/NAME.ini.
 */
#ifndef CROSSTRACE_LOADERS_LOADER_H
#define CROSSTRACE_LOADERS_LOADER_H

#include "engine/base/code.h"
#include "engine/base/date.h"
#include "engine/person/person.h"
#include "engine/store/store.h"

typedef struct Profile Profile;
typedef struct Profiles Profiles; /* every profile of a directory */

/* STATUS_CONFIG with file and line for a broken profile. */
Profiles *profiles_load(const char *profiles_dir, GError **error);
void profiles_free(Profiles *profiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profiles, profiles_free)
/* A profile by name (STATUS_USAGE with the nearest name when there is none); owned by the set. */
const Profile *profiles_get(const Profiles *profiles, const char *name, GError **error);

/* How far a load has come. */
typedef struct {
    const char *name;
    guint64 rows;
    double share; /* of the file, 0 to 1, roughly */
} LoadProgress;

/* One line for each reject and warning of a dry run: "file:line:field: message". */
typedef void (*LoadRemark)(const char *file, const Remark *remark, gpointer data);

typedef struct {
    const char *name;        /* what the file is called in the store; NULL: its path */
    const char *profile;     /* NULL: found by the header */
    const char *map;         /* a profile file outside the set, or NULL */
    const char *encoding;    /* NULL: detected */
    const char *list;        /* people of kind person stand in this list, nobody twice; or NULL */
    char delimiter;          /* 0: detected from the header */
    guint dates;             /* DateOrder bits; 0: as the profile says */
    const char *max_rejects; /* "N" or "P%"; NULL: "10%" and at most 10,000 */
    gboolean dry_run;        /* everything, then rolled back */
    Day as_of;               /* dates after it are suspicious */
    const char *as_of_text;  /* ISO time, for the file's row and the audit entry */
    guint threads;           /* that map rows; 0: as many as there are processors */
    /* Called now and then in the caller's thread, or NULL. */
    void (*progress)(const LoadProgress *progress, gpointer data);
    gpointer progress_data;
    LoadRemark remark; /* or NULL */
    gpointer remark_data;
} LoadOptions;

/* What a load needs besides the store: code tables, the person model (placeholders), profiles. */
typedef struct {
    const CodeTables *codes;
    const PersonModel *people;
    const Profiles *profiles;
} LoadRules;

typedef struct {
    char *name, *sha256, *profile, *encoding, *date_order;
    char *why; /* what was found out about the file and by which rule, a line each; NULL: unknown */
    char *notes; /* warnings of the file as a whole, a line each; NULL: none */
    char delimiter;
    gboolean known; /* the same bytes were loaded before: nothing changed */
    guint64 lines, rows, loaded, duplicates, revised, rejected, warnings, blanks;
    guint64 purged; /* of the rejected rows: those of records that were purged before */
    guint64 asides; /* of the warnings: those that many a sound file gives rise to as well */
} LoadReport;

void load_report_clear(LoadReport *report);

/* Loads one file ("-": standard input): wholly, or not at all. Errors: STATUS_NO_INPUT (missing,
 * unreadable, a directory), STATUS_DATA (no profile fits, missing or duplicate column, binary,
 * empty, too many rejects), STATUS_IO, STATUS_CONFIG. */
gboolean load_file(Store *store, const LoadRules *rules, const LoadOptions *options,
                   const char *path, LoadReport *report, GError **error);

#endif
