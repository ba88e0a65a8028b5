/*
 * What a fuzz target is: a file tests/fuzz/NAME.c with this one function, over the rooms of the
 * engine. It is built twice: with libFuzzer for `make fuzz`, and with replay.c as
 * tests/fuzz/test_NAME, which runs the corpus in `make test`. Inputs that taught something lie in
 * corpus/NAME. A broken promise is fuzz_check; everything else is for the sanitizers to see.
 */
#ifndef CROSSTRACE_TESTS_FUZZ_H
#define CROSSTRACE_TESTS_FUZZ_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_check(holds)                                                                          \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A file without a name that holds the bytes: path to it (static buffer of the caller) and its
 * descriptor, to be closed. */
static inline int fuzz_file(const uint8_t *data, size_t size, char path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    fuzz_check(fd >= 0);
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, data + done, size - done);

        fuzz_check(n > 0);
        done += (size_t)n;
    }
    g_snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

#endif
