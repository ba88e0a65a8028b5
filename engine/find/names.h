/*
 * Names of STORE.words that may be the one asked for, weighed against it. First half of `find
 * person`, which reads the records that stand under the best. Private to engine/find.
 */
#ifndef CROSSTRACE_FIND_NAMES_H
#define CROSSTRACE_FIND_NAMES_H

#include "engine/find/words.h"

enum { NAME_ORGANISATION, NAME_LAST, NAME_FIRST, NAME_MIDDLE, NAME_SUFFIX, NAME_DOB, NAME_CELLS };

/* A value of names with what it weighs. */
typedef struct {
    guint list;
    guint32 value;
    double alike, bits;
    char **cells;
} NameFound;

typedef struct {
    const PersonModel *model;
    const PersonParameters *parameters;
    const PersonMention *asked; /* its name and birth date */
} NameQuestion;

/* Of NameFound, the best first; of very many the likest alone (*unweighed). What is damaged in the
 * file is left out: words_damaged(). */
GArray *find_names(const Words *words, const NameQuestion *question, gboolean *unweighed);
/* The order of what is found; 0: equal in weight. */
gint name_found_order(gconstpointer a, gconstpointer b);

#endif
