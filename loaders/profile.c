/*
 * Reading profiles, strictly: an unknown key, normaliser or target is an error with file and
 * line before anything is loaded. And choosing the profile that fits a header: every required
 * column there, no column twice, most columns known.
 */
#include "loaders/profile.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "loaders/normalise.h"

#define COLUMN_GROUP "column "

static const char *const PROFILE_KEYS[] = {"kind", "key", "dates", "encoding", NULL};
static const char *const COLUMN_KEYS[] = {"aliases", "required", "normaliser", "to", "blank", NULL};
static const char *const KINDS[] = {"cbsa-seizure", "atf-trace", "ffl", "multiple-sale",
                                    "stolen",       "person",    NULL};

static void column_free(gpointer data)
{
    ProfileColumn *column = data;

    g_free(column->name);
    g_strfreev(column->aliases);
    g_free(column->table);
    g_free(column->role);
    g_free(column);
}

void profile_free(Profile *profile)
{
    if (!profile)
        return;
    g_free(profile->name);
    g_free(profile->file);
    g_free(profile->kind);
    g_free(profile->encoding);
    g_ptr_array_unref(profile->columns);
    g_hash_table_unref(profile->by_key);
    g_hash_table_unref(profile->doubles);
    g_array_unref(profile->key);
    for (int i = 0; i < FIELD_COUNT; i++)
        g_free(profile->constants[i]);
    g_free(profile);
}

const ProfileColumn *profile_column(const Profile *profile, guint index)
{
    return g_ptr_array_index(profile->columns, index);
}

int profile_find(const Profile *profile, const char *name)
{
    for (guint i = 0; i < profile->columns->len; i++)
        if (strcmp(profile_column(profile, i)->name, name) == 0)
            return (int)i;
    return -1;
}

/* `to`: a field, "<role>.<mention field>" or "<role>.name"; without it the column's own name. */
static gboolean read_target(const Ini *ini, const char *group, ProfileColumn *column,
                            GError **error)
{
    const char *to = ini_get(ini, group, "to");
    const char *word = to ? to : column->name, *dot = strchr(word, '.');
    Field field;
    MentionField part;

    if (!dot && field_parse(word, &field)) {
        column->target = (int)field;
        return TRUE;
    }
    if (!dot)
        return ini_error(ini, group, to ? "to" : NULL, error, "'%s' is no field of a record", word);
    column->role = g_strndup(word, (gsize)(dot - word));
    if (!role_base(column->role))
        return ini_error(ini, group, "to", error, "'%s' is no role", column->role);
    if (strcmp(dot + 1, "name") == 0)
        column->target = MENTION_WHOLE_NAME;
    else if (mention_field_parse(dot + 1, &part))
        column->target = (int)part;
    else
        return ini_error(ini, group, "to", error, "'%s' is no field of a person", dot + 1);
    return TRUE;
}

static gboolean read_normaliser(const Ini *ini, const char *group, ProfileColumn *column,
                                GError **error)
{
    const char *word = ini_get(ini, group, "normaliser");
    g_autofree char *hint = NULL;

    column->normaliser = normaliser_find(word ? word : "text", &column->table);
    if (column->normaliser)
        return TRUE;
    hint = nearest_hint(word, normaliser_names());
    return ini_error(ini, group, "normaliser", error, "unknown normaliser '%s'%s", word, hint);
}

static gboolean claim(Profile *profile, const char *header, guint index)
{
    g_autofree char *key = text_key(header);
    guint other = GPOINTER_TO_UINT(g_hash_table_lookup(profile->by_key, key));

    if (!*key)
        return FALSE;
    if (other && other != index + 1)
        g_hash_table_insert(profile->doubles, g_steal_pointer(&key), GUINT_TO_POINTER(index + 1));
    else if (!other)
        g_hash_table_insert(profile->by_key, g_steal_pointer(&key), GUINT_TO_POINTER(index + 1));
    return TRUE;
}

static gboolean read_column(Profile *profile, const Ini *ini, const char *group, GError **error)
{
    ProfileColumn *column = g_new0(ProfileColumn, 1);
    guint index = profile->columns->len;

    g_ptr_array_add(profile->columns, column);
    column->name = g_strstrip(g_strdup(group + strlen(COLUMN_GROUP)));
    column->unless = -1;
    if (!ini_only_keys(ini, group, COLUMN_KEYS, error) ||
        !ini_flag(ini, group, "required", FALSE, &column->required, error) ||
        !read_target(ini, group, column, error) || !read_normaliser(ini, group, column, error))
        return FALSE;
    column->aliases = ini_list(ini, group, "aliases");
    if (!claim(profile, column->name, index))
        return ini_error(ini, group, NULL, error, "'%s' is no column name", column->name);
    for (char **alias = column->aliases; alias && *alias; alias++)
        if (!claim(profile, *alias, index))
            return ini_error(ini, group, "aliases", error, "'%s' is no column name", *alias);
    return TRUE;
}

/* `blank=OTHER`: a blank cell of a required column is accepted where OTHER has one. */
static gboolean read_blanks(Profile *profile, const Ini *ini, GError **error)
{
    for (guint i = 0; i < profile->columns->len; i++) {
        ProfileColumn *column = g_ptr_array_index(profile->columns, i);
        g_autofree char *group = g_strconcat(COLUMN_GROUP, column->name, NULL);
        const char *other = ini_get(ini, group, "blank");

        if (!other)
            continue;
        column->unless = profile_find(profile, other);
        if (column->unless < 0)
            return ini_error(ini, group, "blank", error, "'%s' is no column of this profile",
                             other);
    }
    return TRUE;
}

