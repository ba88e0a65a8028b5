/*
 * Strict INI: what GKeyFile passes over in silence is an error with file and line here; values
 * stay raw.
 */
#include "engine/base/ini.h"

#include <string.h>

#include "tests/unit/base/suite.h"

static Ini *read_text(const char *text, GError **error)
{
    return ini_read(text, strlen(text), "r.ini", error);
}

static Ini *read_good(const char *text)
{
    g_autoptr(GError) error = NULL;
    Ini *ini = read_text(text, &error);

    ck_assert_msg(ini != NULL, "%s", error ? error->message : "");
    return ini;
}

START_TEST(test_order_and_lookup)
{
    g_autoptr(Ini) ini = read_good("# head\r\n[z]\r\n; a comment\r\nb = \\bP\\d{2}; #x\\s\\n  "
                                   "\r\na=a=b\n\n[a]\nk= é \nempty=\n");

    ck_assert_str_eq(ini_groups(ini)[0], "z");
    ck_assert_str_eq(ini_groups(ini)[1], "a");
    ck_assert_ptr_null(ini_groups(ini)[2]);
    ck_assert_str_eq(ini_keys(ini, "z")[0], "b");
    ck_assert_str_eq(ini_keys(ini, "z")[1], "a");
    ck_assert_ptr_null(ini_keys(ini, "z")[2]);
    ck_assert_ptr_null(ini_keys(ini, "none")[0]);
    ck_assert_str_eq(ini_get(ini, "z", "b"), "\\bP\\d{2}; #x\\s\\n");
    ck_assert_str_eq(ini_get(ini, "z", "a"), "a=b");
    ck_assert_str_eq(ini_get(ini, "a", "k"), "é");
    ck_assert_str_eq(ini_get(ini, "a", "empty"), "");
    ck_assert_ptr_null(ini_get(ini, "a", "b"));
    ck_assert_ptr_null(ini_get(ini, "none", "b"));
}
END_TEST

START_TEST(test_refused_with_file_and_line)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        {"[a]\nx=1\n[b]\n[a]\n", "r.ini:4: group [a] is already on line 1"},
        {"[a]\nx=1\n\nx=2\n", "r.ini:4: key 'x' is already on line 2"},
        {"\xEF\xBB\xBF[a]\n", "r.ini:1: byte-order mark"},
        {"[a]\nx=caf\xE9\n", "r.ini:2: invalid UTF-8 at byte 6"},
        {"[a]\nx=1\n  going on\n", "r.ini:3: neither [group] nor key=value"},
        {"x=1\n[a]\n", "r.ini:1: key before the first [group]"},
        {"[a\nx=1\n", "r.ini:1: group line does not end with ']'"},
        {"[a] # why\n", "r.ini:1: group line does not end with ']'"},
        {"[]\n", "r.ini:1: bad group name"},
        {"[a[b]\n", "r.ini:1: bad group name"},
        {"[a]\n=1\n", "r.ini:2: bad key"},
        {"[a]\nname[fr]=x\n", "r.ini:2: bad key 'name[fr]'"},
        {"[a]\nbits=6    ; strong\n", "r.ini:2: key 'bits': a comment needs a line of its own"},
        {"[a]\nbits=6\t# strong\n", "r.ini:2: key 'bits': a comment needs a line of its own"},
    };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        ck_assert_ptr_null(read_text(CASES[i].text, &error));
        error_is(&error, STATUS_CONFIG, CASES[i].words);
    }
    ck_assert_ptr_null(ini_read("[a]\nx=\0y\n", 9, "r.ini", &error));
    error_is(&error, STATUS_CONFIG, "r.ini:2: NUL byte");
    ck_assert_ptr_null(ini_load("no/such/file.ini", &error));
    error_is(&error, STATUS_NO_INPUT, "no/such/file.ini");
}
END_TEST

START_TEST(test_empty_file)
{
    g_autoptr(Ini) ini = read_good("");
    g_autoptr(Ini) comments = read_good("# nothing\n\n");

    ck_assert_ptr_null(ini_groups(ini)[0]);
    ck_assert_ptr_null(ini_groups(comments)[0]);
}
END_TEST

START_TEST(test_numbers)
{
    g_autoptr(Ini) ini = read_good("[n]\na=6.5\nb=-3\nc=1,5\nd=6 bits\ne=\nf=99\ng=nan\nh=inf\n");
    g_autoptr(GError) error = NULL;
    double value;

    ck_assert(ini_number(ini, "n", "a", 0, 10, 1, &value, &error) && value == 6.5);
    ck_assert(ini_number(ini, "n", "b", -5, 10, 1, &value, &error) && value == -3);
    ck_assert(ini_number(ini, "n", "absent", 0, 10, 1.5, &value, &error) && value == 1.5);
    for (const char *const *key = (const char *const[]){"c", "d", "e", "g", "h", NULL}; *key;
         key++) {
        ck_assert(!ini_number(ini, "n", *key, -1e9, 1e9, 1, &value, &error));
        error_is(&error, STATUS_CONFIG, "is no number");
    }
    ck_assert(!ini_number(ini, "n", "f", 0, 10, 1, &value, &error));
    error_is(&error, STATUS_CONFIG, "r.ini:7: key 'f': '99' is not between 0 and 10");
}
END_TEST

