/*
 * What SQLite writes goes to disk beside its writing, so that the calls by which a commit waits for
 * the disk (log, then store) find little left. It only asks the system to begin: whether all of it
 * arrived, SQLite's own calls tell, as they do without this thread. By descriptors that SQLite has
 * open already: a second one's closing would drop its locks. sync.c waits, and asks of one file.
 */
#define _GNU_SOURCE /* sync_file_range */
#include "engine/store/early.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/held.h"

#define FILES      2  /* log and store */
#define TICK_MS    20 /* a disk of 1 GB/s takes 20 MB meanwhile */
#define NSEC_MS    1000000L
#define NSEC_A_SEC 1000000000L

struct Early {
    char *path[FILES];
    goffset least;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t over_or_tick;
    gboolean begun, over;
};

/* Asks for what is there; the file may be none yet. */
static void write_some(const char *path, goffset least)
{
    struct stat info;
    if (stat(path, &info) != 0 || info.st_size < least)
        return;
    int fd = file_descriptor(path);
    if (fd >= 0) /* what it says is of no use here */
        (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

static struct timespec next_tick(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += TICK_MS * NSEC_MS;
    at.tv_sec += at.tv_nsec / NSEC_A_SEC;
    at.tv_nsec %= NSEC_A_SEC;
    return at;
}

static void *write_early(void *data)
{
    Early *early = data;
    pthread_mutex_lock(&early->mutex);
    while (!early->over) {
        struct timespec at = next_tick();
        pthread_cond_timedwait(&early->over_or_tick, &early->mutex, &at);
        pthread_mutex_unlock(&early->mutex);
        for (guint i = 0; i < FILES; i++)
            write_some(early->path[i], early->least);
        pthread_mutex_lock(&early->mutex);
    }
    pthread_mutex_unlock(&early->mutex);
    return NULL;
}

Early *early_new(const char *path, goffset least)
{
    Early *early = g_new0(Early, 1);
    *early = (Early){.path = {g_strconcat(path, "-wal", NULL), g_strdup(path)}, .least = least};
    pthread_mutex_init(&early->mutex, NULL);
    pthread_cond_init(&early->over_or_tick, NULL);
    early->begun = pthread_create(&early->thread, NULL, write_early, early) == 0;
    return early;
}

void early_end(Early *early)
{
    if (early == NULL)
        return;
    pthread_mutex_lock(&early->mutex);
    early->over = TRUE;
    pthread_cond_signal(&early->over_or_tick);
    pthread_mutex_unlock(&early->mutex);
    if (early->begun)
        pthread_join(early->thread, NULL);
    pthread_cond_destroy(&early->over_or_tick);
    pthread_mutex_destroy(&early->mutex);
    for (guint i = 0; i < FILES; i++)
        g_free(early->path[i]);
    g_free(early);
}
