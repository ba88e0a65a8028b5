/*
 * LeadView -> nodes and ties: see network.h. A person is tied to a firearm by the role that a
 * record gives, two firearms by what their records have in common; records are no nodes, they are
 * the source of a tie.
 */
#include "engine/report/network.h"

#include <string.h>

#include "engine/base/message.h"
#include "engine/report/label.h"

static void node_free(gpointer data)
{
    Node *node = data;
    g_free(node->id);
    g_free(node->label);
    g_free(node);
}

static void tie_free(gpointer data)
{
    Tie *tie = data;
    g_free(tie->label);
    g_free(tie->date);
    g_free(tie->source);
    g_free(tie);
}

void network_free(Network *network)
{
    if (!network)
        return;
    g_hash_table_unref(network->by_id);
    g_hash_table_unref(network->told);
    g_hash_table_unref(network->of_record);
    g_hash_table_unref(network->records);
    g_ptr_array_unref(network->ties);
    g_ptr_array_unref(network->nodes);
    g_free(network);
}

/* The node of a key, made when it is new. */
static Node *node_of(Network *network, const char *type, const char *key, const char *label,
                     const LeadPlace *place)
{
    g_autofree char *id = g_strdup_printf("%s:%s", type, key);
    Node *node = g_hash_table_lookup(network->by_id, id);
    if (node)
        return node;
    node = g_new0(Node, 1);
    node->id = g_steal_pointer(&id);
    node->type = type;
    node->label = g_strdup(label ? label : key);
    node->place = place && place->located ? place : NULL;
    g_ptr_array_add(network->nodes, node);
    g_hash_table_insert(network->by_id, node->id, node);
    return node;
}

/* The tie, or NULL when it is there already. */
static Tie *tie_new(Network *network, const Node *from, const Node *to, const char *type,
                    const char *label, const char *date)
{
    if (!g_hash_table_add(network->told, g_strdup_printf("%s\n%s\n%s", from->id, to->id, type)))
        return NULL;
    Tie *tie = g_new0(Tie, 1);
    *tie = (Tie){.from = from, .to = to, .type = type, .weight = 1};
    tie->label = g_strdup(label);
    tie->date = g_strdup(date);
    g_ptr_array_add(network->ties, tie);
    return tie;
}

static void set_source(Tie *tie, const char *source, double weight)
{
    if (!tie)
        return;
    tie->source = g_strdup(source);
    tie->weight = weight;
}

static void note_records(Network *network, const LeadPath *path, Node *firearm)
{
    g_auto(GStrv) refs = g_strsplit(path->records, "; ", -1);
    for (guint i = 0; refs[i]; i++)
        g_hash_table_insert(network->of_record, g_strdup(refs[i]), firearm);
}

static void add_path(Network *network, const Node *lead, const LeadPath *path, Lang lang)
{
    Node *firearm = node_of(network, "firearm", path->firearm, path->label, NULL);
    note_records(network, path, firearm);
    set_source(tie_new(network, lead, firearm, "holds", message(MSG_TIE_HOLDS, lang), NULL),
               path->records, 1);
    if (path->dealer) {
        Node *dealer = node_of(network, "dealer", path->dealer_key, path->dealer, &path->source);
        const char *kind = path->theft ? "stolen" : "sold";
        MessageId label = path->theft ? MSG_TIE_STOLEN : MSG_TIE_SOLD;
        set_source(
            tie_new(network, dealer, firearm, kind, message(label, lang), lead_path_left(path)),
            path->records, 1);
    }
    if (path->place.label) {
        const char *key = path->place.code ? path->place.code : path->place.label;
        const char *named = path->place.label;
        g_autofree char *whole = g_strdup_printf("%s/%s", key, named);
        Node *place = node_of(network, "place", whole, named, &path->place);
        const char *type = path->seized ? "seized" : "recovered";
        MessageId id = path->seized ? MSG_TIE_SEIZED : MSG_TIE_RECOVERED;
        set_source(tie_new(network, firearm, place, type, message(id, lang), path->found),
                   path->records, 1);
    }
}

static void add_person(Network *network, const LeadPerson *person, Lang lang)
{
    g_autofree char *ref = mention_record(person->mention);
    const Node *firearm = g_hash_table_lookup(network->of_record, ref);
    const Record *record = g_hash_table_lookup(network->records, ref);
    if (!firearm || !record)
        return;
    gboolean bought = strcmp(person->role, "purchaser") == 0;
    const char *date = record_get(record, bought ? FIELD_PURCHASE_DATE : FIELD_EVENT_DATE);
    g_autofree char *name = g_strdup_printf("%s%s%s", person->last ? person->last : "",
                                            person->last && person->first ? ", " : "",
                                            person->first ? person->first : "");
    Node *node = node_of(network, "person", person->entity, *name ? name : NULL, NULL);
    set_source(tie_new(network, node, firearm, person->role, label_role(person->role, lang), date),
               record->ref, person->probability);
}

/* Two firearms that their records tie; what makes two records one firearm is inside the node. */
static void add_edge(Network *network, const LeadEdge *edge)
{
    const Node *left = g_hash_table_lookup(network->of_record, edge->left);
    const Node *right = g_hash_table_lookup(network->of_record, edge->right);
    if (!left || !right || left == right)
        return;
    g_autofree char *source = g_strdup_printf("%s; %s", edge->left, edge->right);
    set_source(tie_new(network, left, right, edge->kind, edge->kind, NULL), source, edge->weight);
}

Network *network_new(const LeadView *view, Lang lang)
{
    Network *network = g_new0(Network, 1);
    network->nodes = g_ptr_array_new_with_free_func(node_free);
    network->ties = g_ptr_array_new_with_free_func(tie_free);
    network->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    network->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    network->of_record = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    network->records = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < view->evidence->records->len; i++) {
        Record *record = view->evidence->records->pdata[i];
        g_hash_table_insert(network->records, record->ref, record);
    }
    const Node *lead = node_of(network, "lead", view->lead->lead_id, view->lead->title, NULL);
    for (guint i = 0; i < view->lead->paths->len; i++)
        add_path(network, lead, view->lead->paths->pdata[i], lang);
    for (guint i = 0; i < view->evidence->people->len; i++)
        add_person(network, view->evidence->people->pdata[i], lang);
    for (guint i = 0; i < view->evidence->edges->len; i++)
        add_edge(network, view->evidence->edges->pdata[i]);
    return network;
}
