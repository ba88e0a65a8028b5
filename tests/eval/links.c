/*
 * Links against truth: precision, recall, F1 at 0.5, precision at 0.9, blocking recall, recall by
 * kind of damage; the same of seizure items alone beside the ideal observer (ideal.c), and beside
 * a naive exact matcher on the raw cells. A true pair that was never a candidate counts as missed.
 */
#include <string.h>

#include "tests/eval/measures.h"

char *pair_key(const char *a, const char *b)
{
    return strcmp(a, b) < 0 ? g_strconcat(a, "|", b, NULL) : g_strconcat(b, "|", a, NULL);
}

gboolean pair_is_seizure(const char *key)
{
    return strstr(key, "cbsa-seizure:") != NULL;
}

GHashTable *truth_links(const char *world)
{
    g_autoptr(Table) table = table_read(world, "truth/links.csv");
    guint left = table_column(table, "left"), right = table_column(table, "right");
    guint damage = table_column(table, "damage");
    GHashTable *truth = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < table->rows->len; i++)
        g_hash_table_insert(truth,
                            pair_key(table_cell(table, i, left), table_cell(table, i, right)),
                            g_strdup(table_cell(table, i, damage)));
    return truth;
}

double put_scores(const char *of, guint64 hit, guint64 given, guint64 all)
{
    double precision = given ? (double)hit / (double)given : 1;
    double recall = all ? (double)hit / (double)all : 1;
    put("precision", of, precision, given);
    put("recall", of, recall, all);
    double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    put("f1", of, f1, all);
    return f1;
}

static void put_damage(GHashTable *truth, GHashTable *found)
{
    g_autoptr(GHashTable) all = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) hit = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer pair, damage;
    g_hash_table_iter_init(&iter, truth);
    while (g_hash_table_iter_next(&iter, &pair, &damage)) {
        g_hash_table_insert(
            all, damage, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(all, damage)) + 1));
        if (g_hash_table_contains(found, pair))
            g_hash_table_insert(
                hit, damage,
                GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(hit, damage)) + 1));
    }
    g_autoptr(GList) kinds = g_list_sort(g_hash_table_get_keys(all), (GCompareFunc)strcmp);
    for (GList *kind = kinds; kind; kind = kind->next) {
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(all, kind->data));
        g_autofree char *name = g_strdup_printf("links damage %s", (char *)kind->data);
        put("recall", name, GPOINTER_TO_UINT(g_hash_table_lookup(hit, kind->data)) / (double)n, n);
    }
}

void measure_links(const char *world, const char *exports, FILE *pairs)
{
    g_autoptr(GHashTable) truth = truth_links(world);
    g_autoptr(Table) table = table_read(exports, "links.csv");
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint left = table_column(table, "left"), right = table_column(table, "right");
    guint probability = table_column(table, "probability");
    guint64 hit = 0, given = 0, sure = 0, sure_hit = 0, proposed = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        char *key = pair_key(table_cell(table, i, left), table_cell(table, i, right));
        double p = table_number(table, i, probability);
        gboolean is = g_hash_table_contains(truth, key);
        calibration_note(pairs, "links", p, is);
        proposed += is;
        given += p >= 0.5;
        hit += p >= 0.5 && is;
        sure += p >= 0.9;
        sure_hit += p >= 0.9 && is;
        if (p >= 0.5)
            g_hash_table_add(found, key);
        else
            g_free(key);
    }
    put_scores("links at 0.5", hit, given, g_hash_table_size(truth));
    put("precision", "links at 0.9", sure ? (double)sure_hit / (double)sure : 1, sure);
    guint all = g_hash_table_size(truth);
    put("blocking-recall", "links", all ? (double)proposed / all : 1, all);
    put_damage(truth, found);
}

/* ---- beside the ideal observer --------------------------------------------------------------- */

typedef struct {
    GHashTable *truth;
    guint64 hit, given;
    FILE *pairs;
} Tally;

