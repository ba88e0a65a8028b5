/*
 * The index that `find` asks, in memory and as a file: observations that come in any order and bear
 * the same serials, patterns and numbers that say nothing are found exactly where serial_tier()
 * joins them with what is asked for.
 */
#include <check.h>
#include <stdlib.h>

#include "engine/lookup/lookup.h"

#define OBSERVATIONS 6000u /* more than the table of serials begins with */
#define ASKED        150u
#define NUMBER(i)    (7 * (gint64)(i) + 1)

static Serial random_serial(GRand *rand)
{
    static const char *const shapes[] = {"A##",   "####",   "AB####",  "BA###",
                                         "*####", "A?###*", "[8B]###", "?*"};
    const char *shape = shapes[g_rand_int_range(rand, 0, G_N_ELEMENTS(shapes))];
    g_autofree char *text = g_strdup(shape);
    Serial serial;
    for (char *p = text; *p; p++)
        if (*p == '#')
            *p = (char)('0' + g_rand_int_range(rand, 0, 8));
    ck_assert(serial_from_pattern(text, SERIAL_FULL, &serial));
    return serial;
}

static gboolean append(gconstpointer data, gsize size, gpointer to, GError **error)
{
    (void)error;
    g_byte_array_append(to, data, (guint)size);
    return TRUE;
}

/* Returns how many were found. */
static guint check_found(const FirearmIndex *index, const FirearmModel *model,
                         const Serial *serials, guint asked)
{
    guint64 all;
    guint at = 0;
    g_autoptr(GArray) ids = firearm_index_find(index, model, &serials[asked], OBSERVATIONS, &all);
    ck_assert_ptr_nonnull(ids);
    ck_assert_uint_eq(all, ids->len);
    for (guint i = 0; serial_usable(&serials[asked]) && i < OBSERVATIONS; i++) {
        gboolean found = at < ids->len && g_array_index(ids, gint64, at) == NUMBER(i);
        Tier tier = serial_tier(model, &serials[asked], NULL, &serials[i], NULL);
        ck_assert_msg(found == (tier != TIER_NONE), "%u and %u: tier %s", asked, i,
                      tier_name(tier));
        at += found;
    }
    return at;
}

START_TEST(test_found)
{
    GRand *rand = g_rand_new_with_seed(11);
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, NULL, 0);
    g_autoptr(FirearmIndexing) indexing = firearm_indexing_new();
    g_autofree Serial *serials = g_new(Serial, OBSERVATIONS);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint found = 0;
    for (guint i = 0; i < OBSERVATIONS; i++)
        serials[i] = random_serial(rand);
    for (guint i = 0; i < OBSERVATIONS; i++) { /* each once, in another order */
        guint at = i * 7001 % OBSERVATIONS;
        firearm_indexing_add(indexing, &serials[at], NUMBER(at));
    }
    g_autoptr(FirearmIndex) made = firearm_indexing_end(g_steal_pointer(&indexing), parameters);
    ck_assert(firearm_index_write(made, "stamp", append, bytes, NULL));
    g_autoptr(FirearmIndex) read =
        firearm_index_open(model, bytes->data, bytes->len, "stamp", NULL);
    ck_assert_ptr_nonnull(read);
    for (guint i = 0; i < ASKED; i++) {
        found += check_found(made, model, serials, i);
        ck_assert_uint_gt(check_found(read, model, serials, i) + !serial_usable(&serials[i]), 0);
    }
    ck_assert_uint_gt(found, 10 * ASKED);
    g_rand_free(rand);
}
END_TEST

/* What came later, and what was revised, stands in a small index beside the first: both together
 * find what one of everything does, and no other index can be asked with it. */
START_TEST(test_beside)
{
    GRand *rand = g_rand_new_with_seed(12);
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, NULL, 0);
    FirearmIndexing *first = firearm_indexing_new(), *later = firearm_indexing_new();
    g_autofree Serial *serials = g_new(Serial, OBSERVATIONS);
    g_autoptr(GByteArray) bytes = g_byte_array_new(), more = g_byte_array_new();
    g_autoptr(GByteArray) others = g_byte_array_new();
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint found = 0;
    for (guint i = 0; i < OBSERVATIONS; i++) {
        gint64 id = NUMBER(i);
        Serial before = random_serial(rand);
        gboolean revised = i % 50 == 0, late = i > OBSERVATIONS * 9 / 10;
        serials[i] = revised ? random_serial(rand) : before;
        if (!late)
            firearm_indexing_add(first, &before, id);
        if (revised && !late)
            g_array_append_val(gone, id);
        if (revised || late)
            firearm_indexing_add(later, &serials[i], id);
    }
    g_autoptr(FirearmIndex) made = firearm_indexing_end(first, parameters);
    ck_assert(firearm_index_write(made, "then", append, bytes, NULL));
    ck_assert(firearm_index_write(made, "another", append, others, NULL));
    g_autoptr(FirearmIndex) read = firearm_index_open(model, bytes->data, bytes->len, NULL, NULL);
    g_autoptr(FirearmIndex) other =
        firearm_index_open(model, others->data, others->len, NULL, NULL);
    ck_assert_int_eq(firearm_index_last(read), NUMBER(OBSERVATIONS * 9 / 10));
    g_autoptr(FirearmIndex) added = firearm_indexing_beside(later, read, gone);
    ck_assert(firearm_index_write(added, "now", append, more, NULL));
    ck_assert(!firearm_index_add(read, more->data, more->len, "then"));
    ck_assert(!firearm_index_add(other, more->data, more->len, "now"));
    ck_assert(!firearm_index_add(read, bytes->data, bytes->len, NULL));
    ck_assert_ptr_null(firearm_index_open(model, more->data, more->len, "now", NULL));
    ck_assert(firearm_index_add(read, more->data, more->len, "now"));
    for (guint i = 0; i < ASKED; i++)
        found += check_found(read, model, serials, i);
    ck_assert_uint_gt(found, 10 * ASKED);
    g_rand_free(rand);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lookup");
    TCase *tests = tcase_create("lookup");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_found);
    tcase_add_test(tests, test_beside);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
