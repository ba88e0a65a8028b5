/*
 * What code tables say about a text, remembered for each distinct text of a file: code lookups
 * with affixes taken off, makes with near spellings, dispositions by the beginning of their
 * sentence, placeholders. Which cells these are asked about is normalise.c's business.
 */
#include "loaders/memo.h"

#include <string.h>

#include "loaders/told.h"

#define MEMO_MAX    100000 /* distinct texts of one kind before all are forgotten */
#define NEAR_LENGTH 6      /* shorter makes have no near spelling; one letter may be lost */
#define FRONT_MAX   200    /* bytes in which a make stands that more follows: no name is longer */

void cleaner_init(Cleaner *cleaner, const CodeTables *codes, const PersonModel *people)
{
    *cleaner = (Cleaner){.codes = codes, .people = people, .order = DATE_ISO, .as_of = DAY_NONE};
    cleaner->unknown = code_table(codes, "unknown_words");
    cleaner->memo =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

void cleaner_clear(Cleaner *cleaner)
{
    g_clear_pointer(&cleaner->memo, g_hash_table_unref);
    g_clear_pointer(&cleaner->recent, g_aligned_free);
    g_clear_pointer(&cleaner->cells, g_aligned_free);
    g_clear_pointer(&cleaner->values, g_free);
    g_clear_pointer(&cleaner->made, g_free);
    g_clear_pointer(&cleaner->spellings, g_ptr_array_unref);
}

typedef char *(*Compute)(Cleaner *cleaner, const char *tag, const char *text);

static const char *memo_ask(Cleaner *cleaner, const char *tag, const char *text, Compute compute)
{
    GHashTable *table = g_hash_table_lookup(cleaner->memo, tag);
    char *value;

    if (!table) {
        table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(cleaner->memo, g_strdup(tag), table);
    }
    value = g_hash_table_lookup(table, text);
    if (!value) {
        value = compute(cleaner, tag, text);
        value = value ? value : g_strdup("");
        if (g_hash_table_size(table) >= MEMO_MAX) {
            g_hash_table_remove_all(table);
            memset(cleaner->recent, 0, RECENT_SLOTS * sizeof(RecentSlot));
        }
        g_hash_table_insert(table, g_strdup(text), value);
    }
    return *value ? value : NULL;
}

static const char *memo_get(Cleaner *cleaner, const char *tag, const char *text, Compute compute)
{
    gsize length = strlen(text);
    RecentSlot *slot;
    const char *value;

    if (length >= RECENT_TEXT)
        return memo_ask(cleaner, tag, text, compute);
    if (!cleaner->recent)
        cleaner->recent = g_aligned_alloc0(RECENT_SLOTS, sizeof(RecentSlot), CACHE_LINE);
    slot = &cleaner->recent[slot_hash(text, length, (gsize)tag) % RECENT_SLOTS];
    if (slot->tag == tag && memcmp(slot->text, text, length + 1) == 0)
        return slot->value;
    value = memo_ask(cleaner, tag, text, compute);
    slot->tag = tag;
    slot->value = value;
    memcpy(slot->text, text, length + 1);
    return value;
}

const char *table_find(const Cleaner *cleaner, const char *table, const char *text)
{
    const CodeTable *codes = code_table(cleaner->codes, table);

    return codes ? code_find(codes, text) : NULL;
}

static char *compute_code(Cleaner *cleaner, const char *tag, const char *text)
{
    return g_strdup(table_find(cleaner, tag, text));
}

const char *clean_code(Cleaner *cleaner, const char *table, const char *text)
{
    return memo_get(cleaner, table, text, compute_code);
}

static char *compute_attribute(Cleaner *cleaner, const char *tag, const char *code)
{
    const char *column = strchr(tag, '.') + 1;
    g_autofree char *table = g_strndup(tag, (gsize)(column - tag) - 1);

    return g_strdup(code_cell(code_table(cleaner->codes, table), code, column));
}

const char *clean_attribute(Cleaner *cleaner, const char *table_column, const char *code)
{
    return memo_get(cleaner, table_column, code, compute_attribute);
}

/* "-", "--", "_": what fills a cell that is to stay empty. An asterisk or a cross says yes. */
static gboolean is_filler(const char *cell)
{
    return cell[strspn(cell, "-._/ ")] == '\0';
}

gboolean clean_is_nothing(Cleaner *cleaner, const char *cell)
{
    return is_filler(cell) || (cleaner->unknown && code_may_find(cleaner->unknown, cell) &&
                               clean_code(cleaner, "unknown_words", cell) != NULL);
}

static gboolean is_affix(Cleaner *cleaner, const char *kind, const char *word)
{
    g_autofree char *key = text_key(word);
    const char *code = *key ? clean_code(cleaner, "affixes", word) : NULL;

    return !*key || g_strcmp0(code, kind) == 0;
}

char *strip_affixes(Cleaner *cleaner, const char *kind, const char *text)
{
    g_autofree char *squeezed = text_squeeze(text);
    g_autofree char *folded = text_fold(squeezed);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);
    guint from = 0, to = g_strv_length(words);
    GString *out = g_string_new(NULL);

    while (to > from + 1 && is_affix(cleaner, kind, words[to - 1]))
        to--;
    while (to > from + 1 && is_affix(cleaner, kind, words[from]))
        from++;
    for (guint i = from; i < to; i++)
        g_string_append_printf(out, "%s%s", i > from ? " " : "", words[i]);
    return g_string_free(out, FALSE);
}

