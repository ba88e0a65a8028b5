/*
 * The candidate search against its definition: on random, hostile and real-looking serials, index
 * and fit must propose exactly the pairs for which serial_tier() holds, each once. Distances are
 * checked against plain dynamic programming.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/firearm/index.h"
#include "tests/unit/suite.h"

typedef struct {
    GRand *rand;
    const char *alphabet;
    guint shortest, longest;
    gboolean patterns;
} Maker;

static char *random_text(const Maker *maker)
{
    guint n = (guint)g_rand_int_range(maker->rand, (gint)maker->shortest, (gint)maker->longest + 1);
    GString *out = g_string_new(NULL);
    if (maker->patterns && g_rand_int_range(maker->rand, 0, 5) == 0) {
        g_string_append_c(out, '*');
    }
    for (guint i = 0; i < n; i++) {
        char c = maker->alphabet[g_rand_int_range(maker->rand, 0, (gint)strlen(maker->alphabet))];
        gint what = maker->patterns ? g_rand_int_range(maker->rand, 0, 12) : 0;
        if (what == 10) {
            g_string_append_c(out, '?');
        } else if (what == 11) {
            g_string_append(out, "[8B3]");
        } else {
            g_string_append_c(out, c);
        }
    }
    if (maker->patterns && g_rand_int_range(maker->rand, 0, 5) == 0) {
        g_string_append_c(out, '*');
    }
    return g_string_free(out, FALSE);
}

static GPtrArray *random_texts(const Maker *maker, guint n)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(texts, random_text(maker));
    }
    return texts;
}

static Firearm *firearms_of(const GPtrArray *texts, Serial *serials)
{
    Firearm *firearms = g_new0(Firearm, texts->len + 1);
    for (guint i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);
        ck_assert(serial_from_pattern(text, SERIAL_FULL, &serials[i]));
        firearms[i].serial = &serials[i];
    }
    return firearms;
}

typedef struct {
    Forms left, right;
    guint8 *tier; /* left x right, 255: none */
} Found;

static void found_pair(guint left, guint right, Tier tier, gpointer data)
{
    Found *found = data;
    guint8 *cell = &found->tier[(gsize)left * found->right.n + right];
    ck_assert_msg(*cell == TIER_NONE, "a pair twice");
    *cell = (guint8)tier;
}

/* Patterns of one side against the other. */
static void find_fits(Found *found, gboolean is_left)
{
    const Forms *own = is_left ? &found->left : &found->right;
    const Forms *other = is_left ? &found->right : &found->left;
    g_autoptr(Fit) fit = fit_new(other, !is_left);
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint f = 0; f < own->n; f++) {
        fit_find(fit, own->form[f].serial, scratch, fits);
        for (guint i = 0; i < fits->len; i++) {
            guint to = g_array_index(fits, guint, i);
            found_pair(is_left ? f : to, is_left ? to : f, TIER_S3, found);
        }
    }
}

/* Each kind by itself for every second serial, all at once for the others. */
static void find_full(const FirearmModel *model, Found *found)
{
    static const guint whats[] = {FIND_EQUAL, FIND_ONE, FIND_TWO, FIND_EQUAL | FIND_ONE | FIND_TWO};
    SerialIndex *index = index_of_forms(&found->right);
    Probe *probe = probe_new(index, model);
    for (guint i = 0; i < found->left.n; i++) {
        Codes codes;
        for (guint w = i % 2 == 0 ? 0 : 3; w < (i % 2 == 0 ? 3 : 4); w++) {
            guint n = 0;
            gboolean full = codes_of(found->left.form[i].serial, &codes);
            const Near *near = full ? probe_find(probe, &codes, whats[w], &n) : NULL;
            for (guint k = 0; k < n; k++) {
                found_pair(i, near[k].form, near[k].tier, found);
            }
        }
    }
    probe_free(probe);
    index_free(index);
}

static guint *places(guint n)
{
    guint *list = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++) {
        list[i] = i;
    }
    return list;
}

