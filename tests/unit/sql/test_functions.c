/* The engine's SQL functions: a table of expressions and what they give. */
#include <stdio.h>
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
    {"serial_number('T647217AP12345')", "12345"},
    {"serial_number('1234567AB12')", "1234567"},
    {"serial_number('7')", "7"},
    {"serial_number('ABC')", NULL},
    {"serial_number('12345678901234567890')", NULL},
    {"serial_series('ABC123US')", "ABC#US"},
    {"serial_series('1963AB1234')", "1963AB#"},
    {"serial_series('T647217AP12345')", "T647217AP#"},
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
    {"serial_key('abc-123')", "ABC123"},
    {"serial_key('AB?123')", "AB?123"},
    {"serial_key('last four 1234')", "*1234"},
    {"serial_key('NONE')", NULL},
    {"serial_key(NULL)", NULL},
    {"serial_ncic('12A345')", "12345"},
    {"serial_ncic('AB?')", NULL},
    {"serial_kind('ABC123')", "FULL"},
    {"serial_kind('OBLITERATED')", "OBLITERATED"},
    {"serial_kind(NULL)", NULL},
    {"round(serial_bits('1234'), 2)", "13.29"},
    {"serial_bits('HAA1234') > serial_bits('HAA?234')", "1"},
    {"serial_bits('OBLITERATED')", "0.0"},
    {"serial_bits(NULL)", NULL},
    {"serial_tier('HAA1234', 'HAA1234')", "S0"},
    {"serial_tier('HAA1234', 'HAA-1234')", "S1"},
    {"serial_tier('HAA1234', 'HAA1235')", "S2"},
    {"serial_tier('HAA1234', 'ZZZ9876')", NULL},
    {"serial_tier('HAA1234', NULL)", NULL},
    {"name_similarity('QUARRELL, Dorian', 'Dorian Quarrell')", "1.0"},
    {"name_similarity('QUARRELL, Dorian', 'Dorian Quarel') > 0.8", "1"},
    {"name_similarity('QUARRELL, Dorian', 'SMITH, Ann')", "0.0"},
    {"name_similarity('QUARRELL', NULL)", NULL},
    {"name_similarity('QUARRELL', x'ff')", NULL},
    {"name_key('Dr Dorian Quarrell') = name_key('QUARELL, Dorian')", "1"},
    {"name_key('Dorian Quarrell') = name_key('Ann Smith')", "0"},
    {"name_key('--')", NULL},
    {"name_key(NULL)", NULL},
    {"date_similarity('1991-05-17', '1991-05-17')", "1.0"},
    {"date_similarity('1991-03-07', '1991-07-03') BETWEEN 0.3 AND 0.9", "1"},
    {"date_similarity('1991-05-17', '1962-11-02')", "0.0"},
    {"date_similarity('1991-05-17', '1991')", NULL},
    {"date_similarity(NULL, '1991-05-17')", NULL},
    {"make_key('S&W')", "SMITH & WESSON"},
    {"make_key('Smih & Wesson')", "SMITH & WESSON"},
    {"make_key('Glokc')", "GLOCK"},
    {"make_key('RUGGER')", "STURM RUGER"},
    {"make_key('Nobody''s Works')", "NOBODY'S WORKS"},
    {"make_key('')", NULL},
    {"(WITH RECURSIVE t(s, i) AS (VALUES(' ab', 0) UNION ALL SELECT s || s, i + 1 FROM t"
     " WHERE i < 17) SELECT make_key('Glock' || s) FROM t WHERE i = 17)",
     "GLOCK"}, /* at once */
    {"make_key(NULL)", NULL},
    {"calibre_key('9 mm')", "9MM"},
    {"calibre_key('0.4')", "40SW"},
    {"calibre_key('9mm Luger +P')", "9MM"},
    {"calibre_key('UNKNOWN CALIBER')", NULL},
    {"calibre_key('calibre inconnu')", NULL},
    {"make_key('Taurs')", "TAURUS"},
    {"make_key('Luger')", "LUGER"},
    {"make_key('Unknown Manufacturer')", NULL},
    {"make_key('marque inconnue')", NULL},
    {"calibre_key(NULL)", NULL},
    {"code('makes', 's & w')", "SMITH & WESSON"},
    {"code('makes', 'xyzzy')", NULL},
    {"code('makes', NULL)", NULL},
    {"marker('PMF', 'polymer 80 PF940C frame, no s/n') > 0.5", "1"},
    {"marker('SUPPRESSOR', 'polymer 80 PF940C frame, no s/n')", "0.0"},
    {"marker('PMF', NULL)", NULL},
    {"markers('polymer 80 PF940C frame, no s/n')", "PMF; PMF_KIT; NO_SERIAL"},
    {"markers('a fishing rod')", NULL},
    {"markers(NULL)", NULL},
    {"dealer_key('2-31-095-01-5C-04711')", "23104711"},
    {"dealer_key('nothing')", NULL},
    {"dealer_key(NULL)", NULL},
    {"address_key('18 Elm Street', 'Toledo', 'OH')", "18 ELM ST|TOLEDO|OH"},
    {"address_key('Elm Street', 'Toledo', 'OH')", NULL},
    {"address_key('18 Elm Street', NULL, 'OH')", NULL},
    {"text_fold('Montr\xc3\xa9"
     "al')",
     "MONTREAL"},
    {"text_fold(NULL)", NULL},
    {"text_key('abc-12 34')", "ABC1234"},
    {"text_key(NULL)", NULL},
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

