/*
 * Both hash chains: appending and walking. An entry's hash is SHA-256 over the hash before it and
 * its own fields, each with its length before it. The store's chain rides in the caller's
 * transaction; STORE.audit is a database of its own with the same table, one transaction an
 * entry, made whole with its first entry or not at all. What an outside copy of the head is for:
 * a cut tail leaves a sound, shorter chain, unless it held what the store still shows.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/audit/chain.h"
#include "engine/base/date.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/store/schema.h"

#define AUDIT_PERMISSIONS 0640
#define BUSY_MSEC         5000

/* What is hashed, in this order, after the hash of the entry before; all as text. */
enum { F_SEQ, F_TIME, F_USER, F_UID, F_HOST, F_ACTION, F_SUBJECT, F_DETAIL, F_OUTCOME, F_COUNT };

static char *chain_hash(const char *before, const char *const field[F_COUNT])
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_string_append_printf(bytes, "%" G_GSIZE_FORMAT ":%s", strlen(before), before);
    for (int i = 0; i < F_COUNT; i++) {
        const char *text = field[i] != NULL ? field[i] : "";
        g_string_append_printf(bytes, "%" G_GSIZE_FORMAT ":%s", strlen(text), text);
    }
    return text_sha256(bytes->str, (gssize)bytes->len);
}

/* Sequence number and hash of the last entry: 0 and "". */
static gboolean chain_head(sqlite3 *db, gint64 *seq, char hash[65], GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    *seq = 0;
    hash[0] = '\0';
    const char *sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the audit trail", error);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        *seq = sqlite3_column_int64(stmt, 0);
        g_strlcpy(hash, (const char *)sqlite3_column_text(stmt, 1), 65);
    }
    return rc == SQLITE_ROW || rc == SQLITE_DONE ||
           sqlite_error(db, "cannot read the audit trail", error);
}

static gboolean append_row(sqlite3 *db, const char *const field[F_COUNT], const char *hash,
                           GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *sql = "INSERT INTO audit(seq, time, user, uid, host, action, subject, detail,"
                      " outcome, hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot write the audit trail", error);
    for (int i = 0; i < F_COUNT; i++)
        sqlite3_bind_text(stmt, i + 1, field[i] != NULL ? field[i] : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, F_COUNT + 1, hash, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_DONE)
        return TRUE;
    return sqlite_error(db, "cannot write the audit trail", error);
}

/* What rules saw of the time is said where it is another day than today. */
static char *dated_detail(const AuditEntry *entry, const char *now)
{
    const char *detail = entry->detail != NULL ? entry->detail : "";
    if (entry->time == NULL || strncmp(entry->time, now, strlen("2025-06-30")) == 0)
        return g_strdup(detail);
    return g_strdup_printf("as_of=%s%s%s", entry->time, *detail != '\0' ? " " : "", detail);
}

static gboolean chain_append(sqlite3 *db, const AuditEntry *entry, gint64 *written, GError **error)
{
    gint64 seq;
    char before[65];
    if (!chain_head(db, &seq, before, error))
        return FALSE;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq + 1);
    g_autofree char *uid = g_strdup_printf("%lu", (unsigned long)getuid());
    g_autofree char *now = time_now();
    g_autofree char *detail = dated_detail(entry, now);
    const char *field[F_COUNT] = {
        number,         now,    g_get_user_name(), uid, g_get_host_name(), entry->action,
        entry->subject, detail, entry->outcome};
    g_autofree char *hash = chain_hash(before, field);
    *written = seq + 1;
    return append_row(db, field, hash, error);
}

gboolean audit_change(Store *store, const AuditEntry *entry, GError **error)
{
    gint64 seq;
    return chain_append(store_handle(store), entry, &seq, error);
}

static char *reads_path(const char *store_path_text)
{
    return g_strconcat(store_path_text, ".audit", NULL);
}

/* *exists: whether there is such a file; a link or one that others may write to is refused. */
static gboolean reads_check(const char *path, gboolean *exists, GError **error)
{
    struct stat info;
    *exists = lstat(path, &info) == 0;
    if (!*exists)
        return errno == ENOENT || error_set(error, STATUS_IO, "cannot open audit trail '%s': %s",
                                            path, g_strerror(errno));
    if (!S_ISREG(info.st_mode) || (info.st_mode & S_IWOTH) != 0)
        return error_set(error, STATUS_CONFIG, "cannot open audit trail '%s': %s", path,
                         S_ISREG(info.st_mode) ? "others may write to it" : "not a regular file");
    return TRUE;
}

static sqlite3 *reads_open(const char *path, int flags, GError **error)
{
    g_autoptr(sqlite3) db = NULL;
    int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW, NULL);
    if (rc != SQLITE_OK) {
        sqlite_error(db, "cannot open the audit trail", error);
        return NULL;
    }
    sqlite3_busy_timeout(db, BUSY_MSEC);
    if (!sqlite_run(db,
                    "PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA synchronous=FULL;"
                    "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON",
                    "cannot open the audit trail", error))
        return NULL;
    return g_steal_pointer(&db);
}

