/*
 * Seizure and trace: all pairs that a tier or the paper trail proposes, weighed; what could not
 * reach a posterior worth exporting is not kept, so that uninformative fragments stay bounded. One
 * seizure is searched for by itself, with nothing but what the traces are, so that threads and
 * incremental runs find the same.
 */
#include <math.h>
#include <string.h>

#include "engine/base/queue.h"
#include "engine/link/search.h"

#define JOB        256u  /* seizures */
#define AHEAD      8u    /* serials that are fetched before they are looked at */
#define SLACK      0.001 /* bits by which what is kept in few may be off */
#define REST_PARTS 65536.0
#define REST_EXACT 32.0 /* bits up to which what is left out is summed in whole parts */

/* What one thread works with. */
typedef struct {
    Search *search;
    Probe *probe, *probe_known; /* of both indexes; NULL: there is one */
    GArray *close;              /* of Near: forms of traces that are as near as was asked for */
    GArray *fits, *scratch;
    GArray *found;       /* of this seizure */
    GArray *near;        /* of NearFirearm: whose full serials are equal */
    guint a;             /* the seizure */
    double least;        /* bits that are kept: of this seizure */
    double rare;         /* judge_rarest() of it */
    Described described; /* what its description can give */
    gboolean narrow;
    double *rest; /* weight of what is not */
} Seeker;

/* The tier of a pair for which one holds, or the paper trail: S0 where the texts are equal. */
static Tier raw_tier(const Work *work, guint a, guint b, Tier tier)
{
    const Firearm *f = work->judge.firearms;
    gboolean raw = tier != TIER_PAPER && raw_equal(f[a].serial_raw, f[b].serial_raw);
    return raw ? TIER_S0 : tier;
}

/* By parts so large that a sum does not follow from its order, but for what weighs so much that no
 * digit of it is seen. */
static void add_rest(const Seeker *seeker, double bits)
{
    double weight = exp2(bits);
    *seeker->rest += bits < REST_EXACT ? floor(weight * REST_PARTS) / REST_PARTS : weight;
}

/* Can a pair be worth keeping, beside the bits of its serial? What it has in common on paper is
 * seen there. What may weigh too little counts as what else the seizure can be, at its most. */
static gboolean can_matter(const Seeker *seeker, guint b, double serial)
{
    const Work *work = seeker->search->work;
    double most = serial + judge_described(&work->judge, &seeker->described, seeker->a, b);
    if (most + (double)seeker->search->most[b] < seeker->least) {
        return FALSE;
    }
    most += judge_circumstances(&work->judge, seeker->a, b, NULL);
    if (most < seeker->least - NEGLIGIBLE_BITS) {
        add_rest(seeker, most);
        return FALSE;
    }
    return TRUE;
}

/* What can weigh too little is not weighed any further, what weighs too little counts as what else
 * the seizure can be. serial: the most that the serial can be worth. */
static void propose(Seeker *seeker, const Candidate *given, double serial, gboolean on_paper)
{
    const Work *work = seeker->search->work;
    Candidate c = *given;
    c.a = seeker->a;
    c.decided = -1;
    if (!on_paper && !can_matter(seeker, c.b, serial)) {
        return;
    }
    double most = serial + judge_fields(&work->judge, c.a, c.b, NULL);
    if (most < seeker->least) {
        add_rest(seeker, most);
        return;
    }
    c.tier = raw_tier(work, c.a, c.b, c.tier);
    candidate_weigh(work, &c, FALSE);
    if (c.bits >= seeker->least) {
        g_array_append_val(seeker->found, c);
    } else {
        add_rest(seeker, c.bits);
    }
}

/* ---- full serials ---- */

/* What the dates of a bearer can add beside the seizure's. */
static double most_dated(const Seeker *seeker, const Bearer *bearer)
{
    const Judge *judge = &seeker->search->work->judge;
    Day seized = judge->firearms[seeker->a].event_date;
    gboolean away = seized != DAY_NONE && ABS(bearer->day - seized) > judge->model->event_days;
    return (double)(away ? bearer->away : bearer->added);
}

