/*
 * The numbers of rules/person.ini that are no weights: what is near, what is enough, what is too
 * much. Read by model.c. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_LIMITS_H
#define CROSSTRACE_PERSON_LIMITS_H

typedef struct {
    double accept, review;   /* posterior from which a pair joins, is shown */
    double name_only;        /* most that a pair reaches that agrees in names alone */
    double renamed;          /* most that a pair of other surnames or middle names reaches */
    double undated;          /* most that a pair reaches without birth dates and documents */
    double namesakes;        /* where it is estimated below this, father and son are met ... */
    double namesakes_accept; /* ... and one without a birth date joins neither below this */
    double half_suffix;      /* most that two namesakes reach of whom one is called Jr or Sr */
    double tf_cap;           /* bits that a value's rarity may add to or take from a level */
    double tf_near;          /* share of that on levels below exact */
    double tf_smooth;        /* people added to the count of every value */
    double plausible;        /* bits by the start weights from which a pair is weighed at all */
    double close, near, far; /* Jaro-Winkler from which two names are that alike */
    double generation;       /* days between two births that no slip of the pen makes */
    double new_year;         /* share of births on 1 January expected before any are counted, */
    double new_year_start;   /* people that this is worth, */
    double new_year_times;   /* how many times a day's share makes it a day that nobody said */
    double near_days;        /* between two birth dates that may be one misread, at a first look */
    double near_slips;       /* characters of a number that may be wrong, at a first look */
    double bridge;           /* mean bits between two clusters below which an edge welds nothing */
    double rounds;           /* of estimation; 0: start weights */
    double m_start, u_start; /* pairs that the start weights of m and of u are worth */
    double kin_start;        /* mentions that the start number of relatives is worth */
    double kin_pairs;        /* pairs that what relatives share is worth at the start */
    double shared_place;     /* people from whom on an address is no home, ... */
    double shared_phone;     /* ... a telephone nobody's own, */
    double shared_document;  /* ... a document number made up */
    double block_cap;        /* most nodes in one block */
    double block_pairs;      /* most pairs of one key, for each node */
    double crowd;            /* nodes of one block left uncompared from which that is told */
    double sample;           /* pairs drawn for u */
    double sample_mentions;  /* mentions drawn, with all of their pairs, for m and the prior */
} Limits;

/* Likeness of two parts of a name where nothing but a name is known (alike.c). */
typedef struct {
    double initial; /* a name and its first letter */
    double spoken;  /* two that sound alike */
    double called;  /* a name and its short form */
    double spare;   /* taken for a part that only one name has, by its length */
    double other;   /* times as much where both have one */
} Alike;

#endif
