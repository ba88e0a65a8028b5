/*
 * Strict CSV: records over several lines, every kind of damage, limits, a parser that is ready
 * again after each error; and writing, held against reading.
 */
#include "engine/base/csv.h"

#include <string.h>

#include "tests/unit/base/suite.h"

static CsvState feed(CsvParser *parser, const char *line)
{
    return csv_feed(parser, line, strlen(line));
}

/* Cells of the record just completed, joined by '|'. */
static void check_cells(CsvParser *parser, const char *expected)
{
    g_autoptr(GString) joined = g_string_new(NULL);
    guint n;
    char **cells = csv_cells(parser, &n);

    for (guint i = 0; i < n; i++)
        g_string_append_printf(joined, "%s%s", i ? "|" : "", cells[i]);
    ck_assert_str_eq(joined->str, expected);
}

static void check_line(char delimiter, const char *line, const char *expected)
{
    g_autoptr(CsvParser) parser = csv_parser_new(delimiter);

    ck_assert_int_eq(feed(parser, line), CSV_DONE);
    check_cells(parser, expected);
}

START_TEST(test_cells)
{
    check_line(',', "a,b,c", "a|b|c");
    check_line(',', "a,,", "a||");
    check_line(',', "  a , \" b \" ,c\t", "a| b |c");
    check_line(';', "a;\"b;c\";d,e", "a|b;c|d,e");
    check_line('\t', "a\t\tb", "a||b");
    check_line('\t', "\t\t", "||");
    check_line('|', "a|b", "a|b");
    check_line(',', "\"he said \"\"no\"\"\",x", "he said \"no\"|x");
    check_line(',', "\"\"", "");
    check_line(',', "a\xC2\xA0,b", "a\xC2\xA0|b");
}
END_TEST

START_TEST(test_blank_line_is_a_record_of_no_cells)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');
    guint n = 9;

    ck_assert_int_eq(feed(parser, ""), CSV_DONE);
    csv_cells(parser, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(feed(parser, " \t "), CSV_DONE);
    csv_cells(parser, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(feed(parser, "\"\""), CSV_DONE);
    csv_cells(parser, &n);
    ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(test_line_breaks_inside_quotes)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    ck_assert_int_eq(feed(parser, "1,\"first"), CSV_MORE);
    ck_assert_int_eq(feed(parser, ""), CSV_MORE);
    ck_assert_int_eq(feed(parser, "  third\",x"), CSV_DONE);
    check_cells(parser, "1|first\n\n  third|x");
    ck_assert_int_eq(feed(parser, "2,b,c"), CSV_DONE);
    check_cells(parser, "2|b|c");
}
END_TEST

START_TEST(test_damage_and_restart)
{
    static const char *const LINES[] = {"a,\"b\"c,d",  "a,b\"c,d", "a,\"b\\\"c\",d",
                                        "\"a\" \"b\"", "\"a\"\"",  "x,\"y\"z\""};
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        CsvState state = feed(parser, LINES[i]);

        if (state == CSV_MORE)
            state = csv_end(parser);
        ck_assert_msg(state == CSV_BAD, "'%s' was taken", LINES[i]);
        ck_assert(strcmp(csv_reason(parser), "quote") == 0 ||
                  strcmp(csv_reason(parser), "unclosed") == 0);
        ck_assert_int_eq(feed(parser, "good,\"row\",1"), CSV_DONE);
        check_cells(parser, "good|row|1");
    }
}
END_TEST

START_TEST(test_quote_error_on_a_later_line)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    ck_assert_int_eq(feed(parser, "a,\"b"), CSV_MORE);
    ck_assert_int_eq(feed(parser, "c,\"d\""), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "quote");
    ck_assert_int_eq(feed(parser, "e,f"), CSV_DONE);
    check_cells(parser, "e|f");
}
END_TEST

