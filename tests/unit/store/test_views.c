/*
 * The documented views: their columns are a contract, their rows those of a small made-up story,
 * and their plans never scan a table where an index answers.
 */
#include "engine/store/scope.h"
#include "tests/unit/store/fixture.h"

static Store *store;
static sqlite3 *db;

typedef struct {
    const char *name, *columns;
} Contract;

static const Contract VIEWS[] = {
    {"firearms", "record,kind,firearm,serial,serial_kind,serial_pattern,make,model,calibre,type,"
                 "handgun,event_type,event_date,city,region,country,office_code,case_no,rds_key,"
                 "disposition,request_date"},
    {"purchases", "record,firearm,person,last,first,purchase_date,rds_key,ffl_name,ffl_city,"
                  "ffl_state,make,model,calibre,type,handgun,serial,multiple_sale,recovered_date,"
                  "recovered_country,recovered_record,ttc_days,possessor,disposition,ffl_type,"
                  "ffl_county,purchaser_state,recovered_region,kind"},
    {"buyers", "person,purchases,firearms,dealers,handguns,traced,first_date,last_date"},
    {"recoveries", "record,firearm,date,city,region,country,case_no,possessor,make,model,type"},
    {"seizures", "record,firearm,seizure_no,item_no,date,office_code,office_name,mode,declared,"
                 "commodity,make,model,calibre,type,serial,serial_kind,tracking_no,traveller,"
                 "shipper,consignee,consignee_address,vehicle_plate,vehicle_region"},
    {"people", "mention,record,role,person,probability,last,first,dob,organisation,address_key,"
               "city,region,country,phone,doc_no"},
    {"dealers", "rds_key,name,city,state,traces,ffl_type,listed"},
    {"links", "left,right,tier,bits,probability,chance_matches"},
    {"markers", "record,category,probability,excerpt"},
    {"edges", "left,right,kind,date,weight,value"},
};

typedef struct {
    Field field;
    const char *value;
} Set;

static void put(const char *ref, const char *kind, const Set *sets, const char *const *roles)
{
    Record *record = record_new(kind);
    record->ref = g_strdup(ref);
    record->raw = g_strdup("synthetic");
    record->file_id = 1;
    for (; sets->value != NULL; sets++)
        record_take(record, sets->field, g_strdup(sets->value));
    for (; roles != NULL && *roles != NULL; roles++)
        mention_take(record_mention(record, *roles), MENTION_LAST, g_strdup("SMITH"));
    record_seal(record);
    fixture_put(store, record);
}

/* T1 bought, recovered later in Canada as S1; T2 the same firearm recovered before the purchase;
 * T3 another firearm, never recovered; D1 a dealer's own row. */
