/* Reads rules/leads.ini into LeadRules, strictly: an unknown group or key is an error with line. */
#include <string.h>

#include "engine/base/ini.h"
#include "engine/lead/parts.h"

static void family_free(LeadFamily *family)
{
    g_free(family->name);
    g_strfreev(family->members);
    g_free(family);
}

static void kind_free(LeadKind *kind)
{
    g_free(kind->name);
    g_strfreev(kind->indicators);
    g_free(kind);
}

static void weight_free(LeadMarkerWeight *weight)
{
    g_free(weight->category);
    g_free(weight);
}

void lead_rules_free(LeadRules *rules)
{
    if (!rules)
        return;
    g_ptr_array_unref(rules->families);
    g_ptr_array_unref(rules->kinds);
    g_ptr_array_unref(rules->weights);
    g_strfreev(rules->several);
    g_strfreev(rules->joins);
    g_strfreev(rules->ghost);
    g_strfreev(rules->severe);
    g_free(rules->unmarked);
    g_free(rules);
}

gboolean word_in(char *const *words, const char *word)
{
    return g_strv_contains((const char *const *)words, word);
}

const LeadFamily *lead_family(const LeadRules *rules, const char *member)
{
    for (guint i = 0; i < rules->families->len; i++) {
        const LeadFamily *family = rules->families->pdata[i];
        if (word_in(family->members, member))
            return family;
    }
    return NULL;
}

double lead_marker_bits(const LeadRules *rules, const char *category)
{
    for (guint i = 0; i < rules->weights->len; i++) {
        const LeadMarkerWeight *weight = rules->weights->pdata[i];
        if (strcmp(weight->category, category) == 0)
            return weight->bits;
    }
    return 0;
}

gboolean lead_kind_has(const LeadKind *kind, const char *indicator)
{
    return word_in(kind->indicators, indicator);
}

/* A whole number into a guint. */
static gboolean read_count(const Ini *ini, const char *group, const char *key, guint *value,
                           GError **error)
{
    double number = 0;
    if (!ini_need(ini, group, key, error) ||
        !ini_number(ini, group, key, 0, 1e9, 0, &number, error))
        return FALSE;
    *value = (guint)number;
    return TRUE;
}

static gboolean read_bits(const Ini *ini, const char *group, const char *key, double *value,
                          GError **error)
{
    return ini_need(ini, group, key, error) &&
           ini_number(ini, group, key, -60, 60, 0, value, error);
}

static gboolean read_words(const Ini *ini, const char *group, const char *key, char ***words,
                           GError **error)
{
    if (!ini_need(ini, group, key, error))
        return FALSE;
    g_strfreev(*words);
    *words = ini_list(ini, group, key);
    return TRUE;
}

static gboolean read_lead(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"prior",  "repeat",  "other_cap", "max_records", "home",
                                       "common", "several", "joins",     "join_bits",   NULL};
    return ini_only_keys(ini, group, keys, error) &&
           read_bits(ini, group, "prior", &rules->prior, error) &&
           ini_need(ini, group, "repeat", error) &&
           ini_number(ini, group, "repeat", 0, 1, 0, &rules->repeat, error) &&
           ini_need(ini, group, "common", error) &&
           ini_number(ini, group, "common", 0.01, 1, 1, &rules->common, error) &&
           ini_need(ini, group, "home", error) &&
           ini_number(ini, group, "home", 0, 1, 0, &rules->home, error) &&
           read_words(ini, group, "several", &rules->several, error) &&
           read_words(ini, group, "joins", &rules->joins, error) &&
           read_bits(ini, group, "join_bits", &rules->join_bits, error) &&
           read_bits(ini, group, "other_cap", &rules->other_cap, error) &&
           read_count(ini, group, "max_records", &rules->max_records, error);
}

static gboolean read_ghost(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"markers", NULL};
    return ini_only_keys(ini, group, keys, error) &&
           read_words(ini, group, "markers", &rules->ghost, error);
}

static gboolean read_crossing(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"days",    "stolen_days", "event_days", "bits", "made",
                                       "undated", "street",      "join",       NULL};
    return ini_only_keys(ini, group, keys, error) &&
           read_count(ini, group, "days", &rules->crossing_days, error) &&
           read_count(ini, group, "stolen_days", &rules->stolen_days, error) &&
           read_count(ini, group, "event_days", &rules->event_days, error) &&
           read_bits(ini, group, "bits", &rules->crossing, error) &&
           ini_need(ini, group, "made", error) &&
           ini_number(ini, group, "made", 0, 1, 0, &rules->made, error) &&
           ini_need(ini, group, "undated", error) &&
           ini_number(ini, group, "undated", 0, 1, 0, &rules->undated, error) &&
           ini_need(ini, group, "street", error) &&
           ini_number(ini, group, "street", 0, 1, 0, &rules->street, error) &&
           read_bits(ini, group, "join", &rules->join, error);
}

