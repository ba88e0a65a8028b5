/*
 * Records, mentions and their names: what loaders fill and what the store keeps and hands back.
 * Also the content hash by which the same row is known again in another file or language. Memory
 * only: no SQLite here.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/store/record.h"

static const char *const FIELD_NAMES[] = {
#define FIELD(id, name) name,
#include "engine/store/fields.def"
#undef FIELD
};

static const char *const MENTION_NAMES[] = {
#define X(id, name) name,
    MENTION_FIELDS(X)
#undef X
};

static const char *const ROLES[] = {"purchaser", "possessor", "associate",
                                    "traveller", "shipper",   "consignee"};

/* What no content hash counts: raw twins of canonical values, readings of an address that
 * stands beside them, and provenance that comes from the profile and never from the row. */
static const Field UNCOUNTED[] = {FIELD_MAKE_RAW, FIELD_MODEL_RAW, FIELD_CALIBRE_RAW, FIELD_ORIGIN,
                                  FIELD_AUTHORITY};

static void mention_free(gpointer data)
{
    Mention *mention = data;
    g_free(mention->role);
    for (int i = 0; i < MENTION_COUNT; i++)
        g_free(mention->value[i]);
    g_free(mention);
}

Record *record_new(const char *kind)
{
    Record *record = g_new0(Record, 1);
    record->kind = g_strdup(kind);
    record->mentions = g_ptr_array_new_with_free_func(mention_free);
    return record;
}

void record_free(Record *record)
{
    if (record == NULL)
        return;
    g_free(record->ref);
    g_free(record->kind);
    for (int i = 0; i < FIELD_COUNT; i++)
        g_free(record->value[i]);
    g_ptr_array_unref(record->mentions);
    g_free(record->raw);
    g_free(record->content_hash);
    g_free(record);
}

static int name_index(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

const char *field_name(Field field)
{
    return FIELD_NAMES[field];
}

gboolean field_parse(const char *name, Field *field)
{
    int index = name_index(FIELD_NAMES, FIELD_COUNT, name);
    if (index >= 0)
        *field = (Field)index;
    return index >= 0;
}

const char *mention_field_name(MentionField field)
{
    return MENTION_NAMES[field];
}

gboolean mention_field_parse(const char *name, MentionField *field)
{
    int index = name_index(MENTION_NAMES, MENTION_COUNT, name);
    if (index >= 0)
        *field = (MentionField)index;
    return index >= 0;
}

const char *record_get(const Record *record, Field field)
{
    return record->value[field];
}

static void value_take(char **slot, char *value)
{
    if (value == *slot)
        return;
    g_free(*slot);
    if (value != NULL && *value == '\0')
        g_clear_pointer(&value, g_free);
    *slot = value;
}

void record_take(Record *record, Field field, char *value)
{
    value_take(&record->value[field], value);
}

void mention_take(Mention *mention, MentionField field, char *value)
{
    value_take(&mention->value[field], value);
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
    for (guint i = 0; i < record->mentions->len; i++) {
        Mention *mention = g_ptr_array_index(record->mentions, i);
        if (strcmp(mention->role, role) == 0)
            return mention;
    }
    Mention *mention = g_new0(Mention, 1);
    mention->role = g_strdup(role);
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
        if (mention_is_empty(g_ptr_array_index(record->mentions, i - 1)))
            g_ptr_array_remove_index(record->mentions, i - 1);
    }
}

char *mention_ref(const Record *record, const Mention *mention)
{
    return g_strconcat(record->ref, ":", mention->role, NULL);
}

/* Nothing, or a number from 2 on without leading zero. */
static gboolean is_role_number(const char *text)
{
    if (*text == '\0')
        return TRUE;
    if (*text == '0' || strcmp(text, "1") == 0)
        return FALSE;
    return strspn(text, "0123456789") == strlen(text);
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

/* A serial that was read counts by its reading and an office by its code: their spelling (and
 * language) is a raw twin then. */
static gboolean is_spelling(const Record *record, Field field)
{
    if (field == FIELD_SERIAL_NUMBER) {
        const char *kind = record_get(record, FIELD_SERIAL_KIND);
        return kind != NULL && strcmp(kind, "UNKNOWN") != 0;
    }
    return field == FIELD_OFFICE_NAME && record_get(record, FIELD_OFFICE_CODE) != NULL;
}

static gboolean is_counted(const Record *record, Field field)
{
    for (gsize i = 0; i < G_N_ELEMENTS(UNCOUNTED); i++) {
        if (UNCOUNTED[i] == field)
            return FALSE;
    }
    return !is_spelling(record, field);
}

/* Length before content, so that no two lists of values make the same bytes. */
static void append_counted(GString *bytes, const char *text)
{
    char digits[24];
    gsize length = strlen(text);
    char *start = digits + sizeof digits;
    *--start = ':';
    gsize rest = length;
    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    g_string_append_len(bytes, start, digits + sizeof digits - start);
    g_string_append_len(bytes, text, (gssize)length);
}

static void append_pair(GString *bytes, const char *name, const char *value)
{
    append_counted(bytes, name);
    append_counted(bytes, value);
}

static void append_mention(GString *bytes, const Mention *mention)
{
    append_pair(bytes, "mention", mention->role);
    for (int i = 0; i < MENTION_COUNT; i++) {
        if (mention->value[i] != NULL && i != MENTION_ADDRESS_KEY)
            append_pair(bytes, MENTION_NAMES[i], mention->value[i]);
    }
}

static gint compare_roles(gconstpointer a, gconstpointer b)
{
    const Mention *left = *(Mention *const *)a, *right = *(Mention *const *)b;
    return strcmp(left->role, right->role);
}

void record_seal(Record *record)
{
    g_autoptr(GString) bytes = g_string_sized_new(1024);
    append_pair(bytes, "kind", record->kind);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (record->value[i] != NULL && is_counted(record, (Field)i))
            append_pair(bytes, FIELD_NAMES[i], record->value[i]);
    }
    /* The order of columns in a file says nothing: roles in their own order. */
    g_ptr_array_sort(record->mentions, compare_roles);
    for (guint i = 0; i < record->mentions->len; i++)
        append_mention(bytes, g_ptr_array_index(record->mentions, i));
    g_free(record->content_hash);
    record->content_hash = text_sha256(bytes->str, (gssize)bytes->len);
}
