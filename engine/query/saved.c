/* Reads the saved queries of a rules directory; engine/sql runs them. */
#include "engine/query/saved.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"

static void parameter_clear(gpointer data)
{
    SavedParameter *parameter = data;
    g_free(parameter->name);
    g_free(parameter->value);
}

static SavedQuery *query_new(void)
{
    SavedQuery *query = g_new0(SavedQuery, 1);
    query->parameters = g_array_new(FALSE, TRUE, sizeof(SavedParameter));
    g_array_set_clear_func(query->parameters, parameter_clear);
    return query;
}

void saved_query_free(SavedQuery *query)
{
    if (!query)
        return;
    g_free(query->id);
    g_free(query->title);
    g_free(query->sql);
    g_array_unref(query->parameters);
    g_free(query);
}

static void add_parameter(SavedQuery *query, char *text)
{
    char *equals = strchr(text, '=');
    if (equals)
        *equals = '\0';
    SavedParameter parameter = {g_strdup(g_strstrip(text)),
                                equals ? g_strdup(g_strstrip(equals + 1)) : NULL};
    g_array_append_val(query->parameters, parameter);
}

static gboolean read_line(SavedQuery *query, char *line, GError **error)
{
    static const char *const keys[] = {"id", "title", "param", NULL};
    char *colon = strchr(line, ':');
    if (!g_str_has_prefix(line, "--") || !colon)
        return error_set(error, STATUS_CONFIG,
                         "not a header line '-- key: value'; an empty line ends them");
    *colon = '\0';
    const char *key = g_strstrip(line + 2);
    char *value = g_strstrip(colon + 1);
    if (strcmp(key, "param") == 0) {
        add_parameter(query, value);
        return TRUE;
    }
    char **place = strcmp(key, "id") == 0      ? &query->id
                   : strcmp(key, "title") == 0 ? &query->title
                                               : NULL;
    g_autofree char *hint = place ? NULL : nearest_hint(key, keys);
    if (!place)
        return error_set(error, STATUS_CONFIG, "unknown key '%s'%s", key, hint);
    if (*place)
        return error_set(error, STATUS_CONFIG, "key '%s' is there twice", key);
    *place = g_strdup(value);
    return TRUE;
}

/* text is written over. */
static SavedQuery *parse(const char *path, char *text, GError **error)
{
    g_autoptr(SavedQuery) query = query_new();
    char *at = text;
    for (guint number = 1; *at && *at != '\n'; number++) {
        char *end = at + strcspn(at, "\n"), *next = *end ? end + 1 : end;
        *end = '\0';
        if (!read_line(query, at, error)) {
            g_prefix_error(error, "%s:%u: ", path, number);
            return NULL;
        }
        at = next;
    }
    query->sql = g_strdup(g_strstrip(at));
    if (query->id && *query->id && query->title && *query->title && *query->sql)
        return g_steal_pointer(&query);
    error_set(error, STATUS_CONFIG, "%s:1: a saved query has an id, a title and a SELECT", path);
    return NULL;
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp((*(SavedQuery *const *)a)->id, (*(SavedQuery *const *)b)->id);
}

static gboolean read_file(GPtrArray *queries, const char *path, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, &problem))
        return error_set(error, STATUS_CONFIG, "cannot read '%s': %s", path, problem->message);
    SavedQuery *query = parse(path, text, error);
    if (query)
        g_ptr_array_add(queries, query);
    return query != NULL;
}

GPtrArray *saved_queries(const char *rules_dir, GError **error)
{
    g_autofree char *folder = g_build_filename(rules_dir, "queries", NULL);
    g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func((GDestroyNotify)saved_query_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (*name != '.' && g_str_has_suffix(name, ".sql") && !read_file(queries, path, error))
            return NULL;
    }
    g_ptr_array_sort(queries, compare_ids);
    return g_steal_pointer(&queries);
}
