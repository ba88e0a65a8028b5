/*
 * Copies of the views that records and mentions make, in one walk over both as they lie, with what
 * a run found and has not written yet: the rows that their SELECTs yield (views.def), in the order
 * of records, without a lookup for each of them. What a purchase's firearm came to is known when
 * all were seen. Which columns: origins.def; which views, and who asks for them: views.c.
 */
#include "engine/view/pass.h"

#include <string.h>

#include "engine/base/date.h"
#include "engine/record/codes.h"
#include "engine/store/schema.h"
#include "engine/view/origin.h"

/* The views in their order: what makes a row of each, in begin_record and take_mention. */
typedef enum { FIREARMS, PURCHASES, SEIZURES, PEOPLE, TARGETS } TargetKind;

static const char *const NAMES[TARGETS] = {"firearms", "purchases", "seizures", "people"};

typedef struct {
    Copy *copy;             /* NULL: it is none of those */
    const Origin **origins; /* by column */
    gboolean *found;        /* by column: its texts are looked for */
    guint row;              /* of the record or mention at hand: row + 1; 0: it has none */
} Target;

/* A seizure or recovery; a purchase that waits for those of its firearm. Texts are the pass's. */
typedef struct {
    const char *firearm, *date, *ref, *country, *region;
} Recovery;

typedef struct {
    const char *firearm, *date;
    guint row;
} Waiting;

typedef struct {
    Heap *heap;
    sqlite3 *db;
    Target target[TARGETS];
    FoundCursor found;
    ScanRecord record;
    const char *firearm;   /* of the record */
    Cell ref, its_firearm; /* the two as cells, for the rows of all views */
    Cell possessor;        /* of the record, as far as seen */
    GStringChunk *text;
    GArray *recoveries;          /* of Recovery: of firearms of several records */
    GArray *waiting;             /* of Waiting */
    sqlite3_stmt *dealer, *days; /* asked for what is rare */
    GError *problem;
} Pass;

/* ---- cells ------------------------------------------------------------------------------ */

static Cell take_text(Pass *pass, const Target *target, guint column, const char *text)
{
    if (text == NULL)
        return CELL_NULL;
    const Value value = {.type = SQLITE_TEXT, .text = text, .length = strlen(text)};
    return heap_take(pass->heap, &value, target->found[column]);
}

/* One that is looked up in some view. */
static Cell take_known(Pass *pass, const char *text)
{
    const Value value = {.type = SQLITE_TEXT, .text = text, .length = strlen(text)};
    return heap_take(pass->heap, &value, TRUE);
}

static Cell take_whole(Pass *pass, gint64 whole)
{
    const Value value = {.type = SQLITE_INTEGER, .whole = whole};
    return heap_take(pass->heap, &value, FALSE);
}

static Cell take_real(Pass *pass, double real)
{
    const Value value = {.type = SQLITE_FLOAT, .real = real};
    return heap_take(pass->heap, &value, FALSE);
}

static Cell *cells_of(const Target *target, guint row)
{
    return &g_array_index(target->copy->cells, Cell, (gsize)(row - 1) * target->copy->n_columns);
}

/* ---- of the record ---------------------------------------------------------------------- */

static const char *field_of(const Pass *pass, Field field)
{
    return pass->record.value[field];
}

/* Asks one row of texts; NULL where there is none, or on error, which is noted. Until it is reset.
 */
static const char *ask(Pass *pass, sqlite3_stmt *stmt, int column)
{
    int rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE && pass->problem == NULL)
        sqlite_error(pass->db, "cannot copy a view", &pass->problem);
    return rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, column) : NULL;
}

/* What the list of licensees says, in the order of its fields. */
static const char LISTED_SQL[] =
    "SELECT ffl_name, ffl_city, ffl_state FROM record WHERE ref = 'ffl:' || ?";
G_STATIC_ASSERT(FIELD_FFL_CITY == FIELD_FFL_NAME + 1 && FIELD_FFL_STATE == FIELD_FFL_NAME + 2);

