/*
 * Rows in and out: loaded, duplicate, revised; history; order of reading back; remarks and
 * accounting; the data hash; text stays text; a full disk.
 */
#include "engine/store/schema.h"
#include "tests/unit/store/filled.h"

START_TEST(test_round_trip)
{
    Record *record = fixture_record("T1", "00123", "SMITH");
    for (int i = 0; i < FIELD_COUNT; i++)
        record_take(record, (Field)i, g_strdup_printf("field %d", i));
    Mention *mention = record_mention(record, "associate2");
    for (int i = 0; i < MENTION_COUNT; i++)
        mention_take(mention, (MentionField)i, g_strdup_printf("mention %d", i));
    record_seal(record);
    g_autofree char *hash = g_strdup(record->content_hash);
    ck_assert_int_eq(fixture_put(store, record), PUT_LOADED);
    commit();
    GError *error = NULL;
    g_autoptr(Record) back = store_get(store, "atf-trace:T1", &error);
    ck_done(back != NULL, error);
    ck_assert_str_eq(back->kind, "atf-trace");
    ck_assert_str_eq(back->raw, "T1,00123,SMITH");
    ck_assert_str_eq(back->content_hash, hash);
    ck_assert_int_eq(back->revision, 1);
    ck_assert_uint_eq(back->line, 2);
    ck_assert_int_eq(back->file_id, 1);
    for (int i = 0; i < FIELD_COUNT; i++) {
        g_autofree char *expected = g_strdup_printf("field %d", i);
        ck_assert_str_eq(record_get(back, (Field)i), expected);
    }
    const Mention *found = record_find_mention(back, "associate2");
    for (int i = 0; i < MENTION_COUNT; i++) {
        g_autofree char *expected = g_strdup_printf("mention %d", i);
        ck_assert_str_eq(found->value[i], expected);
    }
    ck_assert_uint_eq(back->mentions->len, 2);
}
END_TEST

/* Packed fields that are none: an error, and nothing is read out of bounds. */
START_TEST(test_damaged_fields)
{
    static const char *const packed[] = {"x'02'", "x'02414200424343'", "x'0141420000'", "x'ff4100'",
                                         "x'0041'"};
    fixture_put(store, fixture_record("T1", "A1", "ROY"));
    commit();
    for (gsize i = 0; i < G_N_ELEMENTS(packed); i++) {
        GError *error = NULL;
        g_autofree char *sql = g_strdup_printf("UPDATE record SET packed = %s", packed[i]);
        ck_assert_int_eq(sqlite3_exec(store_handle(store), sql, NULL, NULL, NULL), SQLITE_OK);
        ck_assert_ptr_null(store_get(store, "atf-trace:T1", &error));
        ck_assert_int_eq(error->code, STATUS_STORE);
        g_error_free(error);
    }
    ck_assert_int_eq(
        sqlite3_exec(store_handle(store), "UPDATE record SET packed = x''", NULL, NULL, NULL),
        SQLITE_OK);
    g_autoptr(Record) back = store_get(store, "atf-trace:T1", NULL);
    ck_assert_ptr_null(record_get(back, FIELD_MAKE_RAW));
}
END_TEST

