/*
 * Adds bits: the prior, every indicator, markers, crossings. The second subject of one indicator
 * counts less than the first; what hangs on an uncertain link counts by its probability, what is
 * said of a firearm that never came up in Canada for less, what is said of one firearm among many
 * for little; a family counts no more than its cap, and all that rests on records being one story
 * no more than their joins bear. The only place where evidence of a lead is combined.
 */
#include <math.h>
#include <string.h>

#include "engine/base/message.h"
#include "engine/base/text.h"
#include "engine/base/union.h"
#include "engine/lead/parts.h"

/* The member of a family that stands for crossings. */
#define CROSSING message(MSG_TERM_CROSSING, LANG_EN)

typedef struct {
    Evidence *out;
    const LeadFacts *facts;
    const LeadRules *rules;
    guint firearms;  /* of the group, at least 1 */
    guint8 *canada;  /* by firearm: it came up in Canada */
    guint8 *joined;  /* by firearm: evidence of several records counts it */
    double *crossed; /* by firearm: how surely it crossed */
    guint *event;    /* by firearm: sets of those that came up in one event */
} Score;

static void score_clear(Score *score)
{
    g_free(score->canada);
    g_free(score->joined);
    g_free(score->crossed);
    g_free(score->event);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Score, score_clear)

/* ---- crossings -------------------------------------------------------------------------- */

/* How surely a firearm was bought or stolen in the US and soon came up in Canada with somebody
 * else, or is a ghost gun there; 0 when it was not. */
static double crossing_of(const Score *score, guint firearm)
{
    const LeadPerson *carrier = NULL, *purchaser = NULL;
    double bought = 0, ghost = 0;
    gboolean own = FALSE;
    for (guint i = firearm; score->canada[firearm] && i < score->facts->n; i++) {
        const RecordFact *fact = &score->facts->records[i];
        if (fact->firearm != firearm)
            continue;
        int days = lead_left_market(fact) ? lead_facts_out(score->facts, i) : -1;
        if (days >= 0 && days <= (int)score->rules->crossing_days &&
            !lead_facts_robbed(score->facts, i, score->rules->stolen_days))
            bought = MAX(bought, MIN(fact->reach, fact->dated) *
                                     (fact->bought == DAY_NONE ? score->rules->undated : 1));
        if (fact->ghost)
            ghost = MAX(ghost, fact->reach * score->rules->made);
        carrier = fact->carrier ? fact->carrier : carrier;
        purchaser = fact->purchaser ? fact->purchaser : purchaser;
        own |= carrier && purchaser && strcmp(carrier->entity, purchaser->entity) == 0;
    }
    return own ? ghost : MAX(bought, ghost);
}

/* The number under which a record came up, whoever gave it. */
static const char *case_of(const Record *record)
{
    const char *seizure = record_get(record, FIELD_SEIZURE_NO);
    return seizure ? seizure : record_get(record, FIELD_AGENCY_CASE_NO);
}

/* One case, or one person within a few days: a seizure and a trace of what it held often do not
 * name each other, and are no two events for that. */
static gboolean is_one_event(const RecordFact *a, const RecordFact *b, guint days)
{
    const char *number = case_of(a->record);
    if (number && g_strcmp0(number, case_of(b->record)) == 0)
        return TRUE;
    return a->carrier && b->carrier && a->event != DAY_NONE && b->event != DAY_NONE &&
           strcmp(a->carrier->entity, b->carrier->entity) == 0 &&
           (guint)ABS(a->event - b->event) <= days;
}

static void find_events(Score *score)
{
    const LeadFacts *facts = score->facts;
    score->event = union_new(facts->n);
    for (guint i = 0; i < facts->n; i++)
        for (guint k = i + 1; facts->records[i].canadian && k < facts->n; k++)
            if (facts->records[k].canadian &&
                is_one_event(&facts->records[i], &facts->records[k], score->rules->event_days))
                union_join(score->event, facts->records[i].firearm, facts->records[k].firearm);
}

