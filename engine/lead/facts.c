/*
 * Facts of a group of records, computed once for scoring and wording: which records are Canadian,
 * which are US purchases, which describe one firearm, how surely each hangs together with the
 * Canadian evidence, who bought, what came first. Pure.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/lead/parts.h"
#include "engine/link/link.h"
#include "engine/marker/marker.h"
#include "engine/record/codes.h"

int lead_facts_find(const LeadFacts *facts, const char *ref)
{
    guint low = 0, high = facts->n;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(facts->records[middle].record->ref, ref); /* NOLINT: all are filled */
        if (order == 0)
            return (int)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static Day day_of(const Record *record, Field field)
{
    return date_parse(record_get(record, field), DATE_ISO);
}

static gboolean is_us_region(const CodeTables *codes, const char *region)
{
    const CodeTable *regions = codes ? code_table(codes, "regions") : NULL;
    if (!region)
        return FALSE;
    const char *country = regions ? code_cell(regions, region, "country") : "USA";
    return country && strcmp(country, "USA") == 0;
}

/* A licence key is a US dealer's. */
static gboolean has_us_dealer(const Record *record, const CodeTables *codes)
{
    return record_get(record, FIELD_RDS_KEY) ||
           is_us_region(codes, record_get(record, FIELD_FFL_STATE));
}

static gboolean is_theft_trace(const Record *record)
{
    return disposition_is_theft(record_get(record, FIELD_DISPOSITION));
}

/* A purchase record with a US dealer or a US purchaser. */
static gboolean is_us_purchase(const Record *record, const CodeTables *codes)
{
    const Mention *purchaser = record_find_mention(record, "purchaser");
    if (is_theft_trace(record) || (!record_get(record, FIELD_PURCHASE_DATE) && !purchaser))
        return FALSE;
    if (has_us_dealer(record, codes))
        return TRUE;
    return purchaser && (is_us_region(codes, purchaser->value[MENTION_REGION]) ||
                         g_strcmp0(purchaser->value[MENTION_COUNTRY], "USA") == 0);
}

/* A trace that ends at a US dealer, from whom the firearm was stolen or lost before a sale. */
static gboolean is_us_theft(const Record *record, const CodeTables *codes)
{
    return is_theft_trace(record) && has_us_dealer(record, codes);
}

static void init_record(RecordFact *fact, const Record *record, const CodeTables *codes)
{
    const char *type = record_get(record, FIELD_EVENT_TYPE);
    const char *country = record_get(record, FIELD_EVENT_COUNTRY);
    gboolean in_canada = g_strcmp0(country, "CAN") == 0;
    fact->record = record;
    fact->seizure = event_is_seizure(type);
    fact->trace = record_get(record, FIELD_TRACE_NO) && !fact->seizure;
    fact->canadian = in_canada && event_is_find(type);
    fact->in_canada = in_canada;
    fact->dated = 1;
    fact->reported = event_is_report(type);
    fact->us_bought = is_us_purchase(record, codes);
    fact->us_stolen = is_us_theft(record, codes);
    fact->event = day_of(record, FIELD_EVENT_DATE);
    fact->bought = is_theft_trace(record) ? DAY_NONE : day_of(record, FIELD_PURCHASE_DATE);
    fact->reach = fact->canadian ? 1 : 0;
}

static void add_people(LeadFacts *facts, const LeadEvidence *evidence)
{
    for (guint i = 0; i < evidence->people->len; i++) {
        const LeadPerson *person = evidence->people->pdata[i];
        g_autofree char *ref = mention_record(person->mention);
        int index = lead_facts_find(facts, ref);
        if (index < 0)
            continue;
        if (strcmp(person->role, "purchaser") == 0 && !is_theft_trace(facts->records[index].record))
            facts->records[index].purchaser = person;
        else if (strcmp(person->role, "traveller") == 0 || strcmp(person->role, "possessor") == 0)
            facts->records[index].carrier = person;
    }
}

