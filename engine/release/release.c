/*
 * Leads for one reader: evidence is filtered, leads are built of what remains, put in report order
 * and handed on; a disclosure is entered in the log before the first of them.
 */
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/release/parts.h"

#define RUN_DIGITS 16

/* A view and the lead that it was made of, which its reader does not get to know. */
typedef struct {
    LeadView *view;
    const StoredLead *stored;
} Made;

void lead_view_free(LeadView *view)
{
    if (!view)
        return;
    lead_free(view->lead);
    lead_evidence_free(view->evidence);
    g_free(view->released_to);
    g_free(view->releasable_to);
    g_free(view->authority);
    g_free(view->run);
    g_free(view);
}

static void made_free(gpointer data)
{
    Made *made = data;
    lead_view_free(made->view);
    g_free(made);
}

/* What views are made with. */
typedef struct {
    const ReleaseOptions *options;
    Filter filter;
    Decided decided;
} Maker;

static void maker_clear(Maker *maker)
{
    filter_clear(&maker->filter);
    decided_clear(&maker->decided);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Maker, maker_clear)

/* ---- one view --------------------------------------------------------------------------- */

/* Countries that all records of the evidence may go to. */
static char *releasable_to_all(const LeadEvidence *evidence)
{
    g_auto(GStrv) common = NULL;
    for (guint i = 0; i < evidence->records->len; i++) {
        const char *list = record_get(evidence->records->pdata[i], FIELD_RELEASABLE_TO);
        g_auto(GStrv) here = g_strsplit(list ? list : "", ";", -1);
        g_autoptr(GStrvBuilder) both = g_strv_builder_new();
        for (char **one = here; *one; one++)
            if (**one && (!i || g_strv_contains((const char *const *)common, *one)))
                g_strv_builder_add(both, *one);
        g_strfreev(common);
        common = g_strv_builder_end(both);
    }
    return common ? g_strjoinv(";", common) : g_strdup("");
}

/* A hash that says nothing outside this store and this audience. */
static char *salted(const ReleaseOptions *options, const char *salt, const char *text)
{
    if (!options->audience)
        return g_strdup(text);
    g_autofree char *secret = g_strjoin("\n", salt, options->audience->code, text, NULL);
    return text_sha256(secret, -1);
}

/* Takes over the evidence; NULL when it makes no lead (any more). */
static LeadView *view_new(const StoredLead *stored, LeadEvidence *evidence, const Maker *maker)
{
    const ReleaseOptions *options = maker->options;
    const Audience *audience = options->audience;
    gboolean told = !audience || audience->part[PART_STATUS] == ACT_SHOW;
    g_autoptr(LeadView) view = g_new0(LeadView, 1);
    view->evidence = evidence;
    view->lead =
        lead_build(evidence, options->rules, options->codes, options->as_of, options->lang);
    if (!view->lead || !decided_status(&maker->decided, view, stored->status, told))
        return NULL;
    if (told)
        decided_silenced(&maker->decided, view, options->lang);
    if (!audience) /* ids that an audience has never seen */
        view->lead->supersedes = g_strdup(stored->supersedes);
    g_autofree char *hash = g_steal_pointer(&view->lead->evidence_hash);
    view->lead->evidence_hash = salted(options, maker->filter.salt, hash);
    view->released_to =
        g_strdup(audience ? audience->title[options->lang] : message(MSG_OWNER_USE, options->lang));
    view->releasable_to = releasable_to_all(evidence);
    view->authority = audience ? authority_text(options->authority) : g_strdup("");
    view->run = salted(options, maker->filter.salt, options->run ? options->run : "");
    if (audience)
        view->run[RUN_DIGITS] = '\0';
    return g_steal_pointer(&view);
}

/* Report order: priority, score falling, lead_id. */
static gint compare_made(gconstpointer a, gconstpointer b)
{
    const Lead *left = (*(Made *const *)a)->view->lead, *right = (*(Made *const *)b)->view->lead;
    if (left->priority != right->priority)
        return left->priority - right->priority;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return strcmp(left->lead_id, right->lead_id);
}

/* ---- all of them ------------------------------------------------------------------------ */

static gboolean is_asked_for(const StoredLead *lead, const ReleaseOptions *options)
{
    return (!options->since_run || lead->changed_run > options->since_run) &&
           (!options->owner_of || g_strcmp0(lead->owner, options->owner_of) == 0);
}

/* The stored leads that are asked for. */
static GPtrArray *select_leads(Store *store, const ReleaseOptions *options, GError **error)
{
    if (!options->lead_id) {
        GPtrArray *all = store_get_leads(store, error);
        for (guint i = all ? all->len : 0; i-- > 0;)
            if (!is_asked_for(all->pdata[i], options))
                g_ptr_array_remove_index(all, i);
        return all;
    }
    StoredLead *one = store_get_lead(store, options->lead_id, error);
    if (!one)
        return NULL;
    GPtrArray *leads = g_ptr_array_new_with_free_func((GDestroyNotify)stored_lead_free);
    g_ptr_array_add(leads, one);
    return leads;
}

static void add_view(GPtrArray *all, const StoredLead *stored, LeadView *view,
                     const ReleaseOptions *options)
{
    if (!view || view->lead->score < options->min_score) {
        lead_view_free(view);
        return;
    }
    Made *made = g_new0(Made, 1);
    made->view = view;
    made->stored = stored;
    g_ptr_array_add(all, made);
}

