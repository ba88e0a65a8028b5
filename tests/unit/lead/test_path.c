/*
 * The way of each firearm of random leads, held against its definition: the records that surest
 * links join, among them the deal (with a buyer before without one, then the earlier, dated before
 * undated) and the find (in Canada, seized, dated, earlier), days between them, and their order.
 */
#include "tests/unit/lead/evidence.h"
#include "tests/unit/suite.h"

#define WORLDS  600
#define RECORDS 6

static LeadRules *rules;

static void setup(void)
{
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
}

static void teardown(void)
{
    g_clear_pointer(&rules, lead_rules_free);
}

/* What a record says, and of which firearm it is (the number of its first record). */
typedef struct {
    char ref[32];
    gboolean seized, canada, happened, deal, buyer, carried;
    char bought[16], found[16]; /* "" when not said */
    guint firearm;
} Said;

static gboolean one_in(GRand *rand, gint32 n)
{
    return g_rand_int_range(rand, 0, n) == 0;
}

static void draw_day(GRand *rand, const char *year, char day[16])
{
    *day = '\0';
    if (!one_in(rand, 3))
        g_snprintf(day, 16, "%s-0%d-1%d", year, g_rand_int_range(rand, 1, 4),
                   g_rand_int_range(rand, 0, 3));
}

static void put_said(LeadEvidence *evidence, const Said *said)
{
    g_autofree char *bought = g_strconcat("purchase_date=", said->bought, NULL);
    g_autofree char *found = g_strconcat("event_date=", said->found, NULL);
    g_autofree char *type = g_strconcat("event_type=",
                                        !said->happened ? ""
                                        : said->seized  ? "SEIZED"
                                                        : "RECOVERED",
                                        NULL);
    g_autofree char *number =
        g_strconcat(said->seized ? "seizure_no=" : "trace_no=", said->ref, NULL);
    add_record(evidence, said->ref,
               PAIRS("make=GLOCK", "model=19", bought, found, type, number,
                     said->canada ? "event_country=CAN" : "event_country=USA",
                     said->deal ? "rds_key=27112345" : "rds_key="));
    if (said->buyer) {
        g_autofree char *buyer = g_strconcat(said->ref, ":purchaser", NULL);
        add_person(evidence, buyer, buyer, "purchaser", "DOE");
    }
    if (said->carried) {
        g_autofree char *carrier = g_strconcat(said->ref, ":possessor", NULL);
        add_person(evidence, carrier, carrier, "possessor", "ROE");
    }
}

static void draw(GRand *rand, LeadEvidence *evidence, Said said[RECORDS])
{
    for (guint i = 0; i < RECORDS; i++) {
        Said *one = &said[i];
        *one = (Said){.seized = i >= 4, .canada = !one_in(rand, 3), .happened = !one_in(rand, 5)};
        g_snprintf(one->ref, sizeof one->ref, i < 4 ? "atf-trace:T%u" : "cbsa-seizure:A/%u", i);
        one->deal = !one_in(rand, 3);
        one->buyer = !one_in(rand, 3);
        one->carried = !one_in(rand, 3);
        draw_day(rand, "2020", one->bought);
        draw_day(rand, "2021", one->found);
        one->firearm = i;
        put_said(evidence, one);
    }
    for (guint i = 1; i < RECORDS; i++) {
        guint to = (guint)g_rand_int_range(rand, 0, (gint32)i);
        if (one_in(rand, 2))
            continue;
        add_link(evidence, said[i].ref, said[to].ref, 1);
        said[i].firearm = said[to].firearm;
    }
}

/* A text that sorts as the deal that is told before others; "" for no deal. */
static char *deal_rank(const Said *said, guint i)
{
    gboolean us = said->deal && (*said->bought || said->buyer);
    if (!us && !said->buyer)
        return g_strdup("");
    return g_strdup_printf("%d%s %u", said->buyer ? 0 : 1, *said->bought ? said->bought : "9", i);
}

static char *find_rank(const Said *said, guint i)
{
    gboolean canadian = said->canada && said->happened;
    if (!canadian && !*said->found)
        return g_strdup("");
    return g_strdup_printf("%d%d%s %u", !canadian, !(said->seized && said->happened),
                           *said->found ? said->found : "9", i);
}

/* The record of a firearm that goes before all others by a rank; NULL when none has one. */
static const Said *first_of(const Said said[RECORDS], guint firearm,
                            char *(*rank)(const Said *, guint))
{
    const Said *first = NULL;
    g_autofree char *best = NULL;
    for (guint i = 0; i < RECORDS; i++) {
        g_autofree char *own = rank(&said[i], i);
        if (said[i].firearm != firearm || !*own || (best && strcmp(own, best) > 0))
            continue;
        g_free(best);
        best = g_steal_pointer(&own);
        first = &said[i];
    }
    return first;
}

static const char *day_of(const char *text)
{
    return *text ? text : NULL;
}

