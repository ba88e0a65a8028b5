/*
 * crosstrace check: is the store whole? SQLite's checks, own invariants, both audit chains; and,
 * while it is sound, whether its results are those of the rules and whether the disk has room for
 * a copy. Each fault with what to do about it.
 */
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "engine/audit/audit.h"
#include "engine/cli/commands.h"
#include "engine/store/runs.h"
#include "engine/store/upkeep.h"

#define DISK_SPARE (64u << 20) /* bytes */

#define RESTORE   "restore a sound copy and load again what came after it (scripts/ops/README.md)"
#define RECOMPUTE "'crosstrace correlate --full' makes the results anew"

/* What to do, by how a fault begins; the first that fits. */
static const struct {
    const char *begins, *advice;
} ADVICE[] = {
    {"audit chain", "compare with the heads that nightly printed; tell who answers for the trail"},
    {"purge that", "run 'crosstrace retention'"},
    {"link ", RECOMPUTE},
    {"person ", RECOMPUTE},
    {"marker ", RECOMPUTE},
    {"indicator ", RECOMPUTE},
    {"lead ", RECOMPUTE},
    {"", RESTORE},
};

typedef struct {
    const Context *context;
    RowSink *sink;
    GError **error;
    gboolean full, ok, sound, begun;
    int status; /* of what is no damage */
} Checking;

static void send_row(Checking *checking, const char *fault, const char *advice)
{
    static const Column columns[] = {{"fault", COLUMN_DATA}, {"advice", COLUMN_OWN}};
    const char *cells[] = {fault, advice};
    /* The header comes with the first fault: a sound store says nothing, so that cron is quiet. */
    if (checking->ok && !checking->begun)
        checking->ok =
            checking->sink->begin(checking->sink, columns, G_N_ELEMENTS(columns), checking->error);
    checking->begun = TRUE;
    if (checking->ok)
        checking->ok = checking->sink->row(checking->sink, cells, checking->error);
}

static void send_fault(const char *fault, gpointer data)
{
    guint i = 0;
    while (!g_str_has_prefix(fault, ADVICE[i].begins))
        i++;
    send_row(data, fault, ADVICE[i].advice);
}

static void send_note(Checking *checking, const char *note, const char *advice)
{
    checking->status = STATUS_LOOK;
    send_row(checking, note, advice);
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

/* ---- no damage, but to be known --------------------------------------------------------- */

/* Are the stored results those of the rules as they are? */
static gboolean check_rules(Checking *checking, Store *store, GError **error)
{
    g_auto(StoreRun) run = {0};
    g_autoptr(GError) problem = NULL;
    if (!store_last_run(store, &run, &problem)) {
        if (problem)
            g_propagate_error(error, g_steal_pointer(&problem));
        return !problem;
    }
    g_autoptr(Rules) rules = cli_rules(checking->context, &problem);
    if (!rules)
        send_note(checking, problem->message, "'crosstrace rules check' tells more");
    else if (g_strcmp0(rules->hash, run.rules_hash) != 0)
        send_note(checking, "leads rest on other rules than those of now",
                  "run 'crosstrace correlate'");
    return TRUE;
}

/* A copy, a migration and the end of a purge need the store's size once more. */
static void check_room(Checking *checking, Store *store)
{
    struct statvfs disk;
    struct stat file;
    g_autofree char *folder = g_path_get_dirname(store_path(store));
    if (statvfs(folder, &disk) != 0 || stat(store_path(store), &file) != 0)
        return; /* not every file system tells */
    guint64 free_bytes = (guint64)disk.f_bavail * disk.f_frsize;
    guint64 wanted = (guint64)file.st_size + DISK_SPARE;
    if (free_bytes >= wanted)
        return;
    g_autofree char *note =
        g_strdup_printf("%" G_GUINT64_FORMAT " MB free beside the store, a copy "
                        "needs %" G_GUINT64_FORMAT " MB",
                        free_bytes >> 20, wanted >> 20);
    send_note(checking, note, "make room before the next run");
}

/* ---- the command ------------------------------------------------------------------------ */

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
    if (checking->sound && checking->ok && !check_rules(checking, store, error))
        return FALSE;
    if (checking->sound && checking->ok)
        check_room(checking, store);
    return checking->ok && (!checking->begun || sink->end(sink, error));
}

static int check_run(Context *context, int argc, char **argv, GError **error)
{
    Checking checking = {.context = context};
    GOptionEntry entries[] = {{"full", 0, 0, G_OPTION_ARG_NONE, &checking.full,
                               "each index and what each record says and said, too (slower)", NULL},
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
        error_set(error, STATUS_STORE, "store '%s' is damaged", store_path(store));
        return STATUS_STORE;
    }
    return checking.status;
}

const Command cmd_check = {
    "check",
    "",
    "is the store whole: integrity, references, counts, audit trail, rules, room",
    "crosstrace check --full",
    check_run,
    NULL,
};
