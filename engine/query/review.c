/*
 * The queue of `review`: what the run is not sure of and nobody has looked at, most worth first;
 * and the decisions that other front ends send. What rests on a record of a confidential source is
 * not asked: its evidence would tell of it. Nothing is printed here.
 */
#include "engine/query/review.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/query/select.h"
#include "engine/query/why.h"
#include "engine/store/result.h"

#define NO_LEAD "0.1" /* stake of a pair that no lead rests on */

static void item_free(gpointer data)
{
    ReviewItem *item = data;
    g_free(item->left);
    g_free(item->right);
    g_free(item->tier);
    g_free(item->was);
    g_free(item->news);
    g_free(item);
}

#define ROLE_CHARACTERS "'abcdefghijklmnopqrstuvwxyz0123456789'"
#define RECORD_OF(ref)  "rtrim(rtrim(" ref ", " ROLE_CHARACTERS "), ':')"
/* Score of the best lead with one of two records. */
#define STAKE(left, right)                                                                         \
    "ifnull((SELECT max(l.score) FROM lead_record m JOIN lead l ON l.lead_id = m.lead_id"          \
    " WHERE l.live = 1 AND m.record IN (" left ", " right ")), " NO_LEAD ")"

#define NO_SECRET(records)                                                                         \
    " AND NOT EXISTS (SELECT 1 FROM record c WHERE c.confidential_source = 'Y'"                    \
    " AND c.ref IN (" records "))"

/* left, right, tier, probability, stake, evidence; the band of pairs is written in. */
static const char *const SQL[] = {
    [JUDGE_LINK] =
        "SELECT k.\"left\", k.\"right\", k.tier, k.probability,"
        " 4 * k.probability * (1 - k.probability) * " STAKE(
            "k.\"left\"", "k.\"right\"") ", k.evidence_id FROM link k WHERE k.kind = 'serial'"
                                         " AND k.probability BETWEEN %s AND %s" NO_SECRET(
                                             "k.\"left\", k.\"right\""),
    [JUDGE_PERSON] =
        "SELECT k.\"left\", k.\"right\", '', k.probability,"
        " 4 * k.probability * (1 - k.probability) * " STAKE(
            RECORD_OF("k.\"left\""),
            RECORD_OF("k.\"right\"")) ", k.evidence_id FROM link k WHERE k.kind = "
                                      "'person' AND k.probability BETWEEN %s AND %s" NO_SECRET(
                                          RECORD_OF("k.\"left\"") ", " RECORD_OF("k.\"right\"")),
    [JUDGE_LEAD] = ("SELECT lead_id, NULL, kind, score, score, evidence_id FROM lead"
                    " WHERE live = 1 AND %s <= 1 AND %s <= 1" NO_SECRET(
                        "SELECT m.record FROM lead_record m WHERE m.lead_id = lead.lead_id")),
};

static gboolean take_item(sqlite3_stmt *row, gpointer data, GError **error)
{
    (void)error;
    ReviewItem *item = g_new0(ReviewItem, 1);
    item->left = g_strdup((const char *)sqlite3_column_text(row, 0));
    item->right = g_strdup((const char *)sqlite3_column_text(row, 1));
    item->tier = g_strdup((const char *)sqlite3_column_text(row, 2));
    item->probability = sqlite3_column_double(row, 3);
    item->worth = sqlite3_column_double(row, 4);
    item->evidence_id = sqlite3_column_int64(row, 5);
    g_ptr_array_add(data, item);
    return TRUE;
}

/* What was decided about an item, and what is new since. */
static gboolean look_back(Store *store, ReviewItem *item, const char *as_of, GError **error)
{
    GError *problem = NULL;
    g_autofree char *now = NULL;
    g_autoptr(Judgement) was =
        judgement_find(store, item->type, item->left, item->right, as_of, &problem);
    if (was && *was->evidence)
        now = item->type == JUDGE_LEAD
                  ? seen_of_lead(store, item->left, &problem)
                  : seen_of_pair(store, item->type, item->left, item->right, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!was)
        return TRUE;
    g_autofree char *status = judgement_setting(was, "status");
    g_autofree char *day = g_strndup(was->time, 10);
    item->was = g_strdup_printf("%s, %s, %s", status ? status : verdict_name(was->verdict), day,
                                was->actor);
    item->news = now ? seen_news(now, was->evidence) : g_strdup("");
    return TRUE;
}

