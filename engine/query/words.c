/*
 * The words of a store in one file: a head, then for each kind four parts - texts one after the
 * other with NUL behind each, where each begins, where its records begin, records - and the sums of
 * the blocks of all of these. It is read where it lies, and held against the sums where it is
 * touched: from a damaged file nothing is believed, and it is thrown away.
 */
#define _GNU_SOURCE /* memmem */
#include "engine/query/words.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/sums.h"
#include "engine/query/find.h"
#include "engine/query/select.h"

#define MAGIC      "crosstrace words 2"
#define SMALL      20000      /* records up to which a store is read as fast */
#define MOST_IDS   20000      /* records that a statement is narrowed to */
#define MOST_BYTES (1u << 31) /* of the texts of a kind: more is read from the store */

enum { TEXT, AT, FIRST, ID, PARTS };

typedef struct {
    char magic[24], stamp[72];
    guint64 n[WORDS_KINDS], size[WORDS_KINDS][PARTS]; /* values; bytes */
} Head;

struct Words {
    GMappedFile *file;
    char *path;
    const Head *head;
    const guint8 *part[WORDS_KINDS][PARTS];
    Sums sums; /* of all, from the head on */
};

/* The same expressions that the kinds compare (find_value.c, find_person.c). */
static const char *const sources[WORDS_KINDS] = {
    [WORDS_NAME] = "SELECT record_id, coalesce(organisation, last || ifnull(', ' || first, '')) "
                   "FROM mention WHERE organisation IS NOT NULL OR last IS NOT NULL",
    [WORDS_ADDRESS] = "SELECT record_id, upper(ifnull(address_key, street)) FROM mention "
                      "WHERE address_key IS NOT NULL OR street IS NOT NULL",
    [WORDS_PLATE] = "SELECT record_id, " FIND_PLATE_SQL " FROM record r "
                    "WHERE r.vehicle_plate IS NOT NULL",
    [WORDS_DEALER] = "SELECT record_id, ifnull(rds_key, '') || ' ' || upper(ifnull(ffl_name, '')) "
                     "FROM record WHERE rds_key IS NOT NULL OR ffl_name IS NOT NULL",
    [WORDS_TEXT] = "SELECT record_id, trim(ifnull(packed_field(packed, 'narrative'), '') || ' ' || "
                   "ifnull(packed_field(packed, 'remarks'), '')) FROM record",
};

/* ---- made ------------------------------------------------------------------------------- */

typedef struct {
    guint value;
    gint64 record;
} Place;

/* One kind in the making: each distinct value once, and where it stands. */
typedef struct {
    gboolean fold;
    guint64 bytes;     /* of the values */
    GHashTable *known; /* value -> number + 1 */
    GPtrArray *values; /* of char *, owned by known */
    GArray *places;    /* of Place */
} Making;

static void making_init(Making *making, WordsKind kind)
{
    making->fold = kind == WORDS_TEXT;
    making->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    making->values = g_ptr_array_new();
    making->places = g_array_new(FALSE, FALSE, sizeof(Place));
}

