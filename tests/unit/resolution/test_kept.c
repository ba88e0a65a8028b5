/*
 * Mentions that were prepared before, with others between them, without some of them, and with
 * other decisions: what is found is what preparing all of them gives, to the last bit.
 */
#include "engine/person/model.h"
#include "engine/resolution/roll.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static gboolean append(gconstpointer data, gsize size, gpointer to, G_GNUC_UNUSED GError **error)
{
    g_byte_array_append(to, data, (guint)size);
    return TRUE;
}

static int compare_refs(const void *a, const void *b)
{
    return strcmp(((const PersonMention *)a)->ref, ((const PersonMention *)b)->ref);
}

static GByteArray *keep(const PersonModel *model, const PersonInput *input)
{
    GByteArray *bytes = g_byte_array_new();
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = append, .to = bytes, .sums = sums};
    g_autoptr(PersonRoll) roll = person_roll_new(model, input);
    ck_assert(person_roll_keep(roll, input->parameters, &to, NULL));
    ck_assert(sums_end(&to, NULL));
    return g_byte_array_set_size(bytes, (guint)to.at); /* without the sums */
}

static void assert_same(const PersonResult *a, const PersonResult *b)
{
    ck_assert_uint_eq(a->compared, b->compared);
    ck_assert_uint_eq(a->edges->len, b->edges->len);
    for (guint i = 0; i < a->n; i++) {
        ck_assert_int_eq(a->resolved[i], b->resolved[i]);
        ck_assert(a->entity[i] == b->entity[i] && a->probability[i] == b->probability[i]);
    }
    for (guint i = 0; i < a->edges->len; i++) {
        const PersonEdge *x = &g_array_index(a->edges, PersonEdge, i);
        const PersonEdge *y = &g_array_index(b->edges, PersonEdge, i);
        ck_assert(x->left == y->left && x->right == y->right && x->bits == y->bits);
        g_autoptr(Evidence) one = person_edge_evidence(a, i);
        g_autoptr(Evidence) other = person_edge_evidence(b, i);
        ck_assert_uint_eq(evidence_count(one), evidence_count(other));
    }
}

/* All mentions, those of them that were there before, and where these stand among those. */
typedef struct {
    PersonMention *all, *before;
    guint n, n_before, *place;
} Split;

/* Many give one of a few telephones, which are then nobody's own; a few of them are all called the
 * same, so that their blocks are large; and some are called what a town is called. */
static void crowd_share(Crowd *crowd)
{
    static const char *const phones[] = {"5550101", "5550102", "5550103"};
    for (guint i = 0; i < crowd->n; i++) {
        if (i % 3 == 0)
            crowd->mentions[i].phone = phones[i / 3 % G_N_ELEMENTS(phones)];
        if (i % 4 == 1)
            crowd->mentions[i].last = "SMITH";
        if (i % 7 == 2)
            crowd->mentions[i].last = crowd->mentions[i - 1].city;
    }
}

#define GONE 17 /* every so many-th mention of before is not there any more */

/* Every `nth` one is new. */
static void split_init(Split *s, Crowd *crowd, guint nth)
{
    qsort(crowd->mentions, crowd->n, sizeof *crowd->mentions, compare_refs);
    *s = (Split){.all = g_new(PersonMention, crowd->n),
                 .before = g_new(PersonMention, crowd->n),
                 .place = g_new(guint, crowd->n)};
    for (guint i = 0; i < crowd->n; i++) {
        gboolean fresh = i % nth == 3, gone = !fresh && i % GONE == 0;
        if (!gone) {
            s->place[s->n] = fresh ? G_MAXUINT : s->n_before;
            s->all[s->n++] = crowd->mentions[i];
        }
        if (!fresh)
            s->before[s->n_before++] = crowd->mentions[i];
    }
}

static void split_clear(Split *s)
{
    g_free(s->all);
    g_free(s->before);
    g_free(s->place);
}

