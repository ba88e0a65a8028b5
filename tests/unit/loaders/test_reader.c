/*
 * The reader against its promises: RFC 4180 round trips whatever stands in the cells, a damaged
 * row never alters or loses another, every physical line is accounted for, encodings come out as
 * UTF-8, and hostile files stay within bounds.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "loaders/reader.h"
#include "tests/unit/suite.h"

static char *path_of(const char *bytes, gsize length)
{
    char *path = NULL;
    int fd = g_file_open_tmp("crosstrace-test-XXXXXX", &path, NULL);

    ck_assert_int_ge(fd, 0);
    while (length > 0) {
        gssize n = write(fd, bytes, length);

        ck_assert_int_gt(n, 0);
        bytes += n;
        length -= (gsize)n;
    }
    close(fd);
    return path;
}

/* Everything that the reader says about bytes, as text: "row|reject line cells...". */
static GPtrArray *read_all(const char *bytes, gsize length, const char *encoding, guint width,
                           guint64 *blanks)
{
    g_autofree char *path = path_of(bytes, length);
    g_autoptr(GError) error = NULL;
    g_autoptr(Source) source = source_open(path, encoding, &error);
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    guint64 lines = 0;
    ReadResult result;
    Row row;

    ck_assert_msg(source != NULL, "%s", error ? error->message : "");
    g_autoptr(Reader) reader = reader_new(source, ',', 0, width, &error);
    while ((result = reader_next(reader, &row, &error)) > READ_END) {
        GString *text = g_string_new(NULL);

        if (result == READ_REJECT) {
            ck_assert_uint_eq(row.lines, 1);
            g_string_printf(text, "reject %u %s", (guint)row.line, row.reason);
        } else {
            g_string_printf(text, "row %u", (guint)row.line);
            ck_assert_uint_eq(row.n, width);
            for (guint i = 0; i < row.n; i++)
                g_string_append_printf(text, "|%s", row.cells[i]);
        }
        ck_assert(g_utf8_validate(row.raw, -1, NULL));
        lines += row.lines;
        g_ptr_array_add(all, g_string_free(text, FALSE));
    }
    ck_assert_int_eq(result, READ_END);
    ck_assert_uint_eq(reader_lines(reader), lines + reader_blanks(reader));
    if (blanks)
        *blanks = reader_blanks(reader);
    g_unlink(path);
    return all;
}

static void assert_reads(const char *text, guint width, const char *const *expected)
{
    g_autoptr(GPtrArray) got = read_all(text, strlen(text), NULL, width, NULL);
    guint n = 0;

    for (; expected[n]; n++) {
        ck_assert_msg(n < got->len, "only %u of: %s", got->len, expected[n]);
        ck_assert_str_eq(g_ptr_array_index(got, n), expected[n]);
    }
    ck_assert_uint_eq(got->len, n);
}

START_TEST(test_line_ends)
{
    const char *const rows[] = {"row 1|a|b", "row 2|c|d", "row 4|e|f", "row 5|g|h", NULL};

    assert_reads("a,b\r\nc,d\n\ne,f\rg,h", 2, rows);
}
END_TEST

START_TEST(test_resync)
{
    const char *const unclosed[] = {"row 1|a|b", "reject 2 unclosed", "row 3|e|f", "row 4|g|h",
                                    NULL};
    const char *const wide[] = {"row 1|a|b", "reject 2 columns", "reject 3 quote", "row 4|g|h",
                                NULL};
    const char *const inch[] = {"reject 1 quote", "row 2|5\" barrel|b", "reject 3 quote", NULL};
    const char *const multi[] = {"row 1|a\nb|c", "row 3|d|e", NULL};
    const char *const padded[] = {"row 1|a|b", "reject 2 columns", NULL};

    assert_reads("a,b\nc,\"d\ne,f\ng,h\n", 2, unclosed);
    assert_reads("a,b\nc,\"d\ne\",f\ng,h\n", 2, wide);
    assert_reads("5\" barrel,b\n\"5\"\" barrel\",b\n\"5\" barrel\",b\n", 2, inch);
    assert_reads("\"a\nb\",c\nd,e\n", 2, multi);
    assert_reads("a,b,,\na,b,,x\n", 2, padded);
}
END_TEST

