/*
 * Bits of the serial: a noisy channel (how a serial is miswritten) over a population (how likely
 * another firearm bears it). Each of the two records may be the damaged one.
 */
#include <math.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/weight/description.h"

/* How much likelier two records of one firearm of a maker are to be equal than those of two. */
static double unique_share(const FirearmModel *model)
{
    return MAX(model->population_duplicate, 1 - model->transcription_clean);
}

void edit_costs(const FirearmModel *model, guint length, double cost[3])
{
    double edit = MIN(-log2(model->transcription_transposition),
                      -log2(MAX(model->transcription_dropped, model->transcription_added)));
    for (guint meant = 0; meant < 36; meant++) {
        for (guint written = 0; written < 36; written++) {
            edit = meant == written ? edit : MIN(edit, model->confusion[meant][written]);
        }
    }
    edit += log2(length > 3 ? length - 2 : 1);
    cost[0] = log2(MIN(unique_share(model), 1)) + 2 * model->clean_bits;
    cost[1] = MIN(edit, -log2(model->transcription_end_lost / 6));
    cost[1] = MIN(cost[1], -log2(model->transcription_ncic / 26));
    cost[2] = MAX(cost[1], 2 * edit - log2(MAX(model->transcription_twice, 1)));
}

/* Probability that another firearm is recorded so, or fits it where it is a pattern. Kept for the
 * next time; threads that meet here write the same. */
static double observed(const Judge *judge, guint a)
{
    double known;
    __atomic_load(&judge->observed[a], &known, __ATOMIC_RELAXED);
    if (known <= 0) {
        guint make = population_facts(judge->population, a)->make;
        Codes codes;
        known = texts_codes(judge->texts, a, &codes)
                    ? population_recorded(judge->population, &codes, make)
                    : population_fragment(judge->population, judge->firearms[a].serial, make);
        __atomic_store(&judge->observed[a], &known, __ATOMIC_RELAXED);
    }
    return known;
}

/* What is said of how its serial was read. */
static const Doubt *doubt_of(const Judge *judge, guint a)
{
    return &judge->model->doubt[population_facts(judge->population, a)->kind];
}

/* Probability that another firearm is recorded so by who misreads oftener, from that of who does
 * not, and that another bears it. */
static double doubtfully(const FirearmModel *m, double doubt, double recorded, double borne)
{
    if (doubt <= 0) {
        return recorded;
    }
    double misread = m->transcription_look_alike + m->transcription_substitution;
    double all = misread + m->transcription_transposition + m->transcription_dropped +
                 m->transcription_added + m->transcription_end_lost;
    double damaged = MAX(recorded - m->transcription_clean * borne, 0);
    return recorded + (exp2(doubt) - 1) * damaged * misread / all;
}

typedef struct {
    Tier tier;
    double fit;
    gboolean exact; /* else at least as much */
} Worth;

/* A maker gives a number once: another firearm bears it only when one of them is miswritten. Short
 * numbers of digits alone were given once for each model. Which make is right where two are
 * recorded nobody knows, and one that is not recorded is the other. */
static double equal_bits(const Judge *judge, guint a, guint b)
{
    const FirearmModel *m = judge->model;
    guint make[2] = {population_facts(judge->population, a)->make,
                     population_facts(judge->population, b)->make};
    gboolean once = make[0] == make[1] && make[0] != 0 &&
                    !(judge_is_short(judge, a) && judge_models_differ(judge, a, b));
    double unique = once ? unique_share(m) : 1;
    double doubt = doubt_of(judge, a)->clean + doubt_of(judge, b)->clean;
    double weight = make[0] == 0 ? 1 : make[1] == 0 ? 0 : SEIZED_WRITTEN;
    double chance = weight / judge->chance[a] + (1 - weight) / judge->chance[b];
    return log2(m->transcription_clean / unique * chance) - doubt;
}

/* What lies one edit from each of two serials that are two apart, and how likely another firearm of
 * a make is recorded so: ways in both directions lead over it. */
typedef struct {
    guint n;
    Codes codes[BETWEEN_MAX];
    double recorded[2][BETWEEN_MAX]; /* by whose make; below 0: not yet known */
} Between;

/* A serial as it was written, and what was meant. */
typedef struct {
    const Judge *judge;
    guint owner, bearer; /* who wrote it; who bears what was meant */
    Codes written, meant;
    Tier tier;
    double doubt;    /* bits by which a character of it is likelier misread */
    double edit;     /* probability of writing it so */
    double recorded; /* that another firearm is recorded so */
} Miswritten;

