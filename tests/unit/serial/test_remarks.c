/*
 * Whatever stands beside a number in its cell, it is read as this number, or as one in doubt that
 * it fits, or as none: never as another exact number. Numbers of the makers' formats, with
 * remarks that are made of words and counts, and remarks about one of their characters.
 */
#include <check.h>
#include <string.h>

#include "engine/serial/serial.h"
#include "tests/unit/suite.h"

#define CELLS 15000

static const char *const FORMATS[] = {
    "LLL####",    "LLLL###",       "LLL###US",        "LL###",    "K#####",    "3D#####",
    "331-#####",  "LLL#####",      "58L######",       "UU######", "24B######", "XD######",
    "70L#####",   "#####B70",      "LE######",        "L#####Z",  "BER######", "P#######",
    "X4######",   "GKS00#####",    "386######",       "L####",    "####BAK",   "24-######",
    "1963LL####", "A1-#####-##RO", "T6472-##LL#####", "######",   "#######",   "MV#######",
    "LL######L",  "82314241-####", "850-#####"};

static const char *const WORDS[] = {
    "stolen",   "volée",   "seen",    "trouvé",     "owner",   "chargeur", "magazines", "photo",
    "engraved", "barrel",  "canon",   "crosse",     "left",    "droit",    "sous",      "badge",
    "officer",  "dossier", "rapport", "rcmp",       "grc",     "opp",      "fbi",       "boîte",
    "lot",      "casier",  "rounds",  "cartouches", "lunette", "étui",     "pouces",    "kg",
    "approx",   "circa",   "vers",    "depuis",     "dated",   "fabriqué", "built",     "mfg",
    "entered",  "par",     "for",     "pour",       "avec",    "and",      "et",        "the"};

static const char *const COUNTS[] = {"2",     "7",          "15",       "48",        "1943",
                                     "2019",  "2019-04-02", "23-12345", "2023-1234", "4473",
                                     "12345", "998877",     ""};

static const char *const WRAPS[] = {"%s (%s)", "%s, %s",  "%s - %s", "%s; %s",
                                    "%s %s",   "%s [%s]", "%s / %s", "%s: %s"};

/* Where the number stands in the bracket with what is said of it. */
static const char *const HELD[] = {"(%s %s)", "gun (sn %s, %s)", "pistolet [%s - %s]"};

/* %c: a character of the number, and another one. */
static const char *const REMARKS[] = {"%c could be %c",
                                      "the %c may be a %c",
                                      "le %c est peut-être un %c",
                                      "%c might well be %c",
                                      "le %c semble être un %c",
                                      "%c pourrait bien être %c",
                                      "not sure if %c or %c",
                                      "can't tell %c from %c",
                                      "%c vs %c",
                                      "%c looks like a %c",
                                      "le %c ressemble à un %c",
                                      "hésite entre %c et %c",

                                      "lettre %c douteuse",
                                      "letter %c uncertain",
                                      "the %c is faint",
                                      "le %c est peu lisible",
                                      "doute sur le %c",
                                      "unsure about the %c",
                                      "last character uncertain",
                                      "dernier caractère douteux",
                                      "first character unclear",
                                      "premier caractère incertain"};

static const char *pick(GRand *rand, const char *const *list, gsize n)
{
    return list[g_rand_int_range(rand, 0, (gint)n)];
}
#define PICK(list) pick(rand, list, G_N_ELEMENTS(list))

static char *number_of(GRand *rand, const char *format)
{
    char *number = g_strdup(format);
    for (char *p = number; *p != '\0'; p++) {
        gboolean start = p == number || !g_ascii_isalpha(p[-1]) || strchr("LU", *p) == NULL;
        *p = *p == '#'            ? "123456789"[g_rand_int_range(rand, 0, 9)]
             : *p == 'L' && start ? "ABCDEFGHJKMNPQRSTVWYZ"[g_rand_int_range(rand, 0, 21)]
                                  : *p;
    }
    return number;
}

static char *number_new(GRand *rand)
{
    return number_of(rand, PICK(FORMATS));
}

/* A few words and perhaps a count, not at an end where two letters may be a suffix. */
static char *words_new(GRand *rand)
{
    GString *text = g_string_new(PICK(WORDS));
    for (gint n = g_rand_int_range(rand, 0, 3); n > 0; n--) {
        g_string_append_printf(text, " %s", PICK(WORDS));
    }
    g_string_append_printf(text, " %s", PICK(COUNTS));
    if (g_rand_boolean(rand)) {
        g_string_append_printf(text, " %s", PICK(WORDS));
    }
    return g_string_free(text, FALSE);
}

static char *wrap(const char *form, const char *number, const char *remark)
{
    g_auto(GStrv) parts = g_strsplit(form, "%s", 3);
    return g_strconcat(parts[0], number, parts[1], remark, parts[2], NULL);
}

