/*
 * Links against truth: precision, recall, F1 at 0.5, precision at 0.9, recall by kind of damage,
 * calibration in ten equal-mass bins, expected calibration error. A true pair that was never a
 * candidate counts as missed. Beside it a naive exact matcher on the raw cells.
 */
#include <math.h>
#include <string.h>

#include "tests/eval/measures.h"

/* A pair has no direction: the smaller reference first. */
static char *pair_key(const char *a, const char *b)
{
    return strcmp(a, b) < 0 ? g_strconcat(a, "|", b, NULL) : g_strconcat(b, "|", a, NULL);
}

/* Truth: pair -> kind of damage. */
static GHashTable *truth_links(const char *world)
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

typedef struct {
    double probability;
    gboolean right;
} Judged;

static int by_probability(gconstpointer a, gconstpointer b)
{
    const Judged *x = a, *y = b;
    return (x->probability > y->probability) - (x->probability < y->probability);
}

static void put_scores(const char *of, guint64 hit, guint64 given, guint64 all)
{
    double precision = given ? (double)hit / (double)given : 1;
    double recall = all ? (double)hit / (double)all : 1;
    put("precision", of, precision, given);
    put("recall", of, recall, all);
    put("f1", of, precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0, all);
}

/* Ten bins of equal mass between 0.05 and 0.95, and the error over all links. */
static void put_calibration(GArray *judged)
{
    g_array_sort(judged, by_probability);
    guint from = 0, to = judged->len;
    while (from < to && g_array_index(judged, Judged, from).probability < 0.05)
        from++;
    while (to > from && g_array_index(judged, Judged, to - 1).probability > 0.95)
        to--;
    double error = 0;
    for (guint bin = 0; bin < 10; bin++) {
        guint a = from + (to - from) * bin / 10, b = from + (to - from) * (bin + 1) / 10;
        double said = 0, was = 0;
        for (guint i = a; i < b; i++) {
            said += g_array_index(judged, Judged, i).probability;
            was += g_array_index(judged, Judged, i).right;
        }
        if (b == a)
            continue;
        g_autofree char *name = g_strdup_printf("links bin %.2f", said / (b - a));
        put("truth", name, was / (b - a), b - a);
        error = fmax(error, fabs(said - was) / (b - a));
    }
    put("worst-bin-error", "links", error, to - from);
    double gap[10] = {0};
    for (guint i = 0; i < judged->len; i++) {
        const Judged *j = &g_array_index(judged, Judged, i);
        gap[MIN(9, (guint)(j->probability * 10))] += j->probability - j->right;
    }
    double ece = 0;
    for (guint bin = 0; bin < 10; bin++)
        ece += fabs(gap[bin]);
    put("expected-calibration-error", "links", judged->len ? ece / judged->len : 0, judged->len);
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

void measure_links(const char *world, const char *exports)
{
    g_autoptr(GHashTable) truth = truth_links(world);
    g_autoptr(Table) table = table_read(exports, "links.csv");
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) judged = g_array_new(FALSE, FALSE, sizeof(Judged));
    guint left = table_column(table, "left"), right = table_column(table, "right");
    guint probability = table_column(table, "probability");
    guint64 hit = 0, given = 0, sure = 0, sure_hit = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        char *key = pair_key(table_cell(table, i, left), table_cell(table, i, right));
        Judged j = {table_number(table, i, probability), g_hash_table_contains(truth, key)};
        g_array_append_val(judged, j);
        given += j.probability >= 0.5;
        hit += j.probability >= 0.5 && j.right;
        sure += j.probability >= 0.9;
        sure_hit += j.probability >= 0.9 && j.right;
        if (j.probability >= 0.5)
            g_hash_table_add(found, key);
        else
            g_free(key);
    }
    put_scores("links at 0.5", hit, given, g_hash_table_size(truth));
    put("precision", "links at 0.9", sure ? (double)sure_hit / (double)sure : 1, sure);
    put_calibration(judged);
    put_damage(truth, found);
}

/* ---- the naive matcher ------------------------------------------------------------------ */

static char *naive_serial(const char *cell)
{
    g_autofree char *upper = g_ascii_strup(cell, -1);
    return g_strdup(g_strstrip(upper));
}

static void add_seizures(GHashTable *serials, const char *world, const char *name,
                         const char *const *columns)
{
    g_autofree char *path = g_build_filename(world, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &bytes, &length, NULL))
        return;
    g_autofree char *text = g_convert(
        bytes, (gssize)length, "UTF-8",
        g_utf8_validate(bytes, (gssize)length, NULL) ? "UTF-8" : "WINDOWS-1252", NULL, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    const char *mark = lines[0] && strchr(lines[0], ';') ? ";" : ",";
    g_auto(GStrv) header = g_strsplit(lines[0] ? lines[0] : "", mark, -1);
    int at[3] = {-1, -1, -1};
    for (int h = 0; header[h]; h++)
        for (int c = 0; c < 3; c++)
            if (strcmp(g_strstrip(header[h]), columns[c]) == 0)
                at[c] = h;
    for (guint i = 1; at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && lines[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], mark, -1);
        int n = (int)g_strv_length(cells);
        if (n <= at[0] || n <= at[1] || n <= at[2])
            continue;
        g_autofree char *serial = naive_serial(cells[at[2]]);
        if (strlen(serial) > 2)
            g_hash_table_insert(serials, g_steal_pointer(&serial),
                                g_strdup_printf("cbsa-seizure:%s/%s", cells[at[0]], cells[at[1]]));
    }
}

void measure_naive(const char *world)
{
    static const char *const english[] = {"seizure_no", "item_no", "serial_number"};
    static const char *const french[] = {"no_saisie", "no_article", "no_serie"};
    g_autoptr(GHashTable) truth = truth_links(world);
    g_autoptr(GHashTable) serials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_seizures(serials, world, "seizures-en.csv", english);
    add_seizures(serials, world, "seizures-fr.csv", french);
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
