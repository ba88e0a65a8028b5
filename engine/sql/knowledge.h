/*
 * What SQL functions know besides their arguments: the rules of a directory, each part read when
 * it is first needed; private to engine/sql. The type itself is public (sql.h).
 */
#ifndef CROSSTRACE_SQL_KNOWLEDGE_H
#define CROSSTRACE_SQL_KNOWLEDGE_H

#include "engine/firearm/firearm.h"
#include "engine/marker/marker.h"
#include "engine/person/person.h"
#include "engine/sql/sql.h"
#include "loaders/memo.h"

typedef enum {
    NEEDS_NOTHING = 0,
    NEEDS_FIREARM = 1 << 0,
    NEEDS_PERSON = 1 << 1,
    NEEDS_MARKERS = 1 << 2,
    NEEDS_CODES = 1 << 3,
} SqlNeeds;

struct SqlKnowledge {
    gint users;
    char *rules;
    FirearmModel *firearm;
    PersonModel *person;
    MarkerRules *markers;
    CodeTables *codes;
    Cleaner cleaner; /* cells as a load takes them; with codes */
};

/* Another owner of the same. */
SqlKnowledge *knowledge_ref(SqlKnowledge *knowledge);

/* Reads what is not read yet. STATUS_CONFIG when a rule file is broken, STATUS_USAGE when there are
 * no rules (knowledge NULL). */
gboolean knowledge_need(SqlKnowledge *knowledge, SqlNeeds needs, GError **error);

/* Reads what the functions that a query calls need: before files are out of reach. */
gboolean knowledge_prepare(SqlKnowledge *knowledge, const char *sql, GError **error);

#endif
