/*
 * Reads RULES/audiences.ini, strictly: unknown groups, keys, fields and codes are errors with file
 * and line. What follows from an audience (what it must cite, what it may be given) is in permit.c.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/release/parts.h"

#define FILE_NAME  "audiences.ini"
#define DEPTH      4 /* of groups of fields inside groups */
#define QUOTED     "quoted"
#define PERSON_DOT "person."
#define TITLE_KEYS "en", "fr"

static const char *const PART_NAMES[PART_COUNT] = {"reference", "source", "explanations",
                                                   "excerpts", "status"};

/* ---- life ------------------------------------------------------------------------------- */

static void audience_free(gpointer data)
{
    Audience *audience = data;
    g_free(audience->code);
    g_free(audience->agency);
    g_free(audience->country);
    g_free(audience->title[LANG_EN]);
    g_free(audience->title[LANG_FR]);
    g_strfreev(audience->origins);
    g_strfreev(audience->handling);
    g_strfreev(audience->asks);
    g_free(audience);
}

static void gate_free(gpointer data)
{
    Gate *gate = data;
    g_free(gate->name);
    g_free(gate->beyond);
    g_strfreev(gate->origins);
    g_strfreev(gate->requires);
    g_free(gate);
}

static void reference_free(gpointer data)
{
    Reference *reference = data;
    g_free(reference->key);
    g_free(reference->pattern);
    g_free(reference->title[LANG_EN]);
    g_free(reference->title[LANG_FR]);
    regex_free(reference->regex);
    g_free(reference);
}

void audiences_free(Audiences *audiences)
{
    if (!audiences)
        return;
    g_ptr_array_unref(audiences->audiences);
    g_ptr_array_unref(audiences->gates);
    g_ptr_array_unref(audiences->references);
    g_free(audiences);
}

/* ---- fields ----------------------------------------------------------------------------- */

typedef struct {
    const Ini *ini;
    const char *group, *key; /* where we are, for errors */
    gboolean (*take)(gpointer data, const char *field, GError **error);
    gpointer data;
} Walk;

/* Hands on every field of a list, with the groups of [fields] opened. */
static gboolean walk_fields(const Walk *walk, const char *group, const char *key, int depth,
                            GError **error)
{
    g_auto(GStrv) names = ini_list(walk->ini, group, key);
    for (char **name = names; names && *name; name++) {
        if (**name != '@') {
            if (!walk->take(walk->data, *name, error))
                return FALSE;
            continue;
        }
        if (!ini_get(walk->ini, "fields", *name + 1) || depth >= DEPTH)
            return ini_error(walk->ini, walk->group, walk->key, error,
                             "no group of fields '%s' in [fields]", *name);
        if (!walk_fields(walk, "fields", *name + 1, depth + 1, error))
            return FALSE;
    }
    return TRUE;
}

/* Where an audience keeps its action on a field; NULL when there is no such field. */
static FieldAction *action_place(Audience *audience, const char *name)
{
    Field field;
    MentionField mention;
    for (guint i = 0; i < PART_COUNT; i++)
        if (strcmp(name, PART_NAMES[i]) == 0)
            return &audience->part[i];
    if (g_str_has_prefix(name, PERSON_DOT))
        return mention_field_parse(name + strlen(PERSON_DOT), &mention) ? &audience->person[mention]
                                                                        : NULL;
    return field_parse(name, &field) ? &audience->record[field] : NULL;
}

typedef struct {
    const Ini *ini;
    const char *group, *key;
    Audience *audience;
    FieldAction action;
} Grant;

static gboolean action_fits(const Audience *audience, const FieldAction *place, const char *name,
                            FieldAction action)
{
    gboolean part = place >= audience->part && place < audience->part + PART_COUNT;
    g_autofree char *probe = field_seen(name, "2024-01-01", action);
    if (part && action != ACT_SHOW)
        return action == ACT_MASK && place == &audience->part[PART_REFERENCE];
    return part || probe != NULL;
}

static gboolean take_grant(gpointer data, const char *name, GError **error)
{
    Grant *grant = data;
    FieldAction *place = action_place(grant->audience, name);
    if (!place)
        return ini_error(grant->ini, grant->group, grant->key, error, "unknown field '%s'", name);
    if (*place != ACT_DROP)
        return ini_error(grant->ini, grant->group, grant->key, error, "field '%s' is named twice",
                         name);
    if (!action_fits(grant->audience, place, name, grant->action))
        return ini_error(grant->ini, grant->group, grant->key, error,
                         "field '%s' can be shown or dropped alone", name);
    *place = grant->action;
    return TRUE;
}

