/*
 * People as they lie: a head, then tables (which node a mention is on, nodes, values, places,
 * counts of values by kind, texts, the index of keys), each filled up to eight bytes. The values'
 * texts are places in the table of texts. That the bytes are those that were written is for their
 * keeper to know; here only the sizes are looked at.
 */
#include "engine/resolution/kept_people.h"
#include "engine/resolution/nodes.h"

#include "engine/base/queue.h"
#include "engine/comparison/documents.h"

#include <string.h>

typedef struct {
    guint64 stamp; /* of the parameters that the counts are of */
    guint64 texts; /* bytes */
    guint32 mentions, nodes, values, places;
    guint32 counts[COUNT_KINDS + 1]; /* the last one: none */
} KeptHead;

/* How many people have a value, of those that several have. */
typedef struct {
    Id id;
    guint32 count;
} KeptCount;

struct Kept {
    const guint *place;
    const KeptHead *head;
    const guint32 *node_of; /* G_MAXUINT32: none for good */
    const Node *nodes;
    const Value *values;
    const Place *places;
    const KeptCount *counts;
    const char *texts;
    KeyIndex keys;
};

/* ---- written ------------------------------------------------------------------------------- */

#define PIECE 65536 /* bytes of texts that are written at once */
#define MANY  4096u /* values */

static gboolean put_nodes_of(const People *p, const gboolean *pinned, SumsWriter *to,
                             GError **error)
{
    g_autofree guint32 *node_of = g_new(guint32, p->n + 1);
    for (guint place = 0; place < p->n; place++)
        node_of[place] = pinned[p->order[place]] ? G_MAXUINT32 : p->node_of[place];
    return sums_put(to, node_of, p->n * sizeof *node_of, error);
}

/* The room that a value's texts take: one of them where both are the same. */
static gsize texts_size(const Value *value)
{
    gsize size = strlen(value->text) + 1;
    return value->joined == value->text ? size : size + strlen(value->joined) + 1;
}

