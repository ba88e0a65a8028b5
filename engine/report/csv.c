/*
 * Leads as CSV, one row each. The columns are a contract (scripts depend on them): new ones are
 * only appended. Words that came from input are guarded against spreadsheets, numbers never.
 */
#include "engine/base/csv.h"
#include "engine/report/formats.h"

typedef char *(*CellText)(const LeadView *view);

typedef struct {
    const char *name;
    CellText text;
    gboolean guard;
} LeadColumn;

#define TEXT_CELL(name, value)                                                                     \
    static char *cell_##name(const LeadView *view)                                                 \
    {                                                                                              \
        return g_strdup((value) ? (value) : "");                                                   \
    }
#define COUNT_CELL(name)                                                                           \
    static char *cell_##name(const LeadView *view)                                                 \
    {                                                                                              \
        return g_strdup_printf("%u", view->lead->name);                                            \
    }

TEXT_CELL(lead_id, view->lead->lead_id)
TEXT_CELL(status, view->lead->status)
TEXT_CELL(kinds, view->lead->kinds)
TEXT_CELL(title, view->lead->title)
TEXT_CELL(first_date, view->lead->first_date)
TEXT_CELL(last_date, view->lead->last_date)
COUNT_CELL(firearms)
COUNT_CELL(seizures)
COUNT_CELL(traces)
COUNT_CELL(purchasers)
COUNT_CELL(dealers)
TEXT_CELL(ports, view->lead->ports)
TEXT_CELL(markers, view->lead->markers)
TEXT_CELL(summary, view->lead->summary)
TEXT_CELL(next_step, view->lead->next_step)
TEXT_CELL(handling, view->lead->handling)
TEXT_CELL(released_to, view->released_to)
TEXT_CELL(withheld, view->withheld ? "yes" : "no")
TEXT_CELL(records, view->lead->records)
TEXT_CELL(run, view->run)
TEXT_CELL(rules, view->lead->rules)

static char *cell_score(const LeadView *view)
{
    return text_number(view->lead->score, 4);
}

static char *cell_priority(const LeadView *view)
{
    return g_strdup_printf("%d", view->lead->priority);
}

static char *cell_ttc_min_days(const LeadView *view)
{
    return view->lead->ttc_min_days < 0 ? g_strdup("")
                                        : g_strdup_printf("%d", view->lead->ttc_min_days);
}

static const LeadColumn columns[] = {
    {"lead_id", cell_lead_id, FALSE},
    {"status", cell_status, FALSE},
    {"score", cell_score, FALSE},
    {"priority", cell_priority, FALSE},
    {"kinds", cell_kinds, FALSE},
    {"title", cell_title, TRUE},
    {"first_date", cell_first_date, FALSE},
    {"last_date", cell_last_date, FALSE},
    {"firearms", cell_firearms, FALSE},
    {"seizures", cell_seizures, FALSE},
    {"traces", cell_traces, FALSE},
    {"purchasers", cell_purchasers, FALSE},
    {"dealers", cell_dealers, FALSE},
    {"ports", cell_ports, TRUE},
    {"ttc_min_days", cell_ttc_min_days, FALSE},
    {"markers", cell_markers, FALSE},
    {"summary", cell_summary, TRUE},
    {"next_step", cell_next_step, TRUE},
    {"handling", cell_handling, TRUE},
    {"released_to", cell_released_to, FALSE},
    {"withheld", cell_withheld, FALSE},
    {"records", cell_records, TRUE},
    {"run", cell_run, FALSE},
    {"rules", cell_rules, FALSE},
};

void csv_report_begin(GString *out, const ReportOptions *options)
{
    (void)options;
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", columns[i].name);
    g_string_append_c(out, '\n');
}

void csv_report_lead(GString *out, const ReportOptions *options, const LeadView *view)
{
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_autofree char *text = columns[i].text(view);
        if (i)
            g_string_append_c(out, ',');
        csv_append_cell(out, text, columns[i].guard && !options->raw);
    }
    g_string_append_c(out, '\n');
}

void csv_report_end(GString *out, const ReportOptions *options)
{
    (void)out;
    (void)options;
}
