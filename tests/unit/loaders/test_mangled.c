/*
 * Letters encoded twice and characters written as HTML: what is mended, what is left alone, and
 * that a file which was encoded twice is read as it was meant, with its raw rows as they came.
 */
#include "tests/unit/loaders/fixture.h"

#include "loaders/mangled.h"

START_TEST(test_mended)
{
    static const char *const CASES[][2] = {
        {"QuÃ©bec", "Québec"},
        {"modÃ¨le", "modèle"},
        {"Ã‰RIC", "ÉRIC"},
        {"LÃƒÂ©vesque", "Lévesque"}, /* three times */
        {"lâ€™arme", "l’arme"},
        {"CÅ“ur", "Cœur"},
        {"NÂ° 12", "N° 12"},
        {"Nâ° 12", "N° 12"},
        {"SMITH &amp; WESSON", "SMITH & WESSON"},
        {"O&#39;BRIEN", "O'BRIEN"},
        {"L&#xE9;vesque", "Lévesque"},
        {"Montr&eacute;al", "Montréal"},
        /* as they should be */
        {"JOÃO", "JOÃO"},
        {"DÉCLARÉ »", "DÉCLARÉ »"},
        {"« É »", "« É »"},
        {"ÂGE", "ÂGE"},
        {"Ångström", "Ångström"},
        {"château", "château"},
        {"H&R", "H&R"},
        {"A&B;C", "A&B;C"},
        {"&;", "&;"},
        {"&#;", "&#;"},
        {"&#0;&#10;&#8238;", "&#0;&#10;&#8238;"},
        {"&#99999999;", "&#99999999;"},
        {"Ã", "Ã"},
        {"â€", "â€"},
        {"", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = g_strdup(CASES[i][0]);

        mangled_mend(text);
        ck_assert_str_eq(text, CASES[i][1]);
        ck_assert(g_utf8_validate(text, -1, NULL));
    }
}
END_TEST

/* Whatever valid text comes in: what comes out is valid and no longer. */
START_TEST(test_any_text)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    static const char *const PIECES[] = {"Ã", "Â",        "â", "€", "™", "\u00A0", "©", "&",
                                         "#", "amp;",     ";", "x", "3", "9",      "É", "ƒ",
                                         "Å", "\xC2\x90", "°", " ", "E", "\u200E", "“", "Ä"};

    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        gsize length;

        for (guint n = (guint)g_rand_int_range(random, 0, 12); n > 0; n--)
            g_string_append(text, PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        length = text->len;
        mangled_mend(text->str);
        ck_assert(g_utf8_validate(text->str, -1, NULL));
        ck_assert_uint_le(strlen(text->str), length);
    }
}
END_TEST

/* At every place of a block, its ends and a zero before it included; cut off behind, or something
 * else, it is none. */
START_TEST(test_may_be)
{
    static const struct {
        const char *bytes;
        gboolean may;
    } CASES[] = {{"\xC3\x83", TRUE},  {"\xC3\xA2", TRUE}, {"&#39;", TRUE}, {"&amp;", TRUE},
                 {"\xC3\xA9", FALSE}, {"&W", FALSE},      {"\xC3", FALSE}, {"&", FALSE}};
    char block[40];

    for (gsize k = 0; k < G_N_ELEMENTS(CASES); k++) {
        gsize n = strlen(CASES[k].bytes);

        for (gsize at = 0; at + n <= sizeof block; at++) {
            memset(block, 'A', sizeof block);
            block[at / 2] = '\0';
            memcpy(block + at, CASES[k].bytes, n);
            ck_assert_int_eq(mangled_may_be(block, sizeof block), CASES[k].may);
            ck_assert_int_eq(mangled_may_be(block, at + n), CASES[k].may);
            ck_assert(!mangled_may_be(block, at + n - 1));
        }
    }
    ck_assert(!mangled_may_be(block, 0));
}
END_TEST

START_TEST(test_file)
{
    const char *text = "no_saisie;no_article;date_saisie;marque;modÃ¨le;no_sÃ©rie;voyageur_nom;"
                       "voyageur_prÃ©nom\n"
                       "4531-23-0147;1;20/05/2023;\"S&amp;W\";M&P;HAA1234;LÃ‰VESQUE;Ã‰ric\n";
    LoadReport report = load_text(text);
    g_autoptr(Record) record = store_get(store, "cbsa-seizure:4531-23-0147/1", NULL);

    ck_assert_uint_eq(report.loaded, 1);
    ck_assert_uint_eq(report.warnings, 0);
    assert_field("cbsa-seizure:4531-23-0147/1", "serial_number", "HAA1234");
    assert_field("cbsa-seizure:4531-23-0147/1", "make", "SMITH & WESSON");
    assert_field("cbsa-seizure:4531-23-0147/1", "model", "M&P");
    assert_mention("cbsa-seizure:4531-23-0147/1", "traveller", MENTION_LAST, "LÉVESQUE");
    ck_assert_ptr_nonnull(record);
    ck_assert_ptr_nonnull(strstr(record->raw, "\"S&amp;W\";M&P;HAA1234;LÃ‰VESQUE;Ã‰ric"));
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_mended);
    tcase_add_test(tcase, test_any_text);
    tcase_add_test(tcase, test_may_be);
    tcase_add_test(tcase, test_file);
}

int main(void)
{
    return run_suite("loaders/mangled", fill);
}
