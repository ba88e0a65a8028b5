/*
 * The plan of the world: which trace and which seizure item tell of which firearm, who bought it,
 * who had it. Groups (seizures) and rings are few and kept; everything else is worked out from
 * its number when its row is written.
 */
#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

enum {
    KIND_GROUP = 51,
    KIND_CASE = 52,
    KIND_ITEM = 53,
    KIND_LINE = 54,
    KIND_LINKED = 55,
    KIND_OBJECT = 56,
};

#define LAST_DAY        date_from_ymd(2024, 6, 30)
#define DUPLICATE_SHARE 0.02 /* of traces */

static guint64 ring_items(const World *world)
{
    return world->ring_items->len;
}

static guint group_size(Rng *rng)
{
    static const guint weights[] = {70, 14, 11, 5};
    switch (rng_weighted(rng, weights, 4)) {
    case 0:
        return 1;
    case 1:
        return 2;
    case 2:
        return (guint)rng_between(rng, 3, 5);
    default:
        return (guint)rng_between(rng, 6, 25);
    }
}

/* Ring seizures first, of one to three items; then ordinary ones; then mixed. */
static void groups_plan(World *world)
{
    guint64 item = 0, total = world->options.items;
    world->groups = g_array_new(FALSE, FALSE, sizeof(Group));
    while (item < total) {
        Rng rng = rng_for(world->options.seed, KIND_GROUP, world->groups->len);
        Group group = {.first = item, .number = world->groups->len, .ring_case = -1};
        if (item < ring_items(world)) {
            guint32 first = g_array_index(world->ring_items, guint32, item);
            const Case *head = &g_array_index(world->ring_cases, Case, first);
            guint most = 1 + (guint)rng_below(&rng, 3);
            group.ring_case = (gint)first;
            for (group.count = 0; group.count < most && item + group.count < ring_items(world);
                 group.count++) {
                guint32 next = g_array_index(world->ring_items, guint32, item + group.count);
                if (g_array_index(world->ring_cases, Case, next).ring != head->ring)
                    break;
            }
        } else {
            group.count = group_size(&rng);
            group.count = MIN(group.count, total - item);
        }
        item += group.count;
        g_array_append_val(world->groups, group);
    }
    world->group_of = g_new(guint32, total + 1);
    for (guint i = 0; i < world->groups->len; i++) {
        const Group *group = &g_array_index(world->groups, Group, i);
        for (guint64 k = 0; k < group->count; k++)
            world->group_of[group->first + k] = i;
    }
}

void world_build(World *world, const Options *options)
{
    *world = (World){.options = *options};
    world->ring_cases = g_array_new(FALSE, TRUE, sizeof(Case));
    world->ring_items = g_array_new(FALSE, FALSE, sizeof(guint32));
    world->rings = g_array_new(FALSE, TRUE, sizeof(Ring));
    rings_plan(world);
    groups_plan(world);
    guint64 free_traces = options->traces - world->ring_cases->len;
    guint64 items = options->items - ring_items(world);
    world->linked = MIN((guint64)((double)items * LINKED_SHARE), free_traces / 2);
    world->duplicates = (guint64)((double)(free_traces - world->linked) * DUPLICATE_SHARE);
}

void world_free(World *world)
{
    for (guint i = 0; i < world->rings->len; i++)
        g_string_free(g_array_index(world->rings, Ring, i).records, TRUE);
    g_array_unref(world->rings);
    g_array_unref(world->ring_cases);
    g_array_unref(world->ring_items);
    g_array_unref(world->groups);
    g_free(world->group_of);
}

/* Long ago or of the last decade; every object of the world has its own unit. */
static Gun gun_of_object(const World *world, guint64 object, gboolean recent, Rng *rng)
{
    guint64 seed = world->options.seed, n = world->options.traces + world->options.items;
    guint64 at = shuffle(seed + KIND_OBJECT, n, object);
    guint64 unit = recent ? gun_unit_recent(at, n) : gun_unit_old(at, n);
    double draw = rng_unit(rng);
    if (draw < GHOST_SHARE)
        return gun_ghost(seed, unit);
    return draw < GHOST_SHARE + UNNUMBERED_SHARE ? gun_unnumbered(seed, unit) : gun_of(seed, unit);
}

static guint64 number_of_people(const World *world)
{
    return world->options.traces / US_CITY_COUNT + world->options.items / US_CITY_COUNT + 8;
}

