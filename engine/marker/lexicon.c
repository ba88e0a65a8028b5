/*
 * Reads one lexicon, rules/markers/NAME.ini, into patterns. Everything that can be
 * wrong with it is found here, with file and line, before anything runs.
 */
#include "engine/marker/lexicon.h"

#include <string.h>

#include "engine/base/error.h"

#define WINDOW_DEFAULT 40
#define WINDOW_MAX     1000
#define BITS_MAX       30

static const char *const LANGUAGES[] = {"en", "fr", "any", NULL};

/* Columns of both layouts and of the store that hold words; a name that is not here is a slip. */
static const char *const FIELDS[] = {"make",
                                     "model",
                                     "narrative",
                                     "remarks",
                                     "co_seized",
                                     "serial_number",
                                     "firearm_type",
                                     "commodity",
                                     "additional_markings",
                                     "calibre",
                                     "importer",
                                     "disposition",
                                     "make_raw",
                                     "model_raw",
                                     "calibre_raw",
                                     "serial_condition",
                                     "firearm_class",
                                     "manufacturer",
                                     "caliber",
                                     "description",
                                     "consignee_name",
                                     "shipper_name",
                                     "project_code",
                                     "country_of_origin",
                                     "frt_no",
                                     "police_service",
                                     "occurrence_no",
                                     "legal_authority",
                                     NULL};

guint64 field_bit(const char *field)
{
    for (guint i = 0; FIELDS[i] != NULL; i++)
        if (strcmp(FIELDS[i], field) == 0)
            return (guint64)1 << i;
    return 0;
}

guint group_intern(MarkerRules *rules, MarkCategory category, const char *name, gssize length)
{
    g_autofree char *key = g_strndup(name, length < 0 ? strlen(name) : (gsize)length);
    for (guint i = 0; i < rules->groups->len; i++) {
        const Group *group = &g_array_index(rules->groups, Group, i);
        if (group->category == category && strcmp(group->name, key) == 0)
            return i;
    }
    Group group = {.category = category, .name = g_steal_pointer(&key)};
    g_array_append_val(rules->groups, group);
    return rules->groups->len - 1;
}

void pattern_clear(gpointer data)
{
    Pattern *pattern = data;
    g_free(pattern->rule);
    g_free(pattern->name);
    g_free(pattern->source);
    g_clear_pointer(&pattern->match, regex_free);
    g_clear_pointer(&pattern->unless, regex_free);
    g_strfreev(pattern->hits);
    g_strfreev(pattern->misses);
}

/* Compiles the value of a key, folded; a missing optional key is no error. */
static gboolean pattern_regex(const MarkerRules *rules, const Ini *ini, const char *group,
                              const char *key, Regex **regex, GError **error)
{
    const char *value = ini_get(ini, group, key);
    if (value == NULL)
        return TRUE;
    if (*value == '\0')
        return ini_error(ini, group, key, error, "empty pattern in '%s'", key);
    g_autofree char *folded = fold_pattern(rules->fold, value);
    g_autoptr(GError) why = NULL;
    *regex = regex_new(folded, &why);
    if (*regex == NULL)
        return ini_error(ini, group, key, error, "bad pattern in '%s': %s", key, why->message);
    gssize start = 0, end = 0;
    if (regex_match(*regex, "", 0, 0, &start, &end) != REGEX_NO_MATCH)
        return ini_error(ini, group, key, error, "pattern in '%s' matches an empty text", key);
    return TRUE;
}

static gboolean pattern_fields(const Ini *ini, const char *group, guint64 *bits, GError **error)
{
    const char *value = ini_get(ini, group, "fields");
    *bits = G_MAXUINT64;
    if (value == NULL)
        return TRUE;
    g_auto(GStrv) names = g_strsplit_set(value, ",;", -1);
    *bits = 0;
    for (guint i = 0; names[i] != NULL; i++) {
        const char *name = g_strstrip(names[i]);
        guint64 bit = field_bit(name);
        if (bit == 0) {
            g_autofree char *hint = nearest_hint(name, FIELDS);
            return ini_error(ini, group, "fields", error, "unknown field '%s'%s", name, hint);
        }
        *bits |= bit;
    }
    return TRUE;
}

static gboolean pattern_language(const Ini *ini, const char *group, GError **error)
{
    const char *language = ini_get(ini, group, "language");
    if (language == NULL || g_strv_contains(LANGUAGES, language))
        return TRUE;
    return ini_error(ini, group, "language", error, "language '%s' is not en, fr or any", language);
}

static char **examples(const Ini *ini, const char *group, const char *key)
{
    const char *value = ini_get(ini, group, key);
    char **parts = g_strsplit(value != NULL ? value : "", " | ", -1);
    guint kept = 0;
    for (guint i = 0; parts[i] != NULL; i++) {
        g_strstrip(parts[i]);
        if (*parts[i] == '\0')
            g_free(parts[i]);
        else
            parts[kept++] = parts[i];
    }
    parts[kept] = NULL;
    return parts;
}

