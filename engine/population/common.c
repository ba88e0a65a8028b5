/*
 * How common a serial is among the firearms of a make and of all: shape first, then character by
 * character along the run that begins so, each step falling back on all characters of its kind as
 * far as the run was not seen. And how likely another firearm is to be recorded as a serial, read
 * right or damaged once: the sum over all that it may have been meant for, which share most of
 * their steps.
 */
#include <math.h>
#include <string.h>

#include "engine/population/population.h"

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

/* What comes next of a run, and behind it the character of codes at a place, is asked for together:
 * it lies anywhere. */
static void ask_next(const Level *level, const Beginning *before, const guint8 kind[2],
                     const Codes *codes, guint behind)
{
    const Counter *counter = &level->p->counter;
    gboolean more = behind + before->free < codes->n;
    for (guint8 c = kind[0]; c < kind[1]; c++) {
        counter_ask(counter, mix(before->key, c + 1u));
    }
    for (guint8 c = kind[0]; c < kind[1]; c++) {
        guint64 key = mix(before->key, c + 1u);
        if (counter_await(counter, key) && more) {
            counter_ask(counter, mix(key, codes->code[behind] + 1u));
        }
    }
    for (guint8 c = kind[0]; more && c < kind[1]; c++) {
        guint64 key = mix(before->key, c + 1u);
        if (counter_await(counter, key)) {
            counter_await(counter, mix(key, codes->code[behind] + 1u));
        }
    }
}

