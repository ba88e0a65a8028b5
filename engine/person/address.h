/*
 * One street address in parts, all folded: what address_key() joins and compare.c grades.
 * Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_ADDRESS_H
#define CROSSTRACE_PERSON_ADDRESS_H

#include "engine/person/words.h"

/* Owned texts, each NULL when absent. */
typedef struct {
    char *house;  /* "12", "12A" */
    char *street; /* "MAIN ST", type behind the name, direction last */
    char *unit;   /* "4", "FL2" */
    char *city;   /* "WINDSOR", SAINT written out */
    char *region; /* two letters where known */
    char *postal; /* letters and digits; five digits of a ZIP */
    gboolean box; /* a post office box or general delivery: no place where one lives */
} Address;

/* City, region and postal code are taken out of the street cell when their own are absent. */
void address_read(Address *address, const char *street, const char *city, const char *region,
                  const char *postal);
void address_clear(Address *address);

#endif
