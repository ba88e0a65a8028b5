/*
 * The room's door: loads rules/markers.ini and every lexicon of rules/markers/, scans a record
 * (scan.c), weighs what was found (weigh.c), runs the examples that the lexicons carry.
 */
#include "engine/marker/lexicon.h"

#include <string.h>

#include "engine/base/error.h"

static const char *const CATEGORIES[MARK_CATEGORIES] = {
    "PMF",         "PMF_KIT",    "PRINTED",   "CONVERSION",        "NO_SERIAL",
    "OBLITERATED", "SUPPRESSOR", "NARCOTICS", "CONVERTED_REPLICA",
};

const char *category_name(MarkCategory category)
{
    return CATEGORIES[category];
}

gboolean category_parse(const char *name, MarkCategory *category)
{
    for (guint i = 0; i < MARK_CATEGORIES; i++) {
        if (strcmp(CATEGORIES[i], name) == 0) {
            *category = (MarkCategory)i;
            return TRUE;
        }
    }
    return FALSE;
}

static void lexicon_clear(gpointer data)
{
    Lexicon *lexicon = data;
    g_free(lexicon->id);
    g_free(lexicon->file);
}

static void group_clear(gpointer data)
{
    Group *group = data;
    g_free(group->name);
}

static GArray *array_new(guint size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, FALSE, size);
    g_array_set_clear_func(array, clear);
    return array;
}

static MarkerRules *rules_new(void)
{
    MarkerRules *rules = g_new0(MarkerRules, 1);
    rules->lexicons = array_new(sizeof(Lexicon), lexicon_clear);
    rules->patterns = array_new(sizeof(Pattern), pattern_clear);
    rules->contexts = array_new(sizeof(Context), context_clear);
    rules->facts = array_new(sizeof(Fact), fact_clear);
    rules->groups = array_new(sizeof(Group), group_clear);
    rules->fold = fold_table_new();
    rules->health = g_new0(Health, 1);
    g_mutex_init(&rules->health->lock);
    rules->health->failures = g_string_new(NULL);
    return rules;
}

void marker_rules_free(MarkerRules *rules)
{
    if (rules == NULL)
        return;
    g_array_unref(rules->lexicons);
    g_array_unref(rules->patterns);
    g_array_unref(rules->contexts);
    g_array_unref(rules->facts);
    g_array_unref(rules->groups);
    prefilter_free(rules->health->prefilter);
    fold_table_free(rules->fold);
    g_mutex_clear(&rules->health->lock);
    g_string_free(rules->health->failures, TRUE);
    g_free(rules->health);
    g_free(rules);
}

/* A missing file is a broken configuration here: the rules come with the program. */
static Ini *rules_ini(const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    Ini *ini = ini_load(path, &why);
    if (ini == NULL)
        error_set(error, STATUS_CONFIG, "%s", why->message);
    return ini;
}

static GPtrArray *lexicon_files(const char *folder, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &why);
    if (dir == NULL) {
        error_set(error, STATUS_CONFIG, "cannot read lexicons: %s", why->message);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".ini") && name[0] != '.')
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(files, text_compare);
    return files;
}

static gboolean lexicons_load(MarkerRules *rules, const char *rules_dir, GError **error)
{
    g_autofree char *folder = g_build_filename(rules_dir, "markers", NULL);
    g_autoptr(GPtrArray) files = lexicon_files(folder, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const char *file = g_ptr_array_index(files, i);
        g_autoptr(Ini) ini = rules_ini(file, error);
        if (ini == NULL || !lexicon_read(rules, ini, file, error))
            return FALSE;
    }
    return files != NULL;
}

/* Patterns first, then before and after of each context; what is not there is always a candidate.
 */
static Prefilter *prefilter_build(const MarkerRules *rules)
{
    guint n = rules->patterns->len + 2 * rules->contexts->len;
    g_autofree GPtrArray **ways = g_new0(GPtrArray *, n + 1);
    for (guint i = 0; i < rules->patterns->len; i++)
        ways[i] = pattern_ways(g_array_index(rules->patterns, Pattern, i).source);
    for (guint i = 0; i < 2 * rules->contexts->len; i++) {
        const char *source = g_array_index(rules->contexts, Context, i / 2).source[i % 2];
        ways[rules->patterns->len + i] = source != NULL ? pattern_ways(source) : NULL;
    }
    Prefilter *prefilter = prefilter_new(ways, n);
    for (guint i = 0; i < n; i++)
        g_clear_pointer(&ways[i], g_ptr_array_unref);
    return prefilter;
}

const Prefilter *rules_prefilter(const MarkerRules *rules)
{
    Prefilter **made = &rules->health->prefilter;
    if (g_once_init_enter(made))
        g_once_init_leave(made, prefilter_build(rules));
    return *made;
}

MarkerRules *marker_rules_load(const char *rules_dir, GError **error)
{
    g_autoptr(MarkerRules) rules = rules_new();
    g_autofree char *settings = g_build_filename(rules_dir, "markers.ini", NULL);
    g_autoptr(Ini) ini = rules_ini(settings, error);
    if (ini == NULL || !settings_read(rules, ini, error) || !lexicons_load(rules, rules_dir, error))
        return NULL;
    return g_steal_pointer(&rules);
}

GArray *marker_scan(const MarkerRules *rules, const MarkText *texts, guint n,
                    const MarkFacts *facts)
{
    g_autofree guint8 *flags = g_new(guint8, scan_flags(rules));
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    for (guint i = 0; i < n; i++)
        scan_text(rules, &texts[i], i, flags, hits);
    return weigh_evidence(rules, texts, hits, facts);
}

const char *marker_failures(const MarkerRules *rules)
{
    return rules->health->failures->len > 0 ? rules->health->failures->str : NULL;
}

gboolean marker_rules_test(const MarkerRules *rules,
                           void (*report)(const char *lexicon, const char *pattern,
                                          const char *example, gboolean ok, gpointer data),
                           gpointer data)
{
    gboolean all = TRUE;
    for (guint i = 0; i < rules->patterns->len; i++) {
        const Pattern *pattern = &g_array_index(rules->patterns, Pattern, i);
        const char *id = g_array_index(rules->lexicons, Lexicon, pattern->lexicon).id;
        for (guint side = 0; side < 2; side++) {
            char *const *examples = side == 0 ? pattern->hits : pattern->misses;
            for (guint e = 0; examples[e] != NULL; e++) {
                gboolean ok = (scan_pattern(rules, i, examples[e]) > 0) == (side == 0);
                all = all && ok;
                if (report != NULL)
                    report(id, pattern->name, examples[e], ok, data);
            }
        }
    }
    return all;
}

void marker_rules_visit(const MarkerRules *rules,
                        void (*visit)(const char *id, int rev, const char *category,
                                      const char *file, gpointer data),
                        gpointer data)
{
    for (guint i = 0; i < rules->lexicons->len; i++) {
        const Lexicon *lexicon = &g_array_index(rules->lexicons, Lexicon, i);
        visit(lexicon->id, lexicon->rev, category_name(lexicon->category), lexicon->file, data);
    }
}
