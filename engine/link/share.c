/*
 * What share of the other side's firearms a fragment fits: from how many of the store do, and from
 * how serials of the make look (fragment.c, channel.c). search.c asks when it knows all that fit.
 */
#include "engine/base/sort.h"
#include "engine/link/work.h"

/* Firearms behind the forms that fit, of a make (0: any): traces of one firearm count once. */
static guint count_fitting(const Work *work, const Forms *forms, gboolean traced,
                           const GArray *fits, guint make)
{
    const guint *list = traced ? work->trace : work->seizure;
    g_autoptr(GArray) firearms = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < fits->len; i++) {
        guint form = g_array_index(fits, guint, i);
        for (guint j = forms->first[form]; j < forms->first[form + 1]; j++) {
            guint b = list[forms->member[j]];
            if (make == 0 || population_facts(work->judge.population, b)->make == make) {
                guint firearm = traced ? work->firearm[b] : b;
                g_array_append_val(firearms, firearm);
            }
        }
    }
    g_array_sort(firearms, sort_order);
    guint sum = 0;
    for (guint i = 0; i < firearms->len; i++) {
        sum += i == 0 || g_array_index(firearms, guint, i) != g_array_index(firearms, guint, i - 1);
    }
    return sum;
}

Fitted fragment_count(const Work *work, const Forms *forms, guint owner, const GArray *fits)
{
    gboolean seized = work->judge.firearms[owner].side == SIDE_SEIZURE;
    guint make = population_facts(work->judge.population, owner)->make;
    return (Fitted){count_fitting(work, forms, seized, fits, 0),
                    make == 0 ? 0 : count_fitting(work, forms, seized, fits, make)};
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
