/*
 * `why A B`, the asking: what the run stored of a pair, what people decided about it, what stands
 * in its way and what else explains it. How it is said: why_text.c.
 */
#include <math.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/link/link.h"
#include "engine/query/marking.h"
#include "engine/query/select.h"
#include "engine/query/why_parts.h"
#include "engine/store/result.h"
#include "engine/store/runs.h"

#define HOPS_MAX     12           /* links of one firearm or person, one after the other */
#define SAME         SAME_FIREARM /* a link of persons holds from there on too */
#define RIVAL_COLUMN 7            /* of LINKS_SQL */

static void weighed_clear(WhyWeighed *weighed)
{
    g_free(weighed->nearest[LANG_EN]);
    g_free(weighed->nearest[LANG_FR]);
    g_free(weighed->tier);
    evidence_free(weighed->evidence);
}

void why_free(Why *why)
{
    if (!why)
        return;
    g_free(why->left);
    g_free(why->right);
    g_free(why->handling[0]);
    g_free(why->handling[1]);
    g_free(why->rival);
    g_free(why->rival_item);
    g_free(why->news);
    weighed_clear(&why->weighed);
    judgement_free(why->judgement);
    if (why->path)
        g_ptr_array_unref(why->path);
    g_free(why);
}

gboolean why_reference(Store *store, const char *ref, JudgementType *type, GError **error)
{
    gboolean mention = FALSE;
    g_autoptr(Record) record = query_record(store, ref, &mention, error);
    *type = mention ? JUDGE_PERSON : JUDGE_LINK;
    return record != NULL;
}

/* ---- what the run stored ---------------------------------------------------------------- */

/* The links of one side of a pair: its own link, and the best of the others. */
typedef struct {
    Why *why;
    const char *other; /* the other side */
    gint64 evidence_id;
} Links;

static void take_own(Links *links, sqlite3_stmt *row)
{
    Why *why = links->why;
    why->stored = TRUE;
    g_free(why->weighed.tier);
    why->weighed.tier = g_strdup((const char *)sqlite3_column_text(row, 2));
    why->bits = sqlite3_column_double(row, 3);
    why->probability = sqlite3_column_double(row, 4);
    why->weighed.chance = sqlite3_column_double(row, 5);
    why->turned = strcmp((const char *)sqlite3_column_text(row, 0), why->left) != 0;
    links->evidence_id = sqlite3_column_int64(row, 6);
}

/* Another item of the seizure that one side is an item of? */
static gboolean is_item_beside(const Why *why, const char *ref)
{
    const char *stroke = strrchr(ref, '/');
    gsize length = stroke ? (gsize)(stroke - ref) + 1 : 0;
    return length && strcmp(why->left, ref) != 0 && strcmp(why->right, ref) != 0 &&
           (strncmp(why->left, ref, length) == 0 || strncmp(why->right, ref, length) == 0);
}

static gboolean take_link(sqlite3_stmt *row, gpointer data, GError **error)
{
    Links *links = data;
    Why *why = links->why;
    const char *left = (const char *)sqlite3_column_text(row, 0);
    const char *right = (const char *)sqlite3_column_text(row, 1);
    double probability = sqlite3_column_double(row, 4);
    (void)error;
    if (strcmp(left, links->other) == 0 || strcmp(right, links->other) == 0) {
        take_own(links, row);
        return TRUE;
    }
    if (!sqlite3_column_int(row, RIVAL_COLUMN) ||
        (why->rival && probability <= why->rival_probability))
        return TRUE;
    g_free(why->rival);
    g_free(why->rival_item);
    why->rival = g_strdup_printf("%s = %s", left, right);
    why->rival_item = g_strdup(is_item_beside(why, left) ? left : NULL);
    why->rival_probability = probability;
    return TRUE;
}

/* The last column: may it be a rival? What a seizure and a trace are together excludes others;
 * what two traces are together does not; what two mentions are only where the run says so. A record
 * of a confidential source is named to nobody. */
#define MAY_BE_RIVAL                                                                               \
    "\"left\" GLOB 'cbsa-seizure:*' AND NOT " IS_CONFIDENTIAL(                                     \
        "\"left\"") " AND NOT " IS_CONFIDENTIAL("\"right\"")

