/*
 * A kind of values made from the store: read once, each distinct value numbered, its records put
 * in the order in which they are shown, its words listed.
 */
#include "engine/find/words.h"

#include <string.h>

#include "engine/find/kinds.h"
#include "engine/person/probe.h"
#include "engine/query/select.h"

#define SOME    "/*some*/"
#define IS_OPEN "r.confidential_source IS NOT 'Y'"

/* Record, its date, the cells of the value. The same expressions that the kinds show and compare
 * (value.c, person.c). */
static const char *const sources[WORDS_KINDS] = {
    [WORDS_NAME] = "SELECT record_id, NULL, organisation, last, first, middle, suffix, dob"
                   " FROM mention WHERE " SOME "(organisation IS NOT NULL OR last IS NOT NULL)"
                   " AND record_id NOT IN"
                   " (SELECT record_id FROM record WHERE " SOME "confidential_source = 'Y')",
    [WORDS_ADDRESS] = "SELECT record_id, coalesce(r.event_date, r.purchase_date),"
                      " ifnull(m.address_key, m.street), upper(ifnull(m.address_key, m.street))"
                      " FROM mention m JOIN record r USING (record_id) WHERE " SOME IS_OPEN
                      " AND (m.address_key IS NOT NULL OR m.street IS NOT NULL)",
    [WORDS_PLATE] = "SELECT record_id, r.event_date,"
                    " r.vehicle_plate || ifnull(' ' || r.vehicle_region, ''), " FIND_PLATE_SQL
                    " FROM record r WHERE " SOME "r.vehicle_plate IS NOT NULL AND " IS_OPEN,
    [WORDS_DEALER] = "SELECT record_id, coalesce(r.purchase_date, r.event_date), r.rds_key,"
                     " upper(r.ffl_name) FROM record r WHERE " SOME
                     "(r.rds_key IS NOT NULL OR r.ffl_name IS NOT NULL) AND " IS_OPEN,
    [WORDS_TEXT] =
        "SELECT record_id, coalesce(r.event_date, r.purchase_date),"
        " trim(ifnull(packed_field(r.packed, 'narrative'), '') || ' ' ||"
        " ifnull(packed_field(r.packed, 'remarks'), '')) FROM record r WHERE " SOME IS_OPEN,
};

static const char REFS_SQL[] = "SELECT record_id FROM record WHERE " SOME "1 ORDER BY ref";

/* ---- bytes ------------------------------------------------------------------------------ */

static void bytes_add(Bytes *bytes, gconstpointer data, gsize size)
{
    if (size == 0)
        return;
    if (bytes->room - bytes->size < size) {
        bytes->room = MAX(bytes->room * 2, bytes->size + size + 64);
        bytes->data = g_realloc(bytes->data, bytes->room);
    }
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

static void add_32(Bytes *bytes, guint64 number)
{
    guint32 small = (guint32)number;
    bytes_add(bytes, &small, sizeof small);
}

static void add_64(Bytes *bytes, guint64 number)
{
    bytes_add(bytes, &number, sizeof number);
}

/* A text into one part, where it begins into another. */
static void add_text(MadeList *made, ListPart texts, ListPart at, const char *text)
{
    add_64(&made->bytes[at], made->bytes[texts].size);
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): numbers are a permutation */
    bytes_add(&made->bytes[texts], text, strlen(text) + 1);
}

void made_list_clear(MadeList *made)
{
    for (guint p = 0; p < LIST_PARTS; p++)
        g_clear_pointer(&made->bytes[p].data, g_free);
}

/* ---- read ------------------------------------------------------------------------------- */

/* A value in a record; `order` by what the kind is shown. */
typedef struct {
    guint64 order;
    guint32 value, record;
} Entry;

typedef struct {
    WordsKind kind;
    const PersonModel *people;
    GStringChunk *texts;
    GHashTable *known; /* value -> number + 1 */
    GPtrArray *values; /* of const char * */
    GArray *entries;   /* of Entry */
    GArray *rank;      /* of guint32, by record: its place among all by reference */
    guint32 refs;
} Making;

static void making_init(Making *making, WordsKind kind, const PersonModel *people)
{
    *making = (Making){.kind = kind,
                       .people = people,
                       .texts = g_string_chunk_new(1 << 16),
                       .known = g_hash_table_new(g_str_hash, g_str_equal),
                       .values = g_ptr_array_new(),
                       .entries = g_array_new(FALSE, FALSE, sizeof(Entry)),
                       .rank = g_array_new(FALSE, TRUE, sizeof(guint32))};
}