START_TEST(kept_equals_prepared)
{
    static const guint nths[] = {4, 40, 1000};
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(3000, 60 + (guint)_i);
    PersonDecision then[] = {{5, 9, FALSE}, {100, 177, TRUE}};
    PersonDecision now[] = {{5, 9, TRUE}, {400, 12, FALSE}};
    Split s;
    if (_i >= 3)
        crowd_share(crowd);
    if (_i >= 6)
        crowd_bear(crowd);
    split_init(&s, crowd, nths[(guint)_i % G_N_ELEMENTS(nths)]);
    g_autoptr(PersonParameters) p = person_parameters_estimate(model, s.before, s.n_before);
    g_autoptr(PersonParameters) other = person_parameters_estimate(model, s.all, s.n / 2);
    PersonInput before = {.mentions = s.before,
                          .n = s.n_before,
                          .decisions = then,
                          .n_decisions = 2,
                          .parameters = p};
    g_autoptr(GByteArray) bytes = keep(model, &before);
    PersonKept kept = {bytes->data, bytes->len, s.place};
    ck_assert_uint_eq(person_kept_size(&kept, s.n_before), bytes->len);
    g_autofree guint *dirty = g_new(guint, s.n);
    guint n_dirty = 0;
    for (guint i = 0; i < s.n; i++)
        if (s.place[i] == G_MAXUINT)
            dirty[n_dirty++] = i;
    g_autofree PersonMention *gone = g_new(PersonMention, crowd->n);
    guint n_gone = 0;
    for (guint i = 0; i < s.n_before; i++)
        if (!bsearch(&s.before[i], s.all, s.n, sizeof *s.all, compare_refs))
            gone[n_gone++] = s.before[i];
    for (guint way = 0; way < 4; way++) {
        PersonInput input = {.mentions = s.all,
                             .n = s.n,
                             .decisions = now,
                             .n_decisions = 2,
                             .parameters = way >= 2 ? other : p};
        if (way % 2 == 1) {
            input.dirty = dirty;
            input.n_dirty = n_dirty;
            input.former = gone;
            input.n_former = n_gone;
        }
        g_autoptr(PersonResult) prepared = person_resolve(model, &input);
        input.kept = &kept;
        g_autoptr(PersonResult) recalled = person_resolve(model, &input);
        assert_same(prepared, recalled);
        ck_assert_uint_gt(recalled->edges->len, 3);
    }
    split_clear(&s);
}
END_TEST

/* Cut anywhere they are not taken for whole. */
START_TEST(cut_short)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(50, 1);
    qsort(crowd->mentions, crowd->n, sizeof *crowd->mentions, compare_refs);
    g_autoptr(PersonParameters) p = person_parameters_estimate(model, crowd->mentions, crowd->n);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n, .parameters = p};
    g_autoptr(GByteArray) bytes = keep(model, &input);
    for (gsize size = 0; size <= bytes->len; size += 8) {
        PersonKept kept = {bytes->data, size, NULL};
        ck_assert_uint_eq(person_kept_size(&kept, crowd->n), size == bytes->len ? size : 0);
        ck_assert_uint_eq(person_kept_size(&kept, crowd->n - 1), 0);
    }
}
END_TEST

/* A pair that one look left for review and a later one joined is told once: a run that changes
 * stored links knows them by their ends. */
START_TEST(each_pair_once)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(2000, 300 + (guint)_i);
    g_autoptr(PersonParameters) p = person_parameters_estimate(model, crowd->mentions, crowd->n);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n, .parameters = p};
    person_roll_free(NULL); /* nothing is freed */
    g_autoptr(PersonRoll) roll = person_roll_new(model, &input);
    g_autoptr(PersonResult) found = person_roll_resolve(roll, p);
    ck_assert_uint_gt(found->edges->len, 100);
    for (guint i = 1; i < found->edges->len; i++) {
        const PersonEdge *edge = &g_array_index(found->edges, PersonEdge, i), *last = edge - 1;
        ck_assert_msg(edge->left != last->left || edge->right != last->right, "%s %s: %f %f",
                      crowd->mentions[edge->left].ref, crowd->mentions[edge->right].ref, last->bits,
                      edge->bits);
    }
}
END_TEST

/* Where a sample estimates, resolving takes the blocks that estimating found: the same pairs and
 * crowds, to the last one, as a run that is given the parameters alone. */
START_TEST(blocks_found_once)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(3000, 400 + (guint)_i);
    model->limits.sample_mentions = 600;
    model->limits.block_cap = _i % 2 == 0 ? 5 : 40;
    model->limits.crowd = 2;
    if (_i >= 2)
        crowd_share(crowd);
    if (_i >= 4)
        crowd_bear(crowd);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n};
    g_autoptr(PersonRoll) roll = person_roll_new(model, &input);
    g_autoptr(PersonParameters) p = person_roll_estimate(roll);
    g_autoptr(PersonResult) first = person_roll_resolve(roll, p);
    g_autoptr(PersonResult) second = person_roll_resolve(roll, p);
    input.parameters = p;
    g_autoptr(PersonResult) anew = person_resolve(model, &input);
    ck_assert_uint_gt(anew->edges->len, 100);
    ck_assert(_i % 2 == 1 || anew->skipped->len > 0);
    assert_same(first, anew);
    assert_same(second, anew);
    ck_assert_uint_eq(first->skipped->len, anew->skipped->len);
    for (guint i = 0; i < anew->skipped->len; i++)
        ck_assert_str_eq(first->skipped->pdata[i], anew->skipped->pdata[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/kept");
    TCase *tcase = tcase_create("kept");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, kept_equals_prepared, 0, 9);
    tcase_add_test(tcase, cut_short);
    tcase_add_loop_test(tcase, each_pair_once, 0, 4);
    tcase_add_loop_test(tcase, blocks_found_once, 0, 6);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
