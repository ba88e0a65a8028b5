/*
 * A file while it is loaded: load.c decides what it is and holds the transaction, rows.c puts its
 * rows. Private to these two.
 */
#ifndef CROSSTRACE_LOADERS_LOAD_H
#define CROSSTRACE_LOADERS_LOAD_H

#include "loaders/loader.h"
#include "loaders/pipeline.h"
#include "loaders/remark.h"

#define WORKERS_MAX 4

typedef struct {
    Store *store;
    const LoadRules *rules;
    const LoadOptions *options;
    LoadReport *report;
    Source *source;
    Profile *own; /* of --map */
    const Profile *profile;
    Header header;
    int *cells;
    Worker workers[WORKERS_MAX];
    guint n_workers;
    guint order;            /* DateOrder bit of the file */
    gboolean order_guessed; /* from its first rows */
    RejectLimit limit;
    RemarkSink sink;
    StoreFile file;
    char *reading; /* what the file is known by where it was read with other dates before */
    char *first_reject;
    gboolean padding_told;
    guint64 bytes; /* of the rows stored, for the progress */
} Load;

/* All rows of the source after its header, by the workers, into the store, the counters of the
 * report and the sink; STATUS_DATA when more are rejected than the limit allows. */
gboolean load_rows(Load *load, GError **error);

#endif
