/*
 * What a night leaves for people: REPORTS/DATE-RUN-STATE/CODE/ with the reports of each audience,
 * one digest.txt with a line for each audience, SHA256SUMS over all of them, and the link
 * REPORTS/latest; BACKUPS/crosstrace-DATE-N.db, verified, the oldest removed. A folder is made
 * under another name and gets its own when it is whole. An audience whose references do not hold
 * gets nothing and is told of; it keeps nothing from the others.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/judgement/judgement.h"
#include "engine/report/report.h"
#include "engine/run/night.h"
#include "engine/store/upkeep.h"

#define OWNER_FOLDER  "owner"
#define SUMS          "SHA256SUMS"
#define DIGEST        "digest.txt"
#define LATEST        "latest"
#define UNFINISHED    ".making-"
#define FOLDER_MODE   0750
#define STATE_SHOWN   8 /* digits of a state in a folder's name */
#define META_REPORTED "nightly_reported"
#define META_COPIED   "nightly_copied"
#define COPY_PREFIX   "crosstrace-"
#define COPIES_A_DAY  1000

/* ---- folders ---------------------------------------------------------------------------- */

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        struct stat info;
        if (lstat(inner, &info) == 0 && S_ISDIR(info.st_mode))
            remove_tree(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

/* Of runs that died; the store's lock is ours, so nobody is making them. */
static void remove_unfinished(const char *folder, const char *prefix)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_prefix(name, prefix)) {
            g_autofree char *path = g_build_filename(folder, name, NULL);
            struct stat info;
            if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
                remove_tree(path);
            else
                g_unlink(path);
        }
}

static gboolean fail(const char *what, const char *path, GError **error)
{
    return error_set(error, STATUS_NO_CREATE, "cannot %s '%s': %s", what, path, g_strerror(errno));
}

/* Group and mode, so that those who release may read; nobody else. */
static gboolean hand_over(const char *path, const char *group, mode_t mode, GError **error)
{
    struct group *entry = group ? getgrnam(group) : NULL;
    if (group && !entry)
        return error_set(error, STATUS_CONFIG, "no group '%s'", group);
    if (entry && lchown(path, (uid_t)-1, entry->gr_gid) != 0)
        return fail("give to the group", path, error);
    return chmod(path, mode) == 0 || fail("set the mode of", path, error);
}

/* ---- who gets a report -------------------------------------------------------------------- */

typedef struct {
    const NightlyAudience *who;
    ReleaseOptions release;
    Authority *authority;
    char *day, *run;
} Reader;

