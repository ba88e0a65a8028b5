/*
 * Adds up what a record's texts and fields say to a probability per category: prior plus, for
 * every group of ways to say one thing, its best hit. Stands behind the scan; knows no patterns
 * and no texts but for the excerpt that a marker shows.
 */
#include "engine/marker/lexicon.h"

#include <string.h>

#include "engine/base/text.h"

#define EXCERPT_AROUND 36 /* bytes of context on each side */

/* The best word for a group: a hit in a text, or a fact. */
typedef struct {
    double bits;
    const Hit *hit;
    const Fact *fact;
} Best;

typedef struct {
    const MarkerRules *rules;
    const MarkText *texts;
    const MarkFacts *facts;
    Best *best; /* by group */
} Weigh;

static const char *fact_value(const MarkFacts *facts, guint field)
{
    switch (field) {
    case 0:
        return facts->serial_kind;
    case 1:
        return facts->make;
    case 2:
        return facts->model;
    case 3:
        return facts->type;
    case 4:
        return facts->disposition;
    case 5:
        return facts->licence_type;
    case 6:
        return facts->narcotics ? "true" : NULL;
    default:
        return facts->obliterated ? "true" : NULL;
    }
}

static gboolean value_in(char *const *values, const char *value)
{
    for (guint i = 0; values[i] != NULL; i++)
        if (g_ascii_strcasecmp(values[i], value) == 0)
            return TRUE;
    return FALSE;
}

static gboolean fact_holds(const Fact *fact, const MarkFacts *facts)
{
    for (guint i = 0; i < FACT_FIELDS; i++) {
        const char *value = fact_value(facts, i);
        if (fact->values[i] != NULL && (value == NULL || !value_in(fact->values[i], value)))
            return FALSE;
        if (fact->except[i] != NULL && value != NULL && value_in(fact->except[i], value))
            return FALSE;
    }
    return TRUE;
}

/* A fact may also speak against (negative bits); then it counts where nothing says more. */
static void best_take(Best *best, Best other)
{
    gboolean empty = best->hit == NULL && best->fact == NULL;
    if (empty || other.bits > best->bits)
        *best = other;
}

static void best_fill(Weigh *w, const GArray *hits)
{
    for (guint i = 0; i < hits->len; i++) {
        const Hit *hit = &g_array_index(hits, Hit, i);
        guint group = g_array_index(w->rules->patterns, Pattern, hit->pattern).group;
        best_take(&w->best[group], (Best){.bits = hit->bits, .hit = hit});
    }
    for (guint i = 0; w->facts != NULL && i < w->rules->facts->len; i++) {
        const Fact *fact = &g_array_index(w->rules->facts, Fact, i);
        if (fact_holds(fact, w->facts))
            best_take(&w->best[fact->group], (Best){.bits = fact->bits, .fact = fact});
    }
}

/* The start of the word near `at`, at most EXCERPT_AROUND bytes away. */
static gsize excerpt_edge(const char *text, gsize at, gsize length, int step)
{
    gsize edge = at;
    for (guint i = 0; i < EXCERPT_AROUND; i++) {
        if (step < 0 ? edge == 0 : edge == length)
            return edge;
        edge = step < 0 ? edge - 1 : edge + 1;
    }
    while (edge != at && text[edge] != ' ')
        edge = step < 0 ? edge + 1 : edge - 1;
    return edge;
}

static char *hit_excerpt(const MarkText *text, const Hit *hit)
{
    gsize length = strlen(text->text);
    gsize from = excerpt_edge(text->text, hit->start, length, -1);
    gsize to = excerpt_edge(text->text, hit->end, length, 1);
    g_autofree char *part = g_strndup(text->text + from, to - from);
    g_autofree char *plain = text_squeeze(part);
    return g_strconcat(from > 0 ? "... " : "", plain, to < length ? " ..." : "", NULL);
}

