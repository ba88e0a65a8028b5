/*
 * Records in memory: names, mentions, roles, and what the content hash counts. What counts as
 * another revision is a promise to users, so each sentence of it is a check here.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/record/fixture.h"
#include "tests/unit/suite.h"

static char *hash_with(Field field, const char *value)
{
    g_autoptr(Record) record = fixture_record("T1", "AB123", "SMITH");
    record_take(record, FIELD_SERIAL_KIND, g_strdup("FULL"));
    record_take(record, FIELD_SERIAL_CANONICAL, g_strdup("AB123"));
    record_take(record, FIELD_OFFICE_CODE, g_strdup("0453"));
    record_take(record, field, g_strdup(value));
    record_seal(record);
    return g_strdup(record->content_hash);
}

START_TEST(test_names)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        Field field = FIELD_COUNT;
        ck_assert(field_parse(field_name((Field)i), &field));
        ck_assert_int_eq((int)field, i);
    }
    for (int i = 0; i < MENTION_COUNT; i++) {
        MentionField field = MENTION_COUNT;
        ck_assert(mention_field_parse(mention_field_name((MentionField)i), &field));
        ck_assert_int_eq((int)field, i);
    }
    Field field;
    ck_assert(!field_parse("sex", &field));
    ck_assert(!field_parse("", &field));
}
END_TEST

/* Numbers lie in stores (packed values, content hashes): a field never changes its place. */
START_TEST(test_numbers_stay)
{
    static const struct {
        int number;
        const char *name;
    } places[] = {
        {0, "serial_number"}, {6, "make"},        {18, "event_type"}, {37, "item_no"},
        {50, "disposition"},  {55, "ffl_number"}, {70, "authority"},  {72, "handling_expires"}};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        ck_assert_str_eq(field_name((Field)places[i].number), places[i].name);
    ck_assert_int_eq(MENTION_LAST, 0);
    ck_assert_int_eq(MENTION_DOB, 5);
    ck_assert_int_eq(MENTION_DOC_NO, 13);
    ck_assert_int_eq(MENTION_ADDRESS_KEY, 15);
}
END_TEST

START_TEST(test_take)
{
    g_autoptr(Record) record = record_new("atf-trace");
    record_take(record, FIELD_MAKE, g_strdup("GLOCK"));
    ck_assert_str_eq(record_get(record, FIELD_MAKE), "GLOCK");
    record_take(record, FIELD_MAKE, g_strdup(""));
    ck_assert_ptr_null(record_get(record, FIELD_MAKE));
    record_take(record, FIELD_MAKE, NULL);
    ck_assert_ptr_null(record_get(record, FIELD_MAKE));
}
END_TEST

/* The memory of one record for the next: nothing of the first is left, whatever it held. */
START_TEST(test_renew)
{
    g_autofree char *lent = g_strdup("RAW");
    g_autofree char *wide = g_strnfill(20000, 'W');
    Record *record = record_renew(NULL, "atf-trace");
    for (int turn = 0; turn < 3; turn++) {
        record_take(record, FIELD_MAKE, g_strdup("GLOCK"));
        record_set(record, FIELD_NARRATIVE, wide);
        mention_take(record_mention(record, "purchaser"), MENTION_LAST, g_strdup("SMITH"));
        record->ref = g_strdup("atf-trace:T1");
        record_lend_raw(record, lent);
        record_seal(record);
        ck_assert_str_eq(record_get(record, FIELD_NARRATIVE), wide);
        record = record_renew(record, turn == 0 ? "cbsa-seizure" : "atf-trace");
        ck_assert_str_eq(record->kind, turn == 0 ? "cbsa-seizure" : "atf-trace");
        for (int i = 0; i < FIELD_COUNT; i++)
            ck_assert_ptr_null(record_get(record, (Field)i));
        ck_assert_uint_eq(record->mentions->len, 0);
        ck_assert_ptr_null(record->ref);
        ck_assert_ptr_null(record->raw);
        ck_assert_ptr_null(record->content_hash);
    }
    record_free(record);
}
END_TEST

