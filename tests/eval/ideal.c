/*
 * The ideal observer of links between seizure items and traces: it knows the error channel of
 * tests/synth (outcomes.c) and how its world is made, and weighs every seized firearm against all
 * traces and none of them. Only the evidence that the engine weighs is used: serial, make,
 * model, calibre, type, origin, date, place, paper trail. What nobody can know, it guesses with
 * the right probability; so its figures are the most that an engine can reach on such a world.
 *
 * The number of a trace of a seized firearm is undamaged and its recovery is the seizure
 * (tests/synth/README.md), but for the later pieces of a ring's seizure, which have a day of their
 * own. How often records fit by chance is summed over all other traces of the world, plus what
 * the makers' number space holds unseen. One item has one trace and one trace one item: marginals
 * by sum-product messages, exact where candidates do not form rings.
 */
#include "tests/eval/ideal.h"

#include <math.h>
#include <string.h>

#include "tests/eval/measures.h"
#include "tests/eval/outcomes.h"
#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

#define OTHER_DAY      0.02 /* share of linked items whose trace has another day (rings) */
#define OTHER_DAY_MOST 900  /* days */
#define BY_CHANCE      1e-4 /* of a seizure number on a trace of another item */
#define CERTAIN        1e9  /* odds of a pair whose seizure names the trace */

/* An item's serial text can come from this trace. */
typedef struct {
    guint trace;
    double probability; /* of the text, given the trace */
    double unseen;      /* the same over all units of the makers that are not in the world */
} Entry;

/* A text of items, and under which names outcomes may reach it. */
typedef struct {
    GArray *entries; /* Entry, traces ascending */
    double scale;
} Slot;

typedef struct {
    guint item, trace;
    double odds, forth, back; /* messages item to trace and trace to item */
} Edge;

typedef struct {
    GPtrArray *items, *traces;
    GHashTable *slots[2]; /* by removed: name -> GPtrArray of Slot */
    GHashTable *own[2];   /* by removed: text -> Slot, owned */
    GHashTable *places;   /* place -> number of traces there */
    GArray *days;         /* Day of all traces, ascending */
    GArray *edges;
    gboolean bound; /* a pair needs something of a number on both sides, or the paper trail */
    guint trace;    /* at hand */
    gboolean removed;
} Observer;

#define UNITS ((double)(OLD_UNITS + RECENT_UNITS))

static void slot_name(GHashTable *slots, char *name, Slot *slot)
{
    GPtrArray *list = g_hash_table_lookup(slots, name);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(slots, g_strdup(name), list);
    }
    g_ptr_array_add(list, slot);
    g_free(name);
}

static void slot_free(gpointer data)
{
    Slot *slot = data;
    g_array_unref(slot->entries);
    g_free(slot);
}

static gboolean is_word(const char *text)
{
    return !strpbrk(text, "0123456789") && !g_str_has_prefix(text, "***");
}

static void slot_add(Observer *o, const Seen *item)
{
    GHashTable *own = o->own[item->removed], *slots = o->slots[item->removed];
    if (g_hash_table_contains(own, item->text))
        return;
    Slot *slot = g_new0(Slot, 1);
    slot->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    slot->scale = g_str_has_prefix(item->text, "***") ? 1e-5 : 1 / UNITS;
    g_hash_table_insert(own, g_strdup(item->text), slot);
    slot_name(slots, g_strdup(item->text), slot);
    if (!item->removed || is_word(item->text))
        return;
    slot_name(slots, g_strdup(OUTCOME_ANY), slot);
    gsize n = strlen(item->text);
    if (!g_str_has_prefix(item->text, "***"))
        slot_name(slots, g_strconcat(OUTCOME_ANY_END, item->text + (n > 5 ? n - 5 : 0), NULL),
                  slot);
}

