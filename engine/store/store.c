/*
 * Opening and closing the store, its transactions and its small named values. A new store is
 * made under another name and renamed when it is whole, so that a store is there or is not; what
 * is no store of ours is refused before SQLite is let near it. Rows: put.c, read.c, result.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/held.h"
#include "engine/base/text.h"
#include "engine/store/early.h"
#include "engine/store/feed.h"
#include "engine/store/result.h"
#include "engine/store/seal.h"
#include "engine/store/upkeep.h"

#define HEADER_SIZE           100
#define HEADER_MAGIC          "SQLite format 3"
#define HEADER_APPLICATION_ID 68
#define STORE_PERMISSIONS     0640
#define BEFORE_MOST           100 /* copies beside the store */

static const char CONNECTION_SQL[] =
    "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
    "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;" CACHE_SQL
    "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA recursive_triggers=ON;";

static gboolean refuse(GError **error, Status status, const char *path, const char *why)
{
    return error_set(error, status, "cannot open store '%s': %s", path, why);
}

/* What SQLite would not tell: the first bytes are those of a database of ours. One that is open
 * here was looked at. */
static gboolean check_header(const char *path, GError **error)
{
    unsigned char head[HEADER_SIZE];
    if (file_is_held(path))
        return TRUE;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return refuse(error, STATUS_IO, path, g_strerror(errno));
    ssize_t length = pread(file, head, sizeof head, 0);
    close(file);
    if (length == 0)
        return refuse(
            error, STATUS_STORE, path,
            "not a crosstrace store but an empty file; remove it, and a load makes a store");
    if (length != HEADER_SIZE || memcmp(head, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0)
        return refuse(error, STATUS_STORE, path, "not a crosstrace store");
    const unsigned char *id = head + HEADER_APPLICATION_ID;
    guint32 found = (guint32)id[0] << 24 | (guint32)id[1] << 16 | (guint32)id[2] << 8 | id[3];
    if (found != STORE_APPLICATION_ID)
        return refuse(error, STATUS_STORE, path, "a database of another program");
    return TRUE;
}

/* *exists: whether there is anything under that name. */
static gboolean check_file(const char *path, gboolean *exists, GError **error)
{
    struct stat info;
    *exists = lstat(path, &info) == 0;
    if (!*exists)
        return errno == ENOENT || refuse(error, STATUS_IO, path, g_strerror(errno));
    if (S_ISLNK(info.st_mode))
        return refuse(error, STATUS_CONFIG, path, "it is a symbolic link");
    if (!S_ISREG(info.st_mode))
        return refuse(error, STATUS_STORE, path, "not a regular file");
    if ((info.st_mode & S_IWOTH) != 0)
        return refuse(error, STATUS_CONFIG, path, "others may write to it");
    return check_header(path, error);
}

static sqlite3 *connect_to(const char *path, int flags, GError **error)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        g_autofree char *what = g_strdup_printf("cannot open store '%s'", path);
        sqlite_error(db, what, error);
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_busy_timeout(db, 5000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    if (store_add_functions(db, error) &&
        sqlite_run(db, CONNECTION_SQL, "cannot set up the store's connection", error))
        return db;
    sqlite3_close(db);
    return NULL;
}

static gboolean fill_new(const char *path, GError **error)
{
    sqlite3 *db = connect_to(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (db == NULL)
        return FALSE;
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *mark =
        g_strdup_printf("PRAGMA page_size=8192; PRAGMA application_id=%d", STORE_APPLICATION_ID);
    g_autofree char *name =
        g_strdup_printf("INSERT INTO meta(key, value) VALUES('store_id', '%s')", uuid);
    const char *what = "cannot make the store";
    gboolean done =
        sqlite_run(db, mark, what, error) && schema_migrate(db, schema_migrations(), error) &&
        sqlite_run(db, name, what, error) && sqlite_run(db, "PRAGMA journal_mode=WAL", what, error);
    if (sqlite3_close(db) != SQLITE_OK && done)
        done = error_set(error, STATUS_IO, "cannot close the new store '%s'", path);
    return done;
}

/* Logs of a database that is not there any more; SQLite would replay them into the new one. */
static void remove_logs(const char *path)
{
    static const char *const SUFFIXES[] = {"-journal", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
        g_autofree char *log = g_strconcat(path, SUFFIXES[i], NULL);
        unlink(log);
    }
}

static gboolean make_empty(const char *path, GError **error)
{
    unlink(path);
    remove_logs(path);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, STORE_PERMISSIONS);
    if (file < 0)
        return error_set(error, STATUS_NO_CREATE, "cannot create store '%s': %s", path,
                         g_strerror(errno));
    fchmod(file, STORE_PERMISSIONS);
    close(file);
    return TRUE;
}

static gboolean store_make(const char *path, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);
    if (!make_empty(fresh, error))
        return FALSE;
    if (!fill_new(fresh, error)) {
        unlink(fresh);
        return FALSE;
    }
    remove_logs(path);
    if (rename(fresh, path) != 0 || !file_sync_folder(path))
        return error_set(error, STATUS_NO_CREATE, "cannot create store '%s': %s", path,
                         g_strerror(errno));
    return TRUE;
}

