/*
 * Digests of nodes and what a pair can reach by them. Everything here errs on one side: a pair that
 * reaches the odds is never left out; of those that do not, most are.
 */
#include "engine/blocking/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/blocking/near.h"
#include "engine/comparison/documents.h"
#include "engine/comparison/expect.h"
#include "engine/person/birth.h"

#define LINE 64 /* bytes of memory that come together */
G_STATIC_ASSERT(sizeof(Digest) == LINE);

/* ---- bounds ---------------------------------------------------------------------------------- */

double level_gain(const Scorer *s, Field field, guint level)
{
    return s->same[field][level] - s->unlike[field][level];
}

double gain_most(const Scorer *s, Field field, guint from, guint to)
{
    double most = -HUGE_VAL, cap = s->people->model->limits.tf_cap;
    for (guint level = from; level <= to; level++)
        most = MAX(most, level_gain(s, field, level) + s->share[field][level] * cap);
    return most;
}

/* The least that two addresses are worth, but for values that very many have. */
static double address_worst(const Scorer *s)
{
    double worst = 0, cap = s->people->model->limits.tf_cap;
    for (guint level = ADDRESS_UNIT; level <= ADDRESS_DIFFERS; level++)
        worst =
            MIN(worst, level_gain(s, FIELD_ADDRESS, level) - s->share[FIELD_ADDRESS][level] * cap);
    return worst;
}

static void common_init(Bound *b, guint level, double least)
{
    for (guint x = 0; x < BOUND_LETTERS; x++)
        for (guint y = 0; y < BOUND_LETTERS; y++)
            for (guint start = 0; start < 2; start++) {
                guint8 *common = &b->common[level][start][x][y];
                while (*common <= MIN(x, y) && common_alike(*common, x, y, start != 0) < least)
                    (*common)++;
            }
}

#define SLACK 0.01 /* bits: odds are added up with a float's precision */

void bound_init(Bound *b, const Scorer *s, double least)
{
    static const Field names[] = {FIELD_SURNAME, FIELD_GIVEN, FIELD_MIDDLE};
    *b = (Bound){.scorer = s, .least = least - SLACK};
    b->rest = s->prior;
    b->suffix = MAX(gain_most(s, FIELD_SUFFIX, SUFFIX_EQUAL, SUFFIX_EQUAL), 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        b->like[names[i]] = MAX(gain_most(s, names[i], NAME_VARIANT, NAME_INITIAL),
                                level_gain(s, names[i], NAME_DIFFERS));
    b->middle = MAX(gain_most(s, FIELD_MIDDLE, NAME_EXACT, NAME_EXACT), b->like[FIELD_MIDDLE]);
    b->changed = gain_most(s, FIELD_SURNAME, NAME_SWAPPED, NAME_SWAPPED) +
                 gain_most(s, FIELD_GIVEN, NAME_SWAPPED, NAME_SWAPPED);
    b->address = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_DIFFERS);
    b->house = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_STREET);
    b->street = gain_most(s, FIELD_ADDRESS, ADDRESS_STREET, ADDRESS_STREET);
    b->city = gain_most(s, FIELD_ADDRESS, ADDRESS_CITY, ADDRESS_CITY);
    b->region = gain_most(s, FIELD_ADDRESS, ADDRESS_REGION, ADDRESS_DIFFERS);
    b->worst = address_worst(s);
    b->area = gain_most(s, FIELD_ADDRESS, ADDRESS_STREET, ADDRESS_DIFFERS);
    b->number[FIELD_PHONE] = MAX(gain_most(s, FIELD_PHONE, PHONE_CLOSE, PHONE_CLOSE), 0);
    b->number[FIELD_DOCUMENT] = MAX(gain_most(s, FIELD_DOCUMENT, DOCUMENT_CLOSE, DOCUMENT_NEAR), 0);
    b->apart[FIELD_DOCUMENT] = MAX(gain_most(s, FIELD_DOCUMENT, DOCUMENT_NEAR, DOCUMENT_NEAR), 0);
    b->document = MAX(gain_most(s, FIELD_DOCUMENT, DOCUMENT_EQUAL, DOCUMENT_NEAR), 0);
    for (guint i = 0; i < 2; i++)
        for (guint level = NAME_CLOSE; level <= NAME_DIFFERS; level++) {
            double differs = level_gain(s, names[i], NAME_DIFFERS);
            b->best[names[i]][level] = level == NAME_DIFFERS
                                           ? differs
                                           : MAX(gain_most(s, names[i], level, NAME_FAR), differs);
        }
    common_init(b, NAME_CLOSE, s->people->model->limits.close);
    common_init(b, NAME_NEAR, s->people->model->limits.near);
    common_init(b, NAME_FAR, s->people->model->limits.far);
}

