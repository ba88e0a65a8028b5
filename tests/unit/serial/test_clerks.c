/*
 * What clerks and examiners write about numbers that are read in part, in doubt, corrected or
 * several: tests/unit/serial/clerks.csv holds the text and what a careful person reads, written
 * down before the reader was asked. A reading must be one of these, or open so that it holds one:
 * a number that is read as another is worse than one that is read in part.
 */
#include <check.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/serial/serial.h"
#include "tests/unit/suite.h"

static GPtrArray *cases;

/* Does every string of the pattern `part`, put at a place of `whole`, fit there? */
static gboolean fits_at(const Serial *whole, const Serial *part, guint at)
{
    for (guint i = 0; i < whole->length; i++)
        if (part->set[at + i] & ~whole->set[i])
            return FALSE;
    return TRUE;
}

/* Is every number that fits the pattern `part` one that fits `whole`? */
static gboolean holds(const Serial *whole, const Serial *part)
{
    if ((part->open_left && !whole->open_left) || (part->open_right && !whole->open_right) ||
        part->length < whole->length)
        return FALSE;
    for (guint at = 0; at + whole->length <= part->length; at++) {
        gboolean left = at == 0 || whole->open_left;
        gboolean right = at + whole->length == part->length || whole->open_right;
        if (left && right && fits_at(whole, part, at))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_exact(const Serial *serial)
{
    return serial->length > 0 && serial->known == serial->length && !serial->open_left &&
           !serial->open_right;
}

static gboolean is_wanted(const char *want, const Serial *read)
{
    Serial pattern;
    if (strcmp(want, "nothing") == 0)
        return read->length == 0;
    if (strcmp(want, "open") == 0)
        return read->length > 0 && !is_exact(read);
    if (strcmp(want, "doubted") == 0)
        return read->length > 0 && read->kind != SERIAL_FULL;
    ck_assert_msg(serial_from_pattern(want, SERIAL_FULL, &pattern), "'%s' is no pattern", want);
    return read->length > 0 && holds(read, &pattern);
}

START_TEST(test_clerk)
{
    char **cell = g_ptr_array_index(cases, _i);
    Serial read = serial_parse(cell[0], NULL);
    g_autofree char *pattern = serial_pattern(&read);
    g_auto(GStrv) want = g_strsplit(cell[1], " ", -1);
    gboolean right = FALSE;
    for (guint i = 0; want[i] != NULL; i++)
        right = right || is_wanted(want[i], &read);
    ck_assert_msg(right, "line %d: '%s' gives %s '%s', not %s", _i + 1, cell[0],
                  serial_kind_name(read.kind), pattern, cell[1]);
}
END_TEST

/* The measure itself: what is narrower than what is wanted, or another number, is not taken. */
START_TEST(test_measure)
{
    static const struct {
        const char *whole, *part;
        gboolean holds;
    } pairs[] = {{"HAA1234", "HAA1234", TRUE},    {"HAA12?4", "HAA1234", TRUE},
                 {"HAA1234", "HAA12?4", FALSE},   {"*1234", "HAA1234", TRUE},
                 {"*1234", "HAA1235", FALSE},     {"*1234", "*234", FALSE},
                 {"*234*", "*1234", TRUE},        {"HAA*", "HAA????", TRUE},
                 {"HAA12[38]4", "HAA1284", TRUE}, {"HAA12[38]4", "HAA12?4", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        Serial whole, part;
        ck_assert(serial_from_pattern(pairs[i].whole, SERIAL_FULL, &whole));
        ck_assert(serial_from_pattern(pairs[i].part, SERIAL_FULL, &part));
        ck_assert_msg(holds(&whole, &part) == pairs[i].holds, "%s, %s", pairs[i].whole,
                      pairs[i].part);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clerks");
    TCase *tests = tcase_create("clerks");
    cases = csv_read_all("tests/unit/serial/clerks.csv", NULL);
    g_assert_nonnull(cases);
    tcase_add_loop_test(tests, test_clerk, 1, (int)cases->len);
    tcase_add_test(tests, test_measure);
    suite_add_tcase(suite, tests);
    int status = suite_run_here(suite);
    g_ptr_array_unref(cases);
    return status;
}
