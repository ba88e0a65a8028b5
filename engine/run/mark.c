/*
 * The read stage: one pass over the store, records to facts, markers on the way. What a text says
 * is said of its record; narcotics are said of the seizure, so that every item of it carries them.
 */
#include "engine/run/stages.h"

/* What the items of one seizure say of narcotics: the strongest marker, and who has one. */
typedef struct {
    char *ref; /* the item that says it, NULL: none does */
    char *excerpt;
    double bits, probability;
    GPtrArray *silent; /* of char *: items that do not say it */
} Narcotics;

typedef struct {
    Run *run;
    GError **error;
    gboolean ok;
    GHashTable *seizures; /* seizure number -> Narcotics */
} Reading;

static void narcotics_free(gpointer data)
{
    Narcotics *narcotics = data;
    g_free(narcotics->ref);
    g_free(narcotics->excerpt);
    g_ptr_array_unref(narcotics->silent);
    g_free(narcotics);
}

static Narcotics *narcotics_of(Reading *reading, const char *seizure_no)
{
    Narcotics *narcotics = g_hash_table_lookup(reading->seizures, seizure_no);
    if (!narcotics) {
        narcotics = g_new0(Narcotics, 1);
        narcotics->silent = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(reading->seizures, g_strdup(seizure_no), narcotics);
    }
    return narcotics;
}

static void note_narcotics(Reading *reading, const Record *record, const Marker *marker)
{
    const char *seizure_no = record_get(record, FIELD_SEIZURE_NO);
    if (!seizure_no)
        return;
    Narcotics *narcotics = narcotics_of(reading, seizure_no);
    if (!marker) {
        g_ptr_array_add(narcotics->silent, g_strdup(record->ref));
    } else if (!narcotics->ref || marker->bits > narcotics->bits) {
        g_free(narcotics->ref);
        g_free(narcotics->excerpt);
        narcotics->ref = g_strdup(record->ref);
        narcotics->excerpt = g_strdup(marker->excerpt);
        narcotics->bits = marker->bits;
        narcotics->probability = marker->probability;
    }
}

static gboolean mark_record(Reading *reading, const Record *record, GError **error)
{
    Run *run = reading->run;
    MarkText texts[FACTS_TEXTS];
    MarkFacts facts;
    guint n = facts_texts(record, texts, &facts);
    const Marker *narcotics = NULL;
    g_autoptr(GArray) markers = marker_scan(run->rules->markers, texts, n, &facts);
    for (guint i = 0; i < markers->len; i++) {
        const Marker *marker = &g_array_index(markers, Marker, i);
        if (!store_put_marker(run->store, record->ref, category_name(marker->category),
                              marker->bits, marker->probability, marker->rules, marker->excerpt,
                              error))
            return FALSE;
        if (marker->category == MARK_NARCOTICS)
            narcotics = marker;
        run->report->markers++;
    }
    note_narcotics(reading, record, narcotics);
    return TRUE;
}

static gboolean read_record(Record *record, gboolean *take, gpointer data)
{
    Reading *reading = data;
    *take = FALSE;
    facts_add(reading->run->facts, record);
    reading->ok = mark_record(reading, record, reading->error);
    return reading->ok;
}

static gboolean spread_narcotics(Reading *reading, GError **error)
{
    Run *run = reading->run;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, reading->seizures); /* the store orders markers itself */
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Narcotics *narcotics = value;
        g_autofree char *rules = g_strconcat("same seizure: ", narcotics->ref, NULL);
        for (guint i = 0; narcotics->ref && i < narcotics->silent->len; i++) {
            if (!store_put_marker(run->store, g_ptr_array_index(narcotics->silent, i),
                                  category_name(MARK_NARCOTICS), narcotics->bits,
                                  narcotics->probability, rules, narcotics->excerpt, error))
                return FALSE;
            run->report->markers++;
        }
    }
    return TRUE;
}

gboolean stage_read(Run *run, GError **error)
{
    g_autoptr(GHashTable) seizures =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, narcotics_free);
    Reading reading = {run, error, TRUE, seizures};
    run->facts = facts_new();
    if (!store_visit(run->store, NULL, FALSE, read_record, &reading, error) || !reading.ok ||
        !spread_narcotics(&reading, error))
        return FALSE;
    const char *failures = marker_failures(run->rules->markers);
    if (failures)
        g_string_append_printf(run->off, "%s\n", failures);
    run->report->records = run->facts->records;
    return TRUE;
}
