/*
 * What a record shows only as a whole: persons and placeholders, licence parts, the earlier trace
 * that a duplicate names, places that follow from others, and dates that contradict each other.
 * Single cells are done before, in map.c; the serial number is numbers.c's.
 */
#include "loaders/map.h"

#include <string.h>

#include "engine/serial/serial.h"
#include "loaders/ffl.h"
#include "loaders/memo.h"
#include "loaders/told.h"

static void mention_forget(Mention *mention)
{
    for (int i = 0; i < MENTION_COUNT; i++)
        mention_take(mention, (MentionField)i, NULL);
}

/* A surname cell without a given name may hold a whole name or an organisation. */
static void split_lone_name(Mention *mention)
{
    PersonName name = person_name_parse(mention->value[MENTION_LAST]);

    if (name.organisation) {
        mention_take(mention, MENTION_ORGANISATION, g_strdup(mention->value[MENTION_LAST]));
        mention_take(mention, MENTION_LAST, NULL);
    } else if (strchr(mention->value[MENTION_LAST], ',') && name.last) {
        mention_take(mention, MENTION_LAST, g_strdup(name.last));
        mention_take(mention, MENTION_FIRST, g_strdup(name.first));
        mention_take(mention, MENTION_MIDDLE, g_strdup(name.middle));
    }
    person_name_clear(&name);
}

/* Is the name as a whole a placeholder of which no part is one: "FOUND" "PROPERTY"? */
static gboolean is_placeholder(Cleaner *cleaner, const char *first, const char *last)
{
    g_autofree char *whole = NULL;

    if (!clean_may_be_placeholder(cleaner, last) || !clean_may_be_placeholder(cleaner, first))
        return FALSE;
    whole = g_strconcat(first, " ", last, NULL);
    return person_is_placeholder(cleaner->people, whole);
}

/* Is what stands there no person at all? Words for "not known" in one part alone are dropped. */
static gboolean is_nobody(Mapper *mapper, Mention *mention)
{
    Cleaner *cleaner = mapper->cleaner;
    const char *last = mention->value[MENTION_LAST], *first = mention->value[MENTION_FIRST];
    gboolean no_last = !last || clean_is_placeholder(cleaner, last);
    gboolean no_first = !first || clean_is_placeholder(cleaner, first);

    if (mention->value[MENTION_MIDDLE] &&
        clean_is_placeholder(cleaner, mention->value[MENTION_MIDDLE]))
        mention_take(mention, MENTION_MIDDLE, NULL);
    if (!last && !first)
        return FALSE;
    if ((no_last && no_first) || (last && first && is_placeholder(cleaner, first, last)))
        return TRUE;
    if (last && no_last && clean_is_nothing(cleaner, last))
        mention_take(mention, MENTION_LAST, NULL);
    if (first && no_first)
        mention_take(mention, MENTION_FIRST, NULL);
    return FALSE;
}

static gboolean has_name(const Mention *mention)
{
    return mention->value[MENTION_LAST] || mention->value[MENTION_FIRST] ||
           mention->value[MENTION_ORGANISATION];
}

/* A nameless mention is worth keeping for an address, phone or document alone. */
static void finish_mention(Mapper *mapper, Mention *mention)
{
    char **value = mention->value;

    if (value[MENTION_LAST] && !value[MENTION_FIRST] && !value[MENTION_ORGANISATION] &&
        !clean_is_placeholder(mapper->cleaner, value[MENTION_LAST]))
        split_lone_name(mention);
    if (is_nobody(mapper, mention) || (!has_name(mention) && !value[MENTION_STREET] &&
                                       !value[MENTION_PHONE] && !value[MENTION_DOC_NO])) {
        mention_forget(mention);
        return;
    }
    if (mapper->list)
        mention_set(mention, MENTION_LIST, mapper->list);
    if (value[MENTION_STREET]) {
        g_autofree char *key = address_key(value[MENTION_STREET], value[MENTION_CITY],
                                           value[MENTION_REGION], value[MENTION_POSTAL]);

        mention_set(mention, MENTION_ADDRESS_KEY, key);
    }
}

