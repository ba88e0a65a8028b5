/*
 * crosstrace audit: the entries of both chains, who was told of which lead, and whether the chains
 * hold.
 */
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

typedef struct {
    char *action, *since, *lead, **heads;
    gboolean disclosed, asked;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->action);
    g_free(flags->since);
    g_free(flags->lead);
    g_strfreev(flags->heads);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

/* A head that was printed once is the hash of an entry, or the tail behind it was cut. */
static gboolean find_heads(Store *store, char **heads, GError **error)
{
    for (char **head = heads; head && *head; head++) {
        gboolean has;
        if (!audit_has(store, *head, &has, error))
            return FALSE;
        if (!has)
            return error_set(error, STATUS_STORE,
                             "the audit trail of '%s' was cut: no entry has the head '%s'",
                             store_path(store), *head);
    }
    return TRUE;
}

static int verify(Context *context, const Flags *flags, GError **error)
{
    Chains chains = {0};
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (!store || !audit_verify(store, &chains.changes, &chains.reads, error) ||
        !cli_print_rows(context, NULL, store, send_chains, &chains, error))
        return cli_stopped(error);
    if (chains.changes.broken || chains.reads.broken) {
        error_set(error, STATUS_STORE, "the audit trail of '%s' is broken", store_path(store));
        return STATUS_STORE;
    }
    return find_heads(store, flags->heads, error) ? STATUS_DONE : cli_stopped(error);
}

static gboolean send_entries(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const Flags *flags = data;
    if (flags->disclosed || flags->lead)
        return audit_list_disclosed(store, flags->lead, sink, error);
    if (flags->asked)
        return audit_list_asked(store, flags->since, sink, error);
    return audit_list(store, flags->action, flags->since, sink, error);
}

static int list(Context *context, Flags *flags, GError **error)
{
    g_autoptr(Store) store = cli_store_audited(context, "audit", "list", error);
    if (!store || !cli_print_rows(context, NULL, store, send_entries, flags, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static int audit_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    GOptionEntry entries[] = {
        {"action", 0, 0, G_OPTION_ARG_STRING, &flags.action, "list: only load, report ...", "A"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &flags.since, "list: from this day or time on",
         "TIME"},
        {"disclosed", 0, 0, G_OPTION_ARG_NONE, &flags.disclosed,
         "list: each lead that went to an audience, and what became of it", NULL},
        {"asked", 0, 0, G_OPTION_ARG_NONE, &flags.asked,
         "list: the questions of find and query, with their texts until these are purged", NULL},
        {"head", 0, 0, G_OPTION_ARG_STRING_ARRAY, &flags.heads,
         "verify: a head that nightly printed; is its entry there still?", "HASH"},
        {"lead", 0, 0, G_OPTION_ARG_STRING, &flags.lead,
         "list: who was told of this lead, by our id or by theirs", "ID"},
        {0}};
    if (!cli_parse(context, &cmd_audit, entries, &argc, &argv, error))
        return cli_stopped(error);
    gboolean listing = argc == 2 && strcmp(argv[1], "list") == 0;
    gboolean plain =
        !flags.action && !flags.since && !flags.disclosed && !flags.lead && !flags.asked;
    if (listing && !flags.heads)
        return list(context, &flags, error);
    if (argc == 2 && strcmp(argv[1], "verify") == 0 && plain)
        return verify(context, &flags, error);
    error_set(error, STATUS_USAGE, "audit takes 'list' with its options, or 'verify'");
    return STATUS_USAGE;
}

const Command cmd_audit = {
    "audit",
    "list|verify",
    "the audit trail: its entries, disclosures, and its hash chains",
    "crosstrace audit list --lead L25fad04e2999",
    audit_run,
    NULL,
};
