/*
 * The one error domain. A GError's code is the exit status that the program ends with when the
 * error reaches main(), so "what happened" and "what cron sees" can not drift apart.
 *
 * How to raise one: the detail is set where it is known (error_set), the context is prefixed once
 * on the way up (g_prefix_error), and it is printed once, in main. Texts are lower case, failure
 * first, subject in single quotes, no full stop.
 */
#ifndef CROSSTRACE_BASE_ERROR_H
#define CROSSTRACE_BASE_ERROR_H

#include <glib.h>

#define CROSSTRACE_ERROR (error_quark())

/* Exit statuses; exit_table() is the same list with names and meanings. */
typedef enum {
    STATUS_DONE = 0,       /* done (an empty find too) */
    STATUS_LOOK = 1,       /* done, with rejects or warnings that someone should look at */
    STATUS_USAGE = 2,      /* wrong usage: unknown command, option, profile */
    STATUS_DATA = 65,      /* input data unusable */
    STATUS_NO_INPUT = 66,  /* missing, unreadable, a directory; a REF that does not exist */
    STATUS_STORE = 69,     /* store missing, foreign or newer */
    STATUS_INTERNAL = 70,  /* internal error */
    STATUS_MEMORY = 71,    /* out of memory */
    STATUS_NO_CREATE = 73, /* cannot create output */
    STATUS_IO = 74,        /* input/output error */
    STATUS_TRY_AGAIN = 75, /* another run holds the lock */
    STATUS_FORBIDDEN = 77, /* audience or authority missing */
    STATUS_CONFIG = 78,    /* configuration, profile or rule file broken */
} Status;

typedef struct {
    Status status;
    const char *name;    /* short, upper case, as in the manual */
    const char *meaning; /* one line */
} StatusRow;

GQuark error_quark(void);

/* Sets *error (which may be NULL) in CROSSTRACE_ERROR; always returns FALSE, so that a function
 * can end with `return error_set(error, STATUS_DATA, "...")`. */
gboolean error_set(GError **error, Status status, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The status of an error: its code if it is ours, STATUS_INTERNAL if it is foreign. */
Status error_status(const GError *error);

/* The whole exit table, terminated by a row whose name is NULL; static. */
const StatusRow *exit_table(void);

/* The worse of two statuses: signal > 70 > 71 > 74 > 78 > 77 > 75 > 73 > 69 > 66 > 65 > 2 > 1 > 0.
 * Takes plain ints because 128+N (ended by signal N) is a status too. */
int status_worst(int a, int b);

#endif
