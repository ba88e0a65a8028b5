/*
 * What is counted: spellings of one model count as one, what is counted of one thing is no count of
 * another, and what can come next in a serial has shares that add up.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/population/estimated.h"
#include "engine/population/model_name.h"
#include "engine/population/population.h"
#include "tests/unit/suite.h"

/* make, as written, key (NULL: none), generation */
static const char *const MODELS[][4] = {
    {"GLOCK", "19", "19", ""},
    {"GLOCK", "G19", "19", ""},
    {"GLOCK", "Glock 19", "19", ""},
    {"GLOCK", "19 Gen 5", "19", "5"},
    {"GLOCK", "G19-GEN4", "19", "4"},
    {"GLOCK", "GLOCK P80", "GLOCKP80", ""},
    {"GLOCK", "GEN5", "GEN5", ""},
    {"HECKLER & KOCH", "G36", "G36", ""}, /* a name of its own, no 36 */
    {NULL, "G19", "G19", ""},
    {"UNKNOWN", "U22", "U22", ""},
    {"GLOCK", "UNKNOWN", NULL, ""},
    {"GLOCK", " - ", NULL, ""},
    {"GLOCK", "", NULL, ""},
    {"GLOCK", NULL, NULL, ""},
};

START_TEST(spellings_of_a_model_share_a_key)
{
    for (guint i = 0; i < G_N_ELEMENTS(MODELS); i++) {
        const char *const *row = MODELS[i];
        char key[MODEL_KEY];
        gboolean recorded = model_key(row[0], row[1], key);
        char generation[2] = {model_generation(row[1])};
        ck_assert_msg(recorded == (row[2] != NULL), "'%s'", row[1]);
        ck_assert_msg(!recorded || strcmp(key, row[2]) == 0, "'%s': '%s'", row[1], key);
        ck_assert_str_eq(generation, row[3]);
    }
}
END_TEST

/* What can come next behind a beginning has shares that add up to one, whatever was seen. */
START_TEST(shares_behind_a_beginning_add_up)
{
    Counter counter;
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    counter_init(&counter);
    counter_add(&counter, 1);
    for (guint i = 0; i < 40; i++) {
        counter_add(&counter, 1);
        gint most = _i % 2 == 0 ? 36 : 9; /* spread, or oftener the same */
        counter_follow(&counter, 1, mix(1, (guint64)g_rand_int_range(rand, 0, most) + 1));
    }
    counter_prune(&counter);
    const Slot *before = counter_find(&counter, 1);
    double sum = 0;
    for (guint code = 0; code < 36; code++) {
        sum += share_behind(before, counter_find(&counter, mix(1, code + 1)), 0, 1.0 / 36);
    }
    ck_assert_double_eq_tol(sum, 40.0 / 41, 1e-9); /* one was seen to end there */
    counter_clear(&counter);
}
END_TEST

/* Of a make a third of whose numbers end in US, the thousand ends of that kind share that third:
 * '***476US' says ten bits, however few of the store end so. */
START_TEST(ends_of_a_kind_share_its_mass)
{
    Fragments *fragments = fragments_new(600);
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    char text[32];
    Codes codes;
    for (guint i = 0; i < 600; i++) {
        char letter[3];
        for (guint k = 0; k < 3; k++) {
            letter[k] = (char)g_rand_int_range(rand, 'A', 'H');
        }
        g_snprintf(text, sizeof text, "%s%.3s%03d%s", i % 3 == 0 ? "" : "B", letter,
                   g_rand_int_range(rand, 0, 1000), i % 3 == 0 ? "US" : "");
        Serial serial = serial_parse(text, NULL);
        ck_assert(codes_of(&serial, &codes));
        fragments_count(fragments, &codes, 1);
    }
    counter_prune(fragments_counter(fragments));
    double sum = 0, least = 1;
    for (guint end = 0; end < 1000; end++) {
        g_snprintf(text, sizeof text, "***%03uUS", end);
        Serial pattern = serial_parse(text, NULL);
        double share = fragments_share(fragments, &pattern, 1);
        sum += share;
        least = MIN(least, share);
    }
    ck_assert_double_eq_tol(sum, 1.0 / 3, 0.05);
    ck_assert_double_gt(least, 1.0 / 3 / 1000 / 4);
    fragments_free(fragments);
}
END_TEST

