/*
 * A cheap look at a proposed pair before the costly comparison: most pairs that one key brings
 * together by chance cannot be one person, whatever the rest of their cells says. By what is alike
 * (looks_near), which no estimate changes; then, when weights are known, by the most that the two
 * can reach with what was seen so far (looks_reach), which leaves out no pair that is wanted.
 */
#include "engine/blocking/near.h"

#include <math.h>
#include <string.h>

#include "engine/person/birth.h"

#define LONG 12 /* characters of a number, above which it is not looked at for slips */

static void name_init(NameLook *look, const People *p, Id id)
{
    const Value *v = people_value(p, id);
    *look = (NameLook){id,       v->sound,     v->prefix, v->letters, v->called, v->joined_length,
                       v->start, v->words > 1, 0};
}

void look_init(Look *look, const People *p, const Node *n)
{
    name_init(&look->last, p, n->last);
    name_init(&look->first, p, n->first);
    look->middle = n->middle;
    look->place = n->place;
    look->house = n->house;
    look->street = n->street;
    look->city = n->city;
    look->region = n->region;
    look->postal = n->postal;
    look->phone = n->phone;
    look->document = n->document;
    look->suffix = n->suffix;
    look->dob = n->dob;
    look->digits = n->digits;
    look->organisation = n->organisation != 0;
}

/* Could two names be one but for a slip? */
static gboolean name_near(const NameLook *a, const NameLook *b)
{
    if (!a->id || !b->id || a->id == b->id)
        return a->id && a->id == b->id;
    return a->sound == b->sound || a->prefix == b->prefix ||
           letters_apart(a->letters, b->letters) <= 2;
}

static gboolean text_near(const People *p, Id a, Id b)
{
    NameLook x, y;
    if (!a || !b || a == b)
        return a && a == b;
    name_init(&x, p, a);
    name_init(&y, p, b);
    return name_near(&x, &y);
}

/* Birth dates: 2 equal or swapped, 1 two parts of three, 0 else. */
static guint dob_near(guint32 a, guint32 b)
{
    if (!a || !b)
        return 0;
    if (a == b || digits_swapped(a, b))
        return 2;
    return digits_parts_equal(a, b) >= 2;
}

/* Addresses: 2 one house or nearly, 1 one street or postal code, 0 else. */
static guint address_near(const People *p, const Look *a, const Look *b)
{
    if (a->place && a->place == b->place)
        return 2;
    guint postal = a->postal && a->postal == b->postal;
    if (!a->street || !b->street || (a->house != b->house && a->city != b->city) ||
        !text_near(p, a->street, b->street))
        return postal;
    return a->house == b->house ? 2 : 1;
}

/* Places at which two texts of one length differ. */
static guint places_apart(const Value *a, const Value *b)
{
    guint apart = 0;
    for (guint i = 0; i < a->length; i++)
        apart += a->text[i] != b->text[i];
    return apart;
}

/* A telephone or document: 2 equal, 1 starts or ends alike with no more than a few slips (a long
 * one, an e-mail address say, is not looked at that closely), 0 else. */
static guint number_near(const People *p, Id a, Id b)
{
    if (!a || !b || a == b)
        return a && a == b ? 2 : 0;
    const Value *x = people_value(p, a), *y = people_value(p, b);
    guint half = MIN(MIN(x->length, y->length) / 2, 4);
    gboolean alike =
        half >= 3 && (memcmp(x->text, y->text, half) == 0 ||
                      memcmp(x->text + x->length - half, y->text + y->length - half, half) == 0);
    return alike && (x->length != y->length || x->length > LONG ||
                     places_apart(x, y) <= p->model->limits.near_slips);
}

/* One of the two numbers, equal or nearly. */
static guint numbers_near(const People *p, const Look *a, const Look *b)
{
    guint phone = number_near(p, a->phone, b->phone);
    return phone == 2 ? 2 : MAX(phone, number_near(p, a->document, b->document));
}

