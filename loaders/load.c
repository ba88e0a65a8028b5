/*
 * One file from bytes to committed rows: open, find header and profile, decide the date order,
 * then map and put every row (rows.c) in one transaction that ends with the file's counters and the
 * audit entry, or with nothing at all.
 */
#include "loaders/load.h"

#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/held.h"

#define DATES_ROWS 4096 /* rows by which the order of dates is guessed */
#define ROW_BYTES  256  /* of a file, to guess how many rows it has */

void load_report_clear(LoadReport *report)
{
    g_free(report->name);
    g_free(report->sha256);
    g_free(report->profile);
    g_free(report->encoding);
    g_free(report->date_order);
    g_free(report->why);
    g_free(report->notes);
    *report = (LoadReport){0};
}

/* Which profile: the one that was named, a file of one's own, or what fits the header. */
static gboolean choose_profile(Load *load, GError **error)
{
    const LoadOptions *options = load->options;

    if (options->map && file_is_held(options->map))
        return error_set(error, STATUS_CONFIG, "'%s' is the store's own", options->map);
    if (options->map)
        load->profile = load->own = profile_load(options->map, error);
    else if (options->profile)
        load->profile = profiles_get(load->rules->profiles, options->profile, error);
    return load->profile || (!options->map && !options->profile);
}

/* Waits for it where it is not known yet. */
static gboolean take_hash(Load *load, GError **error)
{
    if (!load->report->sha256)
        load->report->sha256 = g_strdup(source_sha256(load->source, error));
    return load->report->sha256 != NULL;
}

static gboolean open_source(Load *load, const char *path, GError **error)
{
    const char *encoding = load->options->encoding;

    if (!encoding && load->profile)
        encoding = load->profile->encoding;
    load->source = source_open(path, encoding, error);
    if (!load->source)
        return FALSE;
    load->report->encoding = g_strdup(encoding_name(source_encoding(load->source)));
    return TRUE;
}

/* most: so many rows are enough for a guess, which the whole load then checks. */
static gboolean decide_order(Load *load, guint64 most, GError **error)
{
    gboolean all;
    DatesTally tally;

    dates_tally_init(&tally, load->profile, load->cells, load->options->dates);
    load->order = dates_decide(&tally, load->source, &load->header, most, &all, error);
    dates_tally_clear(&tally);
    load->order_guessed = !all;
    g_free(load->report->date_order);
    load->report->date_order = g_strdup(dates_name(load->order));
    return load->order != 0;
}

static gboolean read_layout(Load *load, GError **error)
{
    if (!header_find(load->source, load->rules->profiles, load->profile, load->options->delimiter,
                     &load->header, error))
        return FALSE;
    if (!load->profile)
        load->profile =
            profiles_detect(load->rules->profiles, load->header.cells, load->header.n, error);
    if (load->profile)
        load->cells = profile_match(load->profile, load->header.cells, load->header.n, error);
    if (!load->profile || !load->cells) {
        g_prefix_error(error, "cannot load '%s': ", load->report->name);
        return FALSE;
    }
    load->report->profile = g_strdup(load->profile->name);
    load->report->delimiter = load->header.delimiter;
    return TRUE;
}

static gboolean add_file(Load *load, GError **error)
{
    const LoadReport *report = load->report;

    load->file = (StoreFile){.sha256 = load->reading ? load->reading : report->sha256,
                             .name = report->name,
                             .kind = load->profile->kind,
                             .profile = report->profile,
                             .encoding = report->encoding,
                             .date_order = report->date_order,
                             .delimiter = report->delimiter,
                             .header = load->header.raw,
                             .loaded_at = load->options->as_of_text};
    if (!store_add_file(load->store, &load->file, error))
        return FALSE;
    load->sink.file_id = load->file.file_id;
    return TRUE;
}