/* What the same value on both sides is worth at a level. */
double gain_shared(const Scorer *s, Field field, guint level, CountKind kind, Id id)
{
    return level_gain(s, field, level) + count_bits(s, field, level, s->people->counts[kind][id]);
}

/* ---- made ------------------------------------------------------------------------------------ */

static NameDigest name_digest(const Bound *b, Id id, Field field, CountKind kind)
{
    const Value *v = people_value(b->scorer->people, id);
    gboolean told = v->words <= 1 && v->joined_length > 1 && v->joined_length < BOUND_LETTERS;
    guint64 called = v->called;
    for (guint shift = CALLED_BITS; shift < 64; shift += CALLED_BITS)
        called |= v->called >> shift;
    double exact = ceil(gain_shared(b->scorer, field, NAME_EXACT, kind, id) * EXACT_STEPS);
    return (NameDigest){.id = id,
                        .letters = v->letters & ((1u << (32 - LENGTH_BITS)) - 1),
                        .length = told ? v->joined_length & (BOUND_LETTERS - 1) : 0,
                        .called = called & ((1u << CALLED_BITS) - 1),
                        .start = v->start & ((1u << START_BITS) - 1),
                        .exact = (gint16)CLAMP(exact, G_MININT16, G_MAXINT16)};
}

static guint32 low_bits(guint32 hash, guint bits)
{
    return hash & ((1u << bits) - 1);
}

#define ENDS 3 /* characters of each end of a number: a slip leaves one of both as it is */

/* Of the first characters of a number, or of the last; 0 of a short one and of a text. */
static guint32 number_end(const Value *v, gboolean tail, guint bits)
{
    guint from = tail ? v->length - (guint)ENDS : 0;
    guint32 hash = 0;
    if (v->length < 2 * ENDS + 1 || strchr(v->text, '@'))
        return 0;
    for (guint i = from; i < from + ENDS; i++)
        hash = hash * 37 + (guchar)v->text[i];
    return low_bits(hash ^ hash >> bits, bits) ? low_bits(hash ^ hash >> bits, bits) : 1;
}

Digest digest_outline(const Bound *b, const Node *n)
{
    const People *p = b->scorer->people;
    const Value *last = people_value(p, n->last), *first = people_value(p, n->first);
    return (Digest){.last = name_digest(b, n->last, FIELD_SURNAME, COUNT_LAST),
                    .first = name_digest(b, n->first, FIELD_GIVEN, COUNT_FIRST),
                    .street = n->street,
                    .house = n->house,
                    .city = n->city,
                    .postal = n->postal,
                    .phone = n->phone,
                    .document = n->document,
                    .dob = n->dob,
                    .digits = n->digits,
                    .last_sound = low_bits(last->sound, SOUND_BITS),
                    .last_prefix = low_bits(last->prefix, SOUND_BITS),
                    .first_sound = low_bits(first->sound, SOUND_BITS),
                    .first_prefix = low_bits(first->prefix, SOUND_BITS),
                    .middle = middle_mark(n->middle),
                    .suffix = n->suffix != 0,
                    .region = n->region != 0,
                    .organisation = n->organisation != 0,
                    .bearer = node_is_bearer(n)};
}

