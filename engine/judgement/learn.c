/* What decisions teach: see learn.h. */
#include "engine/judgement/learn.h"

#include <math.h>

#include "engine/base/evidence.h"
#include "engine/base/ini.h"

#define HALVINGS 50

gboolean learning_load(const char *rules_dir, Learning *learning, GError **error)
{
    static const char *const keys[] = {"spread", "most", NULL};
    g_autofree char *path = g_build_filename(rules_dir, "judgement.ini", NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    return ini && ini_only_keys(ini, "learning", keys, error) &&
           ini_need(ini, "learning", "spread", error) && ini_need(ini, "learning", "most", error) &&
           ini_number(ini, "learning", "spread", 0.01, 10, 0, &learning->spread, error) &&
           ini_number(ini, "learning", "most", 0, 10, 0, &learning->most, error);
}

/* Slope of the log posterior of a shift: what was decided less what was expected, and the pull
 * back to 0. Falls everywhere, so that it has one root. */
static double slope(const Learning *learning, const LearningPair *pairs, guint n, double shift)
{
    double sum = -shift * G_LN2 / (learning->spread * G_LN2 * learning->spread * G_LN2);
    for (guint i = 0; i < n; i++)
        sum += pairs[i].same - bits_to_probability(pairs[i].bits + shift);
    return sum;
}

double learning_shift(const Learning *learning, const LearningPair *pairs, guint n)
{
    double low = -learning->most, high = learning->most;
    for (guint i = 0; n && i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (slope(learning, pairs, n, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    return n ? (low + high) / 2 : 0;
}
