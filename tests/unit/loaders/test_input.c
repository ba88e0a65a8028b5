/*
 * What a load may read from: gzip in one member or several, whatever was cut off or damaged of
 * it, and bombs; pipes and folders. Nothing of a refused file is in the store.
 */
#include <gio/gio.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loaders/input.h"
#include "tests/unit/loaders/fixture.h"

static const char TEXT[] = "trace_number,serial_number,manufacturer,remarks\n"
                           "T20230000001,AB1,GLOCK,\"SYNTHETIC, é\"\n"
                           "T20230000002,AB2,GLOCK,SYNTHETIC\n";

static GByteArray *gzip(const void *bytes, gsize length)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) out = g_converter_output_stream_new(memory, G_CONVERTER(zlib));
    GByteArray *packed = g_byte_array_new();

    ck_assert(g_output_stream_write_all(out, bytes, length, NULL, NULL, NULL));
    ck_assert(g_output_stream_close(out, NULL, NULL));
    g_byte_array_append(
        packed, g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(memory)),
        (guint)g_memory_output_stream_get_data_size(G_MEMORY_OUTPUT_STREAM(memory)));
    return packed;
}

static int load_packed(const GByteArray *packed, gsize length, LoadReport *report)
{
    return load_bytes((const char *)packed->data, (gssize)length, report, NULL);
}

START_TEST(test_gzip)
{
    g_autoptr(GByteArray) packed = gzip(TEXT, strlen(TEXT));
    g_autofree char *sha =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, packed->data, packed->len);
    LoadReport report;

    ck_assert_int_eq(load_packed(packed, packed->len, &report), STATUS_DONE);
    ck_assert_uint_eq(report.loaded, 2);
    ck_assert_str_eq(report.sha256, sha);
    assert_field("atf-trace:T20230000001", "remarks", "SYNTHETIC, é");
    load_report_clear(&report);
    ck_assert_int_eq(load_packed(packed, packed->len, &report), STATUS_DONE);
    ck_assert(report.known);
    load_report_clear(&report);
    report = load_text(TEXT); /* another file, the same rows */
    ck_assert_uint_eq(report.duplicates, 2);
    load_report_clear(&report);
}
END_TEST

/* A file is known by its own bytes, however a reader's pieces cut a character of them. */
START_TEST(test_long_text)
{
    for (guint before = 65536 - 4; before < 65536 + 2; before++) {
        g_autoptr(GString) text = g_string_new(TEXT);
        LoadReport report;

        while (text->len < before)
            g_string_append_c(text, '\n');
        g_string_append(text, "\xf0\x9f\x94\xab\xe2\x82\xac,,,");
        g_autofree char *sha = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);

        load_bytes(text->str, (gssize)text->len, &report, NULL);
        ck_assert_str_eq(report.sha256, sha);
        load_report_clear(&report);
    }
}
END_TEST

START_TEST(test_members)
{
    g_autoptr(GByteArray) first = gzip(TEXT, 60), rest = gzip(TEXT + 60, strlen(TEXT) - 60);
    g_autoptr(GByteArray) nothing = gzip("", 0);
    LoadReport report;

    g_byte_array_append(first, nothing->data, nothing->len);
    g_byte_array_append(first, rest->data, rest->len);
    ck_assert_int_eq(load_packed(first, first->len, &report), STATUS_DONE);
    ck_assert_uint_eq(report.loaded, 2);
    load_report_clear(&report);
}
END_TEST

/* Cut anywhere, one bit turned anywhere that counts, something behind it: an error, and nothing of
 * the file is kept. The header's time stamp, flags and system (bytes 4 to 9) count for nothing. */
START_TEST(test_damaged_gzip)
{
    g_autoptr(GByteArray) packed = gzip(TEXT, strlen(TEXT));
    guint whole = packed->len;
    LoadReport report;

    for (guint length = 2; length < whole; length++) {
        ck_assert_int_eq(load_packed(packed, length, &report), STATUS_DATA);
        load_report_clear(&report);
    }
    for (guint at = 10; at < whole; at++) {
        packed->data[at] ^= 0x10;
        ck_assert_msg(load_packed(packed, whole, &report) == STATUS_DATA, "byte %u", at);
        packed->data[at] ^= 0x10;
        load_report_clear(&report);
    }
    g_byte_array_append(packed, (const guint8 *)"more", 4);
    ck_assert_int_eq(load_packed(packed, packed->len, &report), STATUS_DATA);
    load_report_clear(&report);
    g_autoptr(GByteArray) nothing = gzip("", 0);

    ck_assert_int_eq(load_packed(nothing, nothing->len, &report), STATUS_DATA);
    load_report_clear(&report);
    ck_assert_ptr_null(store_get(store, "atf-trace:T20230000001", NULL));
    ck_assert_int_eq(store_find_file(store, "", NULL), 0);
}
END_TEST

