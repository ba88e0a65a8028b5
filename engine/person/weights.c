/*
 * Frequencies, u, m and the prior. u is never guessed from proposed pairs (they agree because
 * they were proposed) and m is never left to run free: start weights count as so many pairs.
 */
#include "engine/person/weights.h"

#include <math.h>
#include <string.h>

guint people_numbers(const People *p, CountKind kind)
{
    if (kind == COUNT_DOB)
        return p->dob_low <= p->dob_high ? (guint)(p->dob_high - p->dob_low) + 1 : 0;
    return kind == COUNT_PLACE ? p->places->len : p->values->len;
}

Id node_number(const People *p, const Node *n, CountKind kind)
{
    const Id ids[COUNT_KINDS] = {n->last,
                                 n->first,
                                 n->middle,
                                 n->organisation,
                                 n->place,
                                 n->street,
                                 n->postal,
                                 n->city,
                                 n->phone,
                                 n->document,
                                 n->dob == DAY_NONE ? 0 : (Id)(n->dob - p->dob_low)};
    return ids[kind];
}

void counts_reset(People *p)
{
    p->dob_low = G_MAXINT32;
    p->dob_high = G_MININT32 + 1;
    for (guint i = 0; i < p->nodes->len; i++) {
        Day dob = people_node(p, i)->dob;
        if (dob == DAY_NONE)
            continue;
        p->dob_low = MIN(p->dob_low, dob - 1);
        p->dob_high = MAX(p->dob_high, dob);
    }
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        g_free(p->counts[kind]);
        p->counts[kind] = g_new0(guint32, people_numbers(p, kind) + 1);
        p->known[kind] = 0;
    }
}

typedef struct {
    guint64 who;
    guint node;
} Person;

static int person_compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const Person *x = a, *y = b;
    (void)data;
    return x->who != y->who ? (x->who > y->who ? 1 : -1)
                            : (x->node > y->node) - (x->node < y->node);
}

/* The nodes of one person: each value counts once, however often it is written (of a person with
 * very many nodes the first few dozen are looked at for that). */
static void count_person(People *p, const Person *from, const Person *to)
{
    for (const Person *x = from; x < to; x++)
        for (guint kind = 0; kind < COUNT_KINDS; kind++) {
            Id id = node_number(p, people_node(p, x->node), kind);
            gboolean seen = id == 0;
            for (const Person *y = from; y < x && y < from + 32 && !seen; y++)
                seen = node_number(p, people_node(p, y->node), kind) == id;
            p->counts[kind][id] += !seen;
            p->known[kind] += !seen;
        }
}

void people_count(People *p, const guint *entity)
{
    guint n = p->nodes->len;
    g_autofree Person *all = g_new(Person, n + 1);
    counts_reset(p);
    p->population = n;
    p->by_entity = entity != NULL;
    for (guint i = 0; i < n; i++) {
        const Node *node = people_node(p, i);
        all[i].node = i;
        all[i].who = entity ? entity[i]
                            : mix64(mix64(node->last, node->first),
                                    mix64((guint32)node->dob, node->organisation));
    }
    g_qsort_with_data(all, (gint)n, sizeof *all, person_compare, NULL);
    for (guint from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].who == all[from].who;)
            to++;
        count_person(p, all + from, all + to);
    }
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

void weights_unlike(Weights *w, Scorer *s)
{
    const People *p = s->people;
    const Limits *limits = &p->model->limits;
    double seen[FIELD_COUNT][LEVEL_MISSING + 1] = {{0}};
    guint n = p->nodes->len;
    guint64 draws = n < 2 ? 0 : (guint64)MIN(limits->sample, pairs_of(n) * 4);
    for (guint64 i = 0; i < draws; i++) {
        guint64 r = mix64(i, 20251);
        guint a = (guint)((r >> 32) * n >> 32), b = (guint)((r & 0xffffffffu) * n >> 32);
        if (a == b)
            continue;
        Pattern pattern = pattern_of(s, MIN(a, b), MAX(a, b));
        for (guint f = 0; f < FIELD_COUNT; f++)
            seen[f][pattern_level(pattern, f)]++;
    }
    for (guint f = 0; f < FIELD_COUNT; f++) {
        double known = 0;
        for (guint l = 0; l < field_levels(f); l++)
            known += seen[f][l];
        for (guint l = 0; l < field_levels(f); l++)
            if (is_drawn(f, l))
                w->odds[f][l].u =
                    (p->model->start.odds[f][l].u * limits->u_start + seen[f][l] + 0.5) /
                    (limits->u_start + known);
    }
    weights_counted(w, s);
}

