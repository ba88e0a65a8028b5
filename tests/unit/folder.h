/* A folder of a test's own, what state it is in, and its end with everything in it. */
#ifndef CROSSTRACE_TESTS_FOLDER_H
#define CROSSTRACE_TESTS_FOLDER_H

#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/text.h"

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

/* Copies the files of a folder, but none of its folders, over those of another. */
static inline void folder_copy(const char *from, const char *to)
{
    g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(from, name, NULL), *bytes = NULL;
        g_autofree char *copy = g_build_filename(to, name, NULL);
        gsize length = 0;
        if (g_file_test(file, G_FILE_TEST_IS_DIR))
            continue;
        ck_assert_msg(g_file_get_contents(file, &bytes, &length, NULL), "%s", file);
        ck_assert(g_file_set_contents_full(copy, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE,
                                           0640, NULL));
    }
}

/* Names of all that is in a folder, sorted; none where it is not there. */
static inline GPtrArray *folder_names(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, text_compare);
    return names;
}

/* Adds the names and bytes of all that is in a folder, in the order of names. */
static inline void folder_add_state(const char *folder, GChecksum *sum)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *file = g_build_filename(folder, names->pdata[i], NULL), *bytes = NULL;
        gsize length = 0;
        g_checksum_update(sum, names->pdata[i], (gssize)strlen(names->pdata[i]) + 1);
        if (g_file_get_contents(file, &bytes, &length, NULL))
            g_checksum_update(sum, (guchar *)bytes, (gssize)length);
        else
            folder_add_state(file, sum);
    }
}

/* What tells one state of a folder from another, g_free: a program that reads no clock does the
 * same in two folders of one state. */
static inline char *folder_state(const char *folder)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    folder_add_state(folder, sum);
    return g_strdup(g_checksum_get_string(sum));
}

/* Frees the path, too. */
static inline void folder_remove(char *folder)
{
    folder_empty(folder);
    g_rmdir(folder);
    g_free(folder);
}

#endif
