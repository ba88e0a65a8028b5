/*
 * Seizure and trace: all pairs that a tier or the paper trail proposes, weighed; what could not
 * reach a posterior worth exporting is not kept, so that uninformative fragments stay bounded.
 */
#include <math.h>
#include <stdlib.h>

#include "engine/firearm/link.h"

#define KEEP_BITS (-9.0) /* prior and evidence together: a posterior below 0.002 */

typedef struct {
    const Work *work;
    Forms seizures, traces;
    guint32 (*fitting)[TIER_NONE]; /* by seizure form: trace firearms by tier */
    GArray *found;
} Search;

void candidate_weigh(const Work *work, Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    double fields =
        repeat ? judge_repeat(judge, c->a, c->b, NULL) : judge_fields(judge, c->a, c->b, NULL);
    c->serial = judge_serial(judge, c->a, c->b, c->tier, c->fit);
    c->bits = c->serial + fields + judge_short(judge, c->a, c->b, c->serial, fields, work->prior);
}

Evidence *candidate_evidence(const Work *work, const Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    const Firearm *f = &judge->firearms[c->a], *g = &judge->firearms[c->b];
    Evidence *evidence = evidence_new();
    double serial = judge_serial(judge, c->a, c->b, c->tier, c->fit) + c->adjust;
    gboolean paper = c->tier == TIER_PAPER || c->tier == TIER_NONE;
    if (!paper || fabs(serial) > 0.005) {
        evidence_add(evidence, "serial", "serial", paper ? "differs" : tier_name(c->tier),
                     f->serial_raw, g->serial_raw, serial);
    }
    double fields = repeat ? judge_repeat(judge, c->a, c->b, evidence)
                           : judge_fields(judge, c->a, c->b, evidence);
    double brief = judge_short(judge, c->a, c->b, serial - c->adjust, fields, work->prior);
    if (brief < 0) {
        evidence_add(evidence, "serial", "serial", "short-digits", NULL, NULL, brief);
    }
    return evidence;
}

static void propose(Search *search, guint a, guint b, Tier tier, double fit, double chance)
{
    Candidate c = {.a = a, .b = b, .tier = tier, .fit = fit, .chance = chance, .decided = -1};
    candidate_weigh(search->work, &c, FALSE);
    if (c.bits + search->work->prior >= KEEP_BITS) {
        g_array_append_val(search->found, c);
    }
}

static Tier raw_tier(const Search *search, guint a, guint b, Tier tier)
{
    const Firearm *firearms = search->work->judge.firearms;
    return raw_equal(firearms[a].serial_raw, firearms[b].serial_raw) ? TIER_S0 : tier;
}

static void see_pair(guint left, guint right, Tier tier, gpointer data)
{
    Search *search = data;
    const Work *work = search->work;
    const Forms *l = &search->seizures, *r = &search->traces;
    search->fitting[left][tier] += r->first[right + 1] - r->first[right];
    for (guint i = l->first[left]; i < l->first[left + 1]; i++) {
        guint a = work->seizure[l->member[i]];
        for (guint j = r->first[right]; j < r->first[right + 1]; j++) {
            guint b = work->trace[r->member[j]];
            propose(search, a, b, raw_tier(search, a, b, tier), 0, 0);
        }
    }
}

/* Members of forms, and those of them that can be of a make. */
static guint members(const Work *work, const Forms *forms, const guint *fits, guint n, guint make)
{
    guint sum = 0;
    for (guint i = 0; i < n; i++) {
        if (make == 0) {
            sum += forms->first[fits[i] + 1] - forms->first[fits[i]];
            continue;
        }
        for (guint j = forms->first[fits[i]]; j < forms->first[fits[i] + 1]; j++) {
            guint b = work->trace[forms->member[j]];
            sum += population_facts(work->judge.population, b)->make == make;
        }
    }
    return sum;
}

/* A seized fragment: how many traces it fits, of its make and of all. */
static void see_left_pattern(Search *search, guint pattern, const guint *fits, guint n)
{
    const Work *work = search->work;
    const Judge *judge = &work->judge;
    const Forms *l = &search->seizures, *r = &search->traces;
    const Serial *serial = l->form[pattern].serial;
    guint all = members(work, r, fits, n, 0);
    double share = judge_fragment(judge, serial, all, work->n_traces);
    for (guint i = l->first[pattern]; i < l->first[pattern + 1]; i++) {
        guint a = work->seizure[l->member[i]];
        guint make = population_facts(judge->population, a)->make;
        guint of_make = population_of_make(judge->population, make);
        double fit = share;
        if (make != 0) {
            guint same = members(work, r, fits, n, make);
            double own = judge_fragment(judge, serial, same, of_make);
            fit = (of_make * own + 20 * share) / (of_make + 20.0);
        }
        for (guint k = 0; k < n; k++) {
            for (guint j = r->first[fits[k]]; j < r->first[fits[k] + 1]; j++) {
                guint b = work->trace[r->member[j]];
                propose(search, a, b, raw_tier(search, a, b, TIER_S3), fit, share * work->n_traces);
            }
        }
    }
}

