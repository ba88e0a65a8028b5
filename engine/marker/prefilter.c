/*
 * The prefilter's automaton (Aho & Corasick 1975) over the literals of all patterns. Bytes that
 * no literal holds share one class, so that the table stays small; the finished table of steps
 * leads from row to row and says itself where there is something to note. Stands between folding
 * and the patterns: a text without any literal costs one look-up a byte and nothing else.
 */
#include "engine/marker/prefilter.h"

#include <string.h>

#define EMITS (1u << 31) /* of a step: the state that it leads to says something */
#define STATES_MAX                                                                                 \
    60000 /* a state is 16 bits; literals beyond that make their pattern unfiltered */

struct Prefilter {
    guint n;         /* patterns */
    guint8 cls[256]; /* byte -> class; 0: in no literal */
    guint classes;
    GArray *next;   /* guint16, states x classes; while building */
    guint32 *steps; /* states x classes: start of the next row, and whether it emits */
    GArray *emits;  /* gint32 by state: first entry of a list in `links`, or -1 */
    GArray *links;  /* Link */
    GArray *fail;   /* guint16 by state */
    GArray *ways;   /* Way */
    guint8 *always; /* by pattern */
};

/* One alternative of a pattern: a candidate when its sets were met one after the other. */
typedef struct {
    guint pattern;
    guint8 sets;
} Way;

/* A literal was met that is in this set of this way. */
typedef struct {
    guint way;
    guint8 set;
    gint32 more;
} Link;

static guint16 *cell(Prefilter *p, guint state, guint cls)
{
    return &g_array_index(p->next, guint16, state * p->classes + cls);
}

static guint state_new(Prefilter *p)
{
    const gint32 none = -1;
    const guint16 root = 0;
    guint state = p->emits->len;
    g_array_set_size(p->next, (state + 1) * p->classes);
    memset(cell(p, state, 0), 0, p->classes * sizeof(guint16));
    g_array_append_val(p->emits, none);
    g_array_append_val(p->fail, root);
    return state;
}

static void link_add(Prefilter *p, guint state, guint way, guint8 set)
{
    gint32 *head = &g_array_index(p->emits, gint32, state);
    Link link = {.way = way, .set = set, .more = *head};
    *head = (gint32)p->links->len;
    g_array_append_val(p->links, link);
}

static void literal_add(Prefilter *p, const char *literal, guint way, guint8 set)
{
    guint state = 0;
    for (const char *c = literal; *c != '\0'; c++) {
        guint cls = p->cls[(guchar)*c];
        guint next = *cell(p, state, cls);
        if (next == 0) {
            next = state_new(p);
            *cell(p, state, cls) = (guint16)next;
        }
        state = next;
    }
    link_add(p, state, way, set);
}

/* What the state that it falls back to says, this state says too. */
static void emits_inherit(Prefilter *p, guint state, guint from)
{
    for (gint32 l = g_array_index(p->emits, gint32, from); l >= 0;
         l = g_array_index(p->links, Link, l).more) {
        const Link link = g_array_index(p->links, Link, l);
        link_add(p, state, link.way, link.set);
    }
}

/* Breadth first, so that the state fallen back to is complete before it is used. */
static void automaton_close(Prefilter *p)
{
    g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(guint16));
    for (guint c = 0; c < p->classes; c++)
        if (*cell(p, 0, c) != 0)
            g_array_append_val(queue, *cell(p, 0, c));
    for (guint i = 0; i < queue->len; i++) {
        guint16 state = g_array_index(queue, guint16, i);
        guint16 back = g_array_index(p->fail, guint16, state);
        emits_inherit(p, state, back);
        for (guint c = 0; c < p->classes; c++) {
            guint16 child = *cell(p, state, c);
            if (child == 0) {
                *cell(p, state, c) = *cell(p, back, c);
                continue;
            }
            g_array_index(p->fail, guint16, child) = *cell(p, back, c);
            g_array_append_val(queue, child);
        }
    }
}

/* The finished automaton as rows of steps. */
static void steps_build(Prefilter *p)
{
    p->steps = g_new(guint32, p->next->len);
    for (guint i = 0; i < p->next->len; i++) {
        guint state = g_array_index(p->next, guint16, i);
        gboolean says = g_array_index(p->emits, gint32, state) >= 0;
        p->steps[i] = state * p->classes | (says ? EMITS : 0);
    }
    g_clear_pointer(&p->next, g_array_unref);
}

typedef void (*TakeLiteral)(Prefilter *p, const char *literal, guint way, guint set);

