/*
 * Saved queries, RULES/queries/NAME.sql: header lines `-- id:`, `-- title:`, `-- param: name` or
 * `-- param: name = value`, an empty line, one SELECT over the documented views. To add one: a
 * file; a test runs each.
 */
#ifndef CROSSTRACE_QUERY_SAVED_H
#define CROSSTRACE_QUERY_SAVED_H

#include <glib.h>

typedef struct {
    char *name, *value; /* value NULL: must be given */
} SavedParameter;

typedef struct {
    char *id, *title, *sql;
    GArray *parameters; /* of SavedParameter */
} SavedQuery;

void saved_query_free(SavedQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedQuery, saved_query_free)

/* All of a rules directory by id: array of SavedQuery. STATUS_CONFIG with file and line. */
GPtrArray *saved_queries(const char *rules_dir, GError **error);

#endif