/* Does the text end with one of the words, of its own? */
static gboolean ends_with_word(const char *text, gsize length, char *const *words)
{
    g_autofree char *front = g_strchomp(g_strndup(text, length));

    for (; *words; words++) {
        const char *at = front + strlen(front) - strlen(*words);

        if (**words && g_str_has_suffix(front, *words) && (at == front || !g_ascii_isalnum(at[-1])))
            return TRUE;
    }
    return FALSE;
}

/* The number right behind a word of reference, or NULL; g_free. */
static char *number_behind(const char *at)
{
    gsize length = 0;

    at += strspn(at, " :#.");
    while (g_ascii_isalnum(at[length]) || at[length] == '-')
        length++;
    return length >= 4 && strcspn(at, "0123456789") < length ? g_strndup(at, length) : NULL;
}

/* The trace number after "SEE TRACE" in a text, unless the text denies it: "NOT DUPLICATE OF"; or
 * NULL. */
static char *find_reference(const char *text, const char *references, const char *denials)
{
    g_autofree char *folded = text_fold(text);
    g_auto(GStrv) words = g_strsplit(references, ";", -1);
    g_auto(GStrv) denied = g_strsplit(denials ? denials : "", ";", -1);

    for (char **word = words; *word; word++) {
        const char *at = **word ? strstr(folded, *word) : NULL;

        if (!at || ends_with_word(folded, (gsize)(at - folded), denied))
            continue;
        char *number = number_behind(at + strlen(*word));
        if (number)
            return number;
    }
    return NULL;
}

/* The cell as received of the column that fills a field. */
static const char *raw_cell(const Mapper *mapper, const Row *row, Field field)
{
    for (guint i = 0; i < mapper->profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(mapper->profile, i);

        if (!column->role && column->target == (int)field && mapper->cells[i] >= 0)
            return row->cells[mapper->cells[i]];
    }
    return NULL;
}

/* Make and model that stand in each other's place: "P320", "SIG SAUER". It must be known as a model
 * of that make: "80% LOWER" or "3D-PRINT" beside "GLOCK" is no Glock. */
static gboolean swap_make(Mapper *mapper, const char *cell, Record *record)
{
    const char *make = record_get(record, FIELD_MAKE);
    const char *named =
        make && cell && strpbrk(make, "0123456789") &&
                !code_cell(code_table(mapper->cleaner->codes, "makes"), make, "aliases")
            ? clean_code(mapper->cleaner, "makes", cell)
            : NULL;
    const SerialContext context = {.make = named};

    if (!named || g_strcmp0(serial_parse(make, &context).taken_for, "model") != 0)
        return FALSE;
    map_warn(mapper, "make", "other-field", cell);
    record_set(record, FIELD_MODEL, clean_model_text(mapper->cleaner, make));
    record_set(record, FIELD_MAKE, named);
    return TRUE;
}

/* A make that only the model's cell tells. */
static void finish_make(Mapper *mapper, const Row *row, Record *record)
{
    const char *cell = raw_cell(mapper, row, FIELD_MODEL);
    if (swap_make(mapper, cell, record))
        return;
    const char *model = record_get(record, FIELD_MAKE) ? NULL : cell;
    const char *make = model ? clean_model_make(mapper->cleaner, model) : NULL;

    if (!make)
        return;
    map_warn(mapper, "make", "other-field", model);
    record_set(record, FIELD_MAKE, make);
}

/* Does a model begin as one of a list does? */
static gboolean is_model_of(const char *models, const char *model)
{
    g_auto(GStrv) words = g_strsplit(models ? models : "", ";", -1);

    for (char **word = words; *word; word++)
        if (**word && g_str_has_prefix(model, *word))
            return TRUE;
    return FALSE;
}