/* Returns how many pairs there were, so that a test can see that it tests something. */
static guint compare(const FirearmModel *model, const GPtrArray *a, const GPtrArray *b)
{
    g_autofree Serial *as = g_new0(Serial, a->len + 1), *bs = g_new0(Serial, b->len + 1);
    g_autofree Firearm *left = firearms_of(a, as), *right = firearms_of(b, bs);
    g_autofree guint *list = places(MAX(a->len, b->len));
    Found found;
    forms_build(&found.left, left, list, a->len);
    forms_build(&found.right, right, list, b->len);
    gsize cells = (gsize)found.left.n * found.right.n;
    found.tier = g_malloc(cells + 1);
    memset(found.tier, TIER_NONE, cells);
    find_full(model, &found);
    find_fits(&found, TRUE);
    find_fits(&found, FALSE);
    guint pairs = 0;
    for (guint i = 0; i < found.left.n; i++) {
        for (guint j = 0; j < found.right.n; j++) {
            const Serial *x = found.left.form[i].serial, *y = found.right.form[j].serial;
            Tier want = serial_tier(model, x, NULL, y, NULL);
            Tier got = (Tier)found.tier[(gsize)i * found.right.n + j];
            if (want != got) {
                g_autofree char *p = serial_pattern(x), *q = serial_pattern(y);
                ck_abort_msg("'%s' and '%s': found %s, is %s", p, q, tier_name(got),
                             tier_name(want));
            }
            pairs += want != TIER_NONE;
        }
    }
    g_free(found.tier);
    forms_clear(&found.left);
    forms_clear(&found.right);
    return pairs;
}

START_TEST(test_random)
{
    static const Maker makers[] = {
        {NULL, "01", 1, 9, FALSE},    {NULL, "0123456789", 3, 7, FALSE},
        {NULL, "AB018", 4, 8, FALSE}, {NULL, "58SB6G", 3, 9, FALSE},
        {NULL, "A", 1, 32, FALSE},    {NULL, "AB", 7, 14, FALSE},
        {NULL, "18B", 3, 8, TRUE},    {NULL, "01234", 4, 7, TRUE},
        {NULL, "A1", 5, 32, TRUE},    {NULL, "AH4GC69QP0D", 4, 6, FALSE},
    };
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    ck_assert_ptr_nonnull(model);
    for (guint i = 0; i < 4 * G_N_ELEMENTS(makers); i++) {
        Maker maker = makers[i % G_N_ELEMENTS(makers)];
        maker.rand = g_rand_new_with_seed(100 + i);
        g_autoptr(GPtrArray) a = random_texts(&maker, 260);
        g_autoptr(GPtrArray) b = random_texts(&maker, 320);
        ck_assert_uint_gt(compare(model, a, b), 20);
        g_rand_free(maker.rand);
    }
}
END_TEST

/* Damages a text once; what real records suffer. */
static void damage(GString *text, GRand *rand)
{
    static const char *const confused[] = {"0D", "1L", "5S", "8B", "2Z", "6G", "17", "38"};
    guint at = (guint)g_rand_int_range(rand, 0, (gint)text->len);
    switch (g_rand_int_range(rand, 0, 7)) {
    case 0:
        text->str[at] = "0123456789ABCDEFGHJKLM"[g_rand_int_range(rand, 0, 22)];
        break;
    case 1:
        if (text->len > 1) {
            g_string_erase(text, at, 1);
        }
        break;
    case 2:
        g_string_insert_c(text, at, "0123456789AX"[g_rand_int_range(rand, 0, 12)]);
        break;
    case 3:
        if (at + 1 < text->len) {
            char c = text->str[at];
            text->str[at] = text->str[at + 1];
            text->str[at + 1] = c;
        }
        break;
    case 4:
        g_string_erase(text, 0, MIN(3, (gssize)text->len - 1));
        break;
    case 5:
        text->str[at] = '?';
        break;
    default:
        for (guint i = 0; i < G_N_ELEMENTS(confused); i++) {
            if (text->str[at] == confused[i][0]) {
                text->str[at] = confused[i][1];
                break;
            }
        }
    }
}

/* Runs of makers' numbers on one side, damaged ones on the other. */
START_TEST(test_real_looking)
{
    static const char *const forms[] = {"HAA%04u", "ABCD%03u", "331%05u", "58A%06u",      "TIU%05u",
                                        "%06u",    "J%05uZ",   "%05u",    "T647217AP%05u"};
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    GRand *rand = g_rand_new_with_seed(7);
    g_autoptr(GPtrArray) a = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) b = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < 900; i++) {
        GString *text = g_string_new(NULL);
        const char *form = forms[i % G_N_ELEMENTS(forms)];
        guint number = 500 + (guint)g_rand_int_range(rand, 0, 300);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        g_string_printf(text, form, number);
#pragma GCC diagnostic pop
        g_ptr_array_add(b, g_strdup(text->str));
        for (gint n = g_rand_int_range(rand, 0, 4); n > 0; n--) {
            damage(text, rand);
        }
        g_ptr_array_add(a, g_string_free(text, FALSE));
    }
    ck_assert_uint_gt(compare(model, a, b), 5000);
    ck_assert_uint_gt(compare(model, b, a), 5000);
    g_rand_free(rand);
}
END_TEST

