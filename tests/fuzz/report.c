/*
 * One lead of two firearms whose texts (a line each: names, values of the evidence's terms, title,
 * excerpt) and bits the bytes choose, in every format: what was rendered parses back to the stored
 * terms in JSON, to the same cells in CSV, to XML in GraphML; and markup never depends on a text.
 */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/text.h"
#include "engine/report/report.h"
#include "tests/fuzz/fuzz.h"

enum { TITLE, SUMMARY, LAST, LEFT, LEVEL, EXPLAINED, EXCERPT, TEXTS };

static const CodeTables *codes(void)
{
    static CodeTables *tables;

    if (!tables)
        tables = code_tables_load("rules", NULL);
    fuzz_check(tables != NULL);
    return tables;
}

static void add_record(LeadEvidence *evidence, const char *kind, const char *key, const char *text)
{
    Record *record = record_new(kind);

    record->ref = g_strdup_printf("%s:%s", kind, key);
    record_take(record, FIELD_MAKE, g_strdup("GLOCK"));
    record_take(record, FIELD_MODEL, g_strdup(text));
    record_take(record, FIELD_EVENT_DATE, g_strdup("2021-06-01"));
    record_seal(record);
    g_ptr_array_add(evidence->records, record);
    g_ptr_array_add(evidence->sources, g_strdup("file.csv:2"));
}

static LeadEvidence *evidence_of(char *const *texts)
{
    LeadEvidence *evidence = lead_evidence_new();
    LeadPerson *person = g_new0(LeadPerson, 1);
    LeadIndicator *indicator = g_new0(LeadIndicator, 1);
    LeadMarker *marker = g_new0(LeadMarker, 1);

    add_record(evidence, "atf-trace", "T1", texts[LEVEL]);
    add_record(evidence, "cbsa-seizure", "A-1/1", texts[LAST]);
    *person = (LeadPerson){g_strdup("atf-trace:T1:purchaser"),
                           g_strdup("atf-trace:T1:purchaser"),
                           g_strdup("purchaser"),
                           g_strdup(texts[LAST]),
                           NULL,
                           NULL,
                           1,
                           FALSE};
    *indicator = (LeadIndicator){g_strdup("I2"),
                                 g_strdup(texts[TITLE]),
                                 g_strdup("high"),
                                 g_strdup("d"),
                                 g_strdup("atf-trace:T1"),
                                 g_strdup(texts[EXPLAINED]),
                                 1,
                                 3.5};
    *marker =
        (LeadMarker){g_strdup("atf-trace:T1"), g_strdup("PMF"), g_strdup(texts[EXCERPT]), 0.9};
    g_ptr_array_add(evidence->people, person);
    g_ptr_array_add(evidence->indicators, indicator);
    g_ptr_array_add(evidence->markers, marker);
    return evidence;
}

static void view_fill(LeadView *view, char *const *texts, double bits)
{
    Lead *lead = g_new0(Lead, 1);

    view->evidence = evidence_of(texts);
    lead->lead_id = g_strdup("L0123456789ab");
    lead->status = g_strdup("new");
    lead->kinds = g_strdup("trafficking");
    lead->title = g_strdup(texts[TITLE]);
    lead->summary = g_strdup(texts[SUMMARY]);
    lead->next_step = g_strdup(texts[EXPLAINED]);
    lead->caveat = g_strdup("caveat");
    lead->counter = g_strdup("");
    lead->bits = bits;
    lead->score = bits_to_probability(bits);
    lead->priority = 1;
    lead->ports = g_strdup("");
    lead->markers = g_strdup("PMF");
    lead->records = g_strdup("atf-trace:T1; cbsa-seizure:A-1/1");
    lead->rules = g_strdup("I2@1");
    lead->ttc_min_days = -1;
    lead->evidence = evidence_new();
    evidence_add(lead->evidence, "prior", "prior", NULL, NULL, NULL, -12);
    evidence_add(lead->evidence, "purchase", "I2", texts[LEVEL], texts[LEFT], NULL, bits);
    lead->evidence_hash = g_strdup("00");
    lead->handling = g_strdup("LES");
    lead->paths = g_ptr_array_new_with_free_func((GDestroyNotify)lead_path_free);
    view->lead = lead;
    view->released_to = g_strdup("owner's own use");
    view->releasable_to = g_strdup("CAN");
    view->authority = g_strdup("");
    view->run = g_strdup("0123456789abcdef");
}

static char *render(const ReportFormat *format, char *const *texts, double bits)
{
    ReportOptions options = {.raw = TRUE, .codes = codes(), .as_of = "2021-07-01", .run = "0"};
    LeadView *view = g_new0(LeadView, 1);
    Report *report = report_new(format, &options);

    view_fill(view, texts, bits);
    format->lead(report, view);
    format->end(report);
    lead_view_free(view);
    char *text = g_strdup(report->out->str);
    report_free(report, format);
    return text;
}

