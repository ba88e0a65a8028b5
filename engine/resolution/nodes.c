/*
 * Mentions -> nodes: those with the same telling cells share one. Everything goes in the order of
 * the references, so that the order of the input never matters. What a cell says is asked of
 * prepare.c.
 */
#include "engine/resolution/nodes.h"

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/text.h"
#include "engine/comparison/documents.h"
#include "engine/comparison/prepare.h"
#include "engine/resolution/kept_people.h"
#include "engine/resolution/order.h"

#include <string.h>

/* Is the node telling enough that two mentions with these very cells are compared as one? */
static gboolean is_telling(const Node *n)
{
    if (n->organisation)
        return n->place || n->phone || n->document;
    return n->last && n->first && (n->dob != DAY_NONE || n->place || n->document);
}

static guint32 node_hash(const Node *node)
{
    guint64 words[sizeof(Node) / 8], h = 0;
    memcpy(words, node, sizeof words);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        h = mix64(h, words[i]);
    return (guint32)(h >> 32);
}

/* Nodes are numbered from 1 in the index. */
static gboolean same_node(gconstpointer key, guint number, gconstpointer data)
{
    return memcmp(people_node((const People *)data, number - 1), key, sizeof(Node)) == 0;
}

/* What keeps a mention off other mentions' nodes: a decision about it; a bare name, which is no
 * person yet (but the same cells in one group are one by construction). */
static guint32 node_apart(const Node *node, const PersonMention *m, guint place, gboolean pinned)
{
    if (pinned || node->list)
        return place + 1;
    if (is_telling(node))
        return 0;
    if (!m->group)
        return place + 1;
    return text_hash(m->group, strlen(m->group)) | 0x80000000u;
}

/* Is it the node of one mention, whatever others say? */
static gboolean is_lone(const Node *node)
{
    return node->apart != 0 && node->apart >> 31 == 0;
}

/* Puts the mention at `place` on the node of that number: the next new one, if there is no such
 * node yet (node: NULL where there is). */
static void node_put(People *p, const Node *node, guint i, guint place)
{
    if (node && i == p->nodes->len) {
        if (node_is_bearer(node))
            g_array_append_val(p->bearers, i);
        g_array_append_vals(p->nodes, node, 1);
    }
    p->node_of[place] = i;
}

/* Puts the mention at `place` on the node with its cells. */
static void node_take(People *p, Dict *index, const Node *node, guint place)
{
    guint32 hash = node_hash(node);
    guint found = dict_find(index, hash, same_node, node, p), i = found - 1;
    if (!found) {
        i = p->nodes->len;
        dict_add(index, hash, i + 1);
    }
    node_put(p, node, i, place);
}

/* Mentions that are read together: of many more, so that threads wait for each other less often. */
#define BATCH_LEAST 2048u
#define BATCH_MOST  16384u
#define BATCHES     256u /* about, where neither limits it */
#define SLICES      4    /* jobs of one batch's streets */
G_STATIC_ASSERT(BATCH_LEAST % SLICES == 0 && BATCH_MOST % SLICES == 0);

typedef enum { JOB_OTHERS, JOB_NAMES, JOB_TAKE, JOB_STREETS } BatchJob;

/* Nodes in the making: while one batch of mentions is put on nodes, the next one's names are
 * numbered, beside all else that is numbered of it, and the streets of the one after are read. */
typedef struct {
    People *people;
    const PersonInput *input;
    const gboolean *pinned;
    Reader reader;
    Dict index;
    PersonMention *mentions[3]; /* of a batch, by its number modulo 3, */
    Address *streets[2];
    Node *nodes[2];
    guint size;        /* mentions of a batch */
    guint batches, at; /* how many there are; which one is put on nodes now, from 1 */
} Build;

/* Places of the b-th batch from 0: from its first one up to this. */
static guint batch_end(const Build *b, guint batch)
{
    return MIN((batch + 1) * b->size, b->people->n);
}

static void batch_take(Build *b, guint batch)
{
    People *p = b->people;
    for (guint place = batch * b->size; place < batch_end(b, batch); place++) {
        const PersonMention *m = &b->mentions[batch % 3][place % b->size];
        Node *node = &b->nodes[batch % 2][place % b->size];
        node->apart = node_apart(node, m, place, b->pinned[p->order[place]]);
        node_take(p, &b->index, node, place);
    }
}

