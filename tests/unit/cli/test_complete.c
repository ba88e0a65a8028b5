/*
 * The promise of rules/indicators/complete.csv: a rule that it names lists in its rows every record
 * that they rest on. Held over each rule's own examples: the records of a finding, loaded alone,
 * give the same finding again. CROSSTRACE_LONG: over all of them, else over the first of each.
 */
#include <check.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/indicator/indicator.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

/* A case file taken apart: its files, and the loads and runs before its rows are asked for. */
typedef struct {
    GPtrArray *names, *texts; /* of char *: CSV files */
    GPtrArray *lines;         /* of char *: command lines */
} Story;

static void story_clear(Story *story)
{
    g_ptr_array_unref(story->names);
    g_ptr_array_unref(story->texts);
    g_ptr_array_unref(story->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Story, story_clear)

static void story_read(Story *story, const char *path)
{
    g_autofree char *text = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    *story = (Story){g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free),
                     g_ptr_array_new_with_free_func(g_free)};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) file = NULL;
    for (char **line = lines;; line++) {
        if (file && (!*line || **line == '@')) {
            g_ptr_array_add(story->texts, g_string_free(g_steal_pointer(&file), FALSE));
        }
        if (!*line)
            return;
        if (g_str_has_prefix(*line, "@file ")) {
            g_ptr_array_add(story->names, g_strdup(*line + 6));
            file = g_string_new(NULL);
        } else if (g_str_has_prefix(*line, "@run ") && !g_str_has_prefix(*line, "@run export")) {
            g_ptr_array_add(story->lines, g_strdup(*line + 5));
        } else if (file && **line) {
            g_string_append_printf(file, "%s\n", *line);
        }
    }
}

static char *ask(const char *dir, const char *line)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *whole = g_strdup_printf("--rules %s --quiet %s", rules, line);
    Ran ran = program_run(dir, whole);
    ck_assert_msg(ran.status <= 1, "%s: %s", line, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* The rows of a rule that the story gives, "subject|records|bits" each; keep: only rows of the
 * files whose line is named there as "file:line" (NULL: all). */
static GPtrArray *findings(const Story *story, const char *rule, GHashTable *keep, char **dir_out)
{
    char *dir = folder_new();
    for (guint f = 0; f < story->names->len; f++) {
        g_auto(GStrv) lines = g_strsplit(story->texts->pdata[f], "\n", -1);
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; lines[i] && *lines[i]; i++) {
            g_autofree char *place =
                g_strdup_printf("%s:%u", (char *)story->names->pdata[f], i + 1);
            if (!i || !keep || g_hash_table_contains(keep, place))
                g_string_append_printf(text, "%s\n", lines[i]);
        }
        folder_write(dir, story->names->pdata[f], text->str);
    }
    for (guint i = 0; i < story->lines->len; i++) {
        g_autofree char *rules = g_canonicalize_filename("rules", NULL);
        g_autofree char *line =
            g_strdup_printf("--rules %s --quiet %s", rules, (char *)story->lines->pdata[i]);
        Ran ran = program_run(dir, line); /* a file of which nothing was kept is refused */
        ran_clear(&ran);
    }
    g_autofree char *csv = ask(dir, "export indicators --format csv --raw");
    g_autoptr(GPtrArray) rows = csv_read_text(csv, strlen(csv), "indicators", NULL);
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; rows && i < rows->len; i++) {
        char **row = rows->pdata[i];
        if (strcmp(row[0], rule) == 0)
            g_ptr_array_add(found, g_strjoin("|", row[2], row[3], NULL));
    }
    *dir_out = dir;
    return found;
}

/* Where the records of a finding stand: "traces.csv:3". `show` says file and line of each. */
static GHashTable *places_of(const char *dir, const char *finding)
{
    GHashTable *places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) parts = g_strsplit(finding, "|", -1);
    g_auto(GStrv) refs = g_strsplit(parts[0], "; ", -1);
    for (char **ref = refs; *ref; ref++) {
        g_autofree char *line = g_strdup_printf("show %s --format csv", *ref);
        g_autofree char *csv = ask(dir, line);
        g_autoptr(GPtrArray) rows = csv_read_text(csv, strlen(csv), "show", NULL);
        for (guint i = 1; rows && i < rows->len; i++) {
            char **row = rows->pdata[i];
            for (guint c = 0; row[c]; c++)
                if (strstr(row[c], ".csv:"))
                    g_hash_table_add(places, g_strdup(row[c]));
        }
    }
    return places;
}

static guint check_example(const Indicator *rule, const char *path)
{
    g_auto(Story) story;
    char *dir = NULL, *other = NULL;
    guint checked = 0;
    story_read(&story, path);
    g_autoptr(GPtrArray) found = findings(&story, rule->id, NULL, &dir);
    for (guint i = 0; i < found->len; i++) {
        g_autoptr(GHashTable) places = places_of(dir, found->pdata[i]);
        g_autoptr(GPtrArray) alone = findings(&story, rule->id, places, &other);
        gboolean same = g_ptr_array_find_with_equal_func(alone, found->pdata[i], g_str_equal, NULL);
        ck_assert_msg(same, "%s rests on more than '%s' says (%s)", rule->id,
                      (char *)found->pdata[i], path);
        folder_remove(other);
        checked++;
    }
    folder_remove(dir);
    return checked;
}

START_TEST(complete_rules_name_what_they_rest_on)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicators) indicators = indicators_load("rules", &error);
    ck_assert_msg(indicators != NULL, "%s", error ? error->message : "");
    guint checked = 0;
    const guint rules = (guint)suite_rounds((int)indicators_count(indicators));
    for (guint i = 0; i < rules; i++) {
        const Indicator *rule = indicators_at(indicators, i);
        gboolean more = rule->complete;
        for (guint e = 0; more && e < rule->examples->len; e++) {
            const IndicatorExample *example = rule->examples->pdata[e];
            if (!example->hit)
                continue;
            checked += check_example(rule, example->file);
            more = g_getenv("CROSSTRACE_LONG") != NULL; /* else the first speaks for all */
        }
    }
    ck_assert_uint_ge(checked, rules < indicators_count(indicators) ? 4 : 23);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("complete");
    TCase *tests = tcase_create("complete");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, complete_rules_name_what_they_rest_on);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
