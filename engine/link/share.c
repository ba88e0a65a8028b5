/*
 * What share of the other side's firearms a fragment fits: from how many of the store do, and from
 * how serials of the make look (fragment.c, channel.c). search.c asks when it knows all that fit.
 */
#include "engine/base/sort.h"
#include "engine/link/work.h"

/* Traces of one firearm count once. */
static guint count_once(GArray *firearms)
{
    guint sum = 0;
    g_array_sort(firearms, sort_order);
    for (guint i = 0; i < firearms->len; i++) {
        sum += i == 0 || g_array_index(firearms, guint, i) != g_array_index(firearms, guint, i - 1);
    }
    return sum;
}

/* Firearms behind the forms that fit, and those of the owner's make. */
Fitted fragment_count(const Work *work, const Forms *forms, guint owner, const GArray *fits)
{
    const Population *population = work->judge.population;
    gboolean traced = work->judge.firearms[owner].side == SIDE_SEIZURE;
    guint make = population_facts(population, owner)->make;
    const guint *list = traced ? work->trace : work->seizure;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) of_make = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < fits->len; i++) {
        guint form = g_array_index(fits, guint, i);
        for (guint j = forms->first[form]; j < forms->first[form + 1]; j++) {
            guint b = list[forms->member[j]], firearm = traced ? work->firearm[b] : b;
            g_array_append_val(all, firearm);
            if (make != 0 && population_facts(population, b)->make == make) {
                g_array_append_val(of_make, firearm);
            }
        }
    }
    return (Fitted){count_once(all), count_once(of_make)};
}

Fragment fragment_of(const Work *work, guint owner, Fitted fitted)
{
    const Judge *judge = &work->judge;
    gboolean seized = judge->firearms[owner].side == SIDE_SEIZURE;
    const Serial *serial = judge->firearms[owner].serial;
    guint make = population_facts(judge->population, owner)->make;
    guint others = seized ? work->parameters->firearms : work->parameters->seizures;
    double share = judge_fragment(judge, serial, 0, fitted.all, others);
    Fragment fragment = {share, share};
    if (make != 0) {
        guint among = seized ? population_of_make(judge->population, make)
                             : population_seized(judge->population, make);
        fragment.of_make = judge_fragment(judge, serial, make, fitted.of_make, among);
    }
    return fragment;
}

double fragment_fit(const Work *work, const Fragment *fragment, guint a, guint b)
{
    const Population *population = work->judge.population;
    const Facts *f = population_facts(population, a), *g = population_facts(population, b);
    gboolean kin = f->make != 0 && g->make != 0 && makes_compatible(f, g);
    return kin ? fragment->of_make : fragment->of_all;
}
