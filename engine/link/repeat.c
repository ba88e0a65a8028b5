/*
 * Traces of one firearm: serials equal (S0, S1, S1n) under compatible makes, and DUP references.
 * What is found here is one candidate for a seizure. Where an earlier run found them, only those
 * that share a key with something new are looked for.
 */
#include <math.h>
#include <stdlib.h>

#include "engine/base/sort.h"
#include "engine/link/recall.h"

#define RUN_FULL 64u /* a longer run of one serial is compared with near neighbours only */
#define RUN_NEAR 8u

#define KEYS_AHEAD 16u /* that are fetched before they are looked at */

typedef struct {
    guint64 key;
    guint place;
} Keyed;

static int keyed_order(gconstpointer a, gconstpointer b)
{
    const Keyed *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1)
                            : (x->place > y->place) - (x->place < y->place);
}

typedef void (*KeyPair)(guint place_a, guint place_b, gpointer data);

static void run_pairs(const Keyed *keyed, guint n, KeyPair visit, gpointer data)
{
    for (guint i = 0; i < n; i++) {
        guint last = n <= RUN_FULL ? n : MIN(n, i + RUN_NEAR + 1);
        for (guint j = i + 1; j < last; j++) {
            visit(keyed[i].place, keyed[j].place, data);
        }
    }
}

/* Runs of equal keys among some whose first halves are equal. */
static void half_pairs(Keyed *keyed, guint n, KeyPair visit, gpointer data)
{
    gboolean equal = TRUE;
    for (guint i = 1; i < n && equal; i++) {
        equal = keyed[i].key == keyed[0].key;
    }
    if (!equal) {
        qsort(keyed, n, sizeof(*keyed), keyed_order);
    }
    for (guint from = 0, to; from < n; from = to) {
        for (to = from; to < n && keyed[to].key == keyed[from].key;) {
            to++;
        }
        run_pairs(keyed + from, to - from, visit, data);
    }
}

/* Calls for all pairs within each run of equal keys but 0, in order of place; long runs only for
 * near neighbours. */
static void key_pairs(const guint64 *keys, guint n, KeyPair visit, gpointer data)
{
    g_autofree guint64 *half = g_new(guint64, n + 1), *spare = g_new(guint64, n + 1);
    g_autoptr(GArray) run = g_array_new(FALSE, FALSE, sizeof(Keyed));
    guint used = 0;
    for (guint i = 0; i < n; i++) {
        if (keys[i] != 0) {
            half[used++] = keys[i] >> 32 << 32 | i;
        }
    }
    sort_radix(half, spare, used, 32, 64);
    for (guint from = 0, to; from < used; from = to) {
        g_array_set_size(run, 0);
        for (to = from; to < used && half[to] >> 32 == half[from] >> 32; to++) {
            __builtin_prefetch(&keys[(guint32)half[MIN(to + KEYS_AHEAD, used - 1)]]);
            Keyed one = {keys[(guint32)half[to]], (guint32)half[to]};
            g_array_append_val(run, one);
        }
        if (run->len > 1) {
            half_pairs((Keyed *)(gpointer)run->data, run->len, visit, data);
        }
    }
}

static guint64 raw_key(const char *raw)
{
    guint64 h = 0;
    while (raw != NULL && g_ascii_isspace(*raw)) {
        raw++;
    }
    guint blanks = 0;
    for (; raw != NULL && *raw != '\0'; raw++) {
        if (g_ascii_isspace(*raw)) {
            blanks++;
            continue;
        }
        h = (h + 1 + (guchar)g_ascii_toupper(*raw) + 256 * blanks) *
            G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
        h ^= h >> 30;
        blanks = 0;
    }
    return h;
}

/* S1 or S1n by what they have in common; patterns by their positions. */
static guint64 repeat_key(const Serial *serial)
{
    Codes codes;
    guint64 h = 1;
    if (!serial_informs(serial)) {
        return 0;
    }
    if (codes_of(serial, &codes)) {
        Codes ncic = codes_ncic(&codes);
        for (guint i = 0; i < ncic.n; i++) {
            h = (h + 1 + ncic.code[i]) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
            h ^= h >> 30;
        }
        return h;
    }
    for (guint i = 0; i < serial->length; i++) {
        h = (h ^ serial->set[i]) * G_GUINT64_CONSTANT(0xC4CEB9FE1A85EC53);
        h ^= h >> 30;
    }
    return h;
}

FirearmKeys firearm_keys(const Firearm *firearm)
{
    gboolean informs = serial_informs(firearm->serial);
    return (FirearmKeys){
        .raw = informs ? raw_key(firearm->serial_raw) : 0,
        .repeat = repeat_key(firearm->serial),
        .trace_no = reference_key(firearm->trace_no),
        .duplicate_of = reference_key(firearm->duplicate_of),
        .seizure_no = reference_key(firearm->seizure_no),
        .case_no = reference_key(firearm->agency_case_no),
        .occurrence_no = reference_key(firearm->occurrence_no),
        .whole_case = reference_is_whole(firearm->agency_case_no),
    };
}

