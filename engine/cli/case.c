/* Reads a scenario case strictly and runs it: each @run is a process of its own, as a user's is. */
#include "engine/cli/case.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/text.h"

typedef enum { STEP_FILE, STEP_RUN, STEP_STATUS, STEP_EXPECT, STEP_NONE } StepType;

typedef struct {
    StepType type;
    guint line;
    char *word;    /* file name, command line or status */
    GString *text; /* content of a file, expected rows */
} Step;

struct Case {
    char *path;
    GPtrArray *steps; /* of Step */
};

static const struct {
    const char *word;
    StepType type;
    gboolean argument;
} step_words[] = {{"@file", STEP_FILE, TRUE},
                  {"@run", STEP_RUN, TRUE},
                  {"@status", STEP_STATUS, TRUE},
                  {"@expect", STEP_EXPECT, FALSE},
                  {"@expect-none", STEP_NONE, FALSE}};

static void step_free(gpointer data)
{
    Step *step = data;
    g_free(step->word);
    g_string_free(step->text, TRUE);
    g_free(step);
}

void case_free(Case *scenario)
{
    if (!scenario)
        return;
    g_free(scenario->path);
    g_ptr_array_unref(scenario->steps);
    g_free(scenario);
}

/* ---- reading ---------------------------------------------------------------------------- */

static gboolean case_error(const Case *scenario, guint line, const char *what, GError **error)
{
    return error_set(error, STATUS_CONFIG, "%s:%u: %s", scenario->path, line, what);
}

static gboolean is_plain_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

static gboolean add_step(Case *scenario, char *line, guint number, GError **error)
{
    char *space = strchr(line, ' ');
    g_autofree char *word = space ? g_strndup(line, (gsize)(space - line)) : g_strdup(line);
    const char *argument = space ? g_strstrip(space + 1) : "";
    for (guint i = 0; i < G_N_ELEMENTS(step_words); i++) {
        if (strcmp(word, step_words[i].word) != 0)
            continue;
        if (step_words[i].argument != (*argument != '\0'))
            return case_error(scenario, number, "argument missing or unexpected", error);
        if (step_words[i].type == STEP_FILE && !is_plain_name(argument))
            return case_error(scenario, number, "@file takes a plain file name", error);
        Step *step = g_new0(Step, 1);
        step->type = step_words[i].type;
        step->line = number;
        step->word = g_strdup(argument);
        step->text = g_string_new(NULL);
        g_ptr_array_add(scenario->steps, step);
        return TRUE;
    }
    return case_error(scenario, number, "unknown directive", error);
}

static gboolean add_text(Case *scenario, const char *line, guint number, GError **error)
{
    if (!scenario->steps->len)
        return TRUE;
    Step *step = g_ptr_array_index(scenario->steps, scenario->steps->len - 1);
    if (step->type == STEP_FILE || step->type == STEP_EXPECT) {
        if (*line || step->type == STEP_FILE)
            g_string_append_printf(step->text, "%s\n", line);
        return TRUE;
    }
    return !*line || case_error(scenario, number, "text where none belongs", error);
}

/* A case must be able to fail: it needs a @run, and something expected of it. */
static gboolean case_is_whole(const Case *scenario, GError **error)
{
    gboolean run = FALSE, expect = FALSE;
    for (guint i = 0; i < scenario->steps->len; i++) {
        const Step *step = g_ptr_array_index(scenario->steps, i);
        run |= step->type == STEP_RUN;
        if (step->type != STEP_FILE && step->type != STEP_RUN) {
            if (!run)
                return case_error(scenario, step->line, "nothing was run before it", error);
            expect = TRUE;
        }
    }
    return (run && expect) || case_error(scenario, 1, "a case needs @run and @expect", error);
}

Case *case_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) problem = NULL;
    if (!g_file_get_contents(path, &text, NULL, &problem)) {
        error_set(error, STATUS_CONFIG, "case '%s' cannot be read: %s", path, problem->message);
        return NULL;
    }
    g_autoptr(Case) scenario = g_new0(Case, 1);
    scenario->path = g_strdup(path);
    scenario->steps = g_ptr_array_new_with_free_func(step_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i + 1] && !*lines[i])
            break;
        gboolean ok = lines[i][0] == '@' ? add_step(scenario, lines[i], i + 1, error)
                                         : add_text(scenario, lines[i], i + 1, error);
        if (!ok)
            return NULL;
    }
    return case_is_whole(scenario, error) ? g_steal_pointer(&scenario) : NULL;
}

/* ---- comparing -------------------------------------------------------------------------- */

/* Rows of a CSV text, each as one string of the cells of `columns` (NULL: all), sorted. */
static GPtrArray *projected(const char *text, const GStrv columns, char **problem)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) table = csv_read_text(text, strlen(text), "output", &error);
    if (!table || !table->len) {
        *problem = g_strdup(error ? error->message : "no header");
        return NULL;
    }
    char **header = g_ptr_array_index(table, 0);
    for (guint c = 0; columns && columns[c]; c++) {
        if (!g_strv_contains((const char *const *)header, columns[c])) {
            *problem = g_strdup_printf("no column '%s'", columns[c]);
            return NULL;
        }
    }
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    for (guint r = 1; r < table->len; r++) {
        char **cells = g_ptr_array_index(table, r);
        g_autoptr(GString) row = g_string_new(NULL);
        for (guint c = 0; columns && columns[c]; c++) {
            guint at = 0;
            while (strcmp(header[at], columns[c]) != 0)
                at++;
            g_string_append_printf(row, "%s%s", c ? " | " : "",
                                   at < g_strv_length(cells) ? cells[at] : "");
        }
        g_ptr_array_add(rows, g_string_free(g_steal_pointer(&row), FALSE));
    }
    g_ptr_array_sort(rows, text_compare);
    return rows;
}

