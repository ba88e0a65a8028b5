/*
 * Batches: rows out of the reader, whose own are gone with the next, and their mapping. What is
 * done with records and rejects is the load's business (load.c), who does it when the pipeline's.
 */
#include "loaders/batch.h"

#include <string.h>

#define ROWS_MAX  384        /* at most STORE_PACK_MAX */
#define BYTES_MAX (1u << 19) /* a batch with so many ends, so that long rows do not pile up */
#define KEEP_MAX  (1u << 21) /* larger buffers are given back */

void batch_init(Batch *batch)
{
    *batch = (Batch){.rows = g_array_sized_new(FALSE, FALSE, sizeof(BatchRow), ROWS_MAX),
                     .warnings = g_array_new(FALSE, FALSE, sizeof(Flaw)),
                     .records = g_new0(Record *, ROWS_MAX),
                     .made = g_new0(Record *, ROWS_MAX),
                     .bytes = g_string_sized_new(BYTES_MAX),
                     .cells = g_array_new(FALSE, FALSE, sizeof(gsize))};
}

static void batch_empty(Batch *batch)
{
    memset(batch->records, 0, ROWS_MAX * sizeof(Record *));
    g_clear_pointer(&batch->packed, g_bytes_unref);
    g_array_set_size(batch->rows, 0);
    g_array_set_size(batch->warnings, 0);
    g_array_set_size(batch->cells, 0);
    if (batch->bytes->allocated_len > KEEP_MAX) {
        g_string_free(batch->bytes, TRUE);
        batch->bytes = g_string_sized_new(BYTES_MAX);
    }
    g_string_truncate(batch->bytes, 0);
    g_clear_error(&batch->error);
    batch->last = FALSE;
}

void batch_clear(Batch *batch)
{
    batch_empty(batch);
    for (guint i = 0; i < ROWS_MAX; i++)
        record_free(batch->made[i]);
    g_free(batch->made);
    g_free(batch->records);
    g_array_unref(batch->rows);
    g_array_unref(batch->warnings);
    g_array_unref(batch->cells);
    g_string_free(batch->bytes, TRUE);
}

static void add_text(Batch *batch, const char *text, gsize size)
{
    gsize at = batch->bytes->len;

    g_array_append_val(batch->cells, at);
    g_string_append_len(batch->bytes, text, (gssize)size);
}

/* The raw text stands behind the cells, as one more. The reader's cells lie one behind the other
 * (csv.h), so that one copy takes them all. */
static void add_row(Batch *batch, const Row *row)
{
    BatchRow one = {.row = *row};
    guint first = batch->cells->len;

    if (row->n > 0) {
        const char *last = row->cells[row->n - 1];
        gsize base = batch->bytes->len;

        g_string_append_len(batch->bytes, row->cells[0],
                            (last - row->cells[0]) + (gssize)strlen(last) + 1);
        g_array_set_size(batch->cells, first + row->n);
        for (guint i = 0; i < row->n; i++)
            g_array_index(batch->cells, gsize, first + i) =
                base + (gsize)(row->cells[i] - row->cells[0]);
    }
    add_text(batch, row->raw, strlen(row->raw) + 1);
    g_array_append_val(batch->rows, one);
}

/* The bytes do not move any more: offsets become pointers. */
static void settle(Batch *batch)
{
    char **cells = (char **)(void *)batch->cells->data;

    G_STATIC_ASSERT(sizeof(char *) == sizeof(gsize));
    for (guint i = 0; i < batch->cells->len; i++)
        cells[i] = batch->bytes->str + g_array_index(batch->cells, gsize, i);
    for (guint i = 0; i < batch->rows->len; i++) {
        Row *row = &g_array_index(batch->rows, BatchRow, i).row;

        row->cells = cells;
        row->raw = cells[row->n];
        cells += row->n + 1;
    }
}

void batch_fill(Batch *batch, Reader *reader)
{
    batch_empty(batch);
    while (batch->rows->len < ROWS_MAX && batch->bytes->len < BYTES_MAX && !batch->last) {
        Row row;

        if (reader_next(reader, &row, &batch->error) > READ_END)
            add_row(batch, &row);
        else
            batch->last = TRUE;
    }
    settle(batch);
    batch->lines = reader_lines(reader);
    batch->blanks = reader_blanks(reader);
}

void batch_pack(Batch *batch, RawPacker *packer)
{
    batch->packed = store_pack_raw(packer, batch->records, batch->rows->len);
}

void batch_map(Batch *batch, Mapper *mapper, const Header *header, DatesTally *tally)
{
    for (guint i = 0; i < batch->rows->len; i++) {
        BatchRow *one = &g_array_index(batch->rows, BatchRow, i);

        one->first_warning = batch->warnings->len;
        if (one->row.reason) {
            one->flaw = (Flaw){NULL, one->row.reason, NULL};
            one->confidential = map_confidential(mapper, &one->row, NULL);
            continue;
        }
        if (tally)
            dates_count(tally, &one->row);
        one->is_header = header_is(header, one->row.cells, one->row.n);
        if (one->is_header)
            continue;
        batch->made[i] = record_renew(batch->made[i], mapper->profile->kind);
        if (map_row(mapper, &one->row, batch->made[i], &one->flaw)) {
            batch->records[i] = batch->made[i];
            g_array_append_vals(batch->warnings, mapper->warnings->data, mapper->warnings->len);
        } else {
            one->confidential = map_confidential(mapper, &one->row, batch->made[i]);
            one->ref = batch->made[i]->ref;
        }
        one->n_warnings = batch->warnings->len - one->first_warning;
    }
}
