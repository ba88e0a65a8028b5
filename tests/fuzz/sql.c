/* Any text as an analyst's query: it is answered, refused or over its budget; and nothing is
 * written, neither into the store nor beside it. */
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/sql/sql.h"
#include "tests/fuzz/fuzz.h"

static char *folder;

static void remove_folder(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static Store *store_of(void)
{
    static Store *store;
    if (store)
        return store;
    folder = g_dir_make_tmp("crosstrace-fuzz-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "s.db", NULL);
    store = store_open(path, STORE_CREATE, 0, NULL);
    fuzz_check(store);
    atexit(remove_folder);
    return store;
}

static guint files_there(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir))
        n++;
    return n;
}

static gboolean take_row(RowSink *sink, const char *const *cells, GError **error)
{
    (void)sink;
    (void)cells;
    (void)error;
    return TRUE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Store *store = store_of();
    g_autofree char *sql = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    RowSink sink = {.row = take_row};
    SqlOptions options = {.steps = 200000, .max_rows = 50, .seconds = 1};
    int changes = sqlite3_total_changes(store_handle(store));
    guint files = files_there();
    gboolean done = sql_query(store, sql, &options, &sink, &error);

    fuzz_check(done == !error);
    fuzz_check(done || error_status(error) == STATUS_USAGE ||
               error_status(error) == STATUS_TRY_AGAIN || error_status(error) == STATUS_MEMORY);
    fuzz_check(sqlite3_total_changes(store_handle(store)) == changes);
    fuzz_check(files_there() == files);
    return 0;
}
