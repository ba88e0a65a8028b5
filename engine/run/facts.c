/*
 * Columns -> Firearm, PersonMention: the one place where the store's model meets the matchers'
 * inputs (those of the markers: texts.c). It decides nothing; a value that is absent stays absent.
 */
#include "engine/run/facts.h"

#include <string.h>

/* Open addressing over hashes; a slot without a text is free. */
struct Words {
    struct Word {
        const char *text;
        guint32 hash;
    } * slots;
    guint n, size; /* a power of two */
};

static Words *words_new(void)
{
    Words *words = g_new0(Words, 1);
    words->size = 1u << 16;
    words->slots = g_new0(struct Word, words->size);
    return words;
}

static void words_free(Words *words)
{
    g_free(words->slots);
    g_free(words);
}

static struct Word *words_slot(const Words *words, guint32 hash, const char *text)
{
    guint at = hash & (words->size - 1);
    while (words->slots[at].text &&
           (words->slots[at].hash != hash || strcmp(words->slots[at].text, text) != 0))
        at = (at + 1) & (words->size - 1);
    return &words->slots[at];
}

static void words_grow(Words *words)
{
    Words more = {g_new0(struct Word, words->size * 2), words->n, words->size * 2};
    for (guint i = 0; i < words->size; i++)
        if (words->slots[i].text)
            *words_slot(&more, words->slots[i].hash, words->slots[i].text) = words->slots[i];
    g_free(words->slots);
    *words = more;
}

/* A value that many records share (a make, a city). */
static const char *shared(Facts *facts, const char *text)
{
    guint32 hash = 2166136261u;
    if (!text)
        return NULL;
    for (const char *p = text; *p; p++)
        hash = (hash ^ (guchar)*p) * 16777619u;
    hash ^= hash >> 15;
    struct Word *word = words_slot(facts->words, hash, text);
    if (word->text)
        return word->text;
    const char *kept = g_string_chunk_insert(facts->strings, text);
    *word = (struct Word){kept, hash};
    if (++facts->words->n * 2 > facts->words->size)
        words_grow(facts->words);
    return kept;
}

/* A value that is mostly one record's own (a number, a reference). */
static const char *own(Facts *facts, const char *text)
{
    return text ? g_string_chunk_insert(facts->strings, text) : NULL;
}

static Facts *facts_new(void)
{
    Facts *facts = g_new0(Facts, 1);
    facts->strings = g_string_chunk_new(1 << 20);
    facts->words = words_new();
    facts->serials = g_ptr_array_new_with_free_func(g_free);
    facts->firearms = g_array_new(FALSE, TRUE, sizeof(Firearm));
    facts->mentions = g_array_new(FALSE, TRUE, sizeof(PersonMention));
    facts->firearm_id = g_array_new(FALSE, FALSE, sizeof(gint64));
    facts->mention_id = g_array_new(FALSE, FALSE, sizeof(gint64));
    return facts;
}

void facts_free(Facts *facts)
{
    if (!facts)
        return;
    g_string_chunk_free(facts->strings);
    words_free(facts->words);
    g_ptr_array_unref(facts->serials);
    g_array_unref(facts->firearms);
    g_array_unref(facts->mentions);
    g_array_unref(facts->firearm_id);
    g_array_unref(facts->mention_id);
    g_free(facts);
}

static const Serial *stored_serial(Facts *facts, const char *const *value)
{
    Serial serial = {.kind = SERIAL_UNKNOWN};
    SerialKind kind = SERIAL_UNKNOWN;
    const char *name = value[FIELD_SERIAL_KIND];
    if (name && serial_kind_parse(name, &kind)) {
        const char *pattern = value[FIELD_SERIAL_PATTERN];
        if (!pattern || !serial_from_pattern(pattern, kind, &serial))
            serial.kind = kind;
    }
    g_ptr_array_add(facts->serials, serial_dup(&serial));
    return g_ptr_array_index(facts->serials, facts->serials->len - 1);
}

static const Field firearm_fields[] = {
    FIELD_EVENT_TYPE,   FIELD_SERIAL_KIND,       FIELD_SERIAL_PATTERN, FIELD_SERIAL_NUMBER,
    FIELD_MAKE,         FIELD_IMPORTER,          FIELD_MODEL,          FIELD_CALIBRE,
    FIELD_FIREARM_TYPE, FIELD_COUNTRY_OF_ORIGIN, FIELD_EVENT_DATE,     FIELD_PURCHASE_DATE,
    FIELD_REQUEST_DATE, FIELD_EVENT_COUNTRY,     FIELD_EVENT_REGION,   FIELD_TRACE_NO,
    FIELD_DUPLICATE_OF, FIELD_SEIZURE_NO,        FIELD_AGENCY_CASE_NO, FIELD_OCCURRENCE_NO,
    FIELD_RDS_KEY,
};