/* What is counted of a number is no model's count: a make and a model as its digits, any value. */
START_TEST(counts_of_numbers_stand_apart)
{
    for (guint number = 0; number < 100; number++) {
        const Codes codes = {.n = 2, .code = {(guint8)(number / 10), (guint8)(number % 10)}};
        guint64 key = makes_key(&codes, 5);
        ck_assert_uint_ne(key, 0);
        for (guint value = 0; value < 100; value++) {
            for (Share what = SHARE_MAKE; what < SHARES; what++) {
                ck_assert_uint_ne(key, share_key(what, value, number / 10, number % 10));
            }
        }
    }
}
END_TEST

#define CALIBRES 3000 /* more than are counted together */
#define ROUNDS   3

/* Descriptions that differ in one thing are counted apart, however many there are: calibres that
 * come equally often have equal shares. */
START_TEST(descriptions_stand_apart)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
    g_autofree Firearm *firearms = g_new0(Firearm, CALIBRES * ROUNDS);
    Serial serial = serial_parse("12345", NULL);
    for (guint i = 0; i < CALIBRES * ROUNDS; i++) {
        char calibre[16];
        g_snprintf(calibre, sizeof calibre, "C%u", i % CALIBRES);
        firearms[i] = (Firearm){.ref = "atf-trace:T1",
                                .side = SIDE_TRACE,
                                .serial = &serial,
                                .make = "GLOCK",
                                .calibre = g_string_chunk_insert_const(texts, calibre),
                                .event_date = DAY_NONE,
                                .purchase_date = DAY_NONE,
                                .buyer_dob = DAY_NONE,
                                .request_date = DAY_NONE};
    }
    Population *population;
    G_GNUC_UNUSED g_autoptr(FirearmParameters) parameters =
        firearm_set_count(model, firearms, CALIBRES * ROUNDS, &population);
    const Facts *first = population_facts(population, 0);
    double share = population_share(population, SHARE_CALIBRE, first->calibre, first->make, 0);
    ck_assert_double_gt(share, 0);
    for (guint i = 1; i < CALIBRES; i++) {
        const Facts *f = population_facts(population, i);
        ck_assert_uint_ne(f->calibre, first->calibre);
        ck_assert_double_eq(population_share(population, SHARE_CALIBRE, f->calibre, f->make, 0),
                            share);
    }
    population_free(population);
}
END_TEST

/* Where all are of one make, what its numbers are like is what all are like. */
START_TEST(one_make_is_all)
{
    static const char *const patterns[] = {"A??45", "?1234", "[AB]1234", "A123?"};
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    Firearm firearms[200];
    Serial serials[200];
    for (guint i = 0; i < 200; i++) {
        char text[16];
        g_snprintf(text, sizeof text, "%c%04u", "AB"[i % 2], 1000 + i * 7);
        serials[i] = serial_parse(text, NULL);
        firearms[i] = (Firearm){.ref = "atf-trace:T1",
                                .side = SIDE_TRACE,
                                .serial = &serials[i],
                                .make = "GLOCK",
                                .event_date = DAY_NONE,
                                .purchase_date = DAY_NONE,
                                .buyer_dob = DAY_NONE,
                                .request_date = DAY_NONE};
    }
    g_autoptr(FirearmParameters) parameters = firearm_set_count(model, firearms, 200, NULL);
    Population *population = population_new(parameters, firearms, 200);
    guint make = population_facts(population, 0)->make;
    for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
        Serial pattern;
        ck_assert(serial_from_pattern(patterns[i], SERIAL_PARTIAL, &pattern));
        double all = population_fragment(population, &pattern, 0);
        double own = population_fragment(population, &pattern, make);
        ck_assert_msg(own > all / 1.5 && own < all * 1.5, "%s: %g of the make, %g of all",
                      patterns[i], own, all);
    }
    population_free(population);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("population/counts");
    TCase *tests = tcase_create("counts");
    tcase_add_loop_test(tests, shares_behind_a_beginning_add_up, 0, 10);
    tcase_add_test(tests, ends_of_a_kind_share_its_mass);
    tcase_add_test(tests, counts_of_numbers_stand_apart);
    tcase_add_test(tests, spellings_of_a_model_share_a_key);
    tcase_add_test(tests, descriptions_stand_apart);
    tcase_add_test(tests, one_make_is_all);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
