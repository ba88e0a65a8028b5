/*
 * Everything estimated and resolved, for tests that ask what comes of it.
 */
#ifndef CROSSTRACE_TESTS_RESOLUTION_RESOLVED_H
#define CROSSTRACE_TESTS_RESOLUTION_RESOLVED_H

#include "engine/resolution/resolution.h"

static inline PersonResult *resolve_all(const PersonModel *model, const PersonMention *mentions,
                                        guint n)
{
    PersonInput input = {.mentions = mentions, .n = n};
    return person_resolve(model, &input);
}

#endif
