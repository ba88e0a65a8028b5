/*
 * `query`: hostile statements are refused or stopped and leave no trace on disk, legitimate ones
 * answer, what rests on a confidential source is not there, and every saved query runs.
 */
#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/sql/apart.h"
#include "tests/unit/cli/hostile.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"

static char *dir, *store;

static void set_up(void)
{
    dir = story_new(NULL);
    store = g_build_filename(dir, "crosstrace.db", NULL);
}

static void tear_down(void)
{
    g_free(store);
    folder_remove(dir);
}

/* ---- one query -------------------------------------------------------------------------- */

typedef struct {
    guint rows, columns;
    GString *text; /* all cells of all rows, each ended by '|' */
} Seen;

static gboolean seen_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    Seen *seen = sink->data;
    (void)error;
    seen->columns = n;
    ck_assert_str_eq(columns[n - 1].name, "handling");
    return TRUE;
}

static gboolean seen_row(RowSink *sink, const char *const *cells, GError **error)
{
    Seen *seen = sink->data;
    (void)error;
    seen->rows++;
    for (guint i = 0; i < seen->columns; i++)
        g_string_append_printf(seen->text, "%s|", cells[i] ? cells[i] : "NULL");
    return TRUE;
}

static gboolean seen_end(RowSink *sink, GError **error)
{
    (void)sink;
    (void)error;
    return TRUE;
}

#define STEPS 3000000 /* stops what is endless sooner than its second of processor time */

static gboolean query_within(guint64 steps, const char *sql, Seen *seen, GError **error)
{
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new("rules");
    const SqlOptions options = {.knowledge = knowledge, .steps = steps};
    const ApartLimits limits = {1, 32u << 20};
    RowSink sink = {seen_begin, seen_row, seen_end, seen};
    *seen = (Seen){.text = g_string_new(NULL)};
    return sql_query_apart(store, sql, &options, &limits, &sink, error);
}

static gboolean query(const char *sql, Seen *seen, GError **error)
{
    return query_within(STEPS, sql, seen, error);
}

/* Names and contents of the folder; what readers share of the log is no file of anybody. */
static char *snapshot(void)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
    for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder)) {
        g_autofree char *path = g_build_filename(dir, name, NULL), *bytes = NULL;
        gsize length = 0;
        if (g_str_has_suffix(name, "-shm") || !g_file_get_contents(path, &bytes, &length, NULL))
            continue;
        g_autofree char *hash = text_sha256(bytes, (gssize)length);
        g_ptr_array_add(lines, g_strdup_printf("%s %s", name, hash));
    }
    g_ptr_array_sort(lines, text_compare);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

/* ---- the reader's lock ------------------------------------------------------------------ */

#define SHARED_FIRST  0x40000002 /* of the bytes that readers of an SQLite database lock */
#define SHARED_LENGTH 510

/* Asked of the process that reads the store, as a writer's own SQLite would. */
static void expect_shared_lock(void)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHARED_FIRST, .l_len = SHARED_LENGTH};
    int file = open(store, O_RDWR);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(fcntl(file, F_GETLK, &lock), 0);
    close(file);
    ck_assert_msg(lock.l_type == F_RDLCK, "who reads the store has no lock on it: %d", lock.l_type);
}

static gboolean locked_row(RowSink *sink, const char *const *cells, GError **error)
{
    if (((Seen *)sink->data)->rows == 0)
        expect_shared_lock();
    return seen_row(sink, cells, error);
}

/* A writer that ends as the last one moves its log into the store, unless somebody reads it. The
 * answer is more than a pipe takes: when its first row is here its last one is not made. */
START_TEST(who_asks_keeps_the_lock)
{
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new("rules");
    const SqlOptions options = {.knowledge = knowledge};
    const ApartLimits limits = {60, 32u << 20};
    Seen seen = {.text = g_string_new(NULL)};
    RowSink sink = {seen_begin, locked_row, seen_end, &seen};
    ck_assert(sql_query_apart(store,
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                              "LIMIT 3000) SELECT i, hex(hex('so long that the pipe is full of it "
                              "long before the answer has its end')) FROM n",
                              &options, &limits, &sink, NULL));
    ck_assert_uint_eq(seen.rows, 3000);
    g_string_free(seen.text, TRUE);
}
END_TEST

/* ---- hostile ---------------------------------------------------------------------------- */

static void refuse(const char *sql)
{
    g_autoptr(GError) error = NULL;
    Seen seen;
    gboolean ok = query(sql, &seen, &error);
    ck_assert_msg(!ok && error, "not refused: %s", sql);
    int status = (int)error_status(error);
    ck_assert_msg(status == STATUS_USAGE || status == STATUS_TRY_AGAIN || status == STATUS_MEMORY,
                  "%s: %d %s", sql, status, error->message);
    ck_assert_msg(seen.rows == 0, "answered: %s", sql);
    g_string_free(seen.text, TRUE);
}

