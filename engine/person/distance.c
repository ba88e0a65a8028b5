/*
 * String distances for names, numbers and streets: no tables, no allocation.
 */
#include "engine/person/distance.h"

#include <string.h>

guint distance_edit(const char *a, guint la, const char *b, guint lb)
{
    guint64 masks[256] __attribute__((uninitialized));
    la = MIN(la, 64);
    lb = MIN(lb, 64);
    if (la == 0 || lb == 0)
        return MAX(la, lb);
    for (guint j = 0; j < lb; j++)
        masks[(guchar)b[j]] = 0;
    for (guint i = 0; i < la; i++)
        masks[(guchar)a[i]] = 0;
    for (guint i = 0; i < la; i++)
        masks[(guchar)a[i]] |= G_GUINT64_CONSTANT(1) << i;
    guint64 vp = ~G_GUINT64_CONSTANT(0), vn = 0, d0 = 0, before = 0;
    guint64 last = G_GUINT64_CONSTANT(1) << (la - 1);
    guint score = la;
    for (guint j = 0; j < lb; j++) {
        guint64 pm = masks[(guchar)b[j]];
        guint64 swap = (((~d0) & pm) << 1) & before;
        d0 = swap | (((pm & vp) + vp) ^ vp) | pm | vn;
        guint64 hp = vn | ~(d0 | vp), hn = d0 & vp;
        score += (hp & last) != 0;
        score -= (hn & last) != 0;
        hp = (hp << 1) | 1;
        hn <<= 1;
        vp = hn | ~(d0 | hp);
        vn = hp & d0;
        before = pm;
    }
    return score;
}

/* Characters of a that b has within the window; marks them in both. */
static guint common_marks(const char *a, guint la, const char *b, guint lb, guint64 marks[2])
{
    guint longest = MAX(la, lb), window = longest / 2 > 0 ? longest / 2 - 1 : 0, common = 0;
    marks[0] = marks[1] = 0;
    for (guint i = 0; i < la; i++) {
        guint from = i > window ? i - window : 0, to = MIN(lb, i + window + 1);
        for (guint j = from; j < to; j++) {
            if (a[i] != b[j] || (marks[1] >> j & 1))
                continue;
            marks[0] |= G_GUINT64_CONSTANT(1) << i;
            marks[1] |= G_GUINT64_CONSTANT(1) << j;
            common++;
            break;
        }
    }
    return common;
}

double distance_winkler(const char *a, guint la, const char *b, guint lb)
{
    guint64 marks[2];
    guint half = 0, j = 0, prefix = 0;
    la = MIN(la, 64);
    lb = MIN(lb, 64);
    /* which characters count as common rests on which text is gone through first */
    if (la > lb || (la == lb && memcmp(a, b, la) > 0))
        return distance_winkler(b, lb, a, la);
    guint common = common_marks(a, la, b, lb, marks);
    if (common == 0)
        return 0;
    for (guint i = 0; i < la; i++) {
        if (!(marks[0] >> i & 1))
            continue;
        while (!(marks[1] >> j & 1))
            j++;
        half += a[i] != b[j++];
    }
    double c = common, jaro = (c / la + c / lb + (c - half / 2.0) / c) / 3;
    while (prefix < MIN(4, MIN(la, lb)) && a[prefix] == b[prefix])
        prefix++;
    return jaro + prefix * 0.1 * (1 - jaro);
}

static gboolean is_soft(char c)
{
    return c == 'E' || c == 'I' || c == 'Y';
}

/* Sound of the letter at p (0: silent) and how many letters it took. */
static char letter_sound(const char *p, gboolean first, guint *taken)
{
    *taken = 1;
    switch (*p) {
    case 'A':
    case 'E':
    case 'I':
    case 'O':
    case 'U':
    case 'Y':
        return first ? 'A' : 0;
    case 'W':
        return first ? 'F' : 0;
    case 'H':
        return 0;
    case 'P':
        if (p[1] == 'H')
            return *taken = 2, 'F';
        return 'P';
    case 'B':
        return 'P';
    case 'F':
    case 'V':
        return 'F';
    case 'C':
        if (p[1] == 'H')
            return *taken = 2, p[2] == 'R' || p[2] == 'L' ? 'K' : 'S';
        if (p[1] == 'K')
            *taken = 2;
        return is_soft(p[1]) ? 'S' : 'K';
    case 'K':
    case 'Q':
        return 'K';
    case 'G':
        if (p[1] == 'H')
            return *taken = 2, first ? 'K' : 0;
        return is_soft(p[1]) ? 'J' : 'K';
    case 'J':
        return 'J';
    case 'S':
        if (p[1] == 'C' && p[2] == 'H')
            *taken = 3;
        return 'S';
    case 'X':
    case 'Z':
        return 'S';
    case 'D':
    case 'T':
        return 'T';
    default:
        return *p;
    }
}

void name_sound(const char *text, char buffer[8])
{
    guint n = 0, taken = 1;
    for (const char *p = text; *p && n < 7; p += taken) {
        taken = 1;
        if (*p == ' ')
            continue;
        char sound = letter_sound(p, n == 0, &taken);
        if (sound && (n == 0 || buffer[n - 1] != sound))
            buffer[n++] = sound;
        while (taken > 1 && memchr(p, '\0', taken))
            taken--;
    }
    buffer[n] = '\0';
}
