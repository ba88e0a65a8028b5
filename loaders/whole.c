/*
 * What a record shows only as a whole: the serial number read in its context, persons and
 * placeholders, licence parts, the earlier trace that a duplicate names, places that follow from
 * others, and dates that contradict each other. Single cells are done before, in map.c.
 */
#include "loaders/map.h"

#include <string.h>

#include "engine/serial/serial.h"
#include "loaders/ffl.h"
#include "loaders/memo.h"
#include "loaders/told.h"

static gboolean has_warning(const Mapper *mapper, const char *code)
{
    for (guint i = 0; i < mapper->warnings->len; i++)
        if (strcmp(g_array_index(mapper->warnings, Flaw, i).code, code) == 0)
            return TRUE;
    return FALSE;
}

/* Damage, or a second number, that the serial's own reader recognises and the cell's look alone
 * does not show. */
static void warn_hint(Mapper *mapper, const char *hint, const char *raw)
{
    static const struct {
        const char *hint, *code;
    } HINTS[] = {{"excel_sci", "excel-sci"},       {"excel_date", "excel-date"},
                 {"excel_error", "excel-error"},   {"excel_round", "excel-round"},
                 {"excel_float", "excel-decimal"}, {"excel_thousands", "excel-thousands"},
                 {"two-numbers", "two-numbers"},   {"two-ends", "two-ends"}};

    for (gsize i = 0; i < G_N_ELEMENTS(HINTS); i++)
        if (strcmp(HINTS[i].hint, hint) == 0 && !has_warning(mapper, HINTS[i].code))
            map_warn(mapper, "serial_number", HINTS[i].code, raw);
}

/* Into the record's own memory: what was allocated here is freed here, not by another thread. */
static void set_made(Record *record, Field field, char *made)
{
    record_set(record, field, made);
    g_free(made);
}

/* A number in the model's cell has so many digits, and so many without a letter. */
#define SWAPPED_DIGITS 4
#define SWAPPED_BARE   6

/* May what stands in the model's cell be a number, and none of a catalogue? One word with
 * SWAPPED_DIGITS digits, more where it has no letter ("03701", "50420"), one hyphen at most
 * ("1-G2C931-12"), that does not tell the model once more ("SKS-1956" beside "SKS"). */
static gboolean may_be_swapped(const char *cell, const char *model)
{
    g_autofree char *number = text_key(cell), *told = text_key(model);
    const char *hyphen = strchr(cell, '-');
    guint digits = 0;

    for (const char *p = cell; *p; p++)
        digits += g_ascii_isdigit(*p);
    return digits >= (digits < strlen(number) ? SWAPPED_DIGITS : SWAPPED_BARE) &&
           !strchr(cell, ' ') && !(hyphen && strchr(hyphen + 1, '-')) &&
           !(strlen(told) > 1 && strstr(number, told));
}

/* Model and serial number in each other's place: a model stands where the number goes, and where
 * the model goes a whole number. */
static void swap_model(Mapper *mapper, Record *record, const SerialContext *context, Serial *serial)
{
    const char *raw = record_get(record, FIELD_SERIAL_NUMBER);
    const char *cell = record_get(record, FIELD_MODEL);
    const char *told = raw ? clean_model_text(mapper->cleaner, raw) : NULL;
    SerialContext bare = *context;

    if (!told || !cell || !may_be_swapped(cell, told))
        return;
    bare.model = NULL;
    Serial number = serial_parse(cell, &bare);
    if (number.kind != SERIAL_FULL || number.hint)
        return;
    g_autofree char *model = g_strdup(told);
    map_warn(mapper, "serial_number", "other-field", cell);
    record_set(record, FIELD_SERIAL_NUMBER, cell);
    record_set(record, FIELD_MODEL, model);
    *serial = number;
}

/* A number that a clerk put elsewhere, its own cell left empty or unknown. Of parts and goods that
 * are no firearm the text may tell what it likes. */
static Serial serial_elsewhere(Mapper *mapper, Record *record, Serial own,
                               const SerialContext *context)
{
    static const Field places[] = {FIELD_ADDITIONAL_MARKINGS, FIELD_NARRATIVE, FIELD_REMARKS};
    static const char *const firearms[] = {"FIREARM", "FRAME_RECEIVER", NULL};
    const char *commodity = record_get(record, FIELD_COMMODITY);
    const CodeTable *table;

    if (own.kind == SERIAL_NOT_A_SERIAL && g_strcmp0(own.taken_for, "model") == 0)
        swap_model(mapper, record, context, &own);
    if (own.kind != SERIAL_UNKNOWN || (commodity && !g_strv_contains(firearms, commodity)))
        return own;
    table = code_table(mapper->cleaner->codes, "serial_words");
    if (!table)
        return own;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *text = record_get(record, places[i]);
        gboolean numbers = text && strpbrk(text, "0123456789");
        g_autofree char *number = numbers ? told_serial(table, text) : NULL;
        Serial serial = serial_parse(number ? number : "", context);
        if (!number || serial.kind != SERIAL_FULL)
            continue;
        map_warn(mapper, "serial_number", "other-field", text);
        record_set(record, FIELD_SERIAL_NUMBER, number);
        return serial;
    }
    return own;
}

#define SERIAL_SLOTS 512
#define SERIAL_KEY   96
#define KEY_END      "\x1f" /* of each text in a key */

/* What a cell without a digit was read as, with what stood beside it. */
struct SerialSlot {
    char key[SERIAL_KEY];
    Serial serial;
};

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