START_TEST(test_blanks)
{
    const char text[] = "a,b\n   \n,\n\x1a";
    guint64 blanks;
    g_autoptr(GPtrArray) got = read_all(text, sizeof text - 1, NULL, 2, &blanks);

    ck_assert_uint_eq(got->len, 1);
    ck_assert_uint_eq(blanks, 3);
}
END_TEST

START_TEST(test_nul)
{
    const char text[] = "a,b\0c\nd,e\n";
    g_autoptr(GPtrArray) got = read_all(text, sizeof text - 1, "utf-8", 2, NULL);

    ck_assert_uint_eq(got->len, 2);
    ck_assert_str_eq(g_ptr_array_index(got, 0), "reject 1 nul");
}
END_TEST

START_TEST(test_encodings)
{
    static const struct {
        const char *bytes;
        gsize length;
        const char *encoding;
        const char *first;
    } CASES[] = {
        {"\xEF\xBB\xBF\xC3\xA9,b\n", 8, NULL, "row 1|é|b"},
        {"\xE9t\xE9,l\x92"
         "arme\n",
         11, NULL, "row 1|été|l’arme"},
        {"\xE9,\x92\n", 4, "latin1", "row 1|é|\xC2\x92"},
        {"\xE9,\x81\n", 4, NULL, "reject 1 encoding"},
        {"\xFF\xFE\xE9\0,\0b\0\n\0", 10, NULL, "row 1|é|b"},
        {"\xFE\xFF\0\xE9\0,\0b\0\n", 10, NULL, "row 1|é|b"},
        {"\xE9\0,\0b\0\n\0", 8, "UTF-16LE", "row 1|é|b"},
        {"\xFF\xFE\x3D\xD8,\0b\0\n\0", 10, NULL, "reject 1 encoding"},
        {"\xC3\xA9,\xC3\xA8\xE9\n", 7, NULL, "reject 1 encoding"},
        /* what is told goes before the mark, but for the order of bytes */
        {"\xEF\xBB\xBF\xC3\xA9,b\n", 8, "UTF-8", "row 1|é|b"},
        {"\xEF\xBB\xBF\xC3\xA9,b\n", 8, "windows-1252", "row 1|ï»¿Ã©|b"},
        {"\xFF\xFE\xE9\0,\0b\0\n\0", 10, "UTF-16BE", "row 1|é|b"},
        {"\xFE\xFF\0\xE9\0,\0b\0\n", 10, "utf16", "row 1|é|b"},
        /* half a character at the end, a NUL beside what is sound and what is not */
        {"\xFF\xFE,\0b", 5, NULL, "reject 1 encoding"},
        {"a\0\xC3\xA9,b\n\xE9,\xC3\xA9\n", 12, NULL, "reject 1 nul"},
        {"a\0\xE9,b\n\xC3\xA9,\xC3\xA9\n", 12, NULL, "reject 1 encoding"},
        {"\xC3\xA9,\xC3", 4, "utf-8", "reject 1 encoding"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GPtrArray) got =
            read_all(CASES[i].bytes, CASES[i].length, CASES[i].encoding, 2, NULL);

        ck_assert_uint_ge(got->len, 1);
        ck_assert_str_eq(g_ptr_array_index(got, 0), CASES[i].first);
    }
}
END_TEST

/* The same text in three encodings is the same rows, wherever a read ends in a character. */
START_TEST(test_same_in_all)
{
    static const char *const letters[] = {"a", "\u00e9", "\u2019", "\U0001F52B", "bcd"};
    static const char *const encodings[] = {"UTF-16LE", "UTF-16BE"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(16);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 90000; i++)
        g_string_append(text, i % 997 == 0 ? ",x\n" : letters[g_rand_int_range(rand, 0, 5)]);
    g_autoptr(GPtrArray) expected = read_all(text->str, text->len, NULL, 2, NULL);

    for (guint k = 0; k < G_N_ELEMENTS(encodings); k++) {
        gsize length;
        g_autofree char *bytes =
            g_convert(text->str, (gssize)text->len, encodings[k], "UTF-8", NULL, &length, NULL);
        g_autoptr(GPtrArray) got = read_all(bytes, length, encodings[k], 2, NULL);

        ck_assert_uint_eq(got->len, expected->len);
        for (guint i = 0; i < got->len; i++)
            ck_assert_str_eq(g_ptr_array_index(got, i), g_ptr_array_index(expected, i));
    }
}
END_TEST