START_TEST(test_not_there)
{
    GError *error = NULL;
    ck_assert_ptr_null(store_get(store, "atf-trace:T9", &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
    g_error_free(error);
}
END_TEST

START_TEST(test_text_stays_text)
{
    static const char *const serials[] = {"12E45", "00123", "1e5",
                                          " 7",    "0x10",  "9007199254740993"};
    for (gsize i = 0; i < G_N_ELEMENTS(serials); i++) {
        fixture_put(store, fixture_record(serials[i], serials[i], serials[i]));
        g_autofree char *ref = g_strconcat("atf-trace:", serials[i], NULL);
        g_autoptr(Record) back = store_get(store, ref, NULL);
        ck_assert_str_eq(record_get(back, FIELD_SERIAL_NUMBER), serials[i]);
        ck_assert_str_eq(record_find_mention(back, "purchaser")->value[MENTION_LAST], serials[i]);
    }
    ck_answer(store_handle(store),
              "SELECT count(*) FROM record WHERE typeof(serial_number) <>"
              " 'text'",
              "0");
}
END_TEST

START_TEST(test_duplicate)
{
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A1", "SMITH")), PUT_LOADED);
    Record *spelled = fixture_record("T1", "A1", "SMITH");
    record_take(spelled, FIELD_MAKE_RAW, g_strdup("Glock Ges.m.b.H."));
    record_seal(spelled);
    ck_assert_int_eq(fixture_put(store, spelled), PUT_DUPLICATE);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "1");
    ck_answer(store_handle(store), "SELECT count(*) FROM revision", "0");
}
END_TEST

START_TEST(test_revision)
{
    fixture_put(store, fixture_record("T1", "A1", "SMI\"TH\\\n"));
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A2", "ROY")), PUT_REVISED);
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A3", NULL)), PUT_REVISED);
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A3", NULL)), PUT_DUPLICATE);
    commit();
    g_autoptr(Record) back = store_get(store, "atf-trace:T1", NULL);
    ck_assert_str_eq(record_get(back, FIELD_SERIAL_NUMBER), "A3");
    ck_assert_str_eq(back->raw, "T1,A3,");
    ck_assert_int_eq(back->revision, 3);
    ck_assert_uint_eq(back->mentions->len, 0);
    sqlite3 *db = store_handle(store);
    ck_answer(db, "SELECT group_concat(revision) FROM revision", "1,2");
    ck_answer(db, "SELECT raw_text(raw_at) FROM revision WHERE revision = 2", "T1,A2,ROY");
    ck_answer(
        db, "SELECT json_extract(former_text(former_at), '$.serial_number') FROM revision LIMIT 1",
        "A1");
    ck_answer(
        db,
        "SELECT json_extract(former_text(former_at), '$.mentions.purchaser.last') FROM revision"
        " LIMIT 1",
        "SMI\"TH\\\n");
    ck_assert(is_sound(store));
}
END_TEST

static PutResult put_flagged(const char *serial, const char *flag)
{
    Record *record = fixture_record("T1", serial, "ROY");
    record_set(record, FIELD_CONFIDENTIAL_SOURCE, flag);
    record_seal(record);
    return fixture_put(store, record);
}

/* A later row that says nothing of the source does not disclose it. */
START_TEST(test_confidential_stays)
{
    ck_assert_int_eq(put_flagged("A1", "Y"), PUT_LOADED);
    ck_assert_int_eq(put_flagged("A1", NULL), PUT_DUPLICATE);
    ck_assert_int_eq(put_flagged("A2", NULL), PUT_REVISED);
    ck_assert_int_eq(put_flagged("A2", NULL), PUT_DUPLICATE);
    ck_answer(store_handle(store), "SELECT confidential_source FROM record", "Y");
    ck_assert_int_eq(put_flagged("A2", "N"), PUT_REVISED);
    ck_answer(store_handle(store), "SELECT confidential_source FROM record", "N");
}
END_TEST

/* A field that was known and is not any more leaves no rest behind. */
START_TEST(test_revision_forgets)
{
    fixture_put(store, fixture_record("T1", "A1", "SMITH"));
    Record *bare = fixture_record("T1", NULL, NULL);
    record_take(bare, FIELD_MAKE, NULL);
    record_seal(bare);
    ck_assert_int_eq(fixture_put(store, bare), PUT_REVISED);
    g_autoptr(Record) back = store_get(store, "atf-trace:T1", NULL);
    ck_assert_ptr_null(record_get(back, FIELD_SERIAL_NUMBER));
    ck_assert_ptr_null(record_get(back, FIELD_MAKE));
}
END_TEST

START_TEST(test_content_keys_never_revise)
{
    ck_assert_int_eq(fixture_put(store, fixture_record("4531-23-0147/~ab", "A1", NULL)),
                     PUT_LOADED);
    ck_assert_int_eq(fixture_put(store, fixture_record("4531-23-0147/~ab", "A2", NULL)),
                     PUT_DUPLICATE);
    ck_answer(store_handle(store), "SELECT serial_number FROM record", "A1");
}
END_TEST

static gboolean collect(Record *record, gboolean *take, gpointer data)
{
    g_ptr_array_add(data, record);
    *take = TRUE;
    return TRUE;
}

static gboolean stop_at_once(Record *record, gboolean *take, gpointer data)
{
    (void)record;
    (void)take;
    return ++*(guint *)data < 2;
}

/* Against a sorted list: order, kinds, mentions of the right record, with and without raw. */
START_TEST(test_visit)
{
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < 300; i++) {
        g_autofree char *key = g_strdup_printf("T%u", g_rand_int_range(rand, 0, 100000));
        Record *record = fixture_record(key, key, i % 3 != 0 ? key : NULL);
        if (i % 5 == 0)
            mention_take(record_mention(record, "associate2"), MENTION_FIRST, g_strdup(key));
        record_seal(record);
        g_autofree char *ref = g_strdup(record->ref);
        if (fixture_put(store, record) == PUT_LOADED)
            g_ptr_array_add(refs, g_steal_pointer(&ref));
    }
    Record *seizure = record_new("cbsa-seizure");
    seizure->ref = g_strdup("cbsa-seizure:1/1");
    seizure->file_id = 1;
    record_seal(seizure);
    fixture_put(store, seizure);
    g_ptr_array_sort(refs, text_compare);
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func((GDestroyNotify)record_free);
    GError *error = NULL;
    ck_done(store_visit(store, "atf-trace", TRUE, collect, seen, &error), error);
    ck_assert_uint_eq(seen->len, refs->len);
    for (guint i = 0; i < seen->len; i++) {
        Record *record = g_ptr_array_index(seen, i);
        ck_assert_str_eq(record->ref, g_ptr_array_index(refs, i));
        g_autoptr(Record) one = store_get(store, record->ref, NULL);
        ck_assert_str_eq(one->raw, record->raw);
        ck_assert_uint_eq(one->mentions->len, record->mentions->len);
        for (guint m = 0; m < one->mentions->len; m++) {
            const Mention *mention = g_ptr_array_index(record->mentions, m);
            const Mention *same = g_ptr_array_index(one->mentions, m);
            ck_assert_str_eq(mention->role, same->role);
            ck_assert_int_eq(g_strcmp0(mention->value[0], same->value[0]), 0);
            for (int f = 0; f < 2; f++)
                ck_assert(mention->value[f] == NULL ||
                          strcmp(mention->value[f], record->ref + strlen("atf-trace:")) == 0);
        }
    }
    guint all = 0;
    ck_done(store_visit(store, NULL, FALSE, stop_at_once, &all, &error), error);
    ck_assert_uint_eq(all, 2);
    g_ptr_array_set_size(seen, 0);
    ck_done(store_visit(store, NULL, FALSE, collect, seen, &error), error);
    ck_assert_uint_eq(seen->len, refs->len + 1);
    ck_assert_ptr_null(((Record *)g_ptr_array_index(seen, 0))->raw);
}
END_TEST

