/*
 * Opening what a load reads: a regular file, standard input, and gzip unpacked under bounds, since
 * a few bytes can unpack to any number. Members of a gzip file follow one another; anything else
 * behind one, a cut or a wrong checksum makes the whole file damaged. Knows nothing of encodings.
 */
#include "loaders/input.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/held.h"

#define CHUNK 65536

gssize input_read(int fd, char *buffer, gsize size)
{
    gssize n;

    do
        n = read(fd, buffer, size);
    while (n < 0 && errno == EINTR);
    return n;
}

static gboolean write_bytes(int fd, const char *bytes, gsize length)
{
    while (length > 0) {
        gssize n = write(fd, bytes, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        bytes += n;
        length -= (gsize)n;
    }
    return TRUE;
}

/* The copy has no name, so that nothing is left behind. */
static int open_nameless(const char *of, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("crosstrace-XXXXXX", &path, NULL);

    if (fd < 0)
        error_set(error, STATUS_IO, "cannot make a temporary file for '%s'", of);
    else
        g_unlink(path);
    return fd;
}

static gboolean copy_stdin(int to, GError **error)
{
    char chunk[CHUNK];
    gssize n;

    while ((n = input_read(STDIN_FILENO, chunk, sizeof chunk)) > 0)
        if (!write_bytes(to, chunk, (gsize)n))
            return error_set(error, STATUS_IO, "cannot keep standard input: %s", g_strerror(errno));
    return n == 0 || error_set(error, STATUS_NO_INPUT, "cannot read standard input: %s",
                               file_stdin_problem(errno));
}

/* Standard input can be read once. */
static int open_stdin(GError **error)
{
    int fd = open_nameless("-", error);

    if (fd >= 0 && (!copy_stdin(fd, error) || lseek(fd, 0, SEEK_SET) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* O_NONBLOCK: opening a pipe that nobody writes to must not wait. */
static int open_path(const char *path, GError **error)
{
    struct stat stat;

    if (file_is_held(path)) {
        error_set(error, STATUS_DATA, "cannot load '%s': it is the store's own", path);
        return -1;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        error_set(error, STATUS_NO_INPUT, "cannot read '%s': %s", path, g_strerror(errno));
        return -1;
    }
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        error_set(error, STATUS_NO_INPUT,
                  S_ISDIR(stat.st_mode) ? "cannot read '%s': it is a directory"
                                        : "cannot read '%s': no regular file (use '-' for a pipe)",
                  path);
        close(fd);
        return -1;
    }
    return fd;
}

/* A gzip file on its way into a plain one. */
typedef struct {
    const char *name;
    int from, to;
    GConverter *zlib;
    Sha256 *sha;
    char in[CHUNK];
    gsize held; /* bytes of `in` not yet taken */
    gboolean at_end;
    guint64 received, made;
} Unpack;

static gboolean unpack_read(Unpack *unpack, GError **error)
{
    gssize n;

    if (unpack->at_end || unpack->held == sizeof unpack->in)
        return TRUE;
    n = input_read(unpack->from, unpack->in + unpack->held, sizeof unpack->in - unpack->held);
    if (n < 0)
        return error_set(error, STATUS_IO, "cannot read '%s': %s", unpack->name, g_strerror(errno));
    sha256_add(unpack->sha, unpack->in + unpack->held, (gsize)n);
    unpack->at_end = n == 0;
    unpack->held += (gsize)n;
    unpack->received += (guint64)n;
    return TRUE;
}

static gboolean unpack_write(Unpack *unpack, const char *out, gsize length, GError **error)
{
    unpack->made += length;
    if (unpack->made > GZIP_BYTES_MAX ||
        (unpack->made > GZIP_RATIO_MIN && unpack->made / GZIP_RATIO_MAX > unpack->received))
        return error_set(error, STATUS_DATA,
                         "cannot load '%s': it unpacks to more than %d times its size or %d GiB",
                         unpack->name, GZIP_RATIO_MAX, (int)(GZIP_BYTES_MAX >> 30));
    return write_bytes(unpack->to, out, length) ||
           error_set(error, STATUS_IO, "cannot keep what '%s' unpacks to: %s", unpack->name,
                     g_strerror(errno));
}

/* One step; *between is set when a member ended there. */
static gboolean unpack_step(Unpack *unpack, gboolean *between, GError **error)
{
    char out[CHUNK];
    gsize taken = 0, made = 0;
    g_autoptr(GError) problem = NULL;
    GConverterResult result = g_converter_convert(
        unpack->zlib, unpack->in, unpack->held, out, sizeof out,
        unpack->at_end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &taken, &made, &problem);

    if (result == G_CONVERTER_ERROR)
        return (!unpack->at_end &&
                g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)) ||
               error_set(error, STATUS_DATA, "cannot load '%s': it is a damaged gzip file",
                         unpack->name);
    unpack->held -= taken;
    memmove(unpack->in, unpack->in + taken, unpack->held);
    *between = result == G_CONVERTER_FINISHED;
    if (*between)
        g_converter_reset(unpack->zlib);
    return unpack_write(unpack, out, made, error);
}

static gboolean unpack_all(Unpack *unpack, GError **error)
{
    gboolean between = FALSE;

    do {
        if (!unpack_read(unpack, error))
            return FALSE;
        if (between && unpack->at_end && unpack->held == 0)
            return TRUE;
    } while (unpack_step(unpack, &between, error));
    return FALSE;
}

static gboolean is_gzip(int fd)
{
    guint8 magic[2];

    return pread(fd, magic, sizeof magic, 0) == sizeof magic && magic[0] == 0x1f &&
           magic[1] == 0x8b;
}

static gboolean input_unpack(Input *input, const char *path, GError **error)
{
    g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(Sha256) sha = sha256_new();
    g_autofree Unpack *unpack = g_new0(Unpack, 1);

    *unpack =
        (Unpack){.name = path, .from = input->received, .zlib = G_CONVERTER(zlib), .sha = sha};
    input->fd = unpack->to = open_nameless(path, error);
    if (input->fd < 0 || !unpack_all(unpack, error))
        return FALSE;
    input->sha256 = sha256_take(sha);
    input->bytes = unpack->made;
    return lseek(input->fd, 0, SEEK_SET) == 0 ||
           error_set(error, STATUS_IO, "cannot read what '%s' unpacks to: %s", path,
                     g_strerror(errno));
}

gboolean input_open(Input *input, const char *path, GError **error)
{
    *input = (Input){.received = -1, .fd = -1};
    input->received = strcmp(path, "-") == 0 ? open_stdin(error) : open_path(path, error);
    if (input->received < 0)
        return FALSE;
    if (fstat(input->received, &input->stat) != 0)
        return error_set(error, STATUS_IO, "cannot read '%s': %s", path, g_strerror(errno));
    if (is_gzip(input->received))
        return input_unpack(input, path, error);
    input->fd = input->received;
    input->bytes = (guint64)input->stat.st_size;
    return TRUE;
}

void input_close(Input *input)
{
    if (input->fd >= 0 && input->fd != input->received)
        close(input->fd);
    if (input->received >= 0)
        close(input->received);
    g_clear_pointer(&input->sha256, g_free);
    input->fd = input->received = -1;
}

gboolean input_unchanged(const Input *input, const char *path, GError **error)
{
    struct stat now;

    if (fstat(input->received, &now) == 0 && now.st_size == input->stat.st_size &&
        now.st_mtim.tv_sec == input->stat.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == input->stat.st_mtim.tv_nsec)
        return TRUE;
    return error_set(error, STATUS_IO, "cannot load '%s': it was changed while it was read", path);
}
