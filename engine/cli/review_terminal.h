/* `review` on a terminal; private to engine/cli. */
#ifndef CROSSTRACE_CLI_REVIEW_TERMINAL_H
#define CROSSTRACE_CLI_REVIEW_TERMINAL_H

#include "engine/cli/cli.h"
#include "engine/query/review.h"

/* Shows the items one by one and keeps each decision at once, in a store opened for it alone.
 * Returns the status: 128 + N after signal N. The terminal is as it was on every way out. */
int review_terminal(const Context *context, const GPtrArray *items, const char *reason,
                    GError **error);

#endif
