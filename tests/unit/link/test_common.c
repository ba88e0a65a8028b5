/*
 * Links of what many bear: short and favourite numbers, several traces of one firearm, parts
 * without a number. Small stories, each among unrelated traces. All of it is synthetic.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/link/story.h"
#include "tests/unit/suite.h"

/* Traces of one firearm name one dealer and one buyer: a short number with two of each is two. */
START_TEST(other_dealer_and_buyer_part_short_numbers)
{
    Story story;
    story_begin(&story);
    static const char *const refs[] = {"atf-trace:T1", "atf-trace:T2", "atf-trace:T3"};
    static const char *const dealers[] = {"23104711", "23104711", "71602163"};
    static const char *const buyers[] = {"QUARRELL", "QUARRELL", "TELLWICK"};
    for (guint i = 0; i < 3; i++) {
        Firearm *f = tell(&story, SIDE_TRACE, refs[i], "1234", "GLOCK");
        f->model = "19";
        f->purchase_date = 19400;
        f->dealer = dealers[i];
        f->buyer_last = buyers[i];
        f->buyer_dob = i < 2 ? 8000 : 9000;
    }
    solve(&story, NULL, 0);
    ck_assert_double_gt(chance(&story, "atf-trace:T2", "atf-trace:T1"), 0.9);
    ck_assert_double_lt(chance(&story, "atf-trace:T3", "atf-trace:T1"), 0.05);
    ck_assert_double_lt(chance(&story, "atf-trace:T3", "atf-trace:T2"), 0.05);
    story_end(&story);
}
END_TEST

static Firearm *tell_trace(Story *story, const char *no, const char *serial, const char *make,
                           Day recovered)
{
    g_autofree char *ref = g_strconcat("atf-trace:", no, NULL);
    Firearm *f = tell(story, SIDE_TRACE, g_string_chunk_insert(story->strings, ref), serial, make);
    f->trace_no = g_string_chunk_insert(story->strings, no);
    f->event_date = recovered;
    f->event_country = "USA";
    return f;
}

/* A short number that many makes have given joins no two of one make by itself, and the same model
 * of a number of its own is joined. */
START_TEST(a_favourite_number_joins_nothing)
{
    static const char *const makes[] = {"COLT",   "LORCIN",   "RAVEN",   "MARLIN",
                                        "SAVAGE", "WEBLEY",   "BERETTA", "H&R",
                                        "LLAMA",  "MOSSBERG", "ROHM",    "STAR"};
    Story story;
    story_begin(&story);
    for (guint i = 0; i < G_N_ELEMENTS(makes); i++) {
        char no[16];
        g_snprintf(no, sizeof no, "M%u", i);
        tell_trace(&story, no, "12345", makes[i], 15000 + 100 * (Day)i);
    }
    for (guint i = 0; i < 4; i++) {
        static const char *const no[] = {"T1", "T2", "T3", "T4"};
        const char *serial = i < 2 ? "12345" : "48137";
        tell_trace(&story, no[i], serial, "SMITH & WESSON", 18000 + 400 * (Day)(i % 2));
    }
    solve(&story, NULL, 0);
    ck_assert_double_lt(chance(&story, "atf-trace:T2", "atf-trace:T1"), 0.3);
    ck_assert_double_gt(chance(&story, "atf-trace:T4", "atf-trace:T3"), 0.5);
    story_end(&story);
}
END_TEST

/* A short number was given once for each model; and a firearm is mostly recovered once. */
START_TEST(other_models_and_recoveries_part_short_numbers)
{
    Story story;
    story_begin(&story);
    for (guint i = 0; i < 4; i++) {
        static const char *const no[] = {"T1", "T2", "T3", "T4"};
        static const char *const model[] = {"10", "36", "SHIELD", "SHIELD"};
        const char *serial = i < 2 ? "48137" : "60429";
        Day recovered = i == 1 ? 19000 : 18000;
        tell_trace(&story, no[i], serial, "SMITH & WESSON", recovered)->model = model[i];
    }
    solve(&story, NULL, 0);
    const FirearmLink *apart = find(&story, "atf-trace:T2", "atf-trace:T1");
    const FirearmLink *alike = find(&story, "atf-trace:T4", "atf-trace:T3");
    ck_assert_double_gt(alike->probability, 0.99);
    ck_assert_double_gt(alike->bits - apart->bits, 17);
    story_end(&story);
}
END_TEST

/* A slide without a number was not traced, whatever firearm of its make was recovered that day. */
START_TEST(parts_meet_no_day)
{
    Story story;
    story_begin(&story);
    for (guint i = 0; i < 2; i++) {
        static const char *const seized[] = {"cbsa-seizure:1/1", "cbsa-seizure:2/1"};
        Firearm *f = tell(&story, SIDE_SEIZURE, seized[i], "UNKNOWN", "KAHR");
        f->event_region = "CA-ON";
        f->event_date = 19500 - 500 * (Day)i;
        f->part = i == 1;
        Firearm *g = tell_trace(&story, i == 0 ? "T1" : "T2", "QZ5512", "KAHR", f->event_date);
        g->event_country = "CAN";
        g->event_region = "CA-ON";
    }
    solve(&story, NULL, 0);
    ck_assert_ptr_nonnull(find(&story, "cbsa-seizure:1/1", "atf-trace:T1"));
    ck_assert_ptr_null(find(&story, "cbsa-seizure:2/1", "atf-trace:T2"));
    story_end(&story);
}
END_TEST

/* All traces of a firearm are its links, however much likelier one of them is for itself. */
START_TEST(all_traces_of_a_firearm_are_links)
{
    Story story;
    story_begin(&story);
    Firearm *seized = tell(&story, SIDE_SEIZURE, "cbsa-seizure:1/1", "HQQ7731", "SMITH & WESSON");
    seized->seizure_no = "4531-23-0147";
    seized->trace_no = "T1";
    seized->event_region = "CA-ON";
    Firearm *trace = tell_trace(&story, "T1", "HQQ7731", "SMITH & WESSON", seized->event_date);
    trace->agency_case_no = "4531-23-0147";
    trace->event_country = "CAN";
    trace->event_region = "CA-ON";
    trace->purchase_date = 19400;
    tell(&story, SIDE_TRACE, "multiple-sale:M1/1", "HQQ7731", "SMITH & WESSON")->purchase_date =
        19400;
    solve(&story, NULL, 0);
    ck_assert_double_gt(chance(&story, "cbsa-seizure:1/1", "atf-trace:T1"), 0.99);
    ck_assert_double_gt(chance(&story, "cbsa-seizure:1/1", "multiple-sale:M1/1"), 0.99);
    story_end(&story);
}
END_TEST
int main(void)
{
    Suite *suite = suite_create("common numbers");
    TCase *tests = tcase_create("common numbers");
    tcase_add_test(tests, other_dealer_and_buyer_part_short_numbers);
    tcase_add_test(tests, a_favourite_number_joins_nothing);
    tcase_add_test(tests, other_models_and_recoveries_part_short_numbers);
    tcase_add_test(tests, parts_meet_no_day);
    tcase_add_test(tests, all_traces_of_a_firearm_are_links);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