gboolean facts_observation(const char *const *value)
{
    return value[FIELD_EVENT_TYPE] || value[FIELD_SERIAL_NUMBER] || value[FIELD_MAKE];
}

static void fill_firearm(Facts *facts, const char *const *value, Firearm *firearm)
{
    *firearm = (Firearm){
        .ref = firearm->ref,
        .side = g_strcmp0(value[FIELD_EVENT_TYPE], "SEIZED") == 0 ? SIDE_SEIZURE : SIDE_TRACE,
        .serial = stored_serial(facts, value),
        .serial_raw = own(facts, value[FIELD_SERIAL_NUMBER]),
        .make = shared(facts, value[FIELD_MAKE]),
        .importer = shared(facts, value[FIELD_IMPORTER]),
        .model = shared(facts, value[FIELD_MODEL]),
        .calibre = shared(facts, value[FIELD_CALIBRE]),
        .type = shared(facts, value[FIELD_FIREARM_TYPE]),
        .country = shared(facts, value[FIELD_COUNTRY_OF_ORIGIN]),
        .event_date = date_parse(value[FIELD_EVENT_DATE], DATE_ISO),
        .purchase_date = date_parse(value[FIELD_PURCHASE_DATE], DATE_ISO),
        .request_date = date_parse(value[FIELD_REQUEST_DATE], DATE_ISO),
        .event_country = shared(facts, value[FIELD_EVENT_COUNTRY]),
        .event_region = shared(facts, value[FIELD_EVENT_REGION]),
        .trace_no = own(facts, value[FIELD_TRACE_NO]),
        .duplicate_of = own(facts, value[FIELD_DUPLICATE_OF]),
        .seizure_no = shared(facts, value[FIELD_SEIZURE_NO]),
        .agency_case_no = own(facts, value[FIELD_AGENCY_CASE_NO]),
        .occurrence_no = own(facts, value[FIELD_OCCURRENCE_NO]),
        .dealer = shared(facts, value[FIELD_RDS_KEY]),
    };
}

static const MentionField mention_fields[] = {
    MENTION_LAST,         MENTION_FIRST,  MENTION_MIDDLE,     MENTION_SUFFIX,
    MENTION_ORGANISATION, MENTION_DOB,    MENTION_STREET,     MENTION_CITY,
    MENTION_REGION,       MENTION_POSTAL, MENTION_COUNTRY,    MENTION_PHONE,
    MENTION_DOC_TYPE,     MENTION_DOC_NO, MENTION_DOC_ISSUER, MENTION_LIST,
};

/* The first retail purchaser, as far as two traces can be compared by him. */
static void fill_buyer(Facts *facts, const PersonMention *buyer, Firearm *firearm)
{
    firearm->buyer_dob = buyer->dob;
    if (buyer->last && !buyer->organisation) {
        g_autofree char *last = text_key(buyer->last);
        firearm->buyer_last = shared(facts, last);
    }
}

static void fill_mention(Facts *facts, const char *const *value, PersonMention *person)
{
    person->organisation = value[MENTION_ORGANISATION] != NULL;
    person->last =
        shared(facts, person->organisation ? value[MENTION_ORGANISATION] : value[MENTION_LAST]);
    person->first = shared(facts, value[MENTION_FIRST]);
    person->middle = shared(facts, value[MENTION_MIDDLE]);
    person->suffix = shared(facts, value[MENTION_SUFFIX]);
    person->dob = date_parse(value[MENTION_DOB], DATE_ISO);
    person->street = own(facts, value[MENTION_STREET]);
    person->city = shared(facts, value[MENTION_CITY]);
    person->region = shared(facts, value[MENTION_REGION]);
    person->postal = own(facts, value[MENTION_POSTAL]);
    person->country = shared(facts, value[MENTION_COUNTRY]);
    person->phone = own(facts, value[MENTION_PHONE]);
    person->doc_type = shared(facts, value[MENTION_DOC_TYPE]);
    person->doc_no = own(facts, value[MENTION_DOC_NO]);
    person->doc_issuer = shared(facts, value[MENTION_DOC_ISSUER]);
    person->list = shared(facts, value[MENTION_LIST]);
}

/* Reading goes as the records lie; each finds its place by the rank of its reference. */
typedef struct {
    Facts *facts;
    guint32 *rank;  /* by record number; NULL: as they come */
    gboolean *seen; /* by rank: it is a firearm */
    GArray *ranks;  /* of guint32: of the record of each mention */
    guint32 at;     /* rank of the record that is being read */
    const char *ref, *seizure_no;
} Reading;