static void put_story(void)
{
    static const char *const bought[] = {"purchaser", "possessor", "associate2", NULL};
    static const char *const carried[] = {"traveller", "consignee", NULL};
    put("atf-trace:T1", "atf-trace",
        (Set[]){{FIELD_MAKE, "GLOCK"},
                {FIELD_FIREARM_TYPE, "PISTOL_SEMI"},
                {FIELD_TRACE_NO, "T1"},
                {FIELD_PURCHASE_DATE, "2020-02-01"},
                {FIELD_RDS_KEY, "27400001"},
                {FIELD_FFL_NAME, "SYNTHETIC ARMS"},
                {0, NULL}},
        bought);
    put("atf-trace:T2", "atf-trace",
        (Set[]){{FIELD_EVENT_TYPE, "RECOVERED"},
                {FIELD_EVENT_DATE, "2019-06-01"},
                {FIELD_AGENCY_CASE_NO, "C-9"},
                {FIELD_TRACE_NO, "T2"},
                {0, NULL}},
        NULL);
    put("atf-trace:T3", "atf-trace",
        (Set[]){{FIELD_MAKE, "RUGER"},
                {FIELD_FIREARM_TYPE, "RIFLE"},
                {FIELD_TRACE_NO, "T3"},
                {FIELD_PURCHASE_DATE, "2020-02-03"},
                {FIELD_RDS_KEY, "27400001"},
                {0, NULL}},
        NULL);
    put("cbsa-seizure:S1/1", "cbsa-seizure",
        (Set[]){{FIELD_EVENT_TYPE, "SEIZED"},
                {FIELD_EVENT_DATE, "2020-03-02"},
                {FIELD_EVENT_COUNTRY, "CAN"},
                {FIELD_SEIZURE_NO, "S1"},
                {0, NULL}},
        carried);
    put("ffl:27400001", "ffl",
        (Set[]){{FIELD_RDS_KEY, "27400001"}, {FIELD_FFL_NAME, "SYNTHETIC ARMS"}, {0, NULL}}, NULL);
    GError *error = NULL;
    static const char *const grouped[] = {"atf-trace:T1", "atf-trace:T2", "cbsa-seizure:S1/1"};
    for (int i = 0; i < 3; i++)
        ck_done(store_put_firearm(store, grouped[i], "atf-trace:T1", &error), error);
    static const char *const people[] = {"atf-trace:T1:purchaser", "cbsa-seizure:S1/1:traveller"};
    for (int i = 0; i < 2; i++)
        ck_done(store_put_person(store, people[i], people[0], 0.95, &error), error);
}

static void up(void)
{
    fixture_up();
    store = fixture_store(STORE_CREATE);
    db = store_handle(store);
    ck_assert(store_begin(store, NULL));
    fixture_file(store, "f1", 5);
    put_story();
    ck_assert(store_commit(store, NULL));
}

static void down(void)
{
    ck_assert(is_sound(store));
    store_close(store);
    fixture_down();
}

START_TEST(test_columns)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('%s') ORDER BY cid)",
        VIEWS[_i].name);
    ck_answer(db, sql, VIEWS[_i].columns);
    g_autofree char *rows = g_strdup_printf("SELECT count(*) >= 0 FROM %s", VIEWS[_i].name);
    ck_answer(db, rows, "1");
}
END_TEST

/* A copy serves every query under the view's name, holds what the view holds, and goes. */
START_TEST(test_copies)
{
    static const char *const copied[] = {"firearms", "purchases", "seizures",
                                         "buyers",   "people",    "markers"};
    GError *error = NULL;
    guint64 rows = 0;
    ck_assert(store_begin(store, NULL));
    ck_done(store_copy_views(store, NULL, &rows, &error), error);
    ck_done(store_copy_views(store, NULL, &rows, &error), error); /* anew */
    ck_assert_uint_eq(rows, 13); /* all four; T1, T3; S1; the buyer of T1; five people */
    for (gsize i = 0; i < G_N_ELEMENTS(copied); i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT (SELECT count(*) FROM temp.%s) = (SELECT count(*) FROM main.%s) AND NOT EXISTS"
            " (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s)",
            copied[i], copied[i], copied[i], copied[i]);
        ck_answer(db, sql, "1");
    }
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record = 'atf-trace:T1'", "1");
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record IN (NULL, 7, x'54', 'T')", "0");
    ck_answer(db,
              "SELECT count(*) FROM firearms f JOIN main.firearms g ON f.record = g.record"
              " AND f.firearm = g.firearm",
              "4");
    ck_assert(store_copies_know(store, "atf-trace:T1"));
    ck_assert(!store_copies_know(store, "2024-01-01") && !store_copies_know(store, "T1"));
    Store *other = store_open_copies(store, &error);
    ck_done(other != NULL, error);
    ck_answer(store_handle(other), "SELECT count(*) FROM purchases WHERE record = 'atf-trace:T3'",
              "1");
    ck_assert(store_is_copied("people") && !store_is_copied("dealers"));
    store_close(other);
    ck_done(store_drop_copies(store, &error), error);
    ck_assert(!store_copies_know(store, "atf-trace:T1"));
    ck_answer(db, "SELECT count(*) FROM temp.sqlite_schema WHERE name NOT LIKE 'sqlite%'", "0");
    ck_assert(store_commit(store, NULL));
}
END_TEST

