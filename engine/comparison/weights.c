/*
 * Frequencies, u, m and the prior. u is never guessed from proposed pairs (they agree because
 * they were proposed) and m is never left to run free: start weights count as so many pairs.
 */
#include "engine/comparison/weights.h"

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/comparison/documents.h"
#include "engine/comparison/expect.h"
#include "engine/comparison/namesakes.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

Id node_number(const People *p, const Node *n, CountKind kind)
{
    static const gsize at[COUNT_DOB] = {
        [COUNT_LAST] = offsetof(Node, last),
        [COUNT_FIRST] = offsetof(Node, first),
        [COUNT_MIDDLE] = offsetof(Node, middle),
        [COUNT_ORGANISATION] = offsetof(Node, organisation),
        [COUNT_PLACE] = offsetof(Node, place),
        [COUNT_STREET] = offsetof(Node, street),
        [COUNT_POSTAL] = offsetof(Node, postal),
        [COUNT_CITY] = offsetof(Node, city),
        [COUNT_PHONE] = offsetof(Node, phone),
        [COUNT_DOCUMENT] = offsetof(Node, document),
    };
    if (kind >= COUNT_DOB) /* the last, and the only one that is no Id */
        return n->dob == DAY_NONE ? 0 : (Id)(n->dob - p->dob_low);
    return *(const Id *)(gconstpointer)((const char *)n + at[kind]);
}

static void dobs_span(People *p, const GArray *nodes)
{
    for (guint i = 0; i < nodes->len; i++) {
        Day dob = g_array_index(nodes, Node, i).dob;
        if (dob == DAY_NONE)
            continue;
        p->dob_low = MIN(p->dob_low, dob - 1);
        p->dob_high = MAX(p->dob_high, dob);
    }
}

void counts_reset(People *p)
{
    p->dob_low = G_MAXINT32;
    p->dob_high = G_MININT32 + 1;
    dobs_span(p, p->nodes);
    dobs_span(p, p->former);
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        g_free(p->counts[kind]);
        gsize numbers = (gsize)people_numbers(p, kind) + 1;
        p->counts[kind] = g_new0(guint32, numbers);
        memory_large(p->counts[kind], numbers * sizeof *p->counts[kind]);
        p->known[kind] = 0;
    }
}

#define COUNT_PARTS 2  /* of the kinds, each counted by itself, so that two threads may */
#define COUNT_AHEAD 16 /* nodes whose memory is asked for before they are counted */

/* Nodes by who they are: who << 32 | node, in order. */
typedef struct {
    People *people;
    const guint64 *items;
    guint n;
} Counting;

/* The nodes of one person: each value of these kinds counts once, however often it is written (of a
 * person with very many nodes the first few dozen are looked at for that). */
static void count_person(const Counting *c, guint from, guint to, guint kind, guint end)
{
    People *p = c->people;
    for (guint x = from; x < to; x++) {
        const Node *node = people_node(p, (guint)c->items[x]);
        if (x + COUNT_AHEAD < c->n)
            node_expect(p, (guint)c->items[x + COUNT_AHEAD]);
        for (guint k = kind; k < end; k++) {
            Id id = node_number(p, node, k);
            gboolean seen = id == 0;
            for (guint y = from; y < x && y < from + 32 && !seen; y++)
                seen = node_number(p, people_node(p, (guint)c->items[y]), k) == id;
            p->counts[k][id] += !seen;
            p->known[k] += !seen;
        }
    }
}

static void count_work(Queue *queue, gpointer data)
{
    const Counting *c = data;
    for (guint part; queue_next(queue, &part);)
        for (guint from = 0, to; from < c->n; from = to) {
            for (to = from + 1; to < c->n && c->items[to] >> 32 == c->items[from] >> 32;)
                to++;
            count_person(c, from, to, part * COUNT_KINDS / COUNT_PARTS,
                         (part + 1) * COUNT_KINDS / COUNT_PARTS);
        }
}

