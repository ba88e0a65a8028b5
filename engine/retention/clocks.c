/*
 * Reads RULES/retention.ini, strictly: unknown groups, keys, words and fields are errors with file
 * and line. What is due by the clocks: due.c.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/retention/clocks.h"

#define FILE_NAME "retention.ini"
#define MOST      200 /* years */

static const char *const FROM[] = {"event", "purchase", "loaded", "used", NULL};
static const char *const REMOVES[] = {"record", "person", "review", "text", NULL};

static void clock_free(gpointer data)
{
    Clock *clock = data;
    g_free(clock->name);
    g_free(clock->kind);
    g_strfreev(clock->origins);
    g_free(clock);
}

void clocks_free(Clocks *clocks)
{
    if (!clocks)
        return;
    g_ptr_array_unref(clocks->clocks);
    g_ptr_array_unref(clocks->least);
    g_free(clocks);
}

const char *clock_removes(const Clock *clock)
{
    return REMOVES[clock->removes];
}

gboolean clock_is_of_records(const Clock *clock)
{
    return clock->removes == REMOVES_RECORD || clock->removes == REMOVES_PERSON;
}

/* The number of a key's word in a list that ends with NULL. */
static gboolean read_word(const Ini *ini, const char *group, const char *key,
                          const char *const *words, int *number, GError **error)
{
    const char *value = ini_need(ini, group, key, error);
    if (!value)
        return FALSE;
    for (*number = 0; words[*number]; (*number)++)
        if (strcmp(value, words[*number]) == 0)
            return TRUE;
    g_autofree char *hint = nearest_hint(value, words);
    return ini_error(ini, group, key, error, "unknown '%s'%s", value, hint);
}

static gboolean read_period(const Ini *ini, const char *group, Clock *clock, GError **error)
{
    double years = 0, days = 0;
    if (!ini_number(ini, group, "years", 0, MOST, 0, &years, error) ||
        !ini_number(ini, group, "days", 0, MOST * 366, 0, &days, error))
        return FALSE;
    if (years != (int)years || days != (int)days)
        return ini_error(ini, group, NULL, error, "years and days are whole numbers");
    if (years + days == 0)
        return ini_error(ini, group, NULL, error, "[%s] says no years and no days", group);
    clock->period = (PurgePeriod){(int)years, (int)days};
    return TRUE;
}

/* A word of a kind goes into SQL between quotes. */
static gboolean is_plain(const char *word)
{
    return *word &&
           strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ ") ==
               strlen(word);
}

static gboolean read_whom(const Ini *ini, const char *group, Clock *clock, GError **error)
{
    const char *kind = ini_need(ini, group, "kind", error);
    if (!kind)
        return FALSE;
    if (strcmp(kind, "*") != 0) {
        if (!is_plain(kind))
            return ini_error(ini, group, "kind", error, "'%s' is no kind of record", kind);
        clock->kind = g_strdup(kind);
    }
    if (!ini_get(ini, group, "origin"))
        return TRUE;
    clock->origins = ini_list(ini, group, "origin");
    for (char **origin = clock->origins; *origin; origin++)
        if (!is_plain(*origin))
            return ini_error(ini, group, "origin", error, "'%s' is no origin", *origin);
    return TRUE;
}

static gboolean read_common(const Ini *ini, const char *group, Clock *clock, GError **error)
{
    int from = 0;
    if (!read_whom(ini, group, clock, error) ||
        !read_word(ini, group, "from", FROM, &from, error) ||
        !read_period(ini, group, clock, error) || !ini_need(ini, group, "source", error))
        return FALSE;
    clock->from = (ClockFrom)from;
    return TRUE;
}

