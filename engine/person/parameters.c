/*
 * Parameter sets: what was estimated, kept apart from the people it was estimated from, written as
 * lines and read back. Values stand in it as hashes, and only those that several people share:
 * a value that is not listed is one person's, or has not been seen yet, which comes to the same.
 */
#include "engine/person/parameters.h"

#include "engine/base/error.h"

#include <math.h>
#include <string.h>

#define FIRST_LINE "person parameters 1"

typedef struct {
    guint64 hash;
    guint32 count;
} ValueCount;

static const char *const kind_names[COUNT_KINDS] = {"last",  "first",    "middle", "organisation",
                                                    "place", "street",   "postal", "city",
                                                    "phone", "document", "dob"};

static int value_count_compare(gconstpointer a, gconstpointer b)
{
    const ValueCount *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static PersonParameters *parameters_empty(void)
{
    PersonParameters *p = g_new0(PersonParameters, 1);
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        p->counts[kind] = g_array_new(FALSE, FALSE, sizeof(ValueCount));
    large_init(&p->large);
    return p;
}

void person_parameters_free(PersonParameters *p)
{
    if (!p)
        return;
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        g_array_unref(p->counts[kind]);
    large_clear(&p->large);
    g_free(p);
}

PersonParameters *parameters_new(const People *people, const Weights *weights, LargeBlocks *large)
{
    PersonParameters *p = parameters_empty();
    p->weights = *weights;
    p->population = people->population;
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        p->known[kind] = people->known[kind];
        for (Id id = 1; id < people_numbers(people, kind); id++) {
            ValueCount count = {0, people->counts[kind][id]};
            if (count.count < 2)
                continue;
            count.hash = people_hash(people, kind, id);
            g_array_append_val(p->counts[kind], count);
        }
        g_array_sort(p->counts[kind], value_count_compare);
    }
    large_clear(&p->large);
    p->large = *large;
    large_init(large);
    return p;
}

/* Counts of a kind whose numbers are looked up by hash. */
static void apply_values(const GArray *counts, People *people, CountKind kind)
{
    for (guint i = 0; i < counts->len; i++) {
        const ValueCount *count = &g_array_index(counts, ValueCount, i);
        Id id = people_find(people, count->hash);
        if (id)
            people->counts[kind][id] = count->count;
    }
}

static void apply_places(const GArray *counts, People *people)
{
    for (Id id = 1; id < people_numbers(people, COUNT_PLACE); id++) {
        ValueCount wanted = {people_hash(people, COUNT_PLACE, id), 0};
        guint at;
        if (g_array_binary_search((GArray *)counts, &wanted, value_count_compare, &at))
            people->counts[COUNT_PLACE][id] = g_array_index(counts, ValueCount, at).count;
    }
}

static void apply_dobs(const GArray *counts, People *people)
{
    for (guint i = 0; i < counts->len; i++) {
        const ValueCount *count = &g_array_index(counts, ValueCount, i);
        gint64 day = (gint64)count->hash;
        if (day >= people->dob_low && day <= people->dob_high)
            people->counts[COUNT_DOB][day - people->dob_low] = count->count;
    }
}

void parameters_apply(const PersonParameters *p, People *people)
{
    counts_reset(people);
    people->population = p->population;
    people->by_entity = TRUE;
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        people->known[kind] = p->known[kind];
        if (kind == COUNT_PLACE)
            apply_places(p->counts[kind], people);
        else if (kind == COUNT_DOB)
            apply_dobs(p->counts[kind], people);
        else
            apply_values(p->counts[kind], people, kind);
    }
}

PersonWeight *person_parameters_weights(const PersonParameters *p, guint *n)
{
    PersonWeight *rows = g_new(PersonWeight, FIELD_COUNT * FIELD_LEVELS + 1);
    *n = 0;
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            const LevelOdds *odds = &p->weights.odds[f][l];
            rows[(*n)++] = (PersonWeight){person_field_name(f), level_name(f, l), odds->m, odds->u,
                                          log2(odds->m / odds->u)};
        }
    double share = p->weights.matches / MAX(p->population, 2);
    rows[(*n)++] = (PersonWeight){"prior", "matches", share, 1, log2(share)};
    return rows;
}

void person_parameters_shift(PersonParameters *p, double bits)
{
    p->weights.matches = CLAMP(p->weights.matches * exp2(bits), 1e-6, 1e3);
}

/* ---- text: one line each, words by blanks -------------------------------------------------- */

static void write_number(GString *out, double number)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, " %s", g_ascii_dtostr(buffer, sizeof buffer, number));
}

static void write_numbers(GString *out, const char *what, const double *numbers, guint n)
{
    g_string_append(out, what);
    for (guint i = 0; i < n; i++)
        write_number(out, numbers[i]);
    g_string_append_c(out, '\n');
}

