/*
 * Some hundred rows on their way from the reader to the store: copied out of the reader, then
 * with what each became. A batch owns its bytes, records and warnings; it is used again and again.
 */
#ifndef CROSSTRACE_LOADERS_BATCH_H
#define CROSSTRACE_LOADERS_BATCH_H

#include "engine/store/put.h"
#include "loaders/header.h"
#include "loaders/map.h"

/* A row and its outcome: a header again, a record with warnings, or a reject. */
typedef struct {
    Row row;
    Flaw flaw; /* of a reject, as the next two */
    gboolean confidential;
    const char *ref; /* that it would have, or NULL */
    gboolean is_header;
    guint first_warning, n_warnings;
} BatchRow;

typedef struct {
    GArray *rows;          /* of BatchRow */
    GArray *warnings;      /* of Flaw */
    GString *bytes;        /* cells and raw texts */
    GArray *cells;         /* of char *, while the bytes still move of gsize */
    Record **records;      /* of the rows, NULL for those that are none */
    Record **made;         /* records to be filled, from one use of the batch to the next */
    GBytes *packed;        /* their raw rows */
    gboolean last;         /* the file ends behind it, or there is an error */
    guint64 lines, blanks; /* of the file, at its end */
    GError *error;
} Batch;

void batch_init(Batch *batch);
void batch_clear(Batch *batch);

/* The next rows of the file; what the batch held is gone. */
void batch_fill(Batch *batch, Reader *reader);
/* Each row into its record, reject or nothing; tally: counts date orders, or NULL. */
void batch_map(Batch *batch, Mapper *mapper, const Header *header, DatesTally *tally);
/* The raw rows of its records, which the store keeps beside them. */
void batch_pack(Batch *batch, RawPacker *packer);

#endif