static void making_clear(Making *making)
{
    g_string_chunk_free(making->texts);
    g_hash_table_unref(making->known);
    g_ptr_array_unref(making->values);
    g_array_unref(making->entries);
    g_array_unref(making->rank);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

char *words_clean(char *cell)
{
    for (char *p = cell; *p; p++)
        if ((guchar)*p < ' ')
            *p = ' ';
    return cell;
}

const char *words_compared(const char *value)
{
    const char *cell = strchr(value, WORDS_CELL);
    return cell ? cell + 1 : value;
}

/* The whole name of a value of names: the organisation, else "LAST, FIRST"; g_free. */
static char *words_name(const char *value)
{
    g_auto(GStrv) cells = g_strsplit(value, (char[]){WORDS_CELL, '\0'}, 4);
    if (!cells[0] || !cells[1] || !cells[2] || *cells[0])
        return g_strdup(cells[0] ? cells[0] : "");
    return *cells[2] ? g_strconcat(cells[1], ", ", cells[2], NULL) : g_strdup(cells[1]);
}

/* A date's ten characters as a number that orders as they do; 0 for none. */
static guint64 date_order(const char *date)
{
    guint64 order = 0;
    for (guint i = 0; i < 10; i++) {
        char c = date && *date ? *date++ : '\0';
        order = order << 4 | (guint64)(g_ascii_isdigit(c) ? c - '0' + 2 : c != '\0');
    }
    return order;
}

static char *value_text(const Making *making, sqlite3_stmt *row)
{
    if (making->kind == WORDS_TEXT) {
        const char *text = (const char *)sqlite3_column_text(row, 2);
        return text && *text ? text_fold(text) : g_strdup("");
    }
    GString *value = g_string_new(NULL);
    for (int i = 2; i < sqlite3_column_count(row); i++) {
        g_autofree char *cell = g_strdup((const char *)sqlite3_column_text(row, i));
        if (i > 2)
            g_string_append_c(value, WORDS_CELL);
        g_string_append(value, cell ? words_clean(cell) : "");
    }
    return g_string_free(value, FALSE);
}

static gboolean take_value(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    Making *making = data;
    g_autofree char *text = value_text(making, row);
    if (!*text)
        return TRUE;
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(making->known, text));
    if (number == 0) {
        char *kept = g_string_chunk_insert(making->texts, text);
        g_ptr_array_add(making->values, kept);
        number = making->values->len;
        g_hash_table_insert(making->known, kept, GUINT_TO_POINTER(number));
    }
    guint64 date = date_order((const char *)sqlite3_column_text(row, 1));
    Entry entry = {making->kind == WORDS_TEXT ? ~date : date, number - 1,
                   (guint32)sqlite3_column_int64(row, 0)};
    g_array_append_val(making->entries, entry);
    return TRUE;
}

static gboolean take_ref(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    Making *making = data;
    guint record = (guint)sqlite3_column_int64(row, 0);
    if (making->rank->len <= record)
        g_array_set_size(making->rank, record + 1);
    g_array_index(making->rank, guint32, record) = making->refs++;
    return TRUE;
}

static gboolean read_some(Store *store, const char *sql, const char *records,
                          gboolean (*take)(sqlite3_stmt *, gpointer, GError **), Making *making,
                          GError **error)
{
    g_auto(GStrv) sides = g_strsplit(sql, SOME, -1);
    g_autofree char *narrowed =
        g_strjoinv(records ? "record_id IN (SELECT value FROM json_each(?1)) AND " : "", sides);
    return select_walk(store, narrowed, records, take, making, error);
}

/* ---- put in order ----------------------------------------------------------------------- */

/* A text with its first bytes as a number: most texts differ in these, which lie at hand. */
typedef struct {
    guint64 head;
    const char *text;
    guint32 number;
} Headed;

static guint64 head_of(const char *text)
{
    guint64 head = 0;
    for (guint i = 0; i < sizeof head; i++) {
        head = head << 8 | (guint8)*text;
        text += *text != '\0';
    }
    return head;
}

static int headed_order(gconstpointer a, gconstpointer b)
{
    const Headed *x = a, *y = b;
    return x->head != y->head ? (x->head < y->head ? -1 : 1) : strcmp(x->text, y->text);
}

/* Different texts in their order, each with its place in the array; g_free. */
static Headed *texts_sorted(const GPtrArray *texts)
{
    Headed *sorted = g_new(Headed, texts->len + 1);
    for (guint i = 0; i < texts->len; i++)
        sorted[i] = (Headed){head_of(texts->pdata[i]), texts->pdata[i], i};
    qsort(sorted, texts->len, sizeof *sorted, headed_order);
    return sorted;
}

/* For each value (by its number so far) its place among all by text; `groups`: values whose first
 * cells are the same are one. */