static void people_fill(const World *world, Case *c, Rng *rng)
{
    guint home = c->gun.dealer % US_CITY_COUNT;
    guint64 crowd = number_of_people(world);
    c->purchaser = person_in_city(FALSE, home, rng_below(rng, crowd * 2));
    if (c->kind == CASE_COLLECTOR)
        c->purchaser = person_in_city(FALSE, home, 4 * rng_below(rng, crowd / 40 + 1));
    double draw = rng_unit(rng);
    if (c->kind == CASE_COLLECTOR || draw < 0.12)
        c->possessor = c->purchaser;
    else if (draw < 0.20)
        c->possessor = person_kin(c->purchaser, rng);
    else if (draw < 0.75)
        c->possessor = c->in_canada ? person_in_city(TRUE, c->city, rng_below(rng, crowd))
                                    : person_in_city(FALSE, c->city, rng_below(rng, crowd * 2));
    if (c->possessor != 0 && rng_chance(rng, 0.12))
        c->associate = c->in_canada ? person_in_city(TRUE, c->city, rng_below(rng, crowd))
                                    : person_in_city(FALSE, c->city, rng_below(rng, crowd * 2));
}

static void dates_fill(Case *c, Rng *rng, gboolean short_way)
{
    Day first = date_from_ymd(2017, 1, 1);
    c->purchase = c->gun.shipped + (Day)rng_lognormal(rng, 40, 1.0);
    Day most = LAST_DAY - c->purchase;
    Day way = (Day)rng_lognormal(rng, short_way ? 150 : 3100, short_way ? 1.0 : 0.9);
    c->recovery = c->purchase + CLAMP(way, 1, MAX(most, 1));
    if (c->recovery < first)
        c->recovery = first + (Day)rng_below(rng, (guint64)(LAST_DAY - first));
}

/* What a background firearm has about it, apart from who and when. */
static guint say_of(Rng *rng, const Gun *gun)
{
    guint say = 0;
    if (gun->ghost) {
        static const guint kinds[] = {SAY_PMF, SAY_PMF | SAY_KIT, SAY_PMF | SAY_PRINTED};
        say = kinds[rng_below(rng, 3)] | (rng_chance(rng, 0.6) ? SAY_NO_SERIAL : 0);
        if (strcmp(gun->model->make, "POLYMER80") == 0)
            say = SAY_PMF | SAY_KIT;
    }
    if (rng_chance(rng, 0.02))
        say |= SAY_NARCOTICS;
    if (rng_chance(rng, 0.01))
        say |= SAY_CONVERSION;
    if (rng_chance(rng, 0.008))
        say |= SAY_SUPPRESSOR;
    if (rng_chance(rng, 0.004))
        say |= SAY_REPLICA;
    if (gun->serial[0] != '\0' && rng_chance(rng, 0.035))
        say |= SAY_OBLITERATED;
    return say;
}

static Case background_case(const World *world, guint64 object, gboolean at_border)
{
    Case c = {.ring = -1, .item = G_MAXUINT64, .trace = G_MAXUINT64};
    Rng rng = rng_for(world->options.seed, KIND_CASE, object);
    gboolean short_way = rng_chance(&rng, 0.35);
    c.gun = gun_of_object(world, object, short_way, &rng);
    c.kind = rng_chance(&rng, 0.03) ? CASE_COLLECTOR : CASE_BACKGROUND;
    c.dealer = c.gun.dealer;
    c.in_canada = at_border || rng_chance(&rng, 0.2);
    c.city = c.in_canada             ? ca_city_of_weight(&rng)
             : rng_chance(&rng, 0.7) ? c.gun.dealer % US_CITY_COUNT
                                     : (guint)rng_below(&rng, US_CITY_COUNT);
    dates_fill(&c, &rng, short_way);
    people_fill(world, &c, &rng);
    c.multiple_sale = rng_chance(&rng, c.kind == CASE_COLLECTOR ? 0.7 : 0.08);
    c.say = say_of(&rng, &c.gun);
    if (c.gun.serial[0] == '\0')
        c.purchaser = 0; /* no number, no trace to a sale */
    return c;
}

gboolean item_is_firearm(const World *world, guint64 item)
{
    if (item < ring_items(world))
        return TRUE;
    const Group *group = &g_array_index(world->groups, Group, world->group_of[item]);
    const Office *office = group_office(world, group);
    Rng rng = rng_for(world->options.seed, KIND_ITEM, item);
    return rng_chance(&rng, office->kind == 'P' || office->kind == 'C' ? 0.35 : 0.9);
}

