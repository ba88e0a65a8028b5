/*
 * One mention's cells as the values of a node. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_PREPARE_H
#define CROSSTRACE_COMPARISON_PREPARE_H

#include "engine/comparison/people.h"
#include "engine/person/address.h"

/* Raw cell -> Id, so that folding is done once for each distinct cell. */
typedef struct {
    Dict ids;
    GArray *cells; /* [0] unused */
} Cells;

#define READER_CELLS 7

/* What is remembered from one mention to the next. */
typedef struct {
    People *people;
    Cells names, organisations, codes, issuers, cities, regions, postals;
    Address address;
} Reader;

void reader_init(Reader *reader, People *people);
void reader_clear(Reader *reader);

/* A mention's street cell in parts; which of city, region and postal code are known otherwise.
 * Needs nothing of the reader, so that it can be done ahead and elsewhere. */
void street_read(Address *address, const PersonMention *mention, gboolean city, gboolean region,
                 gboolean postal);

/* Fills a node; `street`: the street cell as street_read() says it where every other cell with
 * something in it is known. Asked for when there is a street cell. */
void node_read(Reader *reader, Node *node, const PersonMention *mention, const Address *street);

#endif
