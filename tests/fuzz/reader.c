/* Any bytes through the reader: every line is in one place, every row has the width, all is UTF-8.
 * The first two bytes choose delimiter and width. */
#include "loaders/reader.h"
#include "tests/fuzz/fuzz.h"

static void read_all(Source *source, char delimiter, guint width)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_new(source, delimiter, 0, width, &error);
    guint64 lines = 0, next = 1;
    ReadResult result = READ_END;
    Row row;

    while (reader && (result = reader_next(reader, &row, &error)) > READ_END) {
        lines += row.lines;
        fuzz_check(row.line >= next && row.lines >= 1);
        fuzz_check(g_utf8_validate(row.raw, -1, NULL));
        fuzz_check((result == READ_REJECT) == (row.reason != NULL));
        fuzz_check(result == READ_REJECT ? row.lines == 1 : row.n == width);
        for (guint i = 0; result == READ_ROW && i < row.n; i++)
            fuzz_check(g_utf8_validate(row.cells[i], -1, NULL));
        next = row.line + row.lines;
    }
    fuzz_check(!reader || result == READ_FAILED ||
               lines + reader_blanks(reader) == reader_lines(reader));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const ENCODINGS[] = {NULL, "utf-8", "windows-1252", "utf-16le"};
    char path[64];
    int fd;

    if (size < 2)
        return 0;
    fd = fuzz_file(data + 2, size - 2, path);
    g_autoptr(Source) source = source_open(path, ENCODINGS[data[0] / 4 % 4], NULL);

    if (source)
        read_all(source, ",;\t|"[data[0] % 4], data[1] % 12 + 1u);
    close(fd);
    return 0;
}
