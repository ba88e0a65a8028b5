/*
 * Memory asked for ahead of its use. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_EXPECT_H
#define CROSSTRACE_COMPARISON_EXPECT_H

#include "engine/comparison/people.h"

/* Asks for the memory of a node, and of what its names say, ahead of a comparison: nodes are met in
 * no order, and waiting for each would take longer than comparing. */
static inline void node_expect(const People *people, guint i)
{
    const char *at = (const char *)people_node(people, i);
    __builtin_prefetch(at);
    __builtin_prefetch(at + sizeof(Node) - 1);
}

static inline void names_expect(const People *people, guint i)
{
    __builtin_prefetch(people_value(people, people_node(people, i)->last));
    __builtin_prefetch(people_value(people, people_node(people, i)->first));
}

static inline void numbers_expect(const People *people, guint i)
{
    __builtin_prefetch(people_value(people, people_node(people, i)->phone));
    __builtin_prefetch(people_value(people, people_node(people, i)->document));
}

/* The same of all that keys are made of. */
static inline void values_expect(const People *people, guint i)
{
    const Node *node = people_node(people, i);
    names_expect(people, i);
    __builtin_prefetch(people_value(people, node->street));
    __builtin_prefetch(people_value(people, node->house));
    __builtin_prefetch(people_value(people, node->city));
    __builtin_prefetch(people_value(people, node->postal));
    numbers_expect(people, i);
    __builtin_prefetch(&people->counts[COUNT_PHONE][node->phone]);
    __builtin_prefetch(&people->counts[COUNT_DOCUMENT][node->document]);
    __builtin_prefetch(&people->counts[COUNT_PLACE][node->place]);
    __builtin_prefetch(&g_array_index(people->places, Place, node->place));
}

#endif