gboolean looks_near(const People *p, const Look *a, const Look *b)
{
    if (a->organisation || b->organisation)
        return a->organisation && b->organisation;
    guint dob = dob_near(a->digits, b->digits), address = address_near(p, a, b);
    if ((dob && address) || (a->document && a->document == b->document))
        return TRUE;
    guint names = name_near(&a->last, &b->last) + name_near(&a->first, &b->first);
    gboolean both =
        names == 2 || (name_near(&a->last, &b->first) && name_near(&a->first, &b->last));
    gboolean missing = !a->last.id || !b->last.id || !a->first.id || !b->first.id;
    gboolean half = names == 1 && missing;
    if ((dob || address) && (both || half || (names == 1 && (dob == 2 || address == 2))))
        return TRUE;
    gboolean age = a->digits && b->digits && ABS(a->dob - b->dob) <= p->model->limits.near_days;
    if ((both || half) && age && text_near(p, a->city, b->city))
        return TRUE;
    if (!dob && !address && !both && names == 0 && !missing)
        return FALSE;
    guint number = numbers_near(p, a, b);
    return number &&
           (dob || address == 2 || (address && number == 2) || both || names == 1 || missing);
}

gboolean pair_near(const People *p, const Node *a, const Node *b)
{
    Look x, y;
    look_init(&x, p, a);
    look_init(&y, p, b);
    return looks_near(p, &x, &y);
}

/* ---- the most that a pair can reach --------------------------------------------------------- */

static double gain(const Scorer *s, Field field, guint level)
{
    return s->same[field][level] - s->unlike[field][level];
}

/* The most that the levels from..to of a field are worth, whatever the values. */
static double gain_most(const Scorer *s, Field field, guint from, guint to)
{
    double most = -HUGE_VAL, cap = s->people->model->limits.tf_cap;
    for (guint level = from; level <= to; level++)
        most = MAX(most, gain(s, field, level) + s->share[field][level] * cap);
    return most;
}

/* The least that two addresses are worth, but for values that very many have. */
static double address_worst(const Scorer *s)
{
    double worst = 0, cap = s->people->model->limits.tf_cap;
    for (guint level = ADDRESS_UNIT; level <= ADDRESS_DIFFERS; level++)
        worst = MIN(worst, gain(s, FIELD_ADDRESS, level) - s->share[FIELD_ADDRESS][level] * cap);
    return worst;
}

static void common_init(Bound *b, double far)
{
    for (guint x = 0; x < BOUND_LETTERS; x++)
        for (guint y = 0; y < BOUND_LETTERS; y++)
            for (guint start = 0; start < 2; start++) {
                guint8 *common = &b->common[start][x][y];
                while (*common <= MIN(x, y) && common_alike(*common, x, y, start != 0) < far)
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
                                gain(s, names[i], NAME_DIFFERS));
    b->changed = gain_most(s, FIELD_SURNAME, NAME_SWAPPED, NAME_SWAPPED) +
                 gain_most(s, FIELD_GIVEN, NAME_SWAPPED, NAME_SWAPPED);
    b->address = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_DIFFERS);
    b->house = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_STREET);
    b->street = gain_most(s, FIELD_ADDRESS, ADDRESS_STREET, ADDRESS_STREET);
    b->city = gain_most(s, FIELD_ADDRESS, ADDRESS_CITY, ADDRESS_CITY);
    b->worst = address_worst(s);
    b->area = gain_most(s, FIELD_ADDRESS, ADDRESS_STREET, ADDRESS_DIFFERS);
    b->number[FIELD_PHONE] = MAX(gain_most(s, FIELD_PHONE, PHONE_CLOSE, PHONE_CLOSE), 0);
    b->number[FIELD_DOCUMENT] = MAX(gain_most(s, FIELD_DOCUMENT, DOCUMENT_CLOSE, DOCUMENT_NEAR), 0);
    common_init(b, s->people->model->limits.far);
}

/* What the same value on both sides is worth at a level. */
static double gain_shared(const Scorer *s, Field field, guint level, CountKind kind, Id id)
{
    return gain(s, field, level) + count_bits(s, field, level, s->people->counts[kind][id]);
}

void look_weigh(Look *look, const Bound *b)
{
    look->last.exact =
        (float)gain_shared(b->scorer, FIELD_SURNAME, NAME_EXACT, COUNT_LAST, look->last.id);
    look->first.exact =
        (float)gain_shared(b->scorer, FIELD_GIVEN, NAME_EXACT, COUNT_FIRST, look->first.id);
}