static gboolean read_dates(Profile *profile, const Ini *ini, GError **error)
{
    const char *text = ini_get(ini, "profile", "dates");
    g_auto(GStrv) words = g_strsplit(text ? text : "ISO", ",", -1);

    for (guint i = 0; words[i]; i++) {
        guint order = date_orders(g_strstrip(words[i]));

        if (i >= 3 || !order || (order & (order - 1)))
            return ini_error(ini, "profile", "dates", error, "'%s' is no list of ISO, DMY, MDY",
                             text);
        profile->orders[i] = order;
    }
    return TRUE;
}

static gboolean read_key(Profile *profile, const Ini *ini, GError **error)
{
    const char *text = ini_need(ini, "profile", "key", error);
    g_auto(GStrv) words = text ? g_strsplit(text, "/", -1) : NULL;

    if (!text)
        return FALSE;
    for (guint i = 0; words[i]; i++) {
        int index = profile_find(profile, g_strstrip(words[i]));
        guint value = (guint)index;

        if (index < 0 || profile_column(profile, value)->role)
            return ini_error(ini, "profile", "key", error, "'%s' is no column of the record",
                             words[i]);
        g_array_append_val(profile->key, value);
    }
    return TRUE;
}

/* What stands in [profile]: its own keys, and constants under the names of fields. */
static gboolean read_head(Profile *profile, const Ini *ini, GError **error)
{
    const char *const *keys = ini_keys(ini, "profile");
    const char *kind = ini_need(ini, "profile", "kind", error);
    const char *encoding = ini_get(ini, "profile", "encoding");

    if (!kind)
        return FALSE;
    if (!g_strv_contains(KINDS, kind))
        return ini_error(ini, "profile", "kind", error, "unknown kind '%s'", kind);
    for (; *keys; keys++) {
        Field field;

        if (g_strv_contains(PROFILE_KEYS, *keys))
            continue;
        if (!field_parse(*keys, &field))
            return ini_error(ini, "profile", *keys, error, "unknown key '%s' in [profile]", *keys);
        profile->constants[field] = g_strdup(ini_get(ini, "profile", *keys));
    }
    profile->kind = g_strdup(kind);
    profile->encoding = g_strdup(encoding ? encoding : "auto");
    return read_dates(profile, ini, error);
}

static gboolean profile_read(Profile *profile, const Ini *ini, GError **error)
{
    if (!read_head(profile, ini, error))
        return FALSE;
    for (const char *const *group = ini_groups(ini); *group; group++) {
        if (strcmp(*group, "profile") == 0)
            continue;
        if (!g_str_has_prefix(*group, COLUMN_GROUP))
            return ini_error(ini, *group, NULL, error, "unknown group [%s]", *group);
        if (!read_column(profile, ini, *group, error))
            return FALSE;
    }
    return read_key(profile, ini, error) && read_blanks(profile, ini, error);
}

Profile *profile_load(const char *path, GError **error)
{
    g_autoptr(Ini) ini = ini_load(path, error);
    g_autoptr(Profile) profile = NULL;
    g_autofree char *base = g_path_get_basename(path);

    if (!ini)
        return NULL;
    profile = g_new0(Profile, 1);
    profile->file = g_strdup(path);
    profile->name =
        g_strndup(base, strlen(base) - (g_str_has_suffix(base, ".ini") ? strlen(".ini") : 0));
    profile->columns = g_ptr_array_new_with_free_func(column_free);
    profile->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    profile->doubles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    profile->key = g_array_new(FALSE, FALSE, sizeof(guint));
    return profile_read(profile, ini, error) ? g_steal_pointer(&profile) : NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp((*(Profile *const *)a)->name, (*(Profile *const *)b)->name);
}

Profiles *profiles_load(const char *profiles_dir, GError **error)
{
    g_autoptr(Profiles) profiles = NULL;
    g_autoptr(GDir) dir = g_dir_open(profiles_dir, 0, NULL);
    const char *file;

    if (!dir) {
        error_set(error, STATUS_CONFIG, "cannot read the profiles in '%s'", profiles_dir);
        return NULL;
    }
    profiles = g_new0(Profiles, 1);
    profiles->all = g_ptr_array_new_with_free_func((GDestroyNotify)profile_free);
    while ((file = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(profiles_dir, file, NULL);
        Profile *profile;

        if (*file == '.' || !g_str_has_suffix(file, ".ini"))
            continue;
        profile = profile_load(path, error);
        if (!profile)
            return NULL;
        g_ptr_array_add(profiles->all, profile);
    }
    g_ptr_array_sort(profiles->all, by_name);
    return g_steal_pointer(&profiles);
}

void profiles_free(Profiles *profiles)
{
    if (!profiles)
        return;
    g_ptr_array_unref(profiles->all);
    g_free(profiles);
}

static const Profile *profile_at(const Profiles *profiles, guint index)
{
    return g_ptr_array_index(profiles->all, index);
}

const Profile *profiles_get(const Profiles *profiles, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *hint = NULL;

    for (guint i = 0; i < profiles->all->len; i++) {
        if (strcmp(profile_at(profiles, i)->name, name) == 0)
            return profile_at(profiles, i);
        g_ptr_array_add(names, profile_at(profiles, i)->name);
    }
    g_ptr_array_add(names, NULL);
    hint = nearest_hint(name, (const char *const *)names->pdata);
    error_set(error, STATUS_USAGE, "unknown profile '%s'%s", name, hint);
    return NULL;
}

gboolean profile_knows(const Profile *profile, const char *header)
{
    g_autofree char *key = text_key(header);

    return g_hash_table_contains(profile->by_key, key);
}

gboolean profiles_know(const Profiles *profiles, const char *header)
{
    for (guint i = 0; i < profiles->all->len; i++)
        if (profile_knows(profile_at(profiles, i), header))
            return TRUE;
    return FALSE;
}
