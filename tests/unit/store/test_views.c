/*
 * The documented views: their columns are a contract, their rows those of a small made-up story,
 * and their plans never scan a table where an index answers.
 */
#include "engine/base/code.h"
#include "engine/record/codes.h"
#include "tests/unit/store/story.h"

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

START_TEST(test_fields_are_columns)
{
    static const char columns[] =
#define COLUMN(id, name) name ","
#define PACKED(id, name)
#include "engine/record/fields.def"
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

/* The views know some codes by themselves: the same as the program. */
static void ck_code(const char *set, const char *code, const char *sql, gboolean wanted)
{
    g_autofree char *update = g_strdup_printf("UPDATE record SET %s", set);
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(db, update, -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, code, -1, SQLITE_TRANSIENT);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    ck_answer(db, sql, wanted ? "1" : "0");
}

static void ck_type(const char *code, gpointer data)
{
    (void)data;
    ck_code("firearm_type = ? WHERE ref = 'atf-trace:T3'", code,
            "SELECT handgun FROM firearms WHERE record = 'atf-trace:T3'", type_is_handgun(code));
    ck_answer(db, "SELECT handgun FROM purchases WHERE record = 'atf-trace:T3'",
              type_is_handgun(code) ? "1" : "0");
}

static void ck_disposition(const char *code, gpointer data)
{
    (void)data;
    ck_code("disposition = ? WHERE ref = 'atf-trace:T3'", code,
            "SELECT count(*) FROM purchases WHERE record = 'atf-trace:T3'",
            !disposition_is_theft(code));
}

START_TEST(test_codes)
{
    static const char *const events[] = {"SEIZED", "RECOVERED", "STOLEN", "LOST", "SOLD"};
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) codes = code_tables_load("rules", &error);
    ck_done(codes != NULL, error);
    ck_assert_int_eq(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    code_visit(code_table(codes, "dispositions"), ck_disposition, NULL);
    ck_disposition(NULL, NULL);
    code_visit(code_table(codes, "firearm_types"), ck_type, NULL);
    ck_type(NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        ck_code("event_type = ? WHERE ref = 'cbsa-seizure:S1/1'", events[i],
                "SELECT count(*) FROM seizures", event_is_seizure(events[i]));
        ck_answer(
            db, "SELECT recovered_record IS NOT NULL FROM purchases WHERE record = 'atf-trace:T1'",
            event_is_find(events[i]) ? "1" : "0");
        ck_answer(db, "SELECT count(*) FROM recoveries WHERE record LIKE 'cbsa%'",
                  event_is_find(events[i]) && !event_is_seizure(events[i]) ? "1" : "0");
    }
    ck_assert_int_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
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
    tcase_add_test(tests, test_fields_are_columns);
    tcase_add_loop_test(tests, test_rows, 0, G_N_ELEMENTS(ROWS));
    tcase_add_test(tests, test_codes);
    tcase_add_loop_test(tests, test_plans, 0, G_N_ELEMENTS(PLANS));
    tcase_add_test(tests, test_visit_plan);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
