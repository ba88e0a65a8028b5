/*
 * Records, mentions and their names: what loaders fill and what the store keeps and hands back.
 * Also the content hash by which the same row is known again in another file or language. Memory
 * only: no SQLite here.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/record/record.h"

#define POOL_SIZE 3584 /* a trace with three people */

static const char *const ROLES[] = {"purchaser", "possessor", "associate", "traveller",
                                    "shipper",   "consignee", "person"};

/* Pieces of memory; what lies in one is never freed by itself. Of the first: does the record have
 * values from elsewhere, and what others own: a raw text, and where texts of values lie. */
struct RecordPool {
    RecordPool *next;
    gsize size, used;
    gboolean foreign;
    const char *lent_raw;
    const char *lent, *lent_end;
    char bytes[];
};

static RecordPool *pool_new(gsize size, RecordPool *next)
{
    RecordPool *pool = g_malloc(sizeof(RecordPool) + size);
    *pool = (RecordPool){.next = next, .size = size};
    return pool;
}

/* The first piece stays the first: everybody points to it. */
static void *pool_take(RecordPool *first, gsize size)
{
    RecordPool *pool =
        first->used + size <= first->size || first->next == NULL ? first : first->next;
    if (pool->used + size > pool->size)
        pool = first->next = pool_new(MAX(size, POOL_SIZE), first->next);
    char *bytes = pool->bytes + pool->used;
    pool->used += size;
    return bytes;
}

static gboolean is_lent(const RecordPool *pool, const char *text)
{
    return text >= pool->lent && text < pool->lent_end;
}

static gboolean pool_has(const RecordPool *pool, const char *text)
{
    if (is_lent(pool, text))
        return TRUE;
    for (; pool != NULL; pool = pool->next) {
        if (text >= pool->bytes && text < pool->bytes + pool->used)
            return TRUE;
    }
    return FALSE;
}

static void pool_free(RecordPool *pool)
{
    while (pool != NULL) {
        RecordPool *next = pool->next;
        g_free(pool);
        pool = next;
    }
}

static char *pool_text(RecordPool *pool, const char *text, guint32 *size)
{
    if (text == NULL)
        return NULL;
    gsize bytes = strlen(text) + 1;
    char *copy = pool_take(pool, bytes);
    bytes_copy(copy, text, bytes);
    *size = (guint32)bytes;
    return copy;
}

static void text_free(const RecordPool *pool, char *text)
{
    if (text != NULL && !pool_has(pool, text))
        g_free(text);
}

static void mention_empty(Mention *mention)
{
    text_free(mention->pool, mention->role);
    for (int i = 0; i < MENTION_COUNT; i++)
        text_free(mention->pool, mention->value[i]);
}

/* Structures first, at the begin of the first piece, where they are aligned. */
static void *pool_struct(RecordPool *pool, gsize size)
{
    pool->used = (pool->used + sizeof(gpointer) - 1) & ~(sizeof(gpointer) - 1);
    void *memory = pool->used + size <= pool->size ? pool_take(pool, size) : NULL;
    if (memory == NULL)
        memory = pool_take(pool->next = pool_new(POOL_SIZE, pool->next), size);
    return memset(memory, 0, size);
}

Record *record_new(const char *kind)
{
    RecordPool *pool = pool_new(POOL_SIZE, NULL);
    Record *record = pool_struct(pool, sizeof(Record));
    record->pool = pool;
    record->kind = record_keep(record, kind);
    record->mentions = g_ptr_array_new();
    return record;
}

/* Everything that does not lie in the first piece. */
static void record_empty(Record *record)
{
    RecordPool *pool = record->pool;
    text_free(pool, record->ref);
    text_free(pool, record->kind);
    for (int i = 0; pool->foreign && i < FIELD_COUNT; i++)
        text_free(pool, record->value[i]);
    for (guint i = 0; pool->foreign && i < record->mentions->len; i++)
        mention_empty(g_ptr_array_index(record->mentions, i));
    if (record->raw != pool->lent_raw)
        text_free(pool, record->raw);
    text_free(pool, record->content_hash);
    pool_free(pool->next);
}

void record_free(Record *record)
{
    if (record == NULL)
        return;
    record_empty(record);
    g_ptr_array_unref(record->mentions);
    g_free(record->pool);
}