/* STORE.before-vN, or with a number behind it: what is there may be of another state. NULL when
 * all are taken. */
static char *before_path(const char *path, int version)
{
    for (guint i = 0; i < BEFORE_MOST; i++) {
        char *before = i == 0 ? g_strdup_printf("%s.before-v%d", path, version)
                              : g_strdup_printf("%s.before-v%d.%u", path, version, i);
        if (!g_file_test(before, G_FILE_TEST_EXISTS))
            return before;
        g_free(before);
    }
    return NULL;
}

/* An older store is copied, verified, before anything of it is changed. */
static gboolean migrate(Store *store, int version, int latest, GError **error)
{
    if (version > 0 && version < latest) {
        g_autofree char *before = before_path(store->path, latest);
        if (before == NULL)
            return error_set(error, STATUS_NO_CREATE,
                             "cannot migrate '%s': too many copies '.before-v%d'", store->path,
                             latest);
        if (!store_backup(store, before, error)) {
            g_prefix_error(error, "cannot migrate '%s': ", store->path);
            return FALSE;
        }
    }
    return schema_migrate(store->db, schema_migrations(), error);
}

static gboolean check_version(Store *store, GError **error)
{
    int latest = schema_latest(schema_migrations()), version = schema_version(store->db, error);
    if (version >= 0 && store->mode != STORE_READ)
        return migrate(store, version, latest, error);
    if (version < 0 || version == latest)
        return version == latest;
    return refuse(error, STATUS_STORE, store->path,
                  version > latest ? "it is newer than this program"
                                   : "it is older than this program; any load migrates it");
}

/* What a first load left that was killed (bulk.c) is rolled back, and the log is the journal
 * again; a reader's own connection may not write and could not. */
static gboolean recover(const char *path, GError **error)
{
    g_autofree char *journal = g_strconcat(path, "-journal", NULL);
    struct stat info;
    if (lstat(journal, &info) != 0 || info.st_size == 0)
        return TRUE;
    sqlite3 *db = connect_to(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, error);
    if (db == NULL)
        return FALSE;
    gboolean done = sqlite_run(db, "SELECT 1 FROM sqlite_schema LIMIT 1; PRAGMA journal_mode=WAL",
                               "cannot recover the store", error);
    sqlite3_close(db);
    return done;
}

/* An error of any statement, be it a question, may make SQLite roll a transaction back. Whoever has
 * not heard of that error would then write each further row by itself, for good. */
static int refuses_commit(void *data)
{
    const Store *store = data;
    return store->begun && !store->committing;
}

static void note_rollback(void *data)
{
    Store *store = data;
    store->starved = sqlite3_errcode(store->db) == SQLITE_NOMEM;
}

static gboolean store_connect(Store *store, GError **error)
{
    int flags = store->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    store->db = connect_to(store->path, flags | SQLITE_OPEN_NOFOLLOW, error);
    if (store->db == NULL)
        return FALSE;
    sqlite3_commit_hook(store->db, refuses_commit, store);
    sqlite3_rollback_hook(store->db, note_rollback, store);
    return history_attach(store, error);
}

static gboolean store_attach(Store *store, int lock_wait, GError **error)
{
    gboolean exists;
    if (!check_file(store->path, &exists, error))
        return FALSE;
    if (!exists && store->mode != STORE_CREATE)
        return refuse(error, STATUS_STORE, store->path, "there is none");
    if (store->mode != STORE_READ && (store->lock = lock_take(store->path, lock_wait, error)) < 0)
        return FALSE;
    /* Another run may have made it while this one waited. */
    if (!exists &&
        (!check_file(store->path, &exists, error) || (!exists && !store_make(store->path, error))))
        return FALSE;
    if (!recover(store->path, error))
        return FALSE;
    return store_connect(store, error) && check_version(store, error) &&
           (store->mode == STORE_READ || feed_attach(store, error));
}

/* The folder's real name: a link in it is the owner's business, the store itself may be none. */
static char *real_path(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    char *real = realpath(folder, NULL);
    char *joined = g_build_filename(real != NULL ? real : folder, name, NULL);
    free(real);
    return joined;
}

Store *store_open(const char *path, StoreMode mode, int lock_wait, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    store->path = real_path(path);
    store->mode = mode;
    store->lock = -1;
    mode_t mask = umask(0027);
    gboolean done = store_attach(store, lock_wait, error);
    umask(mask);
    return done ? g_steal_pointer(&store) : NULL;
}

/* The file itself is not opened: closing it would drop the locks that the other connection holds on
 * it, which are the process's. */
Store *store_open_beside(const Store *other, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    *store = (Store){.path = g_strdup(other->path), .mode = STORE_READ, .lock = -1};
    return store_connect(store, error) ? g_steal_pointer(&store) : NULL;
}

Store *store_open_empty(GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
    *store = (Store){.mode = STORE_READ, .lock = -1};
    store->db = connect_to(":memory:", flags, error);
    return store->db != NULL ? g_steal_pointer(&store) : NULL;
}

