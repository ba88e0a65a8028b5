/* A folder of a test's own, and its end with everything in it. */
#ifndef CROSSTRACE_TESTS_FOLDER_H
#define CROSSTRACE_TESTS_FOLDER_H

#include <check.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

/* A new empty one; folder_remove. The program reads nothing that others may write to: what is
 * written from here on they may not, whatever the mask was. */
static inline char *folder_new(void)
{
    umask(umask(0) | 0022);
    char *folder = g_dir_make_tmp("crosstrace-test-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
    return folder;
}

static inline void folder_empty(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(folder, name, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR) && !g_file_test(file, G_FILE_TEST_IS_SYMLINK))
            folder_empty(file);
        g_remove(file);
    }
}

/* Frees the path, too. */
static inline void folder_remove(char *folder)
{
    folder_empty(folder);
    g_rmdir(folder);
    g_free(folder);
}

#endif
