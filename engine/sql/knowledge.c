/* The rules that SQL functions rest on, read once and only when a query needs them. */
#include "engine/sql/functions.h"

#include <string.h>

#include "engine/base/error.h"

SqlKnowledge *sql_knowledge_new(const char *rules_dir)
{
    SqlKnowledge *knowledge = g_new0(SqlKnowledge, 1);
    knowledge->users = 1;
    knowledge->rules = g_strdup(rules_dir);
    return knowledge;
}

SqlKnowledge *knowledge_ref(SqlKnowledge *knowledge)
{
    if (knowledge)
        knowledge->users++;
    return knowledge;
}

void sql_knowledge_free(SqlKnowledge *knowledge)
{
    if (!knowledge || --knowledge->users > 0)
        return;
    if (knowledge->codes)
        cleaner_clear(&knowledge->cleaner);
    g_clear_pointer(&knowledge->codes, code_tables_free);
    g_clear_pointer(&knowledge->markers, marker_rules_free);
    g_clear_pointer(&knowledge->person, person_model_free);
    g_clear_pointer(&knowledge->firearm, firearm_model_free);
    g_free(knowledge->rules);
    g_free(knowledge);
}

static gboolean read_firearm(SqlKnowledge *knowledge, GError **error)
{
    if (!knowledge->firearm)
        knowledge->firearm = firearm_model_load(knowledge->rules, error);
    return knowledge->firearm != NULL;
}

static gboolean read_person(SqlKnowledge *knowledge, GError **error)
{
    if (!knowledge->person)
        knowledge->person = person_model_load(knowledge->rules, error);
    return knowledge->person != NULL;
}

static gboolean read_markers(SqlKnowledge *knowledge, GError **error)
{
    if (!knowledge->markers)
        knowledge->markers = marker_rules_load(knowledge->rules, error);
    return knowledge->markers != NULL;
}

static gboolean read_codes(SqlKnowledge *knowledge, GError **error)
{
    if (knowledge->codes)
        return TRUE;
    if (!read_person(knowledge, error))
        return FALSE;
    knowledge->codes = code_tables_load(knowledge->rules, error);
    if (knowledge->codes)
        cleaner_init(&knowledge->cleaner, knowledge->codes, knowledge->person);
    return knowledge->codes != NULL;
}

gboolean knowledge_need(SqlKnowledge *knowledge, SqlNeeds needs, GError **error)
{
    static const struct {
        SqlNeeds need;
        gboolean (*read)(SqlKnowledge *knowledge, GError **error);
    } parts[] = {{NEEDS_FIREARM, read_firearm},
                 {NEEDS_PERSON, read_person},
                 {NEEDS_MARKERS, read_markers},
                 {NEEDS_CODES, read_codes}};
    if (needs != NEEDS_NOTHING && !knowledge)
        return error_set(error, STATUS_USAGE, "it rests on rules, and none are given");
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        if ((needs & parts[i].need) && !parts[i].read(knowledge, error))
            return FALSE;
    return TRUE;
}

/* May the query call a function? Views have such names, too: a call goes on with its parenthesis,
 * behind blanks, the end of a quoted name or a comment. */
static gboolean may_call(const char *sql, const char *function)
{
    for (const char *at = strstr(sql, function); at; at = strstr(at + 1, function)) {
        const char *end = at + strlen(function);
        end += strspn(end, " \t\n\v\f\r\"'`]");
        if (*end == '(' || *end == '-' || *end == '/')
            return TRUE;
    }
    return FALSE;
}

gboolean knowledge_prepare(SqlKnowledge *knowledge, const char *sql, GError **error)
{
    static const struct {
        const char *name;
        SqlNeeds needs;
    } functions[] = {
#define SQL_FUNCTION(name, arguments, needs, usage) {#name, needs},
#include "engine/sql/functions.def"
#undef SQL_FUNCTION
    };
    g_autofree char *lower = g_ascii_strdown(sql, -1);
    for (guint i = 0; knowledge && i < G_N_ELEMENTS(functions); i++)
        if (may_call(lower, functions[i].name) &&
            !knowledge_need(knowledge, functions[i].needs, error))
            return FALSE;
    return TRUE;
}
