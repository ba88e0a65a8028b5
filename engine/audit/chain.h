/* What the files of engine/audit share: a chain's database, and what else goes with an entry. */
#ifndef CROSSTRACE_AUDIT_CHAIN_H
#define CROSSTRACE_AUDIT_CHAIN_H

#include "engine/audit/audit.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close)

/* An entry for STORE.audit; more (may be NULL) writes what belongs to it in its transaction. */
typedef struct {
    const AuditEntry *entry;
    gboolean (*more)(sqlite3 *db, gint64 seq, gpointer data, GError **error);
    gpointer data;
} Note;

/* Appends an entry to STORE.audit, which is made when there is none, and what `more` writes beside
 * it, in one transaction. STATUS_IO; STATUS_STORE when the file is no such chain. */
gboolean reads_note(const char *store_path, const Note *note, GError **error);

/* STORE.audit to read; *db is NULL when there is no such file yet. */
gboolean reads_open_sound(const char *store_path, sqlite3 **db, GError **error);

/* A text of a row; NULL where something hides behind a NUL in it, which no hash would cover. */
const char *chain_text(sqlite3_stmt *row, int column);

/* Has it a table of this name? */
gboolean chain_has(sqlite3 *db, const char *table);

/* Is the text of a question, if it is there still, the one that its entry's hash is of? No other
 * entry has one. */
gboolean asked_holds(sqlite3 *db, gint64 seq, const char *salt, const char *subject);
/* Do the leads kept with a disclosure hash to what its entry says? No other entry has any. */
gboolean disclosed_holds(sqlite3 *db, gint64 seq, const char *action, const char *detail);

#endif
