/*
 * Folding, keys, blanks, terminal safety, numbers: what the other rooms take for granted about
 * text, in both languages.
 */
#include "engine/base/text.h"

#include <locale.h>
#include <string.h>

#include "tests/unit/base/suite.h"

typedef struct {
    const char *in, *out;
} Pair;

typedef char *(*Fold)(const char *text);

static void check_pairs(Fold fold, const Pair *pairs, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *got = fold(pairs[i].in);

        ck_assert_str_eq(got, pairs[i].out);
    }
}

START_TEST(test_fold)
{
    static const Pair PAIRS[] = {
        {"Montréal", "MONTREAL"},
        {"l’arme à feu", "L'ARME A FEU"},
        {"cœur, ex æquo, Straße", "COEUR, EX AEQUO, STRASSE"},
        {"Noe\xCC\x88l", "NOEL"}, /* combining diaeresis */
        {"Ÿ ç Î û", "Y C I U"},
        {"Sør-Łódź ı", "SOR-LODZ I"},
        {"Nguy\xE1\xBB\x85n", "NGUYEN"}, /* two marks on one letter */
        {"« 2019–2020 »", "\" 2019-2020 \""},
        {"ﬁn", "FIN"},
        {"9 mm, 12 ga.", "9 MM, 12 GA."},
        {"№ 5", "№ 5"}, /* other characters stay */
        {"", ""},
        {"a\xE9z", "A\xEF\xBF\xBDZ"}, /* a stray Windows-1252 byte */
    };

    check_pairs(text_fold, PAIRS, G_N_ELEMENTS(PAIRS));
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++)
        ck_assert(!text_is_folded(PAIRS[i].in) || strcmp(PAIRS[i].in, PAIRS[i].out) == 0);
    ck_assert(text_is_folded("") && text_is_folded("9 MM, 12 GA."));
    ck_assert(!text_is_folded("9 mm") && !text_is_folded("\xC3\x89T\xC3\x89"));
}
END_TEST

START_TEST(test_fold_ignores_the_locale)
{
    g_autofree char *got = NULL;

    setlocale(LC_ALL, "tr_TR.UTF-8");
    got = text_fold("milli");
    setlocale(LC_ALL, "C");
    ck_assert_str_eq(got, "MILLI");
}
END_TEST

START_TEST(test_key)
{
    static const Pair PAIRS[] = {
        {"No. de série", "NODESERIE"},          {"serial_number", "SERIALNUMBER"}, {"  S/N ", "SN"},
        {"État (n° de série)", "ETATNDESERIE"}, {"Smith & Wesson", "SMITHWESSON"}, {"???", ""},
    };

    check_pairs(text_key, PAIRS, G_N_ELEMENTS(PAIRS));
}
END_TEST

START_TEST(test_squeeze)
{
    static const Pair PAIRS[] = {
        {"  a \t b  ", "a b"},
        {"a\xC2\xA0\xC2\xA0z", "a z"},
        {"\xE2\x80\x8BHAA\xE2\x80\x8B 12", "HAA 12"},
        {" \xC2\xA0 ", ""},
        {"Été  à", "Été à"},
        {"a\r\nb", "a b"},
    };

    check_pairs(text_squeeze, PAIRS, G_N_ELEMENTS(PAIRS));
}
END_TEST

START_TEST(test_present)
{
    ck_assert_ptr_null(text_present(NULL));
    ck_assert_ptr_null(text_present(""));
    ck_assert_ptr_null(text_present(" \t\xC2\xA0\xE2\x80\x8B"));
    ck_assert_str_eq(text_present(" 0"), " 0");
    ck_assert_str_eq(text_present(" \xE9"), " \xE9");
    ck_assert(text_is_digits("0") && text_is_digits("0123456789"));
    ck_assert(!text_is_digits("") && !text_is_digits("12 ") && !text_is_digits("-1"));
    ck_assert(!text_is_digits("1.0") && !text_is_digits("\u0661"));
}
END_TEST

START_TEST(test_for_terminal)
{
    static const Pair PAIRS[] = {
        {"plain é\ttab\n", "plain é\ttab\n"},
        {"\x1B[31mred\x07", "\\x1B[31mred\\x07"},
        {"del\x7F", "del\\x7F"},
        {"c1 \xC2\x9B", "c1 \\u{009B}"},
        {"abc\xE2\x80\xAE"
         "def",
         "abc\\u{202E}def"},
        {"\xE2\x81\xA6iso", "\\u{2066}iso"},
        {"bad \xFF\xC3", "bad \\xFF\\xC3"},
        {"cr\rx", "cr\\x0Dx"},
    };

    check_pairs(text_for_terminal, PAIRS, G_N_ELEMENTS(PAIRS));
}
END_TEST

START_TEST(test_nearest)
{
    TextNearest nearest;
    text_nearest_init(&nearest, "Glokc");
    text_nearest_offer(&nearest, "TAURUS");
    ck_assert_ptr_null(nearest.best); /* too far */
    text_nearest_offer(&nearest, "G-LOCK");
    text_nearest_offer(&nearest, "CLOCK");
    ck_assert_str_eq(nearest.best, "G-LOCK");
    ck_assert_uint_eq(nearest.distance, 2);
    text_nearest_offer(&nearest, "gloc");
    ck_assert_str_eq(nearest.best, "gloc");
    text_nearest_clear(&nearest);
}
END_TEST

START_TEST(test_ref_encode)
{
    static const Pair PAIRS[] = {
        {"4531-23-0147/1", "4531-23-0147/1"},
        {"a:b;c%d e", "a%3Ab%3Bc%25d%20e"},
        {"no\xC2\xA0"
         "break",
         "no%C2%A0break"},
        {"é", "é"},
    };

    check_pairs(text_ref_encode, PAIRS, G_N_ELEMENTS(PAIRS));
}
END_TEST

START_TEST(test_sha256)
{
    g_autofree char *all = text_sha256("abc", -1);
    g_autofree char *part = text_sha256("abcdef", 3);

    ck_assert_str_eq(all, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_eq(part, all);
}
END_TEST

START_TEST(test_number)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } CASES[] = {{3.14159, 2, "3.14"}, {-0.001, 2, "0.00"}, {-0.01, 2, "-0.01"}, {0, 0, "0"},
                 {-0.4, 0, "0"},       {1e6, 0, "1000000"}, {0.5, 3, "0.500"}};

    setlocale(LC_ALL, "fr_CA.UTF-8");
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *got = text_number(CASES[i].value, CASES[i].decimals);

        ck_assert_str_eq(got, CASES[i].text);
    }
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(test_probability)
{
    static const struct {
        double value;
        const char *text;
    } CASES[] = {{0, "0.0000"},
                 {0.99984, "0.9998"},
                 {0.99996, "0.9999"},
                 {0.9999999, "0.9999"},
                 {1, "1.0000"}};

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *got = text_probability(CASES[i].value);

        ck_assert_str_eq(got, CASES[i].text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_fold,        test_fold_ignores_the_locale,
                                  test_key,         test_squeeze,
                                  test_present,     test_for_terminal,
                                  test_nearest,     test_ref_encode,
                                  test_sha256,      test_number,
                                  test_probability, NULL};

    return suite_run_list("base/text", tests);
}
