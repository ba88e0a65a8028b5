/*
 * INI files, read twice: a scan of our own that finds what GKeyFile would pass over in silence
 * (and knows the line), then GKeyFile, which gives the values. Text in, questions answered; what
 * keys a file may have is said by the room that reads it.
 */
#include "engine/base/ini.h"

#include <math.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/text.h"

typedef struct {
    char *value;
    guint line;
} Entry;

typedef struct {
    guint line;
    GPtrArray *keys;     /* names in file order, NULL-terminated */
    GHashTable *entries; /* name (owned by keys) -> Entry */
} Group;

struct Ini {
    char *name;
    GPtrArray *names; /* group names in file order, NULL-terminated */
    GHashTable *groups;
};

typedef struct {
    Ini *ini;
    Group *group;   /* the one being read, or NULL */
    GString *clean; /* what GKeyFile gets: no comments, one line an entry */
    guint line;
} Scan;

static void entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->value);
    g_free(entry);
}

static void group_free(gpointer data)
{
    Group *group = data;

    g_hash_table_unref(group->entries);
    g_ptr_array_unref(group->keys);
    g_free(group);
}

void ini_free(Ini *ini)
{
    if (!ini)
        return;
    g_hash_table_unref(ini->groups);
    g_ptr_array_unref(ini->names);
    g_free(ini->name);
    g_free(ini);
}

/* Appends to a list that stays NULL-terminated. */
static char *names_add(GPtrArray *names, const char *name)
{
    char *copy = g_strdup(name);

    g_ptr_array_insert(names, (int)names->len - 1, copy);
    return copy;
}

static GPtrArray *names_new(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(names, NULL);
    return names;
}

static gboolean is_name(const char *text)
{
    if (!*text)
        return FALSE;
    for (const char *p = text; *p; p++)
        if (*p == '[' || *p == ']' || g_ascii_iscntrl(*p))
            return FALSE;
    return TRUE;
}

static gboolean G_GNUC_PRINTF(3, 4)
    scan_error(const Scan *scan, GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    return error_set(error, STATUS_CONFIG, "%s:%u: %s", scan->ini->name, scan->line, text);
}

static gboolean scan_group(Scan *scan, char *text, GError **error)
{
    gsize length = strlen(text);
    Group *old, *group;
    char *name;

    if (text[length - 1] != ']')
        return scan_error(scan, error, "group line does not end with ']'");
    text[length - 1] = '\0';
    name = g_strstrip(text + 1);
    if (!is_name(name))
        return scan_error(scan, error, "bad group name '%s'", name);
    old = g_hash_table_lookup(scan->ini->groups, name);
    if (old)
        return scan_error(scan, error, "group [%s] is already on line %u", name, old->line);
    group = g_new0(Group, 1);
    group->line = scan->line;
    group->keys = names_new();
    group->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    g_hash_table_insert(scan->ini->groups, names_add(scan->ini->names, name), group);
    g_string_append_printf(scan->clean, "[%s]\n", name);
    scan->group = group;
    return TRUE;
}

/* A comment needs a line of its own: `bits=6    ; strong` would make the comment a value. */
static gboolean has_comment(const char *value)
{
    for (const char *p = value; (p = strpbrk(p, ";#")); p++)
        if (p - value >= 1 && (p[-1] == '\t' || (p - value >= 2 && p[-1] == ' ' && p[-2] == ' ')))
            return TRUE;
    return FALSE;
}

static gboolean scan_entry(Scan *scan, char *text, GError **error)
{
    char *equals = strchr(text, '=');
    char *key = text, *value;
    Entry *old, *entry;

    if (!equals)
        return scan_error(scan, error, "neither [group] nor key=value: '%s'", text);
    if (!scan->group)
        return scan_error(scan, error, "key before the first [group]");
    *equals = '\0';
    value = g_strstrip(equals + 1);
    g_strchomp(key);
    if (!is_name(key))
        return scan_error(scan, error, "bad key '%s'", key);
    old = g_hash_table_lookup(scan->group->entries, key);
    if (old)
        return scan_error(scan, error, "key '%s' is already on line %u", key, old->line);
    if (has_comment(value))
        return scan_error(scan, error, "key '%s': a comment needs a line of its own", key);
    entry = g_new0(Entry, 1);
    entry->line = scan->line;
    g_hash_table_insert(scan->group->entries, names_add(scan->group->keys, key), entry);
    g_string_append_printf(scan->clean, "%s=%s\n", key, value);
    return TRUE;
}

static gboolean scan_line(Scan *scan, char *text, GError **error)
{
    const char *wrong = NULL;

    if (!g_utf8_validate(text, -1, &wrong))
        return scan_error(scan, error, "invalid UTF-8 at byte %u", (guint)(wrong - text) + 1);
    if (scan->line == 1 && g_str_has_prefix(text, "\xEF\xBB\xBF"))
        return scan_error(scan, error, "byte-order mark at the start of the file");
    text = g_strstrip(text);
    if (!*text || *text == '#' || *text == ';')
        return TRUE;
    return *text == '[' ? scan_group(scan, text, error) : scan_entry(scan, text, error);
}

static gboolean scan_text(Scan *scan, const char *text, gsize length, GError **error)
{
    const char *end = text + length;

    for (const char *p = text; p < end;) {
        const char *stop = memchr(p, '\n', (gsize)(end - p));
        gsize size = (gsize)((stop ? stop : end) - p);
        g_autofree char *line = g_strndup(p, size);

        scan->line++;
        if (strlen(line) != size)
            return scan_error(scan, error, "NUL byte");
        if (!scan_line(scan, line, error))
            return FALSE;
        p = stop ? stop + 1 : end;
    }
    return TRUE;
}