void people_count(People *p, const guint *entity)
{
    guint n = p->nodes->len;
    g_autofree guint64 *items = g_new(guint64, n + 1), *spare = g_new(guint64, n + 1);
    counts_reset(p);
    p->population = n;
    p->by_entity = entity != NULL;
    for (guint i = 0; i < n; i++) {
        const Node *node = people_node(p, i);
        guint64 who = entity ? entity[i]
                             : mix64(mix64(node->last, node->first),
                                     mix64((guint32)node->dob, node->organisation)) >>
                                   32;
        items[i] = who << 32 | i;
    }
    sort_radix(items, spare, n, 32, 64);
    Counting counting = {p, items, n};
    queue_run(COUNT_PARTS, count_work, &counting);
    documents_count(p, items, n);
}

static double pairs_of(double n)
{
    return n * (n - 1) / 2;
}

/* u of the level at which values are equal: pairs of people who share a value. */
static void exact_unlike(Weights *w, const People *p, Field field, guint level, double equal,
                         double known)
{
    double start = p->model->limits.u_start;
    double u = p->model->start.odds[field][level].u;
    double least = MIN(u, 0.25 / MAX(known, 1)); /* one more person may share a value unseen */
    w->odds[field][level].u = MAX((u * start + equal) / (start + pairs_of(known)), least);
}

void weights_counted(Weights *w, Scorer *s)
{
    const People *p = s->people;
    static const struct {
        CountKind kind;
        Field field;
        guint level;
    } exact[] = {{COUNT_LAST, FIELD_SURNAME, NAME_EXACT},
                 {COUNT_FIRST, FIELD_GIVEN, NAME_EXACT},
                 {COUNT_MIDDLE, FIELD_MIDDLE, NAME_EXACT},
                 {COUNT_ORGANISATION, FIELD_ORGANISATION, NAME_EXACT},
                 {COUNT_PLACE, FIELD_ADDRESS, ADDRESS_UNIT},
                 {COUNT_PHONE, FIELD_PHONE, PHONE_EQUAL},
                 {COUNT_DOCUMENT, FIELD_DOCUMENT, DOCUMENT_EQUAL},
                 {COUNT_DOB, FIELD_DOB, DOB_EXACT}};
    for (guint i = 0; i < G_N_ELEMENTS(exact); i++) {
        double equal = 0;
        const guint32 *counts = p->counts[exact[i].kind];
        for (guint id = 1; id < people_numbers(p, exact[i].kind); id++)
            equal += pairs_of(counts[id]);
        exact_unlike(w, p, exact[i].field, exact[i].level, equal, p->known[exact[i].kind]);
    }
    scorer_set(s, w);
}

/* Levels that a draw may estimate: not those that only matches bring about. */
static gboolean is_drawn(Field field, guint level)
{
    if (field == FIELD_SUFFIX)
        return FALSE;
    if (field == FIELD_PHONE)
        return level != PHONE_EQUAL;
    if (field == FIELD_ADDRESS)
        return level != ADDRESS_UNIT;
    if (field == FIELD_DOCUMENT)
        return level != DOCUMENT_EQUAL;
    if (field == FIELD_DOB)
        return level != DOB_EXACT;
    return level != NAME_EXACT;
}

#define DRAWS 8192u /* pairs drawn in one job */

/* How often each level is met in the pairs that one job draws. */
typedef struct {
    guint32 n[FIELD_COUNT][LEVEL_MISSING + 1];
} Seen;

typedef struct {
    const Scorer *scorer;
    guint64 draws;
    Seen *seen; /* by job */
} Draw;

static void draw_pairs(Scorer *s, guint64 from, guint64 to, Seen *seen)
{
    guint64 n = s->people->nodes->len;
    for (guint64 i = from; i < to; i++) {
        guint64 r = mix64(i, 20251);
        guint a = (guint)((r >> 32) * n >> 32), b = (guint)((r & 0xffffffffu) * n >> 32);
        if (a == b)
            continue;
        Pattern pattern = pattern_of(s, MIN(a, b), MAX(a, b));
        for (guint f = 0; f < FIELD_COUNT; f++)
            seen->n[f][pattern_level(pattern, f)]++;
    }
}