/* A byte that Windows-1252 does not know spoils its line alone, in a line longer than any buffer.
 */
START_TEST(test_long_lines)
{
    g_autofree char *accents = g_strnfill(20000, '\xE9');
    g_autofree char *text = g_strconcat(accents, ",b\n", accents, "\x81,c\nd,e\n", NULL);
    g_autoptr(GPtrArray) got = read_all(text, strlen(text), "cp1252", 2, NULL);
    const char *first = g_ptr_array_index(got, 0);

    ck_assert_uint_eq(got->len, 3);
    ck_assert_uint_eq(strlen(first), strlen("row 1|") + 2 * 20000 + strlen("|b"));
    ck_assert(g_str_has_prefix(first, "row 1|\u00e9\u00e9") && g_str_has_suffix(first, "\u00e9|b"));
    ck_assert_str_eq(g_ptr_array_index(got, 1), "reject 2 encoding");
    ck_assert_str_eq(g_ptr_array_index(got, 2), "row 3|d|e");
}
END_TEST

/* Bytes that are no text we read, and what is said of them. */
START_TEST(test_no_text)
{
    static const struct {
        const char *bytes;
        gsize length;
        const char *encoding;
        Status status;
        const char *words;
    } CASES[] = {
        {"\xFF\xFE\0\0a\0\0\0", 8, NULL, STATUS_DATA, "it is UTF-32"},
        {"\0\0\xFE\xFF\0\0\0a", 8, NULL, STATUS_DATA, "it is UTF-32"},
        {"a\0\0\0,\0\0\0b\0\0\0\n\0\0\0", 16, NULL, STATUS_DATA, "it is UTF-32"},
        {"\0\0\0a\0\0\0,\0\0\0b\0\0\0\n", 16, NULL, STATUS_DATA, "it is UTF-32"},
        {"a\0,\0b\0\n\0", 8, NULL, STATUS_DATA, "UTF-16 without a byte-order mark"},
        {"\xFF\xFE\xE9\0,\0b\0\n\0", 10, "utf-8", STATUS_DATA, "it is a binary file"},
        {"\1\2\3\4\5\6\7\1\2\3", 10, NULL, STATUS_DATA, "it is a binary file"},
        {"\xEF\xBB\xBF", 3, NULL, STATUS_DATA, "it is empty"},
        {"\xFF\xFE", 2, NULL, STATUS_DATA, "it is empty"},
        {"a,b\n", 4, "latin 1", STATUS_USAGE, "unknown encoding 'latin 1'"},
        {"a,b\n", 4, "", STATUS_USAGE, "unknown encoding ''"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *path = path_of(CASES[i].bytes, CASES[i].length);
        g_autoptr(GError) error = NULL;

        ck_assert_ptr_null(source_open(path, CASES[i].encoding, &error));
        ck_assert_msg(strstr(error->message, CASES[i].words) != NULL, "%s", error->message);
        ck_assert_int_eq(error_status(error), CASES[i].status);
        g_unlink(path);
    }
}
END_TEST

static char *random_cell(GRand *rand)
{
    static const char *const PARTS[] = {"a", "b", "\"", ",", "\n", "\r\n", "é", ";", "'", "x y"};
    GString *cell = g_string_new("c");

    for (int i = g_rand_int_range(rand, 0, 8); i > 0; i--)
        g_string_append(cell, PARTS[g_rand_int_range(rand, 0, G_N_ELEMENTS(PARTS))]);
    return g_string_free(cell, FALSE);
}

static void quote(GString *out, const char *cell)
{
    g_string_append_c(out, '"');
    for (const char *p = cell; *p; p++)
        g_string_append(out, *p == '"' ? "\"\"" : (char[]){*p, '\0'});
    g_string_append_c(out, '"');
}

/* What is written by RFC 4180 comes back; line ends inside a cell come back as LF. Long fillers
 * make records straddle every kind of buffer boundary. */
START_TEST(test_round_trip)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4180);

    for (int round = 0; round < 40; round++) {
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(GPtrArray) expected = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *filler = g_strnfill((gsize)g_rand_int_range(rand, 1, 70000), 'f');
        const char *end = round % 2 ? "\r\n" : "\n";

        for (int r = 0; r < 60; r++) {
            GString *text = g_string_new(NULL);

            for (int c = 0; c < 4; c++) {
                g_autofree char *cell = c == 3 && r % 8 == 0 ? g_strdup(filler) : random_cell(rand);
                g_auto(GStrv) parts = g_strsplit(cell, "\r\n", -1);
                g_autofree char *plain = g_strjoinv("\n", parts);

                g_string_append(bytes, c ? "," : "");
                quote(bytes, cell);
                g_string_append_printf(text, "|%s", plain);
            }
            g_string_append(bytes, end);
            g_ptr_array_add(expected, g_string_free(text, FALSE));
        }
        g_autoptr(GPtrArray) got = read_all(bytes->str, bytes->len, "utf-8", 4, NULL);

        ck_assert_uint_eq(got->len, expected->len);
        for (guint i = 0; i < got->len; i++)
            ck_assert_str_eq(strchr(g_ptr_array_index(got, i), '|'),
                             g_ptr_array_index(expected, i));
    }
}
END_TEST

