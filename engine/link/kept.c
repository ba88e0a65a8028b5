/*
 * kept.h and recall.h: what was found of seizures lies as rows of numbers, one for each seizure and
 * one for each candidate, in the order of places; then what was made of all observations: how rare
 * their serials are, which traces are of one firearm, which patterns of traces fit. Observations
 * are named by their index then, which insertion moves but does not reorder.
 */
#include "engine/link/recall.h"

#include <string.h>

#define NOT_WIDE G_MAXUINT32

typedef struct {
    guint32 first;        /* of its candidates, a narrow look's before a wide one's */
    guint32 count[LOOKS]; /* NOT_WIDE: it was looked at narrowly alone */
    guint32 narrow;       /* the narrow look left something out */
    double rest[LOOKS], least[EDITS_MAX];
} KeptSeizure;

typedef struct {
    guint32 trace, tier;
    double chance, serial, bits, probability;
} KeptCandidate;

/* Two traces that can be of one firearm, by their serials or because one names the other, whatever
 * people decided. */
typedef struct {
    guint32 left, right, tier, named;
    double fit, chance, serial, bits, probability;
} KeptRepeat;

/* A pattern of traces, and a full serial of seizures that it fits: one that has each. */
typedef struct {
    guint32 trace, seizure; /* an observation, a place */
} KeptFit;

typedef struct {
    guint64 observations, seizures, candidates, repeats, fits;
} Head;

struct FirearmKept {
    Head head;
    const KeptSeizure *seizure;
    const KeptCandidate *candidate;
    const double *chance; /* by observation: that another firearm bears its serial */
    const KeptRepeat *repeat;
    const KeptFit *fit;
    GArray *own_seizures, *own_candidates; /* NULL: all lies in a file */
    gpointer own[3];                       /* chances, repeats and fits, likewise */
};

/* ---- as bytes ---- */

gboolean firearm_kept_write(const FirearmKept *kept, SumsWriter *to, GError **error)
{
    return sums_put(to, &kept->head, sizeof(kept->head), error) &&
           sums_put(to, kept->seizure, kept->head.seizures * sizeof(KeptSeizure), error) &&
           sums_put(to, kept->candidate, kept->head.candidates * sizeof(KeptCandidate), error) &&
           sums_put(to, kept->chance, kept->head.observations * sizeof(double), error) &&
           sums_put(to, kept->repeat, kept->head.repeats * sizeof(KeptRepeat), error) &&
           sums_put(to, kept->fit, kept->head.fits * sizeof(KeptFit), error);
}

/* Takes the bytes of so many rows away; FALSE: there are not as many. */
static gboolean take_rows(gsize *left, guint64 rows, gsize size)
{
    gboolean there = rows <= *left / size;
    *left -= there ? (gsize)rows * size : 0;
    return there;
}

FirearmKept *firearm_kept_read(gconstpointer bytes, gsize size)
{
    Head head;
    if (size < sizeof(head)) {
        return NULL;
    }
    memcpy(&head, bytes, sizeof(head));
    gsize left = size - sizeof(head);
    if (!take_rows(&left, head.seizures, sizeof(KeptSeizure)) ||
        !take_rows(&left, head.candidates, sizeof(KeptCandidate)) ||
        !take_rows(&left, head.observations, sizeof(double)) ||
        !take_rows(&left, head.repeats, sizeof(KeptRepeat)) ||
        !take_rows(&left, head.fits, sizeof(KeptFit)) || left > 0) {
        return NULL;
    }
    FirearmKept *kept = g_new0(FirearmKept, 1);
    kept->head = head;
    kept->seizure = (const KeptSeizure *)((const Head *)bytes + 1);
    kept->candidate = (const KeptCandidate *)(kept->seizure + head.seizures);
    kept->chance = (const double *)(kept->candidate + head.candidates);
    kept->repeat = (const KeptRepeat *)(kept->chance + head.observations);
    kept->fit = (const KeptFit *)(kept->repeat + head.repeats);
    return kept;
}

void firearm_kept_free(FirearmKept *kept)
{
    if (kept != NULL) {
        g_clear_pointer(&kept->own_seizures, g_array_unref);
        g_clear_pointer(&kept->own_candidates, g_array_unref);
        for (guint i = 0; i < G_N_ELEMENTS(kept->own); i++) {
            g_free(kept->own[i]);
        }
    }
    g_free(kept);
}

