/*
 * INI files read strictly: a duplicate group or key, a line that is neither, a byte-order mark,
 * invalid UTF-8 is an error that names file and line (STATUS_CONFIG). The only file that knows
 * GKeyFile, which would merge duplicates in silence. Values are raw: `\d` stays `\d`; a
 * comment is a line of its own that starts with # or ;.
 */
#ifndef CROSSTRACE_BASE_INI_H
#define CROSSTRACE_BASE_INI_H

#include <glib.h>

typedef struct Ini Ini;

Ini *ini_load(const char *path, GError **error); /* missing file: STATUS_NO_INPUT */
Ini *ini_read(const char *text, gsize length, const char *name, GError **error);
void ini_free(Ini *ini);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ini, ini_free)

/* Group names in file order; owned by the Ini. */
const char *const *ini_groups(const Ini *ini);
/* Key names of a group in file order; owned by the Ini; empty when there is no such group. */
const char *const *ini_keys(const Ini *ini, const char *group);

/* Value or NULL; owned by the Ini. */
const char *ini_get(const Ini *ini, const char *group, const char *key);
/* Value, or STATUS_CONFIG "file:line: key 'x' missing in [group]". */
const char *ini_need(const Ini *ini, const char *group, const char *key, GError **error);
/* A number between low and high, fallback when the key is absent; a bad value is an error. */
gboolean ini_number(const Ini *ini, const char *group, const char *key, double low, double high,
                    double fallback, double *value, GError **error);
/* true or false; fallback when absent; anything else is an error. */
gboolean ini_flag(const Ini *ini, const char *group, const char *key, gboolean fallback,
                  gboolean *value, GError **error);
/* Parts of a ';' separated value, trimmed, empty parts dropped; free with g_strfreev. */
char **ini_list(const Ini *ini, const char *group, const char *key);

/* Error "file:line: unknown key 'k' in [group], did you mean 'x'" unless every key is allowed. */
gboolean ini_only_keys(const Ini *ini, const char *group, const char *const *allowed,
                       GError **error);
/* Line of a key; of the group when there is no such key or key is NULL; else 1. */
guint ini_line(const Ini *ini, const char *group, const char *key);
/* Sets STATUS_CONFIG "file:line: ..." for a key (or the group line when key is NULL); FALSE. */
gboolean ini_error(const Ini *ini, const char *group, const char *key, GError **error,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The nearest of the words by edit distance, or NULL when none is near; for "did you mean". */
const char *nearest_word(const char *word, const char *const *words);
/* ", did you mean 'x'" for the end of an error text, or "" when none is near; g_free. */
char *nearest_hint(const char *word, const char *const *words);

#endif
