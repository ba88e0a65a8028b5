/*
 * Mentions that say several documents: a driving licence and a passport. Such a node has one number
 * for all of them, in the place of its document, its type and its issuer alike; here is what that
 * stands for. Nearly all nodes say one or none. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_DOCUMENTS_H
#define CROSSTRACE_COMPARISON_DOCUMENTS_H

#include "engine/comparison/people.h"

#define DOCUMENTS_MOST 8 /* of one mention; further ones are dropped */

/* One document; 0 for what is not said. */
typedef struct {
    Id number, type, issuer;
} Document;

/* Does a node say several? */
static inline gboolean node_is_bearer(const Node *node)
{
    return node->document && node->document == node->document_type &&
           node->document == node->document_issuer;
}

/* Those of any node; n: how many, 0 for none. own: room for the only one. */
const Document *documents_of(const People *people, const Node *node, Document *own, guint *n);

/* Gives a node so many, in any order, each once: none, one or several. */
void documents_give(People *people, Node *node, Document *documents, guint n);

/* The number that two nodes both say, whatever else they do; 0: none. */
Id documents_shared(const People *people, const Node *a, const Node *b);

/* The level of agreement of their documents (levels.def). *issued: are the two that it is of of one
 * type and issuer? */
guint documents_level(const People *people, const Node *a, const Node *b, gboolean *issued);

/* A node as if it said the i-th of its documents alone. */
Node node_bearing(const People *people, const Node *node, guint i);

/* All numbers of documents are higher by so much: people_unite(). */
void documents_shift(People *people, Id by);

/* Finds out what a kept value stands for, all values being there. */
void documents_recall(People *people, Id id);

/* Counts the numbers of nodes that say several, as people_count() does all others. */
void documents_count(People *people, const guint64 *items, guint n);

#endif
