/*
 * The schema: migrations as rows, and the one function that applies them. Bulk tables are keyed
 * by small integers, the documented views (views.c) show references. A COLUMN of
 * fields.def is one of the table record; the row of a migration never changes once it was released.
 */
#include "engine/base/error.h"
#include "engine/store/blocks.h"
#include "engine/store/db.h"
#include "engine/store/schema.h"

#define FILES_SQL                                                                                  \
    "CREATE TABLE file(file_id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE,"                  \
    " name TEXT NOT NULL, kind TEXT NOT NULL, profile TEXT NOT NULL, encoding TEXT NOT NULL,"      \
    " date_order TEXT NOT NULL, delimiter TEXT NOT NULL, header TEXT NOT NULL,"                    \
    " loaded_at TEXT NOT NULL, lines INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0," \
    " loaded INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0,"                   \
    " revised INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,"                    \
    " blanks INTEGER NOT NULL DEFAULT 0, warnings INTEGER NOT NULL DEFAULT 0) STRICT;"             \
    "CREATE TABLE remark(remark_id INTEGER PRIMARY KEY,"                                           \
    " file_id INTEGER NOT NULL REFERENCES file, type TEXT NOT NULL, line INTEGER NOT NULL,"        \
    " ref TEXT, field TEXT, code TEXT NOT NULL, message TEXT NOT NULL, raw TEXT) STRICT;"          \
    "CREATE INDEX remark_file ON remark(file_id);"                                                 \
    "CREATE INDEX remark_ref ON remark(ref) WHERE ref IS NOT NULL;"                                \
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

#define RECORD_SQL                                                                                 \
    "CREATE TABLE record(record_id INTEGER PRIMARY KEY, ref TEXT NOT NULL,"                        \
    " kind TEXT NOT NULL, file_id INTEGER NOT NULL REFERENCES file, line INTEGER NOT NULL,"        \
    " revision INTEGER NOT NULL DEFAULT 1, content_hash BLOB NOT NULL, raw_at INTEGER NOT NULL,"   \
    " serial_number TEXT, serial_kind TEXT, serial_pattern TEXT,"                                  \
    " serial_canonical TEXT, make TEXT, model TEXT, calibre TEXT, firearm_type TEXT,"              \
    " event_type TEXT, event_date TEXT, event_city TEXT, event_region TEXT, event_country TEXT,"   \
    " office_code TEXT, office_name TEXT, mode TEXT, declared TEXT, commodity TEXT,"               \
    " vehicle_plate TEXT, vehicle_region TEXT, tracking_no TEXT, seizure_no TEXT, item_no TEXT,"   \
    " trace_no TEXT, trace_requested TEXT, agency_case_no TEXT, request_date TEXT,"                \
    " disposition TEXT, purchase_date TEXT, ffl_number TEXT, rds_key TEXT,"                        \
    " ffl_type TEXT, ffl_name TEXT, ffl_city TEXT, ffl_state TEXT, multiple_sale TEXT,"            \
    " origin TEXT, handling TEXT, releasable_to TEXT, confidential_source TEXT,"                   \
    " handling_expires TEXT, packed BLOB NOT NULL) STRICT;"                                        \
    "CREATE TABLE raw(block INTEGER PRIMARY KEY, rows BLOB NOT NULL) STRICT;"                      \
    "CREATE TABLE mention(record_id INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,"         \
    " role TEXT NOT NULL, last TEXT, first TEXT, middle TEXT, suffix TEXT, organisation TEXT,"     \
    " dob TEXT, street TEXT, city TEXT, region TEXT, postal TEXT, country TEXT, phone TEXT,"       \
    " doc_type TEXT, doc_no TEXT, doc_issuer TEXT, address_key TEXT,"                              \
    " PRIMARY KEY(record_id, role)) STRICT, WITHOUT ROWID;"                                        \
    "CREATE TABLE revision(record_id INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,"        \
    " revision INTEGER NOT NULL, file_id INTEGER NOT NULL REFERENCES file,"                        \
    " line INTEGER NOT NULL, content_hash BLOB NOT NULL, canonical TEXT NOT NULL, raw TEXT,"       \
    " PRIMARY KEY(record_id, revision)) STRICT, WITHOUT ROWID;"