/* The value of an expression as text, NULL for SQL NULL; g_free. */
static char *evaluate(Store *store, const SqlOptions *options, const char *expression)
{
    g_autofree char *sql = g_strconcat("SELECT ", expression, NULL);
    g_autoptr(GError) error = NULL;
    Cell cell = {NULL, FALSE};
    RowSink sink = {.row = cell_row, .data = &cell};
    ck_assert_msg(sql_query(store, sql, options, &sink, &error), "%s: %s", sql,
                  error ? error->message : "");
    if (cell.null)
        g_clear_pointer(&cell.value, g_free);
    return cell.value;
}

START_TEST(gives_what_the_table_says)
{
    Scratch scratch;
    scratch_open(&scratch);
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new("rules");
    const SqlOptions options = {.knowledge = knowledge};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *value = evaluate(scratch.store, &options, cases[i].expression);
        ck_assert_msg(g_strcmp0(value, cases[i].value) == 0, "%s: %s", cases[i].expression,
                      value ? value : "NULL");
    }
    scratch_close(&scratch);
}
END_TEST

/* The same through crosstrace.so in the sqlite3 shell, with a line of output for every case. */
START_TEST(extension_gives_the_same)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_path_get_dirname(program ? program : "build/crosstrace");
    g_autofree char *extension = g_build_filename(built, "crosstrace.so", NULL);
    g_autofree char *shell = g_find_program_in_path("sqlite3");
    if (!shell || !g_file_test(extension, G_FILE_TEST_EXISTS)) {
        puts("skipped: the extension (no sqlite3 shell, or not built under a sanitizer)");
        return;
    }
    g_autofree char *load = g_strdup_printf(".load %s", extension), *out = NULL, *err = NULL;
    g_autoptr(GString) sql = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_string_append_printf(sql, "SELECT %s;", cases[i].expression);
    const char *argv[] = {shell,      "-batch", "-bail", "-nullvalue", "NULL",
                          ":memory:", "-cmd",   load,    sql->str,     NULL};
    int status = 0;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err,
                           &status, NULL));
    ck_assert_msg(status == 0 && *err == '\0', "%s", err);
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines), G_N_ELEMENTS(cases) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        ck_assert_msg(strcmp(lines[i], cases[i].value ? cases[i].value : "NULL") == 0, "%s: %s",
                      cases[i].expression, lines[i]);
}
END_TEST

static const struct {
    const char *expression, *error;
} wrong[] = {
    {"code('nothing', 'x')", "unknown table 'nothing'"},
    {"marker('GHOST', 'x')", "unknown category 'GHOST'"},
    {"make_key()", "wrong number of arguments"},
};

