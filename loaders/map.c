/*
 * Row to record, cell by cell: the cells that stand for themselves, constants of the profile
 * where they say nothing, then those that need others; then whole.c, the key and the seal. A row
 * without a key, a required value or a readable required date is no record; everything else is a
 * warning.
 */
#include "loaders/map.h"

#include <string.h>

#include "loaders/documents.h"
#include "loaders/mangled.h"
#include "loaders/memo.h"
#include "loaders/told.h"

#define KEY_MAX 256 /* bytes of all parts of a key */

static gboolean is_key(const Profile *profile, guint column)
{
    for (guint i = 0; i < profile->key->len; i++)
        if (g_array_index(profile->key, KeyPart, i).column == (int)column)
            return TRUE;
    return FALSE;
}

/* The number of a column's role: of the first column that has it. */
static guint role_number(const Profile *profile, const ProfileColumn *column)
{
    guint i = 0;

    while (column->role && g_strcmp0(profile_column(profile, i)->role, column->role) != 0)
        i++;
    return i;
}

void mapper_init(Mapper *mapper, const Profile *profile, const int *cells, Cleaner *cleaner)
{
    *mapper = (Mapper){.profile = profile, .cleaner = cleaner, .cells = cells};
    mapper->plain = g_array_new(FALSE, FALSE, sizeof(MapStep));
    mapper->late = g_array_new(FALSE, FALSE, sizeof(MapStep));
    mapper->filled = g_ptr_array_sized_new(profile->columns->len);
    mapper->warnings = g_array_new(FALSE, FALSE, sizeof(Flaw));
    mapper->glued = g_string_new(NULL);
    mapper->ref = g_string_new(NULL);
    mapper->people = g_ptr_array_new();
    g_ptr_array_set_size(mapper->people, (gint)profile->columns->len);
    mapper->has_serial = profile_find(profile, "serial_number") >= 0;
    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);
        MapStep step = {column,
                        i,
                        cells[i],
                        !column->required && !column->parts && cells[i] >= 0,
                        is_key(profile, i),
                        FALSE,
                        role_number(profile, column),
                        NULL};

        step.alone = step.optional && column->normaliser->alone;
        if (profile_fills(profile, cells, i) && (column->target != TARGET_NONE || step.key))
            g_array_append_val(column->normaliser->late ? mapper->late : mapper->plain, step);
    }
}

void mapper_clear(Mapper *mapper)
{
    g_array_unref(mapper->plain);
    g_array_unref(mapper->late);
    g_ptr_array_unref(mapper->filled);
    g_array_unref(mapper->warnings);
    g_string_free(mapper->glued, TRUE);
    g_string_free(mapper->ref, TRUE);
    g_ptr_array_unref(mapper->people);
    g_free(mapper->serials);
}

void map_warn(Mapper *mapper, const char *field, const char *code, const char *value)
{
    Flaw flaw = {field, code, value};

    g_array_append_val(mapper->warnings, flaw);
}

/* text_present(), which most cells show at once. */
static inline const char *present(const char *cell)
{
    return *cell > ' ' && *cell < 0x7F ? cell : text_present(cell);
}

static const char *plain_cell(const Mapper *mapper, const Row *row, guint column)
{
    int at = mapper->cells[column];

    return at < 0 ? NULL : text_present(row->cells[at]);
}

/* The cells of a column's parts in one, good until the next; NULL when all are blank. Parts that
 * the header has not are left out, blank ones are not. */
static const char *glued_cell(const Mapper *mapper, const Row *row, const ProfileColumn *column)
{
    gboolean filled = FALSE;

    g_string_truncate(mapper->glued, 0);
    for (guint i = 0, n = 0; i < column->parts->len; i++) {
        guint part = g_array_index(column->parts, guint, i);
        const char *cell = plain_cell(mapper, row, part);

        if (mapper->cells[part] < 0)
            continue;
        g_string_append(mapper->glued, n++ ? column->glue : "");
        g_string_append(mapper->glued, cell ? cell : "");
        filled = filled || cell;
    }
    return filled ? mapper->glued->str : NULL;
}

static const char *cell_of(const Mapper *mapper, const Row *row, guint index)
{
    const ProfileColumn *column = profile_column(mapper->profile, index);
    const char *cell = plain_cell(mapper, row, index);

    return cell || !column->parts ? cell : glued_cell(mapper, row, column);
}

/* The text of a cell that outlives the row's mapping. */
static const char *lasting(const Mapper *mapper, Record *record, const char *cell)
{
    return cell == mapper->glued->str ? record_keep(record, cell) : cell;
}

/* One whole name becomes parts of a mention; what is not a name is sorted out when the mention is
 * finished. */
