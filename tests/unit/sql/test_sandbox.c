/*
 * The sandbox refuses what it must and lets pass what rules and analysts need. Hostile statements
 * run against a store with a secret in its base tables; none may answer, write or make a file.
 */
#include <string.h>

#include <sqlite3.h>

#include "engine/sql/sql.h"
#include "engine/store/put.h"
#include "tests/unit/sql/scratch.h"

static Scratch scratch;

typedef struct {
    guint rows, columns;
    GString *text; /* all cells of all rows, each ended by '|' */
} Seen;

static gboolean seen_begin(RowSink *sink, G_GNUC_UNUSED const Column *columns, guint n,
                           G_GNUC_UNUSED GError **error)
{
    ((Seen *)sink->data)->columns = n;
    return TRUE;
}

static gboolean seen_row(RowSink *sink, const char *const *cells, G_GNUC_UNUSED GError **error)
{
    Seen *seen = sink->data;
    seen->rows++;
    for (guint i = 0; i < seen->columns; i++)
        g_string_append_printf(seen->text, "%s|", cells[i] ? cells[i] : "NULL");
    return TRUE;
}

static gboolean query(const char *sql, const SqlOptions *options, Seen *seen, GError **error)
{
    RowSink sink = {.begin = seen_begin, .row = seen_row, .data = seen};
    *seen = (Seen){.text = g_string_new(NULL)};
    return sql_query(scratch.store, sql, options, &sink, error);
}

static void put_record(const char *ref, const char *serial)
{
    g_autoptr(Record) record = record_new("atf-trace");
    g_autoptr(GError) error = NULL;
    StoreFile file = {.sha256 = ref,
                      .name = "s.csv",
                      .kind = "atf-trace",
                      .profile = "atf-trace",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "h",
                      .loaded_at = "2023-01-01"};
    PutResult result;
    ck_assert(store_begin(scratch.store, NULL));
    ck_assert_msg(store_add_file(scratch.store, &file, &error), "%s", error ? error->message : "");
    record->ref = g_strdup(ref);
    record->file_id = file.file_id;
    record->line = 2;
    record_take(record, FIELD_SERIAL_CANONICAL, g_strdup(serial));
    record_take(record, FIELD_EVENT_TYPE, g_strdup("RECOVERED"));
    record_take(record, FIELD_REMARKS, g_strdup("SECRET"));
    record_seal(record);
    ck_assert_msg(store_put(scratch.store, record, &result, &error), "%s",
                  error ? error->message : "");
    ck_assert(store_put_firearm(scratch.store, ref, ref, NULL));
    ck_assert(store_commit(scratch.store, NULL));
}

static void setup(void)
{
    scratch_open(&scratch);
    put_record("atf-trace:T1", "ABC123");
    put_record("atf-trace:T2", "ABC124");
}

static void teardown(void)
{
    scratch_close(&scratch);
}

