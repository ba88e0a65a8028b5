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

static const char *const PROFILE_KEYS[] = {"kind", "key", "dates", "encoding", "detect", NULL};
static const char *const COLUMN_KEYS[] = {"aliases", "weak",       "required", "or",
                                          "blank",   "normaliser", "to",       "parts",
                                          "glue",    "type",       NULL};

static void column_free(gpointer data)
{
    ProfileColumn *column = data;

    g_free(column->name);
    g_strfreev(column->aliases);
    g_strfreev(column->weak);
    g_clear_pointer(&column->parts, g_array_unref);
    g_free(column->glue);
    g_free(column->type);
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
    g_hash_table_unref(profile->by_weak);
    g_array_unref(profile->key);
    g_clear_pointer(&profile->tell, g_array_unref);
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

gboolean profile_tells(const Profile *profile, const int *cells)
{
    gboolean tells = profile->tell == NULL;

    for (guint i = 0; !tells && i < profile->tell->len; i++)
        tells = profile_fills(profile, cells, g_array_index(profile->tell, guint, i));
    return tells;
}

gboolean profile_fills(const Profile *profile, const int *cells, guint index)
{
    const GArray *parts = profile_column(profile, index)->parts;
    gboolean there = cells[index] >= 0;

    for (guint i = 0; parts && !there && i < parts->len; i++)
        there = cells[g_array_index(parts, guint, i)] >= 0;
    return there;
}

/* `to`: a field, "<role>.<mention field>" or "<role>.name", or "none"; without it the column's
 * own name. */
static gboolean read_target(const Ini *ini, const char *group, ProfileColumn *column,
                            GError **error)
{
    const char *to = ini_get(ini, group, "to");
    const char *word = to ? to : column->name, *dot = strchr(word, '.');
    Field field;
    MentionField part;

    if (to && strcmp(to, "none") == 0) {
        column->target = TARGET_NONE;
        return TRUE;
    }
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

/* `required`: true, false, or "header" for a column that must be there, with cells or without. */
static gboolean read_required(const Ini *ini, const char *group, ProfileColumn *column,
                              GError **error)
{
    column->in_header = g_strcmp0(ini_get(ini, group, "required"), "header") == 0;
    if (column->in_header)
        return TRUE;
    if (!ini_flag(ini, group, "required", FALSE, &column->required, error))
        return FALSE;
    column->in_header = column->required;
    return TRUE;
}

char *header_key(const char *header)
{
    g_autoptr(GString) text = g_string_new(header);

    for (char *sign; (sign = strstr(text->str, "\u00B0"));) {
        gboolean number = sign > text->str && g_ascii_toupper(sign[-1]) == 'N';
        gssize at = sign - text->str;

        g_string_erase(text, at, (gssize)strlen("\u00B0"));
        if (number)
            g_string_insert_c(text, at, 'O');
    }
    return text_key(text->str);
}

/* A weak name that two columns claim is none. */
static gboolean claim_weakly(Profile *profile, const char *header, guint index)
{
    char *key = header_key(header);
    gboolean first = *key && !g_hash_table_contains(profile->by_weak, key);

    if (!*key) {
        g_free(key);
        return FALSE;
    }
    g_hash_table_insert(profile->by_weak, key, GUINT_TO_POINTER(first ? index + 1 : 0));
    return TRUE;
}

static gboolean claim(Profile *profile, const char *header, guint index)
{
    g_autofree char *key = header_key(header);
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
    column->unless = column->otherwise = -1;
    if (!ini_only_keys(ini, group, COLUMN_KEYS, error) ||
        !read_required(ini, group, column, error) || !read_target(ini, group, column, error) ||
        !read_normaliser(ini, group, column, error))
        return FALSE;
    column->type = g_strdup(ini_get(ini, group, "type"));
    if (column->type && (!column->role || (column->target != MENTION_DOC_NO &&
                                           column->target != MENTION_DOC_ISSUER)))
        return ini_error(ini, group, "type", error, "'%s' fills no document number or issuer",
                         column->name);
    column->aliases = ini_list(ini, group, "aliases");
    if (!claim(profile, column->name, index))
        return ini_error(ini, group, NULL, error, "'%s' is no column name", column->name);
    for (char **alias = column->aliases; alias && *alias; alias++)
        if (!claim(profile, *alias, index))
            return ini_error(ini, group, "aliases", error, "'%s' is no column name", *alias);
    column->weak = ini_list(ini, group, "weak");
    for (char **weak = column->weak; weak && *weak; weak++)
        if (!claim_weakly(profile, *weak, index))
            return ini_error(ini, group, "weak", error, "'%s' is no column name", *weak);
    return TRUE;
}

/* A column that a key names, -1 when the key is not there. */
static gboolean read_other(const Profile *profile, const Ini *ini, const char *group,
                           const char *key, int *index, GError **error)
{
    const char *other = ini_get(ini, group, key);

    *index = other ? profile_find(profile, other) : -1;
    return !other || *index >= 0 ||
           ini_error(ini, group, key, error, "'%s' is no column of this profile", other);
}

/* Columns that a list names, NULL in *columns when the key is not there. */
static gboolean read_columns(const Profile *profile, const Ini *ini, const char *group,
                             const char *key, GArray **columns, GError **error)
{
    g_auto(GStrv) names = ini_list(ini, group, key);

    for (char **name = names; name && *name; name++) {
        int index = profile_find(profile, *name);
        guint column = (guint)index;

        if (index < 0)
            return ini_error(ini, group, key, error, "'%s' is no column of this profile", *name);
        if (!*columns)
            *columns = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_val(*columns, column);
    }
    return TRUE;
}

/* `parts=A;B`: the column's cell is what stands under these, with `glue` (a blank) between. */
static gboolean read_parts(const Profile *profile, const Ini *ini, const char *group,
                           ProfileColumn *column, GError **error)
{
    const char *glue = ini_get(ini, group, "glue");

    column->glue = g_strdup(glue ? glue : " ");
    return read_columns(profile, ini, group, "parts", &column->parts, error) &&
           (column->parts || !glue ||
            ini_error(ini, group, "glue", error, "there are no parts to be glued"));
}

/* Parts are cells of the file, and not made of parts themselves. */
static gboolean check_parts(const Profile *profile, const Ini *ini, GError **error)
{
    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);
        g_autofree char *group = g_strconcat(COLUMN_GROUP, column->name, NULL);

        for (guint k = 0; column->parts && k < column->parts->len; k++) {
            guint part = g_array_index(column->parts, guint, k);

            if (profile_column(profile, part)->parts)
                return ini_error(ini, group, "parts", error, "'%s' is made of parts itself",
                                 profile_column(profile, part)->name);
        }
    }
    return TRUE;
}

