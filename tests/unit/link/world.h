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
/* Serials of some lose an end, or a character. */
void world_read_in_part(World *world);
/* Gives a third of them numbers so close that most lie within two edits of others, or what is left
 * of such, which many fit. */
void world_crowd(World *world);
void world_clear(World *world);
guint world_pick(World *world, guint n);                                 /* below n */
FirearmInput world_input(const World *world, const FirearmModel *model); /* its firearms, no more */

#endif
