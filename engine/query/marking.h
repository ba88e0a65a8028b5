/*
 * What every question to the store leaves out, as pieces of SQL: records of a confidential source
 * leave for nobody, nor does anything that rests on them. Private to engine/query.
 */
#ifndef CROSSTRACE_QUERY_MARKING_H
#define CROSSTRACE_QUERY_MARKING_H

#include "engine/store/store.h"

/* Columns are named with their table: a plain `record` would be that of markings. */
#define CONFIDENTIAL        "(SELECT record FROM markings WHERE confidential = 'Y')"
#define IS_CONFIDENTIAL(r)  "(SELECT confidential FROM markings WHERE record = " r ") IS 'Y'"
#define HANDLING_OF(record) "(SELECT handling FROM markings WHERE record = " record ")"

/* "<record>:<role>" -> "<record>", "<role>" */
#define ROLE_CHARACTERS    "'abcdefghijklmnopqrstuvwxyz0123456789'"
#define RECORD_OF(mention) "rtrim(rtrim(" mention ", " ROLE_CHARACTERS "), ':')"
#define ROLE_OF(mention)   "substr(" mention ", length(rtrim(" mention ", " ROLE_CHARACTERS ")) + 1)"

/* The name of an entity is a mention of it: where that is of a confidential source the smallest of
 * the others stands for it. */
#define ENTITY_OF(entity)                                                                          \
    "iif(" IS_CONFIDENTIAL(RECORD_OF(entity)) ", (SELECT min(q.mention) FROM people q WHERE "      \
                                              "q.person = " entity                                 \
                                              " AND NOT " IS_CONFIDENTIAL("q.record") "), " entity \
                                                                                      ")"

/* A record, or a mention's record (mention: it was one); NULL with STATUS_NO_INPUT when there is
 * none, STATUS_FORBIDDEN when it is of a confidential source. */
Record *query_record(Store *store, const char *ref, gboolean *mention, GError **error);

#endif
