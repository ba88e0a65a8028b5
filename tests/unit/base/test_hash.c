/*
 * SHA-256 by its published vectors. Mix: it never changes, keeps lists of texts apart, spreads
 * every bit, and tells a million look-alike texts apart by either half.
 */
#include "engine/base/hash.h"

#include "tests/unit/base/suite.h"

START_TEST(test_sha256)
{
    g_autoptr(Sha256) sha = sha256_new();
    g_autofree char *none = sha256_take(sha);
    g_autofree char *abc = NULL;

    sha256_add(sha, "a", 1);
    sha256_add(sha, "bc", 2);
    abc = sha256_take(sha);
    ck_assert_str_eq(none, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ck_assert_str_eq(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

static Mix mix_of(const char *bytes, gsize length)
{
    Mix mix = mix_new();

    mix_add(&mix, 7, bytes, length);
    return mix_end(&mix);
}

/* Stores keep it: another value here is another store format. (Computed by another program.) */
START_TEST(test_mix_stays)
{
    char text[MIX_TEXT];
    Mix none = mix_new(), some = mix_of("THE QUICK BROWN FOX", 19), back;

    none = mix_end(&none);
    ck_assert_str_eq(mix_text(&none, text), "71aa0563de04c0f8028a7a72e6d0309b");
    ck_assert_str_eq(mix_text(&some, text), "67efffcf6a85a67de99328e357bbbb28");
    ck_assert(mix_parse(text, &back));
    ck_assert_mem_eq(&back, &some, sizeof back);
    text[7] = 'g';
    ck_assert(!mix_parse(text, &back));
    ck_assert(!mix_parse("", &back));
    ck_assert(!mix_parse("0123456789abcdef0123456789abcdef0", &back));
}
END_TEST

/* Texts and their borders: no two lists are the same input. */
START_TEST(test_mix_lists)
{
    static const char *const LISTS[][4] = {
        {"ab", "c"}, {"a", "bc"}, {"abc"},      {"abc", ""},      {"", "abc"}, {"ab", "c", ""},
        {""},        {"", ""},    {"12345678"}, {"1234567", "8"}, {"c", "ab"}, {"12345678", ""}};
    char seen[G_N_ELEMENTS(LISTS)][MIX_TEXT];

    for (gsize i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        Mix mix = mix_new();

        for (gsize k = 0; k < 4 && LISTS[i][k]; k++)
            mix_add(&mix, 0, LISTS[i][k], strlen(LISTS[i][k]));
        mix = mix_end(&mix);
        mix_text(&mix, seen[i]);
        for (gsize k = 0; k < i; k++)
            ck_assert_str_ne(seen[i], seen[k]);
    }
}
END_TEST

static guint bits_between(const Mix *a, const Mix *b)
{
    return (guint)(__builtin_popcountll(a->lane[0] ^ b->lane[0]) +
                   __builtin_popcountll(a->lane[1] ^ b->lane[1]));
}

/* Any one bit of the input turns about half of the 128. */
START_TEST(test_mix_spreads)
{
    for (gsize length = 1; length <= 40; length++) {
        char bytes[40] = "20240000001,05/11/2024,GLOCK,19,9 MM,,,";
        Mix before = mix_of(bytes, length);

        for (gsize bit = 0; bit < length * 8; bit++) {
            bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
            Mix after = mix_of(bytes, length);
            guint bits = bits_between(&before, &after);

            bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
            ck_assert_uint_ge(bits, 32);
            ck_assert_uint_le(bits, 96);
        }
    }
}
END_TEST

static int compare_words(const void *a, const void *b)
{
    guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

    return left < right ? -1 : left > right;
}

/* 64 bits tell a million apart with a chance of 3e-8 of any collision. */
START_TEST(test_mix_distinct)
{
    enum { N = 1000000 };
    guint64 *lanes[2] = {g_new(guint64, N), g_new(guint64, N)};

    for (int i = 0; i < N; i++) {
        char text[32];
        int length = g_snprintf(text, sizeof text, "%d,T2024%07d", i % 3, i);
        Mix mix = mix_of(text, (gsize)length);

        lanes[0][i] = mix.lane[0];
        lanes[1][i] = mix.lane[1];
    }
    for (int lane = 0; lane < 2; lane++) {
        qsort(lanes[lane], N, sizeof(guint64), compare_words);
        for (int i = 1; i < N; i++)
            ck_assert(lanes[lane][i] != lanes[lane][i - 1]);
        g_free(lanes[lane]);
    }
}
END_TEST

int main(void)
{
    const TTest *const TESTS[] = {test_sha256,      test_mix_stays,    test_mix_lists,
                                  test_mix_spreads, test_mix_distinct, NULL};

    return suite_run_list("hash", TESTS);
}
