/*
 * Pipeline over the ring (ring.c): which thread does what with which batch. The reader's errors
 * travel in the last batch, so that they are seen after the rows before them.
 */
#include "loaders/pipeline.h"

#include <pthread.h>

#include "engine/base/error.h"
#include "loaders/ring.h"

typedef struct {
    Pipeline *pipeline;
    Ring *ring;
    Batch *batches;
    guint n_batches;
} Shared;

typedef struct {
    Shared *shared;
    Worker *worker;
    pthread_t thread;
} Task;

static void *read_all(void *data)
{
    Shared *shared = data;
    guint64 number;

    while (ring_take(shared->ring, RING_FILL, &number)) {
        Batch *batch = &shared->batches[number % shared->n_batches];

        batch_fill(batch, shared->pipeline->reader);
        ring_pass(shared->ring, RING_FILL, number, batch->last);
    }
    return NULL;
}

static void map_one(const Pipeline *pipeline, Worker *worker, Batch *batch)
{
    batch_map(batch, &worker->mapper, pipeline->header, &worker->tally);
    batch_pack(batch, worker->packer);
}

static void *map_all(void *data)
{
    Task *task = data;
    Shared *shared = task->shared;
    guint64 number;

    while (ring_take(shared->ring, RING_MAP, &number)) {
        map_one(shared->pipeline, task->worker, &shared->batches[number % shared->n_batches]);
        ring_pass(shared->ring, RING_MAP, number, FALSE);
    }
    return NULL;
}

static gboolean store_one(Pipeline *pipeline, Batch *batch, BatchStore store, gpointer data,
                          GError **error)
{
    if (!store(batch, data, error))
        return FALSE;
    pipeline->lines = batch->lines;
    pipeline->blanks = batch->blanks;
    if (!batch->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&batch->error));
    return FALSE;
}

static gboolean store_all(Shared *shared, BatchStore store, gpointer data, GError **error)
{
    gboolean done = TRUE;
    guint64 number;

    while (done && ring_take(shared->ring, RING_STORE, &number)) {
        done = store_one(shared->pipeline, &shared->batches[number % shared->n_batches], store,
                         data, error);
        ring_pass(shared->ring, RING_STORE, number, FALSE);
    }
    return done;
}

static gboolean run_alone(Pipeline *pipeline, BatchStore store, gpointer data, GError **error)
{
    Batch batch;
    gboolean done = TRUE;

    batch_init(&batch);
    while (done && !batch.last) {
        batch_fill(&batch, pipeline->reader);
        map_one(pipeline, pipeline->workers, &batch);
        done = store_one(pipeline, &batch, store, data, error);
    }
    batch_clear(&batch);
    return done;
}

/* The mappers' threads, as many as there can be; at least one must. */
static guint start_mappers(Shared *shared, Task *tasks)
{
    guint n = 0;

    for (; n < shared->pipeline->n_workers; n++) {
        tasks[n] = (Task){.shared = shared, .worker = &shared->pipeline->workers[n]};
        if (pthread_create(&tasks[n].thread, NULL, map_all, &tasks[n]) != 0)
            break;
    }
    return n;
}

static gboolean run_threads(Shared *shared, BatchStore store, gpointer data, GError **error)
{
    g_autofree Task *tasks = g_new0(Task, shared->pipeline->n_workers);
    guint n = start_mappers(shared, tasks);
    pthread_t reader;
    gboolean reads = n > 0 && pthread_create(&reader, NULL, read_all, shared) == 0;
    gboolean done = reads ? store_all(shared, store, data, error)
                          : error_set(error, STATUS_TRY_AGAIN, "cannot start a thread");

    ring_stop(shared->ring);
    if (reads)
        pthread_join(reader, NULL);
    while (n > 0)
        pthread_join(tasks[--n].thread, NULL);
    return done;
}

gboolean pipeline_run(Pipeline *pipeline, BatchStore store, gpointer data, GError **error)
{
    Shared shared = {.pipeline = pipeline, .n_batches = 2 * pipeline->n_workers + 2};
    gboolean done;

    if (pipeline->n_workers == 1)
        return run_alone(pipeline, store, data, error);
    shared.ring = ring_new(shared.n_batches);
    shared.batches = g_new0(Batch, shared.n_batches);
    for (guint i = 0; i < shared.n_batches; i++)
        batch_init(&shared.batches[i]);
    done = run_threads(&shared, store, data, error);
    for (guint i = 0; i < shared.n_batches; i++)
        batch_clear(&shared.batches[i]);
    g_free(shared.batches);
    ring_free(shared.ring);
    return done;
}