/* One damage to a row without its line end. */
static void damage(GRand *rand, GString *line)
{
    static const char *const PUT_IN[] = {"\"",   ",\"", "\",", "\n",   "\r", "\r\n", "\n\n", "\xFF",
                                         "\xC3", "\t",  ",",   "\\\"", ";",  "\x1a", "\"\""};
    gsize at = (gsize)g_rand_int_range(rand, 1, (gint32)line->len);

    switch (g_rand_int_range(rand, 0, 8)) {
    case 0:
        g_string_truncate(line, at);
        break;
    case 1:
        g_string_append(line, g_rand_boolean(rand) ? ",extra" : "\"");
        break;
    case 2:
        g_string_erase(line, (gssize)at, 1);
        break;
    case 3:
        g_string_insert_c(line, (gssize)at, '\0');
        break;
    case 4:
        g_string_erase(line, (gssize)at, g_rand_int_range(rand, 1, (gint32)(line->len - at) + 1));
        g_string_prepend(line, "\"");
        break;
    case 5: /* its begin once more */
        g_string_append_len(line, line->str, (gssize)at);
        break;
    default:
        g_string_insert(line, (gssize)at, PUT_IN[g_rand_int_range(rand, 0, G_N_ELEMENTS(PUT_IN))]);
        break;
    }
}

static guint count_line_ends(const GString *text)
{
    guint n = 0;

    for (gsize i = 0; i < text->len; i++)
        n += text->str[i] == '\n' || (text->str[i] == '\r' && text->str[i + 1] != '\n');
    return n;
}

/* Rows around a damaged one come back as they are, the damaged one as a reject, or as a row of
 * its own line (a cut cell is no damage that CSV can see). */
START_TEST(test_damage_stays_local)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1889);

    for (int round = 0; round < 4000; round++) {
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(GHashTable) good = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        int bad = g_rand_int_range(rand, 0, 12);
        guint first = (guint)bad + 1, more = 0; /* its line, and how many lines it became more */

        for (int r = 0; r < 12; r++) {
            g_autoptr(GString) line = g_string_new(NULL);

            g_string_printf(line, "T%04d,\"x %d\",plain\u00e9%d,\"say \"\"%d\"\"\",,end", r, r, r,
                            r);
            if (r == bad) {
                damage(rand, line);
                more = count_line_ends(line);
            } else {
                g_hash_table_add(good,
                                 g_strdup_printf("row %u|T%04d|x %d|plain\u00e9%d|say \"%d\"||end",
                                                 (guint)r + 1 + more, r, r, r, r));
            }
            g_string_append_len(bytes, line->str, (gssize)line->len);
            g_string_append_c(bytes, '\n');
        }
        g_autoptr(GPtrArray) got = read_all(bytes->str, bytes->len, "utf-8", 6, NULL);

        for (guint i = 0; i < got->len; i++) {
            const char *text = g_ptr_array_index(got, i), *number = strchr(text, ' ');
            guint at = (guint)g_ascii_strtoull(number, NULL, 10);

            ck_assert_msg(g_hash_table_remove(good, text) || g_str_has_prefix(text, "reject") ||
                              (at >= first && at <= first + more),
                          "altered: %s\nfile:\n%s", text, bytes->str);
        }
        ck_assert_msg(g_hash_table_size(good) == 0, "lost %u rows of\n%s", g_hash_table_size(good),
                      bytes->str);
    }
}
END_TEST

