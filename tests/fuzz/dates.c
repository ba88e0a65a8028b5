/* Any text as a date cell: what is read as a day is written and read as the same day. */
#include <string.h>

#include "loaders/dates.h"
#include "tests/fuzz/fuzz.h"

static void check_day(Day day)
{
    char text[DAY_TEXT];

    if (day != DAY_NONE)
        fuzz_check(date_parse(date_text(day, text), DATE_ISO) == day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *cell = g_strndup((const char *)data, size);
    Cleaner cleaner = {.as_of = date_from_ymd(2025, 1, 1)};

    if (!g_utf8_validate(cell, -1, NULL))
        return 0;
    for (guint order = DATE_ISO; order <= DATE_MDY; order *= 2) {
        const char *problem = NULL;

        check_day(date_parse(cell, order));
        cleaner.order = order;
        check_day(clean_day(&cleaner, cell, &problem));
        fuzz_check(!problem || strcmp(problem, "bad-date") == 0 ||
                   strcmp(problem, "excel-day") == 0);
    }
    excel_damage(cell);
    is_decimal_zero(cell);
    return 0;
}
