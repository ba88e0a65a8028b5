/*
 * What the load tests share: rules read once, a fresh store in memory-sized files, a load of a
 * text, and what came of it as lines. Included by one test program each.
 */
#ifndef CROSSTRACE_TESTS_LOADERS_FIXTURE_H
#define CROSSTRACE_TESTS_LOADERS_FIXTURE_H

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "loaders/loader.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

static CodeTables *codes;
static PersonModel *people;
static Profiles *profiles;
static char *directory;
static Store *store;
static LoadOptions options;
static GPtrArray *remarks; /* "line:field:code" of rejects (in capitals) and warnings */

static void rules_up(void)
{
    GError *error = NULL;

    codes = code_tables_load("rules", &error);
    ck_assert_msg(codes != NULL, "%s", error ? error->message : "");
    people = person_model_load("rules", &error);
    ck_assert_msg(people != NULL, "%s", error ? error->message : "");
    profiles = profiles_load("loaders/profiles", &error);
    ck_assert_msg(profiles != NULL, "%s", error ? error->message : "");
}

static void rules_down(void)
{
    profiles_free(profiles);
    person_model_free(people);
    code_tables_free(codes);
}

static void up(void)
{
    GError *error = NULL;
    g_autofree char *path = NULL;

    directory = folder_new();
    path = g_build_filename(directory, "test.db", NULL);
    store = store_open(path, STORE_CREATE, 0, &error);
    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    options = (LoadOptions){.as_of = date_parse("2024-06-30", DATE_ISO),
                            .as_of_text = "2024-06-30T00:00:00Z"};
    remarks = g_ptr_array_new_with_free_func(g_free);
}

static void down(void)
{
    store_close(store);
    folder_remove(directory);
    g_ptr_array_unref(remarks);
}

static void on_remark(const char *file, const Remark *remark, gpointer data)
{
    char *text = g_strdup_printf("%u:%s:%s", (guint)remark->line,
                                 remark->field ? remark->field : "", remark->code);

    (void)file;
    (void)data;
    if (remark->type == REMARK_REJECT) {
        char *upper = g_ascii_strup(text, -1);

        g_free(text);
        text = upper;
        ck_assert_ptr_nonnull(remark->raw);
    }
    ck_assert_str_ne(remark->message, remark->code);
    g_ptr_array_add(remarks, text);
}

/* Loads a file; every row is somewhere and the counts agree. Status of the load. */
static int load_path(const char *path, LoadReport *report, char **message)
{
    LoadRules rules = {codes, people, profiles};
    g_autoptr(GError) error = NULL;

    g_ptr_array_set_size(remarks, 0);
    options.remark = on_remark;
    if (!load_file(store, &rules, &options, path, report, &error)) {
        ck_assert_ptr_nonnull(error);
        if (message)
            *message = g_strdup(error->message);
        return (int)error_status(error);
    }
    ck_assert_uint_eq(report->rows,
                      report->loaded + report->duplicates + report->revised + report->rejected);
    return STATUS_DONE;
}

G_GNUC_UNUSED static int load_bytes(const char *bytes, gssize length, LoadReport *report,
                                    char **message)
{
    g_autofree char *path = g_build_filename(directory, "input.csv", NULL);

    ck_assert(g_file_set_contents(path, bytes, length, NULL));
    return load_path(path, report, message);
}

/* Loads a text that must load; the caller clears the report. */
G_GNUC_UNUSED static LoadReport load_text(const char *text)
{
    LoadReport report;
    g_autofree char *message = NULL;
    int status = load_bytes(text, -1, &report, &message);

    ck_assert_msg(status == STATUS_DONE, "status %d: %s", status, message);
    return report;
}

G_GNUC_UNUSED static void assert_remark(const char *expected)
{
    g_autoptr(GString) all = g_string_new(NULL);

    for (guint i = 0; i < remarks->len; i++) {
        if (strcmp(g_ptr_array_index(remarks, i), expected) == 0)
            return;
        g_string_append_printf(all, " %s", (char *)g_ptr_array_index(remarks, i));
    }
    ck_abort_msg("no remark %s among:%s", expected, all->str);
}

G_GNUC_UNUSED static void assert_field(const char *ref, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Record) record = store_get(store, ref, &error);
    Field field;

    ck_assert_msg(record != NULL, "%s", error ? error->message : ref);
    ck_assert(field_parse(name, &field));
    ck_assert_msg(g_strcmp0(record_get(record, field), expected) == 0, "%s of %s is '%s', not '%s'",
                  name, ref, record_get(record, field), expected);
}

G_GNUC_UNUSED static void assert_mention(const char *ref, const char *role, MentionField field,
                                         const char *expected)
{
    g_autoptr(Record) record = store_get(store, ref, NULL);
    const Mention *mention;

    ck_assert_msg(record != NULL, "%s", ref);
    mention = record_find_mention(record, role);
    ck_assert_msg(mention != NULL || !expected, "%s has no %s", ref, role);
    ck_assert_msg(!mention || g_strcmp0(mention->value[field], expected) == 0, "%s of %s of %s: %s",
                  mention_field_name(field), role, ref, mention ? mention->value[field] : "");
}

static int run_suite(const char *name, void (*fill)(TCase *tcase))
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 300);
    tcase_add_unchecked_fixture(tcase, rules_up, rules_down);
    tcase_add_checked_fixture(tcase, up, down);
    suite_add_tcase(suite, tcase);
    fill(tcase);
    return suite_run_here(suite);
}

#endif
