/*
 * Calendar dates as day numbers (days since 1970-01-01, negative before), business days, and
 * the order in which a file writes its dates. Proleptic Gregorian, years 1800 to 2200.
 */
#ifndef CROSSTRACE_BASE_DATE_H
#define CROSSTRACE_BASE_DATE_H

#include <glib.h>

typedef gint32 Day;
#define DAY_NONE G_MININT32 /* no date; never compare it as a number */
#define DAY_TEXT 11         /* bytes for YYYY-MM-DD and the closing zero */

typedef enum { DATE_ISO = 1, DATE_DMY = 2, DATE_MDY = 4 } DateOrder;

/* Reads one date in one of the orders (a set of DateOrder bits, tried ISO, DMY, MDY): ISO is
 * YYYY-MM-DD or YYYYMMDD or YYYY/MM/DD, the others accept / - . with a four-digit year; between
 * separators day and month may have one digit; a time of day after it is ignored. Returns DAY_NONE
 * when the text is no such date, or NULL. */
Day date_parse(const char *text, guint orders);

/* "ISO", "DMY", "MDY", or a comma list of them -> bits; 0 when a word is unknown. */
guint date_orders(const char *words);

gboolean date_is_day(int year, int month, int day);
Day date_from_ymd(int year, int month, int day); /* DAY_NONE if there is no such day */
void date_to_ymd(Day day, int *year, int *month, int *dom);

/* ISO text into buffer, which is returned; "" for DAY_NONE. */
const char *date_text(Day day, char buffer[DAY_TEXT]);

/* Number of business days d with from < d <= to: Mondays to Fridays that are no US federal holiday
 * (5 U.S.C. 6103, observed dates); 0 when to <= from. Two purchases are within
 * "five consecutive business days" when this is at most 4 (27 CFR 478.126a). */
int date_business_days(Day from, Day to);

/* The clock's time, "2025-06-30T17:45:00Z"; g_free. For what is to be dated truly (the audit trail)
 * alone: rules and reports see as-of. */
char *time_now(void);

#endif
