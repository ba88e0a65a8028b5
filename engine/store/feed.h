/*
 * New rows handed to SQLite some hundred at a time: while a batch is put, the tables
 * incoming_record and incoming_mention show it, and one INSERT ... SELECT takes them all. A
 * statement a row with a bound value a column takes half as long again. Private to this room.
 */
#ifndef CROSSTRACE_STORE_FEED_H
#define CROSSTRACE_STORE_FEED_H

#include "engine/store/db.h"

#define FEED_ROWS 64 /* handed over at once: what they have fits in a processor's own cache */

/* Columns of the table record that are no fields, and their names. */
enum {
    HEAD_ID,
    HEAD_REF,
    HEAD_KIND,
    HEAD_FILE,
    HEAD_LINE,
    HEAD_REVISION,
    HEAD_HASH,
    HEAD_RAW,
    HEAD_PACKED,
    HEAD_COUNT
};
extern const char *const record_heads[HEAD_COUNT];

/* A record on its way into the store, borrowed. */
typedef struct {
    const Record *record;
    gint64 record_id, raw_at;
    guint8 hash[MIX_BYTES];
} Incoming;

/* Columns, by their fields or mention fields, that had no value in any row so far. */
typedef struct {
    int field[FIELD_COUNT];
    guint n;
} Unseen;
G_STATIC_ASSERT((int)MENTION_COUNT <= (int)FIELD_COUNT);

struct Feed {
    Incoming waiting[FEED_ROWS]; /* new records of the put that is going on */
    guint n_waiting;
    const Incoming *rows; /* what the tables show; n is 0 but while a statement reads them */
    guint n;
    GString *packed; /* fields of the record in hand */
    Unseen fields, mention_fields;
    gint64 last_id; /* the last number given, 0: not known yet */
};

/* Makes the tables known to the store's connection, which a reader needs not. */
gboolean feed_attach(Store *store, GError **error);
void feed_free(Feed *feed);

/* The statements that take what the tables show; g_free. */
char *feed_record_sql(const Feed *feed);
char *feed_mention_sql(const Feed *feed);

/* A record that is not there yet, with its mentions: it has a number from now on, and is there
 * after the next flush, until when it must not change. With FEED_ROWS waiting it comes now. */
gboolean feed_add(Store *store, const Record *record, gint64 raw_at, const guint8 *hash,
                  gint64 *record_id, GError **error);
/* Does the number belong to one that waits? */
gboolean feed_waits(const Store *store, gint64 record_id);
gboolean feed_flush(Store *store, GError **error);
/* Those that wait are forgotten, and which number was the last. */
void feed_forget(Store *store);
/* The mentions of a record that is there. */
gboolean feed_mentions(Store *store, const Record *record, gint64 record_id, GError **error);

#endif
