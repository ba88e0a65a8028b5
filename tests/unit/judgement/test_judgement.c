/*
 * Judgements: the latest on a pair is in force, whichever side was named first; revoked and
 * expired ones are not; none is ever changed or deleted; each is an entry of the audit chain.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "tests/unit/store/fixture.h"

static Store *store;
static GError *error;

static void up(void)
{
    error = NULL;
    fixture_up();
    store = fixture_store(STORE_CREATE);
}

static void down(void)
{
    g_clear_error(&error);
    store_close(store);
    fixture_down();
}

static gboolean add(JudgementType type, Verdict verdict, const char *left, const char *right,
                    const char *expires)
{
    Judgement judgement = {.type = type,
                           .verdict = verdict,
                           .left = (char *)left,
                           .right = (char *)right,
                           .evidence_hash = (char *)"hash",
                           .time = (char *)"2024-01-01T00:00:00Z",
                           .actor = (char *)"analyst",
                           .reason = (char *)"seen it",
                           .expires = (char *)expires};
    return judgement_add(store, &judgement, &error);
}

/* "left right verdict;..." of what is in force. */
static char *in_force(JudgementType type, const char *as_of)
{
    g_autoptr(GPtrArray) found = judgement_in_force(store, type, as_of, &error);
    ck_assert_msg(found != NULL, "%s", error ? error->message : "");
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        const Judgement *judgement = g_ptr_array_index(found, i);
        ck_assert_int_eq(judgement->type, type);
        g_string_append_printf(text, "%s %s %d;", judgement->left, judgement->right,
                               judgement->verdict);
    }
    return g_string_free(text, FALSE);
}

static void ck_in_force(JudgementType type, const char *as_of, const char *expected)
{
    g_autofree char *found = in_force(type, as_of);
    ck_assert_str_eq(found, expected);
}

START_TEST(test_round_trip)
{
    ck_assert(add(JUDGE_RULE, VERDICT_NO, "I2", "ROY, JEAN", "2025-01-31"));
    g_autoptr(GPtrArray) found = judgement_in_force(store, JUDGE_RULE, "2024-06-01", &error);
    ck_assert_uint_eq(found->len, 1);
    const Judgement *judgement = g_ptr_array_index(found, 0);
    ck_assert_int_eq(judgement->verdict, VERDICT_NO);
    ck_assert_str_eq(judgement->left, "I2");
    ck_assert_str_eq(judgement->right, "ROY, JEAN");
    ck_assert_str_eq(judgement->evidence_hash, "hash");
    ck_assert_str_eq(judgement->time, "2024-01-01T00:00:00Z");
    ck_assert_str_eq(judgement->actor, "analyst");
    ck_assert_str_eq(judgement->reason, "seen it");
    ck_assert_str_eq(judgement->expires, "2025-01-31");
}
END_TEST

START_TEST(test_latest)
{
    ck_assert(add(JUDGE_LINK, VERDICT_YES, "b:2", "a:1", ""));
    ck_in_force(JUDGE_LINK, "2024-06-01", "a:1 b:2 0;");
    ck_assert(add(JUDGE_LINK, VERDICT_NO, "a:1", "b:2", ""));
    ck_in_force(JUDGE_LINK, "2024-06-01", "a:1 b:2 1;");
    ck_assert(add(JUDGE_LINK, VERDICT_REVOKED, "b:2", "a:1", ""));
    ck_in_force(JUDGE_LINK, "2024-06-01", "");
    ck_assert(add(JUDGE_LINK, VERDICT_UNSURE, "b:2", "a:1", NULL));
    ck_in_force(JUDGE_LINK, "2024-06-01", "a:1 b:2 2;");
}
END_TEST

START_TEST(test_types_and_order)
{
    ck_assert(add(JUDGE_LINK, VERDICT_YES, "c:1", "d:1", ""));
    ck_assert(add(JUDGE_LINK, VERDICT_YES, "a:1", "z:1", ""));
    ck_assert(add(JUDGE_LINK, VERDICT_YES, "a:1", "b:1", ""));
    ck_assert(add(JUDGE_PERSON, VERDICT_NO, "a:1:purchaser", "b:1:possessor", ""));
    ck_assert(add(JUDGE_LEAD, VERDICT_NO, "lead9", NULL, ""));
    ck_assert(add(JUDGE_RULE, VERDICT_NO, "z", "a", ""));
    ck_in_force(JUDGE_LINK, "2024-06-01", "a:1 b:1 0;a:1 z:1 0;c:1 d:1 0;");
    ck_in_force(JUDGE_PERSON, "2024-06-01", "a:1:purchaser b:1:possessor 1;");
    ck_in_force(JUDGE_LEAD, "2024-06-01", "lead9  1;");
    ck_in_force(JUDGE_RULE, "2024-06-01", "z a 1;"); /* a rule and a value are no pair */
}
END_TEST