static void score_init(Score *score, const LeadFacts *facts, const LeadRules *rules)
{
    *score = (Score){.out = evidence_new(), .facts = facts, .rules = rules};
    score->canada = g_new0(guint8, facts->n + 1);
    score->joined = g_new0(guint8, facts->n + 1);
    score->crossed = g_new0(double, facts->n + 1);
    for (guint i = 0; i < facts->n; i++)
        score->canada[facts->records[i].firearm] |= facts->records[i].canadian;
    for (guint i = 0; i < facts->n; i++)
        if (facts->records[i].firearm == i) {
            score->crossed[i] = crossing_of(score, i);
            score->firearms += lead_is_firearm(facts->records[i].record);
        }
    score->firearms = MAX(score->firearms, 1);
    find_events(score);
}

/* Events that firearms make: another one of the same event counts less, it did not come up by
 * itself. weights: by firearm. */
static double events_of(const Score *score, const double *weights)
{
    g_autofree guint *before = g_new0(guint, score->facts->n + 1);
    double sum = 0;
    for (guint i = 0; i < score->facts->n; i++)
        if (weights[i] != 0)
            sum += weights[i] * pow(score->rules->repeat, before[union_root(score->event, i)]++);
    return sum;
}

static const char *family_name(const LeadRules *rules, const char *member)
{
    const LeadFamily *family = lead_family(rules, member);
    return family ? family->name : member;
}

/* Do two records tell of purchases by one buyer, from one dealer (or thefts there), or at one door?
 */
static gboolean is_one_source(const RecordFact *a, const RecordFact *b)
{
    const char *dealer = record_get(a->record, FIELD_RDS_KEY);
    if (a->purchaser && b->purchaser && strcmp(a->purchaser->entity, b->purchaser->entity) == 0)
        return TRUE;
    if (dealer && a->us_stolen == b->us_stolen &&
        g_strcmp0(dealer, record_get(b->record, FIELD_RDS_KEY)) == 0)
        return TRUE;
    const Mention *buyer = record_find_mention(a->record, "purchaser");
    const Mention *other = record_find_mention(b->record, "purchaser");
    return buyer && other && buyer->value[MENTION_ADDRESS_KEY] &&
           g_strcmp0(buyer->value[MENTION_ADDRESS_KEY], other->value[MENTION_ADDRESS_KEY]) == 0;
}

/* By firearm: sets of those that crossed from one source; g_free. */
static guint *find_sources(const Score *score)
{
    const LeadFacts *facts = score->facts;
    guint *source = union_new(facts->n);
    for (guint i = 0; i < facts->n; i++)
        for (guint k = i + 1; lead_left_market(&facts->records[i]) && k < facts->n; k++)
            if (lead_left_market(&facts->records[k]) &&
                is_one_source(&facts->records[i], &facts->records[k]))
                union_join(source, facts->records[i].firearm, facts->records[k].firearm);
    return source;
}

/* How much each crossing counts: in full what came from where most of them came from, or was made
 * at home; the rest is what somebody has who buys on the street. By firearm; g_free. */
static double *weigh_crossings(const Score *score)
{
    const LeadFacts *facts = score->facts;
    g_autofree guint *source = find_sources(score);
    g_autofree double *mass = g_new0(double, facts->n + 1);
    g_autofree guint8 *bought = g_new0(guint8, facts->n + 1);
    double *weights = g_new0(double, facts->n + 1);
    guint most = 0;
    for (guint i = 0; i < facts->n; i++) {
        bought[facts->records[i].firearm] |= lead_left_market(&facts->records[i]);
        mass[union_root(source, i)] += score->crossed[i];
    }
    for (guint i = 0; i < facts->n; i++)
        most = mass[i] > mass[most] ? i : most;
    for (guint i = 0; i < facts->n; i++) {
        gboolean full = !bought[i] || union_root(source, i) == most;
        weights[i] = score->crossed[i] * (full ? 1 : score->rules->street);
    }
    return weights;
}

