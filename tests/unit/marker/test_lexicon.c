/*
 * Lexicon files: the shipped ones pass their own examples; broken ones are refused with file and
 * line; a pattern that fails while matching is named and switched off; the prefilter never loses
 * what a pattern would find.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/marker/lexicon.h"
#include "tests/unit/suite.h"

#define HEAD "[lexicon]\nid=own\nrev=1\ncategory=PMF\nsource=test\n"

/* A rules directory with the shipped markers.ini and one lexicon. */
static char *rules_dir(const char *lexicon)
{
    g_autofree char *settings = NULL;
    char *dir = g_dir_make_tmp("marker-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(dir, "markers", NULL);
    g_autofree char *file = g_build_filename(folder, "own.ini", NULL);
    g_autofree char *copy = g_build_filename(dir, "markers.ini", NULL);
    ck_assert_int_eq(g_mkdir(folder, 0700), 0);
    ck_assert(g_file_get_contents("rules/markers.ini", &settings, NULL, NULL));
    ck_assert(g_file_set_contents(copy, settings, -1, NULL));
    ck_assert(g_file_set_contents(file, lexicon, -1, NULL));
    return dir;
}

static void rules_remove(const char *dir)
{
    static const char *const parts[] = {"markers/own.ini", "markers/second.ini", "markers.ini",
                                        "markers", "."};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(dir, parts[i], NULL);
        if (strcmp(parts[i], ".") == 0)
            g_rmdir(dir);
        else
            g_remove(path);
    }
}

static MarkerRules *load(const char *lexicon, GError **error)
{
    g_autofree char *dir = rules_dir(lexicon);
    MarkerRules *rules = marker_rules_load(dir, error);
    rules_remove(dir);
    return rules;
}

static void report(const char *lexicon, const char *pattern, const char *example, gboolean ok,
                   gpointer data)
{
    ck_assert_msg(ok, "%s/%s: '%s'", lexicon, pattern, example);
    (*(guint *)data)++;
}

START_TEST(shipped_examples_hold)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", &error);
    guint n = 0;
    ck_assert_msg(rules != NULL, "%s", error != NULL ? error->message : "");
    ck_assert(marker_rules_test(rules, report, &n));
    ck_assert_uint_gt(n, 300);
}
END_TEST

static void visit(const char *id, int rev, const char *category, const char *file, gpointer data)
{
    MarkCategory known = MARK_PMF;
    ck_assert(*id != '\0' && rev >= 1 && g_str_has_suffix(file, ".ini"));
    ck_assert(category_parse(category, &known));
    *(guint *)data |= 1u << known;
}

START_TEST(every_category_has_a_lexicon)
{
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", NULL);
    guint seen = 0;
    marker_rules_visit(rules, visit, &seen);
    ck_assert_uint_eq(seen, (1u << MARK_CATEGORIES) - 1);
}
END_TEST

START_TEST(broken_lexicon_is_refused)
{
    static const struct {
        const char *text;
        const char *says;
    } table[] = {
        {"[lexicon]\nrev=1\ncategory=PMF\n", "own.ini:1:"},
        {"[lexicon]\nid=own\nrev=1\ncategory=GHOST\n", "own.ini:4:"},
        {"[lexicon]\nid=own\nrev=none\ncategory=PMF\n", "own.ini:3:"},
        {HEAD "colour=red\n", "own.ini:6:"},
        {HEAD "[patern x]\nmatch=ABC\nbits=1\nhit=abc\n", "own.ini:6:"},
        {HEAD "[pattern x]\nbits=1\nhit=abc\n", "own.ini:6:"},
        {HEAD "[pattern x]\nmatch=ABC\nhit=abc\n", "own.ini:6:"},
        {HEAD "[pattern x]\nmatch=ABC\nbits=1\n", "own.ini:6:"},
        {HEAD "[pattern x]\nmatch=AB(C\nbits=1\nhit=abc\n", "own.ini:7:"},
        {HEAD "[pattern x]\nmatch=A*\nbits=1\nhit=abc\n", "own.ini:7:"},
        {HEAD "[pattern x]\nmatch=ABC\nunless=[\nbits=1\nhit=abc\n", "own.ini:8:"},
        {HEAD "[pattern x]\nmatch=ABC\nbits=many\nhit=abc\n", "own.ini:8:"},
        {HEAD "[pattern x]\nmatch=ABC\nbits=1\nwindow=-4\nhit=abc\n", "own.ini:9:"},
        {HEAD "[pattern x]\nlanguage=de\nmatch=ABC\nbits=1\nhit=abc\n", "own.ini:7:"},
        {HEAD "[pattern x]\nfields=narative\nmatch=ABC\nbits=1\nhit=abc\n", "narrative"},
        {HEAD "[pattern x]\nmatch=ABC\nmatch=ABD\nbits=1\nhit=abc\n", "own.ini:8:"},
        {HEAD "[pattern x]\nmatch=ABC\nbits=1\nhit=abc\n[pattern x]\nmatch=ABD\n", "own.ini:10:"},
        {HEAD "[pattern x]\nmatch=ABC\nbits=1\nhits=abc\n", "own.ini:9:"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(MarkerRules) rules = load(table[i].text, &error);
        ck_assert_msg(rules == NULL, "case %u was taken", i);
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, table[i].says) != NULL, "case %u: '%s'", i,
                      error->message);
    }
}
END_TEST

