/*
 * crosstrace load: files into the store, each wholly or not at all. The worst file decides the
 * exit status; the others load all the same.
 */
#include <stdio.h>
#include <unistd.h>

#include "engine/cli/commands.h"
#include "loaders/loader.h"

typedef struct {
    char *profile, *map, *encoding, *list, *delimiter, *dates, *max_rejects;
    gboolean dry_run;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->profile);
    g_free(flags->map);
    g_free(flags->encoding);
    g_free(flags->list);
    g_free(flags->delimiter);
    g_free(flags->dates);
    g_free(flags->max_rejects);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static gboolean delimiter_of(const char *word, char *delimiter, GError **error)
{
    static const struct {
        const char *word;
        char delimiter;
    } names[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'},
                 {",", ','},     {";", ';'},         {"\t", '\t'},  {"|", '|'}};
    *delimiter = 0;
    if (!word)
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_strcmp0(names[i].word, word) == 0)
            *delimiter = names[i].delimiter;
    return *delimiter || error_set(error, STATUS_USAGE,
                                   "unknown delimiter '%s'; comma, semicolon, tab, pipe", word);
}

static gboolean options_of(const Context *context, const Flags *flags, LoadOptions *options,
                           GError **error)
{
    g_autofree char *day = g_strndup(context->as_of, 10);
    if (flags->list && !text_present(flags->list))
        return error_set(error, STATUS_USAGE, "no name in --list '%s'", flags->list);
    *options = (LoadOptions){.profile = flags->profile,
                             .map = flags->map,
                             .encoding = flags->encoding,
                             .list = flags->list,
                             .max_rejects = flags->max_rejects,
                             .dry_run = flags->dry_run,
                             .as_of = date_parse(day, DATE_ISO),
                             .as_of_text = context->as_of};
    if (flags->dates && !(options->dates = date_orders(flags->dates)))
        return error_set(error, STATUS_USAGE, "unknown date order '%s'; ISO, DMY, MDY",
                         flags->dates);
    return delimiter_of(flags->delimiter, &options->delimiter, error);
}

static void print_remark(const char *file, const Remark *remark, gpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ":%s: %s", file, remark->line,
                                            remark->field ? remark->field : "", remark->message);
    g_autofree char *safe = text_for_terminal(text);
    printf("%s\n", safe);
}

/* One line on the terminal that is written again and again. */
typedef struct {
    gint64 begun, said; /* microseconds; 0: no file yet */
} Meter;

#define METER_EVERY (G_USEC_PER_SEC / 5)

static void meter_show(const LoadProgress *progress, gpointer data)
{
    Meter *meter = data;
    gint64 now = g_get_monotonic_time();
    if (!meter->begun)
        meter->begun = meter->said = now;
    if (now - meter->said < METER_EVERY)
        return;
    double seconds = (double)(now - meter->begun) / G_USEC_PER_SEC;
    g_autofree char *text =
        g_strdup_printf("%s: %" G_GUINT64_FORMAT " rows, %.0f a second", progress->name,
                        progress->rows, (double)progress->rows / seconds);
    g_autofree char *left =
        progress->share > 0.01
            ? g_strdup_printf(", %.0f s left", seconds / progress->share * (1 - progress->share))
            : g_strdup("");
    g_autofree char *safe = text_for_terminal(text);
    meter->said = now;
    fprintf(stderr, "\r\033[K%s%s", safe, left);
}

static void meter_end(Meter *meter)
{
    if (meter->said > meter->begun)
        fputs("\r\033[K", stderr);
    meter->begun = meter->said = 0;
}

/* What became of a file: always told when someone should look, else only when asked or watched. */
static int say_report(const Context *context, const LoadReport *report)
{
    gboolean look = report->rejected || report->warnings > report->asides;
    if (report->known) {
        cli_say(context, "'%s' was loaded before; nothing changed", report->name);
        return STATUS_DONE;
    }
    g_auto(GStrv) why = g_strsplit(context->verbose && report->why ? report->why : "", "\n", -1);
    for (char **line = why; *line; line++)
        cli_say(context, "%s: %s", report->name, *line);
    g_auto(GStrv) notes = g_strsplit(report->notes ? report->notes : "", "\n", -1);
    for (char **line = notes; *line; line++)
        cli_say(context, "%s: %s", report->name, *line);
    if (look || context->verbose || isatty(STDERR_FILENO))
        cli_say(context,
                "%s: %" G_GUINT64_FORMAT " rows: %" G_GUINT64_FORMAT " loaded, %" G_GUINT64_FORMAT
                " revised, %" G_GUINT64_FORMAT " duplicate, %" G_GUINT64_FORMAT
                " rejected, %" G_GUINT64_FORMAT " warnings",
                report->name, report->rows, report->loaded, report->revised, report->duplicates,
                report->rejected, report->warnings);
    return look ? STATUS_LOOK : STATUS_DONE;
}