static gboolean read_actions(const Ini *ini, const char *group, Audience *audience, GError **error)
{
    static const struct {
        const char *key;
        FieldAction action;
    } actions[] = {{"show", ACT_SHOW}, {"mask", ACT_MASK}, {"generalise", ACT_GENERALISE}};
    for (guint i = 0; i < G_N_ELEMENTS(actions); i++) {
        Grant grant = {ini, group, actions[i].key, audience, actions[i].action};
        Walk walk = {ini, group, actions[i].key, take_grant, &grant};
        if (!walk_fields(&walk, group, actions[i].key, 0, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean take_quoted(gpointer data, const char *name, GError **error)
{
    Grant *grant = data;
    FieldAction *place = action_place(grant->audience, name);
    if (place && *place == ACT_SHOW)
        return TRUE;
    return ini_error(grant->ini, grant->group, "show", error,
                     "explanations and excerpts quote '%s', which is not shown", name);
}

/* An explanation may quote any field of identity: it is shown beside all of them or not at all. */
static gboolean check_explanations(const Ini *ini, const char *group, Audience *audience,
                                   GError **error)
{
    Grant grant = {ini, group, "show", audience, ACT_SHOW};
    Walk walk = {ini, "fields", QUOTED, take_quoted, &grant};
    return (audience->part[PART_EXPLANATIONS] != ACT_SHOW &&
            audience->part[PART_EXCERPTS] != ACT_SHOW) ||
           walk_fields(&walk, "fields", QUOTED, 0, error);
}

/* The key of an address is made of its street and number: it goes where these go, or not at all. */
static gboolean check_address_key(const Ini *ini, const char *group, const Audience *audience,
                                  GError **error)
{
    return audience->person[MENTION_ADDRESS_KEY] == ACT_DROP ||
           audience->person[MENTION_STREET] == ACT_SHOW ||
           ini_error(ini, group, "show", error,
                     "'person.address_key' holds the street, which is not shown");
}

/* ---- groups ----------------------------------------------------------------------------- */

static gboolean read_titles(const Ini *ini, const char *group, char *title[2], GError **error)
{
    title[LANG_EN] = g_strdup(ini_need(ini, group, "en", error));
    if (!title[LANG_EN])
        return FALSE;
    title[LANG_FR] = g_strdup(ini_need(ini, group, "fr", error));
    return title[LANG_FR] != NULL;
}

/* "*" and nothing at all are two things: everything, and an empty list. */
static char **read_set(const Ini *ini, const char *group, const char *key)
{
    const char *text = ini_get(ini, group, key);
    return g_strcmp0(text, "*") == 0 ? NULL : text ? ini_list(ini, group, key) : g_new0(char *, 1);
}

static gboolean read_reference(Audiences *audiences, const Ini *ini, const char *group,
                               const char *key, GError **error)
{
    static const char *const keys[] = {TITLE_KEYS, "pattern", NULL};
    Reference *reference = g_new0(Reference, 1);
    g_ptr_array_add(audiences->references, reference);
    reference->key = g_strdup(key);
    if (!ini_only_keys(ini, group, keys, error) ||
        !read_titles(ini, group, reference->title, error) ||
        !(reference->pattern = g_strdup(ini_need(ini, group, "pattern", error))))
        return FALSE;
    g_autoptr(GError) problem = NULL;
    reference->regex = regex_new(reference->pattern, &problem);
    return reference->regex || ini_error(ini, group, "pattern", error, "%s", problem->message);
}

static gboolean read_gate(Audiences *audiences, const Ini *ini, const char *group, const char *name,
                          GError **error)
{
    static const char *const keys[] = {"origins",  "beyond", "third_party", "received",
                                       "requires", "source", NULL};
    Gate *gate = g_new0(Gate, 1);
    g_ptr_array_add(audiences->gates, gate);
    gate->name = g_strdup(name);
    if (!ini_only_keys(ini, group, keys, error) || !ini_need(ini, group, "origins", error) ||
        !ini_need(ini, group, "requires", error) || !ini_need(ini, group, "source", error) ||
        !ini_flag(ini, group, "third_party", FALSE, &gate->third_party, error) ||
        !ini_flag(ini, group, "received", FALSE, &gate->received, error))
        return FALSE;
    gate->beyond = g_strdup(ini_get(ini, group, "beyond"));
    gate->origins = read_set(ini, group, "origins");
    gate->requires = ini_list(ini, group, "requires");
    return TRUE;
}

static gboolean read_receives(const Ini *ini, const char *group, Audience *audience, GError **error)
{
    const char *receives = ini_need(ini, group, "receives", error);
    if (!receives)
        return FALSE;
    audience->leads = strcmp(receives, "leads") == 0;
    return audience->leads || strcmp(receives, "statistics") == 0 ||
           strcmp(receives, "nothing") == 0 ||
           ini_error(ini, group, "receives", error, "unknown '%s'; leads, statistics or nothing",
                     receives);
}

static gboolean read_audience(Audiences *audiences, const Ini *ini, const char *group,
                              const char *code, GError **error)
{
    static const char *const keys[] = {TITLE_KEYS, "agency", "country",    "origins",
                                       "handling", "hops",   "receives",   "requires",
                                       "show",     "mask",   "generalise", NULL};
    double hops = 0;
    Audience *audience = g_new0(Audience, 1);
    g_ptr_array_add(audiences->audiences, audience);
    audience->code = g_strdup(code);
    if (!ini_only_keys(ini, group, keys, error) ||
        !read_titles(ini, group, audience->title, error) ||
        !(audience->country = g_strdup(ini_need(ini, group, "country", error))) ||
        !ini_number(ini, group, "hops", 1, 9, 1, &hops, error) ||
        !read_receives(ini, group, audience, error))
        return FALSE;
    audience->agency = g_strdup(ini_get(ini, group, "agency"));
    audience->origins = read_set(ini, group, "origins");
    audience->handling = read_set(ini, group, "handling");
    audience->asks = read_set(ini, group, "requires");
    audience->hops = (guint)hops;
    return read_actions(ini, group, audience, error) &&
           check_explanations(ini, group, audience, error) &&
           check_address_key(ini, group, audience, error);
}

static gboolean read_group(Audiences *audiences, const Ini *ini, const char *group, GError **error)
{
    static const struct {
        const char *prefix;
        gboolean (*read)(Audiences *audiences, const Ini *ini, const char *group, const char *name,
                         GError **error);
    } kinds[] = {
        {"reference ", read_reference}, {"gate ", read_gate}, {"audience ", read_audience}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(group, kinds[i].prefix))
            return kinds[i].read(audiences, ini, group, group + strlen(kinds[i].prefix), error);
    return strcmp(group, "fields") == 0 ||
           ini_error(ini, group, NULL, error, "unknown group [%s]", group);
}

/* Every reference that a gate or an audience asks for is one that can be given. */
static gboolean check_asked(const Audiences *audiences, const Ini *ini, GError **error)
{
    for (const char *const *group = ini_groups(ini); *group; group++) {
        g_auto(GStrv) asked = ini_list(ini, *group, "requires");
        for (char **key = asked; key && *key; key++)
            if (!reference_find(audiences, *key))
                return ini_error(ini, *group, "requires", error, "unknown reference '%s'", *key);
    }
    return TRUE;
}

Audiences *audiences_load(const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, FILE_NAME, NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    if (!ini)
        return NULL;
    g_autoptr(Audiences) audiences = g_new0(Audiences, 1);
    audiences->audiences = g_ptr_array_new_with_free_func(audience_free);
    audiences->gates = g_ptr_array_new_with_free_func(gate_free);
    audiences->references = g_ptr_array_new_with_free_func(reference_free);
    for (const char *const *group = ini_groups(ini); *group; group++)
        if (!read_group(audiences, ini, *group, error))
            return NULL;
    return check_asked(audiences, ini, error) ? g_steal_pointer(&audiences) : NULL;
}

/* ---- asked for -------------------------------------------------------------------------- */

const Audience *audience_find(const Audiences *audiences, const char *code, GError **error)
{
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    for (guint i = 0; i < audiences->audiences->len; i++) {
        const Audience *audience = audiences->audiences->pdata[i];
        if (strcmp(audience->code, code) == 0)
            return audience;
        g_ptr_array_add(codes, audience->code);
    }
    g_ptr_array_add(codes, NULL);
    g_autofree char *known = g_strjoinv(", ", (char **)codes->pdata);
    error_set(error, STATUS_USAGE, "unknown audience '%s'; one of %s", code, known);
    return NULL;
}

void audience_visit(const Audiences *audiences,
                    void (*visit)(const Audience *audience, gpointer data), gpointer data)
{
    for (guint i = 0; i < audiences->audiences->len; i++)
        visit(audiences->audiences->pdata[i], data);
}

const Reference *reference_find(const Audiences *audiences, const char *key)
{
    for (guint i = 0; i < audiences->references->len; i++) {
        const Reference *reference = audiences->references->pdata[i];
        if (strcmp(reference->key, key) == 0)
            return reference;
    }
    return NULL;
}