static void add_ghosts(LeadFacts *facts, const LeadEvidence *evidence, const LeadRules *rules)
{
    for (guint i = 0; i < evidence->markers->len; i++) {
        const LeadMarker *marker = evidence->markers->pdata[i];
        int index = lead_facts_find(facts, marker->record);
        if (index >= 0 && marker->probability >= MARKER_HOLDS &&
            word_in(rules->ghost, marker->category))
            facts->records[index].ghost = TRUE;
    }
}

static guint firearm_root(LeadFacts *facts, guint index)
{
    while (facts->records[index].firearm != index)
        index = facts->records[index].firearm;
    return index;
}

static void join_firearms(LeadFacts *facts, const char *left, const char *right)
{
    int a = lead_facts_find(facts, left), b = lead_facts_find(facts, right);
    if (a < 0 || b < 0)
        return;
    guint x = firearm_root(facts, (guint)a), y = firearm_root(facts, (guint)b);
    facts->records[MAX(x, y)].firearm = MIN(x, y);
}

static void find_firearms(LeadFacts *facts, const LeadEvidence *evidence)
{
    for (guint i = 0; i < facts->n; i++)
        facts->records[i].firearm = i;
    for (guint i = 0; i < evidence->links->len; i++) {
        const LeadLink *link = evidence->links->pdata[i];
        if (link->probability >= SAME_FIREARM)
            join_firearms(facts, link->left, link->right);
    }
    for (guint i = 0; i < facts->n; i++)
        facts->records[i].firearm = firearm_root(facts, i);
}

/* The day on which a list has it stolen first, but for thefts in Canada, for traces that end with
 * the theft; it is as sure as the list's row belongs to what was found. */
static void date_thefts(LeadFacts *facts)
{
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *report = &facts->records[i];
        if (g_strcmp0(record_get(report->record, FIELD_EVENT_TYPE), "STOLEN") != 0 ||
            report->in_canada || report->event == DAY_NONE)
            continue;
        for (guint k = 0; k < facts->n; k++) {
            RecordFact *fact = &facts->records[k];
            if (fact->us_stolen && fact->firearm == report->firearm &&
                (fact->bought == DAY_NONE || report->event < fact->bought)) {
                fact->bought = report->event;
                fact->dated = report->reach;
            }
        }
    }
}

/* The most probable path to a Canadian record, by relaxing all edges until nothing improves. */
static void find_reach(LeadFacts *facts, const LeadEvidence *evidence)
{
    gboolean better = TRUE;
    for (guint round = 0; better && round < facts->n; round++) {
        better = FALSE;
        for (guint i = 0; i < evidence->edges->len; i++) {
            const LeadEdge *edge = evidence->edges->pdata[i];
            int a = lead_facts_find(facts, edge->left), b = lead_facts_find(facts, edge->right);
            if (a < 0 || b < 0)
                continue;
            RecordFact *x = &facts->records[a], *y = &facts->records[b];
            if (x->reach * edge->weight > y->reach) {
                y->reach = x->reach * edge->weight;
                better = TRUE;
            }
            if (y->reach * edge->weight > x->reach) {
                x->reach = y->reach * edge->weight;
                better = TRUE;
            }
        }
    }
}

gboolean lead_left_market(const RecordFact *fact)
{
    return fact->us_bought || fact->us_stolen;
}

gboolean lead_is_deal(const LeadFacts *facts, const RecordFact *fact)
{
    return facts->theft ? fact->us_stolen : fact->us_bought;
}

/* Days from a day to the first find of a firearm on or after it; -1. */
static int days_to_find(const LeadFacts *facts, guint firearm, Day from)
{
    int least = -1;
    for (guint i = 0; from != DAY_NONE && i < facts->n; i++) {
        const RecordFact *other = &facts->records[i];
        if (other->firearm != firearm || other->reported || other->event == DAY_NONE ||
            other->event < from)
            continue;
        int days = other->event - from;
        if (least < 0 || days < least)
            least = days;
    }
    return least;
}

