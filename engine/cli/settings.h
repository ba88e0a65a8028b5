/*
 * The settings of crosstrace.ini, each with where its value came from: option, environment, file,
 * default - in this order. Private to engine/cli. To add one: a line in the table of settings.c.
 */
#ifndef CROSSTRACE_CLI_SETTINGS_H
#define CROSSTRACE_CLI_SETTINGS_H

#include <glib.h>

typedef enum {
    SET_STORE,
    SET_RULES,
    SET_OWNER,
    SET_INBOX,
    SET_REPORTS,
    SET_BACKUPS,
    SET_KEEP_BACKUPS,
    SET_AUDIENCES,
    SET_FORMATS,
    SET_LOCK_WAIT,
    SET_SETTLE,
    SET_GROUP,
    SET_COUNT
} SettingId;

/* What [audience CODE] says of the reports that nightly writes for one audience. */
typedef struct {
    char *code, *authority; /* authority: NULL when none is given */
} AudienceSetting;

typedef struct {
    char *value[SET_COUNT];  /* NULL: none */
    char *origin[SET_COUNT]; /* "option", "environment CROSSTRACE_STORE", "FILE:3", "default" */
    GPtrArray *audiences;    /* of AudienceSetting */
    char *file;              /* that was read; NULL: none */
} Settings;

Settings *settings_new(void);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* As it stands in a configuration file. */
const char *setting_name(SettingId id);
/* One line for people. */
const char *setting_help(SettingId id);

/* The value of an option (NULL: not given). Call before settings_load. */
void settings_option(Settings *settings, SettingId id, const char *value);

/* Environment, then the file (path NULL: the user's, else the system's, else none), then defaults;
 * home: where rules/ of this program lie. STATUS_CONFIG with file, line and nearest key. */
gboolean settings_load(Settings *settings, const char *path, const char *home, GError **error);

/* A whole number from 0 to high; STATUS_CONFIG (an option: STATUS_USAGE) names the place. */
gboolean settings_number(const Settings *settings, SettingId id, guint high, guint *value,
                         GError **error);
/* Parts of a ';' separated value; g_strfreev. */
char **settings_list(const Settings *settings, SettingId id);
/* The reference text for an audience; NULL when the file has none. */
const char *settings_authority(const Settings *settings, const char *audience);

#endif
