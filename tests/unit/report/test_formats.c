/* Tests of the lead formats: columns as the manual has them, guard, the text for a reader. */
#include <math.h>

#include "engine/base/csv.h"
#include "engine/base/message.h"
#include "engine/base/text.h"
#include "engine/report/html_lead.h"
#include "engine/report/report.h"
#include "tests/unit/report/view.h"
#include "tests/unit/suite.h"

#define HEADER                                                                                     \
    "lead_id,status,score,priority,kinds,title,first_date,last_date,firearms,seizures,traces,"     \
    "purchasers,dealers,ports,ttc_min_days,markers,summary,next_step,handling,released_to,"        \
    "withheld,records,run,rules,bits,counter,evidence_hash,releasable_to,authority,confidence,"    \
    "status_label,kinds_label,markers_label,handling_label\n"

static char *render_as(const char *name, gboolean raw, guint leads, Lang lang)
{
    g_autoptr(CodeTables) codes = NULL;
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    const ReportFormat *format = report_format(name);
    ReportOptions options = {.lang = lang,
                             .raw = raw,
                             .codes = codes,
                             .as_of = "2021-07-01",
                             .run = "0123456789abcdef",
                             .program = "test"};
    Report *report = report_new(format, &options);
    g_autoptr(LeadView) view = view_new();
    for (guint i = 0; i < leads; i++)
        format->lead(report, view);
    format->end(report);
    char *text = g_strdup(report->out->str);
    report_free(report, format);
    return text;
}

static char *render(const char *name, gboolean raw, guint leads)
{
    return render_as(name, raw, leads, LANG_EN);
}

/* Every format of the table renders no lead and the same lead. */
START_TEST(test_every_format)
{
    for (const ReportFormat *const *at = report_formats(); *at; at++) {
        const ReportFormat *format = *at;
        ck_assert_ptr_eq(report_format(format->name), format);
        ck_assert_uint_gt(strlen(format->help), 0);
        g_autofree char *none = render(format->name, FALSE, 0);
        g_autofree char *once = render(format->name, FALSE, 1);
        g_autofree char *again = render(format->name, FALSE, 1);
        ck_assert_str_eq(once, again);
        ck_assert_uint_gt(strlen(once), strlen(none));
    }
    ck_assert_ptr_null(report_format("nonsense"));
}
END_TEST

/* A name that is meant to be run, hidden or read as markup is text in every format and language. */
START_TEST(test_hostile)
{
    for (const ReportFormat *const *at = report_formats(); *at; at++)
        for (Lang lang = LANG_EN; lang <= LANG_FR; lang++) {
            gboolean plain = g_str_has_suffix((*at)->file, ".csv");
            g_autofree char *text = render_as((*at)->name, FALSE, 2, lang);
            ck_assert_msg(plain || g_utf8_validate(text, -1, NULL), "%s", (*at)->name);
            ck_assert_msg(!strchr(text, '\x1b'), "%s", (*at)->name);
            ck_assert_msg(!strstr(text, "\xe2\x80\xae"), "%s", (*at)->name);
            if (strcmp((*at)->name, "html") == 0 || strcmp((*at)->name, "graphml") == 0)
                ck_assert_ptr_null(strstr(text, "<script>alert"));
        }
}
END_TEST

START_TEST(test_csv)
{
    g_autofree char *empty = render("csv", FALSE, 0);
    g_autofree char *guarded = render("csv", FALSE, 2);
    g_autofree char *raw = render("csv", TRUE, 1);
    ck_assert_str_eq(empty, HEADER);
    g_autoptr(GPtrArray) rows = csv_read_text(guarded, strlen(guarded), "guarded", NULL);
    g_autoptr(GPtrArray) plain = csv_read_text(raw, strlen(raw), "raw", NULL);
    ck_assert_uint_eq(rows->len, 3);
    GStrv cells = rows->pdata[1], bare = plain->pdata[1];
    ck_assert_uint_eq(g_strv_length(cells), 34);
    ck_assert_int_eq(cells[5][0], '\'');
    ck_assert_int_eq(bare[5][0], '=');
    ck_assert_double_gt(g_ascii_strtod(cells[2], NULL), 0);
    ck_assert_double_lt(g_ascii_strtod(cells[2], NULL), 0.5);
    ck_assert_str_eq(cells[14], "57");
    ck_assert_str_eq(cells[19], "owner's own use");
    ck_assert_str_eq(cells[20], "no");
    ck_assert_str_eq(cells[21], "atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1");
    ck_assert_str_eq(cells[23], "I2@1");
}
END_TEST