/* Every literal of a pattern's ways; ways are numbered from first on. */
static void literals_walk(Prefilter *p, const GPtrArray *ways, guint first, TakeLiteral take)
{
    for (guint w = 0; w < ways->len; w++) {
        const GPtrArray *sets = g_ptr_array_index(ways, w);
        for (guint s = 0; s < sets->len; s++) {
            const GPtrArray *set = g_ptr_array_index(sets, s);
            for (guint i = 0; i < set->len; i++)
                take(p, g_ptr_array_index(set, i), first + w, s);
        }
    }
}

static void classes_mark(Prefilter *p, const char *literal, guint way, guint set)
{
    (void)way, (void)set;
    for (const guchar *c = (const guchar *)literal; *c != '\0'; c++)
        if (p->cls[*c] == 0 && p->classes < 255)
            p->cls[*c] = (guint8)p->classes++;
}

static void literal_take(Prefilter *p, const char *literal, guint way, guint set)
{
    literal_add(p, literal, way, (guint8)set);
}

static gsize ways_size(const GPtrArray *ways)
{
    gsize sum = 0;
    for (guint w = 0; w < ways->len; w++) {
        const GPtrArray *sets = g_ptr_array_index(ways, w);
        for (guint s = 0; s < sets->len; s++) {
            const GPtrArray *set = g_ptr_array_index(sets, s);
            for (guint i = 0; i < set->len; i++)
                sum += strlen(g_ptr_array_index(set, i));
        }
    }
    return sum;
}

static void pattern_add(Prefilter *p, const GPtrArray *ways, guint pattern)
{
    if (ways == NULL || p->emits->len + ways_size(ways) > STATES_MAX) {
        p->always[pattern] = 1;
        return;
    }
    guint first = p->ways->len;
    for (guint w = 0; w < ways->len; w++) {
        const GPtrArray *sets = g_ptr_array_index(ways, w);
        const Way way = {pattern, (guint8)sets->len};
        g_array_append_val(p->ways, way);
    }
    literals_walk(p, ways, first, literal_take);
}

Prefilter *prefilter_new(GPtrArray *const *ways, guint n)
{
    Prefilter *p = g_new0(Prefilter, 1);
    p->n = n;
    p->classes = 1;
    p->always = g_new0(guint8, n + 1);
    p->next = g_array_new(FALSE, FALSE, sizeof(guint16));
    p->emits = g_array_new(FALSE, FALSE, sizeof(gint32));
    p->links = g_array_new(FALSE, FALSE, sizeof(Link));
    p->fail = g_array_new(FALSE, FALSE, sizeof(guint16));
    p->ways = g_array_new(FALSE, FALSE, sizeof(Way));
    for (guint i = 0; i < n; i++)
        if (ways[i] != NULL)
            literals_walk(p, ways[i], 0, classes_mark);
    state_new(p);
    for (guint i = 0; i < n; i++)
        pattern_add(p, ways[i], i);
    automaton_close(p);
    steps_build(p);
    return p;
}

void prefilter_free(Prefilter *p)
{
    if (p == NULL)
        return;
    g_free(p->steps);
    g_array_unref(p->emits);
    g_array_unref(p->links);
    g_array_unref(p->fail);
    g_array_unref(p->ways);
    g_free(p->always);
    g_free(p);
}

/* met: how many sets of each way were met so far. The earliest literal of a set is as good as any
 * later one for what follows, so none that is there can be missed. */
static void links_mark(const Prefilter *p, gint32 first, guint8 *met, guint8 *flags)
{
    for (gint32 l = first; l >= 0; l = g_array_index(p->links, Link, l).more) {
        const Link *link = &g_array_index(p->links, Link, l);
        const Way *way = &g_array_index(p->ways, Way, link->way);
        if (met[link->way] != link->set)
            continue;
        met[link->way]++;
        flags[way->pattern] |= met[link->way] == way->sets;
    }
}

void prefilter_run(const Prefilter *p, const char *text, gsize length, guint8 *flags)
{
    const gint32 *emits = (const gint32 *)(const void *)p->emits->data;
    guint8 *met = g_newa0(guint8, p->ways->len + 1);
    guint32 row = 0;
    memcpy(flags, p->always, p->n);
    for (gsize i = 0; i < length; i++) {
        guint32 step = p->steps[row + p->cls[(guchar)text[i]]];
        row = step & ~EMITS;
        if ((step & EMITS) != 0)
            links_mark(p, emits[row / p->classes], met, flags);
    }
}
