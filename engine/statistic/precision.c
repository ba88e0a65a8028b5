/*
 * How often what a rule, marker, tier or probability said was right, by what people decided of
 * it: cases, not estimates, with the Wilson interval that so few cases leave open. Unsure counts
 * as nothing.
 */
#include <math.h>
#include <string.h>

#include "engine/judgement/judgement.h"
#include "engine/statistic/statistic.h"

#define WILSON_Z 1.959964 /* 95 % */

static const Column columns[] = {{"kind", COLUMN_OWN},         {"name", COLUMN_OWN},
                                 {"cases", COLUMN_NUMBER},     {"confirmed", COLUMN_NUMBER},
                                 {"dismissed", COLUMN_NUMBER}, {"precision", COLUMN_NUMBER},
                                 {"low", COLUMN_NUMBER},       {"high", COLUMN_NUMBER}};

typedef struct {
    guint yes, no;
} Tally;

/* Keys "kind\tname" -> Tally. */
static void count_case(GHashTable *tallies, const char *kind, const char *name, Verdict verdict)
{
    g_autofree char *key = g_strdup_printf("%s\t%s", kind, name);
    Tally *tally = g_hash_table_lookup(tallies, key);
    if (!tally) {
        tally = g_new0(Tally, 1);
        g_hash_table_insert(tallies, g_steal_pointer(&key), tally);
    }
    *(verdict == VERDICT_YES ? &tally->yes : &tally->no) += 1;
}

/* Each rule and marker once for each lead that rests on it. */
static void count_lead(GHashTable *tallies, const Judgement *judgement)
{
    g_auto(GStrv) items = g_strsplit(judgement->evidence, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **item = items; *item; item++) {
        g_auto(GStrv) words = g_strsplit(*item, " ", 3);
        if (g_strv_length(words) < 3 ||
            (strcmp(words[0], "indicator") != 0 && strcmp(words[0], "marker") != 0))
            continue;
        if (g_hash_table_add(seen, g_strjoin(" ", words[0], words[1], NULL)))
            count_case(tallies, words[0], words[1], judgement->verdict);
    }
}

/* By tier, and by tenths of the probability that the run gave. */
static void count_pair(GHashTable *tallies, const Judgement *judgement)
{
    g_autofree char *tier = judgement_setting(judgement, "tier");
    g_autofree char *text = judgement_setting(judgement, "probability");
    const char *kind = judgement->type == JUDGE_LINK ? "link" : "person";
    if (judgement->type == JUDGE_LINK)
        count_case(tallies, "tier", tier && *tier ? tier : "none", judgement->verdict);
    if (!text)
        return;
    int tenth = CLAMP((int)(g_ascii_strtod(text, NULL) * 10), 0, 9);
    g_autofree char *name = g_strdup_printf("probability 0.%d", tenth);
    count_case(tallies, kind, name, judgement->verdict);
}

static gboolean send_tally(const char *key, const Tally *tally, RowSink *sink, GError **error)
{
    double n = tally->yes + tally->no, p = tally->yes / n, z = WILSON_Z;
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    g_auto(GStrv) words = g_strsplit(key, "\t", 2);
    g_autofree char *cases = g_strdup_printf("%u", tally->yes + tally->no);
    g_autofree char *yes = g_strdup_printf("%u", tally->yes);
    g_autofree char *no = g_strdup_printf("%u", tally->no);
    g_autofree char *precision = text_number(p, 3);
    g_autofree char *low = text_number(MAX(middle - half, 0), 3);
    g_autofree char *high = text_number(MIN(middle + half, 1), 3);
    const char *cells[] = {words[0], words[1], cases, yes, no, precision, low, high};
    return sink->row(sink, cells, error);
}

static gboolean send_all(GHashTable *tallies, RowSink *sink, GError **error)
{
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(tallies), (GCompareFunc)strcmp);
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error))
        return FALSE;
    for (const GList *key = keys; key; key = key->next)
        if (!send_tally(key->data, g_hash_table_lookup(tallies, key->data), sink, error))
            return FALSE;
    return sink->end(sink, error);
}

gboolean statistic_precision(Store *store, const char *as_of, RowSink *sink, GError **error)
{
    static const JudgementType types[] = {JUDGE_LEAD, JUDGE_LINK, JUDGE_PERSON};
    g_autoptr(GHashTable) tallies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint t = 0; t < G_N_ELEMENTS(types); t++) {
        g_autoptr(GPtrArray) found = judgement_in_force(store, types[t], as_of, error);
        if (!found)
            return FALSE;
        for (guint i = 0; i < found->len; i++) {
            const Judgement *judgement = found->pdata[i];
            if (judgement->verdict > VERDICT_NO)
                continue;
            if (types[t] == JUDGE_LEAD)
                count_lead(tallies, judgement);
            else
                count_pair(tallies, judgement);
        }
    }
    return send_all(tallies, sink, error);
}
