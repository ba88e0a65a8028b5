/*
 * Cells remembered: what comes of a cell is the same whether it was seen before or not, with its
 * warning, for every normaliser and in any order.
 */
#include "tests/unit/loaders/fixture.h"

#include "loaders/dates.h"
#include "loaders/memo.h"

static const char *const CELLS[] = {
    "GLOCK",
    "Glock Gmbh",
    "9mm",
    ".38 SPL",
    "UNITED STATES",
    "USA;CAN",
    "CAN, Atlantis",
    "UNKNOWN",
    "N/A",
    "12.0",
    "00012",
    "2-23-091-01-7F-14245",
    "2-23-91-01-7F-14245",
    "not a licence",
    "Y",
    "maybe",
    "1234",
    "12345",
    "k1a 0b1",
    "Montréal",
    "  two  blanks ",
    "05/11/2024",
    "31/12/2099",
    "3E+05",
    "THIS FIREARM WAS TRACED TO A PURCHASER",
    "a cell that is longer than what is remembered of one, and so on"};

#define N G_N_ELEMENTS(CELLS)

/* The value and the warning, as one text. */
static char *answer(const char *value, const char *problem)
{
    return g_strdup_printf("%s|%s", value ? value : "(none)", problem ? problem : "");
}

/* A fresh cleaner, so that nothing is remembered. */
static char *alone(const ProfileColumn *column, const char *cell, const Record *record)
{
    Cleaner cleaner;
    const char *problem = NULL, *value;
    char *text;

    cleaner_init(&cleaner, codes, people);
    cleaner.as_of = options.as_of;
    value = column->normaliser->clean(&cleaner, column, cell, record, &problem);
    text = answer(value, problem);
    cleaner_clear(&cleaner);
    return text;
}

static void check_column(const ProfileColumn *column, GRand *rand)
{
    g_autoptr(Record) record = record_new("atf-trace");
    char *expected[N];
    Cleaner cleaner;

    cleaner_init(&cleaner, codes, people);
    cleaner.as_of = options.as_of;
    for (gsize i = 0; i < N; i++)
        expected[i] = alone(column, CELLS[i], record);
    for (guint turn = 0; turn < 6 * N; turn++) {
        gint i = g_rand_int_range(rand, 0, N);
        const char *problem = NULL;
        Cell cell = {column, CELLS[i], cell_slot(&cleaner, column, CELLS[i])};
        const char *value = clean_cell(&cleaner, &cell, record, &problem);
        g_autofree char *got = answer(value, problem);

        ck_assert_msg(strcmp(got, expected[i]) == 0, "%s of '%s': %s, not %s", column->name,
                      CELLS[i], got, expected[i]);
    }
    for (gsize i = 0; i < N; i++)
        g_free(expected[i]);
    cleaner_clear(&cleaner);
}

START_TEST(test_remembered)
{
    const Profile *profile = profiles_get(profiles, "atf-trace", NULL);
    GRand *rand = g_rand_new_with_seed(7);

    for (guint i = 0; i < profile->columns->len; i++)
        check_column(profile_column(profile, i), rand);
    g_rand_free(rand);
}
END_TEST