static guint wide_count(const KeptSeizure *seizure)
{
    return seizure->count[LOOK_WIDE] == NOT_WIDE ? 0 : seizure->count[LOOK_WIDE];
}

gboolean kept_is_of(const FirearmKept *kept, guint n, guint seizures)
{
    guint64 candidates = 0;
    gboolean is = kept->head.observations == n && kept->head.seizures == seizures;
    for (guint i = 0; i < seizures && is; i++) {
        const KeptSeizure *seizure = &kept->seizure[i];
        is = seizure->first == candidates;
        candidates += (guint64)seizure->count[LOOK_NARROW] + wide_count(seizure);
    }
    is = is && candidates == kept->head.candidates;
    for (guint64 i = 0; i < candidates && is; i++) {
        is = kept->candidate[i].trace < n && kept->candidate[i].tier < TIER_NONE;
    }
    for (guint64 i = 0; i < kept->head.repeats && is; i++) {
        const KeptRepeat *repeat = &kept->repeat[i];
        is = repeat->left < n && repeat->right < n && repeat->tier < TIER_NONE;
    }
    for (guint64 i = 0; i < kept->head.fits && is; i++) {
        is = kept->fit[i].trace < n && kept->fit[i].seizure < seizures;
    }
    return is;
}

/* ---- of observations ---- */

double *past_chances(const Past *past, guint n)
{
    double *chance = g_new(double, n + 1);
    for (guint i = 0; i < n; i++) {
        chance[i] = -1;
    }
    for (guint i = 0; past != NULL && i < past->kept->head.observations; i++) {
        guint now = past->now[i];
        chance[now] = past->dirty[now] ? -1 : past->kept->chance[i];
    }
    return chance;
}

void past_repeats(const Past *past, gboolean named, GArray *repeats)
{
    for (guint i = 0; i < past->kept->head.repeats; i++) {
        const KeptRepeat *k = &past->kept->repeat[i];
        if ((k->named != 0) != named) {
            continue;
        }
        Candidate c = {.a = past->now[k->left],
                       .b = past->now[k->right],
                       .tier = (Tier)k->tier,
                       .fit = k->fit,
                       .chance = k->chance,
                       .serial = k->serial,
                       .bits = k->bits,
                       .probability = k->probability,
                       .decided = -1};
        if (!past->dirty[c.a] && !past->dirty[c.b]) {
            g_array_append_val(repeats, c);
        }
    }
}

gboolean past_fits_hold(const Work *work)
{
    const Past *past = work->past;
    gboolean hold = TRUE;
    for (guint i = 0; past->n_former > 0 && i < past->kept->head.fits && hold; i++) {
        const KeptFit *fit = &past->kept->fit[i];
        hold = !past->dirty[past->now[fit->trace]] &&
               !past->dirty[work->seizure[past->seizure[fit->seizure]]];
    }
    return hold;
}

void past_fits(const Past *past, PastFit visit, gpointer data)
{
    for (guint i = 0; i < past->kept->head.fits; i++) {
        visit(past->now[past->kept->fit[i].trace], past->kept->fit[i].seizure, data);
    }
}

static void keep_observations(FirearmKept *kept, const Search *search)
{
    const Work *work = search->work;
    const GArray *repeats = work->repeats, *fits = search->fits;
    KeptRepeat *repeat = g_new(KeptRepeat, repeats->len + 1);
    KeptFit *fit = g_new(KeptFit, fits->len + 1);
    for (guint i = 0; i < repeats->len; i++) {
        const Candidate *c = &g_array_index(repeats, Candidate, i);
        repeat[i] = (KeptRepeat){.left = c->a,
                                 .right = c->b,
                                 .tier = c->tier,
                                 .named = i >= work->n_serial,
                                 .fit = c->fit,
                                 .chance = c->chance,
                                 .serial = c->serial,
                                 .bits = c->bits,
                                 .probability = c->probability};
    }
    for (guint i = 0; i < fits->len; i++) {
        guint64 both = g_array_index(fits, guint64, i);
        const Forms *traces = &search->traces, *seizures = &search->seizures;
        guint place = traces->member[traces->first[both >> 32]];
        fit[i] = (KeptFit){work->trace[place], seizures->member[seizures->first[(guint32)both]]};
    }
    kept->chance = kept->own[0] = g_memdup2(work->judge.chance, (work->n + 1) * sizeof(double));
    kept->repeat = kept->own[1] = repeat;
    kept->fit = kept->own[2] = fit;
    kept->head.repeats = repeats->len;
    kept->head.fits = fits->len;
}

