/*
 * The one queue between threads: a ring of a few numbered places that pass through three stages
 * (fill, map, store) in order. Each stage takes places by their number, so that what comes out
 * is in the order of what went in, however many threads work at the stage in the middle.
 */
#ifndef CROSSTRACE_LOADERS_RING_H
#define CROSSTRACE_LOADERS_RING_H

#include <glib.h>

typedef enum { RING_FILL, RING_MAP, RING_STORE, RING_STAGES } RingStage;

typedef struct Ring Ring;

Ring *ring_new(guint places);
void ring_free(Ring *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ring, ring_free)

/* Waits for the next place of this stage; *number counts from 0, its place is number % places.
 * FALSE when the ring was stopped or the last number is done at this stage. */
gboolean ring_take(Ring *ring, RingStage stage, guint64 *number);
/* Hands the place on to the next stage; last: no number comes after it (RING_FILL only). */
void ring_pass(Ring *ring, RingStage stage, guint64 number, gboolean last);
/* Everybody who waits goes home. */
void ring_stop(Ring *ring);

#endif