static gboolean read_record(const ScanRecord *record, gpointer data)
{
    Reading *reading = data;
    Facts *facts = reading->facts;
    reading->at = reading->rank ? reading->rank[record->id] : (guint32)facts->records;
    reading->ref = own(facts, record->ref);
    reading->seizure_no = shared(facts, record->value[FIELD_SEIZURE_NO]);
    if (facts_observation(record->value)) {
        Firearm *firearm = &g_array_index(facts->firearms, Firearm, reading->at);
        firearm->ref = reading->ref;
        fill_firearm(facts, record->value, firearm);
        reading->seen[reading->at] = TRUE;
    }
    facts->records++;
    return TRUE;
}

static gboolean read_mention(const char *role, const char *const *value, gpointer data)
{
    Reading *reading = data;
    Facts *facts = reading->facts;
    g_autofree char *name = g_strconcat(reading->ref, ":", role, NULL);
    PersonMention person = {.ref = own(facts, name),
                            .record = reading->ref,
                            .role = role_base(role),
                            .group = reading->seizure_no};
    fill_mention(facts, value, &person);
    if (strcmp(role, "purchaser") == 0 && reading->seen[reading->at])
        fill_buyer(facts, &person, &g_array_index(facts->firearms, Firearm, reading->at));
    g_array_append_val(facts->mentions, person);
    g_array_append_val(reading->ranks, reading->at);
    return TRUE;
}

/* Drops the places of records that are no firearms. */
static void close_gaps(Facts *facts, const gboolean *seen)
{
    Firearm *firearm = (Firearm *)(gpointer)facts->firearms->data;
    gint64 *id = (gint64 *)(gpointer)facts->firearm_id->data;
    guint n = 0;
    for (guint i = 0; i < facts->firearms->len; i++) {
        if (!seen[i])
            continue;
        if (n < i) {
            firearm[n] = firearm[i];
            id[n] = id[i];
        }
        n++;
    }
    g_array_set_size(facts->firearms, n);
    g_array_set_size(facts->firearm_id, n);
}

/* Mentions by the rank of their record (counting sort), then exactly by reference: "S-1/10:..."
 * stands before "S-1/1:...", which only concerns neighbours. */
static void sort_mentions(Facts *facts, const GArray *order, const GArray *ranks)
{
    guint n = facts->mentions->len, records = order->len;
    const PersonMention *mention = (const PersonMention *)(gpointer)facts->mentions->data;
    g_autofree guint32 *place = g_new0(guint32, records + 2);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(PersonMention), n);
    g_array_set_size(sorted, n);
    g_array_set_size(facts->mention_id, n);
    PersonMention *out = (PersonMention *)(gpointer)sorted->data;
    gint64 *id = (gint64 *)(gpointer)facts->mention_id->data;
    for (guint i = 0; i < n; i++)
        place[g_array_index(ranks, guint32, i) + 1]++;
    for (guint r = 0; r < records; r++)
        place[r + 1] += place[r];
    for (guint i = 0; i < n; i++) {
        guint32 rank = g_array_index(ranks, guint32, i), at = place[rank]++;
        out[at] = mention[i];
        id[at] = g_array_index(order, gint64, rank);
    }
    for (guint i = 1; i < n; i++)
        for (guint k = i; k > 0 && strcmp(out[k - 1].ref, out[k].ref) > 0; k--) {
            PersonMention other = out[k];
            gint64 other_id = id[k];
            out[k] = out[k - 1];
            id[k] = id[k - 1];
            out[k - 1] = other;
            id[k - 1] = other_id;
        }
    g_array_unref(facts->mentions);
    facts->mentions = sorted;
}

static StoreScan scan_of(Reading *reading)
{
    return (StoreScan){.fields = firearm_fields,
                       .n_fields = G_N_ELEMENTS(firearm_fields),
                       .mention_fields = mention_fields,
                       .n_mention_fields = G_N_ELEMENTS(mention_fields),
                       .record = read_record,
                       .mention = read_mention,
                       .data = reading};
}

Facts *facts_read(Store *store, GError **error)
{
    g_autoptr(GArray) order = store_ref_order(store, error);
    if (!order)
        return NULL;
    gint64 last = 0;
    for (guint i = 0; i < order->len; i++)
        last = MAX(last, g_array_index(order, gint64, i));
    g_autoptr(Facts) facts = facts_new();
    g_autofree guint32 *rank = g_new0(guint32, last + 1);
    g_autofree gboolean *seen = g_new0(gboolean, order->len + 1);
    g_autoptr(GArray) ranks = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < order->len; i++)
        rank[g_array_index(order, gint64, i)] = i;
    g_array_set_size(facts->firearms, order->len);
    g_array_append_vals(facts->firearm_id, order->data, order->len);
    Reading reading = {.facts = facts, .rank = rank, .seen = seen, .ranks = ranks};
    StoreScan scan = scan_of(&reading);
    if (!store_scan(store, &scan, error))
        return NULL;
    close_gaps(facts, seen);
    sort_mentions(facts, order, ranks);
    return g_steal_pointer(&facts);
}

