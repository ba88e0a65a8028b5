/*
 * Leads for the store owner's own use: nothing is withheld, and each view says whose use it is
 * for. Each lead is built again from its evidence, with as-of and language, and handed on in
 * report order.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/release/release.h"

void lead_view_free(LeadView *view)
{
    if (!view)
        return;
    lead_free(view->lead);
    lead_evidence_free(view->evidence);
    g_free(view->released_to);
    g_free(view->run);
    g_free(view);
}

/* Takes over the evidence; NULL when it makes no lead (any more). */
static LeadView *view_new(const StoredLead *stored, LeadEvidence *evidence,
                          const ReleaseOptions *options)
{
    g_autoptr(LeadView) view = g_new0(LeadView, 1);
    view->evidence = evidence;
    view->lead =
        lead_build(evidence, options->rules, options->codes, options->as_of, options->lang);
    if (!view->lead)
        return NULL;
    g_free(view->lead->status);
    view->lead->status = g_strdup(stored->status);
    view->released_to = g_strdup(message(MSG_OWNER_USE, options->lang));
    view->run = g_strdup(options->run ? options->run : "");
    return g_steal_pointer(&view);
}

/* Report order: priority, score falling, lead_id. */
static gint compare_views(gconstpointer a, gconstpointer b)
{
    const Lead *left = (*(LeadView *const *)a)->lead, *right = (*(LeadView *const *)b)->lead;
    if (left->priority != right->priority)
        return left->priority - right->priority;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return strcmp(left->lead_id, right->lead_id);
}

/* The stored leads that are asked for. */
static GPtrArray *select_leads(Store *store, const ReleaseOptions *options, GError **error)
{
    if (!options->lead_id)
        return store_get_leads(store, error);
    StoredLead *one = store_get_lead(store, options->lead_id, error);
    if (!one)
        return NULL;
    GPtrArray *leads = g_ptr_array_new_with_free_func((GDestroyNotify)stored_lead_free);
    g_ptr_array_add(leads, one);
    return leads;
}

static GPtrArray *make_views(Store *store, const ReleaseOptions *options, GError **error)
{
    g_autoptr(GPtrArray) leads = select_leads(store, options, error);
    if (!leads)
        return NULL;
    g_autoptr(GPtrArray) evidence =
        lead_evidence_read_all(store, leads, options->indicators, error);
    if (!evidence)
        return NULL;
    g_ptr_array_set_free_func(evidence, NULL); /* each goes over to its view */
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)lead_view_free);
    for (guint i = 0; i < leads->len; i++) {
        LeadView *view = view_new(leads->pdata[i], evidence->pdata[i], options);
        if (view && view->lead->score >= options->min_score)
            g_ptr_array_add(views, view);
        else
            lead_view_free(view);
    }
    g_ptr_array_sort(views, compare_views);
    return views;
}

gboolean release_owner(Store *store, const ReleaseOptions *options,
                       gboolean (*visit)(const LeadView *view, gpointer data, GError **error),
                       gpointer data, GError **error)
{
    g_autoptr(GPtrArray) views = make_views(store, options, error);
    if (!views)
        return FALSE;
    for (guint i = 0; i < views->len; i++)
        if (!visit(views->pdata[i], data, error))
            return FALSE;
    return TRUE;
}
