/*
 * How common a serial is among the firearms of a make and of all: shape first, then character by
 * character along the run that begins so, each step falling back on all characters of its kind as
 * far as the run was not seen. And how likely another firearm is to be recorded as a serial, read
 * right or damaged once: the sum over all that it may have been meant for, which share most of
 * their steps.
 */
#include <math.h>
#include <string.h>

#include "engine/firearm/population.h"

/* Serials of one make (0: all) that have one shape. */
typedef struct {
    const FirearmParameters *p;
    const Tail *tail;
    double firearms;
    guint make;
} Level;

/* A beginning of a serial: its share so far. */
typedef struct {
    guint64 key;
    guint seen;
    double before, share;
} Beginning;

static Level level_of(const Population *population, guint make)
{
    const FirearmParameters *p = population_parameters(population);
    return (Level){p, &g_array_index(p->tail, Tail, make < p->tail->len ? make : 0),
                   population_of_make(population, make) + 2.0, make};
}

static Beginning begin(const Level *level, const Codes *codes)
{
    Beginning b = {.key = shape_key(codes, level->make)};
    b.seen = counter_get(&level->p->counter, b.key);
    b.before = discounted(b.seen);
    b.share = (b.before + 0.2) / level->firearms;
    return b;
}

/* What a character is worth where no run was seen. */
static double even_share(const Level *level, guint8 code, guint place)
{
    return place < FREE_END ? (double)level->tail->share[place][code] : code > 9 ? 1.0 / 24 : 0.1;
}

/* place: of the character, from the right end. */
static void step(const Level *level, Beginning *b, guint8 code, guint place)
{
    double even = even_share(level, code, place), strength = level->p->rates.population_run_weight;
    if (place < FREE_END || b->seen == 0) {
        b->share *= even; /* free, or beyond what was ever seen */
        return;
    }
    b->key = mix(b->key, code + 1u);
    b->seen = counter_get(&level->p->counter, b->key);
    double now = discounted(b->seen);
    b->share *= (now + strength * even) / (b->before + strength);
    b->before = now;
}

static double walk(const Level *level, Beginning b, const Codes *codes, guint from)
{
    for (guint i = from; i < codes->n; i++) {
        step(level, &b, codes->code[i], codes->n - 1u - i);
    }
    return b.share;
}

static double whole(const Level *level, const Codes *codes)
{
    return walk(level, begin(level, codes), codes, 0);
}

/* Beginnings of a serial in the shape of another of as many characters or one more. */
static void beginnings(const Level *level, const Codes *shape, const Codes *codes, Beginning *b)
{
    b[0] = begin(level, shape);
    for (guint i = 0; i + 1u < shape->n && i < codes->n; i++) {
        b[i + 1] = b[i];
        step(level, &b[i + 1], codes->code[i], shape->n - 1u - i);
    }
}

static gboolean same_kind(guint8 a, guint8 b)
{
    return (a > 9) == (b > 9);
}

/* One character read as another, or two neighbours swapped. */
static double confused(const Level *level, const Codes *written)
{
    const FirearmModel *m = &level->p->rates;
    Beginning b[SERIAL_MAX + 1];
    double sum = 0;
    beginnings(level, written, written, b);
    for (guint i = 0; i < written->n; i++) {
        Codes meant = *written;
        for (guint8 c = 0; c < 36; c++) {
            gboolean kin = same_kind(c, written->code[i]);
            if (c == written->code[i] || (!kin && !(m->look_alike[c] >> written->code[i] & 1))) {
                continue;
            }
            meant.code[i] = c;
            double share = kin ? walk(level, b[i], &meant, i) : whole(level, &meant);
            sum += m->misread[c][written->code[i]] / written->n * share;
        }
        if (i > 0 && written->code[i] != written->code[i - 1]) {
            meant.code[i] = written->code[i - 1];
            meant.code[i - 1] = written->code[i];
            gboolean kin = same_kind(meant.code[i], meant.code[i - 1]);
            double share = kin ? walk(level, b[i - 1], &meant, i - 1) : whole(level, &meant);
            sum += m->transcription_transposition / written->n * share;
        }
    }
    return sum;
}

