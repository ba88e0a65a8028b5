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
    const Slot *seen; /* NULL: not, or once */
    double share;
    guint free; /* characters at the end */
} Beginning;

static Level level_of(const Population *population, guint make)
{
    const FirearmParameters *p = population_parameters(population);
    return (Level){p, &g_array_index(p->tail, Tail, make < p->tail->len ? make : 0),
                   population_of_make(population, make) + 2.0, make};
}

static Beginning begin(const Level *level, const Codes *codes)
{
    Beginning b = {.key = shape_key(codes, level->make), .free = free_end(codes->n)};
    b.seen = counter_find(&level->p->counter, b.key);
    b.share = ((b.seen != NULL ? discounted(b.seen->count) : 0) + 0.2) / level->firearms;
    return b;
}

/* What a character is worth where no run was seen. */
static double even_share(const Level *level, guint8 code, guint place)
{
    return place < FREE_END ? (double)level->tail->share[place][code] : code > 9 ? 1.0 / 26 : 0.1;
}

/* place: of the character, from the right end. */
static void step(const Level *level, Beginning *b, guint8 code, guint place)
{
    double even = even_share(level, code, place), strength = level->p->rates.population_run_weight;
    if (place < b->free || b->seen == NULL) {
        b->share *= even; /* free, or beyond what was ever seen */
        return;
    }
    const Slot *before = b->seen;
    b->key = mix(b->key, code + 1u);
    b->seen = counter_find(&level->p->counter, b->key);
    b->share *= share_behind(before, b->seen, strength, even);
}

static double whole(const Level *level, const Codes *codes)
{
    Beginning b = begin(level, codes);
    for (guint i = 0; i < codes->n; i++) {
        step(level, &b, codes->code[i], codes->n - 1u - i);
    }
    return b.share;
}

/* What is written from each place to its end is worth where no run was seen; n + 1 places. */
static void free_ends(const Level *level, const Codes *written, double *end)
{
    end[written->n] = 1;
    for (guint i = written->n; i-- > 0;) {
        end[i] = end[i + 1] * even_share(level, written->code[i], written->n - 1u - i);
    }
}

/* On from a beginning to the end, which is as written from a place on: there nothing needs to be
 * looked up any more where the run has ended. end: of these places of codes. */
static double walk(const Level *level, Beginning b, const Codes *codes, guint from, guint same,
                   const double *end)
{
    guint run = codes->n - b.free, i = from;
    for (; i < codes->n && (i < same || (i < run && b.seen != NULL)); i++) {
        step(level, &b, codes->code[i], codes->n - 1u - i);
    }
    return b.share * end[i];
}

/* Beginnings of a serial in the shape of another of as many characters or one more. */
static void beginnings(const Level *level, const Codes *shape, const Codes *codes, Beginning *b)
{
    b[0] = begin(level, shape);
    for (guint i = 0; i < shape->n && i < codes->n; i++) {
        b[i + 1] = b[i];
        step(level, &b[i + 1], codes->code[i], shape->n - 1u - i);
    }
}

static gboolean same_kind(guint8 a, guint8 b)
{
    return (a > 9) == (b > 9);
}

/* A serial as it was written, at one level. */
typedef struct {
    const Level *level;
    const Codes *written;
    Beginning b[SERIAL_MAX + 1];
    double ends[SERIAL_MAX + 3]; /* of written from place i on: ends[i + 1] */
} Written;

/* The serial that was meant differs at these places only, in kind or in character. */
static double meant_share(const Written *w, const Codes *meant, guint from, guint to, gboolean kin)
{
    Beginning b = kin ? w->b[from] : begin(w->level, meant);
    return walk(w->level, b, meant, kin ? from : 0, to, w->ends + 1);
}

/* A character of the same kind read as another. */
static double misread_kin(const Written *w, guint at)
{
    const Level *level = w->level;
    guint8 read = w->written->code[at], first = read > 9 ? 10 : 0, last = read > 9 ? 36 : 10;
    guint place = w->written->n - 1u - at;
    const Beginning *before = &w->b[at];
    gboolean run = place >= before->free && before->seen != NULL;
    double end = w->ends[at + 2], sum = 0;
    for (guint8 c = first; c < last; c++) {
        double rate = level->p->rates.misread[c][read];
        if (c == read) {
            continue;
        }
        if (!run) {
            sum += rate * even_share(level, c, place) * before->share * end;
            continue;
        }
        Beginning b = *before;
        step(level, &b, c, place);
        sum += rate * (b.seen == NULL ? b.share * end
                                      : walk(level, b, w->written, at + 1, at + 1, w->ends + 1));
    }
    return sum;
}

