/*
 * Reads the settings and remembers where each came from. A configuration that others may write to
 * is refused: who may write it decides what goes to whom.
 */
#include <string.h>
#include <sys/stat.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/cli/settings.h"

#define GROUP           "crosstrace"
#define AUDIENCE_PREFIX "audience "
#define SYSTEM_FILE     "/etc/crosstrace.ini"
#define AT_HOME         "@" /* a default that lies where this program's rules do */

static const struct {
    const char *name, *environment, *fallback, *help;
} table[SET_COUNT] = {
    [SET_STORE] = {"store", "CROSSTRACE_STORE", "crosstrace.db", "the store"},
    [SET_RULES] = {"rules", NULL, AT_HOME "rules", "folder of rule files"},
    [SET_OWNER] = {"owner", NULL, "CBSA_ANALYST", "audience code of the store's owner"},
    [SET_INBOX] = {"inbox", NULL, NULL, "folder that nightly takes files from"},
    [SET_REPORTS] = {"reports", NULL, NULL, "folder that nightly writes reports to"},
    [SET_BACKUPS] = {"backups", NULL, NULL, "folder of verified copies of the store"},
    [SET_KEEP_BACKUPS] = {"keep_backups", NULL, "7", "copies that are kept"},
    [SET_AUDIENCES] = {"audiences", NULL, NULL, "audiences that nightly writes reports for"},
    [SET_FORMATS] = {"formats", NULL, "csv", "formats of nightly's reports"},
    [SET_LOCK_WAIT] = {"lock_wait", NULL, "0", "seconds to wait for another run"},
    [SET_SETTLE] = {"settle", NULL, "10", "seconds that a file must have lain still"},
    [SET_GROUP] = {"group", NULL, NULL, "group that reports and copies are given to"},
};

static void audience_free(gpointer data)
{
    AudienceSetting *audience = data;
    g_free(audience->code);
    g_free(audience->authority);
    g_free(audience);
}

Settings *settings_new(void)
{
    Settings *settings = g_new0(Settings, 1);
    settings->audiences = g_ptr_array_new_with_free_func(audience_free);
    return settings;
}

void settings_free(Settings *settings)
{
    if (!settings)
        return;
    for (guint i = 0; i < SET_COUNT; i++) {
        g_free(settings->value[i]);
        g_free(settings->origin[i]);
    }
    g_ptr_array_unref(settings->audiences);
    g_free(settings->file);
    g_free(settings);
}

const char *setting_name(SettingId id)
{
    return table[id].name;
}

const char *setting_help(SettingId id)
{
    return table[id].help;
}

/* Where nothing better spoke before. */
static void take(Settings *settings, guint id, const char *value, char *origin)
{
    if (!settings->value[id] && value && *value) {
        settings->value[id] = g_strdup(value);
        settings->origin[id] = g_steal_pointer(&origin);
    }
    g_free(origin);
}

void settings_option(Settings *settings, SettingId id, const char *value)
{
    take(settings, id, value, g_strdup("option"));
}

static char *find_file(void)
{
    g_autofree char *user =
        g_build_filename(g_get_user_config_dir(), "crosstrace", "crosstrace.ini", NULL);
    if (g_file_test(user, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&user);
    return g_file_test(SYSTEM_FILE, G_FILE_TEST_EXISTS) ? g_strdup(SYSTEM_FILE) : NULL;
}

static gboolean read_audience(Settings *settings, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"authority", NULL};
    if (!ini_only_keys(ini, group, keys, error))
        return FALSE;
    AudienceSetting *audience = g_new0(AudienceSetting, 1);
    audience->code = g_strdup(group + strlen(AUDIENCE_PREFIX));
    audience->authority = g_strdup(ini_get(ini, group, "authority"));
    g_ptr_array_add(settings->audiences, audience);
    return TRUE;
}

static gboolean read_groups(Settings *settings, const Ini *ini, GError **error)
{
    const char *keys[SET_COUNT + 1] = {NULL};
    for (guint i = 0; i < SET_COUNT; i++)
        keys[i] = table[i].name;
    for (const char *const *group = ini_groups(ini); *group; group++) {
        if (g_str_has_prefix(*group, AUDIENCE_PREFIX)) {
            if (!read_audience(settings, ini, *group, error))
                return FALSE;
        } else if (strcmp(*group, GROUP) != 0) {
            return ini_error(ini, *group, NULL, error, "unknown group [%s]", *group);
        }
    }
    return ini_only_keys(ini, GROUP, keys, error);
}

static gboolean read_file(Settings *settings, const char *path, GError **error)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH))
        return error_set(error, STATUS_CONFIG, "configuration '%s' can be written by others", path);
    g_autoptr(Ini) ini = ini_load(path, error);
    if (!ini || !read_groups(settings, ini, error))
        return FALSE;
    settings->file = g_strdup(path);
    for (guint i = 0; i < SET_COUNT; i++)
        take(settings, i, ini_get(ini, GROUP, table[i].name),
             g_strdup_printf("%s:%u", path, ini_line(ini, GROUP, table[i].name)));
    return TRUE;
}

gboolean settings_load(Settings *settings, const char *path, const char *home, GError **error)
{
    g_autofree char *found = path ? g_strdup(path) : find_file();
    for (guint i = 0; i < SET_COUNT; i++)
        if (table[i].environment)
            take(settings, i, g_getenv(table[i].environment),
                 g_strconcat("environment ", table[i].environment, NULL));
    if (found && !read_file(settings, found, error))
        return FALSE;
    for (guint i = 0; i < SET_COUNT; i++) {
        const char *fallback = table[i].fallback;
        g_autofree char *at_home = fallback && g_str_has_prefix(fallback, AT_HOME)
                                       ? g_build_filename(home, fallback + strlen(AT_HOME), NULL)
                                       : NULL;
        take(settings, i, at_home ? at_home : fallback, g_strdup("default"));
    }
    return TRUE;
}

gboolean settings_number(const Settings *settings, SettingId id, guint high, guint *value,
                         GError **error)
{
    guint64 number = 0;
    const char *text = settings->value[id], *origin = settings->origin[id];
    if (!g_ascii_string_to_unsigned(text ? text : "0", 10, 0, high, &number, NULL))
        return error_set(error, strcmp(origin, "option") == 0 ? STATUS_USAGE : STATUS_CONFIG,
                         "%s: '%s' is no number from 0 to %u for %s", origin, text, high,
                         table[id].name);
    *value = (guint)number;
    return TRUE;
}

char **settings_list(const Settings *settings, SettingId id)
{
    g_auto(GStrv) parts = g_strsplit(settings->value[id] ? settings->value[id] : "", ";", -1);
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();
    for (char **part = parts; *part; part++)
        if (*g_strstrip(*part))
            g_strv_builder_add(list, *part);
    return g_strv_builder_end(list);
}

const char *settings_authority(const Settings *settings, const char *audience)
{
    for (guint i = 0; i < settings->audiences->len; i++) {
        const AudienceSetting *setting = settings->audiences->pdata[i];
        if (strcmp(setting->code, audience) == 0)
            return setting->authority;
    }
    return NULL;
}
