/*
 * Sums of blocks: what was written in parts of any size reads back with its sums, and no byte of
 * it, no sum and no length can change unseen; only the blocks that are asked for are looked at.
 */
#include "engine/base/sums.h"

#include "tests/unit/base/suite.h"

static gboolean to_array(gconstpointer data, gsize size, gpointer to, GError **error)
{
    (void)error;
    g_byte_array_append(to, data, (guint)size);
    return TRUE;
}

static gboolean to_nowhere(gconstpointer data, gsize size, gpointer to, GError **error)
{
    (void)data;
    (void)size;
    (void)to;
    return error_set(error, STATUS_NO_CREATE, "cannot write: full");
}

/* Parts of the sizes named, filled with dice; *bytes: of the parts, without the sums. */
static GByteArray *written(const gsize *sizes, guint n, GRand *dice, gsize *bytes)
{
    GByteArray *file = g_byte_array_new();
    g_autoptr(GByteArray) sums = g_byte_array_new(), part = g_byte_array_new();
    SumsWriter writer = {.write = to_array, .to = file, .sums = sums};
    for (guint i = 0; i < n; i++) {
        g_byte_array_set_size(part, (guint)sizes[i]);
        for (gsize at = 0; at < sizes[i]; at++)
            part->data[at] = (guint8)g_rand_int(dice);
        guint64 begins = writer.at;
        ck_assert(sums_put(&writer, part->data, sizes[i], NULL));
        ck_assert_uint_eq(writer.at - begins, sums_padded(sizes[i]));
    }
    *bytes = writer.at;
    ck_assert(sums_end(&writer, NULL));
    ck_assert_uint_eq(file->len, *bytes + sums_blocks(*bytes) * sizeof(guint32));
    return file;
}

START_TEST(test_nothing_changes_unseen)
{
    static const gsize SIZES[] = {1, 0, 4095, 8, 4096, 5000, 7};
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    gsize bytes;
    g_autoptr(GByteArray) file = written(SIZES, G_N_ELEMENTS(SIZES), dice, &bytes);
    ck_assert(sums_hold_file(file->data, bytes, file->len));
    for (guint at = 0; at < file->len; at++) {
        guint8 was = file->data[at];
        file->data[at] ^= (guint8)(1u << g_rand_int_range(dice, 0, 8));
        ck_assert_msg(!sums_hold_file(file->data, bytes, file->len), "byte %u", at);
        file->data[at] = was;
    }
    ck_assert(sums_hold_file(file->data, bytes, file->len));
    for (guint cut = 1; cut < 3 * sizeof(guint32); cut++)
        ck_assert(!sums_hold_file(file->data, bytes, file->len - cut));
    ck_assert(!sums_hold_file(file->data, bytes, bytes - 1));
}
END_TEST

START_TEST(test_only_what_is_touched)
{
    static const gsize SIZES[] = {3 * SUMS_BLOCK};
    g_autoptr(GRand) dice = g_rand_new_with_seed(8);
    gsize bytes;
    g_autoptr(GByteArray) file = written(SIZES, 1, dice, &bytes);
    Sums sums;
    file->data[SUMS_BLOCK]++;
    sums_init(&sums, file->data, bytes, (const guint32 *)(gconstpointer)(file->data + bytes));
    ck_assert(sums_hold(&sums, file->data, SUMS_BLOCK));
    ck_assert(sums_hold(&sums, file->data + 2 * SUMS_BLOCK, SUMS_BLOCK));
    ck_assert(!sums_broken(&sums));
    ck_assert(!sums_hold(&sums, file->data + SUMS_BLOCK - 1, 2));
    ck_assert(sums_broken(&sums));
    ck_assert(sums_hold(&sums, file->data, 1));
    ck_assert_msg(sums_broken(&sums), "broken once is broken");
    ck_assert(!sums_hold(&sums, file->data + bytes - 1, 2));
    ck_assert(!sums_hold(&sums, file->data - 1, 2));
    sums_clear(&sums);
}
END_TEST

START_TEST(test_a_failing_write_is_told)
{
    g_autoptr(GByteArray) sums = g_byte_array_new();
    g_autofree guint8 *part = g_malloc0(SUMS_BLOCK);
    SumsWriter writer = {.write = to_nowhere, .sums = sums};
    GError *error = NULL;
    ck_assert(sums_put(&writer, part, SUMS_BLOCK - 8, NULL)); /* nothing goes out yet */
    ck_assert(!sums_put(&writer, part, 8, &error));
    error_is(&error, STATUS_NO_CREATE, "full");
}
END_TEST

int main(void)
{
    const TTest *const TESTS[] = {test_nothing_changes_unseen, test_only_what_is_touched,
                                  test_a_failing_write_is_told, NULL};
    return suite_run_list("sums", TESTS);
}