/* Open: nobody decided, or there is something that nobody saw. A lead that is being worked on
 * comes back only when it was put aside. */
static gboolean is_open(const ReviewItem *item)
{
    if (!item->was)
        return TRUE;
    if (!*item->news)
        return FALSE;
    return item->type != JUDGE_LEAD || g_str_has_prefix(item->was, "dismissed") ||
           g_str_has_prefix(item->was, "closed");
}

static gboolean add_type(Store *store, JudgementType type, const ReviewRequest *request,
                         GPtrArray *items, GError **error)
{
    char from[G_ASCII_DTOSTR_BUF_SIZE], to[G_ASCII_DTOSTR_BUF_SIZE];
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(item_free);
    g_auto(GStrv) parts = g_strsplit(SQL[type], "%s", 3);
    g_autofree char *sql =
        g_strconcat(parts[0], g_ascii_dtostr(from, sizeof from, request->from), parts[1],
                    g_ascii_dtostr(to, sizeof to, request->to), parts[2], NULL);
    if (!select_walk(store, sql, NULL, take_item, found, error))
        return FALSE;
    for (guint i = 0; i < found->len; i++) {
        ReviewItem *item = found->pdata[i];
        item->type = type;
        if (!look_back(store, item, request->as_of, error))
            return FALSE;
        if (request->again || is_open(item))
            g_ptr_array_add(items, g_steal_pointer(&found->pdata[i]));
        else
            g_clear_pointer(&found->pdata[i], item_free);
    }
    g_ptr_array_set_free_func(found, NULL);
    return TRUE;
}

static gint by_worth(gconstpointer a, gconstpointer b)
{
    static const int rank[] = {[JUDGE_LEAD] = 0, [JUDGE_LINK] = 1, [JUDGE_PERSON] = 2};
    const ReviewItem *x = *(const ReviewItem *const *)a, *y = *(const ReviewItem *const *)b;
    if (x->worth != y->worth)
        return x->worth > y->worth ? -1 : 1;
    if (x->type != y->type)
        return rank[x->type] - rank[y->type];
    int order = strcmp(x->left, y->left);
    return order ? order : g_strcmp0(x->right, y->right);
}

GPtrArray *review_items(Store *store, const ReviewRequest *request, GError **error)
{
    gboolean all = !request->links && !request->persons && !request->leads;
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
    if ((all || request->leads) && !add_type(store, JUDGE_LEAD, request, items, error))
        return NULL;
    if ((all || request->links) && !add_type(store, JUDGE_LINK, request, items, error))
        return NULL;
    if ((all || request->persons) && !add_type(store, JUDGE_PERSON, request, items, error))
        return NULL;
    g_ptr_array_sort(items, by_worth);
    if (request->limit && items->len > request->limit)
        g_ptr_array_set_size(items, (gint)request->limit);
    return g_steal_pointer(&items);
}

static const Column columns[] = {
    {"type", COLUMN_OWN}, {"left", COLUMN_DATA},          {"right", COLUMN_DATA},
    {"tier", COLUMN_OWN}, {"probability", COLUMN_NUMBER}, {"worth", COLUMN_NUMBER},
    {"was", COLUMN_DATA}, {"new_since", COLUMN_DATA},     {"evidence", COLUMN_DATA}};

static gboolean send_item(Store *store, const ReviewItem *item, RowSink *sink, GError **error)
{
    g_autoptr(Evidence) evidence = store_get_evidence(store, item->evidence_id, error);
    if (!evidence)
        return FALSE;
    g_autofree char *line = evidence_line(evidence, LANG_EN);
    g_autofree char *probability = text_number(item->probability, 6);
    g_autofree char *worth = text_number(item->worth, 4);
    const char *cells[] = {judgement_type_name(item->type),
                           item->left,
                           item->right,
                           item->tier,
                           probability,
                           worth,
                           item->was,
                           item->news,
                           line};
    return sink->row(sink, cells, error);
}

gboolean review_rows(Store *store, const GPtrArray *items, RowSink *sink, GError **error)
{
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error))
        return FALSE;
    for (guint i = 0; i < items->len; i++)
        if (!send_item(store, items->pdata[i], sink, error))
            return FALSE;
    return sink->end(sink, error);
}

