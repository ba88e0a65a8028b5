/*
 * The catalogue: both languages there for every message, with the same printf arguments in the
 * same order, because one call serves both.
 */
#include "engine/base/message.h"

#include <string.h>

#include "tests/unit/base/suite.h"

/* "%s of %3d (%.1f%%)" -> "s d f ": what a format takes, in order. */
static char *arguments(const char *format)
{
    GString *found = g_string_new(NULL);

    for (const char *p = format; (p = strchr(p, '%')); p++) {
        p++;
        if (*p == '%')
            continue;
        p += strspn(p, "-+ #0123456789.*");
        for (; *p && strchr("hlzqjt", *p); p++)
            g_string_append_c(found, *p);
        ck_assert_msg(*p && strchr("diouxXeEfgGcsp", *p), "odd format in '%s'", format);
        g_string_append_printf(found, "%c ", *p);
    }
    return g_string_free(found, FALSE);
}

START_TEST(test_both_languages_take_the_same)
{
    for (MessageId id = 0; id < MSG_COUNT; id++) {
        g_autofree char *en = arguments(message(id, LANG_EN));
        g_autofree char *fr = arguments(message(id, LANG_FR));

        ck_assert_ptr_nonnull(text_present(message(id, LANG_EN)));
        ck_assert_ptr_nonnull(text_present(message(id, LANG_FR)));
        ck_assert(g_utf8_validate(message(id, LANG_FR), -1, NULL));
        ck_assert_msg(strcmp(en, fr) == 0, "'%s' takes %s, its French takes %s",
                      message(id, LANG_EN), en, fr);
    }
}
END_TEST

START_TEST(test_argument_scan_sees_a_difference)
{
    g_autofree char *a = arguments("%s of %3u (%.1f%%)");
    g_autofree char *b = arguments("%lu de %s");

    ck_assert_str_eq(a, "s u f ");
    ck_assert_str_eq(b, "lu s ");
}
END_TEST

START_TEST(test_format)
{
    g_autofree char *en = message_format(MSG_EVIDENCE_CAPPED, LANG_EN, "6.0");
    g_autofree char *fr = message_format(MSG_EVIDENCE_CAPPED, LANG_FR, "6.0");

    ck_assert_str_eq(en, "capped, alone 6.0");
    ck_assert_str_eq(fr, "plafonné, seul 6.0");
}
END_TEST

START_TEST(test_lang_parse)
{
    Lang lang = LANG_EN;

    ck_assert(lang_parse("FR", &lang) && lang == LANG_FR);
    ck_assert(lang_parse("en", &lang) && lang == LANG_EN);
    ck_assert(!lang_parse("de", &lang));
    ck_assert(!lang_parse("", &lang));
    ck_assert(!lang_parse(NULL, &lang));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_both_languages_take_the_same,
                                  test_argument_scan_sees_a_difference, test_format,
                                  test_lang_parse, NULL};

    return suite_run_list("base/message", tests);
}