Day group_day(const World *world, const Group *group)
{
    Rng rng = rng_for(world->options.seed, KIND_GROUP + 100, group->number);
    Day first = date_from_ymd(2017, 1, 1);
    if (group->ring_case >= 0)
        return g_array_index(world->ring_cases, Case, group->ring_case).recovery;
    return first + (Day)rng_below(&rng, (guint64)(LAST_DAY - first));
}

const Office *group_office(const World *world, const Group *group)
{
    guint weights[64];
    Rng rng = rng_for(world->options.seed, KIND_GROUP + 200, group->number);
    for (guint i = 0; i < OFFICE_COUNT; i++)
        weights[i] = (guint)OFFICES[i].weight;
    if (group->ring_case >= 0 && g_array_index(world->ring_cases, Case, group->ring_case).gun.ghost)
        return &OFFICES[OFFICE_COUNT - 8 + rng_below(&rng, 5)];
    return &OFFICES[rng_weighted(&rng, weights, OFFICE_COUNT)];
}

/* Most are ordinary Americans with a firearm of their own, or of the household's. */
guint64 group_traveller(const World *world, const Group *group)
{
    Rng rng = rng_for(world->options.seed, KIND_GROUP + 300, group->number);
    if (group->ring_case >= 0)
        return g_array_index(world->ring_cases, Case, group->ring_case).possessor;
    Case first = background_case(world, world->options.traces + group->first, TRUE);
    if (first.purchaser != 0 && rng_chance(&rng, 0.8))
        return rng_chance(&rng, 0.85) ? first.purchaser : person_kin(first.purchaser, &rng);
    if (rng_chance(&rng, 0.5))
        return person_in_city(TRUE, ca_city_of_weight(&rng),
                              rng_below(&rng, number_of_people(world)));
    return person_in_city(FALSE, (guint)rng_below(&rng, US_CITY_COUNT),
                          rng_below(&rng, number_of_people(world) * 2));
}

static guint64 background_items(const World *world)
{
    return world->options.items - ring_items(world);
}

Case case_of_item(const World *world, guint64 item)
{
    const Group *group = &g_array_index(world->groups, Group, world->group_of[item]);
    if (item < ring_items(world)) {
        guint32 index = g_array_index(world->ring_items, guint32, item);
        return g_array_index(world->ring_cases, Case, index);
    }
    Case c = background_case(world, world->options.traces + item, TRUE);
    guint64 rank = unshuffle(world->options.seed + KIND_LINKED, background_items(world),
                             item - ring_items(world));
    c.item = item;
    c.recovery = group_day(world, group);
    if (c.purchase >= c.recovery)
        c.purchase = c.recovery - 30;
    if (c.gun.shipped > c.purchase)
        c.gun.shipped = c.purchase - 10;
    c.possessor = group_traveller(world, group);
    c.associate = 0;
    Rng rng = rng_for(world->options.seed, KIND_ITEM + 50, item);
    if (c.purchaser != 0 && (c.possessor & 1) == 0 && rng_chance(&rng, 0.6))
        c.purchaser = c.possessor; /* the second of a traveller's own firearms */
    if (rank < world->linked && item_is_firearm(world, item))
        c.trace = world->ring_cases->len + rank;
    return c;
}

Case case_of_trace(const World *world, guint64 logical, gboolean *duplicate)
{
    guint64 rings = world->ring_cases->len;
    *duplicate = FALSE;
    if (logical < rings)
        return g_array_index(world->ring_cases, Case, logical);
    logical -= rings;
    if (logical < world->linked) {
        guint64 item = ring_items(world) +
                       shuffle(world->options.seed + KIND_LINKED, background_items(world), logical);
        if (item_is_firearm(world, item))
            return case_of_item(world, item);
        Case other = background_case(world, rings + logical, FALSE);
        other.trace = rings + logical;
        return other;
    }
    logical -= world->linked;
    guint64 rest = world->options.traces - rings - world->linked - world->duplicates;
    if (logical < world->duplicates && rest > 0) {
        *duplicate = TRUE;
        logical =
            world->duplicates + shuffle(world->options.seed + KIND_LINE, rest, logical % rest);
    }
    Case c = background_case(world, rings + world->linked + logical, FALSE);
    c.trace = rings + world->linked + logical;
    return c;
}

guint64 trace_line(const World *world, guint64 logical)
{
    return shuffle(world->options.seed + KIND_LINE, world->options.traces, logical);
}

guint64 trace_at(const World *world, guint64 line)
{
    return unshuffle(world->options.seed + KIND_LINE, world->options.traces, line);
}
