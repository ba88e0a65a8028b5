/*
 * Private to engine/store: the open store and what its files ask of each other.
 */
#ifndef CROSSTRACE_STORE_DB_H
#define CROSSTRACE_STORE_DB_H

#include "engine/base/error.h"
#include "engine/base/evidence.h"
#include "engine/base/hash.h"
#include "engine/record/fields.h"
#include "engine/store/blocks.h"
#include "engine/store/put.h"
#include "engine/store/scan.h"
#include "engine/store/schema.h"
#include "engine/store/statement.h"

typedef enum { PURGED_UNKNOWN, PURGED_NONE, PURGED_SOME } Purged; /* are there purged keys? */

#define BULK_ROWS 20000 /* fewer are put row by row */

#define CACHE_SQL "PRAGMA cache_size=-131072;"
#define ONE_PASS_SQL                                                                               \
    "PRAGMA cache_size=-4096;" /* while every page is read once: keep few of them */
/* Before and behind an index over many rows. Sorted in memory each key would be a piece of it by
 * itself, put in order along a list all over it; so it is a cache at a time, by another thread
 * where there are more, and only then in a file. Not heard where temporary tables are there
 * already. */
#define SORT_IN_FILES_SQL  "PRAGMA temp_store=FILE; PRAGMA threads=1"
#define SORT_IN_MEMORY_SQL "PRAGMA temp_store=MEMORY; PRAGMA threads=0"
#define BULK_OVER_SQL      "PRAGMA foreign_keys=ON; " CACHE_SQL "PRAGMA journal_mode=WAL"

typedef struct Keys Keys;
typedef struct Feed Feed;
typedef struct First First;
typedef struct Watch Watch;
typedef struct Early Early;

struct Store {
    sqlite3 *db;
    char *path;
    StoreMode mode;
    int lock;            /* descriptor of STORE.lock, -1: not held */
    gboolean begun;      /* the caller opened a transaction */
    gboolean committing; /* it ends by store_commit */
    gboolean starved;    /* SQLite rolled it back when it was out of memory */
    gboolean sum_known, sum_changed;
    Mix sum;    /* over all current records of a hash of (reference, content): see data.c */
    Feed *feed; /* new records on their way in (feed.c); a reader has none */
    Record *const *pending; /* records whose raw rows make the block that is being put, or NULL */
    gint64 next_block[BLOCKS_COUNT]; /* number of the block being put; 0: not known yet */
    GByteArray *former;              /* texts of the history's block that is being put, or NULL */
    guint n_former;
    BlockCache texts[BLOCKS_COUNT]; /* read by SQL */
    gboolean bulky;                 /* the connection is set up for a large load */
    guint64 expected;               /* records that store_expect announced */
    Keys *keys;                     /* references, while the indexes are gone (bulk.c), else NULL */
    First *first;                   /* rows of a first load on their way (first.c), else NULL */
    gint64 evidence_id;             /* the last one given, 0: not known yet */
    gint64 run_id;                  /* of the run that is going on, 0: none */
    Purged purged;
    Watch *watch;  /* of the results, while a run changes some of them, else NULL */
    Early *early;  /* what is written goes to disk beside it (early.c), or NULL */
    Mix forgotten; /* what rows of persons that were deleted take out of the seal */
    gpointer kept; /* of a room above, as long as the store is open */
    GDestroyNotify free_kept;
    sqlite3_stmt *cache[SQL_COUNT];
};

/* lock.c: takes STORE.lock; STATUS_TRY_AGAIN names the holder. Returns the descriptor or -1. */
int lock_take(const char *store_path, int wait_seconds, GError **error);
void lock_release(int lock);

/* Says that SQLite itself rolled the open transaction back, and why: STATUS_IO, STATUS_MEMORY.
 * Until the caller has rolled it back, too, nothing more is written: what was left of it would be.
 * Returns FALSE. */
gboolean store_lost(const Store *store, const char *what, GError **error);
/* Is that so? */
gboolean store_is_lost(const Store *store);

/* Own transaction around a write that the caller put into none. */
gboolean store_ensure(Store *store, gboolean *own, GError **error);
gboolean store_finish(Store *store, gboolean own, gboolean done, GError **error);

/* fields_unpack() of a column; values are good until the next step. */
gboolean column_unpack(sqlite3_stmt *stmt, int column, const char **value, GError **error);

/* packed_field(packed, 'name') for the SQL of rooms with a handle. */
gboolean store_add_functions(sqlite3 *db, GError **error);

/* terms.c: all terms of an evidence in one value, and back, added to an evidence without any;
 * FALSE: damaged. pack_terms(...) in SQL, for the terms of before. */
void terms_pack(const Evidence *evidence, GString *packed);
gboolean terms_unpack(const char *packed, gsize length, Evidence *evidence);
gboolean terms_add_function(sqlite3 *db, GError **error);

#define RECORD_HEAD 8 /* parameters of an update before the fields that are columns */
/* read.c: SELECTs over records (r) and their mentions (m) with the tail given; g_free. */
char *record_sql(const char *tail);
char *mention_sql(const char *tail);

/* put.c: {"make":"GLOCK",...,"mentions":{"purchaser":{"last":...}}}; g_free. */
char *record_json(const Record *record);

/* purge.c: was a record of this reference purged? */
gboolean purge_knows(Store *store, const char *ref, gboolean *known, GError **error);
/* put.c: puts a record in the place of one that is there, and no history of it. */
gboolean put_stripped(Store *store, const Record *record, gint64 record_id, gint64 raw_at,
                      GError **error);

/* The largest number of a record, 0: there is none. */
gboolean store_last_record(Store *store, gint64 *record_id, GError **error);
/* bulk.c: a large load begins, has put a record, builds its indexes, and is over whatever became
 * of it. */
gboolean bulk_begin(Store *store, GError **error);
/* store_find_ref() which lets a first load go on, whose records no statement reads; the memory that
 * it will look at is asked for. */
gboolean bulk_find(Store *store, const char *ref, gint64 *record_id, GError **error);
void bulk_prefetch(const Store *store, const char *ref);
gboolean bulk_add(Store *store, const char *ref, gint64 record_id, GError **error);
gboolean bulk_end(Store *store, GError **error);
void bulk_over(Store *store);

/* data.c: keeps the sum in step with the records. */
gboolean data_sum_load(Store *store, GError **error);
gboolean data_sum_save(Store *store, GError **error);
void data_sum_add(Mix *sum, const char *ref, const char *content_hash);
void data_sum_remove(Mix *sum, const char *ref, const char *content_hash);
/* The sum computed again out of the records, for store_check. */
gboolean data_sum_count(Store *store, Mix *sum, GError **error);

#endif
