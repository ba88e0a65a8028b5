/*
 * One pair explained: it weighs what the run says that it weighs, and a pair that no tier joins
 * says which came nearest. All of it is synthetic.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/lookup/explain.h"
#include "tests/unit/suite.h"

#define CROWD 300u

static const char *const SEIZED[] = {"HAA1234", "HAA12347", "HAAI234",     "HAA12", "H?A1234",
                                     "*1234",   "HAA1Z34",  "OBLITERATED", "ZZ9"};

static GArray *crowd(GStringChunk *strings, GPtrArray *serials)
{
    static const char *const makes[] = {"GLOCK", "SMITH & WESSON", "TAURUS"};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Firearm));
    for (guint i = 0; i < CROWD + G_N_ELEMENTS(SEIZED); i++) {
        gboolean seized = i >= CROWD;
        g_autofree char *ref = g_strdup_printf("%s:%05u", seized ? "seizure" : "trace", i);
        g_autofree char *made = g_strdup_printf("HA%c%04u", 'A' + (int)(i % 9), i * 617 % 10000);
        const char *serial = seized ? SEIZED[i - CROWD] : i == 0 ? "HAA1234" : made;
        Serial read = serial_parse(serial, NULL);
        Firearm f = {.ref = g_string_chunk_insert(strings, ref),
                     .side = seized ? SIDE_SEIZURE : SIDE_TRACE,
                     .serial = serial_dup(&read),
                     .serial_raw = g_string_chunk_insert(strings, serial),
                     .make = seized ? makes[0] : makes[i % 3],
                     .event_date = seized ? 19500 : DAY_NONE,
                     .purchase_date = DAY_NONE,
                     .request_date = DAY_NONE};
        g_ptr_array_add(serials, (gpointer)f.serial);
        g_array_append_val(all, f);
    }
    return all;
}

START_TEST(a_pair_weighs_what_the_run_says)
{
    g_autoptr(GStringChunk) strings = g_string_chunk_new(4096);
    g_autoptr(GPtrArray) serials = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) all = crowd(strings, serials);
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    const Firearm *firearms = (const Firearm *)(gconstpointer)all->data;
    FirearmInput input = {.model = model, .firearms = firearms, .n = all->len};
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model, firearms, all->len);
    input.parameters = parameters;
    GArray *links = firearm_link(&input);
    ck_assert_uint_gt(links->len, 3);
    for (guint i = 0; i < links->len; i++) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);
        FirearmPair pair = firearm_pair(&input, link->right, link->left);
        g_autoptr(Evidence) evidence = pair.evidence;
        ck_assert_int_eq(pair.tier == TIER_NONE ? TIER_PAPER : pair.tier, link->tier);
        ck_assert_uint_eq(evidence_count(evidence), evidence_count(link->evidence));
        for (guint t = 0; t < evidence_count(evidence); t++)
            ck_assert_double_eq_tol(evidence_term(evidence, t)->bits,
                                    evidence_term(link->evidence, t)->bits, 1e-9);
        ck_assert_double_eq_tol(pair.bits, link->bits, 1e-9);
        ck_assert_double_lt(pair.prior, 0);
    }
    firearm_links_free(links);
}
END_TEST

/* What the run estimated, of whatever firearms it had, weighs the pair; without it, what those of
 * the input let estimate. */
START_TEST(parameters_are_those_of_the_run)
{
    g_autoptr(GStringChunk) strings = g_string_chunk_new(4096);
    g_autoptr(GPtrArray) serials = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) all = crowd(strings, serials);
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    const Firearm *firearms = (const Firearm *)(gconstpointer)all->data;
    g_autoptr(FirearmParameters) of_all = firearm_parameters_estimate(model, firearms, all->len);
    g_autoptr(FirearmParameters) of_few = firearm_parameters_estimate(model, firearms, CROWD / 3);
    const FirearmParameters *given[] = {NULL, of_all, of_few};
    double prior[3];
    for (guint i = 0; i < 3; i++) {
        FirearmInput input = {
            .model = model, .firearms = firearms, .n = all->len, .parameters = given[i]};
        FirearmPair pair = firearm_pair(&input, CROWD, 0);
        prior[i] = pair.prior;
        evidence_free(pair.evidence);
    }
    ck_assert_double_eq(prior[0], prior[1]);
    ck_assert_double_gt(prior[2], prior[1] + 1);
}
END_TEST

static const struct {
    const char *a, *b;
    Tier tier;
    guint apart, allowed, known;
} far[] = {
    {"HAA1234", "HAB1299", TIER_S2B, 3, 2, 0},     {"HAA123", "HAB124", TIER_S2, 2, 1, 0},
    {"12345", "ABC12346", TIER_S4, 1, 0, 0},       {"HAA1234", "OBLITERATED", TIER_NONE, 0, 0, 0},
    {"HAA12??", "HAB12345", TIER_S3, 2, 0, 4},     {"H?A12*", "HXB12345", TIER_S3, 1, 0, 3},
    {"HAA1234", "QQQ7777777", TIER_S2B, 10, 2, 0},
};

START_TEST(the_nearest_tier_is_named)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(far); i++) {
        Serial a = serial_parse(far[i].a, NULL), b = serial_parse(far[i].b, NULL);
        SerialNearness near = serial_nearest(&a, &b), turned = serial_nearest(&b, &a);
        ck_assert_int_eq(serial_tier(model, &a, far[i].a, &b, far[i].b), TIER_NONE);
        ck_assert_msg(near.tier == far[i].tier && near.apart == far[i].apart &&
                          near.allowed == far[i].allowed && near.known == far[i].known,
                      "%s, %s: tier %s, %u apart, %u allowed, %u known", far[i].a, far[i].b,
                      tier_name(near.tier), near.apart, near.allowed, near.known);
        ck_assert_int_eq(turned.tier, near.tier);
        ck_assert_uint_eq(turned.apart, near.apart);
    }
}
END_TEST

/* Whatever two patterns are: when nothing is apart and enough is known, a tier holds. */
START_TEST(nearness_agrees_with_the_tiers)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    for (guint round = 0; round < 20000; round++) {
        char text[2][12];
        for (guint k = 0; k < 2; k++) {
            guint n = (guint)g_rand_int_range(random, 5, 10);
            for (guint i = 0; i < n; i++)
                text[k][i] = "AB12?"[g_rand_int_range(random, 0, i == 0 ? 4 : 5)];
            text[k][n] = '\0';
        }
        Serial a, b;
        if (!serial_from_pattern(text[0], SERIAL_PARTIAL, &a) ||
            !serial_from_pattern(text[1], SERIAL_PARTIAL, &b))
            continue;
        SerialNearness near = serial_nearest(&a, &b);
        gboolean holds = serial_tier(model, &a, NULL, &b, NULL) != TIER_NONE;
        if (near.tier == TIER_S3)
            ck_assert_msg(holds == (near.apart == 0 && near.known >= 4), "%s %s", text[0], text[1]);
        else if (near.apart <= near.allowed)
            ck_assert_msg(holds, "%s %s", text[0], text[1]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lookup/explain");
    TCase *cases = tcase_create("pairs");
    tcase_add_test(cases, a_pair_weighs_what_the_run_says);
    tcase_add_test(cases, parameters_are_those_of_the_run);
    tcase_add_test(cases, the_nearest_tier_is_named);
    tcase_add_test(cases, nearness_agrees_with_the_tiers);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
