/* Tests of rows in every shape, and of the text in them: quoting, guard, escaping, empty results.
 */
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <unistd.h>

#include "engine/render/html_rows.h"
#include "engine/render/json.h"
#include "engine/render/markup.h"
#include "engine/render/render.h"
#include "tests/unit/suite.h"

static const Column columns[] = {
    {"ref", COLUMN_OWN}, {"text", COLUMN_DATA}, {"bits", COLUMN_NUMBER}};

/* Renders rows of three cells (NULL-terminated by a NULL first cell) into a string. */
static char *render(RowsFormat format, gboolean raw, const char *const (*rows)[3])
{
    g_autofree char *path = NULL;
    close(g_file_open_tmp("crosstrace-rows-XXXXXX", &path, NULL));
    GError *error = NULL;
    g_autoptr(Output) output = output_open(path, TRUE, &error);
    ck_assert_ptr_nonnull(output);
    guint64 count = 99;
    g_autoptr(RowSink) sink = row_sink_new(format, output, raw, &count);
    ck_assert(sink->begin(sink, columns, G_N_ELEMENTS(columns), &error));
    guint64 n = 0;
    for (; rows[n][0]; n++)
        ck_assert(sink->row(sink, rows[n], &error));
    ck_assert(sink->end(sink, &error));
    ck_assert(output_close(output, &error));
    ck_assert_uint_eq(count, n);
    char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

/* What a sink makes of rows of four cells, up to one without a first cell. */
static char *render_four(RowSink *(*make)(Output *), void (*drop)(RowSink *),
                         const char *const (*rows)[4])
{
    static const Column four[] = {{"part", COLUMN_DATA},
                                  {"name", COLUMN_DATA},
                                  {"value", COLUMN_DATA},
                                  {"since", COLUMN_DATA}};
    g_autofree char *path = NULL;
    close(g_file_open_tmp("crosstrace-rows-XXXXXX", &path, NULL));
    GError *error = NULL;
    g_autoptr(Output) output = output_open(path, TRUE, &error);
    RowSink *sink = make(output);
    ck_assert(sink->begin(sink, four, G_N_ELEMENTS(four), &error));
    for (guint n = 0; rows[n][0]; n++)
        ck_assert(sink->row(sink, rows[n], &error));
    ck_assert(sink->end(sink, &error));
    ck_assert(output_close(output, &error));
    drop(sink);
    char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

static const char *const stock[][4] = {{"store", "records", "12", "2024-07-01"},
                                       {"store", "people", "3", "2024-07-01"},
                                       {"store", "a\tname\x1b[1m", NULL, ""},
                                       {"rules", "<b>", "\xc3\xa9t\xc3\xa9", "2024-07-02"},
                                       {NULL}};

/* Headings where the first column changes, the last column where it does; nothing that acts. */
START_TEST(test_sheet)
{
    g_autofree char *text = render_four(sheet_sink_new, sheet_sink_free, stock);
    ck_assert_str_eq(text, "store\n"
                           "  records                   12 (since: 2024-07-01)\n"
                           "  people                    3\n"
                           "  a name\\x1B[1m             \n"
                           "\n"
                           "rules\n"
                           "  <b>                       \xc3\xa9t\xc3\xa9 (since: 2024-07-02)\n");
}
END_TEST

static RowSink *page_new(Output *output)
{
    g_autoptr(GPtrArray) handlings = g_ptr_array_new();
    PageText text = {.title = "Why <A>",
                     .text = "Two & \"two\"\n",
                     .codes = NULL,
                     .handlings = handlings,
                     .lang = LANG_EN};
    return page_sink_new(output, &text);
}

/* The page has the sentences, a heading for each column and a cell for each cell, all as text. */
START_TEST(test_page)
{
    static const char *const parts[] = {"<title>Why &lt;A&gt;",
                                        "Two &amp; &quot;two&quot;",
                                        ("<th scope=col>part<th scope=col>name<th scope=col>value"
                                         "<th scope=col>since<tbody>\n"),
                                        "<tr><td>store<td>records<td>12<td>2024-07-01\n",
                                        "<tr><td>store<td>a name\\x1B[1m<td><td>\n",
                                        "<tr><td>rules<td>&lt;b&gt;<td>\xc3\xa9t\xc3\xa9"};
    g_autofree char *text = render_four(page_new, page_sink_free, stock);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        ck_assert_msg(strstr(text, parts[i]) != NULL, "%s", parts[i]);
    ck_assert_ptr_null(strstr(text, "<script"));
    ck_assert_ptr_null(strchr(text, '\x1b'));
}
END_TEST

/* Text in markup: what has a meaning there, what XML may not hold, what hides. */
static const struct {
    const char *text, *markup;
} texts[] = {
    {NULL, ""},
    {"plain", "plain"},
    {"<a b=\"c\">&'", "&lt;a b=&quot;c&quot;&gt;&amp;'"},
    {"\x01\x1b\x7f", "\\x01\\x1B\\x7F"},
    {"\xe2\x80\xae", "\\u{202E}"},
    {"\xef\xbf\xbe \xef\xbf\xbf", "\\u{FFFE} \\u{FFFF}"},
    {"\xc3\xa9\xff", "\xc3\xa9\\xFF"},
};

START_TEST(test_markup)
{
    g_autoptr(GString) out = g_string_new(NULL);
    markup_append(out, texts[_i].text);
    ck_assert_str_eq(out->str, texts[_i].markup);
    g_string_truncate(out, 0);
    markup_printf(out, "<p class=%u%% style=%d>%s</p>", 7u, -1, texts[_i].text);
    g_autofree char *whole = g_strconcat("<p class=7% style=-1>", texts[_i].markup, "</p>", NULL);
    ck_assert_str_eq(out->str, whole);
}
END_TEST

static const char *const none[][3] = {{NULL}};
static const char *const some[][3] = {
    {"a:1", "=1+2", "-3.5"}, {"b:2", "say \"hi\", \xc3\xa9t\xc3\xa9\n", NULL}, {NULL}};

START_TEST(test_csv)
{
    g_autofree char *guarded = render(ROWS_CSV, FALSE, some);
    g_autofree char *raw = render(ROWS_CSV, TRUE, some);
    g_autofree char *empty = render(ROWS_CSV, FALSE, none);
    g_autofree char *line = g_strndup(raw, strcspn(strchr(raw, '\n') + 1, "\n") + 14);
    ck_assert_msg(g_str_has_prefix(guarded, "ref,text,bits\na:1,'=1+2,-3.5\n") ||
                      g_str_has_prefix(guarded, "ref,text,bits\na:1,\"'=1+2\",-3.5\n"),
                  "%s", guarded);
    ck_assert_str_eq(line, "ref,text,bits\na:1,=1+2,-3.5");
    ck_assert(g_str_has_suffix(guarded, "b:2,\"say \"\"hi\"\", \xc3\xa9t\xc3\xa9\n\",\n"));
    ck_assert_str_eq(empty, "ref,text,bits\n");
}
END_TEST

START_TEST(test_json)
{
    g_autofree char *json = render(ROWS_JSON, FALSE, some);
    g_autofree char *lines = render(ROWS_NDJSON, FALSE, some);
    g_autofree char *empty = render(ROWS_JSON, FALSE, none);
    g_autofree char *silent = render(ROWS_NDJSON, FALSE, none);
    ck_assert_str_eq(json, "[\n{\"ref\":\"a:1\",\"text\":\"=1+2\",\"bits\":-3.5},\n"
                           "{\"ref\":\"b:2\",\"text\":\"say \\\"hi\\\", \xc3\xa9t\xc3\xa9\\n\","
                           "\"bits\":null}\n]\n");
    ck_assert_str_eq(lines, "{\"ref\":\"a:1\",\"text\":\"=1+2\",\"bits\":-3.5}\n"
                            "{\"ref\":\"b:2\",\"text\":\"say \\\"hi\\\", \xc3\xa9t\xc3\xa9\\n\","
                            "\"bits\":null}\n");
    ck_assert_str_eq(empty, "[]\n");
    ck_assert_str_eq(silent, "");
}
END_TEST

START_TEST(test_table)
{
    static const char *const rows[][3] = {{"atf-trace:T1", "a\x1b[31mred\tx", "1"}, {NULL}};
    g_autofree char *table = render(ROWS_TABLE, FALSE, rows);
    g_autofree char *empty = render(ROWS_TABLE, FALSE, none);
    ck_assert_ptr_nonnull(strstr(table, "atf-trace:T1"));
    ck_assert_ptr_null(strchr(table, '\x1b'));
    ck_assert_ptr_null(strchr(table, '\t'));
    ck_assert_ptr_nonnull(strstr(table, "[31mred x"));
    ck_assert_str_eq(empty, "");
}
END_TEST

static const struct {
    const char *text, *json;
} strings[] = {
    {NULL, "null"},
    {"", "\"\""},
    {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
    {"\b\f\n\r\t\x01\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\""},
    {"\xe2\x80\xae"
     "evil",
     "\"\\u202eevil\""},
    {"\xc2\x9b", "\"\\u009b\""},
    {"\xc2\xa0", "\"\xc2\xa0\""},
    {"\xe2\x80\xa8 \xe2\x80\xa9", "\"\\u2028 \\u2029\""},
    {"\xef\xbb\xbf", "\"\\ufeff\""},
    {"bad \xff end", "\"bad \xef\xbf\xbd end\""},
    {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
};

/* Without a locale a table of accents must come out whole (and at all). */
START_TEST(test_table_without_locale)
{
    ck_assert_str_eq(setlocale(LC_ALL, "C"), "C");
    g_autofree char *table = render(ROWS_TABLE, FALSE, some);
    ck_assert_ptr_nonnull(strstr(table, "\xc3\xa9t\xc3\xa9"));
}
END_TEST

START_TEST(test_json_string)
{
    g_autoptr(GString) out = g_string_new(NULL);
    json_append_string(out, strings[_i].text);
    ck_assert_str_eq(out->str, strings[_i].json);
}
END_TEST

static const struct {
    const char *text, *json;
} numbers[] = {
    {"0", "0"},           {"-1.25", "-1.25"},   {"1e-06", "1e-06"},
    {"", "null"},         {NULL, "null"},       {"007", "\"007\""},
    {"nan", "\"nan\""},   {"1.", "\"1.\""},     {"1e", "\"1e\""},
    {"1e+", "\"1e+\""},   {"1E5", "1E5"},       {"2e+3", "2e+3"},
    {"1e5x", "\"1e5x\""}, {"0.5", "0.5"},       {".5", "\".5\""},
    {"-0", "-0"},         {"1.5e", "\"1.5e\""}, {"-", "\"-\""},
    {"1,5", "\"1,5\""},   {"inf", "\"inf\""},   {"12345678901", "12345678901"},
};

START_TEST(test_json_number)
{
    g_autoptr(GString) out = g_string_new(NULL);
    json_append_number(out, numbers[_i].text);
    ck_assert_str_eq(out->str, numbers[_i].json);
}
END_TEST

START_TEST(test_format_words)
{
    RowsFormat format = ROWS_TABLE;
    ck_assert(rows_format_parse("ndjson", &format));
    ck_assert_int_eq(format, ROWS_NDJSON);
    ck_assert(!rows_format_parse("xml", &format));
    ck_assert(!rows_format_parse(NULL, &format));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rows");
    TCase *tests = tcase_create("rows");
    tcase_add_test(tests, test_csv);
    tcase_add_test(tests, test_json);
    tcase_add_test(tests, test_table);
    tcase_add_test(tests, test_table_without_locale);
    tcase_add_test(tests, test_sheet);
    tcase_add_test(tests, test_page);
    tcase_add_loop_test(tests, test_markup, 0, G_N_ELEMENTS(texts));
    tcase_add_loop_test(tests, test_json_string, 0, G_N_ELEMENTS(strings));
    tcase_add_loop_test(tests, test_json_number, 0, G_N_ELEMENTS(numbers));
    tcase_add_test(tests, test_format_words);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