static Cell take_dealer(Pass *pass, const Target *target, guint column, Field field)
{
    const char *key = field_of(pass, FIELD_RDS_KEY), *own = field_of(pass, field);
    if (own != NULL || key == NULL)
        return take_text(pass, target, column, own);
    sqlite3_bind_text(pass->dealer, 1, key, -1, SQLITE_STATIC);
    const char *listed = ask(pass, pass->dealer, (int)(field - FIELD_FFL_NAME));
    Cell cell = take_text(pass, target, column, listed);
    sqlite3_reset(pass->dealer);
    return cell;
}

/* State and county digits of a licence: "2-31-113-..." in OH is "OH 113". */
static Cell take_county(Pass *pass, const Target *target, guint column)
{
    static const char shape[] = "_-__-___-";
    const char *at = field_of(pass, FIELD_FFL_NUMBER), *state = field_of(pass, FIELD_FFL_STATE);
    const char *from = NULL, *to = NULL;
    if (at == NULL || state == NULL)
        return CELL_NULL;
    for (guint i = 0; shape[i]; i++, at = g_utf8_next_char(at)) {
        if (*at == '\0' || (shape[i] == '-' && *at != '-'))
            return CELL_NULL;
        from = i == 5 ? at : from;
        to = i == 8 ? at : to;
    }
    g_autofree char *county = g_strdup_printf("%s %.*s", state, (int)(to - from), from);
    return take_text(pass, target, column, county);
}

static Cell take_of_record(Pass *pass, const Target *target, guint column)
{
    const Origin *origin = target->origins[column];
    switch (origin->from) {
    case FROM_REF:
        return pass->ref;
    case FROM_KIND:
        return take_text(pass, target, column, pass->record.kind);
    case FROM_FIREARM:
        return pass->its_firearm;
    case FROM_FIELD:
        return take_text(pass, target, column, field_of(pass, (Field)origin->field));
    case FROM_CASE:
        return take_text(pass, target, column,
                         field_of(pass, FIELD_SEIZURE_NO) ? field_of(pass, FIELD_SEIZURE_NO)
                                                          : field_of(pass, FIELD_AGENCY_CASE_NO));
    case FROM_HANDGUN:
        return take_whole(pass, type_is_handgun(field_of(pass, FIELD_FIREARM_TYPE)));
    case FROM_DEALER:
        return take_dealer(pass, target, column, (Field)origin->field);
    case FROM_COUNTY:
        return take_county(pass, target, column);
    default:
        return CELL_NULL;
    }
}

static void begin_row(Pass *pass, TargetKind kind)
{
    Target *target = &pass->target[kind];
    if (target->copy == NULL)
        return;
    Copy *copy = target->copy;
    gsize at = copy->cells->len;
    block_extend(copy->cells, at + copy->n_columns);
    target->row = ++copy->n_rows;
    for (guint i = 0; i < copy->n_columns; i++)
        g_array_index(copy->cells, Cell, at + i) = take_of_record(pass, target, i);
}

/* ---- recoveries ------------------------------------------------------------------------- */

/* Whole days between two dates; plain ones need not be asked. */
static Cell take_days(Pass *pass, const char *from, const char *to)
{
    const char *const dates[] = {to, from};
    Day day[2];
    for (int i = 0; i < 2; i++) {
        gboolean plain = strlen(dates[i]) == DAY_TEXT - 1 && dates[i][4] == '-';
        day[i] = plain ? date_parse(dates[i], DATE_ISO) : DAY_NONE;
        sqlite3_bind_text(pass->days, i + 1, dates[i], -1, SQLITE_STATIC);
    }
    if (day[0] != DAY_NONE && day[1] != DAY_NONE)
        return take_whole(pass, (gint64)day[0] - day[1]);
    gboolean known = ask(pass, pass->days, 0) != NULL;
    Cell cell = known ? take_whole(pass, sqlite3_column_int64(pass->days, 0)) : CELL_NULL;
    sqlite3_reset(pass->days);
    return cell;
}

static const char *field_of_recovery(const Recovery *recovery, int field)
{
    return field == FIELD_EVENT_DATE      ? recovery->date
           : field == FIELD_EVENT_COUNTRY ? recovery->country
                                          : recovery->region;
}

