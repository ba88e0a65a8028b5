/*
 * Reads everything under a rules directory before anything runs, so that a broken rule file is an
 * error with file and line and never half a result.
 */
#include <string.h>
#include <sys/stat.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/run/run.h"
#include "engine/run/stages.h"
#include "engine/serial/serial.h"

static gboolean entry_is_safe(const char *path, GError **error)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return error_set(error, STATUS_CONFIG, "cannot read rules '%s'", path);
    if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
        return error_set(error, STATUS_CONFIG, "rules '%s' are no regular file", path);
    if (st.st_mode & S_IWOTH)
        return error_set(error, STATUS_CONFIG, "rules '%s' can be written by others", path);
    return !S_ISDIR(st.st_mode) || g_file_test(path, G_FILE_TEST_IS_SYMLINK) ||
           rules_dir_check(path, error);
}

gboolean rules_dir_check(const char *dir, GError **error)
{
    struct stat st;
    g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
    if (!entries || stat(dir, &st) != 0)
        return error_set(error, STATUS_CONFIG, "no rules directory '%s'", dir);
    if (st.st_mode & S_IWOTH)
        return error_set(error, STATUS_CONFIG, "rules directory '%s' can be written by others",
                         dir);
    for (const char *name; (name = g_dir_read_name(entries));) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        if (!entry_is_safe(path, error))
            return FALSE;
    }
    return TRUE;
}

int rules_broken(GError *error)
{
    if (g_error_matches(error, CROSSTRACE_ERROR, STATUS_NO_INPUT))
        error->code = STATUS_CONFIG;
    return (int)error_status(error);
}

gboolean graph_options_load(const char *rules_dir, GraphOptions *options, GError **error)
{
    static const char *const keys[] = {"hub_records", "apart_days", NULL};
    g_autofree char *path = g_build_filename(rules_dir, "graph.ini", NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    double hub = 0, apart = 0;
    if (!ini || !ini_only_keys(ini, "graph", keys, error) ||
        !ini_need(ini, "graph", "hub_records", error) ||
        !ini_number(ini, "graph", "hub_records", 2, 1e6, 0, &hub, error) ||
        !ini_number(ini, "graph", "apart_days", 0, 1e5, 548, &apart, error))
        return FALSE;
    *options = (GraphOptions){(guint)hub, (guint)apart};
    return TRUE;
}

static gboolean file_of(const char *dir, const char *name, char **text, gsize *length,
                        GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    return g_file_get_contents(path, text, length, NULL) ||
           error_set(error, STATUS_CONFIG, "cannot read '%s'", path);
}

gboolean rules_words_built(const char *dir, GError **error)
{
    const char *name, *sum;
    for (guint i = 0; (sum = serial_words_built(i, &name)) != NULL; i++) {
        g_autofree char *text = NULL;
        gsize length = 0;
        if (!file_of(dir, name, &text, &length, error))
            return FALSE;
        g_autofree char *own =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
        if (strcmp(own, sum) != 0)
            return error_set(error, STATUS_CONFIG,
                             "'%s/%s' is not the table that this program was built with", dir,
                             name);
    }
    return TRUE;
}

/* SHA-256 over the files that parameters are estimated with; g_free. */
static char *start_hash(const char *dir, GError **error)
{
    static const char *const files[] = {"firearm.ini",           "person.ini",
                                        "tables/lookalikes.csv", "tables/nicknames.csv",
                                        "tables/two_names.csv",  "tables/placeholders.csv",
                                        "tables/letters.csv"};
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *text = NULL;
        gsize length = 0;
        if (!file_of(dir, files[i], &text, &length, error))
            return NULL;
        g_autofree char *head = g_strdup_printf("%s %" G_GSIZE_FORMAT "\n", files[i], length);
        g_checksum_update(sum, (const guchar *)head, -1);
        g_checksum_update(sum, (const guchar *)text, (gssize)length);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static gboolean read_all(Rules *rules, const char *dir, GError **error)
{
    if (!rules_dir_check(dir, error) || !(rules->hash = rules_hash(dir, error)) ||
        !rules_words_built(dir, error) || !(rules->codes = code_tables_load(dir, error)) ||
        !(rules->firearms = firearm_model_load(dir, error)) ||
        !(rules->people = person_model_load(dir, error)) ||
        !(rules->markers = marker_rules_load(dir, error)) ||
        !(rules->indicators = indicators_load(dir, error)) ||
        !(rules->terms = terms_load(dir, error)) || !(rules->leads = lead_rules_load(dir, error)) ||
        !(rules->audiences = audiences_load(dir, error)) ||
        !(rules->clocks = clocks_load(dir, error)) ||
        !graph_options_load(dir, &rules->graph, error) ||
        !learning_load(dir, &rules->learning, error) ||
        !(rules->start_hash = start_hash(dir, error)))
        return FALSE;
    return TRUE;
}

Rules *rules_load(const char *dir, GError **error)
{
    g_autoptr(Rules) rules = g_new0(Rules, 1);
    g_autoptr(GError) problem = NULL;
    rules->dir = g_strdup(dir);
    if (read_all(rules, dir, &problem))
        return g_steal_pointer(&rules);
    rules_broken(problem);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

void rules_free(Rules *rules)
{
    if (!rules)
        return;
    g_free(rules->dir);
    g_free(rules->hash);
    g_free(rules->start_hash);
    g_clear_pointer(&rules->codes, code_tables_free);
    g_clear_pointer(&rules->firearms, firearm_model_free);
    g_clear_pointer(&rules->people, person_model_free);
    g_clear_pointer(&rules->markers, marker_rules_free);
    g_clear_pointer(&rules->indicators, indicators_free);
    g_clear_pointer(&rules->terms, terms_free);
    g_clear_pointer(&rules->leads, lead_rules_free);
    g_clear_pointer(&rules->audiences, audiences_free);
    g_clear_pointer(&rules->clocks, clocks_free);
    g_free(rules);
}
