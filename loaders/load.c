/*
 * One file from bytes to committed rows: open, find header and profile, decide the date order,
 * then map and put every row in one transaction that ends with the file's counters and the audit
 * entry, or with nothing at all. What is wrong with rows is counted and kept, never printed.
 */
#include "loaders/loader.h"

#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "loaders/dates.h"
#include "loaders/map.h"
#include "loaders/remark.h"

#define REJECTS_MAX     10000 /* of one file, when no other limit is given */
#define REJECTS_PERCENT 10    /* likewise; a file with few rejects is not judged by it */
#define REJECTS_FEW     10

typedef struct {
    guint64 most;   /* rejects, G_MAXUINT64: no such limit */
    double percent; /* of the rows, 100: no such limit */
    guint64 few;    /* up to so many rejects the percentage does not count */
} Limit;

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
    Cleaner cleaner;
    Mapper mapper;
    Limit limit;
    RemarkSink sink;
    StoreFile file;
    char *first_reject;
    gboolean padding_told;
} Load;

void load_report_clear(LoadReport *report)
{
    g_free(report->name);
    g_free(report->sha256);
    g_free(report->profile);
    g_free(report->encoding);
    g_free(report->date_order);
    *report = (LoadReport){0};
}

static gboolean limit_parse(const char *text, Limit *limit, GError **error)
{
    guint64 number;
    g_autofree char *digits = NULL;

    *limit = (Limit){REJECTS_MAX, REJECTS_PERCENT, REJECTS_FEW};
    if (!text)
        return TRUE;
    digits = g_strndup(text, strlen(text) - g_str_has_suffix(text, "%"));
    if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &number, NULL) ||
        (g_str_has_suffix(text, "%") && number > 100))
        return error_set(error, STATUS_USAGE, "'%s' is no number of rejects and no percentage",
                         text);
    if (g_str_has_suffix(text, "%"))
        *limit = (Limit){G_MAXUINT64, (double)number, 0};
    else
        *limit = (Limit){number, 100, 0};
    return TRUE;
}

static gboolean too_many(const Load *load, GError **error)
{
    return error_set(error, STATUS_DATA,
                     "cannot load '%s': %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                     " rows rejected; the first: %s",
                     load->report->name, load->report->rejected, load->report->rows,
                     load->first_reject);
}

static gboolean reject(Load *load, const Row *row, const Flaw *flaw, GError **error)
{
    LoadReport *report = load->report;

    report->rejected++;
    if (!load->first_reject)
        load->first_reject = g_strdup_printf("line %" G_GUINT64_FORMAT ", %s%s%s", row->line,
                                             flaw->field ? flaw->field : "",
                                             flaw->field ? ": " : "", reason_text(flaw->code));
    if (report->rejected > load->limit.most)
        return too_many(load, error);
    return remark_reject(&load->sink, row, flaw, error);
}

static gboolean warn(Load *load, const Row *row, const char *ref, const Flaw *flaw, GError **error)
{
    load->report->warnings++;
    return remark_warning(&load->sink, row, ref, flaw, error);
}

static gboolean put(Load *load, Record *record, GError **error)
{
    PutResult result;

    record->file_id = load->file.file_id;
    if (!store_put(load->store, record, &result, error))
        return FALSE;
    load->report->loaded += result == PUT_LOADED;
    load->report->duplicates += result == PUT_DUPLICATE;
    load->report->revised += result == PUT_REVISED;
    return TRUE;
}

static gboolean load_row(Load *load, const Row *row, GError **error)
{
    g_autoptr(Record) record = NULL;
    Flaw flaw = {0};

    if (header_is(&load->header, row->cells, row->n)) {
        flaw.code = "repeated-header";
        load->report->blanks += row->lines;
        return warn(load, row, NULL, &flaw, error);
    }
    load->report->rows++;
    if (row->has_padding && !load->padding_told) {
        load->padding_told = TRUE;
        flaw.code = "padding";
        if (!warn(load, row, NULL, &flaw, error))
            return FALSE;
    }
    record = map_row(&load->mapper, row, &flaw);
    if (!record)
        return reject(load, row, &flaw, error);
    if (!put(load, record, error))
        return FALSE;
    for (guint i = 0; i < load->mapper.warnings->len; i++)
        if (!warn(load, row, record->ref, &g_array_index(load->mapper.warnings, Flaw, i), error))
            return FALSE;
    return TRUE;
}

