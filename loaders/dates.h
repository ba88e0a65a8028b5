/*
 * Dates of a file: the one order for all its columns, a cell's day, and damage by spreadsheets.
 */
#ifndef CROSSTRACE_LOADERS_DATES_H
#define CROSSTRACE_LOADERS_DATES_H

#include "loaders/header.h"
#include "loaders/normalise.h"
#include "loaders/reader.h"

typedef struct {
    const Profile *profile;
    guint forced; /* DateOrder bits of the user, or 0 */
    Source *source;
    const Header *header;
    const int *cells; /* as profile_match gave them */
} DatesQuestion;

/* The DateOrder bit of the file; reads it once when there is a choice. 0 with error. */
guint dates_decide(const DatesQuestion *question, GError **error);
const char *dates_name(guint order);

/* Day of a date cell in the file's order; a spreadsheet's day number sets *problem. */
Day clean_day(const Cleaner *cleaner, const char *cell, const char **problem);
/* Could the cell be read as a spreadsheet's day number? Then no order can claim it. */
gboolean is_day_number(const char *cell);
/* Reason code of damage that a spreadsheet does to codes and serials, or NULL; static. */
const char *excel_damage(const char *cell);
/* "12.0", "7,00": a number that was a code. */
gboolean is_decimal_zero(const char *text);

#endif
