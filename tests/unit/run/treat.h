/* What can become of a file that a run left beside its store. For tests. */
#ifndef CROSSTRACE_TESTS_RUN_TREAT_H
#define CROSSTRACE_TESTS_RUN_TREAT_H

#include <check.h>
#include <glib/gstdio.h>

static inline void copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize size;
    ck_assert(g_file_get_contents(from, &bytes, &size, NULL));
    ck_assert(g_file_set_contents(to, bytes, (gssize)size, NULL));
}

/* One byte is another, or the end is missing. */
static inline void damage(const char *file, GRand *random)
{
    g_autofree char *bytes = NULL;
    gsize size;
    ck_assert(g_file_get_contents(file, &bytes, &size, NULL));
    bytes[g_rand_int_range(random, 0, (gint32)size)] ^= (char)(1 << g_rand_int_range(random, 0, 8));
    if (g_rand_boolean(random))
        size = (gsize)g_rand_int_range(random, 0, (gint32)size);
    ck_assert(g_file_set_contents(file, bytes, (gssize)size, NULL));
}

/* treatment: 0 to 5; old is what it was some runs ago. What is not there, as a run may leave it, is
 * neither kept nor damaged. */
static inline void treat(const char *file, const char *old, guint treatment, GRand *random)
{
    gboolean there = g_file_test(file, G_FILE_TEST_EXISTS);
    if (!there && (treatment == 0 || treatment == 3))
        return;
    switch (treatment) {
    case 0:
        copy_file(file, old);
        break;
    case 1:
    case 2:
        if (g_file_test(old, G_FILE_TEST_EXISTS))
            copy_file(old, file);
        break;
    case 3:
        damage(file, random);
        break;
    case 4:
        g_remove(file);
        break;
    default:
        break;
    }
}

#endif