void store_close(Store *store)
{
    if (store == NULL)
        return;
    store_rollback(store);
    store_keep(store, NULL, NULL);
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->cache[i]);
    sqlite3_close_v2(store->db);
    lock_release(store->lock);
    feed_free(store->feed);
    g_free(store->path);
    g_free(store);
}

void store_discard(Store *store)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(store_path(store), ends[i], NULL);
        unlink(file);
    }
    store_close(store);
}

gboolean store_set_cache(Store *store, guint mebibytes, GError **error)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA cache_size=-%u", mebibytes * 1024);
    return sqlite_run(store->db, mebibytes ? sql : CACHE_SQL, "cannot set the cache", error);
}

void store_count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

gboolean store_has_log(Store *store)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    return sqlite3_prepare_v2(store->db, "PRAGMA journal_mode", -1, &stmt, NULL) == SQLITE_OK &&
           sqlite3_step(stmt) == SQLITE_ROW && g_strcmp0(column_view(stmt, 0), "wal") == 0;
}

const char *store_path(const Store *store)
{
    return store->path;
}

sqlite3 *store_handle(Store *store)
{
    return store->db;
}

gpointer store_kept(const Store *store)
{
    return store->kept;
}

void store_keep(Store *store, gpointer data, GDestroyNotify destroy)
{
    if (store->kept)
        store->free_kept(store->kept);
    store->kept = data;
    store->free_kept = destroy;
}

gboolean store_begin(Store *store, GError **error)
{
    if (store->begun)
        return error_set(error, STATUS_INTERNAL, "a transaction is open already");
    const char *sql =
        store->mode == STORE_READ ? "BEGIN; SELECT 1 FROM meta LIMIT 1" : "BEGIN IMMEDIATE";
    if (!sqlite_run(store->db, sql, "cannot begin a transaction", error)) {
        store_rollback(store);
        return FALSE;
    }
    store->begun = TRUE;
    store->starved = FALSE;
    memset(store->next_block, 0, sizeof store->next_block);
    former_discard(store);
    blocks_forget(store);
    feed_forget(store);
    return TRUE;
}

void store_write_early(Store *store, goffset least)
{
    if (store->early == NULL)
        store->early = early_new(store->path, least > 0 ? least : STORE_EARLY_LEAST);
}

gboolean store_is_lost(const Store *store)
{
    return store->begun && sqlite3_get_autocommit(store->db);
}

gboolean store_lost(const Store *store, const char *what, GError **error)
{
    return store->starved
               ? error_set(error, STATUS_MEMORY,
                           "%s: out of memory, the transaction was rolled back", what)
               : error_set(error, STATUS_IO, "%s: the transaction was rolled back", what);
}

gboolean store_commit(Store *store, GError **error)
{
    /* After a full disk SQLite itself may have rolled back: then nothing is there to commit. */
    if (!store->begun || store_is_lost(store)) {
        store_lost(store, "cannot commit", error);
        store_rollback(store);
        return FALSE;
    }
    gboolean ready = former_flush(store, error) && bulk_end(store, error) &&
                     data_sum_save(store, error) && results_forgotten(store, error);
    store->committing = ready;
    gboolean done = ready && sqlite_run(store->db, "COMMIT", "cannot commit", error);
    store->committing = FALSE;
    if (done) {
        g_clear_pointer(&store->early, early_end);
        store->begun = FALSE;
        bulk_over(store);
        return TRUE;
    }
    store_rollback(store);
    return FALSE;
}

void store_rollback(Store *store)
{
    g_clear_pointer(&store->early, early_end);
    if (store->db == NULL)
        return;
    for (int i = 0; i < SQL_COUNT; i++) {
        if (store->cache[i] != NULL)
            sqlite3_reset(store->cache[i]);
    }
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->begun = FALSE;
    store->sum_known = store->sum_changed = FALSE;
    store->evidence_id = store->run_id = 0;
    memset(store->next_block, 0, sizeof store->next_block);
    former_discard(store);
    blocks_forget(store);
    store->forgotten = (Mix){{0, 0}};
    results_unwatch(store);
    feed_forget(store);
    bulk_over(store);
}

void store_end_reading(Store *store)
{
    if (store->mode == STORE_READ)
        store_rollback(store);
}

gboolean store_ensure(Store *store, gboolean *own, GError **error)
{
    *own = FALSE;
    if (!store->begun)
        return *own = store_begin(store, error);
    return !store_is_lost(store) || store_lost(store, "cannot write", error);
}

gboolean store_finish(Store *store, gboolean own, gboolean done, GError **error)
{
    if (own && done)
        return store_commit(store, error);
    if (own)
        store_rollback(store);
    return done;
}

char *store_meta_get(Store *store, const char *key, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_META_GET, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "t", key);
    if (!store_step(store, stmt, &row, error) || !row)
        return NULL;
    char *value = column_text(stmt, 0);
    sqlite3_reset(stmt);
    return value;
}

gboolean store_meta_set(Store *store, const char *key, const char *value, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_META_SET, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tt", key, value);
    return store_run(store, stmt, error);
}