static void on_outcome(const char *text, double probability, double preimages, gpointer data)
{
    Observer *o = data;
    const GPtrArray *list = g_hash_table_lookup(o->slots[o->removed], text);
    for (guint i = 0; list && i < list->len; i++) {
        Slot *slot = g_ptr_array_index(list, i);
        double p = strcmp(text, OUTCOME_ANY) == 0 ? probability * slot->scale : probability;
        Entry fresh = {o->trace, p, p * preimages / UNITS};
        Entry *last = slot->entries->len
                          ? &g_array_index(slot->entries, Entry, slot->entries->len - 1)
                          : NULL;
        if (last && last->trace == o->trace) {
            last->probability += fresh.probability;
            last->unseen += fresh.unseen;
        } else {
            g_array_append_val(slot->entries, fresh);
        }
    }
}

static int by_day(gconstpointer a, gconstpointer b)
{
    const Day *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void world_weigh(Observer *o, double errors)
{
    for (guint i = 0; i < o->items->len; i++)
        slot_add(o, g_ptr_array_index(o->items, i));
    for (guint t = 0; t < o->traces->len; t++) {
        const Seen *trace = g_ptr_array_index(o->traces, t);
        gboolean none = strcmp(trace->text, "NONE") == 0;
        o->trace = t;
        o->removed = trace->removed;
        if (trace->removed)
            outcomes_removed(trace->text, on_outcome, o);
        else
            outcomes_of(none ? "" : trace->text, trace->model, errors, on_outcome, o);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(o->places, trace->place));
        g_hash_table_insert(o->places, trace->place, GUINT_TO_POINTER(n + 1));
        g_array_append_val(o->days, trace->day);
    }
    g_array_sort(o->days, by_day);
}

