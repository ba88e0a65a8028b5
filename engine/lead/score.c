/*
 * Adds bits: the prior, every indicator, markers; the second subject of one indicator counts less
 * than the first, what hangs on an uncertain link counts by its probability, and a family counts
 * no more than its cap. The only place where evidence of a lead is combined.
 */
#include <math.h>
#include <string.h>

#include "engine/base/text.h"
#include "engine/lead/parts.h"

/* One subject of one indicator. */
typedef struct {
    const LeadIndicator *best; /* row with the largest bits */
    double weighted;           /* bits times how surely they belong here */
    double weight;
} Subject;

/* Mean reach of the subject's records outside Canada: those in Canada need no link. */
static double weight_of(const LeadFacts *facts, LeadIndicator *const *rows, guint n)
{
    double sum = 0;
    guint counted = 0;
    for (guint i = 0; i < n; i++) {
        int index = lead_facts_find(facts, rows[i]->record);
        if (index < 0 || facts->records[index].canadian)
            continue;
        sum += facts->records[index].reach;
        counted++;
    }
    return counted ? sum / counted : 1;
}

static Subject subject_of(const LeadFacts *facts, LeadIndicator *const *rows, guint n)
{
    Subject subject = {rows[0], 0, weight_of(facts, rows, n)};
    for (guint i = 1; i < n; i++)
        if (fabs(rows[i]->bits) > fabs(subject.best->bits))
            subject.best = rows[i];
    subject.weighted = subject.best->bits * subject.weight;
    return subject;
}

static gint compare_subjects(gconstpointer a, gconstpointer b)
{
    const Subject *left = a, *right = b;
    double x = fabs(left->weighted), y = fabs(right->weighted);
    return x > y ? -1 : x < y ? 1 : strcmp(left->best->subject, right->best->subject);
}

static char *level_of(guint subjects, double weight)
{
    g_autofree char *number = text_number(weight, 2);
    g_autofree char *many = subjects > 1 ? g_strdup_printf(" x%u", subjects) : g_strdup("");
    return weight > 0.995 ? g_strdup_printf("hit%s", many)
                          : g_strdup_printf("hit%s at %s", many, number);
}

/* Rows of one indicator, sorted by subject -> one term. */
static void add_indicator(Evidence *out, const LeadFacts *facts, const LeadRules *rules,
                          LeadIndicator *const *rows, guint n)
{
    g_autoptr(GArray) subjects = g_array_new(FALSE, FALSE, sizeof(Subject));
    for (guint i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(rows[end]->subject, rows[i]->subject) == 0;)
            end++;
        Subject subject = subject_of(facts, rows + i, end - i);
        g_array_append_val(subjects, subject);
    }
    g_array_sort(subjects, compare_subjects);
    double bits = 0, share = 1;
    for (guint i = 0; i < subjects->len; i++, share *= rules->repeat)
        bits += share * g_array_index(subjects, Subject, i).weighted;
    const Subject *first = &g_array_index(subjects, Subject, 0);
    const LeadFamily *family = lead_family(rules, rows[0]->indicator);
    g_autofree char *level = level_of(subjects->len, first->weight);
    evidence_add(out, family ? family->name : rows[0]->indicator, rows[0]->indicator, level,
                 first->best->explanation, NULL, bits);
}

static void add_indicators(Evidence *out, const LeadEvidence *evidence, const LeadFacts *facts,
                           const LeadRules *rules)
{
    LeadIndicator **rows = (LeadIndicator **)evidence->indicators->pdata;
    guint n = evidence->indicators->len;
    for (guint i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(rows[end]->indicator, rows[i]->indicator) == 0;)
            end++;
        add_indicator(out, facts, rules, rows + i, end - i);
    }
}

static gint compare_markers(gconstpointer a, gconstpointer b)
{
    const LeadMarker *left = *(LeadMarker *const *)a, *right = *(LeadMarker *const *)b;
    int order = strcmp(left->category, right->category);
    if (order == 0)
        order = left->probability > right->probability   ? -1
                : left->probability < right->probability ? 1
                                                         : strcmp(left->record, right->record);
    return order;
}

/* The strongest marker of each category. */
static void add_markers(Evidence *out, const LeadEvidence *evidence, const LeadFacts *facts,
                        const LeadRules *rules)
{
    g_autoptr(GPtrArray) markers = g_ptr_array_new();
    g_ptr_array_extend(markers, evidence->markers, NULL, NULL);
    g_ptr_array_sort(markers, compare_markers);
    const char *done = "";
    for (guint i = 0; i < markers->len; i++) {
        const LeadMarker *marker = markers->pdata[i];
        int index = lead_facts_find(facts, marker->record);
        double bits = lead_marker_bits(rules, marker->category);
        if (strcmp(done, marker->category) == 0 || bits == 0 || index < 0)
            continue;
        done = marker->category;
        const LeadFamily *family = lead_family(rules, marker->category);
        evidence_add(out, family ? family->name : marker->category, marker->category, "marker",
                     marker->excerpt, NULL,
                     bits * marker->probability * facts->records[index].reach);
    }
}

static void cap_families(Evidence *out, const LeadRules *rules)
{
    for (guint i = 0; i < rules->families->len; i++) {
        const LeadFamily *family = rules->families->pdata[i];
        evidence_cap(out, family->name, family->cap);
    }
    for (guint i = 0; i < evidence_count(out); i++) {
        const Term *term = evidence_term(out, i);
        if (strcmp(term->family, term->field) == 0)
            evidence_cap(out, term->family, rules->other_cap);
    }
}

Evidence *lead_score(const LeadEvidence *evidence, const LeadFacts *facts, const LeadRules *rules,
                     double *support)
{
    Evidence *out = evidence_new();
    evidence_add(out, "prior", "prior", "", NULL, NULL, rules->prior);
    add_indicators(out, evidence, facts, rules);
    guint indicators = evidence_count(out);
    add_markers(out, evidence, facts, rules);
    cap_families(out, rules);
    *support = 0;
    for (guint i = 1; i < indicators; i++)
        *support += evidence_term(out, i)->counted;
    return out;
}
