/*
 * Reads one rule file strictly: header lines `-- key: value`, one blank line, the SELECT. An
 * unknown or repeated key, a missing one, a bad value is an error with file and line before
 * anything runs. What the SELECT may do is engine/sql's business and not looked at here.
 */
#include <math.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/indicator/rulefile.h"

#define BITS_MAX 20.0

typedef struct {
    const char *path;
    guint line;
    Indicator *indicator;
    guint seen; /* bit i: keys[i] was there */
} Reader;

typedef gboolean (*ReadValue)(Reader *reader, const char *value, GError **error);

static gboolean fail(const Reader *reader, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean fail(const Reader *reader, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return error_set(error, STATUS_CONFIG, "%s:%u: %s", reader->path, reader->line, text);
}

static gboolean is_word(const char *text, const char *more)
{
    if (!g_ascii_isalpha(*text))
        return FALSE;
    for (; *text; text++)
        if (!g_ascii_isalnum(*text) && !strchr(more, *text))
            return FALSE;
    return TRUE;
}

static gboolean read_number(const char *text, double *value)
{
    char *end = NULL;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static gboolean read_id(Reader *reader, const char *value, GError **error)
{
    if (!is_word(value, "-_"))
        return fail(reader, error, "id '%s' is not letters and digits", value);
    reader->indicator->id = g_strdup(value);
    return TRUE;
}

static gboolean read_rev(Reader *reader, const char *value, GError **error)
{
    guint64 rev = 0;
    if (!g_ascii_string_to_unsigned(value, 10, 1, 1000000, &rev, NULL))
        return fail(reader, error, "rev '%s' is not a whole number from 1", value);
    reader->indicator->rev = (int)rev;
    return TRUE;
}

static gboolean read_title(Reader *reader, const char *value, G_GNUC_UNUSED GError **error)
{
    reader->indicator->title = g_strdup(value);
    return TRUE;
}

static gboolean read_title_fr(Reader *reader, const char *value, G_GNUC_UNUSED GError **error)
{
    reader->indicator->title_fr = g_strdup(value);
    return TRUE;
}

static gboolean read_text(Reader *reader, const char *value, G_GNUC_UNUSED GError **error)
{
    IndicatorPhrase *phrase = g_new0(IndicatorPhrase, 1);
    phrase->en = g_strdup(value);
    g_ptr_array_add(reader->indicator->phrases, phrase);
    return TRUE;
}

/* The French of the text above it. */
static gboolean read_text_fr(Reader *reader, const char *value, GError **error)
{
    GPtrArray *phrases = reader->indicator->phrases;
    IndicatorPhrase *phrase = phrases->len ? g_ptr_array_index(phrases, phrases->len - 1) : NULL;
    if (!phrase || phrase->fr)
        return fail(reader, error, "text.fr stands below the text that it translates");
    if (!indicator_holes_known(phrase->en, value))
        return fail(reader, error, "text.fr has a {hole} that the text above it has not");
    phrase->fr = g_strdup(value);
    return TRUE;
}

/* english = français */
static gboolean read_word_fr(Reader *reader, const char *value, GError **error)
{
    g_auto(GStrv) sides = g_strsplit(value, "=", 2);
    if (g_strv_length(sides) != 2)
        return fail(reader, error, "word.fr '%s' is not ENGLISH = FRENCH", value);
    g_hash_table_insert(reader->indicator->words, g_strdup(g_strstrip(sides[0])),
                        g_strdup(g_strstrip(sides[1])));
    return TRUE;
}

static gboolean read_choice(Reader *reader, const char *value, const char *const *choices,
                            char **target, GError **error)
{
    if (!g_strv_contains(choices, value)) {
        g_autofree char *list = g_strjoinv(", ", (char **)choices);
        return fail(reader, error, "'%s' is none of: %s", value, list);
    }
    *target = g_strdup(value);
    return TRUE;
}

static gboolean read_status(Reader *reader, const char *value, GError **error)
{
    static const char *const choices[] = {"experimental", "stable", "deprecated", NULL};
    return read_choice(reader, value, choices, &reader->indicator->status, error);
}

static gboolean read_severity(Reader *reader, const char *value, GError **error)
{
    static const char *const choices[] = {"low", "medium", "high", "critical", NULL};
    return read_choice(reader, value, choices, &reader->indicator->severity, error);
}

static gboolean read_source(Reader *reader, const char *value, G_GNUC_UNUSED GError **error)
{
    reader->indicator->source = g_strdup(value);
    return TRUE;
}

static gboolean read_false_positives(Reader *reader, const char *value,
                                     G_GNUC_UNUSED GError **error)
{
    reader->indicator->false_positives = g_strdup(value);
    return TRUE;
}

/* "" (open) or YYYY-MM-DD. */
static gboolean is_day(const char *text)
{
    if (*text == '\0')
        return TRUE;
    return strlen(text) == 10 && text[4] == '-' && text[7] == '-' &&
           date_parse(text, DATE_ISO) != DAY_NONE;
}

static gboolean read_valid(Reader *reader, const char *value, GError **error)
{
    g_auto(GStrv) ends = g_strsplit(value, "..", 2);
    if (g_strv_length(ends) != 2 || !is_day(g_strstrip(ends[0])) || !is_day(g_strstrip(ends[1])))
        return fail(reader, error, "valid '%s' is not FROM..TO with ISO dates", value);
    if (*ends[0] && *ends[1] && strcmp(ends[0], ends[1]) > 0)
        return fail(reader, error, "valid '%s' ends before it begins", value);
    reader->indicator->valid_from = g_strdup(ends[0]);
    reader->indicator->valid_to = g_strdup(ends[1]);
    return TRUE;
}

static const IndicatorParameter *find_parameter(const Indicator *indicator, const char *name)
{
    for (guint i = 0; i < indicator->parameters->len; i++) {
        const IndicatorParameter *parameter = g_ptr_array_index(indicator->parameters, i);
        if (strcmp(parameter->name, name) == 0)
            return parameter;
    }
    return NULL;
}

/* name = number [unit] */
static gboolean read_param(Reader *reader, const char *value, GError **error)
{
    g_auto(GStrv) sides = g_strsplit(value, "=", 2);
    if (g_strv_length(sides) != 2)
        return fail(reader, error, "param '%s' is not NAME = NUMBER UNIT", value);
    const char *name = g_strstrip(sides[0]);
    g_auto(GStrv) words = g_strsplit(g_strstrip(sides[1]), " ", 2);
    double number = 0;
    if (!is_word(name, "_") || !words[0] || !read_number(words[0], &number))
        return fail(reader, error, "param '%s' is not NAME = NUMBER UNIT", value);
    if (strcmp(name, "as_of") == 0)
        return fail(reader, error, "param 'as_of' is the engine's own");
    if (find_parameter(reader->indicator, name))
        return fail(reader, error, "param '%s' is there twice", name);
    IndicatorParameter *parameter = g_new0(IndicatorParameter, 1);
    parameter->name = g_strdup(name);
    parameter->value = number;
    parameter->unit = g_strdup(words[1] ? g_strstrip(words[1]) : "");
    g_ptr_array_add(reader->indicator->parameters, parameter);
    return TRUE;
}

static gboolean read_bits(Reader *reader, const char *value, GError **error)
{
    double bits = 0;
    if (!read_number(value, &bits) || bits == 0 || fabs(bits) > BITS_MAX)
        return fail(reader, error, "bits '%s' is no number from -20 to 20 other than 0", value);
    reader->indicator->bits = bits;
    return TRUE;
}

/* hit|miss FILE, relative to the folder of the rule */
static gboolean read_example(Reader *reader, const char *value, GError **error)
{
    g_auto(GStrv) words = g_strsplit(value, " ", 2);
    const char *file = g_strv_length(words) == 2 ? g_strstrip(words[1]) : "";
    gboolean hit = g_strcmp0(words[0], "hit") == 0;
    if ((!hit && g_strcmp0(words[0], "miss") != 0) || !g_str_has_suffix(file, ".case"))
        return fail(reader, error, "example '%s' is not hit|miss FILE.case", value);
    if (g_path_is_absolute(file) || strstr(file, ".."))
        return fail(reader, error, "example '%s' is not below the rules", value);
    g_autofree char *folder = g_path_get_dirname(reader->path);
    IndicatorExample *example = g_new0(IndicatorExample, 1);
    example->hit = hit;
    example->file = g_build_filename(folder, file, NULL);
    g_ptr_array_add(reader->indicator->examples, example);
    return TRUE;
}

static const struct {
    const char *name;
    ReadValue read;
    gboolean required, repeats;
} keys[] = {
    {"id", read_id, TRUE, FALSE},
    {"rev", read_rev, TRUE, FALSE},
    {"title", read_title, TRUE, FALSE},
    {"title.fr", read_title_fr, FALSE, FALSE},
    {"text", read_text, FALSE, TRUE},
    {"text.fr", read_text_fr, FALSE, TRUE},
    {"word.fr", read_word_fr, FALSE, TRUE},
    {"status", read_status, FALSE, FALSE},
    {"severity", read_severity, FALSE, FALSE},
    {"source", read_source, FALSE, FALSE},
    {"falsepositives", read_false_positives, FALSE, FALSE},
    {"valid", read_valid, FALSE, FALSE},
    {"param", read_param, FALSE, TRUE},
    {"bits", read_bits, TRUE, FALSE},
    {"example", read_example, TRUE, TRUE},
};

const char *indicator_key(guint index)
{
    return index < G_N_ELEMENTS(keys) ? keys[index].name : NULL;
}

static gboolean unknown_key(const Reader *reader, const char *key, GError **error)
{
    const char *names[G_N_ELEMENTS(keys) + 1] = {NULL};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        names[i] = keys[i].name;
    g_autofree char *hint = nearest_hint(key, names);
    return fail(reader, error, "unknown key '%s'%s", key, hint);
}

static gboolean read_header_line(Reader *reader, char *line, GError **error)
{
    char *colon = strchr(line, ':');
    if (!g_str_has_prefix(line, "--") || !colon)
        return fail(reader, error, "not a header line '-- key: value'; a blank line ends them");
    *colon = '\0';
    const char *key = g_strstrip(line + 2), *value = g_strstrip(colon + 1);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(key, keys[i].name) != 0)
            continue;
        if ((reader->seen >> i & 1) && !keys[i].repeats)
            return fail(reader, error, "key '%s' is there twice", key);
        if (*value == '\0')
            return fail(reader, error, "key '%s' has no value", key);
        reader->seen |= 1u << i;
        return keys[i].read(reader, value, error);
    }
    return unknown_key(reader, key, error);
}

