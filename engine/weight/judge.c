/*
 * Bits of the fields beside the serial, taken together; and those of the paper trail and of what
 * repeated traces have in common. Description: description.c; dates and places: circumstance.c.
 */
#include "engine/weight/judge.h"

#include <math.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/weight/circumstance.h"
#include "engine/weight/description.h"

double judge_add(Evidence *evidence, const char *field, const char *level, const char *values[2],
                 double bits)
{
    if (evidence != NULL && fabs(bits) >= 0.005) {
        evidence_add(evidence, field, field, level, values[0], values[1], bits);
    }
    return bits;
}

/* A number that both sides carry: how often it is right over how often another firearm has it. */
static double paper_bits(const Judge *judge, double right, guint sharing)
{
    double n = MAX(population_firearms(judge->population), 1);
    double wrong = judge->model->paper_error + (sharing > 1 ? sharing - 1.0 : 0);
    return log2(right * n / wrong);
}

static double judge_case(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    if (y->case_no == 0) {
        return 0;
    }
    guint items = population_items(judge->population, y->case_no);
    if (y->case_no == x->seizure_no || y->case_no == x->occurrence_no) {
        const char *own = y->case_no == x->seizure_no ? f->seizure_no : f->occurrence_no;
        const char *values[2] = {own, g->agency_case_no};
        gboolean named = x->item != 0 && y->item != 0;
        if (named && x->item != y->item) {
            return judge_add(evidence, "paper", "other-item", values,
                             judge->model->paper_other_case_no);
        }
        return judge_add(evidence, "paper", named ? "item-number" : "case-number", values,
                         paper_bits(judge, judge->model->paper_case_no, named ? 1 : items));
    }
    const char *values[2] = {f->seizure_no, g->agency_case_no};
    return items == 0 ? 0
                      : judge_add(evidence, "paper", "other-case-number", values,
                                  judge->model->paper_other_case_no);
}

static double judge_paper(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const char *values[2] = {judge->firearms[a].trace_no, judge->firearms[b].trace_no};
    if (x->trace_no == 0 || y->trace_no == 0) {
        return judge_case(judge, a, b, evidence);
    }
    if (x->trace_no == y->trace_no) {
        return judge_add(evidence, "paper", "trace-number", values,
                         paper_bits(judge, judge->model->paper_trace_no, 1));
    }
    return judge_case(judge, a, b, evidence) + judge_add(evidence, "paper", "other-trace-number",
                                                         values,
                                                         judge->model->paper_other_trace_no);
}

double judge_fields(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    return judge_description(judge, a, b, evidence) + judge_circumstances(judge, a, b, evidence) +
           judge_paper(judge, a, b, evidence);
}

/* Traces of one firearm name one first dealer and purchaser. */
static double judge_acquisition(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    const FirearmModel *m = judge->model;
    const char *dealers[2] = {f->dealer, g->dealer}, *buyers[2] = {f->buyer_last, g->buyer_last};
    double bits = 0;
    if (f->dealer != NULL && g->dealer != NULL) {
        gboolean same = strcmp(f->dealer, g->dealer) == 0;
        bits += judge_add(evidence, "acquisition", same ? "same-dealer" : "other-dealer", dealers,
                          same ? m->acquisition_same_dealer : m->acquisition_other_dealer);
    }
    if (f->buyer_last == NULL || g->buyer_last == NULL || f->buyer_dob == DAY_NONE ||
        g->buyer_dob == DAY_NONE) {
        return bits;
    }
    gboolean name = strcmp(f->buyer_last, g->buyer_last) == 0, born = f->buyer_dob == g->buyer_dob;
    if (name && born) {
        bits += judge_add(evidence, "acquisition", "same-buyer", buyers, m->acquisition_same_buyer);
    } else if (!name && !born) {
        bits +=
            judge_add(evidence, "acquisition", "other-buyer", buyers, m->acquisition_other_buyer);
    }
    return bits;
}

/* Two traces of one firearm mostly tell of one recovery. Thefts and sales are events of their own.
 */
static double judge_recovery(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    guint x = population_facts(judge->population, a)->event_region;
    guint y = population_facts(judge->population, b)->event_region;
    if (f->trace_no == NULL || g->trace_no == NULL || f->event_date == DAY_NONE ||
        g->event_date == DAY_NONE) {
        return 0;
    }
    gboolean same = ABS(f->event_date - g->event_date) <= judge->model->event_days &&
                    (x == y || x == 0 || y == 0);
    char left[DAY_TEXT], right[DAY_TEXT];
    const char *days[2] = {date_text(f->event_date, left), date_text(g->event_date, right)};
    return judge_add(evidence, "event", same ? "same-recovery" : "other-recovery", days,
                     same ? judge->model->recovery_same : judge->model->recovery_other);
}

double judge_repeat(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    double bits = judge_description(judge, a, b, evidence) +
                  judge_acquisition(judge, a, b, evidence) + judge_recovery(judge, a, b, evidence);
    if (f->purchase_date != DAY_NONE && g->purchase_date != DAY_NONE) {
        gboolean same = f->purchase_date == g->purchase_date;
        char left[DAY_TEXT], right[DAY_TEXT];
        const char *days[2] = {date_text(f->purchase_date, left),
                               date_text(g->purchase_date, right)};
        bits += judge_add(evidence, "dates", same ? "same-purchase" : "other-purchase", days,
                          same ? judge->model->dates_same_purchase
                               : judge->model->dates_other_purchase);
    }
    gboolean named = (x->duplicate_of != 0 && x->duplicate_of == y->trace_no) ||
                     (y->duplicate_of != 0 && y->duplicate_of == x->trace_no);
    if (named) {
        const char *values[2] = {f->trace_no, g->trace_no};
        bits += judge_add(evidence, "paper", "duplicate", values,
                          paper_bits(judge, judge->model->paper_trace_no, 1));
    }
    return bits;
}
