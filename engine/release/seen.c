/*
 * Evidence as one audience sees it: each value shown, masked, generalised or dropped, each item of
 * evidence copied so. Which items may go at all is filter.c's business. Pure.
 */
#include <string.h>

#include "engine/graph/graph.h"
#include "engine/release/parts.h"

#define DATE_YEAR    4
#define DATE_MONTH   7
#define POSTAL_AREA  3
#define ALIAS_DIGITS 12

/* ---- one value --------------------------------------------------------------------------- */

static gboolean is_date(const char *name)
{
    return g_str_has_suffix(name, "_date") || g_str_has_suffix(name, "dob") ||
           g_str_has_suffix(name, "_expires");
}

static gboolean is_postal(const char *name)
{
    return g_str_has_suffix(name, "postal") || g_str_has_suffix(name, "zip");
}

/* Free text has no part that says less: it is shown or dropped. */
static gboolean is_text(const char *name)
{
    static const char *const texts[] = {"narrative", "remarks", "co_seized", "additional_markings",
                                        NULL};
    return g_strv_contains(texts, name);
}

char *field_seen(const char *name, const char *value, FieldAction action)
{
    if (!value || action == ACT_DROP)
        return NULL;
    if (action == ACT_SHOW)
        return g_strdup(value);
    if (action == ACT_GENERALISE)
        return is_date(name) ? g_strndup(value, DATE_MONTH)
               : is_postal(name)
                   ? g_utf8_substring(value, 0, MIN(g_utf8_strlen(value, -1), POSTAL_AREA))
                   : NULL;
    if (is_date(name))
        return g_strndup(value, DATE_YEAR);
    if (is_text(name))
        return NULL;
    g_autofree char *initial = g_utf8_substring(value, 0, MIN(g_utf8_strlen(value, -1), 1));
    return g_strconcat(initial, ".", NULL);
}

/* ---- actions ----------------------------------------------------------------------------- */

FieldAction part_action(const Filter *filter, ViewPart part)
{
    return filter->audience ? filter->audience->part[part] : ACT_SHOW;
}

/* What an audience sees of the thing that two records share. */
FieldAction edge_action(const Filter *filter, const char *kind)
{
    static const struct {
        const char *kind;
        gboolean person;
        int field;
    } rests[] = {
        {EDGE_PERSON, TRUE, MENTION_LAST},    {EDGE_ADDRESS, TRUE, MENTION_ADDRESS_KEY},
        {EDGE_CONSIGNEE, TRUE, MENTION_LAST}, {EDGE_VEHICLE, FALSE, FIELD_VEHICLE_PLATE},
        {EDGE_CASE, FALSE, FIELD_SEIZURE_NO},
    };
    for (guint i = 0; filter->audience && i < G_N_ELEMENTS(rests); i++)
        if (strcmp(kind, rests[i].kind) == 0)
            return rests[i].person ? filter->audience->person[rests[i].field]
                                   : filter->audience->record[rests[i].field];
    return ACT_SHOW;
}

/* ---- copies as the audience sees them ---------------------------------------------------- */

/* A reference holds seizure and trace numbers; masked, it says its kind and nothing else. */
static char *ref_seen(const Filter *filter, const char *ref)
{
    if (part_action(filter, PART_REFERENCE) == ACT_SHOW)
        return g_strdup(ref);
    const char *colon = strchr(ref, ':');
    g_autofree char *secret =
        g_strjoin("\n", filter->salt, filter->audience->code, "reference", ref, NULL);
    g_autofree char *hash = text_sha256(secret, -1);
    return g_strdup_printf("%.*s:~%.*s", (int)(colon - ref), ref, ALIAS_DIGITS, hash);
}

static char *mention_seen(const Filter *filter, const char *mention)
{
    g_autofree char *ref = mention_record(mention);
    g_autofree char *seen = ref_seen(filter, ref);
    return g_strconcat(seen, ":", mention_role(mention), NULL);
}

static FieldAction record_action(const Filter *filter, Field field)
{
    return filter->audience ? filter->audience->record[field] : ACT_SHOW;
}

static FieldAction person_action(const Filter *filter, MentionField field)
{
    return filter->audience ? filter->audience->person[field] : ACT_SHOW;
}