static char *hash_after(const char *const *keys, const char *serial)
{
    Store *other = NULL;
    g_autofree char *name = g_strdup_printf("%s/%s-%s.db", folder, keys[0], serial);
    other = store_open(name, STORE_CREATE, 0, NULL);
    fixture_file(other, "f1", 0);
    for (; *keys != NULL; keys++)
        fixture_put(other, fixture_record(*keys, serial, "SMITH"));
    GError *error = NULL;
    char *hash = store_data_hash(other, &error);
    ck_done(hash != NULL, error);
    store_close(other);
    return hash;
}

START_TEST(test_data_hash_order)
{
    static const char *const order[] = {"T1", "T2", "T3", NULL};
    static const char *const other[] = {"T3", "T1", "T2", "T1", NULL};
    static const char *const fewer[] = {"T2", "T1", NULL};
    g_autofree char *a = hash_after(order, "A1"), *b = hash_after(other, "A1");
    g_autofree char *c = hash_after(fewer, "A1"), *d = hash_after(order, "A2");
    ck_assert_uint_eq(strlen(a), 64);
    ck_assert_str_eq(a, b);
    ck_assert_str_ne(a, c);
    ck_assert_str_ne(a, d);
}
END_TEST

START_TEST(test_data_hash_changes)
{
    fixture_put(store, fixture_record("T1", "A1", NULL));
    commit();
    g_autofree char *first = store_data_hash(store, NULL);
    ck_assert(store_begin(store, NULL));
    fixture_put(store, fixture_record("T1", "A2", NULL));
    g_autofree char *inside = store_data_hash(store, NULL);
    ck_assert_str_ne(first, inside);
    store_rollback(store);
    g_autofree char *back = store_data_hash(store, NULL);
    ck_assert_str_eq(first, back);
    ck_assert(store_begin(store, NULL));
    fixture_put(store, fixture_record("T1", "A2", NULL));
    commit();
    g_autofree char *revised = store_data_hash(store, NULL);
    ck_assert_str_eq(inside, revised);
    Store *reader = fixture_store(STORE_READ);
    g_autofree char *read = store_data_hash(reader, NULL);
    ck_assert_str_eq(read, revised);
    store_close(reader);
    ck_assert(is_sound(store));
}
END_TEST

