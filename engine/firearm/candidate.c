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
    guint *place;                  /* by firearm: its place among seizures */
    float *most;                   /* by firearm: what its fields can add */
    gboolean *papered;             /* by firearm: something on paper names it */
    double *least;                 /* by seizure form: what is kept; NULL: no better is known */
    GArray *found;
} Search;

void candidate_weigh(const Work *work, Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    c->serial = judge_serial(judge, c->a, c->b, c->tier, c->fit);
    double fields =
        repeat ? judge_repeat(judge, c->a, c->b, NULL) : judge_fields(judge, c->a, c->b, NULL);
    c->bits = c->serial + fields + judge_short(judge, c->a, c->b, c->serial, fields, work->prior);
}

Evidence *candidate_evidence(const Work *work, const Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    const Firearm *f = &judge->firearms[c->a], *g = &judge->firearms[c->b];
    Evidence *evidence = evidence_new();
    double serial = judge_serial(judge, c->a, c->b, c->tier, c->fit);
    gboolean paper = c->tier == TIER_PAPER || c->tier == TIER_NONE;
    if (!paper || fabs(serial) > 0.005) {
        evidence_add(evidence, "serial", "serial", paper ? "differs" : tier_name(c->tier),
                     f->serial_raw, g->serial_raw, serial);
    }
    double fields = repeat ? judge_repeat(judge, c->a, c->b, evidence)
                           : judge_fields(judge, c->a, c->b, evidence);
    double brief = judge_short(judge, c->a, c->b, serial, fields, work->prior);
    if (brief < 0) {
        evidence_add(evidence, "serial", "serial", "short-digits", NULL, NULL, brief);
    }
    return evidence;
}

static Tier raw_tier(const Search *search, guint a, guint b, Tier tier)
{
    const Firearm *firearms = search->work->judge.firearms;
    if (tier == TIER_PAPER) {
        return tier;
    }
    return raw_equal(firearms[a].serial_raw, firearms[b].serial_raw) ? TIER_S0 : tier;
}

static double least_of(const Search *search, guint a)
{
    guint form = search->seizures.of[search->place[a]];
    return search->least == NULL || form == NO_FORM ? KEEP_BITS - search->work->prior
                                                    : search->least[form];
}

/* What can weigh too little whatever the other fields say is not weighed any further; what weighs
 * too little counts as what else the seizure can be. */
static void propose(Search *search, const Candidate *given, gboolean on_paper)
{
    const Work *work = search->work;
    Candidate c = *given;
    c.decided = -1;
    double least = least_of(search, c.a);
    double serial = judge_serial_most(&work->judge, c.a, c.b, c.tier, c.fit);
    if (!on_paper && serial + search->most[c.a] + search->most[c.b] < least) {
        return;
    }
    double most = serial + judge_fields(&work->judge, c.a, c.b, NULL);
    if (most < least) {
        work->rest[search->place[c.a]] += exp2(most);
        return;
    }
    c.tier = raw_tier(search, c.a, c.b, c.tier);
    candidate_weigh(work, &c, FALSE);
    if (c.bits >= least) {
        g_array_append_val(search->found, c);
    } else {
        work->rest[search->place[c.a]] += exp2(c.bits);
    }
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
            propose(search, &(Candidate){.a = a, .b = b, .tier = tier}, FALSE);
        }
    }
}

/* One side of a pair of a pattern and what it fits. */
typedef struct {
    const Forms *forms;
    const guint *list; /* observations by place */
} Side;

/* Members of forms, and those of them that are of a make. */
static guint members(const Work *work, const Side *side, const guint *fits, guint n, guint make)
{
    const Forms *forms = side->forms;
    guint sum = 0;
    for (guint i = 0; i < n; i++) {
        guint from = forms->first[fits[i]], to = forms->first[fits[i] + 1];
        sum += make == 0 ? to - from : 0;
        for (guint j = from; j < to && make != 0; j++) {
            guint b = side->list[forms->member[j]];
            sum += population_facts(work->judge.population, b)->make == make;
        }
    }
    return sum;
}

/* What is known of a fragment of one observation: how many it fits, of its make and of all. */
typedef struct {
    guint owner;
    gboolean owner_left;
    double of_make, of_all;
} Fragment;

