/* A scratch store in a folder of its own, removed at the end; for tests of sql and indicator. */
#ifndef CROSSTRACE_TESTS_SCRATCH_H
#define CROSSTRACE_TESTS_SCRATCH_H

#include <check.h>
#include <glib/gstdio.h>

#include "engine/base/error.h"
#include "engine/store/result.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

typedef struct {
    char *folder, *path;
    Store *store;
} Scratch;

static inline void scratch_open(Scratch *scratch)
{
    g_autoptr(GError) error = NULL;
    scratch->folder = folder_new();
    scratch->path = g_build_filename(scratch->folder, "unit.db", NULL);
    scratch->store = store_open(scratch->path, STORE_CREATE, 0, &error);
    ck_assert_msg(scratch->store != NULL, "%s", error ? error->message : "");
}

/* Number of files in the folder. */
static inline guint scratch_files(const Scratch *scratch)
{
    GDir *dir = g_dir_open(scratch->folder, 0, NULL);
    guint n = 0;
    while (g_dir_read_name(dir))
        n++;
    g_dir_close(dir);
    return n;
}

static inline void scratch_close(Scratch *scratch)
{
    g_clear_pointer(&scratch->store, store_close);
    g_clear_pointer(&scratch->folder, folder_remove);
    g_clear_pointer(&scratch->path, g_free);
}

#endif