int indicator_parameter_at(const char *sql, const char *name)
{
    g_autofree char *wanted = g_strconcat(":", name, NULL);
    for (const char *p = strstr(sql, wanted); p; p = strstr(p + 1, wanted)) {
        char after = p[strlen(wanted)];
        if (!g_ascii_isalnum(after) && after != '_')
            return (int)(p - sql);
    }
    return -1;
}

/* Blanks and comments that a SELECT begins with. */
static const char *skip_comments(const char *sql)
{
    for (;;) {
        const char *end = NULL;
        sql += strspn(sql, " \t\r\n");
        if (g_str_has_prefix(sql, "--"))
            end = strchr(sql, '\n');
        else if (g_str_has_prefix(sql, "/*") && (end = strstr(sql + 2, "*/")))
            end++;
        if (!end)
            return sql;
        sql = end + 1;
    }
}

guint indicator_line(const Indicator *indicator, int offset)
{
    const char *sql = indicator->sql;
    const char *at = offset < 0 ? skip_comments(sql) : sql + MIN((gsize)offset, strlen(sql));
    guint line = indicator->sql_line;
    for (; sql < at; sql++)
        line += *sql == '\n';
    return line;
}

static gboolean check_whole(Reader *reader, GError **error)
{
    const Indicator *indicator = reader->indicator;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i].required && !(reader->seen >> i & 1))
            return fail(reader, error, "key '%s' is missing", keys[i].name);
    for (guint i = 0; i < indicator->parameters->len; i++) {
        const IndicatorParameter *parameter = g_ptr_array_index(indicator->parameters, i);
        if (indicator_parameter_at(indicator->sql, parameter->name) < 0)
            return fail(reader, error, "param '%s' is not used", parameter->name);
    }
    return TRUE;
}

