/*
 * Several documents of one mention as one value. Its text says them all, in an order of their own,
 * so that two mentions with the same ones have the same value, in every run; a table says again
 * which numbers they are.
 */
#include "engine/comparison/documents.h"

#include <stdlib.h>
#include <string.h>

/* In the text of such a value; neither stands in a cell that is folded. */
#define BETWEEN_DOCUMENTS "\x1f"
#define BETWEEN_PARTS     "\x1e"

static const char *text_of(const People *people, Id id)
{
    return id ? people_text(people, TEXT_OTHER, id) : "";
}

static void remember(People *people, Id id, const Document *documents, guint n)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Document));
    g_array_append_vals(all, documents, n);
    if (!people->documents)
        people->documents = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    g_hash_table_insert(people->documents, GUINT_TO_POINTER(id), all);
}

const Document *documents_of(const People *people, const Node *node, Document *own, guint *n)
{
    if (!node_is_bearer(node)) {
        *own = (Document){node->document, node->document_type, node->document_issuer};
        *n = node->document != 0;
        return own;
    }
    const GArray *all = g_hash_table_lookup(people->documents, GUINT_TO_POINTER(node->document));
    *n = all->len;
    return (const Document *)(gconstpointer)all->data;
}

/* "W5301234", "DL", "MI" in one text; g_free. */
static char *document_text(const People *people, const Document *document)
{
    return g_strjoin(BETWEEN_PARTS, text_of(people, document->number),
                     text_of(people, document->type), text_of(people, document->issuer), NULL);
}

static int texts_order(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One document of such a text again. */
static Document document_read(People *people, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, BETWEEN_PARTS, 3);
    return (Document){people_intern(people, TEXT_OTHER, parts[0]),
                      people_intern(people, TEXT_OTHER, parts[1]),
                      people_intern(people, TEXT_OTHER, parts[2])};
}

void documents_recall(People *people, Id id)
{
    Document documents[DOCUMENTS_MOST];
    guint n = 0;
    g_auto(GStrv) texts =
        g_strsplit(people_text(people, TEXT_OTHER, id), BETWEEN_DOCUMENTS, DOCUMENTS_MOST);
    for (; texts[n]; n++)
        documents[n] = document_read(people, texts[n]);
    remember(people, id, documents, n);
}

void documents_give(People *people, Node *node, Document *documents, guint n)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++) {
        char *text = document_text(people, &documents[i]);
        if (g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
            g_free(text);
        else
            g_ptr_array_add(texts, text);
    }
    if (texts->len < 2) {
        node->document = n > 0 ? documents[0].number : 0;
        node->document_type = n > 0 ? documents[0].type : 0;
        node->document_issuer = n > 0 ? documents[0].issuer : 0;
        return;
    }
    g_ptr_array_sort(texts, texts_order);
    g_ptr_array_add(texts, NULL);
    g_autofree char *all = g_strjoinv(BETWEEN_DOCUMENTS, (char **)texts->pdata);
    Id id = people_intern_documents(people, all);
    node->document = node->document_type = node->document_issuer = id;
    if (!people->documents || !g_hash_table_contains(people->documents, GUINT_TO_POINTER(id)))
        documents_recall(people, id);
}

Id documents_shared(const People *people, const Node *a, const Node *b)
{
    Document one, other;
    guint n, m;
    const Document *x = documents_of(people, a, &one, &n);
    const Document *y = documents_of(people, b, &other, &m);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < m; k++)
            if (x[i].number == y[k].number)
                return x[i].number;
    return 0;
}

Node node_bearing(const People *people, const Node *node, guint i)
{
    Document own;
    guint n;
    const Document *all = documents_of(people, node, &own, &n);
    Node out = *node;
    out.document = i < n ? all[i].number : 0;
    out.document_type = i < n ? all[i].type : 0;
    out.document_issuer = i < n ? all[i].issuer : 0;
    return out;
}

void documents_shift(People *people, Id by)
{
    GHashTable *before = people->documents;
    GHashTableIter iter;
    gpointer id, value;
    if (!before)
        return;
    people->documents = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    g_hash_table_iter_init(&iter, before);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        GArray *all = value;
        for (guint i = 0; i < all->len; i++) {
            Document *document = &g_array_index(all, Document, i);
            document->number += by;
            document->type += document->type ? by : 0;
            document->issuer += document->issuer ? by : 0;
        }
        g_hash_table_insert(people->documents, GUINT_TO_POINTER(GPOINTER_TO_UINT(id) + by),
                            g_array_ref(all));
    }
    g_hash_table_unref(before);
}

/* ---- counted -------------------------------------------------------------------------------- */

/* Whose number it is, as one number. */
static gint64 *owned(guint64 who, Id number)
{
    gint64 *key = g_new(gint64, 1);
    *key = (gint64)(who << 32 | number);
    return key;
}

void documents_count(People *people, const guint64 *items, guint n)
{
    if (people->bearers->len == 0)
        return;
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Document own;
    guint many;
    for (guint i = 0; i < people->bearers->len; i++) {
        const Node *node = people_node(people, g_array_index(people->bearers, guint, i));
        const Document *all = documents_of(people, node, &own, &many);
        for (guint k = 0; k < many; k++)
            g_hash_table_add(numbers, GUINT_TO_POINTER(all[k].number));
    }
    for (guint i = 0; i < n; i++) { /* counted already, of nodes with one document */
        const Node *node = people_node(people, (guint)items[i]);
        if (node->document && g_hash_table_contains(numbers, GUINT_TO_POINTER(node->document)))
            g_hash_table_add(seen, owned(items[i] >> 32, node->document));
    }
    for (guint i = 0; i < n; i++) {
        const Node *node = people_node(people, (guint)items[i]);
        if (!node_is_bearer(node))
            continue;
        const Document *all = documents_of(people, node, &own, &many);
        for (guint k = 0; k < many; k++)
            if (g_hash_table_add(seen, owned(items[i] >> 32, all[k].number)))
                people->counts[COUNT_DOCUMENT][all[k].number]++;
    }
}
