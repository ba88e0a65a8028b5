/* Persons (pairwise, after clustering), markers by category, and rings against truth. */
#include <math.h>
#include <string.h>

#include "tests/eval/measures.h"

/* ---- persons ---------------------------------------------------------------------------- */

static GHashTable *entities(const char *dir, const char *name)
{
    g_autoptr(Table) table = table_read(dir, name);
    guint mention = table_column(table, "mention"), entity = table_column(table, "entity");
    GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < table->rows->len; i++)
        g_hash_table_insert(map, g_strdup(table_cell(table, i, mention)),
                            g_strdup(table_cell(table, i, entity)));
    return map;
}

static void count(GHashTable *counts, const char *key)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
    g_hash_table_insert(counts, g_strdup(key), GUINT_TO_POINTER(n + 1));
}

static guint64 pairs(GHashTable *counts)
{
    GHashTableIter iter;
    gpointer value;
    guint64 sum = 0;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        guint64 n = GPOINTER_TO_UINT(value);
        sum += n * (n - 1) / 2;
    }
    return sum;
}

void measure_persons(const char *world, const char *exports)
{
    g_autoptr(GHashTable) truth = entities(world, "truth/persons.csv");
    g_autoptr(GHashTable) found = entities(exports, "persons.csv");
    g_autoptr(GHashTable) true_size = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) found_size = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) both_size = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer mention, entity;
    guint64 missing = 0;
    g_hash_table_iter_init(&iter, truth);
    while (g_hash_table_iter_next(&iter, &mention, &entity)) {
        const char *held = g_hash_table_lookup(found, mention);
        missing += !held;
        g_autofree char *both = g_strconcat(entity, "|", held ? held : mention, NULL);
        count(true_size, entity);
        count(found_size, held ? held : mention);
        count(both_size, both);
    }
    guint64 hit = pairs(both_size), given = pairs(found_size), all = pairs(true_size);
    double precision = given ? (double)hit / (double)given : 1;
    double recall = all ? (double)hit / (double)all : 1;
    put("precision", "persons", precision, given);
    put("recall", "persons", recall, all);
    put("f1", "persons", precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0,
        all);
    put("missing-mentions", "persons", (double)missing, g_hash_table_size(truth));
}

/* ---- markers ---------------------------------------------------------------------------- */

static void by_category(const char *dir, const char *name, GHashTable *set, GHashTable *categories)
{
    g_autoptr(Table) table = table_read(dir, name);
    guint record = table_column(table, "record"), category = table_column(table, "category");
    for (guint i = 0; i < table->rows->len; i++) {
        g_hash_table_add(set, g_strconcat(table_cell(table, i, category), "|",
                                          table_cell(table, i, record), NULL));
        g_hash_table_add(categories, g_strdup(table_cell(table, i, category)));
    }
}

static guint in_category(GHashTable *set, GHashTable *also, const char *category)
{
    g_autofree char *prefix = g_strconcat(category, "|", NULL);
    GHashTableIter iter;
    gpointer key;
    guint n = 0;
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        n += g_str_has_prefix(key, prefix) && (!also || g_hash_table_contains(also, key));
    return n;
}

void measure_markers(const char *world, const char *exports)
{
    g_autoptr(GHashTable) truth = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) categories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    by_category(world, "truth/markers.csv", truth, categories);
    by_category(exports, "markers.csv", found, categories);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(categories), (GCompareFunc)strcmp);
    for (GList *name = names; name; name = name->next) {
        guint hit = in_category(truth, found, name->data);
        guint given = in_category(found, NULL, name->data);
        guint all = in_category(truth, NULL, name->data);
        g_autofree char *of = g_strdup_printf("markers %s", (char *)name->data);
        put("precision", of, given ? (double)hit / given : 1, given);
        put("recall", of, all ? (double)hit / all : 1, all);
    }
}

/* ---- rings ------------------------------------------------------------------------------ */

static GHashTable *record_set(const char *list)
{
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) parts = g_strsplit(list, ";", -1);
    for (char **part = parts; *part; part++)
        if (*g_strstrip(*part))
            g_hash_table_add(set, g_strdup(*part));
    return set;
}

static guint shared(GHashTable *a, GHashTable *b)
{
    GHashTableIter iter;
    gpointer key;
    guint n = 0;
    g_hash_table_iter_init(&iter, a);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        n += g_hash_table_contains(b, key);
    return n;
}

static GPtrArray *record_sets(const Table *table)
{
    GPtrArray *sets = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
    guint records = table_column(table, "records");
    for (guint i = 0; i < table->rows->len; i++)
        g_ptr_array_add(sets, record_set(table_cell(table, i, records)));
    return sets;
}

/* Sums of one fifth of the scores: leads, true ones, their scores. */
typedef struct {
    guint leads, right;
    double scores;
} Bin;

enum { BINS = 5 };

/* Mean distance of score and truth over the bins, by how many leads each holds. */
static void put_reliability(const Bin *bins, guint leads)
{
    double error = 0;
    for (guint i = 0; i < BINS; i++) {
        g_autofree char *of = g_strdup_printf("leads %.1f-%.1f", i * 0.2, (i + 1) * 0.2);
        put("true", of, bins[i].leads ? (double)bins[i].right / bins[i].leads : 0, bins[i].leads);
        error += fabs(bins[i].right - bins[i].scores);
    }
    put("reliability-error", "leads", leads ? error / leads : 0, leads);
}

/* A lead is true when it holds two records of one ring; found holds the records of each lead. */
static void put_leads(const Table *leads, GPtrArray *found, GPtrArray *truth, guint first)
{
    guint score = table_column(leads, "score"), top_true = 0, false_leads = 0;
    Bin bins[BINS] = {{0}};
    for (guint l = 0; l < found->len; l++) {
        double value = table_number(leads, l, score);
        gboolean right = FALSE;
        for (guint r = 0; r < truth->len && !right; r++)
            right = shared(g_ptr_array_index(found, l), g_ptr_array_index(truth, r)) >= 2;
        top_true += l < first && right;
        false_leads += !right && value >= 0.5;
        Bin *bin = &bins[MIN((guint)(value * BINS), BINS - 1)];
        bin->leads++;
        bin->right += right;
        bin->scores += value;
    }
    put("true-in-first", "leads", first ? (double)top_true / first : 1, first);
    put("false-at-0.5", "leads", (double)false_leads, found->len);
    put_reliability(bins, found->len);
}

/* First: the first 50 leads, or as many as rings were found, since there can be no more. */
void measure_rings(const char *world, const char *exports)
{
    g_autoptr(Table) rings = table_read(world, "truth/rings.csv");
    g_autoptr(Table) leads = table_read(exports, "leads.csv");
    g_autoptr(GPtrArray) truth = record_sets(rings);
    g_autoptr(GPtrArray) found = record_sets(leads);
    guint hit = 0, early = 0;
    for (guint r = 0; r < truth->len; r++) {
        GHashTable *ring = g_ptr_array_index(truth, r);
        guint rank = G_MAXUINT;
        for (guint l = 0; l < found->len && rank == G_MAXUINT; l++)
            if (shared(ring, g_ptr_array_index(found, l)) * 10 >= g_hash_table_size(ring) * 6)
                rank = l;
        hit += rank != G_MAXUINT;
        early += rank < 2 * truth->len;
    }
    put("found", "rings", truth->len ? (double)hit / truth->len : 1, truth->len);
    put("found-early", "rings", truth->len ? (double)early / truth->len : 1, truth->len);
    put_leads(leads, found, truth, MIN(50, hit));
}