static void check_path(const LeadPath *path, const Said said[RECORDS])
{
    guint firearm = 0;
    while (strcmp(said[firearm].ref, path->firearm) != 0)
        firearm++;
    ck_assert_uint_eq(said[firearm].firearm, firearm);
    g_autoptr(GString) records = g_string_new(NULL);
    for (guint i = 0; i < RECORDS; i++)
        if (said[i].firearm == firearm)
            g_string_append_printf(records, "%s%s", records->len ? "; " : "", said[i].ref);
    ck_assert_str_eq(path->records, records->str);
    const Said *deal = first_of(said, firearm, deal_rank);
    const Said *find = first_of(said, firearm, find_rank);
    ck_assert_int_eq(g_strcmp0(path->bought, deal ? day_of(deal->bought) : NULL), 0);
    ck_assert_int_eq(path->dealer != NULL, deal && deal->deal);
    ck_assert_int_eq(path->buyer != NULL, deal && deal->buyer);
    if (path->buyer)
        ck_assert(g_str_has_prefix(path->buyer, deal->ref));
    ck_assert_int_eq(g_strcmp0(path->found, find ? day_of(find->found) : NULL), 0);
    ck_assert_int_eq(g_strcmp0(path->case_no, find ? find->ref : NULL), 0);
    ck_assert_int_eq(path->canadian, find && find->canada && find->happened);
    ck_assert_int_eq(path->seized, find && find->seized && find->happened);
    if (find && find->carried)
        ck_assert(g_str_has_prefix(path->bearer, find->ref));
    GDate bought, found;
    g_date_clear(&bought, 1);
    g_date_clear(&found, 1);
    if (deal && find && *deal->bought && *find->found) {
        g_date_set_parse(&bought, deal->bought);
        g_date_set_parse(&found, find->found);
        ck_assert_int_eq(path->days, g_date_days_between(&bought, &found));
    } else {
        ck_assert_int_eq(path->days, -1);
    }
}

START_TEST(a_way_is_told_as_it_was)
{
    static guint leads;
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i + 1);
    g_autoptr(LeadEvidence) evidence = lead_evidence_new();
    Said said[RECORDS];
    draw(rand, evidence, said);
    add_indicator(evidence, "I2", "d1", "atf-trace:T0", 3.5);
    g_autoptr(Lead) lead = lead_build(evidence, rules, NULL, "2021-12-01", LANG_EN);
    leads += lead != NULL;
    if (_i == WORLDS - 1)
        ck_assert_uint_gt(leads, WORLDS / 3);
    if (!lead)
        return;
    guint firearms = 0;
    for (guint i = 0; i < RECORDS; i++)
        firearms += said[i].firearm == i;
    ck_assert_uint_eq(lead->paths->len, firearms);
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        check_path(path, said);
        if (i == 0)
            continue;
        const LeadPath *before = lead->paths->pdata[i - 1];
        ck_assert_int_ge(before->canadian, path->canadian);
        if (before->canadian == path->canadian)
            ck_assert_int_le(
                strcmp(before->found ? before->found : "9", path->found ? path->found : "9"), 0);
    }
}
END_TEST

/* A dealer stands in his town on a map, where the table has it; else in the middle of his state,
 * which is called so; else nowhere. */
START_TEST(where_a_way_begins)
{
    static const struct {
        const char *city, *state, *spot, *row, *table;
    } dealers[] = {{"ffl_city=DAYTON", "ffl_state=OH", "DAYTON, OH", "DAYTON OH", "cities"},
                   {"ffl_city=NO SUCH TOWN", "ffl_state=OH", "Ohio", "OH", "regions"},
                   {"ffl_city=", "ffl_state=OH", "Ohio", "OH", "regions"},
                   {"ffl_city=DAYTON", "ffl_state=QQ", NULL, NULL, NULL}};
    g_autoptr(CodeTables) codes = NULL;
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    for (guint i = 0; i < G_N_ELEMENTS(dealers); i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(0.99);
        record_free(evidence->records->pdata[0]);
        evidence->records->pdata[0] = record_make(
            "atf-trace:T1", PAIRS("make=GLOCK", "purchase_date=2021-02-03", "rds_key=27112345",
                                  "ffl_name=EXAMPLE GUNS", dealers[i].city, dealers[i].state,
                                  "event_date=2021-06-01", "event_country=USA"));
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        g_autoptr(Lead) lead = lead_build(evidence, rules, codes, "2021-12-01", LANG_EN);
        ck_assert_ptr_nonnull(lead);
        const LeadPath *path = NULL;
        for (guint k = 0; k < lead->paths->len; k++) {
            const LeadPath *one = lead->paths->pdata[k];
            path = strstr(one->records, "T1") ? one : path;
        }
        ck_assert_ptr_nonnull(path);
        const LeadPlace *at = &path->source;
        ck_assert_int_eq(at->located, dealers[i].spot != NULL);
        ck_assert_pstr_eq(at->spot, dealers[i].spot);
        ck_assert_pstr_eq(at->code, dealers[i].row);
        if (!at->located)
            continue;
        const CodeTable *table = code_table(codes, dealers[i].table);
        const char *lat = code_cell(table, dealers[i].row, "lat");
        const char *lon = code_cell(table, dealers[i].row, "lon");
        ck_assert_double_eq(at->lat, g_ascii_strtod(lat, NULL));
        ck_assert_double_eq(at->lon, g_ascii_strtod(lon, NULL));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path");
    TCase *tests = tcase_create("path");
    tcase_add_unchecked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, a_way_is_told_as_it_was, 0, WORLDS);
    tcase_add_test(tests, where_a_way_begins);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
