/*
 * Parameter sets: written and read back they give the same result; broken ones are refused; and
 * what is weighed is listed.
 */
#include "engine/person/model.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_same(const PersonResult *a, const PersonResult *b)
{
    ck_assert_uint_eq(a->n, b->n);
    for (guint i = 0; i < a->n; i++) {
        ck_assert_uint_eq(a->entity[i], b->entity[i]);
        ck_assert(a->probability[i] == b->probability[i]);
    }
    ck_assert_uint_eq(a->edges->len, b->edges->len);
    for (guint i = 0; i < a->edges->len; i++) {
        const PersonEdge *x = &g_array_index(a->edges, PersonEdge, i);
        const PersonEdge *y = &g_array_index(b->edges, PersonEdge, i);
        ck_assert_uint_eq(x->left, y->left);
        ck_assert_uint_eq(x->right, y->right);
        ck_assert(x->bits == y->bits);
    }
}

START_TEST(parameters_round)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(3000, 7 + (guint)_i);
    g_autoptr(GError) error = NULL;
    g_autoptr(PersonParameters) estimated =
        person_parameters_estimate(model, crowd->mentions, crowd->n);
    g_autofree char *text = person_parameters_write(estimated);
    g_autoptr(PersonParameters) read = person_parameters_read(text, &error);
    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    g_autofree char *again = person_parameters_write(read);
    ck_assert_str_eq(text, again);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n, .parameters = read};
    g_autoptr(PersonResult) own = resolve_all(model, crowd->mentions, crowd->n);
    g_autoptr(PersonResult) given = person_resolve(model, &input);
    assert_same(own, given);
    ck_assert_uint_gt(own->edges->len, 500);
}
END_TEST

/* The same text with the counted values of every kind in another order. */
static char *turned(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        guint first = i + 1, last = first;
        if (!g_str_has_prefix(lines[i], "known "))
            continue;
        while (lines[last] && g_ascii_isxdigit(*lines[last]) && strlen(lines[last]) > 16)
            last++;
        for (guint end = last; first + 1 < end; first++, end--) {
            char *line = lines[first];
            lines[first] = lines[end - 1];
            lines[end - 1] = line;
        }
        i = last - 1;
    }
    return g_strjoinv("\n", lines);
}

/* Values are looked up by halves: a text that has them in no order is put in order. */
START_TEST(values_in_any_order)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(600, 7);
    g_autoptr(GError) error = NULL;
    g_autoptr(PersonParameters) estimated =
        person_parameters_estimate(model, crowd->mentions, crowd->n);
    g_autofree char *text = person_parameters_write(estimated);
    g_autofree char *other = turned(text);
    ck_assert_msg(strcmp(text, other) != 0, "nothing was turned");
    g_autoptr(PersonParameters) read = person_parameters_read(other, &error);
    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    g_autofree char *again = person_parameters_write(read);
    ck_assert_msg(strcmp(text, again) == 0, "not put in order");
}
END_TEST

/* The first mentions are resolved, the others come later: what is looked at again is what resolving
 * everything gives, and of the rest nothing has changed. */
START_TEST(update_equals_full)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(4000, 40 + (guint)_i);
    if (_i % 2) /* many blocks are split */
        model->limits.block_cap = 2;
    if (_i >= 4)
        crowd_bear(crowd);
    guint old = crowd->n - 150, touched = 0;
    g_autoptr(PersonParameters) p = person_parameters_estimate(model, crowd->mentions, old);
    PersonDecision decisions[] = {{5, 9, FALSE}, {old + 3, 77, TRUE}, {11, 1200, TRUE}};
    PersonInput input = {.mentions = crowd->mentions,
                         .n = old,
                         .decisions = decisions,
                         .n_decisions = 1,
                         .parameters = p};
    g_autoptr(PersonResult) before = person_resolve(model, &input);
    input.n = crowd->n;
    input.n_decisions = 3;
    g_autoptr(PersonResult) full = person_resolve(model, &input);
    guint dirty[160], n = 0;
    for (guint i = old; i < crowd->n; i++)
        dirty[n++] = i;
    dirty[n++] = 77;
    dirty[n++] = 11;
    dirty[n++] = 1200;
    input.dirty = dirty;
    input.n_dirty = n;
    g_autoptr(PersonResult) update = person_resolve(model, &input);
    for (guint i = 0; i < crowd->n; i++) {
        const PersonResult *now = update->resolved[i] ? update : before;
        ck_assert(update->resolved[i] || i < old);
        ck_assert_uint_eq(now->entity[i], full->entity[i]);
        ck_assert(now->probability[i] == full->probability[i]);
        touched += update->resolved[i];
    }
    guint at = 0;
    for (guint i = 0; i < full->edges->len; i++) {
        const PersonEdge *x = &g_array_index(full->edges, PersonEdge, i);
        if (!update->resolved[x->left])
            continue;
        const PersonEdge *y = &g_array_index(update->edges, PersonEdge, at++);
        ck_assert(x->left == y->left && x->right == y->right && x->bits == y->bits);
    }
    ck_assert_uint_eq(at, update->edges->len);
    ck_assert_uint_gt(touched, n);
    ck_assert_uint_lt(touched, crowd->n);
}
END_TEST

/* Of the mentions of before some are others now and some are gone: by what these said, who they
 * could touch is looked at again, and of the rest nothing has changed. */