START_TEST(test_end)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    ck_assert_int_eq(csv_end(parser), CSV_DONE);
    ck_assert_int_eq(feed(parser, "a,\"never closed"), CSV_MORE);
    ck_assert_int_eq(csv_end(parser), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "unclosed");
    ck_assert_int_eq(feed(parser, "a,b"), CSV_DONE);
    check_cells(parser, "a|b");
    ck_assert_int_eq(csv_end(parser), CSV_DONE);
}
END_TEST

START_TEST(test_nul_and_stray_line_ends)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    ck_assert_int_eq(csv_feed(parser, "a\0b,c", 5), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "nul");
    ck_assert_int_eq(feed(parser, "a\rb,c"), CSV_BAD);
    ck_assert_int_eq(feed(parser, "a,b"), CSV_DONE);
    check_cells(parser, "a|b");
}
END_TEST

static char *repeat(char c, gsize n)
{
    char *text = g_malloc(n + 1);

    memset(text, c, n);
    text[n] = '\0';
    return text;
}

START_TEST(test_limits)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');
    g_autofree char *fits = repeat('x', CSV_FIELD_MAX);
    g_autofree char *wide = repeat('x', CSV_FIELD_MAX + 1);
    g_autofree char *huge = repeat('x', CSV_RECORD_MAX + 1);
    g_autofree char *columns = repeat(',', CSV_COLUMNS_MAX);
    CsvState state = feed(parser, "\"begin");
    guint n;

    for (guint i = 0; i < 20 && state == CSV_MORE; i++)
        state = csv_feed(parser, fits, CSV_FIELD_MAX / 4);
    ck_assert_int_eq(state, CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "field-size");
    ck_assert_int_eq(feed(parser, fits), CSV_DONE);
    ck_assert_uint_eq(strlen(csv_cells(parser, &n)[0]), CSV_FIELD_MAX);
    ck_assert_int_eq(feed(parser, wide), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "field-size");
    ck_assert_int_eq(feed(parser, huge), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "field-size");
    ck_assert_int_eq(feed(parser, columns), CSV_BAD);
    ck_assert_str_eq(csv_reason(parser), "columns");
    ck_assert_int_eq(feed(parser, columns + 1), CSV_DONE);
    csv_cells(parser, &n);
    ck_assert_uint_eq(n, CSV_COLUMNS_MAX);
}
END_TEST

static void check_written(const char *text, gboolean guard, const char *expected)
{
    g_autoptr(GString) out = g_string_new("x,");

    csv_append_cell(out, text, guard);
    ck_assert_str_eq(out->str + 2, expected);
}

START_TEST(test_write)
{
    check_written(NULL, TRUE, "");
    check_written("", TRUE, "");
    check_written("plain text", TRUE, "plain text");
    check_written("a,b", FALSE, "\"a,b\"");
    check_written("a;b", FALSE, "\"a;b\"");
    check_written("a\tb", FALSE, "\"a\tb\"");
    check_written("say \"no\"", FALSE, "\"say \"\"no\"\"\"");
    check_written("\"\"\"\"", FALSE, "\"\"\"\"\"\"\"\"\"\"");
    check_written("two\nlines", FALSE, "\"two\nlines\"");
    check_written(" outer", FALSE, "\" outer\"");
    check_written("outer ", FALSE, "\"outer \"");
}
END_TEST

START_TEST(test_formula_guard)
{
    static const char *const STARTS[] = {"=1+1", "+1", "-1", "@SUM", "＝1", "＋1", "－1", "＠x"};

    for (guint i = 0; i < G_N_ELEMENTS(STARTS); i++) {
        g_autofree char *guarded = g_strconcat("'", STARTS[i], NULL);

        check_written(STARTS[i], TRUE, guarded);
        check_written(STARTS[i], FALSE, STARTS[i]);
    }
    check_written("\t=1", TRUE, "\"'\t=1\"");
    check_written("\r=1", TRUE, "\"'\r=1\"");
    check_written("\n=1", TRUE, "\"'\n=1\"");
    check_written("a=1", TRUE, "a=1");
}
END_TEST