static const char *const hostile[] = {
    /* base tables, in every way that names them */
    "SELECT * FROM record",
    "SELECT remarks FROM main.record",
    "SELECT count(*) FROM record",
    "SELECT 1 FROM raw",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM raw)",
    "SELECT (SELECT raw FROM raw)",
    "SELECT count(*) FROM main.firearms", /* the view before anything was hidden */
    "SELECT * FROM sqlite_master",
    "SELECT sql FROM sqlite_schema",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT * FROM sqlite_temp_master",
    "SELECT f.record FROM firearms f JOIN record r ON r.ref = f.record",
    "SELECT record FROM firearms UNION ALL SELECT raw FROM raw",
    "SELECT record FROM firearms WHERE record IN (SELECT raw FROM raw)",
    "SELECT record FROM firearms WHERE record IN raw",
    "WITH firearms AS (SELECT * FROM record) SELECT * FROM firearms",
    "WITH firearms AS (SELECT remarks FROM record) SELECT remarks, (SELECT count(*) FROM "
    "main.firearms) FROM firearms",
    "WITH x AS (WITH people AS (SELECT raw FROM raw) SELECT * FROM people) SELECT * FROM x",
    "SELECT * FROM (WITH \"links\" AS (SELECT raw FROM raw) SELECT * FROM \"links\")",
    "SELECT * FROM (SELECT raw FROM raw) AS firearms",
    "SELECT firearms.* FROM raw AS firearms",
    "WITH RECURSIVE purchases(x) AS (SELECT raw FROM raw UNION ALL SELECT x FROM purchases) "
    "SELECT * FROM purchases",
    "SELECT record, (SELECT count(*) FROM judgement) FROM firearms",
    "SELECT * FROM pragma_table_info('record')",
    "SELECT count(*) FROM pragma_database_list",
    "SELECT 1 FROM dbstat",
    "SELECT 1 FROM sqlite_stmt",
    "TABLE record",
    /* writes */
    "INSERT INTO record(ref) VALUES('x')",
    "INSERT INTO firearms VALUES(1)",
    "UPDATE record SET remarks = ''",
    "DELETE FROM record",
    "REPLACE INTO meta VALUES('a', 'b')",
    "WITH x AS (SELECT 1) DELETE FROM record",
    "DROP TABLE record",
    "DROP VIEW firearms",
    "CREATE TABLE x(a)",
    "CREATE TEMP TABLE x(a)",
    "CREATE VIEW x AS SELECT 1",
    "CREATE TEMP VIEW firearms AS SELECT raw FROM raw",
    "CREATE TRIGGER t AFTER INSERT ON record BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE x USING fts5(a)",
    "CREATE INDEX i ON record(ref)",
    "ALTER TABLE record RENAME TO x",
    "DELETE FROM record RETURNING ref",
    "INSERT INTO meta VALUES('a', 'b') RETURNING key",
    "ANALYZE",
    "REINDEX",
    "VACUUM",
    "VACUUM INTO '%s/stolen.db'",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT x",
    /* other databases and settings */
    "ATTACH '%s/stolen.db' AS x",
    "DETACH main",
    "PRAGMA query_only",
    "PRAGMA writable_schema = 1",
    "PRAGMA table_info(record)",
    "EXPLAIN SELECT record FROM firearms",
    "EXPLAIN QUERY PLAN SELECT record FROM firearms",
    /* functions that reach out, eat memory or know the time */
    "SELECT load_extension('x')",
    "SELECT printf('%%99999999d', 1)",
    "SELECT format('%%d', 1)",
    "SELECT randomblob(100)",
    "SELECT zeroblob(1000000000)",
    "SELECT random()",
    "SELECT date('now')",
    "SELECT datetime()",
    "SELECT julianday('now')",
    "SELECT strftime('%%s', 'now')",
    "SELECT CURRENT_TIMESTAMP",
    "SELECT sqlite_version()",
    "SELECT fts3_tokenizer('x')",
    "SELECT writefile('%s/stolen.txt', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x')",
    "SELECT last_insert_rowid()",
    "SELECT changes()",
    /* more than one statement, or none */
    "SELECT 1; SELECT 2",
    "SELECT 1; DELETE FROM record",
    "SELECT 1;;; DROP TABLE record",
    "SELECT 1 /* */ ; /* */ PRAGMA user_version = 0",
    "SELECT 1; nonsense",
    "",
    ";",
    "-- only a comment",
    /* parameters without a name, texts that are no names */
    "SELECT ?",
    "SELECT ?7",
    "SELECT @x",
    "SELECT \"no such column\" FROM firearms",
    "SELECT nonsense FROM firearms",
    "SELECT",
};

START_TEST(refuses_hostile)
{
    guint files = scratch_files(&scratch);
    g_autofree char *before = store_data_hash(scratch.store, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_auto(GStrv) parts = g_strsplit(hostile[i], "%s", -1);
        g_autofree char *sql = g_strjoinv(scratch.folder, parts);
        g_autoptr(GError) error = NULL;
        Seen seen;
        ck_assert_msg(!query(sql, NULL, &seen, &error), "not refused: %s", sql);
        ck_assert_msg(error_status(error) == STATUS_USAGE, "%s: %s", sql, error->message);
        ck_assert_msg(seen.rows == 0, "answered: %s", sql);
        g_string_free(seen.text, TRUE);
        g_auto(SqlShape) shape = {0};
        ck_assert(!sql_describe(scratch.store, NULL, sql, &shape, NULL));
    }
    ck_assert_uint_eq(scratch_files(&scratch), files);
    g_autofree char *after = store_data_hash(scratch.store, NULL);
    ck_assert_str_eq(before, after);
}
END_TEST

