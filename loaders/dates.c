/*
 * Dates of a file and what spreadsheets do to cells. The order of day and month is decided once
 * for a file, by which order reads the most required dates, then the most dates, then by the
 * profile's list; a row never decides for itself.
 */
#include "loaders/dates.h"

#include <string.h>

#define EXCEL_EPOCH 25569 /* spreadsheet day number of 1970-01-01 */
#define FAR_DAY     47482 /* 2100-01-01, the limit when no as-of is given */

static gboolean all_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static gboolean is_month(const char *text, gsize length)
{
    static const char *const MONTHS[] = {"JAN",  "FEB", "MAR", "APR",  "MAY",  "JUN",  "JUL",
                                         "AUG",  "SEP", "OCT", "NOV",  "DEC",  "JANV", "FEVR",
                                         "MARS", "AVR", "MAI", "JUIN", "JUIL", "AOUT", "SEPT"};

    for (gsize i = 0; i < G_N_ELEMENTS(MONTHS); i++)
        if (strlen(MONTHS[i]) == length && strncmp(MONTHS[i], text, length) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_scientific(const char *text)
{
    gsize n = strspn(text, "0123456789");

    if (n != 1)
        return FALSE;
    if (text[n] == '.' || text[n] == ',')
        n += 1 + strspn(text + n + 1, "0123456789");
    return (text[n] == 'E' || text[n] == 'e') && text[n + 1] == '+' && all_digits(text + n + 2);
}

/* "3-Mar", "Mar-03", "mars-23": what a spreadsheet makes of MAR3. */
static gboolean is_short_date(const char *text)
{
    const char *dash = strchr(text, '-');
    g_autofree char *folded = NULL;
    gsize left;

    if (!dash || strlen(text) > 12)
        return FALSE;
    folded = text_fold(text);
    dash = strchr(folded, '-');
    left = (gsize)(dash - folded);
    if (is_month(folded, left))
        return all_digits(dash + 1) && strlen(dash + 1) <= 4;
    return left >= 1 && left <= 2 && strspn(folded, "0123456789") == left &&
           is_month(dash + 1, strlen(dash + 1));
}

gboolean is_decimal_zero(const char *text)
{
    gsize n = strspn(text, "0123456789");

    return n > 0 && (text[n] == '.' || text[n] == ',') && text[n + 1] == '0' &&
           strspn(text + n + 1, "0") == strlen(text + n + 1);
}

const char *excel_damage(const char *cell)
{
    if (is_scientific(cell))
        return "excel-sci";
    if (is_short_date(cell))
        return "excel-date";
    return is_decimal_zero(cell) ? "excel-decimal" : NULL;
}

gboolean is_day_number(const char *cell)
{
    gsize n = strspn(cell, "0123456789");

    return n > 0 && n <= 5 && (!cell[n] || (cell[n] == '.' && all_digits(cell + n + 1)));
}

static Day from_day_number(const Cleaner *cleaner, const char *cell, const char **problem)
{
    guint64 number = g_ascii_strtoull(cell, NULL, 10);
    Day last = cleaner->as_of == DAY_NONE ? FAR_DAY : cleaner->as_of;

    if (number < EXCEL_EPOCH || (gint64)number - EXCEL_EPOCH > last) {
        *problem = "bad-date";
        return DAY_NONE;
    }
    *problem = "excel-day";
    return (Day)((gint64)number - EXCEL_EPOCH);
}

Day clean_day(const Cleaner *cleaner, const char *cell, const char **problem)
{
    Day day = date_parse(cell, cleaner->order);

    if (day == DAY_NONE && strpbrk(cell, " \t\xC2\xE2")) {
        g_autofree char *squeezed = text_squeeze(cell);

        day = date_parse(squeezed, cleaner->order);
    }
    if (day != DAY_NONE)
        return day;
    if (is_day_number(cell))
        return from_day_number(cleaner, cell, problem);
    *problem = "bad-date";
    return DAY_NONE;
}

/* How many dates each order reads. */
typedef struct {
    guint order;
    guint64 required, all;
} Tally;

static void tally_cell(Tally *tallies, guint n, const char *cell, gboolean required)
{
    for (guint i = 0; i < n; i++) {
        if (date_parse(cell, tallies[i].order) == DAY_NONE)
            continue;
        tallies[i].all++;
        tallies[i].required += required;
    }
}

static void tally_row(const Profile *profile, const int *cells, const Row *row, Tally *tallies,
                      guint n)
{
    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);
        const char *cell = cells[i] < 0 ? "" : row->cells[cells[i]];

        if (*cell && normaliser_is_date(column->normaliser) && !is_day_number(cell))
            tally_cell(tallies, n, cell, column->required);
    }
}

static guint candidates(const Profile *profile, guint forced, Tally tallies[3])
{
    static const guint ORDERS[] = {DATE_ISO, DATE_DMY, DATE_MDY};
    guint n = 0;

    for (guint i = 0; i < 3; i++) {
        guint order = forced ? forced & ORDERS[i] : profile->orders[i];

        if (order)
            tallies[n++] = (Tally){order, 0, 0};
    }
    return n;
}

guint dates_decide(const DatesQuestion *question, GError **error)
{
    Tally tallies[3], *best = tallies;
    guint n = candidates(question->profile, question->forced, tallies);
    g_autoptr(Reader) reader = NULL;
    ReadResult result;
    Row row;

    if (n <= 1)
        return n ? tallies[0].order : DATE_ISO;
    reader = reader_new(question->source, question->header->delimiter, question->header->skip,
                        question->header->n, error);
    if (!reader)
        return 0;
    while ((result = reader_next(reader, &row, error)) > READ_END)
        if (result == READ_ROW)
            tally_row(question->profile, question->cells, &row, tallies, n);
    if (result == READ_FAILED)
        return 0;
    for (Tally *tally = tallies + 1; tally < tallies + n; tally++)
        if (tally->required > best->required ||
            (tally->required == best->required && tally->all > best->all))
            best = tally;
    return best->order;
}

const char *dates_name(guint order)
{
    return order == DATE_DMY ? "DMY" : order == DATE_MDY ? "MDY" : "ISO";
}
