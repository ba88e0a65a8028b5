/*
 * Dates of a file: the one order for all its columns, a cell's day, and damage by spreadsheets.
 */
#ifndef CROSSTRACE_LOADERS_DATES_H
#define CROSSTRACE_LOADERS_DATES_H

#include "loaders/header.h"
#include "loaders/normalise.h"
#include "loaders/reader.h"

#define DATE_ORDERS 3

/* How many dates of a file each order reads: first those that the profile allows. */
typedef struct {
    const Profile *profile;
    const int *cells; /* as profile_match gave them */
    GArray *columns;  /* of guint: the date columns that the header has */
    guint allowed;
    struct {
        guint order; /* DateOrder bits */
        guint64 required, all;
    } candidate[DATE_ORDERS];
} DatesTally;

/* forced: DateOrder bits of the user, or 0. */
void dates_tally_init(DatesTally *tally, const Profile *profile, const int *cells, guint forced);
void dates_tally_clear(DatesTally *tally);
void dates_count(DatesTally *tally, const Row *row);
void dates_add(DatesTally *tally, const DatesTally *other);
guint dates_best(const DatesTally *tally);
/* An order that is not allowed and reads more dates than the best of those that are, or 0: then
 * what day and month of the others are is doubtful too. */
guint dates_rival(const DatesTally *tally);

/* The DateOrder bit that reads most of the first `most` rows of the file, and *all whether those
 * were all; without a choice nothing is read. 0 with error. */
guint dates_decide(DatesTally *tally, Source *source, const Header *header, guint64 most,
                   gboolean *all, GError **error);
const char *dates_name(guint order);

/* Day of a date cell in the file's order; a spreadsheet's day number sets *problem. */
Day clean_day(const Cleaner *cleaner, const char *cell, const char **problem);
/* ISO text of a date in the order of the file, good until the next; NULL when it is none, a day
 * number, or after as-of. */
const char *clean_date_text(Cleaner *cleaner, const char *cell);
/* What a cell tells of a birth that is no day: a year, a month, or a day that no calendar has, as
 * birth_parse() has it, in the order of the file, good until the next; NULL when nothing. */
const char *clean_birth_text(Cleaner *cleaner, const char *cell);
/* Reason code of damage that a spreadsheet does to codes and serials, or NULL; static. */
const char *excel_damage(const char *cell);
/* "12.0", "7,00": a number that was a code. */
gboolean is_decimal_zero(const char *text);

#endif
