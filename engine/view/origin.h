/*
 * Private to engine/view: where the columns of views come from that are copied without SQL
 * (pass.c), as origins.def lists them.
 */
#ifndef CROSSTRACE_VIEW_ORIGIN_H
#define CROSSTRACE_VIEW_ORIGIN_H

#include "engine/view/copies.h"

typedef enum {
    FROM_NOTHING, /* nobody reads it */
    /* known when the record is seen */
    FROM_REF,
    FROM_KIND,
    FROM_FIREARM, /* the smallest reference of its firearm */
    FROM_FIELD,
    FROM_CASE, /* seizure number, else agency case number */
    FROM_HANDGUN,
    FROM_DEALER, /* the field, else what the list of licensees says */
    FROM_COUNTY, /* of the licence */
    /* of the first seizure or recovery of the firearm since the purchase */
    FROM_RECOVERY, /* the field */
    FROM_RECOVERY_REF,
    FROM_RECOVERY_DAYS, /* since the purchase */
    /* known when a mention is seen */
    FROM_PERSON,
    FROM_MENTION,
    FROM_DOOR, /* address key, else street */
    FROM_MENTION_REF,
    FROM_ROLE, /* without its number */
    FROM_PROBABILITY
} From;

typedef struct {
    const char *view, *column;
    From from;
    int field;
    const char *role;
} Origin;

/* A statement whose columns are those of a view; it yields no row. NULL on error. */
sqlite3_stmt *view_columns(sqlite3 *db, const char *view, GError **error);
/* *known: every column that the view has is listed. */
gboolean origins_known(sqlite3 *db, const char *view, gboolean *known, GError **error);
/* By column of a copy, one from nothing where nobody reads it; g_free. NULL on error. */
const Origin **origins_of(sqlite3 *db, const Copy *copy, GError **error);

#endif