guint64 serial_raw_key(const Firearm *firearm)
{
    if (firearm->keys != NULL) {
        return firearm->keys->raw;
    }
    return serial_informs(firearm->serial) ? raw_key(firearm->serial_raw) : 0;
}

guint64 serial_repeat_key(const Firearm *firearm)
{
    return firearm->keys != NULL ? firearm->keys->repeat : repeat_key(firearm->serial);
}

typedef struct {
    const Work *work;
    GArray *found;
    const guint64 *groups;
    gboolean raw; /* second pass: what only the raw text joins */
} Repeats;

static Tier pair_tier(const Work *work, guint a, guint b)
{
    const Firearm *f = &work->judge.firearms[a], *g = &work->judge.firearms[b];
    return serial_tier(work->judge.model, f->serial, f->serial_raw, g->serial, g->serial_raw);
}

/* The later event stands left; without dates the larger reference. */
static Candidate oriented(const Work *work, guint a, guint b)
{
    Day x = work->judge.firearms[a].event_date, y = work->judge.firearms[b].event_date;
    gboolean known = x != DAY_NONE && y != DAY_NONE && x != y;
    gboolean a_left = known ? x > y : FALSE; /* b has the larger reference */
    return (Candidate){.a = a_left ? a : b, .b = a_left ? b : a, .decided = -1};
}

static void add_pair(const Repeats *search, guint a, guint b, Tier tier)
{
    const Work *work = search->work;
    const Population *population = work->judge.population;
    const Facts *f = population_facts(population, a), *g = population_facts(population, b);
    Candidate c = oriented(work, a, b);
    c.tier = tier;
    double traces = MAX(work->parameters->traces, 1);
    if (!(serial_is_full(work->judge.firearms[a].serial) &&
          serial_is_full(work->judge.firearms[b].serial))) {
        double fit = population_fragment(population, work->judge.firearms[a].serial, f->make);
        c.fit = MIN(1, fit + 1 / traces);
    }
    /* a trace that names another is not one of all pairs */
    gboolean named = (f->duplicate_of != 0 && f->duplicate_of == g->trace_no) ||
                     (g->duplicate_of != 0 && g->duplicate_of == f->trace_no);
    double prior = named ? -log2(traces) : work->prior;
    double most = judge_serial_most(&work->judge, c.a, c.b, tier, c.fit) +
                  judge_repeat(&work->judge, c.a, c.b, NULL);
    if (bits_to_probability(most + prior) < EXPORT_MIN) {
        return;
    }
    candidate_weigh(work, &c, TRUE);
    c.chance = judge_chance(&work->judge, c.a, tier);
    c.probability = bits_to_probability(c.bits + prior);
    if (c.probability >= EXPORT_MIN) {
        g_array_append_val(search->found, c);
    }
}

static void see_pair(guint place_a, guint place_b, gpointer data)
{
    const Repeats *search = data;
    const Work *work = search->work;
    guint a = work->trace[place_a], b = work->trace[place_b];
    if (search->raw && search->groups[place_a] == search->groups[place_b]) {
        return;
    }
    Tier tier = pair_tier(work, a, b);
    gboolean same = tier == TIER_S0 || tier == TIER_S1 || tier == TIER_S1N;
    if (same && makes_compatible(population_facts(work->judge.population, a),
                                 population_facts(work->judge.population, b))) {
        add_pair(search, a, b, tier);
    }
}

/* What an earlier run found of two traces of which one names the other. */
typedef struct {
    GArray *found;    /* of Candidate */
    GHashTable *pair; /* both observations -> its place in found + 1 */
} Named;

static gpointer pair_of(guint a, guint b)
{
    return GSIZE_TO_POINTER((gsize)MAX(a, b) << 32 | MIN(a, b));
}

static Named known_named(const Work *work)
{
    Named known = {g_array_new(FALSE, FALSE, sizeof(Candidate)), g_hash_table_new(NULL, NULL)};
    if (work->past != NULL) {
        past_repeats(work->past, TRUE, known.found);
    }
    for (guint i = 0; i < known.found->len; i++) {
        const Candidate *c = &g_array_index(known.found, Candidate, i);
        g_hash_table_insert(known.pair, pair_of(c->a, c->b), GUINT_TO_POINTER(i + 1));
    }
    return known;
}

static void add_named(const Repeats *search, const Named *known, guint a, guint b, Tier tier)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known->pair, pair_of(a, b)));
    if (at > 0) {
        g_array_append_vals(search->found, &g_array_index(known->found, Candidate, at - 1), 1);
    } else {
        add_pair(search, a, b, tier);
    }
}

