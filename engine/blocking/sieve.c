/*
 * The bound in whole steps, each rounded to the side of a pair that reaches the odds, and the nodes
 * of a block side by side. How one is held against the others: rows.c.
 */
#include "engine/blocking/rows.h"

#include "engine/person/birth.h"

#include <math.h>

/* ---- bounds ---------------------------------------------------------------------------------- */

static gint32 steps(double bits)
{
    return (gint32)CLAMP(ceil(bits * EXACT_STEPS), NOTHING, ODDS_MOST);
}

/* A little less, for what a float rounds. */
static float alike_of(double least)
{
    return (float)(least - 1e-4);
}

static NameSieve name_sieve(const Bound *b, Field field)
{
    const Limits *limits = &b->scorer->people->model->limits;
    return (NameSieve){.like = steps(b->like[field]),
                       .close = steps(b->best[field][NAME_CLOSE]),
                       .near = steps(b->best[field][NAME_NEAR]),
                       .far = steps(b->best[field][NAME_FAR]),
                       .differs = steps(b->best[field][NAME_DIFFERS]),
                       .to_close = alike_of(limits->close),
                       /* of given names those that are likely one are not near for it */
                       .to_near = field == FIELD_SURNAME ? alike_of(limits->near) : 2,
                       .to_far = alike_of(limits->far)};
}

static double level_most(const Bound *b, Field field, guint level)
{
    return gain_most(b->scorer, field, level, level);
}

static DateSieve date_sieve(const Bound *b)
{
    double most = MAX(gain_most(b->scorer, FIELD_DOB, DOB_EXACT, DOB_GENERATION), 0);
    return (DateSieve){.slip = steps(level_most(b, FIELD_DOB, DOB_DIGIT)),
                       .parts = steps(level_most(b, FIELD_DOB, DOB_PARTS)),
                       .swapped = steps(level_most(b, FIELD_DOB, DOB_SWAPPED)),
                       .year = steps(level_most(b, FIELD_DOB, DOB_YEAR)),
                       .differs = steps(MAX(level_most(b, FIELD_DOB, DOB_DIFFERS),
                                            level_most(b, FIELD_DOB, DOB_GENERATION))),
                       .any = steps(most)};
}

#define PHONE_SHIFT (DOCUMENT_BITS + TAIL_BITS)
G_STATIC_ASSERT(PHONE_SHIFT + 2 * PHONE_BITS <= 32);

static NumberSieve number_sieve(const Bound *b, Field field)
{
    gboolean phone = field == FIELD_PHONE;
    guint equal = phone ? (guint)PHONE_EQUAL : (guint)DOCUMENT_EQUAL;
    return (NumberSieve){
        .equal = steps(MAX(level_most(b, field, equal), 0)),
        .near = steps(b->number[field]),
        .apart = steps(b->apart[field]),
        .head = phone ? BITS(PHONE_BITS) << PHONE_SHIFT : BITS(DOCUMENT_BITS),
        .tail = phone ? BITS(PHONE_BITS) << (PHONE_SHIFT + PHONE_BITS)
                      : BITS(TAIL_BITS) << DOCUMENT_BITS,
    };
}

/* A street or a city that may be the same one need not be: the two then lie apart, which weights
 * that no rounds brought in order may hold for more. */
static AddressSieve address_sieve(const Bound *b)
{
    return (AddressSieve){.house = steps(b->house),
                          .street = steps(MAX(b->street, b->region)),
                          .city = steps(MAX(b->city, b->region)),
                          .region = steps(b->region),
                          .differs = steps(level_gain(b->scorer, FIELD_ADDRESS, ADDRESS_DIFFERS)),
                          .worst = steps(b->worst),
                          .to_city = alike_of(TEXT_ALIKE)};
}

Sieve *sieve_new(const Bound *bound)
{
    Sieve *s = g_new0(Sieve, 1);
    s->bound = bound;
    s->least = (gint32)CLAMP(floor(bound->least * EXACT_STEPS), NOTHING, ODDS_MOST);
    s->rest = steps(bound->rest);
    s->changed = steps(bound->changed);
    s->suffix = steps(bound->suffix);
    s->middle_same = steps(bound->middle);
    s->middle = steps(bound->like[FIELD_MIDDLE]);
    s->last = name_sieve(bound, FIELD_SURNAME);
    s->first = name_sieve(bound, FIELD_GIVEN);
    s->dob = date_sieve(bound);
    s->phone = number_sieve(bound, FIELD_PHONE);
    s->document = number_sieve(bound, FIELD_DOCUMENT);
    s->address = address_sieve(bound);
#ifdef __x86_64__
    s->eight = __builtin_cpu_supports("avx2") != 0;
#endif
    return s;
}

