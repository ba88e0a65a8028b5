/*
 * The disclosure log: what went to whom is kept with its entry, listed with what became of it, and
 * no single byte of the chain or of the list can be changed without being found at its number.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/audit/audit.h"
#include "tests/unit/store/fixture.h"

static char *reads;
static Store *store;
static GError *error;

static void disclose(const char *audience, const char *const *ids)
{
    AuditEntry entry = {"2024-06-30T00:00:00Z", AUDIT_DISCLOSE, audience, "run=r", "begun"};
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; ids[i] && ids[i + 1]; i += 2) {
        Disclosed one = {ids[i], ids[i + 1]};
        g_ptr_array_add(leads, g_memdup2(&one, sizeof one));
    }
    ck_assert_msg(audit_disclose(path, &entry, leads, &error), "%s", error ? error->message : "");
}

static void up(void)
{
    error = NULL;
    fixture_up();
    reads = g_strconcat(path, ".audit", NULL);
    store = fixture_store(STORE_CREATE);
    AuditEntry look = {"2024-06-29T00:00:00Z", "report", "leads", "use=owner", "done"};
    ck_assert(audit_read(path, &look, &error));
    disclose("ATF_TRACING", (const char *const[]){"La1", "L01", "La2", "L02", NULL});
    disclose("FATE", (const char *const[]){"Lf9", "L02", NULL});
    ck_assert(audit_read(path, &look, &error));
    AuditEntry question = {"2024-06-29T00:00:00Z", "find", "person", "use=owner", "done"};
    ck_assert(audit_ask(store, &question, "QUARRELL, Dorian", &error)); /* entry 5 */
    AuditEntry change = {"2024-06-29T00:00:00Z", "load", "a.csv", "rows=1", "done"};
    ck_assert(store_begin(store, &error));
    for (guint i = 0; i < 3; i++)
        ck_assert(audit_change(store, &change, &error));
    ck_assert(store_commit(store, &error));
}

static void down(void)
{
    store_close(store);
    fixture_down();
    g_free(reads);
}

/* In the chain of the store, or in the other one; the one that nobody changed holds. */
static guint64 broken_in(gboolean own)
{
    AuditState changes, logged;
    ck_assert_msg(audit_verify(store, &changes, &logged, &error), "%s",
                  error ? error->message : "");
    ck_assert_uint_eq(own ? logged.broken : changes.broken, 0);
    return own ? changes.broken : logged.broken;
}

static guint64 broken_at(void)
{
    return broken_in(FALSE);
}

typedef struct {
    sqlite3 *db;
    const char *table, *column, *key; /* key: a number of each row that does not change with it */
    gint64 row;
    guint64 seq;
    char *value;
} Spot;

static void set(const Spot *spot, const char *value)
{
    g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = ?1 WHERE %s = ?2", spot->table,
                                           spot->column, spot->key);
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(spot->db, sql, -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, value, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, spot->row);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
    ck_assert_int_eq(sqlite3_changes(spot->db), 1);
    sqlite3_finalize(stmt);
}

/* Every byte of a cell changed, one after another. */
static guint change_bytes(Spot *spot)
{
    guint tried = 0;
    for (gsize i = 0; spot->value[i]; i++) {
        g_autofree char *other = g_strdup(spot->value);
        other[i] = other[i] == '7' ? '8' : '7';
        set(spot, other);
        guint64 broken = broken_in(spot->db == store_handle(store));
        ck_assert_msg(broken == spot->seq, "%s.%s byte %u of '%s': broken at %u instead of %u",
                      spot->table, spot->column, (guint)i, spot->value, (guint)broken,
                      (guint)spot->seq);
        set(spot, spot->value);
        tried++;
    }
    return tried;
}

