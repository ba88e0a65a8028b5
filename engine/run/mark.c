/*
 * The mark stage: texts of records -> markers. What a text says is said of its record; narcotics
 * are said of the seizure, so that every item of it carries them.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/run/stages.h"

#define RDS_DIGITS 8 /* region, district, sequence of a licence number */

static const Field mark_fields[] = {
    FIELD_MAKE_RAW,
    FIELD_MODEL_RAW,
    FIELD_NARRATIVE,
    FIELD_REMARKS,
    FIELD_CO_SEIZED,
    FIELD_MODEL,
    FIELD_FIREARM_TYPE,
    FIELD_ADDITIONAL_MARKINGS,
    FIELD_COMMODITY,
    FIELD_SERIAL_NUMBER,
    FIELD_SERIAL_KIND,
    FIELD_SERIAL_CONDITION,
    FIELD_SERIAL_OBLITERATED,
    FIELD_MAKE,
    FIELD_DISPOSITION,
    FIELD_NARCOTICS,
    FIELD_RDS_KEY,
    FIELD_FFL_TYPE,
    FIELD_SEIZURE_NO,
    FIELD_EVENT_TYPE,
};

typedef struct {
    const char *ref, *rules, *excerpt;
    MarkCategory category;
    double bits, probability;
} Mark;

/* What the items of one seizure say of narcotics: the strongest marker, and who has none. */
typedef struct {
    Mark strongest;    /* ref NULL: none says it */
    GPtrArray *silent; /* of const char *: items that do not say it */
} Narcotics;

struct Marks {
    Store *reader;
    GError *problem; /* that stopped the reading */
    MarkerMemo *memo;
    GStringChunk *text;
    GArray *list;         /* of Mark */
    GPtrArray *read;      /* of char *: records looked at; NULL: all */
    GHashTable *seizures; /* seizure number -> Narcotics */
};

static void narcotics_free(gpointer data)
{
    Narcotics *narcotics = data;
    g_ptr_array_unref(narcotics->silent);
    g_free(narcotics);
}

void marks_free(Marks *marks)
{
    if (!marks)
        return;
    g_clear_error(&marks->problem);
    marker_memo_free(marks->memo);
    g_string_chunk_free(marks->text);
    g_array_unref(marks->list);
    if (marks->read)
        g_ptr_array_unref(marks->read);
    g_hash_table_unref(marks->seizures);
    g_free(marks);
}

static Narcotics *narcotics_of(Marks *marks, const char *seizure_no)
{
    Narcotics *narcotics = g_hash_table_lookup(marks->seizures, seizure_no);
    if (!narcotics) {
        narcotics = g_new0(Narcotics, 1);
        narcotics->silent = g_ptr_array_new();
        g_hash_table_insert(marks->seizures, g_string_chunk_insert(marks->text, seizure_no),
                            narcotics);
    }
    return narcotics;
}

/* Of two equally strong the one with the smaller reference speaks, in whatever order they come. */
static void note_narcotics(Marks *marks, const char *seizure_no, const char *ref, const Mark *mark)
{
    Narcotics *narcotics = narcotics_of(marks, seizure_no);
    Mark *strongest = &narcotics->strongest;
    if (!mark)
        g_ptr_array_add(narcotics->silent, g_string_chunk_insert(marks->text, ref));
    else if (!strongest->ref || mark->bits > strongest->bits ||
             (mark->bits == strongest->bits && strcmp(mark->ref, strongest->ref) < 0))
        *strongest = *mark;
}

/* The key of a licensee that a serial RDDSSSSS-unique begins with: the marking of a privately made
 * firearm (27 CFR 478.92), of a manufacturer's own too. FALSE: the serial is none such. */
static gboolean licensee_key(const char *serial, char key[RDS_DIGITS + 1])
{
    gsize digits = serial ? strspn(serial, "0123456789") : 0;
    if (digits != RDS_DIGITS || serial[0] == '0' || serial[RDS_DIGITS] != '-' ||
        !g_ascii_isalnum(serial[RDS_DIGITS + 1]))
        return FALSE;
    g_strlcpy(key, serial, RDS_DIGITS + 1);
    return TRUE;
}

/* Type of the licence whose key the serial begins with: the record's own dealer's, or as the list
 * of licensees has it; NULL when neither tells (the digits alone prove nothing). Borrowed. */
