/*
 * Private to engine/find: what each kind of question runs (FindKind in find.h), and what several of
 * them do alike; the table of kinds is in find.c.
 */
#ifndef CROSSTRACE_FIND_KINDS_H
#define CROSSTRACE_FIND_KINDS_H

#include "engine/find/find.h"

gboolean find_serial(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                     FindCount *count, GError **error);
gboolean find_person(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                     FindCount *count, GError **error);
gboolean find_ffl(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                  FindCount *count, GError **error);
gboolean find_plate(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                    FindCount *count, GError **error);
gboolean find_address(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                      FindCount *count, GError **error);
gboolean find_text(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                   FindCount *count, GError **error);

/* Order of references; of mentions by record, then by role. */
int find_ref_order(const char *a, const char *b);

/* A plate as it is compared, in SQL over `record r`. */
#define FIND_PLATE_SQL                                                                             \
    "upper(replace(replace(replace(r.vehicle_plate, '-', ''), ' ', ''), '.', ''))"

#endif
