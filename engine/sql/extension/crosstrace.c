/*
 * crosstrace.so: the engine's SQL functions for the sqlite3 shell, Datasette and whatever else
 * loads extensions into SQLite (`.load ./crosstrace`). The same functions as inside `crosstrace
 * query`; the rules are those of $CROSSTRACE_RULES, else of the installation or source tree that
 * the file lies in. Opens no store and fences nothing: what a program may read is its own business.
 */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include "engine/base/error.h"
#include "engine/sql/functions.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int sqlite3_crosstrace_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

/* PREFIX/lib beside PREFIX/share/crosstrace; else the link to the sources that make leaves. */
static char *find_rules(void)
{
    static const char *const places[] = {"../share/crosstrace/rules", "source/rules", "rules"};
    const char *given = g_getenv("CROSSTRACE_RULES");
    Dl_info self;
    if (given && *given)
        return g_strdup(given);
    g_autofree char *file =
        g_canonicalize_filename(dladdr(&sqlite3_api, &self) ? self.dli_fname : "x", NULL);
    g_autofree char *folder = g_path_get_dirname(file);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *rules = g_canonicalize_filename(places[i], folder);
        if (g_file_test(rules, G_FILE_TEST_IS_DIR))
            return g_steal_pointer(&rules);
    }
    return g_strdup("rules");
}

int sqlite3_crosstrace_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    SQLITE_EXTENSION_INIT2(api)
    g_autofree char *rules = find_rules();
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new(rules);
    g_autoptr(GError) error = NULL;
    if (functions_define(db, knowledge, &error))
        return SQLITE_OK;
    *message = sqlite3_mprintf("%s", error->message);
    return SQLITE_ERROR;
}