static const char *licence_type(Marks *marks, const char *const *value)
{
    char key[RDS_DIGITS + 1];
    if (!licensee_key(value[FIELD_SERIAL_NUMBER], key))
        return NULL;
    if (value[FIELD_FFL_TYPE] && g_strcmp0(value[FIELD_RDS_KEY], key) == 0)
        return value[FIELD_FFL_TYPE];
    g_autofree char *ref = g_strconcat("ffl:", key, NULL);
    g_autoptr(GError) problem = NULL;
    g_autoptr(Record) listed = store_get(marks->reader, ref, &problem);
    const char *type = listed ? record_get(listed, FIELD_FFL_TYPE) : NULL;
    if (problem && !g_error_matches(problem, CROSSTRACE_ERROR, STATUS_NO_INPUT))
        marks->problem = g_steal_pointer(&problem);
    return type ? g_string_chunk_insert_const(marks->text, type) : NULL;
}

static gboolean mark_record(const ScanRecord *record, gpointer data)
{
    Marks *marks = data;
    MarkText texts[FACTS_TEXTS];
    MarkFacts facts;
    guint n = facts_texts(record->value, texts, &facts);
    facts.licence_type = licence_type(marks, record->value);
    if (marks->problem)
        return FALSE;
    Mark narcotics = {0};
    g_autoptr(GArray) markers = marker_scan_next(marks->memo, texts, n, &facts);
    const char *ref =
        markers->len || marks->read ? g_string_chunk_insert(marks->text, record->ref) : NULL;
    if (marks->read)
        g_ptr_array_add(marks->read, (gpointer)ref);
    for (guint i = 0; i < markers->len; i++) {
        const Marker *marker = &g_array_index(markers, Marker, i);
        Mark mark = {ref,
                     g_string_chunk_insert_const(marks->text, marker->rules),
                     g_string_chunk_insert(marks->text, marker->excerpt),
                     marker->category,
                     marker->bits,
                     marker->probability};
        g_array_append_val(marks->list, mark);
        if (marker->category == MARK_NARCOTICS)
            narcotics = mark;
    }
    if (record->value[FIELD_SEIZURE_NO])
        note_narcotics(marks, record->value[FIELD_SEIZURE_NO], record->ref,
                       narcotics.ref ? &narcotics : NULL);
    return TRUE;
}

static void spread_narcotics(Marks *marks)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, marks->seizures); /* sorted below */
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Narcotics *narcotics = value;
        Mark mark = narcotics->strongest;
        if (!mark.ref)
            continue;
        g_autofree char *rules = g_strconcat("same seizure: ", mark.ref, NULL);
        mark.rules = g_string_chunk_insert(marks->text, rules);
        for (guint i = 0; i < narcotics->silent->len; i++) {
            mark.ref = g_ptr_array_index(narcotics->silent, i);
            g_array_append_val(marks->list, mark);
        }
    }
}

static gint compare_marks(gconstpointer a, gconstpointer b)
{
    const Mark *left = a, *right = b;
    int order = strcmp(left->ref, right->ref);
    return order ? order : strcmp(category_name(left->category), category_name(right->category));
}

gboolean stage_mark(Run *run, GError **error)
{
    Marks *marks = run->marks = g_new0(Marks, 1);
    marks->memo = marker_memo_new(run->rules->markers);
    marks->reader = run->reader;
    marks->text = g_string_chunk_new(1 << 16);
    marks->list = g_array_new(FALSE, FALSE, sizeof(Mark));
    marks->seizures = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, narcotics_free);
    StoreScan scan = {.fields = mark_fields,
                      .n_fields = G_N_ELEMENTS(mark_fields),
                      .record = mark_record,
                      .data = marks};
    if (run->scope) {
        scan.ids = (const gint64 *)(gpointer)run->scope->marked->data;
        scan.n_ids = run->scope->marked->len;
        marks->read = g_ptr_array_new();
    }
    if (!(run->scope && !scan.n_ids) && !store_scan(run->reader, &scan, error))
        return FALSE;
    if (marks->problem) {
        g_propagate_error(error, g_steal_pointer(&marks->problem));
        return FALSE;
    }
    spread_narcotics(marks);
    g_array_sort(marks->list, compare_marks);
    return TRUE;
}

gboolean write_marks(Run *run, GError **error)
{
    const GArray *list = run->marks->list;
    for (guint i = 0; i < list->len; i++) {
        const Mark *mark = &g_array_index(list, Mark, i);
        const MarkerRow row = {.record = mark->ref,
                               .category = category_name(mark->category),
                               .bits = mark->bits,
                               .probability = mark->probability,
                               .rules = mark->rules,
                               .excerpt = mark->excerpt};
        if (!store_put_marker(run->store, &row, error))
            return FALSE;
    }
    const char *failures = marker_failures(run->rules->markers);
    if (failures)
        g_string_append_printf(run->off, "%s\n", failures);
    return TRUE;
}

const GPtrArray *marks_read(const Marks *marks)
{
    return marks->read;
}
