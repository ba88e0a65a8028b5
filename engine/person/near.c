/*
 * A cheap look at a proposed pair before the costly comparison: most pairs that one key brings
 * together by chance cannot be one person, whatever the rest of their cells says.
 */
#include "engine/person/block.h"

#include <string.h>

#define LONG 12 /* characters of a number, above which it is not looked at for slips */

/* Could two names be one but for a slip? */
static gboolean name_near(const People *p, Id a, Id b)
{
    if (!a || !b || a == b)
        return a != 0 && a == b;
    const Value *x = people_value(p, a), *y = people_value(p, b);
    return x->sound == y->sound || x->prefix == y->prefix || letters_apart(x, y) <= 2;
}

/* Birth dates: 2 equal or swapped, 1 two parts of three, 0 else. */
static guint dob_near(const Node *a, const Node *b)
{
    if (!a->year || !b->year)
        return 0;
    if (a->dob == b->dob || (a->year == b->year && a->month == b->day && a->day == b->month))
        return 2;
    return (a->year == b->year) + (a->month == b->month) + (a->day == b->day) >= 2;
}

/* Addresses: 2 one house or nearly, 1 one street or postal code, 0 else. */
static guint address_near(const People *p, const Node *a, const Node *b)
{
    if (a->place && a->place == b->place)
        return 2;
    guint postal = a->postal && a->postal == b->postal;
    if (!a->street || !b->street || (a->house != b->house && a->city != b->city) ||
        !name_near(p, a->street, b->street))
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

gboolean pair_near(const People *p, const Node *a, const Node *b)
{
    if (a->organisation || b->organisation)
        return a->organisation && b->organisation;
    guint dob = dob_near(a, b), address = address_near(p, a, b);
    if (dob && address)
        return TRUE;
    guint number =
        MAX(number_near(p, a->document, b->document), number_near(p, a->phone, b->phone));
    if (number == 2 || (number && (dob || address == 2)))
        return TRUE;
    gboolean age = a->year && b->year && ABS(a->dob - b->dob) <= p->model->limits.near_days;
    if (!dob && !address && !number && !(age && name_near(p, a->city, b->city)))
        return FALSE;
    guint names = name_near(p, a->last, b->last) + name_near(p, a->first, b->first);
    if (names == 2 || (name_near(p, a->last, b->first) && name_near(p, a->first, b->last)))
        return TRUE;
    gboolean missing = !a->last || !b->last || !a->first || !b->first;
    return (number && (names == 1 || missing)) ||
           (names == 1 && (dob == 2 || address == 2 || missing));
}
