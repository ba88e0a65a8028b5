/*
 * SHA-256, bytes in, 32 bytes out. GLib's own runs at about 270 MB/s; a load hashes its file and
 * every record, so that the processor's SHA instructions are used where it has them (six times as
 * fast), and GLib everywhere else, with the same result.
 */
#ifndef CROSSTRACE_BASE_SHA256_H
#define CROSSTRACE_BASE_SHA256_H

#include <glib.h>

#define SHA256_BYTES 32

typedef struct {
    guint32 state[8];
    guint64 length; /* bytes so far */
    guint8 block[64];
    GChecksum *plain; /* without SHA instructions: GLib does it all */
} Sha256;

void sha256_init(Sha256 *sha);
void sha256_update(Sha256 *sha, const void *bytes, gsize length);
/* Writes the digest; sha needs a new sha256_init before any other use. */
void sha256_finish(Sha256 *sha, guint8 digest[SHA256_BYTES]);
/* Frees what an unfinished one holds; harmless after sha256_finish. */
void sha256_clear(Sha256 *sha);

/* Both steps at once, and the digest as 64 lower-case hexadecimal digits. */
void sha256_of(const void *bytes, gsize length, guint8 digest[SHA256_BYTES]);
void sha256_hex(const guint8 digest[SHA256_BYTES], char text[2 * SHA256_BYTES + 1]);

#endif