/* Has one of the texts what ends them in a key? Then two readings could share one. */
static gboolean has_key_end(const SerialContext *context)
{
    const char *const texts[] = {context->condition, context->make, context->model,
                                 context->calibre};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] && strstr(texts[i], KEY_END))
            return TRUE;
    return FALSE;
}

/* "NONE" and "GROUND OFF" come again and again with the same firearms, and words take fifty times
 * as long to read as a number. */
static Serial read_serial(Mapper *mapper, const char *raw, const SerialContext *context)
{
    char key[SERIAL_KEY];

    if (strpbrk(raw, "0123456789" KEY_END) || has_key_end(context) ||
        g_snprintf(key, sizeof key,
                   "%s" KEY_END "%s" KEY_END "%d" KEY_END "%s" KEY_END "%s" KEY_END "%s", raw,
                   or_nothing(context->condition), context->obliterated, or_nothing(context->make),
                   or_nothing(context->model), or_nothing(context->calibre)) >= SERIAL_KEY)
        return serial_parse(raw, context);
    if (!mapper->serials)
        mapper->serials = g_new0(SerialSlot, SERIAL_SLOTS);

    SerialSlot *slot = &mapper->serials[g_str_hash(key) % SERIAL_SLOTS];
    if (strcmp(slot->key, key) != 0) {
        slot->serial = serial_parse(raw, context);
        memcpy(slot->key, key, sizeof key);
    }
    return slot->serial;
}

/* A case, document or plate number has at least so many letters and digits. */
#define OWN_MIN 5

/* Are the letters and digits of both the same, at least OWN_MIN of them? As by text_key(), of ASCII
 * alone, which such numbers are. */
static gboolean is_same_number(const char *a, const char *b)
{
    guint n = 0;

    for (; a && b; n++, a++, b++) {
        while (*a && !g_ascii_isalnum(*a))
            a++;
        while (*b && !g_ascii_isalnum(*b))
            b++;
        if (!*a || !*b || g_ascii_toupper(*a) != g_ascii_toupper(*b))
            break;
    }
    return a && b && !*a && !*b && n >= OWN_MIN;
}

/* Does another cell of the record have this number as its own? A clerk who has no serial number
 * writes the case's, which all firearms of the case then share. */
static gboolean is_own_number(const Record *record, const char *number)
{
    static const Field fields[] = {FIELD_SEIZURE_NO, FIELD_AGENCY_CASE_NO, FIELD_OCCURRENCE_NO,
                                   FIELD_TRACE_NO,   FIELD_TRACKING_NO,    FIELD_FFL_NUMBER,
                                   FIELD_FRT_NO,     FIELD_VEHICLE_PLATE};
    static const MentionField cells[] = {MENTION_DOC_NO, MENTION_PHONE};

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (is_same_number(number, record_get(record, fields[i])))
            return TRUE;
    for (guint i = 0; i < record->mentions->len; i++) {
        const Mention *mention = g_ptr_array_index(record->mentions, i);

        for (gsize j = 0; j < G_N_ELEMENTS(cells); j++)
            if (is_same_number(number, mention->value[cells[j]]))
                return TRUE;
    }
    return FALSE;
}

static void finish_serial(Mapper *mapper, Record *record)
{
    const char *raw = record_get(record, FIELD_SERIAL_NUMBER);
    SerialContext context = {
        .condition = record_get(record, FIELD_SERIAL_CONDITION),
        .obliterated = g_strcmp0(record_get(record, FIELD_SERIAL_OBLITERATED), "Y") == 0,
        .make = record_get(record, FIELD_MAKE),
        .model = record_get(record, FIELD_MODEL),
        .calibre = record_get(record, FIELD_CALIBRE),
    };
    Serial serial =
        serial_elsewhere(mapper, record, read_serial(mapper, raw ? raw : "", &context), &context);

    raw = record_get(record, FIELD_SERIAL_NUMBER);
    gboolean referred = g_strcmp0(serial.taken_for, "reference") == 0; /* "Case 24-118845" */

    if (raw && (serial.length > 0 || referred) && is_own_number(record, raw)) {
        serial = (Serial){.kind = SERIAL_NOT_A_SERIAL};
        map_warn(mapper, "serial_number", "own-number", raw);
    }
    record_set(record, FIELD_SERIAL_KIND, serial_kind_name(serial.kind));
    set_made(record, FIELD_SERIAL_PATTERN, serial_pattern(&serial));
    set_made(record, FIELD_SERIAL_CANONICAL, serial_canonical(&serial));
    if (serial.hint && raw)
        warn_hint(mapper, serial.hint, raw);
    if (raw && serial_is_favourite(&serial))
        map_warn(mapper, "serial_number", "favourite-number", raw);
}

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

/* The trace number after "SEE TRACE" in a text, or NULL. */
static char *find_reference(const char *text, const char *references)
{
    g_autofree char *folded = text_fold(text);
    g_auto(GStrv) words = g_strsplit(references, ";", -1);

    for (char **word = words; *word; word++) {
        const char *at = **word ? strstr(folded, *word) : NULL;
        gsize length = 0;

        if (!at)
            continue;
        at += strlen(*word);
        at += strspn(at, " :#.");
        while (g_ascii_isalnum(at[length]) || at[length] == '-')
            length++;
        if (length >= 4 && strcspn(at, "0123456789") < length)
            return g_strndup(at, length);
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
    const char *references = NULL;

    if (record_get(record, FIELD_DISPOSITION))
        references = clean_attribute(mapper->cleaner, "dispositions.references",
                                     record_get(record, FIELD_DISPOSITION));
    if (!references)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        const char *text = raw_cell(mapper, row, TEXTS[i]);
        char *found = text ? find_reference(text, references) : NULL;

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
        finish_serial(mapper, record);
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
