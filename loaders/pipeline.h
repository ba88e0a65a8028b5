/*
 * A file's rows through their three stages: read, map, store. With one mapper all of it is done
 * in turn by the caller's thread; with more, one thread reads, each mapper has its own, and the
 * caller's stores, in the order of the file. What is stored is the same either way.
 */
#ifndef CROSSTRACE_LOADERS_PIPELINE_H
#define CROSSTRACE_LOADERS_PIPELINE_H

#include "loaders/batch.h"

/* What a thread needs to itself while it maps. */
typedef struct {
    Cleaner cleaner;
    Mapper mapper;
    DatesTally tally;
    RawPacker *packer;
} Worker;

typedef struct {
    Reader *reader;
    const Header *header;
    Worker *workers;
    guint n_workers;
    guint64 lines, blanks; /* set at the end */
} Pipeline;

/* Does something with a mapped batch, always in the caller's thread; FALSE ends it all. */
typedef gboolean (*BatchStore)(Batch *batch, gpointer data, GError **error);

gboolean pipeline_run(Pipeline *pipeline, BatchStore store, gpointer data, GError **error);

#endif
