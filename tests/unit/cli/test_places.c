/*
 * R21, R22: in every language, zone and at every hour the same bytes; a clock that stands in 1969
 * or 2038, or goes back between two runs, breaks nothing.
 */
#define _GNU_SOURCE
#include <check.h>
#include <string.h>

#include "tests/unit/cli/nights.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

static const struct {
    const char *language, *zone;
} PLACES[] = {{"C", "UTC"},
              {"fr_CA.UTF-8", "America/Montreal"},
              {"en_CA.UTF-8", "America/St_Johns"},
              {"tr_TR.UTF-8", "Europe/Istanbul"},
              {"de_DE.UTF-8", "Asia/Kathmandu"},
              {"ar_EG.UTF-8", "Pacific/Kiritimati"},
              {"POSIX", "America/Toronto"}};

static char *said(const char *options, const char *command)
{
    g_autofree char *line = g_strconcat(options, " --rules ", rules, " ", command, NULL);
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "%s: %d %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* A whole run in a folder of its own, and all that it tells. */
static char *told(void)
{
    static const char *const commands[] = {
        "load traces.csv seizures.csv", "correlate",
        "report --format csv",          "report --format json",
        "leads list --format csv",      "export links --format csv"};
    GString *all = g_string_new(NULL);
    set_up();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *out = said("--store s.db --as-of 2024-11-03", commands[i]);
        g_string_append(all, out);
    }
    tear_down();
    return g_string_free(all, FALSE);
}

START_TEST(the_same_bytes_everywhere)
{
    g_autofree char *here = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        g_setenv("LC_ALL", PLACES[i].language, TRUE);
        g_setenv("TZ", PLACES[i].zone, TRUE);
        char *there = told();
        ck_assert_uint_gt(strlen(there), 500);
        if (!here)
            here = there;
        else {
            ck_assert_msg(strcmp(here, there) == 0, "%s, %s", PLACES[i].language, PLACES[i].zone);
            g_free(there);
        }
    }
    g_unsetenv("LC_ALL");
    g_unsetenv("TZ");
}
END_TEST

/* The day before the epoch, the last second of 32 bits and the one after it, far ahead, and back.
 */
START_TEST(clocks_that_are_wrong)
{
    static const char *const hours[] = {"2024-11-03",           "1969-12-31",
                                        "2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z",
                                        "2100-02-28",           "2024-11-02"};
    set_up();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    g_free(said("--store s.db --as-of 2024-11-03", "load traces.csv seizures.csv"));
    g_free(said("--store s.db --as-of 2024-11-03", "correlate"));
    g_autofree char *links = said("--store s.db --as-of 2024-11-03", "export links --format csv");
    for (guint i = 0; i < G_N_ELEMENTS(hours); i++) {
        g_autofree char *at = g_strconcat("--store s.db --as-of ", hours[i], NULL);
        g_free(said(at, "correlate --full"));
        g_free(said(at, "leads list --format csv"));
        g_autofree char *same = said(at, "export links --format csv");
        ck_assert_msg(strcmp(links, same) == 0, "%s", hours[i]);
        expect("--store s.db check --full", 0, "");
    }
    g_autofree char *trail = said("--store s.db", "audit verify --format csv");
    ck_assert_ptr_nonnull(strstr(trail, "changes,sound,"));
    tear_down();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("places");
    TCase *tests = tcase_create("places");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, the_same_bytes_everywhere);
    tcase_add_test(tests, clocks_that_are_wrong);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
