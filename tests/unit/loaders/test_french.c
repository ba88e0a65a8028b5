/*
 * One world told twice: every code of every table in its English words (UTF-8, commas, ISO) and in
 * its French ones (Windows-1252, semicolons, DD/MM/YYYY, French headers). Both give the same
 * records: of the second file every row is a duplicate of the first one's.
 */
#include "loaders/normalise.h"
#include "tests/unit/loaders/fixture.h"

#define ROWS 600

typedef struct {
    GString *english, *french;
} Twins;

static void take_code(const char *code, gpointer data)
{
    g_ptr_array_add(data, (gpointer)code);
}

static void put(GString *out, const char *cell, char delimiter, gboolean first)
{
    if (!first)
        g_string_append_c(out, delimiter);
    g_string_append_c(out, '"');
    for (; *cell; cell++)
        g_string_append(out, *cell == '"' ? "\"\"" : (char[]){*cell, '\0'});
    g_string_append_c(out, '"');
}

/* The table that a normaliser reads, or NULL. */
static const char *table_of(const ProfileColumn *column)
{
    static const char *const TABLES[][2] = {{"region", "regions"},
                                            {"issuer", "regions"},
                                            {"country", "countries"},
                                            {"office_code", "offices"},
                                            {"firearm_type", "firearm_types"},
                                            {"calibre", "calibres"},
                                            {"make", "makes"}};

    if (column->table)
        return column->table;
    for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++)
        if (strcmp(column->normaliser->name, TABLES[i][0]) == 0)
            return TABLES[i][1];
    return NULL;
}

static const char *nth_code(const CodeTable *table, guint n)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    code_visit(table, take_code, all);
    return g_ptr_array_index(all, n % all->len);
}

/* A code of the table, one row after another, in both languages. A region beside another country's
 * name stays what it is, so that in turn a row has any country or a region in its own. */
static void put_code(Twins *twins, const ProfileColumn *column, guint row, gboolean first)
{
    const CodeTable *table = code_table(codes, table_of(column));
    const CodeTable *regions = code_table(codes, "regions");
    const char *code;

    ck_assert_msg(table != NULL, "no table '%s'", table_of(column));
    code = nth_code(table, row / 2);
    if (strcmp(column->normaliser->name, "country") == 0 && row % 2)
        code = code_cell(regions, nth_code(regions, row / 2), "country");
    if (strcmp(column->normaliser->name, "region") == 0 && row % 2 == 0) {
        put(twins->english, "", ',', first);
        put(twins->french, "", ';', first);
        return;
    }
    put(twins->english, code_label(table, code, LANG_EN), ',', first);
    put(twins->french, code_label(table, code, LANG_FR), ';', first);
}

static void put_cell(Twins *twins, const ProfileColumn *column, guint row, gboolean first)
{
    g_autofree char *text = NULL;
    char iso[DAY_TEXT];
    int year, month, day;

    if (normaliser_is_date(column->normaliser)) {
        Day date = date_from_ymd(1960, 1, 1) + (Day)(row * 37);

        date_to_ymd(date, &year, &month, &day);
        text = g_strdup_printf("%02d/%02d/%04d", day, month, year);
        put(twins->english, date_text(date, iso), ',', first);
        put(twins->french, text, ';', first);
        return;
    }
    if (table_of(column)) {
        put_code(twins, column, row, first);
        return;
    }
    text = g_strdup_printf("Déçu %u; œuf, n° 5-%u", row, row);
    put(twins->english, text, ',', first);
    put(twins->french, text, ';', first);
}

/* French names are the first aliases of the profile. Lists of countries are codes in any language,
 * and an office's name follows from its code. */
static gboolean is_told(const ProfileColumn *column)
{
    return strcmp(column->normaliser->name, "countries") != 0 &&
           strcmp(column->name, "office_name") != 0;
}

static void put_row(Twins *twins, const Profile *profile, guint row)
{
    gboolean first = TRUE;

    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);

        if (!is_told(column))
            continue;
        if (row == 0) {
            put(twins->english, column->name, ',', first);
            put(twins->french, column->aliases[0], ';', first);
        } else {
            put_cell(twins, column, row, first);
        }
        first = FALSE;
    }
    g_string_append(twins->english, "\n");
    g_string_append(twins->french, "\r\n");
}

START_TEST(test_same_records)
{
    const Profile *profile = profiles_get(profiles, "cbsa-seizure", NULL);
    Twins twins = {g_string_new(NULL), g_string_new(NULL)};
    g_autoptr(GError) error = NULL;
    g_autofree char *message = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    LoadReport report;

    for (guint row = 0; row <= ROWS; row++)
        put_row(&twins, profile, row);
    report = load_text(twins.english->str);
    ck_assert_str_eq(report.encoding, "UTF-8");
    ck_assert_uint_eq(report.loaded, ROWS);
    load_report_clear(&report);
    bytes = g_convert(twins.french->str, (gssize)twins.french->len, "windows-1252", "UTF-8", NULL,
                      &length, &error);
    ck_assert_msg(bytes != NULL, "%s", error ? error->message : "");
    ck_assert_msg(load_bytes(bytes, (gssize)length, &report, &message) == STATUS_DONE, "%s",
                  message);
    ck_assert_str_eq(report.encoding, "windows-1252");
    ck_assert_str_eq(report.date_order, "DMY");
    ck_assert_int_eq(report.delimiter, ';');
    ck_assert_msg(report.duplicates == ROWS, "%u rows are other records in French",
                  (guint)(report.revised + report.loaded));
    load_report_clear(&report);
    g_string_free(twins.english, TRUE);
    g_string_free(twins.french, TRUE);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_same_records);
}

int main(void)
{
    return run_suite("loaders/french", fill);
}
