/*
 * Rows that a query does not want are held back before SQLite is handed them: to ask its machine
 * takes ten times as long as to look at a cell. Told are equality with texts and numbers, lists of
 * them, ranges of numbers, and that something is there. Where a text meets a number it is for
 * SQLite to say how they compare.
 */
#include "engine/view/sieve.h"

#include <string.h>

/* Of so many rows one is let through. Rules have a budget of steps of SQLite's machine, and what is
 * looked at must cost some. */
#define HELD_MOST 31u

/* ---- chosen ----------------------------------------------------------------------------- */

enum { WANT_EQUAL = '=', WANT_IN = 'i', WANT_SOME = 'n' };

static char operation_of(const struct sqlite3_index_constraint *constraint)
{
    switch (constraint->op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return WANT_EQUAL;
    case SQLITE_INDEX_CONSTRAINT_LT:
        return '<';
    case SQLITE_INDEX_CONSTRAINT_LE:
        return '{';
    case SQLITE_INDEX_CONSTRAINT_GT:
        return '>';
    case SQLITE_INDEX_CONSTRAINT_GE:
        return '}';
    case SQLITE_INDEX_CONSTRAINT_ISNOTNULL:
        return WANT_SOME;
    default:
        return 0;
    }
}

/* Is it known what a column is to be equal to? Otherwise it may be one of the columns of which a
 * list names several at a time, and SQLite would go through all rows for each of that list. */
static gboolean is_known(sqlite3_index_info *info, int i)
{
    sqlite3_value *value = NULL;
    return sqlite3_vtab_rhs_value(info, i, &value) == SQLITE_OK && value != NULL;
}

/* What is wanted of a column; 0: nothing that cells tell. */
static char wanted_of(sqlite3_index_info *info, int i)
{
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    char what =
        constraint->usable && constraint->iColumn >= 0 && info->aConstraintUsage[i].argvIndex == 0
            ? operation_of(constraint)
            : 0;
    if (what == WANT_EQUAL && strcmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
        return 0;
    if (what != WANT_EQUAL)
        return what;
    return sqlite3_vtab_in(info, i, -1) ? WANT_IN : is_known(info, i) ? WANT_EQUAL : 0;
}

char *sieve_plan(sqlite3_index_info *info, int n)
{
    char *plan = NULL;
    guint parts = 0;
    for (int i = 0; i < info->nConstraint && parts < SIEVE_PARTS; i++) {
        char what = wanted_of(info, i);
        if (!what)
            continue;
        if (what == WANT_IN)
            sqlite3_vtab_in(info, i, 1); /* all of the list at once */
        if (what != WANT_SOME)
            info->aConstraintUsage[i].argvIndex = ++n;
        plan = sqlite3_mprintf("%z%c%d ", plan, what, info->aConstraint[i].iColumn);
        parts++;
    }
    return plan;
}

/* ---- begun ------------------------------------------------------------------------------ */

/* FALSE: it is neither a text nor a number that says all. */
static gboolean add_value(Sieve *sieve, SievePart *part, sqlite3_value *value)
{
    SieveValue one = {.text = NULL};
    gint64 whole;
    switch (sqlite3_value_type(value)) {
    case SQLITE_TEXT:
        one.length = (gsize)sqlite3_value_bytes(value);
        one.text = (const char *)sqlite3_value_text(value);
        if (one.text == NULL)
            return FALSE;
        one.text = g_string_chunk_insert_len(sieve->texts, one.text, (gssize)one.length);
        one.hash = text_hash_of(one.text, one.length);
        break;
    case SQLITE_INTEGER:
        whole = sqlite3_value_int64(value);
        if (whole > NUMBER_EXACT || whole < -NUMBER_EXACT)
            return FALSE;
        one.number = (double)whole;
        break;
    case SQLITE_FLOAT:
        one.number = sqlite3_value_double(value);
        break;
    case SQLITE_NULL:
        return TRUE; /* equal to nothing */
    default:
        return FALSE;
    }
    g_array_append_val(part->values, one);
    return TRUE;
}

static gboolean add_values(Sieve *sieve, SievePart *part, sqlite3_value *value)
{
    sqlite3_value *one = NULL;
    if (part->what != WANT_IN)
        return add_value(sieve, part, value);
    int rc = sqlite3_vtab_in_first(value, &one);
    for (; rc == SQLITE_OK && one; rc = sqlite3_vtab_in_next(value, &one))
        if (part->values->len == 16 || !add_value(sieve, part, one))
            return FALSE; /* a long list is SQLite's */
    return rc == SQLITE_DONE || rc == SQLITE_OK;
}

/* A range of texts is SQLite's too. */
static gboolean is_told(const SievePart *part)
{
    gboolean range = part->what != WANT_EQUAL && part->what != WANT_IN;
    for (guint i = 0; range && i < part->values->len; i++)
        if (g_array_index(part->values, SieveValue, i).text)
            return FALSE;
    return TRUE;
}

void sieve_begin(Sieve *sieve, const char *plan, int n, int argc, sqlite3_value **argv)
{
    sieve_end(sieve);
    while (plan && *plan) {
        char *end = NULL;
        SievePart part = {.what = *plan};
        part.column = (guint)g_ascii_strtoull(plan + 1, &end, 10);
        plan = end + 1;
        gboolean told = TRUE;
        if (part.what != WANT_SOME) {
            if (!sieve->texts)
                sieve->texts = g_string_chunk_new(256);
            part.values = g_array_new(FALSE, FALSE, sizeof(SieveValue));
            told = n < argc && add_values(sieve, &part, argv[n]) && is_told(&part);
            n++;
        }
        if (told)
            sieve->part[sieve->n++] = part;
        else
            g_clear_pointer(&part.values, g_array_unref);
    }
}

void sieve_end(Sieve *sieve)
{
    for (guint i = 0; i < sieve->n; i++)
        g_clear_pointer(&sieve->part[i].values, g_array_unref);
    g_clear_pointer(&sieve->texts, g_string_chunk_free);
    sieve->n = sieve->held = 0;
}

/* ---- asked ------------------------------------------------------------------------------ */

static gboolean is_in_range(char what, double cell, double wanted)
{
    switch (what) {
    case '<':
        return cell < wanted;
    case '{':
        return cell <= wanted;
    case '>':
        return cell > wanted;
    case '}':
        return cell >= wanted;
    default:
        return cell <= wanted && cell >= wanted;
    }
}

/* Is a cell what is wanted, or may it be? */
static gboolean may_be(const SievePart *part, const SieveValue *value, const Heap *heap, Cell cell)
{
    double number = 0;
    if (cell_is_text(cell))
        return !value->text || heap_is_text(heap, cell, value->hash, value->text, value->length);
    return value->text || !heap_number_of(heap, cell, &number) ||
           is_in_range(part->what, number, value->number);
}

static gboolean part_lets(const SievePart *part, const Heap *heap, Cell cell)
{
    if (cell == CELL_NULL || !part->values)
        return cell != CELL_NULL;
    for (guint i = 0; i < part->values->len; i++)
        if (may_be(part, &g_array_index(part->values, SieveValue, i), heap, cell))
            return TRUE;
    return FALSE;
}

gboolean sieve_lets(Sieve *sieve, const Heap *heap, const Cell *row)
{
    for (guint i = 0; i < sieve->n; i++)
        if (!part_lets(&sieve->part[i], heap, row[sieve->part[i].column])) {
            if (sieve->held++ < HELD_MOST)
                return FALSE;
            break;
        }
    sieve->held = 0;
    return TRUE;
}