static const struct {
    const char *sql, *text;
} legitimate[] = {
    {"SELECT record FROM firearms ORDER BY record", "atf-trace:T1|atf-trace:T2|"},
    {"SELECT count(*) FROM firearms", "2|"},
    {"SELECT count(*) FROM firearms;", "2|"},
    {"SELECT 1 FROM firearms LIMIT 1", "1|"},
    {"SELECT f.serial FROM firearms AS f WHERE f.record = 'atf-trace:T2'", "ABC124|"},
    {"SELECT count(*) FROM recoveries r JOIN firearms f ON f.record = r.record", "2|"},
    {"SELECT count(*) FROM seizures, people, dealers, links, markers, edges, purchases", "0|"},
    {"WITH x AS (SELECT serial FROM firearms) SELECT count(*) FROM x", "2|"},
    {"WITH x AS MATERIALIZED (SELECT serial FROM firearms) SELECT max(serial) FROM x", "ABC124|"},
    {"WITH firearms AS (SELECT 7 AS seven) SELECT seven FROM firearms", "7|"},
    {"WITH record AS (SELECT 5 AS n) SELECT n FROM record", "5|"},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) "
     "SELECT sum(i) FROM n",
     "15|"},
    {"SELECT lag(serial) OVER (ORDER BY serial) FROM firearms", "NULL|ABC123|"},
    {"SELECT min(record) OVER w FROM firearms WINDOW w AS (ORDER BY date_days(event_date) "
     "RANGE BETWEEN :x - 1 PRECEDING AND :x FOLLOWING)",
     "atf-trace:T1|atf-trace:T1|"},
    {"SELECT :x + 1, :name", "6|O'Neill|"},
    {"SELECT business_days('2023-06-16', '2023-06-20')", "1|"},
    {"SELECT group_concat(serial, ';') FROM (SELECT serial FROM firearms ORDER BY serial)",
     "ABC123;ABC124|"},
    {"SELECT value FROM json_each('[1,2]')", "1|2|"},
    {"SELECT record FROM firearms WHERE serial LIKE 'abc%3' /* one */", "atf-trace:T1|"},
    {"SELECT record FROM firearms INTERSECT SELECT record FROM recoveries ORDER BY 1 DESC",
     "atf-trace:T2|atf-trace:T1|"},
    {"SELECT (record, 'x') IN (SELECT record, 'x' FROM firearms) FROM recoveries", "1|1|"},
    {"SELECT upper(trim(' a ')) || round(2.5) || substr('abc', 2, 1) ; -- end", "A3.0b|"},
    {"VALUES (1), (2)", "1|2|"},
    {"SELECT \"left\", tier FROM links", ""},
    {"SELECT CASE WHEN handgun THEN 'h' ELSE iif(make IS NULL, '-', make) END FROM firearms",
     "-|-|"},
};

START_TEST(answers_legitimate)
{
    SqlParameter parameters[] = {{.name = "x", .value = 5, .number = TRUE},
                                 {.name = "name", .text = "O'Neill"}};
    SqlOptions options = {.parameters = parameters, .n_parameters = 2};
    for (guint i = 0; i < G_N_ELEMENTS(legitimate); i++) {
        g_autoptr(GError) error = NULL;
        Seen seen;
        gboolean ok = query(legitimate[i].sql, &options, &seen, &error);
        ck_assert_msg(ok, "%s: %s", legitimate[i].sql, error ? error->message : "");
        ck_assert_msg(strcmp(seen.text->str, legitimate[i].text) == 0, "%s: %s", legitimate[i].sql,
                      seen.text->str);
        g_string_free(seen.text, TRUE);
    }
}
END_TEST

START_TEST(stops_over_budget)
{
    const char *endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                          "SELECT count(*) FROM n";
    SqlOptions options = {.seconds = 0.05};
    g_autoptr(GError) error = NULL;
    Seen seen;
    gint64 start = g_get_monotonic_time();
    ck_assert(!query(endless, &options, &seen, &error));
    ck_assert_int_eq(error_status(error), STATUS_TRY_AGAIN);
    ck_assert(g_get_monotonic_time() - start < 60 * G_USEC_PER_SEC); /* it would have no end */
    g_string_free(seen.text, TRUE);
    ck_assert(query("SELECT 1", NULL, &seen, NULL)); /* nothing is left behind */
    g_string_free(seen.text, TRUE);
}
END_TEST

START_TEST(stops_at_the_same_work)
{
    guint64 taken[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        SqlOptions options = {.steps = 50000, .steps_taken = &taken[i]};
        g_autoptr(GError) error = NULL;
        Seen seen;
        ck_assert(!query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                         "SELECT count(*) FROM n",
                         &options, &seen, &error));
        ck_assert_int_eq(error_status(error), STATUS_TRY_AGAIN);
        g_string_free(seen.text, TRUE);
    }
    ck_assert_uint_eq(taken[0], taken[1]);
    ck_assert_uint_eq(taken[0], 51000);
}
END_TEST

