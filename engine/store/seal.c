/*
 * The seal of the results: a sum over every row that a run wrote of a hash of that row, kept in
 * meta beside the data sum that the run saw, so that a full check notices a bit of a result that
 * fell over, which SQLite does not. It holds until records change; results are due to be made again
 * then anyway. What people set on a lead is not in it: that is the audit chain's business. A full
 * run walks over its results once; a run that changes a few of them watches what it changes
 * (SQLite's hook before each row), and knows by that also whose indicators became others.
 */
#define SQLITE_ENABLE_PREUPDATE_HOOK /* as the library was built; its header wants to be told */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/store/changes.h"
#include "engine/store/db.h"
#include "engine/store/runs.h"
#include "engine/store/seal.h"

#define META_SEAL "result_sum"

#define COLUMNS_MAX 32

typedef enum { ALL_ROWS, GROUPED /* but records that are firearms by themselves */ } Rows;

static const struct {
    const char *table;
    const char *columns; /* NULL: all */
    Rows rows;
} SEALED[] = {
    {"evidence", NULL, ALL_ROWS},
    {"link", NULL, ALL_ROWS},
    {"firearm", NULL, GROUPED},
    {"person", NULL, ALL_ROWS},
    {"marker", NULL, ALL_ROWS},
    {"edge", NULL, ALL_ROWS},
    {"shared", NULL, ALL_ROWS},
    {"indicator", NULL, ALL_ROWS},
    {"lead",
     " lead_id kind bits score evidence_hash evidence_id live supersedes first_run changed_run ",
     ALL_ROWS},
    {"lead_record", NULL, ALL_ROWS},
    {"parameter_set", NULL, ALL_ROWS},
    {"decision", NULL, ALL_ROWS},
};

#define TABLES       G_N_ELEMENTS(SEALED)
#define TABLE_PERSON 3u

/* Of the table of indicators: where the record stands, where what is said of it begins, and the
 * words in which it is. */
#define INDICATOR         "indicator"
#define INDICATOR_RULE    1
#define INDICATOR_SUBJECT 3
#define INDICATOR_RECORD  4
#define INDICATOR_FIRST   1
#define INDICATOR_WORDS   6

/* What came less what went of the indicators of a record, and of the same with their words. */
typedef struct {
    Mix said, told;
} Said;

struct Watch {
    Mix sum;              /* what came less what went */
    GHashTable *records;  /* reference (own) -> Said */
    GHashTable *subjects; /* set: "indicator\nsubject" (own) of rows that went */
    GHashTable *words;    /* "indicator\nsubject\nrecord" of these -> what they explained (own) */
    GHashTable *went;     /* set: "indicator\nwords" (own) of these; NULL: not made yet */
    gboolean sealed[TABLES][COLUMNS_MAX];
};

/* A number counts as what it is worth: a whole one is kept in another way than the column's. */
static void add_number(Mix *mix, double x)
{
    double plain = x + 0.0; /* no -0 */
    mix_add(mix, 1, (const char *)&plain, sizeof plain);
}

static void add_bytes(Mix *mix, gconstpointer bytes, int length)
{
    mix_add(mix, 2, bytes != NULL ? bytes : "", (gsize)length);
}

static void add_column(Mix *mix, sqlite3_stmt *stmt, int i)
{
    int type = sqlite3_column_type(stmt, i);
    if (type == SQLITE_NULL)
        mix_add(mix, 3, "", 0);
    else if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        add_number(mix, sqlite3_column_double(stmt, i));
    else
        add_bytes(mix, sqlite3_column_blob(stmt, i), sqlite3_column_bytes(stmt, i));
}

static void add_value(Mix *mix, sqlite3_value *value)
{
    int type = value != NULL ? sqlite3_value_type(value) : SQLITE_NULL;
    if (type == SQLITE_NULL)
        mix_add(mix, 3, "", 0);
    else if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        add_number(mix, sqlite3_value_double(value));
    else
        add_bytes(mix, sqlite3_value_blob(value), sqlite3_value_bytes(value));
}

