/* Makes, puts in order and frees the evidence of a group and the lead made of it. Knows nothing of
 * their use. */
#include <string.h>

#include "engine/lead/parts.h"

static void link_free(LeadLink *link)
{
    g_free(link->left);
    g_free(link->right);
    g_free(link->tier);
    g_free(link->explanation);
    g_free(link->against);
    g_free(link);
}

static void person_free(LeadPerson *person)
{
    g_free(person->entity);
    g_free(person->mention);
    g_free(person->role);
    g_free(person->last);
    g_free(person->first);
    g_free(person->dob);
    g_free(person);
}

static void indicator_free(LeadIndicator *indicator)
{
    g_free(indicator->indicator);
    g_free(indicator->title);
    g_free(indicator->severity);
    g_free(indicator->subject);
    g_free(indicator->record);
    g_free(indicator->explanation);
    g_free(indicator);
}

static void marker_free(LeadMarker *marker)
{
    g_free(marker->record);
    g_free(marker->category);
    g_free(marker->excerpt);
    g_free(marker);
}

static void edge_free(LeadEdge *edge)
{
    g_free(edge->left);
    g_free(edge->right);
    g_free(edge->kind);
    g_free(edge->value);
    g_free(edge);
}

LeadEvidence *lead_evidence_new(void)
{
    LeadEvidence *evidence = g_new0(LeadEvidence, 1);
    evidence->records = g_ptr_array_new_with_free_func((GDestroyNotify)record_free);
    evidence->sources = g_ptr_array_new_with_free_func(g_free);
    evidence->links = g_ptr_array_new_with_free_func((GDestroyNotify)link_free);
    evidence->people = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
    evidence->indicators = g_ptr_array_new_with_free_func((GDestroyNotify)indicator_free);
    evidence->markers = g_ptr_array_new_with_free_func((GDestroyNotify)marker_free);
    evidence->items = g_ptr_array_new_with_free_func(g_free);
    evidence->edges = g_ptr_array_new_with_free_func((GDestroyNotify)edge_free);
    return evidence;
}

void lead_evidence_free(LeadEvidence *evidence)
{
    if (!evidence)
        return;
    g_free(evidence->lead_id);
    g_ptr_array_unref(evidence->records);
    g_ptr_array_unref(evidence->sources);
    g_ptr_array_unref(evidence->links);
    g_ptr_array_unref(evidence->people);
    g_ptr_array_unref(evidence->indicators);
    g_ptr_array_unref(evidence->markers);
    g_ptr_array_unref(evidence->edges);
    g_ptr_array_unref(evidence->items);
    g_free(evidence);
}

void lead_free(Lead *lead)
{
    if (!lead)
        return;
    char *strings[] = {lead->lead_id,   lead->status,  lead->kinds,         lead->title,
                       lead->summary,   lead->caveat,  lead->next_step,     lead->counter,
                       lead->ports,     lead->markers, lead->first_date,    lead->last_date,
                       lead->records,   lead->rules,   lead->evidence_hash, lead->handling,
                       lead->supersedes};
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
    g_clear_pointer(&lead->paths, g_ptr_array_unref);
    evidence_free(lead->evidence);
    g_free(lead);
}

/* By texts, one after the other, as SQLite compares them; NULL before all. */
static int compare_texts(const char *const *a, const char *const *b, guint n)
{
    int order = 0;
    for (guint i = 0; order == 0 && i < n; i++)
        order = g_strcmp0(a[i], b[i]);
    return order;
}

static gint compare_links(gconstpointer a, gconstpointer b)
{
    const LeadLink *x = *(LeadLink *const *)a, *y = *(LeadLink *const *)b;
    return compare_texts((const char *[]){x->left, x->right, x->tier},
                         (const char *[]){y->left, y->right, y->tier}, 3);
}

static gint compare_indicators(gconstpointer a, gconstpointer b)
{
    const LeadIndicator *x = *(LeadIndicator *const *)a, *y = *(LeadIndicator *const *)b;
    int order = compare_texts((const char *[]){x->indicator, x->subject, x->record},
                              (const char *[]){y->indicator, y->subject, y->record}, 3);
    if (order == 0)
        order = (x->bits < y->bits) - (x->bits > y->bits);
    return order ? order : strcmp(x->explanation, y->explanation);
}

static gint compare_markers(gconstpointer a, gconstpointer b)
{
    const LeadMarker *x = *(LeadMarker *const *)a, *y = *(LeadMarker *const *)b;
    return compare_texts((const char *[]){x->record, x->category},
                         (const char *[]){y->record, y->category}, 2);
}

static gint compare_edges(gconstpointer a, gconstpointer b)
{
    const LeadEdge *x = *(LeadEdge *const *)a, *y = *(LeadEdge *const *)b;
    int order = compare_texts((const char *[]){x->left, x->right, x->kind, x->value},
                              (const char *[]){y->left, y->right, y->kind, y->value}, 4);
    return order ? order : (x->weight > y->weight) - (x->weight < y->weight);
}

void lead_evidence_sort(LeadEvidence *group)
{
    g_ptr_array_sort(group->links, compare_links);
    g_ptr_array_sort(group->indicators, compare_indicators);
    g_ptr_array_sort(group->markers, compare_markers);
    g_ptr_array_sort(group->edges, compare_edges);
}