char *person_parameters_write(const PersonParameters *p)
{
    GString *out = g_string_new(FIRST_LINE "\n");
    const double rates[] = {p->population, p->weights.matches, p->weights.kin, p->weights.kin_both};
    write_numbers(out, "prior", rates, G_N_ELEMENTS(rates));
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            const LevelOdds *odds = &p->weights.odds[f][l];
            const double shares[] = {odds->m, odds->u, odds->kin};
            g_string_append_printf(out, "level %s ", person_field_name(f));
            write_numbers(out, level_name(f, l), shares, G_N_ELEMENTS(shares));
        }
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        g_string_append_printf(out, "known %s %u\n", kind_names[kind], p->known[kind]);
        for (guint i = 0; i < p->counts[kind]->len; i++) {
            const ValueCount *count = &g_array_index(p->counts[kind], ValueCount, i);
            g_string_append_printf(out, "%" G_GINT64_MODIFIER "x %u\n", count->hash, count->count);
        }
    }
    for (guint k = 0; k < BLOCK_KEYS; k++) {
        const GArray *blocks = p->large.blocks[k];
        g_string_append_printf(out, "large %u\n", k);
        for (guint i = 0; i < blocks->len; i++)
            g_string_append_printf(out, "%x\n", g_array_index(blocks, guint32, i));
    }
    g_string_append(out, "end\n");
    return g_string_free(out, FALSE);
}

/* Takes words and numbers off a text, from the front. */
typedef struct {
    const char *at;
} Scan;

static gboolean scan_word(Scan *scan, const char *word)
{
    gsize length = strlen(word);
    if (strncmp(scan->at, word, length) != 0 || !strchr(" \n", scan->at[length]) ||
        scan->at[length] == '\0')
        return FALSE;
    scan->at += length + 1;
    return TRUE;
}

static gboolean scan_end(Scan *scan, const char *end)
{
    if (end == scan->at || (*end != ' ' && *end != '\n'))
        return FALSE;
    scan->at = end + 1;
    return TRUE;
}

static gboolean scan_double(Scan *scan, double *number)
{
    char *end;
    *number = g_ascii_strtod(scan->at, &end);
    return scan_end(scan, end) && isfinite(*number);
}

static gboolean scan_unsigned(Scan *scan, guint base, guint64 *number)
{
    char *end;
    *number = g_ascii_strtoull(scan->at, &end, base);
    return scan_end(scan, end);
}

static gboolean scan_levels(Scan *scan, Weights *w)
{
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            LevelOdds *odds = &w->odds[f][l];
            if (!scan_word(scan, "level") || !scan_word(scan, person_field_name(f)) ||
                !scan_word(scan, level_name(f, l)) || !scan_double(scan, &odds->m) ||
                !scan_double(scan, &odds->u) || !scan_double(scan, &odds->kin) ||
                !(odds->m > 0 && odds->u > 0 && odds->kin > 0))
                return FALSE;
        }
    return TRUE;
}

static gboolean scan_counts(Scan *scan, PersonParameters *p, CountKind kind)
{
    guint64 hash, count;
    if (!scan_word(scan, "known") || !scan_word(scan, kind_names[kind]) ||
        !scan_unsigned(scan, 10, &count) || count > G_MAXUINT32)
        return FALSE;
    p->known[kind] = (guint)count;
    while (g_ascii_isxdigit(*scan->at)) {
        if (!scan_unsigned(scan, 16, &hash) || !scan_unsigned(scan, 10, &count) ||
            count > G_MAXUINT32)
            return FALSE;
        ValueCount value = {hash, (guint32)count};
        g_array_append_val(p->counts[kind], value);
    }
    g_array_sort(p->counts[kind], value_count_compare);
    return TRUE;
}

static gboolean scan_large(Scan *scan, PersonParameters *p, guint key)
{
    guint64 number;
    if (!scan_word(scan, "large") || !scan_unsigned(scan, 10, &number) || number != key)
        return FALSE;
    while (g_ascii_isxdigit(*scan->at) && strncmp(scan->at, "end\n", 4) != 0) {
        if (!scan_unsigned(scan, 16, &number) || number > G_MAXUINT32)
            return FALSE;
        guint32 block = (guint32)number;
        g_array_append_val(p->large.blocks[key], block);
    }
    return TRUE;
}

static gboolean scan_all(Scan *scan, PersonParameters *p)
{
    if (!g_str_has_prefix(scan->at, FIRST_LINE "\n"))
        return FALSE;
    scan->at += strlen(FIRST_LINE "\n");
    Weights *w = &p->weights;
    if (!scan_word(scan, "prior") || !scan_double(scan, &p->population) ||
        !scan_double(scan, &w->matches) || !scan_double(scan, &w->kin) ||
        !scan_double(scan, &w->kin_both) || !scan_levels(scan, w))
        return FALSE;
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        if (!scan_counts(scan, p, kind))
            return FALSE;
    for (guint key = 0; key < BLOCK_KEYS; key++)
        if (!scan_large(scan, p, key))
            return FALSE;
    return strcmp(scan->at, "end\n") == 0;
}

PersonParameters *person_parameters_read(const char *text, GError **error)
{
    g_autoptr(PersonParameters) p = parameters_empty();
    Scan scan = {text};
    if (scan_all(&scan, p))
        return g_steal_pointer(&p);
    error_set(error, STATUS_DATA, "unusable person parameters at byte %" G_GSIZE_FORMAT,
              (gsize)(scan.at - text));
    return NULL;
}
