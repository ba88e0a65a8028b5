/*
 * The tables of words, rules/tables/notation_*.csv, as the program has them built in; what is read
 * with them is tests/unit/serial's.
 */
#include <check.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/notation/tables.h"
#include "tests/unit/suite.h"

static GPtrArray *table(const char *name)
{
    g_autofree char *path = g_strdup_printf("rules/tables/notation_%s.csv", name);
    GPtrArray *rows = csv_read_all(path, NULL);
    ck_assert_ptr_nonnull(rows);
    return rows;
}

static const PhraseEntry *entry_of(const char *words)
{
    const guchar begin = (guchar)words[0];
    for (guint i = NOTATION_PHRASE_FROM[begin]; i < NOTATION_PHRASE_FROM[begin + 1]; i++)
        if (strcmp(NOTATION_PHRASE[i].words, words) == 0)
            return &NOTATION_PHRASE[i];
    return NULL;
}

/* Every phrase of the table is found, whole, and as what it means. */
START_TEST(test_phrases)
{
    g_autoptr(GPtrArray) rows = table("phrases");
    ck_assert_uint_gt(rows->len, 1000);
    for (guint i = 1; i < rows->len; i++) {
        char **cell = g_ptr_array_index(rows, i);
        gsize length;
        const PhraseEntry *entry = entry_of(cell[2]);
        const Phrase *found = notation_phrase(cell[2], &length);
        ck_assert_msg(entry != NULL, "'%s' is not built in", cell[2]);
        ck_assert_str_eq(entry->phrase.taken_for != NULL ? entry->phrase.taken_for : "", cell[1]);
        if (strpbrk(cell[2], "%$") != NULL || notation_listed(LIST_LABEL_OR_PREFIX, cell[2]))
            continue;
        ck_assert_msg(found != NULL && found->kind == entry->phrase.kind, "'%s'", cell[2]);
        ck_assert_uint_eq(length, strlen(cell[2]));
    }
}
END_TEST

START_TEST(test_words)
{
    g_autoptr(GPtrArray) rows = table("remarks");
    ck_assert_uint_gt(rows->len, 400);
    for (guint i = 1; i < rows->len; i++) {
        char **cell = g_ptr_array_index(rows, i);
        int value, want = (int)g_ascii_strtoll(cell[1], NULL, 10);
        ck_assert_msg(remark_class(cell[2], strlen(cell[2]), &value) != REMARK_OTHER, "'%s'",
                      cell[2]);
        ck_assert_int_eq(value, want);
    }
}
END_TEST

START_TEST(test_lists)
{
    g_autoptr(GPtrArray) rows = table("lists");
    guint built = 0;
    for (guint i = 0; i < LISTS; i++) {
        ck_assert_uint_gt(NOTATION_LISTS[i].n, 0);
        built += NOTATION_LISTS[i].n;
    }
    ck_assert_uint_eq(built, rows->len - 1);
}
END_TEST

/* A table that is broken is refused with its file and line. */
START_TEST(test_refused)
{
    static const struct {
        const char *file, *line, *told;
    } cases[] = {
        {"phrases", "none,,NONE", "notation_phrases.csv:%u: 'NONE' stands in line 2 already"},
        {"phrases", "none,,None", "notation_phrases.csv:%u: 'None' is no folded text"},
        {"phrases", "none", "notation_phrases.csv:%u: no line of three cells"},
        {"remarks", "fill,,X", "notation_remarks.csv:%u: a character alone is no word"},
        {"remarks", "place,a,XTH", "notation_remarks.csv:%u: 'a' is no number"},
        {"lists", "maker,,", "notation_lists.csv:%u: '' is no folded text"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *dir = g_dir_make_tmp("notation-XXXXXX", NULL);
        g_autofree char *command = g_strdup_printf(
            "sh -c 'cp rules/tables/notation_*.csv %s && echo \"%s\" >>%s/notation_%s.csv; "
            "scripts/notation-tables %s; code=$?; rm -r %s; exit $code'",
            dir, cases[i].line, dir, cases[i].file, dir, dir);
        g_autoptr(GPtrArray) rows = table(cases[i].file);
        g_autofree char *out = NULL, *err = NULL;
        g_auto(GStrv) told = g_strsplit(cases[i].told, "%u", 2);
        g_autofree char *want = g_strdup_printf("%s%u%s", told[0], rows->len + 1, told[1]);
        int status;
        ck_assert(g_spawn_command_line_sync(command, &out, &err, &status, NULL));
        ck_assert_int_ne(status, 0);
        ck_assert_msg(strstr(err, want) != NULL, "%s: %s", want, err);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phrases");
    TCase *tests = tcase_create("phrases");
    tcase_add_test(tests, test_phrases);
    tcase_add_test(tests, test_words);
    tcase_add_test(tests, test_lists);
    tcase_add_test(tests, test_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
