/* Tests of the clocks: the shipped file reads; a broken one is refused with file and line. */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/retention/retention.h"
#include "tests/unit/suite.h"

START_TEST(shipped_clocks_are_read)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Clocks) clocks = clocks_load("rules", &error);
    ck_assert_msg(clocks != NULL, "%s", error ? error->message : "");
}
END_TEST

#define CLOCK "[clock a]\nkind=atf-trace\nfrom=event\nyears=2\nremoves=record\nsource=law\n"

static const struct {
    const char *text, *says;
} broken[] = {
    {"[clock a]\nkind=atf-trace\nfrom=event\nyears=2\nremoves=record\n", "'source' missing"},
    {"[clock a]\nkind=atf-trace\nfrom=events\nyears=2\nremoves=record\nsource=l\n", "did you mean"},
    {"[clock a]\nkind=atf-trace\nfrom=event\nremoves=record\nsource=l\n", "no years and no days"},
    {"[clock a]\nkind=atf-trace\nfrom=event\nyears=1.5\nremoves=record\nsource=l\n", "whole"},
    {"[clock a]\nkind=atf-trace\nfrom=event\nyears=-1\nremoves=record\nsource=l\n", "years"},
    {"[clock a]\nkind=atf-trace\nfrom=event\nyears=2\nremoves=all\nsource=l\n", "unknown 'all'"},
    {"[clock a]\nkind=x' OR 1\nfrom=event\nyears=2\nremoves=record\nsource=l\n", "no kind"},
    {"[clock a]\nkind=x\norigin=A';B\nfrom=event\nyears=2\nremoves=record\nsource=l\n",
     "no origin"},
    {"[clock a]\nkind=x\nfrom=event\nyears=2\nremoves=review\nsource=l\n", "a lead is reviewed"},
    {"[clock a]\nkind=lead\nfrom=used\nyears=2\nremoves=record\nsource=l\n", "a lead is reviewed"},
    {"[clock a]\nkind=lead\nfrom=event\nyears=2\nremoves=review\nsource=l\n", "'used' alone"},
    {"[clock a]\nkind=x\nfrom=event\nyears=2\nremoves=person\nunless=dealer\nsource=l\n",
     "unknown 'dealer'"},
    {CLOCK CLOCK, "[clock a]"},
    {CLOCK "months=3\n", "unknown key 'months'"},
    {"[least a]\nkind=x\nfrom=event\nyears=2\nremoves=record\nsource=l\n", "unknown key 'removes'"},
    {"[texts]\nfields=narrative;novel\n", "unknown field 'novel'"},
    {"[holds]\na=b\n", "unknown group [holds]"},
};

START_TEST(broken_files_are_refused)
{
    g_autofree char *dir = g_dir_make_tmp("crosstrace-clocks-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "retention.ini", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert(g_file_set_contents(path, broken[_i].text, -1, NULL));
    g_autoptr(Clocks) read = clocks_load(dir, &error);
    ck_assert_msg(read == NULL, "taken: %s", broken[_i].text);
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, broken[_i].says) != NULL, "%s", error->message);
    ck_assert_msg(strstr(error->message, "retention.ini:") != NULL, "%s", error->message);
    g_unlink(path);
    g_rmdir(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clocks");
    TCase *tests = tcase_create("clocks");
    tcase_add_test(tests, shipped_clocks_are_read);
    tcase_add_loop_test(tests, broken_files_are_refused, 0, G_N_ELEMENTS(broken));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