static gboolean load_rows(Load *load, GError **error)
{
    LoadReport *report = load->report;
    g_autoptr(Reader) reader =
        reader_new(load->source, load->header.delimiter, load->header.skip, load->header.n, error);
    ReadResult result = READ_FAILED;
    Row row;

    while (reader && (result = reader_next(reader, &row, error)) > READ_END) {
        Flaw flaw = {NULL, row.reason, NULL};

        if (result == READ_ROW ? !load_row(load, &row, error)
                               : (report->rows++, !reject(load, &row, &flaw, error)))
            return FALSE;
    }
    if (result == READ_FAILED)
        return FALSE;
    report->lines = reader_lines(reader);
    report->blanks += reader_blanks(reader);
    if (report->rejected > load->limit.few &&
        (double)report->rejected * 100 > load->limit.percent * (double)report->rows)
        return too_many(load, error);
    return source_unchanged(load->source, error);
}

/* Which profile: the one that was named, a file of one's own, or what fits the header. */
static gboolean choose_profile(Load *load, GError **error)
{
    const LoadOptions *options = load->options;

    if (options->map)
        load->profile = load->own = profile_load(options->map, error);
    else if (options->profile)
        load->profile = profiles_get(load->rules->profiles, options->profile, error);
    return load->profile || (!options->map && !options->profile);
}

static gboolean open_source(Load *load, const char *path, GError **error)
{
    const char *encoding = load->options->encoding;

    if (!encoding && load->profile)
        encoding = load->profile->encoding;
    load->source = source_open(path, encoding, error);
    if (!load->source)
        return FALSE;
    load->report->sha256 = g_strdup(source_sha256(load->source));
    load->report->encoding = g_strdup(encoding_name(source_encoding(load->source)));
    return TRUE;
}

static gboolean read_layout(Load *load, GError **error)
{
    DatesQuestion question;

    if (!header_find(load->source, load->rules->profiles, load->profile, load->options->delimiter,
                     &load->header, error))
        return FALSE;
    if (!load->profile)
        load->profile =
            profiles_detect(load->rules->profiles, load->header.cells, load->header.n, error);
    if (load->profile)
        load->cells = profile_match(load->profile, load->header.cells, load->header.n, error);
    if (!load->cells) {
        g_prefix_error(error, "cannot load '%s': ", load->report->name);
        return FALSE;
    }
    question = (DatesQuestion){load->profile, load->options->dates, load->source, &load->header,
                               load->cells};
    load->cleaner.order = dates_decide(&question, error);
    load->report->profile = g_strdup(load->profile->name);
    load->report->delimiter = load->header.delimiter;
    load->report->date_order = g_strdup(dates_name(load->cleaner.order));
    return load->cleaner.order != 0;
}

static gboolean add_file(Load *load, GError **error)
{
    const LoadReport *report = load->report;

    load->file = (StoreFile){.sha256 = report->sha256,
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

static gboolean load_in_transaction(Load *load, GError **error)
{
    gint64 known = store_find_file(load->store, load->report->sha256, error);

    if (known != 0) {
        load->report->known = known > 0;
        return known > 0;
    }
    if (!read_layout(load, error))
        return FALSE;
    mapper_init(&load->mapper, load->profile, load->cells, &load->cleaner);
    return add_file(load, error) && load_rows(load, error) && finish_file(load, error);
}

/* Wholly or not at all; a dry run and a known file are rolled back although all went well. */
static gboolean run(Load *load, const char *path, GError **error)
{
    gboolean done;

    if (!limit_parse(load->options->max_rejects, &load->limit, error) ||
        !choose_profile(load, error) || !open_source(load, path, error) ||
        !store_begin(load->store, error))
        return FALSE;
    done = load_in_transaction(load, error);
    if (done && !load->report->known && !load->options->dry_run)
        done = store_commit(load->store, error);
    store_rollback(load->store);
    return done;
}

gboolean load_file(Store *store, const LoadRules *rules, const LoadOptions *options,
                   const char *path, LoadReport *report, LoadRemark remark, gpointer data,
                   GError **error)
{
    Load load = {.store = store, .rules = rules, .options = options, .report = report};
    gboolean done;

    *report = (LoadReport){.name = g_strdup(path)};
    load.sink = (RemarkSink){store, 0, report->name, remark, data};
    cleaner_init(&load.cleaner, rules->codes, rules->people);
    load.cleaner.as_of = options->as_of;
    done = run(&load, path, error);
    if (load.mapper.warnings)
        mapper_clear(&load.mapper);
    cleaner_clear(&load.cleaner);
    header_clear(&load.header);
    g_clear_pointer(&load.source, source_free);
    g_clear_pointer(&load.own, profile_free);
    g_free(load.cells);
    g_free(load.first_reject);
    return done;
}
