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

static inline void fuzz_leave(void);

/* A folder of this program's own, removed with all that is in it when the program ends. */
static inline const char *fuzz_folder(void)
{
    static char *folder;

    if (!folder) {
        folder = g_dir_make_tmp("crosstrace-fuzz-XXXXXX", NULL);
        fuzz_check(folder != NULL && atexit(fuzz_leave) == 0);
    }
    return folder;
}

static inline void fuzz_leave(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", fuzz_folder());

    fuzz_check(system(command) == 0);
}

/* Writes a file in that folder; its path, g_free. */
static inline char *fuzz_write(const char *name, const void *bytes, size_t size)
{
    char *path = g_build_filename(fuzz_folder(), name, NULL);
    FILE *file = fopen(path, "wb");

    fuzz_check(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
    return path;
}

#endif