/* Is a character that was lost at a place taken to be of a kind? Of that of a neighbour. */
static gboolean is_lost(const Codes *written, guint at, guint8 kind)
{
    return (at < written->n && same_kind(written->code[at], kind)) ||
           (at > 0 && same_kind(written->code[at - 1], kind));
}

/* One character left out, digits or letters. */
static double dropped(const Level *level, const Codes *written, gboolean letters)
{
    Beginning b[SERIAL_MAX + 1];
    double sum = 0;
    gboolean known = FALSE;
    guint8 first = letters ? 10 : 0, last = letters ? 36 : 10;
    for (guint i = 0; i <= written->n; i++) {
        if (!is_lost(written, i, first)) {
            known = FALSE;
            continue;
        }
        Codes meant = {.n = (guint8)(written->n + 1)};
        memcpy(meant.code, written->code, i);
        memcpy(meant.code + i + 1, written->code + i, written->n - i);
        meant.code[i] = first;
        if (!known || !same_kind(written->code[i - 1], first)) {
            beginnings(level, &meant, written, b); /* another shape than one place before */
            known = TRUE;
        }
        for (guint8 c = first; c < last; c++) {
            meant.code[i] = c;
            sum += walk(level, b[i], &meant, i);
        }
    }
    return sum * level->p->rates.transcription_dropped / (written->n + 1);
}

/* One character too many. */
static double added(const Level *level, const Codes *written)
{
    double sum = 0;
    for (guint i = 0; i < written->n && written->n > 1; i++) {
        Codes meant = {.n = (guint8)(written->n - 1)};
        memcpy(meant.code, written->code, i);
        memcpy(meant.code + i, written->code + i + 1, written->n - i - 1u);
        sum += whole(level, &meant);
    }
    return sum * level->p->rates.transcription_added / 14 / written->n;
}

/* An end lost: all that ends or begins so. */
static double ended(const Population *population, const Serial *written, guint make)
{
    Serial pattern = *written;
    double sum = 0;
    if (written->length < CONTAINED_MIN) {
        return 0;
    }
    pattern.open_left = TRUE;
    sum += population_fragment(population, &pattern, make);
    pattern.open_left = FALSE;
    pattern.open_right = TRUE;
    sum += population_fragment(population, &pattern, make);
    return sum * population_parameters(population)->rates.transcription_end_lost / 12;
}

static double damaged(const Level *level, const Codes *written)
{
    double sum = confused(level, written) + added(level, written);
    if (written->n < SERIAL_MAX) {
        sum += dropped(level, written, FALSE) + dropped(level, written, TRUE);
    }
    return sum;
}

/* Of the make as far as it is known, else of all; and a little for what no store has seen. */
static double mixed(const Population *population, const Codes *codes, guint make,
                    double (*share)(const Level *level, const Codes *codes))
{
    Level all = level_of(population, 0);
    double mean = share(&all, codes);
    if (make != 0) {
        Level own = level_of(population, make);
        double weight = own.firearms / (own.firearms + 20);
        mean = weight * share(&own, codes) + (1 - weight) * mean;
    }
    return mean;
}

double population_serial(const Population *population, const Codes *codes, guint make)
{
    double unseen = population_parameters(population)->rates.population_unseen;
    double any = exp2(-5.0875 * codes->n - 3); /* 34 characters, 8 lengths */
    return unseen * any + (1 - unseen) * mixed(population, codes, make, whole);
}

double population_recorded(const Population *population, const Serial *serial, guint make)
{
    Codes codes;
    const FirearmModel *m = &population_parameters(population)->rates;
    if (!codes_of(serial, &codes)) {
        return 0;
    }
    double right = population_serial(population, &codes, make);
    return m->transcription_clean * right +
           (1 - m->population_unseen) * mixed(population, &codes, make, damaged) +
           ended(population, serial, make);
}
