/*
 * Reads rules/person.ini and in rules/tables nicknames.csv, two_names.csv, placeholders.csv and
 * letters.csv. The levels are walked from levels.def, so that a level without weights is an error
 * with its line.
 */
#include "engine/person/model.h"

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/base/text.h"
#include "engine/person/letters.h"
#include "engine/person/words.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* Name of a field and then of its levels. */
static const char *const fields[FIELD_COUNT][FIELD_LEVELS + 2] = {
#define FIELD(id, ...) {__VA_ARGS__},
#include "engine/person/levels.def"
#undef FIELD
};

typedef struct {
    const char *group, *key;
    double low, high;
    gsize offset;
} NumberRow;

#define LIMIT(name, low, high)                                                                     \
    {                                                                                              \
        "limits", #name, low, high, offsetof(PersonModel, limits.name)                             \
    }
#define PRIOR(name, low, high)                                                                     \
    {                                                                                              \
        "prior", #name, low, high, offsetof(PersonModel, start.name)                               \
    }
#define ALIKE(name, low, high)                                                                     \
    {                                                                                              \
        "alike", #name, low, high, offsetof(PersonModel, alike.name)                               \
    }
#define SHARED(name, field)                                                                        \
    {                                                                                              \
        "relatives", name, 0, 1, offsetof(PersonModel, start.shared[field])                        \
    }
static const NumberRow numbers[] = {
    PRIOR(matches, 1e-6, 1e3),
    PRIOR(kin, 0, 1e3),
    PRIOR(kin_both, 0, 1),
    SHARED("surname", FIELD_SURNAME),
    SHARED("given", FIELD_GIVEN),
    SHARED("middle", FIELD_MIDDLE),
    SHARED("suffix", FIELD_SUFFIX),
    SHARED("dob", FIELD_DOB),
    SHARED("address", FIELD_ADDRESS),
    SHARED("phone", FIELD_PHONE),
    SHARED("document", FIELD_DOCUMENT),
    SHARED("organisation", FIELD_ORGANISATION),
    LIMIT(accept, 0.01, 0.9999),
    LIMIT(review, 0.0001, 0.99),
    LIMIT(name_only, 0, 1),
    LIMIT(renamed, 0, 1),
    LIMIT(undated, 0.5, 0.999999),
    LIMIT(namesakes, 0, 1),
    LIMIT(namesakes_accept, 0, 1),
    LIMIT(half_suffix, 0, 1),
    LIMIT(tf_cap, 0, 40),
    LIMIT(tf_near, 0, 1),
    LIMIT(tf_smooth, 0, 1e6),
    LIMIT(bridge, -100, 100),
    LIMIT(plausible, -100, 100),
    LIMIT(rounds, 0, 100),
    LIMIT(m_start, 1, 1e9),
    LIMIT(u_start, 1, 1e9),
    LIMIT(kin_start, 1, 1e9),
    LIMIT(kin_pairs, 1, 1e12),
    LIMIT(shared_place, 2, 1e9),
    LIMIT(shared_phone, 2, 1e9),
    LIMIT(shared_document, 2, 1e9),
    LIMIT(block_cap, 2, 1e5),
    LIMIT(block_pairs, 1, 1e6),
    LIMIT(crowd, 2, 1e9),
    LIMIT(sample, 0, 1e8),
    LIMIT(sample_mentions, 1, 1e9),
    LIMIT(close, 0, 1),
    LIMIT(near, 0, 1),
    LIMIT(far, 0, 1),
    LIMIT(generation, 1, 1e5),
    LIMIT(new_year, 0, 1),
    LIMIT(new_year_start, 1, 1e9),
    LIMIT(new_year_times, 1, 365),
    LIMIT(near_days, 0, 1e4),
    LIMIT(near_slips, 0, 20),
    ALIKE(initial, 0, 1),
    ALIKE(spoken, 0, 1),
    ALIKE(called, 0, 1),
    ALIKE(spare, 0, 10),
    ALIKE(other, 0, 100),
};

const char *person_field_name(Field field)
{
    return fields[field][0];
}

guint field_levels(Field field)
{
    guint n = 0;
    while (fields[field][n + 1])
        n++;
    return n;
}

const char *level_name(Field field, guint level)
{
    return level == LEVEL_MISSING ? "missing" : fields[field][level + 1];
}

