/*
 * Names for what a lead speaks of: see words.h. Labels of codes come from the code tables, all
 * other words from messages.def. Makes no sentences.
 */
#include "engine/lead/words.h"

#include <string.h>

#define PLACES 3

/* ---- finds ------------------------------------------------------------------------------- */

static gboolean is_better_find(const RecordFact *a, const RecordFact *b)
{
    if (a->seizure != b->seizure)
        return a->seizure;
    if ((a->event == DAY_NONE) != (b->event == DAY_NONE))
        return a->event != DAY_NONE;
    return a->event != b->event ? a->event < b->event : strcmp(a->record->ref, b->record->ref) < 0;
}

static gint compare_finds(gconstpointer a, gconstpointer b)
{
    const RecordFact *const *x = a, *const *y = b;
    return is_better_find(*x, *y) ? -1 : is_better_find(*y, *x);
}

static void finds_add(Finds *finds, const RecordFact *fact)
{
    finds->at[finds->n++] = fact;
}

/* Of every firearm that was found in Canada the record that tells of it best. */
static void find_all(Words *words)
{
    const LeadFacts *facts = words->facts;
    g_autofree const RecordFact **best = g_new0(const RecordFact *, facts->n + 1);
    g_autofree gboolean *bought = g_new0(gboolean, facts->n + 1);
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        const RecordFact **held = &best[fact->firearm];
        if (fact->canadian && (!*held || is_better_find(fact, *held)))
            *held = fact;
        bought[fact->firearm] |= facts->deal && (lead_is_deal(facts, fact) || fact->purchaser);
    }
    for (guint i = 0; i < facts->n; i++)
        if (best[i])
            finds_add(bought[i] ? &words->bought : &words->others, best[i]);
    qsort(words->bought.at, words->bought.n, sizeof *words->bought.at, compare_finds);
    qsort(words->others.at, words->others.n, sizeof *words->others.at, compare_finds);
}

void words_init(Words *words, const LeadEvidence *evidence, const LeadFacts *facts,
                const CodeTables *codes, Lang lang)
{
    *words = (Words){.evidence = evidence, .facts = facts, .codes = codes, .lang = lang};
    words->bought.at = g_new0(const RecordFact *, facts->n + 1);
    words->others.at = g_new0(const RecordFact *, facts->n + 1);
    find_all(words);
}

void words_clear(Words *words)
{
    g_clear_pointer(&words->bought.at, g_free);
    g_clear_pointer(&words->others.at, g_free);
}

/* ---- days, people, places ---------------------------------------------------------------- */

char *words_day(const Words *words, Day day)
{
    char text[DAY_TEXT];
    return g_strdup(day == DAY_NONE ? message(MSG_LEAD_NO_DATE, words->lang)
                                    : date_text(day, text));
}

static gboolean has_small_letters(const char *text)
{
    for (const char *p = text; p && *p; p++)
        if (g_ascii_islower(*p))
            return TRUE;
    return FALSE;
}

static gboolean spelled_alike(const LeadPerson *a, const LeadPerson *b)
{
    return g_ascii_strcasecmp(a->last, b->last) == 0 && g_ascii_strcasecmp(a->first, b->first) == 0;
}

/* How many of the mentions are spelled like this one. */
static guint count_spelled(const GPtrArray *mentions, const LeadPerson *person)
{
    guint n = 0;
    for (guint i = 0; i < mentions->len; i++)
        n += spelled_alike(mentions->pdata[i], person);
    return n;
}

/* The mentions of the same person with a whole name; an initial is none. This one comes first. */
static GPtrArray *whole_names(const Words *words, const LeadPerson *person)
{
    const GPtrArray *people = words->evidence->people;
    GPtrArray *mentions = g_ptr_array_new();
    for (guint i = 0; i < people->len; i++) {
        LeadPerson *other = people->pdata[i];
        if (other->last && other->first && strlen(other->first) > 1 &&
            strcmp(other->entity, person->entity) == 0)
            g_ptr_array_insert(mentions, other == person ? 0 : -1, other);
    }
    return mentions;
}

/* The mention of the same person that is spelled as most are, in a tie as this one is, and of those
 * one that is not all in capitals: a slip of one clerk is no title. */
static const LeadPerson *best_written(const Words *words, const LeadPerson *person)
{
    g_autoptr(GPtrArray) mentions = whole_names(words, person);
    const LeadPerson *best = person;
    guint most = 0;
    for (guint i = 0; i < mentions->len && person->last && person->first; i++) {
        const LeadPerson *other = mentions->pdata[i];
        guint n = count_spelled(mentions, other);
        gboolean small = has_small_letters(other->first) && !has_small_letters(best->first);
        if (n > most || (n == most && small && spelled_alike(other, best))) {
            best = other;
            most = n;
        }
    }
    return best;
}

