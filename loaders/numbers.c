/*
 * A record's serial number, read together with the cells beside it: one that stands in the model's
 * cell or in a text, one that is another number of the record, and what a spreadsheet did to it.
 * The number's own notation is engine/serial's business.
 */
#include "loaders/map.h"

#include <string.h>

#include "engine/serial/serial.h"
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

/* Is a number of so many digits one of the make's catalogue ("03701" of RUGER)? */
static gboolean is_catalogue(const CodeTable *makes, const char *make, guint digits)
{
    const char *cell = makes && make ? code_cell(makes, make, "catalogue") : NULL;
    g_auto(GStrv) counts = g_strsplit(cell ? cell : "", ";", -1);

    for (char **count = counts; *count; count++)
        if (**count && g_ascii_strtoull(*count, NULL, 10) == digits)
            return TRUE;
    return FALSE;
}

/* Has what stands in the model's cell as many digits as a number needs, more where it has no
 * letter, and not as many as one of the make's catalogue? */
static gboolean has_digits(const Mapper *mapper, const char *make, const char *number)
{
    const CodeTable *forms = code_table(mapper->cleaner->codes, "number_forms");
    guint digits = 0;

    if (!forms)
        return FALSE;
    for (const char *p = number; *p; p++)
        digits += g_ascii_isdigit(*p);
    gboolean alone = digits == strlen(number);
    const char *least = code_cell(forms, "SWAPPED", alone ? "digits_alone" : "digits");
    return least && digits >= g_ascii_strtoull(least, NULL, 10) &&
           !(alone && is_catalogue(code_table(mapper->cleaner->codes, "makes"), make, digits));
}

/* May what stands in the model's cell be a number, and none of a catalogue? One word with digits
 * enough, one hyphen at most ("1-G2C931-12"), that does not tell the model once more ("SKS-1956"
 * beside "SKS"). */
static gboolean may_be_swapped(const Mapper *mapper, const char *make, const char *cell,
                               const char *model)
{
    g_autofree char *number = text_key(cell), *told = text_key(model);
    const char *hyphen = strchr(cell, '-');

    return has_digits(mapper, make, number) && !strchr(cell, ' ') &&
           !(hyphen && strchr(hyphen + 1, '-')) && !(strlen(told) > 1 && strstr(number, told));
}

/* Model and serial number in each other's place: a model stands where the number goes, and where
 * the model goes a whole number. */
static void swap_model(Mapper *mapper, Record *record, const SerialContext *context, Serial *serial)
{
    const char *raw = record_get(record, FIELD_SERIAL_NUMBER);
    const char *cell = record_get(record, FIELD_MODEL);
    const char *told = raw ? clean_model_text(mapper->cleaner, raw) : NULL;
    SerialContext bare = *context;

    if (!told || !cell || !may_be_swapped(mapper, context->make, cell, told))
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

/* May a text tell the number that its own cell does not: one left empty or unknown, one with what
 * is no number of a firearm, one that says that it is gone from the metal? */
static gboolean may_be_told(const Serial *own)
{
    return own->kind == SERIAL_UNKNOWN || own->kind == SERIAL_NOT_A_SERIAL ||
           own->kind == SERIAL_OBLITERATED;
}

/* A number that a clerk put elsewhere. Of parts and goods that are no firearm the text may tell
 * what it likes. */
static Serial serial_elsewhere(Mapper *mapper, Record *record, Serial own,
                               const SerialContext *context)
{
    static const Field places[] = {FIELD_ADDITIONAL_MARKINGS, FIELD_NARRATIVE, FIELD_REMARKS};
    static const char *const firearms[] = {"FIREARM", "FRAME_RECEIVER", NULL};
    const char *commodity = record_get(record, FIELD_COMMODITY);
    /* Where it is gone a text may tell of other firearms, whose numbers are there. */
    gboolean gone = own.kind == SERIAL_OBLITERATED;
    const CodeTable *table;

    if (own.kind == SERIAL_NOT_A_SERIAL && g_strcmp0(own.taken_for, "model") == 0)
        swap_model(mapper, record, context, &own);
    table = code_table(mapper->cleaner->codes, "serial_words");
    if (!table || (commodity && !g_strv_contains(firearms, commodity)))
        return own;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *text = record_get(record, places[i]);
        gboolean numbers = text && strpbrk(text, "0123456789") && may_be_told(&own);
        g_autofree char *number = numbers ? told_serial(table, text, gone) : NULL;
        Serial serial = serial_parse(number ? number : "", context);
        if (!number || (serial.kind != SERIAL_FULL && serial.kind != SERIAL_RESTORED))
            continue;
        map_warn(mapper, "serial_number", "other-field", text);
        record_set(record, FIELD_SERIAL_NUMBER, number);
        if (gone)
            serial.kind = SERIAL_RESTORED;
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

void record_finish_serial(Mapper *mapper, Record *record)
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
