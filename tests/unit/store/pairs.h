/* What an index holds: a text, and the number of its row. */
#ifndef TESTS_UNIT_STORE_PAIRS_H
#define TESTS_UNIT_STORE_PAIRS_H

#include <glib.h>
#include <string.h>

typedef struct {
    const char *text;
    gint64 number;
} Pair;

static int pair_compare(gconstpointer a, gconstpointer b)
{
    const Pair *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

#endif
