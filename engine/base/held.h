/*
 * Locks on a file are the process's: with the first descriptor of it that is closed all of them are
 * gone. So a file that SQLite has open here is never opened beside it, whoever named it.
 */
#ifndef CROSSTRACE_BASE_HELD_H
#define CROSSTRACE_BASE_HELD_H

#include <glib.h>

/* Has this process the file open as a database of SQLite, or as what SQLite shares of a database's
 * log? By whatever name: a link leads to the same. */
gboolean file_is_held(const char *path);

/* A descriptor that this process has of the file, not to be closed; -1: it has none. Good for as
 * long as whoever opened it keeps it open. */
int file_descriptor(const char *path);

#endif
