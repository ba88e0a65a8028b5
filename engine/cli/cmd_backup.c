/* crosstrace backup: a verified copy of the store, taken while readers and a run may go on. */
#include "engine/cli/commands.h"
#include "engine/store/upkeep.h"

static int backup_run(Context *context, int argc, char **argv, GError **error)
{
    if (!cli_parse(context, &cmd_backup, NULL, &argc, &argv, error))
        return cli_stopped(error);
    if (argc != 2) {
        error_set(error, STATUS_USAGE, "backup takes the name of one new file");
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store_audited(context, "backup", argv[1], error);
    if (!store || !store_backup(store, argv[1], error))
        return cli_stopped(error);
    cli_say(context, "'%s' is a verified copy of '%s'", argv[1], store_path(store));
    return STATUS_DONE;
}

const Command cmd_backup = {
    "backup",
    "FILE",
    "a verified copy of the store",
    "crosstrace backup /srv/copies/crosstrace-2026-11-22.db",
    backup_run,
    NULL,
};