Record *record_seen(const Filter *filter, const Record *from)
{
    Record *record = record_new(from->kind);
    g_free(record->ref);
    record->ref = ref_seen(filter, from->ref);
    record->revision = from->revision;
    record->content_hash = g_strdup(from->content_hash);
    if (part_action(filter, PART_SOURCE) == ACT_SHOW) {
        record->file_id = from->file_id;
        record->line = from->line;
    }
    for (Field field = 0; field < FIELD_COUNT; field++)
        record_take(
            record, field,
            field_seen(field_name(field), record_get(from, field), record_action(filter, field)));
    for (guint i = 0; i < from->mentions->len; i++) {
        const Mention *mention = from->mentions->pdata[i];
        Mention *copy = record_mention(record, mention->role);
        for (MentionField field = 0; field < MENTION_COUNT; field++)
            mention_take(copy, field,
                         field_seen(mention_field_name(field), mention->value[field],
                                    person_action(filter, field)));
    }
    record_drop_empty_mentions(record);
    return record;
}

LeadLink *link_seen(const Filter *filter, const LeadLink *from)
{
    gboolean explain = part_action(filter, PART_EXPLANATIONS) == ACT_SHOW;
    LeadLink *link = g_memdup2(from, sizeof *from);
    link->left = ref_seen(filter, from->left);
    link->right = ref_seen(filter, from->right);
    link->tier = g_strdup(from->tier);
    link->explanation = explain ? g_strdup(from->explanation) : NULL;
    link->against = explain ? g_strdup(from->against) : NULL;
    return link;
}

LeadPerson *person_seen(const Filter *filter, const LeadPerson *from, const char *entity)
{
    FieldAction last =
        MIN(person_action(filter, MENTION_LAST), person_action(filter, MENTION_ORGANISATION));
    LeadPerson *person = g_memdup2(from, sizeof *from);
    person->entity = mention_seen(filter, entity);
    person->mention = mention_seen(filter, from->mention);
    person->role = g_strdup(from->role);
    person->last = field_seen("last", from->last, last);
    person->first = field_seen("first", from->first, person_action(filter, MENTION_FIRST));
    person->dob = field_seen("dob", from->dob, person_action(filter, MENTION_DOB));
    return person;
}

LeadIndicator *indicator_seen(const Filter *filter, const LeadIndicator *from)
{
    LeadIndicator *row = g_memdup2(from, sizeof *from);
    gboolean explain = part_action(filter, PART_EXPLANATIONS) == ACT_SHOW;
    g_autofree char *hash = text_sha256(from->subject, -1);
    row->indicator = g_strdup(from->indicator);
    row->title = g_strdup(from->title);
    row->severity = g_strdup(from->severity);
    row->record = ref_seen(filter, from->record);
    /* a subject is told apart from others, its name may be a person's or a number */
    row->subject = explain ? g_strdup(from->subject) : g_strndup(hash, ALIAS_DIGITS);
    row->explanation = g_strdup(explain ? from->explanation : from->title);
    return row;
}

LeadMarker *marker_seen(const Filter *filter, const LeadMarker *from)
{
    LeadMarker *marker = g_memdup2(from, sizeof *from);
    gboolean show = part_action(filter, PART_EXCERPTS) == ACT_SHOW;
    marker->record = ref_seen(filter, from->record);
    marker->category = g_strdup(from->category);
    marker->excerpt = g_strdup(show ? from->excerpt : "");
    return marker;
}

LeadEdge *edge_new(const LeadEdge *like, const char *left, const char *right, double weight)
{
    LeadEdge *edge = g_new0(LeadEdge, 1);
    edge->left = g_strdup(left);
    edge->right = g_strdup(right);
    edge->kind = g_strdup(like->kind);
    edge->value = g_strdup(like->value);
    edge->weight = weight;
    return edge;
}

LeadEdge *edge_seen(const Filter *filter, const LeadEdge *from)
{
    g_autofree char *left = ref_seen(filter, from->left);
    g_autofree char *right = ref_seen(filter, from->right);
    gboolean turned = strcmp(left, right) > 0;
    LeadEdge *edge = edge_new(from, turned ? right : left, turned ? left : right, from->weight);
    if (edge_action(filter, from->kind) != ACT_SHOW ||
        (strcmp(from->kind, EDGE_PERSON) == 0 && filter->audience))
        g_clear_pointer(&edge->value, g_free);
    return edge;
}
