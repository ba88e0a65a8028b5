/* `leads set`, which has options of its own; private to engine/cli. */
#ifndef CROSSTRACE_CLI_LEADS_SET_H
#define CROSSTRACE_CLI_LEADS_SET_H

#include "engine/cli/cli.h"

/* argv[1] is "set". */
int leads_set_run(Context *context, int argc, char **argv, GError **error);

/* Appends what people decided of a lead, and what is new since; nothing when nobody decided. */
gboolean leads_decided(GString *out, Store *store, const char *lead_id, Lang lang, GError **error);

#endif
