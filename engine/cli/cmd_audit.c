/* crosstrace audit verify: walks both hash chains and says where they break. */
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/cli/commands.h"

typedef struct {
    AuditState changes, reads;
} Chains;

static gboolean send_chain(RowSink *sink, const char *chain, const AuditState *state,
                           GError **error)
{
    g_autofree char *entries = g_strdup_printf("%" G_GUINT64_FORMAT, state->entries);
    g_autofree char *broken = g_strdup_printf("%" G_GUINT64_FORMAT, state->broken);
    const char *cells[] = {chain, state->broken ? "broken" : "sound", entries,
                           state->broken ? broken : "", state->head};
    return sink->row(sink, cells, error);
}

static gboolean send_chains(Store *store, RowSink *sink, gpointer data, GError **error)
{
    static const Column columns[] = {{"chain", COLUMN_OWN},
                                     {"state", COLUMN_OWN},
                                     {"entries", COLUMN_NUMBER},
                                     {"broken_at", COLUMN_NUMBER},
                                     {"head", COLUMN_OWN}};
    const Chains *chains = data;
    (void)store;
    return sink->begin(sink, columns, G_N_ELEMENTS(columns), error) &&
           send_chain(sink, "changes", &chains->changes, error) &&
           send_chain(sink, "reads", &chains->reads, error) && sink->end(sink, error);
}

static int audit_run(Context *context, int argc, char **argv, GError **error)
{
    if (!cli_parse(context, &cmd_audit, NULL, &argc, &argv, error))
        return cli_stopped(error);
    if (argc != 2 || strcmp(argv[1], "verify") != 0) {
        error_set(error, STATUS_USAGE, "audit takes 'verify'");
        return STATUS_USAGE;
    }
    Chains chains = {0};
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (!store || !audit_verify(store, &chains.changes, &chains.reads, error) ||
        !cli_print_rows(context, NULL, store, send_chains, &chains, error))
        return cli_stopped(error);
    if (chains.changes.broken || chains.reads.broken) {
        error_set(error, STATUS_STORE, "the audit trail of '%s' is broken", store_path(store));
        return STATUS_STORE;
    }
    return STATUS_DONE;
}

const Command cmd_audit = {
    "audit",   "verify", "the audit trail and its hash chains", "crosstrace audit verify",
    audit_run, FALSE,
};
