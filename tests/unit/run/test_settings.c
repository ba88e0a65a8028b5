/*
 * Every settings file and profile, spoilt line by line: each key left out, misspelt, said twice,
 * without a value, with a word or an absurd number in place of a number, each group misnamed. What
 * is read is read whole, what is refused is refused with STATUS_CONFIG and the file's name, and
 * nothing that cannot be meant passes in silence. What a file may hold is not known here.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/firearm/firearm.h"
#include "engine/judgement/learn.h"
#include "engine/lead/lead.h"
#include "engine/marker/marker.h"
#include "engine/person/person.h"
#include "engine/release/audience.h"
#include "engine/retention/retention.h"
#include "engine/run/stages.h"
#include "engine/statistic/statistic.h"
#include "loaders/profile.h"
#include "tests/unit/suite.h"

/* Reads the file below a rules directory; the error of what does not pass. */
typedef gboolean (*Reads)(const char *dir, const char *file, GError **error);

#define READER(name, Type, load, release)                                                          \
    static gboolean name(const char *dir, G_GNUC_UNUSED const char *file, GError **error)          \
    {                                                                                              \
        Type *read = load(dir, error);                                                             \
        if (read)                                                                                  \
            release(read);                                                                         \
        return read != NULL;                                                                       \
    }
READER(read_leads, LeadRules, lead_rules_load, lead_rules_free)
READER(read_audiences, Audiences, audiences_load, audiences_free)
READER(read_markers, MarkerRules, marker_rules_load, marker_rules_free)
READER(read_firearm, FirearmModel, firearm_model_load, firearm_model_free)
READER(read_person, PersonModel, person_model_load, person_model_free)
READER(read_retention, Clocks, clocks_load, clocks_free)

static gboolean read_graph(const char *dir, G_GNUC_UNUSED const char *file, GError **error)
{
    GraphOptions options = {0};
    return graph_options_load(dir, &options, error);
}

static gboolean read_judgement(const char *dir, G_GNUC_UNUSED const char *file, GError **error)
{
    Learning learning;
    return learning_load(dir, &learning, error);
}

static gboolean read_statistics(const char *dir, G_GNUC_UNUSED const char *file, GError **error)
{
    StatisticLimits limits = {0};
    return statistic_limits_load(dir, &limits, error);
}

static gboolean read_profile(const char *dir, const char *file, GError **error)
{
    g_autofree char *path = g_build_filename(dir, file, NULL);
    g_autoptr(Profile) profile = profile_load(path, error);
    return profile != NULL;
}

/* free: groups and keys that take any name, as patterns of "group/key". */
static const struct {
    const char *from, *file;
    Reads reads;
    const char *free[6];
} FILES[] = {
    {"rules", "leads.ini", read_leads, {NULL}},
    {"rules", "audiences.ini", read_audiences, {"fields/*", NULL}},
    {"rules", "markers.ini", read_markers, {NULL}},
    {"rules", "markers/pmf-kit.ini", read_markers, {NULL}},
    {"rules", "markers/suppressor.ini", read_markers, {NULL}},
    {"rules", "firearm.ini", read_firearm, {NULL}},
    {"rules", "person.ini", read_person, {NULL}},
    {"rules", "retention.ini", read_retention, {NULL}},
    {"rules", "graph.ini", read_graph, {NULL}},
    {"rules", "judgement.ini", read_judgement, {NULL}},
    {"rules", "statistics.ini", read_statistics, {NULL}},
    {"loaders/profiles", "atf-trace.ini", read_profile, {NULL}},
    {"loaders/profiles", "cbsa-seizure.ini", read_profile, {NULL}},
};

static char *dir;
static char **lines;

/* All of a folder but one file as links, its own subfolder empty; with markers.ini goes one short
 * lexicon alone, as each is compiled anew every time. */
static void make_folder(const char *from, const char *file)
{
    g_autofree char *sub = g_path_get_dirname(file), *here = g_get_current_dir();
    gboolean alone = strcmp(file, "markers.ini") == 0;
    g_autoptr(GDir) all = g_dir_open(from, 0, NULL);
    const char *name;
    dir = g_dir_make_tmp("crosstrace-settings-XXXXXX", NULL);
    while ((name = g_dir_read_name(all))) {
        g_autofree char *target = g_build_filename(here, from, name, NULL);
        g_autofree char *link = g_build_filename(dir, name, NULL);
        if (strcmp(name, alone ? "markers" : sub) == 0)
            ck_assert_int_eq(g_mkdir(link, 0700), 0);
        else if (strcmp(name, file) != 0)
            ck_assert_int_eq(symlink(target, link), 0);
    }
    if (alone) {
        g_autofree char *target = g_build_filename(here, "rules/markers/suppressor.ini", NULL);
        g_autofree char *link = g_build_filename(dir, "markers/suppressor.ini", NULL);
        ck_assert_int_eq(symlink(target, link), 0);
    }
}

