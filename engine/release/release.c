/*
 * Leads for one reader: evidence is filtered, what remains gets its place in the report by a first
 * look; by a second, in that order, leads are built of it, handed on and forgotten. A disclosure is
 * entered in the log before the first of them.
 */
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/release/parts.h"

#define RUN_DIGITS 16

/* Where a view stands in the report, what it is made of, and the id that its reader knows it by. */
typedef struct {
    const StoredLead *stored;
    char *lead_id;
    double score;
    int priority;
    guint part; /* of what the filter leaves of the lead */
} Rank;

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

static void rank_free(gpointer data)
{
    Rank *rank = data;
    g_free(rank->lead_id);
    g_free(rank);
}

/* What views are made with. */
typedef struct {
    const ReleaseOptions *options;
    Filter filter;
    Decided decided;
    GPtrArray *leads;    /* of StoredLead: those that are asked for */
    GPtrArray *ranks;    /* of Rank: all views, in report order when all are there */
    GHashTable *origins; /* of records of theirs, as a set; "": the owner's own */
    gboolean (*visit)(const LeadView *view, gpointer data, GError **error);
    gpointer data;
} Maker;

static void maker_clear(Maker *maker)
{
    filter_clear(&maker->filter);
    decided_clear(&maker->decided);
    g_clear_pointer(&maker->leads, g_ptr_array_unref);
    g_ptr_array_unref(maker->ranks);
    g_hash_table_unref(maker->origins);
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

static gboolean is_told(const ReleaseOptions *options)
{
    return !options->audience || options->audience->part[PART_STATUS] == ACT_SHOW;
}

/* Takes over the evidence; NULL when it makes no lead (any more). */
static LeadView *view_new(const StoredLead *stored, LeadEvidence *evidence, const Maker *maker)
{
    const ReleaseOptions *options = maker->options;
    const Audience *audience = options->audience;
    gboolean told = is_told(options);
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

/* ---- their order ------------------------------------------------------------------------- */

/* Report order: priority, score falling, lead_id. */
static gint compare_ranks(gconstpointer a, gconstpointer b)
{
    const Rank *left = *(Rank *const *)a, *right = *(Rank *const *)b;
    if (left->priority != right->priority)
        return left->priority - right->priority;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return strcmp(left->lead_id, right->lead_id);
}

static void note_origins(Maker *maker, const LeadEvidence *evidence)
{
    for (guint i = 0; i < evidence->records->len; i++) {
        const char *origin = record_get(evidence->records->pdata[i], FIELD_ORIGIN);
        gboolean own = !origin || g_strcmp0(origin, maker->options->owner->agency) == 0;
        const char *from = own ? "" : origin;
        if (!g_hash_table_contains(maker->origins, from))
            g_hash_table_add(maker->origins, g_strdup(from));
    }
}

/* Gives a part of a lead its place, unless its reader is not to have it. */
static void rank_part(Maker *maker, const StoredLead *stored, const LeadEvidence *evidence,
                      guint part)
{
    const ReleaseOptions *options = maker->options;
    g_autoptr(Lead) lead = lead_rank(evidence, options->rules, options->codes, options->as_of);
    LeadView view = {.lead = lead, .evidence = (LeadEvidence *)evidence};
    if (!lead || !decided_status(&maker->decided, &view, stored->status, is_told(options)) ||
        lead->score < options->min_score)
        return;
    Rank *rank = g_new0(Rank, 1);
    *rank = (Rank){stored, g_steal_pointer(&lead->lead_id), lead->score, lead->priority, part};
    g_ptr_array_add(maker->ranks, rank);
    if (options->audience)
        note_origins(maker, evidence);
}

static gboolean rank_lot(Lot *lot, guint from, guint to, gpointer data, GError **error)
{
    Maker *maker = data;
    (void)error;
    for (guint i = from; i < to; i++) {
        const StoredLead *stored = maker->leads->pdata[i];
        const LeadEvidence *evidence = lot_evidence(lot, stored);
        gboolean withheld = FALSE;
        if (filter_is_open(&maker->filter)) {
            rank_part(maker, stored, evidence, 0);
            continue;
        }
        g_autoptr(GPtrArray) parts = filter_evidence(&maker->filter, evidence, &withheld);
        for (guint part = 0; part < parts->len; part++)
            rank_part(maker, stored, parts->pdata[part], part);
    }
    return TRUE;
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

/* What the filter leaves of a lead, that part alone; the lot's own where nothing is withheld. */
static LeadEvidence *part_of(Lot *lot, const Rank *rank, const Filter *filter, gboolean *withheld)
{
    if (filter_is_open(filter))
        return lot_take(lot, rank->stored);
    g_autoptr(GPtrArray) parts = filter_evidence(filter, lot_evidence(lot, rank->stored), withheld);
    LeadEvidence *part = parts->pdata[rank->part];
    parts->pdata[rank->part] = NULL;
    return part;
}

static gboolean tell_lot(Lot *lot, guint from, guint to, gpointer data, GError **error)
{
    Maker *maker = data;
    for (guint i = from; i < to; i++) {
        const Rank *rank = maker->ranks->pdata[i];
        gboolean withheld = FALSE;
        LeadEvidence *evidence = part_of(lot, rank, &maker->filter, &withheld);
        g_autoptr(LeadView) view = view_new(rank->stored, evidence, maker);
        if (!view)
            return error_set(error, STATUS_INTERNAL, "lead '%s' changed while it was told",
                             rank->lead_id);
        view->withheld = withheld;
        if (!maker->visit(view, maker->data, error))
            return FALSE;
    }
    return TRUE;
}

/* By their first records, which lie beside each other in the store then. */
static gint compare_places(gconstpointer a, gconstpointer b)
{
    const GPtrArray *left = (*(StoredLead *const *)a)->records;
    const GPtrArray *right = (*(StoredLead *const *)b)->records;
    return left->len && right->len ? strcmp(left->pdata[0], right->pdata[0])
                                   : (int)(right->len != 0) - (int)(left->len != 0);
}

/* Gives every view its place, by a first look at the evidence. */
static gboolean rank_all(Maker *maker, Lots *lots, GError **error)
{
    g_ptr_array_sort(maker->leads, compare_places);
    if (!lots_visit(lots, maker->leads, TRUE, rank_lot, maker, error))
        return FALSE;
    g_ptr_array_sort(maker->ranks, compare_ranks);
    return TRUE;
}

/* Shows them, by a second look. A visitor that has seen enough sets no error. */
static gboolean tell_all(Maker *maker, Lots *lots, GError **error)
{
    g_autoptr(GPtrArray) order = g_ptr_array_sized_new(maker->ranks->len);
    GError *problem = NULL;
    for (guint i = 0; i < maker->ranks->len; i++)
        g_ptr_array_add(order, (gpointer)((const Rank *)maker->ranks->pdata[i])->stored);
    lots_visit(lots, order, FALSE, tell_lot, maker, &problem);
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

/* ---- the log ---------------------------------------------------------------------------- */

/* Through whose hands it went and goes: "ATF>CBSA>RCMP", one way for each origin among what is
 * given. */
static char *ways_of(const ReleaseOptions *options, GHashTable *origins)
{
    const char *owner = options->owner->agency ? options->owner->agency : "owner";
    const char *to = options->audience->agency ? options->audience->agency : "";
    g_autoptr(GPtrArray) ways = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer origin;
    g_hash_table_iter_init(&iter, origins);
    while (g_hash_table_iter_next(&iter, &origin, NULL))
        g_ptr_array_add(
            ways, g_strconcat(origin, *(const char *)origin ? ">" : "", owner, ">", to, NULL));
    g_ptr_array_sort(ways, text_compare);
    g_ptr_array_add(ways, NULL);
    return g_strjoinv(",", (char **)ways->pdata);
}

/* origins: of what goes out; NULL where nothing is said of it. */
static char *log_detail(const ReleaseOptions *options, GHashTable *origins)
{
    g_autofree char *authority = authority_text(options->authority);
    g_autofree char *ways = origins ? ways_of(options, origins) : g_strdup("");
    return g_strdup_printf("run=%s ways=%s authority=[%s]", options->run ? options->run : "", ways,
                           authority);
}

static gboolean log_disclosure(Store *store, const Maker *maker, GError **error)
{
    const ReleaseOptions *options = maker->options;
    g_autofree char *detail = log_detail(options, maker->origins);
    AuditEntry entry = {options->time, AUDIT_DISCLOSE, options->audience->code, detail, "begun"};
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < maker->ranks->len; i++) {
        const Rank *rank = maker->ranks->pdata[i];
        Disclosed *lead = g_new0(Disclosed, 1);
        *lead = (Disclosed){rank->lead_id, rank->stored->lead_id};
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

static void maker_init(Maker *maker, const ReleaseOptions *options, const char *salt)
{
    *maker = (Maker){.options = options,
                     .filter = {.audience = options->audience,
                                .owner = options->owner,
                                .day = options->as_of ? options->as_of : "",
                                .indicators = options->indicators,
                                .salt = salt ? salt : ""},
                     .ranks = g_ptr_array_new_with_free_func(rank_free),
                     .origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

gboolean release_leads(Store *store, const ReleaseOptions *options,
                       gboolean (*visit)(const LeadView *view, gpointer data, GError **error),
                       gpointer data, GError **error)
{
    if (!release_permitted(store, options, error))
        return FALSE;
    g_autofree char *salt = store_meta_get(store, "store_id", error);
    g_auto(Maker) maker;
    maker_init(&maker, options, salt);
    maker.visit = visit;
    maker.data = data;
    maker.leads = salt ? select_leads(store, options, error) : NULL;
    if (!maker.leads || !filter_read(&maker.filter, store, maker.leads, error) ||
        !decided_read(&maker.decided, store, maker.filter.day, error))
        return FALSE;
    g_autoptr(Lots) lots = lots_new(store, options, maker.leads);
    return rank_all(&maker, lots, error) &&
           (!options->audience || log_disclosure(store, &maker, error)) &&
           tell_all(&maker, lots, error);
}