static const struct {
    const char *column, *cell, *value;
} READ[] = {
    {"model", "G19", "G19"},
    {"model", "Glock 19", "19"},
    {"model", "19 GEN4", "19 GEN4"},
    {"model", "Model 19", "19"},
    {"model", "SMITH & WESSON 10", "10"},
    {"model", "JA 9", "JA 9"},
    {"model", "GLOCK P80", "GLOCK P80"},
    {"model", "GLOCK CLONE", "GLOCK CLONE"},
    {"manufacturer", "MOSSBERG/MAVERICK", "MOSSBERG"},
    {"manufacturer", "GLC", "GLOCK"},
    {"manufacturer", "COLT PYTHON", "COLT"},
    {"manufacturer", "ZZZ", "(none)"},
    {"caliber", "40CAL", "40SW"},
    {"recovery_date", "20-MAY-2023", "2023-05-20"},
    {"recovery_date", "31-MAY-2023", "2023-05-31"},
    {"recovery_date", "May 20, 2023", "2023-05-20"},
    {"recovery_date", "1er f\u00E9vr. 2023", "2023-02-01"},
    {"recovery_date", "20 ao\u00FBt 2023 14:33", "2023-08-20"},
    {"time_to_crime_days", "TIME TO CRIME: 123 DAYS", "123"},
    {"time_to_crime_days", "123.0", "123"},
    {"time_to_crime_days", "123 days", "123"},
    {"time_to_crime_days", "TTC: 123 JOURS", "123"},
    {"country_of_origin", "YUGOSLAVIA", "YUG"},
};

static const struct {
    const char *column, *cell, *problem;
} UNREAD[] = {
    {"recovery_date", "20-MAY-23", "bad-date"},
    {"recovery_date", "31-JUN-2023", "bad-date"},
    {"recovery_date", "3 JUI 2023", "bad-date"},
    {"recovery_date", "MAY 2023", "bad-date"},
    {"recovery_date", "20 MAY 2023 or so", "bad-date"},
    {"time_to_crime_days", "12 YEARS", "bad-number"},
    {"time_to_crime_days", "-5 DAYS", "bad-number"},
    {"time_to_crime_days", "UNDER 90 DAYS", "bad-number"},
};

START_TEST(test_unread)
{
    const Profile *profile = profiles_get(profiles, "atf-trace", NULL);
    g_autoptr(Record) record = record_new("atf-trace");

    for (gsize i = 0; i < G_N_ELEMENTS(UNREAD); i++) {
        guint column = (guint)profile_find(profile, UNREAD[i].column);
        g_autofree char *got = alone(profile_column(profile, column), UNREAD[i].cell, record);
        g_autofree char *expected = answer(NULL, UNREAD[i].problem);

        ck_assert_msg(strcmp(got, expected) == 0, "'%s': %s", UNREAD[i].cell, got);
    }
}
END_TEST

/* Spellings of one thing are one value. */
START_TEST(test_read)
{
    const Profile *profile = profiles_get(profiles, "atf-trace", NULL);
    g_autoptr(Record) record = record_new("atf-trace");

    for (gsize i = 0; i < G_N_ELEMENTS(READ); i++) {
        guint column = (guint)profile_find(profile, READ[i].column);
        g_autofree char *got = alone(profile_column(profile, column), READ[i].cell, record);
        g_autofree char *expected = answer(READ[i].value, NULL);

        ck_assert_msg(strcmp(got, expected) == 0, "'%s': %s", READ[i].cell, got);
    }
}
END_TEST