static gboolean read_ordinary(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"firearms", "days", NULL};
    return ini_only_keys(ini, group, keys, error) &&
           read_count(ini, group, "firearms", &rules->own_firearms, error) &&
           read_count(ini, group, "days", &rules->own_days, error);
}

static gboolean read_priority(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"recent_days", "many_firearms", "severe", "first",
                                       "second",      "third",         "fourth", NULL};
    if (!ini_only_keys(ini, group, keys, error) ||
        !read_count(ini, group, "recent_days", &rules->recent_days, error) ||
        !read_count(ini, group, "many_firearms", &rules->many_firearms, error) ||
        !read_words(ini, group, "severe", &rules->severe, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(rules->points); i++)
        if (!read_bits(ini, group, keys[3 + i], &rules->points[i], error))
            return FALSE;
    return TRUE;
}

static gboolean read_handling(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"unmarked", NULL};
    if (!ini_only_keys(ini, group, keys, error) || !ini_need(ini, group, "unmarked", error))
        return FALSE;
    rules->unmarked = g_strdup(ini_get(ini, group, "unmarked"));
    return TRUE;
}

static gboolean read_family(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"members", "cap", NULL};
    LeadFamily *family = g_new0(LeadFamily, 1);
    family->name = g_strdup(strchr(group, ' ') + 1);
    g_ptr_array_add(rules->families, family);
    if (!ini_only_keys(ini, group, keys, error) ||
        !read_bits(ini, group, "cap", &family->cap, error))
        return FALSE;
    g_auto(GStrv) members = NULL;
    if (!read_words(ini, group, "members", &members, error))
        return FALSE;
    family->members = g_new0(char *, 1); /* so that it does not see itself */
    for (guint i = 0; members[i]; i++)
        if (lead_family(rules, members[i]))
            return ini_error(ini, group, "members", error, "'%s' is in two families", members[i]);
    g_strfreev(family->members);
    family->members = g_steal_pointer(&members);
    return TRUE;
}

static gboolean read_marker(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"bits", NULL};
    LeadMarkerWeight *weight = g_new0(LeadMarkerWeight, 1);
    weight->category = g_strdup(strchr(group, ' ') + 1);
    g_ptr_array_add(rules->weights, weight);
    return ini_only_keys(ini, group, keys, error) &&
           read_bits(ini, group, "bits", &weight->bits, error);
}

static gboolean read_kind(LeadRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"indicators", NULL};
    LeadKind *kind = g_new0(LeadKind, 1);
    kind->name = g_strdup(strchr(group, ' ') + 1);
    g_ptr_array_add(rules->kinds, kind);
    return ini_only_keys(ini, group, keys, error) &&
           read_words(ini, group, "indicators", &kind->indicators, error);
}

typedef struct {
    const char *name; /* one that ends in a blank begins the name of many groups */
    gboolean (*read)(LeadRules *rules, const Ini *ini, const char *group, GError **error);
} GroupReader;

static const GroupReader readers[] = {
    {"lead", read_lead},         {"ghost", read_ghost},       {"ordinary", read_ordinary},
    {"crossing", read_crossing}, {"priority", read_priority}, {"handling", read_handling},
    {"family ", read_family},    {"marker ", read_marker},    {"kind ", read_kind},
};

static const GroupReader *reader_of(const char *group)
{
    for (guint i = 0; i < G_N_ELEMENTS(readers); i++) {
        const char *name = readers[i].name;
        gboolean many = g_str_has_suffix(name, " ");
        if (many ? g_str_has_prefix(group, name) && group[strlen(name)] : strcmp(group, name) == 0)
            return &readers[i];
    }
    return NULL;
}

LeadRules *lead_rules_load(const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "leads.ini", NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    if (!ini)
        return NULL;
    g_autoptr(LeadRules) rules = g_new0(LeadRules, 1);
    rules->families = g_ptr_array_new_with_free_func((GDestroyNotify)family_free);
    rules->kinds = g_ptr_array_new_with_free_func((GDestroyNotify)kind_free);
    rules->weights = g_ptr_array_new_with_free_func((GDestroyNotify)weight_free);
    for (const char *const *group = ini_groups(ini); *group; group++) {
        const GroupReader *reader = reader_of(*group);
        if (!reader) {
            ini_error(ini, *group, NULL, error, "unknown group [%s]", *group);
            return NULL;
        }
        if (!reader->read(rules, ini, *group, error))
            return NULL;
    }
    /* The groups of which there is one must be there: their first key is asked for. */
    if (!ini_need(ini, "lead", "prior", error) || !ini_need(ini, "ghost", "markers", error) ||
        !ini_need(ini, "ordinary", "firearms", error) ||
        !ini_need(ini, "crossing", "bits", error) || !ini_need(ini, "priority", "first", error) ||
        !ini_need(ini, "handling", "unmarked", error))
        return NULL;
    return g_steal_pointer(&rules);
}