START_TEST(test_files_and_remarks)
{
    GError *error = NULL;
    ck_assert_int_eq(store_find_file(store, "f1", &error), 1);
    ck_assert_int_eq(store_find_file(store, "f2", &error), 0);
    StoreFile file = {.sha256 = "f1", .name = "again.csv"};
    ck_assert(!store_add_file(store, &file, &error));
    g_clear_error(&error);
    file = (StoreFile){.sha256 = "f2", .name = "b.csv", .delimiter = ';', .header = "a;b"};
    ck_done(store_add_file(store, &file, &error), error);
    Remark reject = {REMARK_REJECT, 4, NULL, "serial", "columns", "3 of 4 columns", "a;b;c", FALSE};
    Remark warning = {REMARK_WARNING, 5, "atf-trace:T1", NULL, "bad-date", "no date", NULL, FALSE};
    ck_done(store_put_remark(store, file.file_id, &reject, &error), error);
    ck_done(store_put_remark(store, file.file_id, &warning, &error), error);
    file.rows = file.rejected = 1;
    file.warnings = 1;
    ck_done(store_finish_file(store, &file, &error), error);
    commit();
    sqlite3 *db = store_handle(store);
    ck_answer(db, "SELECT type || line || code || raw FROM remark WHERE ref IS NULL",
              "reject4columnsa;b;c");
    ck_answer(db, "SELECT delimiter || header || rows FROM file WHERE file_id = 2", ";a;b1");
    ck_assert(is_sound(store));
}
END_TEST