static gint64 pragma_number(sqlite3 *db, const char *sql)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return -1;
    return sqlite3_column_int64(stmt, 0);
}

/* A trail that was made has an entry from its first moment on. */
static gboolean reads_are_ours(sqlite3 *db, GError **error)
{
    if (pragma_number(db, "PRAGMA application_id") != STORE_APPLICATION_ID)
        return error_set(error, STATUS_STORE,
                         "the audit trail '%s' is empty or no file of this program",
                         sqlite3_db_filename(db, "main"));
    if (pragma_number(db, "SELECT count(*) FROM (SELECT 1 FROM audit LIMIT 1)") != 1)
        return error_set(error, STATUS_STORE, "the audit trail '%s' has lost its entries",
                         sqlite3_db_filename(db, "main"));
    return TRUE;
}

static gboolean reads_init(sqlite3 *db, GError **error)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA application_id=%d; PRAGMA user_version=1; %s",
                                           STORE_APPLICATION_ID, AUDIT_TABLE_SQL);
    return sqlite_run(db, sql, "cannot make the audit trail", error);
}

/* fresh: the file is empty and gets its table first. */
static gboolean reads_append(const char *path, gboolean fresh, const Note *note, GError **error)
{
    gint64 seq;
    g_autoptr(sqlite3) db = reads_open(path, SQLITE_OPEN_READWRITE, error);
    if (db == NULL || !sqlite_run(db, "BEGIN IMMEDIATE", "cannot write the audit trail", error))
        return FALSE;
    if ((fresh ? reads_init(db, error) : reads_are_ours(db, error)) &&
        chain_append(db, note->entry, &seq, error) &&
        (!note->more || note->more(db, seq, note->data, error)) &&
        sqlite_run(db, "COMMIT", "cannot write the audit trail", error))
        return TRUE;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

/* Gives the finished file its name, unless there is one by now (*exists). */
static gboolean reads_publish(const char *fresh, const char *path, gboolean *exists)
{
    gboolean done = link(fresh, path) == 0;
    *exists = !done && errno == EEXIST;
    if (*exists)
        return TRUE;
    if (!done && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)) /* no hard links */
        done = rename(fresh, path) == 0;
    return done && file_sync_folder(path);
}

/* Made under another name, so that a full disk or a crash leaves no empty trail behind. */
static gboolean reads_make(const char *path, const Note *note, gboolean *exists, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".XXXXXX", NULL);
    int file = g_mkstemp_full(fresh, O_RDWR | O_CLOEXEC, AUDIT_PERMISSIONS);
    if (file < 0)
        return error_set(error, STATUS_IO, "cannot create audit trail '%s': %s", path,
                         g_strerror(errno));
    fchmod(file, AUDIT_PERMISSIONS);
    close(file);
    gboolean done = reads_append(fresh, TRUE, note, error);
    if (done && !reads_publish(fresh, path, exists))
        done = error_set(error, STATUS_IO, "cannot create audit trail '%s': %s", path,
                         g_strerror(errno));
    g_unlink(fresh);
    return done;
}

gboolean reads_note(const char *store_path_text, const Note *note, GError **error)
{
    g_autofree char *path = reads_path(store_path_text);
    gboolean exists;
    if (!reads_check(path, &exists, error))
        return FALSE;
    if (!exists) {
        gboolean made = reads_make(path, note, &exists, error);
        if (!made || !exists) /* else another one was faster, and has made it without this entry */
            return made;
    }
    return reads_append(path, FALSE, note, error);
}

gboolean audit_read(const char *store_path_text, const AuditEntry *entry, GError **error)
{
    const Note note = {entry, NULL, NULL};
    return reads_note(store_path_text, &note, error);
}

gboolean reads_open_sound(const char *store_path_text, sqlite3 **db, GError **error)
{
    g_autofree char *path = reads_path(store_path_text);
    gboolean exists;
    *db = NULL;
    if (!reads_check(path, &exists, error))
        return FALSE;
    if (!exists)
        return TRUE;
    g_autoptr(sqlite3) open = reads_open(path, SQLITE_OPEN_READONLY, error);
    if (!open || !reads_are_ours(open, error))
        return FALSE;
    *db = g_steal_pointer(&open);
    return TRUE;
}

/* Of its own: a connection may have a temporary table of that name. */
gboolean chain_has(sqlite3 *db, const char *table)
{
    return sqlite3_table_column_metadata(db, "main", table, NULL, NULL, NULL, NULL, NULL, NULL) ==
           SQLITE_OK;
}

const char *chain_text(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    return text && strlen(text) == (gsize)sqlite3_column_bytes(stmt, column) ? text : NULL;
}

/* Takes the entry under the cursor into the state; FALSE when the chain breaks there. salt: of the
 * store, for what its hash covers with it. */
