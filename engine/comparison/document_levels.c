/*
 * How the documents of two nodes agree: number, type and issuer. One document of each that agree
 * are enough, whatever else the two have; without such, two of one type and issuer and of other
 * numbers say that they are two people.
 */
#include "engine/comparison/compare.h"
#include "engine/comparison/documents.h"
#include "engine/person/distance.h"

#include <string.h>

/* Places at which two texts of one length differ. */
static guint characters_apart(const Value *a, const Value *b)
{
    guint apart = 0;
    for (guint i = 0; i < a->length; i++)
        apart += a->text[i] != b->text[i];
    return apart;
}

#define LAST_DIGITS 5 /* at most, where no more than the end of a number was written down */

/* Does one hold the other's last digits alone? */
static gboolean is_end(const Value *part, const Value *whole)
{
    return part->length <= LAST_DIGITS && whole->length >= part->length + 3;
}

static guint end_level(const Value *part, const Value *whole)
{
    return strcmp(part->text, whole->text + whole->length - part->length) == 0 ? DOCUMENT_NEAR
                                                                               : DOCUMENT_DIFFERS;
}

#define DOCUMENT_EDITS 3 /* most between two numbers that may be one */

/* Of two numbers that no slips make one. */
static guint document_apart(gboolean typed, gboolean issued)
{
    return !typed ? LEVEL_MISSING : issued ? DOCUMENT_CONFLICT : DOCUMENT_DIFFERS;
}

/* Numbers of one type and issuer; where a type is not known only agreement counts. */
static guint one_level(const People *people, const Document *a, const Document *b)
{
    if (!a->number || !b->number || value_is_shared(people, COUNT_DOCUMENT, a->number) ||
        value_is_shared(people, COUNT_DOCUMENT, b->number))
        return LEVEL_MISSING;
    gboolean typed = a->type && b->type;
    gboolean issued = a->issuer && b->issuer;
    if (issued && a->issuer != b->issuer)
        return LEVEL_MISSING;
    /* one number under two names: clerks call a licence a card and a card a licence */
    if (typed && a->type != b->type)
        return issued && a->number == b->number ? DOCUMENT_EQUAL : LEVEL_MISSING;
    if (a->number == b->number)
        return DOCUMENT_EQUAL;
    const Value *x = people_value(people, a->number), *y = people_value(people, b->number);
    if (typed && (is_end(x, y) || is_end(y, x)))
        return is_end(x, y) ? end_level(x, y) : end_level(y, x);
    if (letters_apart(x->letters, y->letters) > DOCUMENT_EDITS)
        return document_apart(typed, issued);
    guint edits = distance_edit(x->text, x->length, y->text, y->length);
    guint least = MIN(x->length, y->length);
    /* of one series and none of its characters moved or lost: another person's may look so */
    gboolean other = typed && issued && x->length == y->length && characters_apart(x, y) == edits;
    if (edits == 1 && least >= 5)
        return other ? DOCUMENT_DIGIT : DOCUMENT_CLOSE;
    if (((edits == 2 && least >= 6) || (edits == DOCUMENT_EDITS && least >= 7)) && !other)
        return DOCUMENT_NEAR;
    return document_apart(typed, issued);
}

/* Of one type and issuer? */
static gboolean one_issued(const Document *a, const Document *b)
{
    return a->type && a->type == b->type && a->issuer && a->issuer == b->issuer;
}

/* Of all documents that two nodes say the pair that agrees best, if any may be one; else one that
 * says that they are two people, if there is one. */
static guint best_level(const People *people, const Node *a, const Node *b, gboolean *issued)
{
    Document one, other;
    guint n, m, best = LEVEL_MISSING;
    const Document *x = documents_of(people, a, &one, &n);
    const Document *y = documents_of(people, b, &other, &m);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < m; k++) {
            guint level = one_level(people, &x[i], &y[k]);
            gboolean conflict = level == DOCUMENT_CONFLICT && best == DOCUMENT_DIFFERS;
            if (level == LEVEL_MISSING || (level >= best && !conflict) ||
                (level == DOCUMENT_DIFFERS && best == DOCUMENT_CONFLICT))
                continue;
            best = level;
            *issued = one_issued(&x[i], &y[k]);
        }
    return best;
}

guint documents_level(const People *people, const Node *a, const Node *b, gboolean *issued)
{
    *issued = FALSE;
    if (node_is_bearer(a) || node_is_bearer(b))
        return best_level(people, a, b, issued);
    const Document x = {a->document, a->document_type, a->document_issuer};
    const Document y = {b->document, b->document_type, b->document_issuer};
    *issued = one_issued(&x, &y);
    return one_level(people, &x, &y);
}
