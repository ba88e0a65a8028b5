/*
 * Private to engine/sql. Two fences around a query that somebody else wrote:
 *   the gate   prepares it on an empty database that has nothing but the documented views and
 *              the engine's functions, so that no other table can even be named;
 *   the guard  stands on the store's connection while the statement is prepared and run:
 *              authorizer, limits, budget. It is taken down afterwards, always.
 */
#ifndef CROSSTRACE_SQL_SANDBOX_H
#define CROSSTRACE_SQL_SANDBOX_H

#include <sqlite3.h>
#include "engine/sql/sql.h"

#define SANDBOX_LIMITS 12

typedef struct {
    sqlite3 *db;
    gboolean gate;             /* the strict list of the gate, else that of the store */
    gint64 deadline;           /* g_get_monotonic_time(), 0: none */
    double most_cpu;           /* processor seconds of the process, 0: any */
    guint64 steps, most_steps; /* virtual machine instructions: done, allowed (0: any) */
    int saved[SANDBOX_LIMITS]; /* the connection's own limits */
    GHashTable *reads;         /* out: "view.column" of what is read (own); NULL: not asked */
    char *refused;             /* what the authorizer refused first, or NULL */
} Guard;

/* Puts up authorizer, limits and budget (options may be NULL); every guard_up is followed by its
 * guard_down. */
void guard_up(Guard *guard, sqlite3 *db, gboolean gate, const SqlOptions *options);
void guard_down(Guard *guard);

/* Does the text pass the gate, which is set up once for a store? STATUS_USAGE with the reason when
 * it does not; offset (may be NULL) receives the byte of the text where the mistake stands, or -1;
 * reads (may be NULL) what it reads, as "view.column". */
gboolean gate_pass(Store *store, const char *sql, int *offset, GHashTable *reads, GError **error);

/* Puts the engine's functions on any connection, once: knowledge as in SqlOptions. */
gboolean functions_register(sqlite3 *db, SqlKnowledge *knowledge, GError **error);

/* Sets the error of a failed SQLite call: over budget, out of memory, refused or wrong. */
gboolean sandbox_error(const Guard *guard, int rc, GError **error);

typedef sqlite3_stmt SandboxStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SandboxStatement, sqlite3_finalize)

#endif
