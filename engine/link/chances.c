/*
 * How many firearms other than a candidate's would fit a seizure by chance: those whose full
 * serials are equal are counted, all others expected.
 */
#include <math.h>

#include "engine/link/search.h"

static int candidate_order(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    return x->b != y->b ? (x->b < y->b ? -1 : 1) : (x->tier > y->tier) - (x->tier < y->tier);
}

/* A pair that both serial and paper proposed stays once. */
static void drop_doubles(GArray *found)
{
    guint n = 0;
    g_array_sort(found, candidate_order);
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        if (n == 0 || g_array_index(found, Candidate, n - 1).b != c->b) {
            g_array_index(found, Candidate, n++) = *c;
        }
    }
    g_array_set_size(found, n);
}

static int near_order(gconstpointer a, gconstpointer b)
{
    const NearFirearm *x = a, *y = b;
    return x->firearm != y->firearm ? (x->firearm < y->firearm ? -1 : 1)
                                    : (x->tier > y->tier) - (x->tier < y->tier);
}

/* How many other firearms than a candidate's bear the full serial; those that are some edits apart
 * are not counted but expected. */
static guint others_fitting(const GArray *near, const NearFirearm *own)
{
    guint others = 0;
    for (guint i = 0; i < near->len; i++) {
        const NearFirearm *n = &g_array_index(near, NearFirearm, i);
        gboolean first = i == 0 || g_array_index(near, NearFirearm, i - 1).firearm != n->firearm;
        others += first && n->tier <= own->tier && n->firearm != own->firearm;
    }
    return others;
}

static void count_chances(const Work *work, guint a, GArray *near, GArray *found)
{
    const Judge *judge = &work->judge;
    g_array_sort(near, near_order);
    for (guint i = 0; i < found->len; i++) {
        Candidate *c = &g_array_index(found, Candidate, i);
        if (c->tier == TIER_PAPER) { /* no serial: as many as all else together lets expect */
            c->chance = exp2(-MAX(c->bits, 0)) * population_firearms(judge->population);
            continue;
        }
        if (c->chance > 0 || judge->chance[a] <= 0) {
            continue;
        }
        NearFirearm own = {work->firearm[c->b], c->tier};
        c->chance = MAX(others_fitting(near, &own), judge_chance(judge, c->a, c->tier));
    }
}

void chances_settle(const Work *work, guint a, GArray *near, GArray *found)
{
    drop_doubles(found);
    count_chances(work, a, near, found);
}