static void take_name(Mapper *mapper, Mention *mention, const char *cell)
{
    PersonName name = person_name_parse(cell);

    if (person_is_placeholder(mapper->cleaner->people, cell)) {
        mention_set(mention, MENTION_LAST, cell);
    } else if (name.organisation) {
        mention_take(mention, MENTION_ORGANISATION, text_squeeze(cell));
    } else {
        mention_take(mention, MENTION_LAST, g_steal_pointer(&name.last));
        mention_take(mention, MENTION_FIRST, g_steal_pointer(&name.first));
        mention_take(mention, MENTION_MIDDLE, g_steal_pointer(&name.middle));
        mention_take(mention, MENTION_SUFFIX, g_steal_pointer(&name.suffix));
    }
    person_name_clear(&name);
}

/* A further person in a role: the first of its numbers that nobody has. */
static Mention *further_mention(Record *record, const char *role)
{
    for (guint n = 2;; n++) {
        g_autofree char *numbered = g_strdup_printf("%s%u", role_base(role), n);

        if (!record_find_mention(record, numbered))
            return record_mention(record, numbered);
    }
}

/* A cell with a whole name, or those of several people: "SMITH, JOHN & MARY". */
static void take_whole_name(Mapper *mapper, Record *record, Mention *mention, const char *cell)
{
    g_auto(GStrv) names = person_names_split(mapper->cleaner->people, cell);

    take_name(mapper, mention, names ? names[0] : cell);
    for (guint i = 1; names && names[i]; i++)
        take_name(mapper, further_mention(record, mention->role), names[i]);
}

/* A number, its type or its issuer: of documents a person has several. FALSE: it is none of them.
 */
static gboolean take_document(Mention *mention, const ProfileColumn *column, const char *value)
{
    MentionField field = (MentionField)column->target;

    if (field == MENTION_DOC_NO)
        mention_add_document(mention, column->type, value);
    else if (field == MENTION_DOC_TYPE || field == MENTION_DOC_ISSUER)
        mention_tell_document(mention, field, column->type, value);
    else
        return FALSE;
    return TRUE;
}

/* A person has one of each other: what an earlier column gave (a telephone, and here is an e-mail
 * address) is not lost in silence. */
static void warn_displaced(Mapper *mapper, const ProfileColumn *column, Record *record,
                           const char *before, const char *value)
{
    g_autofree char *old = before ? text_key(before) : NULL;
    g_autofree char *new = before ? text_key(value) : NULL;

    if (before && strcmp(old, new) != 0)
        map_warn(mapper, column->name, "displaced", record_keep(record, before));
}

/* A surname that is none of the whole name's: of another person, who has not the given names that
 * the whole name told. */
static void part_from_whole(Mapper *mapper, const ProfileColumn *column, Record *record,
                            Mention *mention, const char *value)
{
    static const MentionField given[] = {MENTION_FIRST, MENTION_MIDDLE, MENTION_SUFFIX};
    const char *before = mention->value[MENTION_LAST];
    g_autofree char *old = before ? text_key(before) : NULL;
    g_autofree char *new = before ? text_key(value) : NULL;

    if (!before || strstr(old, new) || strstr(new, old))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
        if (!mention->value[given[i]])
            continue;
        map_warn(mapper, column->name, "displaced", record_keep(record, mention->value[given[i]]));
        mention_take(mention, given[i], NULL);
    }
}

/* Who stands in the column's role: asked of the record once a row. */
static Mention *mention_of(const Mapper *mapper, const MapStep *step, Record *record)
{
    gpointer *mention = &mapper->people->pdata[step->role];

    if (!*mention)
        *mention = record_mention(record, step->column->role);
    return *mention;
}

static void take_value(Mapper *mapper, const MapStep *step, Record *record, const char *value)
{
    const ProfileColumn *column = step->column;

    if (!column->role) {
        record_set(record, (Field)column->target, value);
        return;
    }
    Mention *mention = mention_of(mapper, step, record);

    if (column->target == MENTION_WHOLE_NAME) {
        take_whole_name(mapper, record, mention, value);
        return;
    }
    if (take_document(mention, column, value))
        return;
    warn_displaced(mapper, column, record, mention->value[column->target], value);
    if (column->target == MENTION_LAST)
        part_from_whole(mapper, column, record, mention, value);
    mention_set(mention, (MentionField)column->target, value);
}

/* A part of the key that no field takes. */
static void take_key(Mapper *mapper, guint column, Record *record, const char *value)
{
    for (guint i = 0; i < mapper->profile->key->len; i++) {
        const KeyPart *part = &g_array_index(mapper->profile->key, KeyPart, i);

        if (part->column == (int)column && part->field == TARGET_NONE)
            mapper->key[i] = record_keep(record, value);
    }
}