static gboolean put_values(const People *p, SumsWriter *to, GError **error)
{
    g_autofree Value *some = g_new(Value, MANY);
    gsize at = 1; /* behind the "" of no value */
    for (guint from = 0; from < p->values->len; from += MANY) {
        guint n = MIN(MANY, p->values->len - from);
        memcpy(some, people_value(p, from), n * sizeof *some);
        for (guint i = 0; i < n; i++) {
            const Value *value = people_value(p, from + i);
            if (!value->text)
                continue;
            some[i].text = GSIZE_TO_POINTER(at);
            some[i].joined =
                GSIZE_TO_POINTER(value->joined == value->text ? at : at + strlen(value->text) + 1);
            at += texts_size(value);
        }
        if (!sums_put(to, some, n * sizeof *some, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean put_texts(const People *p, SumsWriter *to, GError **error)
{
    g_autoptr(GByteArray) piece = g_byte_array_new();
    g_byte_array_append(piece, (const guint8 *)"", 1);
    for (guint i = 1; i < p->values->len; i++) {
        const Value *value = people_value(p, i);
        g_byte_array_append(piece, (const guint8 *)value->text, (guint)strlen(value->text) + 1);
        if (value->joined != value->text)
            g_byte_array_append(piece, (const guint8 *)value->joined,
                                (guint)strlen(value->joined) + 1);
        if (piece->len < PIECE)
            continue;
        if (!sums_put(to, piece->data, PIECE, error))
            return FALSE;
        g_byte_array_remove_range(piece, 0, PIECE);
    }
    return sums_put(to, piece->data, piece->len, error);
}

/* Counts of a kind; those of birth dates are as quickly had from the parameters. */
static void counts_of(const People *p, CountKind kind, GArray *counts)
{
    for (Id id = 1; kind != COUNT_DOB && id < people_numbers(p, kind); id++) {
        KeptCount count = {id, p->counts[kind][id]};
        if (count.count > 1)
            g_array_append_val(counts, count);
    }
}

static guint64 texts_of(const People *p)
{
    guint64 texts = 1;
    for (guint i = 1; i < p->values->len; i++)
        texts += texts_size(people_value(p, i));
    return texts;
}

#define KEYS_AT_ONCE 8 /* that are held while they are written */
G_STATIC_ASSERT(BLOCK_KEYS % KEYS_AT_ONCE == 0);

static gboolean put_keys(const People *p, SumsWriter *to, GError **error)
{
    gsize buckets = index_buckets(p->nodes->len);
    gboolean ok = TRUE;
    for (guint from = 0; from < BLOCK_KEYS && ok; from += KEYS_AT_ONCE) {
        KeyTable tables[KEYS_AT_ONCE];
        index_make(p, from, KEYS_AT_ONCE, tables);
        for (guint k = 0; k < KEYS_AT_ONCE; k++) {
            const KeyTable *table = &tables[k];
            ok = ok && sums_put(to, table->start, (buckets + 1) * sizeof(guint32), error) &&
                 sums_put(to, table->entries, table->start[buckets] * sizeof(guint32), error);
            table_clear(&tables[k]);
        }
    }
    return ok;
}

gboolean kept_write(const People *p, const gboolean *pinned, const PersonParameters *parameters,
                    SumsWriter *to, GError **error)
{
    g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(KeptCount));
    KeptHead head = {.stamp = parameters_stamp(parameters),
                     .texts = texts_of(p),
                     .mentions = p->n,
                     .nodes = p->nodes->len,
                     .values = p->values->len,
                     .places = p->places->len};
    for (guint kind = 0; kind < COUNT_KINDS; kind++) {
        guint before = counts->len;
        counts_of(p, kind, counts);
        head.counts[kind] = counts->len - before;
    }
    return sums_put(to, &head, sizeof head, error) && put_nodes_of(p, pinned, to, error) &&
           sums_put(to, p->nodes->data, p->nodes->len * sizeof(Node), error) &&
           put_values(p, to, error) &&
           sums_put(to, p->places->data, p->places->len * sizeof(Place), error) &&
           sums_put(to, counts->data, counts->len * sizeof(KeptCount), error) &&
           put_texts(p, to, error) && put_keys(p, to, error);
}

/* ---- read ---------------------------------------------------------------------------------- */

/* The next table; NULL: it is not all there. */
static gconstpointer table(const PersonKept *bytes, gsize *at, guint64 n, gsize size)
{
    gsize from = *at;
    if (from > bytes->size || n > (bytes->size - from) / size)
        return NULL;
    *at = from + (n * size + 7) / 8 * 8;
    return (const guint8 *)bytes->bytes + from;
}

static gboolean keys_find(KeyIndex *keys, const PersonKept *bytes, gsize *at)
{
    gsize buckets = index_buckets(keys->nodes);
    gboolean all = TRUE;
    for (guint k = 0; k < BLOCK_KEYS && all; k++) {
        KeyTable *one = &keys->table[k];
        all = (one->start = table(bytes, at, buckets + 1, sizeof(guint32))) &&
              (one->entries = table(bytes, at, one->start[buckets], sizeof(guint32)));
    }
    return all;
}

/* Returns where they end; 0: they are not all there. */
static gsize tables_find(Kept *k, const PersonKept *bytes)
{
    gsize at = 0;
    guint64 counts = 0;
    k->head = table(bytes, &at, 1, sizeof(KeptHead));
    for (guint kind = 0; k->head && kind < COUNT_KINDS; kind++)
        counts += k->head->counts[kind];
    gboolean all = k->head &&
                   (k->node_of = table(bytes, &at, k->head->mentions, sizeof(guint32))) &&
                   (k->nodes = table(bytes, &at, k->head->nodes, sizeof(Node))) &&
                   (k->values = table(bytes, &at, k->head->values, sizeof(Value))) &&
                   (k->places = table(bytes, &at, k->head->places, sizeof(Place))) &&
                   (k->counts = table(bytes, &at, counts, sizeof(KeptCount))) &&
                   (k->texts = table(bytes, &at, k->head->texts, 1));
    k->keys.nodes = all ? k->head->nodes : 0;
    all = all && keys_find(&k->keys, bytes, &at);
    return all && at <= bytes->size ? at : 0;
}

gsize person_kept_size(const PersonKept *bytes, guint mentions)
{
    Kept kept = {0};
    gsize size = tables_find(&kept, bytes);
    return size > 0 && kept.head->mentions == mentions ? size : 0;
}

#define KEPT_MEANING 7 /* raised where the same bytes say something else */

guint64 person_kept_shape(void)
{
    guint64 sizes =
        (guint64)sizeof(KeptHead) << 48 | sizeof(Node) << 32 | sizeof(Value) << 16 | sizeof(Place);
    return mix64(sizes, KEPT_MEANING);
}

Kept *kept_new(const PersonKept *bytes)
{
    g_autoptr(Kept) kept = g_new0(Kept, 1);
    kept->place = bytes->place;
    return tables_find(kept, bytes) ? g_steal_pointer(&kept) : NULL;
}

void kept_free(Kept *kept)
{
    g_free(kept);
}

static void values_take(const Kept *k, People *p)
{
    g_array_set_size(p->values, k->head->values);
    memcpy(p->values->data, k->values, k->head->values * sizeof(Value));
    dict_reserve(&p->ids[TEXT_NAME], k->head->values / 8);
    dict_reserve(&p->ids[TEXT_OTHER], k->head->values);
    for (guint i = 1; i < k->head->values; i++) {
        Value *value = people_value(p, i);
        value->text = k->texts + GPOINTER_TO_SIZE(value->text);
        value->joined = k->texts + GPOINTER_TO_SIZE(value->joined);
        dict_add(&p->ids[value->name ? TEXT_NAME : TEXT_OTHER], value->hash, i);
        if (value->name)
            p->names_end = i + 1;
    }
}

static void places_take(const Kept *k, People *p)
{
    g_array_set_size(p->places, 0);
    g_array_append_vals(p->places, k->places, k->head->places);
    dict_reserve(&p->place_ids, k->head->places);
    for (guint i = 1; i < k->head->places; i++)
        dict_add(&p->place_ids, place_hash(&k->places[i]), i);
}

typedef struct {
    const Kept *kept;
    People *people;
} Taking;

static void take_work(Queue *queue, gpointer data)
{
    const Taking *taking = data;
    for (guint job; queue_next(queue, &job);)
        (job == 0 ? values_take : places_take)(taking->kept, taking->people);
}

void kept_take(const Kept *kept, People *people)
{
    Taking taking = {kept, people};
    queue_run(2, take_work, &taking);
    for (guint i = 1; i < people->values->len; i++)
        if (people_value(people, i)->several)
            documents_recall(people, i);
}

guint kept_nodes(const Kept *kept)
{
    return kept->head->nodes;
}

const Node *kept_node(const Kept *kept, guint number)
{
    return &kept->nodes[number];
}

gboolean kept_find(const Kept *kept, guint place, guint *number)
{
    guint at = kept->place[place];
    *number = at >= kept->head->mentions ? G_MAXUINT32 : kept->node_of[at];
    return *number != G_MAXUINT32;
}

KeyIndex *kept_index(const Kept *kept)
{
    return g_memdup2(&kept->keys, sizeof kept->keys);
}

void kept_apply(const Kept *k, const PersonParameters *parameters, People *p)
{
    if (k->head->stamp != parameters_stamp(parameters)) {
        parameters_apply(parameters, p);
        g_clear_pointer(&p->index, g_free); /* keys rest on what is shared */
        g_array_set_size(p->fresh, 0);
        return;
    }
    const KeptCount *count = k->counts;
    parameters_apply_from(parameters, p, k->head->values, k->head->places);
    for (guint kind = 0; kind < COUNT_KINDS; kind++)
        for (guint i = 0; i < k->head->counts[kind]; i++, count++)
            p->counts[kind][count->id] = count->count;
}
