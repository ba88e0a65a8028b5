/*
 * Words a lead: title, a summary of two sentences (what was bought or made; what was found in
 * Canada), what to do next, what speaks against it. All texts are in messages.def, in both
 * languages; labels of codes come from the code tables.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/lead/parts.h"

#define NEXT_STEPS 3
/* Links less probable than this are named among what speaks against a lead. */
#define WEAK_LINK 0.8

typedef struct {
    const LeadEvidence *evidence;
    const LeadFacts *facts;
    const CodeTables *codes;
    Lang lang;
} Words;

static char *date_words(const Words *words, Day day)
{
    char text[DAY_TEXT];
    return g_strdup(day == DAY_NONE ? message(MSG_LEAD_NO_DATE, words->lang)
                                    : date_text(day, text));
}

static char *person_words(const LeadPerson *person)
{
    if (person->last && person->first)
        return g_strdup_printf("%s, %s", person->last, person->first);
    return g_strdup(person->last ? person->last : person->first ? person->first : "?");
}

/* The one who bought most, and that there are others. */
static char *buyer_words(const Words *words)
{
    const LeadFacts *facts = words->facts;
    g_autofree char *name = person_words(facts->buyer);
    return facts->purchasers > 1
               ? message_format(MSG_LEAD_MORE_BUYERS, words->lang, name, facts->purchasers)
               : g_strdup(name);
}

static char *firearms_words(const Words *words, guint n)
{
    return n == 1 ? g_strdup(message(MSG_LEAD_ONE_FIREARM, words->lang))
                  : message_format(MSG_LEAD_FIREARMS, words->lang, n);
}

static const char *label(const Words *words, const char *table, const char *code)
{
    const CodeTable *codes = words->codes ? code_table(words->codes, table) : NULL;
    return codes ? code_label(codes, code, words->lang) : code;
}

/* The serial as received, unless it says that there is none. */
static const char *serial_of(const Record *record)
{
    static const char *const without[] = {"NONE", "UNKNOWN", "NOT_A_SERIAL", NULL};
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    return kind && g_strv_contains(without, kind) ? NULL : record_get(record, FIELD_SERIAL_NUMBER);
}

/* "GLOCK 19, serial ABC123"; what is not recorded is left out. */
static char *item_words(const Words *words, const Record *record)
{
    const char *make = record_get(record, FIELD_MAKE), *model = record_get(record, FIELD_MODEL);
    const char *serial = serial_of(record);
    const char *commodity = record_get(record, FIELD_COMMODITY);
    g_autoptr(GString) item = g_string_new(make);
    if (model)
        g_string_append_printf(item, "%s%s", item->len ? " " : "", model);
    if (commodity && strcmp(commodity, "FIREARM") != 0)
        g_string_append_printf(item, "%s%s", item->len ? " " : "",
                               label(words, "commodities", commodity));
    if (!item->len)
        g_string_append(item, message(MSG_LEAD_A_FIREARM, words->lang));
    return serial ? message_format(MSG_LEAD_SERIAL, words->lang, item->str, serial)
                  : g_strdup(item->str);
}

static char *place_words(const Words *words, const Record *record)
{
    const char *office = record_get(record, FIELD_OFFICE_NAME);
    const char *code = record_get(record, FIELD_OFFICE_CODE);
    const char *city = record_get(record, FIELD_EVENT_CITY);
    const char *region = record_get(record, FIELD_EVENT_REGION);
    if (office)
        return g_strdup(office);
    if (code)
        return g_strdup(label(words, "offices", code));
    if (city)
        return region ? g_strdup_printf("%s, %s", city, region) : g_strdup(city);
    return g_strdup(region ? label(words, "regions", region)
                           : message(MSG_LEAD_NO_PLACE, words->lang));
}

/* "ACME GUNS, DAYTON OH (RDS 27112345)" */
static char *dealer_words(const Words *words, const Record *record)
{
    const char *name = record_get(record, FIELD_FFL_NAME);
    const char *rds = record_get(record, FIELD_RDS_KEY);
    const char *city = record_get(record, FIELD_FFL_CITY);
    const char *state = record_get(record, FIELD_FFL_STATE);
    g_autoptr(GString) dealer = g_string_new(name  ? name
                                             : rds ? "FFL"
                                                   : message(MSG_LEAD_NO_DEALER, words->lang));
    if (city)
        g_string_append_printf(dealer, ", %s", city);
    if (state)
        g_string_append_printf(dealer, city ? " %s" : ", %s", state);
    return rds ? message_format(MSG_LEAD_DEALER, words->lang, dealer->str, rds)
               : g_strdup(dealer->str);
}

static char *dealers_words(const Words *words)
{
    g_autofree char *dealer = dealer_words(words, words->facts->deal->record);
    return words->facts->dealers > 1
               ? message_format(MSG_LEAD_MORE_DEALERS, words->lang, dealer, words->facts->dealers)
               : g_strdup(dealer);
}

