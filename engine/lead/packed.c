/*
 * Evidence of a lead in as few bytes as is quick, for who looks at all leads before it looks at one
 * of them again: a tenth of what it takes as it is used. Goes no further than this process: numbers
 * stand as they lie in memory.
 */
#include <string.h>

#include "engine/lead/parts.h"

#define TEXTS_MAX   7
#define NUMBERS_MAX 3
#define LONG_TEXT   0xff /* in the place of a length: it is long, and its length follows */

/* A struct of one of the lists: its texts, and its numbers. */
typedef struct {
    gsize size;
    guint n_texts, n_numbers;
    gsize texts[TEXTS_MAX];
    struct {
        gsize at, size;
    } numbers[NUMBERS_MAX];
    int recurs; /* which of the texts is the same in very many leads; -1: none */
} Form;

#define AT(member) offsetof(FORM, member)
#define NUMBER(member)                                                                             \
    {                                                                                              \
        offsetof(FORM, member), sizeof(((FORM *)NULL)->member)                                     \
    }

/* A field that stands in no list would be lost: each takes the room of a number. */
#define WHOLE(texts, numbers)                                                                      \
    G_STATIC_ASSERT(sizeof(gpointer) != sizeof(gint64) ||                                          \
                    sizeof(FORM) == ((texts) + (numbers)) * sizeof(gint64))

#define FORM LeadLink
static const Form link_form = {sizeof(FORM),
                               5,
                               3,
                               {AT(left), AT(right), AT(tier), AT(explanation), AT(against)},
                               {NUMBER(bits), NUMBER(probability), NUMBER(chance_matches)},
                               -1};
WHOLE(5, 3);
#undef FORM
#define FORM LeadPerson
static const Form person_form = {sizeof(FORM),
                                 6,
                                 2,
                                 {AT(entity), AT(mention), AT(role), AT(last), AT(first), AT(dob)},
                                 {NUMBER(probability), NUMBER(organisation)},
                                 -1};
WHOLE(6, 2);
#undef FORM
#define FORM LeadIndicator
static const Form indicator_form = {
    sizeof(FORM),
    6,
    2,
    {AT(indicator), AT(title), AT(severity), AT(subject), AT(record), AT(explanation)},
    {NUMBER(rev), NUMBER(bits)},
    1};
WHOLE(6, 2);
#undef FORM
#define FORM LeadMarker
static const Form marker_form = {
    sizeof(FORM), 3, 1, {AT(record), AT(category), AT(excerpt)}, {NUMBER(probability)}, -1};
WHOLE(3, 1);
#undef FORM
#define FORM LeadEdge
static const Form edge_form = {sizeof(FORM),     4, 1, {AT(left), AT(right), AT(kind), AT(value)},
                               {NUMBER(weight)}, -1};
WHOLE(4, 1);
#undef FORM

/* The lists of such structs, in the order in which they are packed. */
static const struct {
    gsize list;
    const Form *form;
} lists[] = {{offsetof(LeadEvidence, links), &link_form},
             {offsetof(LeadEvidence, people), &person_form},
             {offsetof(LeadEvidence, indicators), &indicator_form},
             {offsetof(LeadEvidence, markers), &marker_form},
             {offsetof(LeadEvidence, edges), &edge_form}};

/* ---- packing ----------------------------------------------------------------------------- */

static void put(GByteArray *out, gconstpointer bytes, gsize size)
{
    g_byte_array_append(out, bytes, (guint)size);
}

static void put_count(GByteArray *out, gsize n)
{
    guint32 all = (guint32)n;
    guint8 first = (guint8)MIN(n, LONG_TEXT);
    put(out, &first, 1);
    if (n >= LONG_TEXT)
        put(out, &all, sizeof all);
}

/* With its NUL, so that it can be used as it lies; nothing: no text. */
static void put_text(GByteArray *out, const char *text)
{
    gsize size = text ? strlen(text) + 1 : 0;
    put_count(out, size);
    put(out, text ? text : "", size);
}

static void put_values(GByteArray *out, char *const *value, guint n)
{
    guint set = 0;
    for (guint i = 0; i < n; i++)
        set += value[i] != NULL;
    put_count(out, set);
    for (guint i = 0; i < n; i++)
        if (value[i]) {
            put_count(out, i);
            put_text(out, value[i]);
        }
}