/* Few rows, or rows in rising order: kept up row by row in large loads too. */
#define OTHER_INDEX_SQL                                                                            \
    "CREATE INDEX record_seized ON record(event_date) WHERE event_type = 'SEIZED';"                \
    "CREATE INDEX firearm_members ON firearm(group_id);"

#define PROBABILITY "REAL NOT NULL CHECK(probability BETWEEN 0 AND 1)"

#define RESULT_SQL                                                                                 \
    "CREATE TABLE parameter_set(set_id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE) STRICT;"    \
    "CREATE TABLE parameter(set_id INTEGER NOT NULL REFERENCES parameter_set, name TEXT NOT NULL," \
    " value REAL NOT NULL, PRIMARY KEY(set_id, name)) STRICT, WITHOUT ROWID;"                      \
    "CREATE TABLE run(run_id INTEGER PRIMARY KEY, as_of TEXT NOT NULL, data_hash TEXT NOT NULL,"   \
    " rules_hash TEXT NOT NULL, set_id INTEGER NOT NULL REFERENCES parameter_set) STRICT;"         \
    "CREATE TABLE term(evidence_id INTEGER NOT NULL, seq INTEGER NOT NULL, family TEXT NOT NULL,"  \
    " field TEXT NOT NULL, level TEXT NOT NULL, \"left\" TEXT, \"right\" TEXT,"                    \
    " bits REAL NOT NULL, counted REAL NOT NULL, PRIMARY KEY(evidence_id, seq)) STRICT,"           \
    " WITHOUT ROWID;"                                                                              \
    "CREATE TABLE link(link_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, \"left\" TEXT NOT NULL,"   \
    " \"right\" TEXT NOT NULL, tier TEXT NOT NULL, bits REAL NOT NULL, probability " PROBABILITY   \
    ", chance_matches REAL NOT NULL, evidence_id INTEGER) STRICT;"                                 \
    "CREATE INDEX link_left ON link(\"left\");"                                                    \
    "CREATE INDEX link_right ON link(\"right\");"                                                  \
    "CREATE TABLE firearm(record_id INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE,"      \
    " group_id INTEGER NOT NULL REFERENCES record) STRICT;" /* No foreign key: SQLite would delete \
                                                               two million rows one by one at each \
                                                               new run. */                         \
    "CREATE TABLE person(record_id INTEGER NOT NULL, role TEXT NOT NULL, entity TEXT NOT NULL,"    \
    " probability " PROBABILITY ", PRIMARY KEY(record_id, role)) STRICT, WITHOUT ROWID;"           \
    "CREATE INDEX person_mentions ON person(entity);"                                              \
    "CREATE TABLE marker(record TEXT NOT NULL, category TEXT NOT NULL, bits REAL NOT NULL,"        \
    " probability " PROBABILITY ", rules TEXT NOT NULL, excerpt TEXT NOT NULL,"                    \
    " PRIMARY KEY(record, category)) STRICT, WITHOUT ROWID;"                                       \
    "CREATE TABLE edge(edge_id INTEGER PRIMARY KEY, \"left\" TEXT NOT NULL,"                       \
    " \"right\" TEXT NOT NULL, kind TEXT NOT NULL, date TEXT, weight REAL NOT NULL,"               \
    " value TEXT) STRICT;"                                                                         \
    "CREATE INDEX edge_left ON edge(\"left\");"                                                    \
    "CREATE INDEX edge_right ON edge(\"right\");"                                                  \
    "CREATE TABLE indicator(indicator_id INTEGER PRIMARY KEY, indicator TEXT NOT NULL,"            \
    " rev INTEGER NOT NULL, subject TEXT NOT NULL, record TEXT NOT NULL, bits REAL NOT NULL,"      \
    " explanation TEXT NOT NULL) STRICT;"                                                          \
    "CREATE INDEX indicator_record ON indicator(record);"

