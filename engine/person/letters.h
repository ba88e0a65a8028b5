/*
 * Which letters a text has, as a set of bits: the least that two texts can be apart and the most
 * that they can be alike, without a look at the texts. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_LETTERS_H
#define CROSSTRACE_PERSON_LETTERS_H

#include <glib.h>

/* The bit of a character in such a set. */
static inline guint32 letter_bit(char c)
{
    return 1u << (g_ascii_isalpha(c) ? c & 31 : g_ascii_isdigit(c) ? 27 + c % 5 : 0);
}

/* How many of a text's letters another one lacks (by the sets of both). */
static inline guint letters_lost(guint32 a, guint32 b)
{
#ifdef __POPCNT__
    return (guint)__builtin_popcount(a & ~b);
#else
    guint32 n = a & ~b;
    n -= n >> 1 & 0x55555555u;
    n = (n & 0x33333333u) + (n >> 2 & 0x33333333u);
    return ((n + (n >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
#endif
}

/* The least edits between two texts by the letters that they have. */
static inline guint letters_apart(guint32 a, guint32 b)
{
    guint x = letters_lost(a, b), y = letters_lost(b, a);
    return MAX(x, y);
}

/* The most Jaro-Winkler that two texts of these lengths can reach which have so many letters in
 * common; `start`: of one first letter. */
static inline double common_alike(double common, double la, double lb, gboolean start)
{
    double jaro = common <= 0 ? 0 : (common / la + common / lb + 1) / 3;
    return start ? jaro + 0.4 * (1 - jaro) : jaro;
}

/* The same by the letters that they have. */
static inline double letters_alike(guint32 a, double la, guint32 b, double lb, gboolean start)
{
    return common_alike(MIN(la - letters_lost(a, b), lb - letters_lost(b, a)), la, lb, start);
}

#endif