static void remove_folder(const char *path)
{
    GDir *all = g_dir_open(path, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(all))) {
        g_autofree char *entry = g_build_filename(path, name, NULL);
        if (g_file_test(entry, G_FILE_TEST_IS_SYMLINK) || !g_file_test(entry, G_FILE_TEST_IS_DIR))
            g_unlink(entry);
        else
            remove_folder(entry);
    }
    g_dir_close(all);
    g_rmdir(path);
}

/* The file with one line as said (NULL: without it): NULL when it was read, else the error. */
static char *problem_with(guint f, guint at, const char *line)
{
    g_autofree char *path = g_build_filename(dir, FILES[f].file, NULL);
    g_autofree char *name = g_path_get_basename(path), *was = lines[at];
    g_autofree char *now = g_strdup(line ? line : ""), *text = NULL;
    g_autoptr(GError) error = NULL;
    lines[at] = now;
    text = g_strjoinv("\n", lines);
    lines[at] = g_steal_pointer(&was);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    gboolean read = FILES[f].reads(dir, FILES[f].file, &error);
    ck_assert_msg(read == (error == NULL), "%s:%u: '%s'", name, at + 1, now);
    if (read)
        return NULL;
    ck_assert_msg(error_status(error) == STATUS_CONFIG && strstr(error->message, name),
                  "%s:%u: '%s': %d, %s", name, at + 1, now, error_status(error), error->message);
    return g_strdup(error->message);
}

/* It has to be refused, and by this line, or as what its group lacks. */
static void must_refuse(guint f, guint at, const char *line)
{
    g_autofree char *problem = problem_with(f, at, line);
    g_autofree char *base = g_path_get_basename(FILES[f].file);
    g_autofree char *place = g_strdup_printf("%s:%u: ", base, at + 1);
    ck_assert_msg(problem && (strstr(problem, place) || strstr(problem, "missing in [")),
                  "%s'%s': %s", place, line, problem ? problem : "taken");
}

static void may_refuse(guint f, guint at, const char *line)
{
    g_free(problem_with(f, at, line));
}

static gboolean takes_any_name(guint f, const char *group, const char *key)
{
    g_autofree char *of = g_strconcat(group, "/", key, NULL);
    for (guint i = 0; FILES[f].free[i]; i++)
        if (g_pattern_match_simple(FILES[f].free[i], of))
            return TRUE;
    return FALSE;
}

static gboolean is_number(const char *text)
{
    char *end = NULL;
    g_ascii_strtod(text, &end);
    return end != text && *end == '\0';
}

static void spoil_key(guint f, guint at, const char *group)
{
    g_auto(GStrv) parts = g_strsplit(lines[at], "=", 2);
    g_autofree char *twice = g_strconcat(lines[at], "\n", lines[at], NULL);
    g_autofree char *empty = g_strconcat(parts[0], "=", NULL);
    g_autofree char *word = g_strconcat(parts[0], "=one or two", NULL);
    g_strstrip(parts[0]);
    g_strstrip(parts[1]);
    g_autofree char *misspelt = g_strconcat(parts[0], "q=", parts[1], NULL);
    g_autofree char *high = g_strconcat(parts[0], "=1e30", NULL);
    g_autofree char *low = g_strconcat(parts[0], "=-1e30", NULL);
    g_autofree char *again = problem_with(f, at, twice);
    ck_assert_msg(again && strstr(again, "already"), "%s: %s", twice, again ? again : "taken");
    may_refuse(f, at, NULL);
    may_refuse(f, at, empty);
    if (takes_any_name(f, group, parts[0]))
        may_refuse(f, at, misspelt);
    else
        must_refuse(f, at, misspelt);
    (is_number(parts[1]) ? must_refuse : may_refuse)(f, at, word);
    (is_number(parts[1]) ? must_refuse : may_refuse)(f, at, high);
    (is_number(parts[1]) ? must_refuse : may_refuse)(f, at, low);
}

START_TEST(spoilt_lines_are_refused)
{
    guint f = (guint)_i;
    g_autofree char *path = g_build_filename(FILES[f].from, FILES[f].file, NULL), *text = NULL;
    g_autofree char *group = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    lines = g_strsplit(text, "\n", -1);
    make_folder(FILES[f].from, FILES[f].file);
    for (guint at = 0; lines[at]; at++) {
        const char *line = lines[at];
        if (*line == '[') {
            g_free(group);
            group = g_strndup(line + 1, strcspn(line + 1, "]"));
            g_autofree char *misnamed = g_strdup_printf("[%sq]", group);
            may_refuse(f, at, misnamed);
            may_refuse(f, at, NULL);
        } else if (*line && *line != '#' && *line != ';' && strchr(line, '='))
            spoil_key(f, at, group);
    }
    ck_assert_ptr_nonnull(group);
    remove_folder(dir);
    g_free(dir);
    g_strfreev(lines);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, spoilt_lines_are_refused, 0, G_N_ELEMENTS(FILES));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
