/*
 * A small store for the tests of the rooms behind matching: records put in by field, results put
 * in as matching would have left them. Synthetic; licence numbers use region digit 2 or 7.
 */
#ifndef CROSSTRACE_TESTS_WORLD_H
#define CROSSTRACE_TESTS_WORLD_H

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/store/put.h"
#include "engine/store/result.h"
#include "tests/unit/folder.h"

typedef struct {
    char *folder, *path;
    Store *store;
    gint64 file_id;
} World;

#define MUST(call)                                                                                 \
    do {                                                                                           \
        GError *problem = NULL;                                                                    \
        gboolean done = (call);                                                                    \
        ck_assert_msg(done, "%s: %s", #call, problem ? problem->message : "no error set");         \
    } while (0)

G_GNUC_UNUSED static World world_new(void)
{
    World world = {0};
    world.folder = folder_new();
    world.path = g_build_filename(world.folder, "test.db", NULL);
    MUST((world.store = store_open(world.path, STORE_CREATE, 0, &problem)) != NULL);
    MUST(store_begin(world.store, &problem));
    StoreFile file = {.sha256 = "aa",
                      .name = "traces.csv",
                      .kind = "atf-trace",
                      .profile = "atf-trace",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "trace_number,serial_number",
                      .loaded_at = "2024-01-01"};
    MUST(store_add_file(world.store, &file, &problem));
    world.file_id = file.file_id;
    return world;
}

G_GNUC_UNUSED static void world_free(World *world)
{
    store_rollback(world->store);
    store_close(world->store);
    folder_remove(world->folder);
    g_free(world->path);
}

/* Sets "field=value" pairs; "role.field=value" is a field of a mention. */
G_GNUC_UNUSED static void record_fill(Record *record, const char *const *pairs)
{
    for (; *pairs; pairs++) {
        g_auto(GStrv) pair = g_strsplit(*pairs, "=", 2);
        char *dot = strchr(pair[0], '.');
        Field field;
        MentionField part;
        if (!dot) {
            ck_assert_msg(field_parse(pair[0], &field), "no field %s", pair[0]);
            record_take(record, field, g_strdup(pair[1]));
            continue;
        }
        *dot = '\0';
        ck_assert_msg(mention_field_parse(dot + 1, &part), "no mention field %s", dot + 1);
        mention_take(record_mention(record, pair[0]), part, g_strdup(pair[1]));
    }
}

G_GNUC_UNUSED static Record *record_make(const char *ref, const char *const *pairs)
{
    g_autofree char *kind = g_strndup(ref, strcspn(ref, ":"));
    Record *record = record_new(kind);
    g_free(record->ref);
    record->ref = g_strdup(ref);
    gboolean seizure = strcmp(kind, "cbsa-seizure") == 0, stolen = strcmp(kind, "stolen") == 0;
    const char *event = stolen ? "STOLEN" : seizure ? "SEIZED" : "RECOVERED";
    record_take(record, FIELD_EVENT_TYPE, g_strdup(event));
    if (seizure)
        record_take(record, FIELD_EVENT_COUNTRY, g_strdup("CAN"));
    else if (!stolen)
        record_take(record, FIELD_TRACE_NO, g_strdup(strchr(ref, ':') + 1));
    record_fill(record, pairs);
    record_seal(record);
    return record;
}

G_GNUC_UNUSED static void world_put(World *world, guint64 line, const char *ref,
                                    const char *const *pairs)
{
    g_autoptr(Record) record = record_make(ref, pairs);
    PutResult result;
    record->file_id = world->file_id;
    record->line = line;
    record->raw = g_strdup("raw");
    MUST(store_put(world->store, record, &result, &problem));
}

/* ROWS(...) is a NULL-terminated list of pairs. */
#define PAIRS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
