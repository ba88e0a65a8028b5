/* How the rows of a query are marked; private to engine/sql. */
#ifndef CROSSTRACE_SQL_MARKING_H
#define CROSSTRACE_SQL_MARKING_H

#include "engine/sql/sql.h"

typedef struct Markings Markings;

/* Looks markings up on a connection that no guard is put up on. */
Markings *markings_new(Store *store, GError **error);
void markings_free(Markings *markings);

/* The columns of a result, by whose names its records are found. */
void markings_begin(Markings *markings, const Column *columns, guint n);
/* "LES; PROTECTED B" or NULL; good until the next row. */
gboolean markings_of_row(Markings *markings, const char *const *cells, const char **handling,
                         GError **error);

#endif