static void put_recovery(Pass *pass, guint row, const char *bought, const Recovery *recovery)
{
    const Target *target = &pass->target[PURCHASES];
    for (guint i = 0; i < target->copy->n_columns; i++) {
        const Origin *origin = target->origins[i];
        Cell cell;
        if (origin->from == FROM_RECOVERY)
            cell = take_text(pass, target, i, field_of_recovery(recovery, origin->field));
        else if (origin->from == FROM_RECOVERY_REF)
            cell = take_text(pass, target, i, recovery->ref);
        else if (origin->from == FROM_RECOVERY_DAYS)
            cell = take_days(pass, bought, recovery->date);
        else
            continue;
        cells_of(target, row)[i] = cell;
    }
}

static const char *keep(const Pass *pass, const char *text)
{
    return text ? g_string_chunk_insert_const(pass->text, text) : NULL;
}

/* A firearm of one record came to no more than that says; else it is noted. */
static void take_recovery(Pass *pass, gboolean alone)
{
    const char *type = field_of(pass, FIELD_EVENT_TYPE);
    const char *bought = field_of(pass, FIELD_PURCHASE_DATE);
    const Recovery recovery = {pass->firearm, field_of(pass, FIELD_EVENT_DATE), pass->record.ref,
                               field_of(pass, FIELD_EVENT_COUNTRY),
                               field_of(pass, FIELD_EVENT_REGION)};
    guint row = pass->target[PURCHASES].row;
    gboolean is = recovery.date && event_is_find(type);
    if (alone) {
        if (is && row && bought && strcmp(recovery.date, bought) >= 0)
            put_recovery(pass, row, bought, &recovery);
        return;
    }
    if (is) {
        const Recovery kept = {keep(pass, recovery.firearm), keep(pass, recovery.date),
                               keep(pass, recovery.ref), keep(pass, recovery.country),
                               keep(pass, recovery.region)};
        g_array_append_val(pass->recoveries, kept);
    }
    if (row && bought) {
        const Waiting waiting = {keep(pass, pass->firearm), keep(pass, bought), row};
        g_array_append_val(pass->waiting, waiting);
    }
}

static gint compare_recoveries(gconstpointer a, gconstpointer b)
{
    const Recovery *x = a, *y = b;
    int order = strcmp(x->firearm, y->firearm);
    order = order ? order : strcmp(x->date, y->date);
    return order ? order : strcmp(x->ref, y->ref);
}

