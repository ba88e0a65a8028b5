/*
 * Random leads in every format: much of everything and next to nothing, what no record says left
 * out, with and without code tables and a report before. Whatever there is of it, a format stays
 * what its readers take it for, and two renderings are the same bytes.
 */
#include <sqlite3.h>

#include "engine/base/csv.h"
#include "engine/report/formats.h"
#include "engine/report/news.h"
#include "engine/report/report.h"
#include "tests/unit/lead/evidence.h"
#include "tests/unit/suite.h"

#define ROUNDS 60

static CodeTables *codes;

static void setup(void)
{
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
}

static void teardown(void)
{
    g_clear_pointer(&codes, code_tables_free);
}

static guint below(GRand *rand, guint n)
{
    return (guint)g_rand_int_range(rand, 0, (gint32)n);
}

/* The text, or what no record says. */
static char *perhaps(GRand *rand, const char *text)
{
    return below(rand, 4) ? g_strdup(text) : NULL;
}

static char *day(GRand *rand)
{
    return below(rand, 4) ? g_strdup_printf("20%02u-0%u-1%u", 10 + below(rand, 14),
                                            1 + below(rand, 9), below(rand, 10))
                          : NULL;
}

static LeadPlace place(GRand *rand)
{
    static const char *const names[] = {"DAYTON OH", "EXAMPLE BRIDGE", "HALIFAX NS",
                                        ("A very long "
                                         "name of a town that no map has room for")};
    g_autofree char *code = g_strdup_printf("%u", 400 + below(rand, 60));
    LeadPlace place = {.label = perhaps(rand, names[below(rand, G_N_ELEMENTS(names))]),
                       .code = perhaps(rand, code),
                       .spot = perhaps(rand, "the middle of Ohio"),
                       .lat = 25 + below(rand, 400) / 10.0,
                       .lon = -130 + below(rand, 700) / 10.0};
    place.located = place.label && below(rand, 5) > 0; /* what has no name has no place */
    return place;
}

static LeadPath *path(GRand *rand, guint i)
{
    LeadPath *path = g_new0(LeadPath, 1);
    path->firearm = g_strdup_printf("atf-trace:T%u", i);
    path->label = g_strdup(below(rand, 2) ? "GLOCK 19, serial ABC123" : "GLOCK");
    path->bought = day(rand);
    path->found = day(rand);
    path->dealer = perhaps(rand, "EXAMPLE GUNS");
    path->dealer_key = perhaps(rand, below(rand, 2) ? "27112345" : "27112346");
    path->purchaser = perhaps(rand, "DOE, JANE");
    path->buyer = perhaps(rand, below(rand, 2) ? "atf-trace:T1:purchaser" : "atf-trace:T2:x");
    path->carrier = perhaps(rand, "ROE & <SONS>");
    path->bearer = perhaps(rand, "cbsa-seizure:A/1:traveller");
    path->role = perhaps(rand, below(rand, 2) ? "traveller" : "possessor");
    path->case_no = perhaps(rand, "4531-21-0001");
    path->records = g_strdup(path->firearm);
    path->source = place(rand);
    path->place = place(rand);
    path->seized = below(rand, 2) > 0;
    path->canadian = below(rand, 3) > 0;
    path->days = (int)below(rand, 3000) - 1;
    return path;
}

static LeadEvidence *evidence(GRand *rand, guint n)
{
    LeadEvidence *all = lead_evidence_new();
    for (guint i = 0; i < n; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", i), *date = day(rand);
        g_autofree char *when = g_strconcat("event_date=", date ? date : "", NULL);
        g_autofree char *mention = g_strconcat(ref, ":purchaser", NULL);
        add_record(all, ref, PAIRS("make=GLOCK", below(rand, 2) ? "model=19" : "model=", when));
        add_person(all, mention, mention, "purchaser", below(rand, 3) ? "DOE" : NULL);
        LeadPerson *person = all->people->pdata[i];
        if (!below(rand, 3))
            g_clear_pointer(&person->first, g_free);
        person->dob = day(rand);
        add_indicator(all, below(rand, 2) ? "I2" : "ZZ9", "d1", ref, below(rand, 9) - 4.0);
        add_marker(all, ref, below(rand, 2) ? "NARCOTICS" : "ZZ", 0.9);
        add_link(all, ref, "atf-trace:T0", 0.5 + below(rand, 50) / 100.0);
        LeadLink *link = all->links->pdata[i];
        link->explanation = perhaps(rand, "serial: S1 ABC = ABC, +20.0 bits");
        link->against = perhaps(rand, "dates");
    }
    if (below(rand, 3) == 0) /* a reader who is not told where records come from */
        g_ptr_array_set_size(all->sources, 0);
    return all;
}