char *words_person(const Words *words, const LeadPerson *person)
{
    const LeadPerson *best = best_written(words, person);
    if (best->last && best->first)
        return g_strdup_printf("%s, %s", best->last, best->first);
    return g_strdup(best->last ? best->last : best->first ? best->first : "?");
}

char *words_buyer(const Words *words, const LeadPerson *person)
{
    g_autofree char *name = words_person(words, person);
    return person->organisation ? message_format(MSG_LEAD_ORGANISATION, words->lang, name)
                                : g_steal_pointer(&name);
}

const LeadPerson *words_role(const Words *words, const char *role)
{
    for (guint i = 0; i < words->evidence->people->len; i++) {
        const LeadPerson *person = words->evidence->people->pdata[i];
        if (strcmp(person->role, role) == 0)
            return person;
    }
    return NULL;
}

static const char *label(const Words *words, const char *table, const char *code)
{
    const CodeTable *codes = words->codes ? code_table(words->codes, table) : NULL;
    return codes ? code_label(codes, code, words->lang) : code;
}

/* The office by its name in the reader's language where the code is known, else as received. */
char *words_place(const Words *words, const Record *record)
{
    const char *office = record_get(record, FIELD_OFFICE_NAME);
    const char *code = record_get(record, FIELD_OFFICE_CODE);
    const char *city = record_get(record, FIELD_EVENT_CITY);
    const char *region = record_get(record, FIELD_EVENT_REGION);
    const char *known = code ? label(words, "offices", code) : NULL;
    if (known && (!office || strcmp(known, code) != 0))
        return g_strdup(known);
    if (office)
        return g_strdup(office);
    if (city)
        return region ? g_strdup_printf("%s, %s", city, region) : g_strdup(city);
    return g_strdup(region ? label(words, "regions", region)
                           : message(MSG_LEAD_NO_PLACE, words->lang));
}

static gboolean is_place_of(const Words *words, const Finds *finds, const char *place)
{
    for (guint i = 0; finds && i < finds->n; i++) {
        g_autofree char *other = words_place(words, finds->at[i]->record);
        if (strcmp(other, place) == 0)
            return TRUE;
    }
    return FALSE;
}

char *words_places(const Words *words, const Finds *finds, guint skip, const Finds *but)
{
    g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
    for (guint i = skip; i < finds->n; i++) {
        char *place = words_place(words, finds->at[i]->record);
        if (g_ptr_array_find_with_equal_func(places, place, g_str_equal, NULL) ||
            is_place_of(words, but, place))
            g_free(place);
        else
            g_ptr_array_add(places, place);
    }
    guint more = places->len > PLACES ? places->len - PLACES : 0;
    g_ptr_array_set_size(places, (gint)(places->len - more));
    g_ptr_array_add(places, NULL);
    g_autofree char *named = g_strjoinv("; ", (char **)places->pdata);
    return more ? message_format(MSG_LEAD_MORE_PLACES, words->lang, named, more)
                : g_steal_pointer(&named);
}

/* ---- firearms ---------------------------------------------------------------------------- */

char *words_firearms(const Words *words, guint n)
{
    return n == 1 ? g_strdup(message(MSG_LEAD_ONE_FIREARM, words->lang))
                  : message_format(MSG_LEAD_FIREARMS, words->lang, n);
}

/* Nothing of the number was read. */
static gboolean is_obliterated(const Record *record)
{
    return g_strcmp0(record_get(record, FIELD_SERIAL_KIND), "OBLITERATED") == 0 &&
           !record_get(record, FIELD_SERIAL_PATTERN);
}

/* The serial as received, unless it says that there is none to be read. */
static const char *serial_of(const Record *record)
{
    static const char *const without[] = {"NONE", "UNKNOWN", "NOT_A_SERIAL", NULL};
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    return (kind && g_strv_contains(without, kind)) || is_obliterated(record)
               ? NULL
               : record_get(record, FIELD_SERIAL_NUMBER);
}

