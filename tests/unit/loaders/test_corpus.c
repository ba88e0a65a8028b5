/*
 * The reader alone on every file of the public torture set, each with the header's width and no
 * profile, against what is expected of it: the record of INDEX.tsv (rows and verdict of a raw
 * strict parse), the JSON and the tables of expected outcomes that some folders carry, and a
 * second parser (second.c) for the cells. What we do otherwise on purpose stands
 * in corpus-differences.csv with its reason. Skipped, and said so, where the set is not there.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "loaders/reader.h"
#include "tests/unit/loaders/second.h"
#include "tests/unit/suite.h"

/* ---- one file -------------------------------------------------------------------------- */

typedef struct {
    const char *path; /* in the set */
    char delimiter;
    char *text; /* as UTF-8 without its mark, NULL when that cannot be had as a whole */
    gsize length;
    gboolean parsed; /* all of it, by the second parser */
    guint64 records; /* of it, blank lines not counted */
    gboolean opened; /* by us */
    gboolean header;
    guint width, header_lines;
    guint64 rows, rejects, filled; /* filled: records with something in a cell */
    gboolean uniform;              /* no record narrower or wider than the first */
    gboolean twice;                /* two header cells have one name: no profile can take it */
    char *fault;
} File;

static gboolean is_empty(const GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++)
        if (*(char *)g_ptr_array_index(cells, i) &&
            strcmp(g_ptr_array_index(cells, i), "\x1a") != 0)
            return FALSE;
    return TRUE;
}

static gboolean fits(const GPtrArray *cells, guint width)
{
    for (guint i = width; i < cells->len; i++)
        if (*(char *)g_ptr_array_index(cells, i))
            return FALSE;
    return cells->len >= width;
}

/* "sep=;" on the first line is no record. */
static void take_separator(File *file, Scan *scan)
{
    if (file->length < 5 || strncmp(file->text, "sep=", 4) != 0 ||
        (file->length > 5 && !strchr("\r\n", file->text[5])))
        return;
    file->delimiter = scan->delimiter = file->text[4];
    scan->at += 5;
    scan_line_end(scan);
    file->records++; /* for a parse that does not know it */
}

static void take_header(File *file, const Scan *scan, const GPtrArray *cells)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    file->header = TRUE;
    file->width = cells->len;
    while (file->width > 1 && !*(char *)g_ptr_array_index(cells, file->width - 1))
        file->width--;
    file->header_lines = scan->lines;
    if (scan->at == scan->end && !strchr("\r\n", scan->end[-1]))
        file->header_lines++;
    for (guint i = 0; i < file->width; i++) {
        char *key = text_key(g_ptr_array_index(cells, i));

        file->twice |= *key && g_hash_table_contains(names, key);
        g_hash_table_add(names, key);
    }
}

/* The whole text by the second parser; the first record with anything in it is the header. */
static void scan_file(File *file)
{
    Scan scan = {file->text, file->text + file->length, file->delimiter, 0};

    take_separator(file, &scan);
    file->parsed = file->uniform = TRUE;
    while (file->text && scan.at < scan.end) {
        g_autoptr(GPtrArray) cells = scan_record(&scan);

        if (!cells) {
            file->parsed = FALSE;
            return;
        }
        file->records += cells->len > 0;
        if (is_empty(cells))
            continue;
        if (!file->header) {
            take_header(file, &scan, cells);
            continue;
        }
        file->filled++;
        file->uniform &= fits(cells, file->width);
    }
}

/* A row that we give is the record that begins on its line, and no other. */
static gboolean same_row(const File *file, const char *start, const Row *row)
{
    Scan scan = {start, file->text + file->length, file->delimiter, 0};
    g_autoptr(GPtrArray) cells = scan_record(&scan);
    gboolean same = cells && cells->len >= row->n;

    for (guint i = 0; same && i < row->n; i++)
        same = strcmp(g_ptr_array_index(cells, i), row->cells[i]) == 0;
    return same;
}

