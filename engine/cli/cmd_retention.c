/*
 * crosstrace retention: what is due by the clocks of rules/retention.ini, its purge, the holds that
 * keep records from it, and the copies of the store that still have what was purged.
 */
#include <string.h>

#include "engine/base/date.h"
#include "engine/cli/commands.h"
#include "engine/find/derived.h"

typedef struct {
    gboolean dry_run, backups, force;
    char *reason, *until;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->reason);
    g_free(flags->until);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

/* ---- holds ------------------------------------------------------------------------------ */

static gboolean send_holds(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const Context *context = data;
    return hold_list(store, context->as_of, sink, error);
}

static int list_holds(Context *context, GError **error)
{
    g_autoptr(Store) store = cli_store_audited(context, "retention", "hold list", error);
    if (!store || !cli_print_rows(context, NULL, store, send_holds, context, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static gboolean check_hold(const Context *context, const Flags *flags, GError **error)
{
    if (!text_present(flags->reason) || !flags->until)
        return error_set(error, STATUS_USAGE, "hold add needs --reason and --until");
    if (strlen(flags->until) != 10 || date_parse(flags->until, DATE_ISO) == DAY_NONE)
        return error_set(error, STATUS_USAGE, "no such date '%s'; write 2025-06-30", flags->until);
    if (strncmp(flags->until, context->as_of, 10) < 0)
        return error_set(error, STATUS_USAGE, "the last day '%s' is over", flags->until);
    return TRUE;
}

static int change_hold(Context *context, const char *verb, const char *subject, const Flags *flags,
                       GError **error)
{
    gboolean add = strcmp(verb, "add") == 0;
    const Hold hold = {subject, flags->reason, flags->until, context->as_of};
    if (add && !check_hold(context, flags, error))
        return cli_stopped(error);
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    if (!store || !(add ? hold_add(store, &hold, error) : hold_lift(store, &hold, error)))
        return cli_stopped(error);
    return STATUS_DONE;
}

static int hold_with(Context *context, int argc, char **argv, const Flags *flags, GError **error)
{
    if (argc == 3 && strcmp(argv[2], "list") == 0)
        return list_holds(context, error);
    if (argc == 4 && (strcmp(argv[2], "add") == 0 || strcmp(argv[2], "lift") == 0))
        return change_hold(context, argv[2], argv[3], flags, error);
    error_set(error, STATUS_USAGE, "hold takes 'add REF|LEAD', 'lift REF|LEAD' or 'list'");
    return STATUS_USAGE;
}

/* ---- clocks ----------------------------------------------------------------------------- */

static gboolean send_due(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)store;
    return due_list(data, sink, error);
}

static int dry_run(Context *context, GError **error)
{
    g_autoptr(Clocks) clocks = clocks_load(context->rules, error);
    g_autoptr(Store) store = clocks ? cli_store_audited(context, "retention", "due", error) : NULL;
    g_autoptr(Due) due = store ? due_find(store, clocks, context->as_of, error) : NULL;
    if (!due || !cli_print_rows(context, NULL, store, send_due, due, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

/* Links to traces are those of the records as they are, before; and after, no result rests on what
 * is gone. */
static gboolean correlate_again(Context *context, Store *store, const Rules *rules, GError **error)
{
    CorrelateOptions options = {.as_of = context->as_of};
    CorrelateReport report;
    gboolean done = correlate(store, rules, &options, &report, error);
    correlate_report_clear(&report);
    return done;
}

/* What is derived goes before: a purge that is killed leaves no names beside the store; and again
 * after: a `find` that began before may have left its own meanwhile (find_keep looks whether the
 * store is another by then, and this whether it looked too early). */
static gboolean purge_and_forget(Store *store, const Due *due, const char *as_of,
                                 PurgeCounts *counts, GError **error)
{
    gboolean index = due_any(due);
    if (!find_forget(store, index, error))
        return FALSE;
    gboolean done = due_purge(store, due, as_of, counts, error);
    return find_forget(store, index, done ? error : NULL) && done;
}

static gboolean purge(Context *context, Store *store, const Rules *rules, GError **error)
{
    PurgeCounts counts;
    if (!store_scrub(store, error) || !correlate_again(context, store, rules, error))
        return FALSE;
    g_autoptr(Due) due = due_find(store, rules->clocks, context->as_of, error);
    if (!due || !purge_and_forget(store, due, context->as_of, &counts, error) ||
        (due_any(due) && !correlate_again(context, store, rules, error)))
        return FALSE;
    cli_say(context,
            "%" G_GUINT64_FORMAT " records purged, %" G_GUINT64_FORMAT
            " lost their people, %" G_GUINT64_FORMAT " rejects emptied",
            counts.records, counts.people, counts.rejects);
    return cli_print_rows(context, NULL, store, send_due, due, error);
}

/* Named, or removed when that was asked for. */
static int treat_copies(Context *context, Store *store, gboolean removing, GError **error)
{
    const char *folder = context->settings->value[SET_BACKUPS];
    g_autoptr(GPtrArray) stale = copies_stale(store, folder, error);
    if (!stale || (removing && !copies_remove(store, folder, stale, context->as_of, error)))
        return cli_stopped(error);
    for (guint i = 0; i < stale->len; i++)
        cli_say(context, removing ? "removed '%s'" : "'%s' still holds what was purged",
                (char *)stale->pdata[i]);
    if (stale->len > 0 && !removing)
        cli_say(context, "'crosstrace retention --backups' removes such copies");
    if (removing && !folder)
        cli_say(context, "only looked beside the store: 'backups=' of the configuration names no"
                         " folder of copies");
    return (removing ? !folder : stale->len > 0) ? STATUS_LOOK : STATUS_DONE;
}

/* A slip in a year purges for good what the law wants kept. */
static gboolean check_day(const Context *context, const Flags *flags, GError **error)
{
    g_autofree char *now = time_now();
    if (flags->force || flags->backups || strncmp(context->as_of, now, strlen("2025-06-30")) <= 0)
        return TRUE;
    return error_set(error, STATUS_USAGE,
                     "cannot purge: '%.10s' is still to come; --dry-run says what will be due then,"
                     " --force purges it now",
                     context->as_of);
}

static int run_clocks(Context *context, const Flags *flags, GError **error)
{
    if (!check_day(context, flags, error))
        return cli_stopped(error);
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Store) store = rules ? cli_store(context, STORE_WRITE, error) : NULL;
    if (!store || (!flags->backups && !purge(context, store, rules, error)))
        return cli_stopped(error);
    return treat_copies(context, store, flags->backups, error);
}

static int retention_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    GOptionEntry entries[] = {
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &flags.dry_run, "only say what is due", NULL},
        {"backups", 0, 0, G_OPTION_ARG_NONE, &flags.backups,
         "purge nothing; remove copies of the store that are older than a purge", NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &flags.force,
         "purge even if --as-of is a day that is still to come", NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &flags.reason, "hold add: why", "TEXT"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &flags.until, "hold add: its last day", "DATE"},
        {0}};
    if (!cli_parse(context, &cmd_retention, entries, &argc, &argv, error))
        return cli_stopped(error);
    gboolean adding = argc > 2 && strcmp(argv[2], "add") == 0;
    if ((flags.dry_run && (flags.backups || flags.force)) ||
        (!adding && (flags.reason || flags.until))) {
        error_set(error, STATUS_USAGE, "these options do not go together");
        return STATUS_USAGE;
    }
    if (argc > 1 && strcmp(argv[1], "hold") == 0 && !flags.dry_run && !flags.backups)
        return hold_with(context, argc, argv, &flags, error);
    if (argc == 1)
        return flags.dry_run ? dry_run(context, error) : run_clocks(context, &flags, error);
    error_set(error, STATUS_USAGE, "retention takes 'hold add|lift|list', or no operand");
    return STATUS_USAGE;
}

const Command cmd_retention = {
    "retention",
    "[hold add REF|LEAD | hold lift REF|LEAD | hold list]",
    "purge what the clocks of rules/retention.ini say is due, for good; keep what is held",
    "crosstrace retention --dry-run",
    retention_run,
    NULL,
};
