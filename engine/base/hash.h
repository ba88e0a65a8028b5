/*
 * Two hashes with two purposes. SHA-256 where somebody else must be able to check it or could
 * gain by forging it: files, rules, the audit trail. Mix where bytes of our own are only to be
 * told apart, a million times a load: 128 bits, no defence against forgery. Neither ever changes:
 * stores keep both.
 */
#ifndef CROSSTRACE_BASE_HASH_H
#define CROSSTRACE_BASE_HASH_H

#include <glib.h>
#include <string.h>

#define SHA256_TEXT 65 /* bytes of a SHA-256 as hexadecimal digits */

typedef struct Sha256 Sha256;

/* SHA-256 of what is added piece by piece. */
Sha256 *sha256_new(void);
void sha256_free(Sha256 *sha);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sha256, sha256_free)
void sha256_add(Sha256 *sha, const void *bytes, gsize length);
/* 64 lower-case hexadecimal digits of all that was added; begins anew; g_free. */
char *sha256_take(Sha256 *sha);

/* A hash in the making or made; values may be compared and added up. */
typedef struct {
    guint64 lane[2];
} Mix;

#define MIX_BYTES 16
#define MIX_TEXT  33 /* bytes of the hexadecimal digits */

Mix mix_new(void);
/* A tag that says what the text is, its length and bytes, so that no two lists of tagged texts are
 * the same input. */
void mix_add(Mix *mix, guint32 tag, const char *text, gsize length);
/* The hash of all that was added. */
Mix mix_end(const Mix *mix);
/* As bytes, the same on every machine, and as their lower-case hexadecimal digits (in text, which
 * is returned). FALSE when the text is no such hash. */
void mix_bytes(const Mix *mix, guint8 bytes[MIX_BYTES]);
char *mix_text(const Mix *mix, char text[MIX_TEXT]);
gboolean mix_parse(const char *text, Mix *mix);

/* "Nettle 3.8"; g_free. */
char *hash_library(void);

/* At most eight bytes of a text as a number, the same on every machine; four and more as two halves
 * that overlap. */
static inline guint64 text_word(const char *text, gsize length)
{
    guint64 word = 0;
    guint32 low, high;

    if (length < sizeof low) {
        while (length-- > 0)
            word = word << 8 | (guint8)text[length];
        return word;
    }
    memcpy(&low, text, sizeof low);
    memcpy(&high, text + length - sizeof high, sizeof high);
    return GUINT32_FROM_LE(low) | (guint64)GUINT32_FROM_LE(high) << 8 * (length - sizeof high);
}

/* Nothing up the sleeve: fractions of pi, made odd. */
#define MIX_START_0 G_GUINT64_CONSTANT(0x243F6A8885A308D3)
#define MIX_START_1 G_GUINT64_CONSTANT(0x13198A2E03707345)
#define MIX_TIMES_0 G_GUINT64_CONSTANT(0xA4093822299F31D1)
#define MIX_TIMES_1 G_GUINT64_CONSTANT(0x082EFA98EC4E6C89)
#define MIX_TIMES_2 G_GUINT64_CONSTANT(0x452821E638D01377)

__extension__ typedef unsigned __int128 MixWide;

static inline guint64 mix_fold(guint64 a, guint64 b)
{
    MixWide product = (MixWide)a * b;

    return (guint64)product ^ (guint64)(product >> 64);
}

/* The second lane sees the word's halves swapped, so that what is weak in one is strong in the
 * other. */
static inline void mix_absorb(Mix *mix, guint64 word)
{
    mix->lane[0] = mix_fold(mix->lane[0] ^ word, MIX_TIMES_0);
    mix->lane[1] = mix_fold(mix->lane[1] ^ (word << 32 | word >> 32), MIX_TIMES_1);
}

/* mix_add() where many are added, on a mix that stays in registers. */
static inline Mix mix_with(Mix mix, guint32 tag, const char *text, gsize length)
{
    guint64 word;

    mix_absorb(&mix, (guint64)length << 32 | tag);
    for (; length >= sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        mix_absorb(&mix, GUINT64_FROM_LE(word));
    }
    if (length > 0)
        mix_absorb(&mix, text_word(text, length));
    return mix;
}

/* A number made of two, for tables and sums of this machine; never 0. */
static inline guint64 mix(guint64 a, guint64 b)
{
    guint64 h =
        (a ^ b * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
    h ^= h >> 32;
    h *= G_GUINT64_CONSTANT(0xC4CEB9FE1A85EC53);
    h ^= h >> 29;
    return h == 0 ? 1 : h;
}

#endif