/* What is lent is not copied, and not freed when another value or record takes its place. */
START_TEST(test_lent)
{
    char cells[] = "GLOCK\0SMITH";
    Record *record = record_renew(NULL, "atf-trace");
    for (int turn = 0; turn < 3; turn++) {
        record_lend(record, cells, sizeof cells);
        record_set(record, FIELD_MAKE, cells);
        record_set(record, FIELD_MODEL, "19");
        Mention *mention = record_mention(record, "purchaser");
        mention_set(mention, MENTION_LAST, cells + 6);
        ck_assert_ptr_eq(record_get(record, FIELD_MAKE), cells);
        ck_assert_ptr_eq(mention->value[MENTION_LAST], cells + 6);
        record_set(record, FIELD_MAKE, cells + sizeof cells - 1);
        ck_assert_ptr_null(record_get(record, FIELD_MAKE));
        record_take(record, FIELD_MODEL, g_strdup("20"));
        mention_take(mention, MENTION_LAST, turn == 1 ? NULL : g_strdup("DOE"));
        record_set(record, FIELD_MAKE, cells);
        record = turn == 1 ? record_renew(record, "atf-trace") : record;
    }
    record_free(record);
    ck_assert_str_eq(cells, "GLOCK");
    ck_assert_str_eq(cells + 6, "SMITH");
}
END_TEST

START_TEST(test_mentions)
{
    g_autoptr(Record) record = record_new("atf-trace");
    record->ref = g_strdup("atf-trace:T1");
    Mention *mention = record_mention(record, "associate2");
    ck_assert_ptr_eq(record_mention(record, "associate2"), mention);
    record_mention(record, "purchaser");
    mention_take(mention, MENTION_LAST, g_strdup("SMITH"));
    g_autofree char *ref = mention_ref(record, mention);
    ck_assert_str_eq(ref, "atf-trace:T1:associate2");
    g_autofree char *of = mention_record(ref), *without = mention_record("T1");
    ck_assert_str_eq(of, record->ref);
    ck_assert_str_eq(mention_role(ref), "associate2");
    ck_assert_str_eq(without, "T1");
    ck_assert_str_eq(mention_role("T1"), "");
    record_drop_empty_mentions(record);
    ck_assert_uint_eq(record->mentions->len, 1);
    ck_assert_ptr_null(record_find_mention(record, "purchaser"));
    ck_assert_ptr_nonnull(record_find_mention(record, "associate2"));
}
END_TEST

START_TEST(test_roles)
{
    ck_assert_str_eq(role_base("associate"), "associate");
    ck_assert_str_eq(role_base("associate2"), "associate");
    ck_assert_str_eq(role_base("traveller12"), "traveller");
    static const char *const none[] = {"",  "associate0", "associate1", "associate2x",
                                       "2", "dealer",     "assoc",      "associate02"};
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
        ck_assert_msg(role_base(none[i]) == NULL, "'%s' is no role", none[i]);
}
END_TEST

/* Another value of the field is another content. */
static const Field COUNTED[] = {FIELD_MAKE,          FIELD_MODEL,      FIELD_SERIAL_CANONICAL,
                                FIELD_EVENT_DATE,    FIELD_REMARKS,    FIELD_NARRATIVE,
                                FIELD_PURCHASE_DATE, FIELD_MODE,       FIELD_HANDLING,
                                FIELD_RELEASABLE_TO, FIELD_OFFICE_CODE};

START_TEST(test_counted)
{
    g_autofree char *plain = hash_with(COUNTED[_i], "A");
    g_autofree char *other = hash_with(COUNTED[_i], "B");
    ck_assert_msg(strcmp(plain, other) != 0, "%s is not counted", field_name(COUNTED[_i]));
}
END_TEST