/* Probability of all that another firearm may bear where what differs is left open: a character
 * misread says no more than one that nobody could read. */
static double left_open(const Miswritten *w)
{
    Serial open = {.length = w->meant.n};
    if (w->written.n != w->meant.n) {
        return w->judge->model->transcription_clean * w->judge->chance[w->bearer];
    }
    for (guint i = 0; i < w->meant.n; i++) {
        gboolean same = w->written.code[i] == w->meant.code[i];
        open.set[i] = same ? (CharSet)1 << w->meant.code[i] : CHARSET_ANY;
        open.known += same;
    }
    return population_fragment(w->judge->population, &open,
                               population_facts(w->judge->population, w->owner)->make);
}

/* Probability that one edit more makes this of what two are between. It is no rarer than it must
 * be for the two together: nothing is worth more for one edit more. */
static double second_edit(const Miswritten *w, const Codes *one)
{
    const FirearmModel *m = w->judge->model;
    double twice = w->tier == TIER_S2B ? MAX(m->transcription_twice, 1e-9) : 1;
    double second = twice * exp2(-transcription_cost(m, &w->written, one, TIER_S2, w->doubt));
    if (one->n == w->written.n && one->n == w->meant.n) {
        double first = exp2(-transcription_cost(m, one, &w->meant, TIER_S2, w->doubt));
        second = MAX(second, MIN(w->edit / first, 1));
    }
    return second;
}

static Between between_of(const Judge *judge, guint a, guint b, Tier tier)
{
    Between between;
    Codes x, y;
    texts_codes(judge->texts, a, &x);
    texts_codes(judge->texts, b, &y);
    between.n = codes_two_edits(&x, &y, tier) ? codes_between(&x, &y, between.codes) : 0;
    for (guint i = 0; i < between.n; i++) {
        between.recorded[0][i] = between.recorded[1][i] = -1;
    }
    return between;
}

/* borne: that another firearm bears it; of: 0 for the make of the first, 1 for that of the second
 * of the two. */
static double between_recorded(Between *between, const Miswritten *w, guint i, guint of,
                               double borne)
{
    double *known =
        &between->recorded[judge_common_make(w->judge, w->owner, w->bearer) != 0 ? 0 : of][i];
    if (*known < 0) {
        guint make = population_facts(w->judge->population, w->owner)->make;
        *known = population_recorded(w->judge->population, &between->codes[i], make);
    }
    return doubtfully(w->judge->model, w->doubt, *known, borne);
}

/* Probability that another firearm is recorded so by two edits: one makes what others are recorded
 * as, the second makes this of it. Ways over what is borne little are not worth summing up where
 * one leads over what is borne more than it is misread. */
static double edited_twice(const Miswritten *w, Between *between, guint of)
{
    double second[BETWEEN_MAX], borne[BETWEEN_MAX];
    guint make = population_facts(w->judge->population, w->owner)->make, best = 0;
    if (between->n == 0) {
        return 0;
    }
    for (guint i = 0; i < between->n; i++) {
        second[i] = second_edit(w, &between->codes[i]);
        borne[i] = second[i] * population_serial(w->judge->population, &between->codes[i], make);
        best = borne[i] > borne[best] ? i : best;
    }
    double most = second[best] * between_recorded(between, w, best, of, borne[best] / second[best]);
    for (guint i = 0; i < between->n && most > 2 * borne[best]; i++) {
        most = MAX(most, second[i] * between_recorded(between, w, i, of, borne[i] / second[i]));
    }
    return most;
}

static Miswritten miswritten(const Judge *judge, guint owner, guint bearer, Tier tier)
{
    Miswritten w = {.judge = judge, .owner = owner, .bearer = bearer, .tier = tier};
    texts_codes(judge->texts, owner, &w.written);
    texts_codes(judge->texts, bearer, &w.meant);
    if (w.tier == TIER_S0) {
        w.tier = codes_tier(judge->model, &w.written, &w.meant);
    }
    w.doubt = doubt_of(judge, owner)->misread;
    w.edit = exp2(-transcription_cost(judge->model, &w.written, &w.meant, w.tier, w.doubt));
    w.recorded = doubtfully(judge->model, w.doubt, observed(judge, owner), judge->chance[owner]);
    return w;
}

