/*
 * Mentions made ready for comparison: every distinct value once (a number), every distinct set of
 * values once (a node). Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_PEOPLE_H
#define CROSSTRACE_COMPARISON_PEOPLE_H

#include "engine/base/dict.h"
#include "engine/comparison/value.h"
#include "engine/person/model.h"

/* One distinct set of values. Compared as bytes: no padding left unset. */
typedef struct {
    Id last, first, middle, organisation, suffix;
    Id house, street, unit, city, region, postal, place;
    Id phone, document, document_type, document_issuer;
    Day dob;
    guint32 digits; /* of the birth date, see birth_digits(); 0 when there is none */
    Id list;        /* at most one of a list in one person */
    guint32 apart;  /* 0, or a number that keeps it from sharing a node */
} Node;

typedef enum {
    COUNT_LAST,
    COUNT_FIRST,
    COUNT_MIDDLE,
    COUNT_ORGANISATION,
    COUNT_PLACE,
    COUNT_STREET,
    COUNT_POSTAL,
    COUNT_CITY,
    COUNT_PHONE,
    COUNT_DOCUMENT,
    COUNT_DOB,
    COUNT_KINDS
} CountKind;

typedef struct KeyIndex KeyIndex;

/* Texts of names and all others have numbers apart, so that two threads can give them. */
typedef enum { TEXT_NAME, TEXT_OTHER, TEXT_KINDS } TextKind;

typedef struct {
    const PersonModel *model;
    GStringChunk *texts[TEXT_KINDS];
    Dict ids[TEXT_KINDS];         /* while nodes are made, */
    Dict place_ids;               /* this one too */
    GArray *values;               /* of Value; [0] unused */
    GArray *others;               /* those of no names, until all are numbered; then NULL */
    Id names_end;                 /* beyond the last value that is a name */
    GArray *places;               /* of Place; [0] unused */
    GArray *nodes;                /* of Node, in order of their smallest mention */
    guint n;                      /* mentions */
    guint *order;                 /* mention indices sorted by ref */
    guint *node_of;               /* by place in `order` */
    guint *first;                 /* for each node its first place, */
    guint *size;                  /* and its number of mentions: people_places(); before it NULL */
    KeyIndex *index;              /* of the nodes that were prepared before; NULL: there are none */
    guint *present;               /* of each of these its number + 1 now; 0: it is gone */
    GArray *fresh;                /* of guint: the nodes that are not in the index */
    GArray *former;               /* of Node: what mentions were that are others now or gone */
    GArray *bearers;              /* of guint: the nodes that say several documents, */
    GHashTable *documents;        /* and by their number which: documents.h; NULL: there are none */
    guint32 *counts[COUNT_KINDS]; /* for each value: people who have it; unseen counts as one */
    guint known[COUNT_KINDS];     /* people who have any */
    gboolean new_year;            /* births on 1 January say their year alone */
    gboolean by_entity;           /* people counted are entities, not distinct cells */
    Day dob_low, dob_high;        /* a birth date's number is its day - dob_low */
    double population;            /* nodes among which weights were estimated */
} People;

/* Which nodes a step is about: pairs are wanted in which one is SEEK and none DONE. */
typedef enum { NODE_FAR, NODE_SEEK, NODE_DONE } NodeState;

#define people_value(people, id) (&g_array_index((people)->values, Value, (id)))
#define people_node(people, i)   (&g_array_index((people)->nodes, Node, (i)))

/* The number of a node's value of one kind; 0 when it has none (of a birth date: see dob_low). */
Id node_number(const People *people, const Node *node, CountKind kind);

/* Counts values over distinct (name, birth date), or over entities: `entity` for each node. */
void people_count(People *people, const guint *entity);

/* Hash of a value, place or birth date by what it says, not by its number. */
guint64 people_hash(const People *people, CountKind kind, Id number);

/* Number of a folded text (0 for none), of a place; new ones only before nodes are done. */
Id people_intern(People *people, TextKind kind, const char *text);
Id people_place(People *people, Place place);
/* Of a text that says several documents. */
Id people_intern_documents(People *people, const char *text);
/* The text of a number, at any time. */
const char *people_text(const People *people, TextKind kind, Id id);

/* From now on the texts that are no names have numbers of their own, of TEXT_OTHER from 1 ... */
void people_part(People *people);
/* ... until they stand behind the names: each number is then higher by what this returns. */
Id people_unite(People *people);

/* Number of the value of a kind with this hash, 0 when there is none; while nodes are made. */
Id people_find(const People *people, CountKind kind, guint64 hash);

/* How many numbers a kind has, 0 for none included. */
guint people_numbers(const People *people, CountKind kind);

/* Room for counts, all 0. */
void counts_reset(People *people);

#endif