void sieve_free(Sieve *sieve)
{
    g_free(sieve);
}

/* ---- taken ----------------------------------------------------------------------------------- */

static Text name_text(const NameDigest *name)
{
    float length = (float)name->length;
    guint32 marks = name->called | (guint32)name->start << CALLED_BITS;
    return length > 0 ? (Text){name->id, name->letters, marks, length, 1 / length}
                      : (Text){name->id, name->letters, MARK_UNTOLD, 0, 0};
}

static Text city_text(const Sieve *s, Id city)
{
    const Value *v = people_value(s->bound->scorer->people, city);
    float length = (float)v->joined_length;
    return (Text){city, v->letters, (guint32)v->start << CALLED_BITS, length,
                  length > 0 ? 1 / length : 0};
}

static void lane_put(TextLanes *lanes, guint i, Text text)
{
    lanes->id[i] = text.id;
    lanes->letters[i] = text.letters;
    lanes->marks[i] = text.marks;
    lanes->length[i] = text.length;
    lanes->share[i] = text.share;
}

/* The ends of its numbers, each in bits of its own. */
static guint32 ends_of(const Digest *d)
{
    return d->document_head | (guint32)d->document_tail << DOCUMENT_BITS |
           (guint32)d->phone_head << PHONE_SHIFT |
           (guint32)d->phone_tail << (PHONE_SHIFT + PHONE_BITS);
}

/* Is something of a birth date missing, or is it one that no calendar has? */
static gboolean is_partly(guint32 digits)
{
    return digits && (!(digits & 0xff00) || !(digits & 0xff) || digits_impossible(digits));
}

void sieve_take(Sieve *s, const Digest *digests, guint n)
{
    Lanes *l = &s->lanes;
    s->n = n;
    s->others = FALSE;
    for (guint i = 0; i < n; i++) {
        const Digest *d = &digests[i];
        lane_put(&l->last, i, name_text(&d->last));
        lane_put(&l->first, i, name_text(&d->first));
        lane_put(&l->city, i, city_text(s, d->city));
        l->street[i] = d->street;
        l->house[i] = d->house;
        l->postal[i] = d->postal;
        l->phone[i] = d->phone;
        l->document[i] = d->document;
        l->ends[i] = ends_of(d);
        l->digits[i] = digits_said(s->bound->scorer->people, d->digits);
        l->partly[i] = is_partly(l->digits[i]);
        l->dob[i] = l->digits[i] && !l->partly[i] ? d->dob : 0;
        l->middle[i] = d->middle;
        l->born[i] = middle_mark(d->last.id);
        l->region[i] = d->region;
        l->suffix[i] = d->suffix;
        l->passes[i] = d->organisation || d->bearer;
        s->others |= d->middle != 0 || d->suffix != 0;
    }
}

static gint32 shared_steps(const Sieve *s, Field field, guint level, CountKind kind, Id id)
{
    return steps(gain_shared(s->bound->scorer, field, level, kind, id));
}

static gint32 dob_steps(const Sieve *s, const Digest *x)
{
    Day low = s->bound->scorer->people->dob_low;
    return x->dob == DAY_NONE
               ? 0
               : shared_steps(s, FIELD_DOB, DOB_EXACT, COUNT_DOB, (Id)(x->dob - low));
}

static Row row_of(const Sieve *s, const Digest *d)
{
    guint32 digits = digits_said(s->bound->scorer->people, d->digits), partly = is_partly(digits);
    return (Row){.last = name_text(&d->last),
                 .first = name_text(&d->first),
                 .city = city_text(s, d->city),
                 .last_exact = d->last.exact,
                 .first_exact = d->first.exact,
                 .dob_exact = dob_steps(s, d),
                 .postal_exact =
                     shared_steps(s, FIELD_ADDRESS, ADDRESS_POSTAL, COUNT_POSTAL, d->postal),
                 .city_exact = shared_steps(s, FIELD_ADDRESS, ADDRESS_CITY, COUNT_CITY, d->city),
                 .street = d->street,
                 .house = d->house,
                 .postal = d->postal,
                 .region = d->region,
                 .phone = d->phone,
                 .document = d->document,
                 .ends = ends_of(d),
                 .digits = digits,
                 .partly = partly,
                 .dob = digits && !partly ? d->dob : 0,
                 .middle = d->middle,
                 .born = middle_mark(d->last.id),
                 .suffix = d->suffix};
}

guint sieve_pass(Sieve *s, const Digest *x, guint from, guint *found)
{
    gboolean all = x->organisation || x->bearer;
    guint n = 0;
    if (!all) {
        Row row = row_of(s, x);
        sieve_row(s, &row, from);
    }
    for (guint i = from; i < s->n; i++) {
        found[n] = i;
        n += all || s->pass[i];
    }
    return n;
}
