/*
 * firearm_link(): observations in, links out. Order of work: population, repeated traces and the
 * firearms they make, candidates of seizures, people's decisions, competition, export.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/union.h"
#include "engine/link/linker.h"
#include "engine/link/recall.h"

#define SAMPLE 20000u /* seizures from which rates are estimated, about */

struct FirearmLinker {
    FirearmInput input;
    FirearmParameters *own; /* NULL: those of the input, or handed over */
    Work work;
    Search *search; /* NULL: not yet needed */
};

static int ref_order(gconstpointer a, gconstpointer b, gpointer firearms)
{
    const Firearm *f = firearms;
    guint x = *(const guint *)a, y = *(const guint *)b;
    int order = g_strcmp0(f[x].ref, f[y].ref);
    return order != 0 ? order : (x > y) - (x < y);
}

/* Takes the population, of the input and what it said before. */
static void work_take(Work *work, const FirearmInput *input, Population *population,
                      const Past *past)
{
    const FirearmParameters *parameters = population_parameters(population);
    const Firearm *firearms = input->firearms;
    guint n = input->n;
    g_autofree guint *order = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++) {
        order[i] = i;
    }
    gboolean sorted = TRUE;
    for (guint i = 1; i < n && sorted; i++) {
        sorted = g_strcmp0(firearms[i - 1].ref, firearms[i].ref) <= 0;
    }
    if (!sorted) {
        g_qsort_with_data(order, (gint)n, sizeof(*order), ref_order, (gpointer)firearms);
    }
    double *chance = past_chances(past, n);
    judge_chances(firearms, n, population, chance);
    *work = (Work){.judge = {&parameters->rates, firearms, population, texts_new(firearms, n),
                             chance, memory_table((gsize)n + 1, sizeof(double)),
                             memory_table((gsize)n + 1, sizeof(Own))},
                   .parameters = parameters,
                   .past = past,
                   .keep = KEEP_BITS,
                   .n = n};
    work->seizure = g_new(guint, n + 1);
    work->trace = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++) {
        const Firearm *f = &firearms[order[i]];
        if (f->side == SIDE_TRACE) {
            work->trace[work->n_traces++] = order[i];
        } else {
            work->seizure[work->n_seizures++] = order[i];
        }
    }
    work->rest = g_new0(double, work->n_seizures + 1);
}

void work_init(Work *work, const FirearmInput *input, const FirearmParameters *parameters,
               const Past *past)
{
    const Firearm *former = past != NULL ? past->former : NULL;
    guint n_former = past != NULL ? past->n_former : 0;
    work_take(work, input,
              population_with_former(parameters, input->firearms, input->n, former, n_former),
              past);
}

void work_clear(Work *work)
{
    population_free((Population *)work->judge.population);
    texts_free((Texts *)work->judge.texts);
    g_free((double *)work->judge.chance);
    g_free(work->judge.observed);
    g_free(work->judge.own);
    g_free(work->rest);
    g_free(work->seizure);
    g_free(work->trace);
    g_free(work->firearm);
    g_clear_pointer(&work->repeats, g_array_unref);
}

const Firearm *work_firearm(const Work *work, guint observation)
{
    return observation < work->n ? &work->judge.firearms[observation]
                                 : &work->past->former[observation - work->n];
}

/* The firearm of each trace, numbered by the first place among traces that are one. */
static void group_traces(Work *work, const GArray *repeats)
{
    guint *parent = union_new(work->n);
    for (guint i = 0; i < repeats->len; i++) {
        const Candidate *c = &g_array_index(repeats, Candidate, i);
        if (c->probability >= SAME_FIREARM) {
            union_join(parent, c->a, c->b);
        }
    }
    guint *number = g_new(guint, work->n + 1);
    work->firearm = g_renew(guint, work->firearm, work->n + 1);
    work->n_firearms = 0;
    for (guint i = 0; i < work->n_traces; i++) {
        number[work->trace[i]] = G_MAXUINT;
    }
    for (guint i = 0; i < work->n_traces; i++) {
        guint root = union_root(parent, work->trace[i]);
        if (number[root] == G_MAXUINT) {
            number[root] = work->n_firearms++;
        }
        work->firearm[work->trace[i]] = number[root];
    }
    g_free(parent);
    g_free(number);
}

