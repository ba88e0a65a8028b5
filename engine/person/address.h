/*
 * One street address in parts, all folded: what address_key() joins and compare.c grades.
 * Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_ADDRESS_H
#define CROSSTRACE_PERSON_ADDRESS_H

#include "engine/person/words.h"

#define PART_BYTES (WORDS_BYTES + 64) /* words written out take more room than they had */

/* Each part is "" when absent. A million of them are read, so nothing is allocated. */
typedef struct {
    char house[WORDS_BYTES];  /* "12", "12A" */
    char street[PART_BYTES];  /* "MAIN ST", type behind the name, direction last */
    char unit[WORDS_BYTES];   /* "4", "FL2" */
    char city[PART_BYTES];    /* "WINDSOR", SAINT written out */
    char region[WORDS_BYTES]; /* two letters where known */
    char postal[WORDS_BYTES]; /* letters and digits; five digits of a ZIP */
    gboolean shared;          /* a house of many (a prison, a hotel): no home of one household */
    gboolean box;             /* a post office box (house: its number) or general delivery: no place
                                 where one lives, and no address_key */
} Address;

/* Every part from its own cell; those that have none are empty. */
void address_place(Address *address, const char *city, const char *region, const char *postal);

/* The parts of a street cell besides. City, region and postal code are taken out of it where they
 * are empty. */
void address_street(Address *address, const char *street);

#endif