static void making_clear(Making *making)
{
    g_hash_table_unref(making->known);
    g_ptr_array_unref(making->values);
    g_array_unref(making->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static gboolean take_value(sqlite3_stmt *row, gpointer data, GError **error)
{
    Making *making = data;
    const char *text = (const char *)sqlite3_column_text(row, 1);
    if (!text || !*text)
        return TRUE;
    g_autofree char *value = making->fold ? text_fold(text) : g_strdup(text);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(making->known, value));
    if (number == 0) {
        making->bytes += strlen(value) + 1;
        if (making->bytes > MOST_BYTES)
            return error_set(error, STATUS_DATA, "too much text to keep");
        g_ptr_array_add(making->values, value);
        number = making->values->len;
        g_hash_table_insert(making->known, g_steal_pointer(&value), GUINT_TO_POINTER(number));
    }
    Place place = {number - 1, sqlite3_column_int64(row, 0)};
    g_array_append_val(making->places, place);
    return TRUE;
}

static int place_order(gconstpointer a, gconstpointer b)
{
    const Place *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

/* The four parts; records of a value ascend, each once. */
static void making_parts(Making *making, GByteArray *part[PARTS])
{
    guint32 from = 0, at = 0;
    g_array_sort(making->places, place_order);
    for (guint i = 0, p = 0; i < making->values->len; i++) {
        const char *value = making->values->pdata[i];
        gsize length = strlen(value) + 1;
        gint64 last = -1;
        g_byte_array_append(part[TEXT], (const guint8 *)value, (guint)length);
        g_byte_array_append(part[AT], (const guint8 *)&at, sizeof at);
        g_byte_array_append(part[FIRST], (const guint8 *)&from, sizeof from);
        at += (guint32)length;
        for (; p < making->places->len; p++) {
            const Place *place = &g_array_index(making->places, Place, p);
            if (place->value != i)
                break;
            if (place->record == last)
                continue;
            last = place->record;
            g_byte_array_append(part[ID], (const guint8 *)&last, sizeof last);
            from++;
        }
    }
    g_byte_array_append(part[AT], (const guint8 *)&at, sizeof at);
    g_byte_array_append(part[FIRST], (const guint8 *)&from, sizeof from);
}

typedef struct {
    Head head;
    GByteArray *part[WORDS_KINDS][PARTS];
} Image;

static void image_clear(Image *image)
{
    for (guint k = 0; k < WORDS_KINDS; k++)
        for (guint p = 0; p < PARTS; p++)
            g_clear_pointer(&image->part[k][p], g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Image, image_clear)

static gboolean image_fill(gpointer data, gpointer file, GError **error)
{
    const Image *image = data;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = find_file_piece, .to = file, .sums = sums};
    gboolean ok = sums_put(&to, &image->head, sizeof image->head, error);
    for (guint i = 0; i < WORDS_KINDS * PARTS && ok; i++) {
        const GByteArray *part = image->part[i / PARTS][i % PARTS];
        ok = sums_put(&to, part->data, part->len, error);
    }
    return ok && sums_end(&to, error);
}

static gboolean words_make(Store *store, const char *path, const char *stamp, GError **error)
{
    g_auto(Image) image = {.head = {.magic = MAGIC}};
    g_strlcpy(image.head.stamp, stamp, sizeof image.head.stamp);
    for (WordsKind kind = 0; kind < WORDS_KINDS; kind++) {
        g_auto(Making) making = {0};
        making_init(&making, kind);
        for (guint p = 0; p < PARTS; p++)
            image.part[kind][p] = g_byte_array_new();
        if (!select_walk(store, sources[kind], NULL, take_value, &making, error))
            return FALSE;
        making_parts(&making, image.part[kind]);
        image.head.n[kind] = making.values->len;
        for (guint p = 0; p < PARTS; p++)
            image.head.size[kind][p] = image.part[kind][p]->len;
    }
    return find_file_write(path, image_fill, &image, error);
}

/* ---- opened ----------------------------------------------------------------------------- */

/* Do the sizes follow from one another and fill the file, does the last text end, and is this the
 * head that was written? */
static gboolean words_fit(Words *words, gsize size)
{
    gsize at = sizeof(Head);
    for (guint i = 0; i < WORDS_KINDS * PARTS; i++) {
        guint64 bytes = words->head->size[i / PARTS][i % PARTS];
        if (bytes > size || sums_padded(bytes) > size - at)
            return FALSE;
        words->part[i / PARTS][i % PARTS] = (const guint8 *)words->head + at;
        at += sums_padded(bytes);
    }
    for (guint k = 0; k < WORDS_KINDS; k++) {
        const guint64 *bytes = words->head->size[k];
        if (words->head->n[k] >= G_MAXUINT32 ||
            bytes[AT] != (words->head->n[k] + 1) * sizeof(guint32) || bytes[FIRST] != bytes[AT] ||
            (bytes[TEXT] && words->part[k][TEXT][bytes[TEXT] - 1] != '\0'))
            return FALSE;
    }
    if (at > size || size - at != sums_blocks(at) * sizeof(guint32))
        return FALSE;
    sums_init(&words->sums, words->head, at,
              (const guint32 *)(gconstpointer)((const guint8 *)words->head + at));
    return sums_hold(&words->sums, words->head, sizeof(Head));
}

static Words *words_map(const char *path, const char *stamp)
{
    g_autoptr(Words) words = g_new0(Words, 1);
    words->file = find_file_map(path);
    words->path = g_strdup(path);
    gsize size = words->file ? g_mapped_file_get_length(words->file) : 0;
    if (size < sizeof(Head))
        return NULL;
    words->head = (const Head *)(gpointer)g_mapped_file_get_contents(words->file);
    if (memcmp(words->head->magic, MAGIC, sizeof MAGIC) != 0 ||
        strncmp(words->head->stamp, stamp, sizeof words->head->stamp) != 0 ||
        !words_fit(words, size))
        return NULL;
    return g_steal_pointer(&words);
}

static gboolean take_count(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    *(gint64 *)data = sqlite3_column_int64(row, 0);
    return TRUE;
}

static char *words_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_WORDS, NULL);
}