START_TEST(test_hostile)
{
    g_autofree char *giant = g_strnfill(20 << 20, 'x');
    g_autofree char *commas = g_strnfill(100000, ',');
    g_autoptr(GString) text = g_string_new("a,b\n");

    g_string_append_printf(text, "c,%s\nd,\"%s\ne,f\n%s\ng,h\n", giant, giant, commas);
    g_autoptr(GPtrArray) got = read_all(text->str, text->len, NULL, 2, NULL);

    ck_assert_uint_eq(got->len, 6);
    ck_assert_str_eq(g_ptr_array_index(got, 0), "row 1|a|b");
    ck_assert_str_eq(g_ptr_array_index(got, 1), "reject 2 field-size");
    ck_assert_str_eq(g_ptr_array_index(got, 2), "reject 3 field-size");
    ck_assert_str_eq(g_ptr_array_index(got, 3), "row 4|e|f");
    ck_assert_str_eq(g_ptr_array_index(got, 4), "reject 5 columns");
    ck_assert_str_eq(g_ptr_array_index(got, 5), "row 6|g|h");
}
END_TEST

/* Many unclosed quotes far apart: near-linear, and what is kept does not grow with the file. */
START_TEST(test_many_unclosed)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint rejects = 0;

    for (int i = 0; i < 400000; i++)
        g_string_append(text, i % 50 ? "a,b\n" : "a,\"b\n");
    g_autoptr(GPtrArray) got = read_all(text->str, text->len, NULL, 2, NULL);

    for (guint i = 0; i < got->len; i++)
        rejects += g_str_has_prefix(g_ptr_array_index(got, i), "reject");
    ck_assert_uint_eq(got->len, 400000);
    ck_assert_uint_eq(rejects, 8000);
}
END_TEST

START_TEST(test_no_input)
{
    static const struct {
        const char *path;
        Status status;
    } CASES[] = {{"/nonexistent/file.csv", STATUS_NO_INPUT},
                 {"tests", STATUS_NO_INPUT},
                 {"/dev/null", STATUS_NO_INPUT}};
    g_autofree char *empty = path_of("", 0);
    g_autofree char *binary = path_of("PK\3\4\0\0\0\0\1\2\3\4\5\6\7", 15);
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        ck_assert_ptr_null(source_open(CASES[i].path, NULL, &error));
        ck_assert_int_eq(error_status(error), CASES[i].status);
        g_clear_error(&error);
    }
    ck_assert_ptr_null(source_open(empty, NULL, &error));
    ck_assert_int_eq(error_status(error), STATUS_DATA);
    g_clear_error(&error);
    ck_assert_ptr_null(source_open(binary, NULL, &error));
    ck_assert_int_eq(error_status(error), STATUS_DATA);
    g_clear_error(&error);
    ck_assert_ptr_null(source_open(binary, "ebcdic", &error));
    ck_assert_int_eq(error_status(error), STATUS_USAGE);
    g_unlink(empty);
    g_unlink(binary);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loaders/reader");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, test_line_ends);
    tcase_add_test(tcase, test_resync);
    tcase_add_test(tcase, test_blanks);
    tcase_add_test(tcase, test_nul);
    tcase_add_test(tcase, test_encodings);
    tcase_add_test(tcase, test_same_in_all);
    tcase_add_test(tcase, test_long_lines);
    tcase_add_test(tcase, test_no_text);
    tcase_add_test(tcase, test_round_trip);
    tcase_add_test(tcase, test_damage_stays_local);
    tcase_add_test(tcase, test_hostile);
    tcase_add_test(tcase, test_many_unclosed);
    tcase_add_test(tcase, test_no_input);
    return suite_run_here(suite);
}
