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
    GStringChunk *listed; /* texts of cells that say several, which other cells' memory outlives */
} Reader;

void reader_init(Reader *reader, People *people);
void reader_clear(Reader *reader);

/* A mention's street cell in parts, if it has one, where every other cell with something in it is
 * known. Needs nothing of the reader, so that it can be done ahead and elsewhere. */
void mention_street(const PersonMention *mention, Address *street);

/* Fill a node of zeros, each a part of it and from a part of the reader, so that two threads may:
 * names and birth dates; places and numbers, with mention_street(). */
void node_read_names(Reader *reader, Node *node, const PersonMention *mention);
void node_read_others(Reader *reader, Node *node, const PersonMention *mention,
                      const Address *street);
/* Both. */
void node_read(Reader *reader, Node *node, const PersonMention *mention);

#endif