static int load_files(const Context *context, Store *store, const LoadRules *rules,
                      const LoadOptions *options, char **files, gboolean *kept)
{
    int status = STATUS_DONE;
    Meter meter = {0, 0};
    LoadOptions watched = *options;
    watched.progress = isatty(STDERR_FILENO) && !context->quiet ? meter_show : NULL;
    watched.progress_data = &meter;
    watched.remark = options->dry_run ? print_remark : NULL;
    for (; *files; files++) {
        LoadReport report = {0};
        g_autoptr(GError) error = NULL;
        gboolean done = load_file(store, rules, &watched, *files, &report, &error);
        meter_end(&meter);
        if (done) {
            status = status_worst(status, say_report(context, &report));
            *kept |= !options->dry_run;
        } else {
            g_autofree char *safe = text_for_terminal(error->message);
            fprintf(stderr, "crosstrace: %s\n", safe);
            status = status_worst(status, (int)error_status(error));
        }
        load_report_clear(&report);
    }
    return status;
}

static int load_with_rules(const Context *context, const LoadOptions *options, char **files,
                           GError **error)
{
    gboolean safe = rules_dir_check(context->rules, error) &&
                    rules_words_built(context->rules, error) &&
                    rules_dir_check(context->profiles, error);
    g_autoptr(CodeTables) codes = safe ? code_tables_load(context->rules, error) : NULL;
    g_autoptr(PersonModel) people = codes ? person_model_load(context->rules, error) : NULL;
    g_autoptr(Profiles) profiles = people ? profiles_load(context->profiles, error) : NULL;
    if (!profiles)
        return rules_broken(*error);
    if (options->profile && !profiles_get(profiles, options->profile, error))
        return STATUS_USAGE;
    gboolean kept = g_file_test(context->store, G_FILE_TEST_EXISTS);
    Store *store = cli_store(context, STORE_CREATE, error);
    if (!store)
        return STATUS_STORE;
    LoadRules rules = {codes, people, profiles};
    int status = load_files(context, store, &rules, options, files, &kept);
    if (kept)
        store_close(store);
    else
        store_discard(store); /* nothing came into it */
    return status;
}

static int load_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    LoadOptions options = {0};
    GOptionEntry entries[] = {
        {"profile", 0, 0, G_OPTION_ARG_STRING, &flags.profile,
         "source layout (else found by the header)", "P"},
        {"map", 0, 0, G_OPTION_ARG_FILENAME, &flags.map, "a profile file of your own", "FILE"},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &flags.encoding, "else detected", "E"},
        {"delimiter", 0, 0, G_OPTION_ARG_STRING, &flags.delimiter,
         "comma, semicolon, tab or pipe (else detected)", "C"},
        {"list", 0, 0, G_OPTION_ARG_STRING, &flags.list,
         "files of people: nobody stands in this list twice", "NAME"},
        {"dates", 0, 0, G_OPTION_ARG_STRING, &flags.dates,
         "order of dates: ISO, DMY, MDY (else as the profile says)", "ORDER"},
        {"max-rejects", 0, 0, G_OPTION_ARG_STRING, &flags.max_rejects,
         "refuse a file with more rejects than N or P%", "N|P%"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &flags.dry_run,
         "print what would be rejected or warned of; change nothing", NULL},
        {0}};
    store_count_no_memory();
    if (!cli_parse(context, &cmd_load, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc < 2) {
        error_set(error, STATUS_USAGE, "no file to load; see 'crosstrace load --help'");
        return STATUS_USAGE;
    }
    if (!options_of(context, &flags, &options, error))
        return STATUS_USAGE;
    return load_with_rules(context, &options, argv + 1, error);
}

const Command cmd_load = {
    "load",
    "FILE...",
    "normalise CSV files into the store ('-' is standard input)",
    "crosstrace load --dates DMY seizures.csv traces.csv",
    load_run,
    NULL,
};
