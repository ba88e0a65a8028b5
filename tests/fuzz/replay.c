/*
 * A fuzz target without a fuzzer: runs every file of its corpus (the folder of the program's name,
 * test_NAME -> tests/fuzz/corpus/NAME, or what is named), and prints Check's summary line.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

static guint replay_file(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    fuzz_check(g_file_get_contents(path, &bytes, &length, NULL));
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
    return 1;
}

static guint replay(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    guint n = 0;

    if (!dir)
        return replay_file(path);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        n += replay_file(file);
    }
    return n;
}

int main(int argc, char **argv)
{
    g_autofree char *program = g_path_get_basename(argv[0]);
    const char *name = strchr(program, '_') ? strchr(program, '_') + 1 : program;
    g_autofree char *corpus = g_build_filename("tests", "fuzz", "corpus", name, NULL);
    guint n = 0;

    for (int i = 1; i < argc; i++)
        n += replay(argv[i]);
    if (argc == 1)
        n = replay(corpus);
    fuzz_check(n > 0);
    printf("100%%: Checks: %u, Failures: 0, Errors: 0\n", n);
    return 0;
}