static gboolean is_source_flag(const ProfileColumn *column)
{
    return !column->role && column->target == FIELD_CONFIDENTIAL_SOURCE;
}

/* FALSE when the row cannot be a record for this cell's sake. */
static gboolean map_cell(Mapper *mapper, const Row *row, const MapStep *step, Record *record,
                         Flaw *reject)
{
    const ProfileColumn *column = step->column;
    const Normaliser *normaliser = column->normaliser;
    const char *cell =
        step->optional ? present(row->cells[step->cell]) : cell_of(mapper, row, step->index);
    const char *problem = NULL, *value;

    if (!cell) {
        if (!column->required ||
            (column->unless >= 0 && cell_of(mapper, row, (guint)column->unless)))
            return TRUE;
        *reject = (Flaw){column->name, "missing-value", ""};
        return FALSE;
    }
    Cell asked = {column, cell,
                  step->optional ? step->slot : cell_slot(mapper->cleaner, column, cell)};
    value = clean_cell(mapper->cleaner, &asked, record, &problem);
    if (problem && ((column->required && strcmp(problem, "bad-date") == 0) ||
                    (step->key && strcmp(problem, "excel-sci") == 0))) {
        *reject = (Flaw){column->name, problem, cell == mapper->glued->str ? "" : cell};
        return FALSE;
    }
    if (problem)
        map_warn(mapper, column->name, problem, lasting(mapper, record, cell));
    /* a source is not disclosed for the sake of a word that no table knows */
    if (problem && is_source_flag(column))
        value = "Y";
    if (value && column->target == TARGET_NONE)
        take_key(mapper, step->index, record, value);
    else if (value)
        take_value(mapper, step, record, value);
    if (normaliser->raw >= 0)
        record_set(record, (Field)normaliser->raw, clean_squeezed(mapper->cleaner, cell));
    return TRUE;
}

/* Half of the cells of most rows are empty and need not be. Where the others are remembered is
 * asked for before any of them is looked at: each would be waited for. */
static gboolean map_cells(Mapper *mapper, const Row *row, const GArray *steps, Record *record,
                          Flaw *reject)
{
    MapStep *first = (MapStep *)(void *)steps->data, *end = first + steps->len;
    MapStep **filled = (MapStep **)mapper->filled->pdata, **last = filled;

    for (MapStep *step = first; step < end; step++) {
        if (step->optional && !*row->cells[step->cell])
            continue;
        if (step->alone)
            step->slot = cell_slot(mapper->cleaner, step->column, row->cells[step->cell]);
        *last++ = step;
    }
    for (; filled < last; filled++)
        if (!map_cell(mapper, row, *filled, record, reject))
            return FALSE;
    return TRUE;
}

/* What the profile says of every row, where the row says nothing itself. */
static void add_constants(const Mapper *mapper, Record *record)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        if (mapper->profile->constants[i] && !record->value[i])
            record_set(record, (Field)i, mapper->profile->constants[i]);
}

static const char *key_part(const Mapper *mapper, const Record *record, guint i)
{
    int field = g_array_index(mapper->profile->key, KeyPart, i).field;

    return field == TARGET_NONE ? mapper->key[i] : record_get(record, (Field)field);
}

/* What the contents hash to but for the flag of the source: with and without it a row is one. */
static void seal_contents(Record *record)
{
    char *flag = record->value[FIELD_CONFIDENTIAL_SOURCE];

    record->value[FIELD_CONFIDENTIAL_SOURCE] = NULL;
    record_seal(record);
    record->value[FIELD_CONFIDENTIAL_SOURCE] = flag;
}

/* "<kind>:<key>". A missing last part of several is stood in for by a hash of the contents, so
 * that the same row again is a duplicate and another row another record. */
static void name_record(const Mapper *mapper, Record *record)
{
    GString *ref = mapper->ref;
    guint parts = mapper->profile->key->len;

    g_string_assign(ref, record->kind);
    g_string_append_c(ref, ':');
    for (guint i = 0; i < parts; i++) {
        const char *part = key_part(mapper, record, i);

        if (i > 0)
            g_string_append_c(ref, '/');
        if (part) {
            g_autofree char *encoded = text_is_plain_key(part) ? NULL : text_ref_encode(part);

            g_string_append(ref, encoded ? encoded : part);
        } else if (i > 0) {
            seal_contents(record);
            g_string_append_printf(ref, "~%.16s", record->content_hash);
        }
    }
    record->ref = record_keep(record, ref->str);
}