static gboolean verify_row(sqlite3_stmt *stmt, const char *salt, AuditState *state)
{
    gint64 seq = (gint64)state->entries + 1;
    const char *field[F_COUNT];
    gboolean whole = TRUE;
    for (int i = 0; i < F_COUNT; i++)
        whole = (field[i] = chain_text(stmt, i)) && whole;
    g_autofree char *hash = chain_hash(state->head, field);
    if (!whole || sqlite3_column_int64(stmt, F_SEQ) != seq ||
        g_strcmp0(hash, chain_text(stmt, F_COUNT)) != 0 ||
        !disclosed_holds(sqlite3_db_handle(stmt), seq, field[F_ACTION], field[F_DETAIL]) ||
        !asked_holds(sqlite3_db_handle(stmt), seq, salt, field[F_SUBJECT])) {
        state->broken = state->entries + 1;
        return FALSE;
    }
    g_strlcpy(state->head, hash, sizeof state->head);
    state->entries++;
    return TRUE;
}

static gboolean chain_walk(sqlite3 *db, const char *salt, AuditState *state, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *sql = "SELECT seq, time, user, uid, host, action, subject, detail, outcome, hash"
                      " FROM audit ORDER BY seq";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the audit trail", error);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (!verify_row(stmt, salt, state))
            return TRUE;
    }
    return rc == SQLITE_DONE || sqlite_error(db, "cannot read the audit trail", error);
}

/* What is no sound database, or has no such table, breaks the chain behind its last good entry. */
static gboolean found(gboolean done, AuditState *state, GError *problem, GError **error)
{
    if (!done && error_status(problem) != STATUS_STORE) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!done)
        state->broken = state->entries + 1;
    g_clear_error(&problem);
    return TRUE;
}

/* Each file and each run was entered in the transaction that made it. */
static gboolean changes_walk(sqlite3 *db, AuditState *state, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *sql =
        "SELECT (SELECT count(*) FROM file) > (SELECT count(*) FROM audit WHERE action = 'load') OR"
        " (SELECT count(*) FROM run) > (SELECT count(*) FROM audit WHERE action = 'correlate')";
    if (!chain_walk(db, "", state, error))
        return FALSE;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the audit trail", error);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(db, "cannot read the audit trail", error);
    if (sqlite3_column_int(stmt, 0) && state->broken == 0)
        state->broken = state->entries + 1;
    return TRUE;
}

/* What stands beside entries stands beside one that is there. */
static void find_orphans(sqlite3 *db, AuditState *state)
{
    static const char *const tables[] = {"disclosed", "asked"};
    for (guint i = 0; i < G_N_ELEMENTS(tables) && !state->broken; i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT count(*) FROM %s WHERE seq NOT IN (SELECT seq FROM audit)", tables[i]);
        if (chain_has(db, tables[i]) && pragma_number(db, sql) != 0)
            state->broken = state->entries + 1;
    }
}

static gboolean reads_walk(Store *store, const char *path, AuditState *state, GError **error)
{
    g_autofree char *salt = store_meta_get(store, "store_id", error);
    g_autoptr(sqlite3) db = salt ? reads_open(path, SQLITE_OPEN_READONLY, error) : NULL;
    if (db == NULL || !reads_are_ours(db, error) || !chain_walk(db, salt, state, error))
        return FALSE;
    find_orphans(db, state);
    return TRUE;
}

gboolean audit_verify(Store *store, AuditState *changes, AuditState *reads, GError **error)
{
    GError *problem = NULL;
    *changes = *reads = (AuditState){0};
    gboolean done = changes_walk(store_handle(store), changes, &problem);
    if (!found(done, changes, problem, error))
        return FALSE;
    g_autofree char *path = reads_path(store_path(store));
    gboolean exists;
    if (!reads_check(path, &exists, error))
        return FALSE;
    if (!exists)
        return TRUE;
    problem = NULL;
    done = reads_walk(store, path, reads, &problem);
    return found(done, reads, problem, error);
}

gboolean audit_has(Store *store, const char *head, gboolean *has, GError **error)
{
    g_autoptr(sqlite3) reads = NULL;
    *has = FALSE;
    if (!reads_open_sound(store_path(store), &reads, error))
        return FALSE;
    sqlite3 *const chains[] = {store_handle(store), reads};
    for (guint i = 0; i < G_N_ELEMENTS(chains) && chains[i] && !*has; i++) {
        g_autoptr(sqlite3_stmt) stmt = NULL;
        if (sqlite3_prepare_v2(chains[i], "SELECT 1 FROM audit WHERE hash = ?", -1, &stmt, NULL) !=
            SQLITE_OK)
            return sqlite_error(chains[i], "cannot read the audit trail", error);
        sqlite3_bind_text(stmt, 1, head, -1, SQLITE_STATIC);
        *has = sqlite3_step(stmt) == SQLITE_ROW;
    }
    return TRUE;
}
