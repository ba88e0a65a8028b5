/* Any text as a licence number: what is one is written so that it is read again as the same. */
#include <string.h>

#include "loaders/ffl.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);

    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_autofree char *number = ffl_number(text), *key = ffl_rds_key(text), *type = ffl_type(text);

    fuzz_check(!key || (strlen(key) == 8 && strspn(key, "0123456789") == 8));
    fuzz_check(!type || (number && strlen(type) == 2));
    fuzz_check((key != NULL) == ffl_is_key(text));
    fuzz_check(!ffl_lost_zeros(text) || number);
    if (number) {
        g_autofree char *again = ffl_number(number), *same = ffl_rds_key(number);

        fuzz_check(strlen(number) == 20);
        fuzz_check(g_strcmp0(again, number) == 0 && g_strcmp0(same, key) == 0);
    }
    return 0;
}
