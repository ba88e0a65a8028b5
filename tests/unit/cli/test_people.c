/*
 * Any list of people is a list by a profile of one's own: the public sets, each with its `--map`
 * file (maps/), are loaded and resolved through the program. How well is measured in the person
 * room; here stands that every row arrives and that as many people come out as there are, within a
 * tenth, where the set has enough in it to tell. Skipped, and said so, where the sets are not
 * there.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

typedef struct {
    const char *map, *files[2];
    guint mentions; /* rows that tell of somebody */
    guint people;   /* in truth; 0: the set does not tell them apart */
} Set;

static const Set SETS[] = {
    {"fake_1000", {"fake_1000/fake_1000.csv"}, 964, 0},
    {"febrl", {"febrl1/dataset1.csv"}, 1000, 500},
    {"febrl", {"febrl4/dataset4a.csv", "febrl4/dataset4b.csv"}, 10000, 5000},
    {"febrl", {"febrl_c10000/dataset_C_10000.csv"}, 10000, 6000},
    {"rldata", {"rldata10000/RLdata10000.csv"}, 10000, 9000},
    {"pseudopeople", {"pseudopeople_sample/women_infants_and_children.csv"}, 3105, 0},
    {"senzing", {"senzing_truthset/customers.csv"}, 120, 0},
    {"senzing", {"senzing_truthset/watchlist.csv"}, 17, 0},
    {"cdc_nbs", {"cdc_nbs/nbs_seed.csv"}, 1027, 0},
};

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

static char *data_file(const char *file)
{
    const char *root = g_getenv("CROSSTRACE_DATASETS");
    g_autofree char *path = g_build_filename(root ? root : "../shared/datasets", file, NULL);

    return g_canonicalize_filename(path, NULL);
}

static char *run(const char *line)
{
    Ran ran = program_run(dir, line);

    ck_assert_msg(ran.status <= 1, "%s: status %d: %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* Lines of `export persons`, and how many entities are in them. */
static guint count_people(const char *csv, guint *mentions)
{
    g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
    g_autoptr(GHashTable) entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    *mentions = 0;
    for (char **line = lines + 1; *line && **line; line++, ++*mentions) {
        ck_assert_msg(strstr(*line, ":person,") != NULL, "%s", *line);
        g_hash_table_add(entities, g_strndup(*line, strcspn(*line, ",")));
    }
    return g_hash_table_size(entities);
}

START_TEST(set_loads_and_resolves)
{
    const Set *set = &SETS[_i];
    g_autofree char *name = g_strconcat(set->map, ".ini", NULL);
    g_autofree char *map = g_build_filename("tests", "unit", "cli", "maps", name, NULL);
    g_autofree char *whole = g_canonicalize_filename(map, NULL);
    guint mentions;

    for (guint i = 0; i < G_N_ELEMENTS(set->files) && set->files[i]; i++) {
        g_autofree char *file = data_file(set->files[i]);
        g_autofree char *line = g_strdup_printf("--quiet load --map '%s' '%s'", whole, file);

        if (!g_file_test(file, G_FILE_TEST_EXISTS)) {
            g_print("skipped: %s is not there\n", set->files[i]);
            return;
        }
        g_free(run(line));
    }
    g_free(run("--quiet correlate"));
    g_autofree char *csv = run("--quiet export persons");
    guint people = count_people(csv, &mentions);

    ck_assert_msg(mentions == set->mentions, "%s: %u mentions", set->files[0], mentions);
    ck_assert_uint_lt(people, mentions);
    ck_assert_msg(set->people == 0 ||
                      (people * 10 >= set->people * 9 && people * 10 <= set->people * 11),
                  "%s: %u people of %u", set->files[0], people, set->people);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people");
    TCase *tests = tcase_create("people");

    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, set_loads_and_resolves, 0, G_N_ELEMENTS(SETS));
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
