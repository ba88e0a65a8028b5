/*
 * US federal firearms licence numbers: region, district, county, type, expiry and sequence, 15
 * characters in six groups (27 CFR 478; domain reference 1.7). Region, district and sequence are
 * the RDS key, which stays when a licence is renewed. Knows no records and no tables.
 */
#include "loaders/ffl.h"

#include <string.h>

#include "engine/base/text.h"

#define COMPACT 15 /* characters of a number without separators */
#define RDS     8  /* of an RDS key */

/* Groups of a licence number: region, district, county, type, expiry, sequence. */
static const guint FFL_GROUPS[] = {1, 2, 3, 2, 2, 5};

/* An RDS key in its groups. */
static const guint RDS_GROUPS[] = {1, 2, 5};

static guint group_count(const char *text)
{
    guint n = 1;

    for (; *text; text++)
        n += *text == '-';
    return n;
}

/* The key characters of a text up to its end or a dash, as far as there is room; returns how many
 * there are. */
static gsize key_part(const char *text, char *to, gsize room)
{
    gsize n = 0;

    for (; *text && *text != '-'; text++) {
        if (!g_ascii_isalnum(*text))
            continue;
        if (n < room)
            to[n] = g_ascii_toupper(*text);
        n++;
    }
    return n;
}

/* The groups of a licence between dashes in one; leading zeros that were lost are restored, an
 * empty group is as good as a masked one. FALSE when one is too long. */
static gboolean join_groups(const char *text, const guint *widths, guint n, char *to)
{
    for (guint i = 0; i < n; i++, text += strcspn(text, "-") + 1) {
        char group[COMPACT];
        gsize length = key_part(text, group, sizeof group);

        if (length > widths[i])
            return FALSE;
        memset(to, length > 0 ? '0' : 'X', widths[i] - length);
        memcpy(to + widths[i] - length, group, length);
        to += widths[i];
    }
    *to = '\0';
    return TRUE;
}

/* `size` characters without separators, in groups between dashes or in any other way. */
static gboolean join(const char *text, const guint *widths, guint n, gsize size, char *to)
{
    g_autofree char *folded = g_str_is_ascii(text) ? NULL : text_fold(text);
    const char *plain = folded ? folded : text;
    g_autofree char *key = NULL;

    if (group_count(plain) == n)
        return join_groups(plain, widths, n, to);
    key = text_key(plain);
    return strlen(key) == size && g_strlcpy(to, key, size + 1) == size;
}

/* The 15 characters of a number in its six whole groups, as most are and ffl_number() writes it. */
static gboolean copy_groups(const char *text, char *compact)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FFL_GROUPS); i++) {
        text += i > 0;
        for (guint n = 0; n < FFL_GROUPS[i]; n++, text++) {
            if (!g_ascii_isdigit(*text) && !g_ascii_isupper(*text))
                return FALSE;
            *compact++ = *text;
        }
        if (*text != (i + 1 < G_N_ELEMENTS(FFL_GROUPS) ? '-' : '\0'))
            return FALSE;
    }
    *compact = '\0';
    return TRUE;
}

/* The 15 characters without separators; what is masked in the middle does not matter. */
static gboolean ffl_compact(const char *text, char compact[COMPACT + 1])
{
    gboolean whole = copy_groups(text, compact);

    return (whole || join(text, FFL_GROUPS, G_N_ELEMENTS(FFL_GROUPS), COMPACT, compact)) &&
           strspn(compact, "0123456789") >= 3 && text_is_digits(compact + 10);
}

void ffl_parts(const char *number, FflParts *parts)
{
    char compact[COMPACT + 1];
    gboolean whole = ffl_compact(number, compact);

    *parts = (FflParts){"", ""};
    if (whole) {
        memcpy(parts->rds_key, compact, 3);
        memcpy(parts->rds_key + 3, compact + 10, 5);
        if (g_ascii_isdigit(compact[6]) && g_ascii_isdigit(compact[7]))
            memcpy(parts->type, compact + 6, 2);
    } else if (!join(number, RDS_GROUPS, G_N_ELEMENTS(RDS_GROUPS), RDS, parts->rds_key) ||
               !text_is_digits(parts->rds_key)) {
        *parts->rds_key = '\0';
    }
}

gboolean ffl_is_key(const char *number)
{
    FflParts parts;

    ffl_parts(number, &parts);
    return *parts.rds_key != '\0';
}

gboolean ffl_lost_zeros(const char *number)
{
    char compact[COMPACT + 1];

    if (copy_groups(number, compact))
        return FALSE;
    g_autofree char *key = text_key(number);
    return ffl_compact(number, compact) && strlen(key) < COMPACT && !strchr(compact, 'X');
}

char *ffl_number(const char *text)
{
    char compact[COMPACT + 1];
    const char *from = compact;
    GString *out;

    if (!ffl_compact(text, compact))
        return NULL;
    out = g_string_sized_new(COMPACT + G_N_ELEMENTS(FFL_GROUPS));
    for (gsize i = 0; i < G_N_ELEMENTS(FFL_GROUPS); from += FFL_GROUPS[i++]) {
        if (i > 0)
            g_string_append_c(out, '-');
        g_string_append_len(out, from, FFL_GROUPS[i]);
    }
    return g_string_free(out, FALSE);
}