static const char *const LINKS_SQL[] = {
    [JUDGE_LINK] = "SELECT \"left\", \"right\", tier, bits, probability, chance_matches,"
                   " evidence_id, " MAY_BE_RIVAL " FROM link"
                   " WHERE (\"left\" = ?1 OR \"right\" = ?1)"
                   " AND kind = 'serial' ORDER BY 1, 2",
    [JUDGE_PERSON] =
        "SELECT \"left\", \"right\", tier, bits, probability, chance_matches,"
        " evidence_id, NOT " IS_CONFIDENTIAL(RECORD_OF("\"left\"")) " AND NOT " IS_CONFIDENTIAL(
            RECORD_OF("\"right\"")) " FROM link WHERE (\"left\" = ?1 OR \"right\" = ?1)"
                                    " AND kind = 'person' ORDER BY 1, 2",
};

/* Told in the order of the evidence. */
static void turn(Why *why)
{
    char *left = why->left;
    why->left = why->right;
    why->right = left;
}

static gboolean read_links(Store *store, Why *why, GError **error)
{
    Links links = {why, why->right, 0};
    if (!select_walk(store, LINKS_SQL[why->type], why->left, take_link, &links, error))
        return FALSE;
    links.other = why->left;
    if (!select_walk(store, LINKS_SQL[why->type], why->right, take_link, &links, error))
        return FALSE;
    if (why->turned)
        turn(why);
    if (links.evidence_id)
        why->weighed.evidence = store_get_evidence(store, links.evidence_id, error);
    return !links.evidence_id || why->weighed.evidence;
}

static gboolean take_text(sqlite3_stmt *row, gpointer data, GError **error)
{
    (void)error;
    g_ptr_array_add(data, g_strdup((const char *)sqlite3_column_text(row, 0)));
    return TRUE;
}

static GPtrArray *texts(Store *store, const char *sql, const char *parameter, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    return select_walk(store, sql, parameter, take_text, found, error) ? g_steal_pointer(&found)
                                                                       : NULL;
}

static const char *const GROUP_SQL[] = {
    [JUDGE_LINK] = "SELECT firearm FROM firearms WHERE record = ?1",
    [JUDGE_PERSON] = "SELECT p.entity FROM record r JOIN person p ON p.record_id = r.record_id"
                     " WHERE r.ref = " RECORD_OF("?1") " AND p.role = " ROLE_OF("?1"),
};

/* Firearm or person of both sides: the same? */
static gboolean read_groups(Store *store, Why *why, GError **error)
{
    g_autoptr(GPtrArray) left = texts(store, GROUP_SQL[why->type], why->left, error);
    g_autoptr(GPtrArray) right =
        left ? texts(store, GROUP_SQL[why->type], why->right, error) : NULL;
    if (!right)
        return FALSE;
    why->same = left->len && right->len && strcmp(left->pdata[0], right->pdata[0]) == 0;
    return TRUE;
}

/* ---- by way of others ------------------------------------------------------------------- */

static const char *const NEXT_SQL[] = {
    [JUDGE_LINK] = "SELECT CASE \"left\" WHEN ?1 THEN \"right\" ELSE \"left\" END FROM link WHERE"
                   " (\"left\" = ?1 OR \"right\" = ?1) AND kind = 'serial'"
                   " AND probability >= " G_STRINGIFY(SAME) " ORDER BY 1",
    [JUDGE_PERSON] = "SELECT CASE \"left\" WHEN ?1 THEN \"right\" ELSE \"left\" END FROM link WHERE"
                     " (\"left\" = ?1 OR \"right\" = ?1) AND kind = 'person'"
                     " AND probability >= " G_STRINGIFY(SAME) " ORDER BY 1",
};

static void write_path(Why *why, GHashTable *from)
{
    why->path = g_ptr_array_new_with_free_func(g_free);
    for (const char *at = why->right; at; at = g_hash_table_lookup(from, at))
        g_ptr_array_insert(why->path, 0, g_strdup(at));
}

/* One step further from each of a front; what was reached already is left out. */
static GPtrArray *step(Store *store, const Why *why, const GPtrArray *front, GHashTable *from,
                       GError **error)
{
    g_autoptr(GPtrArray) next = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < front->len; i++) {
        g_autoptr(GPtrArray) found = texts(store, NEXT_SQL[why->type], front->pdata[i], error);
        if (!found)
            return NULL;
        for (guint k = 0; k < found->len; k++)
            if (!g_hash_table_contains(from, found->pdata[k])) {
                g_hash_table_insert(from, g_strdup(found->pdata[k]), g_strdup(front->pdata[i]));
                g_ptr_array_add(next, g_strdup(found->pdata[k]));
            }
    }
    return g_steal_pointer(&next);
}