static void put_waiting(Pass *pass, const Waiting *waiting)
{
    const Recovery wanted = {waiting->firearm, waiting->date, "", NULL, NULL};
    guint low = 0, high = pass->recoveries->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (compare_recoveries(&g_array_index(pass->recoveries, Recovery, middle), &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == pass->recoveries->len)
        return;
    const Recovery *first = &g_array_index(pass->recoveries, Recovery, low);
    if (strcmp(first->firearm, waiting->firearm) == 0)
        put_recovery(pass, waiting->row, waiting->date, first);
}

/* ---- the walk --------------------------------------------------------------------------- */

static gboolean was_sold(const Pass *pass)
{
    return !disposition_is_theft(field_of(pass, FIELD_DISPOSITION));
}

static gboolean take_record(const ScanRecord *record, gpointer data)
{
    Pass *pass = data;
    const Findings *found = pass->found.found;
    const char *other = found->firearm(found->run, record->id);
    const char *event = record->value[FIELD_EVENT_TYPE];
    pass->record = *record;
    pass->firearm = other ? other : record->ref;
    pass->ref = take_known(pass, record->ref);
    pass->its_firearm = other ? take_known(pass, other) : pass->ref;
    pass->possessor = CELL_NULL;
    for (TargetKind kind = 0; kind < TARGETS; kind++)
        pass->target[kind].row = 0;
    if (event || record->value[FIELD_SERIAL_NUMBER] || record->value[FIELD_MAKE])
        begin_row(pass, FIREARMS);
    if (record->value[FIELD_PURCHASE_DATE] && was_sold(pass))
        begin_row(pass, PURCHASES);
    if (event_is_seizure(event))
        begin_row(pass, SEIZURES);
    take_recovery(pass, other == NULL);
    return !pass->heap->full && pass->problem == NULL;
}

typedef struct {
    const char *role;
    const char *const *value;  /* by MentionField; NULL: the person alone is known any more */
    const FoundPerson *person; /* NULL: nobody's */
    Cell entity;               /* of the person */
} MentionSeen;

static Cell take_role(Pass *pass, const Target *target, guint column, const char *role)
{
    gsize length = strlen(role);
    while (length > 0 && g_ascii_isdigit(role[length - 1]))
        length--;
    g_autofree char *base = role[length] ? g_strndup(role, length) : NULL;
    return take_text(pass, target, column, base ? base : role);
}

static Cell take_mention_ref(Pass *pass, const Target *target, guint column, const char *role)
{
    g_autofree char *ref = g_strconcat(pass->record.ref, ":", role, NULL);
    return take_text(pass, target, column, ref);
}

static Cell take_of_mention(Pass *pass, const Target *target, guint column, const MentionSeen *seen)
{
    const Origin *origin = target->origins[column];
    const char *const *value = seen->value;
    switch (origin->from) {
    case FROM_PERSON:
        return seen->entity;
    case FROM_PROBABILITY:
        return seen->person ? take_real(pass, seen->person->probability) : CELL_NULL;
    case FROM_MENTION:
        return take_text(pass, target, column, value ? value[origin->field] : NULL);
    case FROM_DOOR:
        return take_text(pass, target, column,
                         value == NULL                ? NULL
                         : value[MENTION_ADDRESS_KEY] ? value[MENTION_ADDRESS_KEY]
                                                      : value[MENTION_STREET]);
    case FROM_MENTION_REF:
        return take_mention_ref(pass, target, column, seen->role);
    default:
        return take_role(pass, target, column, seen->role);
    }
}

/* Columns that are of mentions, of the role or, in a row of its own, of any. */
static void fill_row(Pass *pass, TargetKind kind, const MentionSeen *seen)
{
    const Target *target = &pass->target[kind];
    for (guint i = 0; target->row && i < target->copy->n_columns; i++) {
        const Origin *origin = target->origins[i];
        if (origin->from >= FROM_PERSON &&
            (origin->role == NULL || strcmp(origin->role, seen->role) == 0))
            cells_of(target, target->row)[i] = take_of_mention(pass, target, i, seen);
    }
}

/* A purchase that a purchaser alone tells of: the possessor was seen before. */
static void begin_late(Pass *pass)
{
    const MentionSeen possessor = {"possessor", NULL, NULL, pass->possessor};
    begin_row(pass, PURCHASES);
    if (pass->possessor != CELL_NULL)
        fill_row(pass, PURCHASES, &possessor);
}

static gboolean take_mention(const char *role, const char *const *value, gpointer data)
{
    Pass *pass = data;
    const FoundPerson *person = found_person(&pass->found, pass->record.id, role);
    const MentionSeen seen = {role, value, person,
                              person ? take_known(pass, person->entity) : CELL_NULL};
    begin_row(pass, PEOPLE);
    if (!pass->target[PURCHASES].row && strcmp(role, "purchaser") == 0 && was_sold(pass))
        begin_late(pass);
    if (strcmp(role, "possessor") == 0)
        pass->possessor = seen.entity;
    for (TargetKind kind = PURCHASES; kind < TARGETS; kind++)
        fill_row(pass, kind, &seen);
    return !pass->heap->full && pass->problem == NULL;
}

/* Fields beside those of columns. */
static const Field LOOKED_AT[] = {
    FIELD_EVENT_TYPE,     FIELD_EVENT_DATE,    FIELD_EVENT_COUNTRY, FIELD_EVENT_REGION,
    FIELD_SERIAL_NUMBER,  FIELD_MAKE,          FIELD_FIREARM_TYPE,  FIELD_SEIZURE_NO,
    FIELD_AGENCY_CASE_NO, FIELD_PURCHASE_DATE, FIELD_RDS_KEY,       FIELD_FFL_NUMBER,
    FIELD_DISPOSITION,    FIELD_FFL_NAME,      FIELD_FFL_CITY,      FIELD_FFL_STATE,
};

static gboolean walk(Pass *pass, Store *reader, GError **error)
{
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(Field));
    g_autoptr(GArray) mention_fields = g_array_new(FALSE, FALSE, sizeof(MentionField));
    const MentionField door[] = {MENTION_ADDRESS_KEY, MENTION_STREET};
    g_array_append_vals(fields, LOOKED_AT, G_N_ELEMENTS(LOOKED_AT));
    g_array_append_vals(mention_fields, door, G_N_ELEMENTS(door));
    for (TargetKind kind = 0; kind < TARGETS; kind++) {
        const Target *target = &pass->target[kind];
        for (guint i = 0; target->copy && i < target->copy->n_columns; i++) {
            Field field = (Field)target->origins[i]->field;
            MentionField of_mention = (MentionField)target->origins[i]->field;
            if (target->origins[i]->from == FROM_FIELD)
                g_array_append_val(fields, field);
            else if (target->origins[i]->from == FROM_MENTION)
                g_array_append_val(mention_fields, of_mention);
        }
    }
    const StoreScan scan = {.fields = (const Field *)(gpointer)fields->data,
                            .n_fields = fields->len,
                            .mention_fields = (const MentionField *)(gpointer)mention_fields->data,
                            .n_mention_fields = mention_fields->len,
                            .record = take_record,
                            .mention = take_mention,
                            .data = pass};
    return store_scan(reader, &scan, error);
}