static void batch_names(Build *b, guint batch)
{
    for (guint place = batch * b->size; place < batch_end(b, batch); place++)
        node_read_names(&b->reader, &b->nodes[batch % 2][place % b->size],
                        &b->mentions[batch % 3][place % b->size]);
}

static void batch_others(Build *b, guint batch)
{
    for (guint place = batch * b->size; place < batch_end(b, batch); place++)
        node_read_others(&b->reader, &b->nodes[batch % 2][place % b->size],
                         &b->mentions[batch % 3][place % b->size],
                         &b->streets[batch % 2][place % b->size]);
}

/* Asks for one slice of a batch's mentions, and reads their streets. */
static void batch_streets(const Build *b, guint batch, guint slice)
{
    guint from = batch * b->size + slice * (b->size / SLICES);
    for (guint place = from; place < MIN(from + b->size / SLICES, b->people->n); place++) {
        PersonMention *m = &b->mentions[batch % 3][place % b->size];
        *m = person_input_mention(b->input, b->people->order[place]);
        mention_street(m, &b->streets[batch % 2][place % b->size]);
    }
}

/* Batches from 0: at - 1 is put on nodes, at is numbered, at + 1 is read. */
static void batch_work(Queue *queue, gpointer data)
{
    Build *b = data;
    for (guint job; queue_next(queue, &job);) {
        if (job == JOB_TAKE && b->at > 0)
            batch_take(b, b->at - 1);
        else if (job == JOB_OTHERS && b->at < b->batches)
            batch_others(b, b->at);
        else if (job == JOB_NAMES && b->at < b->batches)
            batch_names(b, b->at);
        else if (job >= JOB_STREETS && b->at + 1 < b->batches)
            batch_streets(b, b->at + 1, job - JOB_STREETS);
    }
}

static void shift_number(Id *id, Id by)
{
    *id += *id ? by : 0;
}

/* Numbers texts that are no names behind those that are; places are found by theirs, if they are to
 * be found again. */
static void numbers_unite(People *p, gboolean again)
{
    Id by = people_unite(p);
    for (guint i = 0; i < p->nodes->len; i++) {
        Node *node = people_node(p, i);
        Id *ids[] = {&node->house,  &node->street,        &node->unit,           &node->city,
                     &node->region, &node->postal,        &node->phone,          &node->document,
                     &node->list,   &node->document_type, &node->document_issuer};
        for (guint k = 0; k < G_N_ELEMENTS(ids); k++)
            shift_number(ids[k], by);
    }
    documents_shift(p, by);
    dict_clear(&p->place_ids);
    dict_init(&p->place_ids);
    for (guint i = 1; i < p->places->len; i++) {
        Place *place = &g_array_index(p->places, Place, i);
        shift_number(&place->house, by);
        shift_number(&place->street, by);
        shift_number(&place->town, by);
        if (again)
            dict_add(&p->place_ids, place_hash(place), i);
    }
}

static void nodes_build(People *p, const PersonInput *input, const gboolean *pinned)
{
    Build b = {.people = p, .input = input, .pinned = pinned};
    b.size = CLAMP(p->n / BATCHES, BATCH_LEAST, BATCH_MOST) / SLICES * SLICES;
    b.batches = (p->n + b.size - 1) / b.size;
    for (guint i = 0; i < G_N_ELEMENTS(b.mentions); i++)
        b.mentions[i] = g_new(PersonMention, b.size);
    for (guint i = 0; i < G_N_ELEMENTS(b.nodes); i++) {
        b.nodes[i] = g_new0(Node, b.size);
        b.streets[i] = g_new(Address, b.size);
    }
    people_part(p);
    reader_init(&b.reader, p);
    dict_init(&b.index);
    for (guint slice = 0; slice < SLICES; slice++)
        batch_streets(&b, 0, slice);
    for (; b.at <= b.batches; b.at++) {
        memset(b.nodes[b.at % 2], 0, b.size * sizeof(Node));
        queue_run(JOB_STREETS + SLICES, batch_work, &b);
    }
    numbers_unite(p, input->n_former > 0);
    dict_clear(&b.index);
    reader_clear(&b.reader);
    for (guint i = 0; i < G_N_ELEMENTS(b.mentions); i++)
        g_free(b.mentions[i]);
    for (guint i = 0; i < G_N_ELEMENTS(b.nodes); i++) {
        g_free(b.nodes[i]);
        g_free(b.streets[i]);
    }
}

/* ---- of which most were prepared before ----------------------------------------------------- */

