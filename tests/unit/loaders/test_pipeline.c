/*
 * One thread or many, one file or parts of it: the same records, raw rows, remarks and counts.
 * The file is made up: more than one batch, duplicates and revisions across batches, rows over
 * several lines, rejects, and dates whose order the first rows do not tell.
 */
#include "tests/unit/loaders/fixture.h"

#define ROWS 13000

static void add_row(GString *text, guint i)
{
    guint key = i % 50 == 49 ? i / 3 : i;

    if (i % 97 == 96)
        g_string_append_printf(text, "T%u,only three,cells\n", i);
    else if (i % 11 == 10)
        g_string_append_printf(text, "T%u,AB%u,GLOCK,19,01/02/2020,ROY,\"two\nlines \"\"%u\"\"\"\n",
                               key, key, i);
    else
        g_string_append_printf(text, "T%u,AB%u,GLOCK,19,%s,ROY,%0400u\n", key,
                               i % 100 == 99 ? i : key, i > 9000 ? "12/25/2020" : "01/02/2020",
                               key);
}

static char *make_text(guint from, guint to)
{
    GString *text = g_string_new(
        "trace_number,serial_number,manufacturer,model,recovery_date,purchaser_last,remarks\n");

    for (guint i = from; i < to; i++)
        add_row(text, i);
    return g_string_free(text, FALSE);
}

static gboolean add_record(Record *record, gboolean *take, gpointer data)
{
    GString *all = data;

    (void)take;
    g_string_append_printf(all, "%s %s %d %u %s\n", record->ref, record->content_hash,
                           record->revision, (guint)record->line, record->raw);
    return TRUE;
}

/* Everything that a load left, as one text. */
static char *load_with(guint threads, const char *text, LoadReport *report, gboolean listens)
{
    LoadRules rules = {codes, people, profiles};
    g_autofree char *path = g_build_filename(directory, "input.csv", NULL);
    g_autoptr(GError) error = NULL;
    GString *all = g_string_new(NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    options.threads = threads;
    options.max_rejects = "100%";
    options.remark = listens ? on_remark : NULL;
    ck_assert_msg(load_file(store, &rules, &options, path, report, &error), "%s",
                  error ? error->message : "");
    ck_assert(store_visit(store, NULL, TRUE, add_record, all, NULL));
    g_string_append_printf(all, "%s %u %u %u %u %u %u", report->date_order, (guint)report->rows,
                           (guint)report->loaded, (guint)report->duplicates, (guint)report->revised,
                           (guint)report->rejected, (guint)report->warnings);
    return g_string_free(all, FALSE);
}

START_TEST(test_threads)
{
    g_autofree char *text = make_text(0, ROWS), *first = NULL;

    for (guint threads = 1; threads <= 4; threads++) {
        LoadReport report;
        g_autofree char *all = load_with(threads, text, &report, threads == 2);

        ck_assert_uint_gt(report.duplicates, 0);
        ck_assert_uint_gt(report.revised, 0);
        ck_assert_uint_eq(report.rejected, ROWS / 97);
        ck_assert_str_eq(report.date_order, "MDY");
        load_report_clear(&report);
        if (!first)
            first = g_strdup(all);
        ck_assert_msg(strcmp(all, first) == 0, "%u threads load something else", threads);
        down();
        up();
    }
}
END_TEST

/* The same rows in files that are too small for a large load. */
START_TEST(test_parts)
{
    g_autofree char *text = make_text(0, ROWS), *whole = NULL, *parts = NULL;
    LoadReport report, part;
    guint64 loaded = 0, revised = 0;

    g_free(load_with(2, text, &report, FALSE));
    whole = store_data_hash(store, NULL);
    down();
    up();
    options.dates = DATE_MDY;
    for (guint from = 0; from < ROWS; from += 1000) {
        g_autofree char *some = make_text(from, from + 1000);

        g_free(load_with(1 + from / 1000 % 3, some, &part, FALSE));
        loaded += part.loaded;
        revised += part.revised;
        load_report_clear(&part);
    }
    parts = store_data_hash(store, NULL);
    ck_assert_str_eq(parts, whole);
    ck_assert_uint_eq(loaded, report.loaded);
    ck_assert_uint_eq(revised, report.revised);
    load_report_clear(&report);
}
END_TEST

/* The first rows read as day and month, a later one only as month and day. */
START_TEST(test_order_told_late)
{
    GString *text = g_string_new("trace_number,serial_number,recovery_date\n");
    LoadReport report;

    for (guint i = 0; i < 6000; i++)
        g_string_append_printf(text, "T%u,AB%u,%s\n", i, i, i < 5000 ? "2020-02-01" : "01/02/2020");
    for (guint i = 6000; i < 12000; i++)
        g_string_append_printf(text, "T%u,AB%u,12/25/2020\n", i, i);
    g_free(load_with(2, text->str, &report, FALSE));
    ck_assert_str_eq(report.date_order, "MDY");
    ck_assert_uint_eq(report.loaded, 12000);
    load_report_clear(&report);
    g_string_free(text, TRUE);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, test_threads);
    tcase_add_test(tcase, test_parts);
    tcase_add_test(tcase, test_order_told_late);
}

int main(void)
{
    return run_suite("loaders/pipeline", fill);
}