static gboolean finish_file(Load *load, GError **error)
{
    const LoadReport *report = load->report;
    g_autofree char *detail = NULL;
    AuditEntry entry = {load->options->as_of_text, "load", report->name, NULL, "done"};

    if (!take_hash(load, error))
        return FALSE;
    load->file.sha256 = load->reading ? load->reading : report->sha256;
    load->file.lines = report->lines;
    load->file.rows = report->rows;
    load->file.loaded = report->loaded;
    load->file.duplicates = report->duplicates;
    load->file.revised = report->revised;
    load->file.rejected = report->rejected;
    load->file.blanks = report->blanks;
    load->file.warnings = report->warnings;
    detail =
        g_strdup_printf("sha256=%s profile=%s rows=%" G_GUINT64_FORMAT " loaded=%" G_GUINT64_FORMAT
                        " duplicates=%" G_GUINT64_FORMAT " revised=%" G_GUINT64_FORMAT
                        " rejected=%" G_GUINT64_FORMAT " warnings=%" G_GUINT64_FORMAT,
                        report->sha256, report->profile, report->rows, report->loaded,
                        report->duplicates, report->revised, report->rejected, report->warnings);
    entry.detail = detail;
    return store_finish_file(load->store, &load->file, error) &&
           audit_change(load->store, &entry, error);
}

static void workers_clear(Load *load)
{
    for (guint i = 0; i < load->n_workers; i++) {
        if (load->workers[i].mapper.warnings)
            mapper_clear(&load->workers[i].mapper);
        dates_tally_clear(&load->workers[i].tally);
        g_clear_pointer(&load->workers[i].packer, raw_packer_free);
        cleaner_clear(&load->workers[i].cleaner);
    }
}

static void workers_init(Load *load)
{
    guint wanted = load->options->threads;

    workers_clear(load);
    load->n_workers = CLAMP(wanted ? wanted : g_get_num_processors(), 1, WORKERS_MAX);
    for (guint i = 0; i < load->n_workers; i++) {
        load->workers[i] = (Worker){0};
        cleaner_init(&load->workers[i].cleaner, load->rules->codes, load->rules->people);
        load->workers[i].cleaner.as_of = load->options->as_of;
    }
}

/* The file's rows under the order of dates that is thought right. */
static gboolean load_once(Load *load, GError **error)
{
    workers_init(load);
    for (guint i = 0; i < load->n_workers; i++) {
        Worker *worker = &load->workers[i];

        worker->cleaner.order = load->order;
        worker->packer = raw_packer_new();
        mapper_init(&worker->mapper, load->profile, load->cells, &worker->cleaner);
        worker->mapper.list = load->options->list;
        dates_tally_init(&worker->tally, load->profile, load->cells, load->options->dates);
    }
    return add_file(load, error) && load_rows(load, error) && finish_file(load, error);
}

static gboolean begin(Load *load, GError **error)
{
    return store_expect(load->store, source_size(load->source) / ROW_BYTES, error) &&
           store_begin(load->store, error);
}

/* From the beginning again, as if nothing had been loaded. */
static gboolean start_again(Load *load, GError **error)
{
    LoadReport *report = load->report;

    report->lines = report->rows = report->loaded = report->duplicates = report->revised = 0;
    report->rejected = report->purged = report->warnings = report->blanks = 0;
    report->asides = 0;
    load->padding_told = FALSE;
    load->bytes = 0;
    g_clear_pointer(&load->first_reject, g_free);
    g_clear_pointer(&report->notes, g_free);
    store_rollback(load->store);
    return begin(load, error) && decide_order(load, G_MAXUINT64, error);
}

/* By which rule each thing about the file was decided. */
static void explain(Load *load)
{
    const LoadOptions *options = load->options;
    LoadReport *report = load->report;
    const Header *header = &load->header;
    g_autofree char *sign =
        header->delimiter == '\t' ? g_strdup("tab") : g_strdup_printf("'%c'", header->delimiter);
    g_autofree char *unknown =
        profile_unknown(load->profile, load->cells, header->cells, header->n);

    g_free(report->why);
    report->why = g_strdup_printf(
        "encoding %s: %s\n"
        "header on line %" G_GUINT64_FORMAT ", delimiter %s: %u known column names, %s\n"
        "profile %s: %s\n"
        "dates %s: %s\n"
        "columns kept in the raw row alone: %s",
        report->encoding, source_encoding_why(load->source), header->skip, sign, header->known,
        header->why, report->profile,
        options->profile || options->map
            ? "as told"
            : "every required column is there, and no other profile knows more of them",
        report->date_order,
        options->dates ? "as told"
        : !load->profile->orders[1]
            ? "the profile's one order"
            : "it reads the most required dates, then the most dates, then it "
              "stands first in the profile",
        unknown ? unknown : "none");
}