/* Marks say which lexicon they are from: no two may have one id. */
START_TEST(an_id_is_taken_once)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = rules_dir(HEAD "[pattern x]\nmatch=ABC\nbits=1\nhit=abc\n");
    g_autofree char *second = g_build_filename(dir, "markers/second.ini", NULL);
    ck_assert(
        g_file_set_contents(second, HEAD "[pattern y]\nmatch=ABD\nbits=1\nhit=abd\n", -1, NULL));
    g_autoptr(MarkerRules) rules = marker_rules_load(dir, &error);
    rules_remove(dir);
    ck_assert_ptr_null(rules);
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, "second.ini:2:") && strstr(error->message, "own.ini"),
                  "%s", error->message);
}
END_TEST

START_TEST(missing_folder_is_a_broken_configuration)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(marker_rules_load("tests/no-such-rules", &error));
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
}
END_TEST

static void note_bad(G_GNUC_UNUSED const char *lexicon, const char *pattern, const char *example,
                     gboolean ok, gpointer data)
{
    if (!ok)
        g_string_append_printf(data, "%s: %s\n", pattern, example);
}

/* One example that does not hold is enough, whatever comes after it. */
START_TEST(a_wrong_example_fails_the_test)
{
    g_autoptr(MarkerRules) rules =
        load(HEAD "[pattern bad]\nmatch=ABC\nbits=1\nhit=xyz\nmiss=abc\n"
                  "[pattern good]\nmatch=DEF\nbits=1\nhit=def\nmiss=abc\n",
             NULL);
    ck_assert_ptr_nonnull(rules);
    g_autoptr(GString) bad = g_string_new(NULL);
    ck_assert(!marker_rules_test(rules, note_bad, bad));
    ck_assert_str_eq(bad->str, "bad: xyz\nbad: abc\n");
    ck_assert(!marker_rules_test(rules, NULL, NULL));
}
END_TEST

/* Letters that no table holds ready are folded like any other; blanks of any
 * kind are one blank; marks and what has no width vanish. */
START_TEST(rare_letters_are_folded)
{
    static const struct {
        const char *text, *folded;
    } table[] = {
        {"Vi\xe1\xbb\x87t 19", "VIET 19"},
        {"a\xe2\x80\x83 \t b", "A B"},
        {"gh\xe2\x80\x8bost", "GHOST"},
    };
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        Folded folded = fold_text(rules->fold, table[i].text);
        ck_assert_msg(strcmp(folded.text, table[i].folded) == 0, "%u: '%s'", i, folded.text);
        ck_assert_uint_eq(folded.length, strlen(folded.text));
        folded_clear(&folded);
    }
}
END_TEST

