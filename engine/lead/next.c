/*
 * What an analyst may do next, and what speaks against a lead: the first record that calls for a
 * step words it. To add a step: one function here and its texts in messages.def.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/firearm/firearm.h"
#include "engine/lead/words.h"
#include "engine/link/link.h"

#define NEXT_STEPS 4
#define PARCELS    5
/* Links less probable than this are named among what speaks against a lead. */
#define WEAK_LINK    0.8
#define LEAST_CHANCE 0.01

/* A number of which each character was read, if with doubt, can be traced as it is. */
static gboolean is_whole(const Record *record)
{
    const char *pattern = record_get(record, FIELD_SERIAL_PATTERN);
    return pattern && *pattern && !strpbrk(pattern, "?*[");
}

static gboolean is_damaged(const Record *record)
{
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    return g_strcmp0(kind, "OBLITERATED") == 0 || g_strcmp0(kind, "ALTERED") == 0 ||
           (g_strcmp0(kind, "PARTIAL") == 0 && !is_whole(record));
}

static gboolean is_readable(const Record *record)
{
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    return g_strcmp0(kind, "FULL") == 0 || g_strcmp0(kind, "RESTORED") == 0 ||
           (g_strcmp0(kind, "PARTIAL") == 0 && is_whole(record));
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
    g_autofree char *item = words_item(words, fact->record);
    return message_format(MSG_LEAD_RESTORE, words->lang, item, fact->record->ref);
}

/* Equal but for a letter taken for a digit: nothing to look at again. */
static gboolean is_equal_tier(const char *tier)
{
    static const char *const tiers[] = {"S0", "S1", "S1n", NULL};
    return tier && g_strv_contains(tiers, tier);
}

/* What fits by chance is counted by the number alone, where there is one on both sides. */
static gboolean is_by_number(const char *tier)
{
    return g_strcmp0(tier, tier_name(TIER_PAPER)) != 0;
}

/* The number as read is another than that of the trace: one look at the firearm settles it. */
static char *step_confirm(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    const Record *traced = fact->seizure ? words_traced_as(words, fact) : NULL;
    if (!traced)
        return NULL;
    for (guint i = 0; i < words->evidence->links->len; i++) {
        const LeadLink *link = words->evidence->links->pdata[i];
        if (strcmp(link->left, fact->record->ref) != 0 || strcmp(link->right, traced->ref) != 0 ||
            is_equal_tier(link->tier))
            continue;
        return message_format(MSG_LEAD_CONFIRM, words->lang, fact->record->ref,
                              record_get(fact->record, FIELD_SERIAL_NUMBER),
                              record_get(traced, FIELD_SERIAL_NUMBER), traced->ref);
    }
    return NULL;
}

static char *step_trace(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (!fact->seizure || !is_readable(fact->record) || fact->ghost ||
        is_traced(words->facts, fact->firearm))
        return NULL;
    g_autofree char *item = words_item(words, fact->record);
    return message_format(MSG_LEAD_ASK_TRACE, words->lang, item, fact->record->ref);
}

/* Of a company or an agency: a sale from licensee to licensee has no form 4473, it stands in the
 * books of both (27 CFR 478.123, 478.125); for a company without a licence somebody signs one. */
static char *ask_book(const Words *words, const RecordFact *fact)
{
    g_autofree char *dealer = words_dealer(words, fact->record);
    g_autofree char *buyer = words_buyer(words, fact->purchaser);
    g_autofree char *day = words_day(words, fact->bought);
    return message_format(MSG_LEAD_ASK_BOOK, words->lang, buyer, dealer, day, fact->record->ref);
}

static char *step_dealer(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (fact != words->facts->deal || fact->bought == DAY_NONE ||
        !record_get(fact->record, FIELD_FFL_NAME))
        return NULL;
    if (!fact->us_stolen && fact->purchaser && fact->purchaser->organisation)
        return ask_book(words, fact);
    g_autofree char *dealer = words_dealer(words, fact->record);
    g_autofree char *day = words_day(words, fact->bought);
    return message_format(fact->us_stolen ? MSG_LEAD_ASK_THEFT : MSG_LEAD_ASK_DEALER, words->lang,
                          dealer, day, fact->record->ref);
}

