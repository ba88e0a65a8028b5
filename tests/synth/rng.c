/*
 * Random numbers that are the same everywhere: splitmix64 seeds xoshiro256** (Blackman and Vigna,
 * public domain method). Floating point is used only where a rounding difference cannot matter.
 */
#include <math.h>

#include "tests/synth/synth.h"

static guint64 splitmix(guint64 *x)
{
    guint64 z = *x += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

Rng rng_for(guint64 seed, guint64 kind, guint64 number)
{
    Rng rng;
    guint64 x = seed * G_GUINT64_CONSTANT(0x2545f4914f6cdd1d) + kind;
    guint64 y = splitmix(&x) ^ number;
    for (guint i = 0; i < 4; i++)
        rng.s[i] = splitmix(&y);
    return rng;
}

static guint64 rotate(guint64 x, int k)
{
    return (x << k) | (x >> (64 - k));
}

guint64 rng_next(Rng *rng)
{
    guint64 *s = rng->s;
    guint64 result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

guint64 rng_below(Rng *rng, guint64 n)
{
    return n > 0 ? (rng_next(rng) >> 11) % n : 0;
}

int rng_between(Rng *rng, int low, int high)
{
    return low + (int)rng_below(rng, (guint64)(high - low + 1));
}

double rng_unit(Rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1.0p-53;
}

gboolean rng_chance(Rng *rng, double p)
{
    return rng_unit(rng) < p;
}

/* A sum of twelve is near enough to normal here, and the same on every machine. */
double rng_lognormal(Rng *rng, double median, double sigma)
{
    double sum = -6;
    for (guint i = 0; i < 12; i++)
        sum += rng_unit(rng);
    return median * exp(sigma * sum);
}

guint rng_weighted(Rng *rng, const guint *weights, guint n)
{
    guint64 total = 0, pick = 0;
    for (guint i = 0; i < n; i++)
        total += weights[i];
    pick = rng_below(rng, total);
    for (guint i = 0; i < n; i++) {
        if (pick < weights[i])
            return i;
        pick -= weights[i];
    }
    return n - 1;
}

/* A four-round Feistel network on the next even number of bits, walked until it is below n. */
static guint64 feistel(guint64 seed, guint bits, guint64 x, gboolean back)
{
    guint half = bits / 2;
    guint64 mask = ((guint64)1 << half) - 1, left = x >> half, right = x & mask;
    for (guint i = 0; i < 4; i++) {
        guint round = back ? 3 - i : i;
        guint64 key = seed + round * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) + (back ? left : right);
        guint64 mix = splitmix(&key) & mask, old = back ? left : right;
        if (back) {
            left = right ^ mix;
            right = old;
        } else {
            right = left ^ mix;
            left = old;
        }
    }
    return left << half | right;
}

static guint64 walk(guint64 seed, guint64 n, guint64 i, gboolean back)
{
    guint bits = 2;
    while (((guint64)1 << bits) < n)
        bits += 2;
    do
        i = feistel(seed, bits, i, back);
    while (i >= n);
    return i;
}

guint64 shuffle(guint64 seed, guint64 n, guint64 i)
{
    return walk(seed, n, i, FALSE);
}

guint64 unshuffle(guint64 seed, guint64 n, guint64 i)
{
    return walk(seed, n, i, TRUE);
}