/* Numbers of traces as a seizure's are read, without its letter too; not in the key, by which the
 * store knows a record from earlier loads. */
static void finish_traces(const Mapper *mapper, Record *record)
{
    static const Field fields[] = {FIELD_TRACE_NO, FIELD_DUPLICATE_OF};
    const CodeTable *forms = code_table(mapper->cleaner->codes, "number_forms");

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *number = record_get(record, fields[i]);
        g_autofree char *told = number ? told_trace(forms, number) : NULL;

        if (told)
            record_set(record, fields[i], told);
    }
}

/* Nobody can look up, or see apart, what is not shown: control and bidirectional characters. */
static gboolean is_shown(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        guint8 byte = (guint8)*p;
        GUnicodeType type =
            byte < 0x80 ? G_UNICODE_OTHER_LETTER : g_unichar_type(g_utf8_get_char(p));

        if (byte < 0x20 || byte == 0x7F || type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
            type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
            return FALSE;
    }
    return TRUE;
}

static gboolean key_is_good(const Mapper *mapper, const Record *record, Flaw *reject)
{
    const char *first = key_part(mapper, record, 0);
    gboolean good = first && strpbrk(first, "0123456789");
    guint i = 0;
    gsize length = 0;

    reject->code = first ? "bad-key" : "missing-key";
    for (guint next = 0; good && next < mapper->profile->key->len; next++) {
        const char *part = key_part(mapper, record, next);

        i = next;
        length += part ? strlen(part) : 0;
        good = length <= KEY_MAX && (!part || is_shown(part));
    }
    reject->field = g_array_index(mapper->profile->key, KeyPart, i).name;
    return good;
}

/* Values that are a cell of the row stay where they are; the cells are mended there before. */
static void lend_cells(const Row *row, Record *record)
{
    const char *first = row->cells[0], *last = row->cells[row->n - 1];
    gsize length = (gsize)(last - first) + strlen(last) + 1;

    if (mangled_may_be(first, length))
        for (guint i = 0; i < row->n; i++)
            mangled_mend(row->cells[i]);
    record_lend(record, first, length);
}

gboolean map_row(Mapper *mapper, const Row *row, Record *record, Flaw *reject)
{
    g_array_set_size(mapper->warnings, 0);
    memset(mapper->key, 0, sizeof mapper->key);
    memset(mapper->people->pdata, 0, mapper->people->len * sizeof(gpointer));
    lend_cells(row, record);
    if (!map_cells(mapper, row, mapper->plain, record, reject))
        return FALSE;
    add_constants(mapper, record);
    if (!map_cells(mapper, row, mapper->late, record, reject))
        return FALSE;
    record_finish(mapper, row, record);
    if (!key_is_good(mapper, record, reject)) {
        reject->value = "";
        return FALSE;
    }
    record_lend_raw(record, row->raw);
    record->line = row->line;
    name_record(mapper, record);
    finish_traces(mapper, record);
    record_seal(record);
    return TRUE;
}

/* All cells again, whatever is wrong with some of them; FALSE when one of the source's flag is
 * missing that may not. */
static gboolean map_rest(Mapper *mapper, const Row *row, const GArray *steps, Record *record)
{
    gboolean read = TRUE;
    Flaw flaw;

    for (guint i = 0; i < steps->len; i++) {
        const MapStep *step = &g_array_index(steps, MapStep, i);

        if (!map_cell(mapper, row, step, record, &flaw) && is_source_flag(step->column))
            read = FALSE;
    }
    return read;
}

/* Does the file say of its rows whether their source is confidential? */
static gboolean has_source_flag(const Mapper *mapper)
{
    for (guint i = 0; i < mapper->profile->columns->len; i++)
        if (is_source_flag(profile_column(mapper->profile, i)) &&
            profile_fills(mapper->profile, mapper->cells, i))
            return TRUE;
    return FALSE;
}

gboolean map_confidential(Mapper *mapper, const Row *row, Record *record)
{
    Flaw flaw;

    if (row->reason)
        return has_source_flag(mapper) ||
               g_strcmp0(mapper->profile->constants[FIELD_CONFIDENTIAL_SOURCE], "Y") == 0;
    memset(mapper->people->pdata, 0, mapper->people->len * sizeof(gpointer));
    add_constants(mapper, record);
    if (!map_rest(mapper, row, mapper->plain, record) ||
        !map_rest(mapper, row, mapper->late, record))
        return TRUE;
    if (key_is_good(mapper, record, &flaw))
        name_record(mapper, record);
    return g_strcmp0(record_get(record, FIELD_CONFIDENTIAL_SOURCE), "Y") == 0;
}
