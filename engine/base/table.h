/*
 * Private to engine/base: whole tables with the line on which each row begins, for readers that
 * have to name it (code tables). Everyone else uses csv_read_all() and csv_read_text().
 */
#ifndef CROSSTRACE_BASE_TABLE_H
#define CROSSTRACE_BASE_TABLE_H

#include <glib.h>

/* As csv_read_all(); lines (may be NULL) receives a new GArray of guint. */
GPtrArray *table_read_file(const char *path, GArray **lines, GError **error);

#endif