static guint days_before(const GArray *days, Day day)
{
    guint low = 0, high = days->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(days, Day, middle) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double description_fit(const Seen *item, const Seen *trace)
{
    double sum = 0;
    for (guint i = 0; i < MODELS_MOST; i++)
        sum += item->description[i] * trace->description[i];
    return sum;
}

/* Likelihood ratio of when and where, and of the paper trail; 0 when it cannot be. */
static double event_ratio(const Observer *o, const Seen *item, const Seen *trace)
{
    double all = o->traces->len, ratio = 0;
    int apart = ABS(item->day - trace->day);
    if (*item->paper)
        return strcmp(item->paper, trace->number) == 0 ? CERTAIN : 0;
    if (strcmp(item->place, trace->place) != 0 || apart > OTHER_DAY_MOST)
        return 0;
    double here = GPOINTER_TO_UINT(g_hash_table_lookup(o->places, trace->place)) / all;
    double now = (days_before(o->days, trace->day + 183) - days_before(o->days, trace->day - 182)) /
                 365.0 / all;
    ratio = (apart == 0 ? 1 - OTHER_DAY : OTHER_DAY / (2.0 * OTHER_DAY_MOST)) / (here * now);
    ratio *= 1 - TRACE_NAMED;
    if (strcmp(item->number, trace->paper) == 0)
        return ratio * SEIZURE_NAMED / BY_CHANCE;
    return g_str_has_prefix(trace->paper, "GO") ? ratio * (1 - SEIZURE_NAMED) : 0;
}

static gboolean is_number(const char *text)
{
    double share = 0;
    const Model *model = NULL;
    for (guint i = 0; (model = gun_model(i, &share)) != NULL; i++)
        if (strcmp(model->model, text) == 0)
            return FALSE;
    return !is_word(text);
}

/* May the pair be a candidate by the tiers? */
static gboolean is_candidate(const Seen *item, gboolean numbered, const Seen *trace)
{
    return *item->paper || strcmp(item->number, trace->paper) == 0 ||
           (numbered && !is_word(trace->text));
}

static void item_weigh(Observer *o, guint i)
{
    const Seen *item = g_ptr_array_index(o->items, i);
    const Slot *slot = g_hash_table_lookup(o->own[item->removed], item->text);
    gboolean numbered = is_number(item->text);
    double all = o->traces->len, sum = 0;
    g_autofree double *fit = g_new(double, slot->entries->len + 1);
    for (guint e = 0; e < slot->entries->len; e++) {
        const Entry *entry = &g_array_index(slot->entries, Entry, e);
        fit[e] = description_fit(item, g_ptr_array_index(o->traces, entry->trace));
        sum += fit[e] * entry->probability;
    }
    for (guint e = 0; e < slot->entries->len; e++) {
        const Entry *entry = &g_array_index(slot->entries, Entry, e);
        double mine = fit[e] * entry->probability;
        const Seen *trace = g_ptr_array_index(o->traces, entry->trace);
        double event = event_ratio(o, item, trace);
        if (mine <= 0 || event <= 0 || (o->bound && !is_candidate(item, numbered, trace)))
            continue;
        double chance = fmax(sum - mine, 0) / all + fit[e] * entry->unseen;
        Edge edge = {.item = i, .trace = entry->trace, .back = 1};
        edge.odds = LINKED_SHARE / (1 - LINKED_SHARE) / all * event * mine / chance;
        edge.odds = fmin(edge.odds, CERTAIN);
        g_array_append_val(o->edges, edge);
    }
}

/* One round of messages; the sums are over all candidates of an item, or of a trace. */
static void messages_pass(Observer *o, double *of_item, double *of_trace)
{
    memset(of_item, 0, o->items->len * sizeof *of_item);
    memset(of_trace, 0, o->traces->len * sizeof *of_trace);
    for (guint e = 0; e < o->edges->len; e++) {
        const Edge *edge = &g_array_index(o->edges, Edge, e);
        of_item[edge->item] += edge->odds * edge->back;
    }
    for (guint e = 0; e < o->edges->len; e++) {
        Edge *edge = &g_array_index(o->edges, Edge, e);
        edge->forth = edge->odds / (1 + fmax(of_item[edge->item] - edge->odds * edge->back, 0));
        of_trace[edge->trace] += edge->forth;
    }
    for (guint e = 0; e < o->edges->len; e++) {
        Edge *edge = &g_array_index(o->edges, Edge, e);
        edge->back = 1 / (1 + fmax(of_trace[edge->trace] - edge->forth, 0));
    }
}

static void observer_free(Observer *o)
{
    for (guint i = 0; i < 2; i++) {
        g_hash_table_unref(o->slots[i]);
        g_hash_table_unref(o->own[i]);
    }
    g_hash_table_unref(o->places);
    g_array_unref(o->days);
    g_array_unref(o->edges);
    g_ptr_array_unref(o->items);
    g_ptr_array_unref(o->traces);
}

static void pairs_tell(Observer *o, PairFunc each, gpointer data)
{
    g_autofree double *of_item = g_new(double, o->items->len + 1);
    g_autofree double *of_trace = g_new(double, o->traces->len + 1);
    for (guint round = 0; round < 50; round++)
        messages_pass(o, of_item, of_trace);
    memset(of_item, 0, o->items->len * sizeof *of_item);
    for (guint e = 0; e < o->edges->len; e++) {
        const Edge *edge = &g_array_index(o->edges, Edge, e);
        of_item[edge->item] += edge->odds * edge->back;
    }
    for (guint e = 0; e < o->edges->len; e++) {
        const Edge *edge = &g_array_index(o->edges, Edge, e);
        const Seen *item = g_ptr_array_index(o->items, edge->item);
        const Seen *trace = g_ptr_array_index(o->traces, edge->trace);
        each(item->ref, trace->ref, edge->odds * edge->back / (1 + of_item[edge->item]), data);
    }
}

void ideal_links(const char *world, double errors, gboolean bound, PairFunc each, gpointer data)
{
    Observer o = {
        .bound = bound, .items = ideal_items(world, errors), .traces = ideal_traces(world, errors)};
    for (guint i = 0; i < 2; i++) {
        o.slots[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)g_ptr_array_unref);
        o.own[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, slot_free);
    }
    o.places = g_hash_table_new(g_str_hash, g_str_equal);
    o.days = g_array_new(FALSE, FALSE, sizeof(Day));
    o.edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    world_weigh(&o, errors);
    for (guint i = 0; i < o.items->len; i++)
        item_weigh(&o, i);
    pairs_tell(&o, each, data);
    observer_free(&o);
}
