/* Running the built program from a test. */
#include "tests/unit/cli/program.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/unit/cli/secret.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

void ran_clear(Ran *ran)
{
    g_free(ran->out);
    g_free(ran->err);
}

/* The program and its words, and the environment of a new user whose home is dir; g_strfreev. */
static char **argv_of(const char *line)
{
    g_auto(GStrv) words = NULL;
    const char *program = g_getenv("CROSSTRACE_BIN");
    GStrvBuilder *argv = g_strv_builder_new();
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    ck_assert(!*line || g_shell_parse_argv(line, NULL, &words, NULL));
    g_strv_builder_add(argv, built);
    if (words)
        g_strv_builder_addv(argv, (const char **)words);
    char **all = g_strv_builder_end(argv);
    g_strv_builder_unref(argv);
    return all;
}

static char **environment_of(const char *dir)
{
    char **environment = g_environ_unsetenv(g_get_environ(), "CROSSTRACE_STORE");
    return g_environ_setenv(environment, "XDG_CONFIG_HOME", dir, TRUE);
}

GPid program_start(const char *dir, const char *line)
{
    g_auto(GStrv) argv = argv_of(line), environment = environment_of(dir);
    g_autoptr(GError) error = NULL;
    GPid pid = 0;
    GSpawnFlags flags =
        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
    ck_assert_msg(g_spawn_async(dir, argv, environment, flags, NULL, NULL, &pid, &error), "%s",
                  error ? error->message : "");
    return pid;
}

Ran program_run(const char *dir, const char *line)
{
    Ran ran = {0};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) argv = argv_of(line), environment = environment_of(dir);
    int wait_status = 0;
    gboolean spawned = g_spawn_sync(dir, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &ran.out,
                                    &ran.err, &wait_status, &error);
    ck_assert_msg(spawned, "%s", error ? error->message : "");
    ran.status = g_spawn_check_wait_status(wait_status, &error) ? 0
                 : error->domain == G_SPAWN_EXIT_ERROR          ? error->code
                                                                : 128;
    return ran;
}

static void expect_text(const char *line, const char *text, const char *where)
{
    ck_assert_msg(!text || strstr(where, text), "%s: '%s' not in %s", line, text, where);
}

void program_answers(const char *dir, const Answer *answer)
{
    Ran ran = program_run(dir, answer->line);
    ck_assert_msg(ran.status == answer->status, "%s: %d %s", answer->line, ran.status, ran.err);
    expect_text(answer->line, answer->out, ran.out);
    expect_text(answer->line, answer->err, ran.err);
    ran_clear(&ran);
}

char *program_output(const char *dir, const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "%s: %d %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

char *story_new(const char *extra)
{
    static const Answer lines[] = {
        {"load traces.csv seizures.csv extra.csv --as-of 2024-07-01", 0, NULL, NULL},
        {"load traces.csv seizures.csv --as-of 2024-07-01", 0, NULL, NULL},
        {"load secret.csv --as-of 2024-07-02", 0, NULL, NULL},
        {"correlate --as-of 2024-07-03", 0, NULL, NULL}};
    char *dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    folder_write(dir, "secret.csv", SECRET_TRACES);
    if (extra)
        folder_write(dir, "extra.csv", extra);
    program_answers(dir, &lines[extra ? 0 : 1]);
    for (guint i = 2; i < G_N_ELEMENTS(lines); i++)
        program_answers(dir, &lines[i]);
    return dir;
}

int program_main(Suite *suite, TCase *tests, void (*before)(void), void (*after)(void))
{
    tcase_add_unchecked_fixture(tests, before, after);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}

int lock_hold(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db.lock", NULL);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    ck_assert(lock >= 0 && flock(lock, LOCK_EX) == 0);
    return lock;
}

void lock_let_go(int lock)
{
    ck_assert_int_eq(close(lock), 0);
}

void folder_write(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}
