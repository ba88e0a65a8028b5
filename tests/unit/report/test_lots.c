/*
 * Tests of evidence read a lot at a time: whatever the size of a lot and whatever there is room
 * for, every report says the same, byte for byte, to the owner and to an audience; what is packed
 * is what it was.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/report/report.h"
#include "tests/unit/lead/world.h"
#include "tests/unit/suite.h"

enum { GROUPS = 14 };

static World world;
static LeadRules *rules;
static CodeTables *codes;
static Indicators *indicators;
static Audiences *audiences;

static void put_indicator(const char *rule, const char *subject, const char *record, double bits)
{
    MUST(store_put_indicator(
        world.store, &(IndicatorRow){rule, 1, subject, record, bits, "two pistols"}, &problem));
}

/* Two purchases by one person and a find, of which some are so alike that only their ids tell them
 * apart, some hold what may not go to an audience, and some are too weak to be leads. */
static void put_group(guint i)
{
    g_autofree char *first = g_strdup_printf("atf-trace:T%u", 1000 - 7 * i);
    g_autofree char *second = g_strdup_printf("atf-trace:U%u", i);
    g_autofree char *find = g_strdup_printf("cbsa-seizure:A/%u", i);
    g_autofree char *day = g_strdup_printf("event_date=2021-%02u-01", 1 + i % 6);
    g_autofree char *name = g_strdup_printf("purchaser.last=DOE%u", i / 3);
    const char *const bought[] = {"purchase_date=2021-01-03",
                                  "rds_key=27112345",
                                  "ffl_name=EXAMPLE \"GUNS\"",
                                  "ffl_state=OH",
                                  "origin=ATF",
                                  "handling=LES",
                                  "releasable_to=USA;CAN",
                                  name,
                                  NULL};
    world_put(&world, 10 + 3 * i, first, bought);
    world_put(&world, 11 + 3 * i, second, bought);
    world_put(&world, 12 + 3 * i, find,
              PAIRS("origin=CBSA", i % 5 ? "handling=PROTECTED B" : "handling=PROTECTED C",
                    "releasable_to=CAN", day, "seizure_no=A-1", "office_name=EXAMPLE BRIDGE"));
    const EdgeRow edges[] = {{first, second, "same-person", NULL, 0.97, NULL},
                             {first, find, "same-firearm", NULL, 0.9, NULL}};
    for (guint k = 0; k < G_N_ELEMENTS(edges); k++)
        MUST(store_put_edge(world.store, &edges[k], &problem));
    g_autoptr(Evidence) evidence = evidence_new();
    evidence_add(evidence, "serial", "serial", "S1", "ABC123", "ABC123", 21);
    evidence_add(evidence, "dates", "dates", "requested-before", "2021-04-01", "2021-03-01", -4);
    const LinkRow link = {"serial", find, first, "S1", 17, 0.9, 0.001};
    MUST(store_put_link(world.store, &link, evidence, &problem));
    put_indicator("I2", first, first, i % 4 ? 3.5 : 6);
    put_indicator("I2", first, second, i % 4 ? 3.5 : 6);
    put_indicator("I3", find, find, i % 7 ? 5 : 0.5);
    if (i % 3 == 0)
        MUST(store_put_marker(
            world.store,
            &(MarkerRow){find, "NARCOTICS", 4, 0.9, "narcotics@1/fentanyl", "=2 kg of fentanyl"},
            &problem));
}

static void set_up(void)
{
    guint count;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    MUST((indicators = indicators_load("rules", &problem)) != NULL);
    MUST((audiences = audiences_load("rules", &problem)) != NULL);
    world = world_new();
    for (guint i = 0; i < GROUPS; i++)
        put_group(i);
    const LeadInputs inputs = {.rules = rules, .codes = codes, .indicators = indicators};
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    ck_assert_uint_gt(count, GROUPS / 2);
    MUST(store_commit(world.store, &problem));
}

static void tear_down(void)
{
    world_free(&world);
    audiences_free(audiences);
    indicators_free(indicators);
    code_tables_free(codes);
    lead_rules_free(rules);
}

typedef struct {
    const ReportFormat *format;
    Report *report;
    guint left; /* leads that are looked at */
} Rendering;

static gboolean render(const LeadView *view, gpointer data, GError **error)
{
    Rendering *rendering = data;
    (void)error;
    rendering->format->lead(rendering->report, view);
    return --rendering->left > 0;
}