/* The first condition of a fact, as "serial_kind NONE". */
static const char *fact_field(const Fact *fact, guint *field)
{
    for (*field = 0; *field + 1 < FACT_FIELDS; (*field)++)
        if (fact->values[*field] != NULL)
            break;
    return fact_field_names()[*field];
}

static char *fact_excerpt(const Fact *fact, const MarkFacts *facts)
{
    guint field = 0;
    const char *name = fact_field(fact, &field);
    const char *value = fact_value(facts, field);
    return g_strconcat(name, " ", value != NULL ? value : "", NULL);
}

static void rule_append(const Weigh *w, GString *rules, const Best *best)
{
    guint field = 0;
    if (rules->len > 0)
        g_string_append(rules, "; ");
    if (best->hit != NULL)
        g_string_append(rules, g_array_index(w->rules->patterns, Pattern, best->hit->pattern).rule);
    else
        g_string_append_printf(rules, "field:%s", fact_field(best->fact, &field));
}

/* What one category comes to; probability 0 when nothing speaks of it. */
static Marker category_weigh(const Weigh *w, MarkCategory category)
{
    Marker marker = {.category = category};
    g_autoptr(GString) rules = NULL;
    const Best *top = NULL;
    for (guint i = 0; i < w->rules->groups->len; i++) {
        const Best *best = &w->best[i];
        if (g_array_index(w->rules->groups, Group, i).category != category ||
            (best->hit == NULL && best->fact == NULL))
            continue;
        rules = rules != NULL ? rules : g_string_new(NULL);
        marker.bits += best->bits;
        rule_append(w, rules, best);
        if (top == NULL || best->bits > top->bits)
            top = best;
    }
    if (top == NULL)
        return marker;
    marker.probability = bits_to_probability(w->rules->prior[category] + marker.bits);
    marker.rules = g_string_free(g_steal_pointer(&rules), FALSE);
    marker.excerpt = top->hit != NULL ? hit_excerpt(&w->texts[top->hit->text], top->hit)
                                      : fact_excerpt(top->fact, w->facts);
    return marker;
}

static void marker_clear(gpointer data)
{
    Marker *marker = data;
    g_clear_pointer(&marker->rules, g_free);
    g_clear_pointer(&marker->excerpt, g_free);
}

/* A kit or a print is privately made: PMF is at least as probable. */
static void pmf_raise(const MarkerRules *rules, Marker *pmf, const Marker *by)
{
    if (by->probability <= pmf->probability)
        return;
    marker_clear(pmf);
    pmf->probability = by->probability;
    pmf->bits = probability_to_bits(by->probability) - rules->prior[MARK_PMF];
    pmf->rules = g_strdup(by->rules);
    pmf->excerpt = g_strdup(by->excerpt);
}

GArray *weigh_evidence(const MarkerRules *rules, const MarkText *texts, const GArray *hits,
                       const MarkFacts *facts)
{
    GArray *markers = g_array_new(FALSE, FALSE, sizeof(Marker));
    g_array_set_clear_func(markers, marker_clear);
    if (hits->len == 0 && facts == NULL)
        return markers;
    g_autofree Best *best = g_new0(Best, rules->groups->len + 1);
    Weigh weigh = {.rules = rules, .texts = texts, .facts = facts, .best = best};
    Marker all[MARK_CATEGORIES];
    best_fill(&weigh, hits);
    for (guint i = 0; i < MARK_CATEGORIES; i++)
        all[i] = category_weigh(&weigh, (MarkCategory)i);
    pmf_raise(rules, &all[MARK_PMF], &all[MARK_PMF_KIT]);
    pmf_raise(rules, &all[MARK_PMF], &all[MARK_PRINTED]);
    for (guint i = 0; i < MARK_CATEGORIES; i++) {
        if (all[i].probability >= MARKER_HOLDS)
            g_array_append_val(markers, all[i]);
        else
            marker_clear(&all[i]);
    }
    return markers;
}
