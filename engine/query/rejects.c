/*
 * `export rejects --as-input`: the rows of one file that were not loaded, under the file's own
 * header and in its own delimiter, each with the reason appended, to be mended and loaded again.
 * Raw rows are given back as they came: nothing is quoted anew but what is appended. A row of a
 * confidential source stays where it is: who has the file finds it by its line.
 */
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/query/select.h"

typedef struct {
    GString *out;
    gint64 file;
    char delimiter;
} RejectPass;

/* One appended cell; csv_append_cell quotes for every delimiter that files have but the pipe. */
static void append_cell(RejectPass *pass, const char *text)
{
    g_autofree char *plain = g_strdelimit(g_strdup(text), "|", '/');
    g_string_append_c(pass->out, pass->delimiter);
    csv_append_cell(pass->out, plain, FALSE);
}

static gboolean take_file(sqlite3_stmt *row, gpointer data, GError **error)
{
    RejectPass *pass = data;
    const char *delimiter = (const char *)sqlite3_column_text(row, 1);
    (void)error;
    if (pass->file)
        return TRUE; /* the first one: the same path, then the newest */
    pass->file = sqlite3_column_int64(row, 0);
    pass->delimiter = delimiter && *delimiter ? *delimiter : ',';
    g_string_append(pass->out, (const char *)sqlite3_column_text(row, 2));
    append_cell(pass, "crosstrace_code");
    append_cell(pass, "crosstrace_message");
    g_string_append_c(pass->out, '\n');
    return TRUE;
}

static gboolean take_reject(sqlite3_stmt *row, gpointer data, GError **error)
{
    RejectPass *pass = data;
    (void)error;
    g_string_append(pass->out, (const char *)sqlite3_column_text(row, 0));
    append_cell(pass, (const char *)sqlite3_column_text(row, 1));
    append_cell(pass, (const char *)sqlite3_column_text(row, 2));
    g_string_append_c(pass->out, '\n');
    return TRUE;
}

gboolean query_rejects_as_input(Store *store, const char *name, GString *out, GError **error)
{
    RejectPass pass = {out, 0, ','};
    if (!select_walk(store,
                     "SELECT file_id, delimiter, header FROM file "
                     "WHERE name = ?1 OR sha256 = ?1 "
                     "OR substr(name, -length(?1) - 1) = '/' || ?1 "
                     "ORDER BY name = ?1 DESC, file_id DESC",
                     name, take_file, &pass, error))
        return FALSE;
    if (!pass.file)
        return error_set(error, STATUS_NO_INPUT, "no such file was loaded: '%s'", name);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, pass.file);
    return select_walk(store,
                       "SELECT raw, code, message FROM remark "
                       "WHERE file_id = CAST(?1 AS INTEGER) AND type = 'reject' "
                       "AND raw IS NOT NULL AND confidential IS NOT 'Y' "
                       "ORDER BY line, remark_id",
                       id, take_reject, &pass, error);
}