/* A character of the same kind read as another. */
static double misread_kin(const Written *w, guint at)
{
    const Level *level = w->level;
    guint8 read = w->written->code[at], first = read > 9 ? 10 : 0, last = read > 9 ? 36 : 10;
    const guint8 kind[2] = {first, last};
    guint place = w->written->n - 1u - at;
    const Beginning *before = &w->b[at];
    gboolean run = place >= before->free && before->seen != NULL;
    double end = w->ends[at + 2], sum = 0;
    if (run) {
        ask_next(level, before, kind, w->written, at + 1);
    }
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

/* A letter read as a digit, or a digit as a letter. */
static double misread_other(const Written *w, guint at)
{
    const Level *level = w->level;
    guint8 read = w->written->code[at], first = read > 9 ? 0 : 10, last = read > 9 ? 10 : 36;
    const guint8 kind[2] = {first, last};
    guint place = w->written->n - 1u - at;
    Codes meant = *w->written;
    meant.code[at] = first;
    Beginning before = begin(level, &meant);
    double sum = 0;
    for (guint i = 0; i < at; i++) {
        step(level, &before, meant.code[i], meant.n - 1u - i);
    }
    if (place < before.free || before.seen == NULL) { /* what follows is worth the same for all */
        for (guint8 c = first; c < last; c++) {
            sum += level->p->rates.misread[c][read] * even_share(level, c, place);
        }
        before.share *= sum;
        return walk(level, before, w->written, at + 1, at + 1, w->ends + 1);
    }
    ask_next(level, &before, kind, w->written, at + 1);
    for (guint8 c = first; c < last; c++) {
        Beginning b = before;
        step(level, &b, c, place);
        sum += level->p->rates.misread[c][read] *
               walk(level, b, w->written, at + 1, at + 1, w->ends + 1);
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
    const guint8 kind[2] = {letters ? 10 : 0, letters ? 36 : 10};
    guint place = meant->n - 1u - at;
    double sum = 0;
    if (place < b->free || b->seen == NULL) { /* their even shares add up */
        return b->share * w->ends[at + 1];
    }
    ask_next(w->level, b, kind, meant, at + 1);
    for (guint c = kind[0]; c < kind[1]; c++) {
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
static double ended(const Population *population, const Codes *written, guint make)
{
    Serial pattern = {.length = written->n, .known = written->n, .open_left = TRUE};
    double sum = 0;
    if (written->n < CONTAINED_MIN) {
        return 0;
    }
    for (guint i = 0; i < written->n; i++) {
        pattern.set[i] = (CharSet)1 << written->code[i];
    }
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

/* How much a make's own numbers count beside those of all, which it may be recorded for. */
static double own_weight(const Level *own)
{
    return (1 - own->p->rates.population_other_make) * own->firearms / (own->firearms + 20);
}

/* Of the make as far as it is known and recorded right, else of all. */
static double mixed(const Population *population, const Codes *codes, guint make,
                    double (*share)(const Level *level, const Codes *codes))
{
    Level all = level_of(population, 0), own = level_of(population, make);
    double weight = make != 0 ? own_weight(&own) : 0, of_all = share(&all, codes);
    return make != 0 ? weight * share(&own, codes) + (1 - weight) * of_all : of_all;
}

/* A short number that three makes have given is a favourite ("12345"), and any other may: two are
 * one firearm under two names, or chance. Of the firearms whose makes were counted: how many there
 * are in all is known only after linking, and a serial is as rare before as after. */
static double favoured(const Population *population, const Codes *codes)
{
    const FirearmParameters *p = population_parameters(population);
    guint64 key = makes_key(codes, (guint)p->rates.population_short_digits);
    guint makes = key != 0 ? counter_get(&p->counter, key) : 0;
    return makes > 2 ? (makes - 2.0) / MAX(population_of_make(population, 0), 1) : 0;
}

double population_serial(const Population *population, const Codes *codes, guint make)
{
    const FirearmParameters *p = population_parameters(population);
    double unseen = p->rates.population_unseen;
    double any = exp2(-5.0875 * codes->n - 3); /* 34 characters, 8 lengths */
    double share = unseen * any + (1 - unseen) * mixed(population, codes, make, whole);
    return MAX(share, favoured(population, codes));
}

void population_expect(const Population *population, const Codes *codes, guint make)
{
    const Counter *counter = &population_parameters(population)->counter;
    const guint makes[] = {0, make};
    for (guint level = 0; level < (make != 0 ? 2u : 1u); level++) {
        guint64 key = shape_key(codes, makes[level]);
        counter_ask(counter, key);
        counter_expect(counter, key);
        for (guint i = 0; i + free_end(codes->n) < codes->n; i++) {
            key = mix(key, codes->code[i] + 1u);
            counter_ask(counter, key);
            counter_expect(counter, key);
        }
    }
}

/* ---- patterns ---- */

/* Places at which a run is followed for each character that may stand there; most that may be
 * letters or digits. */
#define BRANCHES 2u
#define MIXED    4u

static CharSet of_kind(CharSet set, guint8 code)
{
    const CharSet digits = ((CharSet)1 << 10) - 1;
    return code > 9 ? set & ~digits : set & digits;
}

static double even_shares(const Level *level, CharSet set, guint place)
{
    double sum = 0;
    for (; set != 0; set &= set - 1) {
        sum += even_share(level, (guint8)__builtin_ctzll(set), place);
    }
    return sum;
}

/* On from a beginning to the end, over all that a pattern leaves open within a shape. */
static double spread(const Level *level, Beginning b, const Serial *pattern, const Codes *shape,
                     guint i, guint branches)
{
    for (; i < shape->n; i++) {
        CharSet set = of_kind(pattern->set[i], shape->code[i]);
        guint place = shape->n - 1u - i;
        gboolean run = place >= b.free && b.seen != NULL, one = (set & (set - 1)) == 0;
        if (run && one) {
            step(level, &b, (guint8)__builtin_ctzll(set), place);
        } else if (!run || branches == 0) {
            b.share *= even_shares(level, set, place);
            b.seen = run ? NULL : b.seen;
        } else {
            double sum = 0;
            for (; set != 0; set &= set - 1) {
                Beginning next = b;
                step(level, &next, (guint8)__builtin_ctzll(set), place);
                sum += spread(level, next, pattern, shape, i + 1, branches - 1);
            }
            return sum;
        }
    }
    return b.share;
}

/* Over all shapes that the places of a pattern may have, from one on. */
static double shaped(const Level *level, const Serial *pattern, Codes *shape, guint i)
{
    if (i == pattern->length) {
        return spread(level, begin(level, shape), pattern, shape, 0, BRANCHES);
    }
    double sum = 0;
    for (guint8 kind = 0; kind <= 10; kind = (guint8)(kind + 10)) {
        if (of_kind(pattern->set[i], kind) != 0) {
            shape->code[i] = kind;
            sum += shaped(level, pattern, shape, i + 1);
        }
    }
    return sum;
}

static double closed_share(const Level *level, const Serial *pattern)
{
    Codes shape = {.n = (guint8)pattern->length};
    return shaped(level, pattern, &shape, 0);
}

static guint mixed_places(const Serial *pattern)
{
    guint n = 0;
    for (guint i = 0; i < pattern->length; i++) {
        n += of_kind(pattern->set[i], 0) != 0 && of_kind(pattern->set[i], 10) != 0;
    }
    return n;
}

double population_fragment(const Population *population, const Serial *pattern, guint make)
{
    const FirearmParameters *p = population_parameters(population);
    double share;
    if (pattern->open_left || pattern->open_right || mixed_places(pattern) > MIXED) {
        return fragments_share(p->fragments, pattern, make);
    }
    Level all = level_of(population, 0), own = level_of(population, make);
    share = closed_share(&all, pattern);
    if (make != 0) {
        double weight = own_weight(&own);
        share = weight * closed_share(&own, pattern) + (1 - weight) * share;
    }
    return MIN(1, share);
}

double population_recorded(const Population *population, const Codes *codes, guint make)
{
    const FirearmModel *m = &population_parameters(population)->rates;
    double right = population_serial(population, codes, make);
    return m->transcription_clean * right +
           (1 - m->population_unseen) * mixed(population, codes, make, damaged) +
           ended(population, codes, make);
}