START_TEST(test_gzip_bomb)
{
    gsize length = GZIP_RATIO_MIN + (8u << 20);
    g_autofree char *zeros = g_malloc0(length);
    g_autofree char *message = NULL;
    g_autoptr(GByteArray) packed = gzip(zeros, length);
    LoadReport report;

    ck_assert_uint_lt(packed->len, length / GZIP_RATIO_MAX);
    ck_assert_int_eq(load_bytes((const char *)packed->data, (gssize)packed->len, &report, &message),
                     STATUS_DATA);
    ck_assert_msg(strstr(message, "unpacks to more than") != NULL, "%s", message);
    load_report_clear(&report);
}
END_TEST

START_TEST(test_no_file)
{
    g_autofree char *fifo = g_build_filename(directory, "pipe", NULL);
    g_autofree char *message = NULL;
    LoadReport report;

    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(load_path(fifo, &report, &message), STATUS_NO_INPUT);
    ck_assert_msg(strstr(message, "use '-' for a pipe") != NULL, "%s", message);
    load_report_clear(&report);
    ck_assert_int_eq(load_path(directory, &report, NULL), STATUS_NO_INPUT);
    load_report_clear(&report);
}
END_TEST

/* Loads standard input, which is something else for as long. */
static int load_stdin(int fd, LoadReport *report, char **message)
{
    int kept = dup(STDIN_FILENO);

    ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    int status = load_path("-", report, message);
    ck_assert_int_eq(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    return status;
}

static int load_piped(const void *bytes, gsize length, LoadReport *report)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], bytes, length), (gssize)length);
    close(ends[1]);
    int status = load_stdin(ends[0], report, NULL);
    close(ends[0]);
    return status;
}

/* What comes through a pipe is what stands in a file, packed or not. */
START_TEST(test_stdin)
{
    g_autoptr(GByteArray) packed = gzip(TEXT, strlen(TEXT));
    g_autofree char *message = NULL;
    LoadReport report;

    ck_assert_int_eq(load_piped(TEXT, strlen(TEXT), &report), STATUS_DONE);
    ck_assert_uint_eq(report.loaded, 2);
    ck_assert_str_eq(report.name, "-");
    load_report_clear(&report);
    report = load_text(TEXT); /* by its bytes it is the same file */
    ck_assert(report.known);
    load_report_clear(&report);
    ck_assert_int_eq(load_piped(packed->data, packed->len, &report), STATUS_DONE);
    ck_assert_uint_eq(report.duplicates, 2);
    load_report_clear(&report);
    ck_assert_int_eq(load_piped("", 0, &report), STATUS_DATA);
    load_report_clear(&report);
    int folder = open(directory, O_RDONLY);

    ck_assert_int_eq(load_stdin(folder, &report, &message), STATUS_NO_INPUT);
    ck_assert(g_str_has_prefix(message, "cannot read standard input: "));
    load_report_clear(&report);
    close(folder);
}
END_TEST

static void write_more(const char *file, const Remark *remark, gpointer path)
{
    FILE *more = fopen(path, "a");

    (void)file;
    (void)remark;
    fputs("T20230000009,AB9,GLOCK,SYNTHETIC\n", more);
    fclose(more);
}

/* A file that somebody still writes: nothing of it is kept. */
START_TEST(test_still_written)
{
    g_autofree char *path = g_build_filename(directory, "input.csv", NULL);
    g_autofree char *text = g_strconcat(TEXT, ",AB3,GLOCK,no number\n", NULL);
    LoadRules rules = {codes, people, profiles};
    g_autoptr(GError) error = NULL;
    LoadReport report;

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    options.remark = write_more;
    options.remark_data = path;
    ck_assert(!load_file(store, &rules, &options, path, &report, &error));
    ck_assert_int_eq(error_status(error), STATUS_IO);
    ck_assert(g_str_has_suffix(error->message, "it was changed while it was read"));
    ck_assert_ptr_null(store_get(store, "atf-trace:T20230000001", NULL));
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_gzip);
    tcase_add_test(tcase, test_long_text);
    tcase_add_test(tcase, test_members);
    tcase_add_test(tcase, test_damaged_gzip);
    tcase_add_test(tcase, test_gzip_bomb);
    tcase_add_test(tcase, test_no_file);
    tcase_add_test(tcase, test_stdin);
    tcase_add_test(tcase, test_still_written);
}

int main(void)
{
    return run_suite("loaders/input", fill);
}