/* A seller's name over what another makes: the XD of "SPRINGFIELD ARMORY". */
static void finish_maker(Mapper *mapper, Record *record)
{
    const CodeTable *makes = code_table(mapper->cleaner->codes, "makes");
    const char *make = record_get(record, FIELD_MAKE);
    const char *made_by = make ? code_cell(makes, make, "made_by") : NULL;
    const char *model = record_get(record, FIELD_MODEL);

    if (made_by && *made_by && (!model || is_model_of(code_cell(makes, make, "models"), model)))
        record_set(record, FIELD_MAKE, made_by);
}

static void finish_duplicate(Mapper *mapper, const Row *row, Record *record)
{
    static const Field TEXTS[] = {FIELD_REMARKS, FIELD_DISPOSITION, FIELD_NARRATIVE};
    const char *disposition = record_get(record, FIELD_DISPOSITION);
    const CodeTable *table = code_table(mapper->cleaner->codes, "dispositions");
    const char *references =
        disposition && table ? code_cell(table, disposition, "references") : NULL;

    if (!references || !*references)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        const char *text = raw_cell(mapper, row, TEXTS[i]);
        char *found =
            text ? find_reference(text, references, code_cell(table, disposition, "denials"))
                 : NULL;

        if (found) {
            record_take(record, FIELD_DUPLICATE_OF, found);
            return;
        }
    }
}

/* An office by its name, the province of an office, the country of a province: only what a table
 * states, and only where the row says nothing itself. */
static void finish_places(Mapper *mapper, Record *record)
{
    Cleaner *cleaner = mapper->cleaner;
    const char *name = record_get(record, FIELD_OFFICE_NAME), *office, *region;

    if (name && !record_get(record, FIELD_OFFICE_CODE))
        record_set(record, FIELD_OFFICE_CODE, clean_code(cleaner, "offices", name));
    office = record_get(record, FIELD_OFFICE_CODE);
    if (office && !record_get(record, FIELD_EVENT_REGION))
        record_set(record, FIELD_EVENT_REGION, clean_attribute(cleaner, "offices.region", office));
    region = record_get(record, FIELD_EVENT_REGION);
    if (region && !record_get(record, FIELD_EVENT_COUNTRY))
        record_set(record, FIELD_EVENT_COUNTRY,
                   clean_attribute(cleaner, "regions.country", region));
}

/* A recovery before the purchase: one of the two is wrong, and the purchase is the one that was
 * recorded by two parties. A time to crime that differs from the dates is not used anywhere. */
static void check_dates(Mapper *mapper, const Row *row, Record *record)
{
    const char *bought = record_get(record, FIELD_PURCHASE_DATE);
    const char *found = record_get(record, FIELD_EVENT_DATE);
    const char *supplied = record_get(record, FIELD_TIME_TO_CRIME);
    Day days;

    if (!bought || !found)
        return;
    days = date_parse(found, DATE_ISO) - date_parse(bought, DATE_ISO);
    if (days < 0) {
        map_warn(mapper, "recovery_date", "recovery-before-purchase",
                 raw_cell(mapper, row, FIELD_EVENT_DATE));
        record_take(record, FIELD_EVENT_DATE, NULL);
    } else if (supplied && g_ascii_strtoll(supplied, NULL, 10) != days) {
        map_warn(mapper, "time_to_crime_days", "ttc-differs",
                 raw_cell(mapper, row, FIELD_TIME_TO_CRIME));
    }
}

void record_finish(Mapper *mapper, const Row *row, Record *record)
{
    const char *ffl = record_get(record, FIELD_FFL_NUMBER);

    finish_make(mapper, row, record);
    finish_maker(mapper, record);
    if (mapper->has_serial)
        record_finish_serial(mapper, record);
    for (guint i = 0; i < record->mentions->len; i++)
        finish_mention(mapper, g_ptr_array_index(record->mentions, i));
    record_drop_empty_mentions(record);
    if (ffl) {
        FflParts parts;

        ffl_parts(ffl, &parts);
        record_set(record, FIELD_RDS_KEY, parts.rds_key);
        record_set(record, FIELD_FFL_TYPE, parts.type);
    }
    finish_duplicate(mapper, row, record);
    finish_places(mapper, record);
    check_dates(mapper, row, record);
}
