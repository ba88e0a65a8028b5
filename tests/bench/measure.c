/*
 * measure STAGE COMMAND...: runs a command and prints "stage,seconds,cpu_seconds,peak_kib,status"
 * on standard output; the command's own output goes to standard error. Peak memory is that of the
 * largest process below it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: crosstrace-measure STAGE COMMAND...\n", stderr);
        return 2;
    }
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("crosstrace-measure");
        return 70;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%s,%.2f,%.2f,%ld,%d\n", argv[1], now() - start,
           seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss, code);
    return code > 1 ? code : 0;
}
