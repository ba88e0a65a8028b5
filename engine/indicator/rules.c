/*
 * All rule files of a rules directory: found, read, in order of id; the hash of the whole
 * directory; and the check that a changed file has a new revision. Knows files, not the store's
 * contents.
 */
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/hash.h"
#include "engine/indicator/rulefile.h"
#include "engine/sql/sql.h"

struct Indicators {
    char *directory;                  /* RULES/indicators */
    GPtrArray *rules;                 /* of Indicator, by id */
    GPtrArray *hashes;                /* of char *, beside rules */
    SqlKnowledge *knowledge, *beside; /* the other: of another thread */
};

typedef struct {
    Indicator *indicator;
    char *hash;
} Loaded;

void indicators_free(Indicators *indicators)
{
    if (!indicators)
        return;
    g_free(indicators->directory);
    g_ptr_array_unref(indicators->rules);
    g_ptr_array_unref(indicators->hashes);
    sql_knowledge_free(indicators->knowledge);
    sql_knowledge_free(indicators->beside);
    g_free(indicators);
}

guint indicators_count(const Indicators *indicators)
{
    return indicators->rules->len;
}

const Indicator *indicators_at(const Indicators *indicators, guint index)
{
    return g_ptr_array_index(indicators->rules, index);
}

const Indicator *indicators_find(const Indicators *indicators, const char *id)
{
    for (guint i = 0; i < indicators->rules->len; i++)
        if (strcmp(indicators_at(indicators, i)->id, id) == 0)
            return indicators_at(indicators, i);
    return NULL;
}

const char *indicators_hash_at(const Indicators *indicators, guint index)
{
    return g_ptr_array_index(indicators->hashes, index);
}

static gboolean is_backup(const char *name)
{
    return g_str_has_suffix(name, "~") || g_str_has_prefix(name, ".#") || name[0] == '#' ||
           g_str_has_suffix(name, ".swp");
}

/* Names in a directory, sorted, editors' backups left out; NULL with an error. */
static GPtrArray *directory_names(const char *directory, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GDir *dir = g_dir_open(directory, 0, &cause);
    if (!dir) {
        error_set(error, STATUS_CONFIG, "cannot read rules: %s", cause->message);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (!is_backup(name))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, text_compare);
    return names;
}

static gboolean file_read(const char *path, char **text, gsize *length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, text, length, &cause))
        return error_set(error, STATUS_CONFIG, "cannot read rules: %s", cause->message);
    return TRUE;
}

SqlKnowledge *indicators_knowledge(const Indicators *indicators, gboolean beside)
{
    return beside ? indicators->beside : indicators->knowledge;
}

static gint compare_loaded(gconstpointer a, gconstpointer b)
{
    const Loaded *left = a, *right = b;
    return strcmp(left->indicator->id, right->indicator->id);
}

static gboolean load_file(GArray *loaded, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!file_read(path, &text, &length, error))
        return FALSE;
    if (strlen(text) != length || !g_utf8_validate(text, (gssize)length, NULL))
        return error_set(error, STATUS_CONFIG, "%s:1: not UTF-8 text", path);
    Indicator *indicator = indicator_parse(path, text, error);
    if (!indicator)
        return FALSE;
    Loaded one = {indicator, text_sha256(text, (gssize)length)};
    g_array_append_val(loaded, one);
    return TRUE;
}

static gboolean load_all(GArray *loaded, const char *directory, GError **error)
{
    g_autoptr(GPtrArray) names = directory_names(directory, error);
    if (!names)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(directory, name, NULL);
        if (g_str_has_suffix(name, ".sql") && !load_file(loaded, path, error))
            return FALSE;
    }
    g_array_sort(loaded, compare_loaded);
    for (guint i = 1; i < loaded->len; i++) {
        const Indicator *one = g_array_index(loaded, Loaded, i - 1).indicator;
        const Indicator *two = g_array_index(loaded, Loaded, i).indicator;
        if (strcmp(one->id, two->id) == 0)
            return error_set(error, STATUS_CONFIG, "%s:1: id '%s' is also in '%s'", two->file,
                             two->id, one->file);
    }
    return TRUE;
}

/* Digits of the SHA-256 of a SELECT that tell it from others. */
#define SELECT_DIGITS 16

static char *select_sum(const Indicator *rule)
{
    g_autofree char *sum = text_sha256(rule->sql, -1);
    return g_strndup(sum, SELECT_DIGITS);
}