/* "GLOCK 19", "Slide (GLOCK TYPE)": a part is named by what it is. */
static char *make_and_model(const Words *words, const Record *record)
{
    const char *make = record_get(record, FIELD_MAKE), *model = record_get(record, FIELD_MODEL);
    const char *commodity = record_get(record, FIELD_COMMODITY);
    g_autofree char *named =
        make && model ? g_strdup_printf("%s %s", make, model) : g_strdup(make ? make : model);
    if (!commodity || strcmp(commodity, "FIREARM") == 0)
        return named ? g_steal_pointer(&named) : g_strdup(message(MSG_LEAD_A_FIREARM, words->lang));
    const char *part = label(words, "commodities", commodity);
    return named ? g_strdup_printf("%s (%s)", part, named) : g_strdup(part);
}

char *words_item(const Words *words, const Record *record)
{
    const char *serial = serial_of(record);
    g_autofree char *named = make_and_model(words, record);
    if (is_obliterated(record))
        return message_format(MSG_LEAD_DAMAGED, words->lang, named,
                              label(words, "markers", "OBLITERATED"));
    return serial ? message_format(MSG_LEAD_SERIAL, words->lang, named, serial)
                  : g_steal_pointer(&named);
}

const Record *words_traced_as(const Words *words, const RecordFact *fact)
{
    const char *serial = serial_of(fact->record);
    for (guint i = 0; serial && i < words->facts->n; i++) {
        const RecordFact *other = &words->facts->records[i];
        const char *traced = serial_of(other->record);
        if (other->firearm != fact->firearm || !traced ||
            !(lead_is_deal(words->facts, other) || other->purchaser))
            continue;
        g_autofree char *a = text_key(serial), *b = text_key(traced);
        return strcmp(a, b) == 0 ? NULL : other->record;
    }
    return NULL;
}

char *words_traced_item(const Words *words, const RecordFact *fact)
{
    g_autofree char *item = words_item(words, fact->record);
    const Record *traced = words_traced_as(words, fact);
    return traced ? message_format(MSG_LEAD_TRACED_AS, words->lang, item, serial_of(traced))
                  : g_steal_pointer(&item);
}

char *words_markers(const Words *words, const char *markers)
{
    g_auto(GStrv) codes = g_strsplit(markers, "; ", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; codes[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", label(words, "markers", codes[i]));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- buyers and dealers ------------------------------------------------------------------ */

/* Two of one name are told apart by their birth dates: a father and his son are not one buyer. */
static void add_births(char **name, const LeadPerson *buyer, char **other, const LeadPerson *second)
{
    if (!buyer->dob || !second->dob)
        return;
    char *one = g_strdup_printf("%s %s", *name, buyer->dob);
    char *two = g_strdup_printf("%s %s", *other, second->dob);
    g_free(*name);
    g_free(*other);
    *name = one;
    *other = two;
}

char *words_buyers(const Words *words)
{
    const LeadFacts *facts = words->facts;
    const LeadPerson *second = NULL;
    for (guint i = 0; i < facts->n && !second; i++) {
        const LeadPerson *person = facts->records[i].purchaser;
        if (person && strcmp(person->entity, facts->buyer->entity) != 0)
            second = person;
    }
    g_autofree char *name = words_buyer(words, facts->buyer);
    if (!second)
        return g_steal_pointer(&name);
    g_autofree char *other = words_buyer(words, second);
    if (facts->purchasers == 2 && g_ascii_strcasecmp(name, other) == 0)
        add_births(&name, facts->buyer, &other, second);
    return facts->purchasers == 2
               ? message_format(MSG_LEAD_AND, words->lang, name, other)
               : message_format(MSG_LEAD_MORE_BUYERS, words->lang, name, facts->purchasers - 1);
}

static const char *dealer_key(const Record *record)
{
    const char *rds = record_get(record, FIELD_RDS_KEY);
    return rds ? rds : record_get(record, FIELD_FFL_NAME);
}

char *words_dealer(const Words *words, const Record *record)
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

char *words_dealers(const Words *words)
{
    const LeadFacts *facts = words->facts;
    const Record *first = facts->deal->record, *second = NULL;
    for (guint i = 0; i < facts->n && !second; i++) {
        const Record *record = facts->records[i].record;
        const char *key = lead_is_deal(facts, &facts->records[i]) ? dealer_key(record) : NULL;
        if (key && g_strcmp0(key, dealer_key(first)) != 0)
            second = record;
    }
    g_autofree char *dealer = words_dealer(words, first);
    if (!second || !dealer_key(first))
        return g_steal_pointer(&dealer);
    g_autofree char *other = words_dealer(words, second);
    return facts->dealers == 2
               ? message_format(MSG_LEAD_AND, words->lang, dealer, other)
               : message_format(MSG_LEAD_MORE_DEALERS, words->lang, dealer, facts->dealers - 1);
}
