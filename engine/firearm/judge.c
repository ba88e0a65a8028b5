/*
 * Bits of the fields beside the serial: make, model, calibre, type, origin and the paper trail.
 * Each is log2 of how often the second value is recorded so for the same firearm over how common
 * it is in the store. Dates and places: circumstance.c.
 */
#include "engine/firearm/judge.h"

#include <math.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/firearm/circumstance.h"

double judge_add(Evidence *evidence, const char *field, const char *level, const char *values[2],
                 double bits)
{
    if (evidence != NULL && fabs(bits) >= 0.005) {
        evidence_add(evidence, field, field, level, values[0], values[1], bits);
    }
    return bits;
}

static double ratio(double same, double chance)
{
    return log2(same / MIN(MAX(chance, 1e-9), 1));
}

gboolean makes_compatible(const Facts *a, const Facts *b)
{
    return a->make == 0 || b->make == 0 || a->make == b->make || a->make == b->importer ||
           b->make == a->importer;
}

static const Own *own_of(const Judge *judge, guint a)
{
    Own *own = &judge->own[a];
    if (own->known) {
        return own;
    }
    const Facts *f = population_facts(judge->population, a);
    const Population *p = judge->population;
    const FirearmModel *m = judge->model;
    const double equal[3] = {m->calibre_equal, m->type_equal, m->origin_equal};
    const guint value[3] = {f->calibre, f->type, f->country};
    own->make = (float)ratio(m->make_equal, population_share(p, SHARE_MAKE, f->make, 0, 0));
    for (guint in = 0; in < 2; in++) {
        double share = population_share(p, SHARE_MODEL, f->model, in == 0 ? 0 : f->make, 0);
        own->model[in] = (float)log2(1 / MIN(MAX(share, 1e-9), 1));
    }
    for (guint what = 0; what < 3; what++) {
        for (guint in = 0; in < 3; in++) {
            double share = population_share(p, SHARE_CALIBRE + what, value[what],
                                            in > 0 ? f->make : 0, in > 1 ? f->model : 0);
            own->code[what][in] = (float)ratio(equal[what], share);
        }
    }
    own->known = TRUE;
    return own;
}

static double judge_make(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const char *values[2] = {judge->firearms[a].make, judge->firearms[b].make};
    const FirearmModel *model = judge->model;
    if (x->make == 0 || y->make == 0) {
        return 0;
    }
    double equal = own_of(judge, a)->make;
    if (x->make == y->make) {
        return judge_add(evidence, "make", "equal", values, equal);
    }
    if (makes_compatible(x, y)) {
        double bits = MAX(0, equal + log2(model->make_importer / model->make_equal));
        return judge_add(evidence, "make", "importer", values, bits);
    }
    return judge_add(evidence, "make", "differs", values, log2(model->make_differs));
}

/* Is the name of one model part of the other's? "19" and "19X". */
static gboolean models_similar(const Firearm *a, const Firearm *b)
{
    char x[MODEL_KEY], y[MODEL_KEY];
    return model_key(a->make, a->model, x) && model_key(b->make, b->model, y) && strlen(x) >= 2 &&
           strlen(y) >= 2 && (strstr(x, y) != NULL || strstr(y, x) != NULL);
}

/* Of one generation, as far as both say. */
static gboolean generations_agree(const char *a, const char *b)
{
    char x = model_generation(a), y = model_generation(b);
    return x == '\0' || y == '\0' || x == y;
}

static double judge_model(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    const char *values[2] = {f->model, g->model};
    const FirearmModel *model = judge->model;
    if (x->model == 0 || y->model == 0) {
        return 0;
    }
    double rare = own_of(judge, a)->model[x->make == y->make];
    if (x->model == y->model && generations_agree(f->model, g->model)) {
        return judge_add(evidence, "model", "equal", values, rare + log2(model->model_equal));
    }
    if (models_similar(f, g)) {
        double bits = rare + log2(model->model_similar) - 1;
        return judge_add(evidence, "model", "similar", values, CLAMP(bits, -1, 3));
    }
    return judge_add(evidence, "model", "differs", values, log2(model->model_differs));
}

/* A calibre, type or origin, given what make and model already said. */
static double judge_code(const Judge *judge, guint a, guint b, Share what, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    const FirearmModel *m = judge->model;
    const struct {
        const char *name;
        guint x, y;
        const char *values[2];
        double differs;
    } row[] =
        {
            {"calibre", x->calibre, y->calibre, {f->calibre, g->calibre}, m->calibre_differs},
            {"type", x->type, y->type, {f->type, g->type}, m->type_differs},
            {"origin", x->country, y->country, {f->country, g->country}, m->origin_differs},
        },
      *r = &row[what - SHARE_CALIBRE];
    const char *values[2] = {r->values[0], r->values[1]};
    if (r->x == 0 || r->y == 0) {
        return 0;
    }
    if (r->x == r->y) {
        guint in = x->make != y->make ? 0 : x->model != y->model ? 1 : 2;
        double bits = own_of(judge, a)->code[what - SHARE_CALIBRE][in];
        return judge_add(evidence, r->name, "equal", values, bits);
    }
    gboolean open = strcmp(values[0], "MULTI") == 0 || strcmp(values[1], "MULTI") == 0 ||
                    strcmp(values[0], "FRAME_RECEIVER") == 0 ||
                    strcmp(values[1], "FRAME_RECEIVER") == 0;
    return open ? 0 : judge_add(evidence, r->name, "differs", values, log2(r->differs));
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

static double judge_description(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    return judge_make(judge, a, b, evidence) + judge_model(judge, a, b, evidence) +
           judge_code(judge, a, b, SHARE_CALIBRE, evidence) +
           judge_code(judge, a, b, SHARE_TYPE, evidence) +
           judge_code(judge, a, b, SHARE_ORIGIN, evidence);
}

double judge_fields(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    return judge_description(judge, a, b, evidence) + judge_circumstances(judge, a, b, evidence) +
           judge_paper(judge, a, b, evidence);
}

double judge_most_described(const Judge *judge, guint a)
{
    const Facts *f = population_facts(judge->population, a);
    const Own *own = own_of(judge, a);
    double bits = f->make == 0 ? 0 : MAX(0, own->make);
    if (f->model != 0) {
        double rarest = MAX(own->model[0], own->model[1]);
        bits += MAX(0, rarest + log2(judge->model->model_equal));
    }
    const guint value[3] = {f->calibre, f->type, f->country};
    for (guint what = 0; what < 3; what++) {
        const float *in = own->code[what];
        bits += value[what] == 0 ? 0 : MAX(0, MAX(in[0], MAX(in[1], in[2])));
    }
    return bits;
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

double judge_repeat(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    double bits =
        judge_description(judge, a, b, evidence) + judge_acquisition(judge, a, b, evidence);
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
