/*
 * The spellings of one model: letters and digits, without what the make says anyway and without a
 * generation.
 */
#include "engine/population/model_name.h"

#include <string.h>

#include "engine/population/estimated.h"

/* Where a generation begins among letters and digits ("GEN4" at the end, behind something else). */
static const char *generation_at(const char *key, gsize n)
{
    const char *at = n > 4 ? key + n - 4 : NULL;
    return at != NULL && memcmp(at, "GEN", 3) == 0 && g_ascii_isdigit(at[3]) ? at : NULL;
}

static gsize letters_and_digits(const char *text, char key[MODEL_KEY])
{
    gsize n = 0;
    for (const char *p = text; *p != '\0' && n < MODEL_KEY - 1; p++) {
        if (g_ascii_isalnum(*p) || (guchar)*p >= 0x80) {
            key[n++] = g_ascii_toupper(*p);
        }
    }
    key[n] = '\0';
    return n;
}

/* Characters of a make, or of its initial, in front of a number. */
static gsize make_in_front(const char *make, const char *key)
{
    char own[MODEL_KEY];
    gsize n = is_recorded(make) ? letters_and_digits(make, own) : 0;
    if (n > 0 && strncmp(key, own, n) == 0 && g_ascii_isdigit(key[n])) {
        return n;
    }
    return n > 0 && key[0] == own[0] && g_ascii_isdigit(key[1]) ? 1 : 0;
}

gboolean model_key(const char *make, const char *name, char key[MODEL_KEY])
{
    gsize n = is_recorded(name) ? letters_and_digits(name, key) : 0;
    if (n == 0) {
        return FALSE;
    }
    gsize front = make_in_front(make, key);
    const char *end = generation_at(key + front, n - front);
    n = end != NULL ? (gsize)(end - key) : n;
    memmove(key, key + front, n - front);
    key[n - front] = '\0';
    return TRUE;
}

gboolean firearm_same_model(const char *make, const char *a, const char *b)
{
    char x[MODEL_KEY], y[MODEL_KEY];
    return model_key(make, a, x) && model_key(make, b, y) && strcmp(x, y) == 0;
}

char model_generation(const char *name)
{
    char key[MODEL_KEY];
    gsize n = is_recorded(name) ? letters_and_digits(name, key) : 0;
    const char *at = generation_at(key, n);
    return at != NULL ? at[3] : '\0';
}