/* What is prepared now, and where it meets what was. */
typedef struct {
    People *people;
    const Kept *kept;
    GArray *nodes; /* of Node: prepared now, each once */
    Dict index;    /* of these, numbered from 1 */
    guint *twin;   /* of each the kept node of the same cells, numbered from 1; 0: none */
} Fresh;

static gboolean same_fresh(gconstpointer key, guint number, gconstpointer data)
{
    return memcmp(&g_array_index((const GArray *)data, Node, number - 1), key, sizeof(Node)) == 0;
}

/* Prepares the mentions that were not: node_of holds their place among the fresh ones for now. */
static void fresh_read(Fresh *f, const PersonInput *input, const gboolean *pinned)
{
    People *p = f->people;
    Reader reader;
    guint number;
    reader_init(&reader, p);
    for (guint place = 0; place < p->n; place++) {
        p->node_of[place] = G_MAXUINT;
        if (!pinned[place] && kept_find(f->kept, place, &number))
            continue;
        const PersonMention m = person_input_mention(input, place);
        Node node;
        node_read(&reader, &node, &m);
        node.apart = node_apart(&node, &m, place, pinned[place]);
        guint32 hash = node_hash(&node);
        guint found = dict_find(&f->index, hash, same_fresh, &node, f->nodes);
        if (!found) {
            g_array_append_val(f->nodes, node);
            found = f->nodes->len;
            dict_add(&f->index, hash, found);
        }
        p->node_of[place] = found - 1;
    }
    reader_clear(&reader);
}

#define TWINS 65536u /* kept nodes looked up in one job */

static void twins_work(Queue *queue, gpointer data)
{
    const Fresh *f = data;
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * TWINS; i < MIN((job + 1) * TWINS, kept_nodes(f->kept)); i++) {
            const Node *node = kept_node(f->kept, i);
            guint found = is_lone(node)
                              ? 0
                              : dict_find(&f->index, node_hash(node), same_fresh, node, f->nodes);
            if (found) /* by no other job: the kept ones are all different */
                f->twin[found - 1] = i + 1;
        }
}

/* Numbers all nodes in the order of their first mentions, as if all had been prepared now. */
static void nodes_number(Fresh *f)
{
    People *p = f->people;
    guint kept = kept_nodes(f->kept);
    guint *number = g_new0(guint, (gsize)kept + f->nodes->len + 1); /* from 1 */
    for (guint place = 0; place < p->n; place++) {
        guint fresh = p->node_of[place], at;
        if (fresh == G_MAXUINT)
            kept_find(f->kept, place, &at);
        else
            at = f->twin[fresh] ? f->twin[fresh] - 1 : kept + fresh;
        if (!number[at]) {
            Node node =
                at < kept ? *kept_node(f->kept, at) : g_array_index(f->nodes, Node, at - kept);
            if (is_lone(&node))
                node.apart = place + 1;
            if (at >= kept)
                g_array_append_val(p->fresh, p->nodes->len);
            number[at] = p->nodes->len + 1;
            node_put(p, &node, p->nodes->len, place);
        } else
            node_put(p, NULL, number[at] - 1, place);
    }
    p->present = number;
}

static void nodes_recall(People *p, const Kept *kept, const PersonInput *input,
                         const gboolean *pinned)
{
    Fresh f = {.people = p, .kept = kept, .nodes = g_array_new(FALSE, FALSE, sizeof(Node))};
    dict_init(&f.index);
    kept_take(kept, p);
    fresh_read(&f, input, pinned);
    f.twin = g_new0(guint, f.nodes->len + 1);
    queue_run((kept_nodes(kept) + TWINS - 1) / TWINS, twins_work, &f);
    nodes_number(&f);
    p->index = kept_index(kept);
    dict_clear(&f.index);
    g_array_unref(f.nodes);
    g_free(f.twin);
}

/* What the former mentions said. That nothing else is on their nodes does not matter: who shares
 * them is asked for by cells. */
static void former_read(People *p, const PersonInput *input)
{
    Reader reader;
    reader_init(&reader, p);
    for (guint i = 0; i < input->n_former; i++) {
        const PersonMention *m = &input->former[i];
        Node node;
        node_read(&reader, &node, m);
        node.apart = node_apart(&node, m, i, FALSE);
        g_array_append_val(p->former, node);
    }
    reader_clear(&reader);
}

static gboolean same_former(gconstpointer key, guint number, gconstpointer data)
{
    return memcmp(&g_array_index(((const People *)data)->former, Node, number - 1), key,
                  sizeof(Node)) == 0;
}