/* DUP: SEE TRACE T...; what the serials already joined is not added again. */
static void find_duplicates(const Repeats *search)
{
    const Work *work = search->work;
    Named known = known_named(work);
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    Counter named;
    counter_init(&named);
    for (guint i = 0; i < work->n_traces; i++) {
        const Facts *f = population_facts(work->judge.population, work->trace[i]);
        if (f->duplicate_of != 0) {
            counter_add(&named, f->duplicate_of);
        }
    }
    counter_sieve(&named);
    for (guint i = work->n_traces; i-- > 0;) {
        const Facts *f = population_facts(work->judge.population, work->trace[i]);
        if (f->trace_no != 0 && counter_get(&named, f->trace_no) > 0) {
            g_hash_table_insert(numbers, (gpointer)&f->trace_no, GUINT_TO_POINTER(i + 1));
        }
    }
    counter_clear(&named);
    for (guint i = 0; i < work->n_traces; i++) {
        const Facts *f = population_facts(work->judge.population, work->trace[i]);
        gpointer at = f->duplicate_of == 0 ? NULL : g_hash_table_lookup(numbers, &f->duplicate_of);
        guint j = GPOINTER_TO_UINT(at);
        if (at == NULL || j - 1 == i) {
            continue;
        }
        guint a = work->trace[MIN(i, j - 1)], b = work->trace[MAX(i, j - 1)];
        Tier tier = pair_tier(work, a, b);
        gboolean same = tier == TIER_S0 || tier == TIER_S1 || tier == TIER_S1N;
        if (!same || !makes_compatible(population_facts(work->judge.population, a),
                                       population_facts(work->judge.population, b))) {
            add_named(search, &known, a, b, tier == TIER_NONE ? TIER_PAPER : tier);
        }
    }
    g_hash_table_unref(known.pair);
    g_array_unref(known.found);
}

/* Keys that something new has, or something revised had: only who shares one of them can be joined
 * otherwise than before. */
static void find_touched(const Work *work, const guint64 *groups, const guint64 *raws,
                         Counter *touched)
{
    counter_init(touched);
    for (guint i = 0; i < work->n_traces; i++) {
        if (work->past->dirty[work->trace[i]] && groups[i] != 0) {
            counter_add(touched, groups[i]);
            counter_add(touched, raws[i]);
        }
    }
    for (guint i = 0; i < work->past->n_former; i++) {
        const Firearm *f = &work->past->former[i];
        guint64 group = serial_repeat_key(f);
        if (f->side == SIDE_TRACE && group != 0) {
            counter_add(touched, group);
            counter_add(touched, serial_raw_key(f));
        }
    }
    counter_sieve(touched);
}

/* What was found before under keys that nothing new has. */
static void recall_untouched(const Repeats *search, const guint64 *raws, const Counter *touched)
{
    const Work *work = search->work;
    g_autofree guint *place = g_new(guint, work->n + 1);
    for (guint i = 0; i < work->n_traces; i++) {
        place[work->trace[i]] = i;
    }
    past_repeats(work->past, FALSE, search->found);
    guint n = 0;
    for (guint i = 0; i < search->found->len; i++) {
        const Candidate *c = &g_array_index(search->found, Candidate, i);
        guint a = place[c->a], b = place[c->b];
        gboolean grouped = search->groups[a] == search->groups[b];
        if (counter_get(touched, grouped ? search->groups[a] : raws[a]) == 0) {
            g_array_index(search->found, Candidate, n++) = *c;
        }
    }
    g_array_set_size(search->found, n);
}

/* Pairs under those of some keys that something new has; under all, where nothing is known. */
static void touched_pairs(const Repeats *search, const guint64 *keys, const Counter *touched)
{
    guint n = search->work->n_traces;
    if (touched == NULL) {
        key_pairs(keys, n, see_pair, (gpointer)search);
        return;
    }
    g_autofree guint64 *some = g_new(guint64, n + 1);
    for (guint i = 0; i < n; i++) {
        some[i] = counter_get(touched, keys[i]) > 0 ? keys[i] : 0;
    }
    key_pairs(some, n, see_pair, (gpointer)search);
}

GArray *repeat_find(Work *work)
{
    guint n = work->n_traces;
    g_autofree guint64 *groups = g_new0(guint64, n + 1), *raws = g_new0(guint64, n + 1);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Candidate));
    Repeats search = {work, found, groups, FALSE};
    Counter counter = {0}, *touched = work->past != NULL ? &counter : NULL;
    for (guint i = 0; i < n; i++) {
        const Firearm *f = &work->judge.firearms[work->trace[i]];
        groups[i] = serial_repeat_key(f);
        raws[i] = serial_raw_key(f);
    }
    if (touched != NULL) {
        find_touched(work, groups, raws, touched);
        recall_untouched(&search, raws, touched);
    }
    touched_pairs(&search, groups, touched);
    search.raw = TRUE;
    touched_pairs(&search, raws, touched);
    g_clear_pointer(&work->repeats, g_array_unref);
    work->n_serial = found->len;
    find_duplicates(&search);
    work->repeats = g_array_copy(found);
    if (touched != NULL) {
        counter_clear(touched);
    }
    return found;
}