/* The values, raw, as GKeyFile has them. */
static gboolean take_values(Ini *ini, const GString *clean, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;

    if (clean->len > 0 && !g_key_file_load_from_data(file, clean->str, clean->len,
                                                     G_KEY_FILE_KEEP_TRANSLATIONS, &cause))
        return error_set(error, STATUS_CONFIG, "%s:1: %s", ini->name, cause->message);
    for (const char *const *name = ini_groups(ini); *name; name++)
        for (const char *const *key = ini_keys(ini, *name); *key; key++) {
            Group *group = g_hash_table_lookup(ini->groups, *name);
            Entry *entry = g_hash_table_lookup(group->entries, *key);

            entry->value = g_key_file_get_value(file, *name, *key, NULL);
            if (!entry->value)
                return ini_error(ini, *name, *key, error, "key '%s' cannot be read", *key);
        }
    return TRUE;
}

Ini *ini_read(const char *text, gsize length, const char *name, GError **error)
{
    g_autoptr(Ini) ini = g_new0(Ini, 1);
    g_autoptr(GString) clean = g_string_new(NULL);
    Scan scan = {.ini = ini, .clean = clean};

    ini->name = g_strdup(name);
    ini->names = names_new();
    ini->groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_free);
    if (!scan_text(&scan, text, length, error) || !take_values(ini, clean, error))
        return NULL;
    return g_steal_pointer(&ini);
}

Ini *ini_load(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = NULL;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, &cause)) {
        error_set(error, STATUS_NO_INPUT, "cannot read '%s': %s", path, cause->message);
        return NULL;
    }
    return ini_read(text, length, path, error);
}

const char *const *ini_groups(const Ini *ini)
{
    return (const char *const *)ini->names->pdata;
}

static const Group *group_find(const Ini *ini, const char *group)
{
    return g_hash_table_lookup(ini->groups, group);
}

static const Entry *entry_find(const Ini *ini, const char *group, const char *key)
{
    const Group *found = group_find(ini, group);

    return found ? g_hash_table_lookup(found->entries, key) : NULL;
}

const char *const *ini_keys(const Ini *ini, const char *group)
{
    static const char *const NONE[] = {NULL};
    const Group *found = group_find(ini, group);

    return found ? (const char *const *)found->keys->pdata : NONE;
}

const char *ini_get(const Ini *ini, const char *group, const char *key)
{
    const Entry *entry = entry_find(ini, group, key);

    return entry ? entry->value : NULL;
}

const char *ini_need(const Ini *ini, const char *group, const char *key, GError **error)
{
    const char *value = ini_get(ini, group, key);

    if (!value)
        ini_error(ini, group, NULL, error, "key '%s' missing in [%s]", key, group);
    return value;
}

gboolean ini_number(const Ini *ini, const char *group, const char *key, double low, double high,
                    double fallback, double *value, GError **error)
{
    const char *text = ini_get(ini, group, key);
    g_autofree char *low_text = text_number(low, 0);
    g_autofree char *high_text = text_number(high, 0);
    char *end = NULL;
    double number;

    *value = fallback;
    if (!text)
        return TRUE;
    number = g_ascii_strtod(text, &end);
    if (end == text || *end || !isfinite(number))
        return ini_error(ini, group, key, error, "key '%s': '%s' is no number", key, text);
    if (number < low || number > high)
        return ini_error(ini, group, key, error, "key '%s': '%s' is not between %s and %s", key,
                         text, low_text, high_text);
    *value = number;
    return TRUE;
}

gboolean ini_flag(const Ini *ini, const char *group, const char *key, gboolean fallback,
                  gboolean *value, GError **error)
{
    const char *text = ini_get(ini, group, key);

    *value = fallback;
    if (!text)
        return TRUE;
    *value = strcmp(text, "true") == 0;
    if (!*value && strcmp(text, "false") != 0)
        return ini_error(ini, group, key, error, "key '%s': '%s' is neither true nor false", key,
                         text);
    return TRUE;
}

char **ini_list(const Ini *ini, const char *group, const char *key)
{
    const char *text = ini_get(ini, group, key);
    g_auto(GStrv) parts = g_strsplit(text ? text : "", ";", -1);
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();

    for (char **part = parts; *part; part++)
        if (*g_strstrip(*part))
            g_strv_builder_add(list, *part);
    return g_strv_builder_end(list);
}

gboolean ini_only_keys(const Ini *ini, const char *group, const char *const *allowed,
                       GError **error)
{
    for (const char *const *key = ini_keys(ini, group); *key; key++) {
        g_autofree char *hint = NULL;

        if (g_strv_contains(allowed, *key))
            continue;
        hint = nearest_hint(*key, allowed);
        return ini_error(ini, group, *key, error, "unknown key '%s' in [%s]%s", *key, group, hint);
    }
    return TRUE;
}

guint ini_line(const Ini *ini, const char *group, const char *key)
{
    const Group *in = group_find(ini, group);
    const Entry *entry = key ? entry_find(ini, group, key) : NULL;

    return entry ? entry->line : in ? in->line : 1;
}

gboolean ini_error(const Ini *ini, const char *group, const char *key, GError **error,
                   const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    return error_set(error, STATUS_CONFIG, "%s:%u: %s", ini->name, ini_line(ini, group, key), text);
}
