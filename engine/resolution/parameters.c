/*
 * Parameter sets: what was estimated, kept apart from the people it was estimated from, written as
 * lines and read back. Values stand in it as hashes, and only those that several people share:
 * a value that is not listed is one person's, or has not been seen yet, which comes to the same.
 */
#include "engine/resolution/estimated.h"

#include "engine/base/error.h"

#include <math.h>
#include <string.h>

#define FIRST_LINE "person parameters 2"
#define LINE_MOST  32 /* bytes of a line with a hash and a count */

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
    p->new_year = people->new_year ? 1 : 0;
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

/* "HASH COUNT", the hash in hexadecimal digits; FALSE: no such line. */
static gboolean line_read(const char *line, ValueCount *count)
{
    const char *at = line;
    guint64 hash = 0, n = 0;
    for (int digit; (digit = g_ascii_xdigit_value(*at)) >= 0; at++)
        hash = hash << 4 | (guint64)digit;
    if (at == line || at - line > 16 || *at != ' ')
        return FALSE;
    for (at++; g_ascii_isdigit(*at) && n <= G_MAXUINT32; at++)
        n = 10 * n + (guint64)g_ascii_digit_value(*at);
    *count = (ValueCount){hash, (guint32)MIN(n, G_MAXUINT32)};
    return TRUE;
}

/* May the line that a byte stands in be read? */
static gboolean line_holds(const Lines *lines, const char *at)
{
    const char *from = at - MIN(at - lines->from, LINE_MOST), *to = MIN(at + LINE_MOST, lines->to);
    return lines->text->holds(from, (gsize)(to - from), lines->text->data);
}

/* The count of a hash in lines that ascend by hash; 0 where there is none. */
static guint32 lines_count(const Lines *lines, guint64 hash)
{
    const char *low = lines->from, *high = lines->to;
    while (low < high) {
        const char *line = low + (high - low) / 2;
        ValueCount count;
        if (!line_holds(lines, line))
            return 0;
        while (line > low && line[-1] != '\n')
            line--;
        if (!line_read(line, &count))
            return 0;
        if (count.hash == hash)
            return count.count;
        if (count.hash < hash)
            low = strchr(line, '\n') + 1;
        else
            high = line;
    }
    return 0;
}

/* The count of a value, 0 where none is kept. */
static guint32 count_of(const PersonParameters *p, CountKind kind, guint64 hash)
{
    ValueCount wanted = {hash, 0};
    guint at;
    if (p->lines[kind].from)
        return lines_count(&p->lines[kind], hash);
    return g_array_binary_search(p->counts[kind], &wanted, value_count_compare, &at)
               ? g_array_index(p->counts[kind], ValueCount, at).count
               : 0;
}

/* Of few people each number is looked up among the counts. */
static void apply_numbers(const PersonParameters *p, People *people, CountKind kind, Id from)
{
    for (Id id = from; id < people_numbers(people, kind); id++) {
        guint32 count = count_of(p, kind, people_hash(people, kind, id));
        if (count)
            people->counts[kind][id] = count;
    }
}

static void apply_birthdays(const PersonParameters *p, People *people)
{
    for (guint i = 0; i < people->nodes->len; i++) {
        Id number = node_number(people, people_node(people, i), COUNT_DOB);
        guint32 count = number ? count_of(p, COUNT_DOB, people_hash(people, COUNT_DOB, number)) : 0;
        if (count)
            people->counts[COUNT_DOB][number] = count;
    }
}