/* What the serial of a bearer can be worth, when it was miswritten so. */
static double most_edited(const Seeker *seeker, const Bearer *bearer, const Edits *edits)
{
    return log2(either_written(edits->forth * exp2(seeker->rare),
                               edits->back * exp2((double)bearer->rare)));
}

/* A serial that is not equal, and how it was miswritten, once that is asked. */
typedef struct {
    const Codes *codes; /* of the seizure */
    Near near;
    double promise; /* what a pair can be worth, but for how rare the rarer serial is and what dates
                       add */
    Edits edits;
    gboolean written;
} Miswritten;

/* One who bears it, by place among the members of forms. Most are turned away by their dates and by
 * what the edits cost, before anything else of them is looked at. */
static void see_bearer(Seeker *seeker, Miswritten *other, guint at)
{
    const Search *search = seeker->search;
    const Forms *traces = &search->traces;
    const Judge *judge = &search->work->judge;
    const Bearer *bearer = &search->bearer[at];
    double added = most_dated(seeker, bearer) + SLACK;
    if (other->promise + MAX(seeker->rare, (double)bearer->rare) + added < seeker->least) {
        return;
    }
    guint b = search->work->trace[traces->member[at]];
    if (!other->written) {
        Codes codes;
        texts_codes(judge->texts, b, &codes);
        other->edits = judge_edits(judge->model, other->codes, &codes, other->near.tier);
        other->written = TRUE;
    }
    added += seeker->described.all;
    if (most_edited(seeker, bearer, &other->edits) + added >= seeker->least) {
        double serial = judge_edited_most(judge, seeker->a, b, &other->edits);
        propose(seeker, &(Candidate){.b = b, .tier = other->near.tier}, serial, FALSE);
    }
}

static void see_near(Seeker *seeker, const Codes *codes, const Near *near, double promise)
{
    const Forms *traces = &seeker->search->traces;
    Miswritten other = {.codes = codes, .near = *near, .promise = promise};
    for (guint i = traces->first[near->form]; i < traces->first[near->form + 1]; i++) {
        see_bearer(seeker, &other, i);
    }
}

static void see_equal(Seeker *seeker, const Near *near)
{
    const Search *search = seeker->search;
    const Forms *traces = &search->traces;
    for (guint i = traces->first[near->form]; i < traces->first[near->form + 1]; i++) {
        guint b = search->work->trace[traces->member[i]];
        NearFirearm firearm = {search->work->firearm[b], near->tier};
        g_array_append_val(seeker->near, firearm);
        double serial = judge_serial_most(&search->work->judge, seeker->a, b, near->tier, 0);
        propose(seeker, &(Candidate){.b = b, .tier = near->tier}, serial, FALSE);
    }
}

/* What was found lies far apart. */
static void fetch_near(const Search *search, const Near *near, guint n, guint i)
{
    const Forms *traces = &search->traces;
    if (i + 2 * AHEAD < n) {
        __builtin_prefetch(&traces->first[near[i + 2 * AHEAD].form]);
    }
    if (i + AHEAD < n) {
        __builtin_prefetch(&search->bearer[traces->first[near[i + AHEAD].form]]);
    }
}

/* What weighs next to nothing beside the best is not looked for any further. */
static void narrow_down(Seeker *seeker)
{
    double best = seeker->least;
    for (guint i = 0; i < seeker->found->len && seeker->narrow; i++) {
        best = MAX(best, g_array_index(seeker->found, Candidate, i).bits - NEGLIGIBLE_BITS);
    }
    seeker->search->looked[seeker->search->place[seeker->a]].narrow |= best > seeker->least;
    seeker->least = best;
}

static int form_order(gconstpointer a, gconstpointer b)
{
    const Near *x = a, *y = b;
    return (x->form > y->form) - (x->form < y->form);
}

