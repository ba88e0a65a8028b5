/*
 * The exit table and the error domain: every status has a row and a rank, and the worse of two is
 * what the contract says.
 */
#include <string.h>

#include "tests/unit/base/suite.h"

START_TEST(test_table_is_the_contract)
{
    static const int CONTRACT[] = {0, 1, 2, 65, 66, 69, 70, 71, 73, 74, 75, 77, 78};
    const StatusRow *row = exit_table();

    for (guint i = 0; i < G_N_ELEMENTS(CONTRACT); i++, row++) {
        ck_assert_ptr_nonnull(row->name);
        ck_assert_int_eq(row->status, CONTRACT[i]);
        ck_assert_uint_gt(strlen(row->meaning), 3);
    }
    ck_assert_ptr_null(row->name);
}
END_TEST

START_TEST(test_worst_wins)
{
    static const int ORDER[] = {139, 70, 71, 74, 78, 77, 75, 73, 69, 66, 65, 2, 1, 0};

    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++)
        for (guint j = i; j < G_N_ELEMENTS(ORDER); j++) {
            ck_assert_int_eq(status_worst(ORDER[i], ORDER[j]), ORDER[i]);
            ck_assert_int_eq(status_worst(ORDER[j], ORDER[i]), ORDER[i]);
        }
    ck_assert_int_eq(status_worst(130, 143), 130); /* the first signal stays */
}
END_TEST

START_TEST(test_error_set)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) foreign = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

    ck_assert(!error_set(NULL, STATUS_DATA, "nobody asked"));
    ck_assert(!error_set(&error, STATUS_DATA, "column missing: '%s'", "serial_number"));
    ck_assert_str_eq(error->message, "column missing: 'serial_number'");
    ck_assert_int_eq(error_status(error), STATUS_DATA);
    ck_assert_int_eq(error_status(foreign), STATUS_INTERNAL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_table_is_the_contract, test_worst_wins, test_error_set,
                                  NULL};

    return suite_run_list("base/error", tests);
}
