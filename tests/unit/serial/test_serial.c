/*
 * Reading serial fields: the table tests/unit/serial/notations.csv holds one case a line (text,
 * what stands beside it, and what must come out), so that a new notation is a new line.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/serial/reading.h"
#include "engine/serial/serial.h"
#include "tests/unit/suite.h"

enum { RAW, CONDITION, OBLITERATED, MAKE, MODEL, KIND, PATTERN, TAKEN_FOR, HINT, COLUMNS };

static GPtrArray *cases;

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void check_case(guint line, char **cell)
{
    SerialContext context = {or_null(cell[CONDITION]), cell[OBLITERATED][0] == 'Y',
                             or_null(cell[MAKE]), or_null(cell[MODEL]), NULL};
    Serial serial = serial_parse(cell[RAW], &context);
    g_autofree char *pattern = serial_pattern(&serial);
    g_autofree char *got = g_strdup_printf("%s|%s|%s|%s", serial_kind_name(serial.kind), pattern,
                                           serial.taken_for != NULL ? serial.taken_for : "",
                                           serial.hint != NULL ? serial.hint : "");
    g_autofree char *want =
        g_strdup_printf("%s|%s|%s|%s", cell[KIND], cell[PATTERN], cell[TAKEN_FOR], cell[HINT]);
    ck_assert_msg(strcmp(got, want) == 0, "line %u: '%s' gives %s, not %s", line, cell[RAW], got,
                  want);
}

START_TEST(test_notation)
{
    char **cell = g_ptr_array_index(cases, _i);
    ck_assert_uint_eq(g_strv_length(cell), COLUMNS);
    check_case((guint)_i + 1, cell);
}
END_TEST

/* A pattern read back is the same pattern; its canonical form is stable. */
START_TEST(test_round_trip)
{
    for (guint i = 1; i < cases->len; i++) {
        char **cell = g_ptr_array_index(cases, i);
        Serial first = serial_parse(cell[RAW], NULL), second;
        g_autofree char *pattern = serial_pattern(&first);
        ck_assert_msg(serial_from_pattern(pattern, first.kind, &second), "'%s'", pattern);
        g_autofree char *again = serial_pattern(&second);
        ck_assert_str_eq(pattern, again);
        ck_assert_uint_eq(first.known, second.known);
        g_autofree char *canonical = serial_canonical(&first);
        g_autofree char *other = serial_canonical(&second);
        ck_assert_int_eq(g_strcmp0(canonical, other), 0);
        if (canonical != NULL) {
            Serial third = serial_parse(canonical, NULL);
            g_autofree char *once_more = serial_canonical(&third);
            gboolean read = third.kind == SERIAL_FULL;
            ck_assert(!read || strcmp(once_more, canonical) == 0);
        }
    }
}
END_TEST

/* Whatever the bytes, a Serial keeps its promises. */
START_TEST(test_hostile)
{
    static const char *const pieces[] = {"A",
                                         "1",
                                         "?",
                                         "*",
                                         "[",
                                         "]",
                                         "(",
                                         ")",
                                         "/",
                                         " OR ",
                                         "-",
                                         "..",
                                         " ",
                                         "LAST 4",
                                         "FRAME ",
                                         "x",
                                         "XX",
                                         "OBLIT",
                                         "\xC3\xA9",
                                         "\xFF",
                                         "_",
                                         "#",
                                         "SN ",
                                         "SLIDE: ",
                                         "8/B",
                                         ",",
                                         ";",
                                         "=",
                                         "\"",
                                         "'",
                                         "\t",
                                         "\n",
                                         "NONE",
                                         "POSSIBLY",
                                         "0",
                                         "O",
                                         "IN",
                                         "&",
                                         "12345678",
                                         "1.2E+07",
                                         "TAG ",
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                         "\xE2\x80\xA6",
                                         "N\xC2\xB0",
                                         "[1-",
                                         "{",
                                         "GLOCK 19 ",
                                         " EN ",
                                         "N-A",
                                         "(ILLISIBLE)",
                                         "\xC3\x83",
                                         "\xEF\xBF\xBD",
                                         "LIM?",
                                         "LAST4 "};
    GRand *rand = g_rand_new_with_seed(11);
    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint n = g_rand_int_range(rand, 0, 14); n > 0; n--) {
            g_string_append(text, pieces[g_rand_int_range(rand, 0, (gint)G_N_ELEMENTS(pieces))]);
        }
        Serial serial = serial_parse(text->str, NULL), back;
        ck_assert_uint_le(serial.length, SERIAL_MAX);
        ck_assert_uint_le(serial.known, serial.length);
        ck_assert((serial.kind == SERIAL_NOT_A_SERIAL) == (serial.taken_for != NULL));
        ck_assert(serial.kind != SERIAL_NOT_A_SERIAL || serial.length == 0);
        ck_assert(serial.kind != SERIAL_NONE || serial.length == 0);
        g_autofree char *pattern = serial_pattern(&serial);
        ck_assert_msg(serial_from_pattern(pattern, serial.kind, &back), "'%s' -> '%s'", text->str,
                      pattern);
        ck_assert_uint_eq(back.length, serial.length);
        ck_assert_int_eq(memcmp(back.set, serial.set, serial.length * sizeof(CharSet)), 0);
    }
    g_rand_free(rand);
}
END_TEST