/* ---- decisions -------------------------------------------------------------------------- */

static gboolean take_decision(sqlite3_stmt *row, gpointer data, GError **error)
{
    char **cells = data;
    (void)error;
    for (int i = 0; i < 5; i++)
        cells[i] = g_strdup((const char *)sqlite3_column_text(row, i));
    return TRUE;
}

static gboolean type_parse(const char *word, JudgementType *type)
{
    for (JudgementType t = JUDGE_LINK; t <= JUDGE_LEAD; t++)
        if (g_strcmp0(word, judgement_type_name(t)) == 0) {
            *type = t;
            return TRUE;
        }
    return FALSE;
}

void review_decision_clear(ReviewDecision *decision)
{
    g_free(decision->left);
    g_free(decision->right);
    g_free(decision->decision);
    g_free(decision->reason);
    *decision = (ReviewDecision){0};
}

gboolean review_decision_read(Store *store, const char *line, ReviewDecision *decision,
                              GError **error)
{
    static const char sql[] =
        "SELECT json_extract(?1, '$.left'), json_extract(?1, '$.right'),"
        " json_extract(?1, '$.decision'), json_extract(?1, '$.reason'),"
        " json_extract(?1, '$.type') FROM (SELECT 1) WHERE json_type(?1) = 'object'";
    char *cells[5] = {NULL};
    g_autoptr(GError) problem = NULL;
    gboolean read = select_walk(store, sql, line, take_decision, cells, &problem);
    *decision = (ReviewDecision){JUDGE_LINK, cells[0], cells[1], cells[2], cells[3]};
    gboolean known = type_parse(cells[4], &decision->type);
    g_free(cells[4]);
    if (!read || !cells[0] || !cells[2])
        return error_set(error, STATUS_USAGE,
                         "no decision; write {\"type\": ..., \"left\": ..., \"right\": ...,"
                         " \"decision\": ...}");
    return known || error_set(error, STATUS_USAGE, "unknown type; link, person or lead");
}

typedef struct {
    const char *word;
    Verdict verdict;
    const char *status; /* of a lead */
} DecisionWord;

static const DecisionWord words[] = {
    {"confirm", VERDICT_YES, "confirmed"},
    {"dismiss", VERDICT_NO, "dismissed"},
    {"unsure", VERDICT_UNSURE, "open"},
    {"withdraw", VERDICT_REVOKED, NULL},
};

static gboolean decide_lead(Store *store, const ReviewDecision *decision, const DecisionWord *word,
                            const char *as_of, GError **error)
{
    const LeadSetting set = {.status = word->status, .note = decision->reason};
    return word->status ? judgement_set_lead(store, decision->left, &set, as_of, error)
                        : judgement_withdraw_lead(store, decision->left, as_of, error);
}

/* Is there such a record or mention, of which may be spoken? */
static gboolean is_of_type(Store *store, const ReviewDecision *decision, const char *ref,
                           GError **error)
{
    JudgementType type;
    if (!ref)
        return error_set(error, STATUS_USAGE, "no decision; 'left' and 'right' are needed");
    if (!why_reference(store, ref, &type, error))
        return FALSE;
    return type == decision->type || error_set(error, STATUS_USAGE, "'%s' is of no %s", ref,
                                               judgement_type_name(decision->type));
}

gboolean review_decide(Store *store, const ReviewDecision *decision, const char *as_of,
                       GError **error)
{
    if (strcmp(decision->decision, "skip") == 0)
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(decision->decision, words[i].word) != 0)
            continue;
        if (decision->type == JUDGE_LEAD)
            return decide_lead(store, decision, &words[i], as_of, error);
        const Judgement judgement = {.type = decision->type,
                                     .verdict = words[i].verdict,
                                     .left = decision->left,
                                     .right = decision->right,
                                     .time = (char *)as_of,
                                     .reason = decision->reason};
        return is_of_type(store, decision, decision->left, error) &&
               is_of_type(store, decision, decision->right, error) &&
               judgement_decide(store, &judgement, error);
    }
    return error_set(error, STATUS_USAGE,
                     "unknown decision '%s'; confirm, dismiss, unsure, withdraw, skip",
                     decision->decision);
}
