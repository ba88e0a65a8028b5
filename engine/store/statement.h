/*
 * Private to engine/store: its cached statements (statements.def) and the few helpers by which
 * every file of this room binds, steps and reads.
 */
#ifndef CROSSTRACE_STORE_STATEMENT_H
#define CROSSTRACE_STORE_STATEMENT_H

#include <sqlite3.h>

#include "engine/store/store.h"

typedef enum {
#define STATEMENT(id, sql) SQL_##id,
#include "engine/store/statements.def"
#undef STATEMENT
    SQL_RECORD_INSERT, /* made from fields.def; the inserts by feed.c */
    SQL_RECORD_UPDATE,
    SQL_MENTION_INSERT,
    SQL_RECORD_GET,
    SQL_MENTION_GET,
    SQL_COUNT
} SqlId;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* A cached statement, reset and without bindings; owned by the store. NULL on error. */
sqlite3_stmt *store_statement(Store *store, SqlId id, GError **error);

/* Binds values in order: t const char * (NULL is SQL NULL), i gint64, d double. Texts must live
 * until the statement is reset. */
void statement_bind(sqlite3_stmt *stmt, const char *types, ...);

/* Runs a statement that yields no row, and resets it. */
gboolean store_run(Store *store, sqlite3_stmt *stmt, GError **error);
/* Steps once: *row says whether there is one. At the end and on error the statement is reset. */
gboolean store_step(Store *store, sqlite3_stmt *stmt, gboolean *row, GError **error);

/* A column as text, copied (NULL is NULL). */
char *column_text(sqlite3_stmt *stmt, int column);
/* A column as text, good until the next step. */
const char *column_view(sqlite3_stmt *stmt, int column);
/* A column's MIX_BYTES as hexadecimal digits. */
char *column_hash(sqlite3_stmt *stmt, int column);

#endif
