/* Test of the counts of what is in a store. */
#include "engine/statistic/statistic.h"
#include "tests/unit/query/answer.h"
#include "tests/unit/suite.h"

START_TEST(test_totals)
{
    World world = ring_world(0);
    put_remarks(&world);
    g_autoptr(LeadRules) rules = NULL;
    guint count;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    const LeadInputs inputs = {.rules = rules};
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    g_autofree char *stats = answer(world.store, statistic_totals, ROWS_CSV);
    ck_assert_str_eq(stats, "name,value\nfiles,1\nrecords atf-trace,4\nrecords cbsa-seizure,1\n"
                            "rejects,2\nwarnings,1\nperson mentions,4\nentities,1\n"
                            "links serial S1,1\nmarkers NARCOTICS,1\nedges same-firearm,1\n"
                            "edges same-person,2\nindicators I2,2\nleads new,1\n");
    world_free(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("totals");
    TCase *tests = tcase_create("totals");
    tcase_add_test(tests, test_totals);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