static void put_record(GByteArray *out, const Record *record)
{
    put_text(out, record->kind);
    put_text(out, record->ref);
    put_text(out, record->content_hash);
    put(out, &record->file_id, sizeof record->file_id);
    put(out, &record->line, sizeof record->line);
    put(out, &record->revision, sizeof record->revision);
    put_values(out, record->value, FIELD_COUNT);
    put_count(out, record->mentions->len);
    for (guint i = 0; i < record->mentions->len; i++) {
        const Mention *mention = record->mentions->pdata[i];
        put_text(out, mention->role);
        put_values(out, mention->value, MENTION_COUNT);
    }
}

static void put_row(GByteArray *out, const Form *form, gconstpointer row)
{
    for (guint i = 0; i < form->n_numbers; i++)
        put(out, (const char *)row + form->numbers[i].at, form->numbers[i].size);
    for (guint i = 0; i < form->n_texts; i++) {
        const char *text = G_STRUCT_MEMBER(char *, row, form->texts[i]);
        if ((int)i == form->recurs) {
            text = g_intern_string(text);
            put(out, &text, sizeof text);
        } else {
            put_text(out, text);
        }
    }
}

void lead_evidence_pack(GByteArray *out, const LeadEvidence *evidence)
{
    put_text(out, evidence->lead_id);
    put_count(out, evidence->records->len);
    for (guint i = 0; i < evidence->records->len; i++) {
        put_record(out, evidence->records->pdata[i]);
        put_text(out, evidence->sources->pdata[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        const GPtrArray *list = G_STRUCT_MEMBER(GPtrArray *, evidence, lists[i].list);
        put_count(out, list->len);
        for (guint k = 0; k < list->len; k++)
            put_row(out, lists[i].form, list->pdata[k]);
    }
}

/* ---- unpacking --------------------------------------------------------------------------- */

static void take(const char **in, gpointer bytes, gsize size)
{
    memcpy(bytes, *in, size);
    *in += size;
}

static guint32 take_count(const char **in)
{
    guint32 n = (guint8) * *in;
    (*in)++;
    if (n == LONG_TEXT)
        take(in, &n, sizeof n);
    return n;
}

/* Borrowed. */
static const char *take_text(const char **in)
{
    guint32 size = take_count(in);
    const char *text = size ? *in : NULL;
    *in += size;
    return text;
}

static void take_mention(const char **in, Record *record)
{
    Mention *mention = record_mention(record, take_text(in));
    for (guint n = take_count(in); n > 0; n--) {
        MentionField field = (MentionField)take_count(in);
        mention_set(mention, field, take_text(in));
    }
}

static Record *take_record(const char **in)
{
    Record *record = record_new(take_text(in));
    record->ref = record_keep(record, take_text(in));
    record->content_hash = g_strdup(take_text(in));
    take(in, &record->file_id, sizeof record->file_id);
    take(in, &record->line, sizeof record->line);
    take(in, &record->revision, sizeof record->revision);
    for (guint n = take_count(in); n > 0; n--) {
        Field field = (Field)take_count(in);
        record->value[field] = record_keep(record, take_text(in));
    }
    for (guint n = take_count(in); n > 0; n--)
        take_mention(in, record);
    return record;
}

static gpointer take_row(const char **in, const Form *form)
{
    char *row = g_malloc0(form->size);
    for (guint i = 0; i < form->n_numbers; i++)
        take(in, row + form->numbers[i].at, form->numbers[i].size);
    for (guint i = 0; i < form->n_texts; i++) {
        const char *text;
        if ((int)i == form->recurs)
            take(in, &text, sizeof text);
        else
            text = take_text(in);
        G_STRUCT_MEMBER(char *, row, form->texts[i]) = g_strdup(text);
    }
    return row;
}

LeadEvidence *lead_evidence_unpack(const guint8 *bytes)
{
    const char *packed = (const char *)bytes;
    LeadEvidence *evidence = lead_evidence_new();
    evidence->lead_id = g_strdup(take_text(&packed));
    for (guint n = take_count(&packed); n > 0; n--) {
        g_ptr_array_add(evidence->records, take_record(&packed));
        g_ptr_array_add(evidence->sources, g_strdup(take_text(&packed)));
    }
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        GPtrArray *list = G_STRUCT_MEMBER(GPtrArray *, evidence, lists[i].list);
        for (guint n = take_count(&packed); n > 0; n--)
            g_ptr_array_add(list, take_row(&packed, lists[i].form));
    }
    return evidence;
}