START_TEST(test_flags_and_lists)
{
    g_autoptr(Ini) ini = read_good("[n]\nyes=true\nno=false\nbad=yes\nlist= a ;; b c;d;\n");
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) list = ini_list(ini, "n", "list");
    g_auto(GStrv) none = ini_list(ini, "n", "absent");
    g_autofree char *joined = g_strjoinv("|", list);
    gboolean value;

    ck_assert(ini_flag(ini, "n", "yes", FALSE, &value, &error) && value);
    ck_assert(ini_flag(ini, "n", "no", TRUE, &value, &error) && !value);
    ck_assert(ini_flag(ini, "n", "absent", TRUE, &value, &error) && value);
    ck_assert(!ini_flag(ini, "n", "bad", TRUE, &value, &error));
    error_is(&error, STATUS_CONFIG, "r.ini:4: key 'bad': 'yes' is neither true nor false");
    ck_assert_str_eq(joined, "a|b c|d");
    ck_assert_uint_eq(g_strv_length(none), 0);
}
END_TEST

START_TEST(test_unknown_and_missing_keys)
{
    static const char *const ALLOWED[] = {"match", "fields", NULL};
    g_autoptr(Ini) ini = read_good("[p]\nmatch=a\nfield=b\n[q]\nzzzzzz=1\n[r]\nmatch=1\n");
    g_autoptr(GError) error = NULL;

    ck_assert(!ini_only_keys(ini, "p", ALLOWED, &error));
    error_is(&error, STATUS_CONFIG, "r.ini:3: unknown key 'field' in [p], did you mean 'fields'");
    ck_assert(!ini_only_keys(ini, "q", ALLOWED, &error));
    ck_assert_ptr_null(strstr(error->message, "did you mean"));
    error_is(&error, STATUS_CONFIG, "r.ini:5: unknown key 'zzzzzz' in [q]");
    ck_assert(ini_only_keys(ini, "r", ALLOWED, &error));
    ck_assert_str_eq(ini_need(ini, "r", "match", &error), "1");
    ck_assert_ptr_null(ini_need(ini, "r", "fields", &error));
    error_is(&error, STATUS_CONFIG, "r.ini:6: key 'fields' missing in [r]");
}
END_TEST

START_TEST(test_nearest_word)
{
    static const char *const WORDS[] = {"load", "leads", "report", "correlate", NULL};

    ck_assert_str_eq(nearest_word("raport", WORDS), "report");
    ck_assert_str_eq(nearest_word("laod", WORDS), "load"); /* two neighbours swapped */
    ck_assert_ptr_null(nearest_word("oald", WORDS));
    ck_assert_str_eq(nearest_word("LAOD", (const char *const[]){"laod", NULL}), "laod");
    ck_assert_str_eq(nearest_word("corelate", WORDS), "correlate");
    ck_assert_str_eq(nearest_word("lead", (const char *const[]){"leads", "load", NULL}), "leads");
    ck_assert_ptr_null(nearest_word("xyz", WORDS));
    ck_assert_ptr_null(nearest_word("", WORDS));
}
END_TEST

/* Whatever the bytes: values, or an error that names file and line. */
START_TEST(test_any_bytes)
{
    static const char ALPHABET[] = "[]=;#ab \t\n\r\\\xC3\xA9\xEF\xBB\xBF";
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    guint good = 0;

    for (guint round = 0; round < 20000; round++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(round % 2 ? "[g]\n" : "");
        guint length = g_rand_int_range(rand, 0, 24);

        for (guint i = 0; i < length; i++)
            g_string_append_c(text, ALPHABET[g_rand_int_range(rand, 0, sizeof ALPHABET - 1)]);
        g_autoptr(Ini) ini = ini_read(text->str, text->len, "r.ini", &error);
        good += ini != NULL;
        if (!ini)
            error_is(&error, STATUS_CONFIG, "r.ini:");
    }
    ck_assert_uint_gt(good, 100);
    ck_assert_uint_lt(good, 19900);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_order_and_lookup,
                                  test_refused_with_file_and_line,
                                  test_empty_file,
                                  test_numbers,
                                  test_flags_and_lists,
                                  test_unknown_and_missing_keys,
                                  test_nearest_word,
                                  test_any_bytes,
                                  NULL};

    return suite_run_list("base/ini", tests);
}