static void reader_free(gpointer data)
{
    Reader *reader = data;
    g_clear_pointer(&reader->authority, g_hash_table_unref);
    g_free(reader->day);
    g_free(reader->run);
    g_free(reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

/* NULL: an audience that is not known, or whose references do not hold; its refusal is kept. */
static Reader *reader_new(Night *night, const NightlyAudience *who, const char *run, GError **error)
{
    const Rules *rules = night->rules;
    g_autoptr(Reader) reader = g_new0(Reader, 1);
    *reader =
        (Reader){.who = who, .day = g_strndup(night->options->as_of, 10), .run = g_strdup(run)};
    reader->release = (ReleaseOptions){.rules = rules->leads,
                                       .codes = rules->codes,
                                       .indicators = rules->indicators,
                                       .terms = rules->terms,
                                       .as_of = reader->day,
                                       .run = reader->run,
                                       .time = night->options->as_of,
                                       .audiences = rules->audiences};
    reader->release.owner = audience_find(rules->audiences, night->options->owner, error);
    if (!reader->release.owner)
        return NULL;
    if (!who->code)
        return g_steal_pointer(&reader);
    reader->release.audience = audience_find(rules->audiences, who->code, error);
    reader->authority =
        reader->release.audience ? authority_parse(rules->audiences, who->authority, error) : NULL;
    reader->release.authority = reader->authority;
    return reader->authority && release_permitted(night->store, &reader->release, error)
               ? g_steal_pointer(&reader)
               : NULL;
}

/* Of Reader: all who may be told. Who may not is told of every night, whether anything is new or
 * not. */
static GPtrArray *readers_of(Night *night, GError **error)
{
    g_autoptr(GPtrArray) readers = g_ptr_array_new_with_free_func(reader_free);
    g_autofree char *day = g_strndup(night->options->as_of, 10);
    g_autofree char *run = run_hash(night->store, day, error);
    if (!run)
        return NULL;
    for (const NightlyAudience *who = night->options->audiences;; who++) {
        g_autoptr(GError) problem = NULL;
        Reader *reader = reader_new(night, who, run, &problem);
        if (reader) {
            g_ptr_array_add(readers, reader);
        } else {
            g_autofree char *text = g_strdup_printf("reports: %s", problem->message);
            night_fail(night, (int)error_status(problem), text);
        }
        if (!who[1].code)
            return g_steal_pointer(&readers);
    }
}

/* ---- what changed since ------------------------------------------------------------------ */

/* Who gets what, in which formats. */
static char *setting_of(const Night *night, const GPtrArray *readers)
{
    g_autofree char *formats = g_strjoinv(";", (char **)night->options->formats);
    g_autoptr(GString) text = g_string_new(formats);
    g_string_append_printf(text, "\n%s", night->options->owner);
    for (guint i = 0; i < readers->len; i++) {
        const Reader *reader = readers->pdata[i];
        g_autofree char *cited = reader->authority ? authority_text(reader->authority) : NULL;
        g_string_append_printf(text, "\n%s [%s]", reader->who->code ? reader->who->code : "",
                               cited ? cited : "");
    }
    return text_sha256(text->str, (gssize)text->len);
}

/* Everything that reports follow from, but the day. */
static char *state_of(Night *night, const GPtrArray *readers, GError **error)
{
    g_autofree char *run = run_hash(night->store, "", error);
    g_autofree char *data = run ? store_data_hash(night->store, error) : NULL;
    g_autofree char *decided =
        data ? judgement_state(night->store, night->options->as_of, error) : NULL;
    g_autofree char *setting = decided ? setting_of(night, readers) : NULL;
    g_autofree char *all = setting ? g_strjoin(" ", run, data, decided, setting, NULL) : NULL;
    return all ? text_sha256(all, -1) : NULL;
}

static gboolean is_same(Night *night, const char *key, const char *state)
{
    g_autofree char *before = store_meta_get(night->store, key, NULL);
    return g_strcmp0(before, state) == 0;
}

/* ---- one audience ------------------------------------------------------------------------ */

/* The folder that told this reader last: the one that `latest` names, or, where it got nothing then
 * (its references did not hold), the youngest that did; NULL: none; g_free. */
static char *told_last(const char *reports, const char *reader)
{
    g_autofree char *latest = g_build_filename(reports, LATEST, reader, format_told.file, NULL);
    g_autoptr(GDir) dir = g_dir_open(reports, 0, NULL);
    g_autofree char *found = NULL;
    gint64 youngest = 0;
    if (g_file_test(latest, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&latest);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(reports, name, reader, format_told.file, NULL);
        struct stat info;
        if (stat(path, &info) != 0 || (found && info.st_mtime <= youngest))
            continue;
        youngest = info.st_mtime;
        g_free(found);
        found = g_steal_pointer(&path);
    }
    return g_steal_pointer(&found);
}

/* What the reader was told last, "" when that is not there; g_free. */
static char *told_before(Night *night, const char *reader)
{
    g_autofree char *path = told_last(night->options->reports, reader);
    char *text = NULL;
    return path && g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

static gboolean add_digest(ReportWriting *writing, const char *folder, GError **error)
{
    const ReportFormat *const formats[] = {&format_digest, &format_told};
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *path = g_build_filename(folder, formats[i]->file, NULL);
        if (!report_writing_add(writing, formats[i], path, FALSE, error))
            return FALSE;
    }
    return TRUE;
}

/* The first lines of the digest that an audience was just given, in both languages: to the night's
 * own digest and, in English, to what -v shows. */
static gboolean sum_up(Night *night, const char *to, const char *folder, GString *digest,
                       GError **error)
{
    g_autofree char *path = g_build_filename(folder, format_digest.file, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return fail("read", path, error);
    g_auto(GStrv) line = g_strsplit(text, "\n", 3);
    for (guint i = 0; i < 2 && line[i]; i++)
        g_string_append_printf(digest, "%s: %s\n", to, line[i]);
    night_say(night, "report for %s: %s", to, line[0] ? line[0] : "nothing");
    return TRUE;
}

static gboolean write_audience(Night *night, const Reader *reader, const char *folder,
                               GString *digest, GError **error)
{
    const char *code = reader->who->code, *to = code ? code : OWNER_FOLDER;
    g_autofree char *path = g_build_filename(folder, to, NULL);
    g_autofree char *before = told_before(night, to);
    const ReportOptions options = {.codes = night->rules->codes,
                                   .as_of = reader->day,
                                   .run = code ? NULL : reader->run,
                                   .program = night->options->program,
                                   .before = before};
    g_autoptr(ReportWriting) writing = report_writing_new(&options);
    if (g_mkdir(path, FOLDER_MODE) != 0)
        return fail("create folder", path, error);
    for (char *const *name = night->options->formats; *name; name++) {
        const ReportFormat *format = report_format(*name);
        if (!format)
            return error_set(error, STATUS_CONFIG, "unknown report format '%s'", *name);
        if (!report_writing_add_folder(writing, format, path, FALSE, error))
            return FALSE;
    }
    if (!add_digest(writing, path, error) ||
        !report_writing_run(writing, night->store, &reader->release, error))
        return FALSE;
    return sum_up(night, to, path, digest, error);
}

/* ---- the folder of a night ---------------------------------------------------------------- */

static gboolean add_sums(GString *sums, const char *root, const char *below, const char *group,
                         GError **error)
{
    g_autofree char *folder = g_build_filename(root, below, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, text_compare);
    if (!hand_over(folder, group, FOLDER_MODE, error))
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *inner = g_build_filename(below, names->pdata[i], NULL);
        g_autofree char *path = g_build_filename(root, inner, NULL);
        g_autofree char *text = NULL;
        gsize length = 0;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            if (!add_sums(sums, root, inner, group, error))
                return FALSE;
            continue;
        }
        if (!g_file_get_contents(path, &text, &length, NULL))
            return fail("read", path, error);
        g_autofree char *hash = text_sha256(text, (gssize)length);
        g_string_append_printf(sums, "%s  %s\n", hash, inner[0] == '.' ? inner + 2 : inner);
        if (!hand_over(path, group, 0640, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_text(Night *night, const char *folder, const char *name, GString *text,
                           GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(Output) output = output_open(path, FALSE, error);
    return output && output_write(output, text, error) && output_close(output, error) &&
           hand_over(path, night->options->group, 0640, error);
}

static gboolean write_sums(Night *night, const char *folder, GError **error)
{
    g_autoptr(GString) sums = g_string_new(NULL);
    return add_sums(sums, folder, ".", night->options->group, error) &&
           write_text(night, folder, SUMS, sums, error);
}

static gboolean link_latest(const char *reports, const char *name, GError **error)
{
    g_autofree char *fresh = g_build_filename(reports, UNFINISHED LATEST, NULL);
    g_autofree char *latest = g_build_filename(reports, LATEST, NULL);
    g_unlink(fresh);
    return (symlink(name, fresh) == 0 && rename(fresh, latest) == 0 && file_sync_folder(latest)) ||
           fail("link", latest, error);
}

/* The folder's final name; one that is there is of a run that died right after, and the same. */
static gboolean give_name(const char *reports, const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(reports, name, NULL);
    if (g_rename(folder, path) == 0)
        return file_sync_folder(path) || fail("sync the folder of", path, error);
    if (errno != EEXIST && errno != ENOTEMPTY)
        return fail("create folder", path, error);
    remove_tree(folder);
    return TRUE;
}

static gboolean write_reports(Night *night, const GPtrArray *readers, const char *folder,
                              const char *name, GError **error)
{
    const char *reports = night->options->reports;
    g_autoptr(GString) digest = g_string_new(NULL);
    for (guint i = 0; i < readers->len; i++)
        if (!night_begin(night, "reports", error) ||
            !write_audience(night, readers->pdata[i], folder, digest, error))
            return FALSE;
    if (!write_text(night, folder, DIGEST, digest, error) || !write_sums(night, folder, error) ||
        !give_name(reports, folder, name, error) || !link_latest(reports, name, error))
        return FALSE;
    for (guint i = 0; i < readers->len; i++)
        if (!release_done(night->store, &((const Reader *)readers->pdata[i])->release, error))
            return FALSE;
    return TRUE;
}

gboolean night_reports(Night *night, GError **error)
{
    const char *reports = night->options->reports;
    if (!reports)
        return TRUE;
    g_autoptr(GPtrArray) readers = readers_of(night, error);
    g_autofree char *state = readers ? state_of(night, readers, error) : NULL;
    g_autofree char *latest = g_build_filename(reports, LATEST, NULL);
    if (!state)
        return FALSE;
    if (!g_file_test(reports, G_FILE_TEST_IS_DIR))
        return error_set(error, STATUS_NO_CREATE, "no folder '%s' for reports", reports);
    remove_unfinished(reports, UNFINISHED);
    if (!readers->len ||
        (is_same(night, META_REPORTED, state) && g_file_test(latest, G_FILE_TEST_EXISTS)))
        return TRUE;
    const Reader *first = readers->pdata[0];
    g_autofree char *name =
        g_strdup_printf("%s-%s-%.*s", first->day, first->run, STATE_SHOWN, state);
    g_autofree char *folder = g_build_filename(reports, UNFINISHED "XXXXXX", NULL);
    if (!g_mkdtemp_full(folder, FOLDER_MODE))
        return fail("create a folder in", reports, error);
    if (write_reports(night, readers, folder, name, error))
        return store_meta_set(night->store, META_REPORTED, state, error);
    remove_tree(folder);
    return FALSE;
}

/* ---- copies ----------------------------------------------------------------------------- */

/* In the order in which they were made: those of a day that is still to come are of a clock that
 * was wrong, and older than any that is made now. */
static gint compare_copies(gconstpointer a, gconstpointer b, gpointer today)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    gsize prefix = strlen(COPY_PREFIX);
    gboolean left_to_come = strncmp(left + prefix, today, 10) > 0;
    gboolean right_to_come = strncmp(right + prefix, today, 10) > 0;
    return left_to_come != right_to_come ? right_to_come - left_to_come : strcmp(left, right);
}

/* Names of all copies, the oldest first. */
static GPtrArray *copies_of(const NightlyOptions *options)
{
    GPtrArray *copies = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(options->backups, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_prefix(name, COPY_PREFIX) && g_str_has_suffix(name, ".db"))
            g_ptr_array_add(copies, g_strdup(name));
    g_ptr_array_sort_with_data(copies, compare_copies, (gpointer)options->as_of);
    return copies;
}

char *night_newest_copy(const NightlyOptions *options)
{
    g_autoptr(GPtrArray) copies = copies_of(options);
    return copies->len ? g_build_filename(options->backups, copies->pdata[copies->len - 1], NULL)
                       : NULL;
}

static void drop_oldest(Night *night)
{
    const NightlyOptions *options = night->options;
    g_autoptr(GPtrArray) copies = copies_of(options);
    for (guint i = 0; i + MAX(options->keep_backups, 1) < copies->len; i++) {
        g_autofree char *path = g_build_filename(options->backups, copies->pdata[i], NULL);
        if (g_unlink(path) == 0)
            night_say(night, "removed the copy '%s'", (char *)copies->pdata[i]);
    }
}

/* Numbered after the last one of the day: a number that was removed is older than all others. */
static char *copy_name(Night *night)
{
    g_autofree char *day = g_strndup(night->options->as_of, 10);
    for (guint i = COPIES_A_DAY; i > 0; i--) {
        g_autofree char *name = g_strdup_printf(COPY_PREFIX "%s-%03u.db", day, i - 1);
        g_autofree char *path = g_build_filename(night->options->backups, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        g_autofree char *next = g_strdup_printf(COPY_PREFIX "%s-%03u.db", day, i);
        return i < COPIES_A_DAY ? g_build_filename(night->options->backups, next, NULL) : NULL;
    }
    g_autofree char *first = g_strdup_printf(COPY_PREFIX "%s-000.db", day);
    return g_build_filename(night->options->backups, first, NULL);
}

gboolean night_copy(Night *night, GError **error)
{
    const char *backups = night->options->backups;
    if (!backups)
        return TRUE;
    g_autofree char *state = store_data_hash(night->store, error);
    g_autofree char *results = state ? run_hash(night->store, "", NULL) : NULL;
    if (!state)
        return FALSE;
    g_autofree char *whole = g_strjoin(" ", state, results ? results : "-", NULL);
    if (!g_file_test(backups, G_FILE_TEST_IS_DIR))
        return error_set(error, STATUS_NO_CREATE, "no folder '%s' for copies", backups);
    remove_unfinished(backups, "." COPY_PREFIX);
    if (is_same(night, META_COPIED, whole))
        return TRUE;
    g_autofree char *path = copy_name(night);
    if (!path)
        return error_set(error, STATUS_NO_CREATE, "%d copies of one day in '%s'", COPIES_A_DAY,
                         backups);
    if (!store_backup(night->store, path, error) ||
        !store_meta_set(night->store, META_COPIED, whole, error))
        return FALSE;
    night_say(night, "copied the store to '%s'", path);
    drop_oldest(night);
    return hand_over(path, night->options->group, 0640, error);
}