static void see_fit(Search *search, const Fragment *fragment, guint other)
{
    const Work *work = search->work;
    const Population *population = work->judge.population;
    const Facts *f = population_facts(population, fragment->owner);
    const Facts *g = population_facts(population, other);
    gboolean kin = f->make != 0 && g->make != 0 && makes_compatible(f, g);
    Candidate c = {.tier = TIER_S3, .fit = kin ? fragment->of_make : fragment->of_all};
    c.a = fragment->owner_left ? fragment->owner : other;
    c.b = fragment->owner_left ? other : fragment->owner;
    c.chance = fragment->of_all * population_traces(population);
    propose(search, &c, search->papered[c.a]);
}

static void see_fits(gboolean pattern_is_left, guint pattern, const guint *fits, guint n,
                     gpointer data)
{
    Search *search = data;
    const Work *work = search->work;
    const Judge *judge = &work->judge;
    Side left = {&search->seizures, work->seizure};
    Side right = {&search->traces, work->trace};
    const Side *own = pattern_is_left ? &left : &right, *other = pattern_is_left ? &right : &left;
    const Serial *serial = own->forms->form[pattern].serial;
    guint all = members(work, other, fits, n, 0);
    for (guint i = own->forms->first[pattern]; i < own->forms->first[pattern + 1]; i++) {
        guint owner = own->list[own->forms->member[i]];
        guint make = population_facts(judge->population, owner)->make;
        guint others = pattern_is_left ? work->parameters->traces : work->parameters->seizures;
        double share = judge_fragment(judge, serial, 0, all, others);
        Fragment fragment = {owner, pattern_is_left, share, share};
        if (make != 0) {
            guint same = members(work, other, fits, n, make);
            guint among = pattern_is_left ? population_of_make(judge->population, make)
                                          : population_seized(judge->population, make);
            fragment.of_make = judge_fragment(judge, serial, make, same, among);
        }
        for (guint k = 0; k < n; k++) {
            for (guint j = other->forms->first[fits[k]]; j < other->forms->first[fits[k] + 1];
                 j++) {
                see_fit(search, &fragment, other->list[other->forms->member[j]]);
            }
        }
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
        const Population *population = work->judge.population;
        double fit = MAX(population_fragment(population, &f->serial, 0),
                         population_fragment(population, &g->serial, 0));
        Candidate c = {.a = a, .b = b, .tier = TIER_S0, .fit = fit};
        c.chance = fit * population_traces(population);
        propose(search, &c, FALSE);
    }
}

static gboolean both_full(const Firearm *f, const Firearm *g)
{
    Codes x, y;
    return codes_of(&f->serial, &x) && codes_of(&g->serial, &y);
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
    Tier tier =
        serial_tier(work->judge.model, &f->serial, f->serial_raw, &g->serial, g->serial_raw);
    Candidate c = {.a = a, .b = b, .tier = tier};
    search->papered[a] = TRUE;
    if (tier == TIER_NONE) {
        c.tier = TIER_PAPER;
    } else if (!both_full(f, g)) {
        return; /* fits were all weighed, and know how many there are */
    }
    propose(search, &c, TRUE);
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
        c->chance = MAX(fitting > 1 ? fitting - 1 : 0, judge_chance(&work->judge, c->a, c->tier));
    }
}

static gboolean alone(const Forms *forms, guint form)
{
    return form != NO_FORM && forms->first[form + 1] - forms->first[form] == 1;
}

/* Bits that a pair of a seizure form must have to be kept: more where a seizure that alone has a
 * serial has a better candidate already, for which no other seizure competes. */
static double *least_bits(const Search *search)
{
    const Work *work = search->work;
    const Forms *forms = &search->seizures;
    g_autofree guint8 *sharing = g_new0(guint8, work->n + 1);
    double *least = g_new(double, forms->n + 1);
    for (guint f = 0; f < forms->n; f++) {
        least[f] = KEEP_BITS - work->prior;
    }
    for (guint i = 0; i < search->found->len; i++) {
        const Candidate *c = &g_array_index(search->found, Candidate, i);
        sharing[c->b] = MIN(sharing[c->b] + (c->bits + work->prior > KEEP_BITS / 2), 2);
    }
    for (guint i = 0; i < search->found->len; i++) {
        const Candidate *c = &g_array_index(search->found, Candidate, i);
        guint form = forms->of[search->place[c->a]];
        if (sharing[c->b] < 2 && !work->decided[c->a] && !work->decided[c->b] &&
            alone(forms, form)) {
            least[form] = MAX(least[form], c->bits + KEEP_BITS);
        }
    }
    return least;
}