static void make_views(GPtrArray *all, const StoredLead *stored, LeadEvidence *evidence,
                       const Maker *maker)
{
    gboolean withheld = FALSE;
    if (filter_is_open(&maker->filter)) {
        add_view(all, stored, view_new(stored, evidence, maker), maker->options);
        return;
    }
    g_autoptr(GPtrArray) parts = filter_evidence(&maker->filter, evidence, &withheld);
    g_ptr_array_set_free_func(parts, NULL); /* each goes over to its view */
    for (guint i = 0; i < parts->len; i++) {
        LeadView *view = view_new(stored, parts->pdata[i], maker);
        if (view)
            view->withheld = withheld;
        add_view(all, stored, view, maker->options);
    }
    lead_evidence_free(evidence);
}

static GPtrArray *make_all(Store *store, const GPtrArray *leads, const Maker *maker, GError **error)
{
    const ReleaseOptions *options = maker->options;
    const LeadTelling telling = {options->indicators, options->terms, options->lang};
    g_autoptr(GPtrArray) evidence = lead_evidence_read_all(store, leads, &telling, error);
    if (!evidence)
        return NULL;
    g_ptr_array_set_free_func(evidence, NULL); /* each goes over */
    GPtrArray *all = g_ptr_array_new_with_free_func(made_free);
    for (guint i = 0; i < leads->len; i++) {
        lead_evidence_translate(evidence->pdata[i], options->indicators, options->lang);
        make_views(all, leads->pdata[i], evidence->pdata[i], maker);
    }
    g_ptr_array_sort(all, compare_made);
    return all;
}

/* ---- the log ---------------------------------------------------------------------------- */

/* Through whose hands it went and goes: "ATF>CBSA>RCMP", one way for each origin among what is
 * given. */
static char *ways_of(const ReleaseOptions *options, const GPtrArray *all)
{
    g_autoptr(GPtrArray) ways = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; all && i < all->len; i++) {
        const GPtrArray *records = ((const Made *)all->pdata[i])->view->evidence->records;
        for (guint j = 0; j < records->len; j++) {
            const char *origin = record_get(records->pdata[j], FIELD_ORIGIN);
            gboolean own = !origin || g_strcmp0(origin, options->owner->agency) == 0;
            char *way = g_strdup_printf("%s%s%s>%s", own ? "" : origin, own ? "" : ">",
                                        options->owner->agency ? options->owner->agency : "owner",
                                        options->audience->agency ? options->audience->agency : "");
            if (g_ptr_array_find_with_equal_func(ways, way, g_str_equal, NULL))
                g_free(way);
            else
                g_ptr_array_add(ways, way);
        }
    }
    g_ptr_array_sort(ways, text_compare);
    g_ptr_array_add(ways, NULL);
    return g_strjoinv(",", (char **)ways->pdata);
}

/* all: what goes out; NULL where nothing is said of it. */
static char *log_detail(const ReleaseOptions *options, const GPtrArray *all)
{
    g_autofree char *authority = authority_text(options->authority);
    g_autofree char *ways = ways_of(options, all);
    return g_strdup_printf("run=%s ways=%s authority=[%s]", options->run ? options->run : "", ways,
                           authority);
}

static gboolean log_disclosure(Store *store, const ReleaseOptions *options, const GPtrArray *all,
                               GError **error)
{
    g_autofree char *detail = log_detail(options, all);
    AuditEntry entry = {options->time, AUDIT_DISCLOSE, options->audience->code, detail, "begun"};
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < all->len; i++) {
        const Made *made = all->pdata[i];
        Disclosed *lead = g_new0(Disclosed, 1);
        *lead = (Disclosed){made->view->lead->lead_id, made->stored->lead_id};
        g_ptr_array_add(leads, lead);
    }
    return audit_disclose(store_path(store), &entry, leads, error);
}

gboolean release_done(Store *store, const ReleaseOptions *options, GError **error)
{
    if (!options->audience)
        return TRUE;
    g_autofree char *detail = log_detail(options, NULL);
    AuditEntry entry = {options->time, AUDIT_DISCLOSE, options->audience->code, detail, "done"};
    return audit_read(store_path(store), &entry, error);
}

gboolean release_permitted(Store *store, const ReleaseOptions *options, GError **error)
{
    if (!options->audience || audience_permits(options->audiences, options->audience,
                                               options->owner, options->authority, error))
        return TRUE;
    g_autofree char *detail = log_detail(options, NULL);
    AuditEntry entry = {options->time, AUDIT_DISCLOSE, options->audience->code, detail, "refused"};
    audit_read(store_path(store), &entry, NULL);
    return FALSE;
}

/* ---- what is asked of this room ---------------------------------------------------------- */

gboolean release_leads(Store *store, const ReleaseOptions *options,
                       gboolean (*visit)(const LeadView *view, gpointer data, GError **error),
                       gpointer data, GError **error)
{
    if (!release_permitted(store, options, error))
        return FALSE;
    g_autofree char *salt = store_meta_get(store, "store_id", error);
    const char *day = options->as_of ? options->as_of : "";
    g_auto(Maker) maker = {.options = options,
                           .filter = {.audience = options->audience,
                                      .owner = options->owner,
                                      .day = day,
                                      .indicators = options->indicators,
                                      .salt = salt ? salt : ""}};
    g_autoptr(GPtrArray) leads = salt ? select_leads(store, options, error) : NULL;
    if (!leads || !filter_read(&maker.filter, store, leads, error) ||
        !decided_read(&maker.decided, store, day, error))
        return FALSE;
    g_autoptr(GPtrArray) all = make_all(store, leads, &maker, error);
    if (!all || (options->audience && !log_disclosure(store, options, all, error)))
        return FALSE;
    for (guint i = 0; i < all->len; i++)
        if (!visit(((const Made *)all->pdata[i])->view, data, error))
            return FALSE;
    return TRUE;
}