typedef struct {
    guint left, right, candidate;
} Row;

static int row_order(gconstpointer a, gconstpointer b)
{
    const Row *x = a, *y = b;
    if (x->left != y->left) {
        return x->left < y->left ? -1 : 1;
    }
    if (x->right != y->right) {
        return x->right < y->right ? -1 : 1;
    }
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static Damage one_damage(const FirearmModel *model, const Codes *written, const Codes *meant)
{
    if (written->n != meant->n) {
        return written->n < meant->n ? DAMAGE_DROPPED : DAMAGE_ADDED;
    }
    guint at = 0, differ = 0;
    for (guint i = 0; i < written->n; i++) {
        if (written->code[i] != meant->code[i]) {
            at = differ++ == 0 ? i : at;
        }
    }
    gboolean alike = model->look_alike[meant->code[at]] >> written->code[at] & 1;
    return differ > 1 ? DAMAGE_TRANSPOSITION : alike ? DAMAGE_LOOK_ALIKE : DAMAGE_SUBSTITUTION;
}

static gboolean is_doubted(const Work *work, const Firearm *firearm)
{
    return work->judge.model->doubt[firearm->serial->kind].misread > 0;
}

/* What must have happened to the serial, if the pair is of one firearm. What nobody was sure of
 * tells nothing of how often numbers are miswritten that were simply read. */
static Damage damage_of(const Work *work, const Candidate *c)
{
    const Firearm *f = &work->judge.firearms[c->a], *g = &work->judge.firearms[c->b];
    Codes x, y;
    if (c->tier >= TIER_PAPER && !serial_usable(f->serial)) {
        return DAMAGE_UNREAD;
    }
    if (c->tier >= TIER_PAPER || is_doubted(work, f) || is_doubted(work, g) ||
        !codes_of(f->serial, &x) || !codes_of(g->serial, &y)) {
        return DAMAGE_ANY;
    }
    guint distance = codes_distance(&x, &y, 2);
    return distance == 0         ? DAMAGE_NONE
           : distance == 1       ? one_damage(work->judge.model, &x, &y)
           : c->tier == TIER_S1N ? DAMAGE_NCIC
           : c->tier == TIER_S4  ? DAMAGE_END
           : c->tier == TIER_S3  ? DAMAGE_ANY
                                 : DAMAGE_TWO;
}

/* What only estimating asks for. */
static void edge_describe(const Work *work, Edge *edge, const Candidate *c)
{
    edge->damage = damage_of(work, c);
    circumstances_of(&work->judge, c->a, c->b, edge->level);
    judge_said(&work->judge, c->a, c->b, edge->said);
}

/* Adds a candidate to the edge of its seizure and firearm: the best of the traces counts. */
static void edge_join(const Work *work, GArray *edges, const Row *row, const Candidate *c,
                      gboolean described)
{
    Edge *last = edges->len > 0 ? &g_array_index(edges, Edge, edges->len - 1) : NULL;
    if (last == NULL || last->left != row->left || last->right != row->right) {
        Edge edge = {.left = row->left, .right = row->right, .bits = c->bits};
        if (described) {
            edge_describe(work, &edge, c);
        }
        edge.decided = c->decided;
        g_array_append_val(edges, edge);
        return;
    }
    if (c->bits > last->bits) {
        last->bits = c->bits;
        if (described) {
            edge_describe(work, last, c);
        }
    }
    last->decided = MAX(last->decided, c->decided);
}

/* The edges of candidates: one for a seizure and a firearm. rows: candidates in their order. */
static GArray *join_edges(const Work *work, const GArray *found, Row *rows, gboolean described)
{
    g_autofree guint *seizure = g_new0(guint, work->n + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        seizure[work->seizure[i]] = i;
    }
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        rows[i] = (Row){seizure[c->a], work->firearm[c->b], i};
    }
    qsort(rows, found->len, sizeof(*rows), row_order);
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    for (guint i = 0; i < found->len; i++) {
        edge_join(work, edges, &rows[i], &g_array_index(found, Candidate, rows[i].candidate),
                  described);
    }
    return edges;
}