static Lead *lead(GRand *rand, guint n, guint number)
{
    Lead *lead = g_new0(Lead, 1);
    g_autoptr(GString) records = g_string_new("atf-trace:T0");
    lead->lead_id = g_strdup_printf("L%012u", number);
    lead->status = g_strdup(below(rand, 2) ? "new" : "open");
    lead->kinds = g_strdup("trafficking; unheard-of");
    lead->title = g_strdup("A lead");
    lead->summary = g_strdup("Of which there is much to say.");
    lead->next_step = g_strdup("1. Ask.\n2. Ask again.");
    lead->caveat = g_strdup("caveat");
    lead->counter = g_strdup(below(rand, 2) ? "" : "C1 says the contrary");
    lead->bits = below(rand, 40) - 20.0;
    lead->score = bits_to_probability(lead->bits);
    lead->priority = 1 + (int)below(rand, 5);
    lead->first_date = day(rand);
    lead->last_date = day(rand);
    lead->firearms = n;
    lead->ports = g_strdup(below(rand, 2) ? "" : "EXAMPLE BRIDGE; HALIFAX NS");
    lead->markers = g_strdup(below(rand, 2) ? "" : "NARCOTICS; ZZ");
    for (guint i = 1; i < n; i++)
        g_string_append_printf(records, "; atf-trace:T%u", i);
    lead->records = g_strdup(records->str);
    lead->rules = g_strdup("I2@1");
    lead->ttc_min_days = (int)below(rand, 400) - 1;
    lead->evidence = evidence_new();
    evidence_add(lead->evidence, "prior", "prior", NULL, NULL, NULL, -12);
    evidence_add(lead->evidence, "purchase", "I2", below(rand, 2) ? "two" : NULL, "a", NULL, 3);
    evidence_add(lead->evidence, "markers", "NARCOTICS", NULL, NULL, NULL, -3);
    evidence_add(lead->evidence, "nonsense", "ZZ9", NULL, NULL, "b", 0);
    lead->evidence_hash = g_strdup_printf("%08x", g_rand_int(rand));
    lead->handling = g_strdup(below(rand, 2) ? "PROTECTED B" : "");
    lead->supersedes = below(rand, 4) ? NULL : g_strdup("L000000000900; L000000000901");
    lead->paths = g_ptr_array_new_with_free_func((GDestroyNotify)lead_path_free);
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(lead->paths, path(rand, i));
    return lead;
}

static LeadView *view(GRand *rand, guint n, guint number)
{
    LeadView *view = g_new0(LeadView, 1);
    view->evidence = evidence(rand, n);
    view->lead = lead(rand, n, number);
    view->released_to = g_strdup("owner's own use");
    view->releasable_to = g_strdup(below(rand, 2) ? "" : "CAN;USA");
    view->authority = g_strdup(below(rand, 2) ? "" : "ca_107=107(8)");
    view->withheld = below(rand, 2) > 0;
    view->run = perhaps(rand, "0123456789abcdef");
    return view;
}

/* What an earlier report told: some as they are, some otherwise, some gone, a spoilt line. */
static char *told(GRand *rand)
{
    GString *text = g_string_new("no line of such a list\n");
    for (guint i = 0; i < 40; i++)
        g_string_append_printf(text, "L%012u\t%08x\t%s\n", i, i, below(rand, 3) ? "here" : "gone");
    for (guint i = 900; i < 940; i++)
        g_string_append_printf(text, "L%012u\t0\there\n", i);
    return g_string_free(text, FALSE);
}

/* leads of `size` firearms each, by a seed of their own. */
static char *render(const ReportFormat *format, guint32 seed, guint leads, guint size)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree char *before = below(rand, 2) ? told(rand) : NULL;
    ReportOptions options = {.lang = below(rand, 2) ? LANG_EN : LANG_FR,
                             .raw = below(rand, 2) > 0,
                             .codes = below(rand, 3) ? codes : NULL,
                             .as_of = below(rand, 3) ? "2024-07-01" : NULL,
                             .run = below(rand, 3) ? "0123456789abcdef" : NULL,
                             .program = below(rand, 3) ? "test" : NULL,
                             .before = before};
    Report *report = report_new(format, &options);
    for (guint i = 0; i < leads; i++) {
        LeadView *one = view(rand, 1 + below(rand, size), i);
        format->lead(report, one);
        lead_view_free(one);
    }
    format->end(report);
    char *text = g_strdup(report->out->str);
    report_free(report, format);
    return text;
}

/* ---- is it what it is taken for? --------------------------------------------------------- */

static void check_json(const char *json, gboolean lines)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *valid = NULL;
    g_auto(GStrv) parts = g_strsplit(json, lines ? "\n" : "\x01", -1);
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT json_valid(?)", -1, &valid, NULL), SQLITE_OK);
    for (char **part = parts; *part; part++) {
        if (!**part)
            continue;
        sqlite3_bind_text(valid, 1, *part, -1, SQLITE_STATIC);
        ck_assert_int_eq(sqlite3_step(valid), SQLITE_ROW);
        ck_assert_msg(sqlite3_column_int(valid, 0) == 1, "%.300s", *part);
        sqlite3_reset(valid);
    }
    sqlite3_finalize(valid);
    sqlite3_close(db);
}