START_TEST(test_text)
{
    g_autoptr(LeadView) view = view_new();
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++) {
        g_autoptr(GString) out = g_string_new(NULL);
        report_lead_text(out, view, lang);
        ck_assert_ptr_null(strchr(out->str, '\x1b'));
        ck_assert_ptr_null(strstr(out->str, "\xe2\x80\xae"));
        ck_assert_ptr_nonnull(strstr(out->str, view->lead->lead_id));
        ck_assert_ptr_nonnull(strstr(out->str, "cbsa-seizure:A/1  2021-04-01  GLOCK 19 ABC123  "
                                               "file.csv:2"));
        ck_assert_ptr_nonnull(strstr(out->str, lang == LANG_FR ? "I2@1 Title of I2 : I2 says so"
                                                               : "I2@1 Title of I2: I2 says so"));
        g_autofree char *prior =
            message_number(evidence_term(view->lead->evidence, 0)->bits, 1, lang);
        ck_assert_ptr_nonnull(strstr(out->str, prior)); /* the waterfall */
        ck_assert_ptr_nonnull(strstr(out->str, lang == LANG_FR ? "0,70" : "0.70")); /* weak link */
        ck_assert_ptr_null(strstr(out->str, "not held"));
    }
}
END_TEST

static char *text_of(const LeadView *view, Lang lang)
{
    GString *out = g_string_new(NULL);
    report_lead_text(out, view, lang);
    return g_string_free(out, FALSE);
}

static guint count_of(const char *text, const char *part)
{
    guint n = 0;
    for (const char *p = text; (p = strstr(p, part)); p++)
        n++;
    return n;
}

/* A pair that was looked at and not held to be one firearm does not stand there as a link. */
START_TEST(test_link_not_held)
{
    g_autoptr(LeadView) view = view_new();
    ((LeadLink *)view->evidence->links->pdata[0])->probability = 0.0157;
    g_autofree char *text = text_of(view, LANG_EN), *french = text_of(view, LANG_FR);
    ck_assert_ptr_nonnull(strstr(text, "separators, O and 0, I and 1 (looked at, not held)\n"));
    ck_assert_ptr_nonnull(strstr(french, "(examiné, non retenu)\n"));
}
END_TEST

/* What an indicator says of several records is told once, with each record once. */
START_TEST(test_indicators_grouped)
{
    g_autoptr(LeadView) view = view_new();
    add_indicator(view->evidence, "I2", "d1", "atf-trace:T2", 3.5);
    add_indicator(view->evidence, "I2", "d2", "atf-trace:T2", 3.5);
    add_indicator(view->evidence, "I3", "d1", "atf-trace:T1", 3.5);
    g_autofree char *text = text_of(view, LANG_EN);
    ck_assert_uint_eq(count_of(text, "I2@1 Title of I2: I2 says so\n"), 1);
    ck_assert_uint_eq(count_of(text, "        atf-trace:T1; atf-trace:T2\n"), 1);
    ck_assert_uint_eq(count_of(text, "I3@1 Title of I3: I3 says so\n        atf-trace:T1\n"), 1);
}
END_TEST