/* Columns that nobody asks for say nothing; who asks for others gets copies of those. */
START_TEST(test_columns_asked_for)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GHashTable) columns = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_hash_table_add(columns, (gpointer) "purchases.make");
    ck_assert(store_begin(store, NULL));
    ck_done(store_copy_views(store, columns, NULL, &error), error);
    ck_answer(db,
              "SELECT count(make) = (SELECT count(make) FROM main.purchases) AND count(make) > 0"
              " AND count(last) = 0 AND count(record) = count(*) FROM purchases",
              "1");
    ck_answer(db,
              "SELECT NOT EXISTS (SELECT * FROM buyers EXCEPT SELECT person, NULL, NULL, NULL,"
              " NULL, NULL, NULL, NULL FROM main.buyers)",
              "1");
    ck_done(store_set_scope(store, none, 0, &error), error);
    ck_done(store_renew_copies(store, columns, &rows, &error), error);
    ck_assert_uint_eq(rows, 0); /* they are kept */
    g_hash_table_add(columns, (gpointer) "purchases.last");
    ck_done(store_renew_copies(store, columns, &rows, &error), error);
    ck_assert_uint_gt(rows, 0);
    ck_answer(db, "SELECT count(last) > 0 FROM purchases", "1");
    ck_done(store_drop_scope(store, &error), error);
    ck_done(store_drop_copies(store, &error), error);
    ck_assert(store_commit(store, NULL));
}
END_TEST

/* A row that became another is in the place of what it was, on all ways in; the rest is as it was.
 */
START_TEST(test_changed_rows)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, (gpointer) "atf-trace:T1");
    ck_assert(store_begin(store, NULL));
    ck_done(store_copy_views(store, NULL, NULL, &error), error);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "UPDATE record SET make = 'OTHER', rds_key = '27499999'"
                                  " WHERE ref IN ('atf-trace:T1', 'atf-trace:T3')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    ck_done(store_set_scope(store, refs, 1, &error), error);
    ck_done(store_renew_copies(store, NULL, &rows, &error), error);
    ck_answer(db, "SELECT group_concat(ref) FROM temp.touched", "atf-trace:T1");
    ck_done(store_show_copies(store, &error), error);
    ck_answer(db, "SELECT group_concat(record) FROM firearms WHERE rds_key = '27499999'",
              "atf-trace:T1");
    ck_answer(db, "SELECT group_concat(record) FROM firearms WHERE make = 'OTHER'", "atf-trace:T1");
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record = 'atf-trace:T1'", "1");
    ck_answer(db, "SELECT count(*) = (SELECT count(*) FROM main.firearms) FROM firearms", "1");
    ck_answer(db, "SELECT NOT EXISTS (SELECT * FROM buyers EXCEPT SELECT * FROM main.buyers)", "1");
    ck_done(store_drop_scope(store, &error), error);
    ck_done(store_drop_copies(store, &error), error);
    store_rollback(store);
}
END_TEST

static void show(ScopeKind kind, const char *rules)
{
    GError *error = NULL;
    const ScopeAsk ask = {.kind = kind, .rules = rules, .hub = 10};
    ck_done(store_widen_scope(store, &ask, &error), error);
    ck_done(store_copy_scope(store, &ask, &error), error);
}

static void add_ref(const char *ref, gpointer text)
{
    g_string_append_printf(text, "%s ", ref);
}

