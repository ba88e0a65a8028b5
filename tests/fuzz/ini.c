/* Any text as an INI file and, with it as one, as the audiences of a rules directory: read whole,
 * or refused with a name. */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/release/audience.h"
#include "tests/fuzz/fuzz.h"

static void check_audiences(const char *text, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_free(fuzz_write("audiences.ini", text, size));
    g_autoptr(Audiences) audiences = audiences_load(fuzz_folder(), &error);
    fuzz_check((audiences != NULL) == (error == NULL));
    fuzz_check(audiences ||
               (error_status(error) == STATUS_CONFIG && strstr(error->message, "audiences.ini")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Ini) ini = ini_read(text, strlen(text), "file.ini", &error);

    fuzz_check(ini || (error_status(error) == STATUS_CONFIG && strstr(error->message, "file.ini")));
    for (const char *const *group = ini ? ini_groups(ini) : NULL; group && *group; group++)
        for (const char *const *key = ini_keys(ini, *group); *key; key++)
            fuzz_check(ini_get(ini, *group, *key) && ini_line(ini, *group, *key) >= 1);
    check_audiences(text, strlen(text));
    return 0;
}