Digest digest_filled(const Bound *b, const Digest *outline)
{
    const People *p = b->scorer->people;
    const Value *document = people_value(p, outline->document);
    const Value *phone = people_value(p, outline->phone);
    Digest digest = *outline;
    digest.document_head = number_end(document, FALSE, DOCUMENT_BITS);
    digest.document_tail = number_end(document, TRUE, TAIL_BITS);
    digest.phone_head = number_end(phone, FALSE, PHONE_BITS);
    digest.phone_tail = number_end(phone, TRUE, PHONE_BITS);
    return digest;
}

Digest digest_of(const Bound *b, const Node *n)
{
    Digest outline = digest_outline(b, n);
    return digest_filled(b, &outline);
}

#define MADE  8192u /* nodes in one job */
#define AHEAD 8     /* nodes whose memory is asked for before their turn */

typedef struct {
    const Bound *bound;
    Digest *digests;
} Making;

static void make_work(Queue *queue, gpointer data)
{
    const Making *m = data;
    const People *p = m->bound->scorer->people;
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * MADE; i < MIN((job + 1) * MADE, p->nodes->len); i++) {
            if (i + 2 * AHEAD < p->nodes->len)
                numbers_expect(p, i + 2 * AHEAD);
            if (i + AHEAD < p->nodes->len)
                names_expect(p, i + AHEAD);
            m->digests[i] = digest_of(m->bound, people_node(p, i));
        }
}

Digest *digests_new(const Bound *bound)
{
    guint n = bound->scorer->people->nodes->len;
    gsize size = ((gsize)n + 1) * sizeof(Digest);
    Making making = {bound, aligned_alloc(LINE, size)};
    if (!making.digests)
        g_error("%" G_GSIZE_FORMAT " bytes of memory are not to be had", size);
    memory_large(making.digests, size);
    queue_run((n + MADE - 1) / MADE, make_work, &making);
    return making.digests;
}

/* ---- the most that a pair can reach ---------------------------------------------------------- */

static double dob_most(const Bound *b, const Digest *x, const Digest *y)
{
    const People *p = b->scorer->people;
    if (!x->digits || !y->digits)
        return 0;
    guint level =
        dates_level(p->model, x->dob, digits_said(p, x->digits), y->dob, digits_said(p, y->digits));
    if (level == DOB_EXACT)
        return gain_shared(b->scorer, FIELD_DOB, level, COUNT_DOB, (Id)(x->dob - p->dob_low));
    return level == LEVEL_MISSING ? 0 : level_gain(b->scorer, FIELD_DOB, level);
}

/* May a number be another one with a slip? By three characters of each end. */
static gboolean ends_near(guint32 head, guint32 tail, guint32 other_head, guint32 other_tail)
{
    return !head || !other_head || head == other_head || tail == other_tail;
}

static gboolean phones_near(const Digest *x, const Digest *y)
{
    return ends_near(x->phone_head, x->phone_tail, y->phone_head, y->phone_tail);
}

static gboolean documents_near(const Digest *x, const Digest *y)
{
    return ends_near(x->document_head, x->document_tail, y->document_head, y->document_tail);
}

/* The same number, unless it is nobody's own; another, which may be the same with a slip (near) or
 * with several. */
static double number_most(const Bound *b, Field field, CountKind kind, const Id id[2],
                          gboolean near)
{
    if (!id[0] || !id[1])
        return 0;
    if (id[0] != id[1])
        return near ? b->number[field] : b->apart[field];
    return value_is_shared(b->scorer->people, kind, id[0])
               ? 0
               : MAX(gain_shared(b->scorer, field, 0, kind, id[0]), 0);
}

static double phone_most(const Bound *b, const Digest *x, const Digest *y)
{
    const Id id[2] = {x->phone, y->phone};
    return number_most(b, FIELD_PHONE, COUNT_PHONE, id, phones_near(x, y));
}

