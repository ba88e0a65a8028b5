/*
 * Public sets with known truth, below $CROSSTRACE_DATASETS; the tests that read them are skipped
 * where there are none.
 */
#ifndef CROSSTRACE_TESTS_PERSON_SETS_H
#define CROSSTRACE_TESTS_PERSON_SETS_H

#include <glib.h>

/* Rows of a file, cells trimmed, the header first; NULL when the file is not there. */
GPtrArray *set_rows(const char *file);

/* A cell by its column's name; NULL when empty, NA or not there. Borrowed. */
char *set_cell(const GPtrArray *rows, guint row, const char *column);

#endif