/* A trace's purchaser and possessor may be one man: such rows are no list of people. */
static gboolean list_fits(const Load *load, GError **error)
{
    if (!load->options->list || strcmp(load->profile->kind, "person") == 0)
        return TRUE;
    return error_set(error, STATUS_USAGE,
                     "'%s' is no list of people (kind 'person') but of kind '%s'",
                     load->report->name, load->profile->kind);
}

/* Bytes that were loaded with dates in another order than is told now are another reading, with a
 * key of its own: what a warning advises must not end at "loaded before". */
static gint64 find_reading(Load *load, gint64 known, GError **error)
{
    const char *told = dates_name(load->options->dates);
    g_autofree char *order = store_file_order(load->store, known, error);

    if (!order)
        return -1;
    if (strcmp(order, told) == 0)
        return known;
    load->reading = g_strconcat(load->report->sha256, ":", told, NULL);
    return store_find_file(load->store, load->reading, error);
}

/* Were these bytes loaded before? Where nothing was, their hash may come later. */
static gboolean find_file(Load *load, GError **error)
{
    gboolean any;

    if (!store_has_files(load->store, &any, error))
        return FALSE;
    if (!any)
        return TRUE;
    gint64 known =
        take_hash(load, error) ? store_find_file(load->store, load->report->sha256, error) : -1;
    if (known > 0 && load->options->dates)
        known = find_reading(load, known, error);
    load->report->known = known > 0;
    return known >= 0;
}

static gboolean load_in_transaction(Load *load, GError **error)
{
    GError *failure = NULL;
    gboolean done;

    if (!find_file(load, error) || load->report->known)
        return load->report->known;
    workers_init(load);
    if (!read_layout(load, error) || !list_fits(load, error))
        return FALSE;
    /* Whoever listens hears each remark once: no guess that might be taken back. */
    if (!decide_order(load, load->sink.listener ? G_MAXUINT64 : DATES_ROWS, error))
        return FALSE;
    explain(load);
    done = load_once(load, &failure);
    if (load->order_guessed && (done ? dates_best(&load->workers[0].tally) != load->order
                                     : error_status(failure) == STATUS_DATA)) {
        g_clear_error(&failure);
        if (!start_again(load, error))
            return FALSE;
        explain(load);
        return load_once(load, error);
    }
    if (failure)
        g_propagate_error(error, failure);
    return done;
}

/* Wholly or not at all; a dry run and a known file are rolled back although all went well. */
static gboolean run(Load *load, const char *path, GError **error)
{
    gboolean done;

    if (!reject_limit_parse(load->options->max_rejects, &load->limit, error) ||
        !choose_profile(load, error) || !open_source(load, path, error) || !begin(load, error))
        return FALSE;
    done = load_in_transaction(load, error);
    if (done && !load->report->known && !load->options->dry_run)
        done = store_commit(load->store, error);
    store_rollback(load->store);
    return done;
}

gboolean load_file(Store *store, const LoadRules *rules, const LoadOptions *options,
                   const char *path, LoadReport *report, GError **error)
{
    Load load = {.store = store, .rules = rules, .options = options, .report = report};
    gboolean done;

    *report = (LoadReport){.name = g_strdup(options->name ? options->name : path)};
    load.sink = (RemarkSink){store, 0, report->name, options->remark, options->remark_data};
    done = run(&load, path, error);
    workers_clear(&load);
    header_clear(&load.header);
    g_clear_pointer(&load.source, source_free);
    g_clear_pointer(&load.own, profile_free);
    g_free(load.cells);
    g_free(load.reading);
    g_free(load.first_reject);
    return done;
}