static void add_near(Seeker *seeker, Probe *probe, const guint *form, const Codes *codes,
                     FindWhat what)
{
    guint n;
    const Near *near = probe_find(probe, codes, what, &n);
    for (guint i = 0; i < n; i++) {
        Near one = {form[near[i].form], near[i].tier};
        if (one.form != NO_FORM) {
            g_array_append_val(seeker->close, one);
        }
    }
}

/* Full serials that are near, in an order that does not follow from where they stand: what they
 * are worth is summed. */
static const Near *find_near(Seeker *seeker, const Codes *codes, FindWhat what, guint *n)
{
    const Search *search = seeker->search;
    g_array_set_size(seeker->close, 0);
    add_near(seeker, seeker->probe, search->form, codes, what);
    if (seeker->probe_known != NULL) {
        add_near(seeker, seeker->probe_known, search->known_form, codes, what);
    }
    g_array_sort(seeker->close, form_order);
    *n = seeker->close->len;
    return (const Near *)(gpointer)seeker->close->data;
}

/* What a pair with this seizure can be worth at most: what describes it, how rare the serial is and
 * what dates add, less what the edits cost. */
static void seek_full(Seeker *seeker, const Codes *codes)
{
    const Search *search = seeker->search;
    const Judge *judge = &search->work->judge;
    double cost[3];
    seeker->rare = judge_rarest(judge, seeker->a);
    Looked *looked = &search->looked[search->place[seeker->a]];
    edit_costs(judge->model, codes->n, cost);
    for (guint round = 0; round < 3; round++) {
        static const FindWhat what[] = {FIND_EQUAL, FIND_ONE, FIND_TWO};
        double promise = seeker->described.all - cost[round];
        guint n = 0;
        narrow_down(seeker);
        if (round > 0) {
            looked->least[round - 1] = seeker->least;
        }
        if (promise + MAX(seeker->rare + (double)search->adding, (double)search->promising) <
            seeker->least) {
            continue;
        }
        const Near *near = find_near(seeker, codes, what[round], &n);
        for (guint i = 0; i < n; i++) {
            fetch_near(search, near, n, i);
            if (what[round] == FIND_EQUAL) {
                see_equal(seeker, &near[i]);
            } else {
                see_near(seeker, codes, &near[i], promise);
            }
        }
    }
}

/* ---- patterns ---- */

/* The pattern is the seizure's or the trace's. */
static void see_fit(Seeker *seeker, const Fragment *fragment, guint b, gboolean papered)
{
    const Work *work = seeker->search->work;
    Candidate c = {.b = b, .tier = TIER_S3, .fit = fragment_fit(work, fragment, seeker->a, b)};
    c.chance = judge_chance_fitting(&work->judge, seeker->a, b, fragment->of_all);
    double serial = judge_serial_most(&work->judge, seeker->a, b, c.tier, c.fit);
    propose(seeker, &c, serial, papered);
}

/* Traces that fit lie anywhere: what is first asked of one is fetched while others are weighed. */
static void fetch_fit(const Search *search, const GArray *fits, guint i)
{
    const Work *work = search->work;
    const Forms *traces = &search->traces;
    if (i + 2 * AHEAD < fits->len) {
        __builtin_prefetch(&traces->first[g_array_index(fits, guint, i + 2 * AHEAD)]);
    }
    if (i + AHEAD < fits->len) {
        guint at = traces->first[g_array_index(fits, guint, i + AHEAD)];
        guint b = work->trace[traces->member[at]];
        __builtin_prefetch(population_facts(work->judge.population, b));
        __builtin_prefetch(&work->judge.firearms[b]);
        __builtin_prefetch(&work->judge.firearms[b].event_date);
        __builtin_prefetch(&work->judge.texts->at[b]);
        __builtin_prefetch(&work->judge.chance[b]);
        __builtin_prefetch(&search->most[b]);
    }
}