static guint32 *by_text(const Making *making, gboolean groups)
{
    guint n = making->values->len, last = 0;
    g_autofree Headed *sorted = texts_sorted(making->values);
    guint32 *place = g_new0(guint32, n + 1);
    for (guint i = 0; i < n; i++) {
        const char *before = i ? sorted[i - 1].text : "";
        gsize cell = i ? strcspn(before, (char[]){WORDS_CELL, 0}) + 1 : 0;
        if (i && !(groups && strncmp(before, sorted[i].text, cell) == 0))
            last++;
        place[sorted[i].number] = last;
    }
    return place;
}

typedef struct {
    const guint32 *group, *rank;
} Order;

static int entry_order(gconstpointer a, gconstpointer b, gpointer data)
{
    const Entry *x = a, *y = b;
    const Order *order = data;
    guint32 p = order->group[x->value], q = order->group[y->value];
    if (p != q)
        return p < q ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    p = order->rank[x->record];
    q = order->rank[y->record];
    if (p != q)
        return p < q ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Entries in the order of the kind, each once. */
static void entries_sort(Making *making)
{
    gboolean listed = making->kind != WORDS_NAME && making->kind != WORDS_TEXT;
    g_autofree guint32 *group =
        listed ? by_text(making, TRUE) : g_new0(guint32, making->values->len + 1);
    Order order = {group, (const guint32 *)(gpointer)making->rank->data};
    guint kept = 0;
    g_array_sort_with_data(making->entries, entry_order, &order);
    for (guint i = 0; i < making->entries->len; i++) {
        Entry entry = g_array_index(making->entries, Entry, i);
        const Entry *last = &g_array_index(making->entries, Entry, kept ? kept - 1 : 0);
        if (kept == 0 || last->value != entry.value || last->record != entry.record)
            g_array_index(making->entries, Entry, kept++) = entry;
    }
    g_array_set_size(making->entries, kept);
}

/* Final numbers of the values: names by text, others by their first place. */
static guint32 *numbers_new(const Making *making)
{
    if (making->kind == WORDS_NAME)
        return by_text(making, FALSE);
    guint32 *number = g_new(guint32, making->values->len + 1), next = 0;
    memset(number, 0xff, (making->values->len + 1) * sizeof *number);
    for (guint i = 0; i < making->entries->len; i++) {
        guint32 value = g_array_index(making->entries, Entry, i).value;
        if (number[value] == G_MAXUINT32)
            number[value] = next++;
    }
    return number;
}

static void put_values(const Making *making, const guint32 *number, MadeList *made)
{
    guint n = making->values->len;
    g_autofree const char **values = g_new0(const char *, n + 1);
    g_autofree guint32 *from = g_new0(guint32, n + 2);
    g_autofree guint32 *places = g_new(guint32, making->entries->len + 1);
    for (guint i = 0; i < n; i++)
        values[number[i]] = making->values->pdata[i];
    for (guint i = 0; i < n; i++)
        add_text(made, LIST_TEXT, LIST_AT, values[i]);
    add_64(&made->bytes[LIST_AT], made->bytes[LIST_TEXT].size);
    for (guint i = 0; i < making->entries->len; i++) {
        const Entry *entry = &g_array_index(making->entries, Entry, i);
        add_32(&made->bytes[LIST_RECORD], entry->record);
        from[number[entry->value] + 1]++;
    }
    for (guint i = 0; i < n; i++)
        from[i + 1] += from[i];
    bytes_add(&made->bytes[LIST_FIRST], from, (n + 1) * sizeof *from);
    for (guint i = 0; i < making->entries->len; i++)
        places[from[number[g_array_index(making->entries, Entry, i).value]]++] = i;
    bytes_add(&made->bytes[LIST_PLACE], places, making->entries->len * sizeof *places);
}

static const char *made_text(const MadeList *made, guint32 value)
{
    const guint64 *at = (const guint64 *)(gpointer)made->bytes[LIST_AT].data;
    return (const char *)made->bytes[LIST_TEXT].data + at[value];
}

static int compared_order(gconstpointer a, gconstpointer b, gpointer data)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    int order = strcmp(words_compared(made_text(data, x)), words_compared(made_text(data, y)));
    return order ? order : (x > y) - (x < y);
}

static void put_sorted(guint32 n, MadeList *made)
{
    for (guint32 i = 0; i < n; i++)
        add_32(&made->bytes[LIST_SORTED], i);
    if (n)
        g_qsort_with_data(made->bytes[LIST_SORTED].data, (gint)n, sizeof n, compared_order, made);
}

/* ---- words ------------------------------------------------------------------------------ */

typedef struct {
    guint32 word, value;
} Has;

typedef struct {
    GStringChunk *texts;
    GHashTable *known; /* word -> number + 1 */
    GPtrArray *words;  /* of const char * */
    GArray *last;      /* of guint32, by word: its last value + 1 */
    GArray *has;       /* of Has, values rising */
    guint32 value;
} Listing;

