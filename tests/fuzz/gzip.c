/*
 * Bytes as a gzip file: unpacked wholly or refused. An even first byte: what follows is packed
 * here, perhaps as two members, and must come out again; an odd one: what follows is the file.
 */
#include <gio/gio.h>
#include <string.h>

#include "engine/base/error.h"
#include "loaders/input.h"
#include "tests/fuzz/fuzz.h"

static void pack(GByteArray *to, const uint8_t *data, gsize size)
{
    g_autoptr(GZlibCompressor) packer = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
    GConverterResult result = G_CONVERTER_CONVERTED;
    guint8 out[4096];

    while (result != G_CONVERTER_FINISHED) {
        gsize taken = 0, made = 0;

        result = g_converter_convert(G_CONVERTER(packer), data, size, out, sizeof out,
                                     G_CONVERTER_INPUT_AT_END, &taken, &made, NULL);
        fuzz_check(result != G_CONVERTER_ERROR);
        g_byte_array_append(to, out, (guint)made);
        data += taken;
        size -= taken;
    }
}

static char *read_all(const Input *input)
{
    char *bytes = g_malloc(input->bytes + 1);
    gsize got = 0;
    gssize n;

    while ((n = input_read(input->fd, bytes + got, input->bytes + 1 - got)) > 0)
        got += (gsize)n;
    fuzz_check(n == 0 && got == input->bytes);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GByteArray) packed = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    Input input = {.received = -1, .fd = -1};
    char path[64];

    if (size < 2)
        return 0;
    gboolean round = data[0] % 2 == 0;
    gsize first = round ? data[0] * (size - 1) / 256 : 0;
    if (round && first > 0)
        pack(packed, data + 1, first);
    if (round)
        pack(packed, data + 1 + first, size - 1 - first);
    else
        g_byte_array_append(packed, data + 1, (guint)size - 1);
    int fd = fuzz_file(packed->data, packed->len, path);
    gboolean opened = input_open(&input, path, &error);
    fuzz_check(opened == (error == NULL) && (opened || !round));
    fuzz_check(opened || error_status(error) == STATUS_DATA);
    if (opened) {
        g_autofree char *bytes = read_all(&input);

        fuzz_check(!round || (input.bytes == size - 1 && memcmp(bytes, data + 1, size - 1) == 0));
    }
    input_close(&input);
    close(fd);
    return 0;
}
