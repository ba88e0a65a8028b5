/*
 * A thread that has a store's file and its log written to disk while SQLite writes to them. Private
 * to this room.
 */
#ifndef CROSSTRACE_STORE_EARLY_H
#define CROSSTRACE_STORE_EARLY_H

#include <glib.h>

typedef struct Early Early;

/* For a store of this path, which SQLite has open until early_end(); only files of at least so many
 * bytes are looked after. Without a thread nothing is done. */
Early *early_new(const char *path, goffset least);
/* Ends it; what was begun to be written goes on. Harmless with NULL. */
void early_end(Early *early);

#endif
