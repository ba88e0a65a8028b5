/*
 * Trafficking rings, one row of a table for each kind. Rings are small and few, so
 * they are planned ahead and kept: who bought what where and when, and where each piece came up.
 */
#include <string.h>

#include "tests/synth/synth.h"

enum { KIND_RING = 71 };

#define LAST_DAY date_from_ymd(2024, 6, 30)

typedef struct {
    const char *name;
    int buyers[2], guns[2], dealers[2], days[2]; /* least and most */
    gboolean same_model, consecutive;            /* one model; neighbours in the run of numbers */
    gboolean one_home;                           /* buyers of one household */
    gboolean buyer_travels;                      /* the buyer is stopped at the border */
    gboolean one_day;                            /* bought within a business week */
    gboolean ghost, rifles, stolen_late, associates, one_place;
    double obliterated, border; /* shares of the pieces */
} RingType;

static const RingType TYPES[] = {
    {.name = "multiple-sale", {1, 1}, {5, 12}, {1, 1}, {20, 60}, .one_day = TRUE, .border = 0.3},
    {.name = "multi-dealer", {1, 2}, {6, 15}, {3, 9}, {20, 60}, .one_day = TRUE, .border = 0.3},
    {.name = "rifle-multiple-sale",
     {1, 2},
     {5, 10},
     {1, 2},
     {20, 90},
     .rifles = TRUE,
     .border = 0.4},
    {.name = "repeat-purchaser", {1, 1}, {5, 14}, {2, 5}, {90, 200}, .border = 0.25},
    {.name = "same-model", {1, 2}, {5, 12}, {2, 6}, {60, 180}, .same_model = TRUE, .border = 0.3},
    {.name = "dealer", {3, 8}, {15, 40}, {1, 1}, {60, 200}, .border = 0.2},
    {.name = "obliterated", {1, 2}, {5, 15}, {2, 4}, {20, 120}, .obliterated = 0.7, .border = 0.3},
    {.name = "consecutive",
     {2, 3},
     {5, 12},
     {1, 2},
     {20, 90},
     .same_model = TRUE,
     .consecutive = TRUE,
     .border = 0.3},
    {.name = "shared-address", {2, 3}, {6, 15}, {2, 5}, {30, 150}, .one_home = TRUE, .border = 0.3},
    {.name = "border-purchaser",
     {1, 2},
     {5, 12},
     {2, 4},
     {30, 150},
     .buyer_travels = TRUE,
     .border = 0.5},
    {.name = "stolen-after",
     {1, 2},
     {5, 12},
     {2, 4},
     {30, 150},
     .stolen_late = TRUE,
     .border = 0.25},
    {.name = "ghost-parcels", {1, 2}, {5, 16}, {1, 1}, {30, 200}, .ghost = TRUE, .border = 0.6},
    {.name = "network", {2, 3}, {8, 20}, {3, 6}, {60, 200}, .associates = TRUE, .border = 0.3},
    {.name = "corridor", {2, 3}, {8, 24}, {3, 6}, {60, 200}, .one_place = TRUE, .border = 0.25},
};

typedef struct {
    World *world;
    const RingType *type;
    int number;
    Rng rng;
    guint city, place;
    guint64 buyers[8], receivers[4], courier, hub;
    guint dealers[9], buyer_count, dealer_count;
    Day start;
    int days;
    guint block;
} Plan;

static guint between(Rng *rng, const int range[2])
{
    return (guint)rng_between(rng, range[0], range[1]);
}

static guint64 somebody(Plan *p, gboolean canadian, guint city)
{
    guint64 crowd = p->world->options.traces / US_CITY_COUNT + 8;
    return person_in_city(canadian, city, rng_below(&p->rng, crowd * 2));
}

/* The first run of the ring's numbers that is of the wanted kind of firearm. */
static guint block_find(Plan *p, guint from)
{
    const char *want = p->type->rifles ? "RIFLE" : "PISTOL";
    for (guint i = 0; i < 16; i++) {
        guint block = (from + i) % 16;
        Gun gun = gun_of(p->world->options.seed, gun_unit_ring((guint)p->number, block * 64));
        if (strcmp(gun.model->type, want) == 0)
            return block;
    }
    return from % 16;
}

static void people_plan(Plan *p)
{
    p->buyer_count = between(&p->rng, p->type->buyers);
    p->dealer_count = between(&p->rng, p->type->dealers);
    p->city = us_city_source(&p->rng);
    p->place = ca_city_of_weight(&p->rng);
    p->buyers[0] = somebody(p, FALSE, p->city);
    for (guint i = 1; i < p->buyer_count; i++)
        p->buyers[i] = p->type->one_home ? p->buyers[0] + (i << 1) : somebody(p, FALSE, p->city);
    if (p->type->one_home) /* members 0, 1, 2 of one household */
        for (guint i = 0; i < p->buyer_count; i++)
            p->buyers[i] = p->buyers[0] - ((p->buyers[0] - 2) >> 1) % 4 * 2 + (guint64)i * 2;
    for (guint i = 0; i < p->dealer_count; i++)
        p->dealers[i] = dealer_in_city(p->city, &p->rng);
    for (guint i = 0; i < G_N_ELEMENTS(p->receivers); i++)
        p->receivers[i] = somebody(p, TRUE, p->place);
    p->courier = p->type->buyer_travels ? p->buyers[0] : somebody(p, FALSE, p->city);
    if (p->type->ghost) /* parcels go to one of those who are found with the result */
        p->courier = p->receivers[0];
    p->hub = somebody(p, TRUE, p->place);
}

