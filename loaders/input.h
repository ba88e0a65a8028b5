/*
 * What a load reads bytes from: a regular file, standard input, or what a gzip file holds.
 */
#ifndef CROSSTRACE_LOADERS_INPUT_H
#define CROSSTRACE_LOADERS_INPUT_H

#include <glib.h>
#include <sys/stat.h>

#define GZIP_BYTES_MAX (G_GUINT64_CONSTANT(8) << 30) /* unpacked */
#define GZIP_RATIO_MAX 200                           /* times the size of the file ... */
#define GZIP_RATIO_MIN (64u << 20)                   /* ... once so many bytes are unpacked */

typedef struct {
    int received;     /* the file as it came, -1: not open */
    int fd;           /* bytes to be read; of a gzip file a copy without a name */
    char *sha256;     /* of the file as it came, where that was read already; else NULL */
    struct stat stat; /* of the file as it came */
    guint64 bytes;    /* to be read */
} Input;

/* path "-": standard input, through a temporary file. A gzip file is told by its first bytes and
 * unpacked wholly. STATUS_NO_INPUT (missing, a directory, no regular file), STATUS_DATA (damaged
 * gzip, or one that unpacks beyond the bounds above), STATUS_IO. */
gboolean input_open(Input *input, const char *path, GError **error);
void input_close(Input *input);
/* STATUS_IO when the file was changed since it was opened. */
gboolean input_unchanged(const Input *input, const char *path, GError **error);

/* read(2), begun again after a signal. */
gssize input_read(int fd, char *buffer, gsize size);

#endif