/* Of several documents any may be the same one. */
static double document_most(const Bound *b, const Digest *x, const Digest *y)
{
    const Id id[2] = {x->document, y->document};
    if (x->bearer || y->bearer)
        return x->document && y->document ? b->document : 0;
    return number_most(b, FIELD_DOCUMENT, COUNT_DOCUMENT, id, documents_near(x, y));
}

/* Of an address before any text is read: one of another house is no more than near. */
static double address_first(const Bound *b, const Digest *x, const Digest *y)
{
    return x->house && x->house == y->house ? b->address : MAX(b->area, 0);
}

/* By its street, its postal code, its city. */
static double address_most(const Bound *b, const Digest *x, const Digest *y)
{
    const Scorer *s = b->scorer;
    gboolean cities = x->city && y->city, postals = x->postal && y->postal;
    gboolean streets = x->street && y->street, regions = x->region && y->region;
    gboolean house = x->house && x->house == y->house;
    gboolean postal = postals && x->postal == y->postal;
    gboolean city = cities && texts_alike(s->people, x->city, y->city);
    /* of one house, a street may lack what kind of street it is */
    gboolean street = streets && (postal || city || (!cities && !postals)) &&
                      (house || texts_alike(s->people, x->street, y->street));
    double most = -HUGE_VAL;
    if (!cities && !postals && !streets && !regions)
        return 0;
    if (street)
        most = house ? b->house : b->street;
    if (postal)
        most = MAX(most, gain_shared(s, FIELD_ADDRESS, ADDRESS_POSTAL, COUNT_POSTAL, x->postal));
    if (city)
        most = MAX(most, x->city == y->city
                             ? gain_shared(s, FIELD_ADDRESS, ADDRESS_CITY, COUNT_CITY, x->city)
                             : b->city);
    if (street || postal || city)
        return most;
    return regions ? b->region : level_gain(s, FIELD_ADDRESS, ADDRESS_DIFFERS);
}

/* The best level that two names may be at which are not the same, as compare.c says it, without the
 * texts; sound: they may sound alike. */
static guint name_best(const Bound *b, Field field, const NameDigest *x, const NameDigest *y,
                       gboolean sound)
{
    if (!x->length || !y->length || (x->called & y->called))
        return NAME_VARIANT;
    guint lost = letters_lost(x->letters, y->letters), gone = letters_lost(y->letters, x->letters);
    guint apart = MAX(lost, gone), start = x->start == y->start;
    gint common = MIN((gint)x->length - (gint)lost, (gint)y->length - (gint)gone);
    const guint8(*least)[2][BOUND_LETTERS][BOUND_LETTERS] = b->common;
    if (apart > 2 && common < least[NAME_FAR][start][x->length][y->length])
        return NAME_DIFFERS;
    if (apart <= 1 || common >= least[NAME_CLOSE][start][x->length][y->length])
        return NAME_CLOSE;
    if (apart == 2 || (start && sound))
        return NAME_NEAR;
    gboolean begins = start && (lost == 0 || gone == 0); /* may one begin the other? */
    gboolean likely = begins || common >= least[NAME_NEAR][start][x->length][y->length];
    return likely && field == FIELD_SURNAME ? NAME_NEAR : NAME_FAR;
}

static double name_most(const Bound *b, Field field, const NameDigest *x, const NameDigest *y,
                        gboolean sound)
{
    if (!x->id || !y->id)
        return 0;
    if (x->id == y->id)
        return (double)x->exact / EXACT_STEPS;
    guint level = name_best(b, field, x, y, sound);
    return level == NAME_VARIANT ? b->like[field] : b->best[field][level];
}

/* Surname and given name, each in its place. */
static double names_most(const Bound *b, const Digest *x, const Digest *y)
{
    gboolean born = (x->middle && x->middle == middle_mark(y->last.id)) ||
                    (y->middle && y->middle == middle_mark(x->last.id));
    double last = name_most(b, FIELD_SURNAME, &x->last, &y->last, x->last_sound == y->last_sound);
    double first =
        name_most(b, FIELD_GIVEN, &x->first, &y->first, x->first_sound == y->first_sound);
    /* of two of whom one has one name alone it may stand in the other column */
    gboolean lone = !x->last.id || !y->last.id;
    return MAX(last, born ? b->like[FIELD_SURNAME] : last) + (lone ? MAX(first, 0) : first);
}