static void seek_pattern(Seeker *seeker, const Serial *pattern, gboolean papered)
{
    Search *search = seeker->search;
    const Forms *traces = &search->traces;
    fit_find(search->fit, pattern, seeker->scratch, seeker->fits);
    if (seeker->fits->len == 0) {
        return;
    }
    Fitted fitted = fragment_count(search->work, &search->traces, seeker->a, seeker->fits);
    Fragment fragment = fragment_of(search->work, seeker->a, fitted);
    for (guint i = 0; i < seeker->fits->len; i++) {
        guint form = g_array_index(seeker->fits, guint, i);
        fetch_fit(search, seeker->fits, i);
        for (guint j = traces->first[form]; j < traces->first[form + 1]; j++) {
            see_fit(seeker, &fragment, search->work->trace[traces->member[j]], papered);
        }
    }
}

/* ---- paper ---- */

static void see_paper(Seeker *seeker, const PaperPair *pair)
{
    const Work *work = seeker->search->work;
    guint b = work->trace[pair->trace];
    const Firearm *f = &work->judge.firearms[seeker->a], *g = &work->judge.firearms[b];
    Tier tier = serial_tier(work->judge.model, f->serial, f->serial_raw, g->serial, g->serial_raw);
    Candidate c = {.b = b, .tier = tier == TIER_NONE ? TIER_PAPER : tier};
    if (pair->raw) {
        const Population *population = work->judge.population;
        c.fit = MAX(population_fragment(population, f->serial, 0),
                    population_fragment(population, g->serial, 0));
        c.chance = c.fit * population_firearms(population);
    } else if (tier != TIER_NONE && !(serial_is_full(f->serial) && serial_is_full(g->serial))) {
        return; /* fits were all weighed, and know how many there are */
    }
    double serial = judge_serial_most(&work->judge, seeker->a, b, c.tier, c.fit);
    propose(seeker, &c, serial, !pair->raw);
}

/* ---- one seizure ---- */

static void seek(Seeker *seeker, guint place)
{
    Search *search = seeker->search;
    guint form = search->seizures.of[place];
    seeker->a = search->work->seizure[place];
    seeker->described = judge_most_described(&search->work->judge, seeker->a);
    seeker->rest = &search->work->rest[place];
    *seeker->rest = 0;
    seeker->least = search->work->keep - search->work->prior;
    search->looked[place] = (Looked){.narrow = FALSE};
    g_array_set_size(seeker->near, 0);
    g_array_set_size(seeker->found, 0);
    gboolean papered = paper_shares(search->paper, place);
    for (guint p = rows_from(search->paper, sizeof(PaperPair), place); p < search->paper->len;
         p++) {
        const PaperPair *pair = &g_array_index(search->paper, PaperPair, p);
        if (pair->seizure != place) {
            break;
        }
        see_paper(seeker, pair);
    }
    Codes codes;
    const Serial *serial = search->work->judge.firearms[seeker->a].serial;
    if (form != NO_FORM && codes_of(serial, &codes)) {
        seek_full(seeker, &codes);
        for (guint i = rows_from(search->fitting, sizeof(Fitting), form); i < search->fitting->len;
             i++) {
            const Fitting *fitting = &g_array_index(search->fitting, Fitting, i);
            if (fitting->seizure != form) {
                break;
            }
            const Pattern *pattern = &g_array_index(search->pattern, Pattern, fitting->pattern);
            see_fit(seeker, &pattern->fragment, fitting->trace, papered);
        }
    } else if (form != NO_FORM) {
        seek_pattern(seeker, serial, papered);
    }
    chances_settle(search->work, seeker->a, seeker->near, seeker->found);
}

typedef struct {
    Search *search;
    const guint *places;
    guint n;
    gboolean narrow;
    GArray **found; /* by job */
} Seeking;

