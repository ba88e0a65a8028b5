/*
 * crosstrace config: every setting with its value and where that came from; whether all that the
 * settings name is there and fit for use.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/cli/commands.h"

static gboolean send_settings(Store *store, RowSink *sink, gpointer data, GError **error)
{
    static const Column columns[] = {{"setting", COLUMN_OWN},
                                     {"value", COLUMN_DATA},
                                     {"from", COLUMN_DATA},
                                     {"meaning", COLUMN_OWN}};
    const Settings *settings = data;
    (void)store;
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error))
        return FALSE;
    for (guint i = 0; i < SET_COUNT; i++) {
        const char *cells[] = {setting_name(i), settings->value[i],
                               settings->origin[i] ? settings->origin[i] : "not set",
                               setting_help(i)};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    for (guint i = 0; i < settings->audiences->len; i++) {
        const AudienceSetting *audience = settings->audiences->pdata[i];
        g_autofree char *name = g_strdup_printf("authority for %s", audience->code);
        const char *cells[] = {name, audience->authority, settings->file,
                               "references that its reports cite"};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return sink->end(sink, error);
}

/* A report that nightly could not write is an error tonight, and better found now. */
static gboolean check_audiences(const Context *context, const Rules *rules, GError **error)
{
    const Audience *owner = audience_find(rules->audiences, context->owner, error);
    g_auto(GStrv) codes = settings_list(context->settings, SET_AUDIENCES);
    for (char **code = codes; owner && *code; code++) {
        const Audience *audience = audience_find(rules->audiences, *code, error);
        g_autoptr(GHashTable) authority =
            audience ? authority_parse(rules->audiences,
                                       settings_authority(context->settings, *code), error)
                     : NULL;
        if (!authority || !audience_permits(rules->audiences, audience, owner, authority, error))
            return FALSE;
    }
    return owner != NULL;
}

static gboolean check_formats(const Context *context, GError **error)
{
    g_auto(GStrv) names = settings_list(context->settings, SET_FORMATS);
    for (char **name = names; *name; name++)
        if (!report_format(*name))
            return error_set(error, STATUS_CONFIG, "%s: unknown report format '%s'",
                             context->settings->origin[SET_FORMATS], *name);
    return TRUE;
}

/* What is wrong with a folder that a night writes to; NULL: nothing. */
static const char *folder_fault(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return "no folder";
    if (info.st_mode & S_IWOTH)
        return "others may write to";
    return access(path, W_OK | X_OK) == 0 ? NULL : "this user may not write to";
}

static gboolean check_folders(const Context *context, GError **error)
{
    static const SettingId folders[] = {SET_INBOX, SET_REPORTS, SET_BACKUPS};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        const char *path = context->settings->value[folders[i]];
        const char *fault = path ? folder_fault(path) : NULL;
        if (fault)
            return error_set(error, STATUS_CONFIG, "%s: %s '%s' for %s",
                             context->settings->origin[folders[i]], fault, path,
                             setting_name(folders[i]));
    }
    return TRUE;
}

static gboolean check(const Context *context, GError **error)
{
    guint number;
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Profiles) profiles = rules ? cli_profiles(context, error) : NULL;
    return profiles && settings_number(context->settings, SET_KEEP_BACKUPS, 1000, &number, error) &&
           settings_number(context->settings, SET_SETTLE, 86400, &number, error) &&
           check_formats(context, error) && check_folders(context, error) &&
           check_audiences(context, rules, error);
}

static int config_run(Context *context, int argc, char **argv, GError **error)
{
    if (!cli_parse(context, &cmd_config, NULL, &argc, &argv, error))
        return cli_stopped(error);
    gboolean show = argc == 2 && strcmp(argv[1], "show") == 0;
    if (!show && (argc != 2 || strcmp(argv[1], "check") != 0)) {
        error_set(error, STATUS_USAGE, "config takes 'show' or 'check'");
        return STATUS_USAGE;
    }
    if (show ? !cli_print_rows(context, NULL, NULL, send_settings, context->settings, error)
             : !check(context, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

const Command cmd_config = {
    "config",
    "show|check",
    "each setting with where it came from; whether they are fit for use",
    "crosstrace config show",
    config_run,
    NULL,
};