/* All parcels at once, asked for by the first. */
static char *step_carrier(const Words *words, guint index)
{
    g_autoptr(GPtrArray) parcels = g_ptr_array_new();
    for (guint i = index; i < words->facts->n && parcels->len < PARCELS; i++) {
        const RecordFact *fact = &words->facts->records[i];
        const char *parcel = record_get(fact->record, FIELD_TRACKING_NO);
        if (parcel && fact->canadian &&
            !g_ptr_array_find_with_equal_func(parcels, parcel, g_str_equal, NULL))
            g_ptr_array_add(parcels, (gpointer)parcel);
    }
    if (!parcels->len)
        return NULL;
    g_ptr_array_add(parcels, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)parcels->pdata);
    return message_format(MSG_LEAD_ASK_CARRIER, words->lang, list);
}

static char *step_compare(const Words *words, guint index)
{
    const RecordFact *fact = &words->facts->records[index];
    if (!fact->ghost || words->facts->n < 2)
        return NULL;
    g_autofree char *item = words_item(words, fact->record);
    return message_format(MSG_LEAD_COMPARE, words->lang, item, fact->record->ref);
}

char *lead_next_step(const Words *words)
{
    static char *(*const steps[])(const Words *, guint) = {
        step_restore, step_confirm, step_dealer, step_trace, step_carrier, step_compare};
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

/* What stands there more than once, once and how often: "... x3". */
static void tell_once(GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        guint n = 1;
        for (guint j = texts->len - 1; j > i; j--)
            if (strcmp(texts->pdata[i], texts->pdata[j]) == 0) {
                g_ptr_array_remove_index(texts, j);
                n++;
            }
        if (n == 1)
            continue;
        char *text = g_strdup_printf("%s x%u", (char *)texts->pdata[i], n);
        g_free(texts->pdata[i]);
        texts->pdata[i] = text;
    }
}

/* Each indicator against, once for each subject; of all of one wording how many there are. */
static void add_indicators_against(const LeadEvidence *evidence, Lang lang, GPtrArray *texts)
{
    const LeadIndicator *last = NULL;
    for (guint i = 0; i < evidence->indicators->len; i++) {
        const LeadIndicator *row = evidence->indicators->pdata[i];
        gboolean again = last && strcmp(last->indicator, row->indicator) == 0 &&
                         strcmp(last->subject, row->subject) == 0;
        last = row;
        if (row->bits < 0 && !again)
            g_ptr_array_add(texts, g_strdup_printf("%s%s %s", row->title, message(MSG_COLON, lang),
                                                   row->explanation));
    }
    tell_once(texts);
}

/* Each firearm that was found with the one who bought it. */
static void add_own(const Words *words, GPtrArray *texts)
{
    const LeadFacts *facts = words->facts;
    for (guint i = 0; i < facts->n; i++) {
        const RecordFact *deal = &facts->records[i];
        gboolean own = FALSE;
        for (guint j = 0; deal->purchaser && !own && j < facts->n; j++) {
            const LeadPerson *carrier = facts->records[j].carrier;
            own = carrier && facts->records[j].firearm == deal->firearm &&
                  strcmp(carrier->entity, deal->purchaser->entity) == 0;
        }
        if (!own)
            continue;
        g_autofree char *item = words_item(words, deal->record);
        g_autofree char *name = words_person(words, deal->purchaser);
        g_ptr_array_add(texts, message_format(MSG_LEAD_OWN, words->lang, item, name));
    }
}

static const char *number_of(const Words *words, const char *ref)
{
    int index = lead_facts_find(words->facts, ref);
    const char *number =
        index < 0 ? NULL : record_get(words->facts->records[index].record, FIELD_SERIAL_NUMBER);
    return number ? number : "-";
}

/* Firearms expected to fit by chance: few are not none. */
static char *chance_text(double chance, Lang lang)
{
    return chance < LEAST_CHANCE ? message_decimal(g_strdup("< 0.01"), lang)
                                 : message_number(chance, 2, lang);
}

/* A number that equals the other one, and of which its own record says that it may be wrong:
 * once, however many links it has. */
