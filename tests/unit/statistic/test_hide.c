/*
 * What statistics do not tell, on random ones: steps of a clearance differ by nothing or by enough,
 * and of a corridor that is left out no part is told. That a block tells none: test_cells.c.
 */
#include <check.h>
#include <string.h>

#include "engine/statistic/hide.h"
#include "tests/unit/suite.h"

#define LEAST 5
#define TURNS 2000

static GPtrArray *rows;
static GRand *random_;

static void set_up(void)
{
    rows = g_ptr_array_new_with_free_func((GDestroyNotify)statistic_row_free);
    random_ = g_rand_new_with_seed(6);
}

static void tear_down(void)
{
    g_ptr_array_unref(rows);
    g_rand_free(random_);
}

static guint64 below(guint64 most)
{
    return (guint64)g_rand_int_range(random_, 0, (gint32)most + 1);
}

static gboolean is_small(guint64 count)
{
    return count > 0 && count < LEAST;
}

static guint64 apart(guint64 a, guint64 b)
{
    return MAX(a, b) - MIN(a, b);
}

START_TEST(steps_differ_by_enough)
{
    guint told = 0;
    for (guint turn = 0; turn < TURNS; turn++) {
        guint64 all = below(30), asked = below(all), traced = below(asked);
        const guint64 counts[] = {all, asked, traced, below(all), all - traced};
        g_ptr_array_set_size(rows, 0);
        for (guint i = 0; i < 5; i++) {
            StatisticRow *row = g_new0(StatisticRow, 1);
            row->count[2] = counts[i];
            g_ptr_array_add(rows, row);
        }
        statistic_hide_clearance(rows, LEAST);
        for (guint i = 0; i < 5; i++) {
            const StatisticRow *row = rows->pdata[i];
            told += !row->hidden[2];
            ck_assert(row->hidden[2] || !is_small(counts[i]));
            for (guint k = 0; k < i && i < 4; k++) /* the last is what the third leaves of all */
                ck_assert(row->hidden[2] || ((const StatisticRow *)rows->pdata[k])->hidden[2] ||
                          !is_small(apart(counts[i], counts[k])));
        }
    }
    ck_assert_uint_gt(told, TURNS); /* or nothing is told at all */
}
END_TEST

/* ---- corridors ----------------------------------------------------------------------------- */

static StatisticRow *add(const char *self, const char *parent, const char *dealer, guint place,
                         guint64 count)
{
    StatisticRow *row = g_new0(StatisticRow, 1);
    row->cell[2] = g_strdup(dealer);
    row->cell[3] = g_strdup_printf("P%u", place);
    row->count[4] = count;
    row->self = g_strdup(self);
    row->parent = g_strdup(parent);
    if (count)
        g_ptr_array_add(rows, row);
    else
        statistic_row_free(row);
    return count ? row : NULL;
}

/* States, their counties and the dealers of these; a part of each whole is of no child. */
static void make_corridors(void)
{
    guint64 of_county[3][4][3] = {{{0}}}, of_state[3][3] = {{0}};
    g_ptr_array_set_size(rows, 0);
    for (guint s = 0; s < 3; s++)
        for (guint p = 0; p < 3; p++)
            for (guint c = 0; c < 4; c++) {
                of_county[s][c][p] = below(2) ? below(14) : 0;
                of_state[s][p] += of_county[s][c][p];
            }
    for (guint s = 0; s < 3; s++)
        for (guint p = 0; p < 3; p++) {
            g_autofree char *state = g_strdup_printf("state %u", s);
            add(state, NULL, NULL, p, of_state[s][p] + (below(3) ? 0 : below(6)));
        }
    for (guint s = 0; s < 3; s++)
        for (guint c = 0; c < 4; c++)
            for (guint p = 0; p < 3; p++) {
                g_autofree char *state = g_strdup_printf("state %u", s);
                g_autofree char *county = g_strdup_printf("county %u %u", s, c);
                add(county, state, NULL, p, of_county[s][c][p]);
            }
    for (guint s = 0; s < 3; s++)
        for (guint c = 0; c < 4; c++)
            for (guint p = 0; p < 3; p++) {
                g_autofree char *county = g_strdup_printf("county %u %u", s, c);
                guint64 first = below(of_county[s][c][p]);
                add(NULL, county, "D1", p, first);
                add(NULL, county, "D2", p, of_county[s][c][p] - first);
            }
}

/* A part goes with its whole, and what its told parts leave of a whole is never less than nothing.
 */
static void ck_whole(const StatisticRow *whole)
{
    guint64 left = whole->count[4];
    for (guint i = 0; i < rows->len; i++) {
        const StatisticRow *part = rows->pdata[i];
        if (g_strcmp0(part->parent, whole->self) != 0 || strcmp(part->cell[3], whole->cell[3]) != 0)
            continue;
        ck_assert(!whole->out || part->out);
        ck_assert(part->out || part->count[4] <= left);
        left -= part->out ? 0 : part->count[4];
    }
}

START_TEST(parts_go_with_their_whole)
{
    guint told = 0, out = 0;
    for (guint turn = 0; turn < TURNS / 4; turn++) {
        make_corridors();
        statistic_hide_corridors(rows, LEAST);
        for (guint i = 0; i < rows->len; i++) {
            const StatisticRow *row = rows->pdata[i];
            ck_assert(row->out || row->count[4] >= LEAST);
            told += !row->out;
            out += row->out && row->count[4] >= LEAST;
            if (row->self)
                ck_whole(row);
        }
    }
    ck_assert_uint_gt(told, TURNS);
    ck_assert_uint_gt(out, 0); /* large ones that would tell a small one */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hide");
    TCase *tests = tcase_create("hide");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, steps_differ_by_enough);
    tcase_add_test(tests, parts_go_with_their_whole);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