void people_mark_former(const People *p, guint8 *mark, guint8 as)
{
    Dict index;
    dict_init(&index);
    for (guint i = 0; i < p->former->len; i++) {
        const Node *node = &g_array_index(p->former, Node, i);
        guint32 hash = node_hash(node);
        if (!is_lone(node) && !dict_find(&index, hash, same_former, node, p))
            dict_add(&index, hash, i + 1);
    }
    for (guint i = 0; i < p->nodes->len && p->former->len > 0; i++) {
        const Node *node = people_node(p, i);
        if (dict_find(&index, node_hash(node), same_former, node, p))
            mark[i] = as;
    }
    dict_clear(&index);
}

/* An array of records whose number 0 stands for "none". */
static GArray *numbered(guint size)
{
    GArray *array = g_array_new(FALSE, TRUE, size);
    return g_array_set_size(array, 1);
}

PersonMention person_input_mention(const PersonInput *input, guint i)
{
    return input->mentions ? input->mentions[i] : input->mention_at(input->mention_data, i);
}

gboolean *people_pinned(const PersonInput *input)
{
    gboolean *pinned = g_new0(gboolean, input->n + 1);
    for (guint i = 0; i < input->n_decisions; i++)
        pinned[input->decisions[i].left] = pinned[input->decisions[i].right] = TRUE;
    return pinned;
}

static void array_large(GArray *array)
{
    memory_large(array->data, (gsize)array->len * g_array_get_element_size(array));
}

People *people_new(const PersonModel *model, const PersonInput *input)
{
    guint n = input->n;
    g_autofree gboolean *pinned = people_pinned(input);
    g_autoptr(Kept) kept = input->kept ? kept_new(input->kept) : NULL;
    People *p = g_new0(People, 1);
    p->model = model;
    for (guint kind = 0; kind < TEXT_KINDS; kind++) {
        p->texts[kind] = g_string_chunk_new(1 << 16);
        dict_init(&p->ids[kind]);
    }
    dict_init(&p->place_ids);
    p->values = numbered(sizeof(Value));
    p->places = numbered(sizeof(Place));
    p->names_end = 1;
    p->nodes = g_array_sized_new(FALSE, FALSE, sizeof(Node), n + 1); /* as many at most */
    if (!kept)
        memory_large(p->nodes->data, ((gsize)n + 1) * sizeof(Node));
    p->fresh = g_array_new(FALSE, FALSE, sizeof(guint));
    p->former = g_array_new(FALSE, FALSE, sizeof(Node));
    p->bearers = g_array_new(FALSE, FALSE, sizeof(guint));
    p->n = n;
    p->order = kept ? order_as_is(n) : order_by_ref(input);
    p->node_of = g_new(guint, n + 1);
    if (kept)
        nodes_recall(p, kept, input, pinned);
    else
        nodes_build(p, input, pinned);
    former_read(p, input);
    if (!kept) { /* of these few are looked at, which would not pay for moving all of them */
        array_large(p->values);
        array_large(p->places);
    }
    if (kept)
        kept_apply(kept, input->parameters, p);
    else if (input->parameters)
        parameters_apply(input->parameters, p);
    for (guint kind = 0; kind < TEXT_KINDS; kind++)
        dict_clear(&p->ids[kind]);
    dict_clear(&p->place_ids);
    return p;
}

void people_places(People *p)
{
    guint nodes = p->nodes->len, seen = 0;
    if (p->first)
        return;
    p->first = g_new(guint, nodes + 1);
    p->size = g_new0(guint, nodes + 1);
    for (guint place = 0; place < p->n; place++) {
        if (p->node_of[place] == seen) /* they are numbered as they are met */
            p->first[seen++] = place;
        p->size[p->node_of[place]]++;
    }
}

void people_free(People *p)
{
    if (!p)
        return;
    for (guint kind = 0; kind < TEXT_KINDS; kind++)
        g_string_chunk_free(p->texts[kind]);
    g_array_unref(p->values);
    g_array_unref(p->places);
    g_array_unref(p->nodes);
    g_array_unref(p->fresh);
    g_array_unref(p->former);
    g_array_unref(p->bearers);
    g_clear_pointer(&p->documents, g_hash_table_unref);
    g_free(p->index);
    g_free(p->present);
    g_free(p->order);
    g_free(p->node_of);
    g_free(p->first);
    g_free(p->size);
    for (guint i = 0; i < COUNT_KINDS; i++)
        g_free(p->counts[i]);
    g_free(p);
}
