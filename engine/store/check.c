/*
 * store_check: is the store sound? SQLite's own checks, foreign keys among them, and beside them,
 * on another connection, what only we know must hold, each as one SELECT that yields the faults.
 * They are told in that order. Nothing is ever mended here.
 */
#include <pthread.h>
#include <string.h>

#include "engine/store/db.h"
#include "engine/store/seal.h"
#include "engine/store/upkeep.h"

#define FAULTS_SHOWN 10

typedef struct {
    const char *what; /* a fault of this kind, before the colon */
    const char *sql;  /* one column: which */
} Invariant;

static const Invariant INVARIANTS[] = {
    {"file accounts for fewer or more rows than it has",
     "SELECT name FROM file WHERE rows <> loaded + duplicates + revised + rejected"},
    {"file counts other rejects than it keeps",
     "SELECT f.name FROM file f WHERE f.rejected <>"
     " (SELECT count(*) FROM remark k WHERE k.file_id = f.file_id AND k.type = 'reject')"},
    {"record without its raw row",
     "SELECT ref FROM record r LEFT JOIN raw w ON w.block = r.raw_at / 1024 WHERE w.block IS NULL"},
    /* blocks are written in order: cheaper than to look each revision up, as a full check does */
    {"history with a block that is not there",
     "SELECT 'behind block ' || last FROM (SELECT ifnull(max(block), 0) AS last FROM former)"
     " WHERE last < (SELECT max(former_at) / 1024 FROM revision)"},
    {"record without a firearm group",
     "SELECT ref FROM record r LEFT JOIN firearm f USING(record_id) WHERE f.record_id IS NULL"},
    /* both go along in their order: cheaper than to look each one up */
    {"person of a mention that is not there",
     "SELECT record_id || ':' || role FROM (SELECT record_id, role FROM person"
     " EXCEPT SELECT record_id, role FROM mention ORDER BY 1, 2)"},
    {"record with a gap in its history",
     "SELECT ref FROM record r WHERE r.revision <> 1 +"
     " (SELECT count(*) FROM revision v WHERE v.record_id = r.record_id)"},
    {"link to a record that is not there",
     "SELECT \"left\" || ' ' || \"right\" FROM link WHERE kind = 'serial' AND ("
     "\"left\" NOT IN (SELECT ref FROM record) OR \"right\" NOT IN (SELECT ref FROM record))"},
    {"person link to a record that is not there",
     "SELECT \"left\" || ' ' || \"right\" FROM link WHERE kind = 'person' AND ("
     "record_of(\"left\") NOT IN (SELECT ref FROM record) OR "
     "record_of(\"right\") NOT IN (SELECT ref FROM record))"},
    {"link with a probability outside 0 to 1",
     "SELECT \"left\" || ' ' || \"right\" FROM link WHERE probability NOT BETWEEN 0 AND 1"},
    {"person with a probability outside 0 to 1",
     "SELECT entity FROM person WHERE probability NOT BETWEEN 0 AND 1"},
    {"marker with a probability outside 0 to 1",
     "SELECT record FROM marker WHERE probability NOT BETWEEN 0 AND 1"},
    {"marker on a record that is not there",
     "SELECT record FROM marker WHERE record NOT IN (SELECT ref FROM record)"},
    {"indicator on a record that is not there",
     "SELECT record FROM indicator WHERE record NOT IN (SELECT ref FROM record)"},
    {"lead with a record that is not there",
     "SELECT lead_id FROM lead_record WHERE record NOT IN (SELECT ref FROM record)"},
    {"purge that is not finished; 'crosstrace retention' finishes it",
     "SELECT key FROM meta WHERE key = 'scrub'"},
    {"link without its evidence",
     "SELECT \"left\" || ' ' || \"right\" FROM link WHERE evidence_id IS NOT NULL AND"
     " evidence_id NOT IN (SELECT evidence_id FROM evidence)"},
};

/* Who asks over one connection, and what was found there. */
typedef struct {
    Store *store;
    gboolean full;
    GPtrArray *faults; /* of char * */
} Checker;

static void fault(Checker *checker, const char *what, const char *which)
{
    g_ptr_array_add(checker->faults, g_strdup_printf("%s: %s", what, which != NULL ? which : "?"));
}

