/*
 * What it costs that one character was written for another: nothing for itself alone, least where
 * the two look alike, and all that may be written for one, damaged or not, no more than certain.
 */
#include <check.h>
#include <math.h>

#include "engine/firearm/model.h"
#include "tests/unit/suite.h"

START_TEST(another_character_costs)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    ck_assert_ptr_nonnull(model);
    for (guint meant = 0; meant < 36; meant++) {
        double all = 0;
        for (guint written = 0; written < 36; written++) {
            double bits = model->confusion[meant][written], p = model->misread[meant][written];
            ck_assert_double_eq_tol(p, exp2(-bits), 1e-12);
            ck_assert_msg(meant == written ? bits == 0 : bits > 1, "%u for %u: %f bits", written,
                          meant, bits);
            all += meant == written ? 0 : p;
        }
        ck_assert_msg(all < 1, "%u: %f", meant, all);
    }
    ck_assert_double_lt(model->confusion['Z' - 'A' + 10][2], model->confusion['Z' - 'A' + 10][4]);
    ck_assert_double_lt(model->confusion[2]['Z' - 'A' + 10], model->confusion[2]['W' - 'A' + 10]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("firearm/model");
    TCase *tests = tcase_create("model");
    tcase_add_test(tests, another_character_costs);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
