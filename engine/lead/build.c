/*
 * Evidence and rules -> Lead. Pure: no store, no clock but as_of, same evidence same bytes. Decides
 * whether there is a lead at all, scores it, counts, orders it and has it worded.
 */
#include <string.h>

#include "engine/base/marking.h"
#include "engine/lead/parts.h"

#define LEAD_ID_DIGITS 12

/* The traveller's or possessor's own purchase, long ago or at a time not known? */
static gboolean is_own_old(const LeadFacts *facts, const LeadRules *rules, guint index)
{
    const RecordFact *deal = &facts->records[index];
    int days = lead_facts_ttc(facts, index);
    if (!deal->purchaser || (days >= 0 && days < (int)rules->own_days))
        return FALSE;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *other = &facts->records[i];
        if (other->firearm == deal->firearm && other->carrier &&
            strcmp(other->carrier->entity, deal->purchaser->entity) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Few firearms, every purchase the carrier's own and old, no ghost gun: ordinary possession. */
static gboolean is_ordinary(const LeadFacts *facts, const LeadRules *rules)
{
    if (facts->has_ghost || facts->firearms > rules->own_firearms)
        return FALSE;
    for (guint i = 0; i < facts->n; i++)
        if (lead_left_market(&facts->records[i]) && !is_own_old(facts, rules, i))
            return FALSE;
    return TRUE;
}

static gboolean is_lead(const LeadFacts *facts, const LeadRules *rules, double support)
{
    return support > 0 && facts->has_canadian && (facts->has_us || facts->has_ghost) &&
           !is_ordinary(facts, rules);
}

static void append_word(GString *out, const char *word)
{
    if (out->len)
        g_string_append(out, "; ");
    g_string_append(out, word);
}

static char *join_records(const LeadEvidence *evidence)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < evidence->records->len; i++)
        append_word(out, ((const Record *)evidence->records->pdata[i])->ref);
    return g_string_free(out, FALSE);
}

/* Sorts, drops what is there twice, joins; the strings are freed with the array. */
static char *join_sorted(GPtrArray *words)
{
    GString *out = g_string_new(NULL);
    const char *last = NULL;
    g_ptr_array_sort(words, text_compare);
    for (guint i = 0; i < words->len; i++) {
        if (g_strcmp0(words->pdata[i], last) != 0)
            append_word(out, words->pdata[i]);
        last = words->pdata[i];
    }
    return g_string_free(out, FALSE);
}

static char *join_rules(const LeadEvidence *evidence)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        g_ptr_array_add(words, g_strdup_printf("%s@%d", row->indicator, row->rev));
    }
    return join_sorted(words);
}

static char *join_markers(const LeadEvidence *evidence)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < evidence->markers->len; i++)
        g_ptr_array_add(words, g_strdup(((LeadMarker *)evidence->markers->pdata[i])->category));
    return join_sorted(words);
}

static char *join_ports(const LeadFacts *facts, const CodeTables *codes, Lang lang)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const CodeTable *offices = codes ? code_table(codes, "offices") : NULL;
    for (guint i = 0; i < facts->n; i++) {
        const Record *record = facts->records[i].record;
        const char *code = record_get(record, FIELD_OFFICE_CODE);
        const char *name = record_get(record, FIELD_OFFICE_NAME);
        if (!name && code)
            name = offices ? code_label(offices, code, lang) : code;
        if (facts->records[i].seizure && name)
            g_ptr_array_add(words, g_strdup(name));
    }
    return join_sorted(words);
}

static gboolean is_of_kind(const LeadEvidence *evidence, const LeadKind *kind)
{
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        if (row->bits > 0 && lead_kind_has(kind, row->indicator))
            return TRUE;
    }
    return FALSE;
}

/* Does an indicator hit that no kind names? */
static gboolean is_trafficking(const LeadEvidence *evidence, const LeadRules *rules)
{
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        gboolean named = row->bits <= 0;
        for (guint j = 0; !named && j < rules->kinds->len; j++)
            named = lead_kind_has(rules->kinds->pdata[j], row->indicator);
        if (!named)
            return TRUE;
    }
    return FALSE;
}

static char *join_kinds(const LeadEvidence *evidence, const LeadFacts *facts,
                        const LeadRules *rules)
{
    GString *out = g_string_new(NULL);
    if (facts->has_us && is_trafficking(evidence, rules))
        append_word(out, "trafficking");
    for (guint i = 0; i < rules->kinds->len; i++) {
        const LeadKind *kind = rules->kinds->pdata[i];
        gboolean ghost = strcmp(kind->name, "ghost-gun") == 0 && facts->has_ghost;
        if (ghost || is_of_kind(evidence, kind))
            append_word(out, kind->name);
    }
    if (!out->len)
        append_word(out, "trafficking");
    return g_string_free(out, FALSE);
}

static gboolean is_severe(const LeadEvidence *evidence, const LeadRules *rules)
{
    for (guint i = 0; i < evidence->markers->len; i++)
        if (word_in(rules->severe, ((LeadMarker *)evidence->markers->pdata[i])->category))
            return TRUE;
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        if (row->bits > 0 && g_strcmp0(row->severity, "high") == 0)
            return TRUE;
    }
    return FALSE;
}

