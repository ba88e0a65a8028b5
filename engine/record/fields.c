/*
 * The canonical fields: their names, which of them are columns, which are twins, and how those
 * that are no columns lie in one value of a row: for each that has a value its number (its place
 * in fields.def from 1 on, one byte), the text, and NUL. Memory only: no SQLite here.
 */
#include "engine/record/fields.h"
#include "engine/base/memory.h"

#include <string.h>

G_STATIC_ASSERT(FIELD_COUNT < 255);

typedef struct {
    const char *name;
    gboolean packed;
} FieldRow;

static const FieldRow FIELDS[] = {
#define COLUMN(id, name) {name, FALSE},
#define PACKED(id, name) {name, TRUE},
#include "engine/record/fields.def"
#undef COLUMN
#undef PACKED
};

static const char *const MENTION_NAMES[] = {
#define X(id, name) name,
    MENTION_FIELDS(X)
#undef X
};

const char *field_name(Field field)
{
    return FIELDS[field].name;
}

gboolean field_parse(const char *name, Field *field)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(FIELDS[i].name, name) == 0) {
            *field = (Field)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *mention_field_name(MentionField field)
{
    return MENTION_NAMES[field];
}

gboolean mention_field_parse(const char *name, MentionField *field)
{
    for (int i = 0; i < MENTION_COUNT; i++) {
        if (strcmp(MENTION_NAMES[i], name) == 0) {
            *field = (MentionField)i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean field_is_packed(Field field)
{
    return FIELDS[field].packed;
}

Field field_of_twin(Field twin)
{
    switch (twin) {
    case FIELD_MAKE_RAW:
        return FIELD_MAKE;
    case FIELD_MODEL_RAW:
        return FIELD_MODEL;
    case FIELD_CALIBRE_RAW:
        return FIELD_CALIBRE;
    default:
        return FIELD_COUNT;
    }
}

/* A twin as received that equals its canonical value is kept as "", which no value ever is. */
static gboolean is_told(char *const *value, Field field)
{
    Field plain = field_of_twin(field);
    return plain != FIELD_COUNT && g_strcmp0(value[field], value[plain]) == 0;
}

void fields_pack(const Record *record, GString *packed)
{
    gsize used = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *text = record->value[i];
        if (!FIELDS[i].packed || text == NULL)
            continue;
        gsize size = value_length(text, record->size[i]) + 1;
        if (is_told(record->value, (Field)i)) {
            text = "";
            size = 1;
        }
        g_string_set_size(packed, used + 1 + size);
        packed->str[used] = (char)(i + 1);
        bytes_copy(packed->str + used + 1, text, size);
        used += 1 + size;
    }
    g_string_set_size(packed, used);
}

gboolean fields_unpack(const char *packed, gsize length, const char **value)
{
    if (length > 0 && packed[length - 1] != '\0')
        return FALSE;
    for (const char *at = packed; at < packed + length; at += strlen(at) + 1) {
        Field field = (Field)((guint8)*at - 1);
        if (field >= FIELD_COUNT || !FIELDS[field].packed)
            return FALSE;
        Field plain = field_of_twin(field);
        value[field] = at[1] == '\0' && plain != FIELD_COUNT ? value[plain] : at + 1;
    }
    return TRUE;
}