/* Codes that people read are words of their language; what speaks against a lead has its place. */
START_TEST(test_words)
{
    g_autoptr(LeadView) view = view_new();
    g_autofree char *french = text_of(view, LANG_FR);
    ck_assert_uint_eq(count_of(french, "statut : nouvelle\n"), 1);
    ck_assert_uint_eq(count_of(french, "a priori"), 1);
    ck_assert_uint_eq(count_of(french, "I2 constaté"), 1);
    ck_assert_uint_eq(count_of(french, "S1 : numéros identiques, sauf séparateurs"), 1);
    g_free(view->lead->counter);
    view->lead->counter = g_strdup("");
    g_autofree char *english = text_of(view, LANG_EN);
    ck_assert_uint_eq(count_of(english, "status new\n"), 1);
    ck_assert_uint_eq(count_of(english, "\nWhat speaks against it\n  no counter-indicator"), 1);
}
END_TEST

/* A lead of one firearm, sold at one place and seized at another; lat of the sale NAN: unknown. */
static char *left(const char *format, double lat, gboolean theft)
{
    g_autoptr(LeadView) view = view_new();
    LeadPath *path = g_new0(LeadPath, 1);
    path->firearm = g_strdup("atf-trace:T1");
    path->label = g_strdup("GLOCK 19");
    path->records = g_strdup("atf-trace:T1");
    path->theft = theft;
    *(theft ? &path->stolen : &path->bought) = g_strdup("2021-02-03");
    path->found = g_strdup("2021-04-01");
    path->seized = path->canadian = TRUE;
    path->days = 57;
    path->source = (LeadPlace){.label = g_strdup("Example \"Town\""),
                               .located = !isnan(lat),
                               .lat = lat,
                               .lon = -84.19166};
    path->place =
        (LeadPlace){.label = g_strdup("Example Bridge"), .located = TRUE, .lat = 42, .lon = -83.04};
    g_ptr_array_set_size(view->lead->paths, 0);
    g_ptr_array_add(view->lead->paths, path);
    const ReportFormat *form = report_format(format);
    ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
    Report *report = report_new(form, &options);
    form->lead(report, view);
    form->end(report);
    char *text = g_strdup(report->out->str);
    report_free(report, form);
    return text;
}

static char *mapped(const char *format, double lat)
{
    return left(format, lat, FALSE);
}

/* A theft is called so: on the map, and above the column of the page that tells of it. */
START_TEST(test_theft)
{
    for (guint theft = 0; theft < 2; theft++) {
        g_autofree char *map = left("geojson", 39.758948, theft);
        g_autofree char *page = left("html", 39.758948, theft);
        ck_assert_uint_eq(count_of(map, "\"role\":\"theft\""), theft);
        ck_assert_uint_eq(count_of(map, "\"role\":\"source\""), 1 - theft);
        ck_assert_uint_eq(count_of(page, "<th>Stolen or lost"), theft);
        ck_assert_uint_eq(count_of(page, "<th>Bought"), 1 - theft);
        g_autofree char *key = g_strdup_printf(
            "<p class=key><span class=s>%s</span> <span class=x>%s</span> <span class=r>%s</span> ",
            message(theft ? MSG_HTML_STOLEN : MSG_HTML_BOUGHT, LANG_EN),
            message(MSG_WAY_SEIZED, LANG_EN), message(MSG_WAY_RECOVERED, LANG_EN));
        ck_assert_uint_eq(count_of(page, key), 1);
    }
}
END_TEST

/* Positions are longitude first, to a ten-thousandth of a degree; what has no place has no point.
 */