static void take_triggers_off(sqlite3 *db)
{
    static const char sql[] =
        "PRAGMA synchronous=OFF; DROP TRIGGER audit_update; DROP TRIGGER audit_delete;"
        "DROP TRIGGER disclosed_update; DROP TRIGGER disclosed_delete; DROP TRIGGER asked_update;";
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static guint change_table(sqlite3 *db, const char *table, const char *key, const char *columns)
{
    g_autofree char *sql = g_strdup_printf("SELECT %s, seq, %s FROM %s", key, columns, table);
    sqlite3_stmt *row = NULL;
    guint tried = 0;
    g_autoptr(GPtrArray) spots = g_ptr_array_new_with_free_func(g_free);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        for (int i = 2; i < sqlite3_column_count(row); i++) {
            Spot spot = {db,
                         table,
                         g_intern_string(sqlite3_column_name(row, i)),
                         key,
                         sqlite3_column_int64(row, 0),
                         (guint64)sqlite3_column_int64(row, 1),
                         g_strdup((const char *)sqlite3_column_text(row, i))};
            g_ptr_array_add(spots, g_memdup2(&spot, sizeof spot));
        }
    sqlite3_finalize(row);
    for (guint i = 0; i < spots->len; i++) {
        Spot *spot = spots->pdata[i];
        tried += change_bytes(spot);
        g_free(spot->value);
    }
    return tried;
}

START_TEST(every_byte_is_covered)
{
    sqlite3 *db = NULL;
    ck_assert_uint_eq(broken_at(), 0);
    ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
    take_triggers_off(db);
    guint tried = change_table(db, "audit", "seq",
                               "time, user, host, action, subject, detail, outcome, hash");
    tried += change_table(db, "disclosed", "seq * 10 + substr(lead, 3)", "shown");
    tried += change_table(db, "disclosed", "seq * 10 + unicode(substr(shown, 3))", "lead");
    tried += change_table(db, "asked", "seq", "text");
    ck_assert_int_eq(sqlite3_exec(store_handle(store),
                                  "DROP TRIGGER audit_update; DROP TRIGGER audit_delete", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    tried += change_table(store_handle(store), "audit", "seq",
                          "time, user, host, action, subject, detail, outcome, hash");
    printf("counted: %u single bytes of both chains changed, each found at its entry\n", tried);
    ck_assert_uint_gt(tried, 1000);
    ck_assert_uint_eq(broken_at(), 0);
    ck_assert_int_eq(
        sqlite3_exec(db, "DELETE FROM disclosed WHERE shown = 'La2'", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_uint_eq(broken_at(), 2);
    sqlite3_close(db);
}
END_TEST

/* What stands beside the entries: more of it, less of it, of another entry, of none. */
static const struct {
    const char *sql;
    guint64 broken;
} beside[] = {
    {"INSERT INTO disclosed VALUES(2, 'La3', 'L03')", 2},
    {"INSERT INTO disclosed VALUES(1, 'La3', 'L03')", 1}, /* of an entry that discloses nothing */
    {"INSERT INTO disclosed VALUES(6, 'La3', 'L03')", 6}, /* of none */
    {"DELETE FROM disclosed WHERE seq = 3", 3},
    {"UPDATE disclosed SET seq = 3 WHERE shown = 'La2'", 2},
    {"DROP TABLE disclosed", 2},
    {"UPDATE disclosed SET lead = lead || char(0) || 'x' WHERE seq = 3", 3},
    {"INSERT INTO asked VALUES(4, 'QUARRELL, Dorian')", 4},
    {"INSERT INTO asked VALUES(6, 'QUARRELL, Dorian')", 6},
    {"UPDATE asked SET text = text || char(0) || 'x'", 5},
    {"UPDATE asked SET seq = 1", 1},
    {"DELETE FROM asked", 0}, /* what may be purged */
    {"UPDATE audit SET detail = detail || char(0) || 'x' WHERE seq = 4", 4},
    {"UPDATE audit SET hash = hash || char(0) WHERE seq = 4", 4},
};

START_TEST(what_stands_beside_is_covered)
{
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
    take_triggers_off(db);
    ck_assert_int_eq(sqlite3_exec(db, beside[_i].sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    guint64 broken = broken_at();
    ck_assert_msg(broken == beside[_i].broken, "%s: %u", beside[_i].sql, (guint)broken);
}
END_TEST

START_TEST(the_log_only_grows)
{
    static const char *const forbidden[] = {"UPDATE disclosed SET lead = 'L77'",
                                            "DELETE FROM disclosed", "UPDATE asked SET text = 'x'"};
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
    for (guint i = 0; i < G_N_ELEMENTS(forbidden); i++)
        ck_assert_int_ne(sqlite3_exec(db, forbidden[i], NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    ck_assert_uint_eq(broken_at(), 0);
}
END_TEST

/* ---- what is listed ---------------------------------------------------------------------- */

static gboolean sink_begin(RowSink *sink, const Column *columns, guint n, GError **failure)
{
    (void)sink, (void)columns, (void)failure;
    return n > 0;
}

static gboolean sink_row(RowSink *sink, const char *const *cells, GError **failure)
{
    (void)failure;
    g_string_append_printf(sink->data, "%s %s>%s %s\n", cells[3], cells[6], cells[5], cells[7]);
    return TRUE;
}

static gboolean sink_end(RowSink *sink, GError **failure)
{
    (void)sink, (void)failure;
    return TRUE;
}

static char *listed(const char *lead)
{
    RowSink sink = {sink_begin, sink_row, sink_end, g_string_new(NULL)};
    ck_assert_msg(audit_list_disclosed(store, lead, &sink, &error), "%s",
                  error ? error->message : "");
    return g_string_free(sink.data, FALSE);
}

START_TEST(recipients_of_a_lead)
{
    g_autofree char *all = listed(NULL), *ours = listed("L02"), *theirs = listed("La1");
    ck_assert_str_eq(all, "ATF_TRACING L01>La1 withdrawn\nATF_TRACING L02>La2 withdrawn\n"
                          "FATE L02>Lf9 withdrawn\n");
    ck_assert_str_eq(ours, "ATF_TRACING L02>La2 withdrawn\nFATE L02>Lf9 withdrawn\n");
    ck_assert_str_eq(theirs, "ATF_TRACING L01>La1 withdrawn\n");
    g_unlink(reads);
    g_autofree char *none = listed(NULL);
    ck_assert_str_eq(none, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disclosure");
    TCase *tests = tcase_create("disclosure");
    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_byte_is_covered);
    tcase_add_loop_test(tests, what_stands_beside_is_covered, 0, G_N_ELEMENTS(beside));
    tcase_add_test(tests, the_log_only_grows);
    tcase_add_test(tests, recipients_of_a_lead);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