/* The shortest way from left to right over accepted links, ties by reference. */
static gboolean find_path(Store *store, Why *why, GError **error)
{
    g_autoptr(GHashTable) from = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GPtrArray *front = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(from, g_strdup(why->left), NULL);
    g_ptr_array_add(front, g_strdup(why->left));
    for (guint hop = 0; front && front->len && hop < HOPS_MAX; hop++) {
        GPtrArray *next = step(store, why, front, from, error);
        g_ptr_array_unref(front);
        front = next;
        if (front && g_hash_table_contains(from, why->right)) {
            write_path(why, from);
            break;
        }
    }
    gboolean ok = front != NULL;
    g_clear_pointer(&front, g_ptr_array_unref);
    return ok;
}

/* ---- the answer ------------------------------------------------------------------------- */

/* What people decided, and what is new since. */
static gboolean read_judgement(Store *store, Why *why, const char *as_of, GError **error)
{
    GError *problem = NULL;
    why->judgement = judgement_find(store, why->type, why->left, why->right, as_of, &problem);
    if (why->judgement && *why->judgement->evidence) {
        g_autofree char *now = seen_of_pair(store, why->type, why->left, why->right, &problem);
        why->news = now ? seen_news(now, why->judgement->evidence) : NULL;
    }
    if (!problem)
        return TRUE;
    g_propagate_error(error, problem);
    return FALSE;
}

static WhyReason reason_of(const Why *why)
{
    const Judgement *judgement = why->judgement;
    gboolean decided = judgement && judgement->verdict <= VERDICT_NO;
    gboolean lapsed = decided && judgement->verdict == VERDICT_NO && why->type == JUDGE_LINK &&
                      why->news && *why->news;
    if (decided && !lapsed && (judgement->verdict == VERDICT_YES) == why->same)
        return judgement->verdict == VERDICT_YES ? REASON_CONFIRMED : REASON_DISMISSED;
    if (why->same)
        return why->stored && why->probability >= SAME ? REASON_LINKED : REASON_BY_WAY;
    if (why->weighed.obstacle != WHY_WEIGHED)
        return REASON_OBSTACLE;
    if (why->rival)
        return why->type == JUDGE_LINK ? REASON_RIVAL : REASON_NAMESAKES;
    return why->probability < SAME ? REASON_BELOW : REASON_OTHERS;
}

static gboolean weigh_anew(Store *store, Why *why, WhyWeigh weigh, gpointer data, GError **error)
{
    g_clear_pointer(&why->weighed.evidence, evidence_free);
    g_clear_pointer(&why->weighed.tier, g_free);
    why->weighed = (WhyWeighed){.obstacle = WHY_WEIGHED};
    if (!weigh(store, why->type, why->left, why->right, &why->weighed, data, error))
        return FALSE;
    if (why->weighed.turned)
        turn(why);
    why->bits = why->weighed.bits;
    why->probability = bits_to_probability(why->bits + why->weighed.prior);
    return TRUE;
}

static gboolean ask(Store *store, Why *why, const char *as_of, GError **error)
{
    g_auto(StoreRun) run = {0};
    GError *problem = NULL;
    if (!store_last_run(store, &run, &problem)) {
        if (problem)
            g_propagate_error(error, problem);
        return problem ? FALSE
                       : error_set(error, STATUS_NO_INPUT,
                                   "nothing was correlated yet; run 'crosstrace correlate' first");
    }
    return read_links(store, why, error) && read_groups(store, why, error) &&
           read_judgement(store, why, as_of, error);
}

/* Did the run share odds between two people whom a mention without a birth date fits? */
static gboolean has_namesakes(const Why *why)
{
    const Evidence *evidence = why->weighed.evidence;
    for (guint i = 0; why->stored && evidence && i < evidence_count(evidence); i++)
        if (strcmp(evidence_term(evidence, i)->family, "limit") == 0 &&
            strcmp(evidence_term(evidence, i)->level, "rival") == 0)
            return TRUE;
    return FALSE;
}

/* A pair that the run did not keep has no number that others took part in: against a link that
 * holds, what it would be worth alone is no argument. */
static gboolean is_likelier(const Why *why)
{
    if (why->type == JUDGE_PERSON)
        return !why->same && has_namesakes(why);
    return !why->same && (why->rival_probability > why->probability ||
                          (!why->stored && why->rival_probability >= SAME));
}

