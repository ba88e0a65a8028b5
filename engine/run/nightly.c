/*
 * nightly: a list of steps over one locked store. A step may fail by itself; what rests on it is
 * left out, the others run. Each is safe to be killed in and to be done again: a file is loaded in
 * one transaction keyed by its SHA-256 before it is moved, results are one transaction, reports and
 * copies get their names last.
 */
#include <glib/gstdio.h>
#include <sys/statvfs.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/find/derived.h"
#include "engine/run/night.h"
#include "engine/run/spool.h"
#include "engine/store/upkeep.h"

#define DISK_FACTOR 4           /* free bytes wanted for each byte that is to be loaded */
#define DISK_SPARE  (64u << 20) /* and these besides */

typedef struct {
    const char *name;
    gboolean vital;         /* without it nothing more is begun */
    gboolean needs_results; /* only when correlate went well */
    gboolean (*run)(Night *night, GError **error);
} Step;

void night_say(Night *night, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(night->report->lines, g_strdup_vprintf(format, args));
    va_end(args);
}

/* The worst failure stands last, where it is read first. */
void night_fail(Night *night, int status, const char *text)
{
    NightlyReport *report = night->report;
    gboolean worst = status_worst(status, report->status) == status;
    g_ptr_array_insert(report->failures, worst ? -1 : 0, g_strdup(text));
    report->status = status_worst(status, report->status);
}

gboolean night_begin(Night *night, const char *doing, GError **error)
{
    const NightlyOptions *options = night->options;
    night->ended = night->ended || (options->begin && !options->begin(doing, options->begin_data));
    return !night->ended || error_set(error, STATUS_TRY_AGAIN, "ended by a signal before this");
}

void nightly_report_clear(NightlyReport *report)
{
    g_clear_pointer(&report->lines, g_ptr_array_unref);
    g_clear_pointer(&report->failures, g_ptr_array_unref);
}

/* ---- the inbox -------------------------------------------------------------------------- */

/* On one line, whatever bytes it has. */
static char *shown(const char *name)
{
    g_autofree char *safe = text_for_terminal(name);
    GString *line = g_string_new(safe);
    g_string_replace(line, "\n", "\\x0A", 0);
    g_string_replace(line, "\t", "\\x09", 0);
    return g_string_free(line, FALSE);
}

/* Is it the file that is at fault, or are we? */
static gboolean is_files_fault(const GError *problem)
{
    Status status = error_status(problem);
    return status == STATUS_DATA || status == STATUS_NO_INPUT;
}

/* A file that does not go where it should is named; those after it are taken all the same. */
static void fail_to_move(Night *night, const GError *problem)
{
    g_autofree char *safe = shown(problem->message);
    g_autofree char *text = g_strdup_printf("inbox: %s", safe);
    night_fail(night, (int)error_status(problem), text);
}

static void finish(Night *night, const Spool *spool, const char *name, const char *reason)
{
    g_autoptr(GError) problem = NULL;
    if (!spool_finish(spool, name, reason, &problem))
        fail_to_move(night, problem);
}

static void reject(Night *night, const Spool *spool, const char *name, const char *why)
{
    g_autofree char *safe = shown(name);
    g_autofree char *text = g_strdup_printf("refused '%s': %s", safe, why);
    g_autofree char *reason = g_strdup_printf("%s\n", why);
    night_fail(night, STATUS_DATA, text);
    finish(night, spool, name, reason);
}

static void tell_loaded(Night *night, const char *name, const LoadReport *loaded)
{
    g_autofree char *safe = shown(name);
    if (loaded->known) {
        night_say(night, "loaded before: '%s'", safe);
        return;
    }
    night->report->files++;
    night->report->rejects += loaded->rejected;
    night_say(night,
              "loaded '%s': %" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT
              " revised, %" G_GUINT64_FORMAT " duplicates, %" G_GUINT64_FORMAT
              " rejected, %" G_GUINT64_FORMAT " warnings",
              safe, loaded->loaded, loaded->revised, loaded->duplicates, loaded->rejected,
              loaded->warnings);
    if (!loaded->rejected)
        return;
    g_autofree char *text =
        g_strdup_printf("'%s': %" G_GUINT64_FORMAT
                        " rows rejected; 'crosstrace export rejects --as-input' has them",
                        safe, loaded->rejected);
    night_fail(night, STATUS_LOOK, text);
}

/* ---- room on the disk ------------------------------------------------------------------- */

/* Is there room beside the store for so many bytes more? Not every file system tells. */
static gboolean has_room(const Night *night, guint64 bytes, GError **error)
{
    struct statvfs disk;
    g_autofree char *folder = g_path_get_dirname(store_path(night->store));
    if (statvfs(folder, &disk) != 0)
        return TRUE;
    guint64 there = (guint64)disk.f_bavail * disk.f_frsize;
    return there >= bytes || error_set(error, STATUS_IO,
                                       "%" G_GUINT64_FORMAT
                                       " MB free beside the store, %" G_GUINT64_FORMAT " MB needed",
                                       there >> 20, bytes >> 20);
}

