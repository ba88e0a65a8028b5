/*
 * Which references an audience has to cite, whether they were given, and which records it may be
 * given at all. Gates are law: they hold for every audience, whatever its own section says.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/release/parts.h"

/* Is the word in the list, or the list everything (NULL)? */
static gboolean list_takes(char *const *list, const char *word)
{
    return !list || (word && g_strv_contains((const char *const *)list, word));
}

/* ---- what --authority gives ------------------------------------------------------------- */

static gboolean take_reference(const Audiences *audiences, Authority *authority, const char *part,
                               GError **error)
{
    const char *equals = strchr(part, '=');
    g_autofree char *key = equals ? g_strstrip(g_strndup(part, (gsize)(equals - part))) : NULL;
    g_autofree char *value = equals ? text_squeeze(equals + 1) : NULL;
    if (!value || !*value)
        return error_set(error, STATUS_USAGE,
                         "no value in '%s'; write --authority 'key=value; ...'", part);
    const Reference *reference = reference_find(audiences, key);
    if (!reference)
        return error_set(error, STATUS_USAGE, "unknown reference '%s' in --authority", key);
    if (g_hash_table_contains(authority, key))
        return error_set(error, STATUS_USAGE, "reference '%s' is given twice", key);
    gssize start, end;
    if (regex_match(reference->regex, value, strlen(value), 0, &start, &end) != REGEX_MATCH)
        return error_set(error, STATUS_FORBIDDEN, "not permitted: '%s' is no %s (%s)", value,
                         reference->title[LANG_EN], key);
    g_hash_table_insert(authority, g_steal_pointer(&key), g_steal_pointer(&value));
    return TRUE;
}

Authority *authority_parse(const Audiences *audiences, const char *text, GError **error)
{
    g_autoptr(GHashTable) authority =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) parts = g_strsplit(text ? text : "", ";", -1);
    for (char **part = parts; *part; part++)
        if (*g_strstrip(*part) && !take_reference(audiences, authority, *part, error))
            return NULL;
    return g_steal_pointer(&authority);
}

char *authority_text(const Authority *authority)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GList) keys =
        g_list_sort(g_hash_table_get_keys((GHashTable *)authority), (GCompareFunc)strcmp);
    for (GList *key = keys; key; key = key->next)
        g_string_append_printf(text, "%s%s=%s", text->len ? "; " : "", (char *)key->data,
                               (char *)g_hash_table_lookup((GHashTable *)authority, key->data));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- gates ------------------------------------------------------------------------------ */

/* Does the gate stand between records of this origin and the audience? */
static gboolean gate_stands(const Gate *gate, const Audience *audience, const Audience *owner,
                            const char *origin)
{
    if (!list_takes(gate->origins, origin))
        return FALSE;
    if (gate->beyond && strcmp(audience->country, gate->beyond) == 0)
        return FALSE;
    if (gate->received && g_strcmp0(origin, owner->agency) == 0)
        return FALSE;
    return !gate->third_party || (g_strcmp0(audience->agency, owner->agency) != 0 &&
                                  g_strcmp0(audience->agency, origin) != 0);
}

/* Does it stand before any origin that the audience takes? An origin that only the gate names is
 * asked for by an audience that takes everything, and the other way round. */
static gboolean gate_concerns(const Gate *gate, const Audience *audience, const Audience *owner)
{
    char *const *origins = audience->origins ? audience->origins : gate->origins;
    if (!origins)
        return gate_stands(gate, audience, owner, NULL);
    for (; *origins; origins++)
        if (list_takes(audience->origins, *origins) && gate_stands(gate, audience, owner, *origins))
            return TRUE;
    return FALSE;
}

static void add_missing(GPtrArray *keys, char *const *more)
{
    for (; more && *more; more++)
        if (!g_ptr_array_find_with_equal_func(keys, *more, g_str_equal, NULL))
            g_ptr_array_add(keys, g_strdup(*more));
}

char **audience_requires(const Audiences *audiences, const Audience *audience,
                         const Audience *owner)
{
    GPtrArray *keys = g_ptr_array_new();
    add_missing(keys, audience->asks);
    for (guint i = 0; i < audiences->gates->len; i++) {
        const Gate *gate = audiences->gates->pdata[i];
        if (gate_concerns(gate, audience, owner))
            add_missing(keys, gate->requires);
    }
    g_ptr_array_sort(keys, text_compare);
    g_ptr_array_add(keys, NULL);
    return (char **)g_ptr_array_free(keys, FALSE);
}

gboolean audience_permits(const Audiences *audiences, const Audience *audience,
                          const Audience *owner, const Authority *authority, GError **error)
{
    if (!audience->leads)
        return error_set(error, STATUS_FORBIDDEN, "not permitted: audience '%s' receives no leads",
                         audience->code);
    g_autoptr(GString) missing = g_string_new(NULL);
    g_auto(GStrv) keys = audience_requires(audiences, audience, owner);
    for (char **key = keys; *key; key++)
        if (!g_hash_table_contains((GHashTable *)authority, *key))
            g_string_append_printf(missing, "%s%s (%s)", missing->len ? ", " : "", *key,
                                   reference_find(audiences, *key)->title[LANG_EN]);
    if (!missing->len)
        return TRUE;
    return error_set(error, STATUS_FORBIDDEN,
                     "not permitted: audience '%s' needs --authority with %s", audience->code,
                     missing->str);
}

/* ---- records ---------------------------------------------------------------------------- */

static gboolean releasable(const char *list, const char *country)
{
    g_auto(GStrv) countries = g_strsplit(list ? list : "", ";", -1);
    for (char **one = countries; *one; one++)
        if (strcmp(g_strstrip(*one), country) == 0)
            return TRUE;
    return FALSE;
}

/* Hands through which a record goes on its way to the audience: the owner's, unless the owner made
 * it, and the audience's. */
static guint hands(const Audience *audience, const Audience *owner, const char *origin)
{
    return (g_strcmp0(origin, owner->agency) != 0 ? 1u : 0u) + (audience != owner ? 1u : 0u);
}

gboolean audience_takes(const Audience *audience, const Audience *owner, const Marking *marking,
                        const char *day)
{
    if (g_strcmp0(marking->confidential, "Y") == 0)
        return FALSE;
    if (audience == owner)
        return TRUE;
    if (marking->expires && strcmp(marking->expires, day) < 0)
        return FALSE;
    return list_takes(audience->origins, marking->origin) &&
           list_takes(audience->handling, marking->handling) &&
           hands(audience, owner, marking->origin) <= audience->hops &&
           (g_strcmp0(marking->origin, audience->agency) == 0 ||
            releasable(marking->releasable_to, audience->country));
}
