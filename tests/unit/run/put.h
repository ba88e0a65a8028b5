/* How tests of runs put records into a store: as rows of a file, synthetic. */
#ifndef TESTS_UNIT_RUN_PUT_H
#define TESTS_UNIT_RUN_PUT_H

#include <check.h>

#include "engine/store/put.h"

/* Begins a transaction with a file in it; its number. */
static gint64 begin_file(Store *store, const char *sha256, const char *loaded_at)
{
    g_autoptr(GError) error = NULL;
    StoreFile file = {.sha256 = sha256,
                      .name = "world.csv",
                      .kind = "atf-trace",
                      .profile = "atf-trace",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "",
                      .loaded_at = loaded_at};
    ck_assert_msg(store_begin(store, &error), "%s", error ? error->message : "");
    ck_assert_msg(store_add_file(store, &file, &error), "%s", error ? error->message : "");
    return file.file_id;
}

/* Puts a record, which is gone then, as a line of the file. */
static void put_line(Store *store, Record *record, gint64 file_id, guint line)
{
    g_autoptr(GError) error = NULL;
    PutResult result;
    if (!record->raw)
        record->raw = g_strdup("SYNTHETIC");
    record->file_id = file_id;
    record->line = line;
    record_seal(record);
    ck_assert_msg(store_put(store, record, &result, &error), "%s", error ? error->message : "");
    record_free(record);
}

#endif