#define LEAD_SQL                                                                                   \
    "CREATE TABLE lead(lead_id TEXT PRIMARY KEY, kind TEXT NOT NULL, bits REAL NOT NULL,"          \
    " score REAL NOT NULL CHECK(score BETWEEN 0 AND 1), evidence_hash TEXT NOT NULL,"              \
    " status TEXT NOT NULL, evidence_id INTEGER NOT NULL, live INTEGER NOT NULL,"                  \
    " owner TEXT, due TEXT, outcome TEXT, note TEXT, supersedes TEXT) STRICT, WITHOUT ROWID;"      \
    "CREATE TABLE lead_record(lead_id TEXT NOT NULL REFERENCES lead, record TEXT NOT NULL,"        \
    " PRIMARY KEY(lead_id, record)) STRICT, WITHOUT ROWID;"                                        \
    "CREATE INDEX lead_member ON lead_record(record);"                                             \
    "CREATE TABLE judgement(judgement_id INTEGER PRIMARY KEY, type TEXT NOT NULL,"                 \
    " verdict TEXT NOT NULL, \"left\" TEXT NOT NULL, \"right\" TEXT NOT NULL,"                     \
    " evidence_hash TEXT NOT NULL, time TEXT NOT NULL, actor TEXT NOT NULL,"                       \
    " reason TEXT NOT NULL, expires TEXT NOT NULL) STRICT;"                                        \
    "CREATE INDEX judgement_pair ON judgement(type, \"left\", \"right\");"                         \
    "CREATE TRIGGER judgement_append BEFORE INSERT ON judgement"                                   \
    " WHEN EXISTS (SELECT 1 FROM judgement WHERE judgement_id = NEW.judgement_id)"                 \
    " BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;" JUDGEMENT_KEEP_SQL

/* What the planner believes of the tables: fixed, as in a store of a million traces, so that a
 * query runs by the same plan whatever the store holds and whoever ran ANALYZE when. */
#define PLANNER_SQL                                                                                \
    "ANALYZE;" RECORD_STAT_SQL "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES"                   \
    "('record', 'record_seized', '50000 20'), ('firearm', 'firearm_members', '1000000 2'),"        \
    "('mention', 'mention', '2000000 2 1'),"                                                       \
    "('person', 'person', '2000000 2 1'),"                                                         \
    "('person', 'person_mentions', '2000000 3'),"                                                  \
    "('link', 'link_left', '200000 3'), ('link', 'link_right', '200000 3'),"                       \
    "('marker', 'marker', '100000 2 1'),"                                                          \
    "('edge', 'edge_left', '1000000 4'), ('edge', 'edge_right', '1000000 4'),"                     \
    "('indicator', 'indicator_record', '200000 2'),"                                               \
    "('lead_record', 'lead_record', '50000 5 1'), ('lead_record', 'lead_member', '50000 2');"      \
    "ANALYZE sqlite_schema;"

/* Parameter sets as texts; what a run did, and how far it saw (last_record, last_file, data_sum:
 * scope.c); the decisions that it was given; when a lead was first there and last another. */