static void check_both_ways(const char *text, const SerialContext *context)
{
    g_autofree char *blank = g_strconcat(" ", text, NULL);
    Serial quick = serial_parse(text, context), slow = serial_parse(blank, context);
    g_autofree char *a = serial_pattern(&quick), *b = serial_pattern(&slow);
    ck_assert_msg(quick.kind == slow.kind && strcmp(a, b) == 0, "'%s': %s %s, %s %s", text,
                  serial_kind_name(quick.kind), a, serial_kind_name(slow.kind), b);
    ck_assert_uint_eq(quick.known, slow.known);
    ck_assert_int_eq(g_strcmp0(quick.taken_for, slow.taken_for), 0);
    ck_assert_int_eq(g_strcmp0(quick.hint, slow.hint), 0);
}

/* A plain number, hyphens and X included, is read without detours; a blank in front sends it the
 * long way. */
START_TEST(test_plain)
{
    static const char *const pieces[] = {
        "SN", "NS", "NO",  "GLOCK", "POLYMER80", "19",  "0000", "OBLIT", "22LR", "G",    "PARTI",
        "X",  "MM", "CAL", "US",    "LAST",      "9MM", "O",    "I",     "A",    "1234", "7"};
    static const SerialContext contexts[] = {{NULL, FALSE, NULL, NULL, NULL},
                                             {"PARTIAL", FALSE, "GLOCK", "19", "9MM"},
                                             {"OBLITERATED", TRUE, "SMITH & WESSON", "G-19", NULL},
                                             {"RESTORED", TRUE, "RUGER", "1022", ".22"},
                                             {"ALTERED", FALSE, NULL, "92 FS", "12 GA"},
                                             {"UNKNOWN", TRUE, "US", "A1", NULL}};
    GRand *rand = g_rand_new_with_seed(12);
    for (guint i = 0; i < 60000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint n = g_rand_int_range(rand, 1, 7); n > 0; n--) {
            if (g_rand_boolean(rand)) {
                g_string_append(text,
                                pieces[g_rand_int_range(rand, 0, (gint)G_N_ELEMENTS(pieces))]);
            } else {
                g_string_append_c(text, "0123456789ABCDXZ-"[g_rand_int_range(rand, 0, 17)]);
            }
        }
        check_both_ways(text->str,
                        &contexts[g_rand_int_range(rand, 0, (gint)G_N_ELEMENTS(contexts))]);
    }
    for (guint i = 1; i < cases->len; i++) {
        char **cell = g_ptr_array_index(cases, i);
        check_both_ways(cell[RAW], &contexts[i % G_N_ELEMENTS(contexts)]);
    }
    g_rand_free(rand);
}
END_TEST

START_TEST(test_forms)
{
    Serial serial = serial_parse("369-J-257 io", NULL);
    g_autofree char *canonical = serial_canonical(&serial);
    g_autofree char *ncic = serial_ncic(&serial);
    ck_assert_str_eq(canonical, "369J25710");
    ck_assert_str_eq(ncic, "36925710");
    SerialKind kind;
    ck_assert(serial_kind_parse("RESTORED", &kind));
    ck_assert_int_eq(kind, SERIAL_RESTORED);
    ck_assert(!serial_kind_parse("restored?", &kind));
    ck_assert(!serial_from_pattern("AB[", SERIAL_FULL, &serial));
    ck_assert(!serial_from_pattern("A*B", SERIAL_FULL, &serial));
    ck_assert(!serial_from_pattern("*", SERIAL_FULL, &serial));
}
END_TEST

