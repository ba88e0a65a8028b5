/*
 * The index that `find` asks, in memory and as a file: observations that come in any order and bear
 * the same serials, patterns and numbers that say nothing are found exactly where serial_tier()
 * joins them with what is asked for.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/firearm/index.h"
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

/* ---- damaged, or not to be written ---- */

#define FEW    700u
#define TRIALS 1500u

/* An index and what stands beside it, as they lie in files, with what they say when they are sound.
 */
typedef struct {
    FirearmModel *model;
    GByteArray *file[2];
    Serial *serials;
    gint64 *ids;
    char *answers[FEW]; /* numbers found, NULL: not asked yet */
    guint *borne;
} World;

static World *world_new(GRand *rand)
{
    World *world = g_new0(World, 1);
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));
    FirearmIndexing *first = firearm_indexing_new(), *later = firearm_indexing_new();
    world->model = firearm_model_load("rules", NULL);
    world->serials = g_new(Serial, FEW);
    world->ids = g_new(gint64, FEW);
    for (guint i = 0; i < FEW; i++) {
        world->serials[i] = random_serial(rand);
        world->ids[i] = NUMBER(i);
        firearm_indexing_add(i < FEW / 2 ? first : later, &world->serials[i], NUMBER(i));
        if (i < FEW / 2 && i % 90 == 0) { /* revised, and the same */
            firearm_indexing_add(later, &world->serials[i], NUMBER(i));
            g_array_append_val(gone, world->ids[i]);
        }
    }
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(world->model, NULL, 0);
    g_autoptr(FirearmIndex) made = firearm_indexing_end(first, parameters);
    world->file[0] = g_byte_array_new();
    world->file[1] = g_byte_array_new();
    ck_assert(firearm_index_write(made, "now", append, world->file[0], NULL));
    g_autoptr(FirearmIndex) read =
        firearm_index_open(world->model, world->file[0]->data, world->file[0]->len, NULL, NULL);
    g_autoptr(FirearmIndex) beside = firearm_indexing_beside(later, read, gone);
    ck_assert(firearm_index_write(beside, "now", append, world->file[1], NULL));
    return world;
}

static void world_free(World *world)
{
    for (guint i = 0; i < FEW; i++)
        g_free(world->answers[i]);
    g_byte_array_unref(world->file[0]);
    g_byte_array_unref(world->file[1]);
    firearm_model_free(world->model);
    g_free(world->serials);
    g_free(world->ids);
    g_free(world->borne);
    g_free(world);
}

/* What is found for a serial as text; NULL: the index says that it is damaged. */
static char *answer(const World *world, const FirearmIndex *index, guint asked)
{
    guint64 all = 0;
    g_autoptr(GArray) ids =
        firearm_index_find(index, world->model, &world->serials[asked], 50, &all);
    GString *text = ids ? g_string_new(NULL) : NULL;
    for (guint i = 0; ids && i < ids->len; i++)
        g_string_append_printf(text, "%" G_GINT64_FORMAT " ", g_array_index(ids, gint64, i));
    if (ids)
        g_string_append_printf(text, "of %" G_GUINT64_FORMAT, all);
    return text ? g_string_free(text, FALSE) : NULL;
}

/* TRUE: the damage was told, by the opening or by an answer. */
static gboolean is_told(World *world, GByteArray *const *file, guint asked, guint trial)
{
    g_autoptr(FirearmIndex) index =
        firearm_index_open(world->model, file[0]->data, file[0]->len, NULL, NULL);
    if (!index || !firearm_index_add(index, file[1]->data, file[1]->len, "now"))
        return TRUE;
    g_autofree char *found = answer(world, index, asked);
    g_autofree guint *borne = firearm_index_borne(index, world->ids, FEW);
    if (found && !world->answers[asked])
        world->answers[asked] = g_strdup(found);
    if (borne && !world->borne)
        world->borne = g_memdup2(borne, FEW * sizeof *borne);
    ck_assert_msg(!found || strcmp(found, world->answers[asked]) == 0, "trial %u: %s", trial,
                  found);
    ck_assert_msg(!borne || memcmp(borne, world->borne, FEW * sizeof *borne) == 0, "trial %u",
                  trial);
    ck_assert(found || firearm_index_damaged(index));
    return !found || !borne || firearm_index_damaged(index);
}

/* What the index itself tells of: by each observation its own serial, of patterns no text. */
static void check_borne(const World *world)
{
    g_autoptr(FirearmIndex) index =
        firearm_index_open(world->model, world->file[0]->data, world->file[0]->len, NULL, NULL);
    const SerialIndex *serials = firearm_index_serials(index);
    guint told = 0, full = 0;
    for (guint i = 0; i < FEW; i++) {
        guint s = world->borne[i];
        const Serial *serial = &world->serials[i];
        if (s == NO_FORM)
            continue;
        told++;
        ck_assert_uint_lt(s, serials->n);
        guint length = serials->at[s + 1] - serials->at[s];
        ck_assert_msg(length == serial->length || !length, "%u: %u %u", i, length, serial->length);
        full += length != 0;
    }
    ck_assert_uint_gt(told, FEW / 3);
    ck_assert_uint_gt(full, FEW / 5);
}

/* A bit, a stretch, or the end gone, or more than there was. */
static GByteArray *damaged(const GByteArray *bytes, GRand *rand)
{
    GByteArray *other = g_byte_array_new();
    guint at = (guint)g_rand_int_range(rand, 0, (gint32)bytes->len), how = g_rand_int(rand) % 8;
    g_byte_array_append(other, bytes->data, bytes->len);
    for (guint k = 0; k < (how == 1 ? 300 : how > 1 ? 1 : 0) && at + k < other->len; k++)
        other->data[at + k] ^= (guint8)(1u << g_rand_int_range(rand, 0, 8));
    if (how == 0)
        g_byte_array_set_size(other, g_rand_boolean(rand) ? at : bytes->len + 8);
    return other;
}

/* Damaged anywhere, either of the two says so or answers as before. */
START_TEST(test_damaged)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(13);
    World *world = world_new(rand);
    guint told = 0;
    for (guint i = 0; i < FEW; i++)
        ck_assert(!is_told(world, world->file, i, 0));
    check_borne(world);
    for (guint trial = 1; trial <= TRIALS; trial++) {
        guint which = trial % 2;
        g_autoptr(GByteArray) bad = damaged(world->file[which], rand);
        GByteArray *file[2] = {which ? world->file[0] : bad, which ? bad : world->file[1]};
        told += is_told(world, file, (guint)g_rand_int_range(rand, 0, FEW), trial);
    }
    ck_assert_uint_gt(told, TRIALS / 20);
    world_free(world);
}
END_TEST

/* Fails when so many pieces are written. */
static gboolean refuse(gconstpointer data, gsize size, gpointer left, GError **error)
{
    (void)data, (void)size;
    return (*(guint *)left)-- > 0 || error_set(error, STATUS_IO, "no more");
}

START_TEST(test_not_written)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(14);
    World *world = world_new(rand);
    g_autoptr(FirearmIndex) index =
        firearm_index_open(world->model, world->file[0]->data, world->file[0]->len, NULL, NULL);
    for (guint pieces = 0;; pieces++) {
        g_autoptr(GError) error = NULL;
        guint left = pieces;
        ck_assert_uint_lt(pieces, 100);
        if (firearm_index_write(index, "now", refuse, &left, &error))
            break;
        ck_assert_int_eq(error_status(error), STATUS_IO);
    }
    world_free(world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lookup");
    TCase *tests = tcase_create("lookup");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_found);
    tcase_add_test(tests, test_beside);
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_not_written);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