/* What keeps two people apart whose pair the run kept, and whose numbers are those of the run. */
static gboolean seek_obstacle(Store *store, Why *why, WhyWeigh weigh, gpointer data, GError **error)
{
    WhyWeighed anew = {0};
    gboolean weighed = weigh(store, why->type, why->left, why->right, &anew, data, error);
    if (weighed && anew.obstacle >= WHY_CONFLICT) {
        why->weighed.obstacle = anew.obstacle;
        for (Lang lang = LANG_EN; lang <= LANG_FR; lang++)
            why->weighed.nearest[lang] = g_steal_pointer(&anew.nearest[lang]);
    }
    weighed_clear(&anew);
    return weighed;
}

static gboolean explain(Store *store, Why *why, WhyWeigh weigh, gpointer data, GError **error)
{
    /* where people decided, the run weighed nothing */
    const Evidence *evidence = why->weighed.evidence;
    if (evidence && evidence_count(evidence) == 1 &&
        strcmp(evidence_term(evidence, 0)->family, "decision") == 0)
        why->stored = FALSE;
    if (!why->stored && !weigh_anew(store, why, weigh, data, error))
        return FALSE;
    if (why->type == JUDGE_PERSON && why->stored && !why->same &&
        !seek_obstacle(store, why, weigh, data, error))
        return FALSE;
    if (why->same && (!why->stored || why->probability < SAME) && !find_path(store, why, error))
        return FALSE;
    if (why->rival && !is_likelier(why))
        g_clear_pointer(&why->rival, g_free);
    if (why->path && why->path->len < 3) /* nobody stands between */
        g_clear_pointer(&why->path, g_ptr_array_unref);
    why->reason = reason_of(why);
    return TRUE;
}

/* One side of what is asked. */
typedef struct {
    Record *record;
    gboolean mention;
} Side;

static void side_clear(Side *side)
{
    record_free(side->record);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Side, side_clear)

/* A record in which nothing but one person stands is asked about as that person, and so is one with
 * one person that is held against a mention. */
static char *side_reference(const Side *side, const Side *other, const char *ref)
{
    const GPtrArray *mentions = side->record->mentions;
    gboolean person = strcmp(side->record->kind, "person") == 0 || other->mention;
    return !side->mention && person && mentions->len == 1
               ? mention_ref(side->record, mentions->pdata[0])
               : g_strdup(ref);
}

static gboolean refuse_two_kinds(const Side *side, const char *refs[2], GError **error)
{
    g_autoptr(GString) persons = g_string_new(NULL);
    const Record *record = side[side[0].mention ? 1 : 0].record;
    for (guint i = 0; i < record->mentions->len; i++) {
        g_autofree char *ref = mention_ref(record, record->mentions->pdata[i]);
        g_string_append_printf(persons, "%s %s", i ? "," : "; its persons are", ref);
    }
    return error_set(error, STATUS_USAGE, "cannot compare a record with a person, '%s' and '%s'%s",
                     refs[0], refs[1], persons->str);
}

/* Reads the two records; what each is asked about as goes to left and right. */
static gboolean read_sides(Store *store, Why *why, const char *refs[2], GError **error)
{
    g_auto(Side) left = {0}, right = {0};
    Side *side[2] = {&left, &right};
    for (guint i = 0; i < 2; i++) {
        side[i]->record = query_record(store, refs[i], &side[i]->mention, error);
        if (!side[i]->record)
            return FALSE;
        why->handling[i] = g_strdup(record_get(side[i]->record, FIELD_HANDLING));
    }
    why->left = side_reference(&left, &right, refs[0]);
    why->right = side_reference(&right, &left, refs[1]);
    left.mention |= strcmp(why->left, refs[0]) != 0;
    right.mention |= strcmp(why->right, refs[1]) != 0;
    if (left.mention != right.mention)
        return refuse_two_kinds((Side[]){left, right}, refs, error);
    why->type = left.mention ? JUDGE_PERSON : JUDGE_LINK;
    return strcmp(why->left, why->right) != 0 ||
           error_set(error, STATUS_USAGE, "cannot compare '%s' with itself", refs[0]);
}

Why *why_ask(Store *store, const char *refs[2], const char *as_of, WhyWeigh weigh, gpointer data,
             GError **error)
{
    g_autoptr(Why) why = g_new0(Why, 1);
    if (!read_sides(store, why, refs, error) || !ask(store, why, as_of, error) ||
        !explain(store, why, weigh, data, error))
        return NULL;
    return g_steal_pointer(&why);
}

const char *const *why_handlings(const Why *why)
{
    return (const char *const *)why->handling;
}
