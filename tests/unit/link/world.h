/* A synthetic population for tests of links; see world.c. */
#ifndef CROSSTRACE_TESTS_LINK_WORLD_H
#define CROSSTRACE_TESTS_LINK_WORLD_H

#include "engine/link/link.h"

typedef struct {
    GRand *rand;
    GStringChunk *strings;
    GPtrArray *serials; /* of Serial */
    GArray *firearms, *identity;
    GHashTable *used; /* a maker gives a number once */
} World;

void world_init(World *world, guint traces, guint seizures, guint32 seed);
/* Every third serial was restored, altered or doubted. */
void world_doubt(World *world);
void world_clear(World *world);
guint world_pick(World *world, guint n);                                 /* below n */
FirearmInput world_input(const World *world, const FirearmModel *model); /* its firearms, no more */

#endif