static void take_word(const char *text, gpointer data)
{
    Listing *listing = data;
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(listing->known, text));
    if (number == 0) {
        char *kept = g_string_chunk_insert(listing->texts, text);
        guint32 none = 0;
        g_ptr_array_add(listing->words, kept);
        g_array_append_val(listing->last, none);
        number = listing->words->len;
        g_hash_table_insert(listing->known, kept, GUINT_TO_POINTER(number));
    }
    guint32 *last = &g_array_index(listing->last, guint32, number - 1);
    Has has = {number - 1, listing->value};
    if (*last == listing->value + 1)
        return;
    *last = listing->value + 1;
    g_array_append_val(listing->has, has);
}

/* Runs of letters and digits. */
static void cut_words(const char *text, Listing *listing)
{
    g_autofree char *copy = g_strdup(text);
    for (char *p = copy; *p;) {
        while (*p && !words_letter(*p))
            p++;
        char *word = p;
        while (*p && words_letter(*p))
            p++;
        if (*p)
            *p++ = '\0';
        if (*word)
            take_word(word, listing);
    }
}

/* The name that a value of names is compared by. */
static void cut_name(const PersonModel *people, const char *text, Listing *listing)
{
    g_autofree char *name = words_name(text);
    person_name_words(people, name, take_word, listing);
}

static void put_words(const Listing *listing, WordsKind kind, MadeList *made)
{
    guint n = listing->words->len;
    g_autofree Headed *sorted = texts_sorted(listing->words);
    g_autofree guint32 *number = g_new(guint32, n + 1);
    g_autofree guint64 *from = g_new0(guint64, n + 2);
    g_autofree guint32 *values = g_new(guint32, listing->has->len + 1);
    for (guint i = 0; i < n; i++) {
        number[sorted[i].number] = i;
        add_text(made, LIST_WORD, LIST_WORD_AT, sorted[i].text);
        if (kind == WORDS_NAME)
            add_64(&made->bytes[LIST_SKETCH], person_word_sketch(sorted[i].text));
    }
    add_64(&made->bytes[LIST_WORD_AT], made->bytes[LIST_WORD].size);
    for (guint i = 0; i < listing->has->len; i++)
        from[number[g_array_index(listing->has, Has, i).word] + 1]++;
    for (guint i = 0; i < n; i++)
        from[i + 1] += from[i];
    bytes_add(&made->bytes[LIST_HAS_FROM], from, (n + 1) * sizeof *from);
    for (guint i = 0; i < listing->has->len; i++) {
        const Has *has = &g_array_index(listing->has, Has, i);
        values[from[number[has->word]]++] = has->value;
    }
    bytes_add(&made->bytes[LIST_HAS], values, listing->has->len * sizeof *values);
}

static void list_words(const Making *making, MadeList *made)
{
    Listing listing = {.texts = g_string_chunk_new(1 << 16),
                       .known = g_hash_table_new(g_str_hash, g_str_equal),
                       .words = g_ptr_array_new(),
                       .last = g_array_new(FALSE, FALSE, sizeof(guint32)),
                       .has = g_array_new(FALSE, FALSE, sizeof(Has))};
    for (; listing.value < making->values->len; listing.value++) {
        const char *text = made_text(made, listing.value);
        if (making->kind == WORDS_NAME)
            cut_name(making->people, text, &listing);
        else
            cut_words(making->kind == WORDS_TEXT ? text : words_compared(text), &listing);
    }
    put_words(&listing, making->kind, made);
    made->list.n_words = listing.words->len;
    g_string_chunk_free(listing.texts);
    g_hash_table_unref(listing.known);
    g_ptr_array_unref(listing.words);
    g_array_unref(listing.last);
    g_array_unref(listing.has);
}

gboolean words_make(Store *store, WordsKind kind, const char *records, const PersonModel *people,
                    MadeList *made, GError **error)
{
    g_auto(Making) making = {0};
    making_init(&making, kind, people);
    *made = (MadeList){.list = {.kind = kind}};
    if (!read_some(store, REFS_SQL, records, take_ref, &making, error) ||
        !read_some(store, sources[kind], records, take_value, &making, error))
        return FALSE;
    g_hash_table_remove_all(making.known); /* of many values much memory */
    entries_sort(&making);
    g_autofree guint32 *number = numbers_new(&making);
    put_values(&making, number, made);
    made->list.n = making.values->len;
    if (kind != WORDS_NAME && kind != WORDS_TEXT)
        put_sorted(made->list.n, made);
    list_words(&making, made);
    for (guint p = 0; p < LIST_PARTS; p++) {
        made->list.part[p].data = made->bytes[p].data;
        made->list.part[p].size = made->bytes[p].size;
    }
    return TRUE;
}