START_TEST(test_geojson)
{
    g_autofree char *both = mapped("geojson", 39.758948), *one = mapped("geojson", NAN);
    ck_assert_uint_eq(count_of(both, "\"type\":\"Feature\""), 3);
    ck_assert_uint_eq(count_of(both, "{\"type\":\"Point\",\"coordinates\":[-84.1917,39.7589]}"), 1);
    ck_assert_uint_eq(count_of(both, "{\"type\":\"Point\",\"coordinates\":[-83.0400,42.0000]}"), 1);
    ck_assert_uint_eq(count_of(both, "{\"type\":\"LineString\",\"coordinates\":"
                                     "[[-84.1917,39.7589],[-83.0400,42.0000]]}"),
                      1);
    ck_assert_uint_eq(count_of(both, "\"place\":\"Example \\\"Town\\\"\",\"date\":\"2021-02-03\""),
                      1);
    ck_assert_uint_eq(count_of(both, "\"role\":\"crossing\""), 1);
    ck_assert_uint_eq(count_of(both, "\"records\":\"atf-trace:T1\""), 3);
    ck_assert_uint_eq(count_of(both, ",\n"), 2);
    ck_assert_uint_eq(count_of(one, "\"type\":\"Feature\""), 1);
    ck_assert_uint_eq(count_of(one, "LineString"), 0);
    ck_assert_uint_eq(count_of(one, "\"place\":\"Example Bridge\",\"date\":\"2021-04-01\""), 1);
}
END_TEST

/* A page says so where there is nothing to draw: no day, no place. */
START_TEST(test_nothing_to_draw)
{
    for (guint nothing = 0; nothing < 2; nothing++) {
        g_autoptr(LeadView) view = view_new();
        g_autoptr(GString) out = g_string_new(NULL);
        ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
        for (guint i = 0; i < view->lead->paths->len; i++) {
            LeadPath *path = view->lead->paths->pdata[i];
            path->place.located = !nothing && path->place.label;
            path->source.located = !nothing && path->source.label;
            path->place.lat = path->source.lat = 42;
            path->place.lon = path->source.lon = -83;
            if (nothing) {
                g_clear_pointer(&path->bought, g_free);
                g_clear_pointer(&path->stolen, g_free);
                g_clear_pointer(&path->found, g_free);
            }
        }
        html_append_lead(out, &options, view, FALSE);
        ck_assert_uint_eq(count_of(out->str, message(MSG_HTML_NO_DAYS, LANG_EN)), nothing);
        ck_assert_uint_eq(count_of(out->str, message(MSG_HTML_NO_PLACES, LANG_EN)), nothing);
        ck_assert_uint_eq(count_of(out->str, "<p class=key>"), 1 - nothing);
        const char *two = strstr(out->str, "<div class=two><div>"); /* side by side */
        const char *second = two ? strstr(two, "</div><div>") : NULL;
        ck_assert(second && strstr(second, "</div></div>"));
    }
}
END_TEST

/* A page shows the least sure links, and says how many more there are. */
START_TEST(test_more_links)
{
    static const guint more[] = {0, 1, 5};
    for (guint i = 0; i < G_N_ELEMENTS(more); i++) {
        g_autoptr(LeadView) view = view_new();
        g_autoptr(GString) out = g_string_new(NULL);
        ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
        while (view->evidence->links->len < 4 + more[i])
            add_link(view->evidence, "cbsa-seizure:A/1", "atf-trace:T2", 0.99);
        html_append_lead(out, &options, view, FALSE);
        g_autofree char *said = g_strdup_printf("<p>%u surer link", more[i]);
        ck_assert_uint_eq(count_of(out->str, said), more[i] ? 1 : 0);
        ck_assert_uint_eq(count_of(out->str, " surer link"), more[i] ? 1 : 0);
    }
}
END_TEST

/* What there is most of stands first, whatever it is called. */
START_TEST(test_tallies)
{
    ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
    const ReportFormat *format = report_format("html");
    Report *report = report_new(format, &options);
    for (guint i = 0; i < 3; i++) {
        g_autoptr(LeadView) view = view_new();
        g_free(view->lead->kinds);
        view->lead->kinds = g_strdup(i == 1 ? "theft" : "trafficking");
        format->lead(report, view);
    }
    format->end(report);
    const char *most = strstr(report->out->str, "<td>2<td><i"), *table = report->out->str;
    const char *least = strstr(report->out->str, "<td>1<td><i");
    ck_assert(most && least && strstr(table, "<table class=n>") < most && most < least);
    report_free(report, format);
}
END_TEST