/* Deep expressions, long lists, many columns, many tables: told before they are prepared in full.
 */
static void refuse_nested(guint n)
{
    static const struct {
        const char *head, *part, *tail;
        guint times;
    } nests[] = {{"SELECT ", "(", "1", 5000},
                 {"SELECT 1", " + 1", "", 20000},
                 {"SELECT 1", ", 1", "", 30000},
                 {"SELECT 1 WHERE 1 IN (1", ", 1", ")", 100000},
                 {"SELECT 1", " UNION ALL SELECT 1", "", 2000},
                 {"SELECT 1 FROM firearms", ", firearms", "", 100},
                 {"SELECT ", "(SELECT ", "1", 1000},
                 {"SELECT ", "abs(", "1", 3000}};
    for (guint i = 0; i < G_N_ELEMENTS(nests); i++, n++) {
        g_autoptr(GString) sql = g_string_new(nests[i].head);
        for (guint k = 0; k < nests[i].times; k++)
            g_string_append(sql, nests[i].part);
        g_string_append(sql, nests[i].tail);
        for (guint k = 0; strchr(nests[i].part, '(') && k < nests[i].times; k++)
            g_string_append_c(sql, ')');
        refuse(sql->str);
    }
    ck_assert_uint_ge(n, 250);
}

START_TEST(hostile_statements_are_refused)
{
    g_free(program_output(dir, "stats")); /* any reader of a store leaves an empty log beside it */
    g_autofree char *before = snapshot();
    guint n = 0;
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        for (guint k = 0; k < G_N_ELEMENTS(forms); k++, n++) {
            g_auto(GStrv) parts = g_strsplit(forms[k], "%s", 2);
            g_autofree char *sql = g_strjoinv(tables[i], parts);
            refuse(sql);
        }
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++, n++)
        refuse(hostile[i]);
    refuse_nested(n);
    g_autofree char *after = snapshot();
    ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(time_runs_out)
{
    g_autoptr(GError) error = NULL;
    Seen seen;
    ck_assert(!query_within(0,
                            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                            "SELECT sum(x) FROM c",
                            &seen, &error));
    ck_assert_int_eq(error_status(error), STATUS_TRY_AGAIN);
    g_string_free(seen.text, TRUE);
}
END_TEST

/* ---- confidential ----------------------------------------------------------------------- */

START_TEST(confidential_is_not_there)
{
    static const char *const views[] = {"firearms", "purchases", "buyers", "recoveries", "seizures",
                                        "people",   "dealers",   "links",  "markers",    "edges"};
    for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", views[i]);
        g_autoptr(GError) error = NULL;
        Seen seen;
        ck_assert_msg(query(sql, &seen, &error), "%s: %s", sql, error ? error->message : "");
        ck_assert_msg(!strstr(seen.text->str, SECRET_KEY), "%s: %s", sql, seen.text->str);
        g_string_free(seen.text, TRUE);
    }
}
END_TEST

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"

