/*
 * Record -> Firearm, PersonMention, MarkText: the one place where the store's model meets the
 * matchers' inputs. It decides nothing; a value that is absent stays absent.
 */
#include "engine/run/facts.h"

#include <string.h>

Facts *facts_new(void)
{
    Facts *facts = g_new0(Facts, 1);
    facts->strings = g_string_chunk_new(1 << 20);
    facts->firearms = g_array_new(FALSE, TRUE, sizeof(Firearm));
    facts->mentions = g_array_new(FALSE, TRUE, sizeof(PersonMention));
    facts->seizures = g_hash_table_new(g_str_hash, g_str_equal);
    return facts;
}

void facts_free(Facts *facts)
{
    if (!facts)
        return;
    g_string_chunk_free(facts->strings);
    g_array_unref(facts->firearms);
    g_array_unref(facts->mentions);
    g_hash_table_unref(facts->seizures);
    g_free(facts);
}

/* A value that many records share (a make, a city). */
static const char *shared(Facts *facts, const char *text)
{
    return text ? g_string_chunk_insert_const(facts->strings, text) : NULL;
}

/* A value that is mostly one record's own (a number, a reference). */
static const char *own(Facts *facts, const char *text)
{
    return text ? g_string_chunk_insert(facts->strings, text) : NULL;
}

static guint seizure_group(Facts *facts, const char *seizure_no)
{
    if (!seizure_no)
        return 0;
    guint group = GPOINTER_TO_UINT(g_hash_table_lookup(facts->seizures, seizure_no));
    if (!group) {
        group = g_hash_table_size(facts->seizures) + 1;
        g_hash_table_insert(facts->seizures, (gpointer)shared(facts, seizure_no),
                            GUINT_TO_POINTER(group));
    }
    return group;
}

static Serial stored_serial(const Record *record)
{
    Serial serial = {.kind = SERIAL_UNKNOWN};
    SerialKind kind = SERIAL_UNKNOWN;
    const char *name = record_get(record, FIELD_SERIAL_KIND);
    if (name && serial_kind_parse(name, &kind)) {
        const char *pattern = record_get(record, FIELD_SERIAL_PATTERN);
        if (!pattern || !serial_from_pattern(pattern, kind, &serial))
            serial.kind = kind;
    }
    return serial;
}

/* The first retail purchaser, as far as two traces can be compared by him. */
static void add_buyer(Facts *facts, const Record *record, Firearm *firearm)
{
    const Mention *buyer = record_find_mention(record, "purchaser");
    firearm->dealer = shared(facts, record_get(record, FIELD_RDS_KEY));
    firearm->buyer_dob = date_parse(buyer ? buyer->value[MENTION_DOB] : NULL, DATE_ISO);
    if (buyer && buyer->value[MENTION_LAST]) {
        g_autofree char *last = text_key(buyer->value[MENTION_LAST]);
        firearm->buyer_last = shared(facts, last);
    }
}

static void add_firearm(Facts *facts, const Record *record, const char *ref)
{
    const char *event = record_get(record, FIELD_EVENT_TYPE);
    Firearm firearm = {
        .ref = ref,
        .side = g_strcmp0(event, "SEIZED") == 0 ? SIDE_SEIZURE : SIDE_TRACE,
        .serial = stored_serial(record),
        .serial_raw = own(facts, record_get(record, FIELD_SERIAL_NUMBER)),
        .make = shared(facts, record_get(record, FIELD_MAKE)),
        .importer = shared(facts, record_get(record, FIELD_IMPORTER)),
        .model = shared(facts, record_get(record, FIELD_MODEL)),
        .calibre = shared(facts, record_get(record, FIELD_CALIBRE)),
        .type = shared(facts, record_get(record, FIELD_FIREARM_TYPE)),
        .country = shared(facts, record_get(record, FIELD_COUNTRY_OF_ORIGIN)),
        .event_date = date_parse(record_get(record, FIELD_EVENT_DATE), DATE_ISO),
        .purchase_date = date_parse(record_get(record, FIELD_PURCHASE_DATE), DATE_ISO),
        .request_date = date_parse(record_get(record, FIELD_REQUEST_DATE), DATE_ISO),
        .event_country = shared(facts, record_get(record, FIELD_EVENT_COUNTRY)),
        .event_region = shared(facts, record_get(record, FIELD_EVENT_REGION)),
        .trace_no = own(facts, record_get(record, FIELD_TRACE_NO)),
        .duplicate_of = own(facts, record_get(record, FIELD_DUPLICATE_OF)),
        .seizure_no = shared(facts, record_get(record, FIELD_SEIZURE_NO)),
        .agency_case_no = own(facts, record_get(record, FIELD_AGENCY_CASE_NO)),
        .occurrence_no = own(facts, record_get(record, FIELD_OCCURRENCE_NO)),
        .group = seizure_group(facts, record_get(record, FIELD_SEIZURE_NO)),
    };
    add_buyer(facts, record, &firearm);
    g_array_append_val(facts->firearms, firearm);
}

