/*
 * Patterns under limits: a match where the JIT of Debian 12 sees none, a failure that is never
 * "no match", patterns that may not lift their own limits.
 */
#include "engine/base/regex.h"

#include <string.h>
#include <time.h>

#include "tests/unit/base/suite.h"

static Regex *compile(const char *pattern)
{
    g_autoptr(GError) error = NULL;
    Regex *regex = regex_new(pattern, &error);

    ck_assert_msg(regex != NULL, "%s", error ? error->message : "");
    return regex;
}

START_TEST(test_match_and_offsets)
{
    g_autoptr(Regex) regex = compile("\\b(P80|PF940(C)?)\\b");
    const char *text = "É polymer pf940, P80 frame";
    gssize start, end;

    ck_assert_int_eq(regex_match(regex, text, strlen(text), 0, &start, &end), REGEX_MATCH);
    ck_assert_int_eq(start, 11);
    ck_assert_int_eq(end, 16);
    ck_assert_int_eq(regex_match(regex, text, strlen(text), (gsize)end, &start, &end), REGEX_MATCH);
    ck_assert_int_eq(start, 18);
    ck_assert_int_eq(regex_match(regex, text, strlen(text), 21, &start, &end), REGEX_NO_MATCH);
    ck_assert_int_eq(start, -1);
}
END_TEST

START_TEST(test_caseless_in_french)
{
    g_autoptr(Regex) regex = compile("NUMÉRO OBLITÉRÉ");
    const char *text = "le numéro oblitéré";
    gssize start, end;

    ck_assert_int_eq(regex_match(regex, text, strlen(text), 0, &start, &end), REGEX_MATCH);
}
END_TEST

/* PCRE2Project/pcre2#336: the JIT of 10.42 loses this one. */
START_TEST(test_match_that_the_jit_loses)
{
    g_autoptr(Regex) regex = compile("(1|)b*1");
    gssize start, end;

    ck_assert_int_eq(regex_match(regex, "1", 1, 0, &start, &end), REGEX_MATCH);
}
END_TEST