/* Edit distance with neighbour transposition, over at most 63 characters; limit + 1 when more. */
static guint distance(const char *a, const char *b, guint limit)
{
    guint n = (guint)strlen(a), m = (guint)strlen(b);
    guint8 rows[3][64];

    if (n > 63 || m > 63 || (n > m ? n - m : m - n) > limit)
        return limit + 1;
    for (guint j = 0; j <= m; j++)
        rows[0][j] = (guint8)j;
    for (guint i = 1; i <= n; i++) {
        guint8 *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        row[0] = (guint8)i;
        for (guint j = 1; j <= m; j++) {
            guint best = above[j - 1] + (a[i - 1] != b[j - 1]);

            best = MIN(best, MIN(above[j], row[j - 1]) + 1u);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, before[j - 2] + 1u);
            row[j] = (guint8)best;
        }
    }
    return rows[n % 3][m];
}

static void add_spelling(GPtrArray *spellings, const char *text, const char *code)
{
    char *key = text_key(text);

    if (strlen(key) < NEAR_LENGTH) {
        g_free(key);
        return;
    }
    g_ptr_array_add(spellings, key);
    g_ptr_array_add(spellings, g_strdup(code));
}

static void add_make(const char *code, gpointer data)
{
    Cleaner *cleaner = data;
    const char *aliases = code_cell(code_table(cleaner->codes, "makes"), code, "aliases");
    g_auto(GStrv) words = g_strsplit(aliases ? aliases : "", ";", -1);

    add_spelling(cleaner->spellings, code, code);
    for (char **word = words; *word; word++)
        add_spelling(cleaner->spellings, *word, code);
}

/* The make whose spelling is one edit away (two from eight letters on), if it is only one make. */
static const char *near_make(Cleaner *cleaner, const char *text)
{
    g_autofree char *key = text_key(text);
    guint limit = strlen(key) >= 8 ? 2 : 1, best = limit + 1;
    const char *found = NULL;
    gboolean tie = FALSE;

    if (strlen(key) + 1 < NEAR_LENGTH || !code_table(cleaner->codes, "makes"))
        return NULL;
    if (!cleaner->spellings) {
        cleaner->spellings = g_ptr_array_new_with_free_func(g_free);
        code_visit(code_table(cleaner->codes, "makes"), add_make, cleaner);
    }
    for (guint i = 0; i < cleaner->spellings->len; i += 2) {
        const char *code = g_ptr_array_index(cleaner->spellings, i + 1);
        guint d = distance(key, g_ptr_array_index(cleaner->spellings, i), limit);

        if (d < best)
            tie = FALSE;
        else if (d == best && found && strcmp(found, code) != 0)
            tie = TRUE;
        if (d < best) {
            best = d;
            found = code;
        }
    }
    return tie ? NULL : found;
}

/* The words of a text that may be a make before others; g_free. */
static char *front_words(const char *text)
{
    gsize length = strlen(text);
    const char *end = length > FRONT_MAX ? g_strrstr_len(text, FRONT_MAX, " ") : text + length;

    return g_strndup(text, end ? (gsize)(end - text) : 0);
}

