/*
 * crosstrace rules list|check|test: which rules there are, whether they are sound, and whether
 * the examples that each carries come out as it says.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/case.h"
#include "engine/cli/commands.h"

/* ---- list ------------------------------------------------------------------------------- */

typedef struct {
    const Rules *rules;
    RowSink *sink;
    GError **error;
    gboolean ok;
} Listing;

static void list_lexicon(const char *id, int rev, const char *category, const char *file,
                         gpointer data)
{
    Listing *listing = data;
    g_autofree char *revision = g_strdup_printf("%d", rev);
    g_autofree char *name = g_path_get_basename(file);
    const char *cells[] = {"lexicon", id, revision, category, "", "", name};
    if (listing->ok)
        listing->ok = listing->sink->row(listing->sink, cells, listing->error);
}

static gboolean list_rules(Store *store, RowSink *sink, gpointer data, GError **error)
{
    static const Column columns[] = {{"type", COLUMN_OWN},   {"id", COLUMN_OWN},
                                     {"rev", COLUMN_NUMBER}, {"title", COLUMN_OWN},
                                     {"status", COLUMN_OWN}, {"severity", COLUMN_OWN},
                                     {"file", COLUMN_OWN}};
    Listing listing = {data, sink, error, TRUE};
    (void)store;
    listing.ok = sink->begin(sink, columns, G_N_ELEMENTS(columns), error);
    for (guint i = 0; listing.ok && i < indicators_count(listing.rules->indicators); i++) {
        const Indicator *rule = indicators_at(listing.rules->indicators, i);
        g_autofree char *revision = g_strdup_printf("%d", rule->rev);
        g_autofree char *name = g_path_get_basename(rule->file);
        const char *cells[] = {"indicator",  rule->id,       revision, rule->title,
                               rule->status, rule->severity, name};
        listing.ok = sink->row(sink, cells, error);
    }
    marker_rules_visit(listing.rules->markers, list_lexicon, &listing);
    return listing.ok && sink->end(sink, error);
}

/* ---- check ------------------------------------------------------------------------------ */

/* Rules are prepared against the views. */
static gboolean check_against(Store *store, gpointer rules, GError **error)
{
    return indicators_check(((const Rules *)rules)->indicators, store, error);
}

/* ---- test ------------------------------------------------------------------------------- */

typedef struct {
    guint passed, failed;
} Score;

static void count_example(const char *lexicon, const char *pattern, const char *example,
                          gboolean ok, gpointer data)
{
    Score *score = data;
    score->passed += ok;
    score->failed += !ok;
    if (!ok)
        printf("lexicon %s, pattern %s: %s\n", lexicon, pattern, example);
}

static gboolean run_example(const Indicator *rule, const IndicatorExample *example,
                            const char *rules_dir, Score *score, GError **error)
{
    g_autoptr(Case) scenario = case_load(example->file, error);
    if (!scenario)
        return FALSE;
    g_autofree char *problem = case_run(scenario, "/proc/self/exe", rules_dir);
    score->passed += !problem;
    score->failed += problem != NULL;
    if (problem)
        printf("indicator %s, %s example: %s\n", rule->id, example->hit ? "hit" : "miss", problem);
    return TRUE;
}

static gboolean test_rules(const Rules *rules, const char *rules_dir, Score *score, GError **error)
{
    marker_rules_test(rules->markers, count_example, score);
    for (guint i = 0; i < indicators_count(rules->indicators); i++) {
        const Indicator *rule = indicators_at(rules->indicators, i);
        for (guint e = 0; e < rule->examples->len; e++)
            if (!run_example(rule, g_ptr_array_index(rule->examples, e), rules_dir, score, error))
                return FALSE;
    }
    return TRUE;
}

static int report_score(const Context *context, const Score *score, GError **error)
{
    cli_say(context, "%u examples passed, %u failed", score->passed, score->failed);
    if (!score->failed)
        return STATUS_DONE;
    error_set(error, STATUS_CONFIG, "%u examples of rule files failed", score->failed);
    return STATUS_CONFIG;
}

static int rules_run(Context *context, int argc, char **argv, GError **error)
{
    if (!cli_parse(context, &cmd_rules, NULL, &argc, &argv, error))
        return cli_stopped(error);
    const char *verb = argc == 2 ? argv[1] : "";
    if (strcmp(verb, "list") != 0 && strcmp(verb, "check") != 0 && strcmp(verb, "test") != 0) {
        error_set(error, STATUS_USAGE, "rules takes 'list', 'check' or 'test'");
        return STATUS_USAGE;
    }
    g_autoptr(Rules) rules = cli_rules(context, error);
    if (!rules)
        return cli_stopped(error);
    if (strcmp(verb, "list") == 0)
        return cli_print_rows(context, NULL, NULL, list_rules, rules, error) ? STATUS_DONE
                                                                             : cli_stopped(error);
    if (!cli_with_empty_store(check_against, rules, error))
        return cli_stopped(error);
    if (strcmp(verb, "check") == 0)
        return STATUS_DONE;
    Score score = {0, 0};
    g_autofree char *rules_dir = g_canonicalize_filename(context->rules, NULL);
    if (!test_rules(rules, rules_dir, &score, error))
        return cli_stopped(error);
    return report_score(context, &score, error);
}

const Command cmd_rules = {
    "rules",
    "list|check|test",
    "the rule set, its syntax, and the examples that each rule file carries",
    "crosstrace rules test",
    rules_run,
    NULL,
};