static void draw_work(Queue *queue, gpointer data)
{
    const Draw *d = data;
    g_autoptr(Scorer) own = scorer_copy(d->scorer);
    guint job;
    while (queue_next(queue, &job))
        draw_pairs(own, (guint64)job * DRAWS, MIN((guint64)(job + 1) * DRAWS, d->draws),
                   &d->seen[job]);
}

void weights_unlike(Weights *w, Scorer *s)
{
    const People *p = s->people;
    const Limits *limits = &p->model->limits;
    guint n = p->nodes->len;
    guint64 draws = n < 2 ? 0 : (guint64)MIN(limits->sample, pairs_of(n) * 4);
    guint jobs = (guint)((draws + DRAWS - 1) / DRAWS);
    g_autofree Seen *seen = g_new0(Seen, jobs + 1);
    Draw draw = {s, draws, seen};
    queue_run(jobs, draw_work, &draw);
    for (guint f = 0; f < FIELD_COUNT; f++) {
        double known = 0, sums[LEVEL_MISSING + 1] = {0};
        for (guint l = 0; l < field_levels(f); l++) {
            for (guint job = 0; job < jobs; job++)
                sums[l] += seen[job].n[f][l];
            known += sums[l];
        }
        for (guint l = 0; l < field_levels(f); l++)
            if (is_drawn(f, l))
                w->odds[f][l].u = (p->model->start.odds[f][l].u * limits->u_start + sums[l] + 0.5) /
                                  (limits->u_start + known);
    }
    weights_counted(w, s);
}

#define ORDER_BITS 0.5 /* least that an equal name is worth above a variant of it */

/* Does a level stand outside the order of its field? */
static gboolean is_aside(guint field, guint level)
{
    return (field == FIELD_DOB && (level == DOB_SWAPPED || level == DOB_KNOWN)) ||
           ((field == FIELD_SURNAME || field == FIELD_GIVEN) &&
            (level == NAME_SWAPPED || level == NAME_INITIAL));
}

/* Pools what would weigh more than a better level with it (pool adjacent violators), best first. */
static void levels_pool(LevelOdds *odds, guint levels)
{
    LevelOdds pools[FIELD_LEVELS] = {{0}};
    guint ends[FIELD_LEVELS] = {0}, n = 0;
    for (guint l = 0; l < levels; l++) {
        pools[n] = odds[l];
        ends[n++] = l + 1;
        for (; n > 1 && pools[n - 1].m * pools[n - 2].u > pools[n - 2].m * pools[n - 1].u; n--) {
            pools[n - 2].m += pools[n - 1].m;
            pools[n - 2].u += pools[n - 1].u;
            ends[n - 2] = ends[n - 1];
        }
    }
    for (guint i = 0, l = 0; i < n; i++)
        for (; l < ends[i]; l++)
            odds[l].m = pools[i].m / pools[i].u * odds[l].u;
}

/* Worse agreement never weighs more: m of a level is lowered to the ratio of the one before. What
 * is written the same weighs more than what is not. */
static void levels_lower(LevelOdds *odds, guint field, guint levels)
{
    double ratio = HUGE_VAL;
    for (guint l = 0; l < levels; l++) {
        if (is_aside(field, l))
            continue;
        odds[l].m = MIN(odds[l].m, ratio * odds[l].u);
        ratio = odds[l].m / odds[l].u * (l == 0 ? exp2(-ORDER_BITS) : 1);
    }
}

/* Of one street, levels that few pairs have (where nobody records units: the house alone) hold none
 * down that many have. All others are lowered: names that are alike, and a neighbourhood, are what
 * relatives share. */
static void keep_order(Weights *w)
{
    const guint streets = ADDRESS_STREET + 1;
    LevelOdds pooled[FIELD_LEVELS];
    memcpy(pooled, w->odds[FIELD_ADDRESS], sizeof pooled);
    levels_pool(pooled, streets);
    levels_lower(pooled, FIELD_ADDRESS, streets);
    for (guint f = 0; f < FIELD_COUNT; f++)
        levels_lower(w->odds[f], f, field_levels(f));
    memcpy(w->odds[FIELD_ADDRESS], pooled, streets * sizeof *pooled);
}