/* A make followed by more: "GLOCK 19", "TAURUS INTERNATIONAL, MIAMI FL", "MOSSBERG/MAVERICK". */
static const char *leading_make(Cleaner *cleaner, const char *text)
{
    g_autofree char *spaced = g_strdelimit(g_strdup(text), "/", ' ');
    g_autofree char *rest = front_words(spaced);
    char *blank;

    while ((blank = strrchr(rest, ' '))) {
        g_autofree char *key = NULL;
        const char *code;

        *blank = '\0';
        key = text_key(rest);
        code = strlen(key) >= 4 ? table_find(cleaner, "makes", rest) : NULL;
        if (code)
            return code;
    }
    return NULL;
}

static char *compute_make(Cleaner *cleaner, const char *tag, const char *text)
{
    const char *code = table_find(cleaner, "makes", text);
    g_autofree char *stripped = NULL;

    (void)tag;
    if (code || clean_is_nothing(cleaner, text))
        return g_strdup(code);
    stripped = strip_affixes(cleaner, "MAKE", text);
    if (clean_is_nothing(cleaner, stripped)) /* "UNKNOWN MANUFACTURER" */
        return NULL;
    code = table_find(cleaner, "makes", stripped);
    if (!code)
        code = near_make(cleaner, stripped);
    if (!code)
        code = leading_make(cleaner, stripped);
    if (code)
        return g_strdup(code);
    g_autofree char *squeezed = text_squeeze(text);
    return text_fold(squeezed);
}

const char *clean_make_text(Cleaner *cleaner, const char *text)
{
    return memo_get(cleaner, "make", text, compute_make);
}

/* Of at least so few letters and digits a make's name tells by itself; "FN", "SIG" and "S&W" do
 * before a model with a number. */
#define MAKE_KEY 4

static gboolean says_copy(Cleaner *cleaner, char *const *words)
{
    for (guint i = 0; words[i]; i++)
        if (g_strcmp0(clean_code(cleaner, "affixes", words[i]), "COPY") == 0)
            return TRUE;
    return FALSE;
}

/* The make that a model's cell begins with, or is: "GLOCK 19", "FN 509", "PF940C". */
static char *compute_model_make(Cleaner *cleaner, const char *tag, const char *text)
{
    g_autofree char *squeezed = text_squeeze(text);
    g_auto(GStrv) words = g_strsplit(squeezed, " ", -1);

    (void)tag;
    if (clean_is_nothing(cleaner, text) || says_copy(cleaner, words))
        return NULL;
    g_autofree char *front = front_words(squeezed);
    for (char *end = front + strlen(front); end; end = strrchr(front, ' ')) {
        gboolean number = *end && strpbrk(end + 1, "0123456789");
        g_autofree char *key = NULL;
        const char *code;

        *end = '\0';
        key = text_key(front);
        code = number || strlen(key) >= MAKE_KEY ? table_find(cleaner, "makes", front) : NULL;
        if (code)
            return g_strdup(code);
    }
    return NULL;
}

const char *clean_model_make(Cleaner *cleaner, const char *text)
{
    return memo_get(cleaner, "model_make", text, compute_model_make);
}

static char *compute_calibre(Cleaner *cleaner, const char *tag, const char *text)
{
    const char *code = table_find(cleaner, "calibres", text);
    g_autofree char *stripped = NULL;

    (void)tag;
    if (code || clean_is_nothing(cleaner, text))
        return g_strdup(code);
    stripped = strip_affixes(cleaner, "CALIBRE", text);
    code = table_find(cleaner, "calibres", stripped);
    if (code || clean_is_nothing(cleaner, stripped))
        return g_strdup(code);
    return g_steal_pointer(&stripped);
}

const char *clean_calibre_text(Cleaner *cleaner, const char *text)
{
    return memo_get(cleaner, "calibre", text, compute_calibre);
}

/* What stands behind a make in front, if it is a number: "GLOCK 19" is the model 19, whereas a
 * "GLOCK P80" and a "GLOCK CLONE" are not what the rest alone would be. */
static const char *behind_make(Cleaner *cleaner, const char *text)
{
    gssize front_length = (gssize)MIN(strlen(text), FRONT_MAX);

    for (const char *blank = g_strrstr_len(text, front_length, " "); blank;
         blank = g_strrstr_len(text, blank - text, " ")) {
        g_autofree char *front = g_strndup(text, (gsize)(blank - text));
        g_autofree char *key = text_key(front);

        if (g_ascii_isdigit(blank[1]) && strlen(key) >= 4 && table_find(cleaner, "makes", front))
            return blank + 1;
    }
    return text;
}

