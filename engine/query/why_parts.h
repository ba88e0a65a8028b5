/* What why.c finds out and why_text.c says. Private to engine/query. */
#ifndef CROSSTRACE_QUERY_WHY_PARTS_H
#define CROSSTRACE_QUERY_WHY_PARTS_H

#include "engine/query/why.h"

typedef enum {
    REASON_LINKED,    /* the run holds the pair to be the same */
    REASON_BY_WAY,    /* and by way of others: path */
    REASON_CONFIRMED, /* people decided */
    REASON_DISMISSED,
    REASON_OBSTACLE,  /* weighed.obstacle */
    REASON_RIVAL,     /* something else explains one of them better */
    REASON_NAMESAKES, /* a mention without a birth date fits two people of one name */
    REASON_OTHERS,    /* alone it would do; all candidates together say otherwise */
    REASON_BELOW,     /* the evidence is not enough */
} WhyReason;

struct Why {
    JudgementType type; /* JUDGE_LINK or JUDGE_PERSON */
    char *left, *right; /* as the link is stored, else as asked */
    char *handling[2];  /* of the records; NULL: none */
    gboolean stored;    /* the run kept the pair: its numbers are the stored ones */
    gboolean turned;    /* asked the other way round */
    gboolean same;      /* held to be the same, directly or not */
    double bits, probability;
    WhyWeighed weighed; /* of a stored pair: tier, chance and evidence */
    char *rival;        /* "A = B": a likelier link of one of them; NULL */
    char *rival_item;   /* of it: another item of the same seizure; NULL */
    double rival_probability;
    GPtrArray *path; /* of char *: from left to right; NULL */
    Judgement *judgement;
    char *news; /* what is new since it; NULL when there is none */
    WhyReason reason;
};

#endif
