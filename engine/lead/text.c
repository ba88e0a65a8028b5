/*
 * Words a lead: title, and a summary of two sentences (what was bought or made; what was found in
 * Canada). Says of a firearm only what its own records say: one that was bought is never mixed up
 * with one that was found beside it. Names are made in words.c, steps in next.c; all texts are in
 * messages.def, in both languages.
 */
#include <string.h>

#include "engine/lead/words.h"

static void append_message(GString *out, char *text)
{
    g_string_append(out, text);
    g_free(text);
}

/* The find that the second sentence tells: one of the firearms bought if there is any. */
static const RecordFact *main_find(const Words *words)
{
    return words->bought.n ? words->bought.at[0] : words->others.at[0];
}

/* "; 6 found in Canada (A; B)", "; linked to C": where what was bought was found, where not. */
static char *found_words(const Words *words)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *places = words_places(words, &words->bought, 0, NULL);
    g_autofree char *others = words_places(words, &words->others, 0, &words->bought);
    if (words->bought.n)
        append_message(out,
                       words->bought.n == 1
                           ? message_format(MSG_LEAD_ONE_FOUND, words->lang, places)
                           : message_format(MSG_LEAD_FOUND, words->lang, words->bought.n, places));
    if (*others)
        append_message(out, message_format(MSG_LEAD_TIED, words->lang, others));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *ghost_title(const Words *words)
{
    const LeadPerson *consignee = words_role(words, "consignee");
    g_autofree char *places = words_places(words, &words->others, 0, NULL);
    g_autofree char *title =
        words->facts->n == 1
            ? message_format(MSG_LEAD_TITLE_ONE_GHOST, words->lang, places)
            : message_format(MSG_LEAD_TITLE_GHOST, words->lang, words->facts->n, places);
    g_autofree char *name = consignee ? words_person(words, consignee) : NULL;
    return name ? message_format(MSG_LEAD_TITLE_TO, words->lang, title, name)
                : g_steal_pointer(&title);
}

static char *title(const Words *words)
{
    const LeadFacts *facts = words->facts;
    if (!facts->deal)
        return ghost_title(words);
    g_autofree char *firearms = words_firearms(words, facts->bought);
    g_autofree char *found = found_words(words);
    if (facts->buyer) {
        g_autofree char *buyers = words_buyers(words);
        return message_format(MSG_LEAD_TITLE_BUYER, words->lang, buyers, firearms, found);
    }
    const char *dealer = record_get(facts->deal->record, FIELD_FFL_NAME);
    return message_format(facts->theft ? MSG_LEAD_TITLE_STOLEN : MSG_LEAD_TITLE_SOLD, words->lang,
                          firearms, dealer ? dealer : message(MSG_LEAD_NO_DEALER, words->lang),
                          found);
}

/* "on X", "between X and Y", "on a date not recorded". */
static char *when_words(const Words *words, Day first, Day last)
{
    g_autofree char *from = words_day(words, first);
    g_autofree char *to = words_day(words, last);
    if (first == DAY_NONE)
        return g_strdup(message(MSG_LEAD_WHEN_UNKNOWN, words->lang));
    return first == last ? message_format(MSG_LEAD_WHEN_ON, words->lang, from)
                         : message_format(MSG_LEAD_WHEN_BETWEEN, words->lang, from, to);
}

static char *bought_sentence(const Words *words)
{
    const LeadFacts *facts = words->facts;
    g_autofree char *firearms = words_firearms(words, facts->bought);
    g_autofree char *dealers = words_dealers(words);
    g_autofree char *when = when_words(words, facts->bought_first, facts->bought_last);
    if (!facts->buyer)
        return message_format(facts->theft ? MSG_LEAD_STOLEN : MSG_LEAD_SOLD, words->lang, firearms,
                              dealers, when);
    g_autofree char *buyers = words_buyers(words);
    return message_format(MSG_LEAD_BOUGHT, words->lang, buyers, firearms, dealers, when);
}