/* Does what was read hold the number: the same places, or some with an end open? */
static gboolean holds(const Serial *read, const Serial *number)
{
    for (guint from = 0; from + read->length <= number->length; from++) {
        gboolean fits = (from == 0 || read->open_left) &&
                        (from + read->length == number->length || read->open_right);
        for (guint i = 0; fits && i < read->length; i++) {
            fits = (read->set[i] & number->set[from + i]) != 0;
        }
        if (fits) {
            return TRUE;
        }
    }
    return FALSE;
}

START_TEST(test_words)
{
    GRand *rand = g_rand_new_with_seed(21);
    guint same = 0;
    for (guint i = 0; i < CELLS; i++) {
        g_autofree char *number = number_new(rand), *remark = words_new(rand);
        g_autofree char *cell = wrap(PICK(WRAPS), number, remark);
        Serial own = serial_parse(number, NULL), read = serial_parse(cell, NULL);
        g_autofree char *wanted = serial_canonical(&own), *got = serial_canonical(&read);
        ck_assert_msg(got == NULL || strcmp(got, wanted) == 0, "'%s' is read as %s", cell, got);
        same += got != NULL;
    }
    ck_assert_uint_gt(same, CELLS / 100 * 90); /* nor is it in doubt for other people's words */
    g_rand_free(rand);
}
END_TEST

/* A number of letters and digits apart, behind a word that names it or not, is the same number. */
START_TEST(test_groups)
{
    static const char *const formats[] = {
        "LLL####",   "LLL#####", "58L######", "UU######",  "K#####",    "70L#####",  "LE######",
        "BER######", "X4######", "L#####Z",   "MV#######", "331-#####", "24-######", "1963LL####"};
    static const char *const before[] = {"", "S/N ", "N° de série: ", "pistolet ", "frame "};
    static const char *const between[] = {"", " ", "-", " - "};
    GRand *rand = g_rand_new_with_seed(23);
    for (guint i = 0; i < CELLS; i++) {
        g_autofree char *number = number_of(rand, PICK(formats));
        g_strdelimit(number, "AEY", 'K'); /* "ALL 12345", "BY 1234" are words */
        GString *cell = g_string_new(PICK(before));
        for (const char *p = number; *p != '\0'; p++) {
            gboolean seam =
                p > number && (g_ascii_isalpha(p[-1]) != 0) != (g_ascii_isalpha(*p) != 0);
            g_string_append(cell, seam && *p != '-' && p[-1] != '-' ? PICK(between) : "");
            g_string_append_c(cell, *p);
        }
        Serial own = serial_parse(number, NULL), read = serial_parse(cell->str, NULL);
        g_autofree char *wanted = serial_canonical(&own), *got = serial_canonical(&read);
        ck_assert_msg(g_strcmp0(got, wanted) == 0, "'%s' is read as %s", cell->str, got);
        g_string_free(cell, TRUE);
    }
    g_rand_free(rand);
}
END_TEST

START_TEST(test_characters)
{
    GRand *rand = g_rand_new_with_seed(22);
    guint told[2] = {0}, all[2] = {0};
    for (guint i = 0; i < CELLS; i++) {
        g_autofree char *number = number_new(rand);
        gsize at = (gsize)g_rand_int_range(rand, 0, (gint)strlen(number));
        at -= number[at] == '-';
        char other = number[at] == '8' ? 'B' : '8';
        g_auto(GStrv) parts = g_strsplit(PICK(REMARKS), "%c", 3);
        guint n = g_strv_length(parts);
        g_autofree char *remark =
            g_strdup_printf("%s%.*s%s%.*s%s", parts[0], n > 1, number + at, n > 1 ? parts[1] : "",
                            n > 2, &other, n > 2 ? parts[2] : "");
        gboolean held = g_rand_int_range(rand, 0, 4) == 0;
        g_autofree char *cell = wrap(held ? PICK(HELD) : PICK(WRAPS), number, remark);
        Serial own = serial_parse(number, NULL), read = serial_parse(cell, NULL);
        g_autofree char *got = serial_canonical(&read), *pattern = serial_pattern(&read);
        ck_assert_msg(got == NULL, "'%s' is read as %s", cell, got);
        ck_assert_msg(read.length == 0 || holds(&read, &own), "'%s' is read as %s", cell, pattern);
        told[held] += read.length > 0;
        all[held]++;
    }
    for (guint held = 0; held < 2; held++) {
        ck_assert_msg(told[held] >= all[held] * 9 / 10, "%u of %u are read", told[held], all[held]);
    }
    g_rand_free(rand);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("remarks");
    TCase *tests = tcase_create("remarks");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_words);
    tcase_add_test(tests, test_groups);
    tcase_add_test(tests, test_characters);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