START_TEST(former_equals_full)
{
    enum { GONE = 60, OTHER = 80, N_FORMER = GONE + OTHER };
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(3000, 140 + (guint)_i);
    guint n = crowd->n - GONE, dirty[OTHER], touched = 0; /* the last ones are gone now */
    PersonMention former[N_FORMER];
    if (_i % 2)
        for (guint i = 0; i < crowd->n; i += 3)
            crowd->mentions[i].group = "one seizure";
    if (_i >= 6)
        crowd_bear(crowd);
    g_autoptr(PersonParameters) p = person_parameters_estimate(model, crowd->mentions, crowd->n);
    PersonDecision decision = {30, 2, TRUE};
    PersonInput input = {.mentions = crowd->mentions,
                         .n = crowd->n,
                         .decisions = &decision,
                         .n_decisions = 1,
                         .parameters = p};
    g_autoptr(PersonResult) before = person_resolve(model, &input);
    memcpy(former, crowd->mentions + n, GONE * sizeof *former);
    for (guint i = 0; i < OTHER; i++) {
        PersonMention *m = &crowd->mentions[i * 30], was = *m;
        former[GONE + i] = was;
        *m = crowd->mentions[i * 30 + 1 + i % 2]; /* somebody else, in part */
        m->ref = was.ref;
        m->dob = i % 3 ? m->dob : was.dob;
        m->last = i % 5 ? m->last : NULL;
        dirty[i] = i * 30;
    }
    input.n = n;
    g_autoptr(PersonResult) full = person_resolve(model, &input);
    input.dirty = dirty;
    input.n_dirty = OTHER;
    input.former = former;
    input.n_former = N_FORMER;
    g_autoptr(PersonResult) update = person_resolve(model, &input);
    for (guint i = 0; i < n; i++) {
        const PersonResult *now = update->resolved[i] ? update : before;
        ck_assert_uint_eq(now->entity[i], full->entity[i]);
        ck_assert(now->probability[i] == full->probability[i]);
        touched += update->resolved[i];
    }
    ck_assert_uint_gt(touched, OTHER);
    ck_assert_uint_lt(touched, n);
}
END_TEST

/* Who is drawn rests on what the references say: another order of the input draws the same. */
START_TEST(drawn_in_any_order)
{
    g_autoptr(PersonModel) model = model_load();
    model->limits.sample_mentions = 600;
    g_autoptr(Crowd) crowd = crowd_new(3000, 90 + (guint)_i);
    g_autofree PersonMention *turned = g_new(PersonMention, crowd->n);
    for (guint i = 0; i < crowd->n; i++)
        turned[i] = crowd->mentions[crowd->n - 1 - i];
    g_autoptr(PersonParameters) a = person_parameters_estimate(model, crowd->mentions, crowd->n);
    g_autoptr(PersonParameters) b = person_parameters_estimate(model, turned, crowd->n);
    g_autofree char *told = person_parameters_write(a), *again = person_parameters_write(b);
    ck_assert_str_eq(told, again);
    model->limits.sample_mentions = 1e9;
    g_autoptr(PersonParameters) all = person_parameters_estimate(model, crowd->mentions, crowd->n);
    g_autofree char *whole = person_parameters_write(all);
    ck_assert_str_ne(told, whole);
}
END_TEST

START_TEST(parameters_broken)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(50, 3);
    g_autoptr(PersonParameters) estimated =
        person_parameters_estimate(model, crowd->mentions, crowd->n);
    g_autofree char *text = person_parameters_write(estimated);
    for (gsize length = 0; length < strlen(text); length++) {
        g_autofree char *cut = g_strndup(text, length);
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(person_parameters_read(cut, &error));
        ck_assert_ptr_nonnull(error);
    }
}
END_TEST

START_TEST(parameters_listed)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(500, 5);
    g_autoptr(PersonParameters) estimated =
        person_parameters_estimate(model, crowd->mentions, crowd->n);
    guint n = 0;
    g_autofree PersonWeight *weights = person_parameters_weights(estimated, &n);
    ck_assert_uint_gt(n, 40);
    ck_assert_str_eq(weights[0].field, "surname");
    ck_assert_str_eq(weights[0].level, "exact");
    ck_assert(weights[0].bits > 0);
    ck_assert_str_eq(weights[n - 1].field, "prior");
    for (guint i = 0; i < n; i++)
        ck_assert(fabs(weights[i].bits - log2(weights[i].m / weights[i].u)) < 1e-9);
}
END_TEST

/* Crowds that were not compared are told of, the largest first. */
START_TEST(crowds_told)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(1500, 3);
    model->limits.block_cap = 2;
    model->limits.crowd = 5;
    for (guint i = 0; i < crowd->n; i++) { /* of two names and five days each, in one town */
        crowd->mentions[i].last = i % 3 ? "Smith" : "Tremblay";
        crowd->mentions[i].first = i % 3 ? "John" : "Luc";
        crowd->mentions[i].dob = DAY_NONE;
    }
    g_autoptr(PersonResult) result = resolve_all(model, crowd->mentions, crowd->n);
    ck_assert_uint_gt(result->skipped->len, 1);
    guint64 last = G_MAXUINT;
    for (guint i = 0; i < result->skipped->len; i++) {
        const char *text = result->skipped->pdata[i];
        const char *comma = strrchr(text, ',');
        ck_assert_msg(comma && g_str_has_suffix(text, " different mentions"), "%s", text);
        guint64 n = g_ascii_strtoull(comma + 2, NULL, 10);
        ck_assert_msg(n > 2 && n <= last, "%s behind %" G_GUINT64_FORMAT, text, last);
        last = n;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/parameters");
    TCase *tcase = tcase_create("sets");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, parameters_round, 0, 2);
    tcase_add_test(tcase, values_in_any_order);
    tcase_add_test(tcase, crowds_told);
    tcase_add_loop_test(tcase, former_equals_full, 0, 9);
    tcase_add_loop_test(tcase, update_equals_full, 0, 7);
    tcase_add_loop_test(tcase, drawn_in_any_order, 0, 3);
    tcase_add_test(tcase, parameters_broken);
    tcase_add_test(tcase, parameters_listed);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
