/*
 * Signals of a long command. INT, TERM and HUP ask it to end at the next place where nothing is
 * half done; it has most of a second for that, a second signal ends it at once, and in any case it
 * dies of the signal, so that the shell sees 128+N. USR1 asks for one line about what is being
 * done.
 */
#ifndef CROSSTRACE_CLI_WATCH_H
#define CROSSTRACE_CLI_WATCH_H

#include <glib.h>

typedef struct Watch Watch;

/* Takes the signals over, for this thread and those that it starts; NULL when that cannot be done:
 * then they end the program as ever. */
Watch *watch_begin(void);
/* What is being done from now on; borrowed, it must last. FALSE: it is to end. watch may be NULL.
 */
gboolean watch_tell(Watch *watch, const char *doing);
/* For the end of the program: dies of the signal that came, if one did. NULL does nothing. */
void watch_end(Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watch, watch_end)

#endif
