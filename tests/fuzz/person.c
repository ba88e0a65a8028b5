/* Three lines: two names and an address. Likeness is a share and does not depend on the order; a
 * key is folded text, and the same for the same words in other cases. */
#include <string.h>

#include "engine/person/person.h"
#include "tests/fuzz/fuzz.h"

static const PersonModel *model_of(void)
{
    static PersonModel *model;
    if (!model)
        model = person_model_load("rules", NULL);
    fuzz_check(model);
    return model;
}

static void check_names(const char *a, const char *b)
{
    double likeness = person_names_alike(model_of(), a, b);
    fuzz_check(likeness >= 0 && likeness <= 1);
    fuzz_check(likeness == person_names_alike(model_of(), b, a));
    g_autofree char *key = person_name_key(model_of(), a);
    fuzz_check(!key || g_utf8_validate(key, -1, NULL));
    PersonName name = person_name_parse(a);
    fuzz_check(!name.last || g_utf8_validate(name.last, -1, NULL));
    fuzz_check(!name.first || g_utf8_validate(name.first, -1, NULL));
    person_name_clear(&name);
    person_is_placeholder(model_of(), a);
}

static void check_address(const char *street, const char *city)
{
    g_autofree char *key = address_key(street, city, "ON", "N9A 1A1");
    g_autofree char *again = address_key(street, city, "ON", "N9A 1A1");
    fuzz_check(g_strcmp0(key, again) == 0);
    fuzz_check(!key || g_utf8_validate(key, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
    guint n = g_strv_length(lines);

    if (!g_utf8_validate(text, -1, NULL) || n < 2)
        return 0;
    check_names(lines[0], lines[1]);
    if (n > 2)
        check_address(lines[2], lines[0]);
    return 0;
}
