/*
 * Sex, race, ethnicity, citizenship and age are no input: two loads of the samples that differ
 * only in such columns, filled with anything, give the same people, links and leads, byte for byte.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static const char HEADER[] =
    ",purchaser_sex,purchaser_race,purchaser_ethnicity,purchaser_citizenship,purchaser_age,"
    "possessor_sex,possessor_race,possessor_ethnicity,possessor_citizenship,possessor_age";

static char *sample(const char *name)
{
    char *text = NULL;
    g_autofree char *path = g_build_filename("data-samples", name, NULL);
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    return text;
}

/* The same rows with the columns behind them; no row of the sample goes over a line's end. */
static char *with_columns(const char *text)
{
    static const char *const values[] = {",M,W,N,USA,31,F,B,H,CAN,64", ",F,B,H,CAN,77,M,W,N,USA,19",
                                         ",X,A,N,MEX,,,,,,", ",,,,,,M,I,U,HTI,200"};
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] && *lines[i]; i++) {
        g_strchomp(lines[i]);
        g_string_append_printf(out, "%s%s\n", lines[i],
                               i == 0 ? HEADER : values[i * 7 / 3 % G_N_ELEMENTS(values)]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *said(const char *dir, const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status <= 1, "%s: %s", line, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* A folder with the samples loaded and correlated. */
static char *world_new(const char *traces, const char *rules)
{
    char *dir = folder_new();
    g_autofree char *seizures = sample("seizures-en.csv");
    g_autofree char *correlate = g_strdup_printf("--rules %s correlate --as-of 2024-06-30", rules);
    folder_write(dir, "traces.csv", traces);
    folder_write(dir, "seizures.csv", seizures);
    g_free(said(dir, "load traces.csv"));
    g_free(said(dir, "load seizures.csv"));
    g_free(said(dir, correlate));
    return dir;
}

START_TEST(columns_change_nothing)
{
    static const char *const shown[] = {"export persons", "export links", "export markers",
                                        "export indicators", "leads list --format csv"};
    g_autofree char *traces = sample("traces.csv");
    g_autofree char *extended = with_columns(traces);
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    ck_assert_str_ne(traces, extended);
    char *plain = world_new(traces, rules), *other = world_new(extended, rules);
    for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
        g_autofree char *a = said(plain, shown[i]), *b = said(other, shown[i]);
        ck_assert_msg(strchr(a, '\n') != NULL, "%s: nothing printed", shown[i]);
        ck_assert_msg(strcmp(a, b) == 0, "%s differs", shown[i]);
    }
    folder_remove(plain);
    folder_remove(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("protected");
    TCase *tests = tcase_create("protected");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, columns_change_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
