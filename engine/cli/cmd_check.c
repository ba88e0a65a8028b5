/* crosstrace check: is the store whole? SQLite's checks, own invariants, both audit chains. */
#include "engine/audit/audit.h"
#include "engine/cli/commands.h"

typedef struct {
    RowSink *sink;
    GError **error;
    gboolean full, ok, sound, begun;
} Checking;

static void send_fault(const char *fault, gpointer data)
{
    static const Column columns[] = {{"fault", COLUMN_DATA}};
    Checking *checking = data;
    const char *cells[] = {fault};
    /* The header comes with the first fault: a sound store says nothing, so that cron is quiet. */
    if (checking->ok && !checking->begun)
        checking->ok = checking->sink->begin(checking->sink, columns, 1, checking->error);
    checking->begun = TRUE;
    if (checking->ok)
        checking->ok = checking->sink->row(checking->sink, cells, checking->error);
}

static void send_chain(Checking *checking, const char *chain, const AuditState *state)
{
    if (!state->broken)
        return;
    g_autofree char *fault = g_strdup_printf(
        "audit chain of %s: broken at entry %" G_GUINT64_FORMAT, chain, state->broken);
    checking->sound = FALSE;
    send_fault(fault, checking);
}

static gboolean send_faults(Store *store, RowSink *sink, gpointer data, GError **error)
{
    Checking *checking = data;
    AuditState changes, reads;
    checking->sink = sink;
    checking->error = error;
    checking->ok = TRUE;
    if (!store_check(store, checking->full, send_fault, checking, &checking->sound, error) ||
        !checking->ok || !audit_verify(store, &changes, &reads, error))
        return FALSE;
    send_chain(checking, "changes", &changes);
    send_chain(checking, "reads", &reads);
    return checking->ok && (!checking->begun || sink->end(sink, error));
}

static int check_run(Context *context, int argc, char **argv, GError **error)
{
    Checking checking = {0};
    GOptionEntry entries[] = {
        {"full", 0, 0, G_OPTION_ARG_NONE, &checking.full, "every page and index (slower)", NULL},
        {0}};
    if (!cli_parse(context, &cmd_check, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "check takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (!store || !cli_print_rows(context, NULL, store, send_faults, &checking, error))
        return cli_stopped(error);
    if (!checking.sound) {
        error_set(error, STATUS_STORE,
                  "store '%s' is damaged; restore a verified copy and load "
                  "again what came after it",
                  store_path(store));
        return STATUS_STORE;
    }
    return STATUS_DONE;
}

const Command cmd_check = {
    "check",
    "",
    "is the store whole: integrity, references, counts, audit trail",
    "crosstrace check --full",
    check_run,
    FALSE,
};
