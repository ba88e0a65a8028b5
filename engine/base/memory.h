/*
 * How memory is given back, and which of it is held in large pages.
 */
#ifndef CROSSTRACE_BASE_MEMORY_H
#define CROSSTRACE_BASE_MEMORY_H

#include <glib.h>

/* Tables of a megabyte and more go back to the system when they are freed, in this process and from
 * now on. Where the C library knows no such thing, nothing happens. */
void memory_give_back(void);
/* So does what was freed in small pieces, as far as whole pages are free: after a stage that made
 * very many of them. */
void memory_trim(void);
/* What lies there is asked for in no order: it is to be held in large pages, which are found sooner
 * than small ones. Best asked before it is filled. Where the system has none, nothing happens. */
void memory_large(gpointer at, gsize size);
/* A table of n zeroed rows that is filled in no order, all of whose pages are there at once: one
 * that is looked at before it is written to is made twice otherwise, and each time all processors
 * are told. g_free. */
gpointer memory_table(gsize n, gsize row);

#endif
