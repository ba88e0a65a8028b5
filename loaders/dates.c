/*
 * Dates of a file and what spreadsheets do to cells. The order of day and month is decided once
 * for a file, by which order reads the most required dates, then the most dates, then by the
 * profile's list; a row never decides for itself. What no order reads otherwise needs none: a day
 * behind its year, a month in letters.
 */
#include "loaders/dates.h"

#include <string.h>

#include "engine/person/birth.h"

#define EXCEL_EPOCH 25569 /* spreadsheet day number of 1970-01-01 */
#define FAR_DAY     47482 /* 2100-01-01, the limit when no as-of is given */

/* The month that a folded word names in English or French, written out or cut after three letters
 * or more; 0: none, or "JUI" of two. */
static int month_named(const char *word, gsize length)
{
    static const char *const MONTHS[][2] = {
        {"JANUARY", "JANVIER"}, {"FEBRUARY", "FEVRIER"},  {"MARCH", "MARS"},
        {"APRIL", "AVRIL"},     {"MAY", "MAI"},           {"JUNE", "JUIN"},
        {"JULY", "JUILLET"},    {"AUGUST", "AOUT"},       {"SEPTEMBER", "SEPTEMBRE"},
        {"OCTOBER", "OCTOBRE"}, {"NOVEMBER", "NOVEMBRE"}, {"DECEMBER", "DECEMBRE"}};
    int found = 0;

    for (int month = 0; length >= 3 && month < 12; month++) {
        gboolean named = strncmp(MONTHS[month][0], word, length) == 0 ||
                         strncmp(MONTHS[month][1], word, length) == 0;

        if (named && found)
            return 0;
        found = named ? month + 1 : found;
    }
    return found;
}

#define DATE_WORDS 3

/* "20-MAY-2023", "May 20, 2023", "1er mai 2023": no order can read it otherwise. A time of day
 * may follow. */
static Day named_day(const char *cell)
{
    g_autofree char *folded = text_fold(cell);
    int number[DATE_WORDS], month = 0;
    guint n = 0, numbers = 0;

    for (const char *p = folded; n < DATE_WORDS; n++) {
        gsize letters, digits;

        p += strspn(p, " -/.,");
        digits = strspn(p, "0123456789");
        letters = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (digits > 4 || (digits == 0 && (month || !(month = month_named(p, letters)))))
            return DAY_NONE;
        if (digits)
            number[numbers++] = (int)g_ascii_strtoull(p, NULL, 10);
        p += digits ? digits : letters;
        if (digits && digits < 3 && strncmp(p, "ER ", 3) == 0)
            p += 2;
        if (n + 1 == DATE_WORDS && *p && (*p != ' ' || strchr(p, ':') == NULL))
            return DAY_NONE;
    }
    if (numbers != 2)
        return DAY_NONE;
    return number[0] > 31 ? date_from_ymd(number[0], month, number[1])
                          : date_from_ymd(number[1], month, number[0]);
}

static gboolean is_scientific(const char *text)
{
    gsize n = strspn(text, "0123456789");

    if (n != 1)
        return FALSE;
    if (text[n] == '.' || text[n] == ',')
        n += 1 + strspn(text + n + 1, "0123456789");
    return (text[n] == 'E' || text[n] == 'e') && text[n + 1] == '+' && text_is_digits(text + n + 2);
}

/* "3-Mar", "Mar-03", "mars-23": what a spreadsheet makes of MAR3. */
static gboolean is_short_date(const char *text)
{
    const char *dash = strchr(text, '-');
    g_autofree char *folded = NULL;
    gsize left;

    if (!dash || strlen(text) > 12 || text[strspn(text, "0123456789-")] == '\0')
        return FALSE;
    folded = text_fold(text);
    dash = strchr(folded, '-');
    left = (gsize)(dash - folded);
    if (month_named(folded, left))
        return text_is_digits(dash + 1) && strlen(dash + 1) <= 4;
    return left >= 1 && left <= 2 && strspn(folded, "0123456789") == left &&
           month_named(dash + 1, strlen(dash + 1));
}

gboolean is_decimal_zero(const char *text)
{
    gsize n = strspn(text, "0123456789");

    return n > 0 && (text[n] == '.' || text[n] == ',') && text[n + 1] == '0' &&
           strspn(text + n + 1, "0") == strlen(text + n + 1);
}

