/*
 * Precision and recall per category on the labelled narratives beside this file (synthetic, half
 * of them traps). A label PMF_KIT or PRINTED includes PMF. What goes wrong is printed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/marker/marker.h"
#include "tests/unit/suite.h"

#define NARRATIVES "tests/unit/marker/narratives.csv"
#define GOAL       0.98

typedef struct {
    guint right, extra, missed;
} Count;

static guint labels_of(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint set = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        MarkCategory category = MARK_PMF;
        if (*words[i] == '\0')
            continue;
        ck_assert_msg(category_parse(words[i], &category), "label %s", words[i]);
        set |= 1u << category;
    }
    if ((set & (1u << MARK_PMF_KIT | 1u << MARK_PRINTED)) != 0)
        set |= 1u << MARK_PMF;
    return set;
}

static guint found_in(const MarkerRules *rules, const char *text)
{
    MarkText narrative = {.field = "narrative", .text = text};
    g_autoptr(GArray) markers = marker_scan(rules, &narrative, 1, NULL);
    guint set = 0;
    for (guint i = 0; i < markers->len; i++)
        set |= 1u << g_array_index(markers, Marker, i).category;
    return set;
}

static void count(Count *counts, guint want, guint got, const char *text)
{
    for (guint c = 0; c < MARK_CATEGORIES; c++) {
        gboolean wanted = want >> c & 1, present = got >> c & 1;
        counts[c].right += wanted && present;
        counts[c].extra += !wanted && present;
        counts[c].missed += wanted && !present;
        if (wanted != present)
            printf("%s %s: %s\n", wanted ? "missed" : "extra", category_name((MarkCategory)c),
                   text);
    }
}

START_TEST(narratives_reach_the_goal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", &error);
    g_autoptr(GPtrArray) rows = csv_read_all(NARRATIVES, &error);
    Count counts[MARK_CATEGORIES] = {{0}};
    ck_assert_msg(rules != NULL && rows != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_uint_ge(rows->len, 600);
    for (guint i = 1; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        count(counts, labels_of(row[1]), found_in(rules, row[2]), row[2]);
    }
    for (guint c = 0; c < MARK_CATEGORIES; c++) {
        double hits = counts[c].right;
        double precision = hits / MAX(1, hits + counts[c].extra);
        double recall = hits / MAX(1, hits + counts[c].missed);
        printf("%-18s n %3.0f precision %.3f recall %.3f\n", category_name((MarkCategory)c),
               hits + counts[c].missed, precision, recall);
        ck_assert_uint_ge(counts[c].right, 10);
        ck_assert_double_ge(precision, GOAL);
        ck_assert_double_ge(recall, GOAL);
    }
    ck_assert_ptr_null(marker_failures(rules));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("narratives");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, narratives_reach_the_goal);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