/* What columns say of one another, once all are known. `blank=OTHER`: a blank cell of a required
 * column is accepted where OTHER has one; `or=OTHER`: OTHER may stand in the header instead. */
static gboolean read_relations(Profile *profile, const Ini *ini, GError **error)
{
    for (guint i = 0; i < profile->columns->len; i++) {
        ProfileColumn *column = g_ptr_array_index(profile->columns, i);
        g_autofree char *group = g_strconcat(COLUMN_GROUP, column->name, NULL);

        if (!read_other(profile, ini, group, "blank", &column->unless, error) ||
            !read_other(profile, ini, group, "or", &column->otherwise, error) ||
            !read_parts(profile, ini, group, column, error))
            return FALSE;
    }
    return check_parts(profile, ini, error) &&
           read_columns(profile, ini, "profile", "detect", &profile->tell, error);
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

/* A column of the record by its name, or a field that follows from others (a licence's key). */
static gboolean read_key_part(Profile *profile, const char *word)
{
    int index = profile_find(profile, word);
    const ProfileColumn *column = index >= 0 ? profile_column(profile, (guint)index) : NULL;
    Field field = FIELD_COUNT;
    KeyPart part;

    if (column ? column->role != NULL : !field_parse(word, &field))
        return FALSE;
    part = column ? (KeyPart){column->name, index, column->target}
                  : (KeyPart){field_name(field), TARGET_NONE, (int)field};
    g_array_append_val(profile->key, part);
    return TRUE;
}

static gboolean read_key(Profile *profile, const Ini *ini, GError **error)
{
    const char *text = ini_need(ini, "profile", "key", error);
    g_auto(GStrv) words = text ? g_strsplit(text, "/", -1) : NULL;

    if (!text)
        return FALSE;
    for (guint i = 0; words[i]; i++)
        if (i >= KEY_PARTS_MAX || !read_key_part(profile, g_strstrip(words[i])))
            return ini_error(ini, "profile", "key", error, "'%s' is no column of the record",
                             words[i]);
    return profile->key->len > 0 || ini_error(ini, "profile", "key", error, "there is no key");
}

/* A kind stands in references and is how layouts of one source meet: any plain word. */
static gboolean is_kind(const char *kind)
{
    return g_ascii_islower(*kind) &&
           strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(kind);
}

/* What stands in [profile]: its own keys, and constants under the names of fields. */
static gboolean read_head(Profile *profile, const Ini *ini, GError **error)
{
    const char *const *keys = ini_keys(ini, "profile");
    const char *kind = ini_need(ini, "profile", "kind", error);
    const char *encoding = ini_get(ini, "profile", "encoding");

    if (!kind)
        return FALSE;
    if (!is_kind(kind))
        return ini_error(ini, "profile", "kind", error,
                         "'%s' is no kind: small letters, digits and '-'", kind);
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
    return read_relations(profile, ini, error) && read_key(profile, ini, error);
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
    profile->by_weak = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    profile->key = g_array_new(FALSE, FALSE, sizeof(KeyPart));
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
    g_autofree char *key = header_key(header);

    return g_hash_table_contains(profile->by_key, key) ||
           g_hash_table_lookup(profile->by_weak, key);
}

gboolean profiles_know(const Profiles *profiles, const char *header)
{
    for (guint i = 0; i < profiles->all->len; i++)
        if (profile_knows(profile_at(profiles, i), header))
            return TRUE;
    return FALSE;
}