static char *join_rows(const GPtrArray *rows)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(text, "    %s\n", (char *)g_ptr_array_index(rows, i));
    return g_string_free(text, FALSE);
}

static char *compare(const Step *step, const char *output)
{
    char *problem = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) table = csv_read_text(step->text->str, step->text->len, "@expect", &error);
    if (!table || !table->len)
        return g_strdup(error ? error->message : "@expect without a header");
    char **columns = g_ptr_array_index(table, 0);
    g_autoptr(GPtrArray) wanted = projected(step->text->str, columns, &problem);
    g_autoptr(GPtrArray) got = wanted ? projected(output, columns, &problem) : NULL;
    if (!got)
        return problem;
    g_autofree char *left = join_rows(wanted);
    g_autofree char *right = join_rows(got);
    if (strcmp(left, right) == 0)
        return NULL;
    return g_strdup_printf("expected\n%s  got\n%s", left, right);
}

/* ---- running ---------------------------------------------------------------------------- */

typedef struct {
    const char *program, *rules_dir, *dir;
    char *output, *errors;
    int status;
    gboolean status_seen;
} CaseRun;

static char *run_command(CaseRun *run, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = NULL;
    if (!g_shell_parse_argv(line, NULL, &words, &error))
        return g_strdup(error->message);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (gpointer)run->program);
    for (char **word = words; *word; word++)
        g_ptr_array_add(argv, *word);
    static const char *const tail[] = {"--config", "crosstrace.ini", "--quiet", "--rules"};
    for (guint i = 0; i < G_N_ELEMENTS(tail); i++)
        g_ptr_array_add(argv, (gpointer)tail[i]);
    g_ptr_array_add(argv, (gpointer)run->rules_dir);
    g_ptr_array_add(argv, NULL);
    g_auto(GStrv) environment = g_environ_unsetenv(g_get_environ(), "CROSSTRACE_STORE");
    int wait_status = 0;
    g_clear_pointer(&run->output, g_free);
    g_clear_pointer(&run->errors, g_free);
    if (!g_spawn_sync(run->dir, (char **)argv->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL,
                      &run->output, &run->errors, &wait_status, &error))
        return g_strdup(error->message);
    run->status = g_spawn_check_wait_status(wait_status, &error) ? 0
                  : error->domain == G_SPAWN_EXIT_ERROR          ? error->code
                                                                 : 128;
    run->status_seen = FALSE;
    return NULL;
}

/* A run whose status nobody asked for must have ended well. */
static char *unexpected_status(CaseRun *run)
{
    if (run->status_seen || run->status == 0)
        return NULL;
    run->status_seen = TRUE;
    return g_strdup_printf("exit status %d: %s", run->status, run->errors);
}

static char *expect_status(CaseRun *run, const char *word)
{
    guint64 wanted = 0;
    run->status_seen = TRUE;
    if (!g_ascii_string_to_unsigned(word, 10, 0, 255, &wanted, NULL))
        return g_strdup("@status takes a number");
    return run->status == (int)wanted ? NULL
                                      : g_strdup_printf("exit status %d instead of %s: %s",
                                                        run->status, word, run->errors);
}

static char *expect_none(const CaseRun *run)
{
    char *problem = NULL;
    g_autoptr(GPtrArray) rows = projected(run->output, NULL, &problem);
    if (!rows)
        return problem;
    return rows->len ? g_strdup_printf("expected no row, got\n%s", run->output) : NULL;
}

static char *run_step(CaseRun *run, const Step *step)
{
    g_autofree char *path = NULL;
    if (step->type != STEP_STATUS) {
        char *problem = unexpected_status(run);
        if (problem)
            return problem;
    }
    switch (step->type) {
    case STEP_FILE:
        path = g_build_filename(run->dir, step->word, NULL);
        return g_file_set_contents(path, step->text->str, (gssize)step->text->len, NULL)
                   ? NULL
                   : g_strdup_printf("cannot write '%s'", path);
    case STEP_RUN:
        return run_command(run, step->word);
    case STEP_STATUS:
        return expect_status(run, step->word);
    case STEP_EXPECT:
        return compare(step, run->output);
    case STEP_NONE:
        return expect_none(run);
    }
    return NULL;
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_remove(file);
    }
    g_rmdir(path);
}

char *case_run(const Case *scenario, const char *program, const char *rules_dir)
{
    g_autofree char *dir = g_dir_make_tmp("crosstrace-case-XXXXXX", NULL);
    g_autofree char *config = dir ? g_build_filename(dir, "crosstrace.ini", NULL) : NULL;
    if (!dir || !g_file_set_contents(config, "", 0, NULL))
        return g_strdup("no temporary folder");
    CaseRun run = {program, rules_dir, dir, .output = g_strdup(""), .errors = g_strdup("")};
    char *problem = NULL;
    const Step *step = NULL;
    for (guint i = 0; i < scenario->steps->len && !problem; i++) {
        step = g_ptr_array_index(scenario->steps, i);
        problem = run_step(&run, step);
    }
    if (!problem)
        problem = unexpected_status(&run);
    remove_folder(dir);
    g_free(run.output);
    g_free(run.errors);
    if (!problem)
        return NULL;
    char *told = g_strdup_printf("%s:%u: %s", scenario->path, step->line, problem);
    g_free(problem);
    return told;
}