/* Most cells are digits to their end, or begin with a letter and have no hyphen. */
const char *excel_damage(const char *cell)
{
    const char *rest = cell;

    while (g_ascii_isdigit(*rest))
        rest++;
    if (*rest == '\0')
        return NULL;
    if (rest > cell && is_scientific(cell))
        return "excel-sci";
    if (strchr(rest, '-') && is_short_date(cell))
        return "excel-date";
    return rest > cell && is_decimal_zero(cell) ? "excel-decimal" : NULL;
}

/* Could the cell be read as a spreadsheet's day number? Then no order can claim it. */
static gboolean is_day_number(const char *cell)
{
    gsize n = strspn(cell, "0123456789");

    return n > 0 && n <= 5 && (!cell[n] || (cell[n] == '.' && text_is_digits(cell + n + 1)));
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

    if (day == DAY_NONE) {
        g_autofree char *squeezed = text_squeeze(cell);

        day = date_parse(squeezed, cleaner->order | DATE_ISO);
    }
    if (day == DAY_NONE)
        day = named_day(cell);
    if (day != DAY_NONE)
        return day;
    if (is_day_number(cell))
        return from_day_number(cleaner, cell, problem);
    *problem = "bad-date";
    return DAY_NONE;
}

/* "09/05/2018", "2018-09-05": how nearly all dates are written. The numbers in that turn, and where
 * in the cell they begin. */
typedef struct {
    int number[3];
    const char *at[3];
    gboolean year_first;
} PlainDate;