START_TEST(test_what_is_written_is_read)
{
    static const char ALPHABET[] = "ab,;\"'\t =-\xC3\xA9";
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    for (guint round = 0; round < 5000; round++) {
        g_autoptr(GString) line = g_string_new("");
        char cells[3][9] = {"", "", ""};
        guint n;
        char **back;

        for (guint i = 0; i < 3; i++) {
            guint length = g_rand_int_range(rand, 0, 8);

            for (guint k = 0; k < length; k++)
                cells[i][k] = ALPHABET[g_rand_int_range(rand, 0, sizeof ALPHABET - 1)];
            g_string_append(line, i ? "," : "");
            csv_append_cell(line, cells[i], FALSE);
        }
        ck_assert_int_eq(csv_feed(parser, line->str, line->len), CSV_DONE);
        back = csv_cells(parser, &n);
        ck_assert_uint_eq(n, 3);
        for (guint i = 0; i < 3; i++)
            ck_assert_str_eq(back[i], cells[i]);
    }
}
END_TEST

/* Whatever the bytes: after a bad line, and after the end, a clean line is read as it stands. */
START_TEST(test_any_bytes)
{
    static const char ALPHABET[] = "a,\" \r\n\0\xE9";
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_autoptr(CsvParser) parser = csv_parser_new(',');

    for (guint round = 0; round < 20000; round++) {
        char line[16];
        gsize length = (gsize)g_rand_int_range(rand, 0, sizeof line);

        for (gsize i = 0; i < length; i++)
            line[i] = ALPHABET[g_rand_int_range(rand, 0, sizeof ALPHABET - 1)];
        if (csv_feed(parser, line, length) == CSV_MORE && round % 3 == 0)
            csv_end(parser);
        if (csv_feed(parser, "\"", 1) == CSV_DONE) /* the line closed an open quote */
            continue;
        csv_end(parser);
        ck_assert_int_eq(feed(parser, "good,\"row\",1"), CSV_DONE);
        check_cells(parser, "good|row|1");
    }
}
END_TEST

START_TEST(test_whole_table)
{
    const char *text = "\xEF\xBB\xBF"
                       "code,en\r\nA,\"two\nlines\"\n\nB,\"\"\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = csv_read_text(text, strlen(text), "t.csv", &error);

    ck_assert_ptr_nonnull(rows);
    ck_assert_uint_eq(rows->len, 3);
    ck_assert_str_eq(((char **)g_ptr_array_index(rows, 0))[0], "code");
    ck_assert_str_eq(((char **)g_ptr_array_index(rows, 1))[1], "two\nlines");
    ck_assert_str_eq(((char **)g_ptr_array_index(rows, 2))[1], "");
}
END_TEST

START_TEST(test_whole_table_names_the_line)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {{"a,b\n1,2\n3\n", "t.csv:3: 1 cells, but the header has 2"},
                 {"a,b\n\"x\ny\",2\n1,2,3\n", "t.csv:4: 3 cells"},
                 {"a\nx\"y\n", "t.csv:2: not clean CSV (quote)"},
                 {"a\nb\n\"c\n", "t.csv:3: quote never closed"},
                 {"a\nb\n\xE9\n", "t.csv:3: invalid UTF-8"},
                 {"", "t.csv:1: no header"},
                 {"\n\n", "t.csv:1: no header"}};
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        ck_assert_ptr_null(csv_read_text(CASES[i].text, strlen(CASES[i].text), "t.csv", &error));
        error_is(&error, STATUS_CONFIG, CASES[i].words);
    }
    ck_assert_ptr_null(csv_read_all("no/such/table.csv", &error));
    error_is(&error, STATUS_CONFIG, "no/such/table.csv");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_cells,
                                  test_blank_line_is_a_record_of_no_cells,
                                  test_line_breaks_inside_quotes,
                                  test_damage_and_restart,
                                  test_quote_error_on_a_later_line,
                                  test_end,
                                  test_nul_and_stray_line_ends,
                                  test_limits,
                                  test_write,
                                  test_formula_guard,
                                  test_what_is_written_is_read,
                                  test_any_bytes,
                                  test_whole_table,
                                  test_whole_table_names_the_line,
                                  NULL};

    return suite_run_list("base/csv", tests);
}
