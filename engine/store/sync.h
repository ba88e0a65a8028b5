/*
 * A thread that has a file of SQLite's written to disk while it grows. Private to this room.
 */
#ifndef CROSSTRACE_STORE_SYNC_H
#define CROSSTRACE_STORE_SYNC_H

#include <glib.h>
#include <sqlite3.h>

typedef struct Sync Sync;

/* For a file that stays open until sync_end(). Without a thread nothing is done. */
Sync *sync_new(sqlite3_file *file);
/* What was written before is to go to disk; does not wait. Harmless with NULL, as are the
 * others. */
void sync_ask(Sync *sync);
/* SQLite's code of what failed so far, else SQLITE_OK; does not wait. */
int sync_failed(Sync *sync);
/* All that was asked for is done, and SQLite's code of what failed first, else SQLITE_OK; frees it.
 */
int sync_end(Sync *sync);

#endif