static char *title(const Words *words, const char *markers)
{
    const LeadFacts *facts = words->facts;
    g_autofree char *place = place_words(words, facts->event->record);
    if (!facts->deal)
        return message_format(MSG_LEAD_TITLE_GHOST, words->lang, place, facts->n, markers);
    g_autofree char *firearms = firearms_words(words, facts->bought);
    if (facts->buyer) {
        g_autofree char *buyer = buyer_words(words);
        return message_format(MSG_LEAD_TITLE_BUYER, words->lang, buyer, firearms, place);
    }
    const char *dealer = record_get(facts->deal->record, FIELD_FFL_NAME);
    return message_format(MSG_LEAD_TITLE_SOLD, words->lang, firearms,
                          dealer ? dealer : message(MSG_LEAD_NO_DEALER, words->lang), place);
}

static char *bought_sentence(const Words *words)
{
    const LeadFacts *facts = words->facts;
    g_autofree char *firearms = firearms_words(words, facts->bought);
    g_autofree char *dealers = dealers_words(words);
    g_autofree char *from = date_words(words, facts->bought_first);
    g_autofree char *to = date_words(words, facts->bought_last);
    if (!facts->buyer)
        return message_format(MSG_LEAD_SOLD, words->lang, firearms, dealers, from, to);
    g_autofree char *buyer = buyer_words(words);
    if (facts->bought_first == facts->bought_last)
        return message_format(MSG_LEAD_BOUGHT_ON, words->lang, buyer, firearms, dealers, from);
    return message_format(MSG_LEAD_BOUGHT, words->lang, buyer, firearms, dealers, from, to);
}

static const LeadPerson *find_role(const LeadEvidence *evidence, const char *role)
{
    for (guint i = 0; i < evidence->people->len; i++) {
        const LeadPerson *person = evidence->people->pdata[i];
        if (strcmp(person->role, role) == 0)
            return person;
    }
    return NULL;
}

static char *ghost_sentence(const Words *words, const char *markers)
{
    const LeadPerson *consignee = find_role(words->evidence, "consignee");
    g_autofree char *from = date_words(words, words->facts->first);
    g_autofree char *to = date_words(words, words->facts->last);
    g_autofree char *what =
        message_format(MSG_LEAD_GHOST, words->lang, words->facts->n, markers, from, to);
    if (!consignee)
        return g_strconcat(what, ".", NULL);
    g_autofree char *name = person_words(consignee);
    g_autofree char *whom = message_format(MSG_LEAD_CONSIGNEE, words->lang, name);
    return g_strconcat(what, whom, ".", NULL);
}

static void append_message(GString *out, char *text)
{
    g_string_append(out, text);
    g_free(text);
}

static gboolean is_seized(const LeadFacts *facts, guint firearm)
{
    for (guint i = 0; i < facts->n; i++)
        if (facts->records[i].firearm == firearm && facts->records[i].seizure)
            return TRUE;
    return FALSE;
}

/* A record of a firearm found elsewhere that names the one who carried this one, or NULL. */
static const char *also_named(const Words *words)
{
    const LeadFacts *facts = words->facts;
    for (guint i = 0; i < words->evidence->people->len; i++) {
        const LeadPerson *person = words->evidence->people->pdata[i];
        if (strcmp(person->entity, facts->event->carrier->entity) != 0)
            continue;
        gsize length = (gsize)(strrchr(person->mention, ':') - person->mention);
        g_autofree char *ref = g_strndup(person->mention, length);
        int index = lead_facts_find(facts, ref);
        if (index >= 0 && facts->records[index].firearm != facts->event->firearm &&
            !is_seized(facts, facts->records[index].firearm))
            return facts->records[index].record->ref;
    }
    return NULL;
}

