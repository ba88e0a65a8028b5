/*
 * SHA-256 over the processor's SHA instructions (x86-64; the round schedule is that of FIPS 180-4
 * with four words a step), or over GChecksum where there are none.
 */
#include "engine/base/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static const guint32 ROUNDS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static gboolean has_instructions(void)
{
    guint a, b, c, d;

    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
        return FALSE;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

/* Words 4i to 4i+3 of the schedule out of the sixteen before them. */
__attribute__((target("sha,sse4.1,ssse3"))) static inline __m128i next_words(__m128i w[4], guint i)
{
    __m128i sum = _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]);

    sum = _mm_add_epi32(sum, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
    return w[i % 4] = _mm_sha256msg2_epu32(sum, w[(i + 3) % 4]);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_fast(guint32 state[8],
                                                                    const guint8 *bytes, gsize n)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xB1);
    __m128i high =
        _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);

    for (; n > 0; n--, bytes += 64) {
        __m128i abef_before = abef, cdgh_before = cdgh, w[4];

#pragma GCC unroll 16
        for (guint i = 0; i < 16; i++) {
            __m128i words, constants = _mm_loadu_si128((const __m128i *)(const void *)ROUNDS + i);

            if (i < 4)
                words = w[i] = _mm_shuffle_epi8(
                    _mm_loadu_si128((const __m128i *)(const void *)bytes + i), swap);
            else
                words = next_words(w, i);
            words = _mm_add_epi32(words, constants);
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#else
static gboolean has_instructions(void)
{
    return FALSE;
}

static void blocks_fast(guint32 state[8], const guint8 *bytes, gsize n)
{
    (void)state;
    (void)bytes;
    (void)n;
}
#endif

void sha256_init(Sha256 *sha)
{
    static const guint32 START[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    static gsize known; /* 1: GLib, 2: instructions */

    if (g_once_init_enter(&known))
        g_once_init_leave(&known, has_instructions() ? 2 : 1);
    memcpy(sha->state, START, sizeof START);
    sha->length = 0;
    sha->plain = known == 2 ? NULL : g_checksum_new(G_CHECKSUM_SHA256);
}

void sha256_update(Sha256 *sha, const void *bytes, gsize length)
{
    const guint8 *from = bytes;
    gsize held = sha->length % 64, part = MIN(length, 64 - held);

    sha->length += length;
    if (sha->plain) {
        g_checksum_update(sha->plain, bytes, (gssize)length);
        return;
    }
    if (held > 0) {
        memcpy(sha->block + held, from, part);
        if (held + part < 64)
            return;
        blocks_fast(sha->state, sha->block, 1);
        from += part;
        length -= part;
    }
    blocks_fast(sha->state, from, length / 64);
    if (length % 64 > 0)
        memcpy(sha->block, from + length / 64 * 64, length % 64);
}

void sha256_finish(Sha256 *sha, guint8 digest[SHA256_BYTES])
{
    guint8 tail[72] = {0x80};
    guint64 bits = sha->length * 8;
    gsize held = sha->length % 64, zeros = (held < 56 ? 56 : 120) - held;
    gsize size = SHA256_BYTES;

    if (sha->plain) {
        g_checksum_get_digest(sha->plain, digest, &size);
        sha256_clear(sha);
        return;
    }
    for (guint i = 0; i < 8; i++)
        tail[zeros + i] = (guint8)(bits >> (56 - 8 * i));
    sha256_update(sha, tail, zeros + 8);
    for (guint i = 0; i < SHA256_BYTES; i++)
        digest[i] = (guint8)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_clear(Sha256 *sha)
{
    g_clear_pointer(&sha->plain, g_checksum_free);
}

void sha256_of(const void *bytes, gsize length, guint8 digest[SHA256_BYTES])
{
    Sha256 sha;

    sha256_init(&sha);
    sha256_update(&sha, bytes, length);
    sha256_finish(&sha, digest);
}

void sha256_hex(const guint8 digest[SHA256_BYTES], char text[2 * SHA256_BYTES + 1])
{
    static const char DIGITS[] = "0123456789abcdef";

    for (guint i = 0; i < SHA256_BYTES; i++) {
        text[2 * i] = DIGITS[digest[i] >> 4];
        text[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    text[2 * SHA256_BYTES] = '\0';
}
