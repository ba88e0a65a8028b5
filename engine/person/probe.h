/*
 * One name held against many: which words a name must have like its own to be alike at all
 * (person_names_alike), so that an index of words gives all names worth a comparison. Nothing that
 * PERSON_NAMES_ALIKE lets pass is lost.
 */
#ifndef CROSSTRACE_PERSON_PROBE_H
#define CROSSTRACE_PERSON_PROBE_H

#include "engine/person/name.h"

/* Calls visit for every word under which a name is found: its parts, and each two neighbours
 * written as one. */
void person_name_words(const PersonModel *model, const char *name,
                       void (*visit)(const char *word, gpointer data), gpointer data);
/* What person_probe_near() looks at of a word: its letters, length and first byte. */
guint64 person_word_sketch(const char *word);

typedef struct NameProbe NameProbe;

NameProbe *person_probe_new(const PersonModel *model, const char *name);
void person_probe_free(NameProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NameProbe, person_probe_free)

/* May a word be like a part of the name? A word for which this is FALSE is so as a nickname alone:
 * as one of person_probe_called() (array of char *; in no order). */
gboolean person_probe_near(const NameProbe *probe, guint64 sketch);
const GPtrArray *person_probe_called(const NameProbe *probe);
/* Which parts of the name a word is like, as bits; 0: none. */
guint person_probe_covers(const NameProbe *probe, const char *word);
/* Can a name be alike that has words like these parts, and like no other? */
gboolean person_probe_enough(const NameProbe *probe, guint covers);
/* person_names_alike() with the name. */
double person_probe_alike(const NameProbe *probe, const char *name);

/* A number that is another when names are cut into other words (rules/tables/letters.csv). */
guint64 person_words_stamp(const PersonModel *model);

#endif
