/*
 * A parameter set as text: a line a number, a name, a count. Counts stand under the hashes that
 * they are kept by, in order of them; numbers are written so that they read back exactly.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/population/estimated.h"

#define FIRST_LINE "crosstrace firearm parameters 2"

static void put_number(GString *out, const char *what, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s %s\n", what, g_ascii_dtostr(text, sizeof(text), value));
}

static void put_names(GString *out, const char *what, const Names *names)
{
    for (guint i = 0; i < names->texts->len; i++) {
        g_autofree char *text = g_strescape(names->texts->pdata[i], NULL);
        g_string_append_printf(out, "%s %s\n", what, text);
    }
}

static int slot_order(gconstpointer a, gconstpointer b)
{
    const Slot *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static void put_counts(GString *out, const char *what, const Counter *counter)
{
    g_autofree Slot *slots = g_new(Slot, counter->used + 1);
    gsize n = 0;
    for (guint64 i = 0; i <= counter->mask; i++) {
        if (counter->slot[i].key != 0) {
            slots[n++] = counter->slot[i];
        }
    }
    qsort(slots, n, sizeof(*slots), slot_order);
    for (gsize i = 0; i < n; i++) {
        g_string_append_printf(out, "%s %" G_GINT64_MODIFIER "x %u %u\n", what, slots[i].key,
                               slots[i].count, slots[i].fresh);
    }
}

static void put_tail(GString *out, const Tail *tail)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, "tail");
    for (guint i = 0; i < FREE_END * 36; i++) {
        double share = (double)tail->share[i / 36][i % 36];
        g_string_append_printf(out, " %s", g_ascii_formatd(text, sizeof(text), "%.9g", share));
    }
    g_string_append_c(out, '\n');
}

char *parameters_head(const FirearmParameters *parameters)
{
    GString *out = g_string_new(FIRST_LINE "\n");
    guint n;
    const ModelRow *rows = model_rows(&n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *what = g_strconcat(rows[i].group, ".", rows[i].key, NULL);
        put_number(out, what,
                   *(const double *)G_STRUCT_MEMBER_P(&parameters->rates, rows[i].offset));
    }
    put_number(out, "traces", parameters->traces);
    put_number(out, "seizures", parameters->seizures);
    put_number(out, "firearms", parameters->firearms);
    put_names(out, "make", &parameters->makes);
    put_names(out, "value", &parameters->values);
    for (guint i = 0; i < parameters->tail->len; i++) {
        put_tail(out, &g_array_index(parameters->tail, Tail, i));
    }
    return g_string_free(out, FALSE);
}

char *firearm_parameters_write(const FirearmParameters *parameters)
{
    g_autofree char *head = parameters_head(parameters);
    GString *out = g_string_new(head);
    put_counts(out, "count", &parameters->counter);
    put_counts(out, "end", fragments_counter(parameters->fragments));
    return g_string_free(out, FALSE);
}

static gboolean read_number(const char *text, double *value)
{
    char *end;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0';
}

static gboolean read_rate(FirearmModel *rates, const char *what, const char *text)
{
    guint n;
    const ModelRow *rows = model_rows(&n);
    for (guint i = 0; i < n; i++) {
        gsize group = strlen(rows[i].group);
        if (strncmp(what, rows[i].group, group) == 0 && what[group] == '.' &&
            strcmp(what + group + 1, rows[i].key) == 0) {
            double *value = (double *)G_STRUCT_MEMBER_P(rates, rows[i].offset);
            return read_number(text, value) && *value >= rows[i].low && *value <= rows[i].high;
        }
    }
    return FALSE;
}

static gboolean read_size(FirearmParameters *p, const char *what, const char *text)
{
    guint64 n;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT / 2, &n, NULL)) {
        return FALSE;
    }
    guint *size = strcmp(what, "traces") == 0     ? &p->traces
                  : strcmp(what, "seizures") == 0 ? &p->seizures
                                                  : &p->firearms;
    *size = (guint)n;
    return TRUE;
}

static gboolean read_name(Names *names, const char *text)
{
    g_autofree char *name = g_strcompress(text);
    guint before = names->texts->len;
    names_add(names, name);
    return names->texts->len > before;
}

static gboolean read_count(Counter *counter, const char *text)
{
    char *end;
    guint64 key = g_ascii_strtoull(text, &end, 16), n, fresh;
    if (key == 0 || *end != ' ') {
        return FALSE;
    }
    n = g_ascii_strtoull(end + 1, &end, 10);
    if (n == 0 || n > G_MAXUINT32 || *end != ' ' ||
        !g_ascii_string_to_unsigned(end + 1, 10, 0, G_MAXUINT32, &fresh, NULL)) {
        return FALSE;
    }
    counter_put(counter, (Slot){key, (guint32)n, (guint32)fresh});
    return TRUE;
}

static gboolean read_tail(GArray *tails, const char *text)
{
    g_auto(GStrv) cells = g_strsplit(text, " ", -1);
    Tail tail;
    if (g_strv_length(cells) != FREE_END * 36) {
        return FALSE;
    }
    for (guint i = 0; i < FREE_END * 36; i++) {
        double share;
        if (!read_number(cells[i], &share) || share < 0 || share > 1) {
            return FALSE;
        }
        tail.share[i / 36][i % 36] = (float)share;
    }
    g_array_append_val(tails, tail);
    return TRUE;
}

static gboolean read_line(FirearmParameters *p, char *line)
{
    char *text = strchr(line, ' ');
    if (text == NULL) {
        return FALSE;
    }
    *text++ = '\0';
    if (strcmp(line, "count") == 0) {
        return read_count(&p->counter, text);
    }
    if (strcmp(line, "end") == 0) {
        return read_count(fragments_counter(p->fragments), text);
    }
    if (strcmp(line, "make") == 0 || strcmp(line, "value") == 0) {
        return read_name(*line == 'm' ? &p->makes : &p->values, text);
    }
    if (strcmp(line, "tail") == 0) {
        return read_tail(p->tail, text);
    }
    return strchr(line, '.') != NULL ? read_rate(&p->rates, line, text) : read_size(p, line, text);
}

FirearmParameters *firearm_parameters_read(const FirearmModel *model, const char *text,
                                           GError **error)
{
    g_autoptr(FirearmParameters) p = firearm_set_new(model);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_array_set_size(p->tail, 0);
    p->fragments = fragments_new(0);
    gboolean ok = lines[0] != NULL && strcmp(lines[0], FIRST_LINE) == 0;
    guint at = 1;
    while (ok && lines[at] != NULL && *lines[at] != '\0') {
        ok = read_line(p, lines[at++]);
    }
    if (!ok || p->tail->len != p->makes.texts->len + 1) {
        error_set(error, STATUS_DATA, "cannot read the firearm parameters: line %u", at);
        return NULL;
    }
    model_refresh(&p->rates);
    counter_sieve(&p->counter);
    counter_sieve(fragments_counter(p->fragments));
    return g_steal_pointer(&p);
}