/* What a SELECT rests on was found out by reading it: of another one it is not believed. */
static gboolean note_scope(Indicator *rule, char **cells)
{
    ScopeKind kind;
    if (!cells[1] || !scope_parse(cells[1], &kind))
        return FALSE;
    g_autofree char *sum = select_sum(rule);
    rule->doubted = g_strcmp0(cells[2], sum) != 0;
    rule->scope = rule->doubted ? SCOPE_ALL : kind;
    return TRUE;
}

static gboolean note_complete(Indicator *rule, G_GNUC_UNUSED char **cells)
{
    rule->complete = TRUE;
    return TRUE;
}

/* A promise about rules: an id a line, below a heading. Promises are held by tests (of
 * engine/run, engine/cli); a rule that is not named is taken not to keep it. */
static gboolean load_promise(Indicators *indicators, const char *name,
                             gboolean (*note)(Indicator *rule, char **cells), GError **error)
{
    g_autofree char *path = g_build_filename(indicators->directory, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    if (!rows)
        return FALSE;
    for (guint r = 1; r < rows->len; r++) {
        char **cells = g_ptr_array_index(rows, r);
        Indicator *rule = (Indicator *)indicators_find(indicators, cells[0]);
        if (!rule)
            return error_set(error, STATUS_CONFIG, "%s:%u: no rule '%s'", path, r + 1, cells[0]);
        if (!note(rule, cells))
            return error_set(error, STATUS_CONFIG, "%s:%u: related by nothing that is known", path,
                             r + 1);
    }
    return TRUE;
}

Indicators *indicators_load(const char *rules_dir, GError **error)
{
    g_autoptr(Indicators) indicators = g_new0(Indicators, 1);
    indicators->directory = g_build_filename(rules_dir, "indicators", NULL);
    indicators->knowledge = sql_knowledge_new(rules_dir);
    indicators->beside = sql_knowledge_new(rules_dir);
    indicators->rules = g_ptr_array_new_with_free_func((GDestroyNotify)indicator_free);
    indicators->hashes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) loaded = g_array_new(FALSE, FALSE, sizeof(Loaded));
    gboolean ok = load_all(loaded, indicators->directory, error);
    for (guint i = 0; i < loaded->len; i++) {
        Indicator *rule = g_array_index(loaded, Loaded, i).indicator;
        rule->knowledge = indicators->knowledge;
        g_ptr_array_add(indicators->rules, rule);
        g_ptr_array_add(indicators->hashes, g_array_index(loaded, Loaded, i).hash);
    }
    ok = ok && load_promise(indicators, "related.csv", note_scope, error) &&
         load_promise(indicators, "complete.csv", note_complete, error);
    return ok ? g_steal_pointer(&indicators) : NULL;
}

/* ---- check ------------------------------------------------------------------------------ */

/* One line of revisions.csv against one rule. */
static gboolean revision_agrees(const Indicator *rule, const char *hash, char **cells,
                                GError **error)
{
    guint64 rev = 0;
    if (strcmp(cells[0], rule->id) != 0 ||
        !g_ascii_string_to_unsigned(cells[1], 10, 1, 1000000, &rev, NULL))
        return TRUE;
    if ((int)rev > rule->rev)
        return error_set(error, STATUS_CONFIG, "%s:1: rev %d is older than the recorded rev %d",
                         rule->file, rule->rev, (int)rev);
    if ((int)rev == rule->rev && strcmp(cells[2], hash) != 0)
        return error_set(error, STATUS_CONFIG, "%s:1: the file has changed but rev is still %d",
                         rule->file, rule->rev);
    return TRUE;
}

