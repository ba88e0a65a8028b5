/*
 * Copies that are made ahead of a run's results: of records with all sorts of cells, whatever the
 * run found, they hold what the views show once it is written.
 */
#include "engine/view/view.h"
#include "tests/unit/store/story.h"

#define RECORDS 600

/* What the store has, given as a run gives it. */
typedef struct {
    GHashTable *firearm; /* number of a record -> reference (own) */
    GArray *people;      /* of FoundPerson */
    GStringChunk *text;
} World;

static const char *firearm_of(gconstpointer run, gint64 record)
{
    return g_hash_table_lookup(((const World *)run)->firearm, GSIZE_TO_POINTER(record));
}

static gboolean person_at(gconstpointer run, guint i, FoundPerson *person)
{
    const World *world = run;
    if (i >= world->people->len)
        return FALSE;
    *person = g_array_index(world->people, FoundPerson, i);
    return TRUE;
}

static gboolean no_link(gconstpointer run, guint i, FoundLink *link)
{
    (void)run, (void)i, (void)link;
    return FALSE;
}

static void read_world(World *world)
{
    static const char groups[] =
        "SELECT f.record_id, g.ref FROM firearm f JOIN record g ON g.record_id = f.group_id WHERE"
        " (SELECT count(*) FROM firearm h WHERE h.group_id = f.group_id) > 1";
    static const char people[] =
        "SELECT record_id, role, entity, probability FROM person ORDER BY record_id, role";
    sqlite3_stmt *row = NULL;
    world->text = g_string_chunk_new(1 << 12);
    world->firearm = g_hash_table_new(NULL, NULL);
    world->people = g_array_new(FALSE, FALSE, sizeof(FoundPerson));
    ck_assert_int_eq(sqlite3_prepare_v2(db, groups, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_hash_table_insert(
            world->firearm, GSIZE_TO_POINTER(sqlite3_column_int64(row, 0)),
            g_string_chunk_insert(world->text, (const char *)sqlite3_column_text(row, 1)));
    sqlite3_finalize(row);
    ck_assert_int_eq(sqlite3_prepare_v2(db, people, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        FoundPerson person = {
            sqlite3_column_int64(row, 0),
            g_string_chunk_insert(world->text, (const char *)sqlite3_column_text(row, 1)),
            g_string_chunk_insert(world->text, (const char *)sqlite3_column_text(row, 2)),
            sqlite3_column_double(row, 3)};
        g_array_append_val(world->people, person);
    }
    sqlite3_finalize(row);
}

static void world_clear(World *world)
{
    g_hash_table_unref(world->firearm);
    g_array_unref(world->people);
    g_string_chunk_free(world->text);
}

/* Cells of a field: plain ones, and such as no profile lets through. */
static const struct {
    Field field;
    const char *cells[8];
} CELLS[] = {
    {FIELD_EVENT_TYPE, {"SEIZED", "RECOVERED", "STOLEN", "SOLD"}},
    {FIELD_EVENT_DATE,
     {"2020-03-02", "2020-03-01", "2021-12-31", "2020", "2020-02-30", "20200401",
      "2020-03-02 11:30"}},
    {FIELD_PURCHASE_DATE, {"2020-03-02", "2019-02-28", "2020", "2020-13-01", "soon"}},
    {FIELD_EVENT_COUNTRY, {"CAN", "USA"}},
    {FIELD_EVENT_REGION, {"ON", "QC"}},
    {FIELD_FIREARM_TYPE, {"PISTOL_SEMI", "RIFLE", "REVOLVER", "DERRINGER"}},
    {FIELD_MAKE, {"GLOCK", "RUGER", "RÉMY"}},
    {FIELD_SERIAL_NUMBER, {"ABC123", "XYZ"}},
    {FIELD_SERIAL_CANONICAL, {"ABC123"}},
    {FIELD_SEIZURE_NO, {"S-1", "S-2"}},
    {FIELD_AGENCY_CASE_NO, {"A-1"}},
    {FIELD_RDS_KEY, {"27400001", "27400002", "27400003"}},
    {FIELD_FFL_NAME, {"SYNTHETIC ARMS"}},
    {FIELD_FFL_CITY, {"NOWHERE"}},
    {FIELD_FFL_STATE, {"OH", "TX"}},
    {FIELD_FFL_NUMBER,
     {"2-31-113-01-5A-00001", "2-31-1", "2-31-113-", "231113015A00001", "é-éé-ééé-x", ""}},
    {FIELD_MULTIPLE_SALE, {"Y"}},
    {FIELD_DISPOSITION, {"STL", "FFL"}},
};

static void put_random(GRand *dice, int number)
{
    static const char *const roles[] = {"purchaser", "possessor", "associate", "associate2",
                                        "traveller", "consignee", "shipper",   "purchaser2"};
    static const char *const kinds[] = {"atf-trace", "cbsa-seizure", "multiple-sale"};
    const char *kind = kinds[g_rand_int_range(dice, 0, G_N_ELEMENTS(kinds))];
    Record *record = record_new(kind);
    record->ref = g_strdup_printf("%s:R%d", kind, number * 7919 % 1000);
    record->raw = g_strdup("synthetic");
    record->file_id = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(CELLS); i++) {
        const char *cell = CELLS[i].cells[g_rand_int_range(dice, 0, 8)];
        if (cell != NULL && g_rand_boolean(dice))
            record_take(record, CELLS[i].field, g_strdup(cell));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (g_rand_int_range(dice, 0, 4))
            continue;
        Mention *mention = record_mention(record, roles[i]);
        mention_take(mention, MENTION_LAST, g_strdup("SMITH"));
        if (g_rand_boolean(dice))
            mention_take(mention, MENTION_STREET, g_strdup("1 MAIN ST"));
        if (g_rand_boolean(dice))
            mention_take(mention, MENTION_ADDRESS_KEY, g_strdup("1 MAIN|44101"));
    }
    record_seal(record);
    fixture_put(store, record);
}

/* Firearms of up to six records, persons of some of the mentions. */
static void put_results(void)
{
    static const char sql[] =
        "UPDATE firearm SET group_id = (SELECT min(r.record_id) FROM record r"
        " WHERE r.record_id % 90 = firearm.record_id % 90) WHERE record_id % 3 <> 0;"
        "INSERT OR REPLACE INTO person SELECT record_id, role, 'P' || (record_id % 60),"
        " 0.5 + (record_id % 10) / 20.0 FROM mention WHERE (record_id + length(role)) % 4 <> 0;";
    char *message = NULL;
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
}

static void put_world(guint32 seed)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    ck_assert(store_begin(store, NULL));
    for (int i = 0; i < RECORDS; i++)
        put_random(dice, i);
    put("ffl:27400002", "ffl",
        (Set[]){{FIELD_RDS_KEY, "27400002"}, {FIELD_FFL_NAME, "LISTED"}, {0, NULL}}, NULL);
    put_results();
    ck_assert(store_commit(store, NULL));
}

static void copy_ahead(Views *views, GHashTable *columns)
{
    GError *error = NULL;
    World world;
    read_world(&world);
    const Findings found = {&world, firearm_of, person_at, no_link};
    g_autoptr(Store) reader = fixture_store(STORE_READ);
    ck_done(views_read(views, columns, reader, &found, &error), error);
    store_close(g_steal_pointer(&reader));
    world_clear(&world);
    ck_done(views_copy(views, columns, NULL, &error), error);
    ck_assert(views_are_copied(views));
}

START_TEST(test_as_the_views)
{
    static const char *const copied[] = {"firearms", "purchases", "seizures",
                                         "people",   "buyers",    "markers"};
    Views *views = views_new(store);
    put_world((guint32)_i);
    ck_assert(store_begin(store, NULL));
    copy_ahead(views, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(copied); i++) {
        g_autofree char *sql =
            g_strdup_printf("SELECT (SELECT count(*) FROM temp.%s) = (SELECT count(*) FROM main.%s)"
                            " AND NOT EXISTS (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s)"
                            " AND NOT EXISTS (SELECT * FROM main.%s EXCEPT SELECT * FROM temp.%s)",
                            copied[i], copied[i], copied[i], copied[i], copied[i], copied[i]);
        ck_answer(db, sql, "1");
    }
    /* it was worth asking */
    ck_answer(db,
              "SELECT count(DISTINCT ttc_days) > 3 AND count(ffl_county) > 1"
              " AND sum(ffl_name = 'LISTED') > 0 AND sum(purchase_date IS NULL) > 0"
              " AND sum(recovered_record <> record) > 1 FROM purchases",
              "1");
    /* every way in finds what a walk finds */
    ck_answer(db,
              "SELECT NOT EXISTS (SELECT 1 FROM main.purchases p WHERE (SELECT count(*)"
              " FROM temp.purchases c WHERE c.person = p.person) <> (SELECT count(*)"
              " FROM main.purchases d WHERE d.person = p.person))",
              "1");
    views_free(views);
    store_rollback(store);
}
END_TEST

/* Columns that nobody asks for say nothing, and it is known that they do. */
START_TEST(test_some_columns)
{
    GError *error = NULL;
    guint64 rows = 1;
    Views *views = views_new(store);
    g_autoptr(GHashTable) columns = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_hash_table_add(columns, (gpointer) "purchases.make");
    ck_assert(store_begin(store, NULL));
    copy_ahead(views, columns);
    ck_answer(db,
              "SELECT count(make) = (SELECT count(make) FROM main.purchases) AND count(make) > 0"
              " AND count(last) = 0 AND count(record) = count(*) FROM purchases",
              "1");
    views_set_scope(views, none);
    ck_done(views_renew(views, columns, &rows, &error), error);
    ck_assert_uint_eq(rows, 0);
    views_free(views);
    store_rollback(store);
}
END_TEST

/* More values than there may be: the views themselves are shown. */
START_TEST(test_too_many_values)
{
    Views *views = views_new(store);
    World world;
    put_world(1);
    read_world(&world);
    const Findings found = {&world, firearm_of, person_at, no_link};
    for (gsize most = 1; most < 20000; most += 1999) {
        GError *error = NULL;
        g_autoptr(Store) reader = fixture_store(STORE_READ);
        views_allow(views, most, TRUE);
        ck_done(views_read(views, NULL, reader, &found, &error), error);
        ck_assert(store_begin(store, NULL));
        ck_done(views_copy(views, NULL, NULL, &error), error);
        ck_assert(!views_are_copied(views));
        ck_answer(db, "SELECT count(*) = (SELECT count(*) FROM main.people) FROM people", "1");
        ck_assert(store_commit(store, NULL));
    }
    world_clear(&world);
    views_free(views);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/ahead");
    TCase *tests = tcase_create("ahead");
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_loop_test(tests, test_as_the_views, 1, 6);
    tcase_add_test(tests, test_some_columns);
    tcase_add_test(tests, test_too_many_values);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