/* May a surname and a given name be close? */
static gboolean may_be_one(const Bound *b, const NameDigest *x, const NameDigest *y)
{
    return x->id && y->id &&
           (x->id == y->id || name_best(b, FIELD_GIVEN, x, y, FALSE) <= NAME_CLOSE);
}

static double middle_most(const Bound *b, const Digest *x, const Digest *y)
{
    if (!x->middle || !y->middle)
        return 0;
    return x->middle == y->middle ? b->middle : b->like[FIELD_MIDDLE];
}

gboolean digests_reach(const Bound *b, const Digest *x, const Digest *y)
{
    if (x->organisation || y->organisation)
        return TRUE;
    double most = b->rest + (x->suffix && y->suffix ? b->suffix : 0) + dob_most(b, x, y) +
                  middle_most(b, x, y) + phone_most(b, x, y) + document_most(b, x, y);
    double names = names_most(b, x, y), first = most + address_first(b, x, y);
    /* in their places, or else as if they had changed these */
    if (first + names < b->least || names < b->changed) {
        if (first + MAX(names, b->changed) < b->least)
            return FALSE;
        if (may_be_one(b, &x->last, &y->first) && may_be_one(b, &x->first, &y->last))
            names = MAX(names, b->changed);
        else if (first + names < b->least)
            return FALSE;
    }
    return most + names + b->worst >= b->least || most + names + address_most(b, x, y) >= b->least;
}

/* ---- what is near ---------------------------------------------------------------------------- */

static gboolean letters_near(const NameDigest *x, const NameDigest *y)
{
    return letters_apart(x->letters, y->letters) <= 2;
}

static gboolean last_near(const Digest *x, const Digest *y)
{
    return x->last.id && y->last.id &&
           (x->last_sound == y->last_sound || x->last_prefix == y->last_prefix ||
            letters_near(&x->last, &y->last));
}

static gboolean first_near(const Digest *x, const Digest *y)
{
    return x->first.id && y->first.id &&
           (x->first_sound == y->first_sound || x->first_prefix == y->first_prefix ||
            letters_near(&x->first, &y->first));
}

/* A surname of one and a given name of the other. */
static gboolean cross_near(const Digest *x, const Digest *y)
{
    return x->last.id && y->first.id &&
           (x->last_sound == y->first_sound || x->last_prefix == y->first_prefix ||
            letters_near(&x->last, &y->first));
}

static gboolean numbers_near(const Digest *x, const Digest *y)
{
    return (x->document && y->document && (x->bearer || y->bearer || documents_near(x, y))) ||
           (x->phone && y->phone && phones_near(x, y));
}

/* Do two addresses have anything in common that might make them near? */
static gboolean address_near(const People *p, const Digest *x, const Digest *y)
{
    return (x->postal && x->postal == y->postal) ||
           (x->street && y->street && (x->house == y->house || x->city == y->city) &&
            texts_near(p, x->street, y->street));
}

gboolean digests_near(const People *p, const Digest *x, const Digest *y)
{
    if (x->organisation || y->organisation)
        return x->organisation && y->organisation;
    gboolean missing = !x->last.id || !y->last.id || !x->first.id || !y->first.id;
    if (numbers_near(x, y) || missing)
        return TRUE;
    gboolean dob = dates_near(x->digits, y->digits) > 0;
    guint names = last_near(x, y) + first_near(x, y);
    if (names == 0 && !(cross_near(x, y) && cross_near(y, x)))
        return dob && address_near(p, x, y);
    gboolean both = names == 2 || (cross_near(x, y) && cross_near(y, x));
    if (dob || address_near(p, x, y))
        return TRUE;
    return both && x->digits && y->digits && texts_near(p, x->city, y->city);
}