/* "m; u" of one level. */
static gboolean read_odds(const Ini *ini, Field field, guint level, LevelOdds *odds, GError **error)
{
    const char *group = person_field_name(field), *key = level_name(field, level);
    double *to[] = {&odds->m, &odds->u};
    if (!ini_need(ini, group, key, error))
        return FALSE;
    g_auto(GStrv) parts = ini_list(ini, group, key);
    if (g_strv_length(parts) != G_N_ELEMENTS(to))
        return ini_error(ini, group, key, error, "two probabilities 'same; different' wanted");
    for (guint i = 0; i < G_N_ELEMENTS(to); i++) {
        char *end;
        *to[i] = g_ascii_strtod(parts[i], &end);
        if (end == parts[i] || *end || !(*to[i] > 0 && *to[i] <= 1))
            return ini_error(ini, group, key, error, "'%s' is no probability above 0", parts[i]);
    }
    return TRUE;
}

static gboolean read_field(const Ini *ini, Field field, Weights *weights, GError **error)
{
    if (!ini_only_keys(ini, person_field_name(field), fields[field] + 1, error))
        return FALSE;
    for (guint level = 0; level < field_levels(field); level++)
        if (!read_odds(ini, field, level, &weights->odds[field][level], error))
            return FALSE;
    return TRUE;
}

static gboolean read_numbers(const Ini *ini, PersonModel *model, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const NumberRow *row = &numbers[i];
        double *to = (double *)(gpointer)((char *)model + row->offset);
        if (!ini_need(ini, row->group, row->key, error) ||
            !ini_number(ini, row->group, row->key, row->low, row->high, 0, to, error))
            return FALSE;
    }
    return TRUE;
}