/* The name up to a dot says what is said: no-serial.en and no-serial.fr are one group. */
static guint pattern_group(MarkerRules *rules, const Pattern *pattern)
{
    const char *dot = strchr(pattern->name, '.');
    return group_intern(rules, pattern->category, pattern->name,
                        dot != NULL ? dot - pattern->name : -1);
}

static gboolean pattern_read(MarkerRules *rules, const Ini *ini, const char *group,
                             Pattern *pattern, GError **error)
{
    static const char *const allowed[] = {"language", "fields", "match", "unless", "window",
                                          "bits",     "hit",    "miss",  NULL};
    double window = 0;
    if (!ini_only_keys(ini, group, allowed, error) ||
        ini_need(ini, group, "match", error) == NULL ||
        ini_need(ini, group, "bits", error) == NULL || ini_need(ini, group, "hit", error) == NULL ||
        !pattern_language(ini, group, error) ||
        !pattern_fields(ini, group, &pattern->fields, error) ||
        !pattern_regex(rules, ini, group, "match", &pattern->match, error) ||
        !pattern_regex(rules, ini, group, "unless", &pattern->unless, error) ||
        !ini_number(ini, group, "window", 0, WINDOW_MAX, WINDOW_DEFAULT, &window, error) ||
        !ini_number(ini, group, "bits", 0, BITS_MAX, 0, &pattern->bits, error))
        return FALSE;
    pattern->window = (guint)window;
    pattern->hits = examples(ini, group, "hit");
    pattern->misses = examples(ini, group, "miss");
    if (pattern->hits[0] == NULL)
        return ini_error(ini, group, "hit", error, "no example in 'hit'");
    pattern->source = fold_pattern(rules->fold, ini_get(ini, group, "match"));
    pattern->group = pattern_group(rules, pattern);
    return TRUE;
}

static gboolean lexicon_head(MarkerRules *rules, const Ini *ini, const char *file, Lexicon *lexicon,
                             GError **error)
{
    static const char *const allowed[] = {"id", "rev", "category", "source", NULL};
    double rev = 0;
    const char *id = ini_need(ini, "lexicon", "id", error);
    if (id == NULL || ini_need(ini, "lexicon", "rev", error) == NULL ||
        !ini_only_keys(ini, "lexicon", allowed, error) ||
        !ini_number(ini, "lexicon", "rev", 1, 1e6, 1, &rev, error))
        return FALSE;
    const char *category = ini_need(ini, "lexicon", "category", error);
    if (category == NULL)
        return FALSE;
    if (!category_parse(category, &lexicon->category))
        return ini_error(ini, "lexicon", "category", error, "unknown category '%s'", category);
    for (guint i = 0; i < rules->lexicons->len; i++)
        if (strcmp(g_array_index(rules->lexicons, Lexicon, i).id, id) == 0)
            return ini_error(ini, "lexicon", "id", error, "id '%s' is taken by %s", id,
                             g_array_index(rules->lexicons, Lexicon, i).file);
    lexicon->id = g_strdup(id);
    lexicon->rev = (int)rev;
    lexicon->file = g_strdup(file);
    return TRUE;
}

static gboolean lexicon_group(MarkerRules *rules, const Ini *ini, const char *group, GError **error)
{
    const Lexicon *lexicon = &g_array_index(rules->lexicons, Lexicon, rules->lexicons->len - 1);
    if (strcmp(group, "lexicon") == 0)
        return TRUE;
    if (!g_str_has_prefix(group, "pattern ") || group[8] == '\0')
        return ini_error(ini, group, NULL, error, "unknown group [%s], did you mean [pattern NAME]",
                         group);
    Pattern pattern = {.lexicon = rules->lexicons->len - 1, .category = lexicon->category};
    pattern.name = g_strdup(group + 8);
    pattern.rule = g_strdup_printf("%s@%d/%s", lexicon->id, lexicon->rev, group + 8);
    gboolean good = pattern_read(rules, ini, group, &pattern, error);
    g_array_append_val(rules->patterns, pattern); /* good or not, it is freed with the rest */
    return good;
}

gboolean lexicon_read(MarkerRules *rules, const Ini *ini, const char *file, GError **error)
{
    Lexicon lexicon = {0};
    if (!lexicon_head(rules, ini, file, &lexicon, error))
        return FALSE;
    g_array_append_val(rules->lexicons, lexicon);
    const char *const *groups = ini_groups(ini);
    for (guint i = 0; groups[i] != NULL; i++)
        if (!lexicon_group(rules, ini, groups[i], error))
            return FALSE;
    return TRUE;
}
