/*
 * What the model of the rooms of firearms (this one, population, weight, link) knows: numbers from
 * rules/firearm.ini and the look-alikes. One row of PARAMETERS for each key of the ini file: group,
 * key, lowest and highest value.
 */
#ifndef CROSSTRACE_FIREARM_MODEL_H
#define CROSSTRACE_FIREARM_MODEL_H

#include "engine/firearm/firearm.h"

/* X(group, key, low, high) */
#define PARAMETERS(X)                                                                              \
    X(transcription, clean, 0.01, 1)                                                               \
    X(transcription, look_alike, 0, 1)                                                             \
    X(transcription, substitution, 0, 1)                                                           \
    X(transcription, transposition, 0, 1)                                                          \
    X(transcription, dropped, 0, 1)                                                                \
    X(transcription, added, 0, 1)                                                                  \
    X(transcription, end_lost, 0, 1)                                                               \
    X(transcription, ncic, 0, 1)                                                                   \
    X(transcription, gross, 0, 1)                                                                  \
    X(transcription, unread, 0, 1)                                                                 \
    X(transcription, restored, 1, 1000)                                                            \
    X(transcription, doubted, 1, 1000)                                                             \
    X(transcription, altered, 1, 1000)                                                             \
    X(transcription, twice, 0, 1000)                                                               \
    X(transcription, weight, 0, 1000000)                                                           \
    X(population, run_weight, 0.01, 1000)                                                          \
    X(population, unseen, 0.000001, 1)                                                             \
    X(population, duplicate, 0, 1)                                                                 \
    X(population, smoothing, 0, 1000)                                                              \
    X(population, other_make, 0, 1)                                                                \
    X(population, short_digits, 0, 32)                                                             \
    X(population, short_limit, 0, 1)                                                               \
    X(population, short_fields, 0, 60)                                                             \
    X(population, few_digits, 0, 32)                                                               \
    X(population, mark_digits, 1, 32)                                                              \
    X(population, neighbour, 0, 1)                                                                 \
    X(make, equal, 0, 1)                                                                           \
    X(make, importer, 0, 1)                                                                        \
    X(make, differs, 0, 1)                                                                         \
    X(model, equal, 0, 1)                                                                          \
    X(model, similar, 0, 1)                                                                        \
    X(model, differs, 0, 1)                                                                        \
    X(calibre, equal, 0, 1)                                                                        \
    X(calibre, differs, 0, 1)                                                                      \
    X(type, equal, 0, 1)                                                                           \
    X(type, differs, 0, 1)                                                                         \
    X(origin, equal, 0, 1)                                                                         \
    X(origin, differs, 0, 1)                                                                       \
    X(dates, bought_after, -60, 60)                                                                \
    X(event, days, 0, 3660)                                                                        \
    X(event, same_day, -60, 60)                                                                    \
    X(event, same, -60, 60)                                                                        \
    X(event, same_elsewhere, -60, 60)                                                              \
    X(event, recovered_after, -60, 60)                                                             \
    X(event, requested_before_abroad, -60, 60)                                                     \
    X(event, requested_before, -60, 60)                                                            \
    X(event, abroad, -60, 60)                                                                      \
    X(event, canada, -60, 60)                                                                      \
    X(dates, young, -60, 60)                                                                       \
    X(dates, between, -60, 60)                                                                     \
    X(dates, young_days, 0, 36600)                                                                 \
    X(dates, old, -60, 60)                                                                         \
    X(dates, old_days, 0, 36600)                                                                   \
    X(dates, same_purchase, -60, 60)                                                               \
    X(dates, other_purchase, -60, 60)                                                              \
    X(acquisition, same_dealer, -60, 60)                                                           \
    X(acquisition, other_dealer, -60, 60)                                                          \
    X(acquisition, same_buyer, -60, 60)                                                            \
    X(acquisition, other_buyer, -60, 60)                                                           \
    X(recovery, same, -60, 60)                                                                     \
    X(recovery, other, -60, 60)                                                                    \
    X(place, same_region, -60, 60)                                                                 \
    X(place, same_country, -60, 60)                                                                \
    X(place, other_country, -60, 60)                                                               \
    X(circumstances, weight, 0, 1000000)                                                           \
    X(paper, trace_no, 0, 1)                                                                       \
    X(paper, case_no, 0, 1)                                                                        \
    X(paper, error, 0.000000001, 1)                                                                \
    X(paper, other_trace_no, -60, 60)                                                              \
    X(paper, other_case_no, -60, 60)                                                               \
    X(prior, has_trace, 0.000001, 0.999999)                                                        \
    X(prior, has_trace_weight, 0, 1000000)                                                         \
    X(prior, repeated_trace, 0.000001, 0.999999)                                                   \
    X(prior, rounds, 1, 100)

/* What is said of how a number was read, beside its characters: bits by which one of them is
 * likelier misread, and by which all of them are less likely right; and how many times likelier it
 * is written for another at most. */
typedef struct {
    double misread, clean, most;
} Doubt;

struct FirearmModel {
#define FIELD(group, key, low, high) double group##_##key;
    PARAMETERS(FIELD)
#undef FIELD
    GHashTable *owners;     /* make -> who owns or imports it, texts of its own; copies share it */
    GHashTable *own_choice; /* makes that number as everyone likes; likewise */
    CharSet look_alike[36]; /* look-alikes of each character, folded; never itself */
    double ease[36][36];    /* how easily the first is written for the second, 0 to 1 */
    /* bits that writing the second for the first costs, but for the length of the serial */
    double confusion[36][36];
    double misread[36][36]; /* the same as a probability */
    /* bits that a damage costs in a serial that was meant to have so many characters */
    struct {
        double swapped, dropped, added, one_of;
    } edit[SERIAL_MAX + 1];
    double clean_bits;                    /* none */
    Doubt doubt[SERIAL_NOT_A_SERIAL + 1]; /* of full serials, by kind */
};

/* A number of the model: where it stands in the ini file and in the struct. */
typedef struct {
    const char *group, *key;
    double low, high;
    gsize offset;
} ModelRow;
const ModelRow *model_rows(guint *n);

/* The make that may be recorded in place of one; NULL: none. */
const char *model_owner(const FirearmModel *model, const char *make);

/* Does everyone who makes such firearms number them as they like? Of a make, or its owner. */
gboolean model_own_choice(const FirearmModel *model, const char *make);

/* What follows from the numbers, after some of them changed. */
void model_refresh(FirearmModel *model);

#endif