/* After SQLITE_FULL the transaction is gone: nothing may be added to its rest. */
START_TEST(test_full)
{
    fixture_put(store, fixture_record("T0", "A1", NULL));
    commit();
    sqlite3_exec(store_handle(store), "PRAGMA max_page_count=120", NULL, NULL, NULL);
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    g_autofree char *big = g_strnfill(3000, 'x');
    gboolean done = TRUE;
    for (int i = 1; i < 2000 && done; i++) {
        g_autofree char *key = g_strdup_printf("T%d", i);
        g_autoptr(Record) record = fixture_record(key, big, NULL);
        PutResult result;
        done = store_put(store, record, &result, &error);
    }
    ck_assert(!done);
    ck_assert_int_eq(error->code, STATUS_IO);
    g_clear_error(&error);
    /* SQLite ends a transaction by itself when it must; do the same. */
    sqlite3_exec(store_handle(store), "ROLLBACK", NULL, NULL, NULL);
    g_autoptr(Record) more = fixture_record("TX", "A1", NULL);
    PutResult result;
    ck_assert(!store_put(store, more, &result, &error));
    ck_assert_int_eq(error->code, STATUS_IO);
    g_clear_error(&error);
    ck_assert(!store_commit(store, &error));
    ck_assert_int_eq(error->code, STATUS_IO);
    g_clear_error(&error);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "1");
    sqlite3_exec(store_handle(store), "PRAGMA max_page_count=100000", NULL, NULL, NULL);
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A1", NULL)), PUT_LOADED);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "2");
}
END_TEST

/* Who has not heard that a transaction is gone writes nothing, by whatever way, till the next. */
START_TEST(test_lost)
{
    static const char insert[] = "INSERT INTO meta VALUES ('raw', 'x')";
    sqlite3 *db = store_handle(store);
    g_autoptr(GError) error = NULL;
    commit();
    ck_assert(store_begin(store, NULL));
    ck_assert(store_meta_set(store, "before", "x", NULL));
    ck_assert_int_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    ck_assert(!store_meta_set(store, "after", "x", &error));
    ck_assert_msg(error->code == STATUS_IO && strstr(error->message, "was rolled back"), "%s",
                  error->message);
    g_clear_error(&error);
    ck_assert(!store_meta_get(store, "after", &error));
    ck_assert_msg(error->code == STATUS_IO, "%s", error->message);
    g_clear_error(&error);
    ck_assert(!sqlite_run(db, insert, "cannot write", &error));
    ck_assert_msg(error->code == STATUS_IO && strstr(error->message, "was rolled back"), "%s",
                  error->message);
    g_clear_error(&error);
    ck_answer(db, "SELECT count(*) FROM meta WHERE value = 'x'", "0");
    ck_assert(!store_commit(store, &error));
    ck_assert_int_eq(error->code, STATUS_IO);
    g_clear_error(&error);
    ck_assert(store_begin(store, NULL));
    ck_assert_int_eq(sqlite3_exec(db, insert, NULL, NULL, NULL), SQLITE_OK);
    ck_done(store_commit(store, &error), error);
    ck_answer(db, "SELECT count(*) FROM meta WHERE value = 'x'", "1");
}
END_TEST

START_TEST(test_unsealed)
{
    g_autoptr(Record) record = fixture_record("T1", "A1", NULL);
    record->content_hash = NULL; /* it lies in the memory of the record */
    GError *error = NULL;
    PutResult result;
    ck_assert(!store_put(store, record, &result, &error));
    ck_assert_int_eq(error->code, STATUS_INTERNAL);
    g_error_free(error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/put");
    TCase *tests = tcase_create("put");
    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_damaged_fields);
    tcase_add_test(tests, test_not_there);
    tcase_add_test(tests, test_text_stays_text);
    tcase_add_test(tests, test_duplicate);
    tcase_add_test(tests, test_revision);
    tcase_add_test(tests, test_confidential_stays);
    tcase_add_test(tests, test_revision_forgets);
    tcase_add_test(tests, test_content_keys_never_revise);
    tcase_add_test(tests, test_visit);
    tcase_add_test(tests, test_data_hash_order);
    tcase_add_test(tests, test_data_hash_changes);
    tcase_add_test(tests, test_files_and_remarks);
    tcase_add_test(tests, test_full);
    tcase_add_test(tests, test_lost);
    tcase_add_test(tests, test_unsealed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