/* The expiry date is the last day; an expired judgement does not bring an older one back. */
START_TEST(test_expiry)
{
    ck_assert(add(JUDGE_RULE, VERDICT_YES, "I2", "x", ""));
    ck_assert(add(JUDGE_RULE, VERDICT_NO, "I2", "x", "2024-06-30"));
    ck_in_force(JUDGE_RULE, "2024-06-30T23:59:59Z", "I2 x 1;");
    ck_in_force(JUDGE_RULE, "2024-07-01T00:00:00Z", "");
}
END_TEST

START_TEST(test_refused)
{
    ck_assert(!add(JUDGE_LINK, VERDICT_YES, "a:1", "a:1", ""));
    ck_assert_int_eq(error->code, STATUS_USAGE);
    g_clear_error(&error);
    ck_assert(!add(JUDGE_PERSON, VERDICT_YES, "a:1", NULL, ""));
    g_clear_error(&error);
    ck_assert(!add(JUDGE_RULE, VERDICT_YES, "I2", "", ""));
    g_clear_error(&error);
    ck_assert(!add(JUDGE_LEAD, VERDICT_YES, "", NULL, ""));
    g_clear_error(&error);
    AuditState changes, reads;
    ck_assert(audit_verify(store, &changes, &reads, &error));
    ck_assert_uint_eq(changes.entries, 0);
}
END_TEST

static const char *const FORBIDDEN[] = {
    "UPDATE judgement SET verdict = 'no'",
    "DELETE FROM judgement",
    "REPLACE INTO judgement SELECT * FROM judgement",
};

START_TEST(test_append_only)
{
    ck_assert(add(JUDGE_LINK, VERDICT_YES, "a:1", "b:1", ""));
    ck_assert_int_ne(sqlite3_exec(store_handle(store), FORBIDDEN[_i], NULL, NULL, NULL), SQLITE_OK);
    ck_in_force(JUDGE_LINK, "2024-06-01", "a:1 b:1 0;");
}
END_TEST

/* In the caller's transaction, with its entry, which names no suppressed value. */
START_TEST(test_audited)
{
    AuditState changes, reads;
    ck_assert(store_begin(store, &error));
    ck_assert(add(JUDGE_RULE, VERDICT_NO, "I2", "ROY, JEAN", ""));
    store_rollback(store);
    ck_in_force(JUDGE_RULE, "2024-06-01", "");
    ck_assert(store_begin(store, &error));
    ck_assert(add(JUDGE_RULE, VERDICT_NO, "I2", "ROY, JEAN", ""));
    ck_assert(store_commit(store, &error));
    ck_assert(audit_verify(store, &changes, &reads, &error));
    ck_assert_uint_eq(changes.entries, 1);
    sqlite3_stmt *stmt = NULL;
    sqlite3_prepare_v2(store_handle(store),
                       "SELECT count(*) FROM audit WHERE action = 'judge' AND subject || detail"
                       " LIKE '%I2%' AND subject || detail NOT LIKE '%ROY%'",
                       -1, &stmt, NULL);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    ck_assert_int_eq(sqlite3_column_int(stmt, 0), 1);
    sqlite3_finalize(stmt);
}
END_TEST

/* No judgement without its entry. */
START_TEST(test_both_or_neither)
{
    ck_assert_int_eq(sqlite3_exec(store_handle(store),
                                  "CREATE TEMP TRIGGER full BEFORE INSERT ON"
                                  " audit BEGIN SELECT RAISE(ABORT, 'full'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    ck_assert(!add(JUDGE_LEAD, VERDICT_NO, "lead9", NULL, ""));
    g_clear_error(&error);
    ck_in_force(JUDGE_LEAD, "2024-06-01", "");
    ck_assert_int_ne(sqlite3_get_autocommit(store_handle(store)), 0);
}
END_TEST

/* Results come and go; judgements stay. */
START_TEST(test_survives_reopening)
{
    ck_assert(add(JUDGE_PERSON, VERDICT_NO, "b:1:purchaser", "a:1:possessor", ""));
    store_close(store);
    store = store_open(path, STORE_READ, 0, &error);
    ck_in_force(JUDGE_PERSON, "2024-06-01", "a:1:possessor b:1:purchaser 1;");
    ck_assert(!add(JUDGE_LEAD, VERDICT_NO, "lead9", NULL, ""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judgement");
    TCase *tests = tcase_create("judgement");
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_latest);
    tcase_add_test(tests, test_types_and_order);
    tcase_add_test(tests, test_expiry);
    tcase_add_test(tests, test_refused);
    tcase_add_loop_test(tests, test_append_only, 0, G_N_ELEMENTS(FORBIDDEN));
    tcase_add_test(tests, test_audited);
    tcase_add_test(tests, test_both_or_neither);
    tcase_add_test(tests, test_survives_reopening);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