static GArray *line_starts(const File *file)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(char *));
    Scan scan = {file->text, file->text + file->length, file->delimiter, 0};

    while (scan.at < scan.end) {
        g_array_append_val(starts, scan.at);
        while (scan.at < scan.end && !scan_line_end(&scan))
            scan.at++;
    }
    return starts;
}

static void read_rows(File *file, Source *source)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader =
        reader_new(source, file->delimiter, file->header_lines, file->width, &error);
    g_autoptr(GArray) starts = line_starts(file);
    guint64 lines = file->header_lines;
    ReadResult result;
    Row row;

    while ((result = reader_next(reader, &row, &error)) > READ_END) {
        lines += row.lines;
        file->rows += result == READ_ROW;
        file->rejects += result == READ_REJECT;
        if (result == READ_ROW &&
            (row.line > starts->len ||
             !same_row(file, g_array_index(starts, const char *, row.line - 1), &row)))
            file->fault = g_strdup_printf("line %u is another row", (guint)row.line);
    }
    if (result == READ_FAILED)
        file->fault = g_strdup(error->message);
    else if (lines + reader_blanks(reader) != reader_lines(reader))
        file->fault = g_strdup("lines are not rows + blanks + header + rejects");
}

static char *text_of(const char *path, Source *source, gsize *length)
{
    g_autofree char *bytes = NULL;
    gsize n = 0, skip = 0;

    if (!g_file_get_contents(path, &bytes, &n, NULL))
        return NULL;
    if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        skip = 3;
    else if (n >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        skip = 2;
    return g_convert(bytes + skip, (gssize)(n - skip), "UTF-8",
                     encoding_name(source_encoding(source)), NULL, length, NULL);
}

static void file_run(File *file, const char *root)
{
    g_autofree char *path = g_build_filename(root, file->path, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Source) source = source_open(path, NULL, &error);

    file->opened = source != NULL;
    if (!source)
        return;
    file->text = text_of(path, source, &file->length);
    if (!file->text)
        return;
    scan_file(file);
    if (file->header)
        read_rows(file, source);
}

/* Did we read every record of it, and every one was sound? */
static gboolean is_clean(const File *file)
{
    return file->opened && file->header && file->rejects == 0 && file->rows == file->filled;
}

/* ---- expectations ---------------------------------------------------------------------- */

typedef struct {
    const char *root;
    GHashTable *differences; /* path -> reason */
    GHashTable *used;        /* of them */
    GHashTable *told;        /* path -> "parse_ok" or a refusal, of the tables in the set */
    GHashTable *delimiters;  /* path -> delimiter of it */
    guint files, clean, damaged, refused, listed;
    guint64 rows, rejects;
    GString *faults;
} Corpus;

static void complain(Corpus *corpus, const File *file, const char *what)
{
    if (g_hash_table_contains(corpus->differences, file->path)) {
        corpus->listed += g_hash_table_add(corpus->used, g_strdup(file->path));
        return;
    }
    g_string_append_printf(corpus->faults, "\n%s: %s", file->path, what);
}

/* Columns of INDEX.tsv. */
enum { PATH = 0, UTF8 = 3, MARK = 4, NUL = 5, ROWS = 7, VERDICT = 12, INDEX_COLUMNS = 14 };

static void judge(Corpus *corpus, const File *file, char **index)
{
    const char *told = g_hash_table_lookup(corpus->told, file->path);
    gboolean plain = strcmp(index[UTF8], "valid") == 0 && strcmp(index[MARK], "-") == 0 &&
                     strcmp(index[NUL], "no") == 0 && file->delimiter == ',';
    gboolean sound = strcmp(index[VERDICT], "ok") == 0;
    guint64 records = g_ascii_strtoull(index[ROWS], NULL, 10);

    if (file->fault)
        complain(corpus, file, file->fault);
    if (plain && file->text && sound != file->parsed)
        complain(corpus, file, "another verdict than the record's");
    if (plain && sound && file->text && file->records != records)
        complain(corpus, file, "another number of rows than the record's");
    if (plain && sound && file->header && file->uniform && !is_clean(file))
        complain(corpus, file, "sound, and not all of it was read");
    if (plain && !sound && is_clean(file))
        complain(corpus, file, "not sound, and nothing of it was refused");
    if (plain && sound && records > 0 && !file->header)
        complain(corpus, file, "sound, and refused");
    if (told && g_str_equal(told, "parse_ok") != (is_clean(file) && !file->twice))
        complain(corpus, file,
                 g_str_equal(told, "parse_ok") ? "is to be read" : "is to be refused");
}

static void count(Corpus *corpus, const File *file)
{
    corpus->files++;
    corpus->refused += !file->opened || !file->header;
    corpus->clean += is_clean(file);
    corpus->damaged += file->opened && file->header && !is_clean(file);
    corpus->rows += file->rows;
    corpus->rejects += file->rejects;
}

static void see_file(Corpus *corpus, char **index)
{
    const char *delimiter = g_hash_table_lookup(corpus->delimiters, index[PATH]);
    File file = {.path = index[PATH], .delimiter = ','};

    if (delimiter)
        file.delimiter = *delimiter;
    else if (g_str_has_suffix(file.path, ".tsv"))
        file.delimiter = '\t';
    file_run(&file, corpus->root);
    judge(corpus, &file, index);
    count(corpus, &file);
    g_free(file.text);
    g_free(file.fault);
}

/* "| `file` | source | `OUTCOME` | `,` | ..." of a folder's EXPECTED.md */
static void read_told(Corpus *corpus, const char *folder)
{
    g_autofree char *path = g_build_filename(corpus->root, folder, "EXPECTED.md", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "|", -1);
        gboolean row = g_str_has_prefix(*line, "| `") && g_strv_length(cells) >= 6;

        for (guint i = 1; row && i <= 4; i++)
            g_strdelimit(cells[i], "`", ' ');
        for (guint i = 1; row && i <= 4; i++)
            g_strstrip(cells[i]);
        if (!row)
            continue;
        char *name = g_strconcat(folder, "/", cells[1], NULL);

        g_hash_table_insert(corpus->told, name, g_strdup(cells[3]));
        if (!*cells[4]) /* the table's own sign between its quotes */
            g_hash_table_insert(corpus->delimiters, g_strdup(name), g_strdup("|"));
        else if (strlen(cells[4]) == 1)
            g_hash_table_insert(corpus->delimiters, g_strdup(name), g_strdup(cells[4]));
        else if (strstr(cells[4], "tab") || strcmp(cells[4], "\\t") == 0)
            g_hash_table_insert(corpus->delimiters, g_strdup(name), g_strdup("\t"));
    }
}