/* How the leads are read. */
typedef struct {
    guint lot;
    gsize spare;
} Reading;

static char *reported(const ReportFormat *format, const char *audience, Lang lang, Reading reading,
                      guint leads)
{
    g_autoptr(GHashTable) authority = authority_parse(
        audiences,
        "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); originator=ATF-C/2026-11",
        NULL);
    const ReportOptions how = {.codes = codes, .as_of = "2021-07-01", .lang = lang};
    const ReleaseOptions options = {.rules = rules,
                                    .codes = codes,
                                    .indicators = indicators,
                                    .as_of = "2021-07-01",
                                    .lang = lang,
                                    .run = "abc",
                                    .time = "2021-07-01T00:00:00Z",
                                    .audiences = audiences,
                                    .owner = audience_find(audiences, "CBSA_ANALYST", NULL),
                                    .audience =
                                        audience ? audience_find(audiences, audience, NULL) : NULL,
                                    .authority = authority,
                                    .lot = reading.lot,
                                    .spare = reading.spare};
    Rendering rendering = {format, report_new(format, &how), leads};
    MUST(release_leads(world.store, &options, render, &rendering, &problem));
    format->end(rendering.report);
    char *bytes = g_strdup(rendering.report->out->str);
    report_free(rendering.report, format);
    return bytes;
}

static const Reading readings[] = {{1, 0}, {7, 0}, {1, 1}, {7, 1}, {7, 4000}, {1000, 1}};

/* Every format, to both readers, in both languages. */
START_TEST(whatever_the_lot)
{
    const ReportFormat *format = report_formats()[_i];
    for (guint reader = 0; reader < 2; reader++) {
        const char *audience = reader ? "RCMP_TRACING" : NULL;
        Lang lang = reader ? LANG_FR : LANG_EN;
        g_autofree char *all = reported(format, audience, lang, (Reading){0, 0}, G_MAXUINT);
        ck_assert_uint_gt(strlen(all), 1000);
        for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
            g_autofree char *lots = reported(format, audience, lang, readings[i], G_MAXUINT);
            ck_assert_msg(strcmp(all, lots) == 0, "%s, %s, lots of %u, %zu bytes to spare",
                          format->name, audience ? audience : "owner", readings[i].lot,
                          readings[i].spare);
        }
    }
}
END_TEST

/* Who has seen enough gets no more, and nothing has failed. */
START_TEST(enough)
{
    const ReportFormat *format = report_format("ndjson");
    g_autofree char *all = reported(format, NULL, LANG_EN, (Reading){0, 0}, G_MAXUINT);
    for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
        g_autofree char *three = reported(format, NULL, LANG_EN, readings[i], 3);
        gsize length = strlen(three);
        ck_assert_int_eq(strncmp(all, three, length), 0);
        g_auto(GStrv) lines = g_strsplit(three, "\n", -1);
        ck_assert_uint_eq(g_strv_length(lines), 4); /* the last is empty */
    }
}
END_TEST

static gboolean refuse(const LeadView *view, gpointer data, GError **error)
{
    (void)view;
    (void)data;
    return error_set(error, STATUS_IO, "no room");
}

/* A store that fails while the leads are read, and a visitor that does: both are told of. */
START_TEST(what_fails_is_told)
{
    for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
        g_autoptr(GError) failed = NULL, gone = NULL;
        const ReleaseOptions options = {
            .rules = rules, .run = "abc", .lot = readings[i].lot, .spare = readings[i].spare};
        ck_assert(!release_leads(world.store, &options, refuse, NULL, &failed));
        ck_assert_int_eq(error_status(failed), STATUS_IO);
        sqlite3_exec(store_handle(world.store), "ALTER TABLE marker RENAME TO other", NULL, NULL,
                     NULL);
        ck_assert(!release_leads(world.store, &options, refuse, NULL, &gone));
        ck_assert_int_eq(error_status(gone), STATUS_STORE);
        sqlite3_exec(store_handle(world.store), "ALTER TABLE other RENAME TO marker", NULL, NULL,
                     NULL);
    }
}
END_TEST

int main(void)
{
    int formats = 0;
    while (report_formats()[formats])
        formats++;
    Suite *suite = suite_create("lots");
    TCase *tests = tcase_create("lots");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, whatever_the_lot, 0, formats);
    tcase_add_test(tests, enough);
    tcase_add_test(tests, what_fails_is_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