static const struct {
    const char *sql, *text;
} legitimate[] = {
    {"SELECT record FROM firearms ORDER BY record LIMIT 1", T1 "|LES|"},
    {"SELECT count(*) FROM firearms", "4|LES; PROTECTED B|"},
    {"SELECT firearm FROM firearms WHERE record = '" T1 "'", T1 "|LES|"},
    {"SELECT DISTINCT person AS mention FROM people", T1 ":purchaser|LES|"},
    {"SELECT purchases, firearms FROM buyers", "2|2|LES; PROTECTED B|"},
    {"SELECT purchase_date FROM purchases WHERE record = '" T1 "'", "2024-03-06|LES; PROTECTED B|"},
    {"SELECT traces, name FROM dealers", "2|LAKE ARMS|LES; PROTECTED B|"},
    {"SELECT \"left\", \"right\", tier FROM links ORDER BY 1 LIMIT 1",
     "cbsa-seizure:4531-24-0001/1|" T1 "|S0|LES; PROTECTED B|"},
    {"SELECT record FROM seizures WHERE item_no = '2'", "cbsa-seizure:4531-24-0001/2|PROTECTED B|"},
    {"SELECT 1 AS one, 'it''s' AS two, NULL AS three", "1|it's|NULL|LES; PROTECTED B|"},
    {"WITH x AS (SELECT serial FROM firearms) SELECT count(DISTINCT serial) FROM x",
     "2|LES; PROTECTED B|"},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) "
     "FROM n",
     "15|LES; PROTECTED B|"},
    {"SELECT count(*) FROM firearms WHERE serial_match('HAA12*', serial)", "4|LES; PROTECTED B|"},
    {"SELECT business_days('2024-03-04', '2024-03-06')", "2|LES; PROTECTED B|"},
    {"SELECT value FROM json_each('[7]')", "7|LES; PROTECTED B|"},
    {"SELECT max(kind) FROM edges WHERE weight > 0.5", "same-firearm|LES; PROTECTED B|"},
    {"SELECT record FROM people WHERE last = 'QUARRELL' ORDER BY 1 DESC LIMIT 1", T2 "|LES|"},
    {"SELECT rank() OVER (ORDER BY record) AS n FROM recoveries LIMIT 1", "1|LES; PROTECTED B|"},
    {"SELECT make_key('S&W') AS make", "SMITH & WESSON|LES; PROTECTED B|"},
    {"SELECT count(*) FROM firearms WHERE make = make_key('smith and wesson')",
     "4|LES; PROTECTED B|"},
    {"SELECT round(name_similarity(last || ', ' || first, 'Dorian Quarel'), 1) FROM people LIMIT 1",
     "0.9|LES; PROTECTED B|"},
    {"SELECT serial_tier('HAA1234', serial) FROM firearms WHERE record = '" T1 "'",
     "S0|LES; PROTECTED B|"},
    {"SELECT DISTINCT serial_key(serial_pattern) FROM firearms ORDER BY 1",
     "HAA1234|LES; PROTECTED B|HAA1235|LES; PROTECTED B|"},
    {"SELECT serial_series(serial), max(serial_number(serial)) FROM firearms GROUP BY 1",
     "HAA#|1235|LES; PROTECTED B|"},
    {"SELECT group_concat(DISTINCT make) FROM firearms", "SMITH & WESSON|LES; PROTECTED B|"},
    {"SELECT substr(date, 1, 7) AS month, count(*) FROM seizures GROUP BY month",
     "2024-05|2|LES; PROTECTED B|"},
    {"SELECT office_name FROM seizures GROUP BY office_name HAVING count(*) > 1",
     "Windsor - Ambassador Bridge|LES; PROTECTED B|"},
    {"SELECT min(ttc_days) FROM purchases", "75|LES; PROTECTED B|"},
    {"SELECT ffl_name, count(DISTINCT person) FROM purchases GROUP BY ffl_name",
     "LAKE ARMS|1|LES; PROTECTED B|"},
    {"SELECT dealer_key('2-31-095-01-5C-04711') = rds_key FROM dealers", "1|LES; PROTECTED B|"},
    {"SELECT address_key FROM people LIMIT 1", "18 ELM ST|TOLEDO|OH|LES; PROTECTED B|"},
    {"SELECT count(*) FROM people WHERE dob LIKE '1991%'", "2|LES; PROTECTED B|"},
    {"SELECT date_similarity(dob, '1991-05-17') FROM people LIMIT 1", "1.0|LES; PROTECTED B|"},
    {"SELECT count(*) FROM links JOIN firearms ON firearms.record = links.\"right\" WHERE "
     "probability > 0.9",
     "2|LES; PROTECTED B|"},
    {"SELECT EXISTS (SELECT 1 FROM markers WHERE category = 'PMF')", "0|LES; PROTECTED B|"},
    {"SELECT coalesce(NULL, 'x'), iif(1 > 2, 'a', 'b'), nullif(1, 1)",
     "x|b|NULL|LES; PROTECTED B|"},
    {"SELECT json_extract('{\"a\": [1, 2]}', '$.a[1]')", "2|LES; PROTECTED B|"},
    {"SELECT sum(n) OVER (ORDER BY n) FROM (SELECT 1 AS n UNION SELECT 2)",
     "1|LES; PROTECTED B|3|LES; PROTECTED B|"},
    {"SELECT count(*) FILTER (WHERE handgun) FROM firearms", "4|LES; PROTECTED B|"},
    {"VALUES (1, 'a')", "1|a|LES; PROTECTED B|"},
    {"SELECT record FROM firearms EXCEPT SELECT record FROM firearms", ""},
    {"SELECT upper('abc') || lower('DEF') || trim('  x ')", "ABCdefx|LES; PROTECTED B|"},
};

START_TEST(legitimate_queries_answer)
{
    for (guint i = 0; i < G_N_ELEMENTS(legitimate); i++) {
        g_autoptr(GError) error = NULL;
        Seen seen;
        ck_assert_msg(query(legitimate[i].sql, &seen, &error), "%s: %s", legitimate[i].sql,
                      error ? error->message : "");
        ck_assert_msg(strcmp(seen.text->str, legitimate[i].text) == 0, "%s: %s", legitimate[i].sql,
                      seen.text->str);
        g_string_free(seen.text, TRUE);
    }
}
END_TEST

/* ---- the command ------------------------------------------------------------------------ */

