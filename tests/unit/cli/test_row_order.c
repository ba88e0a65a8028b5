/*
 * The same rows in another order, in files loaded in another order, give the same report byte for
 * byte, and the same links, persons, markers and indicators. Lead reports of the formats that tell
 * of no line of a file are compared; whence a record came is another then.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static const char *const files[] = {"traces.csv", "seizures-en.csv", "saisies-fr.csv",
                                    "multiple-sales.csv"};

static char *run_well(const char *dir, const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status <= 1, "%s: status %d: %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* A sample's rows under its header, shuffled by the seed; 0: as they are. */
static void write_rows(const char *dir, const char *name, guint32 seed)
{
    g_autofree char *path = g_build_filename("data-samples", name, NULL), *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines) - 1; /* behind the last newline is nothing */
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    for (guint i = n - 1; seed && i > 1; i--) {
        guint other = (guint)g_rand_int_range(dice, 1, (gint32)i + 1);
        char *swap = lines[i];
        lines[i] = lines[other];
        lines[other] = swap;
    }
    g_autofree char *shuffled = g_strjoinv("\n", lines);
    ck_assert_uint_eq(strlen(shuffled), strlen(text));
    folder_write(dir, name, shuffled);
}

/* All that a store made of the samples says, one text after the other; g_free. */
static char *told(guint32 seed)
{
    static const char *const commands[] = {
        "report --format csv",  "report --format graphml", "report --format geojson",
        "report --format i2",   "export links --raw",      "export persons --raw",
        "export markers --raw", "export indicators --raw", "stats --corridors --format csv",
        "leads --format csv"};
    char *dir = folder_new(); /* freed with the folder */
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        const char *name = files[seed ? G_N_ELEMENTS(files) - 1 - i : i];
        g_autofree char *line = g_strconcat("--as-of 2024-07-01 -q load ", name, NULL);
        write_rows(dir, name, seed);
        g_free(run_well(dir, line));
    }
    g_free(run_well(dir, "--as-of 2024-07-01 -q correlate"));
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *line = g_strconcat("--as-of 2024-07-01 -q ", commands[i], NULL);
        g_autofree char *out = run_well(dir, line);
        g_string_append_printf(all, "== %s\n%s", commands[i], out);
    }
    folder_remove(dir);
    return g_string_free(all, FALSE);
}

START_TEST(another_order_is_the_same_report)
{
    g_autofree char *as_they_are = told(0), *shuffled = told((guint32)_i);
    ck_assert_uint_gt(strlen(as_they_are), 20000); /* there is something to compare */
    ck_assert_ptr_nonnull(strstr(as_they_are, "trafficking"));
    ck_assert_str_eq(as_they_are, shuffled);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("row order");
    TCase *cases = tcase_create("row order");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, another_order_is_the_same_report, 1, 1 + suite_rounds(2));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
