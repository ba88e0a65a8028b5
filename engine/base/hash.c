/*
 * The project's hashes. SHA-256 is nettle's, which uses the processor's own instructions where it
 * has them (three times as fast as GLib's, and every byte of a load goes through it). Mix is a
 * multiply-and-fold over words of eight bytes in two lanes: a 64 by 64 bit product has all of its
 * input bits in its middle, and its upper half folded onto the lower keeps them (the principle of
 * multiplicative universal hashing, as in the wyhash and MUM families).
 */
#include "engine/base/hash.h"

#include <nettle/sha2.h>
#include <nettle/version.h>
#include <string.h>

struct Sha256 {
    struct sha256_ctx context;
};

Sha256 *sha256_new(void)
{
    Sha256 *sha = g_new(Sha256, 1);

    sha256_init(&sha->context);
    return sha;
}

void sha256_free(Sha256 *sha)
{
    g_free(sha);
}

void sha256_add(Sha256 *sha, const void *bytes, gsize length)
{
    sha256_update(&sha->context, length, bytes);
}

static void write_digits(const guint8 *bytes, gsize n, char *text)
{
    static const char DIGITS[] = "0123456789abcdef";

    for (gsize i = 0; i < n; i++) {
        text[2 * i] = DIGITS[bytes[i] >> 4];
        text[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    text[2 * n] = '\0';
}

char *sha256_take(Sha256 *sha)
{
    guint8 digest[SHA256_DIGEST_SIZE];
    char *text = g_malloc(SHA256_TEXT);

    sha256_digest(&sha->context, sizeof digest, digest);
    write_digits(digest, sizeof digest, text);
    return text;
}

Mix mix_new(void)
{
    return (Mix){{MIX_START_0, MIX_START_1}};
}

void mix_add(Mix *mix, guint32 tag, const char *text, gsize length)
{
    *mix = mix_with(*mix, tag, text, length);
}

/* Three turns in which one lane is mixed into the other: nothing is lost, every bit of the end
 * depends on both. */
Mix mix_end(const Mix *mix)
{
    Mix end = *mix;

    end.lane[0] ^= mix_fold(end.lane[1] ^ MIX_TIMES_2, MIX_TIMES_0);
    end.lane[1] ^= mix_fold(end.lane[0] ^ MIX_TIMES_2, MIX_TIMES_1);
    end.lane[0] ^= mix_fold(end.lane[1] ^ MIX_TIMES_2, MIX_TIMES_0);
    return end;
}

void mix_bytes(const Mix *mix, guint8 bytes[MIX_BYTES])
{
    for (guint i = 0; i < MIX_BYTES; i++)
        bytes[i] = (guint8)(mix->lane[i / 8] >> 8 * (i % 8));
}

char *mix_text(const Mix *mix, char text[MIX_TEXT])
{
    guint8 bytes[MIX_BYTES];

    mix_bytes(mix, bytes);
    write_digits(bytes, MIX_BYTES, text);
    return text;
}

/* Without a branch: digits come in no order. */
static int digit_value(char c)
{
    static const gint8 VALUES[256] = {['0'] = 1, 2,  3,          4,  5,  6,  7,  8,
                                      9,         10, ['a'] = 11, 12, 13, 14, 15, 16};

    return VALUES[(guint8)c] - 1;
}

gboolean mix_parse(const char *text, Mix *mix)
{
    *mix = (Mix){{0, 0}};
    for (guint i = 0; i < MIX_BYTES; i++) {
        int high = digit_value(text[2 * i]);
        int low = high < 0 ? -1 : digit_value(text[2 * i + 1]);

        if (low < 0)
            return FALSE;
        mix->lane[i / 8] |= (guint64)(high << 4 | low) << 8 * (i % 8);
    }
    return text[MIX_TEXT - 1] == '\0';
}

char *hash_library(void)
{
    return g_strdup_printf("Nettle %d.%d", nettle_version_major(), nettle_version_minor());
}
