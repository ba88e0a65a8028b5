/*
 * How the canonical fields are kept, for the store alone: which of them are columns, and how the
 * others lie in one value. Their names and values: record.h.
 */
#ifndef CROSSTRACE_RECORD_FIELDS_H
#define CROSSTRACE_RECORD_FIELDS_H

#include "engine/record/record.h"

/* Is the field no column (PACKED in fields.def)? */
gboolean field_is_packed(Field field);
/* The canonical field beside one as received (make_raw: make); FIELD_COUNT for any other. */
Field field_of_twin(Field twin);

/* Replaces packed by all values (by Field, NULL: absent) of fields that are no columns, in one. */
void fields_pack(const Record *record, GString *packed);
/* Back into the table of a row's values (by Field), which has those that are columns (and NULL for
 * the others) already; they point into packed and into that table. FALSE: damaged. */
gboolean fields_unpack(const char *packed, gsize length, const char **value);

#endif