static gboolean read_clock(Clocks *clocks, const Ini *ini, const char *group, const char *name,
                           GError **error)
{
    static const char *const keys[] = {"kind",    "origin", "from",   "years", "days",
                                       "removes", "unless", "source", NULL};
    static const char *const unless[] = {"trace-link", NULL};
    int removes = 0, word = 0;
    Clock *clock = g_new0(Clock, 1);
    g_ptr_array_add(clocks->clocks, clock);
    clock->name = g_strdup(name);
    clock->unless_traced = ini_get(ini, group, "unless") != NULL;
    if (!ini_only_keys(ini, group, keys, error) || !read_common(ini, group, clock, error) ||
        !read_word(ini, group, "removes", REMOVES, &removes, error) ||
        (clock->unless_traced && !read_word(ini, group, "unless", unless, &word, error)))
        return FALSE;
    clock->removes = (ClockRemoves)removes;
    gboolean lead = g_strcmp0(clock->kind, KIND_LEAD) == 0;
    gboolean question = g_strcmp0(clock->kind, KIND_QUESTION) == 0;
    if (lead != (clock->removes == REMOVES_REVIEW))
        return ini_error(ini, group, "removes", error, "a lead is reviewed, a record is not");
    if (question != (clock->removes == REMOVES_TEXT))
        return ini_error(ini, group, "removes", error, "of a question the text goes, of no other");
    return clock_is_of_records(clock) ||
           (clock->from == FROM_USED && !clock->origins && !clock->unless_traced) ||
           ini_error(ini, group, "from", error,
                     "the clock of leads and questions runs from 'used' alone");
}

static gboolean read_least(Clocks *clocks, const Ini *ini, const char *group, const char *name,
                           GError **error)
{
    static const char *const keys[] = {"kind", "origin", "from", "years", "days", "source", NULL};
    Clock *clock = g_new0(Clock, 1);
    g_ptr_array_add(clocks->least, clock);
    clock->name = g_strdup(name);
    return ini_only_keys(ini, group, keys, error) && read_common(ini, group, clock, error);
}

static gboolean read_texts(Clocks *clocks, const Ini *ini, const char *group, GError **error)
{
    static const char *const keys[] = {"fields", NULL};
    guint n = 0;
    if (!ini_only_keys(ini, group, keys, error) || !ini_need(ini, group, "fields", error))
        return FALSE;
    g_auto(GStrv) names = ini_list(ini, group, "fields");
    for (char **name = names; *name; name++) {
        Field field;
        if (!field_parse(*name, &field))
            return ini_error(ini, group, "fields", error, "unknown field '%s'", *name);
        if (n == FIELD_COUNT)
            return ini_error(ini, group, "fields", error, "more fields than there are");
        clocks->texts[n++] = (int)field;
    }
    clocks->texts[n] = -1;
    return TRUE;
}

static gboolean read_group(Clocks *clocks, const Ini *ini, const char *group, GError **error)
{
    static const struct {
        const char *prefix;
        gboolean (*read)(Clocks *clocks, const Ini *ini, const char *group, const char *name,
                         GError **error);
    } kinds[] = {{"clock ", read_clock}, {"least ", read_least}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(group, kinds[i].prefix))
            return kinds[i].read(clocks, ini, group, group + strlen(kinds[i].prefix), error);
    return strcmp(group, "texts") == 0
               ? read_texts(clocks, ini, group, error)
               : ini_error(ini, group, NULL, error, "unknown group [%s]", group);
}

static gint by_removes(gconstpointer a, gconstpointer b)
{
    const Clock *left = *(Clock *const *)a, *right = *(Clock *const *)b;
    return (left->removes > right->removes) - (left->removes < right->removes);
}

Clocks *clocks_load(const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, FILE_NAME, NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    if (!ini)
        return NULL;
    g_autoptr(Clocks) clocks = g_new0(Clocks, 1);
    clocks->clocks = g_ptr_array_new_with_free_func(clock_free);
    clocks->least = g_ptr_array_new_with_free_func(clock_free);
    clocks->texts[0] = -1;
    for (const char *const *group = ini_groups(ini); *group; group++)
        if (!read_group(clocks, ini, *group, error))
            return NULL;
    g_ptr_array_sort(clocks->clocks, by_removes); /* stable: file order within */
    return g_steal_pointer(&clocks);
}