static void take_probabilities(GArray *found, const GArray *edges, const Row *rows)
{
    guint e = 0;
    for (guint i = 0; i < found->len; i++) {
        Candidate *c = &g_array_index(found, Candidate, rows[i].candidate);
        while (g_array_index(edges, Edge, e).left != rows[i].left ||
               g_array_index(edges, Edge, e).right != rows[i].right) {
            e++;
        }
        c->probability = c->decided >= 0 ? c->decided : g_array_index(edges, Edge, e).probability;
    }
}

void link_export(const Work *work, const GArray *found, gboolean repeat, LinkChosen chosen,
                 gconstpointer data, GArray *links)
{
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        if ((c->probability < EXPORT_MIN && work->keep > KEEP_ALL) ||
            (chosen != NULL && !chosen(c, data))) {
            continue;
        }
        FirearmLink link = {.left = c->a,
                            .right = c->b,
                            .tier = c->tier,
                            .probability = c->probability,
                            .chance_matches = c->chance,
                            .evidence = candidate_evidence(work, c, repeat)};
        link.bits = evidence_bits(link.evidence);
        g_array_append_val(links, link);
    }
}

static int link_order(gconstpointer a, gconstpointer b, gpointer firearms)
{
    const Firearm *f = firearms;
    const FirearmLink *x = a, *y = b;
    int order = g_strcmp0(f[x->left].ref, f[y->left].ref);
    return order != 0 ? order : g_strcmp0(f[x->right].ref, f[y->right].ref);
}

/* Repeated traces, with what people decided; and the firearms that they are of. */
GArray *link_traces(Work *work, const FirearmInput *input)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): parameters are the input's or its own */
    work->prior = prior_bits(work->judge.model->prior_repeated_trace, work->parameters->traces);
    GArray *repeats = repeat_find(work);
    decide_candidates(work, repeats, input, TRUE);
    group_traces(work, repeats);
    return repeats;
}

/* Places of about one in so many seizures, chosen by their references. */
static GArray *some_places(const Work *work, guint one_in)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < work->n_seizures; i++) {
        const char *ref = work->judge.firearms[work->seizure[i]].ref;
        if (one_in < 2 || ref == NULL || g_str_hash(ref) % one_in == 0) {
            g_array_append_val(places, i);
        }
    }
    return places;
}

/* What was worked out with other rates. */
static void forget(Work *work)
{
    memset(work->judge.observed, 0, (work->n + 1) * sizeof(*work->judge.observed));
    memset(work->judge.own, 0, (work->n + 1) * sizeof(*work->judge.own));
}

/* Rates from the links of a sample of the seizures, whatever people decided. */
static void estimate(FirearmLinker *linker)
{
    Work *work = &linker->work;
    FirearmParameters *parameters = linker->own;
    FirearmInput undecided = linker->input;
    undecided.n_decisions = 0;
    GArray *repeats = link_traces(work, &undecided);
    g_array_unref(repeats);
    parameters->firearms = work->n_firearms;
    work->prior = prior_bits(parameters->rates.prior_has_trace, work->n_firearms);
    linker->search = search_new(work);
    g_autoptr(GArray) places = some_places(work, 1 + work->n_seizures / SAMPLE);
    g_autoptr(GArray) found = narrow_search(linker->search, work, &undecided, places, NULL);
    g_autofree Row *rows = g_new(Row, found->len + 1);
    g_autoptr(GArray) edges = join_edges(work, found, rows, TRUE);
    Contest contest = {edges, work->rest, places->len, work->n_firearms, 0};
    FirearmModel rates = parameters->rates;
    Sides sides = {work->seizure,    work->trace,    work->firearm,
                   work->n_seizures, work->n_traces, work->n_firearms};
    g_auto(LevelCount) count = circumstances_count(&work->judge, &sides);
    count.share *= (double)work->n_seizures / MAX(places->len, 1);
    posterior_estimate(&contest, &rates, work->n_firearms, &count);
    parameters->rates = rates;
    model_refresh(&parameters->rates);
    forget(work);
}

