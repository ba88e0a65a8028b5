/*
 * Cells remembered: what comes of a cell is the same whether it was seen before or not, with its
 * warning, for every normaliser and in any order.
 */
#include "tests/unit/loaders/fixture.h"

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
        const char *value = clean_cell(&cleaner, column, CELLS[i], record, &problem);
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
    {"manufacturer", "ZZZ", "(none)"},
    {"caliber", "40CAL", "40SW"},
    {"recovery_date", "20-MAY-2023", "2023-05-20"},
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

static void fill(TCase *tests)
{
    tcase_add_test(tests, test_read);
    tcase_add_test(tests, test_unread);
    tcase_add_test(tests, test_remembered);
}

int main(void)
{
    return run_suite("loaders/cells", fill);
}