int lead_facts_ttc(const LeadFacts *facts, guint index)
{
    return days_to_find(facts, facts->records[index].firearm, facts->records[index].bought);
}

/* Has a list, of any country, a theft of this firearm? */
static gboolean is_listed(const LeadFacts *facts, guint firearm)
{
    for (guint i = 0; i < facts->n; i++)
        if (facts->records[i].firearm == firearm && facts->records[i].reported)
            return TRUE;
    return FALSE;
}

int lead_facts_out(const LeadFacts *facts, guint index)
{
    const RecordFact *deal = &facts->records[index];
    const char *dealer = record_get(deal->record, FIELD_RDS_KEY);
    if (!deal->us_stolen || deal->bought != DAY_NONE || !dealer || is_listed(facts, deal->firearm))
        return lead_facts_ttc(facts, index);
    Day first = DAY_NONE;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *other = &facts->records[i];
        if (other->us_stolen && other->event != DAY_NONE &&
            (first == DAY_NONE || other->event < first) &&
            g_strcmp0(record_get(other->record, FIELD_RDS_KEY), dealer) == 0)
            first = other->event;
    }
    return days_to_find(facts, deal->firearm, first);
}

gboolean lead_facts_robbed(const LeadFacts *facts, guint index, guint days)
{
    const RecordFact *deal = &facts->records[index];
    int until = lead_facts_ttc(facts, index);
    for (guint i = 0; deal->us_bought && until >= 0 && i < facts->n; i++) {
        const RecordFact *report = &facts->records[i];
        if (report->firearm == deal->firearm && report->reported && report->event != DAY_NONE &&
            report->event >= deal->bought && report->event + (int)days < deal->bought + until)
            return TRUE;
    }
    return FALSE;
}

static void widen(LeadFacts *facts, Day day)
{
    if (day == DAY_NONE)
        return;
    if (facts->first == DAY_NONE || day < facts->first)
        facts->first = day;
    if (facts->last == DAY_NONE || day > facts->last)
        facts->last = day;
}

gboolean lead_is_firearm(const Record *record)
{
    const char *commodity = record_get(record, FIELD_COMMODITY);
    return !commodity || strcmp(commodity, "FIREARM") == 0 ||
           strcmp(commodity, "FRAME_RECEIVER") == 0;
}

static gboolean is_theft(const RecordFact *fact)
{
    return fact->us_stolen;
}

static gboolean is_sale(const RecordFact *fact)
{
    return fact->us_bought || fact->purchaser;
}

/* Firearms of which a record is such a one. */
static guint count_of(const LeadFacts *facts, gboolean (*is)(const RecordFact *))
{
    g_autofree guint8 *seen = g_new0(guint8, facts->n + 1);
    guint n = 0;
    for (guint i = 0; i < facts->n; i++)
        if (is(&facts->records[i]) && !seen[facts->records[i].firearm]) {
            seen[facts->records[i].firearm] = 1;
            n++;
        }
    return n;
}

static void count_records(LeadFacts *facts)
{
    g_autoptr(GHashTable) seizures = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) dealers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) buyers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        const char *seizure = record_get(fact->record, FIELD_SEIZURE_NO);
        const char *dealer = record_get(fact->record, FIELD_RDS_KEY);
        if (!dealer)
            dealer = record_get(fact->record, FIELD_FFL_NAME);
        if (fact->seizure)
            g_hash_table_add(seizures, (gpointer)(seizure ? seizure : fact->record->ref));
        if (dealer)
            g_hash_table_add(dealers, (gpointer)dealer);
        if (fact->purchaser)
            g_hash_table_add(buyers, fact->purchaser->entity);
        facts->traces += fact->trace ? 1 : 0;
        facts->firearms += fact->firearm == i && lead_is_firearm(fact->record);
        facts->has_canadian |= fact->canadian;
        facts->has_us |= lead_left_market(fact);
        facts->has_ghost |= fact->ghost;
    }
    facts->theft = count_of(facts, is_theft) > count_of(facts, is_sale);
    facts->seizures = g_hash_table_size(seizures);
    facts->dealers = g_hash_table_size(dealers);
    facts->purchasers = g_hash_table_size(buyers);
}

