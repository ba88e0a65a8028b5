/*
 * SHA-256 against GLib's: every length around the block borders, in one piece and in pieces.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/sha256.h"
#include "tests/unit/base/suite.h"

static void expect_same(const guint8 *bytes, gsize length, gsize cut)
{
    guint8 digest[SHA256_BYTES];
    char text[2 * SHA256_BYTES + 1];
    g_autofree char *expected = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
    Sha256 sha;

    sha256_init(&sha);
    for (gsize at = 0; at < length; at += cut)
        sha256_update(&sha, bytes + at, MIN(cut, length - at));
    sha256_finish(&sha, digest);
    sha256_hex(digest, text);
    ck_assert_str_eq(text, expected);
}

START_TEST(test_lengths)
{
    guint8 bytes[1024];

    for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)(i * 151 + i / 7);
    for (gsize length = 0; length <= 300; length++)
        for (gsize cut = 1; cut <= 200; cut += cut < 70 ? 1 : 13)
            expect_same(bytes, length, cut);
    expect_same(bytes, sizeof bytes, sizeof bytes);
}
END_TEST

START_TEST(test_known)
{
    guint8 digest[SHA256_BYTES];
    char text[2 * SHA256_BYTES + 1];

    sha256_of("abc", 3, digest);
    sha256_hex(digest, text);
    ck_assert_str_eq(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(test_unfinished)
{
    Sha256 sha;

    sha256_init(&sha);
    sha256_update(&sha, "a", 1);
    sha256_clear(&sha);
    sha256_clear(&sha);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_lengths, test_known, test_unfinished, NULL};

    return suite_run("base/sha256", tests);
}