static void parameter_free(gpointer data)
{
    IndicatorParameter *parameter = data;
    g_free(parameter->name);
    g_free(parameter->unit);
    g_free(parameter);
}

static void example_free(gpointer data)
{
    IndicatorExample *example = data;
    g_free(example->file);
    g_free(example);
}

static void phrase_free(gpointer data)
{
    IndicatorPhrase *phrase = data;
    g_free(phrase->en);
    g_free(phrase->fr);
    g_free(phrase);
}

static Indicator *indicator_new(const char *path)
{
    Indicator *indicator = g_new0(Indicator, 1);
    indicator->file = g_strdup(path);
    indicator->parameters = g_ptr_array_new_with_free_func(parameter_free);
    indicator->examples = g_ptr_array_new_with_free_func(example_free);
    indicator->phrases = g_ptr_array_new_with_free_func(phrase_free);
    indicator->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return indicator;
}

void indicator_free(Indicator *indicator)
{
    if (!indicator)
        return;
    char *const texts[] = {
        indicator->id,         indicator->title,    indicator->title_fr,       indicator->status,
        indicator->source,     indicator->severity, indicator->file,           indicator->sql,
        indicator->valid_from, indicator->valid_to, indicator->false_positives};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(indicator->parameters);
    g_ptr_array_unref(indicator->examples);
    g_ptr_array_unref(indicator->phrases);
    g_hash_table_unref(indicator->words);
    g_free(indicator);
}