/* Spelling, language and provenance do not count. */
static const Field UNCOUNTED[] = {FIELD_MAKE_RAW,      FIELD_MODEL_RAW,   FIELD_CALIBRE_RAW,
                                  FIELD_SERIAL_NUMBER, FIELD_OFFICE_NAME, FIELD_ORIGIN,
                                  FIELD_AUTHORITY};

START_TEST(test_uncounted)
{
    g_autofree char *plain = hash_with(UNCOUNTED[_i], "A");
    g_autofree char *other = hash_with(UNCOUNTED[_i], "B");
    g_autofree char *none = hash_with(UNCOUNTED[_i], NULL);
    ck_assert_msg(strcmp(plain, other) == 0, "%s is counted", field_name(UNCOUNTED[_i]));
    ck_assert_str_eq(plain, none);
}
END_TEST

START_TEST(test_unread_serial_counts)
{
    g_autoptr(Record) left = fixture_record("T1", "?A", NULL);
    g_autoptr(Record) right = fixture_record("T1", "?B", NULL);
    ck_assert_str_ne(left->content_hash, right->content_hash);
    record_take(left, FIELD_SERIAL_KIND, g_strdup("UNKNOWN"));
    record_take(right, FIELD_SERIAL_KIND, g_strdup("UNKNOWN"));
    record_seal(left);
    record_seal(right);
    ck_assert_str_ne(left->content_hash, right->content_hash);
}
END_TEST

START_TEST(test_people_count)
{
    g_autoptr(Record) left = fixture_record("T1", "AB123", "SMITH");
    g_autoptr(Record) right = fixture_record("T1", "AB123", "SMYTH");
    ck_assert_str_ne(left->content_hash, right->content_hash);
    g_autoptr(Record) moved = fixture_record("T1", "AB123", NULL);
    mention_take(record_mention(moved, "possessor"), MENTION_LAST, g_strdup("SMITH"));
    record_seal(moved);
    ck_assert_str_ne(left->content_hash, moved->content_hash);
}
END_TEST

/* Columns in another order are the same row; a value may not slip into its neighbour. */
START_TEST(test_order_and_borders)
{
    g_autoptr(Record) left = fixture_record("T1", NULL, "SMITH");
    g_autoptr(Record) right = fixture_record("T1", NULL, NULL);
    mention_take(record_mention(left, "associate"), MENTION_LAST, g_strdup("ROY"));
    mention_take(record_mention(right, "associate"), MENTION_LAST, g_strdup("ROY"));
    mention_take(record_mention(right, "purchaser"), MENTION_LAST, g_strdup("SMITH"));
    record_seal(left);
    record_seal(right);
    ck_assert_str_eq(left->content_hash, right->content_hash);
    ck_assert_uint_eq(strlen(left->content_hash), 32);
    g_autoptr(Record) a = fixture_record("T1", NULL, NULL), b = fixture_record("T1", NULL, NULL);
    record_take(a, FIELD_EVENT_CITY, g_strdup("5:model1:X"));
    record_take(b, FIELD_EVENT_CITY, g_strdup("5:model1:XX"));
    record_seal(a);
    record_seal(b);
    ck_assert_str_ne(a->content_hash, b->content_hash);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record/record");
    TCase *tests = tcase_create("record");
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_numbers_stay);
    tcase_add_test(tests, test_take);
    tcase_add_test(tests, test_renew);
    tcase_add_test(tests, test_lent);
    tcase_add_test(tests, test_mentions);
    tcase_add_test(tests, test_roles);
    tcase_add_loop_test(tests, test_counted, 0, G_N_ELEMENTS(COUNTED));
    tcase_add_loop_test(tests, test_uncounted, 0, G_N_ELEMENTS(UNCOUNTED));
    tcase_add_test(tests, test_unread_serial_counts);
    tcase_add_test(tests, test_people_count);
    tcase_add_test(tests, test_order_and_borders);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