static void read_differences(Corpus *corpus)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = csv_read_all("tests/unit/loaders/corpus-differences.csv", &error);

    ck_assert_msg(rows != NULL, "%s", error ? error->message : "");
    for (guint i = 1; i < rows->len; i++) {
        char **cells = g_ptr_array_index(rows, i);

        ck_assert_msg(g_strv_length(cells) == 2 && *cells[1], "line %u has no reason", i + 1);
        g_hash_table_insert(corpus->differences, g_strdup(cells[0]), g_strdup(cells[1]));
    }
}

/* ---- csv-spectrum: the rows as JSON, read by SQLite ------------------------------------- */

static char *json_cell(sqlite3 *db, const char *json, guint row, const char *column)
{
    sqlite3_stmt *stmt = NULL;
    char *text = NULL;

    ck_assert_int_eq(sqlite3_prepare_v2(db,
                                        "SELECT c.value FROM json_each(?1) r, json_each(r.value) c "
                                        "WHERE r.key = ?2 AND c.key = ?3",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(stmt, 1, json, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 2, (int)row);
    sqlite3_bind_text(stmt, 3, column, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        g_auto(GStrv) lines = g_strsplit((const char *)sqlite3_column_text(stmt, 0), "\r\n", -1);

        text = g_strjoinv("\n", lines);
    }
    sqlite3_finalize(stmt);
    return text;
}

/* Header and rows by our reader, cell for cell against the JSON; the number of rows that differ. */
static guint count_wrong_rows(sqlite3 *db, const char *path, const char *json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Source) source = source_open(path, NULL, &error);
    File file = {.path = path, .delimiter = ','};
    guint wrong = 0, n = 0;
    Row row;

    ck_assert_msg(source != NULL, "%s", error ? error->message : "");
    file.text = text_of(path, source, &file.length);
    scan_file(&file);
    g_autoptr(Reader) reader = reader_new(source, ',', 0, file.width, &error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (; reader_next(reader, &row, &error) > READ_END; n++) {
        gboolean same = row.n == file.width;

        for (guint i = 0; n == 0 && i < row.n; i++)
            g_ptr_array_add(names, g_strdup(row.cells[i]));
        for (guint i = 0; n > 0 && same && i < row.n; i++) {
            g_autofree char *cell = json_cell(db, json, n - 1, g_ptr_array_index(names, i));

            same = g_strcmp0(cell, row.cells[i]) == 0;
        }
        wrong += !same;
    }
    g_autofree char *none = json_cell(db, json, n - 1, g_ptr_array_index(names, 0));

    g_free(file.text);
    return wrong + (none != NULL);
}

static void see_spectrum(Corpus *corpus)
{
    g_autofree char *folder = g_build_filename(corpus->root, "csv-spectrum", "csvs", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    sqlite3 *db = NULL;
    const char *name;
    guint n = 0;

    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (; dir && (name = g_dir_read_name(dir)); n++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *in_set = g_build_filename("csv-spectrum", "csvs", name, NULL);
        g_autofree char *base = g_strndup(name, strlen(name) - strlen(".csv"));
        g_autofree char *file = g_strconcat(base, ".json", NULL);
        g_autofree char *json_path =
            g_build_filename(corpus->root, "csv-spectrum", "json", file, NULL);
        g_autofree char *json = NULL;

        ck_assert(g_file_get_contents(json_path, &json, NULL, NULL));
        if (count_wrong_rows(db, path, json) > 0)
            complain(corpus, &(File){.path = in_set}, "its rows are not those of the JSON");
    }
    sqlite3_close(db);
    ck_assert_uint_eq(n, 12);
}

static GHashTable *table_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void see_all(Corpus *corpus, const char *index)
{
    g_auto(GStrv) lines = g_strsplit(index, "\n", -1);

    for (char **line = lines + 1; *line && **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);

        ck_assert_uint_eq(g_strv_length(cells), INDEX_COLUMNS);
        see_file(corpus, cells);
    }
}

START_TEST(test_every_file)
{
    const char *datasets = g_getenv("CROSSTRACE_DATASETS");
    g_autofree char *root =
        g_build_filename(datasets ? datasets : "../shared/datasets", "csv-torture", NULL);
    g_autofree char *path = g_build_filename(root, "INDEX.tsv", NULL);
    g_autofree char *index = NULL;
    g_autoptr(GHashTable) differences = table_new(), told = table_new();
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) delimiters = table_new();
    g_autoptr(GString) faults = g_string_new(NULL);
    Corpus corpus = {.root = root,
                     .differences = differences,
                     .used = used,
                     .told = told,
                     .delimiters = delimiters,
                     .faults = faults};

    if (!g_file_get_contents(path, &index, NULL, NULL)) {
        g_print("skipped: csv-torture is not there\n");
        return;
    }
    read_differences(&corpus);
    read_told(&corpus, "rvl-corpus");
    see_all(&corpus, index);
    see_spectrum(&corpus);
    g_print("counted: %u files: %u read as they are, %u in part, %u refused; %u rows, %u rejects; "
            "%u agreed "
            "differences\n",
            corpus.files, corpus.clean, corpus.damaged, corpus.refused, (guint)corpus.rows,
            (guint)corpus.rejects, corpus.listed);
    ck_assert_msg(faults->len == 0, "%s", faults->str);
    ck_assert_uint_eq(g_hash_table_size(used), g_hash_table_size(differences));
    ck_assert_uint_eq(corpus.files, 988);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loaders/corpus");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, test_every_file);
    return suite_run_here(suite);
}
