/*
 * STORE.facts as it lies: a head, the rows of both tables, the heap, and the sums of the blocks of
 * all of these. It is mapped, not read: what nobody asks for costs only its sum. That records and
 * their numbers are those that it was made of is proved as for a run (store_changes), so that a
 * run that did not end, or a purge, leaves nothing that is believed. STORE.people is a head that
 * repeats the other one, what engine/resolution made, and sums.
 */
#include "engine/run/image.h"

#include <string.h>

#include "engine/base/file.h"
#include "engine/base/mapped.h"
#include "engine/find/derived.h"

/* Another number for every change of what facts say of the same records. */
#define MAGIC "crosstrace facts 5"

typedef struct {
    char magic[24];
    guint64 shape; /* of the rows and serials, which are those of this machine */
    char data_sum[40], files[72];
    gint64 last_record, last_file;
    guint64 n[PACK_TABLES], heap_size;
} Head;

/* Another number for every change of what is made of the same mention. */
#define PEOPLE_MAGIC "crosstrace people 3"

typedef struct {
    char magic[24];
    guint64 shape;
    char rules[72];
    Head of;
} PeopleHead;

struct Image {
    Mapped *file, *people;
    const Head *head;
    Sheet sheet;
};

static guint64 shape(void)
{
    return sizeof(PackedFirearm) << 32 | sizeof(PackedMention) << 16 | sizeof(Serial);
}

static char *image_path(const Store *store, const char *end)
{
    return g_strconcat(store_path(store), end, NULL);
}

/* ---- written ---------------------------------------------------------------------------- */

typedef struct {
    const Head *head;
    const Sheet *sheet;
} Writing;

static gboolean write_parts(gpointer data, gpointer file, GError **error)
{
    const Writing *writing = data;
    const Sheet *sheet = writing->sheet;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    gboolean ok = sums_put(&to, writing->head, sizeof(Head), error);
    for (PackTable table = 0; table < PACK_TABLES && ok; table++)
        ok = sums_put(&to, sheet->rows[table], sheet->n[table] * sheet_row_size(table), error);
    return ok && sums_put(&to, sheet->heap, sheet->heap_size, error) && sums_end(&to, error);
}

gboolean image_write(Store *store, const Sheet *sheet, GError **error)
{
    g_auto(StoreRun) extent = {0};
    if (!store_extent(store, &extent, error))
        return FALSE;
    g_autofree char *sum = store_data_sum(store, error);
    g_autofree char *files = sum ? store_files_hash(store, extent.last_file, error) : NULL;
    g_autofree char *path = image_path(store, FIND_FACTS);
    Head head = {.magic = MAGIC,
                 .shape = shape(),
                 .last_record = extent.last_record,
                 .last_file = extent.last_file,
                 .heap_size = sheet->heap_size};
    if (!files)
        return FALSE;
    g_strlcpy(head.data_sum, sum, sizeof head.data_sum);
    g_strlcpy(head.files, files, sizeof head.files);
    for (PackTable table = 0; table < PACK_TABLES; table++)
        head.n[table] = sheet->n[table];
    Writing writing = {&head, sheet};
    return file_write(path, FIND_MODE, write_parts, &writing, error);
}

/* ---- opened ----------------------------------------------------------------------------- */

/* Do the sizes fill the file, and is every byte what was written? */
static gboolean parts_fit(Image *image, gsize size)
{
    const Head *head = image->head;
    gsize at = sizeof(Head), left = size - at;
    for (PackTable table = 0; table < PACK_TABLES; table++) {
        if (head->n[table] > left / sheet_row_size(table))
            return FALSE;
        image->sheet.rows[table] = (const guint8 *)head + at;
        image->sheet.n[table] = (guint)head->n[table];
        at += sums_padded(head->n[table] * sheet_row_size(table));
        left = size > at ? size - at : 0;
    }
    image->sheet.heap = (const guint8 *)head + at;
    image->sheet.heap_size = head->heap_size;
    if (head->heap_size > left || head->heap_size == 0)
        return FALSE;
    return sums_hold_file(head, at + sums_padded(head->heap_size), size);
}