static char *ghost_sentence(const Words *words, const char *markers)
{
    static const struct {
        const char *role;
        MessageId id;
    } ends[] = {{"shipper", MSG_LEAD_SHIPPER}, {"consignee", MSG_LEAD_CONSIGNEE}};
    const LeadFacts *facts = words->facts;
    g_autofree char *when = when_words(words, facts->first, facts->last);
    g_autoptr(GString) out = g_string_new(NULL);
    append_message(out, facts->n == 1
                            ? message_format(MSG_LEAD_ONE_GHOST, words->lang, markers, when)
                            : message_format(MSG_LEAD_GHOST, words->lang, facts->n, markers, when));
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        const LeadPerson *person = words_role(words, ends[i].role);
        g_autofree char *name = person ? words_person(words, person) : NULL;
        if (name)
            append_message(out, message_format(ends[i].id, words->lang, name));
    }
    g_string_append_c(out, '.');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Was the firearm taken in the same seizure? */
static gboolean is_same_seizure(const LeadFacts *facts, guint firearm, const RecordFact *event)
{
    const char *seizure = record_get(event->record, FIELD_SEIZURE_NO);
    for (guint i = 0; seizure && i < facts->n; i++)
        if (facts->records[i].firearm == firearm &&
            g_strcmp0(record_get(facts->records[i].record, FIELD_SEIZURE_NO), seizure) == 0)
            return TRUE;
    return FALSE;
}

/* A record of a firearm found elsewhere that names the one who carried this one, or NULL. */
static const char *also_named(const Words *words, const RecordFact *event)
{
    const LeadFacts *facts = words->facts;
    for (guint i = 0; i < words->evidence->people->len; i++) {
        const LeadPerson *person = words->evidence->people->pdata[i];
        if (strcmp(person->entity, event->carrier->entity) != 0)
            continue;
        g_autofree char *ref = mention_record(person->mention);
        int index = lead_facts_find(facts, ref);
        if (index >= 0 && facts->records[index].firearm != event->firearm &&
            !is_same_seizure(facts, facts->records[index].firearm, event))
            return facts->records[index].record->ref;
    }
    return NULL;
}

static void append_carrier(GString *out, const Words *words, const RecordFact *find)
{
    g_autofree char *name = find->carrier ? words_person(words, find->carrier) : NULL;
    if (name)
        append_message(out, message_format(find->seizure ? MSG_LEAD_CARRIED : MSG_LEAD_FOUND_WITH,
                                           words->lang, name));
}

/* "; among them SLIDE at A on D, found with X": one of many, in its own words. */
static void append_one(GString *out, const Words *words, MessageId id, const RecordFact *find)
{
    g_autofree char *item = words_item(words, find->record);
    g_autofree char *place = words_place(words, find->record);
    g_autofree char *when = when_words(words, find->event, find->event);
    append_message(out, message_format(id, words->lang, item, place, when));
    append_carrier(out, words, find);
}

static void append_find(GString *out, const Words *words, const RecordFact *event)
{
    const char *seizure = record_get(event->record, FIELD_SEIZURE_NO);
    const char *trace = record_get(event->record, FIELD_TRACE_NO);
    const char *number = event->seizure ? seizure : trace;
    g_autofree char *item = words_traced_item(words, event);
    g_autofree char *place = words_place(words, event->record);
    g_autofree char *when = when_words(words, event->event, event->event);
    const char *also = event->carrier ? also_named(words, event) : NULL;
    append_message(out, message_format(event->seizure ? MSG_LEAD_SEIZED : MSG_LEAD_RECOVERED,
                                       words->lang, item, place, when,
                                       number ? number : event->record->ref));
    append_carrier(out, words, event);
    if (also)
        append_message(out, message_format(MSG_LEAD_ALSO, words->lang, also));
}