Words *words_open(Store *store, GError **error)
{
    gint64 records = 0;
    if (!select_walk(store, "SELECT max(record_id) FROM record", NULL, take_count, &records, error))
        return NULL;
    if (records <= SMALL)
        return NULL;
    g_autofree char *stamp = find_stamp(store, error);
    g_autofree char *path = words_path(store);
    g_autofree char *folder = g_path_get_dirname(path);
    Words *words = stamp ? words_map(path, stamp) : NULL;
    if (words || !stamp || access(folder, W_OK) != 0)
        return words;
    return words_make(store, path, stamp, NULL) ? words_map(path, stamp) : NULL;
}

gboolean find_prepare(Store *store, GError **error)
{
    GError *problem = NULL;
    words_close(words_open(store, &problem));
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

void words_close(Words *words)
{
    if (!words)
        return;
    if (words->sums.broken)
        g_unlink(words->path);
    sums_clear(&words->sums);
    g_clear_pointer(&words->file, g_mapped_file_unref);
    g_free(words->path);
    g_free(words);
}

/* ---- asked ------------------------------------------------------------------------------ */

static const char *value_at(const Words *words, WordsKind kind, guint64 i)
{
    guint32 at = ((const guint32 *)(gconstpointer)words->part[kind][AT])[i];
    return at < words->head->size[kind][TEXT] ? (const char *)words->part[kind][TEXT] + at : "";
}

/* May what is read of a kind be believed? Records are asked of where they are read. */
static gboolean kind_holds(Words *words, WordsKind kind)
{
    for (guint p = 0; p < ID; p++)
        if (!sums_hold(&words->sums, words->part[kind][p], words->head->size[kind][p]))
            return FALSE;
    return TRUE;
}

/* Adds the records of a value; FALSE when they are too many, or damaged. */
static gboolean add_records(Words *words, WordsKind kind, guint64 i, GHashTable *ids)
{
    const guint32 *first = (const guint32 *)(gconstpointer)words->part[kind][FIRST] + i;
    const gint64 *id = (const gint64 *)(gconstpointer)words->part[kind][ID];
    if (first[1] < first[0] ||
        !sums_hold(&words->sums, id + first[0], (first[1] - first[0]) * sizeof *id))
        return FALSE;
    for (guint64 k = first[0]; k < first[1]; k++)
        g_hash_table_add(ids, (gpointer)&id[k]);
    return g_hash_table_size(ids) <= MOST_IDS;
}

static char *list_of(GHashTable *ids)
{
    GString *list = g_string_new(NULL);
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len ? "," : "",
                               *(const gint64 *)id);
    return g_string_free(list, FALSE);
}

char *words_fitting(Words *words, WordsKind kind,
                    gboolean (*fits)(const char *value, gpointer data), gpointer data)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_int64_hash, g_int64_equal);
    if (!kind_holds(words, kind))
        return NULL;
    for (guint64 i = 0; i < words->head->n[kind]; i++)
        if (fits(value_at(words, kind, i), data) && !add_records(words, kind, i, ids))
            return NULL;
    return list_of(ids);
}

/* The value in which a byte of the texts stands. */
static guint64 value_of(const Words *words, WordsKind kind, gsize byte)
{
    const guint32 *at = (const guint32 *)(gconstpointer)words->part[kind][AT];
    guint64 low = 0, high = words->head->n[kind];
    while (high - low > 1) {
        guint64 middle = (low + high) / 2;
        *(at[middle] <= byte ? &low : &high) = middle;
    }
    return low;
}

char *words_holding(Words *words, WordsKind kind, const char *text)
{
    const char *start = (const char *)words->part[kind][TEXT];
    const char *end = start + words->head->size[kind][TEXT];
    gsize length = strlen(text);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_int64_hash, g_int64_equal);
    const char *at = words->head->n[kind] ? start : end;
    if (!kind_holds(words, kind))
        return NULL;
    while (length && at < end && (at = memmem(at, (gsize)(end - at), text, length))) {
        if (!add_records(words, kind, value_of(words, kind, (gsize)(at - start)), ids))
            return NULL;
        at += strlen(at) + 1; /* the next value */
    }
    return list_of(ids);
}

char *words_narrow(const char *sql, const char *records)
{
    g_auto(GStrv) sides = g_strsplit(sql, FIND_NARROW, 2);
    if (!records)
        return g_strconcat(sides[0], sides[1], NULL);
    return g_strconcat(sides[0], "r.record_id IN (", records, ") AND ", sides[1], NULL);
}
