/* Any text as a profile: it is read, or refused with a file and a line; what was read is used on a
 * header of its own names. */
#include <string.h>

#include "engine/base/error.h"
#include "loaders/profile.h"
#include "tests/fuzz/fuzz.h"

static void use(const Profile *profile)
{
    guint n = profile->columns->len;
    g_autofree char **header = g_new0(char *, n + 1);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < n; i++)
        header[i] = profile_column(profile, i)->name;
    g_autofree int *cells = profile_match(profile, header, n, &error);

    fuzz_check(cells || error_status(error) == STATUS_DATA);
    for (guint i = 0; cells && i < n; i++)
        fuzz_check(profile_fills(profile, cells, i));
    fuzz_check(profile->key->len >= 1 && profile->key->len <= KEY_PARTS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = fuzz_file(data, size, path);
    g_autoptr(GError) error = NULL;
    g_autoptr(Profile) profile = profile_load(path, &error);

    if (profile)
        use(profile);
    else
        fuzz_check(error_status(error) == STATUS_CONFIG && strstr(error->message, path));
    close(fd);
    return 0;
}