START_TEST(limits_rows_and_sizes)
{
    SqlOptions options = {.max_rows = 1};
    Seen seen;
    ck_assert(query("SELECT record FROM firearms", &options, &seen, NULL));
    ck_assert_uint_eq(seen.rows, 1);
    g_string_free(seen.text, TRUE);
    g_autoptr(GString) deep = g_string_new("SELECT ");
    for (guint i = 0; i < 300; i++)
        g_string_append(deep, "(1+");
    g_string_append(deep, "1");
    for (guint i = 0; i < 300; i++)
        g_string_append_c(deep, ')');
    ck_assert(!query(deep->str, NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    g_autoptr(GString) great = g_string_new("SELECT length('");
    for (guint i = 0; i < 200000; i++)
        g_string_append_c(great, 'x');
    g_string_append(great, "')");
    ck_assert(!query(great->str, NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    ck_assert(
        !query("SELECT length(replace(replace(hex('0123456789'), '3', hex('0123456789')), "
               "'3', replace(hex('01234567890123456789'), '3', "
               "'0123456789012345678901234567890123456789'))) FROM (SELECT 1) "
               "WHERE length(replace(replace(replace(replace('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
               "aaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
               "),'a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),'a','aaaaaaaaaaaa')) > 0",
               NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
}
END_TEST

START_TEST(needs_every_parameter)
{
    g_autoptr(GError) error = NULL;
    Seen seen;
    ck_assert(!query("SELECT :nobody", NULL, &seen, &error));
    ck_assert_ptr_nonnull(strstr(error->message, ":nobody"));
    g_string_free(seen.text, TRUE);
}
END_TEST

START_TEST(leaves_the_store_usable)
{
    Seen seen;
    ck_assert(query("SELECT count(*) FROM firearms", NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    ck_assert(!query("DELETE FROM record", NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    put_record("atf-trace:T3", "ABC125"); /* writes again: guard and limits are gone */
    ck_assert(query("SELECT count(*) FROM firearms", NULL, &seen, NULL));
    ck_assert_str_eq(seen.text->str, "3|");
    g_string_free(seen.text, TRUE);
}
END_TEST

START_TEST(tells_columns)
{
    g_auto(SqlShape) shape = {0};
    const char *sql = "SELECT record AS a, serial FROM firearms WHERE make = :make";
    ck_assert(sql_describe(scratch.store, NULL, sql, &shape, NULL));
    ck_assert_uint_eq(g_strv_length(shape.columns), 2);
    ck_assert_str_eq(shape.columns[0], "a");
    ck_assert_str_eq(shape.columns[1], "serial");
    ck_assert_uint_eq(g_strv_length(shape.parameters), 1);
    ck_assert_str_eq(shape.parameters[0], "make");
}
END_TEST

/* What is set up for a store once is no longer good when a view has become another. */
START_TEST(sees_a_view_that_changed)
{
    Seen seen;
    ck_assert(query("SELECT count(*) FROM dealers", NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    ck_assert(!query("SELECT novel FROM dealers", NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
    ck_assert_int_eq(sqlite3_exec(store_handle(scratch.store),
                                  "DROP VIEW dealers; CREATE VIEW dealers AS SELECT 7 AS novel",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    ck_assert(query("SELECT novel FROM dealers", NULL, &seen, NULL));
    ck_assert_str_eq(seen.text->str, "7|");
    g_string_free(seen.text, TRUE);
    ck_assert(!query("SELECT count(*) FROM record", NULL, &seen, NULL));
    g_string_free(seen.text, TRUE);
}
END_TEST

static gboolean reads(GHashTable *columns, const char *name)
{
    return g_hash_table_contains(columns, name);
}

/* Whatever way a column is read, it is told of, and as the view spells it. */
START_TEST(tells_what_is_read)
{
    static const char sql[] =
        "WITH people AS (SELECT SERIAL AS phone FROM Firearms)"
        " SELECT count(*), max(phone), (SELECT min(tier) FROM links l JOIN markers m"
        " ON m.record = l.\"left\") FROM people WHERE EXISTS (SELECT * FROM buyers)";
    g_autoptr(GHashTable) columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ck_assert(sql_reads(scratch.store, NULL, sql, columns, NULL));
    ck_assert(reads(columns, "firearms.serial") && reads(columns, "links.tier"));
    ck_assert(reads(columns, "links.left") && reads(columns, "markers.record"));
    ck_assert(reads(columns, "buyers.person") && reads(columns, "buyers.last_date"));
    ck_assert(!reads(columns, "firearms.make") && !reads(columns, "markers.excerpt"));
    ck_assert(!sql_reads(scratch.store, NULL, "SELECT 1 FROM record", columns, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sandbox");
    TCase *tcase = tcase_create("sandbox");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, refuses_hostile);
    tcase_add_test(tcase, tells_what_is_read);
    tcase_add_test(tcase, sees_a_view_that_changed);
    tcase_add_test(tcase, answers_legitimate);
    tcase_add_test(tcase, stops_over_budget);
    tcase_add_test(tcase, stops_at_the_same_work);
    tcase_add_test(tcase, limits_rows_and_sizes);
    tcase_add_test(tcase, needs_every_parameter);
    tcase_add_test(tcase, leaves_the_store_usable);
    tcase_add_test(tcase, tells_columns);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
