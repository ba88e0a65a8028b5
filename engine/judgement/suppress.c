/*
 * Rules silenced for a value: read once a run, asked for every row that a rule yields. A value may
 * be a mention or a record whose person or firearm goes by another reference by now: both count.
 */
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

struct Suppressions {
    GHashTable *keys; /* "rule\nvalue" */
};

/* The person of a mention and the firearm of a record, as the run has them so far. */
static const char ALSO_SQL[] =
    "SELECT p.entity FROM record r JOIN person p ON p.record_id = r.record_id"
    " WHERE r.ref = ?2 AND p.role = ?3"
    " UNION SELECT g.ref FROM record r JOIN firearm f ON f.record_id = r.record_id"
    " JOIN record g ON g.record_id = f.group_id WHERE r.ref = ?1";

static void add_key(Suppressions *suppressions, const char *rule, const char *value)
{
    g_hash_table_add(suppressions->keys, g_strconcat(rule, "\n", value, NULL));
}

static gboolean add_value(Suppressions *suppressions, Store *store, const Judgement *judgement,
                          GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *value = judgement->right;
    g_autofree char *record = mention_record(value);
    add_key(suppressions, judgement->left, value);
    int rc = sqlite3_prepare_v2(db, ALSO_SQL, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, value, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, record, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, mention_role(value), -1, SQLITE_STATIC);
    }
    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
            add_key(suppressions, judgement->left, (const char *)sqlite3_column_text(stmt, 0));
    return rc == SQLITE_DONE || sqlite_error(db, "cannot read what is suppressed", error);
}

Suppressions *suppressions_read(Store *store, const char *as_of, GError **error)
{
    g_autoptr(GPtrArray) found = judgement_in_force(store, JUDGE_RULE, as_of, error);
    if (found == NULL)
        return NULL;
    g_autoptr(Suppressions) suppressions = g_new0(Suppressions, 1);
    suppressions->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < found->len; i++)
        if (!add_value(suppressions, store, g_ptr_array_index(found, i), error))
            return NULL;
    return g_steal_pointer(&suppressions);
}

void suppressions_free(Suppressions *suppressions)
{
    if (suppressions == NULL)
        return;
    g_hash_table_unref(suppressions->keys);
    g_free(suppressions);
}

static gboolean holds(const Suppressions *suppressions, const char *rule, const char *value)
{
    g_autofree char *key = g_strconcat(rule, "\n", value, NULL);
    return g_hash_table_contains(suppressions->keys, key);
}

gboolean suppressions_hold(const Suppressions *suppressions, const char *rule, const char *subject,
                           const char *record)
{
    if (g_hash_table_size(suppressions->keys) == 0)
        return FALSE;
    if (holds(suppressions, rule, record) || holds(suppressions, rule, subject))
        return TRUE;
    g_auto(GStrv) words = g_strsplit(subject, " ", -1);
    for (char **word = words; *word != NULL; word++)
        if (holds(suppressions, rule, *word))
            return TRUE;
    return FALSE;
}
