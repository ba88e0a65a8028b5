/*
 * Union-find against relabelling by hand, and the promise that a root is the smallest member.
 */
#include "engine/base/union.h"

#include "tests/unit/base/suite.h"

#define N 60

START_TEST(test_as_by_hand)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);

    for (guint round = 0; round < 50; round++) {
        g_autofree guint *parent = union_new(N);
        guint label[N];

        for (guint i = 0; i < N; i++)
            label[i] = i;
        for (guint pair = 0; pair < 40; pair++) {
            guint a = (guint)g_rand_int_range(rand, 0, N), b = (guint)g_rand_int_range(rand, 0, N);
            guint from = MAX(label[a], label[b]), to = MIN(label[a], label[b]);

            union_join(parent, a, b);
            for (guint i = 0; i < N; i++)
                label[i] = label[i] == from ? to : label[i];
        }
        for (guint i = 0; i < N; i++)
            ck_assert_uint_eq(union_root(parent, i), label[i]);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_as_by_hand, NULL};

    return suite_run_list("base/union", tests);
}
