/*
 * Mentions -> nodes: those with the same telling cells share one. Everything goes in the order of
 * the references, so that the order of the input never matters. What a cell says is asked of
 * prepare.c.
 */
#include "engine/base/queue.h"
#include "engine/base/text.h"
#include "engine/person/order.h"
#include "engine/person/parameters.h"
#include "engine/person/prepare.h"

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

/* Puts the mention at `place` on the node with its cells, or on a new one. */
static void node_take(People *p, Dict *index, const Node *node, guint place, guint *tails)
{
    guint32 hash = node_hash(node);
    guint found = dict_find(index, hash, same_node, node, p), i = found - 1;
    if (!found) {
        i = p->nodes->len;
        dict_add(index, hash, i + 1);
        g_array_append_vals(p->nodes, node, 1);
        p->first[i] = place;
    } else
        p->next[tails[i]] = place;
    p->node_of[place] = i;
    p->next[place] = G_MAXUINT;
    p->size[i]++;
    tails[i] = place;
}

#define BATCH  1024 /* mentions whose streets are read ahead together */
#define SLICES 4    /* jobs of one batch */

/* Nodes in the making: one batch of mentions is put on nodes while the next one's streets are
 * read, which takes as long and needs nothing that has a number. */
typedef struct {
    People *people;
    const PersonMention *mentions;
    const gboolean *pinned;
    Reader reader;
    Dict index;
    guint *tails;
    Address *streets[2]; /* of the batch at `from`, and of the one behind it */
    guint from;          /* first place of the batch */
} Build;

static void batch_take(Build *b)
{
    People *p = b->people;
    for (guint place = b->from; place < MIN(b->from + BATCH, p->n); place++) {
        const PersonMention *m = &b->mentions[p->order[place]];
        Node node;
        node_read(&b->reader, &node, m, &b->streets[0][place - b->from]);
        node.apart = node_apart(&node, m, place, b->pinned[p->order[place]]);
        node_take(p, &b->index, &node, place, b->tails);
    }
}

/* One slice of the streets of the batch that starts at `from`. */
static void batch_read(const Build *b, guint from, guint slice, Address *streets)
{
    guint step = BATCH / SLICES;
    for (guint i = slice * step; i < (slice + 1) * step && from + i < b->people->n; i++) {
        const PersonMention *m = &b->mentions[b->people->order[from + i]];
        if (text_present(m->street))
            street_read(&streets[i], m, text_present(m->city) != NULL,
                        text_present(m->region) != NULL, text_present(m->postal) != NULL);
    }
}

static void batch_work(Queue *queue, gpointer data)
{
    Build *b = data;
    guint job;
    while (queue_next(queue, &job)) {
        if (job == 0)
            batch_take(b);
        else
            batch_read(b, b->from + BATCH, job - 1, b->streets[1]);
    }
}

static void nodes_build(People *p, const PersonMention *mentions, const gboolean *pinned)
{
    Build b = {.people = p,
               .mentions = mentions,
               .pinned = pinned,
               .tails = g_new(guint, p->n + 1),
               .streets = {g_new(Address, BATCH), g_new(Address, BATCH)}};
    reader_init(&b.reader, p);
    dict_init(&b.index);
    for (guint slice = 0; slice < SLICES; slice++)
        batch_read(&b, 0, slice, b.streets[0]);
    for (; b.from < p->n; b.from += BATCH) {
        queue_run(b.from + BATCH < p->n ? 1 + SLICES : 1, batch_work, &b);
        Address *swap = b.streets[0];
        b.streets[0] = b.streets[1];
        b.streets[1] = swap;
    }
    dict_clear(&b.index);
    reader_clear(&b.reader);
    g_free(b.tails);
    g_free(b.streets[0]);
    g_free(b.streets[1]);
}

/* An array of records whose number 0 stands for "none". */
static GArray *numbered(guint size)
{
    GArray *array = g_array_new(FALSE, TRUE, size);
    return g_array_set_size(array, 1);
}

/* Which mentions a decision names. */
static gboolean *pinned_new(const PersonInput *input)
{
    gboolean *pinned = g_new0(gboolean, input->n + 1);
    for (guint i = 0; i < input->n_decisions; i++)
        pinned[input->decisions[i].left] = pinned[input->decisions[i].right] = TRUE;
    return pinned;
}

People *people_new(const PersonModel *model, const PersonInput *input)
{
    guint n = input->n;
    g_autofree gboolean *pinned = pinned_new(input);
    People *p = g_new0(People, 1);
    p->model = model;
    p->texts = g_string_chunk_new(1 << 16);
    dict_init(&p->ids);
    dict_init(&p->place_ids);
    p->values = numbered(sizeof(Value));
    p->places = numbered(sizeof(Place));
    p->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    p->n = n;
    p->order = order_by_ref(input->mentions, n);
    p->node_of = g_new(guint, n + 1);
    p->next = g_new(guint, n + 1);
    p->first = g_new(guint, n + 1);
    p->size = g_new0(guint, n + 1);
    nodes_build(p, input->mentions, pinned);
    if (input->parameters)
        parameters_apply(input->parameters, p);
    dict_clear(&p->ids);
    dict_clear(&p->place_ids);
    return p;
}

void people_free(People *p)
{
    if (!p)
        return;
    g_string_chunk_free(p->texts);
    g_array_unref(p->values);
    g_array_unref(p->places);
    g_array_unref(p->nodes);
    g_free(p->order);
    g_free(p->node_of);
    g_free(p->next);
    g_free(p->first);
    g_free(p->size);
    for (guint i = 0; i < COUNT_KINDS; i++)
        g_free(p->counts[i]);
    g_free(p);
}