/* Each row of sql is a fault, but for the one word with which SQLite says that all is well. */
static gboolean check_rows(Checker *checker, const char *what, const char *sql, const char *well,
                           GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(checker->store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(checker->store->db, "cannot check the store", error);
    for (int n = 0; n < FAULTS_SHOWN; n++) {
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_DONE)
            return TRUE;
        if (rc == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_CORRUPT) {
            fault(checker, what, sqlite3_errmsg(checker->store->db));
            return TRUE;
        }
        if (rc != SQLITE_ROW)
            return sqlite_error(checker->store->db, "cannot check the store", error);
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        if (well == NULL || g_strcmp0(text, well) != 0)
            fault(checker, what, text);
    }
    fault(checker, what, "and more");
    return TRUE;
}

static gboolean check_sum(Checker *checker, GError **error)
{
    Mix counted;
    checker->store->sum_known = checker->store->sum_changed && checker->store->sum_known;
    if (!data_sum_load(checker->store, error) || !data_sum_count(checker->store, &counted, error))
        return FALSE;
    if (memcmp(&counted, &checker->store->sum, sizeof counted) != 0)
        fault(checker, "data sum is not that of the records", "meta");
    return TRUE;
}

static gboolean check_results(Checker *checker, GError **error)
{
    gboolean sound;
    if (!results_sealed(checker->store, &sound, error))
        return FALSE;
    if (!sound)
        fault(checker, "results are not what the last run wrote",
              "'crosstrace correlate --full' makes them again");
    return TRUE;
}

/* Does every record say what its hash was made of? */
static gboolean check_content(Record *record, gboolean *take, gpointer data)
{
    g_autofree char *stored = g_strdup(record->content_hash);
    *take = FALSE;
    record_seal(record);
    if (strcmp(stored, record->content_hash) != 0)
        fault(data, "record is not what was loaded", record->ref);
    return TRUE;
}

/* One value of a revision's JSON: of the record, or of the mention in a role. */
static gboolean take_value(Record *record, const char *role, const char *name, const char *value)
{
    Field field;
    MentionField of_mention;
    if (role == NULL) {
        if (!field_parse(name, &field))
            return FALSE;
        record_set(record, field, value);
        return TRUE;
    }
    if (!mention_field_parse(name, &of_mention))
        return FALSE;
    mention_set(record_mention(record, role), of_mention, value);
    return TRUE;
}

/* Does it say what its hash was made of? The record is renewed for it. */
static gboolean is_as_loaded(sqlite3_stmt *values, Record *record, const char *hash)
{
    gboolean known = TRUE;
    int rc = SQLITE_ROW;
    while (known && (rc = sqlite3_step(values)) == SQLITE_ROW)
        known = take_value(record, column_view(values, 0), column_view(values, 1),
                           column_view(values, 2));
    sqlite3_reset(values);
    record_seal(record);
    return known && rc == SQLITE_DONE && strcmp(hash, record->content_hash) == 0;
}

