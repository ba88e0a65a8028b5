/*
 * A cheap look at a proposed pair before the costly comparison: most pairs that one key brings
 * together by chance cannot be one person, whatever the rest of their cells says. By what is alike
 * (looks_near), which no estimate changes; then, when weights are known, by the most that the two
 * can reach with what was seen so far (looks_reach), which leaves out no pair that is wanted.
 */
#include "engine/person/near.h"

#include <math.h>
#include <string.h>

#define LONG 12 /* characters of a number, above which it is not looked at for slips */

static void name_init(NameLook *look, const People *p, Id id)
{
    const Value *v = people_value(p, id);
    *look = (NameLook){id,
                       v->sound,
                       v->prefix,
                       v->letters,
                       v->called,
                       v->joined_length,
                       id ? (guint8)v->joined[0] : 0,
                       v->words > 1};
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
    look->dob = n->dob;
    look->digits = date_digits(n->year, n->month, n->day);
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

#define SLACK 0.01 /* bits: odds are added up with a float's precision */

void bound_init(Bound *b, const Scorer *s, double least)
{
    static const Field names[] = {FIELD_SURNAME, FIELD_GIVEN, FIELD_MIDDLE};
    *b = (Bound){.scorer = s, .least = least - SLACK};
    b->rest = s->prior + MAX(gain_most(s, FIELD_SUFFIX, SUFFIX_EQUAL, SUFFIX_EQUAL), 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        b->like[names[i]] = MAX(gain_most(s, names[i], NAME_VARIANT, NAME_INITIAL),
                                gain(s, names[i], NAME_DIFFERS));
    b->changed = gain_most(s, FIELD_SURNAME, NAME_SWAPPED, NAME_SWAPPED) +
                 gain_most(s, FIELD_GIVEN, NAME_SWAPPED, NAME_SWAPPED);
    b->address = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_DIFFERS);
    b->house = gain_most(s, FIELD_ADDRESS, ADDRESS_UNIT, ADDRESS_STREET);
    b->street = gain_most(s, FIELD_ADDRESS, ADDRESS_STREET, ADDRESS_STREET);
    b->city = gain_most(s, FIELD_ADDRESS, ADDRESS_CITY, ADDRESS_CITY);
    b->number[FIELD_PHONE] = MAX(gain_most(s, FIELD_PHONE, PHONE_CLOSE, PHONE_CLOSE), 0);
    b->number[FIELD_DOCUMENT] = MAX(gain_most(s, FIELD_DOCUMENT, DOCUMENT_CLOSE, DOCUMENT_NEAR), 0);
}

/* What the same value on both sides is worth at a level. */
static double gain_shared(const Scorer *s, Field field, guint level, CountKind kind, Id id)
{
    return gain(s, field, level) + count_bits(s, field, level, s->people->counts[kind][id]);
}

static double dob_most(const Bound *b, const Look *x, const Look *y)
{
    const People *p = b->scorer->people;
    if (!x->digits || !y->digits)
        return 0;
    guint level = dates_level(p->model, x->dob, x->digits, y->dob, y->digits);
    if (level == DOB_EXACT)
        return gain_shared(b->scorer, FIELD_DOB, level, COUNT_DOB, (Id)(x->dob - p->dob_low));
    return gain(b->scorer, FIELD_DOB, level);
}

/* The same number, unless it is nobody's own. */
static double number_shared(const Bound *b, Field field, CountKind kind, Id x, Id y)
{
    const People *p = b->scorer->people;
    if (!x || x != y || value_is_shared(p, kind, x))
        return 0;
    return MAX(gain_shared(b->scorer, field, 0, kind, x), 0);
}

/* Two numbers that may be one with a slip. */
static double number_slip(const Bound *b, Field field, CountKind kind, Id x, Id y)
{
    const People *p = b->scorer->people;
    if (!x || !y || x == y || value_is_shared(p, kind, x) || value_is_shared(p, kind, y))
        return 0;
    return b->number[field];
}

/* An address that is not one place: its street, its postal code, its city. */
static double area_most(const Bound *b, const Look *x, const Look *y)
{
    const Scorer *s = b->scorer;
    gboolean cities = x->city && y->city, postals = x->postal && y->postal;
    gboolean streets = x->street && y->street, regions = x->region && y->region;
    gboolean postal = postals && x->postal == y->postal;
    gboolean city = cities && texts_alike(s->people, x->city, y->city);
    gboolean street = streets && (postal || city || (!cities && !postals)) &&
                      texts_alike(s->people, x->street, y->street);
    double most = -HUGE_VAL;
    if (!cities && !postals && !streets && !regions)
        return 0;
    if (street)
        most = x->house == y->house && x->house ? b->house : b->street;
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
static gboolean names_differ(const Scorer *s, const NameLook *a, const NameLook *b)
{
    return MIN(a->length, b->length) > 1 && !a->compound && !b->compound &&
           !(a->called & b->called) && letters_apart(a->letters, b->letters) > 2 &&
           letters_alike(a->letters, a->length, b->letters, b->length, a->start == b->start) <
               s->people->model->limits.far;
}

static double name_most(const Bound *b, Field field, const NameLook *x, const NameLook *y)
{
    if (!x->id || !y->id)
        return 0;
    if (x->id == y->id)
        return gain_shared(b->scorer, field, NAME_EXACT,
                           field == FIELD_SURNAME ? COUNT_LAST : COUNT_FIRST, x->id);
    return names_differ(b->scorer, x, y) ? gain(b->scorer, field, NAME_DIFFERS) : b->like[field];
}

static gboolean may_be_one(const Scorer *s, const NameLook *a, const NameLook *b)
{
    return a->id && b->id && (a->id == b->id || !names_differ(s, a, b));
}

static double names_most(const Bound *b, const Look *x, const Look *y)
{
    const Scorer *s = b->scorer;
    gboolean born =
        (x->middle && x->middle == y->last.id) || (y->middle && y->middle == x->last.id);
    double last = name_most(b, FIELD_SURNAME, &x->last, &y->last);
    double most = MAX(last, born ? b->like[FIELD_SURNAME] : last) +
                  name_most(b, FIELD_GIVEN, &x->first, &y->first);
    if (may_be_one(s, &x->last, &y->first) && may_be_one(s, &x->first, &y->last))
        most = MAX(most, b->changed);
    if (!x->middle || !y->middle)
        return most;
    return most + (x->middle == y->middle
                       ? gain_shared(s, FIELD_MIDDLE, NAME_EXACT, COUNT_MIDDLE, x->middle)
                       : b->like[FIELD_MIDDLE]);
}

gboolean looks_reach(const Bound *b, const Look *x, const Look *y)
{
    if (x->organisation || y->organisation)
        return TRUE;
    double most = b->rest + dob_most(b, x, y) + names_most(b, x, y);
    most += number_shared(b, FIELD_PHONE, COUNT_PHONE, x->phone, y->phone);
    most += number_shared(b, FIELD_DOCUMENT, COUNT_DOCUMENT, x->document, y->document);
    double slips = number_slip(b, FIELD_PHONE, COUNT_PHONE, x->phone, y->phone) +
                   number_slip(b, FIELD_DOCUMENT, COUNT_DOCUMENT, x->document, y->document);
    if (most + slips + b->address < b->least)
        return FALSE;
    most += address_most(b, x, y);
    return most + slips >= b->least;
}