/* That what was meant was written so, over how likely both are to be recorded for any firearm; what
 * explains this pair is one more way of writing so. */
static double written_for(const Miswritten *w, const Miswritten *other, double open)
{
    double right = w->judge->model->transcription_clean * w->judge->chance[w->bearer];
    return w->edit * right / (MAX(w->recorded, w->edit * MAX(open, right)) * other->recorded);
}

/* Either is what the firearm bears, and the other was written for it. */
static double unequal_bits(const Judge *judge, guint a, guint b, Tier tier)
{
    Miswritten x = miswritten(judge, a, b, tier), y = miswritten(judge, b, a, tier);
    gboolean alike = x.written.n == y.written.n && judge_common_make(judge, a, b) != 0;
    Between between = between_of(judge, a, b, x.tier);
    double open = left_open(&x), open_back = alike ? open : left_open(&y);
    x.recorded = MAX(x.recorded, edited_twice(&x, &between, 0));
    y.recorded = MAX(y.recorded, edited_twice(&y, &between, 1));
    return log2(either_written(written_for(&x, &y, open), written_for(&y, &x, open_back)));
}

Edits judge_edits(const FirearmModel *model, const Codes *a, const Codes *b, Tier tier)
{
    tier = tier == TIER_S0 ? codes_tier(model, a, b) : tier;
    return (Edits){exp2(-transcription_cost(model, a, b, tier, 0)),
                   exp2(-transcription_cost(model, b, a, tier, 0))};
}

double judge_rarest(const Judge *judge, guint a)
{
    double chance = judge->model->transcription_clean * judge->chance[a];
    return chance > 0 ? log2(doubt_of(judge, a)->most / chance) : 0;
}

/* As if others were recorded so only where they bear it: that makes it as rare as it can be. */
double judge_edited_most(const Judge *judge, guint a, guint b, const Edits *edits)
{
    double forth = edits->forth * doubt_of(judge, a)->most / judge->chance[a];
    double back = edits->back * doubt_of(judge, b)->most / judge->chance[b];
    return log2(either_written(forth, back) / judge->model->transcription_clean);
}

/* No number on a seizure says, if anything, that it was not traced by one; of what was read of it,
 * too little to make a candidate, something must agree. */
static double unread_bits(const Judge *judge, guint a, guint b)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    if (f->side != SIDE_SEIZURE || serial_usable(f->serial) || !serial_usable(g->serial)) {
        return 0;
    }
    double share = population_unread(judge->population);
    double bits = MIN(0, log2(judge->model->transcription_unread / share));
    if (!serial_agrees(f->serial, g->serial)) {
        return bits + log2(judge->model->transcription_gross);
    }
    return f->serial->known == 0
               ? bits
               : bits - log2(MAX(population_fragment(judge->population, f->serial, 0), 1e-4));
}

/* Probability that another firearm bears a full serial, as the other side's make lets expect. */
static double borne(const Judge *judge, guint full, guint other, const Codes *codes)
{
    const Facts *f = population_facts(judge->population, full);
    const Facts *g = population_facts(judge->population, other);
    gboolean kin = g->make != 0 && makes_compatible(f, g);
    return kin || f->make == 0 ? judge->chance[full]
                               : population_serial(judge->population, codes, 0);
}

/* Bits by which its characters are less likely right; of a pattern, what is known of it is not
 * doubted because another part is not. */
static double pattern_doubt(const Judge *judge, guint a, gboolean full)
{
    gboolean doubted = full || judge->firearms[a].serial->kind != SERIAL_PARTIAL;
    return doubted ? doubt_of(judge, a)->clean : 0;
}

/* A pattern fits by what it says itself, which is never less common than the one number that it
 * fits here; of two, what the vaguer one says is all that agrees. */
static double fitting_bits(const Judge *judge, guint a, guint b, double fit, gboolean exact)
{
    Codes x, y;
    gboolean left = texts_codes(judge->texts, a, &x), right = texts_codes(judge->texts, b, &y);
    if (!left && !right) {
        fit = MAX(fit, observed(judge, b));
    } else if (exact) {
        fit = MAX(fit, left ? borne(judge, a, b, &x) : borne(judge, b, a, &y));
    }
    double doubt = pattern_doubt(judge, a, left) + pattern_doubt(judge, b, right);
    return -log2(MAX(fit, 1e-15)) - judge->model->clean_bits - doubt;
}