static double dob_most(const Bound *b, const Look *x, const Look *y)
{
    const People *p = b->scorer->people;
    if (!x->digits || !y->digits)
        return 0;
    guint level =
        dates_level(p->model, x->dob, digits_said(p, x->digits), y->dob, digits_said(p, y->digits));
    if (level == DOB_EXACT)
        return gain_shared(b->scorer, FIELD_DOB, level, COUNT_DOB, (Id)(x->dob - p->dob_low));
    return level == LEVEL_MISSING ? 0 : gain(b->scorer, FIELD_DOB, level);
}

/* The same number, unless it is nobody's own; another, which may be the same with a slip. */
static double number_most(const Bound *b, Field field, CountKind kind, Id x, Id y)
{
    if (!x || !y)
        return 0;
    if (x != y)
        return b->number[field];
    return value_is_shared(b->scorer->people, kind, x)
               ? 0
               : MAX(gain_shared(b->scorer, field, 0, kind, x), 0);
}

/* Of an address before any text is read: one of another house is no more than near. */
static double address_first(const Bound *b, const Look *x, const Look *y)
{
    return x->house && x->house == y->house ? b->address : MAX(b->area, 0);
}

/* An address that is not one place: its street, its postal code, its city. */
static double area_most(const Bound *b, const Look *x, const Look *y)
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
    gboolean region = regions && x->region == y->region;
    return gain(s, FIELD_ADDRESS, region ? ADDRESS_REGION : ADDRESS_DIFFERS);
}

static double address_most(const Bound *b, const Look *x, const Look *y)
{
    const Scorer *s = b->scorer;
    if (!x->place || x->place != y->place)
        return area_most(b, x, y);
    double most = b->street;
    for (guint level = ADDRESS_UNIT; level < ADDRESS_STREET; level++)
        most = MAX(most, gain_shared(s, FIELD_ADDRESS, level, COUNT_PLACE, x->place));
    return most;
}

/* Do two names that are not the same surely differ? As compare.c says it, without the texts. */
static gboolean names_differ(const Bound *b, const NameLook *x, const NameLook *y)
{
    if (MIN(x->length, y->length) <= 1 || MAX(x->length, y->length) >= BOUND_LETTERS ||
        x->compound || y->compound || (x->called & y->called))
        return FALSE;
    gint lost = (gint)letters_lost(x->letters, y->letters);
    gint gone = (gint)letters_lost(y->letters, x->letters);
    return MAX(lost, gone) > 2 && MIN(x->length - lost, y->length - gone) <
                                      b->common[x->start == y->start][x->length][y->length];
}

static double name_most(const Bound *b, Field field, const NameLook *x, const NameLook *y)
{
    if (!x->id || !y->id)
        return 0;
    if (x->id == y->id)
        return (double)x->exact;
    return names_differ(b, x, y) ? gain(b->scorer, field, NAME_DIFFERS) : b->like[field];
}

/* Surname and given name, each in its place. */
static double names_most(const Bound *b, const Look *x, const Look *y)
{
    gboolean born =
        (x->middle && x->middle == y->last.id) || (y->middle && y->middle == x->last.id);
    double last = name_most(b, FIELD_SURNAME, &x->last, &y->last);
    return MAX(last, born ? b->like[FIELD_SURNAME] : last) +
           name_most(b, FIELD_GIVEN, &x->first, &y->first);
}

static gboolean may_be_one(const Bound *b, const NameLook *x, const NameLook *y)
{
    return x->id && y->id && (x->id == y->id || !names_differ(b, x, y));
}

static double middle_most(const Bound *b, const Look *x, const Look *y)
{
    if (!x->middle || !y->middle)
        return 0;
    return x->middle == y->middle
               ? gain_shared(b->scorer, FIELD_MIDDLE, NAME_EXACT, COUNT_MIDDLE, x->middle)
               : b->like[FIELD_MIDDLE];
}

gboolean looks_reach(const Bound *b, const Look *x, const Look *y)
{
    if (x->organisation || y->organisation)
        return TRUE;
    double most = b->rest + (x->suffix && y->suffix ? b->suffix : 0) + dob_most(b, x, y) +
                  middle_most(b, x, y) +
                  number_most(b, FIELD_PHONE, COUNT_PHONE, x->phone, y->phone) +
                  number_most(b, FIELD_DOCUMENT, COUNT_DOCUMENT, x->document, y->document);
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
