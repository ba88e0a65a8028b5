/*
 * What the mentions say about the weights, as one object. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_ESTIMATE_H
#define CROSSTRACE_RESOLUTION_ESTIMATE_H

#include "engine/blocking/blocks.h"
#include "engine/resolution/estimated.h"
#include "engine/resolution/resolution.h"

/* The people end with the counts that the parameters hold; input is what they were made of.
 * blocks: those that these counts make, or NULL; blocks_free. */
PersonParameters *parameters_estimated(People *people, const PersonInput *input, Blocks **blocks);

#endif