START_TEST(says_what_is_wrong)
{
    Scratch scratch;
    scratch_open(&scratch);
    g_autoptr(SqlKnowledge) knowledge = sql_knowledge_new("rules");
    const SqlOptions options = {.knowledge = knowledge};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *sql = g_strconcat("SELECT ", wrong[i].expression, NULL);
        g_autoptr(GError) error = NULL;
        RowSink sink = {.row = cell_row};
        ck_assert(!sql_query(scratch.store, sql, &options, &sink, &error));
        ck_assert_int_eq(error_status(error), STATUS_USAGE);
        ck_assert_msg(strstr(error->message, wrong[i].error) != NULL, "%s", error->message);
    }
    scratch_close(&scratch);
}
END_TEST

/* A connection that was given no rules says so; broken rules are told, too. */
START_TEST(rules_are_needed)
{
    SqlKnowledge *both[] = {NULL, sql_knowledge_new("no/such/rules")};
    static const char *const errors[] = {"it rests on rules, and none are given", "no/such/rules"};
    for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
        Scratch scratch;
        scratch_open(&scratch);
        const SqlOptions options = {.knowledge = both[i]};
        g_autoptr(GError) error = NULL;
        RowSink sink = {.row = cell_row};
        ck_assert(!sql_query(scratch.store, "SELECT make_key('x')", &options, &sink, &error));
        ck_assert_msg(strstr(error->message, errors[i]) != NULL, "%s", error->message);
        scratch_close(&scratch);
        sql_knowledge_free(both[i]);
    }
}
END_TEST

/* However a call is written it is seen, and a view of a function's name is none. */
START_TEST(rules_are_read_for_calls)
{
    static const struct {
        const char *sql;
        gboolean calls;
    } queries[] = {
        {"SELECT count(*) FROM markers", FALSE},
        {"SELECT count(m.record) FROM markers AS m", FALSE},
        {"SELECT Markers('x') FROM markers", TRUE},
        {"SELECT markers \t\n\v('x')", TRUE},
        {"SELECT \"markers\" ('x')", TRUE},
        {"SELECT [markers]('x')", TRUE},
        {"SELECT `markers`('x')", TRUE},
        {"SELECT markers/* text */('x')", TRUE},
        {"SELECT markers -- text\n('x')", TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++) {
        Scratch scratch;
        scratch_open(&scratch);
        g_autoptr(SqlKnowledge) none = sql_knowledge_new("no/such/rules");
        const SqlOptions options = {.knowledge = none};
        Cell cell = {0};
        RowSink sink = {.row = cell_row, .data = &cell};
        g_autoptr(GError) error = NULL;
        gboolean told = sql_query(scratch.store, queries[i].sql, &options, &sink, &error);
        ck_assert_msg(told != queries[i].calls, "%s: %s", queries[i].sql,
                      error ? error->message : "nothing was read");
        ck_assert(told || strstr(error->message, "no/such/rules"));
        g_free(cell.value);
        scratch_close(&scratch);
    }
}
END_TEST

/* Every function of the list is tried by a case above that gives NULL, and takes as many arguments
 * as it says. */
START_TEST(lists_every_function)
{
    Scratch scratch;
    scratch_open(&scratch);
    for (const SqlFunctionRow *row = sql_functions(); row->name; row++) {
        gboolean tried = FALSE;
        for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
            tried |= g_str_has_prefix(cases[i].expression, row->name) &&
                     cases[i].expression[strlen(row->name)] == '(' && !cases[i].value;
        ck_assert_msg(tried, "no case for %s", row->name);
        ck_assert(g_str_has_prefix(row->usage, row->name));
        g_autoptr(GString) sql = g_string_new("SELECT ");
        g_string_append_printf(sql, "%s(", row->name);
        for (int i = 0; i < row->arguments; i++)
            g_string_append(sql, i ? ", NULL" : "NULL");
        g_string_append_c(sql, ')');
        g_auto(SqlShape) shape = {0};
        ck_assert(sql_describe(scratch.store, NULL, sql->str, &shape, NULL));
    }
    scratch_close(&scratch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("functions");
    TCase *tcase = tcase_create("functions");
    tcase_add_test(tcase, gives_what_the_table_says);
    tcase_add_test(tcase, extension_gives_the_same);
    tcase_add_test(tcase, says_what_is_wrong);
    tcase_add_test(tcase, rules_are_needed);
    tcase_add_test(tcase, rules_are_read_for_calls);
    tcase_add_test(tcase, lists_every_function);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