static char *canada_sentence(const Words *words)
{
    const LeadFacts *facts = words->facts;
    const RecordFact *event = facts->event;
    const char *seizure = record_get(event->record, FIELD_SEIZURE_NO);
    const char *trace = record_get(event->record, FIELD_TRACE_NO);
    g_autofree char *item = item_words(words, event->record);
    g_autofree char *place = place_words(words, event->record);
    g_autofree char *day = date_words(words, event->event);
    g_autoptr(GString) out = g_string_new(NULL);
    guint canadian = 0;
    append_message(out, message_format(event->seizure ? MSG_LEAD_SEIZED : MSG_LEAD_RECOVERED,
                                       words->lang, item, place, day,
                                       event->seizure && seizure ? seizure
                                       : trace                   ? trace
                                                                 : event->record->ref));
    if (event->carrier) {
        g_autofree char *name = person_words(event->carrier);
        const char *also = also_named(words);
        append_message(out, message_format(MSG_LEAD_CARRIED, words->lang, name));
        if (also)
            append_message(out, message_format(MSG_LEAD_ALSO, words->lang, also));
    }
    for (guint i = 0; i < facts->n; i++)
        canadian += facts->records[i].canadian ? 1 : 0;
    if (canadian > 1)
        append_message(out, message_format(MSG_LEAD_CANADIAN, words->lang, canadian));
    if (facts->ttc_min >= 0)
        append_message(out, message_format(MSG_LEAD_TTC, words->lang, facts->ttc_min));
    g_string_append_c(out, '.');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_damaged(const Record *record)
{
    static const char *const kinds[] = {"OBLITERATED", "PARTIAL", "ALTERED", NULL};
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    return kind && g_strv_contains(kinds, kind);
}

static gboolean is_traced(const LeadFacts *facts, guint firearm)
{
    for (guint i = 0; i < facts->n; i++)
        if (facts->records[i].firearm == firearm && facts->records[i].trace)
            return TRUE;
    return FALSE;
}

/* What the first record that asks for it asks for; each gives NULL or a text. */
static char *step_restore(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (!fact->canadian || !is_damaged(fact->record))
        return NULL;
    g_autofree char *item = item_words(words, fact->record);
    return message_format(MSG_LEAD_RESTORE, words->lang, item, fact->record->ref);
}

static char *step_trace(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    const char *kind = record_get(fact->record, FIELD_SERIAL_KIND);
    gboolean readable = g_strcmp0(kind, "FULL") == 0 || g_strcmp0(kind, "RESTORED") == 0;
    if (!fact->seizure || !readable || fact->ghost || is_traced(words->facts, fact->firearm))
        return NULL;
    g_autofree char *item = item_words(words, fact->record);
    return message_format(MSG_LEAD_ASK_TRACE, words->lang, item, fact->record->ref);
}

static char *step_dealer(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (fact != words->facts->deal || fact->bought == DAY_NONE ||
        !record_get(fact->record, FIELD_FFL_NAME))
        return NULL;
    g_autofree char *dealer = dealer_words(words, fact->record);
    g_autofree char *day = date_words(words, fact->bought);
    return message_format(MSG_LEAD_ASK_DEALER, words->lang, dealer, day, fact->record->ref);
}

static char *step_carrier(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    const char *parcel = record_get(fact->record, FIELD_TRACKING_NO);
    return parcel && fact->canadian
               ? message_format(MSG_LEAD_ASK_CARRIER, words->lang, parcel, fact->record->ref)
               : NULL;
}

static char *step_compare(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (!fact->ghost)
        return NULL;
    g_autofree char *item = item_words(words, fact->record);
    return message_format(MSG_LEAD_COMPARE, words->lang, item, fact->record->ref);
}

static char *next_step(const Words *words)
{
    static char *(*const steps[])(const Words *, guint) = {step_restore, step_dealer, step_trace,
                                                           step_carrier, step_compare};
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(steps) && texts->len < NEXT_STEPS; i++) {
        char *text = NULL;
        for (guint j = 0; !text && j < words->facts->n; j++)
            text = steps[i](words, j);
        if (text)
            g_ptr_array_add(texts, text);
    }
    if (!texts->len)
        return g_strdup(message(MSG_LEAD_REVIEW, words->lang));
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}

/* Indicators against, and links that may be wrong. */
static char *counter(const Words *words)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    const LeadEvidence *evidence = words->evidence;
    const LeadIndicator *last = NULL;
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        gboolean again = last && strcmp(last->indicator, row->indicator) == 0 &&
                         strcmp(last->subject, row->subject) == 0;
        last = row;
        if (row->bits < 0 && !again)
            g_ptr_array_add(texts, g_strdup_printf("%s: %s", row->title, row->explanation));
    }
    for (guint i = 0; i < evidence->links->len; i++) {
        const LeadLink *link = evidence->links->pdata[i];
        if (link->probability < 0.5 || link->probability >= WEAK_LINK)
            continue;
        g_autofree char *probability = text_number(link->probability, 2);
        g_ptr_array_add(texts, message_format(MSG_LEAD_WEAK_LINK, words->lang, link->left,
                                              link->right, probability));
    }
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}

void lead_write(Lead *lead, const LeadEvidence *evidence, const LeadFacts *facts,
                const CodeTables *codes, Lang lang)
{
    Words words = {evidence, facts, codes, lang};
    g_autofree char *first =
        facts->deal ? bought_sentence(&words) : ghost_sentence(&words, lead->markers);
    g_autofree char *second = canada_sentence(&words);
    lead->title = title(&words, lead->markers);
    lead->summary = g_strdup_printf("%s %s", first, second);
    lead->next_step = next_step(&words);
    lead->counter = counter(&words);
    lead->caveat = g_strdup(message(MSG_LEAD_CAVEAT, lang));
}
