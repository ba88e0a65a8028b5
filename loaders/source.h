/*
 * An input file, opened once: regular, hashed, its encoding known, and readable again from the
 * start. Standard input is copied to an unlinked temporary file first. source_read gives UTF-16
 * as UTF-8; every other encoding comes as it is and is decoded line by line (lines.c).
 */
#ifndef CROSSTRACE_LOADERS_SOURCE_H
#define CROSSTRACE_LOADERS_SOURCE_H

#include <glib.h>

typedef enum {
    ENCODING_UTF8,
    ENCODING_CP1252,
    ENCODING_LATIN1,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_AUTO,
} Encoding;

typedef struct Source Source;

/* STATUS_NO_INPUT (missing, a directory, unreadable, no regular file), STATUS_DATA (empty,
 * binary), STATUS_USAGE (unknown encoding name), STATUS_IO. encoding NULL or "auto": detected. */
Source *source_open(const char *path, const char *encoding, GError **error);
void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* Back to the first byte after the byte-order mark. */
gboolean source_rewind(Source *source, GError **error);
/* Bytes read into buffer (at least 8 bytes large), 0 at the end, -1 with error. */
gssize source_read(Source *source, char *buffer, gsize size, GError **error);
/* STATUS_IO when the file was changed since it was opened. */
gboolean source_unchanged(Source *source, GError **error);

const char *source_name(const Source *source);
guint64 source_size(const Source *source); /* in bytes */
/* Waits until it is known; owned by the source. NULL: STATUS_IO. */
const char *source_sha256(Source *source, GError **error);
Encoding source_encoding(const Source *source);
const char *encoding_name(Encoding encoding);
/* Why it was taken: half a sentence for people; static. */
const char *source_encoding_why(const Source *source);
/* Every byte was valid UTF-8, so that lines need no check. */
gboolean source_is_clean(const Source *source);

#endif
