/*
 * A directory of rules of a test's own, beside a scratch store of two traces. Synthetic.
 */
#ifndef CROSSTRACE_TESTS_INDICATOR_DIRECTORY_H
#define CROSSTRACE_TESTS_INDICATOR_DIRECTORY_H

#include "tests/unit/indicator/world.h"

static Scratch scratch;
static char *rules_dir;

static inline char *in_rules(const char *name)
{
    return g_build_filename(rules_dir, "indicators", name, NULL);
}

static inline void put_file(const char *name, const char *text)
{
    g_autofree char *path = in_rules(name);
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static inline void put_rule(const char *id, const char *more, const char *bits, const char *select)
{
    g_autofree char *name = g_strconcat(id, ".sql", NULL);
    g_autofree char *text =
        g_strdup_printf("-- id: %s\n-- rev: 2\n-- title: T\n-- bits: %s\n"
                        "-- example: hit a.case\n-- example: miss a.case\n%s%s\n%s\n",
                        id, bits, more, *more ? "\n" : "", select);
    put_file(name, text);
}

static inline void setup(void)
{
    scratch_open(&scratch);
    rules_dir = g_build_filename(scratch.folder, "rules", NULL);
    put_file("a.case", "x\n");
    world_put(scratch.store, "atf-trace:1 event_date=2023-01-01\n"
                             "atf-trace:2 event_date=2023-01-02");
}

static inline void teardown(void)
{
    scratch_close(&scratch);
    g_clear_pointer(&rules_dir, g_free);
}

static inline Indicators *load(void)
{
    g_autoptr(GError) error = NULL;
    Indicators *rules = indicators_load(rules_dir, &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
    return rules;
}

#define ROW(bits)                                                                                  \
    "SELECT 's' AS subject, record, " bits " AS bits, 'e' AS explanation FROM firearms"

#endif