/* How many more of the same were found, when and where. */
static void append_more(GString *out, const Words *words, const Finds *finds, gboolean bought)
{
    Day first = DAY_NONE, last = DAY_NONE;
    for (guint i = 1; i < finds->n; i++) {
        Day day = finds->at[i]->event;
        if (day == DAY_NONE)
            continue;
        first = first == DAY_NONE ? day : MIN(first, day);
        last = last == DAY_NONE ? day : MAX(last, day);
    }
    g_autofree char *when = when_words(words, first, last);
    g_autofree char *places = words_places(words, finds, 1, NULL);
    if (finds->n == 2)
        append_message(out, message_format(bought ? MSG_LEAD_ONE_MORE : MSG_LEAD_ONE_MORE_ITEM,
                                           words->lang, when, places));
    else if (finds->n > 2)
        append_message(out, message_format(bought ? MSG_LEAD_MORE : MSG_LEAD_MORE_ITEMS,
                                           words->lang, finds->n - 1, when, places));
}

/* The first of a ghost-gun series that was found with somebody. */
static const RecordFact *find_carried(const Finds *finds)
{
    for (guint i = 1; i < finds->n; i++)
        if (finds->at[i]->carrier)
            return finds->at[i];
    return NULL;
}

/* The event of the same firearm that the shortest time ends with; a seizure tells its place best.
 */
static const RecordFact *find_ttc_end(const LeadFacts *facts)
{
    const RecordFact *found = NULL;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *deal = &facts->records[i];
        if (lead_facts_ttc(facts, i) != facts->ttc_min)
            continue;
        for (guint j = 0; j < facts->n; j++) {
            const RecordFact *end = &facts->records[j];
            if (end->firearm == deal->firearm && !end->reported &&
                end->event == deal->bought + facts->ttc_min &&
                (!found || (end->seizure && !found->seizure)))
                found = end;
        }
    }
    return found;
}

static void append_ttc(GString *out, const Words *words)
{
    const RecordFact *end = words->facts->ttc_min >= 0 ? find_ttc_end(words->facts) : NULL;
    if (!end)
        return;
    g_autofree char *place = words_place(words, end->record);
    append_message(out, message_format(words->facts->theft ? MSG_LEAD_TTC_STOLEN : MSG_LEAD_TTC,
                                       words->lang, words->facts->ttc_min, place));
}

static char *canada_sentence(const Words *words)
{
    const RecordFact *event = main_find(words);
    g_autoptr(GString) out = g_string_new(NULL);
    append_find(out, words, event);
    if (words->bought.n) {
        append_more(out, words, &words->bought, TRUE);
        if (words->others.n)
            append_one(out, words, words->facts->theft ? MSG_LEAD_ALSO_FOUND : MSG_LEAD_UNTRACED,
                       words->others.at[0]);
        if (words->others.n > 1)
            append_message(out,
                           message_format(MSG_LEAD_AND_MORE, words->lang, words->others.n - 1));
    } else {
        const RecordFact *carried = event->carrier ? NULL : find_carried(&words->others);
        append_more(out, words, &words->others, FALSE);
        if (carried)
            append_one(out, words, MSG_LEAD_AMONG, carried);
    }
    append_ttc(out, words);
    g_string_append_c(out, '.');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

void lead_write(Lead *lead, const LeadEvidence *evidence, const LeadFacts *facts,
                const CodeTables *codes, Lang lang)
{
    g_auto(Words) words = {0};
    words_init(&words, evidence, facts, codes, lang);
    g_autofree char *markers = words_markers(&words, lead->markers);
    g_autofree char *first =
        facts->deal ? bought_sentence(&words) : ghost_sentence(&words, markers);
    g_autofree char *second = canada_sentence(&words);
    lead->title = title(&words);
    lead->summary = g_strdup_printf("%s %s", first, second);
    lead->next_step = lead_next_step(&words);
    lead->counter = lead_counter(&words);
    lead->paths = lead_paths(&words);
    lead->caveat = g_strdup(message(MSG_LEAD_CAVEAT, lang));
}