static void add_doubt(const Words *words, const char *ref, GPtrArray *texts)
{
    static const char *const doubtful[] = {"PARTIAL", "RESTORED", "ALTERED", NULL};
    int index = lead_facts_find(words->facts, ref);
    const char *kind =
        index < 0 ? NULL : record_get(words->facts->records[index].record, FIELD_SERIAL_KIND);
    if (!kind || !g_strv_contains(doubtful, kind))
        return;
    gboolean altered = strcmp(kind, "ALTERED") == 0;
    g_autofree char *text = message_format(altered ? MSG_LEAD_ALTERED : MSG_LEAD_DOUBTED,
                                           words->lang, ref, number_of(words, ref));
    if (!g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
        g_ptr_array_add(texts, g_steal_pointer(&text));
}

/* A link that may be wrong: improbable, of numbers that are not the same or in doubt, or
 * contradicted. */
static void add_link_against(const Words *words, const LeadLink *link, GPtrArray *texts)
{
    g_autofree char *probability = message_number(link->probability, 2, words->lang);
    g_autofree char *chance = chance_text(link->chance_matches, words->lang);
    if (link->probability < WEAK_LINK)
        g_ptr_array_add(texts, message_format(MSG_LEAD_WEAK_LINK, words->lang, link->left,
                                              link->right, probability));
    if (is_equal_tier(link->tier)) {
        add_doubt(words, link->left, texts);
        add_doubt(words, link->right, texts);
    } else {
        g_ptr_array_add(
            texts, message_format(is_by_number(link->tier) ? MSG_LEAD_UNEQUAL : MSG_LEAD_NO_NUMBER,
                                  words->lang, link->left, number_of(words, link->left),
                                  link->right, number_of(words, link->right), chance));
    }
    if (link->against)
        g_ptr_array_add(texts, message_format(MSG_LEAD_CONTRADICTED, words->lang, link->left,
                                              link->right, link->against));
}

/* Neither says more of the other: "GARCIA" and "GARCIA LOPEZ", "J" and "JANE", a year and a day of
 * it are no contradiction, nor is what is not recorded. */
static gboolean is_unlike(const char *a, const char *b)
{
    if (!a || !b || strcmp(a, b) == 0)
        return FALSE;
    g_autofree char *left = text_key(a), *right = text_key(b);
    return !g_str_has_prefix(left, right) && !g_str_has_prefix(right, left);
}

static gboolean is_written_otherwise(const LeadPerson *a, const LeadPerson *b)
{
    return is_unlike(a->last, b->last) || is_unlike(a->first, b->first) ||
           is_unlike(a->dob, b->dob);
}

/* "DOE, JANE 1990-05-06 (atf-trace:T1:purchaser)": as this mention is written. */
static char *mention_text(const LeadPerson *person)
{
    const char *last = person->last, *first = person->first, *dob = person->dob;
    return g_strdup_printf("%s%s%s%s%s (%s)", last ? last : "", last && first ? ", " : "",
                           first ? first : "", dob ? " " : "", dob ? dob : "", person->mention);
}

/* Each way in which a person is written unlike before: twins and namesakes may be taken for one. */
static void add_unlike_people(const Words *words, GPtrArray *texts)
{
    const GPtrArray *people = words->evidence->people;
    for (guint i = 0; i < people->len; i++) {
        const LeadPerson *person = people->pdata[i], *first = NULL;
        gboolean told = FALSE;
        for (guint j = 0; !told && j < i; j++) {
            const LeadPerson *other = people->pdata[j];
            if (strcmp(other->entity, person->entity) != 0)
                continue;
            first = first ? first : other;
            told = !is_written_otherwise(person, other);
        }
        if (told || !first)
            continue;
        g_autofree char *one = mention_text(first), *two = mention_text(person);
        g_ptr_array_add(texts, message_format(MSG_LEAD_UNLIKE_PEOPLE, words->lang, one, two));
    }
}

char *lead_counter(const Words *words)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    add_indicators_against(words->evidence, words->lang, texts);
    add_own(words, texts);
    for (guint i = 0; i < words->evidence->links->len; i++) {
        const LeadLink *link = words->evidence->links->pdata[i];
        if (link->probability >= SAME_FIREARM)
            add_link_against(words, link, texts);
    }
    add_unlike_people(words, texts);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}
