/*
 * A counter that threads draw job numbers from.
 */
#include "engine/base/queue.h"

#include <pthread.h>

#define THREADS_MAX 4

struct Queue {
    gint next, jobs;
    void (*work)(Queue *queue, gpointer data);
    gpointer data;
};

gboolean queue_next(Queue *queue, guint *job)
{
    gint mine = g_atomic_int_add(&queue->next, 1);
    *job = (guint)mine;
    return mine < queue->jobs;
}

static void *queue_thread(void *data)
{
    Queue *queue = data;
    queue->work(queue, queue->data);
    return NULL;
}

void queue_run(guint jobs, void (*work)(Queue *queue, gpointer data), gpointer data)
{
    Queue queue = {0, (gint)jobs, work, data};
    pthread_t threads[THREADS_MAX];
    guint wanted = MIN(MIN(g_get_num_processors(), THREADS_MAX), jobs), n = 0;
    while (n + 1 < wanted && pthread_create(&threads[n], NULL, queue_thread, &queue) == 0)
        n++;
    work(&queue, data);
    while (n > 0)
        pthread_join(threads[--n], NULL);
}
