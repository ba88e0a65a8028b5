/* Lines of text as serial numbers. What was read is written as a pattern that is read again as the
 * same. And, as an oracle, the index - in memory and as a file - finds for each of them exactly
 * those others that the definition joins with it. */
#include <string.h>

#include "engine/lookup/lookup.h"
#include "engine/serial/serial.h"
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 12

static const FirearmModel *model_of(void)
{
    static FirearmModel *model;
    if (!model)
        model = firearm_model_load("rules", NULL);
    fuzz_check(model);
    return model;
}

static void check_pattern(const Serial *serial)
{
    g_autofree char *pattern = serial_pattern(serial);
    Serial again;
    if (!*pattern)
        return;
    fuzz_check(serial_from_pattern(pattern, serial->kind, &again));
    fuzz_check(again.length == serial->length && again.known == serial->known);
    fuzz_check(again.open_left == serial->open_left && again.open_right == serial->open_right);
    fuzz_check(memcmp(again.set, serial->set, serial->length * sizeof *serial->set) == 0);
}

static gboolean append(gconstpointer data, gsize size, gpointer to, GError **error)
{
    (void)error;
    g_byte_array_append(to, data, (guint)size);
    return TRUE;
}

static gboolean is_found(const GArray *ids, gint64 id)
{
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, gint64, i) == id)
            return TRUE;
    return FALSE;
}

static void check_found(const FirearmIndex *index, const Firearm *firearms, guint n)
{
    guint64 all;
    for (guint a = 0; a < n; a++) {
        g_autoptr(GArray) ids = firearm_index_find(index, model_of(), firearms[a].serial, n, &all);
        fuzz_check(ids);
        for (guint b = 0; serial_usable(firearms[a].serial) && b < n; b++) {
            Tier tier = serial_tier(model_of(), firearms[a].serial, NULL, firearms[b].serial, NULL);
            fuzz_check(is_found(ids, b + 1) == (tier != TIER_NONE));
        }
    }
}

/* Of the first firearms that come: what an index finds does not depend on them, and to estimate
 * them costs more than all the rest. */
static const FirearmParameters *parameters_of(const Firearm *firearms, guint n)
{
    static FirearmParameters *parameters;
    if (!parameters)
        parameters = firearm_parameters_estimate(model_of(), firearms, n);
    return parameters;
}

static void check_index(const Firearm *firearms, guint n)
{
    FirearmIndexing *indexing = firearm_indexing_new();
    for (guint i = 0; i < n; i++)
        firearm_indexing_add(indexing, firearms[i].serial, i + 1);
    g_autoptr(FirearmIndex) made = firearm_indexing_end(indexing, parameters_of(firearms, n));
    g_autoptr(GByteArray) file = g_byte_array_new();
    check_found(made, firearms, n);
    fuzz_check(firearm_index_write(made, "stamp", append, file, NULL));
    g_autoptr(FirearmIndex) read =
        firearm_index_open(model_of(), file->data, file->len, "stamp", NULL);
    fuzz_check(read);
    check_found(read, firearms, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", LINES_MAX);
    Firearm firearms[LINES_MAX] = {0};
    Serial serials[LINES_MAX];
    guint n = 0;

    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    for (; lines[n]; n++) {
        serials[n] = serial_parse(lines[n], NULL);
        firearms[n] = (Firearm){.ref = lines[n],
                                .side = n % 2 ? SIDE_TRACE : SIDE_SEIZURE,
                                .serial = &serials[n],
                                .serial_raw = lines[n],
                                .event_date = DAY_NONE,
                                .purchase_date = DAY_NONE,
                                .buyer_dob = DAY_NONE,
                                .request_date = DAY_NONE};
        check_pattern(&serials[n]);
    }
    check_index(firearms, n);
    return 0;
}