/* Bars are as long as what they stand for, to the nearest step. */
START_TEST(test_bars)
{
    ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
    const ReportFormat *format = report_format("html");
    Report *report = report_new(format, &options);
    for (guint i = 0; i < 12; i++) {
        g_autoptr(LeadView) view = view_new();
        g_free(view->lead->kinds);
        view->lead->kinds = g_strdup(i < 5 ? "theft" : "trafficking");
        format->lead(report, view);
    }
    format->end(report);
    ck_assert_ptr_nonnull(strstr(report->out->str, "<td>7<td><i class=w40>"));
    ck_assert_ptr_nonnull(strstr(report->out->str, "<td>5<td><i class=w29>")); /* 28.6 */
    report_free(report, format);
}
END_TEST

/* A lead in short: what to do next, what speaks against it, the first records with their lines. */
START_TEST(test_brief)
{
    g_autoptr(LeadView) view = view_new();
    ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01"};
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 3; i < 6; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", i);
        add_record(view->evidence, ref, PAIRS("make=GLOCK"));
    }
    g_free(view->lead->next_step);
    view->lead->next_step = g_strdup("Ask <them>.");
    g_free(view->lead->counter);
    view->lead->counter = g_strdup("C1 & more");
    html_append_lead(out, &options, view, TRUE);
    ck_assert_uint_eq(count_of(out->str, "Ask &lt;them&gt;."), 1);
    ck_assert_uint_eq(count_of(out->str, "C1 &amp; more"), 1);
    ck_assert_uint_ge(count_of(out->str, "I2"), 1);
    ck_assert_uint_eq(count_of(out->str, " <small>"), 3);
    ck_assert_uint_eq(count_of(out->str, "3 more"), 1);
    ck_assert_uint_eq(count_of(out->str, "<table"), 0);
    ck_assert_uint_eq(count_of(out->str, "<svg"), 0);
    g_free(view->lead->counter);
    view->lead->counter = g_strdup("");
    g_ptr_array_set_size(view->evidence->records, 3);
    g_string_truncate(out, 0);
    html_append_lead(out, &options, view, TRUE);
    ck_assert_uint_eq(count_of(out->str, "C1 &amp;"), 0);
    ck_assert_uint_eq(count_of(out->str, " more"), 0);
    ck_assert_uint_eq(count_of(out->str, "<small>"), 3);
}
END_TEST

/* Markers stand in the head of a lead that has some, by their names. */
START_TEST(test_markers_in_the_head)
{
    g_autoptr(CodeTables) codes = NULL;
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    ReportOptions options = {.lang = LANG_EN, .as_of = "2021-07-01", .codes = codes};
    for (guint some = 0; some < 2; some++) {
        g_autoptr(LeadView) view = view_new();
        g_autoptr(GString) out = g_string_new(NULL);
        g_free(view->lead->markers);
        view->lead->markers = g_strdup(some ? "NARCOTICS" : "");
        html_append_lead(out, &options, view, FALSE);
        ck_assert_uint_eq(count_of(out->str, " · drugs involved · <span class=i>"), some);
        ck_assert_uint_eq(count_of(out->str, " · · "), 0);
    }
}
END_TEST