/* A letter read as a digit that looks like it, or a digit as a letter. */
static double misread_other(const Written *w, guint at)
{
    const FirearmModel *m = &w->level->p->rates;
    guint8 read = w->written->code[at];
    Codes meant = *w->written;
    double sum = 0;
    for (CharSet set = m->look_alike[read]; set != 0; set &= set - 1) {
        guint8 c = (guint8)__builtin_ctzll(set);
        if (!same_kind(c, read)) {
            meant.code[at] = c;
            sum += m->misread[c][read] * meant_share(w, &meant, at, at + 1, FALSE);
        }
    }
    return sum;
}

/* A character and the one before swapped. */
static double swapped(const Written *w, guint at)
{
    Codes meant = *w->written;
    meant.code[at] = w->written->code[at - 1];
    meant.code[at - 1] = w->written->code[at];
    gboolean kin = same_kind(meant.code[at], meant.code[at - 1]);
    return meant_share(w, &meant, at - 1, at + 1, kin);
}

static double confused(const Written *w)
{
    guint n = w->written->n;
    double sum = 0, swaps = 0;
    for (guint i = 0; i < n; i++) {
        sum += misread_kin(w, i) + misread_other(w, i);
        swaps += i > 0 && w->written->code[i] != w->written->code[i - 1] ? swapped(w, i) : 0;
    }
    return (sum + w->level->p->rates.transcription_transposition * swaps) / n;
}

/* Is a character that was lost at a place taken to be of a kind? Of that of a neighbour. */
static gboolean is_lost(const Codes *written, guint at, guint8 kind)
{
    return (at < written->n && same_kind(written->code[at], kind)) ||
           (at > 0 && same_kind(written->code[at - 1], kind));
}

/* All characters of a kind behind a beginning; one of meant stands for them. */
static double any_of_kind(const Written *w, const Beginning *b, Codes *meant, guint at)
{
    gboolean letters = meant->code[at] > 9;
    guint place = meant->n - 1u - at;
    double sum = 0;
    if (place < b->free || b->seen == NULL) { /* their even shares add up */
        return b->share * w->ends[at + 1];
    }
    for (guint c = letters ? 10 : 0; c < (letters ? 36 : 10); c++) {
        Beginning next = *b;
        step(w->level, &next, c, place);
        sum += walk(w->level, next, meant, at + 1, at + 1, w->ends);
    }
    return sum;
}

/* One character left out, digits or letters. */
static double dropped(const Written *w, gboolean letters)
{
    const Codes *written = w->written;
    Beginning b[SERIAL_MAX + 1];
    double sum = 0;
    gboolean known = FALSE;
    guint8 first = letters ? 10 : 0;
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
            beginnings(w->level, &meant, written, b); /* another shape than one place before */
            known = TRUE;
        }
        sum += any_of_kind(w, &b[i], &meant, i);
    }
    return sum * w->level->p->rates.transcription_dropped / (written->n + 1);
}

/* One character too many. */
static double added(const Written *w)
{
    const Codes *written = w->written;
    Beginning b[SERIAL_MAX + 1];
    double sum = 0;
    for (guint i = 0; i < written->n && written->n > 1; i++) {
        Codes meant = {.n = (guint8)(written->n - 1)};
        memcpy(meant.code, written->code, i);
        memcpy(meant.code + i, written->code + i + 1, written->n - i - 1u);
        if (i == 0 || !same_kind(written->code[i], written->code[i - 1])) {
            beginnings(w->level, &meant, written, b); /* another shape than one place before */
        }
        sum += walk(w->level, b[i], &meant, i, i, w->ends + 2);
    }
    return sum * w->level->p->rates.transcription_added / 14 / written->n;
}

/* An end lost: all that ends or begins so. */
static double ended(const Population *population, const Serial *written, guint make)
{
    Serial pattern = serial_copy(written);
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
    Written w = {.level = level, .written = written};
    beginnings(level, written, written, w.b);
    free_ends(level, written, w.ends + 1);
    double sum = confused(&w) + added(&w);
    if (written->n < SERIAL_MAX) {
        sum += dropped(&w, FALSE) + dropped(&w, TRUE);
    }
    return sum;
}

/* Of the make as far as it is known and recorded right, else of all. */
static double mixed(const Population *population, const Codes *codes, guint make,
                    double (*share)(const Level *level, const Codes *codes))
{
    Level all = level_of(population, 0);
    double mean = share(&all, codes);
    if (make != 0) {
        Level own = level_of(population, make);
        double right = 1 - population_parameters(population)->rates.population_other_make;
        double weight = right * own.firearms / (own.firearms + 20);
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