/* ---- recalled ---- */

Recall *recall_new(const Work *work)
{
    Recall *recall = g_new0(Recall, 1);
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        recall->found[look] = g_array_new(FALSE, FALSE, sizeof(Candidate));
    }
    recall->rest = g_new0(double, work->n_seizures + 1);
    recall->looked = g_new0(Looked, work->n_seizures + 1);
    return recall;
}

void recall_free(Recall *recall)
{
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        g_array_unref(recall->found[look]);
    }
    g_free(recall->rest);
    g_free(recall->looked);
    g_free(recall);
}

static const KeptSeizure *known(const Recall *recall, guint place, Look look)
{
    guint before = recall->kept != NULL ? recall->before[place] : NO_PLACE;
    const KeptSeizure *seizure = before != NO_PLACE ? &recall->kept->seizure[before] : NULL;
    return seizure != NULL && seizure->count[look] != NOT_WIDE ? seizure : NULL;
}

/* As a search leaves it; nothing where the earlier run did not look so. */
static void recall_one(const Recall *recall, Search *search, guint place, Look look, GArray *found)
{
    const KeptSeizure *seizure = known(recall, place, look);
    if (seizure == NULL) {
        return;
    }
    guint from = seizure->first + (look == LOOK_WIDE ? seizure->count[LOOK_NARROW] : 0);
    for (guint i = from; i < from + seizure->count[look]; i++) {
        const KeptCandidate *k = &recall->kept->candidate[i];
        Candidate c = {.a = search->work->seizure[place],
                       .b = recall->now[k->trace],
                       .tier = (Tier)k->tier,
                       .chance = k->chance,
                       .serial = k->serial,
                       .bits = k->bits,
                       .decided = -1};
        g_array_append_val(found, c);
    }
    search->work->rest[place] = seizure->rest[look];
    if (recall->more[look] != NULL) {
        search->work->rest[place] += recall->more[look][place];
    }
    search->looked[place] = (Looked){{seizure->least[0], seizure->least[1]},
                                     look == LOOK_NARROW && seizure->narrow != 0};
}

static void note(Recall *recall, const Search *search, const GArray *places, Look look,
                 const GArray *found)
{
    g_array_append_vals(recall->found[look], found->data, found->len);
    for (guint i = 0; i < places->len && look == LOOK_NARROW; i++) {
        guint place = g_array_index(places, guint, i);
        recall->rest[place] = search->work->rest[place];
        recall->looked[place] = search->looked[place];
    }
}

GArray *recall_candidates(Recall *recall, Search *search, const GArray *places, Look look)
{
    g_autoptr(GArray) unseen = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < places->len; i++) {
        guint place = g_array_index(places, guint, i);
        if (recall == NULL || known(recall, place, look) == NULL) {
            g_array_append_val(unseen, place);
        }
    }
    g_autoptr(GArray) searched = search_candidates(search, (const guint *)(gpointer)unseen->data,
                                                   unseen->len, look == LOOK_NARROW);
    if (recall == NULL) {
        return g_steal_pointer(&searched);
    }
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0, at = 0; i < places->len; i++) {
        guint place = g_array_index(places, guint, i);
        recall_one(recall, search, place, look, found);
        for (; at < searched->len; at++) {
            const Candidate *c = &g_array_index(searched, Candidate, at);
            if (search->place[c->a] != place) {
                break;
            }
            g_array_append_vals(found, c, 1);
        }
    }
    note(recall, search, places, look, found);
    return found;
}

/* ---- kept ---- */

typedef struct {
    const Search *search;
    const GArray *found;
    guint at[LOOKS + 1]; /* in what looks found, and in what became of it */
    GArray *candidates;
} Keeping;

static const Candidate *next_at(const Keeping *keeping, const GArray *found, guint at, guint place)
{
    const Candidate *c = at < found->len ? &g_array_index(found, Candidate, at) : NULL;
    return c != NULL && keeping->search->place[c->a] == place ? c : NULL;
}

/* What became of a candidate of this place: of those there are that no search found. */
static double probability_of(Keeping *keeping, guint place, guint trace)
{
    const Candidate *c;
    while ((c = next_at(keeping, keeping->found, keeping->at[LOOKS], place)) != NULL &&
           c->b < trace) {
        keeping->at[LOOKS]++;
    }
    return c != NULL && c->b == trace ? c->probability : 0;
}

