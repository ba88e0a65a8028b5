/*
 * Looking one serial up: an index over the observations of a store that can be written to a file
 * and read where it lies, with the parameters that weigh what is found. For `find`, which does not
 * want to read a store for one question. The index only proposes; records are read and weighed by
 * the code of a run.
 */
#ifndef CROSSTRACE_LOOKUP_LOOKUP_H
#define CROSSTRACE_LOOKUP_LOOKUP_H

#include "engine/link/link.h"

typedef struct FirearmIndex FirearmIndex;
typedef struct SerialIndex SerialIndex; /* engine/firearm/index.h */

/* An index in the making: observations come one by one, with the caller's number of each; nothing
 * of them is borrowed. */
typedef struct FirearmIndexing FirearmIndexing;
FirearmIndexing *firearm_indexing_new(void);
void firearm_indexing_free(FirearmIndexing *indexing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmIndexing, firearm_indexing_free)
void firearm_indexing_add(FirearmIndexing *indexing, const Serial *serial, gint64 id);
/* The index of all that came, which borrows the parameters. Takes the indexing. */
FirearmIndex *firearm_indexing_end(FirearmIndexing *indexing, const FirearmParameters *parameters);

/* Writes it piece by piece; stamp: what it was made of, at most 127 bytes. */
typedef gboolean (*FirearmWrite)(gconstpointer data, gsize size, gpointer to, GError **error);
gboolean firearm_index_write(const FirearmIndex *index, const char *stamp, FirearmWrite write,
                             gpointer to, GError **error);

/* What was written, read where it lies: the bytes must outlive it. stamp NULL: any. STATUS_DATA
 * when they are no index, of another version or stamp, cut, or damaged where it was looked at. */
FirearmIndex *firearm_index_open(const FirearmModel *model, gconstpointer data, gsize size,
                                 const char *stamp, GError **error);
void firearm_index_free(FirearmIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmIndex, firearm_index_free)

/* Takes over the parameters that it was made with. */
void firearm_index_keep(FirearmIndex *index, FirearmParameters *parameters);
const FirearmParameters *firearm_index_parameters(const FirearmIndex *index);
/* Hands over those of a file, which need it no longer; afterwards it has none. NULL: it has none,
 * or is damaged. */
FirearmParameters *firearm_index_take_parameters(FirearmIndex *index);

/* What an index in a file is told from others by; 0: it lies in memory. */
guint64 firearm_index_mark(const FirearmIndex *index);
/* Observations that it knows; the largest of the numbers that it was given, 0: none. */
guint firearm_index_size(const FirearmIndex *index);
gint64 firearm_index_last(const FirearmIndex *index);

/* A small index of what came since stands beside one in a file: observations that this one does not
 * know, and numbers (of gint64, ascending) of those that say something else now. It has no
 * parameters of its own. Begun as firearm_indexing_new(); ended: */
FirearmIndex *firearm_indexing_beside(FirearmIndexing *indexing, const FirearmIndex *index,
                                      const GArray *gone);
/* Has an index asked with what stands beside it, if that is written beside this very one and under
 * this stamp (NULL: any); the bytes must outlive it. */
gboolean firearm_index_add(FirearmIndex *index, gconstpointer data, gsize size, const char *stamp);
/* What stands beside it; NULL: nothing. Its numbers that the index tells of in vain, appended. */
const FirearmIndex *firearm_index_added(const FirearmIndex *index);
void firearm_index_gone(const FirearmIndex *index, GArray *gone);

/* Its serials as they lie, of every kind of record; and by place in a list of numbers that of the
 * serial (g_free), or NO_FORM where the index does not tell what is borne now. NULL: the file is
 * damaged. */
SerialIndex *firearm_index_serials(const FirearmIndex *index);
guint *firearm_index_borne(const FirearmIndex *index, const gint64 *ids, guint n);

/* Numbers (of gint64, ascending) of all observations whose serial joins one under any tier but S0
 * alone; at most `most` of them, *all: how many there are. NULL: the file is damaged where this
 * question touched it; ask an index that is made anew. */
GArray *firearm_index_find(const FirearmIndex *index, const FirearmModel *model,
                           const Serial *serial, guint most, guint64 *all);

/* Was the file damaged where it was touched, its parameters by weighing with them too? What was
 * found with it is to be forgotten. */
gboolean firearm_index_damaged(const FirearmIndex *index);

/* An observation weighed against others: indices into the input of find, those for which a tier
 * holds, by falling probability. */
typedef struct {
    guint at;
    Tier tier;
    double bits, probability, chance_matches;
    Evidence *evidence; /* owned by the match */
} FirearmMatch;

/* The input's last observation is what is asked for; the others are found ones of either side. It
 * is at most one of the firearms that they are. Needs parameters. */
GArray *firearm_find(const FirearmInput *input);
void firearm_matches_free(GArray *matches);

#endif
