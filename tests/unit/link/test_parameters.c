/*
 * Parameter sets: what is written reads back to the same links; a set does not depend on the order
 * of the input; what changed, linked by itself, is what a full run says of it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/link/change.h"
#include "engine/link/linker.h"
#include "engine/population/population.h"
#include "tests/unit/link/world.h"
#include "tests/unit/suite.h"

static FirearmModel *model;

static void setup(void)
{
    model = firearm_model_load("rules", NULL);
    ck_assert_ptr_nonnull(model);
}

static void teardown(void)
{
    firearm_model_free(model);
}

static const Firearm *all(const World *world)
{
    return (const Firearm *)(gconstpointer)world->firearms->data;
}

/* A world and what is estimated from it. */
static FirearmParameters *estimated(World *world, guint traces, guint seizures, guint32 seed)
{
    world_init(world, traces, seizures, seed);
    return firearm_parameters_estimate(model, all(world), world->firearms->len);
}

static char *link_text(const Firearm *firearms, const FirearmLink *link)
{
    g_autofree char *why = evidence_line(link->evidence, LANG_EN);
    return g_strdup_printf("%s %s %s %.17g %.17g %.17g %s", firearms[link->left].ref,
                           firearms[link->right].ref, tier_name(link->tier), link->bits,
                           link->probability, link->chance_matches, why);
}

static void assert_same_links(const Firearm *f, const GArray *a, const GArray *b)
{
    ck_assert_uint_eq(a->len, b->len);
    for (guint i = 0; i < a->len; i++) {
        g_autofree char *x = link_text(f, &g_array_index(a, FirearmLink, i));
        g_autofree char *y = link_text(f, &g_array_index(b, FirearmLink, i));
        ck_assert_str_eq(x, y);
    }
}

/* A short number that many makes gave, as some wrote it, and traces that are one firearm. */
static void favour(World *world)
{
    GArray *firearms = world->firearms;
    Serial *serial = g_new0(Serial, 1);
    ck_assert(serial_from_pattern("051917", SERIAL_FULL, serial));
    g_ptr_array_add(world->serials, serial);
    for (guint i = 0; i + 1 < firearms->len; i += 50) {
        Firearm *some = &g_array_index(firearms, Firearm, i);
        if (some->side == SIDE_TRACE && some[1].side == SIDE_TRACE && i % 100 == 0) {
            some->serial = some[1].serial;
            some->serial_raw = some[1].serial_raw;
            some->make = some[1].make;
            some->duplicate_of = some[1].trace_no;
        } else {
            some->serial = serial;
            some->serial_raw = "051917";
        }
    }
}

START_TEST(text_reads_back_to_the_same_links)
{
    World world;
    world_init(&world, 3000, 400, 7);
    favour(&world);
    g_autoptr(FirearmParameters) own =
        firearm_parameters_estimate(model, all(&world), world.firearms->len);
    FirearmInput input = {.model = model, .firearms = all(&world), .n = world.firearms->len};
    g_autofree char *text = firearm_parameters_write(own);
    g_autoptr(GError) error = NULL;
    g_autoptr(FirearmParameters) read = firearm_parameters_read(model, text, &error);
    ck_assert_ptr_nonnull(read);
    g_autofree char *again = firearm_parameters_write(read);
    ck_assert_str_eq(text, again);
    GArray *estimated = firearm_link(&input);
    input.parameters = read;
    GArray *given = firearm_link(&input);
    ck_assert_uint_gt(given->len, 100);
    assert_same_links(input.firearms, estimated, given);
    firearm_links_free(estimated);
    firearm_links_free(given);
    world_clear(&world);
}
END_TEST

START_TEST(broken_text_is_an_error)
{
    g_autoptr(FirearmParameters) none = firearm_parameters_estimate(model, NULL, 0);
    g_autofree char *text = firearm_parameters_write(none);
    static const char *const broken[] = {"",
                                         "crosstrace firearm parameters 1\n",
                                         "crosstrace firearm parameters 2\nnothing\n",
                                         "crosstrace firearm parameters 2\nmake.equal 7\n",
                                         "crosstrace firearm parameters 2\ntraces -1\n",
                                         "crosstrace firearm parameters 2\ncount 0 1 0\n",
                                         "crosstrace firearm parameters 2\ncount 1 1\n",
                                         "crosstrace firearm parameters 2\ntail 1 2\n"};
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(firearm_parameters_read(model, broken[i], &error));
        ck_assert_ptr_nonnull(error);
    }
    g_autoptr(FirearmParameters) read = firearm_parameters_read(model, text, NULL);
    ck_assert_ptr_nonnull(read);
}
END_TEST

START_TEST(order_of_the_input_does_not_matter)
{
    World world;
    world_init(&world, 800, 100, 3);
    guint n = world.firearms->len;
    g_autofree Firearm *turned = g_new(Firearm, n);
    for (guint i = 0; i < n; i++) {
        turned[i] = all(&world)[(i * 7 + 3) % n];
    }
    ck_assert_uint_ne(n % 7, 0);
    g_autoptr(FirearmParameters) a = firearm_parameters_estimate(model, all(&world), n);
    g_autoptr(FirearmParameters) b = firearm_parameters_estimate(model, turned, n);
    g_autofree char *x = firearm_parameters_write(a), *y = firearm_parameters_write(b);
    ck_assert_str_eq(x, y);
    world_clear(&world);
}
END_TEST

