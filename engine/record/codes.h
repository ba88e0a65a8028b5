/*
 * The few canonical codes that the program itself acts on, each said once. The tables
 * (rules/tables) say how a code is written and called; what one of these means cannot be changed
 * there, since rows of a store rest on it. The documented views say the same in SQL
 * (engine/store/views.def); tests hold both against these. NULL is an absent value, of which
 * nothing holds.
 */
#ifndef CROSSTRACE_RECORD_CODES_H
#define CROSSTRACE_RECORD_CODES_H

#include <glib.h>

/* Of FIELD_EVENT_TYPE: a firearm was seized; it came to light at all, seized or recovered; it was
 * reported stolen or lost. */
gboolean event_is_seizure(const char *event_type);
gboolean event_is_find(const char *event_type);
gboolean event_is_report(const char *event_type);

/* Of FIELD_DISPOSITION: it was stolen from the dealer or lost there, and never was sold, whatever
 * else its trace says. */
gboolean disposition_is_theft(const char *disposition);

/* Of FIELD_FIREARM_TYPE: a handgun (column handgun of rules/tables/firearm_types.csv). */
gboolean type_is_handgun(const char *firearm_type);

/* Of FIELD_COMMODITY: goods that nobody traces by day and make, being neither a firearm nor what
 * carries its number. */
gboolean commodity_is_part(const char *commodity);

#endif
