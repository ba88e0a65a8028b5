/*
 * The rows of one file on their way into the store: what became of each is counted and kept, and
 * what only all of them tell of the file is told at the end. A part of the transaction of load.c.
 */
#include <string.h>

#include "engine/base/error.h"
#include "loaders/load.h"

static gboolean too_many(const Load *load, GError **error)
{
    return error_set(error, STATUS_DATA,
                     "cannot load '%s': %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                     " rows rejected; the first: %s",
                     load->report->name, load->report->rejected, load->report->rows,
                     load->first_reject);
}

static gboolean reject(Load *load, const BatchRow *one, GError **error)
{
    LoadReport *report = load->report;
    const Flaw *flaw = &one->flaw;

    report->rejected++;
    if (!load->first_reject)
        load->first_reject = g_strdup_printf("line %" G_GUINT64_FORMAT ", %s%s%s", one->row.line,
                                             flaw->field ? flaw->field : "",
                                             flaw->field ? ": " : "", reason_text(flaw->code));
    /* a dry run tells all of it */
    if (report->rejected - report->purged > load->limit.most && !load->options->dry_run)
        return too_many(load, error);
    return remark_reject(&load->sink, one, error);
}

static gboolean warn(Load *load, const Row *row, const char *ref, const Flaw *flaw, GError **error)
{
    load->report->warnings++;
    load->report->asides += reason_is_aside(flaw->code);
    return remark_warning(&load->sink, row, ref, flaw, error);
}

/* What says something of the whole file is told with its name, too. */
static gboolean warn_of_file(Load *load, const Row *row, const char *ref, const Flaw *flaw,
                             GError **error)
{
    g_autofree char *before = g_steal_pointer(&load->report->notes);

    load->report->notes =
        g_strconcat(before ? before : "", before ? "\n" : "", reason_text(flaw->code), NULL);
    return warn(load, row, ref, flaw, error);
}

/* The last row has all of its columns, and RFC 4180 leaves it free to have no line end: kept for
 * who wonders whether the file is whole, and nothing to look into. */
static gboolean warn_of_end(Load *load, const Row *row, const char *ref, GError **error)
{
    const Flaw flaw = {.code = "may-be-cut"};

    return warn(load, row, ref, &flaw, error);
}

/* A record that was purged comes again: its row is counted and told of, and not kept. It says
 * nothing about the file, so no limit counts it. */
static gboolean refuse_purged(Load *load, const Row *row, GError **error)
{
    BatchRow bare = {.row = {.line = row->line, .lines = row->lines}, .flaw = {.code = "purged"}};

    load->report->rows++;
    load->report->rejected++;
    load->report->purged++;
    return remark_reject(&load->sink, &bare, error);
}

/* warnings: those of all rows of the batch, Flaw. */
static gboolean store_row(Load *load, const BatchRow *one, const Record *record,
                          const GArray *warnings, GError **error)
{
    const Row *row = &one->row;

    if (one->is_header) {
        Flaw flaw = {.code = "repeated-header"};

        load->report->blanks += row->lines;
        return warn(load, row, NULL, &flaw, error);
    }
    load->report->rows++;
    if (row->has_padding && !load->padding_told) {
        Flaw flaw = {.code = "padding"};

        load->padding_told = TRUE;
        if (!warn(load, row, NULL, &flaw, error))
            return FALSE;
    }
    if (row->may_be_cut && !warn_of_end(load, row, record ? record->ref : NULL, error))
        return FALSE;
    if (!record)
        return reject(load, one, error);
    for (guint i = 0; i < one->n_warnings; i++)
        if (!warn(load, row, record->ref, &g_array_index(warnings, Flaw, one->first_warning + i),
                  error))
            return FALSE;
    return TRUE;
}

static gboolean put_records(Load *load, const Batch *batch, PutResult *results, GError **error)
{
    for (guint i = 0; i < batch->rows->len; i++)
        if (batch->records[i])
            batch->records[i]->file_id = load->file.file_id;
    if (!store_put_all(load->store, batch->records, batch->rows->len, batch->packed, results,
                       error))
        return FALSE;
    for (guint i = 0; i < batch->rows->len; i++) {
        load->report->loaded += batch->records[i] && results[i] == PUT_LOADED;
        load->report->duplicates += batch->records[i] && results[i] == PUT_DUPLICATE;
        load->report->revised += batch->records[i] && results[i] == PUT_REVISED;
    }
    return TRUE;
}

/* The raw rows are the file, but for what stands between them. */
static void tell_progress(Load *load, const Batch *batch)
{
    const LoadOptions *options = load->options;
    LoadProgress progress = {load->report->name, load->report->rows, 0};

    if (!options->progress)
        return;
    for (guint i = 0; i < batch->rows->len; i++)
        load->bytes += strlen(g_array_index(batch->rows, BatchRow, i).row.raw) + 1;
    progress.share = MIN(1, (double)load->bytes / (double)MAX(source_size(load->source), 1));
    options->progress(&progress, options->progress_data);
}

static gboolean store_batch(Batch *batch, gpointer data, GError **error)
{
    PutResult results[STORE_PACK_MAX];

    tell_progress(data, batch);
    if (!put_records(data, batch, results, error))
        return FALSE;
    for (guint i = 0; i < batch->rows->len; i++) {
        const BatchRow *one = &g_array_index(batch->rows, BatchRow, i);
        gboolean purged = batch->records[i] && results[i] == PUT_PURGED;

        if (purged ? !refuse_purged(data, &one->row, error)
                   : !store_row(data, one, batch->records[i], batch->warnings, error))
            return FALSE;
    }
    return TRUE;
}

/* What nothing else would tell: an export that failed looks like a header alone; in a file with
 * dates of another order than the profile's those that can be read are read wrongly. */
static gboolean judge_file(Load *load, GError **error)
{
    DatesTally *all = &load->workers[0].tally;
    guint rival;

    for (guint i = 1; i < load->n_workers; i++)
        dates_add(all, &load->workers[i].tally);
    rival = load->options->dates ? 0 : dates_rival(all);
    const Row header = {.line = load->header.skip};
    const Flaw empty = {.code = load->header.may_be_cut ? "cut-header" : "no-rows"};
    const Flaw order = {.code = "date-order", .value = rival ? dates_name(rival) : NULL};
    return (load->report->rows > 0 || warn_of_file(load, &header, NULL, &empty, error)) &&
           (!rival || warn_of_file(load, &header, NULL, &order, error));
}

gboolean load_rows(Load *load, GError **error)
{
    LoadReport *report = load->report;
    g_autoptr(Reader) reader =
        reader_new(load->source, load->header.delimiter, load->header.skip, load->header.n, error);
    Pipeline pipeline = {reader, &load->header, load->workers, load->n_workers, 0, 0};

    if (!reader || !pipeline_run(&pipeline, store_batch, load, error))
        return FALSE;
    report->lines = pipeline.lines;
    report->blanks += pipeline.blanks;
    if (reject_limit_passed(&load->limit, report->rejected - report->purged, report->rows))
        return too_many(load, error);
    return judge_file(load, error) && source_unchanged(load->source, error);
}