/* No group and no key that nobody reads. */
static gboolean check_groups(const Ini *ini, GError **error)
{
    const char *allowed[G_N_ELEMENTS(numbers) + 1];
    for (const char *const *group = ini_groups(ini); *group; group++) {
        gboolean known = FALSE;
        guint n = 0;
        for (guint field = 0; field < FIELD_COUNT; field++)
            known |= strcmp(*group, person_field_name(field)) == 0;
        for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
            if (strcmp(*group, numbers[i].group) == 0)
                allowed[n++] = numbers[i].key;
        allowed[n] = NULL;
        if (!known && n == 0)
            return ini_error(ini, *group, NULL, error, "unknown group [%s]", *group);
        if (!known && !ini_only_keys(ini, *group, allowed, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_ini(PersonModel *model, const char *path, GError **error)
{
    g_autoptr(Ini) ini = ini_load(path, error);
    if (!ini || !check_groups(ini, error))
        return FALSE;
    if (!read_numbers(ini, model, error))
        return FALSE;
    for (guint field = 0; field < FIELD_COUNT; field++)
        if (!read_field(ini, field, &model->start, error))
            return FALSE;
    for (guint field = 0; field < FIELD_COUNT; field++)
        for (guint level = 0; level < field_levels(field); level++) {
            LevelOdds *odds = &model->start.odds[field][level];
            double shared = model->start.shared[field];
            odds->kin = shared * odds->m + (1 - shared) * odds->u;
            model->bits[field][level] = (float)log2(odds->m / odds->u);
        }
    return TRUE;
}

/* Puts a name in a group; `groups`: folded name -> GArray of guint, its groups. */
static void group_add(GHashTable *groups, const char *name, guint group)
{
    g_autofree char *key = text_key(name);
    GArray *of_name = g_hash_table_lookup(groups, key);
    if (!of_name) {
        of_name = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(groups, g_steal_pointer(&key), of_name);
    }
    g_array_append_val(of_name, group);
}

/* Tables of two cells a row: take is handed each, with its number from 1. */
static gboolean read_pairs(PersonModel *model, const char *path,
                           void (*take)(PersonModel *model, char **row, guint number),
                           GError **error)
{
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    if (!rows)
        return FALSE;
    for (guint i = 1; i < rows->len; i++) {
        char **row = rows->pdata[i];
        if (g_strv_length(row) != 2)
            return error_set(error, STATUS_CONFIG, "%s: row %u: two cells wanted", path, i + 1);
        take(model, row, i);
    }
    return TRUE;
}

/* name,nicknames: one row is one group of names that one person may go by. */
static void take_nicknames(PersonModel *model, char **row, guint group)
{
    g_auto(GStrv) names = g_strsplit(row[1], ";", -1);
    guint32 letters = letter_bit(*row[0]);
    group_add(model->nicknames, row[0], group);
    for (char **name = names; *name; name++) {
        group_add(model->nicknames, *name, group);
        letters |= letter_bit(**name);
    }
    g_array_set_size(model->first_letters, MAX(model->first_letters->len, group + 1));
    g_array_index(model->first_letters, guint32, group) = letters;
}

/* "A B", the smaller first. */
static void two_names_key(const char *a, const char *b, char *key, gsize size)
{
    gboolean turned = strcmp(a, b) > 0;
    g_strlcpy(key, turned ? b : a, size);
    g_strlcat(key, " ", size);
    g_strlcat(key, turned ? a : b, size);
}

#define TWO_NAMES 128 /* bytes of a key, more than any of the table has */

/* name,other: two given names that look like one with a slip. */
static void take_two_names(PersonModel *model, char **row, guint number)
{
    g_autofree char *name = text_key(row[0]), *other = text_key(row[1]);
    char key[TWO_NAMES];
    two_names_key(name, other, key, sizeof key);
    g_hash_table_add(model->two_names, g_strdup(key));
    group_add(model->listed, name, number);
    group_add(model->listed, other, number);
}

gboolean names_are_two(const PersonModel *model, const char *a, const char *b)
{
    char key[TWO_NAMES];
    two_names_key(a, b, key, sizeof key);
    return g_hash_table_contains(model->two_names, key);
}

/* Of a length, the longest all in one. */
static guint32 begin_bit(gsize length)
{
    return 1u << MIN(length, 31);
}

/* The words of a placeholder, by which most names are known to be none. */
static void add_placed_words(PersonModel *model, const char *folded)
{
    Words words;
    words_cut(&words, folded, -1);
    for (guint i = 0; i < words.n; i++) {
        model->placed_begins[(guint8)*words.at[i]] |= begin_bit(strlen(words.at[i]));
        g_hash_table_add(model->placed_words, g_strdup(words.at[i]));
    }
}

/* kind,text */
static void take_placeholder(PersonModel *model, char **row, guint number G_GNUC_UNUSED)
{
    g_autofree char *folded = text_fold(row[1]);
    g_hash_table_add(model->placeholders, g_strconcat(row[0], ":", folded, NULL));
    add_placed_words(model, folded);
}

/* letter,latin; the second may be empty. */
static gboolean read_letters(PersonModel *model, const char *path, GError **error)
{
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    if (!rows)
        return FALSE;
    for (guint i = 1; i < rows->len; i++) {
        char **row = rows->pdata[i];
        gboolean one = g_strv_length(row) == 2 && g_utf8_strlen(row[0], -1) == 1;
        if (!one || !g_str_is_ascii(row[1]))
            return error_set(error, STATUS_CONFIG, "%s: row %u: a letter and Latin letters wanted",
                             path, i + 1);
        g_hash_table_insert(model->letters, GUINT_TO_POINTER(g_utf8_get_char(row[0])),
                            g_strdup(row[1]));
    }
    return TRUE;
}

static gboolean read_codes(PersonModel *model, const char *rules_dir, GError **error)
{
    static const char *const names[] = {"regions", "countries", NULL};
    model->tables = code_tables_some(rules_dir, names, error);
    if (!model->tables)
        return FALSE;
    model->regions = code_table(model->tables, "regions");
    model->countries = code_table(model->tables, "countries");
    if (!model->regions || !model->countries)
        return error_set(error, STATUS_CONFIG, "no tables 'regions' and 'countries' in '%s'",
                         rules_dir);
    return TRUE;
}

PersonModel *person_model_load(const char *rules_dir, GError **error)
{
    g_autoptr(PersonModel) model = g_new0(PersonModel, 1);
    g_autofree char *ini = g_build_filename(rules_dir, "person.ini", NULL);
    g_autofree char *nick = g_build_filename(rules_dir, "tables", "nicknames.csv", NULL);
    g_autofree char *two = g_build_filename(rules_dir, "tables", "two_names.csv", NULL);
    g_autofree char *place = g_build_filename(rules_dir, "tables", "placeholders.csv", NULL);
    g_autofree char *letters = g_build_filename(rules_dir, "tables", "letters.csv", NULL);
    model->letters = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    model->nicknames =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    model->first_letters = g_array_new(FALSE, TRUE, sizeof(guint32));
    model->listed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    model->two_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->placeholders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->placed_words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_ini(model, ini, error) || !read_pairs(model, nick, take_nicknames, error) ||
        !read_pairs(model, two, take_two_names, error) ||
        !read_pairs(model, place, take_placeholder, error) ||
        !read_letters(model, letters, error) || !read_codes(model, rules_dir, error))
        return NULL;
    return g_steal_pointer(&model);
}

void person_model_free(PersonModel *model)
{
    if (!model)
        return;
    g_hash_table_unref(model->letters);
    g_hash_table_unref(model->nicknames);
    g_array_unref(model->first_letters);
    g_hash_table_unref(model->listed);
    g_hash_table_unref(model->two_names);
    g_hash_table_unref(model->placeholders);
    g_hash_table_unref(model->placed_words);
    code_tables_free(model->tables);
    g_free(model);
}

gboolean nickname_equal(const PersonModel *model, const char *a, const char *b)
{
    const GArray *x = g_hash_table_lookup(model->nicknames, a);
    const GArray *y = x ? g_hash_table_lookup(model->nicknames, b) : NULL;
    for (guint i = 0; y && i < x->len; i++)
        for (guint j = 0; j < y->len; j++)
            if (g_array_index(x, guint, i) == g_array_index(y, guint, j))
                return TRUE;
    return FALSE;
}

gboolean given_is_known(const PersonModel *model, const char *name)
{
    return g_hash_table_contains(model->nicknames, name);
}

gboolean nickname_starts(const PersonModel *model, const char *name, char letter)
{
    const GArray *of_name = g_hash_table_lookup(model->nicknames, name);
    guint32 letters = 0;
    for (guint i = 0; of_name && i < of_name->len; i++)
        letters |= g_array_index(model->first_letters, guint32, g_array_index(of_name, guint, i));
    return (letters & letter_bit(letter)) != 0;
}

static guint64 group_bits(GHashTable *groups, const char *name)
{
    const GArray *of_name = g_hash_table_lookup(groups, name);
    guint64 bits = 0;
    for (guint i = 0; of_name && i < of_name->len; i++)
        bits |= G_GUINT64_CONSTANT(1) << (g_array_index(of_name, guint, i) & 63);
    return bits;
}

guint64 called_bits(const PersonModel *model, const char *name)
{
    return group_bits(model->nicknames, name) | group_bits(model->listed, name);
}

char *name_latin(const PersonModel *model, const char *folded, gboolean spoken)
{
    if (g_str_is_ascii(folded))
        return g_strdup(folded);
    GString *out = g_string_new(NULL);
    for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *latin = g_hash_table_lookup(model->letters, GUINT_TO_POINTER(c));
        if (latin && (spoken || g_unichar_get_script(c) != G_UNICODE_SCRIPT_HAN))
            g_string_append(out, latin);
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

gboolean placeholder_listed(const PersonModel *model, const char *kind, const char *text)
{
    char key[96];
    g_strlcpy(key, kind, sizeof key);
    g_strlcat(key, ":", sizeof key);
    if (g_strlcat(key, text, sizeof key) >= sizeof key)
        return FALSE;
    return g_hash_table_contains(model->placeholders, key);
}

gboolean person_may_be_placeholder(const PersonModel *model, const char *part)
{
    g_autofree char *squeezed = text_squeeze(part);
    g_autofree char *folded = text_fold(squeezed);
    Words words;
    words_cut(&words, folded, -1);
    for (guint i = 0; i < words.n; i++)
        if (!g_hash_table_contains(model->placed_words, words.at[i]))
            return FALSE;
    return TRUE;
}

gboolean person_is_plain_word(const PersonModel *model, const char *name)
{
    gsize length = 0;
    while (g_ascii_isupper(name[length]))
        length++;
    return length > 0 && length < WORDS_BYTES / 2 && name[length] == '\0' &&
           (!(model->placed_begins[(guint8)*name] & begin_bit(length)) ||
            !g_hash_table_contains(model->placed_words, name));
}

gboolean person_is_placeholder(const PersonModel *model, const char *name)
{
    if (!text_present(name))
        return FALSE;
    g_autofree char *squeezed = text_squeeze(name);
    g_autofree char *folded = text_fold(squeezed);
    Words words;
    words_cut(&words, folded, -1);
    g_autofree char *joined = words_join(&words, 0, words.n, " ");
    if (strcspn(folded, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(folded) && g_str_is_ascii(folded))
        return TRUE;
    if (placeholder_listed(model, "whole", folded) ||
        (joined && placeholder_listed(model, "whole", joined)))
        return TRUE;
    guint placed = 0;
    for (guint i = 0; i < words.n; i++) {
        gboolean word = placeholder_listed(model, "word", words.at[i]);
        if (!word && !placeholder_listed(model, "filler", words.at[i]))
            return FALSE;
        placed += word;
    }
    return placed > 0;
}
