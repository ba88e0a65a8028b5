/*
 * Settings: each has the value of the first that speaks (option, environment, file, default) and
 * says which that was; a broken, unknown or unsafe setting is refused with file and line. The
 * verified copy: sound, never over a file, not readable by others.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

static char *expect(const char *line, int status, const char *err)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': status %d instead of %d: %s", line, ran.status,
                  status, ran.err);
    ck_assert_msg(strstr(ran.err, err) != NULL, "'%s': '%s' not in '%s'", line, err, ran.err);
    g_free(ran.err);
    return ran.out;
}

START_TEST(each_says_where_it_came_from)
{
    folder_write(dir, "c.ini", "[crosstrace]\n# a remark\ninbox=in\nstore=file.db\nlock_wait=3\n");
    g_autofree char *out =
        expect("--config c.ini --store option.db config show --format csv", 0, "");
    ck_assert_ptr_nonnull(strstr(out, "\nstore,option.db,option,"));
    ck_assert_ptr_nonnull(strstr(out, "\ninbox,in,c.ini:3,"));
    ck_assert_ptr_nonnull(strstr(out, "\nlock_wait,3,c.ini:5,"));
    ck_assert_ptr_nonnull(strstr(out, "\nkeep_backups,7,default,"));
    ck_assert_ptr_nonnull(strstr(out, "\nreports,,not set,"));
    g_autofree char *file = expect("--config c.ini config show --format csv", 0, "");
    ck_assert_ptr_nonnull(strstr(file, "\nstore,file.db,c.ini:4,"));
}
END_TEST

static const struct {
    const char *text, *err;
} broken[] = {
    {"[crosstrace]\ninbx=in\n",
     "c.ini:2: unknown key 'inbx' in [crosstrace], did you mean 'inbox'"},
    {"[crosstrace]\nlock_wait=soon\n",
     "c.ini:2: 'soon' is no number from 0 to 86400 for lock_wait"},
    {"[crostrace]\nstore=x\n", "c.ini:1: unknown group [crostrace]"},
    {"[crosstrace]\nstore=a\nstore=b\n", "c.ini:3"},
    {"[audience FATE]\nauthorty=x\n", "c.ini:2: unknown key 'authorty'"},
};

START_TEST(broken_files_are_refused)
{
    folder_write(dir, "c.ini", broken[_i].text);
    g_free(expect("--config c.ini config show", 78, broken[_i].err));
}
END_TEST

static const struct {
    const char *text;
    int status;
    const char *err;
} checks[] = {
    {"", 0, ""},
    {"audiences=ATF_TRACING\n", 77, "needs --authority with arrangement"},
    {"audiences=ATF_TRACING\n[audience ATF_TRACING]\nauthority=ca_107=107(8); privacy=8(2)(f); "
     "arrangement=CMAA 1984\n",
     0, ""},
    {"audiences=ATF\n", 2, "unknown audience 'ATF'"},
    {"owner=NOBODY\n", 2, "unknown audience 'NOBODY'"},
    {"inbox=nowhere\n", 78, "no folder 'nowhere' for inbox"},
    {"inbox=open\n", 78, "others may write to 'open' for inbox"},
    {"formats=csv;pdf\n", 78, "unknown report format 'pdf'"},
    {"keep_backups=-1\n", 78, "c.ini:3: '-1' is no number"},
};

START_TEST(check_finds_what_would_fail_tonight)
{
    g_autofree char *text = g_strconcat("[crosstrace]\nsettle=0\n", checks[_i].text, NULL);
    g_autofree char *open_to_all = g_build_filename(dir, "open", NULL);
    ck_assert(g_mkdir(open_to_all, 0755) == 0 && chmod(open_to_all, 0777) == 0);
    folder_write(dir, "c.ini", text);
    g_free(expect("--config c.ini config check", checks[_i].status, checks[_i].err));
}
END_TEST

START_TEST(a_file_that_others_may_write_is_refused)
{
    folder_write(dir, "c.ini", "[crosstrace]\n");
    g_autofree char *path = g_build_filename(dir, "c.ini", NULL);
    ck_assert_int_eq(chmod(path, 0646), 0);
    g_free(expect("--config c.ini config show", 78, "can be written by others"));
}
END_TEST

START_TEST(a_copy_is_sound_and_new)
{
    struct stat info;
    folder_write(dir, "traces.csv", WORLD_TRACES);
    g_free(expect("load traces.csv", 0, ""));
    g_free(expect("backup copy.db", 0, "is a verified copy"));
    g_autofree char *path = g_build_filename(dir, "copy.db", NULL);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0640);
    g_free(expect("--store copy.db check --full", 0, ""));
    g_autofree char *here = expect("stats", 0, ""), *there = expect("--store copy.db stats", 0, "");
    ck_assert_str_eq(here, there);
    g_free(expect("backup copy.db", 73, "it exists"));
    g_free(expect("backup no/such/folder.db", 73, "cannot create copy"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *tests = tcase_create("config");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, each_says_where_it_came_from);
    tcase_add_loop_test(tests, broken_files_are_refused, 0, G_N_ELEMENTS(broken));
    tcase_add_loop_test(tests, check_finds_what_would_fail_tonight, 0, G_N_ELEMENTS(checks));
    tcase_add_test(tests, a_file_that_others_may_write_is_refused);
    tcase_add_test(tests, a_copy_is_sound_and_new);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