static void on_ideal(const char *item, const char *trace, double probability, gpointer data)
{
    Tally *tally = data;
    g_autofree char *key = pair_key(item, trace);
    gboolean right = g_hash_table_contains(tally->truth, key);
    if (tally->pairs && probability >= 0.01)
        calibration_note(tally->pairs, "ideal", probability, right);
    tally->given += probability >= 0.5;
    tally->hit += probability >= 0.5 && right;
}

void measure_ideal(const char *world, const char *exports, double errors, FILE *pairs)
{
    g_autoptr(GHashTable) truth = truth_links(world);
    g_autoptr(Table) table = table_read(exports, "links.csv");
    guint left = table_column(table, "left"), right = table_column(table, "right");
    guint probability = table_column(table, "probability");
    GHashTableIter iter;
    gpointer pair;
    guint64 all = 0, hit = 0, given = 0;
    g_hash_table_iter_init(&iter, truth);
    while (g_hash_table_iter_next(&iter, &pair, NULL))
        all += pair_is_seizure(pair);
    for (guint i = 0; i < table->rows->len; i++) {
        g_autofree char *key = pair_key(table_cell(table, i, left), table_cell(table, i, right));
        if (!pair_is_seizure(key) || table_number(table, i, probability) < 0.5)
            continue;
        given++;
        hit += g_hash_table_contains(truth, key);
    }
    Tally ideal = {.truth = truth, .pairs = pairs};
    Tally bound = {.truth = truth};
    ideal_links(world, errors, FALSE, on_ideal, &ideal);
    ideal_links(world, errors, TRUE, on_ideal, &bound);
    double f1 = put_scores("seizure links", hit, given, all);
    double best = put_scores("ideal observer", ideal.hit, ideal.given, all);
    put("share-of-ideal", "seizure links", best > 0 ? f1 / best : 1, all);
    best = put_scores("ideal by number or paper", bound.hit, bound.given, all);
    put("share-of-ideal", "seizure links same candidates", best > 0 ? f1 / best : 1, all);
}

/* ---- the naive matcher ------------------------------------------------------------------ */

static char *naive_serial(const char *cell)
{
    g_autofree char *upper = g_ascii_strup(cell, -1);
    return g_strdup(g_strstrip(upper));
}

static void add_seizures(GHashTable *serials, const char *world, gboolean french)
{
    static const char *const columns[2][3] = {{"seizure_no", "item_no", "serial_number"},
                                              {"no_saisie", "no_article", "no_serie"}};
    g_autoptr(Table) table = table_read_seizures(world, french);
    guint number = table_column(table, columns[french][0]);
    guint item = table_column(table, columns[french][1]);
    guint serial = table_column(table, columns[french][2]);
    for (guint i = 0; i < table->rows->len; i++) {
        g_autofree char *key = naive_serial(table_cell(table, i, serial));
        if (strlen(key) > 2)
            g_hash_table_insert(serials, g_steal_pointer(&key),
                                g_strdup_printf("cbsa-seizure:%s/%s", table_cell(table, i, number),
                                                table_cell(table, i, item)));
    }
}

void measure_naive(const char *world)
{
    g_autoptr(GHashTable) truth = truth_links(world);
    g_autoptr(GHashTable) serials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_seizures(serials, world, FALSE);
    add_seizures(serials, world, TRUE);
    g_autoptr(Table) traces = table_read(world, "traces.csv");
    guint number = table_column(traces, "trace_number");
    guint serial = table_column(traces, "serial_number");
    guint64 hit = 0, given = 0;
    for (guint i = 0; i < traces->rows->len; i++) {
        g_autofree char *key = naive_serial(table_cell(traces, i, serial));
        const char *seizure = g_hash_table_lookup(serials, key);
        if (!seizure)
            continue;
        g_autofree char *trace = g_strconcat("atf-trace:", table_cell(traces, i, number), NULL);
        g_autofree char *pair = pair_key(seizure, trace);
        given++;
        hit += g_hash_table_contains(truth, pair);
    }
    put_scores("naive exact matcher", hit, given, g_hash_table_size(truth));
}