static void sum_add(Mix *sum, const Mix *row, int times)
{
    for (int i = 0; i < 2; i++)
        sum->lane[i] += (guint64)(gint64)times * row->lane[i];
}

static Mix row_begin(guint table)
{
    Mix mix = mix_new();
    mix_add(&mix, 4, SEALED[table].table, strlen(SEALED[table].table));
    return mix;
}

static gboolean is_sealed(guint table, const char *column)
{
    g_autofree char *word = g_strconcat(" ", column, " ", NULL);
    return SEALED[table].columns == NULL || strstr(SEALED[table].columns, word) != NULL;
}

/* Which columns of a table count. */
static gboolean read_columns(Store *store, guint table, gboolean sealed[COLUMNS_MAX],
                             GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", SEALED[table].table);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the results", error);
    for (int i = 0; i < sqlite3_column_count(stmt) && i < COLUMNS_MAX; i++)
        sealed[i] = is_sealed(table, sqlite3_column_name(stmt, i));
    return TRUE;
}

static void sum_row(Mix *sum, guint table, sqlite3_stmt *stmt, const gboolean *sealed, int times)
{
    Mix row = row_begin(table);
    int n = sqlite3_column_count(stmt);
    for (int i = 0; i < n && i < COLUMNS_MAX; i++)
        if (sealed[i])
            add_column(&row, stmt, i);
    row = mix_end(&row);
    sum_add(sum, &row, times);
}

static gboolean sum_table(Store *store, guint table, Mix *sum, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT * FROM %s%s", SEALED[table].table,
                        SEALED[table].rows == GROUPED ? " WHERE group_id <> record_id" : "");
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean sealed[COLUMNS_MAX] = {FALSE}, row;
    if (!read_columns(store, table, sealed, error))
        return FALSE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the results", error);
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return TRUE;
        sum_row(sum, table, stmt, sealed, 1);
    }
    return FALSE;
}

static gboolean sum_all(Store *store, Mix *sum, GError **error)
{
    *sum = (Mix){{0, 0}};
    for (guint i = 0; i < TABLES; i++)
        if (!sum_table(store, i, sum, error))
            return FALSE;
    return TRUE;
}

/* What is kept: "DATA_SUM SEAL", in two; *data NULL: nothing is. */
static gboolean seal_read(Store *store, char **data, Mix *sum, GError **error)
{
    GError *failure = NULL;
    g_autofree char *kept = store_meta_get(store, META_SEAL, &failure);
    *data = NULL;
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    char *blank = kept != NULL ? strchr(kept, ' ') : NULL;
    if (blank != NULL && mix_parse(blank + 1, sum))
        *data = g_strndup(kept, (gsize)(blank - kept));
    return TRUE;
}

static gboolean seal_write(Store *store, const char *data, const Mix *sum, GError **error)
{
    char text[MIX_TEXT];
    g_autofree char *kept = g_strconcat(data, " ", mix_text(sum, text), NULL);
    return store_meta_set(store, META_SEAL, kept, error);
}

gboolean results_seal(Store *store, GError **error)
{
    g_autofree char *now = store_data_sum(store, error);
    g_autofree char *before = NULL;
    Mix sum;
    if (now == NULL || (store->watch != NULL && !seal_read(store, &before, &sum, error)))
        return FALSE;
    if (before != NULL)
        sum_add(&sum, &store->watch->sum, 1);
    else if (!sum_all(store, &sum, error))
        return FALSE;
    results_unwatch(store);
    return seal_write(store, now, &sum, error);
}

gboolean results_sealed(Store *store, gboolean *sound, GError **error)
{
    g_autofree char *data = NULL;
    Mix sealed, sum;
    *sound = TRUE;
    if (!seal_read(store, &data, &sealed, error))
        return FALSE;
    g_autofree char *now = data != NULL ? store_data_sum(store, error) : NULL;
    if (data == NULL || now == NULL)
        return data == NULL;
    if (strcmp(data, now) != 0)
        return TRUE;
    if (!sum_all(store, &sum, error))
        return FALSE;
    *sound = memcmp(&sum, &sealed, sizeof sum) == 0;
    return TRUE;
}

