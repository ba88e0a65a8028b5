/*
 * The running number of a serial: the part that its maker counts on.
 */
#ifndef CROSSTRACE_SERIAL_RUNNING_H
#define CROSSTRACE_SERIAL_RUNNING_H

#include <glib.h>

typedef struct {
    gsize start, length; /* where its digits stand */
    gint64 number;       /* -1: more digits than are counted */
} SerialRunning;

/* The last run of three digits or more in a text, else the longest: whatever stands before or
 * behind it ("ABC123US", "12345B70", "T6472-17AP12345"). FALSE: there is no digit. */
gboolean serial_running(const char *text, SerialRunning *running);

#endif
