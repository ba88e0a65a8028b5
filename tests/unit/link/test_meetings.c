/*
 * What a day in common is worth is counted over pairs that no link explains.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/link/link.h"
#include "engine/population/estimated.h"
#include "tests/unit/suite.h"

#define ITEMS    200u
#define CHANCE   (4 * ITEMS) /* traces of other firearms; on a day of seizures four for each item */
#define FAR_AWAY 40          /* days */

static Firearm recovered(const char *ref, const Serial *serial, guint i, Day day)
{
    return (Firearm){.ref = ref,
                     .side = SIDE_TRACE,
                     .serial = serial,
                     .make = i % 3 ? "GLOCK" : "TAURUS",
                     .event_date = day,
                     .purchase_date = DAY_NONE,
                     .request_date = DAY_NONE,
                     .buyer_dob = DAY_NONE,
                     .event_country = "CAN",
                     .event_region = "ON"};
}

/* What a day in common is said to be worth, in a store where each seized firearm was traced on the
 * day that it was seized, so many of them on one day; all of it synthetic. */
static double worth_of_a_day(const FirearmModel *model, guint on_one_day)
{
    static Firearm firearms[2 * ITEMS + CHANCE];
    static Serial serials[ITEMS + CHANCE];
    static char refs[2 * ITEMS + CHANCE][16];
    guint n = 0, days = ITEMS / on_one_day;
    for (guint i = 0; i < ITEMS + CHANCE; i++) {
        char text[16];
        g_snprintf(text, sizeof(text), "K%c%05u", 'A' + (int)(i % 26), i * 7919 % 100000);
        serials[i] = serial_parse(text, NULL);
        gboolean met = i < ITEMS + 4 * days;
        Day day = 15000 + (Day)(i < ITEMS ? i / on_one_day : i % days) * FAR_AWAY;
        g_snprintf(refs[n], sizeof(refs[n]), "t%04u", i);
        firearms[n] = recovered(refs[n], &serials[i], i, met ? day : 10000);
        if (++n, i < ITEMS) {
            g_snprintf(refs[n], sizeof(refs[n]), "s%04u", i);
            firearms[n] = recovered(refs[n], &serials[i], i, day);
            firearms[n++].side = SIDE_SEIZURE;
        }
    }
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, firearms, n);
    return parameters->rates.event_same_day;
}

/* The traces of a seizure of twenty meet its other items on its day too: that is no chance. */
START_TEST(test_explained_meetings)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    double alone = worth_of_a_day(model, 1), many = worth_of_a_day(model, 20);
    ck_assert_msg(fabs(alone - many) < 1, "%.2f bits alone, %.2f in twenties", alone, many);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link/meetings");
    TCase *tests = tcase_create("meetings");
    tcase_add_test(tests, test_explained_meetings);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