FirearmLinker *firearm_linker_new(const FirearmInput *input)
{
    FirearmLinker *linker = g_new0(FirearmLinker, 1);
    linker->input = *input;
    if (input->parameters != NULL) {
        work_init(&linker->work, input, input->parameters, NULL);
        return linker;
    }
    Population *population;
    linker->own = firearm_set_count(input->model, input->firearms, input->n, &population);
    work_take(&linker->work, input, population, NULL);
    estimate(linker);
    return linker;
}

FirearmParameters *firearm_linker_parameters(FirearmLinker *linker)
{
    return g_steal_pointer(&linker->own);
}

void firearm_linker_free(FirearmLinker *linker)
{
    g_clear_pointer(&linker->search, search_free);
    g_clear_pointer(&linker->own, firearm_parameters_free);
    work_clear(&linker->work);
    g_free(linker);
}

FirearmParameters *firearm_parameters_estimate(const FirearmModel *model, const Firearm *firearms,
                                               guint n)
{
    FirearmInput input = {.model = model, .firearms = firearms, .n = n};
    g_autoptr(FirearmLinker) linker = firearm_linker_new(&input);
    return firearm_linker_parameters(linker);
}

static void link_compete(const Work *work, GArray *found)
{
    g_autofree Row *rows = g_new(Row, found->len + 1);
    g_autoptr(GArray) edges = join_edges(work, found, rows, FALSE);
    Contest contest = {edges, work->rest, work->n_seizures, work->n_firearms, work->prior};
    posterior_solve(&contest);
    take_probabilities(found, edges, rows);
}

void link_sort(const FirearmInput *input, GArray *links)
{
    g_qsort_with_data(links->data, (gint)links->len, sizeof(FirearmLink), link_order,
                      (gpointer)input->firearms);
}

GArray *link_find(const Work *work, Search *search, const FirearmInput *input, Recall *recall)
{
    g_autoptr(GArray) places = some_places(work, 1);
    GArray *found = narrow_search(search, work, input, places, recall);
    link_compete(work, found);
    return found;
}

GArray *link_all(Work *work, Search *search, const FirearmInput *input, const GArray *repeats,
                 FirearmKept **kept)
{
    g_autoptr(Recall) recall = kept != NULL ? recall_new(work) : NULL;
    g_autoptr(GArray) found = link_find(work, search, input, recall);
    GArray *links = g_array_new(FALSE, FALSE, sizeof(FirearmLink));
    link_export(work, repeats, TRUE, NULL, NULL, links);
    link_export(work, found, FALSE, NULL, NULL, links);
    link_sort(input, links);
    if (kept != NULL) {
        *kept = recall_kept(recall, search, found);
    }
    return links;
}

GArray *firearm_linker_link(FirearmLinker *linker, FirearmKept **kept)
{
    Work *work = &linker->work;
    g_autoptr(GArray) repeats = link_traces(work, &linker->input);
    work->prior = prior_bits(work->judge.model->prior_has_trace, work->parameters->firearms);
    if (linker->search == NULL) {
        linker->search = search_new(work);
    } else {
        search_refresh(linker->search); /* the rates are others since */
    }
    return link_all(work, linker->search, &linker->input, repeats, kept);
}

GArray *firearm_link(const FirearmInput *input)
{
    g_autoptr(FirearmLinker) linker = firearm_linker_new(input);
    return firearm_linker_link(linker, NULL);
}

GArray *link_keeping(const FirearmInput *input, double keep)
{
    g_autoptr(FirearmLinker) linker = firearm_linker_new(input);
    linker->work.keep = keep;
    linker->work.thorough = TRUE;
    return firearm_linker_link(linker, NULL);
}

void firearm_links_free(GArray *links)
{
    for (guint i = 0; links != NULL && i < links->len; i++) {
        evidence_free(g_array_index(links, FirearmLink, i).evidence);
    }
    if (links != NULL) {
        g_array_free(links, TRUE);
    }
}