/* The value at a place of a JSON text, which must be one; g_free. */
static char *json_at(sqlite3 *db, const char *json, const char *path)
{
    sqlite3_stmt *row = NULL;
    char *value;

    fuzz_check(sqlite3_prepare_v2(db, "SELECT json_extract(?1, ?2)", -1, &row, NULL) == SQLITE_OK);
    sqlite3_bind_text(row, 1, json, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, path, -1, SQLITE_STATIC);
    fuzz_check(sqlite3_step(row) == SQLITE_ROW);
    value = g_strdup((const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return value;
}

static void check_json(const char *name, const char *json, char *const *texts, double bits)
{
    static const struct {
        const char *path;
        guint text;
    } held[] = {{"title", TITLE},
                {"terms[1].left", LEFT},
                {"terms[1].level", LEVEL},
                {"people[0].last", LAST},
                {"indicators[0].explanation", EXPLAINED},
                {"findings[0].excerpt", EXCERPT}};
    sqlite3 *db = NULL;

    fuzz_check(sqlite3_open(":memory:", &db) == SQLITE_OK);
    const char *root = strcmp(name, "json") == 0 ? "$.leads[0]." : "$.";
    for (guint i = 0; strcmp(name, "geojson") != 0 && i < G_N_ELEMENTS(held); i++) {
        g_autofree char *path = g_strconcat(root, held[i].path, NULL);
        g_autofree char *value = json_at(db, json, path);
        const char *stored = texts[held[i].text];

        fuzz_check(text_present(stored) ? g_strcmp0(value, stored) == 0 : !text_present(value));
    }
    if (strcmp(name, "json") == 0) {
        g_autofree char *counted = json_at(db, json, "$.leads[0].terms[1].counted");

        fuzz_check(fabs(g_ascii_strtod(counted, NULL) - bits) < 0.001);
    }
    g_autofree char *type = json_at(db, json, "$");
    fuzz_check(type != NULL);
    sqlite3_close(db);
}

static void check_csv(const char *name, const char *text, char *const *texts)
{
    g_autoptr(GPtrArray) rows = csv_read_text(text, strlen(text), name, NULL);

    fuzz_check(rows && rows->len >= 1);
    for (guint i = 1; i < rows->len; i++)
        fuzz_check(g_strv_length(rows->pdata[i]) == g_strv_length(rows->pdata[0]));
    if (strcmp(name, "csv") == 0 && text_present(texts[TITLE])) /* blank is as good as none */
        fuzz_check(strcmp(((GStrv)rows->pdata[1])[5], texts[TITLE]) == 0);
}

static void check_xml(const char *text)
{
    GMarkupParser none = {0};
    GMarkupParseContext *context = g_markup_parse_context_new(&none, 0, NULL, NULL);

    fuzz_check(g_markup_parse_context_parse(context, text, -1, NULL));
    fuzz_check(g_markup_parse_context_end_parse(context, NULL));
    g_markup_parse_context_free(context);
}

static guint tags_of(const char *html)
{
    guint n = 0;

    for (; *html; html++)
        n += *html == '<';
    return n;
}

/* The same with letters in place of what markup is made of: as many tags. */
static void check_html(const ReportFormat *format, const char *html, char *const *texts,
                       double bits)
{
    char *tame[TEXTS + 1] = {NULL};

    for (guint i = 0; i < TEXTS; i++)
        tame[i] = g_strdelimit(g_strdup(texts[i]), "<>&\"'", 'x');
    g_autofree char *other = render(format, tame, bits);
    fuzz_check(tags_of(html) == tags_of(other));
    for (guint i = 0; i < TEXTS; i++)
        g_free(tame[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *texts[TEXTS + 1] = {NULL};

    if (size < 2)
        return 0;
    double bits = (data[0] - 128) / 4.0 + data[1] / 1024.0;
    g_autofree char *whole = g_strndup((const char *)data + 2, size - 2);
    g_auto(GStrv) lines = g_strsplit(whole, "\n", TEXTS + 1);
    guint n = g_strv_length(lines);
    for (guint i = 0; i < TEXTS; i++)
        texts[i] = g_strdelimit(g_utf8_make_valid(i < n ? lines[i] : "", -1), "\r", ' ');
    for (const ReportFormat *const *format = report_formats(); *format; format++) {
        const char *name = (*format)->name;
        g_autofree char *text = render(*format, texts, bits);

        if (g_str_has_suffix(name, "json"))
            check_json(name, text, texts, bits);
        else if (strcmp(name, "graphml") == 0)
            check_xml(text);
        else if (strcmp(name, "html") == 0)
            check_html(*format, text, texts, bits);
        else
            check_csv(name, text, texts);
    }
    for (guint i = 0; i < TEXTS; i++)
        g_free(texts[i]);
    return 0;
}
