/*
 * All that is estimated, as one object: given the same one, what is found for a person rests on the
 * mentions near that person alone. As text a store keeps it; for a few pairs it need not be read
 * whole.
 */
#ifndef CROSSTRACE_RESOLUTION_PARAMETERS_H
#define CROSSTRACE_RESOLUTION_PARAMETERS_H

#include "engine/person/person.h"

/* What is estimated without labels: m and u of every level, the prior, how many people share a
 * value (values as hashes), which blocks are too large. */
typedef struct PersonParameters PersonParameters;

PersonParameters *person_parameters_estimate(const PersonModel *model,
                                             const PersonMention *mentions, guint n);
/* As lines of text, and back: nothing is lost. STATUS_DATA when it is no such text, or one for
 * other fields and levels. */
char *person_parameters_write(const PersonParameters *parameters);
PersonParameters *person_parameters_read(const char *text, GError **error);
void person_parameters_free(PersonParameters *parameters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonParameters, person_parameters_free)

/* Shifts the log2 odds that two mentions are of one person by so many bits. */
void person_parameters_shift(PersonParameters *parameters, double bits);

/* One weight: P(level | same person), P(level | two people), log2 of their ratio. */
typedef struct {
    const char *field, *level;
    double m, u, bits;
} PersonWeight;

/* All, by field and level, the prior last (field "prior", level "matches"); g_free. */
PersonWeight *person_parameters_weights(const PersonParameters *parameters, guint *n);

/* Parameters as person_parameters_write() has it, to be read where they are needed alone. */
#define PERSON_MARKS 12
typedef struct {
    const char *text;
    guint64 mark[PERSON_MARKS]; /* bytes at which its parts begin */
    /* May so many bytes be believed? */
    gboolean (*holds)(const char *at, gsize size, gpointer data);
    gpointer data;
} PersonText;
/* Finds the marks; FALSE: no such text. */
gboolean person_text_mark(PersonText *text);
/* To weigh a few pairs with (person_pair(), person_weigh() and no more): values are looked up in
 * the text, which must outlive it. STATUS_DATA. */
PersonParameters *person_parameters_open(const PersonText *text, GError **error);

#endif
