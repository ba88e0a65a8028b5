/*
 * US federal firearms licence numbers: region, district, county, type, expiry and sequence, 15
 * characters in six groups (27 CFR 478; domain reference 1.7). Region, district and sequence are
 * the RDS key, which stays when a licence is renewed. Knows no records and no tables.
 */
#include "loaders/ffl.h"

#include <string.h>

#include "engine/base/text.h"

static gboolean all_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* Groups of a licence number: region, district, county, type, expiry, sequence. */
static const guint FFL_GROUPS[] = {1, 2, 3, 2, 2, 5};

/* An RDS key in its groups. */
static const guint RDS_GROUPS[] = {1, 2, 5};

/* The groups of a licence between dashes in one; leading zeros that were lost are restored, an
 * empty group is as good as a masked one. Other groupings are taken without their separators. */
static char *ffl_joined(const char *text, const guint *widths, guint n)
{
    g_auto(GStrv) groups = g_strsplit(text, "-", -1);
    GString *out;

    if (g_strv_length(groups) != n)
        return text_key(text);
    out = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *group = text_key(groups[i]);
        char pad = *group ? '0' : 'X';

        for (gsize length = strlen(group); length < widths[i]; length++)
            g_string_append_c(out, pad);
        g_string_append(out, group);
    }
    return g_string_free(out, FALSE);
}

/* The 15 characters without separators, or NULL; what is masked in the middle does not matter. */
static char *ffl_compact(const char *text)
{
    g_autofree char *key = ffl_joined(text, FFL_GROUPS, G_N_ELEMENTS(FFL_GROUPS));

    if (strlen(key) != 15 || strspn(key, "0123456789") < 3 || !all_digits(key + 10))
        return NULL;
    return g_steal_pointer(&key);
}

char *ffl_rds_key(const char *number)
{
    g_autofree char *compact = ffl_compact(number);
    g_autofree char *key = ffl_joined(number, RDS_GROUPS, G_N_ELEMENTS(RDS_GROUPS));

    if (compact)
        return g_strdup_printf("%.3s%s", compact, compact + 10);
    return strlen(key) == 8 && all_digits(key) ? g_steal_pointer(&key) : NULL;
}

char *ffl_type(const char *number)
{
    g_autofree char *compact = ffl_compact(number);

    return compact && g_ascii_isdigit(compact[6]) && g_ascii_isdigit(compact[7])
               ? g_strndup(compact + 6, 2)
               : NULL;
}

gboolean ffl_is_key(const char *number)
{
    g_autofree char *key = ffl_rds_key(number);

    return key != NULL;
}

gboolean ffl_lost_zeros(const char *number)
{
    g_autofree char *key = text_key(number);
    g_autofree char *compact = ffl_compact(number);

    return compact && strlen(key) < strlen(compact) && !strchr(compact, 'X');
}

char *ffl_number(const char *text)
{
    g_autofree char *compact = ffl_compact(text);
    const char *from = compact;
    GString *out;

    if (!compact)
        return NULL;
    out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(FFL_GROUPS); from += FFL_GROUPS[i++]) {
        if (i > 0)
            g_string_append_c(out, '-');
        g_string_append_len(out, from, FFL_GROUPS[i]);
    }
    return g_string_free(out, FALSE);
}
