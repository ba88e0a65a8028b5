/*
 * Ring: one mutex, one condition a stage. A number is taken when its place
 * has come round to it. Knows nothing of what stands in the places.
 */
#include "loaders/ring.h"

#include <pthread.h>

struct Ring {
    pthread_mutex_t mutex;
    pthread_cond_t ready[RING_STAGES];
    guint places;
    gboolean *mapped;            /* of each place: it waits to be stored */
    guint64 next[RING_STAGES];   /* number that the stage takes next */
    guint64 passed[RING_STAGES]; /* how many the stage has passed on */
    guint64 end;                 /* one more than the last number, once it is known */
    gboolean stopped;
};

Ring *ring_new(guint places)
{
    Ring *ring = g_new0(Ring, 1);

    ring->places = places;
    ring->mapped = g_new0(gboolean, places);
    ring->end = G_MAXUINT64;
    pthread_mutex_init(&ring->mutex, NULL);
    for (int i = 0; i < RING_STAGES; i++)
        pthread_cond_init(&ring->ready[i], NULL);
    return ring;
}

void ring_free(Ring *ring)
{
    if (!ring)
        return;
    for (int i = 0; i < RING_STAGES; i++)
        pthread_cond_destroy(&ring->ready[i]);
    pthread_mutex_destroy(&ring->mutex);
    g_free(ring->mapped);
    g_free(ring);
}

/* Only the stage in the middle has several threads, and so passes on out of order. */
static gboolean is_ready(const Ring *ring, RingStage stage)
{
    guint64 number = ring->next[stage];

    if (stage == RING_FILL)
        return number - ring->passed[RING_STORE] < ring->places;
    if (stage == RING_MAP)
        return number < ring->passed[RING_FILL];
    return ring->mapped[number % ring->places];
}

gboolean ring_take(Ring *ring, RingStage stage, guint64 *number)
{
    gboolean taken;

    pthread_mutex_lock(&ring->mutex);
    while (!ring->stopped && ring->next[stage] < ring->end && !is_ready(ring, stage))
        pthread_cond_wait(&ring->ready[stage], &ring->mutex);
    taken = !ring->stopped && ring->next[stage] < ring->end;
    if (taken)
        *number = ring->next[stage]++;
    pthread_mutex_unlock(&ring->mutex);
    return taken;
}

void ring_pass(Ring *ring, RingStage stage, guint64 number, gboolean last)
{
    pthread_mutex_lock(&ring->mutex);
    ring->passed[stage]++;
    if (stage != RING_FILL)
        ring->mapped[number % ring->places] = stage == RING_MAP;
    if (last) {
        ring->end = number + 1;
        for (int i = 0; i < RING_STAGES; i++)
            pthread_cond_broadcast(&ring->ready[i]);
    }
    pthread_cond_signal(&ring->ready[(stage + 1) % RING_STAGES]);
    pthread_mutex_unlock(&ring->mutex);
}

void ring_stop(Ring *ring)
{
    pthread_mutex_lock(&ring->mutex);
    ring->stopped = TRUE;
    for (int i = 0; i < RING_STAGES; i++)
        pthread_cond_broadcast(&ring->ready[i]);
    pthread_mutex_unlock(&ring->mutex);
}