/* The views show the scope alone, or with all of its dealers. */
START_TEST(test_scope)
{
    static const char rules[] = "SELECT record FROM Purchases, Recoveries";
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, (gpointer) "atf-trace:T1");
    ck_assert(store_begin(store, NULL));
    ck_done(store_set_scope(store, refs, refs->len, &error), error);
    ck_done(store_renew_copies(store, NULL, &rows, &error), error);
    show(SCOPE_RELATED, rules);
    ck_answer(db, "SELECT group_concat(record) FROM purchases", "atf-trace:T1");
    ck_answer(db, "SELECT count(*) FROM firearms", "1");
    show(SCOPE_DEALER, rules);
    ck_answer(db, "SELECT count(*) FROM purchases", "2");
    g_autoptr(GString) wide = g_string_new(NULL);
    store_visit_wide(store, add_ref, wide);
    ck_assert_str_eq(wide->str, "atf-trace:T1 atf-trace:T3 ");
    ck_assert(store_is_wide(store, "atf-trace:T3") && !store_is_wide(store, "cbsa-seizure:S1"));
    show(SCOPE_IDENTIFIER, rules);
    ck_answer(db, "SELECT group_concat(record) FROM purchases", "atf-trace:T1");
    ck_done(store_drop_scope(store, &error), error);
    ck_answer(db, "SELECT count(*) FROM temp.sqlite_schema WHERE name NOT LIKE 'sqlite%'", "0");
    ck_assert(store_commit(store, NULL));
}
END_TEST

START_TEST(test_fields_are_columns)
{
    static const char columns[] =
#define COLUMN(id, name) name ","
#define PACKED(id, name)
#include "engine/store/fields.def"
        "packed";
#undef COLUMN
#undef PACKED
    GString *names = g_string_new(NULL);
    ck_answer(db,
              "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('record')"
              " WHERE cid >= 8 ORDER BY cid)",
              columns);
    for (int i = 0; i < MENTION_COUNT; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                               mention_field_name((MentionField)i));
    ck_answer(db,
              "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('mention')"
              " WHERE cid >= 2 ORDER BY cid)",
              names->str);
    g_string_free(names, TRUE);
}
END_TEST

/* One row a line; what the views say of the story. */
static const struct {
    const char *sql, *answer;
} ROWS[] = {
    {"SELECT group_concat(record, ' ') FROM (SELECT record FROM firearms ORDER BY record)",
     "atf-trace:T1 atf-trace:T2 atf-trace:T3 cbsa-seizure:S1/1"},
    {"SELECT group_concat(firearm, ' ') FROM (SELECT firearm FROM firearms ORDER BY record)",
     "atf-trace:T1 atf-trace:T1 atf-trace:T3 atf-trace:T1"},
    {"SELECT group_concat(handgun) FROM (SELECT handgun FROM firearms ORDER BY record)", "1,0,0,0"},
    {"SELECT group_concat(ifnull(case_no, '-')) FROM (SELECT * FROM firearms ORDER BY record)",
     "-,C-9,-,S1"},
    {"SELECT group_concat(record, ' ') FROM (SELECT record FROM purchases ORDER BY record)",
     "atf-trace:T1 atf-trace:T3"},
    {"SELECT recovered_record || recovered_date || recovered_country || ttc_days || person || last"
     " FROM purchases WHERE record = 'atf-trace:T1'",
     "cbsa-seizure:S1/12020-03-02CAN30atf-trace:T1:purchaserSMITH"},
    {"SELECT recovered_record IS NULL AND ttc_days IS NULL AND person IS NULL FROM purchases"
     " WHERE record = 'atf-trace:T3'",
     "1"},
    {"SELECT record || date || case_no FROM recoveries", "atf-trace:T22019-06-01C-9"},
    {"SELECT record || date || traveller FROM seizures",
     "cbsa-seizure:S1/12020-03-02atf-trace:T1:purchaser"},
    {"SELECT group_concat(mention, ' ') FROM (SELECT mention FROM people ORDER BY mention)",
     "atf-trace:T1:associate2 atf-trace:T1:possessor atf-trace:T1:purchaser"
     " cbsa-seizure:S1/1:consignee cbsa-seizure:S1/1:traveller"},
    {"SELECT role || ifnull(person, '-') FROM people WHERE mention = 'atf-trace:T1:associate2'",
     "associate-"},
    {"SELECT rds_key || name || traces || listed FROM dealers", "27400001SYNTHETIC ARMS2Y"},
};

