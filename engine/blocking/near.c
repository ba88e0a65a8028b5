/*
 * A cheap look at a proposed pair before the costly comparison: most pairs that one key brings
 * together by chance cannot be one person, whatever the rest of their cells says. By what is alike,
 * which no estimate changes.
 */
#include "engine/blocking/near.h"

#include <string.h>

#include "engine/comparison/documents.h"

#include "engine/person/birth.h"

#define LONG 12 /* characters of a number, above which it is not looked at for slips */

gboolean texts_near(const People *p, Id a, Id b)
{
    if (!a || !b || a == b)
        return a && a == b;
    const Value *x = people_value(p, a), *y = people_value(p, b);
    return x->sound == y->sound || x->prefix == y->prefix ||
           letters_apart(x->letters, y->letters) <= 2;
}

guint dates_near(guint32 a, guint32 b)
{
    if (!a || !b)
        return 0;
    if (a == b || digits_swapped(a, b))
        return 2;
    return digits_parts_equal(a, b) >= 2;
}

/* Addresses: 2 one house or nearly, 1 one street or postal code, 0 else. */
static guint address_near(const People *p, const Node *a, const Node *b)
{
    if (a->place && a->place == b->place)
        return 2;
    guint postal = a->postal && a->postal == b->postal;
    if (!a->street || !b->street || (a->house != b->house && a->city != b->city) ||
        !texts_near(p, a->street, b->street))
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

/* The nearest of all documents of two nodes. */
static guint documents_near(const People *p, const Node *a, const Node *b)
{
    Document one, other;
    guint n, m, near = 0;
    const Document *x = documents_of(p, a, &one, &n), *y = documents_of(p, b, &other, &m);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < m; k++)
            near = MAX(near, number_near(p, x[i].number, y[k].number));
    return near;
}

/* One of the two numbers, equal or nearly. */
static guint numbers_near(const People *p, const Node *a, const Node *b)
{
    guint phone = number_near(p, a->phone, b->phone);
    if (phone == 2)
        return 2;
    return MAX(phone, node_is_bearer(a) || node_is_bearer(b)
                          ? documents_near(p, a, b)
                          : number_near(p, a->document, b->document));
}

static gboolean document_is_one(const People *p, const Node *a, const Node *b)
{
    return a->document && (a->document == b->document ||
                           ((node_is_bearer(a) || node_is_bearer(b)) && documents_shared(p, a, b)));
}

gboolean pair_near(const People *p, const Node *a, const Node *b)
{
    if (a->organisation || b->organisation)
        return a->organisation && b->organisation;
    guint dob = dates_near(a->digits, b->digits), address = address_near(p, a, b);
    if ((dob && address) || document_is_one(p, a, b))
        return TRUE;
    guint names = texts_near(p, a->last, b->last) + texts_near(p, a->first, b->first);
    gboolean both =
        names == 2 || (texts_near(p, a->last, b->first) && texts_near(p, a->first, b->last));
    gboolean missing = !a->last || !b->last || !a->first || !b->first;
    gboolean half = names == 1 && missing;
    if ((dob || address) && (both || half || (names == 1 && (dob == 2 || address == 2))))
        return TRUE;
    gboolean age = a->digits && b->digits && ABS(a->dob - b->dob) <= p->model->limits.near_days;
    if ((both || half) && age && texts_near(p, a->city, b->city))
        return TRUE;
    if (!dob && !address && !both && names == 0 && !missing)
        return FALSE;
    guint number = numbers_near(p, a, b);
    return number &&
           (dob || address == 2 || (address && number == 2) || both || names == 1 || missing);
}