/* Links of a store before something came, less those with an affected end, and those after. */
static GPtrArray *replaced(const GArray *before, const Firearm *old, const GArray *changed,
                           const Firearm *now, GHashTable *affected)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < before->len; i++) {
        const FirearmLink *link = &g_array_index(before, FirearmLink, i);
        if (!g_hash_table_contains(affected, old[link->left].ref) &&
            !g_hash_table_contains(affected, old[link->right].ref)) {
            g_ptr_array_add(lines, link_text(old, link));
        }
    }
    for (guint i = 0; i < changed->len; i++) {
        g_ptr_array_add(lines, link_text(now, &g_array_index(changed, FirearmLink, i)));
    }
    g_ptr_array_sort(lines, text_compare);
    return lines;
}

/* One observation in 60 is new: the rest of the links stay, and few are looked at again. */
START_TEST(new_observations_change_what_a_full_run_would)
{
    World world;
    g_autoptr(FirearmParameters) own = estimated(&world, 6000, 900, (guint32)(30 + _i));
    guint n = world.firearms->len;
    FirearmInput input = {.model = model, .firearms = all(&world), .n = n, .parameters = own};
    g_autoptr(GArray) old = g_array_new(FALSE, FALSE, sizeof(Firearm));
    g_autoptr(GArray) dirty = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < n; i++) {
        if ((i + (guint)_i) % 60 == 0) {
            g_array_append_val(dirty, i);
        } else {
            g_array_append_vals(old, &input.firearms[i], 1);
        }
    }
    FirearmInput less = input;
    less.firearms = (const Firearm *)(gconstpointer)old->data;
    less.n = old->len;
    const guint *fresh = (const guint *)(gconstpointer)dirty->data;
    g_autoptr(FirearmKept) kept = NULL, kept_now = NULL;
    g_autoptr(FirearmLinker) linker = firearm_linker_new(&less);
    GArray *before = firearm_linker_link(linker, &kept), *full = firearm_link(&input);
    FirearmChange change = {fresh, dirty->len, NULL, 0, fresh, dirty->len, kept, NULL, NULL};
    g_autofree gboolean *affected = g_new0(gboolean, n + 1);
    GArray *changed = firearm_link_changed(&input, &change, affected, &kept_now);
    g_autoptr(GHashTable) refs = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++) {
        if (affected[i]) {
            g_hash_table_add(refs, (gpointer)input.firearms[i].ref);
        }
    }
    ck_assert_uint_lt(g_hash_table_size(refs), n / 4);
    g_autoptr(GPtrArray) now = replaced(before, less.firearms, changed, input.firearms, refs);
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    GArray empty = {NULL, 0};
    g_autoptr(GPtrArray) want = replaced(full, input.firearms, &empty, input.firearms, none);
    ck_assert_uint_eq(now->len, want->len);
    for (guint i = 0; i < want->len; i++) {
        ck_assert_str_eq(now->pdata[i], want->pdata[i]);
    }
    memset(affected, 0, n * sizeof(*affected));
    GArray *unkept = firearm_link_changed(&input, &change, affected, NULL);
    ck_assert_uint_eq(unkept->len, changed->len);
    FirearmChange foreign = change; /* what was kept is of fewer observations than it says */
    g_autoptr(FirearmKept) kept_again = NULL;
    foreign.n_added--;
    GArray *again = firearm_link_changed(&input, &foreign, affected, &kept_again);
    ck_assert_uint_eq(again->len, full->len);
    for (guint i = 0; i < n; i++) {
        ck_assert(affected[i]);
    }
    firearm_links_free(before);
    firearm_links_free(full);
    firearm_links_free(changed);
    firearm_links_free(unkept);
    firearm_links_free(again);
    world_clear(&world);
}
END_TEST

/* World: one calibre in fifty is written down wrong; makes and types never are. */
START_TEST(descriptions_are_estimated)
{
    World world;
    g_autoptr(FirearmParameters) p = estimated(&world, 3000, 1000, 4);
    ck_assert_double_gt(p->rates.calibre_equal, 0.93);
    ck_assert_double_eq_tol(p->rates.calibre_differs, 0.04, 0.02);
    ck_assert_double_gt(p->rates.type_equal, 0.98);
    ck_assert_double_lt(p->rates.model_differs, 0.05);
    world_clear(&world);
}
END_TEST

/* A maker's runs are of one model: that it is equal says nothing that the number did not. */
START_TEST(a_run_tells_the_model)
{
    World world;
    g_autoptr(FirearmParameters) p = estimated(&world, 3000, 400, 7);
    g_autoptr(Population) population = population_new(p, all(&world), world.firearms->len);
    guint seen = 0;
    for (guint i = 0; i < world.firearms->len; i++) {
        const Facts *f = population_facts(population, i);
        Codes codes;
        if (f->make == 0 || f->model == 0 || !codes_of(all(&world)[i].serial, &codes) ||
            all(&world)[i].side == SIDE_SEIZURE) {
            continue;
        }
        double alone = population_share(population, SHARE_MODEL, f->model, f->make, 0);
        double run = population_run_share(population, SHARE_MODEL, f->model, f->make, &codes);
        ck_assert_double_ge(run, alone);
        if (strcmp(all(&world)[i].model, "22") == 0) {
            seen += run > 0.8 && alone < 0.5; /* a third of the Glocks, and of another format */
        }
    }
    ck_assert_uint_gt(seen, 100);
    world_clear(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parameters");
    TCase *tests = tcase_create("parameters");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, text_reads_back_to_the_same_links);
    tcase_add_test(tests, broken_text_is_an_error);
    tcase_add_loop_test(tests, new_observations_change_what_a_full_run_would, 0, 4);
    tcase_add_test(tests, order_of_the_input_does_not_matter);
    tcase_add_test(tests, descriptions_are_estimated);
    tcase_add_test(tests, a_run_tells_the_model);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
