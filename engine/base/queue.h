/*
 * Jobs shared out among a few threads. What a job makes must not depend on who does it or when:
 * it goes into a place of its own, and the places are put together in the order of the jobs.
 */
#ifndef CROSSTRACE_BASE_QUEUE_H
#define CROSSTRACE_BASE_QUEUE_H

#include <glib.h>

typedef struct Queue Queue;

/* Takes the next job; FALSE when there is none left. */
gboolean queue_next(Queue *queue, guint *job);

/* Calls work once in this thread and, where there are processors and jobs for it, once in each of
 * a few more; returns when all are done. */
void queue_run(guint jobs, void (*work)(Queue *queue, gpointer data), gpointer data);

#endif
