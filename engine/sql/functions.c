/*
 * The engine's SQL functions, for rule files and analysts: dates, business days and serial
 * numbers as the engine itself understands them. All are deterministic, NULL for NULL or for what
 * they cannot read, and none reads anything but its arguments.
 * To add one: a function below and one line in the table.
 */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/error.h"
#include "engine/firearm/serial.h"
#include "engine/sql/sandbox.h"

typedef void (*SqlFunction)(sqlite3_context *context, int n, sqlite3_value **values);

static const char *argument_text(sqlite3_value *value)
{
    return (const char *)sqlite3_value_text(value);
}

static Day argument_day(sqlite3_value *value)
{
    return date_parse(argument_text(value), DATE_ISO);
}

/* g_free'd by SQLite; a NULL text is an SQL NULL. */
static void result_take(sqlite3_context *context, char *text)
{
    if (text)
        sqlite3_result_text(context, text, -1, g_free);
}

static void date_days_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    Day day = argument_day(values[0]);
    if (day != DAY_NONE)
        sqlite3_result_int(context, day);
}

static void business_days_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    Day from = argument_day(values[0]), to = argument_day(values[1]);
    if (from != DAY_NONE && to != DAY_NONE)
        sqlite3_result_int(context, date_business_days(from, to));
}

/* Business days up to and with a date, counted from a fixed day: the difference of two is what
 * business_days() gives, but a window function can range over it. */
static void business_day_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    Day day = argument_day(values[0]);
    if (day == DAY_NONE)
        return;
    Day epoch = date_from_ymd(1968, 1, 1);
    sqlite3_result_int(context, day >= epoch ? date_business_days(epoch, day)
                                             : -date_business_days(day, epoch));
}

static void serial_canonical_run(sqlite3_context *context, G_GNUC_UNUSED int n,
                                 sqlite3_value **values)
{
    const char *text = argument_text(values[0]);
    if (!text)
        return;
    Serial serial = serial_parse(text, NULL);
    result_take(context, serial_canonical(&serial));
}

/* The longest run of digits in a text, the last of equals: a maker's running number, whatever
 * letters stand before or behind it ("ABC123US", "12345B70", "17AP12345"). */
static gboolean number_find(const char *text, gsize *start, gsize *length)
{
    *length = 0;
    for (const char *p = text; *p;) {
        gsize run = strspn(p, "0123456789");
        if (run >= MAX(*length, 1)) {
            *start = (gsize)(p - text);
            *length = run;
        }
        p += run ? run : 1;
    }
    return *length > 0;
}

static void serial_number_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    const char *text = argument_text(values[0]);
    gsize start = 0, length = 0;
    if (text && number_find(text, &start, &length) && length <= 15)
        sqlite3_result_int64(context, (gint64)g_ascii_strtoull(text + start, NULL, 10));
}

static void serial_series_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    const char *text = argument_text(values[0]);
    gsize start = 0, length = 0;
    if (text && number_find(text, &start, &length))
        result_take(context, g_strdup_printf("%.*s#%s", (int)start, text, text + start + length));
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

static gboolean pattern_read(sqlite3_value *value, Serial *serial)
{
    const char *text = argument_text(value);
    return text && serial_from_pattern(text, SERIAL_PARTIAL, serial) && serial->length > 0;
}

static void serial_match_run(sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **values)
{
    Serial pattern, serial;
    if (!pattern_read(values[0], &pattern) || !pattern_read(values[1], &serial))
        return;
    gboolean fits = FALSE;
    for (int shift = -(int)serial.length; !fits && shift <= (int)pattern.length; shift++)
        fits = fits_at(&pattern, &serial, shift);
    sqlite3_result_int(context, fits);
}

#define FUNCTIONS(X)                                                                               \
    X("business_day", 1, business_day_run,                                                         \
      "business_day(date): running number of the business day; differences are business days")     \
    X("business_days", 2, business_days_run,                                                       \
      "business_days(from, to): business days d with from < d <= to (US federal holidays)")        \
    X("date_days", 1, date_days_run, "date_days(date): days since 1970-01-01")                     \
    X("serial_canonical", 1, serial_canonical_run,                                                 \
      "serial_canonical(text): key of a fully known serial number, else NULL")                     \
    X("serial_match", 2, serial_match_run,                                                         \
      "serial_match(pattern, serial): 1 if a serial (or a second pattern) fits, as AB?[8B]12*")    \
    X("serial_number", 1, serial_number_run,                                                       \
      "serial_number(serial): its running number, the longest run of digits")                      \
    X("serial_series", 1, serial_series_run,                                                       \
      "serial_series(serial): the rest, with # for the running number")

static const struct {
    const char *name;
    int arguments;
    SqlFunction run;
} runs[] = {
#define X(name, arguments, run, usage) {name, arguments, run},
    FUNCTIONS(X)
#undef X
};

static const SqlFunctionRow rows[] = {
#define X(name, arguments, run, usage) {name, arguments, usage},
    FUNCTIONS(X)
#undef X
        {NULL, 0, NULL}};

const SqlFunctionRow *sql_functions(void)
{
    return rows;
}

gboolean functions_has(const char *name)
{
    for (const SqlFunctionRow *row = rows; name && row->name; row++)
        if (g_ascii_strcasecmp(row->name, name) == 0)
            return TRUE;
    return FALSE;
}

/* Does the connection know the first function of the table, and so all of them? SQLite refuses to
 * define one anew while a statement runs. json_each is named so that SQLite sets up that table of
 * its own now: it could not do so under the guard. */
static gboolean is_registered(sqlite3 *db)
{
    g_autoptr(SandboxStatement) statement = NULL;
    return sqlite3_prepare_v2(db, "SELECT business_day(NULL) FROM json_each('[]')", -1, &statement,
                              NULL) == SQLITE_OK;
}

gboolean functions_register(sqlite3 *db, GError **error)
{
    if (is_registered(db))
        return TRUE;
    /* the first of the table comes last, so that is_registered() finds a complete set */
    for (guint i = G_N_ELEMENTS(runs); i-- > 0;) {
        int rc = sqlite3_create_function_v2(db, runs[i].name, runs[i].arguments,
                                            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                            NULL, runs[i].run, NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return error_set(error, STATUS_INTERNAL, "cannot register SQL function '%s': %s",
                             runs[i].name, sqlite3_errmsg(db));
    }
    if (!is_registered(db))
        return error_set(error, STATUS_INTERNAL, "cannot use SQL functions: %s",
                         sqlite3_errmsg(db));
    return TRUE;
}
