/*
 * What people read about a row that was rejected or is suspicious: one table of reason codes and
 * texts, the value in question behind it. The codes are stable; scripts depend on them. And how
 * many rejects a file may have before it is none of its kind.
 */
#include "loaders/remark.h"

#include <string.h>

#include "engine/base/error.h"

#define VALUE_MAX       80    /* characters of a value that a message shows */
#define REJECTS_MAX     10000 /* of one file, when no other limit is given */
#define REJECTS_PERCENT 10    /* likewise; a file with few rejects is not judged by it */
#define REJECTS_FEW     10

static const struct {
    const char *code, *text;
} REASONS[] = {
    {"quote", "a quote stands where none may be"},
    {"unclosed", "a quote is opened and never closed"},
    {"nul", "a NUL byte in the row"},
    {"field-size", "a field or record is too long"},
    {"columns", "the number of columns is not that of the header"},
    {"encoding", "bytes that are no text in the encoding of the file"},
    {"missing-key", "the row has no key"},
    {"bad-key", "the key has no digit (a footer?), is too long, or has signs that do not show"},
    {"missing-value", "a required value is missing"},
    {"bad-date", "not a date in the order of the file"},
    {"future-date", "a date after the as-of date, not used"},
    {"recovery-before-purchase", "recovered before it was bought, date not used"},
    {"ttc-differs", "time to crime is not what the dates say"},
    {"bad-number", "not a whole number of days"},
    {"bad-ffl", "not a federal firearms licence number"},
    {"unknown-code", "no table knows this code"},
    {"excel-sci", "a spreadsheet made this scientific"},
    {"excel-date", "a spreadsheet made a date of this"},
    {"excel-error", "a spreadsheet error, not a value"},
    {"excel-day", "a spreadsheet's day number, read as a date"},
    {"excel-zero", "a spreadsheet took leading zeros, restored"},
    {"excel-round", "a spreadsheet rounded this"},
    {"excel-decimal", "a spreadsheet added decimals"},
    {"excel-thousands", "a spreadsheet set signs between thousands"},
    {"excel-formula", "a spreadsheet's formula around it, taken off"},
    {"other-field", "a value from another field stands in: the cell itself has none"},
    {"own-number", "this record's own case, document, plate or licence number: no serial number"},
    {"two-numbers", "two numbers in one cell, one of them is used"},
    {"favourite-number", "a number that people make up: it joins nothing by itself"},
    {"two-ends", "the beginning and the end of a number, the longer of them is used"},
    {"displaced", "this column's value stands for the person, another column's is in the raw row"},
    {"padding", "empty cells behind the last column, in this and perhaps other rows"},
    {"purged", "this record was purged under a retention clock; its row is not kept"},
    {"date-order", "more dates are of an order that the profile does not allow (see --dates)"},
    {"may-be-cut", "the file ends in this row's last value, without a line end: it may be cut"},
    {"cut-header", "the file ends in its header, without a line end: it may be cut"},
    {"no-rows", "there is a header and no row of data"},
    {"repeated-header", "the header once more, passed over"},
};

gboolean reason_is_aside(const char *code)
{
    return strcmp(code, "may-be-cut") == 0 || strcmp(code, "favourite-number") == 0;
}

const char *reason_text(const char *code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(REASONS); i++)
        if (strcmp(REASONS[i].code, code) == 0)
            return REASONS[i].text;
    return code;
}

static char *message_of(const Row *row, const Flaw *flaw)
{
    const char *text = reason_text(flaw->code);
    g_autofree char *value = flaw->value ? text_squeeze(flaw->value) : g_strdup("");

    if (strcmp(flaw->code, "quote") == 0 && row->raw && strstr(row->raw, "\\\""))
        return g_strconcat(text, "; a backslash does not escape a quote in CSV", NULL);
    if (!*value)
        return g_strdup(text);
    if (g_utf8_strlen(value, -1) > VALUE_MAX)
        *g_utf8_offset_to_pointer(value, VALUE_MAX) = '\0';
    return g_strdup_printf("%s: '%s'", text, value);
}

static gboolean send(const RemarkSink *sink, const Remark *remark, GError **error)
{
    if (sink->listener)
        sink->listener(sink->file, remark, sink->data);
    return store_put_remark(sink->store, sink->file_id, remark, error);
}

gboolean remark_reject(const RemarkSink *sink, const BatchRow *one, GError **error)
{
    const Row *row = &one->row;
    const Flaw *flaw = &one->flaw;
    g_autofree char *message = message_of(row, flaw);
    Remark remark = {.type = REMARK_REJECT,
                     .line = row->line,
                     .field = flaw->field,
                     .code = flaw->code,
                     .message = message,
                     .raw = row->raw,
                     .confidential = one->confidential};

    /* a row that says nothing of its source does not disclose what is known of it */
    return (remark.confidential || !one->ref ||
            store_is_confidential(sink->store, one->ref, &remark.confidential, error)) &&
           send(sink, &remark, error);
}

gboolean remark_warning(const RemarkSink *sink, const Row *row, const char *ref, const Flaw *flaw,
                        GError **error)
{
    g_autofree char *message = message_of(row, flaw);
    Remark remark = {.type = REMARK_WARNING,
                     .line = row->line,
                     .ref = ref,
                     .field = flaw->field,
                     .code = flaw->code,
                     .message = message};

    return send(sink, &remark, error);
}

gboolean reject_limit_parse(const char *text, RejectLimit *limit, GError **error)
{
    guint64 number;
    g_autofree char *digits = NULL;

    *limit = (RejectLimit){REJECTS_MAX, REJECTS_PERCENT, REJECTS_FEW};
    if (!text)
        return TRUE;
    digits = g_strndup(text, strlen(text) - g_str_has_suffix(text, "%"));
    if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &number, NULL) ||
        (g_str_has_suffix(text, "%") && number > 100))
        return error_set(error, STATUS_USAGE, "'%s' is no number of rejects and no percentage",
                         text);
    if (g_str_has_suffix(text, "%"))
        *limit = (RejectLimit){G_MAXUINT64, (double)number, 0};
    else
        *limit = (RejectLimit){number, 100, 0};
    return TRUE;
}

gboolean reject_limit_passed(const RejectLimit *limit, guint64 rejects, guint64 rows)
{
    return rejects > limit->most ||
           (rejects > limit->few && (double)rejects * 100 > limit->percent * (double)rows);
}
