/* Tests of release: the owner's views, their order, selection by score and id. */
#include <sqlite3.h>
#include <string.h>

#include "engine/judgement/judgement.h"
#include "engine/release/release.h"
#include "tests/unit/lead/world.h"
#include "tests/unit/store/failing.h"
#include "tests/unit/suite.h"

static LeadRules *rules;
static World world;

static void setup(void)
{
    guint count;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    world = ring_world(0);
    /* the second group reaches Canada too, by a surer pattern */
    world_put(&world, 7, "cbsa-seizure:B/1", PAIRS("seizure_no=B-1111", "event_date=2021-05-01"));
    MUST(store_put_edge(
        world.store, &(EdgeRow){"atf-trace:T8", "cbsa-seizure:B/1", "same-firearm", NULL, 1, NULL},
        &problem));
    for (const char *const *rule = (const char *const[]){"X1", "X2", "X3", "X4", NULL}; *rule;
         rule++)
        MUST(store_put_indicator(world.store,
                                 &(IndicatorRow){*rule, 1, "p", "cbsa-seizure:B/1", 5, "border"},
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

#define MARKED(origin, handling, countries)                                                        \
    "origin=" origin, "handling=" handling, "releasable_to=" countries

/* What one reader is told of each lead, a line each. */
static gboolean tell(const LeadView *view, gpointer data, GError **error)
{
    const Lead *lead = view->lead;
    (void)error;
    g_string_append_printf(data, "%s|%s|%s|%s|%s|%s|%s|%s|%d|%s\n", lead->lead_id, lead->status,
                           lead->supersedes ? lead->supersedes : "", lead->evidence_hash,
                           view->released_to, view->releasable_to, view->authority, view->run,
                           view->withheld, lead->records);
    return TRUE;
}

static char **told_to(const Audiences *audiences, const char *code, const char *cited)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GHashTable) authority = authority_parse(audiences, cited, &problem);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(Indicators) indicators = indicators_load("rules", &problem);
    ReleaseOptions options = options_of(0, NULL);
    options.indicators = indicators; /* knows what each rests on */
    options.audiences = audiences;
    options.owner = audience_find(audiences, "CBSA_ANALYST", NULL);
    options.audience = code ? audience_find(audiences, code, NULL) : NULL;
    options.authority = authority;
    options.time = "2021-07-01T00:00:00Z";
    gboolean done = release_leads(world.store, &options, tell, text, &problem) &&
                    release_done(world.store, &options, &problem);
    ck_assert_msg(done, "%s", problem ? problem->message : "");
    return g_strsplit_set(text->str, "|\n", -1);
}

enum { ID, STATUS, SUPERSEDES, HASH, READER, COUNTRIES, CITED, RUN, WITHHELD, MEMBERS, CELLS };

static void put_marked(void)
{
    const char *const bought[] = {MARKED("ATF", "LES", "USA;CAN"),
                                  "purchase_date=2021-02-03",
                                  "rds_key=27112345",
                                  "ffl_state=OH",
                                  "purchaser.last=DOE",
                                  NULL};
    world_put(&world, 12, "atf-trace:T1", bought);
    world_put(&world, 13, "atf-trace:T2", bought);
    world_put(&world, 14, "atf-trace:T8", bought);
    world_put(&world, 15, "atf-trace:T9", bought);
    world_put(&world, 16, "cbsa-seizure:A/1",
              PAIRS(MARKED("CBSA", "PROTECTED B", "CAN"), "event_date=2021-04-01"));
    world_put(&world, 17, "cbsa-seizure:B/1",
              PAIRS(MARKED("CBSA", "PROTECTED C", "CAN"), "event_date=2021-05-01"));
    g_autoptr(Evidence) evidence = evidence_new();
    evidence_add(evidence, "name", "last", "same", "DOE", "DOE", 8);
    MUST(store_put_link(world.store,
                        &(LinkRow){"person", "atf-trace:T1:purchaser", "atf-trace:T2:purchaser",
                                   "P1", 9, 0.99, 0.001},
                        evidence, &problem));
    sqlite3_exec(store_handle(world.store), "DELETE FROM person", NULL, NULL, NULL);
    for (guint i = 1; i <= 2; i++) { /* the records are new revisions: who is named in them too */
        g_autofree char *mention = g_strdup_printf("atf-trace:T%u:purchaser", i);
        MUST(store_put_person(world.store, mention, "atf-trace:T1:purchaser", 0.99, &problem));
    }
    sqlite3_exec(store_handle(world.store),
                 "UPDATE lead SET status = 'open', supersedes = 'L000000000001'", NULL, NULL, NULL);
    MUST(store_commit(world.store, &problem));
}

/* The owner knows a lead by its own id, an audience by one that says nothing to others, and of that
 * only what may go to it; through whose hands it went is kept. */
START_TEST(test_readers)
{
    g_autoptr(Audiences) audiences = audiences_load("rules", NULL);
    g_autofree char *log = g_strconcat(world.path, ".audit", NULL);
    g_autofree char *kept = NULL;
    gsize length;
    put_marked();
    g_auto(GStrv) own = told_to(audiences, NULL, "");
    g_auto(GStrv) rcmp = told_to(audiences, "RCMP_TRACING",
                                 "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); "
                                 "originator=ATF-C/2026-11");
    g_auto(GStrv) self = told_to(audiences, "CBSA_ANALYST", "crim_inv=CBSA-2026-77");
    ck_assert_uint_eq(g_strv_length(own), 2 * CELLS + 1);
    ck_assert_uint_eq(g_strv_length(rcmp), CELLS + 1); /* the other holds what may not go */
    ck_assert_uint_eq(g_strv_length(self), 2 * CELLS + 1);
    const char *const *mine = (const char *const *)own + CELLS;
    ck_assert_str_eq(mine[MEMBERS], RING_MEMBERS);
    ck_assert_str_eq(rcmp[MEMBERS], RING_MEMBERS);
    for (guint cell = ID; cell <= HASH; cell += HASH - ID) {
        ck_assert_str_ne(mine[cell], own[cell]);
        ck_assert_str_ne(rcmp[cell], mine[cell]);
        ck_assert_str_ne(self[cell], self[CELLS + cell]);
        for (guint i = 0; i < 2; i++)
            ck_assert_str_ne(rcmp[cell], self[i * CELLS + cell]);
    }
    ck_assert_uint_eq(strlen(rcmp[ID]), 13);
    ck_assert_str_eq(mine[STATUS], "open");
    ck_assert_str_eq(rcmp[STATUS], "open");
    ck_assert_str_eq(mine[SUPERSEDES], "L000000000001");
    ck_assert_str_eq(rcmp[SUPERSEDES], "");
    ck_assert_str_eq(mine[READER], "owner's own use");
    ck_assert(g_str_has_prefix(rcmp[READER], "RCMP "));
    ck_assert_str_eq(rcmp[COUNTRIES], "CAN");
    ck_assert_str_eq(mine[CITED], "");
    ck_assert(g_str_has_prefix(rcmp[CITED], "ca_107=107(5)(a); crim_inv="));
    ck_assert_str_eq(mine[RUN], "abc");
    ck_assert_uint_eq(strlen(rcmp[RUN]), 16);
    ck_assert_str_ne(rcmp[RUN], self[RUN]);
    ck_assert(g_file_get_contents(log, &kept, &length, NULL));
    for (gsize i = 0; i < length; i++)
        kept[i] = kept[i] ? kept[i] : ' '; /* its texts, whatever its form */
    ck_assert_ptr_nonnull(strstr(kept, "ways=ATF>CBSA>RCMP,CBSA>RCMP "));
    ck_assert_ptr_nonnull(strstr(kept, "ways=ATF>CBSA>CBSA,CBSA>CBSA "));
}
END_TEST

static void hold_alike(const char *left, const char *right)
{
    g_autoptr(Evidence) evidence = evidence_new();
    evidence_add(evidence, "name", "last", "same", "DOE", "DOE", 8);
    const LinkRow link = {"person", left, right, "P1", 9, 0.99, 0.001};
    MUST(store_put_link(world.store, &link, evidence, &problem));
}

/* Two buyers who are one by way of a record of no lead are one to whom that record may go, and two
 * to whom it may not; two whom people keep apart are two to everybody, whatever joins them. */
START_TEST(test_alike_elsewhere)
{
    g_autoptr(Audiences) audiences = audiences_load("rules", NULL);
    const guint may_not_go = _i == 1, apart = _i == 2;
    put_marked();
    MUST(store_begin(world.store, &problem));
    sqlite3_exec(store_handle(world.store),
                 "DELETE FROM link WHERE kind = 'person'; DELETE FROM person", NULL, NULL, NULL);
    world_put(&world, 30, "atf-trace:T7",
              PAIRS("origin=ATF", may_not_go ? "handling=PROTECTED C" : "handling=LES",
                    "releasable_to=USA;CAN", "purchaser.last=DOE"));
    static const char *const mentions[] = {"atf-trace:T1:purchaser", "atf-trace:T2:purchaser",
                                           "atf-trace:T7:purchaser"};
    for (guint i = 0; i < G_N_ELEMENTS(mentions); i++)
        MUST(store_put_person(world.store, mentions[i], mentions[apart && i == 1], 0.9, &problem));
    hold_alike(mentions[2], mentions[0]);
    hold_alike(mentions[2], mentions[1]);
    MUST(store_commit(world.store, &problem));
    g_auto(GStrv) rcmp = told_to(audiences, "RCMP_TRACING",
                                 "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); "
                                 "originator=ATF-C/2026-11");
    ck_assert_uint_gt(g_strv_length(rcmp), CELLS);
    ck_assert_int_eq(g_str_equal(rcmp[MEMBERS], RING_MEMBERS), !may_not_go && !apart);
}
END_TEST

/* What was found rests on a record of no lead that nobody may know of: nobody is told of it, and
 * where it was all, of no lead. */
START_TEST(test_found_elsewhere)
{
    g_autoptr(Audiences) audiences = audiences_load("rules", NULL);
    static const char cited[] = "crim_inv=CBSA-2026-77";
    for (guint confidential = 0; confidential < 2; confidential++) {
        put_marked();
        MUST(store_begin(world.store, &problem));
        world_put(&world, 20 + confidential, "cbsa-seizure:Z/1",
                  PAIRS(MARKED("CBSA", "PROTECTED B", "CAN"),
                        confidential ? "confidential_source=Y" : "confidential_source="));
        if (!confidential) {
            MUST(store_put_indicator(world.store,
                                     &(IndicatorRow){"I2", 1, "d1", "cbsa-seizure:Z/1", 3.5, "two"},
                                     &problem));
            MUST(store_put_indicator(
                world.store, &(IndicatorRow){"I2", 1, "d8", "atf-trace:T8", 3.5, "two"}, &problem));
        }
        MUST(store_commit(world.store, &problem));
        MUST(store_begin(world.store, &problem)); /* as put_marked leaves off */
        g_auto(GStrv) own = told_to(audiences, NULL, "");
        g_auto(GStrv) self = told_to(audiences, "CBSA_ANALYST", cited);
        guint cells = confidential ? CELLS + 1 : 2 * CELLS + 1;
        ck_assert_uint_eq(g_strv_length(own), cells);
        ck_assert_uint_eq(g_strv_length(self), cells);
        ck_assert(strstr(own[MEMBERS], "atf-trace:T8; ") == own[MEMBERS]);
    }
}
END_TEST

#define CITED_BY_ALL                                                                               \
    "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); originator=ATF-C/2026-11"

static void run_sql(const char *sql)
{
    ck_assert_int_eq(sqlite3_exec(store_handle(world.store), sql, NULL, NULL, NULL), SQLITE_OK);
}

/* The ring's status, as the owner, an audience that is told of decisions and one that is not have
 * it; "" where they have no such lead. */
static void check_status(const Audiences *audiences, const char *own, const char *rcmp,
                         const char *fate)
{
    g_auto(GStrv) mine = told_to(audiences, NULL, "");
    g_auto(GStrv) told = told_to(audiences, "RCMP_TRACING", CITED_BY_ALL);
    g_auto(GStrv) untold = told_to(audiences, "FATE", CITED_BY_ALL);
    ck_assert_uint_eq(g_strv_length(mine), 2 * CELLS + 1);
    ck_assert_str_eq(mine[CELLS + STATUS], own);
    ck_assert_str_eq(told[STATUS], rcmp);
    ck_assert_uint_eq(g_strv_length(untold), *fate ? CELLS + 1 : 0);
    ck_assert_str_eq(*fate ? untold[STATUS] : "", fate);
}

/* What was dismissed is so for every part of it: nobody gets it as new under another id, not even
 * when what came to it since is nothing that they may see. */
START_TEST(test_dismissed)
{
    g_autoptr(Audiences) audiences = audiences_load("rules", NULL);
    put_marked();
    g_auto(GStrv) own = told_to(audiences, NULL, "");
    const char *ring = own[CELLS + ID];
    const LeadSetting dismissed = {.status = "dismissed"}, closed = {.status = "closed"},
                      hit = {.outcome = "hit"}, no_hit = {.outcome = "no-hit"};
    check_status(audiences, "open", "open", "new");
    MUST(judgement_set_lead(world.store, ring, &dismissed, "2021-07-01", &problem));
    check_status(audiences, "dismissed", "dismissed", "");
    world_put(&world, 21, "cbsa-seizure:C/1", PAIRS(MARKED("CBSA", "PROTECTED C", "CAN")));
    run_sql("INSERT INTO lead_record(lead_id, record) SELECT lead_id, 'cbsa-seizure:C/1'"
            " FROM lead_record WHERE record = 'cbsa-seizure:A/1'");
    MUST(judgement_settle_leads(world.store, "2021-07-01", &problem));
    check_status(audiences, "open", "dismissed", "");
    world_put(&world, 22, "cbsa-seizure:D/1", PAIRS(MARKED("CBSA", "PROTECTED B", "CAN")));
    run_sql("INSERT INTO lead_record(lead_id, record) SELECT lead_id, 'cbsa-seizure:D/1'"
            " FROM lead_record WHERE record = 'cbsa-seizure:A/1'");
    MUST(store_put_edge(
        world.store, &(EdgeRow){"cbsa-seizure:A/1", "cbsa-seizure:D/1", "same-case", NULL, 1, NULL},
        &problem));
    MUST(judgement_settle_leads(world.store, "2021-07-01", &problem));
    check_status(audiences, "open", "open", "new");
    MUST(judgement_set_lead(world.store, ring, &no_hit, "2021-07-01", &problem));
    MUST(judgement_set_lead(world.store, ring, &closed, "2021-07-01", &problem));
    check_status(audiences, "closed", "closed", "");
    MUST(judgement_set_lead(world.store, ring, &hit, "2021-07-01", &problem));
    check_status(audiences, "closed", "closed", "new");
}
END_TEST

/* Appends what is said against each lead. */
static gboolean say_counter(const LeadView *view, gpointer data, GError **error)
{
    (void)error;
    g_string_append_printf(data, "%s\n", view->lead->counter);
    return TRUE;
}

static char *counter_for(const Audiences *audiences, const char *code)
{
    g_autoptr(GHashTable) authority = authority_parse(audiences, CITED_BY_ALL, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(Indicators) indicators = indicators_load("rules", NULL);
    ReleaseOptions options = options_of(0, NULL);
    options.indicators = indicators;
    options.audiences = audiences;
    options.owner = audience_find(audiences, "CBSA_ANALYST", NULL);
    options.audience = code ? audience_find(audiences, code, NULL) : NULL;
    options.authority = authority;
    options.time = "2021-07-01T00:00:00Z";
    MUST(release_leads(world.store, &options, say_counter, text, &problem));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A rule that is silenced for something in a lead is named on it, to those who may know. */
START_TEST(test_silenced)
{
    g_autoptr(Audiences) audiences = audiences_load("rules", NULL);
    static const char *const values[] = {"27112345", "atf-trace:T1", "atf-trace:T1:purchaser",
                                         "27999999"};
    put_marked();
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        const gboolean here = i + 1 < G_N_ELEMENTS(values);
        g_autofree char *rule = g_strdup_printf("I%u", i + 2);
        const Judgement silenced = {.type = JUDGE_RULE,
                                    .verdict = VERDICT_NO,
                                    .left = rule,
                                    .right = (char *)values[i],
                                    .time = (char *)"2021-06-30",
                                    .actor = (char *)"anna; b",
                                    .reason = (char *)"secret",
                                    .expires = (char *)"2021-07-01"};
        MUST(judgement_add(world.store, &silenced, &problem));
        g_autofree char *own = counter_for(audiences, NULL);
        g_autofree char *rcmp = counter_for(audiences, "RCMP_TRACING");
        g_autofree char *fate = counter_for(audiences, "FATE");
        g_autofree char *said =
            g_strdup_printf("rule %s is silenced for something that this lead names (by anna, b, "
                            "until 2021-07-01): what it finds of that is left out",
                            rule);
        ck_assert_int_eq(strstr(own, said) != NULL, here);
        ck_assert_int_eq(strstr(rcmp, said) != NULL, here);
        ck_assert_ptr_null(strstr(fate, "silenced"));
        ck_assert_ptr_null(strstr(own, "secret"));
    }
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
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_order);
    tcase_add_test(tests, test_one);
    tcase_add_test(tests, test_stop);
    tcase_add_test(tests, test_readers);
    tcase_add_test(tests, test_found_elsewhere);
    tcase_add_loop_test(tests, test_alike_elsewhere, 0, 3);
    tcase_add_test(tests, test_dismissed);
    tcase_add_test(tests, test_silenced);
    tcase_add_test(tests, test_failing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