#define RUN_SQL                                                                                    \
    "DROP TABLE parameter;"                                                                        \
    "ALTER TABLE parameter_set ADD COLUMN start_hash TEXT NOT NULL DEFAULT '';"                    \
    "ALTER TABLE parameter_set ADD COLUMN records INTEGER NOT NULL DEFAULT 0;"                     \
    "ALTER TABLE parameter_set ADD COLUMN firearm TEXT NOT NULL DEFAULT '';"                       \
    "ALTER TABLE parameter_set ADD COLUMN person TEXT NOT NULL DEFAULT '';"                        \
    "ALTER TABLE run ADD COLUMN kind TEXT NOT NULL DEFAULT 'full';"                                \
    "ALTER TABLE run ADD COLUMN data_sum TEXT NOT NULL DEFAULT '';"                                \
    "ALTER TABLE run ADD COLUMN last_record INTEGER NOT NULL DEFAULT 0;"                           \
    "ALTER TABLE run ADD COLUMN last_file INTEGER NOT NULL DEFAULT 0;"                             \
    "ALTER TABLE run ADD COLUMN records INTEGER NOT NULL DEFAULT 0;"                               \
    "ALTER TABLE run ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"                               \
    "ALTER TABLE run ADD COLUMN links INTEGER NOT NULL DEFAULT 0;"                                 \
    "ALTER TABLE run ADD COLUMN persons INTEGER NOT NULL DEFAULT 0;"                               \
    "ALTER TABLE run ADD COLUMN markers INTEGER NOT NULL DEFAULT 0;"                               \
    "ALTER TABLE run ADD COLUMN leads INTEGER NOT NULL DEFAULT 0;"                                 \
    "ALTER TABLE lead ADD COLUMN first_run INTEGER NOT NULL DEFAULT 0;"                            \
    "ALTER TABLE lead ADD COLUMN changed_run INTEGER NOT NULL DEFAULT 0;"                          \
    "CREATE TABLE decision(type TEXT NOT NULL, \"left\" TEXT NOT NULL, \"right\" TEXT NOT NULL,"   \
    " same INTEGER NOT NULL, PRIMARY KEY(type, \"left\", \"right\")) STRICT, WITHOUT ROWID;"

/* What a judgement was taken on, item by item, and what was set with it (engine/judgement); which
 * judgement gave a lead its status. */
#define JUDGEMENT_SQL                                                                              \
    "ALTER TABLE judgement ADD COLUMN evidence TEXT NOT NULL DEFAULT '';"                          \
    "ALTER TABLE judgement ADD COLUMN setting TEXT NOT NULL DEFAULT '';"                           \
    "ALTER TABLE lead ADD COLUMN judgement_id INTEGER;"

/* What must not be purged and until when; keys that were purged (as salted hashes), with the record
 * where it is there still and only lost its people (engine/retention). */
#define RETENTION_SQL                                                                              \
    "CREATE TABLE hold(hold_id INTEGER PRIMARY KEY, subject TEXT NOT NULL, reason TEXT NOT NULL,"  \
    " until TEXT NOT NULL, set_at TEXT NOT NULL, lifted_at TEXT) STRICT;"                          \
    "CREATE TABLE hold_record(hold_id INTEGER NOT NULL REFERENCES hold ON DELETE CASCADE,"         \
    " ref TEXT NOT NULL, PRIMARY KEY(hold_id, ref)) STRICT, WITHOUT ROWID;"                        \
    "CREATE TABLE purged(key_hash TEXT PRIMARY KEY, kind TEXT NOT NULL, clock TEXT NOT NULL,"      \
    " day TEXT NOT NULL, record_id INTEGER) STRICT, WITHOUT ROWID;"                                \
    "CREATE INDEX purged_record ON purged(record_id) WHERE record_id IS NOT NULL;"                 \
    "CREATE TABLE purge(purge_id INTEGER PRIMARY KEY, as_of TEXT NOT NULL,"                        \
    " records INTEGER NOT NULL, people INTEGER NOT NULL, revisions INTEGER NOT NULL,"              \
    " judgements INTEGER NOT NULL, rejects INTEGER NOT NULL) STRICT;"

/* Whether a reject is of a confidential source; of those of before nobody asked, so they are. */
#define REJECT_SQL                                                                                 \
    "ALTER TABLE remark ADD COLUMN confidential TEXT;"                                             \
    "UPDATE remark SET confidential = 'Y' WHERE type = 'reject';"

/* Few rows or none: what is of a confidential source is found without a pass over all records. */
#define CONFIDENTIAL_SQL                                                                           \
    "CREATE INDEX record_confidential ON record(ref) WHERE confidential_source = 'Y';"

/* The list that a person was loaded from, where nobody stands in it twice. */
#define LIST_SQL "ALTER TABLE mention ADD COLUMN list TEXT;"

/* Which records carry a value, for a run over some of them (shared.c). The seal knew nothing of it.
 * Parameters of before counted models by their spelling: the next run estimates anew. */
#define SHARED_SQL                                                                                 \
    "CREATE TABLE shared(bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;"               \
    "DELETE FROM meta WHERE key = 'result_seal';"                                                  \
    "UPDATE parameter_set SET start_hash = '';"