START_TEST(test_rows)
{
    ck_answer(db, ROWS[_i].sql, ROWS[_i].answer);
}
END_TEST

/* Queries as rules write them: no table is scanned but the one that drives, at most once. */
static const struct {
    const char *sql;
    int scans;
} PLANS[] = {
    {"SELECT * FROM purchases WHERE person = 'x'", 0},
    {"SELECT * FROM purchases WHERE record = 'x'", 0},
    {"SELECT * FROM purchases WHERE firearm = 'x'", 0},
    {"SELECT * FROM purchases WHERE rds_key = 'x'", 0},
    {"SELECT * FROM seizures WHERE traveller = 'x'", 0},
    {"SELECT * FROM seizures WHERE record = 'x'", 0},
    {"SELECT * FROM recoveries WHERE firearm = 'x'", 0},
    {"SELECT * FROM people WHERE person = 'x'", 0},
    {"SELECT * FROM people WHERE record = 'x'", 0},
    {"SELECT * FROM firearms WHERE record = 'x'", 0},
    {"SELECT * FROM markers WHERE record = 'x'", 0},
    {"SELECT * FROM edges WHERE \"left\" = 'x'", 0},
    {"SELECT * FROM links WHERE \"right\" = 'x'", 0},
    {"SELECT a.record FROM purchases a JOIN purchases b ON b.person = a.person", 1},
    {"SELECT a.record FROM purchases a JOIN purchases b ON b.person = a.person"
     " AND b.rds_key = a.rds_key AND b.record > a.record",
     1},
    {"SELECT s.record FROM seizures s JOIN purchases p ON p.firearm = s.firearm", 1},
    {"SELECT s.record FROM seizures s JOIN recoveries p ON p.possessor = s.traveller", 1},
    {"SELECT p.record FROM purchases p JOIN markers m ON m.record = p.record", 1},
    {"SELECT s.record FROM seizures s JOIN links l ON l.\"left\" = s.record"
     " JOIN purchases p ON p.record = l.\"right\"",
     1},
};

START_TEST(test_plans)
{
    g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", PLANS[_i].sql, NULL);
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    int scans = 0;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(stmt, 3);
        scans += g_str_has_prefix(line, "SCAN") && strcmp(line, "SCAN dealers") != 0;
        ck_assert_msg(strstr(line, "AUTOMATIC") == NULL, "%s: %s", PLANS[_i].sql, line);
    }
    sqlite3_finalize(stmt);
    ck_assert_msg(scans == PLANS[_i].scans, "%s: %d scans", PLANS[_i].sql, scans);
}
END_TEST

/* Both statements of store_visit walk indexes in order: nothing is sorted. */
START_TEST(test_visit_plan)
{
    sqlite3_stmt *stmt = NULL;
    const char *sql = "EXPLAIN QUERY PLAN SELECT m.role FROM record r CROSS JOIN mention m"
                      " ON m.record_id = r.record_id ORDER BY r.ref, m.role";
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        ck_assert_ptr_null(strstr((const char *)sqlite3_column_text(stmt, 3), "TEMP B-TREE"));
    sqlite3_finalize(stmt);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/views");
    TCase *tests = tcase_create("views");
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_loop_test(tests, test_columns, 0, G_N_ELEMENTS(VIEWS));
    tcase_add_test(tests, test_copies);
    tcase_add_test(tests, test_scope);
    tcase_add_test(tests, test_columns_asked_for);
    tcase_add_test(tests, test_changed_rows);
    tcase_add_test(tests, test_fields_are_columns);
    tcase_add_loop_test(tests, test_rows, 0, G_N_ELEMENTS(ROWS));
    tcase_add_loop_test(tests, test_plans, 0, G_N_ELEMENTS(PLANS));
    tcase_add_test(tests, test_visit_plan);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
