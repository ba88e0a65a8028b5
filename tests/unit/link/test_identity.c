/*
 * Numbers that agree and are the identity of no firearm by themselves: made up, at a private
 * maker's choice, given to two models, or those of neighbours in a run. In stores so small that
 * they show no run, and beside what speaks for itself. All of it is synthetic.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/link/story.h"
#include "tests/unit/suite.h"

#define SEIZED "cbsa-seizure:1/1"
#define TRACED "atf-trace:T1"
#define REVIEW 0.5 /* what is told with less is looked at by people */
#define SURE   0.9

typedef struct {
    const char *serial, *make, *model, *calibre, *type;
} Told;

static void describe(Firearm *f, const Told *told)
{
    f->model = told->model;
    f->calibre = told->calibre;
    f->type = told->type;
    f->event_date = f->side == SIDE_SEIZURE ? 19500 : 19300;
    f->event_country = f->side == SIDE_SEIZURE ? "CAN" : "USA";
    f->purchase_date = f->side == SIDE_SEIZURE ? DAY_NONE : 19000;
}

/* Of a seizure and a trace alone in a store: how likely one firearm; case_no: of the trace. */
static double joined(const Told *seized, const Told *traced, const char *case_no)
{
    Story story;
    story_begin(&story);
    g_array_set_size(story.firearms, 0);
    Firearm *f = tell(&story, SIDE_SEIZURE, SEIZED, seized->serial, seized->make);
    describe(f, seized);
    f->seizure_no = "4531-23-0147";
    Firearm *g = tell(&story, SIDE_TRACE, TRACED, traced->serial, traced->make);
    describe(g, traced);
    g->agency_case_no = case_no;
    solve(&story, NULL, 0);
    double likely = chance(&story, SEIZED, TRACED);
    story_end(&story);
    return likely;
}

static double alone(const Told *seized, const Told *traced)
{
    return joined(seized, traced, NULL);
}

/* What a private maker stamps is no identity, however long, but with papers; what a licensee stamps
 * is. */
START_TEST(privately_made_firearms_share_numbers)
{
    static const char *const numbers[] = {"001", "1", "JD1", "GHOST1", "BXY1234", "0047113"};
    static const char *const makes[] = {"POLYMER80", "PMF"};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(makes); j++) {
            Told told = {numbers[i], makes[j], "PF940C", "9MM", "PISTOL_SEMI"};
            ck_assert_double_lt(alone(&told, &told), REVIEW);
            ck_assert_double_gt(joined(&told, &told, "4531-23-0147"), SURE);
        }
    }
    Told mark = {"82314245-0007", "PMF", "PF940C", "9MM", "PISTOL_SEMI"}, glock = mark;
    ck_assert_double_gt(alone(&mark, &mark), SURE);
    glock.serial = "BXY417";
    glock.make = "GLOCK";
    ck_assert_double_gt(alone(&glock, &glock), SURE);
}
END_TEST

/* One digit apart is the next firearm of the batch, whether the store shows a batch or not; one
 * letter that looks like another is not. */
START_TEST(the_next_number_is_another_firearm)
{
    static const struct {
        const char *seized, *traced;
        double most, least;
    } pairs[] = {{"CDQ7003", "CDQ7004", REVIEW / 5, 0}, {"CDQ7004", "CDQ7003", REVIEW / 5, 0},
                 {"CDQ7010", "CDQ7011", REVIEW / 5, 0}, {"TIU12345", "TIU12355", REVIEW, 0},
                 {"33112345", "33112346", REVIEW, 0},   {"J12345Z", "J12347Z", REVIEW, 0},
                 {"CDQ7004", "CDQ7044", SURE, 0},       {"CDQ7004", "CDQ7004", 1, SURE},
                 {"CDQ7004", "C0Q7004", 1, SURE},       {"8DQ7004", "BDQ7004", 1, SURE}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        Told seized = {pairs[i].seized, "GLOCK", "19", "9MM", "PISTOL_SEMI"}, traced = seized;
        traced.serial = pairs[i].traced;
        double likely = alone(&seized, &traced);
        ck_assert_msg(likely <= pairs[i].most && likely >= pairs[i].least, "%s %s: %g",
                      seized.serial, traced.serial, likely);
    }
}
END_TEST

/* A short number was given to a pistol and to a rifle. */
START_TEST(short_numbers_of_other_descriptions_part)
{
    Told rifle = {"4417", "MARLIN", "60", "22LR", "RIFLE"};
    Told other = {"4417", "MARLIN", "1894", "44MAG", "PISTOL_SEMI"};
    Told model = {"4417", "MARLIN", "795", "22LR", "RIFLE"};
    ck_assert_double_lt(alone(&rifle, &other), REVIEW);
    ck_assert_double_gt(alone(&rifle, &model), REVIEW);
    ck_assert_double_gt(alone(&rifle, &rifle), SURE);
    rifle.serial = other.serial = "MR44170B";
    ck_assert_double_gt(alone(&rifle, &other), REVIEW);
}
END_TEST

/* Digits that anybody counts to, whoever made it; and a few that one side's make does not explain,
 * beside a calibre that most have. */
START_TEST(few_digits_join_nothing)
{
    static const char *const numbers[] = {"7", "42", "042", "318"};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        Told told = {numbers[i], "GLOCK", "19", "9MM", "PISTOL_SEMI"};
        ck_assert_double_lt(alone(&told, &told), REVIEW);
        ck_assert_double_gt(joined(&told, &told, "4531-23-0147"), SURE);
    }
    Told colt = {"48137", "COLT", "1911", "45ACP", "PISTOL_SEMI"}, bare = colt;
    bare.make = bare.model = NULL;
    ck_assert_double_lt(alone(&bare, &colt), REVIEW);
    ck_assert_double_gt(alone(&colt, &colt), SURE);
}
END_TEST

START_TEST(made_up_numbers_join_nothing)
{
    static const char *const numbers[] = {"1234567", "12345678",    "11111111", "0000000",
                                          "9999999", "ABC123",      "TEST123",  "XXXX",
                                          "9876543", "NOSERIAL123", "SN123456", "A1B2C3"};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        Told told = {numbers[i], "GLOCK", "19", "9MM", "PISTOL_SEMI"};
        double likely = alone(&told, &told);
        ck_assert_msg(likely < REVIEW, "%s: %g", numbers[i], likely);
    }
    Told near = {"1234576", "GLOCK", "19", "9MM", "PISTOL_SEMI"}, told = near;
    told.serial = "1234567";
    ck_assert_double_lt(alone(&near, &told), REVIEW);
    ck_assert_double_gt(alone(&near, &near), SURE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *tests = tcase_create("identity");
    tcase_add_test(tests, privately_made_firearms_share_numbers);
    tcase_add_test(tests, the_next_number_is_another_firearm);
    tcase_add_test(tests, short_numbers_of_other_descriptions_part);
    tcase_add_test(tests, few_digits_join_nothing);
    tcase_add_test(tests, made_up_numbers_join_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
