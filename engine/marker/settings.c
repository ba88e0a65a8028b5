/*
 * Reads rules/markers.ini: the prior of each category, the contexts that take from a hit
 * (negation, quotation) and the structured fields that count by themselves. What the lexicons
 * say stands in rules/markers/NAME.ini and is read by lexicon.c.
 */
#include "engine/marker/lexicon.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/evidence.h"

static const char *const FACT_NAMES[FACT_FIELDS + 1] = {
    "serial_kind",  "make",      "model",       "type", "disposition",
    "licence_type", "narcotics", "obliterated", NULL};

const char *const *fact_field_names(void)
{
    return FACT_NAMES;
}

void context_clear(gpointer data)
{
    Context *context = data;
    g_free(context->name);
    g_clear_pointer(&context->before, regex_free);
    g_clear_pointer(&context->after, regex_free);
    g_free(context->source[0]);
    g_free(context->source[1]);
}

void fact_clear(gpointer data)
{
    Fact *fact = data;
    g_free(fact->name);
    for (guint i = 0; i < FACT_FIELDS; i++) {
        g_strfreev(fact->values[i]);
        g_strfreev(fact->except[i]);
    }
}

static gboolean prior_read(MarkerRules *rules, const Ini *ini, GError **error)
{
    const char *allowed[MARK_CATEGORIES + 1] = {NULL};
    for (guint i = 0; i < MARK_CATEGORIES; i++)
        allowed[i] = category_name((MarkCategory)i);
    if (!ini_only_keys(ini, "prior", allowed, error))
        return FALSE;
    for (guint i = 0; i < MARK_CATEGORIES; i++) {
        double p = 0;
        if (ini_need(ini, "prior", allowed[i], error) == NULL ||
            !ini_number(ini, "prior", allowed[i], 1e-9, 0.5, 0.01, &p, error))
            return FALSE;
        rules->prior[i] = probability_to_bits(p);
    }
    return TRUE;
}

static gboolean categories_read(const Ini *ini, const char *group, guint *set, GError **error)
{
    g_auto(GStrv) names = ini_list(ini, group, "categories");
    *set = names == NULL || names[0] == NULL ? ~0u : 0;
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        MarkCategory category = MARK_PMF;
        if (!category_parse(names[i], &category))
            return ini_error(ini, group, "categories", error, "unknown category '%s'", names[i]);
        *set |= 1u << category;
    }
    return TRUE;
}

static gboolean context_regex(const MarkerRules *rules, const Ini *ini, const char *group,
                              const char *key, Regex **regex, char **source, GError **error)
{
    const char *value = ini_get(ini, group, key);
    if (value == NULL)
        return TRUE;
    g_autofree char *folded = fold_pattern(rules->fold, value);
    g_autoptr(GError) why = NULL;
    *regex = regex_new(folded, &why);
    if (*regex == NULL)
        return ini_error(ini, group, key, error, "bad pattern in '%s': %s", key, why->message);
    *source = g_steal_pointer(&folded);
    return TRUE;
}

static gboolean context_read(MarkerRules *rules, const Ini *ini, const char *group, GError **error)
{
    static const char *const allowed[] = {"language", "categories", "before", "after",
                                          "window",   "bits",       "source", NULL};
    Context context = {.name = g_strdup(group + strlen("context "))};
    double window = 0;
    gboolean good =
        ini_only_keys(ini, group, allowed, error) && ini_need(ini, group, "bits", error) != NULL &&
        ini_number(ini, group, "bits", -60, 0, 0, &context.bits, error) &&
        ini_number(ini, group, "window", 1, 400, 60, &window, error) &&
        categories_read(ini, group, &context.categories, error) &&
        context_regex(rules, ini, group, "before", &context.before, &context.source[0], error) &&
        context_regex(rules, ini, group, "after", &context.after, &context.source[1], error);
    if (good && context.before == NULL && context.after == NULL)
        good = ini_error(ini, group, NULL, error, "[%s] has neither before nor after", group);
    context.window = (guint)window;
    g_array_append_val(rules->contexts, context);
    return good;
}

static gboolean fact_conditions(const Ini *ini, const char *group, Fact *fact, GError **error)
{
    gboolean any = FALSE;
    for (guint i = 0; i < FACT_FIELDS; i++) {
        g_autofree char *not_key = g_strconcat("not_", FACT_NAMES[i], NULL);
        if (ini_get(ini, group, FACT_NAMES[i]) != NULL)
            fact->values[i] = ini_list(ini, group, FACT_NAMES[i]);
        if (ini_get(ini, group, not_key) != NULL)
            fact->except[i] = ini_list(ini, group, not_key);
        any = any || fact->values[i] != NULL;
    }
    return any || ini_error(ini, group, NULL, error, "[%s] has no condition", group);
}

static gboolean fact_keys(const Ini *ini, const char *group, GError **error)
{
    g_autoptr(GPtrArray) allowed = g_ptr_array_new_with_free_func(g_free);
    static const char *const own[] = {"category", "group", "bits", "source"};
    for (guint i = 0; i < G_N_ELEMENTS(own); i++)
        g_ptr_array_add(allowed, g_strdup(own[i]));
    for (guint i = 0; i < FACT_FIELDS; i++) {
        g_ptr_array_add(allowed, g_strdup(FACT_NAMES[i]));
        g_ptr_array_add(allowed, g_strconcat("not_", FACT_NAMES[i], NULL));
    }
    g_ptr_array_add(allowed, NULL);
    return ini_only_keys(ini, group, (const char *const *)allowed->pdata, error);
}

static gboolean fact_read(MarkerRules *rules, const Ini *ini, const char *group, GError **error)
{
    Fact fact = {.name = g_strdup(group + strlen("fact "))};
    MarkCategory category = MARK_PMF;
    const char *name = ini_need(ini, group, "category", error);
    gboolean good = name != NULL && fact_keys(ini, group, error);
    if (good && !category_parse(name, &category))
        good = ini_error(ini, group, "category", error, "unknown category '%s'", name);
    good = good && ini_need(ini, group, "bits", error) != NULL &&
           ini_number(ini, group, "bits", -30, 30, 0, &fact.bits, error) &&
           fact_conditions(ini, group, &fact, error);
    if (good) {
        const char *shared = ini_get(ini, group, "group");
        fact.group = group_intern(rules, category, shared != NULL ? shared : fact.name, -1);
    }
    g_array_append_val(rules->facts, fact);
    return good;
}

gboolean settings_read(MarkerRules *rules, const Ini *ini, GError **error)
{
    const char *const *groups = ini_groups(ini);
    for (guint i = 0; groups[i] != NULL; i++) {
        gboolean good = TRUE;
        if (g_str_has_prefix(groups[i], "context "))
            good = context_read(rules, ini, groups[i], error);
        else if (g_str_has_prefix(groups[i], "fact "))
            good = fact_read(rules, ini, groups[i], error);
        else if (strcmp(groups[i], "prior") != 0)
            good = ini_error(ini, groups[i], NULL, error,
                             "unknown group [%s], known are [prior], [context NAME], [fact NAME]",
                             groups[i]);
        if (!good)
            return FALSE;
    }
    return prior_read(rules, ini, error);
}