static int priority_of(double score, const LeadEvidence *evidence, const LeadFacts *facts,
                       const LeadRules *rules, const char *as_of)
{
    Day now = as_of ? date_parse(as_of, DATE_ISO) : DAY_NONE;
    double points = score * 4;
    if (now != DAY_NONE && facts->last != DAY_NONE && now - facts->last <= (int)rules->recent_days)
        points += 1;
    if (facts->firearms >= rules->many_firearms)
        points += 1;
    if (is_severe(evidence, rules))
        points += 1;
    int priority = 1;
    for (guint i = 0; i < G_N_ELEMENTS(rules->points) && points < rules->points[i]; i++)
        priority++;
    return priority;
}

/* The most restrictive of what its records are marked with; one without marking counts as the rules
 * say. */
static char *join_handling(const LeadEvidence *evidence, const LeadRules *rules,
                           const CodeTables *codes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (guint i = 0; i < evidence->records->len; i++) {
        const char *handling = record_get(evidence->records->pdata[i], FIELD_HANDLING);
        const char *word = handling ? handling : rules->unmarked;
        if (g_hash_table_add(seen, (gpointer)word))
            g_ptr_array_add(words, (gpointer)word);
    }
    return marking_join(codes, words);
}

/* What the lead rests on: records and their contents, links, people, markers, indicators. */
static char *hash_evidence(const LeadEvidence *evidence)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        g_string_append_printf(all, "r %s %s\n", record->ref,
                               record->content_hash ? record->content_hash : "");
    }
    for (guint i = 0; i < evidence->links->len; i++) {
        const LeadLink *link = evidence->links->pdata[i];
        g_autofree char *probability = text_number(link->probability, 2);
        g_string_append_printf(all, "l %s %s %s %s\n", link->left, link->right, link->tier,
                               probability);
    }
    for (guint i = 0; i < evidence->people->len; i++) {
        const LeadPerson *person = evidence->people->pdata[i];
        g_string_append_printf(all, "p %s %s\n", person->mention, person->entity);
    }
    for (guint i = 0; i < evidence->markers->len; i++) {
        const LeadMarker *marker = evidence->markers->pdata[i];
        g_string_append_printf(all, "m %s %s\n", marker->record, marker->category);
    }
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        g_string_append_printf(all, "i %s %d %s %s\n", row->indicator, row->rev, row->subject,
                               row->record);
    }
    return text_sha256(all->str, (gssize)all->len);
}

char *lead_id_of(const char *smallest)
{
    g_autofree char *hash = text_sha256(smallest, -1);
    return g_strdup_printf("L%.*s", LEAD_ID_DIGITS, hash);
}

static char *iso(Day day)
{
    char text[DAY_TEXT];
    return g_strdup(date_text(day, text));
}

static void count_into(Lead *lead, const LeadFacts *facts)
{
    lead->firearms = facts->firearms;
    lead->seizures = facts->seizures;
    lead->traces = facts->traces;
    lead->purchasers = facts->purchasers;
    lead->dealers = facts->dealers;
    lead->ttc_min_days = facts->theft ? -1 : facts->ttc_min; /* of purchases: a theft is none */
    lead->first_date = iso(facts->first);
    lead->last_date = iso(facts->last);
}

/* All that is kept of a lead; NULL: it is none. */
static Lead *weigh(const LeadEvidence *evidence, const LeadFacts *facts, const LeadRules *rules)
{
    double support = 0;
    g_autoptr(Evidence) score = lead_score(evidence, facts, rules, &support);
    if (!is_lead(facts, rules, support))
        return NULL;
    Lead *lead = g_new0(Lead, 1);
    const Record *smallest = evidence->records->pdata[0];
    lead->lead_id = evidence->lead_id ? g_strdup(evidence->lead_id) : lead_id_of(smallest->ref);
    lead->status = g_strdup("new");
    lead->bits = evidence_bits(score);
    lead->score = bits_to_probability(lead->bits);
    lead->evidence = g_steal_pointer(&score);
    lead->evidence_hash = hash_evidence(evidence);
    lead->kinds = join_kinds(evidence, facts, rules);
    return lead;
}

Lead *lead_weigh(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes)
{
    g_auto(LeadFacts) facts;
    lead_facts_init(&facts, evidence, rules, codes);
    return weigh(evidence, &facts, rules);
}

Lead *lead_rank(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes,
                const char *as_of)
{
    g_auto(LeadFacts) facts;
    lead_facts_init(&facts, evidence, rules, codes);
    Lead *lead = weigh(evidence, &facts, rules);
    if (lead)
        lead->priority = priority_of(lead->score, evidence, &facts, rules, as_of);
    return lead;
}

Lead *lead_build(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes,
                 const char *as_of, Lang lang)
{
    g_auto(LeadFacts) facts;
    lead_facts_init(&facts, evidence, rules, codes);
    Lead *lead = weigh(evidence, &facts, rules);
    if (!lead)
        return NULL;
    lead->priority = priority_of(lead->score, evidence, &facts, rules, as_of);
    lead->markers = join_markers(evidence);
    lead->records = join_records(evidence);
    lead->rules = join_rules(evidence);
    lead->ports = join_ports(&facts, codes, lang);
    lead->handling = join_handling(evidence, rules, codes);
    count_into(lead, &facts);
    lead_write(lead, evidence, &facts, codes, lang);
    return lead;
}