/* What a lead as text is made of, in its order; each part has its heading after an empty line. */
START_TEST(test_sections)
{
    static const MessageId order[] = {MSG_LEAD_HEAD_NEXT,     MSG_LEAD_HEAD_COUNTER,
                                      MSG_LEAD_HEAD_EVIDENCE, MSG_LEAD_HEAD_INDICATORS,
                                      MSG_LEAD_HEAD_LINKS,    MSG_LEAD_HEAD_PEOPLE,
                                      MSG_LEAD_HEAD_MARKERS,  MSG_LEAD_HEAD_RECORDS};
    g_autoptr(LeadView) view = view_new();
    add_marker(view->evidence, "atf-trace:T1", "GHOST_GUN", 0.85);
    ((LeadLink *)view->evidence->links->pdata[0])->explanation = g_strdup("S1 +9.0 | make +2.0");
    view->lead->supersedes = g_strdup("L-OLDER");
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++) {
        g_autofree char *text = text_of(view, lang);
        const char *at = text;
        for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
            g_autofree char *heading = g_strdup_printf("\n\n%s\n", message(order[i], lang));
            const char *next = strstr(at, heading);
            ck_assert_msg(next != NULL, "%s", heading);
            ck_assert_uint_eq(count_of(text, heading), 1);
            at = next + 1;
        }
        g_autofree char *bits = g_strdup_printf("%s\n  %s\n", message(MSG_LEAD_HEAD_EVIDENCE, lang),
                                                message(MSG_LEAD_BITS, lang));
        ck_assert_ptr_nonnull(strstr(text, bits));
        g_autofree char *summary = text_for_terminal(view->lead->summary);
        ck_assert_ptr_nonnull(strstr(text, summary));
        ck_assert_ptr_nonnull(strstr(text, view->lead->caveat));
        ck_assert_ptr_nonnull(strstr(text, "L-OLDER"));
        ck_assert_ptr_nonnull(strstr(text, "\n        S1 +9.0 | make +2.0\n"));
        ck_assert_ptr_nonnull(strstr(text, lang == LANG_FR
                                               ? "\n  0,85  atf-trace:T1  GHOST_GUN: the words\n"
                                               : "\n  0.85  atf-trace:T1  GHOST_GUN: the words\n"));
        ck_assert_ptr_nonnull(
            strstr(text, "  atf-trace:T2:purchaser  DOE, JANE   = atf-trace:T1:purchaser\n"));
        ck_assert_ptr_nonnull(strstr(text, "  atf-trace:T2  -  GLOCK 19 ABC124  file.csv:2\n"));
        ck_assert_str_eq(text + strlen(text) - 2, "\n\n");
    }
}
END_TEST

/* What there is nothing of has no heading. */
START_TEST(test_sections_left_out)
{
    g_autoptr(LeadView) view = view_new();
    g_ptr_array_set_size(view->evidence->indicators, 0);
    g_ptr_array_set_size(view->evidence->links, 0);
    g_ptr_array_set_size(view->evidence->people, 0);
    g_autofree char *text = text_of(view, LANG_EN);
    ck_assert_ptr_null(strstr(text, message(MSG_LEAD_HEAD_INDICATORS, LANG_EN)));
    ck_assert_ptr_null(strstr(text, message(MSG_LEAD_HEAD_LINKS, LANG_EN)));
    ck_assert_ptr_null(strstr(text, message(MSG_LEAD_HEAD_PEOPLE, LANG_EN)));
    ck_assert_ptr_null(strstr(text, message(MSG_LEAD_HEAD_MARKERS, LANG_EN)));
    ck_assert_ptr_nonnull(strstr(text, message(MSG_LEAD_HEAD_RECORDS, LANG_EN)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats");
    TCase *tests = tcase_create("formats");
    tcase_add_test(tests, test_sections);
    tcase_add_test(tests, test_sections_left_out);
    tcase_add_test(tests, test_nothing_to_draw);
    tcase_add_test(tests, test_more_links);
    tcase_add_test(tests, test_every_format);
    tcase_add_test(tests, test_hostile);
    tcase_add_test(tests, test_csv);
    tcase_add_test(tests, test_text);
    tcase_add_test(tests, test_link_not_held);
    tcase_add_test(tests, test_indicators_grouped);
    tcase_add_test(tests, test_words);
    tcase_add_test(tests, test_geojson);
    tcase_add_test(tests, test_theft);
    tcase_add_test(tests, test_bars);
    tcase_add_test(tests, test_brief);
    tcase_add_test(tests, test_markers_in_the_head);
    tcase_add_test(tests, test_tallies);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
