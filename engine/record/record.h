/*
 * Record and Mention: what a row of any source becomes. One observation model for every source:
 * a seizure item and a trace are both an observation of a firearm with an event, perhaps an
 * acquisition, people in roles, texts and a marking. A new source is a profile, no new struct.
 * To add a canonical field: a line in fields.def, which says when a migration is needed.
 */
#ifndef CROSSTRACE_RECORD_RECORD_H
#define CROSSTRACE_RECORD_RECORD_H

#include <glib.h>
#include <string.h>

typedef enum {
#define COLUMN(id, name) FIELD_##id,
#define PACKED(id, name) FIELD_##id,
#include "engine/record/fields.def"
#undef COLUMN
#undef PACKED
    FIELD_COUNT
} Field;

/* What a mention knows of a person, in store order. */
#define MENTION_FIELDS(X)                                                                          \
    X(LAST, "last")                                                                                \
    X(FIRST, "first")                                                                              \
    X(MIDDLE, "middle")                                                                            \
    X(SUFFIX, "suffix")                                                                            \
    X(ORGANISATION, "organisation") /* its name, when it is no person */                           \
    X(DOB, "dob")                                                                                  \
    X(STREET, "street")                                                                            \
    X(CITY, "city")                                                                                \
    X(REGION, "region")                                                                            \
    X(POSTAL, "postal")                                                                            \
    X(COUNTRY, "country")                                                                          \
    X(PHONE, "phone")                                                                              \
    X(DOC_TYPE, "doc_type")                                                                        \
    X(DOC_NO, "doc_no")                                                                            \
    X(DOC_ISSUER, "doc_issuer")                                                                    \
    X(ADDRESS_KEY, "address_key") /* address_key() of engine/person */                             \
    X(LIST, "list")               /* nobody stands in one list twice */

typedef enum {
#define X(id, name) MENTION_##id,
    MENTION_FIELDS(X)
#undef X
        MENTION_COUNT
} MentionField;

/* Where a record keeps the texts that were copied into it: one piece of memory for most records. */
typedef struct RecordPool RecordPool;

/* One person in one role of one record; owns its values. */
typedef struct {
    char *role; /* with its number from the second on: "associate", "associate2" */
    char *value[MENTION_COUNT];
    guint32 size[MENTION_COUNT]; /* of these values with their NUL; 0: not known */
    RecordPool *pool;            /* of its record */
} Mention;

/* One row of a source, canonical, with where it came from. Owns everything in it. */
typedef struct {
    char *ref;  /* "<kind>:<key>", the key %-encoded */
    char *kind; /* "cbsa-seizure", "atf-trace" ... */
    char *value[FIELD_COUNT];
    guint32 size[FIELD_COUNT]; /* of these values with their NUL; 0: not known */
    GPtrArray *mentions;       /* of Mention */
    char *raw;                 /* the row as received, UTF-8, without its line end */
    gint64 file_id;
    guint64 line;       /* first physical line, 1-based */
    int revision;       /* 1 for the first; set by the store */
    char *content_hash; /* of canonical values and mentions: same key, same content = duplicate */
    RecordPool *pool;
} Record;

Record *record_new(const char *kind);
void record_free(Record *record);
/* An empty record in the memory of one that is done with, which is gone; NULL: in new memory. */
Record *record_renew(Record *used, const char *kind);
/* Another thread had it: asks the processor for its memory, some rows before its turn. */
void record_prefetch(const Record *record);
/* Sets the raw text to one that others own and that is there as long as the record. */
void record_lend_raw(Record *record, const char *raw);
/* Texts that others own and that are there, unchanged, as long as the record: a value that is set
 * to one of them is not copied. */
void record_lend(Record *record, const char *texts, gsize size);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Record, record_free)

/* Names as in profiles, rules and exports; FALSE: none has this name. */
const char *field_name(Field field);
gboolean field_parse(const char *name, Field *field);
const char *mention_field_name(MentionField field);
gboolean mention_field_parse(const char *name, MentionField *field);

/* Value of a field or NULL. */
const char *record_get(const Record *record, Field field);
/* Takes over value (g_free'd later); an empty one is stored as absent. */
void record_take(Record *record, Field field, char *value);
/* Copies value (NULL: absent) into the record's own memory, as record_keep does, unless it is lent.
 */
void record_set(Record *record, Field field, const char *value);
/* A copy that lives as long as the record; may stand in any of its texts. NULL for NULL. */
char *record_keep(Record *record, const char *text);

/* The mention with that role, made if it is not there; owned by the record. */
Mention *record_mention(Record *record, const char *role);
const Mention *record_find_mention(const Record *record, const char *role);
void mention_take(Mention *mention, MentionField field, char *value);
void mention_set(Mention *mention, MentionField field, const char *value);
/* Mentions without any value are dropped. */
void record_drop_empty_mentions(Record *record);

/* "<record ref>:<role>"; g_free. */
char *mention_ref(const Record *record, const Mention *mention);
/* Of such a reference the role ("" without a colon), and the record's (all of it then); g_free. */
const char *mention_role(const char *ref);
char *mention_record(const char *ref);
/* "associate2" -> "associate"; static. NULL when it is no role. */
const char *role_base(const char *role);

/* Bytes of a value, as its record or mention knows them; else it is measured. */
static inline gsize value_length(const char *value, guint32 size)
{
    return size > 0 ? size - 1 : strlen(value);
}

/* Fills content_hash from canonical values (language and spelling of codes do not count, since
 * raw fields are left out where a canonical one stands beside them). */
void record_seal(Record *record);

/* Has a text the form of a reference, "<kind>:..." without a blank (keys have none)? */
gboolean record_is_reference(const char *text);

#endif
