/*
 * Is the ideal observer's error channel the generator's? Serial numbers are written many times by
 * tests/synth, and every text counted against its probability in outcomes.c. Says what differs.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/eval/measures.h"
#include "tests/eval/outcomes.h"
#include "tests/synth/synth.h"

enum { DRAWS = 400000, SERIALS = 12 };

typedef struct {
    double expected, seen;
} Share;

static Share *share_of(GHashTable *shares, const char *text)
{
    Share *share = g_hash_table_lookup(shares, text);
    if (!share) {
        share = g_new0(Share, 1);
        g_hash_table_insert(shares, g_strdup(text), share);
    }
    return share;
}

static void on_outcome(const char *text, double probability, double preimages, gpointer data)
{
    (void)preimages;
    share_of(data, text)->expected += probability * DRAWS;
}

/* Texts of one language alone are drawn for half of the rows. */
static gboolean of_one_language(const char *text)
{
    static const char *const starts[] = {"ENDS IN ",          "BEGINS WITH ",    "PARTIAL ",
                                         "SE TERMINANT PAR ", "COMMENÇANT PAR ", "PARTIEL "};
    for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
        if (g_str_has_prefix(text, starts[i]))
            return TRUE;
    return FALSE;
}

static gboolean serial_agrees(guint number, double errors)
{
    g_autoptr(GHashTable) shares = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Gun gun = gun_of(1, (guint64)number * 7777777 + 123456);
    Rng rng = rng_for(1, 1, number);
    GHashTableIter iter;
    gpointer text, value;
    double square = 0, kinds = 0;
    outcomes_of(gun.serial, gun.model->model, errors, on_outcome, shares);
    for (guint i = 0; i < DRAWS; i++)
        share_of(shares, serial_write(&gun, &rng, errors, i % 2 == 1).text)->seen++;
    g_hash_table_iter_init(&iter, shares);
    while (g_hash_table_iter_next(&iter, &text, &value)) {
        const Share *share = value;
        double expected = share->expected / (of_one_language(text) ? 2 : 1);
        if (expected <= 0) {
            fprintf(stderr, "eval: '%s' of '%s' is not foreseen\n", (char *)text, gun.serial);
            return FALSE;
        }
        square += pow(share->seen - expected, 2) / expected;
        kinds++;
    }
    if (square <= kinds + 6 * sqrt(2 * kinds))
        return TRUE;
    fprintf(stderr, "eval: '%s' is written otherwise than foreseen: chi square %.0f of %.0f\n",
            gun.serial, square, kinds);
    return FALSE;
}

gboolean channel_check(void)
{
    static const double errors[] = {1, 3, 8};
    gboolean good = TRUE;
    for (guint i = 0; i < SERIALS; i++)
        good = serial_agrees(i, errors[i % G_N_ELEMENTS(errors)]) && good;
    return good;
}