/* A traced fragment and full seized serials. */
static void see_right_pattern(Search *search, guint pattern, const guint *fits, guint n)
{
    const Work *work = search->work;
    const Forms *l = &search->seizures, *r = &search->traces;
    guint all = members(work, l, fits, n, 0);
    double fit = judge_fragment(&work->judge, r->form[pattern].serial, all, work->n_seizures);
    for (guint k = 0; k < n; k++) {
        for (guint i = l->first[fits[k]]; i < l->first[fits[k] + 1]; i++) {
            guint a = work->seizure[l->member[i]];
            for (guint j = r->first[pattern]; j < r->first[pattern + 1]; j++) {
                guint b = work->trace[r->member[j]];
                propose(search, a, b, raw_tier(search, a, b, TIER_S3), fit, fit * work->n_traces);
            }
        }
    }
}

static void see_fits(gboolean pattern_is_left, guint pattern, const guint *fits, guint n,
                     gpointer data)
{
    if (pattern_is_left) {
        see_left_pattern(data, pattern, fits, n);
    } else {
        see_right_pattern(data, pattern, fits, n);
    }
}

/* Places of both sides under one key: seizures first. */
static void see_raw(guint place_a, guint place_b, gpointer data)
{
    Search *search = data;
    const Work *work = search->work;
    if (place_a >= work->n_seizures || place_b < work->n_seizures) {
        return;
    }
    guint a = work->seizure[place_a], b = work->trace[place_b - work->n_seizures];
    const Firearm *f = &work->judge.firearms[a], *g = &work->judge.firearms[b];
    Tier raw = serial_tier(work->judge.model, &f->serial, f->serial_raw, &g->serial, g->serial_raw);
    Tier form = serial_tier(work->judge.model, &f->serial, NULL, &g->serial, NULL);
    if (raw == TIER_S0 && form == TIER_NONE) {
        double fit = MAX(population_fragment(&f->serial), population_fragment(&g->serial));
        propose(search, a, b, TIER_S0, fit, fit * work->n_traces);
    }
}

static void see_paper(guint place_a, guint place_b, gpointer data)
{
    Search *search = data;
    const Work *work = search->work;
    if (place_a >= work->n_seizures || place_b < work->n_seizures) {
        return;
    }
    guint a = work->seizure[place_a], b = work->trace[place_b - work->n_seizures];
    const Firearm *f = &work->judge.firearms[a], *g = &work->judge.firearms[b];
    if (serial_tier(work->judge.model, &f->serial, f->serial_raw, &g->serial, g->serial_raw) ==
        TIER_NONE) {
        propose(search, a, b, TIER_PAPER, 0, 0);
    }
}

/* What a seizure and a trace can share on paper. */
typedef enum { PAPER_RAW, PAPER_TRACE, PAPER_SEIZURE, PAPER_OCCURRENCE } Paper;

static guint64 paper_key(const Work *work, guint place, Paper what)
{
    gboolean seizure = place < work->n_seizures;
    guint i = seizure ? work->seizure[place] : work->trace[place - work->n_seizures];
    const Facts *f = population_facts(work->judge.population, i);
    const Firearm *firearm = &work->judge.firearms[i];
    switch (what) {
    case PAPER_RAW:
        return serial_informs(&firearm->serial) ? raw_key(firearm->serial_raw) : 0;
    case PAPER_TRACE:
        return f->trace_no;
    case PAPER_SEIZURE:
        return seizure ? f->seizure_no : f->case_no;
    default:
        return !seizure ? f->case_no : f->occurrence_no == f->seizure_no ? 0 : f->occurrence_no;
    }
}

static void find_on_paper(Search *search, Paper what)
{
    const Work *work = search->work;
    guint n = work->n_seizures + work->n_traces;
    g_autofree guint64 *keys = g_new(guint64, n + 1);
    for (guint i = 0; i < n; i++) {
        keys[i] = paper_key(work, i, what);
    }
    key_pairs(keys, n, what == PAPER_RAW ? see_raw : see_paper, search);
}

/* How many traces fit each seizure's serial at its tier or a better one, but for itself. */
static void count_chances(Search *search)
{
    const Work *work = search->work;
    g_autofree guint *form = g_new0(guint, work->n + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        form[work->seizure[i]] = search->seizures.of[i];
    }
    for (guint i = 0; i < search->found->len; i++) {
        Candidate *c = &g_array_index(search->found, Candidate, i);
        Codes codes;
        if (c->chance > 0 || form[c->a] == NO_FORM || c->tier == TIER_PAPER ||
            !codes_of(&work->judge.firearms[c->a].serial, &codes)) {
            continue;
        }
        guint fitting = 0;
        for (guint t = 0; t <= c->tier; t++) {
            fitting += search->fitting[form[c->a]][t];
        }
        c->chance = (fitting > 1 ? fitting - 1 : 0) + judge_chance(&work->judge, c->a, c->tier);
    }
}

GArray *candidate_find(const Work *work)
{
    Search search = {.work = work, .found = g_array_new(FALSE, FALSE, sizeof(Candidate))};
    forms_build(&search.seizures, work->judge.firearms, work->seizure, work->n_seizures);
    forms_build(&search.traces, work->judge.firearms, work->trace, work->n_traces);
    search.fitting = g_malloc0_n(search.seizures.n + 1, sizeof(*search.fitting));
    index_join(work->judge.model, &search.seizures, &search.traces, see_pair, &search);
    fit_join(&search.seizures, &search.traces, see_fits, &search);
    for (guint what = PAPER_RAW; what <= PAPER_OCCURRENCE; what++) {
        find_on_paper(&search, (Paper)what);
    }
    count_chances(&search);
    g_free(search.fitting);
    forms_clear(&search.seizures);
    forms_clear(&search.traces);
    return search.found;
}