/* The bare number of the firearm's own calibre is no serial number; another number is. */
START_TEST(test_bore)
{
    static const struct {
        const char *raw, *calibre, *kind;
    } fields[] = {{"223", "223/556", "NOT_A_SERIAL"}, {"556", "223/556", "NOT_A_SERIAL"},
                  {"45", "45ACP", "NOT_A_SERIAL"},    {"9", "9MM", "NOT_A_SERIAL"},
                  {"12", "12GA", "NOT_A_SERIAL"},     {"224", "223/556", "FULL"},
                  {"2234", "223/556", "FULL"},        {"45", "9MM", "FULL"},
                  {"22", "223/556", "FULL"},          {"223", NULL, "FULL"}};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        SerialContext context = {.calibre = fields[i].calibre};
        Serial serial = serial_parse(fields[i].raw, &context);
        ck_assert_str_eq(serial_kind_name(serial.kind), fields[i].kind);
    }
}
END_TEST

/* Bits by which what is known narrows a number; what may be anything narrows nothing. */
START_TEST(test_information)
{
    static const struct {
        const char *pattern;
        double bits;
    } held[] = {{"12345", 5 * 3.321928},
                {"A1", 4.700440 + 3.321928},
                {"??12", 2 * 3.321928},
                {"[8B]1", 5.169925 - 1 + 3.321928},
                {"?", 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(held); i++) {
        Serial serial;
        ck_assert(serial_from_pattern(held[i].pattern, SERIAL_FULL, &serial));
        ck_assert_double_eq_tol(serial_information(&serial), held[i].bits, 1e-5);
    }
}
END_TEST

/* Numbers that people make up, and what looks like one and is not. */
START_TEST(test_favourite)
{
    static const char *const made_up[] = {
        "1234567", "12345678", "1234567890", "11111111", "123-45-67",   "9999999",  "98765432",
        "ABC123",  "abc 123",  "TEST123",    "TEST7",    "NOSERIAL123", "SN123456", "A1B2C3"};
    static const char *const given[] = {"12345",   "123456",    "2345678", "1234576",   "1111112",
                                        "ABC124",  "ABC1234",   "TES123",  "BER123456", "SN471104",
                                        "HAA1234", "12345678A", "A1B2C4",  "3141592",   "ATEST123"};
    for (gsize i = 0; i < G_N_ELEMENTS(made_up); i++) {
        Serial serial = serial_parse(made_up[i], NULL);
        ck_assert_msg(serial_is_favourite(&serial), "%s", made_up[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
        Serial serial = serial_parse(given[i], NULL);
        ck_assert_msg(!serial_is_favourite(&serial), "%s", given[i]);
    }
    static const char *const part[] = {"123456?", "*1234567", "1234567*", "12345[67]7", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(part); i++) {
        Serial serial = {.kind = SERIAL_PARTIAL};
        ck_assert(i == 4 || serial_from_pattern(part[i], SERIAL_PARTIAL, &serial));
        ck_assert_msg(!serial_is_favourite(&serial), "%s", part[i]);
    }
}
END_TEST

/* Words are one by what is in them beside signs; of signs alone nothing is. */
START_TEST(test_same_key)
{
    static const struct {
        const char *text, *other;
        gboolean same;
    } pairs[] = {{"No.", "NO", TRUE},  {"S/N", "sn", TRUE}, {"SN", "SNO", FALSE},
                 {"SNO", "SN", FALSE}, {"-", ".", FALSE},   {"", "", FALSE},
                 {"SN", NULL, FALSE},  {"SN", "NS", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
        ck_assert_msg(word_same_key(pairs[i].text, pairs[i].other) == pairs[i].same, "'%s' '%s'",
                      pairs[i].text, pairs[i].other);
}
END_TEST

int main(void)
{
    g_autoptr(GError) error = NULL;
    cases = csv_read_all("tests/unit/serial/notations.csv", &error);
    if (cases == NULL) {
        g_printerr("%s\n", error->message);
        return EXIT_FAILURE;
    }
    Suite *suite = suite_create("serial");
    TCase *tests = tcase_create("serial");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_notation, 1, (int)cases->len);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_hostile);
    tcase_add_test(tests, test_plain);
    tcase_add_test(tests, test_forms);
    tcase_add_test(tests, test_bore);
    tcase_add_test(tests, test_information);
    tcase_add_test(tests, test_favourite);
    tcase_add_test(tests, test_same_key);
    suite_add_tcase(suite, tests);
    int failed = suite_run_here(suite);
    g_ptr_array_unref(cases);
    return failed;
}
