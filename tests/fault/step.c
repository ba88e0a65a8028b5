/*
 * crosstrace-step N PROGRAM ARGUMENT...: runs a program under ptrace and kills it as it enters its
 * N-th system call, whichever and in whatever thread; 0 never. Ends as the program did (128 + N for
 * a signal). How many calls there were is written to $CROSSTRACE_FAULT_COUNT. 125: no tracing here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNTRACED  125
#define CALL_STOP (SIGTRAP | 0x80)
#define OPTIONS                                                                                    \
    (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |      \
     PTRACE_O_EXITKILL)

/* Stops come in pairs, in and out, for each thread; a call that never returns has one. */
#define THREADS 64
static struct {
    pid_t thread;
    int inside;
} threads[THREADS];

static int enters(pid_t thread)
{
    int at = 0;
    while (at < THREADS - 1 && threads[at].thread && threads[at].thread != thread)
        at++;
    threads[at].thread = thread;
    return threads[at].inside = !threads[at].inside;
}

static void tell(long calls)
{
    const char *path = getenv("CROSSTRACE_FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

static pid_t start(char **argv)
{
    pid_t child = fork();
    int status;
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(UNTRACED);
        raise(SIGSTOP);
        execv(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
        ptrace(PTRACE_SETOPTIONS, child, NULL, OPTIONS) != 0 ||
        ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
        exit(UNTRACED);
    return child;
}

int main(int argc, char **argv)
{
    long wanted = argc > 2 ? strtol(argv[1], NULL, 10) : 0, calls = 0;
    if (argc < 3)
        return 2;
    pid_t child = start(argv + 2), thread;
    int status;
    while ((thread = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (thread == child && (WIFEXITED(status) || WIFSIGNALED(status))) {
            tell(calls);
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        if (thread < 0 || !WIFSTOPPED(status))
            continue;
        int stop = WSTOPSIG(status);
        if (stop == CALL_STOP && enters(thread) && ++calls == wanted)
            kill(child, SIGKILL);
        int hand_on = stop == CALL_STOP || stop == SIGTRAP || stop == SIGSTOP ? 0 : stop;
        ptrace(PTRACE_SYSCALL, thread, NULL, hand_on);
    }
    return UNTRACED;
}