/* Two digits as a number, else one below zero; nothing behind the end is looked at. */
static inline int two_digits(const char *text)
{
    guint tens = (guint)(guint8)text[0] - '0', ones;

    if (tens > 9)
        return -1;
    ones = (guint)(guint8)text[1] - '0';
    return ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* Four digits likewise. */
static inline int four_digits(const char *text)
{
    int high = two_digits(text), low = high < 0 ? -1 : two_digits(text + 2);

    return low < 0 ? -1 : high * 100 + low;
}

/* FALSE for anything else, which date_parse() reads. Looked at from the begin on, and no further
 * than it is as it must be: the cell may end anywhere. */
static gboolean read_plain(const char *cell, PlainDate *date)
{
    int first = two_digits(cell), low, second, third;

    if (first < 0)
        return FALSE;
    date->year_first = cell[2] != '/' && cell[2] != '-';
    if (!date->year_first) {
        second = two_digits(cell + 3);
        third = second < 0 || cell[5] != cell[2] ? -1 : four_digits(cell + 6);
    } else {
        low = two_digits(cell + 2);
        first = first * 100 + low;
        second = low < 0 || cell[4] != '-' ? -1 : two_digits(cell + 5);
        third = second < 0 || cell[7] != '-' ? -1 : two_digits(cell + 8);
    }
    if (third < 0 || cell[DAY_TEXT - 1] != '\0')
        return FALSE;
    date->number[0] = first;
    date->number[1] = second;
    date->number[2] = third;
    date->at[0] = cell;
    date->at[1] = cell + (date->year_first ? 5 : 3);
    date->at[2] = cell + (date->year_first ? 8 : 6);
    return TRUE;
}

/* Which of a plain date's numbers are year, month and day in an order that can read it. */
static const guint8 PLACES[][3] = {
    [DATE_ISO] = {0, 1, 2}, [DATE_DMY] = {2, 1, 0}, [DATE_MDY] = {2, 0, 1}};

static gboolean is_plain_day(const PlainDate *date, guint order)
{
    const guint8 *place = PLACES[order];

    return date->year_first == (order == DATE_ISO) &&
           date_is_day(date->number[place[0]], date->number[place[1]], date->number[place[2]]);
}

/* Its day, which is one of the order, and its text. */
static Day take_plain(const PlainDate *date, guint order, char text[DAY_TEXT])
{
    const guint8 *place = PLACES[order];

    memcpy(text, date->at[place[0]], 4);
    memcpy(text + 5, date->at[place[1]], 2);
    memcpy(text + 8, date->at[place[2]], 2);
    text[4] = text[7] = '-';
    text[DAY_TEXT - 1] = '\0';
    return date_from_ymd(date->number[place[0]], date->number[place[1]], date->number[place[2]]);
}

const char *clean_date_text(Cleaner *cleaner, const char *cell)
{
    PlainDate date;
    gboolean plain = read_plain(cell, &date);
    Day day = !plain ? date_parse(cell, cleaner->order)
              : is_plain_day(&date, cleaner->order)
                  ? take_plain(&date, cleaner->order, cleaner->date)
                  : DAY_NONE;

    if (day == DAY_NONE || (cleaner->as_of != DAY_NONE && day > cleaner->as_of))
        return NULL;
    return plain ? cleaner->date : date_text(day, cleaner->date);
}

#define BIRTH_PARTS 3

/* The numbers of a cell, between single marks; their count, 0 for anything else. widths: digits. */
static guint read_numbers(const char *cell, guint numbers[BIRTH_PARTS], gsize widths[BIRTH_PARTS])
{
    guint n = 0;

    for (const char *p = cell; n < BIRTH_PARTS; n++) {
        widths[n] = strspn(p, "0123456789");
        if (widths[n] == 0 || widths[n] > 4)
            return 0;
        numbers[n] = (guint)g_ascii_strtoull(p, NULL, 10);
        p += widths[n];
        if (!*p)
            return n + 1;
        if (!strchr("-/. ", *p++))
            return 0;
    }
    return 0;
}

/* "19800231": eight digits without marks. */
static guint read_compact(const char *cell, guint numbers[BIRTH_PARTS])
{
    guint all = (guint)g_ascii_strtoull(cell, NULL, 10);

    numbers[0] = all / 10000;
    numbers[1] = all / 100 % 100;
    numbers[2] = all % 100;
    return BIRTH_PARTS;
}

/* "24-May-11", as spreadsheets write days: day, month, year of two digits; FALSE: it is none. */
static gboolean read_short(const char *text, guint numbers[BIRTH_PARTS])
{
    g_autofree char *folded = text_fold(text);
    g_auto(GStrv) words = g_strsplit_set(folded, "- ", -1);

    if (g_strv_length(words) != BIRTH_PARTS || strlen(words[0]) > 2 || strlen(words[2]) != 2 ||
        !text_is_digits(words[0]) || !text_is_digits(words[2]))
        return FALSE;
    numbers[0] = (guint)g_ascii_strtoull(words[0], NULL, 10);
    numbers[1] = (guint)month_named(words[1], strlen(words[1]));
    numbers[2] = (guint)g_ascii_strtoull(words[2], NULL, 10);
    return numbers[1] > 0;
}

/* The whole year of two digits: the last one that is not still to come. */
static guint year_whole(const Cleaner *cleaner, guint year)
{
    Day last = cleaner->as_of == DAY_NONE ? FAR_DAY - 1 : cleaner->as_of;
    int now, month, day;

    date_to_ymd(last, &now, &month, &day);
    return (guint)now / 100 * 100 + year <= (guint)now ? (guint)now / 100 * 100 + year
                                                       : (guint)now / 100 * 100 - 100 + year;
}

/* The numbers of a birth date, in the order of the cell. */
typedef struct {
    guint number[BIRTH_PARTS];
    gsize width[BIRTH_PARTS];
    guint n;
    gboolean named, is_short; /* the month by its name; the year by two digits */
} BirthParts;

static BirthParts birth_parts(const Cleaner *cleaner, const char *text)
{
    BirthParts parts = {.width = {4, 2, 2}};
    gboolean compact = strlen(text) == 8 && text_is_digits(text);

    parts.n =
        compact ? read_compact(text, parts.number) : read_numbers(text, parts.number, parts.width);
    parts.named = parts.n == 0 && read_short(text, parts.number);
    parts.is_short =
        parts.named || (parts.n == BIRTH_PARTS && parts.width[0] <= 2 && parts.width[2] == 2);
    if (parts.is_short) {
        parts.number[2] = year_whole(cleaner, parts.number[2]);
        parts.n = BIRTH_PARTS;
        parts.width[0] = 2;
        parts.width[2] = 4;
    }
    return parts;
}

/* The year stands first, or last behind the month, or behind both in the order of the file. */
static Day birth_ordered(const BirthParts *parts, guint order)
{
    const guint *number = parts->number;

    if (parts->n > 0 && parts->width[0] == 4)
        return birth_of_parts(number[0], number[1], number[2]);
    if (parts->n == 2 && parts->width[1] == 4)
        return birth_of_parts(number[1], number[0], 0);
    if (parts->n != BIRTH_PARTS || parts->width[2] != 4)
        return DAY_NONE;
    return order == DATE_MDY && !parts->named ? birth_of_parts(number[2], number[0], number[1])
                                              : birth_of_parts(number[2], number[1], number[0]);
}

const char *clean_birth_text(Cleaner *cleaner, const char *cell)
{
    g_autofree char *text = text_squeeze(cell);
    const BirthParts parts = birth_parts(cleaner, text);
    Day birth = birth_ordered(&parts, cleaner->order);

    if (birth_day(birth) != birth && parts.is_short)
        birth = DAY_NONE; /* of so few digits too much would be guessed */
    if (birth != DAY_NONE && cleaner->as_of != DAY_NONE && birth_day(birth) > cleaner->as_of)
        birth = DAY_NONE;
    return birth == DAY_NONE ? NULL : birth_text(birth, cleaner->date);
}

/* Bits of the orders that read the cell; a spreadsheet's day number is claimed by none. */
static guint orders_of(const char *cell)
{
    PlainDate date;
    gboolean plain = read_plain(cell, &date);
    guint orders = 0;

    if (!plain && is_day_number(cell))
        return 0;
    for (guint order = DATE_ISO; order <= DATE_MDY; order *= 2) {
        gboolean read = plain ? is_plain_day(&date, order) : date_parse(cell, order) != DAY_NONE;

        orders |= read ? order : 0;
    }
    return orders;
}

void dates_count(DatesTally *tally, const Row *row)
{
    for (guint i = 0; i < tally->columns->len; i++) {
        guint index = g_array_index(tally->columns, guint, i);
        const ProfileColumn *column = profile_column(tally->profile, index);
        const char *cell = row->cells[tally->cells[index]];
        guint orders = *cell ? orders_of(cell) : 0;

        for (guint k = 0; orders && k < DATE_ORDERS; k++) {
            gboolean read = (orders & tally->candidate[k].order) != 0;

            tally->candidate[k].all += read;
            tally->candidate[k].required += read && column->required;
        }
    }
}

void dates_tally_init(DatesTally *tally, const Profile *profile, const int *cells, guint forced)
{
    static const guint ORDERS[DATE_ORDERS] = {DATE_ISO, DATE_DMY, DATE_MDY};
    guint allowed = 0;

    *tally = (DatesTally){.profile = profile, .cells = cells};
    tally->columns = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < profile->columns->len; i++)
        if (cells[i] >= 0 && normaliser_is_date(profile_column(profile, i)->normaliser))
            g_array_append_val(tally->columns, i);
    for (guint i = 0; i < DATE_ORDERS; i++) {
        guint order = forced ? forced & ORDERS[i] : profile->orders[i];

        allowed |= order;
        if (order)
            tally->candidate[tally->allowed++].order = order;
    }
    for (guint i = 0, n = tally->allowed; i < DATE_ORDERS; i++)
        if (!(allowed & ORDERS[i]))
            tally->candidate[n++].order = ORDERS[i];
}