/* Optional texts are never NULL for those who show them. */
static void fill_defaults(Indicator *indicator)
{
    const struct {
        char **text;
        const char *otherwise;
    } defaults[] = {{&indicator->status, "experimental"},
                    {&indicator->severity, "medium"},
                    {&indicator->source, ""},
                    {&indicator->false_positives, ""},
                    {&indicator->valid_from, ""},
                    {&indicator->valid_to, ""}};
    for (guint i = 0; i < G_N_ELEMENTS(defaults); i++)
        if (!*defaults[i].text)
            *defaults[i].text = g_strdup(defaults[i].otherwise);
}

Indicator *indicator_parse(const char *path, const char *text, GError **error)
{
    g_autoptr(Indicator) indicator = indicator_new(path);
    Reader reader = {.path = path, .line = 1, .indicator = indicator};
    for (;; reader.line++) {
        const char *end = strchr(text, '\n');
        if (!end) {
            fail(&reader, error, "no blank line between header and SELECT");
            return NULL;
        }
        g_autofree char *line = g_strndup(text, (gsize)(end - text));
        text = end + 1;
        if (*g_strstrip(line) == '\0')
            break;
        if (!read_header_line(&reader, line, error))
            return NULL;
    }
    indicator->sql = g_strdup(text);
    indicator->sql_line = reader.line + 1;
    if (*text == '\0') {
        fail(&reader, error, "there is no SELECT");
        return NULL;
    }
    if (!check_whole(&reader, error))
        return NULL;
    fill_defaults(indicator);
    return g_steal_pointer(&indicator);
}