static double serial_bits(const Judge *judge, guint a, guint b, const Worth *worth)
{
    Codes x, y;
    gboolean left = texts_codes(judge->texts, a, &x), right = texts_codes(judge->texts, b, &y);
    gboolean full = left && right;
    if (worth->tier == TIER_PAPER || worth->tier == TIER_NONE) {
        return full ? log2(judge->model->transcription_gross) : unread_bits(judge, a, b);
    }
    if (!full) {
        return fitting_bits(judge, a, b, worth->fit, worth->exact);
    }
    if (codes_equal(&x, &y)) {
        return equal_bits(judge, a, b);
    }
    if (worth->exact) {
        return unequal_bits(judge, a, b, worth->tier);
    }
    Edits edits = judge_edits(judge->model, &x, &y, worth->tier);
    return judge_edited_most(judge, a, b, &edits);
}

double judge_serial(const Judge *judge, guint a, guint b, Tier tier, double fit)
{
    return serial_bits(judge, a, b, &(Worth){tier, fit, TRUE});
}

double judge_serial_most(const Judge *judge, guint a, guint b, Tier tier, double fit)
{
    return serial_bits(judge, a, b, &(Worth){tier, fit, FALSE});
}

/* A Gamma posterior for how many fit, around what serials of the make (or all) let expect; more
 * than one that fits shows a run, whatever was expected. */
double judge_fragment(const Judge *judge, const Serial *pattern, guint make, guint fits,
                      guint among)
{
    double n = MAX(among, 1), belief = 0.5;
    double expected = n * population_fragment(judge->population, pattern, make) *
                      judge->model->population_smoothing;
    double others = fits > 1 ? fits - 1.0 : 0;
    double mean = (belief + others) / (belief / MAX(expected, 1e-12) + 1);
    return MIN(MAX(mean, 0.7 * others) / n, 1);
}

Texts *texts_new(const Firearm *firearms, guint n)
{
    Texts *texts = g_new(Texts, 1);
    GByteArray *text = g_byte_array_new();
    texts->at = memory_table((gsize)n + 1, sizeof(guint32));
    for (guint i = 0; i < n; i++) {
        Codes codes;
        firearm_expect(&firearms[MIN(i + SERIALS_AHEAD, n - 1)]);
        texts->at[i] = text->len;
        if (codes_of(firearms[i].serial, &codes)) {
            g_byte_array_append(text, codes.code, codes.n);
        }
    }
    texts->at[n] = text->len;
    memory_large(text->data, text->len);
    texts->code = g_byte_array_free(text, FALSE);
    return texts;
}

void texts_free(Texts *texts)
{
    g_free(texts->at);
    g_free(texts->code);
    g_free(texts);
}

#define CHANCES_AHEAD 4u /* serials that are asked for before the first is weighed */

void judge_chances(const Firearm *firearms, guint n, const Population *population, double *chance)
{
    Codes codes[CHANCES_AHEAD];
    for (guint i = 0; i < n + CHANCES_AHEAD; i++) {
        if (i >= CHANCES_AHEAD && chance[i - CHANCES_AHEAD] < 0) {
            guint at = i - CHANCES_AHEAD, make = population_facts(population, at)->make;
            const Codes *own = &codes[at % CHANCES_AHEAD];
            chance[at] = own->n > 0 ? population_serial(population, own, make) : 0;
        }
        if (i < n && chance[i] < 0) {
            Codes *own = &codes[i % CHANCES_AHEAD];
            firearm_expect(&firearms[MIN(i + SERIALS_AHEAD, n - 1)]);
            if (codes_of(firearms[i].serial, own)) {
                population_expect(population, own, population_facts(population, i)->make);
            } else {
                own->n = 0;
            }
        }
    }
}

double judge_chance(const Judge *judge, guint a, Tier tier)
{
    double n = judge->firearms[a].serial->length;
    double around[] = {1, 1, 5, 10 * n, 50 * n * n, 1, 20, 0, 0};
    return population_firearms(judge->population) * around[tier] * judge->chance[a];
}

double judge_chance_fitting(const Judge *judge, guint a, guint b, double share)
{
    double borne_by = MAX(judge->chance[a], judge->chance[b]); /* of the one that is full */
    return population_firearms(judge->population) * MAX(share, borne_by);
}
