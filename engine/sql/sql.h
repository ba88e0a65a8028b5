/*
 * engine/sql: SQL for rule files and analysts behind one sandbox. A query is one SELECT over the
 * documented views, prepared under an authorizer that allows nothing else, run under a budget
 * of work and time. The engine's own SQL functions (functions.def is their table) are there too:
 *   business_days(from, to), serial_match(pattern, serial), name_similarity(a, b), ...
 */
#ifndef CROSSTRACE_SQL_SQL_H
#define CROSSTRACE_SQL_SQL_H

#include "engine/base/rows.h"
#include "engine/store/store.h"

typedef struct {
    const char *name; /* without ':' */
    const char *text; /* value; numbers are bound as numbers when number is TRUE */
    double value;
    gboolean number;
} SqlParameter;

/* What functions such as make_key() rest on besides their arguments: the rules of a directory.
 * Nothing is read before a query needs it. A connection that it was used with keeps it. */
typedef struct SqlKnowledge SqlKnowledge;
SqlKnowledge *sql_knowledge_new(const char *rules_dir);
void sql_knowledge_free(SqlKnowledge *knowledge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqlKnowledge, sql_knowledge_free)

typedef struct {
    SqlKnowledge *knowledge; /* NULL: functions that rest on rules fail when called; the first that
                                a store was queried with counts */
    const SqlParameter *parameters;
    guint n_parameters;
    double seconds;       /* budget of time, by the clock; 0: none */
    double cpu_seconds;   /* the same by what the process works, waiting left out; 0: none */
    guint64 steps;        /* budget of work, in virtual machine instructions: the same on every
                             machine and under every load; 0: none */
    guint64 max_rows;     /* 0: no limit */
    guint64 *steps_taken; /* out, to the thousand; may be NULL */
} SqlOptions;

/* Runs one sandboxed SELECT and hands its rows to sink, which must not write to the store while
 * they come (begin and end may be NULL). STATUS_USAGE for SQL that is not allowed
 * or does not parse, STATUS_TRY_AGAIN when over budget. */
gboolean sql_query(Store *store, const char *sql, const SqlOptions *options, RowSink *sink,
                   GError **error);

/* Nothing that a query sorts or keeps goes to a temporary file on this connection. */
gboolean sql_in_memory(Store *store, GError **error);

/* What preparing tells of a query; cleared by sql_shape_clear also after an error. */
typedef struct {
    char **columns;    /* names; NULL after an error */
    char **parameters; /* names without ':'; NULL after an error */
    int offset;        /* byte of the text where the mistake stands, -1: SQLite does not say */
} SqlShape;

/* Only prepares, for whoever has to say what is wrong with a query and where (rule files). Errors
 * as those of sql_query; knowledge: as in SqlOptions. */
gboolean sql_describe(Store *store, SqlKnowledge *knowledge, const char *sql, SqlShape *shape,
                      GError **error);
void sql_shape_clear(SqlShape *shape);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SqlShape, sql_shape_clear)

/* Adds "view.column" of every column that a query reads, as they are spelled in the views, to a set
 * that owns its keys. Errors as those of sql_query. */
gboolean sql_reads(Store *store, SqlKnowledge *knowledge, const char *sql, GHashTable *columns,
                   GError **error);

/* Names of the documented views, ended by NULL. */
const char *const *sql_views(void);

/* Names and usage of the engine's functions, for documentation and tests; ends with name NULL. */
typedef struct {
    const char *name;
    int arguments;
    const char *usage;
} SqlFunctionRow;
const SqlFunctionRow *sql_functions(void);

#endif