/* Worse agreement never weighs more: m of a level is lowered to the ratio of the one before. */
static void keep_order(Weights *w)
{
    for (guint f = 0; f < FIELD_COUNT; f++) {
        double ratio = HUGE_VAL;
        for (guint l = 0; l < field_levels(f); l++) {
            LevelOdds *odds = &w->odds[f][l];
            gboolean aside =
                (f == FIELD_DOB && l == DOB_SWAPPED) || ((f == FIELD_SURNAME || f == FIELD_GIVEN) &&
                                                         (l == NAME_SWAPPED || l == NAME_INITIAL));
            if (aside)
                continue;
            odds->m = MIN(odds->m, ratio * odds->u);
            ratio = odds->m / odds->u;
        }
    }
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

/* What relatives share, likewise: given names and birth dates alone, because how often they live in
 * one house is what they are known by. */
static void set_kin(Weights *w, const PersonModel *model, double sums[][LEVEL_MISSING + 1])
{
    static const Field learned[] = {FIELD_GIVEN, FIELD_DOB};
    for (guint i = 0; i < G_N_ELEMENTS(learned); i++) {
        Field f = learned[i];
        double known = 0, start = model->limits.kin_pairs;
        for (guint l = 0; l < field_levels(f); l++)
            known += sums[f][l];
        for (guint l = 0; l < field_levels(f); l++)
            w->odds[f][l].kin =
                (model->start.odds[f][l].kin * start + sums[f][l]) / (start + known);
    }
}

/* Pairs that agree alike and are as likely by chance, to an eighth of a bit. */
typedef struct {
    Pattern pattern;
    gint32 chance; /* in CHANCE_STEPS a bit */
    guint32 count;
} Cell;

#define CHANCE_STEPS 8

static gboolean same_cell(gconstpointer key, guint number, gconstpointer data)
{
    const Cell *x = key, *y = &g_array_index((const GArray *)data, Cell, number);
    return x->pattern == y->pattern && x->chance == y->chance;
}

static GArray *cells_of(const Scorer *s, const GArray *pairs)
{
    GArray *cells = g_array_new(FALSE, TRUE, sizeof(Cell));
    Dict index;
    dict_init(&index);
    g_array_set_size(cells, 1); /* number 0 stands for none */
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        double chance = pattern_chance(s, pair->pattern, pair->a, pair->b);
        Cell cell = {pair->pattern, (gint32)lrint(chance * CHANCE_STEPS), 1};
        guint32 hash = (guint32)(mix64(cell.pattern, (guint64)(gint64)cell.chance) >> 32);
        guint at = dict_find(&index, hash, same_cell, &cell, cells);
        if (at) {
            g_array_index(cells, Cell, at).count++;
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
    double same[FIELD_COUNT][LEVEL_MISSING + 1], kin[FIELD_COUNT][LEVEL_MISSING + 1];
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
        double share = cell->count / (1 + kin + same);
        e->matches += same * share;
        e->relatives += kin * share;
        for (guint f = 0; f < FIELD_COUNT; f++) {
            e->same[f][pattern_level(cell->pattern, f)] += same * share;
            e->kin[f][pattern_level(cell->pattern, f)] += kin * share;
        }
    }
}

void weights_fit(Weights *w, Scorer *s, GArray *pairs)
{
    const PersonModel *model = s->people->model;
    double n = MAX(s->people->population, 1);
    g_autoptr(GArray) cells = cells_of(s, pairs);
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
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        pair->odds = (float)pair_odds(s, pair->pattern, pair->a, pair->b);
        pair->contested = FALSE;
    }
}