static gboolean check_revisions(const Indicators *indicators, GError **error)
{
    g_autofree char *path = g_build_filename(indicators->directory, "revisions.csv", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    if (!rows)
        return FALSE;
    for (guint r = 0; r < rows->len; r++) {
        char **cells = g_ptr_array_index(rows, r);
        if (g_strv_length(cells) != 3)
            return error_set(error, STATUS_CONFIG, "%s:%u: not id,rev,sha256", path, r + 1);
        for (guint i = 0; r > 0 && i < indicators->rules->len; i++)
            if (!revision_agrees(indicators_at(indicators, i), indicators_hash_at(indicators, i),
                                 cells, error))
                return FALSE;
    }
    return TRUE;
}

const char *indicator_column(guint index)
{
    static const char *const columns[] = {"subject", "record", "bits", "explanation"};
    return index < G_N_ELEMENTS(columns) ? columns[index] : NULL;
}

static gboolean columns_agree(const Indicator *rule, char **columns, GError **error)
{
    guint i = 0;
    while (columns[i] && g_strcmp0(columns[i], indicator_column(i)) == 0)
        i++;
    if (!columns[i] && !indicator_column(i))
        return TRUE;
    g_autofree char *list = g_strjoinv(", ", columns);
    return error_set(error, STATUS_CONFIG,
                     "%s:%u: columns are '%s', not 'subject, record, bits, explanation'",
                     rule->file, indicator_line(rule, -1), list);
}

static gboolean has_parameter(const Indicator *rule, const char *name)
{
    for (guint i = 0; i < rule->parameters->len; i++) {
        const IndicatorParameter *parameter = g_ptr_array_index(rule->parameters, i);
        if (strcmp(parameter->name, name) == 0)
            return TRUE;
    }
    return strcmp(name, "as_of") == 0;
}

static gboolean parameters_agree(const Indicator *rule, char **names, GError **error)
{
    for (; *names; names++)
        if (!has_parameter(rule, *names))
            return error_set(
                error, STATUS_CONFIG,
                "%s:%u: parameter ':%s' has no value; a header line 'param' gives one", rule->file,
                indicator_line(rule, indicator_parameter_at(rule->sql, *names)), *names);
    return TRUE;
}

static gboolean prepare_rule(const Indicator *rule, Store *store, GError **error)
{
    g_auto(SqlShape) shape = {.offset = -1};
    g_autoptr(GError) cause = NULL;
    if (!sql_describe(store, rule->knowledge, rule->sql, &shape, &cause)) {
        if (error_status(cause) == STATUS_USAGE)
            return error_set(error, STATUS_CONFIG, "%s:%u: %s", rule->file,
                             indicator_line(rule, shape.offset), cause->message);
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    return parameters_agree(rule, shape.parameters, error) &&
           columns_agree(rule, shape.columns, error);
}

gboolean indicators_prepare(const Indicators *indicators, Store *store, GError **error)
{
    for (guint i = 0; i < indicators->rules->len; i++)
        if (!prepare_rule(indicators_at(indicators, i), store, error))
            return FALSE;
    return TRUE;
}

static gboolean check_examples(const Indicator *rule, GError **error)
{
    for (guint i = 0; i < rule->examples->len; i++) {
        const IndicatorExample *example = g_ptr_array_index(rule->examples, i);
        if (!g_file_test(example->file, G_FILE_TEST_IS_REGULAR))
            return error_set(error, STATUS_CONFIG, "%s:1: there is no example '%s'", rule->file,
                             example->file);
    }
    return TRUE;
}

static gboolean check_scope(const Indicator *rule, GError **error)
{
    g_autofree char *sum = select_sum(rule);
    return !rule->doubted ||
           error_set(error, STATUS_CONFIG,
                     "%s:%u: related.csv tells what another SELECT rests on, so that this one is"
                     " asked of everything: take its line out, or show that it holds and put '%s'"
                     " there",
                     rule->file, indicator_line(rule, -1), sum);
}

gboolean indicators_check(const Indicators *indicators, Store *store, GError **error)
{
    if (!indicators_prepare(indicators, store, error))
        return FALSE;
    for (guint i = 0; i < indicators->rules->len; i++)
        if (!check_examples(indicators_at(indicators, i), error) ||
            !check_scope(indicators_at(indicators, i), error))
            return FALSE;
    return check_revisions(indicators, error);
}

/* ---- hash ------------------------------------------------------------------------------- */

static gboolean hash_directory(Sha256 *sum, const char *directory, const char *prefix,
                               GError **error);

static gboolean hash_entry(Sha256 *sum, const char *path, const char *name, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return hash_directory(sum, path, name, error);
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!file_read(path, &text, &length, error))
        return FALSE;
    g_autofree char *frame = g_strdup_printf("%s\n%" G_GSIZE_FORMAT "\n", name, length);
    sha256_add(sum, frame, strlen(frame));
    sha256_add(sum, text, length);
    return TRUE;
}

static gboolean hash_directory(Sha256 *sum, const char *directory, const char *prefix,
                               GError **error)
{
    g_autoptr(GPtrArray) names = directory_names(directory, error);
    gboolean ok = names != NULL;
    for (guint i = 0; ok && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_autofree char *inner = *prefix ? g_strconcat(prefix, "/", name, NULL) : g_strdup(name);
        ok = hash_entry(sum, path, inner, error);
    }
    return ok;
}

char *rules_hash(const char *rules_dir, GError **error)
{
    g_autoptr(Sha256) sum = sha256_new();
    return hash_directory(sum, rules_dir, "", error) ? sha256_take(sum) : NULL;
}