Record *record_renew(Record *used, const char *kind)
{
    if (used == NULL)
        return record_new(kind);
    RecordPool *pool = used->pool;
    GPtrArray *mentions = used->mentions;
    record_empty(used);
    *pool = (RecordPool){.size = pool->size};
    g_ptr_array_set_size(mentions, 0);
    Record *record = pool_struct(pool, sizeof(Record));
    record->pool = pool;
    record->kind = record_keep(record, kind);
    record->mentions = mentions;
    return record;
}

#define CACHE_LINE 64

/* The record stands at the begin of its first piece; how far that is used is not asked, since that
 * would be waited for. */
void record_prefetch(const Record *record)
{
    for (gsize at = 0; at < POOL_SIZE * 2 / 3; at += CACHE_LINE)
        __builtin_prefetch((const char *)record + at);
}

void record_lend_raw(Record *record, const char *raw)
{
    record->raw = (char *)raw;
    record->pool->lent_raw = raw;
}

void record_lend(Record *record, const char *texts, gsize size)
{
    record->pool->lent = texts;
    record->pool->lent_end = texts + size;
}

char *record_keep(Record *record, const char *text)
{
    guint32 size;
    return pool_text(record->pool, text, &size);
}

const char *record_get(const Record *record, Field field)
{
    return record->value[field];
}

static void value_take(RecordPool *pool, char **slot, guint32 *size, char *value)
{
    if (value == *slot)
        return;
    text_free(pool, *slot);
    if (value != NULL && *value == '\0') {
        text_free(pool, value);
        value = NULL;
    }
    *slot = value;
    *size = 0;
    pool->foreign = pool->foreign || (value != NULL && !pool_has(pool, value));
}

/* A copy in the pool, where nothing is freed; what is lent is there already. */
static void value_set(RecordPool *pool, char **slot, guint32 *size, const char *value)
{
    if (*slot != NULL)
        text_free(pool, *slot);
    *size = 0;
    if (value == NULL || *value == '\0')
        *slot = NULL;
    else if (is_lent(pool, value))
        *slot = (char *)value;
    else
        *slot = pool_text(pool, value, size);
}

void record_take(Record *record, Field field, char *value)
{
    value_take(record->pool, &record->value[field], &record->size[field], value);
}

void mention_take(Mention *mention, MentionField field, char *value)
{
    value_take(mention->pool, &mention->value[field], &mention->size[field], value);
}

void record_set(Record *record, Field field, const char *value)
{
    value_set(record->pool, &record->value[field], &record->size[field], value);
}

void mention_set(Mention *mention, MentionField field, const char *value)
{
    value_set(mention->pool, &mention->value[field], &mention->size[field], value);
}

const Mention *record_find_mention(const Record *record, const char *role)
{
    for (guint i = 0; i < record->mentions->len; i++) {
        const Mention *mention = g_ptr_array_index(record->mentions, i);
        if (strcmp(mention->role, role) == 0)
            return mention;
    }
    return NULL;
}

Mention *record_mention(Record *record, const char *role)
{
    /* Columns of a role stand together: it is mostly the last one. */
    for (guint i = record->mentions->len; i > 0; i--) {
        Mention *mention = g_ptr_array_index(record->mentions, i - 1);
        if (strcmp(mention->role, role) == 0)
            return mention;
    }
    Mention *mention = pool_struct(record->pool, sizeof(Mention));
    mention->pool = record->pool;
    mention->role = record_keep(record, role);
    g_ptr_array_add(record->mentions, mention);
    return mention;
}

static gboolean mention_is_empty(const Mention *mention)
{
    for (int i = 0; i < MENTION_COUNT; i++) {
        if (mention->value[i] != NULL)
            return FALSE;
    }
    return TRUE;
}

void record_drop_empty_mentions(Record *record)
{
    for (guint i = record->mentions->len; i > 0; i--) {
        Mention *mention = g_ptr_array_index(record->mentions, i - 1);
        if (!mention_is_empty(mention))
            continue;
        mention_empty(mention);
        g_ptr_array_remove_index(record->mentions, i - 1);
    }
}

char *mention_ref(const Record *record, const Mention *mention)
{
    return g_strconcat(record->ref, ":", mention->role, NULL);
}