/* All terms of an evidence in one value (terms.c). The seal was of the rows there were. */
#define EVIDENCE_SQL                                                                               \
    "CREATE TABLE evidence(evidence_id INTEGER PRIMARY KEY, terms BLOB NOT NULL) STRICT;"          \
    "INSERT INTO evidence(evidence_id, terms) SELECT evidence_id, pack_terms(seq, family, field,"  \
    " level, \"left\", \"right\", bits, counted) FROM (SELECT * FROM term"                         \
    " ORDER BY evidence_id, seq) GROUP BY evidence_id;"                                            \
    "DROP TABLE term;"                                                                             \
    "DELETE FROM meta WHERE key = 'result_sum';"

/* What records said before, in the order in which they said something else: rows of one night lie
 * together, where a tree by record would write a page for each of them. */
#define HISTORY_SQL                                                                                \
    "ALTER TABLE revision RENAME TO revision_by_record;"                                           \
    "CREATE TABLE revision(record_id INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,"        \
    " revision INTEGER NOT NULL, file_id INTEGER NOT NULL REFERENCES file,"                        \
    " line INTEGER NOT NULL, content_hash BLOB NOT NULL, canonical TEXT NOT NULL, raw TEXT)"       \
    " STRICT;"                                                                                     \
    "INSERT INTO revision SELECT * FROM revision_by_record ORDER BY file_id, line, record_id;"     \
    "DROP TABLE revision_by_record;"                                                               \
    "CREATE UNIQUE INDEX revision_record ON revision(record_id, revision);"

/* Parameters of before do not tell how often descriptions agree (10), what a household shares (11):
 * the next run estimates anew. */
#define ESTIMATE_SQL "UPDATE parameter_set SET start_hash = '';"

/* The texts of the history packed by some hundred (blocks.c), as raw rows are; those begin behind
 * the last block of them. Row n lies in block (n - 1) / 256, there in place (n - 1) % 256; what
 * points to a text holds 1024 times its block and its place. */
#define BLOCKS_OF_SQL "(SELECT DISTINCT (rowid - 1) / 256 AS b FROM revision_plain ORDER BY 1)"
#define IN_BLOCK_SQL  "WHERE rowid > b * 256 AND rowid <= b * 256 + 256"
#define PACKED_TABLES_SQL                                                                          \
    "ALTER TABLE revision RENAME TO revision_plain;"                                               \
    "DROP INDEX revision_record;"                                                                  \
    "CREATE TABLE former(block INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT;"                  \
    "CREATE TABLE revision(record_id INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,"        \
    " revision INTEGER NOT NULL, file_id INTEGER NOT NULL REFERENCES file,"                        \
    " line INTEGER NOT NULL, former_at INTEGER NOT NULL, raw_at INTEGER NOT NULL,"                 \
    " content_hash BLOB NOT NULL) STRICT;"                                                         \
    "CREATE TEMP TABLE behind AS SELECT ifnull(max(block), 0) + 1 AS block FROM raw;"
#define PACKED_FORMER_SQL                                                                          \
    "INSERT INTO former SELECT b + 1,"                                                             \
    " (SELECT pack_texts((rowid - 1) % 256, canonical) FROM revision_plain " IN_BLOCK_SQL ")"      \
    " FROM " BLOCKS_OF_SQL ";"
#define PACKED_RAW_SQL                                                                             \
    "INSERT INTO raw SELECT b + (SELECT block FROM temp.behind),"                                  \
    " (SELECT pack_texts((rowid - 1) % 256, raw) FROM revision_plain " IN_BLOCK_SQL ")"            \
    " FROM " BLOCKS_OF_SQL ";"
#define PACKED_REVISION_SQL                                                                        \
    "INSERT INTO revision SELECT record_id, revision, file_id, line,"                              \
    " ((rowid - 1) / 256 + 1) * 1024 + (rowid - 1) % 256,"                                         \
    " ((rowid - 1) / 256 + (SELECT block FROM temp.behind)) * 1024 + (rowid - 1) % 256,"           \
    " content_hash FROM revision_plain ORDER BY rowid;"                                            \
    "DROP TABLE temp.behind;"                                                                      \
    "DROP TABLE revision_plain;"                                                                   \
    "CREATE UNIQUE INDEX revision_record ON revision(record_id, revision);"