static void seek_jobs(Queue *queue, gpointer data)
{
    Seeking *seeking = data;
    Search *search = seeking->search;
    const FirearmModel *model = search->work->judge.model;
    g_autoptr(Probe) probe = probe_new(search->index, model);
    g_autoptr(Probe) known = search->known != NULL ? probe_new(search->known, model) : NULL;
    g_autoptr(GArray) close = g_array_new(FALSE, FALSE, sizeof(Near));
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) near = g_array_new(FALSE, FALSE, sizeof(NearFirearm));
    Seeker seeker = {.search = search,
                     .probe = probe,
                     .probe_known = known,
                     .close = close,
                     .fits = fits,
                     .scratch = scratch,
                     .found = found,
                     .near = near,
                     .narrow = seeking->narrow};
    for (guint job; queue_next(queue, &job);) {
        seeking->found[job] = g_array_new(FALSE, FALSE, sizeof(Candidate));
        for (guint i = job * JOB; i < MIN(seeking->n, (job + 1) * JOB); i++) {
            seek(&seeker, seeking->places[i]);
            g_array_append_vals(seeking->found[job], found->data, found->len);
        }
    }
}

GArray *search_candidates(Search *search, const guint *places, guint n, gboolean narrow)
{
    guint jobs = (n + JOB - 1) / JOB;
    g_autofree GArray **found = g_new0(GArray *, jobs + 1);
    Seeking seeking = {search, places, n, narrow, found};
    queue_run(jobs, seek_jobs, &seeking);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint job = 0; job < jobs; job++) {
        g_array_append_vals(all, found[job]->data, found[job]->len);
        g_array_unref(found[job]);
    }
    return all;
}

/* A full serial that is one edit or two away. FALSE: it is not. */
static gboolean see_miswritten(Seeker *seeker, guint trace, const Codes *codes,
                               const double least[EDITS_MAX])
{
    const Search *search = seeker->search;
    const Judge *judge = &search->work->judge;
    const Forms *traces = &search->traces;
    guint form = traces->of[search->place[trace]], at = traces->first[form];
    Codes other;
    codes_of(judge->firearms[trace].serial, &other);
    Miswritten near = {.codes = codes, .near = {form, codes_tier(judge->model, codes, &other)}};
    if (near.near.tier <= TIER_S1N || near.near.tier == TIER_NONE) {
        return FALSE;
    }
    guint edits = codes_two_edits(codes, &other, near.near.tier) ? 2 : 1;
    double cost[3];
    edit_costs(judge->model, codes->n, cost);
    near.promise = seeker->described.all - cost[edits];
    seeker->least = least[edits - 1];
    seeker->rare = judge_rarest(judge, seeker->a);
    while (search->work->trace[traces->member[at]] != trace) {
        at++;
    }
    see_bearer(seeker, &near, at);
    return TRUE;
}

/* A pattern of a trace that the full serial fits. FALSE: it does not. */
static gboolean see_fitting(Seeker *seeker, guint trace, guint place, const Fragment *fragment)
{
    const Search *search = seeker->search;
    guint form = search->seizures.of[place];
    for (guint i = rows_from(search->fitting, sizeof(Fitting), form); i < search->fitting->len;
         i++) {
        const Fitting *fitting = &g_array_index(search->fitting, Fitting, i);
        if (fitting->seizure != form) {
            return FALSE;
        }
        if (fitting->trace == trace) {
            const Pattern *pattern = &g_array_index(search->pattern, Pattern, fitting->pattern);
            see_fit(seeker, fragment != NULL ? fragment : &pattern->fragment, trace,
                    paper_shares(search->paper, place));
            return TRUE;
        }
    }
    return FALSE;
}

gboolean search_weak(Search *search, guint place, guint trace, const double least[EDITS_MAX],
                     const Fragment *fragment, double *rest)
{
    const Judge *judge = &search->work->judge;
    guint a = search->work->seizure[place];
    Codes codes;
    if (!codes_of(judge->firearms[a].serial, &codes)) {
        return FALSE;
    }
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Candidate));
    Seeker seeker = {.search = search,
                     .a = a,
                     .found = found,
                     .least = least[EDITS_MAX - 1],
                     .described = judge_most_described(judge, a),
                     .rest = rest};
    gboolean seen = serial_is_full(judge->firearms[trace].serial)
                        ? see_miswritten(&seeker, trace, &codes, least)
                        : see_fitting(&seeker, trace, place, fragment);
    return seen && found->len == 0;
}