void dates_tally_clear(DatesTally *tally)
{
    g_clear_pointer(&tally->columns, g_array_unref);
}

void dates_add(DatesTally *tally, const DatesTally *other)
{
    for (guint i = 0; i < DATE_ORDERS; i++) {
        tally->candidate[i].required += other->candidate[i].required;
        tally->candidate[i].all += other->candidate[i].all;
    }
}

/* Of the candidates from..to - 1, at least one, the first that reads most. */
static guint best_of(const DatesTally *tally, guint from, guint to)
{
    guint best = from;

    for (guint i = from + 1; i < to; i++)
        if (tally->candidate[i].required > tally->candidate[best].required ||
            (tally->candidate[i].required == tally->candidate[best].required &&
             tally->candidate[i].all > tally->candidate[best].all))
            best = i;
    return best;
}

guint dates_best(const DatesTally *tally)
{
    return tally->allowed ? tally->candidate[best_of(tally, 0, tally->allowed)].order : DATE_ISO;
}

guint dates_rival(const DatesTally *tally)
{
    guint best, rival;

    if (tally->allowed == 0 || tally->allowed == DATE_ORDERS)
        return 0;
    best = best_of(tally, 0, tally->allowed);
    rival = best_of(tally, tally->allowed, DATE_ORDERS);
    return tally->candidate[rival].all > tally->candidate[best].all ? tally->candidate[rival].order
                                                                    : 0;
}

guint dates_decide(DatesTally *tally, Source *source, const Header *header, guint64 most,
                   gboolean *all, GError **error)
{
    g_autoptr(Reader) reader = NULL;
    ReadResult result = READ_END;
    Row row;

    *all = TRUE;
    if (tally->allowed <= 1)
        return dates_best(tally);
    reader = reader_new(source, header->delimiter, header->skip, header->n, error);
    if (!reader)
        return 0;
    while (most-- > 0 && (result = reader_next(reader, &row, error)) > READ_END)
        if (result == READ_ROW)
            dates_count(tally, &row);
    *all = result == READ_END;
    return result == READ_FAILED ? 0 : dates_best(tally);
}

const char *dates_name(guint order)
{
    return order == DATE_DMY ? "DMY" : order == DATE_MDY ? "MDY" : "ISO";
}