/* The failing pattern is off and named; the others go on. */
START_TEST(failing_pattern_is_named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MarkerRules) rules =
        load(HEAD "[pattern bad]\nmatch=(?:(?:A|AA|AAA)+)+[XY]$\nbits=9\nhit=aax\n"
                  "[pattern good]\nmatch=GHOST GUN\nbits=12\nhit=ghost gun\n",
             &error);
    g_autofree char *letters = g_strnfill(5000, 'A');
    g_autofree char *text = g_strconcat("ghost gun ", letters, "B", NULL);
    MarkText narrative = {.field = "narrative", .text = text};
    ck_assert_msg(rules != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_ptr_null(marker_failures(rules));
    for (guint round = 0; round < 2; round++) {
        g_autoptr(GArray) markers = marker_scan(rules, &narrative, 1, NULL);
        ck_assert_uint_eq(markers->len, 1);
    }
    ck_assert_ptr_nonnull(marker_failures(rules));
    ck_assert_ptr_nonnull(strstr(marker_failures(rules), "own@1/bad"));
    ck_assert_ptr_null(strstr(marker_failures(rules), "good"));
    ck_assert_ptr_null(strchr(marker_failures(rules), '\n'));
}
END_TEST

/* Against brute force: whatever a pattern matches, the prefilter lets through. */
START_TEST(prefilter_loses_nothing)
{
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", NULL);
    g_autoptr(GPtrArray) rows = csv_read_all("tests/unit/marker/narratives.csv", NULL);
    g_autofree guint8 *flags = g_new0(guint8, rules->patterns->len + 2 * rules->contexts->len + 1);
    guint matches = 0, skipped = 0;
    for (guint i = 1; i < rows->len; i++) {
        Folded folded = fold_text(rules->fold, ((char **)g_ptr_array_index(rows, i))[2]);
        prefilter_run(rules_prefilter(rules), folded.text, folded.length, flags);
        for (guint p = 0; p < rules->patterns->len; p++) {
            const Pattern *pattern = &g_array_index(rules->patterns, Pattern, p);
            gssize start = 0, end = 0;
            gboolean match = regex_match(pattern->match, folded.text, folded.length, 0, &start,
                                         &end) == REGEX_MATCH;
            ck_assert_msg(!match || flags[p] != 0, "%s: %s", pattern->rule, folded.text);
            matches += match;
            skipped += flags[p] == 0;
        }
        folded_clear(&folded);
    }
    ck_assert_uint_gt(matches, 200);
    ck_assert_uint_gt(skipped, 20 * matches);
}
END_TEST

/* The same of contexts: what stands before or after any place of a text. */
START_TEST(contexts_lose_nothing)
{
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", NULL);
    g_autoptr(GPtrArray) rows = csv_read_all("tests/unit/marker/narratives.csv", NULL);
    guint n = rules->patterns->len, matches = 0;
    g_autofree guint8 *flags = g_new0(guint8, n + 2 * rules->contexts->len + 1);
    for (guint i = 1; i < rows->len; i += 9) {
        Folded folded = fold_text(rules->fold, ((char **)g_ptr_array_index(rows, i))[2]);
        prefilter_run(rules_prefilter(rules), folded.text, folded.length, flags);
        for (gsize at = 0; at <= folded.length; at++) {
            gsize place = at > 0 && (folded.text[at] & 0xC0) == 0x80 ? 0 : at;
            for (guint c = 0; c < rules->contexts->len; c++) {
                const Context *context = &g_array_index(rules->contexts, Context, c);
                gssize start = 0, end = 0;
                gboolean before =
                    context->before != NULL && regex_match(context->before, folded.text, place, 0,
                                                           &start, &end) == REGEX_MATCH;
                gboolean after = context->after != NULL &&
                                 regex_match(context->after, folded.text + place,
                                             folded.length - place, 0, &start, &end) == REGEX_MATCH;
                ck_assert_msg(!before || flags[n + 2 * c], "%s: %s", context->name, folded.text);
                ck_assert_msg(!after || flags[n + 2 * c + 1], "%s: %s", context->name, folded.text);
                matches += before + after;
            }
        }
        folded_clear(&folded);
    }
    ck_assert_uint_gt(matches, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lexicon");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, shipped_examples_hold);
    tcase_add_test(tests, every_category_has_a_lexicon);
    tcase_add_test(tests, broken_lexicon_is_refused);
    tcase_add_test(tests, an_id_is_taken_once);
    tcase_add_test(tests, missing_folder_is_a_broken_configuration);
    tcase_add_test(tests, failing_pattern_is_named);
    tcase_add_test(tests, a_wrong_example_fails_the_test);
    tcase_add_test(tests, rare_letters_are_folded);
    tcase_add_test(tests, prefilter_loses_nothing);
    tcase_add_test(tests, contexts_lose_nothing);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