static void add_crossings(Score *score)
{
    g_autofree double *weights = weigh_crossings(score);
    double events = events_of(score, weights);
    guint firearms = 0;
    for (guint i = 0; i < score->facts->n; i++)
        firearms += score->crossed[i] > 0;
    if (events <= 1)
        return;
    g_autofree char *level = g_strdup_printf("x%u", firearms);
    evidence_add(score->out, family_name(score->rules, CROSSING), CROSSING, level,
                 message(MSG_TERM_CROSSED, LANG_EN), NULL, (events - 1) * score->rules->crossing);
}

/* What rests on one join is one coincidence, however many indicators see it. */
static void cap_joined(Score *score)
{
    g_autofree double *weights = g_new0(double, score->facts->n + 1);
    for (guint i = 0; i < score->facts->n; i++)
        weights[i] = score->joined[i] ? 1 : score->crossed[i];
    double joins = MAX(events_of(score, weights) - 1, 0);
    evidence_cap(score->out, family_name(score->rules, CROSSING), joins * score->rules->join);
}

/* ---- indicators and markers ------------------------------------------------------------- */

/* One subject of one indicator. */
typedef struct {
    const LeadIndicator *best; /* row with the largest bits */
    double weighted;           /* bits times how surely they belong here */
    double weight;
} Subject;

/* Marks the firearms of a subject's rows; returns how many. */
static guint mark_firearms(const Score *score, LeadIndicator *const *rows, guint n, guint8 *marks)
{
    guint marked = 0;
    for (guint i = 0; i < n; i++) {
        int index = lead_facts_find(score->facts, rows[i]->record);
        if (index < 0)
            continue;
        guint firearm = score->facts->records[index].firearm;
        marked += !marks[firearm];
        marks[firearm] = 1;
    }
    return marked;
}

/* Mean share of the subject's records: how surely they hang together with the Canadian evidence,
 * and less where their firearm never came up there. */
static double weight_of(const Score *score, LeadIndicator *const *rows, guint n)
{
    double sum = 0;
    guint counted = 0;
    for (guint i = 0; i < n; i++) {
        int index = lead_facts_find(score->facts, rows[i]->record);
        if (index < 0)
            continue;
        const RecordFact *fact = &score->facts->records[index];
        sum += fact->reach * (score->canada[fact->firearm] ? 1 : score->rules->home);
        counted++;
    }
    return counted ? sum / counted : 1;
}

/* Weight 0 where an indicator that speaks of several firearms has but one of them here. */
static Subject subject_of(Score *score, LeadIndicator *const *rows, guint n, gboolean several)
{
    Subject subject = {rows[0], 0, weight_of(score, rows, n)};
    if (several) {
        g_autofree guint8 *marks = g_new0(guint8, score->facts->n + 1);
        if (mark_firearms(score, rows, n, marks) < 2)
            subject.weight = 0;
        else
            mark_firearms(score, rows, n, score->joined);
    }
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

gboolean lead_is_hit(const Term *term)
{
    return g_str_has_prefix(term->level, "hit");
}

/* What is said of few firearms of many is what may be said of any crowd. */
static double share_of(const Score *score, guint firearms)
{
    return MIN(1, firearms / (score->rules->common * score->firearms));
}

/* Rows of one indicator, sorted by subject -> one term. */
static void add_indicator(Score *score, LeadIndicator *const *rows, guint n)
{
    g_autoptr(GArray) subjects = g_array_new(FALSE, FALSE, sizeof(Subject));
    g_autofree guint8 *marks = g_new0(guint8, score->facts->n + 1);
    gboolean several = word_in(score->rules->several, rows[0]->indicator);
    for (guint i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(rows[end]->subject, rows[i]->subject) == 0;)
            end++;
        Subject subject = subject_of(score, rows + i, end - i, several);
        if (subject.weight > 0)
            g_array_append_val(subjects, subject);
    }
    if (!subjects->len)
        return;
    g_array_sort(subjects, compare_subjects);
    double bits = 0, share = several ? 1 : share_of(score, mark_firearms(score, rows, n, marks));
    const Subject *first = &g_array_index(subjects, Subject, 0);
    g_autofree char *level = level_of(subjects->len, first->weight * share);
    for (guint i = 0; i < subjects->len; i++, share *= score->rules->repeat)
        bits += share * g_array_index(subjects, Subject, i).weighted;
    evidence_add(score->out, family_name(score->rules, rows[0]->indicator), rows[0]->indicator,
                 level, first->best->explanation, NULL, bits);
}

