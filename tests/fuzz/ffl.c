/* Any text as a licence number: what is one is written so that it is read again as the same. */
#include <string.h>

#include "loaders/ffl.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);

    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_autofree char *number = ffl_number(text);
    FflParts parts, same;

    ffl_parts(text, &parts);
    fuzz_check(!*parts.rds_key || strspn(parts.rds_key, "0123456789") == 8);
    fuzz_check(!*parts.type || (number && strlen(parts.type) == 2));
    fuzz_check((*parts.rds_key != 0) == ffl_is_key(text));
    fuzz_check(!ffl_lost_zeros(text) || number);
    if (number) {
        g_autofree char *again = ffl_number(number);

        ffl_parts(number, &same);
        fuzz_check(strlen(number) == 20);
        fuzz_check(g_strcmp0(again, number) == 0 && strcmp(same.rds_key, parts.rds_key) == 0);
    }
    return 0;
}