static void find_times(LeadFacts *facts)
{
    facts->first = facts->last = DAY_NONE;
    facts->ttc_min = -1;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        int days = fact->us_stolen != facts->theft ? -1 : lead_facts_ttc(facts, i);
        widen(facts, fact->event);
        widen(facts, fact->bought);
        if (days >= 0 && (facts->ttc_min < 0 || days < facts->ttc_min))
            facts->ttc_min = days;
    }
}

/* Firearms that one entity bought (all purchases for NULL): repeated traces of one count once. */
static guint count_bought(const LeadFacts *facts, const char *entity)
{
    g_autofree guint8 *seen = g_new0(guint8, facts->n + 1);
    guint n = 0;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        gboolean his = entity ? fact->purchaser && strcmp(fact->purchaser->entity, entity) == 0
                              : lead_is_deal(facts, fact);
        if (his && !seen[fact->firearm]) {
            seen[fact->firearm] = 1;
            n++;
        }
    }
    return n;
}

/* The main buyer's purchases go before others, earlier ones before later, dated before undated. */
static gboolean is_better_deal(const LeadFacts *facts, const RecordFact *fact)
{
    const RecordFact *held = facts->deal;
    if (!held)
        return TRUE;
    const char *buyer = facts->buyer ? facts->buyer->entity : NULL;
    gboolean his = fact->purchaser && g_strcmp0(fact->purchaser->entity, buyer) == 0;
    gboolean held_his = held->purchaser && g_strcmp0(held->purchaser->entity, buyer) == 0;
    if (his != held_his)
        return his;
    return fact->bought != DAY_NONE && (held->bought == DAY_NONE || fact->bought < held->bought);
}

static void find_buyer(LeadFacts *facts)
{
    const char *last_tried = NULL;
    for (guint i = 0; i < facts->n; i++) {
        const LeadPerson *person = facts->records[i].purchaser;
        if (facts->theft || !person || g_strcmp0(person->entity, last_tried) == 0)
            continue;
        last_tried = person->entity;
        guint n = count_bought(facts, person->entity);
        if (n > facts->bought) {
            facts->bought = n;
            facts->buyer = person;
        }
    }
    if (!facts->buyer || facts->purchasers > 1)
        facts->bought = MAX(facts->bought, count_bought(facts, NULL));
    facts->bought_first = facts->bought_last = DAY_NONE;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        gboolean his = facts->buyer && facts->purchasers == 1 ? fact->purchaser != NULL
                                                              : lead_is_deal(facts, fact);
        if (!his)
            continue;
        if (is_better_deal(facts, fact))
            facts->deal = fact;
        if (fact->bought == DAY_NONE)
            continue;
        if (facts->bought_first == DAY_NONE || fact->bought < facts->bought_first)
            facts->bought_first = fact->bought;
        if (facts->bought_last == DAY_NONE || fact->bought > facts->bought_last)
            facts->bought_last = fact->bought;
    }
}

void lead_facts_init(LeadFacts *facts, const LeadEvidence *evidence, const LeadRules *rules,
                     const CodeTables *codes)
{
    *facts = (LeadFacts){.n = evidence->records->len};
    facts->records = g_new0(RecordFact, facts->n + 1);
    for (guint i = 0; i < facts->n; i++)
        init_record(&facts->records[i], evidence->records->pdata[i], codes);
    add_people(facts, evidence);
    add_ghosts(facts, evidence, rules);
    find_firearms(facts, evidence);
    find_reach(facts, evidence);
    date_thefts(facts);
    count_records(facts);
    find_times(facts);
    find_buyer(facts);
}

void lead_facts_clear(LeadFacts *facts)
{
    g_clear_pointer(&facts->records, g_free);
}