static guint plain_distance(const Codes *a, const Codes *b)
{
    guint d[SERIAL_MAX + 1][SERIAL_MAX + 1];
    for (guint i = 0; i <= a->n; i++) {
        for (guint j = 0; j <= b->n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            guint best = d[i - 1][j - 1] + (a->code[i - 1] != b->code[j - 1]);
            best = MIN(best, MIN(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a->code[i - 1] == b->code[j - 2] &&
                a->code[i - 2] == b->code[j - 1]) {
                best = MIN(best, d[i - 2][j - 2] + 1);
            }
            d[i][j] = best;
        }
    }
    return d[a->n][b->n];
}

START_TEST(test_distance)
{
    GRand *rand = g_rand_new_with_seed(3);
    guint near = 0;
    for (guint i = 0; i < 60000; i++) {
        Codes a = {.n = (guint8)g_rand_int_range(rand, 1, 9)};
        Codes b = {.n = (guint8)g_rand_int_range(rand, 1, 9)};
        for (guint k = 0; k < 9; k++) {
            a.code[k] = (guint8)g_rand_int_range(rand, 0, 3);
            b.code[k] = (guint8)g_rand_int_range(rand, 0, 3);
        }
        guint want = MIN(plain_distance(&a, &b), 3);
        ck_assert_uint_eq(codes_distance(&a, &b, 2), want);
        near += want < 3;
    }
    ck_assert_uint_gt(near, 1000);
    g_rand_free(rand);
}
END_TEST

/* A serial edited once: kind 0 leaves out, 1 swaps, 2 writes another, 3 writes one more. */
static gboolean edited(const Codes *from, guint kind, guint at, guint8 code, Codes *to)
{
    *to = *from;
    if (at + (kind == 1) >= from->n + (guint)(kind == 3) || (kind == 3 && from->n == SERIAL_MAX)) {
        return FALSE;
    }
    if (kind == 0) {
        memmove(to->code + at, from->code + at + 1, from->n - at - 1u);
        to->n--;
    } else if (kind == 1) {
        to->code[at] = from->code[at + 1];
        to->code[at + 1] = from->code[at];
    } else {
        memmove(to->code + at + (kind == 3), from->code + at, from->n - at);
        to->code[at] = code;
        to->n = (guint8)(to->n + (kind == 3));
    }
    return TRUE;
}

static gboolean among(const Codes *one, const Codes *all, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (codes_equal(one, &all[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What lies between two serials that are two edits apart: what one edit makes of the first, and one
 * more makes the second of: all of it. */
START_TEST(test_between)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    guint apart = 0, longer = 0;
    for (guint round = 0; round < 40000; round++) {
        gint kinds = 2 + (gint)(round % 5); /* of characters: few ones repeat */
        Codes a = {.n = (guint8)g_rand_int_range(rand, 5, 9)}, b, c, found[BETWEEN_MAX];
        for (guint k = 0; k < a.n; k++) {
            a.code[k] = (guint8)g_rand_int_range(rand, 0, kinds);
        }
        if (!edited(&a, (guint)g_rand_int_range(rand, 0, 4), (guint)g_rand_int_range(rand, 0, 9),
                    (guint8)g_rand_int_range(rand, 0, kinds), &b) ||
            !edited(&b, (guint)g_rand_int_range(rand, 0, 4), (guint)g_rand_int_range(rand, 0, 9),
                    (guint8)g_rand_int_range(rand, 0, kinds), &c) ||
            codes_distance(&a, &c, 2) != 2) {
            continue;
        }
        guint n = codes_between(&a, &c, found), want = 0;
        Codes wanted[256];
        for (guint kind = 0; kind < 4; kind++) {
            for (guint at = 0; at <= a.n; at++) {
                for (gint code = 0; code < (kind < 2 ? 1 : kinds); code++) {
                    if (edited(&a, kind, at, (guint8)code, &b) && codes_distance(&b, &c, 1) == 1 &&
                        !among(&b, wanted, want)) {
                        wanted[want++] = b;
                    }
                }
            }
        }
        ck_assert_uint_ge(want, 1);
        ck_assert_uint_eq(n, MIN(want, BETWEEN_MAX));
        for (guint i = 0; i < n; i++) {
            ck_assert(among(&found[i], wanted, want));
            ck_assert(!among(&found[i], found, i));
        }
        apart++;
        longer += ABS((int)a.n - (int)c.n) == 2;
    }
    ck_assert_uint_gt(apart, 10000);
    ck_assert_uint_gt(longer, 2000);
}
END_TEST

/* Two look-alikes are two edits, and more are no tier; one edit and equal serials are not. */
START_TEST(test_two_edits)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    guint seen[5] = {0};
    ck_assert_ptr_nonnull(model);
    for (guint i = 0; i < 40000; i++) {
        Codes a = {.n = (guint8)g_rand_int_range(rand, 4, 10)}, b;
        b = a;
        for (guint k = 0; k < a.n; k++) {
            gboolean other = g_rand_int_range(rand, 0, 4) == 0;
            a.code[k] = 8;
            b.code[k] = other ? 'B' - 'A' + 10 : 8;
        }
        Tier tier = codes_tier(model, &a, &b);
        guint apart = plain_distance(&a, &b);
        if (tier == TIER_S2B) {
            continue;
        }
        ck_assert_int_eq(codes_two_edits(&a, &b, tier),
                         tier == TIER_S2 && apart == 2 && a.n >= TWO_EDITS_MIN);
        seen[MIN(apart, 4)] += tier == TIER_S2 || tier == TIER_S1;
    }
    ck_assert(seen[0] > 100 && seen[1] > 100 && seen[2] > 100);
    ck_assert_uint_eq(seen[3] + seen[4], 0);
}
END_TEST

typedef struct {
    const char *a, *b;
    Tier tier;
} TierCase;

static const TierCase TIERS[] = {
    {"HAA1234", "HAA1234", TIER_S1},   {"369J257", "369257", TIER_S1N},
    {"369J257", "369M257", TIER_S1N},  {"A369257", "369257", TIER_S2},
    {"HAA1234", "HAA1Z34", TIER_S2},   {"HAA5238", "HAAS23B", TIER_S2},
    {"5A1B", "SAL8", TIER_NONE},       {"5A18", "SA1B", TIER_S2},
    {"HAA1234", "HAA2134", TIER_S2},   {"HAA1234", "HAB1235", TIER_S2B},
    {"HA1234", "HB1235", TIER_NONE},   {"BER123456", "123456", TIER_S4},
    {"AB1234", "1234", TIER_NONE},     {"1234567", "12345", TIER_S4},
    {"12345678", "12345", TIER_S4},    {"*1234", "HAA1234", TIER_S3},
    {"*234", "HAA1234", TIER_NONE},    {"AB?1234", "ABC1234", TIER_S3},
    {"AB?1234", "ABC1235", TIER_NONE}, {"[8B]1234", "B1234", TIER_S3},
    {"AB?1234", "AB1234", TIER_NONE},  {"*1234*", "A12345", TIER_S3},
    {"*1234", "AB12*", TIER_NONE},     {"*51234", "*1234", TIER_S3},
    {"36J9257A", "369257A", TIER_S1N}, {"36J9257A", "369257", TIER_NONE},
};

START_TEST(test_tiers)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    const TierCase *c = &TIERS[_i];
    Serial a, b;
    ck_assert(serial_from_pattern(c->a, SERIAL_FULL, &a));
    ck_assert(serial_from_pattern(c->b, SERIAL_FULL, &b));
    ck_assert_str_eq(tier_name(serial_tier(model, &a, NULL, &b, NULL)), tier_name(c->tier));
    ck_assert_str_eq(tier_name(serial_tier(model, &b, NULL, &a, NULL)), tier_name(c->tier));
    ck_assert_str_eq(tier_name(serial_tier(model, &a, " x-1 ", &b, "X-1")), "S0");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("index");
    TCase *tests = tcase_create("index");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_distance);
    tcase_add_test(tests, test_two_edits);
    tcase_add_test(tests, test_between);
    tcase_add_loop_test(tests, test_tiers, 0, G_N_ELEMENTS(TIERS));
    tcase_add_test(tests, test_random);
    tcase_add_test(tests, test_real_looking);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
