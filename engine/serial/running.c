/*
 * Running numbers: makers count, and two firearms of one delivery have numbers that are near. Reads
 * the text of a serial number only; what stands near it is for others to say.
 */
#include "engine/serial/running.h"

#include <string.h>

/* A run of so many digits may be a running number, whatever longer one stands before it. */
#define RUNNING_DIGITS 3

/* More digits than this are no number that is counted. */
#define MOST_DIGITS 15

gboolean serial_running(const char *text, SerialRunning *running)
{
    *running = (SerialRunning){.number = -1};
    for (const char *p = text; *p;) {
        gsize run = strspn(p, "0123456789");
        if (run >= MIN(MAX(running->length, 1), RUNNING_DIGITS)) {
            running->start = (gsize)(p - text);
            running->length = run;
        }
        p += run ? run : 1;
    }
    if (running->length > 0 && running->length <= MOST_DIGITS)
        running->number = (gint64)g_ascii_strtoull(text + running->start, NULL, 10);
    return running->length > 0;
}