/* Of many people each count is looked up among their numbers. */
static void apply_values(const GArray *counts, People *people, CountKind kind)
{
    for (guint i = 0; i < counts->len; i++) {
        const ValueCount *count = &g_array_index(counts, ValueCount, i);
        Id id = people_find(people, kind, count->hash);
        if (id)
            people->counts[kind][id] = count->count;
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

static void apply_known(const PersonParameters *p, People *people)
{
    counts_reset(people);
    people->population = p->population;
    people->by_entity = TRUE;
    people->new_year = p->new_year > 0;
    memcpy(people->known, p->known, sizeof people->known);
}

void parameters_apply_from(const PersonParameters *p, People *people, Id values, Id places)
{
    apply_known(p, people);
    apply_dobs(p->counts[COUNT_DOB], people);
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        if (kind != COUNT_DOB)
            apply_numbers(p, people, kind, kind == COUNT_PLACE ? places : values);
}

void parameters_apply(const PersonParameters *p, People *people)
{
    apply_known(p, people);
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        if (kind == COUNT_DOB && p->lines[kind].from)
            apply_birthdays(p, people);
        else if (kind == COUNT_DOB)
            apply_dobs(p->counts[kind], people);
        else if (kind == COUNT_PLACE || p->lines[kind].from)
            apply_numbers(p, people, kind, 1);
        else
            apply_values(p->counts[kind], people, kind);
    }
}

guint64 parameters_stamp(const PersonParameters *p)
{
    guint64 stamp = 0;
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        stamp = mix64(stamp, p->counts[kind]->len);
        for (guint i = 0; i < p->counts[kind]->len; i++) {
            const ValueCount *count = &g_array_index(p->counts[kind], ValueCount, i);
            stamp = mix64(stamp, mix64(count->hash, count->count));
        }
    }
    return stamp;
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
    const double rates[] = {p->population, p->weights.matches, p->weights.kin, p->weights.kin_both,
                            p->new_year};
    write_numbers(out, "prior", rates, G_N_ELEMENTS(rates));
    const double namesakes[] = {p->weights.lives, p->weights.undated};
    write_numbers(out, "namesakes", namesakes, G_N_ELEMENTS(namesakes));
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
    const PersonText *text; /* leave counts where they are; or NULL */
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

/* There are hundreds of thousands of these: no more digits than always fit. */
static gboolean scan_unsigned(Scan *scan, guint base, guint64 *number)
{
    const char *at = scan->at;
    const char *most = at + (base == 16 ? 16 : 19);
    *number = 0;
    for (gint digit; at < most && (digit = g_ascii_xdigit_value(*at)) >= 0 && digit < (gint)base;
         at++)
        *number = *number * base + (guint)digit;
    return scan_end(scan, at);
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

/* The lines of a kind, to the mark of the next. */
static gboolean scan_lines(Scan *scan, CountKind kind, Lines *lines)
{
    const char *end = scan->text->text + scan->text->mark[kind + 1];
    if (end < scan->at)
        return FALSE;
    *lines = (Lines){scan->at, end, scan->text};
    scan->at = end;
    return TRUE;
}

static gboolean scan_counts(Scan *scan, PersonParameters *p, CountKind kind)
{
    guint64 hash, count;
    if (!scan_word(scan, "known") || !scan_word(scan, kind_names[kind]) ||
        !scan_unsigned(scan, 10, &count) || count > G_MAXUINT32)
        return FALSE;
    p->known[kind] = (guint)count;
    if (scan->text)
        return scan_lines(scan, kind, &p->lines[kind]);
    gboolean rising = TRUE;
    guint64 last = 0;
    while (g_ascii_isxdigit(*scan->at)) {
        if (!scan_unsigned(scan, 16, &hash) || !scan_unsigned(scan, 10, &count) ||
            count > G_MAXUINT32)
            return FALSE;
        ValueCount value = {hash, (guint32)count};
        g_array_append_val(p->counts[kind], value);
        rising &= hash >= last;
        last = hash;
    }
    if (!rising)
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

/* An older set has none: those born on two days are then two people. */
static gboolean scan_namesakes(Scan *scan, Weights *w)
{
    w->lives = w->undated = 0;
    return !scan_word(scan, "namesakes") ||
           (scan_double(scan, &w->lives) && scan_double(scan, &w->undated));
}

static gboolean scan_head(Scan *scan, PersonParameters *p)
{
    Weights *w = &p->weights;
    if (!g_str_has_prefix(scan->at, FIRST_LINE "\n"))
        return FALSE;
    scan->at += strlen(FIRST_LINE "\n");
    return scan_word(scan, "prior") && scan_double(scan, &p->population) &&
           scan_double(scan, &w->matches) && scan_double(scan, &w->kin) &&
           scan_double(scan, &w->kin_both) && scan_double(scan, &p->new_year) &&
           scan_namesakes(scan, w) && scan_levels(scan, w);
}

static gboolean scan_all(Scan *scan, PersonParameters *p)
{
    if (!scan_head(scan, p))
        return FALSE;
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        if (!scan_counts(scan, p, kind))
            return FALSE;
    for (guint key = 0; key < BLOCK_KEYS; key++)
        if (!scan_large(scan, p, key))
            return FALSE;
    return strcmp(scan->at, "end\n") == 0;
}

static gboolean unusable(const char *text, const Scan *scan, GError **error)
{
    return error_set(error, STATUS_DATA, "unusable person parameters at byte %" G_GSIZE_FORMAT,
                     (gsize)(scan->at - text));
}

PersonParameters *person_parameters_read(const char *text, GError **error)
{
    g_autoptr(PersonParameters) p = parameters_empty();
    Scan scan = {text, NULL};
    return scan_all(&scan, p) || unusable(text, &scan, error) ? g_steal_pointer(&p) : NULL;
}

G_STATIC_ASSERT(PERSON_MARKS == COUNT_KINDS + 1);

gboolean person_text_mark(PersonText *text)
{
    const char *at = text->text;
    for (guint kind = 0; kind < PERSON_MARKS; kind++) {
        at = strstr(at, kind < COUNT_KINDS ? "\nknown " : "\nlarge ");
        if (!at)
            return FALSE;
        text->mark[kind] = (guint64)(++at - text->text);
    }
    return TRUE;
}

static gboolean scan_marked(Scan *scan, PersonParameters *p)
{
    const PersonText *text = scan->text;
    if (!text->holds(text->text, text->mark[0], text->data) || !scan_head(scan, p))
        return FALSE;
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        if (!text->holds(scan->at, MIN(2 * LINE_MOST, text->mark[kind + 1] - text->mark[kind]),
                         text->data) ||
            !scan_counts(scan, p, kind))
            return FALSE;
    return TRUE;
}

PersonParameters *person_parameters_open(const PersonText *text, GError **error)
{
    g_autoptr(PersonParameters) p = parameters_empty();
    Scan scan = {text->text, text};
    return scan_marked(&scan, p) || unusable(text->text, &scan, error) ? g_steal_pointer(&p) : NULL;
}