static void add_indicators(Score *score, const LeadEvidence *evidence)
{
    LeadIndicator **rows = (LeadIndicator **)evidence->indicators->pdata;
    guint n = evidence->indicators->len;
    for (guint i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(rows[end]->indicator, rows[i]->indicator) == 0;)
            end++;
        add_indicator(score, rows + i, end - i);
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

/* Firearms of the markers from one on that are of its category. */
static guint count_marked(const Score *score, const GPtrArray *markers, guint start)
{
    g_autofree guint8 *marks = g_new0(guint8, score->facts->n + 1);
    const char *category = ((const LeadMarker *)markers->pdata[start])->category;
    guint marked = 0;
    for (guint i = start; i < markers->len; i++) {
        const LeadMarker *marker = markers->pdata[i];
        int index = lead_facts_find(score->facts, marker->record);
        if (strcmp(marker->category, category) != 0)
            break;
        if (index < 0 || marks[score->facts->records[index].firearm])
            continue;
        marks[score->facts->records[index].firearm] = 1;
        marked++;
    }
    return marked;
}

/* The strongest marker of each category. */
static void add_markers(Score *score, const LeadEvidence *evidence)
{
    g_autoptr(GPtrArray) markers = g_ptr_array_new();
    g_ptr_array_extend(markers, evidence->markers, NULL, NULL);
    g_ptr_array_sort(markers, compare_markers);
    const char *done = "";
    for (guint i = 0; i < markers->len; i++) {
        const LeadMarker *marker = markers->pdata[i];
        int index = lead_facts_find(score->facts, marker->record);
        double bits = lead_marker_bits(score->rules, marker->category);
        if (strcmp(done, marker->category) == 0 || bits == 0 || index < 0)
            continue;
        done = marker->category;
        evidence_add(score->out, family_name(score->rules, marker->category), marker->category,
                     "marker", marker->excerpt, NULL,
                     bits * marker->probability * score->facts->records[index].reach *
                         share_of(score, count_marked(score, markers, i)));
    }
}

static void cap_families(Score *score)
{
    for (guint i = 0; i < score->rules->families->len; i++) {
        const LeadFamily *family = score->rules->families->pdata[i];
        evidence_cap(score->out, family->name, family->cap);
    }
    for (guint i = 0; i < evidence_count(score->out); i++) {
        const Term *term = evidence_term(score->out, i);
        if (strcmp(term->family, term->field) == 0)
            evidence_cap(score->out, term->family, score->rules->other_cap);
    }
    cap_joined(score);
}

Evidence *lead_score(const LeadEvidence *evidence, const LeadFacts *facts, const LeadRules *rules,
                     double *support)
{
    g_auto(Score) score;
    score_init(&score, facts, rules);
    evidence_add(score.out, "prior", "prior", "", NULL, NULL, rules->prior);
    add_indicators(&score, evidence);
    guint indicators = evidence_count(score.out);
    add_markers(&score, evidence);
    add_crossings(&score);
    cap_families(&score);
    *support = 0;
    for (guint i = 1; i < indicators; i++)
        *support += evidence_term(score.out, i)->counted;
    return score.out;
}