/* Rarest of a form's bearers, in bits. */
static float *rarities(const Work *work, const Forms *forms, const guint *list)
{
    float *rare = g_new0(float, forms->n + 1);
    double clean = work->judge.model->transcription_clean;
    for (guint f = 0; f < forms->n; f++) {
        double least = 1;
        for (guint i = forms->first[f]; i < forms->first[f + 1]; i++) {
            least = MIN(least, work->judge.chance[list[forms->member[i]]]);
        }
        rare[f] = forms->form[f].full ? (float)-log2(clean * least) : 0;
    }
    return rare;
}

static void find_edited(Search *search, JoinLimit *limit, guint edits)
{
    const Work *work = search->work;
    const Forms *forms = &search->seizures;
    g_free(search->least);
    search->least = least_bits(search);
    for (guint f = 0; f < forms->n; f++) {
        double most = 0, cost[2];
        for (guint i = forms->first[f]; i < forms->first[f + 1]; i++) {
            most = MAX(most, search->most[work->seizure[forms->member[i]]]);
        }
        edit_costs(work->judge.model, forms->form[f].codes.n, cost);
        limit->worth[f] = (float)(most - search->least[f] - cost[edits - 1]);
    }
    index_join_near(work->judge.model, forms, &search->traces, edits, limit, see_pair, search);
}

static void find_near(Search *search)
{
    const Work *work = search->work;
    JoinLimit limit = {.worth = g_new(float, search->seizures.n + 1),
                       .rare_left = rarities(work, &search->seizures, work->seizure),
                       .rare_right = rarities(work, &search->traces, work->trace),
                       .added = g_new0(float, search->traces.n + 1)};
    for (guint i = 0; i < work->n_traces; i++) {
        guint form = search->traces.of[i];
        if (form != NO_FORM) {
            limit.added[form] = MAX(limit.added[form], search->most[work->trace[i]]);
        }
    }
    find_edited(search, &limit, 1);
    find_edited(search, &limit, 2);
    g_free(limit.worth);
    g_free(limit.rare_left);
    g_free(limit.rare_right);
    g_free(limit.added);
}

static int pair_order(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    if (x->b != y->b) {
        return x->b < y->b ? -1 : 1;
    }
    return (x->tier > y->tier) - (x->tier < y->tier);
}

/* A pair that both serial and paper proposed stays once. */
static void drop_doubles(GArray *found)
{
    if (found->len < 2) {
        return; /* an empty array has no data to sort */
    }
    qsort(found->data, found->len, sizeof(Candidate), pair_order);
    guint n = 0;
    for (guint i = 0; i < found->len; i++) {
        Candidate *c = &g_array_index(found, Candidate, i);
        Candidate *last = n > 0 ? &g_array_index(found, Candidate, n - 1) : NULL;
        if (last == NULL || last->a != c->a || last->b != c->b) {
            g_array_index(found, Candidate, n++) = *c;
        }
    }
    g_array_set_size(found, n);
}

static void search_init(Search *search, const Work *work)
{
    *search = (Search){.work = work, .found = g_array_new(FALSE, FALSE, sizeof(Candidate))};
    forms_build(&search->seizures, work->judge.firearms, work->seizure, work->n_seizures);
    forms_build(&search->traces, work->judge.firearms, work->trace, work->n_traces);
    search->fitting = g_malloc0_n(search->seizures.n + 1, sizeof(*search->fitting));
    search->place = g_new0(guint, work->n + 1);
    search->most = g_new0(float, work->n + 1);
    search->papered = g_new0(gboolean, work->n + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        search->place[work->seizure[i]] = i;
        search->most[work->seizure[i]] =
            (float)judge_most_described(&work->judge, work->seizure[i]);
    }
    for (guint i = 0; i < work->n_traces; i++) {
        search->most[work->trace[i]] = (float)judge_most_dated(&work->judge, work->trace[i]);
    }
}

GArray *candidate_find(const Work *work)
{
    Search search;
    search_init(&search, work);
    for (guint what = PAPER_RAW; what <= PAPER_OCCURRENCE; what++) {
        find_on_paper(&search, (Paper)what);
    }
    index_join_equal(&search.seizures, &search.traces, see_pair, &search);
    find_near(&search);
    fit_join(&search.seizures, &search.traces, see_fits, &search);
    count_chances(&search);
    drop_doubles(search.found);
    g_free(search.fitting);
    g_free(search.least);
    g_free(search.place);
    g_free(search.most);
    g_free(search.papered);
    forms_clear(&search.seizures);
    forms_clear(&search.traces);
    return search.found;
}
