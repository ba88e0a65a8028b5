/*
 * What the tests of nightly share: a folder of its own with configuration, inbox, reports and
 * copies; the sample files; what a night left behind.
 */
#ifndef TESTS_UNIT_CLI_NIGHTS_H
#define TESTS_UNIT_CLI_NIGHTS_H

#include <check.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define CONFIG                                                                                     \
    "[crosstrace]\nstore=s.db\ninbox=inbox\nreports=reports\nbackups=backups\nsettle=0\n"          \
    "keep_backups=2\nformats=csv;json\n"
#define NIGHT "--config c.ini nightly --as-of 2024-06-30 --rules "

static char *dir, *night, *rules;

static void make_folder(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert_int_eq(g_mkdir_with_parents(path, 0750), 0);
}

static inline void put_sample(const char *name)
{
    g_autofree char *from = g_build_filename("data-samples", name, NULL);
    g_autofree char *to = g_build_filename(dir, "inbox", name, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;
    ck_assert_msg(g_file_get_contents(from, &text, &length, NULL), "%s", from);
    ck_assert(g_file_set_contents(to, text, (gssize)length, NULL));
}

static inline void put_samples(void)
{
    put_sample("traces.csv");
    put_sample("seizures-en.csv");
    put_sample("saisies-fr.csv");
}

static void set_up(void)
{
    rules = g_canonicalize_filename("rules", NULL);
    night = g_strconcat(NIGHT, rules, NULL);
    dir = folder_new();
    folder_write(dir, "c.ini", CONFIG);
    make_folder("inbox");
    make_folder("reports");
    make_folder("backups");
}

static void tear_down(void)
{
    folder_remove(dir);
    g_free(night);
    g_free(rules);
}

static inline void expect(const char *line, int status, const char *err)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': status %d instead of %d: %s", line, ran.status,
                  status, ran.err);
    ck_assert_msg(*err ? strstr(ran.err, err) != NULL : !*ran.err, "'%s' not as '%s'", ran.err,
                  err);
    ck_assert_str_eq(ran.out, "");
    ran_clear(&ran);
}

static inline void put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, "inbox", name, NULL);
    FILE *file = fopen(path, "w"); /* GLib's way would need room for a longer name */
    ck_assert_msg(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s", name);
}

/* ---- what a folder holds ------------------------------------------------------------------ */

static void list_into(GPtrArray *names, const char *below)
{
    g_autofree char *path = g_build_filename(dir, below, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder && (name = g_dir_read_name(folder));) {
        g_autofree char *inner = g_build_filename(below, name, NULL);
        g_autofree char *whole = g_build_filename(dir, inner, NULL);
        struct stat info;
        ck_assert_int_eq(lstat(whole, &info), 0);
        if (S_ISDIR(info.st_mode))
            list_into(names, inner);
        else
            g_ptr_array_add(names, g_steal_pointer(&inner));
    }
}

/* Every file below a folder, a line each. */
static inline char *listed(const char *below)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) out = g_string_new(NULL);
    list_into(names, below);
    g_ptr_array_sort(names, text_compare);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(out, "%s\n", (char *)names->pdata[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static inline char *contents(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    char *text = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", name);
    return text;
}

/* Where files are, what reports say, what is linked: all that an undisturbed run leaves. */
static inline char *state(void)
{
    g_autofree char *inbox = listed("inbox"), *reports = listed("reports");
    g_autofree char *sums = contents("reports/latest/SHA256SUMS");
    Ran links = program_run(dir, "--store s.db export links --format csv");
    char *all = g_strjoin("\n", inbox, reports, sums, links.out, NULL);
    ran_clear(&links);
    return all;
}

/* Nothing half made is left, under a name or without one. */
static inline void expect_no_remains(void)
{
    g_autofree char *reports = listed("reports"), *copies = listed("backups"), *all = listed(".");
    ck_assert_msg(!strstr(reports, "/.") && !strstr(copies, "/."), "%s%s", reports, copies);
    static const char *const beside[] = {"s.db.idx.", "s.db.facts.", "s.db.words.", "s.db.later."};
    for (guint i = 0; i < G_N_ELEMENTS(beside); i++)
        ck_assert_msg(!strstr(all, beside[i]), "%s", all);
}

/* A case of its own can be run by itself (CK_RUN_CASE): tests/torture does. */
static inline TCase *add_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 7200);
    suite_add_tcase(suite, tests);
    return tests;
}

#endif