START_TEST(test_limits_fail_and_say_why)
{
    g_autoptr(Regex) slow = compile("^(a+)+$");
    g_autoptr(Regex) plain = compile("b");
    g_autoptr(GString) text = g_string_new(NULL);
    gssize start, end;

    for (guint i = 0; i < 40; i++)
        g_string_append_c(text, 'a');
    g_string_append_c(text, '!');
    ck_assert_int_eq(regex_match(slow, text->str, text->len, 0, &start, &end), REGEX_FAILED);
    ck_assert_ptr_nonnull(strstr(regex_failure(slow), "limit"));
    ck_assert_int_eq(regex_match(slow, "aaa", 3, 0, &start, &end), REGEX_MATCH);
    while (text->len <= 64 * 1024)
        g_string_append(text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    ck_assert_int_eq(regex_match(plain, text->str, text->len, 0, &start, &end), REGEX_FAILED);
    ck_assert_ptr_nonnull(strstr(regex_failure(plain), "64 KiB"));
}
END_TEST

/* R13: whatever a pattern is made of, a match in a narrative ends within its budget: 50 ms on a
 * quiet machine, some more under a sanitizer. The limit counts anew from each place where a match
 * may start, and a reference back is one step however long: the time grows with the square or the
 * cube of the text, up to its 64 KiB. */
#define HOSTILE     30
#define TEXT        1000
#define BUDGET_MS   50
#define MUCH_SLOWER 10

START_TEST(test_every_match_ends)
{
    static const char *const patterns[HOSTILE] = {"(a+)+$",
                                                  "([a-zA-Z]+)*$",
                                                  "(a|aa)+$",
                                                  "(a|a?)+$",
                                                  "(.*a){20}$",
                                                  "(a*)*b",
                                                  "(a*)*$",
                                                  "(a+){10}b",
                                                  "((a+)+)+$",
                                                  "(a|b|ab)*c",
                                                  "(?:a?){30}a{30}",
                                                  "(\\w+\\s?)+$",
                                                  "^(([a-z])+.)+[A-Z]",
                                                  "(a+)\\1+b",
                                                  "(.+)\\1\\1$",
                                                  "(?=(a+))a*b\\1",
                                                  "(?<=a)(a+)+$",
                                                  "(?<!b)(a+)+$",
                                                  "(a(?R)?)+$",
                                                  "(?:(?:a)*)*b",
                                                  "(x+x+)+y",
                                                  "(a+a+)+b",
                                                  "^(a?){25}(a){25}$",
                                                  "(.*)(.*)(.*)(.*)(.*)[^a]$",
                                                  "(\\d+)*x",
                                                  "(?:[^b]*)*b$",
                                                  "(a{1,20}){1,20}b",
                                                  "(?>a+)+(a+)+b",
                                                  "(?i:(A|aa)+)B",
                                                  "(|a)+$"};
    g_autofree char *letters = g_strnfill(TEXT, 'a');
    const gsize sizes[] = {30, 200, TEXT};
    letters[TEXT - 1] = '!';
    for (guint p = 0; p < HOSTILE; p++) {
        g_autoptr(Regex) regex = regex_new(patterns[p], NULL);
        gssize start, end;

        for (guint s = 0; regex && s < G_N_ELEMENTS(sizes); s++) {
            const char *subject = letters + (TEXT - sizes[s]);
            clock_t begun = clock();
            RegexResult result = regex_match(regex, subject, sizes[s], 0, &start, &end);
            double ms = (double)(clock() - begun) * 1000 / CLOCKS_PER_SEC;

            ck_assert_msg(ms < BUDGET_MS * MUCH_SLOWER, "%s: %zu: %.0f ms", patterns[p], sizes[s],
                          ms);
            ck_assert_msg(result != REGEX_FAILED || *regex_failure(regex), "%s", patterns[p]);
        }
    }
}
END_TEST

START_TEST(test_refused_patterns)
{
    static const char *const PATTERNS[] = {
        "(*LIMIT_MATCH=4000000000)a",
        "(*UTF)a",
        "(*NO_JIT)a",
        "a(?C1)b",
        "a\\Cb",
        "(unclosed",
        "[z-a]",
        "caf\xE9",
        "*",
    };
    g_autofree char *parens = g_strnfill(60, '(');
    g_autofree char *closed = g_strnfill(60, ')');
    g_autofree char *nested = g_strconcat(parens, "a", closed, NULL);
    g_autofree char *longest = g_strnfill(4096, 'a');
    g_autofree char *too_long = g_strnfill(4097, 'a');
    g_autoptr(GError) error = NULL;
    Regex *fits = compile(longest);

    regex_free(fits);

    for (guint i = 0; i < G_N_ELEMENTS(PATTERNS); i++) {
        ck_assert_msg(regex_new(PATTERNS[i], &error) == NULL, "'%s' was taken", PATTERNS[i]);
        error_is(&error, STATUS_CONFIG, "bad pattern");
    }
    ck_assert_ptr_null(regex_new(nested, &error));
    error_is(&error, STATUS_CONFIG, "bad pattern");
    ck_assert_ptr_null(regex_new(too_long, &error));
    error_is(&error, STATUS_CONFIG, "bad pattern");
}
END_TEST

START_TEST(test_empty_subject_and_far_start)
{
    g_autoptr(Regex) empty = compile("^$");
    gssize start, end;

    ck_assert_int_eq(regex_match(empty, "", 0, 0, &start, &end), REGEX_MATCH);
    ck_assert_int_eq(regex_match(empty, "", 0, 5, &start, &end), REGEX_NO_MATCH);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_match_and_offsets,
                                  test_caseless_in_french,
                                  test_match_that_the_jit_loses,
                                  test_limits_fail_and_say_why,
                                  test_every_match_ends,
                                  test_refused_patterns,
                                  test_empty_subject_and_far_start,
                                  NULL};

    return suite_run_list("base/regex", tests);
}
