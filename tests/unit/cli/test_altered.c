/*
 * What lies beside a store is written to, or cut short, in place while a run reads it there: by a
 * copy put back over it, say. Either the run gives what it gives undisturbed, or it says so (74)
 * and the store is as it was; then the next run gives it. CROSSTRACE_POINTS=100 makes it a long
 * test.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/cli/kept.h"
#include "tests/unit/suite.h"

#define POINTS 6
#define CLOSE  60 /* calls after the opening */

/* The shell's line that runs correlate while a call does something to one of the files. */
static char *line_under(const char *fault, const char *file)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *folder = g_path_get_dirname(built);
    return g_strdup_printf("LD_PRELOAD='%s/libfault.so' CROSSTRACE_FAULT=%s "
                           "CROSSTRACE_FAULT_FILE=%s CROSSTRACE_FAULT_COUNT=count exec '%s' " STORE
                           "'%s' correlate",
                           folder, fault, file, built, rules);
}

/* ran.status is 128 + N for a signal. */
static Ran run_under(const char *fault, const char *file)
{
    Ran ran = {0};
    int status = 0;
    g_autofree char *line = line_under(fault, file);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    ck_assert(g_spawn_sync(dir, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &ran.out,
                           &ran.err, &status, NULL));
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

typedef struct {
    const char *kind;
    const char *says[2]; /* one of these, and the file's name */
} Doing;

/* The run that is disturbed, then, where it failed, the one after it. TRUE: it failed. */
static gboolean disturb(const Doing *doing, const char *file, guint call)
{
    g_autofree char *fault = g_strdup_printf("%s:%u", doing->kind, call);
    g_autofree char *correlate = g_strconcat(STORE, rules, " correlate", NULL);
    Ran ran = run_under(fault, file);
    gboolean told = ran.status == 74 && strstr(ran.err, file) &&
                    (strstr(ran.err, doing->says[0]) || strstr(ran.err, doing->says[1]));
    ck_assert_msg(told || (ran.status == 0 && *ran.err == '\0'), "%s, %s: %d %s", file, fault,
                  ran.status, ran.err);
    if (told) {
        expect("--store s.db check", 0, "");
        expect(correlate, 0, "");
    }
    ck_assert_msg(!answers_differ(), "%s, %s, status %d: another answer", file, fault, ran.status);
    ran_clear(&ran);
    return told;
}

/* Since the file was opened. */
static guint count_calls(const Doing *doing, const char *file)
{
    g_autofree char *none = g_strconcat(doing->kind, ":0", NULL);
    Ran ran = run_under(none, file);
    ck_assert_msg(ran.status == 0, "%d %s", ran.status, ran.err);
    ran_clear(&ran);
    g_autofree char *text = contents("count");
    return (guint)g_ascii_strtoull(text, NULL, 10);
}

START_TEST(changed_while_read)
{
    static const Doing doings[] = {
        {"alter", {"changed while it was read", "changed while it was read"}},
        {"cut", {"changed while it was read", "was cut short"}}};
    const Doing *doing = &doings[_i];
    guint points = from_environment("CROSSTRACE_POINTS", POINTS), told[KEPTS] = {0};
    char *bytes[KEPTS];
    gsize sizes[KEPTS];
#if defined(__SANITIZE_ADDRESS__)
    printf("skipped: %s: the library would stand before the sanitizer's own\n", doing->kind);
    return;
#endif
    ck_assert_uint_gt(take_before(20, bytes, sizes), 0);
    for (guint one = 1; one < KEPTS; one++) {
        put_back(bytes, sizes);
        guint calls = count_calls(doing, KEPT[one]);
        for (guint i = 0; i < points; i++) {
            put_back(bytes, sizes);
            told[one] += disturb(doing, KEPT[one], 2 + (calls - 2) * i / points);
        }
        /* at none of them it was read just then: at the calls right after it was opened it is */
        for (guint call = 3; !told[one] && call < 3 + CLOSE; call++) {
            put_back(bytes, sizes);
            told[one] += disturb(doing, KEPT[one], call);
        }
        ck_assert_uint_gt(told[one], 0);
        printf("counted: %s, %s: %u of %u told, the others gave the same\n", doing->kind, KEPT[one],
               told[one], points);
    }
    for (guint i = 0; i < KEPTS; i++)
        g_free(bytes[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("altered");
    TCase *tests = tcase_create("altered");
    tcase_add_checked_fixture(tests, set_up_store, tear_down_store);
    tcase_set_timeout(tests, 3600);
    tcase_add_loop_test(tests, changed_while_read, 0, 2);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