/* ---- begun and ended -------------------------------------------------------------------- */

static gboolean target_begin(Target *target, sqlite3 *db, Copy *copy, GError **error)
{
    target->copy = copy;
    target->found = copy_found(copy);
    return (target->origins = origins_of(db, copy, error)) != NULL;
}

static void pass_clear(Pass *pass)
{
    for (TargetKind kind = 0; kind < TARGETS; kind++) {
        g_free(pass->target[kind].origins);
        g_free(pass->target[kind].found);
    }
    g_clear_pointer(&pass->text, g_string_chunk_free);
    g_clear_pointer(&pass->recoveries, g_array_unref);
    g_clear_pointer(&pass->waiting, g_array_unref);
    sqlite3_finalize(pass->dealer);
    sqlite3_finalize(pass->days);
    g_clear_error(&pass->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pass, pass_clear)

static gboolean pass_begin(Pass *pass, const Copies *copies, GError **error)
{
    static const char days[] = "SELECT CAST(julianday(?) - julianday(?) AS INTEGER)";
    pass->text = g_string_chunk_new(1 << 16);
    pass->recoveries = g_array_new(FALSE, FALSE, sizeof(Recovery));
    pass->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    if (sqlite3_prepare_v2(pass->db, LISTED_SQL, -1, &pass->dealer, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(pass->db, days, -1, &pass->days, NULL) != SQLITE_OK)
        return sqlite_error(pass->db, "cannot copy a view", error);
    for (TargetKind kind = 0; kind < TARGETS; kind++) {
        Copy *copy = copies_find(copies, NAMES[kind]);
        if (copy != NULL && !target_begin(&pass->target[kind], pass->db, copy, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean pass_end(Pass *pass, gboolean done, GError **error)
{
    if (done && pass->problem == NULL && pass->target[PURCHASES].copy != NULL) {
        g_array_sort(pass->recoveries, compare_recoveries);
        for (guint i = 0; i < pass->waiting->len; i++)
            put_waiting(pass, &g_array_index(pass->waiting, Waiting, i));
    }
    if (pass->problem == NULL)
        return done;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&pass->problem));
    return FALSE;
}

gboolean pass_fill(Copies *copies, Store *reader, const Findings *found, GError **error)
{
    const FoundCursor cursor = {.found = found};
    g_auto(Pass) pass = {.heap = copies->heap, .db = store_handle(reader), .found = cursor};
    return pass_begin(&pass, copies, error) && pass_end(&pass, walk(&pass, reader, error), error);
}