static char *compute_model(Cleaner *cleaner, const char *tag, const char *text)
{
    g_autofree char *stripped = NULL;

    (void)tag;
    if (clean_is_nothing(cleaner, text))
        return NULL;
    stripped = strip_affixes(cleaner, "MODEL", text);
    return clean_is_nothing(cleaner, stripped) ? NULL : g_strdup(behind_make(cleaner, stripped));
}

const char *clean_model_text(Cleaner *cleaner, const char *text)
{
    return memo_get(cleaner, "model", text, compute_model);
}

static char *compute_fold(Cleaner *cleaner, const char *tag, const char *text)
{
    g_autofree char *squeezed = text_squeeze(text);

    (void)tag;
    return clean_is_nothing(cleaner, text) ? NULL : text_fold(squeezed);
}

const char *clean_fold_text(Cleaner *cleaner, const char *text)
{
    if (text_is_folded(text) && text_is_squeezed(text) && !clean_is_nothing(cleaner, text))
        return text;
    return memo_get(cleaner, "fold", text, compute_fold);
}

/* The code of a region, and behind it as a text of its own that of its country. */
static char *compute_region(Cleaner *cleaner, const char *tag, const char *text)
{
    const char *accented = g_str_is_ascii(text) ? NULL : told_accented(cleaner, text, NULL);
    const char *known = accented ? accented : table_find(cleaner, "regions", text);
    const char *code = known ? known : told_region(cleaner, text);
    const char *country = code ? clean_attribute(cleaner, "regions.country", code) : NULL;

    (void)tag;
    return code ? g_strdup_printf("%s%c%s", code, '\0', country ? country : "") : NULL;
}

const char *clean_region_code(Cleaner *cleaner, const char *text, const char **country)
{
    const char *code = memo_get(cleaner, "region", text, compute_region);

    *country = code ? code + strlen(code) + 1 : NULL;
    return code;
}

/* The longest sentence of a disposition that the text begins with. */
typedef struct {
    const CodeTable *table;
    const char *key;
    const char *code;
    gsize length;
} SentenceSearch;

static void try_sentences(const char *code, gpointer data)
{
    SentenceSearch *search = data;
    const char *cell = code_cell(search->table, code, "sentences");
    g_auto(GStrv) sentences = g_strsplit(cell ? cell : "", ";", -1);

    for (char **sentence = sentences; *sentence; sentence++) {
        g_autofree char *key = text_key(*sentence);
        gsize length = strlen(key);

        if (length > search->length && g_str_has_prefix(search->key, key)) {
            search->length = length;
            search->code = code;
        }
    }
}

static char *compute_disposition(Cleaner *cleaner, const char *tag, const char *text)
{
    const char *code = table_find(cleaner, "dispositions", text);
    g_autofree char *key = text_key(text);
    SentenceSearch search = {code_table(cleaner->codes, "dispositions"), key, NULL, 0};

    (void)tag;
    if (code || !search.table)
        return g_strdup(code);
    code_visit(search.table, try_sentences, &search);
    return g_strdup(search.code);
}

const char *clean_disposition_text(Cleaner *cleaner, const char *text)
{
    return memo_get(cleaner, "disposition", text, compute_disposition);
}

/* "P": a placeholder, "M": could be a part of one. */
static char *compute_placeholder(Cleaner *cleaner, const char *tag, const char *text)
{
    (void)tag;
    if (person_is_placeholder(cleaner->people, text))
        return g_strdup("P");
    return person_may_be_placeholder(cleaner->people, text) ? g_strdup("M") : NULL;
}

static const char *placeholder_state(Cleaner *cleaner, const char *name)
{
    if (person_is_plain_word(cleaner->people, name))
        return NULL;
    return memo_get(cleaner, "placeholder", name, compute_placeholder);
}

gboolean clean_is_placeholder(Cleaner *cleaner, const char *name)
{
    const char *state = placeholder_state(cleaner, name);

    return state && *state == 'P';
}

gboolean clean_may_be_placeholder(Cleaner *cleaner, const char *part)
{
    return placeholder_state(cleaner, part) != NULL;
}