static const Answer lines[] = {
    {"query 'SELECT record FROM seizures' --limit 1", 0,
     "record,handling\ncbsa-seizure:4531-24-0001/1,PROTECTED B\n", "only the first 1 rows"},
    {"query 'SELECT record FROM seizures' --limit 2", 0, "0001/2,PROTECTED B\n", ""},
    {"query 'SELECT :x AS x' --param x=3 --format ndjson", 0, "{\"x\":3,", ""},
    {"query 'SELECT :x AS x'", 2, "", "parameter ':x' has no value"},
    {"query 'SELECT :x AS x' -p x", 2, "", "--param takes NAME=VALUE, not 'x'"},
    {"query @repeat-buyrs", 2, "", "did you mean 'repeat-buyers'"},
    {"query @serial-like", 2, "", "parameter ':pattern' has no value"},
    {"query @serial-like -p pattern=HAA*", 0, T1, ""},
    {"query --list", 0, "serial-like,\"firearms whose", ""},
    {"query", 2, "", "query takes one SELECT"},
    {"query 'SELECT 1' --timeout 0", 2, "", "--timeout"},
    {"query 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM "
     "t'"
     " --timeout 1",
     75, "", "over its budget (1 s of work, --timeout allows more)"},
    {"query 'SELECT remarks FROM record'", 2, "", "no such table: record"},
    /* a number is one in JSON and no formula in CSV, a text that looks like one is a text */
    {"query \"SELECT count(*) AS n, -2.5 AS d, '-5' AS t FROM seizures\" --format ndjson", 0,
     "{\"n\":2,\"d\":-2.5,\"t\":\"-5\",", ""},
    {"query \"SELECT -5 AS n, '-5' AS t\"", 0, "\n-5,'-5,", ""},
    {"query \"SELECT -5 AS n UNION ALL SELECT '=1+1'\"", 0, "\n-5,", ""},
    {"query \"SELECT -5 AS n UNION ALL SELECT '=1+1'\"", 0, "\n'=1+1,", ""},
    {"query \"SELECT 1 AS a, 2 AS a, 3 AS a_2\" --format ndjson", 0,
     "{\"a\":1,\"a_2\":2,\"a_2_2\":3,", ""},
    {"query \"SELECT 1 AS a, 2 AS A, 3 AS Handling\" --format ndjson", 0,
     "{\"a\":1,\"A_2\":2,\"Handling_2\":3,", ""},
    {"query \"SELECT 1 AS handling\" --format ndjson", 0, "{\"handling_2\":1,\"handling\":", ""},
    {"query \"SELECT 9e999 AS n\" --format ndjson", 0, "{\"n\":\"Inf\",", ""},
    {"query \"SELECT CAST(x'41ff' AS TEXT) AS n\"", 0, "\nA\xef\xbf\xbd,", ""},
    {"query 'SELECT 1 AS n WHERE 0'", 0, "n,handling\n", ""},
};

START_TEST(lines_do_as_they_say)
{
    program_answers(dir, &lines[_i]);
}
END_TEST

START_TEST(every_saved_query_runs)
{
    Ran list = program_run(dir, "query --list");
    g_auto(GStrv) rows = g_strsplit(list.out, "\n", -1);
    guint n = 0;
    for (guint i = 1; rows[i] && *rows[i]; i++, n++) {
        g_autofree char *id = g_strndup(rows[i], strcspn(rows[i], ","));
        g_autofree char *line = g_strdup_printf("query @%s -p pattern=HAA12*", id);
        Ran ran = program_run(dir, line);
        ck_assert_msg(ran.status == 0, "%s: %s", line, ran.err);
        ck_assert_msg(strstr(ran.out, "handling\n") != NULL, "%s: %s", line, ran.out);
        ran_clear(&ran);
    }
    ck_assert_uint_ge(n, 10);
    ran_clear(&list);
}
END_TEST

START_TEST(reads_are_logged_without_their_text)
{
    g_free(program_output(dir, "query \"SELECT record FROM people WHERE last = 'QUARRELL'\""));
    Ran ran = program_run(dir, "audit list");
    ck_assert_ptr_nonnull(strstr(ran.out, "query"));
    ck_assert_ptr_null(strstr(ran.out, "QUARRELL"));
    ran_clear(&ran);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("query");
    TCase *tcase = tcase_create("query");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, hostile_statements_are_refused);
    tcase_add_test(tcase, time_runs_out);
    tcase_add_test(tcase, confidential_is_not_there);
    tcase_add_test(tcase, legitimate_queries_answer);
    tcase_add_test(tcase, who_asks_keeps_the_lock);
    tcase_add_loop_test(tcase, lines_do_as_they_say, 0, (int)G_N_ELEMENTS(lines));
    tcase_add_test(tcase, every_saved_query_runs);
    tcase_add_test(tcase, reads_are_logged_without_their_text);
    return program_main(suite, tcase, set_up, tear_down);
}