/* m from the sums of posteriors by level; the start weights count as m_start pairs. */
static void set_same(Weights *w, const PersonModel *model, double sums[][LEVEL_MISSING + 1])
{
    for (guint f = 0; f < FIELD_COUNT; f++) {
        double known = 0, start = model->limits.m_start;
        for (guint l = 0; l < field_levels(f); l++)
            known += sums[f][l];
        for (guint l = 0; l < field_levels(f); l++)
            w->odds[f][l].m = (model->start.odds[f][l].m * start + sums[f][l]) / (start + known);
    }
    keep_order(w);
}

/* A field of two relatives says what one person's says where they share its value (one house, one
 * telephone), and else what any two people's does. */
static void mix_kin(Weights *w)
{
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            LevelOdds *odds = &w->odds[f][l];
            odds->kin = w->shared[f] * odds->m + (1 - w->shared[f]) * odds->u;
        }
}

/* How often relatives share what a household may share; of given names and birth dates a slip of
 * one person's pen would look like it. */
static void set_kin(Weights *w, const PersonModel *model, double sums[][LEVEL_MISSING + 1])
{
    static const Field household[] = {FIELD_SURNAME, FIELD_MIDDLE, FIELD_ADDRESS, FIELD_PHONE};
    for (guint i = 0; i < G_N_ELEMENTS(household); i++) {
        Field f = household[i];
        double start = model->limits.kin_pairs, known = start;
        double shared = start * model->start.shared[f];
        for (guint l = 0; l < field_levels(f); l++) {
            double same = w->shared[f] * w->odds[f][l].m;
            known += sums[f][l];
            shared += sums[f][l] * same / (same + (1 - w->shared[f]) * w->odds[f][l].u);
        }
        w->shared[f] = shared / known;
    }
    mix_kin(w);
}

#define RATED 8192u /* pairs rated in one job */

typedef struct {
    const Scorer *scorer;
    GArray *pairs;
    double (*rate)(const Scorer *scorer, const Pair *pair);
} Rating;

static void rate_work(Queue *queue, gpointer data)
{
    const Rating *r = data;
    guint job;
    while (queue_next(queue, &job))
        for (guint i = job * RATED; i < MIN((job + 1) * RATED, r->pairs->len); i++) {
            Pair *pair = &g_array_index(r->pairs, Pair, i);
            pair->odds = (float)r->rate(r->scorer, pair);
        }
}

static void pairs_rate(const Scorer *s, GArray *pairs,
                       double (*rate)(const Scorer *scorer, const Pair *pair))
{
    Rating rating = {s, pairs, rate};
    queue_run((pairs->len + RATED - 1) / RATED, rate_work, &rating);
}

static double pair_chance(const Scorer *s, const Pair *pair)
{
    return pattern_chance(s, pair->pattern, pair->a, pair->b);
}

/* By the chance that stands in the place of the odds. */
static double pair_rated(const Scorer *s, const Pair *pair)
{
    return pair_odds(s, pair->pattern, pair->odds);
}

/* Pairs that agree alike and are as likely by chance, to half a bit. */
typedef struct {
    Pattern pattern;
    gint32 chance; /* in CHANCE_STEPS a bit */
    guint32 ends;  /* of these pairs that are drawn, two of each where all are */
} Cell;

#define CHANCE_STEPS 2

static gboolean same_cell(gconstpointer key, guint number, gconstpointer data)
{
    const Cell *x = key, *y = &g_array_index((const GArray *)data, Cell, number);
    return x->pattern == y->pattern && x->chance == y->chance;
}

static guint ends_drawn(const guint8 *state, const Pair *pair)
{
    return state ? (state[pair->a] == NODE_SEEK) + (state[pair->b] == NODE_SEEK) : 2;
}

