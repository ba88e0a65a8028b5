/*
 * A thread that waits for signals, so that nothing else has to be safe in a handler. It knows what
 * is being done by a pointer to a text, and tells that it should end by a number.
 */
#include "engine/cli/watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#define PATIENCE 900000000L /* nanoseconds between a signal and the end */

struct Watch {
    pthread_t thread;
    sigset_t signals, before;
    const char *doing; /* atomic */
    gint stop;         /* atomic: the signal that came */
    gint64 begun;
};

static void die_of(int signal_number)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    signal(signal_number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    raise(signal_number);
}

static void print_doing(Watch *watch)
{
    fprintf(stderr, "crosstrace: %s, %.0f s since the start\n",
            (const char *)g_atomic_pointer_get(&watch->doing),
            (double)(g_get_monotonic_time() - watch->begun) / G_USEC_PER_SEC);
}

static void *wait_for_signals(void *data)
{
    Watch *watch = data;
    const struct timespec patience = {.tv_nsec = PATIENCE};
    for (;;) {
        int stop = g_atomic_int_get(&watch->stop);
        int came = stop ? sigtimedwait(&watch->signals, NULL, &patience)
                        : sigwaitinfo(&watch->signals, NULL);
        if (came == SIGUSR1)
            print_doing(watch);
        else if (stop && (came > 0 || errno == EAGAIN))
            die_of(stop);
        else if (came > 0)
            g_atomic_int_set(&watch->stop, came);
    }
    return NULL;
}

Watch *watch_begin(void)
{
    static const int asked[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    Watch *watch = g_new0(Watch, 1);
    watch->doing = "beginning";
    watch->begun = g_get_monotonic_time();
    sigemptyset(&watch->signals);
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        struct sigaction action;
        /* nohup and the like: what is ignored stays so */
        if (sigaction(asked[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&watch->signals, asked[i]);
    }
    pthread_sigmask(SIG_BLOCK, &watch->signals, &watch->before);
    if (pthread_create(&watch->thread, NULL, wait_for_signals, watch) == 0)
        return watch;
    pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
    g_free(watch);
    return NULL;
}

gboolean watch_tell(Watch *watch, const char *doing)
{
    if (!watch)
        return TRUE;
    g_atomic_pointer_set(&watch->doing, doing);
    return g_atomic_int_get(&watch->stop) == 0;
}

void watch_end(Watch *watch)
{
    if (!watch)
        return;
    pthread_cancel(watch->thread);
    pthread_join(watch->thread, NULL);
    int stop = g_atomic_int_get(&watch->stop);
    if (stop)
        die_of(stop);
    g_free(watch); /* the signals stay blocked: the work is done, its status is to be told */
}