/* The value and the warning of what a spreadsheet or a hand has left of a cell. */
static const struct {
    const char *profile, *column, *cell, *answer;
} NOTED[] = {
    {"cbsa-seizure", "item_no", "4", "4|"},
    {"cbsa-seizure", "item_no", "004", "4|"},
    {"cbsa-seizure", "item_no", "4.0", "4|excel-decimal"},
    {"cbsa-seizure", "item_no", "000", "0|"},
    {"cbsa-seizure", "item_no", "4A", "4A|"},
    {"cbsa-seizure", "item_no", "0.0", "0|excel-decimal"},
    {"cbsa-seizure", "office_code", "453.0", "0453|excel-zero"},
    {"cbsa-seizure", "office_code", "4530", "4530|"},
    {"cbsa-seizure", "office_code", "453", "0453|excel-zero"},
    {"cbsa-seizure", "office_code", "45301", "45301|"},
    {"cbsa-seizure", "office_code", "0", "0000|excel-zero"},
    {"cbsa-seizure", "office_code", "0000", "0000|"},
    {"atf-trace", "possessor_phone", "1 (613) 555-0100", "6135550100|"},
    {"atf-trace", "possessor_phone", "613-555-0100", "6135550100|"},
    {"atf-trace", "possessor_phone", "6135550100.0", "6135550100|excel-decimal"},
    {"atf-trace", "possessor_phone", "2 613 555 0100", "26135550100|"},
    {"atf-trace", "possessor_phone", "1613555010", "1613555010|"},
    {"atf-trace", "possessor_phone", "16135550100", "6135550100|"},
    {"atf-trace", "possessor_id_no", "123.0", "123|excel-decimal"},
    {"atf-trace", "possessor_id_no", "AB-12 c", "AB12C|"},
    {"atf-trace", "possessor_id_no", "UNKNOWN", "(none)|"},
    {"atf-trace", "time_to_crime_days", "0090", "90|"},
    {"atf-trace", "time_to_crime_days", "0", "0|"},
    {"atf-trace", "time_to_crime_days", "000000123", "123|"},
    {"atf-trace", "time_to_crime_days", "1234567", "(none)|bad-number"},
    {"atf-trace", "time_to_crime_days", "999999", "999999|"},
    {"atf-trace", "time_to_crime_days", "UNKNOWN", "(none)|"},
    {"atf-trace", "recovery_postal", "k1a 0b1", "K1A 0B1|"},
    {"atf-trace", "recovery_postal", "K1A-0B1", "K1A 0B1|"},
    {"atf-trace", "recovery_postal", "43604", "43604|"},
    {"atf-trace", "recovery_postal", "43604-1234", "43604|"},
    {"atf-trace", "recovery_postal", "4360", "04360|excel-zero"},
    {"atf-trace", "recovery_postal", "K1A 0BX", "K1A 0BX|"},
    {"atf-trace", "recovery_postal", "K1A 0B12", "K1A 0B12|"},
    {"atf-trace", "recovery_postal", "1K1 A0B", "1K1 A0B|"},
    {"atf-trace", "recovery_postal", "436041234", "43604|"},
    {"atf-trace", "recovery_postal", "43604.0", "43604|excel-decimal"},
    {"atf-trace", "recovery_postal", "123", "123|"},
    {"atf-trace", "recovery_date", "2024-02-29", "2024-02-29|"},
    {"atf-trace", "recovery_date", "2023-02-29", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2024-13-01", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2024-12-31", "(none)|future-date"},
    {"atf-trace", "recovery_date", "2024-12-32", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2024/02/01", "2024-02-01|"},
    {"atf-trace", "recovery_date", "02-29-2024", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "20240229", "2024-02-29|"},
    {"atf-trace", "recovery_date", "2024-2-9", "2024-02-09|"},
    {"atf-trace", "recovery_date", "32/01/2024", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2024-02-29 23:59:59", "2024-02-29|"},
    {"atf-trace", "recovery_date", "1899-12-31", "1899-12-31|"},
    {"atf-trace", "recovery_date", "45000", "2023-03-15|excel-day"},
    {"atf-trace", "recovery_date", "2024-02-2x", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2023 May 20", "2023-05-20|"},
    {"atf-trace", "recovery_date", "20 May 0023", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2O24-02-02", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "2024-02/02", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "02/03-2024", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "25569", "1970-01-01|excel-day"},
    {"atf-trace", "recovery_date", "25568", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "45473", "2024-06-30|excel-day"},
    {"atf-trace", "recovery_date", "45474", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "45000.75", "2023-03-15|excel-day"},
    {"atf-trace", "recovery_date", "45000.x", "(none)|bad-date"},
    {"atf-trace", "recovery_date", "UNKNOWN", "(none)|"},
    {"atf-trace", "purchaser_dob", "1980-02-31", "1980-02-31|bad-date"},
    {"atf-trace", "purchaser_dob", "27/10/76", "1976-10-27|bad-date"},
    {"atf-trace", "purchaser_dob", "24-May-11", "2011-05-24|bad-date"},
    {"atf-trace", "purchaser_dob", "24-Mai-91", "1991-05-24|bad-date"},
    {"atf-trace", "purchaser_dob", "24-Jui-91", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "76/10/271", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "1980-13-05", "1980-13-05|bad-date"},
    {"atf-trace", "purchaser_dob", "19800231", "1980-02-31|bad-date"},
    {"atf-trace", "purchaser_dob", "1980", "1980|bad-date"},
    {"atf-trace", "purchaser_dob", "1980-05", "1980-05|bad-date"},
    {"atf-trace", "purchaser_dob", "05/1980", "1980-05|bad-date"},
    {"atf-trace", "purchaser_dob", "00/00/1980", "1980|bad-date"},
    {"atf-trace", "purchaser_dob", "1980-99-99", "1980|bad-date"},
    {"atf-trace", "purchaser_dob", "31/31/1980", "1980-31-31|bad-date"},
    {"atf-trace", "purchaser_dob", "1780-02-31", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "2098-02-31", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "80-02-31", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "1980-02-3x", "(none)|bad-date"},
    {"atf-trace", "purchaser_dob", "2024-12-31", "(none)|future-date"},
    {"atf-trace", "manufacturer", "RUGER", "STURM RUGER|"},
    {"atf-trace", "manufacturer", "RUGR", "RUGR|"},
    {"atf-trace", "manufacturer", "GLOCX", "GLOCX|"},
    {"atf-trace", "manufacturer", "SMITH AND WESSN", "SMITH & WESSON|"},
    {"atf-trace", "manufacturer", "COLTT", "COLTT|"},
    {"atf-trace", "manufacturer", "WINCHESTR", "WINCHESTER|"},
    {"atf-trace", "manufacturer", "BERETA", "BERETTA|"},
    {"atf-trace", "manufacturer", "TAURAS", "TAURUS|"},
    {"atf-trace", "manufacturer", "S&W", "SMITH & WESSON|"},
    {"atf-trace", "manufacturer", "SIG SAUR", "SIG SAUER|"},
    {"atf-trace", "country_of_origin", "USA", "USA|"},
    {"atf-trace", "country_of_origin", "usa", "USA|"},
    {"atf-trace", "country_of_origin", "Allemagne", "DEU|"},
    {"atf-trace", "country_of_origin", "GER", "DEU|"},
    {"atf-trace", "country_of_origin", "U.S.", "USA|"},
    {"atf-trace", "caliber", "9", "9MM|"},
    {"atf-trace", "caliber", "9 MM", "9MM|"},
    {"atf-trace", "caliber", "9x19", "9MM|"},
    {"atf-trace", "caliber", "22LR", "22LR|"},
    {"atf-trace", "caliber", ".22", "22LR|"},
    {"atf-trace", "caliber", "12 GA", "12GA|"},
    {"atf-trace", "caliber", "40 S&W", "40SW|"},
    {"atf-trace", "caliber", "5.56", "223/556|"},
    {"atf-trace", "caliber", "45ACP", "45ACP|"},
    {"atf-trace", "caliber", ".45 AUTO", "45ACP|"},
    {"atf-trace", "caliber", "7,62", "762X39|"},
    {"atf-trace", "recovery_postal", "4360,0", "04360|excel-zero"},
    {"cbsa-seizure", "office_code", "453.5", "453.5|"},
};

START_TEST(test_noted)
{
    g_autoptr(Record) record = record_new("atf-trace");

    for (gsize i = 0; i < G_N_ELEMENTS(NOTED); i++) {
        const Profile *profile = profiles_get(profiles, NOTED[i].profile, NULL);
        guint column = (guint)profile_find(profile, NOTED[i].column);
        g_autofree char *got = alone(profile_column(profile, column), NOTED[i].cell, record);

        ck_assert_msg(strcmp(got, NOTED[i].answer) == 0, "'%s': %s", NOTED[i].cell, got);
    }
}
END_TEST

/* What a spreadsheet made of a cell, as the cell alone shows it; NULL: nothing. */
static const struct {
    const char *cell, *damage;
} DAMAGE[] = {
    {"3-Mar", "excel-date"},
    {"31-D\u00e9c", "excel-date"},
    {"Mar-03", "excel-date"},
    {"mars-23", "excel-date"},
    {"Sept-2023", "excel-date"},
    {"345-Mar", NULL},
    {"A-Mar", NULL},
    {"3-Mai-23", NULL},
    {"Mar-12345", NULL},
    {"Mar-", NULL},
    {"-Mar", NULL},
    {"3-Ma", NULL},
    {"3-Jui", NULL},
    {"3-Marz", NULL},
    {"3-SEPTEMBER12", NULL},
    {"1.2E+05", "excel-sci"},
    {"1,25e+5", "excel-sci"},
    {"9E+10", "excel-sci"},
    {"12E+05", NULL},
    {"1.2E5", NULL},
    {"1.2E+", NULL},
    {"1.2E+05A", NULL},
    {".2E+05", NULL},
    {"12.0", "excel-decimal"},
    {"12,00", "excel-decimal"},
    {"12.", NULL},
    {"12.01", NULL},
    {".0", NULL},
    {"12.0A", NULL},
    {"", NULL},
};

START_TEST(test_damage)
{
    for (gsize i = 0; i < G_N_ELEMENTS(DAMAGE); i++) {
        const char *damage = excel_damage(DAMAGE[i].cell);

        ck_assert_msg(g_strcmp0(damage, DAMAGE[i].damage) == 0, "'%s': %s", DAMAGE[i].cell, damage);
    }
}
END_TEST

/* Plain dates are written as they are read: every day and none, in every order, with and without a
 * last day, as the slow way reads them. */
START_TEST(test_plain_dates)
{
    static const int YEARS[] = {1799, 1800, 1900, 2000, 2023, 2024, 2200, 2201};
    Cleaner cleaner;
    guint read = 0;

    cleaner_init(&cleaner, NULL, NULL);
    for (guint i = 0; i < 8 * 14 * 33 * 3; i++) {
        int year = YEARS[i % 8], month = (int)(i / 8 % 14), day = (int)(i / 8 / 14 % 33);
        guint order = 1u << i / 8 / 14 / 33;
        char mark = i % 2 ? '/' : '-';
        g_autofree char *cell =
            order == DATE_ISO   ? g_strdup_printf("%04d-%02d-%02d", year, month, day)
            : order == DATE_DMY ? g_strdup_printf("%02d%c%02d%c%04d", day, mark, month, mark, year)
                                : g_strdup_printf("%02d%c%02d%c%04d", month, mark, day, mark, year);

        cleaner.order = order;
        cleaner.as_of = i % 3 == 0 ? DAY_NONE : date_from_ymd(2024, 2, 28);
        Day slow = date_parse(cell, order);
        const char *text = clean_date_text(&cleaner, cell);
        char wanted[DAY_TEXT];
        gboolean late = cleaner.as_of != DAY_NONE && slow > cleaner.as_of;
        ck_assert_msg((text != NULL) == (slow != DAY_NONE && !late), "%s", cell);
        ck_assert(!text || strcmp(text, date_text(slow, wanted)) == 0);
        read += text != NULL;
    }
    ck_assert_uint_gt(read, 4000);
    cleaner_clear(&cleaner);
}
END_TEST

static void fill(TCase *tests)
{
    tcase_add_test(tests, test_plain_dates);
    tcase_add_test(tests, test_damage);
    tcase_add_test(tests, test_read);
    tcase_add_test(tests, test_noted);
    tcase_add_test(tests, test_unread);
    tcase_add_test(tests, test_remembered);
}

int main(void)
{
    return run_suite("loaders/cells", fill);
}
