/*
 * A file's bytes go to disk beside the work that makes more of them, so that a commit has little
 * left to wait for. By SQLite's own handle (a second descriptor's closing would drop its locks), of
 * which the method xSync only asks the system. What fails here may not be told again by the next
 * call: whoever wrote the file must ask how it went before it counts on it.
 */
#include "engine/store/sync.h"

#include <pthread.h>

struct Sync {
    sqlite3_file *file;
    int (*sync)(sqlite3_file *file, int flags);
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t asked;
    gboolean ask, over;
    int rc; /* of the first that failed */
};

static int sync_once(Sync *sync)
{
    sync->ask = FALSE;
    pthread_mutex_unlock(&sync->mutex);
    int rc = sync->sync(sync->file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    pthread_mutex_lock(&sync->mutex);
    return rc;
}

static void *sync_all(void *data)
{
    Sync *sync = data;
    pthread_mutex_lock(&sync->mutex);
    while (sync->ask || !sync->over) {
        int rc = sync->ask ? sync_once(sync) : SQLITE_OK;
        if (sync->rc == SQLITE_OK)
            sync->rc = rc;
        if (!sync->ask && !sync->over)
            pthread_cond_wait(&sync->asked, &sync->mutex);
    }
    pthread_mutex_unlock(&sync->mutex);
    return NULL;
}

Sync *sync_new(sqlite3_file *file)
{
    Sync *sync = g_new0(Sync, 1);
    *sync = (Sync){.file = file, .sync = file->pMethods->xSync};
    pthread_mutex_init(&sync->mutex, NULL);
    pthread_cond_init(&sync->asked, NULL);
    if (pthread_create(&sync->thread, NULL, sync_all, sync) != 0)
        sync->file = NULL;
    return sync;
}

void sync_ask(Sync *sync)
{
    if (sync == NULL)
        return;
    pthread_mutex_lock(&sync->mutex);
    sync->ask = sync->file != NULL;
    pthread_cond_signal(&sync->asked);
    pthread_mutex_unlock(&sync->mutex);
}

int sync_failed(Sync *sync)
{
    if (sync == NULL)
        return SQLITE_OK;
    pthread_mutex_lock(&sync->mutex);
    int rc = sync->rc;
    pthread_mutex_unlock(&sync->mutex);
    return rc;
}

int sync_end(Sync *sync)
{
    if (sync == NULL)
        return SQLITE_OK;
    pthread_mutex_lock(&sync->mutex);
    sync->over = TRUE;
    pthread_cond_signal(&sync->asked);
    pthread_mutex_unlock(&sync->mutex);
    if (sync->file != NULL)
        pthread_join(sync->thread, NULL);
    int rc = sync->rc;
    pthread_cond_destroy(&sync->asked);
    pthread_mutex_destroy(&sync->mutex);
    g_free(sync);
    return rc;
}