static Gun gun_plan(Plan *p, guint k)
{
    guint n = (k * 5 + 3) % 64; /* every piece its own number */
    guint block = p->block;
    if (p->type->consecutive)
        n = k;
    if (!p->type->same_model && k % 3 == 2)
        block = block_find(p, block + 1 + k / 3);
    guint64 unit = gun_unit_ring((guint)p->number, block * 64 + n);
    return p->type->ghost ? gun_ghost(p->world->options.seed, unit)
                          : gun_of(p->world->options.seed, unit);
}

static guint say_plan(Plan *p, const Gun *gun)
{
    guint say = gun->ghost ? SAY_PMF : 0;
    if (gun->ghost && strcmp(gun->model->make, "POLYMER80") == 0)
        say |= SAY_KIT;
    else if (gun->ghost && rng_chance(&p->rng, 0.5))
        say |= SAY_PRINTED;
    if (rng_chance(&p->rng, p->type->obliterated))
        say |= SAY_OBLITERATED;
    if (rng_chance(&p->rng, 0.12))
        say |= SAY_NARCOTICS;
    if (rng_chance(&p->rng, 0.05))
        say |= SAY_CONVERSION;
    return say;
}

static Case piece_plan(Plan *p, guint k, gboolean border)
{
    Case c = {.ring = p->number, .kind = CASE_RING, .item = G_MAXUINT64, .in_canada = TRUE};
    Rng *rng = &p->rng;
    c.gun = gun_plan(p, k);
    c.say = say_plan(p, &c.gun);
    c.purchaser = p->type->ghost ? 0 : p->buyers[k % p->buyer_count];
    c.dealer = p->dealers[(k / p->buyer_count) % p->dealer_count];
    c.purchase = p->start + (p->type->one_day ? (Day)(k % 4) + (Day)(k / 6) * 9
                                              : (Day)rng_below(rng, (guint64)p->days));
    Day way = (Day)rng_lognormal(rng, 170, 0.8);
    c.recovery = MIN(c.purchase + CLAMP(way, 8, 900), LAST_DAY);
    c.city = p->type->one_place || rng_chance(rng, 0.6) ? p->place : ca_city_of_weight(rng);
    c.possessor = border ? p->courier : p->receivers[rng_below(rng, 4)];
    if (!border && rng_chance(rng, 0.3))
        c.possessor = somebody(p, TRUE, c.city);
    if (p->type->associates && !border)
        c.associate = p->hub;
    c.multiple_sale = p->type->one_day || rng_chance(rng, 0.35);
    c.stolen_late = p->type->stolen_late && rng_chance(rng, 0.7);
    return c;
}

static void ring_plan(World *world, int number)
{
    Plan plan = {.world = world, .number = number};
    plan.type = &TYPES[(guint)number % G_N_ELEMENTS(TYPES)];
    plan.rng = rng_for(world->options.seed, KIND_RING, (guint64)number);
    people_plan(&plan);
    plan.days = (int)between(&plan.rng, plan.type->days);
    plan.block = block_find(&plan, (guint)rng_below(&plan.rng, 16));
    plan.start = gun_of(world->options.seed, gun_unit_ring((guint)number, 0)).shipped +
                 rng_between(&plan.rng, 15, 120);
    guint guns = between(&plan.rng, plan.type->guns);
    for (guint k = 0; k < guns; k++) {
        gboolean border = rng_chance(&plan.rng, plan.type->border) &&
                          world->ring_items->len < world->options.items / 3;
        Case c = piece_plan(&plan, k, border);
        c.trace = world->ring_cases->len;
        if (border) {
            guint32 index = world->ring_cases->len;
            c.item = world->ring_items->len;
            g_array_append_val(world->ring_items, index);
        }
        g_array_append_val(world->ring_cases, c);
    }
    Ring ring = {.ring = number, .type = plan.type->name, .records = g_string_new(NULL)};
    g_array_append_val(world->rings, ring);
}

void rings_plan(World *world)
{
    for (guint i = 0; i < world->options.rings; i++) {
        if (world->ring_cases->len + 40 > world->options.traces / 3)
            break;
        ring_plan(world, (int)i);
    }
}

static void record_add(GString *records, const char *record)
{
    if (records->len > 0)
        g_string_append_c(records, ';');
    g_string_append(records, record);
}

gboolean rings_write(World *world)
{
    Out out;
    char name[96];
    for (guint i = 0; i < world->ring_cases->len; i++) {
        const Case *c = &g_array_index(world->ring_cases, Case, i);
        GString *records = g_array_index(world->rings, Ring, c->ring).records;
        trace_ref(world, c, c->trace, name, sizeof name);
        record_add(records, name);
        if (c->item != G_MAXUINT64) {
            item_ref(world, c->item, name, sizeof name);
            record_add(records, name);
        }
    }
    if (!out_open(&out, world->options.out, "truth/rings.csv", ',', FALSE))
        return FALSE;
    out_words(&out, "ring type records");
    for (guint i = 0; i < world->rings->len; i++) {
        const Ring *ring = &g_array_index(world->rings, Ring, i);
        g_snprintf(name, sizeof name, "R%d", ring->ring + 1);
        out_cell(&out, name);
        out_cell(&out, ring->type);
        out_cell(&out, ring->records->str);
        out_end(&out);
    }
    return out_close(&out);
}
