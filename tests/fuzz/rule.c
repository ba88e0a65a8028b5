/* Any text as a rule file: it is read whole or refused with its name and a line; a rule that was
 * read has what every rule has. */
#include <string.h>

#include "engine/base/error.h"
#include "engine/indicator/rulefile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicator) rule = indicator_parse("rule.sql", text, &error);

    fuzz_check((rule != NULL) == (error == NULL));
    if (!rule) {
        fuzz_check(error_status(error) == STATUS_CONFIG && strstr(error->message, "rule.sql"));
        return 0;
    }
    fuzz_check(rule->id && *rule->id && rule->sql && *rule->sql);
    fuzz_check(indicator_line(rule, -1) >= 1);
    fuzz_check(indicator_title(rule, LANG_EN));
    return 0;
}
