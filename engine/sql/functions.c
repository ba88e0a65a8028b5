/*
 * The engine's SQL functions that need nothing but their arguments: dates, business days, serial
 * numbers, texts, as the engine itself understands them. NULL for NULL or for what they cannot
 * read. What names them and registers them is register.c.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/person/name.h"
#include "engine/serial/running.h"
#include "engine/serial/serial.h"
#include "engine/sql/functions.h"
#include "loaders/ffl.h"

void result_take(sqlite3_context *context, char *text)
{
    if (text)
        sqlite3_result_text(context, text, -1, g_free);
}

void date_days_run(sqlite3_context *context, const char *const *text,
                   G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Day day = date_parse(text[0], DATE_ISO);
    if (day != DAY_NONE)
        sqlite3_result_int(context, day);
}

void business_days_run(sqlite3_context *context, const char *const *text,
                       G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Day from = date_parse(text[0], DATE_ISO), to = date_parse(text[1], DATE_ISO);
    if (from != DAY_NONE && to != DAY_NONE)
        sqlite3_result_int(context, date_business_days(from, to));
}

/* Business days up to and with a date, counted from a fixed day: the difference of two is what
 * business_days() gives, but a window function can range over it. */
void business_day_run(sqlite3_context *context, const char *const *text,
                      G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Day day = date_parse(text[0], DATE_ISO);
    if (day == DAY_NONE)
        return;
    Day epoch = date_from_ymd(1968, 1, 1);
    sqlite3_result_int(context, day >= epoch ? date_business_days(epoch, day)
                                             : -date_business_days(day, epoch));
}

void serial_canonical_run(sqlite3_context *context, const char *const *text,
                          G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial serial = serial_parse(text[0], NULL);
    result_take(context, serial_canonical(&serial));
}

void serial_key_run(sqlite3_context *context, const char *const *text,
                    G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial serial = serial_parse(text[0], NULL);
    char *key = serial_canonical(&serial);
    if (!key && serial.length > 0)
        key = serial_pattern(&serial);
    result_take(context, key);
}

void serial_ncic_run(sqlite3_context *context, const char *const *text,
                     G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial serial = serial_parse(text[0], NULL);
    result_take(context, serial_ncic(&serial));
}

void serial_bits_run(sqlite3_context *context, const char *const *text,
                     G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial serial = serial_parse(text[0], NULL);
    sqlite3_result_double(context, serial_information(&serial));
}

void serial_kind_run(sqlite3_context *context, const char *const *text,
                     G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial serial = serial_parse(text[0], NULL);
    sqlite3_result_text(context, serial_kind_name(serial.kind), -1, SQLITE_STATIC);
}

void serial_number_run(sqlite3_context *context, const char *const *text,
                       G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    SerialRunning running;
    if (serial_running(text[0], &running) && running.number >= 0)
        sqlite3_result_int64(context, running.number);
}

void serial_series_run(sqlite3_context *context, const char *const *text,
                       G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    SerialRunning running;
    if (serial_running(text[0], &running))
        result_take(context, g_strdup_printf("%.*s#%s", (int)running.start, text[0],
                                             text[0] + running.start + running.length));
}

/* O and 0, I and 1 are one character, as in the canonical form. */
static CharSet set_fold(CharSet set)
{
    static const char *const same[] = {"0O", "1I"};
    for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
        CharSet pair = ((CharSet)1 << (same[i][0] - '0')) | ((CharSet)1 << (same[i][1] - 'A' + 10));
        if (set & pair)
            set |= pair;
    }
    return set;
}

/* Position i of a serial that is laid `shift` to the right; beyond an open end anything may be. */
static CharSet set_at(const Serial *serial, int index)
{
    if (index < 0)
        return serial->open_left ? CHARSET_ANY : 0;
    if (index >= (int)serial->length)
        return serial->open_right ? CHARSET_ANY : 0;
    return set_fold(serial->set[index]);
}

static gboolean fits_at(const Serial *pattern, const Serial *serial, int shift)
{
    int from = MIN(0, shift), to = MAX((int)pattern->length, shift + (int)serial->length);
    for (int i = from; i < to; i++)
        if ((set_at(pattern, i) & set_at(serial, i - shift)) == 0)
            return FALSE;
    return TRUE;
}

static gboolean pattern_read(const char *text, Serial *serial)
{
    return serial_from_pattern(text, SERIAL_PARTIAL, serial) && serial->length > 0;
}

void serial_match_run(sqlite3_context *context, const char *const *text,
                      G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    Serial pattern, serial;
    if (!pattern_read(text[0], &pattern) || !pattern_read(text[1], &serial))
        return;
    gboolean fits = FALSE;
    for (int shift = -(int)serial.length; !fits && shift <= (int)pattern.length; shift++)
        fits = fits_at(&pattern, &serial, shift);
    sqlite3_result_int(context, fits);
}

/* ---- keys of texts ---------------------------------------------------------------------- */

void address_key_run(sqlite3_context *context, const char *const *text,
                     G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    result_take(context, address_key(text[0], text[1], text[2], NULL));
}

void dealer_key_run(sqlite3_context *context, const char *const *text,
                    G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    FflParts parts;

    ffl_parts(text[0], &parts);
    result_take(context, *parts.rds_key ? g_strdup(parts.rds_key) : NULL);
}

void text_fold_run(sqlite3_context *context, const char *const *text,
                   G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    result_take(context, text_fold(text[0]));
}

void text_key_run(sqlite3_context *context, const char *const *text,
                  G_GNUC_UNUSED SqlKnowledge *knowledge)
{
    result_take(context, text_key(text[0]));
}
