/* Tests of release: the owner's views, their order, selection by score and id. */
#include "engine/release/release.h"
#include "tests/unit/lead/world.h"
#include "tests/unit/store/failing.h"

static LeadRules *rules;
static World world;

static void setup(void)
{
    guint count;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    world = ring_world(0);
    /* the second group reaches Canada too, by a surer pattern */
    world_put(&world, 7, "cbsa-seizure:B/1", PAIRS("seizure_no=B-1111", "event_date=2021-05-01"));
    MUST(store_put_edge(world.store, "atf-trace:T8", "cbsa-seizure:B/1", "same-firearm", NULL, 1,
                        NULL, &problem));
    for (const char *const *rule = (const char *const[]){"X1", "X2", "X3", "X4", NULL}; *rule;
         rule++)
        MUST(store_put_indicator(world.store, *rule, 1, "p", "cbsa-seizure:B/1", 5, "border",
                                 &problem));
    const LeadInputs inputs = {.rules = rules};
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    ck_assert_uint_eq(count, 2);
}

static void teardown(void)
{
    g_clear_pointer(&rules, lead_rules_free);
    world_free(&world);
}

typedef struct {
    GString *text;
    guint stop_after;
} Seen;

static gboolean see(const LeadView *view, gpointer data, GError **error)
{
    Seen *seen = data;
    ck_assert(!view->withheld);
    ck_assert_str_eq(view->released_to, "owner's own use");
    ck_assert_str_eq(view->run, "abc");
    ck_assert_str_eq(view->lead->status, "new");
    g_string_append_printf(seen->text, "%s\n", view->lead->records);
    if (seen->stop_after && !--seen->stop_after)
        return error_set(error, STATUS_IO, "enough");
    return TRUE;
}

static ReleaseOptions options_of(double min_score, const char *lead_id)
{
    return (ReleaseOptions){.rules = rules,
                            .as_of = "2021-07-01",
                            .lang = LANG_EN,
                            .min_score = min_score,
                            .lead_id = lead_id,
                            .run = "abc"};
}

static char *released(double min_score, const char *lead_id)
{
    ReleaseOptions options = options_of(min_score, lead_id);
    Seen seen = {g_string_new(NULL), 0};
    MUST(release_leads(world.store, &options, see, &seen, &problem));
    return g_string_free(seen.text, FALSE);
}

START_TEST(test_order)
{
    g_autofree char *all = released(0, NULL);
    g_autofree char *none = released(0.999, NULL);
    ck_assert_str_eq(all, "atf-trace:T8; atf-trace:T9; cbsa-seizure:B/1\n" RING_MEMBERS "\n");
    ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(test_one)
{
    g_autoptr(GPtrArray) leads = store_get_leads(world.store, NULL);
    g_autofree char *one = released(0, ((StoredLead *)leads->pdata[1])->lead_id);
    ck_assert_str_eq(one, RING_MEMBERS "\n");
    ReleaseOptions options = options_of(0, "L000000000000");
    g_autoptr(GError) error = NULL;
    ck_assert(!release_leads(world.store, &options, see, NULL, &error));
    ck_assert_int_eq(error_status(error), STATUS_NO_INPUT);
}
END_TEST

START_TEST(test_stop)
{
    ReleaseOptions options = options_of(0, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    Seen seen = {text, 1};
    g_autoptr(GError) error = NULL;
    ck_assert(!release_leads(world.store, &options, see, &seen, &error));
    ck_assert_int_eq(error_status(error), STATUS_IO);
    ck_assert_ptr_null(strchr(strchr(text->str, '\n') + 1, '\n'));
}
END_TEST

static gboolean ignore(const LeadView *view, gpointer data, GError **error)
{
    (void)error;
    *(guint *)data += view->evidence->records->len;
    return TRUE;
}

static gboolean release(Store *store, gpointer data, GError **error)
{
    guint records = 0;
    return release_leads(store, data, ignore, &records, error) && release_done(store, data, error);
}

/* Whoever reads: a store that fails is told of, and nothing is half given as if it were all. */
START_TEST(test_failing)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(Audiences) audiences = audiences_load("rules", &problem);
    g_autoptr(GHashTable) authority = authority_parse(audiences, "crim_inv=CBSA-2026-77", NULL);
    ReleaseOptions options = options_of(0, NULL);
    failing_all(world.store, release, &options);
    options.audiences = audiences;
    options.owner = options.audience = audience_find(audiences, "CBSA_ANALYST", &problem);
    options.authority = authority;
    options.time = "2021-07-01T00:00:00Z";
    failing_all(world.store, release, &options);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("release");
    TCase *tests = tcase_create("release");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_order);
    tcase_add_test(tests, test_one);
    tcase_add_test(tests, test_stop);
    tcase_add_test(tests, test_failing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