static guint keep_look(Keeping *keeping, const GArray *found, guint place, Look look,
                       gboolean counts)
{
    guint from = keeping->at[look];
    const Candidate *c;
    for (; (c = next_at(keeping, found, keeping->at[look], place)) != NULL; keeping->at[look]++) {
        KeptCandidate kept = {c->b,      c->tier,
                              c->chance, c->serial,
                              c->bits,   counts ? probability_of(keeping, place, c->b) : 0};
        g_array_append_val(keeping->candidates, kept);
    }
    return keeping->at[look] - from;
}

static void pass_place(Keeping *keeping, guint place)
{
    while (next_at(keeping, keeping->found, keeping->at[LOOKS], place) != NULL) {
        keeping->at[LOOKS]++;
    }
}

static int place_order(gconstpointer a, gconstpointer b, gpointer data)
{
    const Candidate *x = a, *y = b;
    const Search *search = data;
    guint p = search->place[x->a], q = search->place[y->a];
    return p != q ? (p < q ? -1 : 1) : (x->b > y->b) - (x->b < y->b);
}

FirearmKept *recall_kept(const Recall *recall, const Search *search, const GArray *found)
{
    const Work *work = search->work;
    FirearmKept *kept = g_new0(FirearmKept, 1);
    Keeping keeping = {.search = search, .found = found};
    keeping.candidates = kept->own_candidates = g_array_new(FALSE, FALSE, sizeof(KeptCandidate));
    kept->own_seizures = g_array_new(FALSE, TRUE, sizeof(KeptSeizure));
    g_array_set_size(kept->own_seizures, work->n_seizures);
    g_array_sort_with_data(recall->found[LOOK_WIDE], place_order, (gpointer)search);
    for (guint place = 0; place < work->n_seizures; place++) {
        KeptSeizure *seizure = &g_array_index(kept->own_seizures, KeptSeizure, place);
        const Looked *looked = &recall->looked[place];
        gboolean wide = looked->narrow && !search->looked[place].narrow;
        *seizure = (KeptSeizure){.first = keeping.candidates->len,
                                 .narrow = looked->narrow != 0,
                                 .rest = {recall->rest[place], wide ? work->rest[place] : 0},
                                 .least = {looked->least[0], looked->least[1]}};
        seizure->count[LOOK_NARROW] =
            keep_look(&keeping, recall->found[LOOK_NARROW], place, LOOK_NARROW, !wide);
        guint more = keep_look(&keeping, recall->found[LOOK_WIDE], place, LOOK_WIDE, TRUE);
        seizure->count[LOOK_WIDE] = wide ? more : NOT_WIDE;
        pass_place(&keeping, place);
    }
    keep_observations(kept, search);
    kept->head.observations = work->n;
    kept->head.seizures = work->n_seizures;
    kept->head.candidates = keeping.candidates->len;
    kept->seizure = (const KeptSeizure *)(gpointer)kept->own_seizures->data;
    kept->candidate = (const KeptCandidate *)(gpointer)kept->own_candidates->data;
    return kept;
}

/* The candidates that count. */
static const KeptCandidate *counting(const FirearmKept *kept, guint place, guint *n)
{
    const KeptSeizure *seizure = &kept->seizure[place];
    gboolean wide = seizure->count[LOOK_WIDE] != NOT_WIDE;
    *n = seizure->count[wide ? LOOK_WIDE : LOOK_NARROW];
    return &kept->candidate[seizure->first + (wide ? seizure->count[LOOK_NARROW] : 0)];
}

gboolean kept_least(const FirearmKept *kept, guint seizure, double least[EDITS_MAX])
{
    const KeptSeizure *s = &kept->seizure[seizure];
    memcpy(least, s->least, sizeof(s->least));
    return s->count[LOOK_WIDE] == NOT_WIDE;
}

static gboolean is_same(const KeptCandidate *a, const KeptCandidate *b)
{
    return a->trace == b->trace && a->tier == b->tier && a->chance == b->chance &&
           a->serial == b->serial && a->bits == b->bits && a->probability == b->probability;
}

gboolean kept_differs(const FirearmKept *then, guint before, const FirearmKept *kept, guint place,
                      const guint *now)
{
    guint n, m;
    const KeptCandidate *was = counting(then, before, &n), *is = counting(kept, place, &m);
    for (guint i = 0; i < n && n == m; i++) {
        KeptCandidate moved = was[i];
        moved.trace = now[was[i].trace];
        if (!is_same(&moved, &is[i])) {
            return TRUE;
        }
    }
    return n != m;
}