/* Counts the pairs by what they agree in and their chance. */
static GArray *cells_of(const Scorer *s, GArray *pairs, const guint8 *state)
{
    GArray *cells = g_array_new(FALSE, TRUE, sizeof(Cell));
    Dict index;
    dict_init(&index);
    g_array_set_size(cells, 1); /* number 0 stands for none */
    pairs_rate(s, pairs, pair_chance);
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        Cell cell = {pair->pattern, (gint32)lrint(pair->odds * CHANCE_STEPS),
                     ends_drawn(state, pair)};
        guint32 hash = (guint32)(mix64(cell.pattern, (guint64)(gint64)cell.chance) >> 32);
        guint at = dict_find(&index, hash, same_cell, &cell, cells);
        if (at) {
            g_array_index(cells, Cell, at).ends += cell.ends;
            continue;
        }
        dict_add(&index, hash, cells->len);
        g_array_append_val(cells, cell);
    }
    dict_clear(&index);
    return cells;
}

/* What one round adds up: expected pairs of one person, of relatives, by level and in all. */
typedef struct {
    double same[FIELD_COUNT][LEVEL_MISSING + 1];
    double kin[FIELD_COUNT][LEVEL_MISSING + 1];
    double matches, relatives;
} Expected;

static void expect(Expected *e, const Scorer *s, const GArray *cells)
{
    memset(e, 0, sizeof *e);
    for (guint i = 1; i < cells->len; i++) {
        const Cell *cell = &g_array_index(cells, Cell, i);
        double chance = (double)cell->chance / CHANCE_STEPS;
        double same = exp2(MIN(s->prior + pattern_same(s, cell->pattern) - chance, 200));
        double kin = exp2(MIN(s->kin_rate + pattern_kin(s, cell->pattern) - chance, 200));
        /* how seldom a person is called otherwise is not learned from households */
        if (pattern_siblings(cell->pattern) || pattern_spouses(cell->pattern))
            same = MIN(same, exp2(s->name_only));
        double share = cell->ends / 2.0 / (1 + kin + same);
        e->matches += same * share;
        e->relatives += kin * share;
        for (guint f = 0; f < FIELD_COUNT; f++) {
            guint level = pattern_level(cell->pattern, f);
            e->same[f][level] += same * share;
            e->kin[f][level] += kin * share;
        }
    }
}

/* What those of one name and address say of father and son. */
static void set_namesakes(Weights *w, const Limits *limits, const GArray *cells)
{
    Namesakes namesakes = {0};
    for (guint i = 1; i < cells->len; i++) {
        const Cell *cell = &g_array_index(cells, Cell, i);
        namesakes_add(&namesakes, cell->pattern, cell->ends / 2.0);
    }
    w->lives = namesakes_one(&namesakes);
    w->undated =
        MIN(namesakes_undated(&namesakes, limits->undated, limits->kin_start), limits->undated);
}

/* How many nodes are drawn; at least 1. */
static double drawn_nodes(const People *p, const guint8 *state)
{
    guint n = state ? 0 : p->nodes->len;
    for (guint i = 0; state && i < p->nodes->len; i++)
        n += state[i] == NODE_SEEK;
    return MAX(n, 1);
}

void weights_fit(Weights *w, Scorer *s, GArray *pairs, const guint8 *state)
{
    const PersonModel *model = s->people->model;
    double n = drawn_nodes(s->people, state);
    mix_kin(w);
    scorer_set(s, w);
    g_autoptr(GArray) cells = cells_of(s, pairs, state);
    for (guint round = 0; round < (guint)model->limits.rounds; round++) {
        Expected e;
        expect(&e, s, cells);
        set_same(w, model, e.same);
        set_kin(w, model, e.kin);
        double start = model->limits.m_start;
        w->matches = (2 * e.matches + start * model->start.matches) / (n + start);
        start = model->limits.kin_start;
        w->kin = (2 * e.relatives + start * model->start.kin) / (n + start);
        scorer_set(s, w);
    }
    set_namesakes(w, &model->limits, cells);
    scorer_set(s, w);
    pairs_rate(s, pairs, pair_rated);
}
