/*
 * Texts with numbers, collected in any order and given back by the text, then the number: the
 * entries of an index. Memory only. Private to engine/store.
 */
#ifndef CROSSTRACE_STORE_SORTED_H
#define CROSSTRACE_STORE_SORTED_H

#include <glib.h>

typedef struct Sorted Sorted;
typedef gboolean (*SortedVisit)(const char *text, gint64 number, gpointer data, GError **error);

/* For at most so many bytes of memory. */
Sorted *sorted_new(gsize most);
void sorted_free(Sorted *sorted);
/* FALSE when it is too much: what was collected is given up, and nothing is from then on. Numbers
 * of one text come rising. */
gboolean sorted_add(Sorted *sorted, const char *text, gint64 number);
gboolean sorted_has_all(const Sorted *sorted);
/* The text of what was added as number i, from 0 on, before it is sorted; NULL: given up. */
const char *sorted_text(const Sorted *sorted, gint64 i);
/* By bytes, as SQLite's BINARY. Another thread may do it. */
void sorted_sort(Sorted *sorted);
/* One by one after sorted_sort, until `visit` returns FALSE. */
gboolean sorted_each(const Sorted *sorted, SortedVisit visit, gpointer data, GError **error);

#endif
