/*
 * Small worlds for rule tests: lines of text put into a scratch store as records, with persons,
 * firearms and markers given instead of computed, so that a rule's SQL is tested by itself.
 *   REF field=value ... ROLE=ENTITY firearm=REF marker=CATEGORY address=KEY home=REGION org=yes
 * probability=P event_type is SEIZED for cbsa-seizure, STOLEN for stolen, else RECOVERED, with an
 * event_date. address, home, org and probability go to the role that stands before them.
 */
#ifndef CROSSTRACE_TESTS_WORLD_H
#define CROSSTRACE_TESTS_WORLD_H

#include <sqlite3.h>
#include <string.h>

#include "engine/indicator/rulefile.h"
#include "engine/store/put.h"
#include "tests/unit/sql/scratch.h"

typedef struct {
    Store *store;
    Record *record;
    Mention *mention;
    GPtrArray *after; /* of char *[5]: what, record, role, value, probability */
    gint64 file_id;
    guint64 line;
} World;

static inline void world_later(World *world, const char *what, const char *key, const char *value)
{
    char **later = g_new0(char *, 6);
    later[0] = g_strdup(what);
    later[1] = g_strdup(world->record->ref);
    later[2] = g_strdup(key);
    later[3] = g_strdup(value);
    g_ptr_array_add(world->after, later);
}

static inline void world_word(World *world, const char *key, const char *value)
{
    Field field;
    if (strcmp(key, "firearm") == 0 || strcmp(key, "marker") == 0) {
        world_later(world, key, "", value);
    } else if (strcmp(key, "probability") == 0) {
        char **person = g_ptr_array_index(world->after, world->after->len - 1);
        person[4] = g_strdup(value);
    } else if (strcmp(key, "address") == 0) {
        mention_take(world->mention, MENTION_ADDRESS_KEY, g_strdup(value));
    } else if (strcmp(key, "home") == 0) {
        mention_take(world->mention, MENTION_REGION, g_strdup(value));
    } else if (strcmp(key, "org") == 0) {
        mention_take(world->mention, MENTION_ORGANISATION, g_strdup("ACME INC"));
    } else if (role_base(key)) {
        world->mention = record_mention(world->record, key);
        mention_take(world->mention, MENTION_LAST, g_strdup(value));
        world_later(world, "person", key, value);
    } else {
        ck_assert_msg(field_parse(key, &field), "no field '%s'", key);
        record_take(world->record, field, g_strdup(value));
    }
}

/* Results name records, which have to be there first. */
static inline void world_results(World *world)
{
    for (guint i = 0; i < world->after->len; i++) {
        char **later = g_ptr_array_index(world->after, i);
        const char *record = later[1], *value = later[3];
        if (strcmp(later[0], "firearm") == 0) {
            ck_assert(store_put_firearm(world->store, record, value, NULL));
        } else if (strcmp(later[0], "marker") == 0) {
            ck_assert(store_put_marker(world->store,
                                       &(MarkerRow){record, value, 6, 0.9, "r@1", "x"}, NULL));
        } else {
            g_autofree char *ref = g_strconcat(record, ":", later[2], NULL);
            double probability = later[4] ? g_ascii_strtod(later[4], NULL) : 0.99;
            ck_assert(store_put_person(world->store, ref, value, probability, NULL));
        }
    }
}

static inline void world_line(World *world, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_auto(GStrv) parts = g_strsplit(words[0], ":", 2);
    g_autoptr(GError) error = NULL;
    PutResult result;
    world->record = record_new(parts[0]);
    world->record->ref = g_strdup(words[0]);
    world->record->file_id = world->file_id;
    world->record->line = ++world->line;
    for (char **word = words + 1; *word; word++) {
        char *equals = strchr(*word, '=');
        if (!equals)
            continue;
        *equals = '\0';
        world_word(world, *word, equals + 1);
    }
    const char *type = strcmp(parts[0], "cbsa-seizure") == 0 ? "SEIZED"
                       : strcmp(parts[0], "stolen") == 0     ? "STOLEN"
                                                             : "RECOVERED";
    if (record_get(world->record, FIELD_EVENT_DATE))
        record_take(world->record, FIELD_EVENT_TYPE, g_strdup(type));
    record_seal(world->record);
    ck_assert_msg(store_put(world->store, world->record, &result, &error), "%s: %s", text,
                  error ? error->message : "");
    record_free(world->record);
}

/* Puts lines separated by newlines into an empty store. */
static inline void world_put(Store *store, const char *lines)
{
    World world = {.store = store, .line = 1};
    StoreFile file = {.sha256 = "0",
                      .name = "world.csv",
                      .kind = "atf-trace",
                      .profile = "atf-trace",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "h",
                      .loaded_at = "2024-01-01"};
    ck_assert(store_begin(store, NULL));
    ck_assert(store_add_file(store, &file, NULL));
    world.file_id = file.file_id;
    world.after = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
    for (char **line = all; *line; line++)
        if (**line)
            world_line(&world, *line);
    world_results(&world);
    g_ptr_array_unref(world.after);
    ck_assert(store_commit(store, NULL));
}

/* Runs rules within a transaction and gives "subject record bits" lines of one rule, sorted. */
static inline char *world_hits(Store *store, const Indicators *rules, const char *id)
{
    g_autoptr(GError) error = NULL;
    IndicatorRun run = {.as_of = "2024-01-01"};
    ck_assert(store_begin(store, NULL));
    ck_assert_msg(indicators_run(rules, store, &run, &error), "%s", error ? error->message : "");
    ck_assert(store_commit(store, NULL));
    ck_assert_ptr_null(run.off);
    GString *text = g_string_new(NULL);
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(store_handle(store),
                       "SELECT subject || ' ' || record || ' ' || bits FROM indicator"
                       " WHERE indicator = ? ORDER BY 1",
                       -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(text, "%s\n", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return g_string_free(text, FALSE);
}

#endif
