/*
 * The marking of several things together. Handling words (rules/tables/handlings.csv) are of
 * families, their lines from the least to the most restrictive; of each family the most restrictive
 * word remains, beside those of the other families: "LES; PROTECTED B". A word without a family is
 * one by itself. Words of the family `open` say nothing beside others. Pure.
 */
#ifndef CROSSTRACE_BASE_MARKING_H
#define CROSSTRACE_BASE_MARKING_H

#include "engine/base/code.h"

/* words: of char *, each one or several markings with ';' between. Sorted, "; " between; "" for
 * none; g_free. tables NULL: every word is a family by itself. */
char *marking_join(const CodeTables *tables, const GPtrArray *words);

#endif