static gboolean step_room(Night *night, GError **error)
{
    return has_room(night, DISK_SPARE, error);
}

/* A file for which there is no room waits; smaller ones are taken. */
static gboolean has_room_for(Night *night, const SpoolEntry *entry)
{
    g_autoptr(GError) problem = NULL;
    guint64 most = (G_MAXUINT64 - DISK_SPARE) / DISK_FACTOR;
    if (has_room(night, MIN(entry->size, most) * DISK_FACTOR + DISK_SPARE, &problem))
        return TRUE;
    g_autofree char *safe = shown(entry->name);
    g_autofree char *text = g_strdup_printf("left '%s': %s", safe, problem->message);
    night_fail(night, STATUS_IO, text);
    return FALSE;
}

/* ---- each file of the inbox ---------------------------------------------------------------- */

/* FALSE: the store, not the file, is at fault, and no other file would do better. */
static gboolean load_claimed(Night *night, const Spool *spool, const char *name, const char *path,
                             GError **error)
{
    const NightlyOptions *options = night->options;
    g_autofree char *day = g_strndup(options->as_of, 10);
    LoadOptions how = {
        .name = name, .as_of = date_parse(day, DATE_ISO), .as_of_text = options->as_of};
    LoadReport loaded = {0};
    g_autoptr(GError) problem = NULL;
    gboolean done = load_file(night->store, night->load, &how, path, &loaded, &problem);
    if (done)
        tell_loaded(night, name, &loaded);
    load_report_clear(&loaded);
    if (!done && !is_files_fault(problem)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (done)
        finish(night, spool, name, NULL);
    else
        reject(night, spool, name, problem->message);
    return TRUE;
}

static gboolean take_entry(Night *night, const Spool *spool, const SpoolEntry *entry,
                           GError **error)
{
    const char *name = entry->name, *why = entry->why;
    g_autofree char *path = NULL;
    g_autoptr(GError) problem = NULL;
    if (entry->state == ENTRY_WAITING) {
        g_autofree char *safe = shown(name);
        night_say(night, "left '%s': it is still being written", safe);
        return TRUE;
    }
    if (entry->state == ENTRY_FILE && !has_room_for(night, entry))
        return TRUE;
    if (entry->state == ENTRY_FILE && !(path = spool_claim(spool, entry, &why, &problem)))
        fail_to_move(night, problem);
    else if (why)
        reject(night, spool, name, why);
    else
        return load_claimed(night, spool, name, path, error);
    return TRUE;
}

static gboolean step_load(Night *night, GError **error)
{
    const NightlyOptions *options = night->options;
    g_auto(Spool) spool = {0};
    g_autofree char *day = g_strndup(options->as_of, 10);
    if (!options->inbox)
        return TRUE;
    if (!spool_open(&spool, options->inbox, day, options->settle, error))
        return FALSE;
    g_autoptr(GPtrArray) entries = spool_scan(&spool, error);
    if (!entries)
        return FALSE;
    for (guint i = 0; i < entries->len; i++)
        if (!night_begin(night, "inbox", error) ||
            !take_entry(night, &spool, entries->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* ---- is the clock right? ----------------------------------------------------------------- */

/* A clock that stands before the last run is wrong, or was: what follows from the day is, too. */
static gboolean step_clock(Night *night, GError **error)
{
    g_auto(StoreRun) last = {0};
    GError *problem = NULL;
    if (!night->options->by_clock)
        return TRUE;
    if (!store_last_run(night->store, &last, &problem)) {
        if (problem)
            g_propagate_error(error, problem);
        return !problem;
    }
    g_autofree char *today = g_strndup(night->options->as_of, 10);
    g_autofree char *then = g_strndup(last.as_of ? last.as_of : "", 10);
    if (date_parse(then, DATE_ISO) <= date_parse(today, DATE_ISO) + 1) /* set back over midnight */
        return TRUE;
    g_autofree char *text = g_strdup_printf("clock: today is %s, but the last run was of %s; is "
                                            "the clock right?",
                                            today, then);
    night_fail(night, STATUS_LOOK, text);
    return TRUE;
}

/* ---- is the store whole? ----------------------------------------------------------------- */

static void take_fault(const char *fault, gpointer data)
{
    char **first = data;
    if (!*first)
        *first = g_strdup(fault);
}

/* From a damaged store nothing is told, and no copy of it takes the place of a sound one. */
static gboolean step_check(Night *night, GError **error)
{
    gboolean sound = FALSE;
    g_autofree char *first = NULL;
    /* A purge that had to wait for readers, or was killed, is finished first. */
    if (!store_scrub(night->store, error) ||
        !store_check(night->store, FALSE, take_fault, &first, &sound, error))
        return FALSE;
    return sound || error_set(error, STATUS_STORE,
                              "the store is damaged: %s; 'crosstrace check --full' tells all",
                              first ? first : "?");
}

/* ---- results, copies, the record --------------------------------------------------------- */

static gboolean step_correlate(Night *night, GError **error)
{
    CorrelateOptions options = {.as_of = night->options->as_of};
    CorrelateReport done;
    gboolean ok = correlate(night->store, night->rules, &options, &done, error);
    if (ok && !done.nothing_new)
        night_say(night, "correlated: %" G_GUINT64_FORMAT " links, %" G_GUINT64_FORMAT " leads",
                  done.links, done.leads);
    if (ok && done.off) {
        g_autofree char *text = g_strdup_printf("switched off: %s", done.off);
        night_fail(night, STATUS_LOOK, g_strdelimit(text, "\n", ' '));
    }
    correlate_report_clear(&done);
    night->results = ok;
    return ok;
}

static gboolean step_record(Night *night, GError **error)
{
    const NightlyReport *report = night->report;
    g_autofree char *detail =
        g_strdup_printf("files=%" G_GUINT64_FORMAT " rejects=%" G_GUINT64_FORMAT " status=%d",
                        report->files, report->rejects, report->status);
    AuditEntry entry = {night->options->as_of, "nightly",
                        night->options->inbox ? night->options->inbox : "no inbox", detail,
                        report->status > STATUS_LOOK ? "failed" : "done"};
    if (!store_begin(night->store, error))
        return FALSE;
    if (audit_change(night->store, &entry, error) && store_commit(night->store, error))
        return TRUE;
    store_rollback(night->store);
    return FALSE;
}

static gboolean step_heads(Night *night, GError **error)
{
    AuditState changes, reads;
    if (!audit_verify(night->store, &changes, &reads, error))
        return FALSE;
    night_say(night, "head of changes %s, of reads %s", changes.head, reads.head);
    return (!changes.broken && !reads.broken) ||
           error_set(error, STATUS_STORE,
                     "the trail of %s is broken at entry %" G_GUINT64_FORMAT
                     "; 'crosstrace audit verify'",
                     changes.broken ? "changes" : "reads",
                     changes.broken ? changes.broken : reads.broken);
}

/* What the morning's first question would wait for. */
static gboolean step_words(Night *night, GError **error)
{
    return find_prepare(night->store, night->rules->people, error);
}

/* A trace of a store that was: its audit trail, a copy, reports; g_free. */
static char *former_store(const char *store, const NightlyOptions *options)
{
    g_autofree char *trail = g_strconcat(store, ".audit", NULL);
    if (g_file_test(trail, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&trail);
    g_autofree char *copy = options->backups ? night_newest_copy(options) : NULL;
    return g_steal_pointer(&copy);
}

static gboolean is_there(const char *store)
{
    GStatBuf info;
    return g_stat(store, &info) == 0 && info.st_size > 0;
}

gboolean nightly_may_begin(const char *store, const NightlyOptions *options, GError **error)
{
    if (is_there(store))
        return TRUE;
    g_autofree char *trace = former_store(store, options);
    /* what another night left that began the store since is no trace of one that is gone */
    return !trace || is_there(store) ||
           error_set(error, STATUS_STORE,
                     "the store '%s' is gone, of which '%s' is left; no new one is begun "
                     "in its place: is its disk mounted? Else bring a copy back",
                     store, trace);
}

void nightly(Store *store, const Rules *rules, const LoadRules *load, const NightlyOptions *options,
             NightlyReport *report)
{
    static const Step steps[] = {
        {"disk", .vital = TRUE, .run = step_room},
        {"check", .vital = TRUE, .run = step_check},
        {"clock", .run = step_clock},
        {"inbox", .run = step_load},
        {"correlate", .run = step_correlate},
        {"reports", .needs_results = TRUE, .run = night_reports},
        {"record", .run = step_record},
        {"copy", .run = night_copy},
        {"audit", .run = step_heads},
        {"words", .run = step_words},
    };
    *report = (NightlyReport){.lines = g_ptr_array_new_with_free_func(g_free),
                              .failures = g_ptr_array_new_with_free_func(g_free)};
    Night night = {store, rules, load, options, report, FALSE, FALSE};
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(GError) problem = NULL;
        if ((steps[i].needs_results && !night.results) ||
            (night_begin(&night, steps[i].name, &problem) && steps[i].run(&night, &problem)))
            continue;
        g_autofree char *text = g_strdup_printf("%s: %s", steps[i].name, problem->message);
        night_fail(&night, (int)error_status(problem), text);
        if (steps[i].vital || night.ended)
            return;
    }
}
