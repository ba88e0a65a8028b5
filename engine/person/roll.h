/*
 * person_resolve() in its steps, for whoever has something to do between them: mentions made ready
 * once, what is estimated from them, what is found.
 */
#ifndef CROSSTRACE_PERSON_ROLL_H
#define CROSSTRACE_PERSON_ROLL_H

#include "engine/person/person.h"

typedef struct PersonRoll PersonRoll;

/* The input's mentions made ready; with its parameters, if it has any. Borrows all of it. */
PersonRoll *person_roll_new(const PersonModel *model, const PersonInput *input);
void person_roll_free(PersonRoll *roll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonRoll, person_roll_free)

/* Where bytes go, part by part; each part is filled up to a multiple of eight. */
typedef struct {
    gboolean (*put)(gconstpointer data, gsize size, gpointer to, GError **error);
    gpointer to;
} PersonSink;

/* What was made of mentions that were given in the order of their references, for PersonKept; with
 * the parameters of the input, or those that were estimated. */
gboolean person_roll_keep(const PersonRoll *roll, const PersonParameters *parameters,
                          const PersonSink *sink, GError **error);
/* How many of the bytes are such, of so many mentions; 0: they are not, or not all of them. Whether
 * they are those that were written is not asked. */
gsize person_kept_size(const PersonKept *kept, guint mentions);
/* Another number where the bytes are laid out otherwise. */
guint64 person_kept_shape(void);

/* Where the input had no parameters. */
PersonParameters *person_roll_estimate(PersonRoll *roll);
/* By the parameters of the input, or by those that were estimated from this roll. */
PersonResult *person_roll_resolve(const PersonRoll *roll, const PersonParameters *parameters);

#endif
