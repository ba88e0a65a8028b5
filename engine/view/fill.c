/*
 * Rows of a SELECT become rows of a copy. Looking every text up among all that there are takes as
 * long as SQLite takes for the rows, so that a second thread does it: some hundred rows are handed
 * over at a time, in their order, with what they say copied.
 */
#include "engine/view/fill.h"

#include <pthread.h>

#include "engine/store/schema.h"

#define BATCH_ROWS 512u
#define BATCHES    4u /* on their way at one time */

/* Some rows: a text stands, until it is taken, at a place among the batch's texts. */
typedef struct {
    GArray *values; /* of Value, row by row */
    GString *texts;
} Batch;

typedef struct {
    Heap *heap;
    Copy *copy;
    gboolean *found; /* by column: its texts are looked for */
    Batch batch[BATCHES];
    guint filled, taken; /* batches so far */
    gboolean over, full; /* none is to come; no more fits */
    pthread_mutex_t lock;
    pthread_cond_t moved;
} Filling;

static void take_row(Filling *filling, const Value *value)
{
    Copy *copy = filling->copy;
    gsize at = copy->cells->len;
    block_extend(copy->cells, at + copy->n_columns);
    Cell *cell = &g_array_index(copy->cells, Cell, at);
    for (guint i = 0; i < copy->n_columns; i++)
        cell[i] = heap_take(filling->heap, &value[i], filling->found[i]);
    copy->n_rows++;
}

/* ---- on one thread ---------------------------------------------------------------------- */

static int fill_here(Filling *filling, sqlite3_stmt *rows)
{
    guint n = filling->copy->n_columns;
    g_autofree Value *value = g_new(Value, n);
    int rc;
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW && !filling->heap->full) {
        for (guint i = 0; i < n; i++)
            value[i] = value_at(rows, (int)i);
        take_row(filling, value);
    }
    return rc;
}

/* ---- on two ----------------------------------------------------------------------------- */

static void batch_add(Batch *batch, sqlite3_stmt *rows, guint n)
{
    for (guint i = 0; i < n; i++) {
        Value value = value_at(rows, (int)i);
        if (value.type == SQLITE_TEXT) {
            value.whole = (gint64)batch->texts->len;
            g_string_append_len(batch->texts, value.text, (gssize)value.length);
        }
        g_array_append_val(batch->values, value);
    }
}

static void batch_take(Batch *batch, Filling *filling)
{
    guint n = filling->copy->n_columns;
    for (guint i = 0; i < batch->values->len; i++) {
        Value *value = &g_array_index(batch->values, Value, i);
        if (value->type == SQLITE_TEXT)
            value->text = batch->texts->str + value->whole;
    }
    for (guint i = 0; i < batch->values->len && !filling->heap->full; i += n)
        take_row(filling, &g_array_index(batch->values, Value, i));
    g_array_set_size(batch->values, 0);
    g_string_truncate(batch->texts, 0);
}

/* The next batch that is filled; NULL: there is none any more. */
static Batch *batch_next(Filling *filling)
{
    pthread_mutex_lock(&filling->lock);
    while (filling->taken == filling->filled && !filling->over)
        pthread_cond_wait(&filling->moved, &filling->lock);
    gboolean none = filling->taken == filling->filled;
    pthread_mutex_unlock(&filling->lock);
    return none ? NULL : &filling->batch[filling->taken % BATCHES];
}

static void *take_beside(void *data)
{
    Filling *filling = data;
    for (Batch *batch = batch_next(filling); batch; batch = batch_next(filling)) {
        batch_take(batch, filling);
        pthread_mutex_lock(&filling->lock);
        filling->taken++;
        filling->full = filling->heap->full;
        pthread_cond_signal(&filling->moved);
        pthread_mutex_unlock(&filling->lock);
    }
    return NULL;
}

/* Hands the batch over that was filled, and waits for an empty one; NULL: no more fits. */
static Batch *batch_hand(Filling *filling, gboolean over)
{
    pthread_mutex_lock(&filling->lock);
    filling->filled++;
    filling->over = over;
    pthread_cond_signal(&filling->moved);
    while (filling->filled - filling->taken == BATCHES)
        pthread_cond_wait(&filling->moved, &filling->lock);
    gboolean full = filling->full;
    pthread_mutex_unlock(&filling->lock);
    return full ? NULL : &filling->batch[filling->filled % BATCHES];
}

static int fill_beside(Filling *filling, sqlite3_stmt *rows)
{
    guint n = filling->copy->n_columns;
    Batch *batch = &filling->batch[0];
    int rc = SQLITE_ROW;
    while (batch && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        batch_add(batch, rows, n);
        if (batch->values->len >= BATCH_ROWS * n)
            batch = batch_hand(filling, FALSE);
    }
    batch_hand(filling, TRUE);
    return rc;
}

static int fill_with_thread(Filling *filling, sqlite3_stmt *rows)
{
    pthread_t thread;
    pthread_mutex_init(&filling->lock, NULL);
    pthread_cond_init(&filling->moved, NULL);
    for (guint i = 0; i < BATCHES; i++)
        filling->batch[i] = (Batch){g_array_new(FALSE, FALSE, sizeof(Value)), g_string_new(NULL)};
    gboolean two = pthread_create(&thread, NULL, take_beside, filling) == 0;
    int rc = two ? fill_beside(filling, rows) : fill_here(filling, rows);
    if (two)
        pthread_join(thread, NULL);
    for (guint i = 0; i < BATCHES; i++) {
        g_array_unref(filling->batch[i].values);
        g_string_free(filling->batch[i].texts, TRUE);
    }
    pthread_cond_destroy(&filling->moved);
    pthread_mutex_destroy(&filling->lock);
    return rc;
}

gboolean copy_fill(Copies *copies, Copy *copy, sqlite3_stmt *rows, gboolean beside, GError **error)
{
    g_autofree gboolean *found = copy_found(copy);
    Filling filling = {.heap = copies->heap, .copy = copy, .found = found};
    int rc = beside ? fill_with_thread(&filling, rows) : fill_here(&filling, rows);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ||
           sqlite_error(sqlite3_db_handle(rows), "cannot copy a view", error);
}
