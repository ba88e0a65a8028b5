/*
 * What was seen, item by item: the values of a pair of records or mentions that the matchers
 * compare, the parts of a lead. Compared as sorted lines; nothing is decided here.
 */
#include "engine/judgement/seen.h"

#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/link/link.h"
#include "engine/marker/marker.h"
#include "engine/store/schema.h"

#define HASH_DIGITS 12 /* enough to tell one value from another, no more */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* What the firearm matcher is given of a record (engine/run/facts.c). */
static const Field FIREARM_FIELDS[] = {
    FIELD_SERIAL_NUMBER, FIELD_SERIAL_KIND,    FIELD_SERIAL_PATTERN, FIELD_MAKE,
    FIELD_IMPORTER,      FIELD_MODEL,          FIELD_CALIBRE,        FIELD_FIREARM_TYPE,
    FIELD_EVENT_DATE,    FIELD_EVENT_COUNTRY,  FIELD_EVENT_REGION,   FIELD_COUNTRY_OF_ORIGIN,
    FIELD_PURCHASE_DATE, FIELD_REQUEST_DATE,   FIELD_RDS_KEY,        FIELD_TRACE_NO,
    FIELD_DUPLICATE_OF,  FIELD_AGENCY_CASE_NO, FIELD_SEIZURE_NO,     FIELD_OCCURRENCE_NO};

/* Of them, the ones by which a mention names somebody. */
static const MentionField NAMING[] = {MENTION_LAST, MENTION_FIRST, MENTION_ORGANISATION,
                                      MENTION_DOB};

static void add_item(GPtrArray *items, const char *side, const char *name, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *hash = text_sha256(value, -1);
    g_ptr_array_add(items, g_strdup_printf("%s %s %.*s", side, name, HASH_DIGITS, hash));
}

static void add_record(GPtrArray *items, const char *side, const Record *record)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIREARM_FIELDS); i++)
        add_item(items, side, field_name(FIREARM_FIELDS[i]), record_get(record, FIREARM_FIELDS[i]));
}

static gboolean add_mention(GPtrArray *items, const char *side, const Record *record,
                            const char *role)
{
    const Mention *mention = record_find_mention(record, role);
    for (int f = 0; mention != NULL && f < MENTION_COUNT; f++)
        add_item(items, side, mention_field_name((MentionField)f), mention->value[f]);
    return mention != NULL;
}

/* FALSE without error when there is no such record or mention. */
static gboolean add_side(Store *store, GPtrArray *items, const char *side, const char *ref,
                         gboolean mention, GError **error)
{
    g_autofree char *key = mention ? mention_record(ref) : g_strdup(ref);
    g_autoptr(GError) problem = NULL;
    g_autoptr(Record) record = store_get(store, key, &problem);
    if (record == NULL) {
        if (error_status(problem) != STATUS_NO_INPUT)
            g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (mention)
        return add_mention(items, side, record, mention_role(ref));
    add_record(items, side, record);
    return TRUE;
}

static char *join_items(GPtrArray *items)
{
    g_ptr_array_sort(items, text_compare);
    g_ptr_array_add(items, NULL);
    return g_strjoinv("\n", (char **)items->pdata);
}

char *seen_of_pair(Store *store, JudgementType type, const char *left, const char *right,
                   GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    gboolean turned = strcmp(left, right) > 0, mentions = type == JUDGE_PERSON;
    if (!add_side(store, items, "left", turned ? right : left, mentions, error) ||
        !add_side(store, items, "right", turned ? left : right, mentions, error))
        return NULL;
    return join_items(items);
}

static const char LEAD_SQL[] =
    "SELECT '" SEEN_RECORD " ' || record FROM lead_record WHERE lead_id = ?1"
    " UNION SELECT '" SEEN_INDICATOR " ' || i.indicator || ' ' || i.record FROM lead_record m"
    " CROSS JOIN indicator i ON i.record = m.record WHERE m.lead_id = ?1 AND i.bits > 0"
    " UNION SELECT '" SEEN_MARKER " ' || k.category || ' ' || k.record FROM lead_record m"
    " CROSS JOIN marker k ON k.record = m.record WHERE m.lead_id = ?1"
    " AND k.probability >= " G_STRINGIFY(
        MARKER_HOLDS) " UNION SELECT '" SEEN_LINK
                      " ' || l.\"left\" || ' ' || l.\"right\" FROM lead_record m"
                      " CROSS JOIN link l ON l.\"left\" = m.record CROSS JOIN lead_record o"
                      " ON o.lead_id = ?1 AND o.record = l.\"right\""
                      " WHERE m.lead_id = ?1 AND l.kind = 'serial'"
                      " AND l.probability >= " G_STRINGIFY(SAME_FIREARM);

char *seen_of_lead(Store *store, const char *lead_id, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    int rc = sqlite3_prepare_v2(db, LEAD_SQL, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        sqlite3_bind_text(stmt, 1, lead_id, -1, SQLITE_STATIC);
    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
            g_ptr_array_add(items, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
    if (rc == SQLITE_DONE)
        return join_items(items);
    sqlite_error(db, "cannot read the evidence of a lead", error);
    return NULL;
}

char *seen_item(const char *what, const char *first, const char *second)
{
    return g_strjoin(" ", what, first, second, NULL);
}

static GHashTable *item_set(char **items)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
    for (char **item = items; *item != NULL; item++)
        g_hash_table_add(set, *item);
    return set;
}

char *seen_news(const char *now, const char *seen)
{
    g_auto(GStrv) items = g_strsplit(now, "\n", -1);
    g_auto(GStrv) old = g_strsplit(seen != NULL ? seen : "", "\n", -1);
    g_autoptr(GHashTable) known = item_set(old);
    GString *out = g_string_new(NULL);
    for (char **item = items; *item != NULL; item++) {
        if (**item == '\0' || g_hash_table_contains(known, *item))
            continue;
        gboolean pair = g_str_has_prefix(*item, "left ") || g_str_has_prefix(*item, "right ");
        const char *end = pair ? strrchr(*item, ' ') : *item + strlen(*item);
        g_string_append(out, out->len > 0 ? "; " : "");
        g_string_append_len(out, *item, end - *item);
    }
    return g_string_free(out, FALSE);
}

/* Does a side keep one of the values by which it named somebody, or did it name nobody? */
static gboolean same_side(GHashTable *now, char **seen, const char *side)
{
    gboolean named = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(NAMING); i++) {
        g_autofree char *start = g_strdup_printf("%s %s ", side, mention_field_name(NAMING[i]));
        for (char **item = seen; *item != NULL; item++) {
            if (!g_str_has_prefix(*item, start))
                continue;
            if (g_hash_table_contains(now, *item))
                return TRUE;
            named = TRUE;
        }
    }
    return !named;
}

gboolean seen_same_people(const char *now, const char *seen)
{
    g_auto(GStrv) items = g_strsplit(now, "\n", -1);
    g_auto(GStrv) old = g_strsplit(seen != NULL ? seen : "", "\n", -1);
    g_autoptr(GHashTable) present = item_set(items);
    return same_side(present, old, "left") && same_side(present, old, "right");
}
