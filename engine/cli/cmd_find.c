/* crosstrace find KIND PATTERN: an ad-hoc question, ranked and explained. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/find/find.h"

#define LINE_LIMIT 4096 /* bytes of a pattern from standard input */

typedef struct {
    char *make, *model, *calibre, *source, *from, *to, *dob, *lang;
    Terms *terms; /* of the language */
    int limit;
    gboolean from_input;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->make);
    g_free(flags->model);
    g_free(flags->calibre);
    g_free(flags->source);
    g_free(flags->from);
    g_free(flags->to);
    g_free(flags->dob);
    g_free(flags->lang);
    g_clear_pointer(&flags->terms, terms_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

typedef struct {
    const FindKind *kind;
    GPtrArray *patterns; /* of char * */
    GArray *lines;       /* of guint: where each stood on standard input; empty: none did */
    GPtrArray *unread;   /* of char *: lines that say nothing, with the reason */
    FindRequest request;
    FindCount count;
    char *unknown; /* what no record has; NULL */
} Question;

static const FindKind *kind_of(const char *name, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (const FindKind *kind = find_kinds(); kind->name; kind++) {
        if (g_strcmp0(kind->name, name) == 0)
            return kind;
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", kind->name);
    }
    if (name)
        error_set(error, STATUS_USAGE, "unknown kind '%s'; one of %s, path", name, names->str);
    else
        error_set(error, STATUS_USAGE, "find takes a kind and a pattern; one of %s, path",
                  names->str);
    return NULL;
}

static void line_unread(Question *question, guint line, const char *why)
{
    g_ptr_array_add(question->unread, g_strdup_printf("line %u: %s", line, why));
}

/* A pattern a line, so that what is asked for stays out of the process list. */
static gboolean read_patterns(Question *question, GError **error)
{
    char line[LINE_LIMIT];
    gboolean begins = TRUE; /* a line, not the rest of one that is too long */
    for (guint number = 0; fgets(line, sizeof line, stdin);) {
        gboolean first = begins;
        begins = strchr(line, '\n') || feof(stdin);
        number += first;
        if (!first)
            continue;
        g_strstrip(line);
        if (!begins)
            line_unread(question, number, "line too long");
        else if (!g_utf8_validate(line, -1, NULL))
            line_unread(question, number, "invalid UTF-8");
        else if (*line) {
            g_ptr_array_add(question->patterns, g_strdup(line));
            g_array_append_val(question->lines, number);
        }
    }
    return !ferror(stdin) || error_set(error, STATUS_NO_INPUT, "cannot read standard input: %s",
                                       file_stdin_problem(errno));
}

/* A pattern a line. */
static char *join_patterns(const GPtrArray *patterns)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < patterns->len; i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", (char *)patterns->pdata[i]);
    return g_string_free(text, FALSE);
}

static void offer_code(const char *code, gpointer nearest)
{
    text_nearest_offer(nearest, code);
}

/* The canonical code of what was typed for a filter. */
static gboolean canonical(const CodeTables *codes, const char *table, char **value, GError **error)
{
    if (!*value)
        return TRUE;
    const char *code = code_find(code_table(codes, table), *value);
    if (!code) {
        TextNearest nearest;
        text_nearest_init(&nearest, *value);
        code_visit(code_table(codes, table), offer_code, &nearest);
        error_set(error, STATUS_USAGE, "unknown value '%s'%s%s; see rules/tables/%s.csv", *value,
                  nearest.best ? ", the nearest is " : "", nearest.best ? nearest.best : "", table);
        text_nearest_clear(&nearest);
        return FALSE;
    }
    g_free(*value);
    *value = g_strdup(code);
    return TRUE;
}

static gboolean read_day(const char *text, Day *day, GError **error)
{
    *day = text ? date_parse(text, DATE_ISO) : DAY_NONE;
    return !text || *day != DAY_NONE ||
           error_set(error, STATUS_USAGE, "no date '%s'; YYYY-MM-DD", text);
}

static gboolean read_filters(const Context *context, Flags *flags, FindRequest *request,
                             GError **error)
{
    if (flags->make || flags->calibre) {
        g_autoptr(CodeTables) codes = code_tables_load(context->rules, error);
        if (!codes || !canonical(codes, "makes", &flags->make, error) ||
            !canonical(codes, "calibres", &flags->calibre, error))
            return FALSE;
    }
    *request = (FindRequest){.make = flags->make,
                             .model = flags->model,
                             .calibre = flags->calibre,
                             .source = flags->source,
                             .limit = (guint)flags->limit};
    if (flags->limit < 0)
        return error_set(error, STATUS_USAGE, "no limit '%d'; 0 or more", flags->limit);
    if (flags->lang && !lang_parse(flags->lang, &request->lang))
        return error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", flags->lang);
    if (request->lang != LANG_EN && !(flags->terms = terms_load(context->rules, error)))
        return FALSE;
    request->terms = flags->terms;
    return read_day(flags->from, &request->from, error) &&
           read_day(flags->to, &request->to, error) && read_day(flags->dob, &request->dob, error);
}

/* One line of several that says nothing is told of; the others are answered. */
static gboolean send_pattern(Store *store, Question *question, guint at, RowSink *sink,
                             GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (question->kind->run(store, question->patterns->pdata[at], &question->request, sink,
                            &question->count, &problem))
        return TRUE;
    if (question->lines->len == 0 || error_status(problem) != STATUS_USAGE) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    line_unread(question, g_array_index(question->lines, guint, at), problem->message);
    return TRUE;
}