Image *image_map(const Store *store)
{
    g_autofree char *path = image_path(store, FIND_FACTS);
    g_autoptr(Image) image = g_new0(Image, 1);
    image->file = mapped_open(path);
    gsize size = mapped_size(image->file);
    if (size < sizeof(Head))
        return NULL;
    image->head = mapped_bytes(image->file);
    if (memcmp(image->head->magic, MAGIC, sizeof MAGIC) != 0 || image->head->shape != shape() ||
        !parts_fit(image, size))
        return NULL;
    return g_steal_pointer(&image);
}

gboolean image_is_of(const Image *image, Store *store, StoreChanges *changes, GError **error)
{
    const Head *head = image->head;
    StoreRun since = {.data_sum = (char *)head->data_sum,
                      .last_record = head->last_record,
                      .last_file = head->last_file};
    g_autofree char *files = store_files_hash(store, head->last_file, error);
    return files && strcmp(files, head->files) == 0 &&
           store_changes(store, &since, changes, error) && changes->complete;
}

void image_free(Image *image)
{
    g_clear_pointer(&image->file, mapped_free);
    g_clear_pointer(&image->people, mapped_free);
    g_free(image);
}

Sheet image_sheet(const Image *image)
{
    return image->sheet;
}

void image_rest(const Image *image)
{
    mapped_rest(image->file);
    mapped_rest(image->people);
}

gboolean image_holds(const Image *image, GError **error)
{
    return mapped_holds(image->file, error) && mapped_holds(image->people, error);
}

/* ---- people ----------------------------------------------------------------------------- */

typedef struct {
    PeopleHead head;
    const PersonRoll *roll;
    const PersonParameters *parameters;
} WritingPeople;

static gboolean write_people_parts(gpointer data, gpointer file, GError **error)
{
    const WritingPeople *writing = data;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    return sums_put(&to, &writing->head, sizeof writing->head, error) &&
           person_roll_keep(writing->roll, writing->parameters, &to, error) && sums_end(&to, error);
}

static void people_head(PeopleHead *head, const Image *image, const char *rules)
{
    memset(head, 0, sizeof *head);
    g_strlcpy(head->magic, PEOPLE_MAGIC, sizeof head->magic);
    g_strlcpy(head->rules, rules, sizeof head->rules);
    head->shape = person_kept_shape();
    head->of = *image->head;
}

gboolean image_write_people(Store *store, const Image *image, const char *rules,
                            const PersonRoll *roll, const PersonParameters *parameters,
                            GError **error)
{
    g_autofree char *path = image_path(store, FIND_PEOPLE);
    WritingPeople writing = {.roll = roll, .parameters = parameters};
    people_head(&writing.head, image, rules);
    return file_write(path, FIND_MODE, write_people_parts, &writing, error);
}

gboolean image_people(Image *image, const Store *store, const char *rules, PersonKept *kept)
{
    g_autofree char *path = image_path(store, FIND_PEOPLE);
    g_autoptr(Mapped) file = mapped_open(path);
    gsize size = mapped_size(file);
    const PeopleHead *at = mapped_bytes(file);
    PeopleHead head;
    people_head(&head, image, rules);
    if (size < sizeof head || memcmp(at, &head, sizeof head) != 0)
        return FALSE;
    PersonKept found = {.bytes = at + 1, .size = size - sizeof head};
    gsize used = person_kept_size(&found, image->sheet.n[PACK_MENTIONS]);
    if (used == 0 || !sums_hold_file(at, sizeof head + used, size))
        return FALSE;
    *kept = found;
    g_clear_pointer(&image->people, mapped_free);
    image->people = g_steal_pointer(&file);
    return TRUE;
}
