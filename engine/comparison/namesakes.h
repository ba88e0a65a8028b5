/*
 * Are there namesakes here, father and son of one house? Two mentions of one name and address born
 * on two days are two people - or one whose birth date was taken down wrongly. Which, is told by
 * how often a document and a birth date go wrong one by one. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_NAMESAKES_H
#define CROSSTRACE_COMPARISON_NAMESAKES_H

#include "engine/comparison/compare.h"

/* Pairs as pattern_namesakes() tells them, of which both birth dates are known. */
typedef struct {
    double pairs[2][2]; /* with two documents: [these differ][birth dates are of two lives] */
    double one, two;    /* all that no suffix tells apart: held to be one person, two lives */
} Namesakes;

/* Counts a pair (worth so many) if it is one of them. */
void namesakes_add(Namesakes *namesakes, Pattern pattern, double pairs);

/* Share of those who differ in both that are one person; 0 where nothing tells. Were there only
 * people badly written, slips in the two fields being independent, as many would be expected as the
 * three other counts make; what is there beyond is namesakes, of whom any number is held possible
 * beforehand. */
double namesakes_one(const Namesakes *namesakes);

/* What a name and an address say of a mention without a birth date: the share of all that are one
 * person among these and the namesakes who do not compete for it, `start` being worth so many. */
double namesakes_undated(const Namesakes *namesakes, double start, double worth);

#endif