static gboolean send_answers(Store *store, RowSink *sink, gpointer data, GError **error)
{
    Question *question = data;
    if (!find_source_check(store, &question->request, error) ||
        !sink->begin(sink, find_columns, FIND_COLUMNS, error))
        return FALSE;
    for (guint i = 0; i < question->patterns->len; i++) {
        if (!send_pattern(store, question, i, sink, error))
            return FALSE;
    }
    return (question->count.modelled ||
            find_unknown(store, &question->request, &question->unknown, error)) &&
           sink->end(sink, error);
}

static void tell(const Context *context, const Question *question)
{
    const FindCount *count = &question->count;
    for (guint i = 0; i < count->notes->len; i++)
        cli_say(context, "%s", (char *)count->notes->pdata[i]);
    for (guint i = 0; i < question->unread->len; i++)
        cli_say(context, "%s", (char *)question->unread->pdata[i]);
    if (count->rows == 0 && isatty(STDERR_FILENO))
        cli_say(context, "nothing found");
    if (count->more)
        cli_say(context, "there are more; --limit 0 shows all");
    else if (count->cut)
        cli_say(context, "%" G_GUINT64_FORMAT " more; --limit 0 shows all", count->cut);
    if (count->unweighed) /* no number: some of them may be of a confidential source */
        cli_say(context, "more fit and were not weighed: too little is known of it");
}

/* Where a first question has to wait. */
static void tell_waiting(gpointer data)
{
    if (isatty(STDERR_FILENO))
        cli_say(data, "reading the store, as what lies beside it is missing or old ...");
}

static int find_with(Context *context, Flags *flags, char **operands, GError **error)
{
    g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
    Question question = {.kind = kind_of(operands[0], error),
                         .patterns = patterns,
                         .lines = lines,
                         .unread = unread,
                         .count = {.notes = notes}};
    if (!question.kind || !read_filters(context, flags, &question.request, error))
        return cli_stopped(error);
    if (flags->dob && !question.kind->people) {
        error_set(error, STATUS_USAGE, "--dob narrows find person, not find %s",
                  question.kind->name);
        return STATUS_USAGE;
    }
    if ((operands[1] == NULL) != flags->from_input || (operands[1] && operands[2])) {
        error_set(error, STATUS_USAGE, "find takes one pattern, or --stdin");
        return STATUS_USAGE;
    }
    if (operands[1])
        g_ptr_array_add(patterns, g_strdup(operands[1]));
    else if (!read_patterns(&question, error))
        return cli_stopped(error);
    g_autoptr(FirearmModel) model =
        rules_dir_check(context->rules, error) ? firearm_model_load(context->rules, error) : NULL;
    g_autoptr(PersonModel) people =
        model && question.kind->people ? person_model_load(context->rules, error) : NULL;
    if (question.kind->people && !people)
        return cli_stopped(error);
    question.request.words = (FindWords){
        .rules = context->rules, .people = people, .waiting = tell_waiting, .data = context};
    g_autofree char *text = join_patterns(patterns);
    g_autoptr(Store) store =
        model ? cli_store_asked(context, "find", question.kind->name, text, error) : NULL;
    if (!store)
        return cli_stopped(error);
    FindReader reader = run_find_reader(model);
    question.request.reader = &reader;
    RowPlace place = {.say_count = FALSE};
    if (!cli_print_rows(context, &place, store, send_answers, &question, error))
        return cli_stopped(error);
    tell(context, &question);
    g_autofree char *unknown = question.unknown;
    if (unknown)
        cli_say(context, "%s", unknown);
    return unknown || unread->len > 0 ? STATUS_LOOK : STATUS_DONE;
}

static int find_run(Context *context, int argc, char **argv, GError **error)
{
    int word = cli_first_word(argc, argv);
    if (word < argc && strcmp(argv[word], "path") == 0)
        return cmd_chain.run(context, argc, argv, error); /* which knows that word */
    g_auto(Flags) flags = {.limit = 20};
    GOptionEntry entries[] = {
        {"make", 0, 0, G_OPTION_ARG_STRING, &flags.make, "only this maker or importer", "MAKE"},
        {"model", 0, 0, G_OPTION_ARG_STRING, &flags.model, "only this model", "MODEL"},
        {"calibre", 0, 0, G_OPTION_ARG_STRING, &flags.calibre, "only this calibre", "CALIBRE"},
        {"source", 0, 0, G_OPTION_ARG_STRING, &flags.source,
         "only records of this kind: cbsa-seizure, atf-trace ...", "KIND"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &flags.from, "events from this day on", "DATE"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &flags.to, "events to this day", "DATE"},
        {"dob", 0, 0, G_OPTION_ARG_STRING, &flags.dob, "birth date of a person", "DATE"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &flags.limit, "rows a pattern (20; 0: all)", "N"},
        {"stdin", 0, 0, G_OPTION_ARG_NONE, &flags.from_input,
         "a pattern a line from standard input: what is asked for stays out of the process list; a"
         " line that says nothing is named on standard error, the others are answered",
         NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &flags.lang, "of explanations: en or fr", "LANG"},
        {0}};
    if (!cli_parse(context, &cmd_find, entries, &argc, &argv, error))
        return cli_stopped(error);
    return find_with(context, &flags, argv + 1, error);
}

const Command cmd_find = {
    "find",
    "serial|person|ffl|plate|address|text PATTERN | path REF REF",
    "an ad-hoc question, ranked and explained; path: the surest way between two records",
    "crosstrace find serial 'last four 1234' --make GLOCK --format table",
    find_run,
    NULL,
};