static void check_csv(const char *text)
{
    g_autoptr(GPtrArray) rows = csv_read_text(text, strlen(text), "rendered", NULL);
    ck_assert_ptr_nonnull(rows);
    ck_assert_uint_ge(rows->len, 1);
    for (guint i = 1; i < rows->len; i++)
        ck_assert_uint_eq(g_strv_length(rows->pdata[i]), g_strv_length(rows->pdata[0]));
}

static void check_xml(const char *text)
{
    GMarkupParser none = {0};
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&none, 0, NULL, NULL);
    MUST(g_markup_parse_context_parse(context, text, -1, &problem));
    MUST(g_markup_parse_context_end_parse(context, &problem));
}

static guint count_of(const char *text, const char *part)
{
    guint n = 0;
    for (const char *p = text; (p = strstr(p, part)); p++)
        n++;
    return n;
}

/* What is opened is closed, and no number is none. */
static void check_html(const char *html)
{
    static const char *const pairs[] = {"table", "section", "ul", "svg", "dl", "main", "div"};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *open = g_strconcat("<", pairs[i], NULL);
        g_autofree char *close = g_strconcat("</", pairs[i], ">", NULL);
        const char *body = strstr(html, "<main");
        ck_assert_msg(count_of(body, open) == count_of(body, close), "<%s>: %u and %u", pairs[i],
                      count_of(body, open), count_of(body, close));
    }
    ck_assert_ptr_null(strstr(html, "nan"));
    ck_assert_ptr_null(strstr(html, "(null)"));
    ck_assert_ptr_null(strstr(html, "<SONS>"));
}

static void check(const ReportFormat *format, const char *text)
{
    ck_assert_msg(g_str_has_suffix(format->file, ".csv") || g_utf8_validate(text, -1, NULL), "%s",
                  format->name);
    if (g_str_has_suffix(format->file, "json"))
        check_json(text, g_str_has_suffix(format->file, "ndjson"));
    else if (g_str_has_suffix(format->file, ".csv"))
        check_csv(text);
    else if (g_str_has_suffix(format->file, "html"))
        check_html(text);
    else if (g_str_has_suffix(format->file, "graphml"))
        check_xml(text);
}

static const ReportFormat *const others[] = {&format_links, &format_records, &format_package,
                                             &format_digest, &format_told};

static const ReportFormat *format_at(guint i)
{
    guint n = 0;
    while (report_formats()[n])
        n++;
    return i < n ? report_formats()[i] : i < n + G_N_ELEMENTS(others) ? others[i - n] : NULL;
}

START_TEST(every_format_holds)
{
    guint leads = (guint)_i % 4, size = _i % 3 ? 4 : 60;
    for (guint i = 0; format_at(i); i++) {
        g_autofree char *text = render(format_at(i), (guint32)_i + 1, leads, size);
        g_autofree char *again = render(format_at(i), (guint32)_i + 1, leads, size);
        ck_assert_str_eq(text, again);
        check(format_at(i), text);
    }
}
END_TEST

/* A page has its size whatever there is; each lead stands in it once all the same. */
START_TEST(a_page_has_its_size)
{
    g_autofree char *html = render(report_format("html"), (guint32)_i + 3, 300, 60);
    check_html(html);
    ck_assert_uint_lt(strlen(html), 4u << 20);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *id = g_strdup_printf("id=L%012u", i);
        g_autofree char *quoted = g_strdup_printf("id=\"L%012u\"", i);
        ck_assert_uint_eq(count_of(html, id) + count_of(html, quoted), 1);
    }
}
END_TEST

/* As text, with all that is there; in each language. */
START_TEST(a_text_says_all)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i + 1);
    guint n = below(rand, 2) ? 1 : 30;
    g_autoptr(LeadView) one = view(rand, n, 7);
    g_autoptr(GString) out = g_string_new(NULL);
    report_lead_text(out, one, _i % 2 ? LANG_FR : LANG_EN);
    ck_assert_ptr_null(strstr(out->str, "(null)"));
    ck_assert_uint_ge(count_of(out->str, "the words"), n);
    if (one->lead->supersedes)
        ck_assert_ptr_nonnull(strstr(out->str, "L000000000901"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extremes");
    TCase *tests = tcase_create("extremes");
    tcase_add_unchecked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, every_format_holds, 0, ROUNDS);
    tcase_add_loop_test(tests, a_page_has_its_size, 0, 3);
    tcase_add_loop_test(tests, a_text_says_all, 0, 20);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
