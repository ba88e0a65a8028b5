/*
 * crosstrace nightly: for cron. All went well: not a byte is printed, unless -v asks. Else one
 * block on standard error, the worst at its end, short enough for a mail.
 */
#include <stdio.h>

#include "engine/cli/commands.h"
#include "engine/cli/version.h"
#include "engine/cli/watch.h"
#include "engine/run/nightly.h"

#define BLOCK_LINES 30
#define MAX_KEPT    1000
#define MAX_SETTLE  86400

typedef struct {
    char *inbox, *reports, *backups;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->inbox);
    g_free(flags->reports);
    g_free(flags->backups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static void print_line(const char *text)
{
    g_autofree char *safe = text_for_terminal(text);
    fprintf(stderr, "%s\n", safe);
}

static void print_block(const Context *context, const NightlyReport *report)
{
    if (context->verbose)
        for (guint i = 0; i < report->lines->len; i++)
            print_line(report->lines->pdata[i]);
    guint n = report->failures->len;
    guint skip = n > BLOCK_LINES && !context->verbose ? n - BLOCK_LINES : 0;
    if (!n)
        return;
    fprintf(stderr, "crosstrace nightly, %s, store '%s':\n", context->as_of, context->store);
    if (skip)
        fprintf(stderr, "  (%u more before these; beside each refused file lies its reason)\n",
                skip);
    for (guint i = skip; i < n; i++) {
        g_autofree char *line = g_strconcat("  ", (char *)report->failures->pdata[i], NULL);
        print_line(line);
    }
}

/* The owner first, then each audience of the configuration. */
static NightlyAudience *audiences_of(const Context *context, char *const *codes)
{
    guint n = g_strv_length((char **)codes);
    NightlyAudience *audiences = g_new0(NightlyAudience, n + 2);
    for (guint i = 0; i < n; i++)
        audiences[i + 1] =
            (NightlyAudience){codes[i], settings_authority(context->settings, codes[i])};
    return audiences;
}

static gboolean tell(const char *doing, gpointer watch)
{
    return watch_tell(watch, doing);
}

/* A night writes the store; the lock is taken here and held to its end. */
static int run_night(Context *context, NightlyOptions *options, GError **error)
{
    g_autoptr(Watch) watch = watch_begin(); /* ends last: when the store is closed */
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Profiles) profiles = rules ? cli_profiles(context, error) : NULL;
    g_autoptr(Store) store = profiles && nightly_may_begin(context->store, options, error)
                                 ? cli_store(context, STORE_CREATE, error)
                                 : NULL;
    if (!store)
        return cli_stopped(error);
    const LoadRules load = {rules->codes, rules->people, profiles};
    g_auto(NightlyReport) report = {0};
    options->begin = tell;
    options->begin_data = watch;
    nightly(store, rules, &load, options, &report);
    print_block(context, &report);
    return report.status;
}

static int nightly_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    guint keep = 0, settle = 0;
    GOptionEntry entries[] = {
        {"inbox", 0, 0, G_OPTION_ARG_FILENAME, &flags.inbox, "where files arrive", "DIR"},
        {"reports", 0, 0, G_OPTION_ARG_FILENAME, &flags.reports, "where reports go", "DIR"},
        {"backups", 0, 0, G_OPTION_ARG_FILENAME, &flags.backups, "where copies go", "DIR"},
        {0}};
    store_count_no_memory();
    if (!cli_parse(context, &cmd_nightly, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "nightly takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    const Settings *settings = context->settings;
    g_auto(GStrv) formats = settings_list(settings, SET_FORMATS);
    g_auto(GStrv) codes = settings_list(settings, SET_AUDIENCES);
    g_autofree NightlyAudience *audiences = audiences_of(context, codes);
    if (!settings_number(settings, SET_KEEP_BACKUPS, MAX_KEPT, &keep, error) ||
        !settings_number(settings, SET_SETTLE, MAX_SETTLE, &settle, error))
        return cli_stopped(error);
    NightlyOptions options = {
        .inbox = flags.inbox ? flags.inbox : settings->value[SET_INBOX],
        .reports = flags.reports ? flags.reports : settings->value[SET_REPORTS],
        .backups = flags.backups ? flags.backups : settings->value[SET_BACKUPS],
        .settle = settle,
        .keep_backups = keep,
        .formats = formats,
        .audiences = audiences,
        .owner = context->owner,
        .group = settings->value[SET_GROUP],
        .as_of = context->as_of,
        .by_clock = context->by_clock,
        .program = "crosstrace " CROSSTRACE_VERSION};
    return run_night(context, &options, error);
}

const Command cmd_nightly = {
    "nightly",
    "",
    "inbox, correlate, reports, verified copy; for cron",
    "crosstrace nightly --inbox /srv/crosstrace/inbox --reports /srv/crosstrace/reports",
    nightly_run,
    NULL,
};