typedef struct {
    Facts *facts;
    FactsSee see;
    gpointer data;
} Some;

static gboolean read_one(const ScanRecord *record, gpointer data)
{
    const Some *some = data;
    if (facts_observation(record->value)) {
        Firearm firearm = {.ref = own(some->facts, record->ref)};
        fill_firearm(some->facts, record->value, &firearm);
        g_array_append_val(some->facts->firearms, firearm);
        g_array_append_val(some->facts->firearm_id, record->id);
        some->see(record, some->data);
    }
    some->facts->records++;
    return TRUE;
}

Facts *facts_read_some(Store *store, const GArray *ids, FactsSee see, gpointer data, GError **error)
{
    g_autoptr(Facts) facts = facts_new();
    Field fields[G_N_ELEMENTS(firearm_fields) + 2];
    memcpy(fields, firearm_fields, sizeof firearm_fields);
    fields[G_N_ELEMENTS(firearm_fields)] = FIELD_HANDLING;
    fields[G_N_ELEMENTS(firearm_fields) + 1] = FIELD_CONFIDENTIAL_SOURCE;
    Some some = {facts, see, data};
    StoreScan scan = {.fields = fields,
                      .n_fields = G_N_ELEMENTS(fields),
                      .ids = (const gint64 *)(gpointer)ids->data,
                      .n_ids = ids->len,
                      .record = read_one,
                      .data = &some};
    /* no numbers at all would mean every record */
    if (ids->len && !store_scan(store, &scan, error))
        return NULL;
    return g_steal_pointer(&facts);
}

static void add_mention(Facts *facts, const Record *record, const char *ref, const Mention *mention)
{
    g_autofree char *name = mention_ref(record, mention);
    PersonMention person = {.ref = own(facts, name),
                            .record = ref,
                            .role = role_base(mention->role),
                            .group = shared(facts, record_get(record, FIELD_SEIZURE_NO))};
    fill_mention(facts, (const char *const *)mention->value, &person);
    g_array_append_val(facts->mentions, person);
}

static void add_record(Facts *facts, const Record *record)
{
    Firearm firearm = {.ref = own(facts, record->ref)};
    fill_firearm(facts, (const char *const *)record->value, &firearm);
    for (guint i = 0; i < record->mentions->len; i++) {
        const Mention *mention = record->mentions->pdata[i];
        add_mention(facts, record, firearm.ref, mention);
        if (strcmp(mention->role, "purchaser") == 0)
            fill_buyer(facts,
                       &g_array_index(facts->mentions, PersonMention, facts->mentions->len - 1),
                       &firearm);
    }
    if (facts_observation((const char *const *)record->value))
        g_array_append_val(facts->firearms, firearm);
    facts->records++;
}

Facts *facts_of(const Record *const *records, guint n)
{
    Facts *facts = facts_new();
    for (guint i = 0; i < n; i++)
        add_record(facts, records[i]);
    return facts;
}

Facts *facts_read_former(Store *store, const GArray *ids, const StoreRun *since, GError **error)
{
    g_autoptr(Facts) facts = facts_new();
    g_autofree gboolean *seen = g_new0(gboolean, ids->len + 1);
    g_autoptr(GArray) ranks = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_set_size(facts->firearms, ids->len);
    g_array_append_vals(facts->firearm_id, ids->data, ids->len);
    Reading reading = {.facts = facts, .seen = seen, .ranks = ranks};
    StoreScan scan = scan_of(&reading);
    scan.ids = (const gint64 *)(gpointer)ids->data;
    scan.n_ids = ids->len;
    if (ids->len && !store_scan_former(store, &scan, since, error))
        return NULL;
    close_gaps(facts, seen);
    return g_steal_pointer(&facts);
}

static int find_ref(const GArray *array, const char *ref)
{
    gsize size = g_array_get_element_size((GArray *)array);
    guint low = 0, high = array->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        /* both structures begin with their reference */
        int order = strcmp(*(const char *const *)(gpointer)(array->data + middle * size), ref);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

G_STATIC_ASSERT(G_STRUCT_OFFSET(Firearm, ref) == 0 && G_STRUCT_OFFSET(PersonMention, ref) == 0);

int facts_firearm(const Facts *facts, const char *ref)
{
    return find_ref(facts->firearms, ref);
}

int facts_mention(const Facts *facts, const char *ref)
{
    return find_ref(facts->mentions, ref);
}