#define PACKED_HISTORY_SQL PACKED_TABLES_SQL PACKED_FORMER_SQL PACKED_RAW_SQL PACKED_REVISION_SQL

/* Nothing but the views is another. */
#define VIEWS_SQL ""

static const Migration MIGRATIONS[] = {
    {1, FILES_SQL},        {1, RECORD_SQL},    {1, RESULT_SQL},          {1, RECORD_INDEX_SQL},
    {1, OTHER_INDEX_SQL},  {1, LEAD_SQL},      {1, PLANNER_SQL},         {1, AUDIT_TABLE_SQL},
    {2, RUN_SQL},          {2, JUDGEMENT_SQL}, {3, RETENTION_SQL},       {4, REJECT_SQL},
    {5, CONFIDENTIAL_SQL}, {6, LIST_SQL},      {7, SHARED_SQL},          {8, EVIDENCE_SQL},
    {9, HISTORY_SQL},      {10, ESTIMATE_SQL}, {11, PACKED_HISTORY_SQL}, {11, ESTIMATE_SQL},
    {12, VIEWS_SQL},       {0, NULL},
};

static Status sqlite_status(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
    case SQLITE_ERROR: /* a fixed statement: a table is not there, or is another one */
        return STATUS_STORE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_TRY_AGAIN;
    case SQLITE_NOMEM:
        return STATUS_MEMORY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return STATUS_IO;
    default:
        return STATUS_INTERNAL;
    }
}

gboolean sqlite_error(sqlite3 *db, const char *what, GError **error)
{
    if (sqlite3_extended_errcode(db) == SQLITE_CONSTRAINT_COMMITHOOK) /* store.c */
        return error_set(error, STATUS_IO, "%s: the transaction was rolled back", what);
    return error_set(error, sqlite_status(sqlite3_errcode(db)), "%s: %s", what, sqlite3_errmsg(db));
}

gboolean sqlite_run(sqlite3 *db, const char *sql, const char *what, GError **error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return sqlite_error(db, what, error);
}

const Migration *schema_migrations(void)
{
    return MIGRATIONS;
}

int schema_latest(const Migration *migrations)
{
    int version = 0;
    for (; migrations->sql != NULL; migrations++)
        version = migrations->version;
    return version;
}

int schema_version(sqlite3 *db, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int(stmt, 0);
    else
        sqlite_error(db, "cannot read the schema version", error);
    sqlite3_finalize(stmt);
    return version;
}

static gboolean apply(sqlite3 *db, const Migration *migrations, int version, GError **error)
{
    for (; migrations->sql != NULL; migrations++) {
        if (migrations->version <= version)
            continue;
        g_autofree char *what =
            g_strdup_printf("cannot migrate to schema version %d", migrations->version);
        g_autofree char *mark = g_strdup_printf("PRAGMA user_version=%d", migrations->version);
        if (!sqlite_run(db, migrations->sql, what, error) || !sqlite_run(db, mark, what, error))
            return FALSE;
    }
    return views_make(db, error);
}

gboolean schema_migrate(sqlite3 *db, const Migration *migrations, GError **error)
{
    int latest = schema_latest(migrations), version = schema_version(db, error);
    if (version < 0)
        return FALSE;
    if (version > latest)
        return error_set(error, STATUS_STORE,
                         "store is newer than this program: schema version %d, known is %d",
                         version, latest);
    if (version == latest)
        return TRUE;
    /* what packs rows of before; no other connection needs it */
    if (!terms_add_function(db, error) || !history_add_function(db, error) ||
        !sqlite_run(db, "BEGIN IMMEDIATE", "cannot begin the migration", error))
        return FALSE;
    if (apply(db, migrations, version, error) &&
        sqlite_run(db, "COMMIT", "cannot commit the migration", error))
        return TRUE;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}
