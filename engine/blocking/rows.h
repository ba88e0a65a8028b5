/*
 * What the sieve of a block works with: the bound in whole steps, the nodes of the block side by
 * side, and one of them, which is held against all. Private to sieve.c and rows.c.
 */
#ifndef CROSSTRACE_BLOCKING_ROWS_H
#define CROSSTRACE_BLOCKING_ROWS_H

#include "engine/blocking/sieve.h"

#define ODDS_MOST (1 << 24)    /* steps, of anything */
#define NOTHING   (-ODDS_MOST) /* worth less than whatever else there is */

#define BITS(n) ((1u << (n)) - 1)

/* In `marks`, beside what a name is called: its first letter; it is not held to differ from any. */
#define MARK_START  (BITS(START_BITS) << CALLED_BITS)
#define MARK_UNTOLD (1u << (CALLED_BITS + START_BITS))

/* A name that is not the same one, by the best level that it may be at. */
typedef struct {
    gint32 like, close, near, far, differs;
    float to_close, to_near, to_far; /* how alike they have to be */
} NameSieve;

typedef struct {
    gint32 slip, parts, swapped, year, differs, any;
} DateSieve;

typedef struct {
    gint32 equal, near, apart;
    guint32 head, tail; /* their bits in Lanes.ends */
} NumberSieve;

typedef struct {
    gint32 house, street, city, region, differs, worst;
    float to_city;
} AddressSieve;

/* Names, or other texts. */
typedef struct {
    guint32 id[SIEVE_LANES], letters[SIEVE_LANES], marks[SIEVE_LANES];
    float length[SIEVE_LANES], share[SIEVE_LANES]; /* letters, and what one is of all */
} TextLanes;

/* One of them. */
typedef struct {
    guint32 id, letters, marks;
    float length, share;
} Text;

typedef struct {
    TextLanes last, first, city;
    guint32 street[SIEVE_LANES], house[SIEVE_LANES], postal[SIEVE_LANES];
    guint32 phone[SIEVE_LANES], document[SIEVE_LANES];
    guint32 ends[SIEVE_LANES]; /* of both numbers */
    guint32 digits[SIEVE_LANES], partly[SIEVE_LANES];
    gint32 dob[SIEVE_LANES];
    guint32 middle[SIEVE_LANES], born[SIEVE_LANES]; /* marks of the middle name, the surname */
    guint32 region[SIEVE_LANES], suffix[SIEVE_LANES];
    guint32 passes[SIEVE_LANES]; /* whoever the other one is */
} Lanes;

/* One node, as it is held against the others. */
typedef struct {
    Text last, first, city;
    gint32 last_exact, first_exact; /* what the same one is worth, */
    gint32 dob_exact, postal_exact, city_exact;
    guint32 street, house, postal, region, phone, document, ends;
    guint32 digits, partly;
    gint32 dob;
    guint32 middle, born, suffix;
} Row;

struct Sieve {
    const Bound *bound;
    gint32 least, rest, changed, suffix, middle_same, middle;
    NameSieve last, first;
    DateSieve dob;
    NumberSieve phone, document;
    AddressSieve address;
    gboolean eight; /* numbers at a time */
    guint n;
    gboolean others; /* has any of those taken a middle name or a suffix? */
    Lanes lanes;
    gint32 odds[SIEVE_LANES], names[SIEVE_LANES], given[SIEVE_LANES], places[SIEVE_LANES];
    float likeness[SIEVE_LANES];
    guint32 cross[SIEVE_LANES], across[SIEVE_LANES], alike[SIEVE_LANES], pass[SIEVE_LANES];
};

/* Sets `pass` of the lanes from `from` on. */
void sieve_row(Sieve *sieve, const Row *x, guint from);

#endif
