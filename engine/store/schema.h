/*
 * The schema as data: migrations are rows {version, sql}, applied in order in one transaction;
 * views come from views.def and are made anew by every migration. Private to this room, but for
 * AUDIT_TABLE_SQL, which engine/audit uses for its second file too.
 */
#ifndef CROSSTRACE_STORE_SCHEMA_H
#define CROSSTRACE_STORE_SCHEMA_H

#include <glib.h>
#include <sqlite3.h>

/* One chain of hashed entries: numbered without a gap, only ever appended to. */
#define AUDIT_TABLE_SQL                                                                            \
    "CREATE TABLE audit(seq INTEGER PRIMARY KEY, time TEXT NOT NULL, user TEXT NOT NULL,"          \
    " uid INTEGER NOT NULL, host TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,"      \
    " detail TEXT NOT NULL, outcome TEXT NOT NULL, hash TEXT NOT NULL) STRICT;"                    \
    "CREATE TRIGGER audit_append BEFORE INSERT ON audit"                                           \
    " WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM audit)"                             \
    " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;"                           \
    "CREATE TRIGGER audit_update BEFORE UPDATE ON audit"                                           \
    " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;"                           \
    "CREATE TRIGGER audit_delete BEFORE DELETE ON audit"                                           \
    " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;"

/* The indexes in random order that a large load drops and builds again (bulk.c), and what the
 * planner believes of them (PLANNER_SQL in schema.c); a dropped index takes its line with it. */
#define RECORD_REF_SQL     "CREATE UNIQUE INDEX record_ref ON record(ref);"
#define RECORD_DEALER_SQL  "CREATE INDEX record_dealer ON record(rds_key) WHERE rds_key IS NOT NULL;"
#define RECORD_INDEX_SQL   RECORD_REF_SQL RECORD_DEALER_SQL
#define RECORD_REF_DROP    "DROP INDEX record_ref;"
#define RECORD_DEALER_DROP "DROP INDEX record_dealer;"
#define RECORD_REF_STAT                                                                            \
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('record', 'record_ref', '1000000 1');"
#define RECORD_DEALER_STAT                                                                         \
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('record', 'record_dealer', '1000000 200');"
#define RECORD_STAT_SQL RECORD_REF_STAT RECORD_DEALER_STAT

/* Judgements stay as they are; a purge alone sets this aside, within its transaction. */
#define JUDGEMENT_KEEP_SQL                                                                         \
    "CREATE TRIGGER judgement_update BEFORE UPDATE ON judgement"                                   \
    " BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;"                               \
    "CREATE TRIGGER judgement_delete BEFORE DELETE ON judgement"                                   \
    " BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;"

typedef struct {
    int version; /* rising; the last row's is the version of this program */
    const char *sql;
} Migration;

/* The store's own, ended by a row whose sql is NULL. */
const Migration *schema_migrations(void);

/* Version of the last row. */
int schema_latest(const Migration *migrations);

/* Brings the database to the last row's version, all or nothing; a newer one is STATUS_STORE. */
gboolean schema_migrate(sqlite3 *db, const Migration *migrations, GError **error);

/* views.c: makes the documented views anew. */
gboolean views_make(sqlite3 *db, GError **error);
/* Temporary views of the same names, which find temporary tables first. */
gboolean views_shadow(sqlite3 *db, GError **error);
/* The SELECT of a documented view; NULL for another name. */
const char *view_select(const char *view);

/* PRAGMA user_version, -1 on error. */
int schema_version(sqlite3 *db, GError **error);

/* A GError out of the connection's last failure: STATUS_STORE for what is no sound store (also when
 * a fixed statement does not prepare: a table is not there, or is another one), STATUS_TRY_AGAIN
 * for a lock, STATUS_MEMORY, STATUS_IO, else STATUS_INTERNAL. Returns FALSE. */
gboolean sqlite_error(sqlite3 *db, const char *what, GError **error);
gboolean sqlite_run(sqlite3 *db, const char *sql, const char *what, GError **error);

#endif