static void add_mention(Facts *facts, const Record *record, const char *ref, const Mention *mention)
{
    char *const *value = mention->value;
    g_autofree char *name = g_strconcat(ref, ":", mention->role, NULL);
    PersonMention person = {
        .ref = own(facts, name),
        .record = ref,
        .role = role_base(mention->role),
        .group = shared(facts, record_get(record, FIELD_SEIZURE_NO)),
        .organisation = value[MENTION_ORGANISATION] != NULL,
        .last = shared(facts, value[MENTION_ORGANISATION] ? value[MENTION_ORGANISATION]
                                                          : value[MENTION_LAST]),
        .first = shared(facts, value[MENTION_FIRST]),
        .middle = shared(facts, value[MENTION_MIDDLE]),
        .suffix = shared(facts, value[MENTION_SUFFIX]),
        .dob = date_parse(value[MENTION_DOB], DATE_ISO),
        .street = shared(facts, value[MENTION_STREET]),
        .city = shared(facts, value[MENTION_CITY]),
        .region = shared(facts, value[MENTION_REGION]),
        .postal = shared(facts, value[MENTION_POSTAL]),
        .country = shared(facts, value[MENTION_COUNTRY]),
        .phone = shared(facts, value[MENTION_PHONE]),
        .doc_type = shared(facts, value[MENTION_DOC_TYPE]),
        .doc_no = shared(facts, value[MENTION_DOC_NO]),
        .doc_issuer = shared(facts, value[MENTION_DOC_ISSUER]),
    };
    g_array_append_val(facts->mentions, person);
}

/* Lists of dealers and people tell of no firearm (the view `firearms` says the same). */
static gboolean is_observation(const Record *record)
{
    return record_get(record, FIELD_EVENT_TYPE) || record_get(record, FIELD_SERIAL_NUMBER) ||
           record_get(record, FIELD_MAKE);
}

void facts_add(Facts *facts, const Record *record)
{
    const char *ref = own(facts, record->ref);
    if (is_observation(record))
        add_firearm(facts, record, ref);
    for (guint i = 0; i < record->mentions->len; i++)
        add_mention(facts, record, ref, g_ptr_array_index(record->mentions, i));
    facts->records++;
}

/* Said to be obliterated by a flag or a condition, whatever could be read of the number. */
static gboolean said_obliterated(const Record *record)
{
    static const char *const conditions[] = {"OBLITERATED", "RESTORED", "ALTERED", NULL};
    const char *condition = record_get(record, FIELD_SERIAL_CONDITION);
    return g_strcmp0(record_get(record, FIELD_SERIAL_OBLITERATED), "Y") == 0 ||
           (condition && g_strv_contains(conditions, condition));
}

/* A serial RDDSSSSS-unique that begins with the licence of the record's own dealer, who is no
 * manufacturer: the marking of a privately made firearm (27 CFR 478.92). */
static gboolean licensee_prefix(const Record *record)
{
    const char *serial = record_get(record, FIELD_SERIAL_NUMBER);
    const char *rds = record_get(record, FIELD_RDS_KEY);
    const char *type = record_get(record, FIELD_FFL_TYPE);
    if (!serial || !rds || strlen(rds) != 8 || !g_str_has_prefix(serial, rds) || serial[8] != '-' ||
        !serial[9])
        return FALSE;
    return !type || (strcmp(type, "07") != 0 && strcmp(type, "10") != 0);
}

guint facts_texts(const Record *record, MarkText *texts, MarkFacts *facts)
{
    *facts = (MarkFacts){0};
    if (!is_observation(record))
        return 0;
    static const Field fields[FACTS_TEXTS] = {
        FIELD_MAKE_RAW,  FIELD_MODEL_RAW,    FIELD_NARRATIVE,    FIELD_REMARKS,
        FIELD_CO_SEIZED, FIELD_MODEL,        FIELD_FIREARM_TYPE, FIELD_ADDITIONAL_MARKINGS,
        FIELD_COMMODITY, FIELD_SERIAL_NUMBER};
    guint n = 0;
    for (guint i = 0; i < FACTS_TEXTS; i++) {
        Field field = fields[i];
        const char *text = record_get(record, field);
        if (field == FIELD_MODEL && record_get(record, FIELD_MODEL_RAW))
            continue;
        if (!text)
            continue;
        const char *name = field == FIELD_MAKE_RAW    ? "make"
                           : field == FIELD_MODEL_RAW ? "model"
                                                      : field_name(field);
        texts[n++] = (MarkText){name, text};
    }
    *facts = (MarkFacts){
        .serial_kind = record_get(record, FIELD_SERIAL_KIND),
        .make = record_get(record, FIELD_MAKE),
        .model = record_get(record, FIELD_MODEL),
        .type = record_get(record, FIELD_FIREARM_TYPE),
        .disposition = record_get(record, FIELD_DISPOSITION),
        .licensee_prefix = licensee_prefix(record),
        .obliterated = said_obliterated(record),
        .narcotics = g_strcmp0(record_get(record, FIELD_NARCOTICS), "Y") == 0,
    };
    return n;
}