/* The same of what records said before, whose raw rows are read as well. */
static gboolean check_history(Checker *checker, GError **error)
{
    static const char revisions[] =
        "SELECT r.ref, r.kind, v.revision, v.content_hash, former_text(v.former_at),"
        " raw_text(v.raw_at) FROM revision v JOIN record r USING(record_id) ORDER BY v.rowid";
    static const char all_values[] =
        "SELECT NULL, key, value FROM json_each(?1) WHERE key <> 'mentions' UNION ALL"
        " SELECT m.key, v.key, v.value FROM json_each(?1, '$.mentions') m, json_each(m.value) v";
    sqlite3 *db = checker->store->db;
    g_autoptr(sqlite3_stmt) walk = NULL, values = NULL;
    g_autoptr(Record) record = NULL;
    if (sqlite3_prepare_v2(db, revisions, -1, &walk, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, all_values, -1, &values, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot check the history", error);
    blocks_forget(checker->store); /* what the store has is asked for */
    for (int rc; (rc = sqlite3_step(walk)) != SQLITE_DONE;) {
        if ((rc & 0xff) == SQLITE_CORRUPT) {
            fault(checker, "history", sqlite3_errmsg(db));
            return TRUE;
        }
        if (rc != SQLITE_ROW)
            return sqlite_error(db, "cannot check the history", error);
        g_autofree char *hash = column_hash(walk, 3);
        record = record_renew(record, column_view(walk, 1));
        statement_bind(values, "t", column_view(walk, 4));
        if (!is_as_loaded(values, record, hash)) {
            g_autofree char *which = g_strdup_printf("%s, revision %d", column_view(walk, 0),
                                                     sqlite3_column_int(walk, 2));
            fault(checker, "record is not what was loaded", which);
        }
    }
    return TRUE;
}

/* ---- SQLite's own checks ---------------------------------------------------------------- */

/* Every page is read once: few of them are kept. Of foreign keys that tells nothing. */
static gboolean check_pages(Checker *checker, GError **error)
{
    const char *sql = checker->full ? "PRAGMA integrity_check" : "PRAGMA quick_check";
    sqlite3 *db = checker->store->db;
    return sqlite_run(db, ONE_PASS_SQL, "cannot check the store", error) &&
           check_rows(checker, "database", sql, "ok", error) &&
           sqlite_run(db, CACHE_SQL, "cannot check the store", error) &&
           check_rows(checker, "foreign key broken in table", "PRAGMA foreign_key_check", NULL,
                      error);
}

/* They take as long as all the others: where they can, they go beside these. */
typedef struct {
    Checker checker; /* its connection: own, or (not begun) that of the others */
    GError *error;
    gboolean begun, done;
    pthread_t thread;
} PageCheck;

static void *work_pages(void *data)
{
    PageCheck *pages = data;
    pages->done = check_pages(&pages->checker, &pages->error);
    return NULL;
}

/* Another connection sees nothing of what is not committed, and perhaps a state that was committed
 * since: each state is to be sound. Where the journal is no log, a writer that waits for this one
 * would let no other begin. */
static void pages_begin(PageCheck *pages, Store *store)
{
    gboolean may = sqlite3_txn_state(store->db, NULL) != SQLITE_TXN_WRITE && store_has_log(store);
    Store *other = may ? store_open_beside(store, NULL) : NULL;
    pages->checker.store = other;
    pages->begun = other && pthread_create(&pages->thread, NULL, work_pages, pages) == 0;
    if (pages->begun)
        return;
    store_close(other);
    pages->checker.store = store;
    work_pages(pages);
}

static gboolean pages_end(PageCheck *pages, GError **error)
{
    if (pages->begun) {
        pthread_join(pages->thread, NULL);
        store_close(pages->checker.store);
    }
    if (!pages->done)
        g_propagate_error(error, g_steal_pointer(&pages->error));
    return pages->done;
}

/* ---- all of it -------------------------------------------------------------------------- */

/* record_of(mention) in SQL: the reference of its record, all up to the last colon, behind which
 * its role stands (role_base(), and a number); of another text '', which is none. */
static void record_of(sqlite3_context *context, int n, sqlite3_value **values)
{
    static const char role[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    const char *mention = (const char *)sqlite3_value_text(values[0]);
    const char *colon = mention ? strrchr(mention, ':') : NULL;
    gboolean is_role = colon && colon[1 + strspn(colon + 1, role)] == '\0';
    (void)n;
    sqlite3_result_text(context, is_role ? mention : "", is_role ? (int)(colon - mention) : 0,
                        SQLITE_TRANSIENT);
}

static gboolean check_others(Checker *checker, GError **error)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    sqlite3 *db = checker->store->db;
    if (sqlite3_create_function_v2(db, "record_of", 1, flags, NULL, record_of, NULL, NULL, NULL) !=
        SQLITE_OK)
        return sqlite_error(db, "cannot check the store", error);
    gboolean done = TRUE;
    for (gsize i = 0; done && i < G_N_ELEMENTS(INVARIANTS); i++)
        done = check_rows(checker, INVARIANTS[i].what, INVARIANTS[i].sql, NULL, error);
    return done && check_sum(checker, error);
}

/* What every record says, and said. */
static gboolean check_contents(Checker *checker, GError **error)
{
    return check_results(checker, error) &&
           store_visit(checker->store, NULL, FALSE, check_content, checker, error) &&
           check_history(checker, error);
}

gboolean store_check(Store *store, gboolean full, void (*report)(const char *fault, gpointer data),
                     gpointer data, gboolean *sound, GError **error)
{
    g_autoptr(GPtrArray) first = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) of_pages = NULL, of_others = NULL;
    PageCheck pages = {.checker = {.full = full, .faults = first}};
    Checker checker = {store, full, faults};
    if (!former_flush(store, error)) /* within a transaction, some may wait */
        return FALSE;
    pages_begin(&pages, store);
    gboolean done = check_others(&checker, &of_others);
    done = pages_end(&pages, &of_pages) && done;
    if (done && full && first->len + faults->len == 0)
        done = check_contents(&checker, &of_others);
    for (guint i = 0; report && i < first->len + faults->len; i++)
        report(i < first->len ? first->pdata[i] : faults->pdata[i - first->len], data);
    *sound = done && first->len + faults->len == 0;
    GError **why = of_pages ? &of_pages : &of_others;
    if (!done && !(error && *error)) /* else who was told of faults could not go on */
        g_propagate_error(error, g_steal_pointer(why));
    return done;
}