const char *mention_role(const char *ref)
{
    const char *colon = strrchr(ref, ':');
    return colon ? colon + 1 : ref + strlen(ref);
}

char *mention_record(const char *ref)
{
    const char *colon = strrchr(ref, ':');
    return g_strndup(ref, colon ? (gsize)(colon - ref) : strlen(ref));
}

/* Nothing, or a number from 2 on without leading zero. */
static gboolean is_role_number(const char *text)
{
    if (*text == '\0')
        return TRUE;
    if (*text == '0' || strcmp(text, "1") == 0)
        return FALSE;
    return text_is_digits(text);
}

const char *role_base(const char *role)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ROLES); i++) {
        gsize length = strlen(ROLES[i]);
        if (strncmp(role, ROLES[i], length) == 0 && is_role_number(role + length))
            return ROLES[i];
    }
    return NULL;
}

/* Raw twins of canonical values, provenance that comes from the profile and never from the row, and
 * what may only have been read. */
static const gboolean SPECIAL[FIELD_COUNT] = {
    [FIELD_MAKE_RAW] = TRUE,   [FIELD_MODEL_RAW] = TRUE, [FIELD_CALIBRE_RAW] = TRUE,
    [FIELD_ORIGIN] = TRUE,     [FIELD_AUTHORITY] = TRUE, [FIELD_SERIAL_NUMBER] = TRUE,
    [FIELD_OFFICE_NAME] = TRUE};

/* Of these no content hash counts any but what was only read: a serial that was read counts by its
 * reading and an office by its code, their spelling (and language) is a twin then. */
static gboolean is_counted(const Record *record, Field field)
{
    const char *kind = record_get(record, FIELD_SERIAL_KIND);
    if (field == FIELD_SERIAL_NUMBER)
        return kind == NULL || strcmp(kind, "UNKNOWN") == 0;
    return field == FIELD_OFFICE_NAME && record_get(record, FIELD_OFFICE_CODE) == NULL;
}

/* What a text of the content hash is: a field by its number from 1 on, else one of these. */
enum { TAG_KIND = 1000, TAG_ROLE, TAG_MENTION };

static Mix add_text(Mix mix, guint tag, const char *text)
{
    return mix_with(mix, tag, text, strlen(text));
}

/* A key of an address is read from it and counts for nothing beside it. */
static Mix add_mention(Mix mix, Mention *mention)
{
    mix = add_text(mix, TAG_ROLE, mention->role);
    for (guint i = 0; i < MENTION_COUNT; i++) {
        if (mention->value[i] == NULL)
            continue;
        gsize length = value_length(mention->value[i], mention->size[i]);
        mention->size[i] = (guint32)length + 1;
        if (i != MENTION_ADDRESS_KEY)
            mix = mix_with(mix, TAG_MENTION + i, mention->value[i], length);
    }
    return mix;
}

static gint compare_roles(gconstpointer a, gconstpointer b)
{
    const Mention *left = *(Mention *const *)a, *right = *(Mention *const *)b;
    return strcmp(left->role, right->role);
}

void record_seal(Record *record)
{
    char digits[MIX_TEXT];
    Mix mix = add_text(mix_new(), TAG_KIND, record->kind);
    for (guint i = 0; i < FIELD_COUNT; i++) {
        if (record->value[i] == NULL)
            continue;
        gsize length = value_length(record->value[i], record->size[i]);
        record->size[i] = (guint32)length + 1;
        if (!SPECIAL[i] || is_counted(record, (Field)i))
            mix = mix_with(mix, i + 1, record->value[i], length);
    }
    /* The order of columns in a file says nothing: roles in their own order. */
    g_ptr_array_sort(record->mentions, compare_roles);
    for (guint i = 0; i < record->mentions->len; i++)
        mix = add_mention(mix, g_ptr_array_index(record->mentions, i));
    const Mix sum = mix, end = mix_end(&sum);
    text_free(record->pool, record->content_hash);
    record->content_hash = record_keep(record, mix_text(&end, digits));
}

gboolean record_is_reference(const char *text)
{
    gsize kind = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    return kind > 0 && text[kind] == ':' && strchr(text, ' ') == NULL;
}
