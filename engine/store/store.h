/*
 * The SQLite store: the only room that knows the schema. Everything that is written goes through
 * here, inside a transaction that the caller opens (store_begin) and ends; a load is one
 * transaction a file, results of a run are one. STRICT tables, text for every identifier, WAL,
 * synchronous=FULL. Records: engine/record; results of a run: result.h; the documented views
 * that rule files and analysts see: views.def beside the schema (README.md lists their columns).
 * Every function that can fail returns FALSE (or NULL) with error set: STATUS_STORE for a
 * missing, foreign or newer store, STATUS_IO for input/output, STATUS_TRY_AGAIN for the lock.
 */
#ifndef CROSSTRACE_STORE_STORE_H
#define CROSSTRACE_STORE_STORE_H

#include "engine/record/record.h"

#define STORE_APPLICATION_ID 0x43525452 /* "CRTR" */

typedef struct Store Store;
typedef struct sqlite3 sqlite3;

typedef enum {
    STORE_READ,   /* must exist; no lock; one consistent snapshot for each read transaction */
    STORE_WRITE,  /* must exist; takes STORE.lock */
    STORE_CREATE, /* made when missing; takes STORE.lock */
} StoreMode;

/* Memory is not counted from here on: SQLite does so under one lock, on which threads wait that run
 * queries side by side. Before anything is opened, and not where a query is to be kept within a
 * limit of memory. */
void store_count_no_memory(void);

/* lock_wait: seconds to wait for another writer, 0 none. A symlink or a store that others may
 * write to is refused (STATUS_CONFIG). Older schemas are migrated in one transaction, after a
 * verified copy was made (STORE.before-vN). */
Store *store_open(const char *path, StoreMode mode, int lock_wait, GError **error);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Closes a store that was made for nothing (a dry run, a check) and removes its files while the
 * lock is still held; the lock's own file stays. */
void store_discard(Store *store);

/* One more connection that reads, for another thread, or for what others see meanwhile. */
Store *store_open_beside(const Store *store, GError **error);
/* A connection without a store behind it: nothing is in it, nothing is kept. */
Store *store_open_empty(GError **error);
/* Pages of the store kept in memory, at most so many MiB; 0: as many as at first. */
gboolean store_set_cache(Store *store, guint mebibytes, GError **error);
/* Do others read what was committed last while something is written? Not where the journal is no
 * log, as in a first load: who reads then keeps the writer waiting. */
gboolean store_has_log(Store *store);

const char *store_path(const Store *store);
/* For the rooms that scripts/layers names (`handle`), and none else; check-layers holds it. */
sqlite3 *store_handle(Store *store);
/* What engine/sql has set up for this connection stays as long as the connection does: one thing,
 * freed when another is kept or the store is closed. NULL: nothing is kept. */
gpointer store_kept(const Store *store);
void store_keep(Store *store, gpointer data, GDestroyNotify destroy);

/* One transaction at a time; closing rolls back. */
gboolean store_begin(Store *store, GError **error);
/* Before a commit that writes much: a thread has the files of at least so many bytes (0: of
 * STORE_EARLY_LEAST) written to disk while they grow, until the transaction ends. The commit waits
 * for all of it as ever, but less long. */
void store_write_early(Store *store, goffset least);
#define STORE_EARLY_LEAST ((goffset)32 << 20)
gboolean store_commit(Store *store, GError **error);
void store_rollback(Store *store); /* harmless when nothing is open */
/* A reader's transaction alone: what is read from now on may be of another state. */
void store_end_reading(Store *store);

/* ---- files and rows ------------------------------------------------------------------- */

/* A file that was loaded; strings owned by the caller. */
typedef struct {
    gint64 file_id; /* set by store_add_file */
    const char *sha256, *name, *kind, *profile, *encoding, *date_order;
    char delimiter;
    const char *header;    /* raw header line, for export rejects --as-input */
    const char *loaded_at; /* as-of, ISO */
    guint64 lines, rows, loaded, duplicates, revised, rejected, blanks, warnings;
} StoreFile;

/* Was any file loaded? */
gboolean store_has_files(Store *store, gboolean *any, GError **error);
/* The id of the file with this SHA-256 (of another reading of it: 'SHA256:DMY'), 0 when it is not
 * there, -1 on error. */
gint64 store_find_file(Store *store, const char *sha256, GError **error);
/* In which order its dates were read; g_free. NULL on error. */
char *store_file_order(Store *store, gint64 file_id, GError **error);
/* sha256 may be NULL for a store's first file, until it is finished. */
gboolean store_add_file(Store *store, StoreFile *file, GError **error);
/* Writes the hash and the counters of a file that store_add_file added. */
gboolean store_finish_file(Store *store, const StoreFile *file, GError **error);

typedef enum { REMARK_REJECT, REMARK_WARNING } RemarkType;

/* A reject (the raw row is kept here alone) or a warning on a row that was kept. */
typedef struct {
    RemarkType type;
    guint64 line;
    const char *ref;       /* of the record for a warning; NULL for a reject */
    const char *field;     /* column, or NULL */
    const char *code;      /* stable reason code, e.g. "columns", "bad-date", "excel-sci" */
    const char *message;   /* one line for people */
    const char *raw;       /* raw row of a reject, else NULL */
    gboolean confidential; /* a reject of a confidential source: its row and message stay here */
} Remark;

/* Is there a record of this reference whose source is confidential? */
gboolean store_is_confidential(Store *store, const char *ref, gboolean *is, GError **error);
gboolean store_put_remark(Store *store, gint64 file_id, const Remark *remark, GError **error);

/* Every current record in ref order, with mentions (and raw only if with_raw). The record belongs
 * to the caller of visit's frame: it is freed after visit returns unless visit takes it (*take =
 * TRUE). visit returns FALSE to stop early. kind NULL: all kinds. */
typedef gboolean (*RecordVisit)(Record *record, gboolean *take, gpointer data);
gboolean store_visit(Store *store, const char *kind, gboolean with_raw, RecordVisit visit,
                     gpointer data, GError **error);

/* The same for the records of a JSON array of references, without raw rows. */
gboolean store_visit_refs(Store *store, const char *refs, RecordVisit visit, gpointer data,
                          GError **error);

/* One current record by reference, or NULL with STATUS_NO_INPUT. */
Record *store_get(Store *store, const char *ref, GError **error);

/* A hash that changes with every change of records (not of results); g_free. */
char *store_data_hash(Store *store, GError **error);

/* Small named values (store id, salts, last run): NULL when absent; g_free. */
char *store_meta_get(Store *store, const char *key, GError **error);
gboolean store_meta_set(Store *store, const char *key, const char *value, GError **error);

char *store_libraries(void); /* "SQLite 3.40.1\nZstandard 1.5.4"; g_free */

#endif
