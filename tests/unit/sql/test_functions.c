/* The engine's SQL functions: a table of expressions and what they give. */
#include <string.h>

#include "engine/sql/sql.h"
#include "tests/unit/sql/scratch.h"

static const struct {
    const char *expression, *value; /* NULL: SQL NULL */
} cases[] = {
    {"date_days('1970-01-02')", "1"},
    {"date_days('1969-12-31')", "-1"},
    {"date_days('2023-02-30')", NULL},
    {"date_days('nonsense')", NULL},
    {"date_days(NULL)", NULL},
    {"business_days('2023-01-06', '2023-01-09')", "1"}, /* Friday, Monday */
    {"business_days('2023-01-13', '2023-01-20')", "4"}, /* Monday 16th: M. L. King Day */
    {"business_days('2023-01-09', '2023-01-06')", "0"},
    {"business_days(NULL, '2023-01-06')", NULL},
    {"business_day('2023-01-09') - business_day('2023-01-06')", "1"},
    {"business_day('2023-01-08') - business_day('2023-01-06')", "0"}, /* Sunday */
    {"business_day('1967-12-29') < business_day('1968-01-03')", "1"},
    {"business_day('x')", NULL},
    {"serial_canonical('abc-123')", "ABC123"},
    {"serial_canonical('AB?123')", NULL},
    {"serial_canonical(NULL)", NULL},
    {"serial_number('ABC123US')", "123"},
    {"serial_number('12345B70')", "12345"},
    {"serial_number('17AP12345')", "12345"},
    {"serial_number('1963AB1234')", "1234"},
    {"serial_number('7')", "7"},
    {"serial_number('ABC')", NULL},
    {"serial_number('12345678901234567890')", NULL},
    {"serial_series('ABC123US')", "ABC#US"},
    {"serial_series('1963AB1234')", "1963AB#"},
    {"serial_series('ABC')", NULL},
    {"serial_match('ABC123', 'ABC123')", "1"},
    {"serial_match('ABC123', 'ABC124')", "0"},
    {"serial_match('ABC123', 'ABC1234')", "0"},
    {"serial_match('A?C123', 'ABC123')", "1"},
    {"serial_match('AB[8B]123', 'AB8123')", "1"},
    {"serial_match('AB[8B]123', 'AB3123')", "0"},
    {"serial_match('*1234', 'HAA1234')", "1"},
    {"serial_match('*1234', '1234')", "1"},
    {"serial_match('HAA*', 'HAA1234')", "1"},
    {"serial_match('*AA12*', 'HAA1234')", "1"},
    {"serial_match('*AA13*', 'HAA1234')", "0"},
    {"serial_match('HAO', 'HA0')", "1"},
    {"serial_match('HAI', 'HA1')", "1"},
    {"serial_match('HAA1*', '*1234')", "1"}, /* two fragments of one number */
    {"serial_match('AB?', NULL)", NULL},
};

typedef struct {
    char *value;
    gboolean null;
} Cell;

static gboolean cell_row(RowSink *sink, const char *const *cells, G_GNUC_UNUSED GError **error)
{
    Cell *cell = sink->data;
    cell->null = cells[0] == NULL;
    cell->value = g_strdup(cells[0] ? cells[0] : "");
    return TRUE;
}

START_TEST(gives_what_the_table_says)
{
    Scratch scratch;
    scratch_open(&scratch);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sql = g_strconcat("SELECT ", cases[i].expression, NULL);
        g_autoptr(GError) error = NULL;
        Cell cell = {NULL, FALSE};
        RowSink sink = {.row = cell_row, .data = &cell};
        ck_assert_msg(sql_query(scratch.store, sql, NULL, &sink, &error), "%s: %s", sql,
                      error ? error->message : "");
        ck_assert_msg(cell.null == (cases[i].value == NULL) &&
                          strcmp(cell.value, cases[i].value ? cases[i].value : "") == 0,
                      "%s: %s", sql, cell.null ? "NULL" : cell.value);
        g_free(cell.value);
    }
    scratch_close(&scratch);
}
END_TEST

/* Every function of the list is tried by a case above, and takes as many arguments as it says. */
START_TEST(lists_every_function)
{
    Scratch scratch;
    scratch_open(&scratch);
    for (const SqlFunctionRow *row = sql_functions(); row->name; row++) {
        gboolean tried = FALSE;
        for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
            tried |= g_str_has_prefix(cases[i].expression, row->name) &&
                     cases[i].expression[strlen(row->name)] == '(';
        ck_assert_msg(tried, "no case for %s", row->name);
        ck_assert(g_str_has_prefix(row->usage, row->name));
        g_autoptr(GString) sql = g_string_new("SELECT ");
        g_string_append_printf(sql, "%s(", row->name);
        for (int i = 0; i < row->arguments; i++)
            g_string_append(sql, i ? ", NULL" : "NULL");
        g_string_append_c(sql, ')');
        g_auto(SqlShape) shape = {0};
        ck_assert(sql_describe(scratch.store, sql->str, &shape, NULL));
    }
    scratch_close(&scratch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("functions");
    TCase *tcase = tcase_create("functions");
    tcase_add_test(tcase, gives_what_the_table_says);
    tcase_add_test(tcase, lists_every_function);
    suite_add_tcase(suite, tcase);
    return scratch_main(suite);
}