gboolean results_forget_persons(Store *store, gint64 record_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_PERSON_ROWS, error);
    gboolean sealed[COLUMNS_MAX], row = stmt != NULL;
    for (int i = 0; i < COLUMNS_MAX; i++)
        sealed[i] = TRUE;
    if (stmt != NULL)
        statement_bind(stmt, "i", record_id);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (row)
            sum_row(&store->forgotten, TABLE_PERSON, stmt, sealed, -1);
    }
    return stmt != NULL;
}

gboolean results_forgotten(Store *store, GError **error)
{
    g_autofree char *data = NULL;
    Mix sum = {{0, 0}}, forgotten = store->forgotten;
    if (forgotten.lane[0] == 0 && forgotten.lane[1] == 0)
        return TRUE;
    store->forgotten = (Mix){{0, 0}};
    if (!seal_read(store, &data, &sum, error))
        return FALSE;
    sum_add(&sum, &forgotten, 1);
    return data == NULL || seal_write(store, data, &sum, error);
}

/* A column of the row that the hook is called for, as it was or as it will be. */
static sqlite3_value *value_at(sqlite3 *db, gboolean old, int column)
{
    sqlite3_value *value = NULL;
    int rc =
        old ? sqlite3_preupdate_old(db, column, &value) : sqlite3_preupdate_new(db, column, &value);
    return rc == SQLITE_OK ? value : NULL;
}

static const char *text_at(sqlite3 *db, int column)
{
    return (const char *)sqlite3_value_text(value_at(db, TRUE, column));
}

/* What was told of a record, about a subject; of two rows, neither is known. */
static void note_words(Watch *watch, sqlite3 *db)
{
    const char *words = text_at(db, INDICATOR_WORDS);
    char *subject =
        g_strdup_printf("%s\n%s", text_at(db, INDICATOR_RULE), text_at(db, INDICATOR_SUBJECT));
    char *row = g_strdup_printf("%s\n%s", subject, text_at(db, INDICATOR_RECORD));
    const char *known = g_hash_table_lookup(watch->words, row);
    gboolean several = known != NULL && g_strcmp0(known, words) != 0;
    g_clear_pointer(&watch->went, g_hash_table_unref);
    g_hash_table_replace(watch->words, row, g_strdup(several || !words ? "" : words));
    g_hash_table_add(watch->subjects, subject);
}

static void note_indicator(Watch *watch, sqlite3 *db, gboolean old)
{
    Mix said = mix_new();
    for (int i = INDICATOR_FIRST; i < INDICATOR_WORDS; i++)
        add_value(&said, value_at(db, old, i));
    Mix told = said;
    add_value(&told, value_at(db, old, INDICATOR_WORDS));
    said = mix_end(&said);
    told = mix_end(&told);
    const char *ref = (const char *)sqlite3_value_text(value_at(db, old, INDICATOR_RECORD));
    Said *sums = g_hash_table_lookup(watch->records, ref);
    if (sums == NULL) {
        sums = g_new0(Said, 1);
        g_hash_table_insert(watch->records, g_strdup(ref), sums);
    }
    if (old)
        note_words(watch, db);
    sum_add(&sums->said, &said, old ? -1 : 1);
    sum_add(&sums->told, &told, old ? -1 : 1);
}

static void note_row(Watch *watch, sqlite3 *db, guint table, gboolean old)
{
    Mix row = row_begin(table);
    int n = sqlite3_preupdate_count(db);
    if (SEALED[table].rows == GROUPED &&
        sqlite3_value_int64(value_at(db, old, 0)) == sqlite3_value_int64(value_at(db, old, 1)))
        return;
    for (int i = 0; i < n && i < COLUMNS_MAX; i++)
        if (watch->sealed[table][i])
            add_value(&row, value_at(db, old, i));
    row = mix_end(&row);
    sum_add(&watch->sum, &row, old ? -1 : 1);
    if (strcmp(SEALED[table].table, INDICATOR) == 0)
        note_indicator(watch, db, old);
}

