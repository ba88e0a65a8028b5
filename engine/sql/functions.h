/*
 * The engine's SQL functions; private to engine/sql. One table (functions.def) says what there is;
 * inside the program they stand in the sandbox, as a loadable extension (extension/) they are built
 * with CROSSTRACE_EXTENSION and reach SQLite through the pointers that it hands in.
 */
#ifndef CROSSTRACE_SQL_FUNCTIONS_H
#define CROSSTRACE_SQL_FUNCTIONS_H

#ifdef CROSSTRACE_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

#include "engine/sql/knowledge.h"

/* Texts are valid UTF-8 and never NULL; a function that sets no result answers NULL. */
typedef void (*SqlFunction)(sqlite3_context *context, const char *const *text,
                            SqlKnowledge *knowledge);

#define SQL_FUNCTION(name, arguments, needs, usage)                                                \
    void name##_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge);
#include "engine/sql/functions.def"
#undef SQL_FUNCTION

/* A text that SQLite frees by g_free; NULL: none. */
void result_take(sqlite3_context *context, char *text);

/* Defines all functions on a connection, which holds on to the knowledge (may be NULL: then those
 * that rest on rules say so when called). */
gboolean functions_define(sqlite3 *db, SqlKnowledge *knowledge, GError **error);

/* Is it a function of the engine? */
gboolean functions_has(const char *name);

#endif