static void before_row(void *data, sqlite3 *db, int operation, const char *schema,
                       const char *table, sqlite3_int64 old_id, sqlite3_int64 new_id)
{
    guint i = 0;
    (void)old_id, (void)new_id;
    while (i < TABLES && strcmp(SEALED[i].table, table) != 0)
        i++;
    if (i == TABLES || strcmp(schema, "main") != 0)
        return;
    if (operation != SQLITE_INSERT)
        note_row(data, db, i, TRUE);
    if (operation != SQLITE_DELETE)
        note_row(data, db, i, FALSE);
}

gboolean store_watch_results(Store *store, GError **error)
{
    results_unwatch(store);
    Watch *watch = store->watch = g_new0(Watch, 1);
    watch->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    watch->subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    watch->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < TABLES; i++)
        if (!read_columns(store, i, watch->sealed[i], error))
            return FALSE;
    sqlite3_preupdate_hook(store->db, before_row, watch);
    return TRUE;
}

void results_unwatch(Store *store)
{
    if (store->watch == NULL)
        return;
    sqlite3_preupdate_hook(store->db, NULL, NULL);
    g_hash_table_unref(store->watch->records);
    g_hash_table_unref(store->watch->subjects);
    g_hash_table_unref(store->watch->words);
    g_clear_pointer(&store->watch->went, g_hash_table_unref);
    g_clear_pointer(&store->watch, g_free);
}

void store_changed_indicators(Store *store, SaidVisit visit, gpointer data)
{
    static const Mix none = {{0, 0}};
    GHashTableIter iter;
    gpointer ref, value;
    if (store->watch == NULL)
        return;
    g_hash_table_iter_init(&iter, store->watch->records);
    while (g_hash_table_iter_next(&iter, &ref, &value)) {
        const Said *sums = value;
        gboolean same = memcmp(&sums->said, &none, sizeof none) == 0;
        if (!same || memcmp(&sums->told, &none, sizeof none) != 0)
            visit(ref, same, data);
    }
}

void store_dropped_subjects(Store *store, RefVisit visit, gpointer data)
{
    GHashTableIter iter;
    gpointer subject;
    if (store->watch == NULL)
        return;
    g_hash_table_iter_init(&iter, store->watch->subjects); /* a set is made of them */
    while (g_hash_table_iter_next(&iter, &subject, NULL))
        visit(subject, data);
}

/* "rule\nwords" of all rows that went; "rule\n": the words of one are not known. */
static GHashTable *words_of_rules(GHashTable *rows)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer row, told;
    g_hash_table_iter_init(&iter, rows); /* a set is made of them */
    while (g_hash_table_iter_next(&iter, &row, &told)) {
        int rule = (int)strcspn(row, "\n");
        g_hash_table_add(words, g_strdup_printf("%.*s\n%s", rule, (char *)row, (char *)told));
    }
    return words;
}

gboolean store_words_went(Store *store, const char *indicator, const char *words)
{
    Watch *watch = store->watch;
    if (watch == NULL)
        return TRUE;
    if (watch->went == NULL)
        watch->went = words_of_rules(watch->words);
    g_autofree char *key = g_strconcat(indicator, "\n", words, NULL);
    g_autofree char *unknown = g_strconcat(indicator, "\n", NULL);
    return g_hash_table_contains(watch->went, key) || g_hash_table_contains(watch->went, unknown);
}

const char *store_former_words(const Store *store, const char *indicator, const char *subject,
                               const char *record)
{
    g_autofree char *row = g_strdup_printf("%s\n%s\n%s", indicator, subject, record);
    return store->watch == NULL ? "" : g_hash_table_lookup(store->watch->words, row);
}
