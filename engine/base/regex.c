/*
 * Patterns for rule files, over PCRE2's interpreter (its JIT in Debian 12 loses matches). A
 * pattern cannot lift its own limits: verbs at its start and callouts are refused. Running into
 * a limit is REGEX_FAILED with a reason, so that a rule is switched off and named, not silent.
 */
#include "engine/base/regex.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/error.h"

#define PATTERN_MAX    4096
#define NEST_LIMIT     50
#define MATCH_LIMIT    100000
#define DEPTH_LIMIT    10000
#define HEAP_LIMIT_KIB (20 * 1024)
#define SUBJECT_MAX    (64 * 1024)

struct Regex {
    pcre2_code *code;
    pcre2_match_context *limits;
    pcre2_match_data *found;
    char failure[128]; /* why the last match failed */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_compile_context, pcre2_compile_context_free)

static int refuse_callout(pcre2_callout_enumerate_block *block, void *data)
{
    *(gsize *)data = block->pattern_position;
    return 1;
}

static pcre2_code *compile(const char *pattern, GError **error)
{
    g_autoptr(pcre2_compile_context) context = pcre2_compile_context_create(NULL);
    guint32 options = PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_SIZE offset = 0;
    pcre2_code *code;
    int number = 0;

    pcre2_set_max_pattern_length(context, PATTERN_MAX);
    pcre2_set_parens_nest_limit(context, NEST_LIMIT);
    code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &number, &offset,
                         context);
    if (!code) {
        PCRE2_UCHAR text[128] = "";

        pcre2_get_error_message(number, text, sizeof text);
        error_set(error, STATUS_CONFIG, "bad pattern at character %u: %s", (guint)offset,
                  (const char *)text);
    }
    return code;
}

Regex *regex_new(const char *pattern, GError **error)
{
    g_autoptr(Regex) regex = g_new0(Regex, 1);
    gsize callout = 0;

    if (g_str_has_prefix(pattern, "(*")) {
        error_set(error, STATUS_CONFIG, "bad pattern: it may not start with a (*VERB)");
        return NULL;
    }
    if (!g_utf8_validate(pattern, -1, NULL)) {
        error_set(error, STATUS_CONFIG, "bad pattern: invalid UTF-8");
        return NULL;
    }
    regex->code = compile(pattern, error);
    if (!regex->code)
        return NULL;
    if (pcre2_callout_enumerate(regex->code, refuse_callout, &callout) != 0) {
        error_set(error, STATUS_CONFIG, "bad pattern at character %u: callouts are not allowed",
                  (guint)callout);
        return NULL;
    }
    regex->limits = pcre2_match_context_create(NULL);
    regex->found = pcre2_match_data_create_from_pattern(regex->code, NULL);
    pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
    return g_steal_pointer(&regex);
}

void regex_free(Regex *regex)
{
    if (!regex)
        return;
    pcre2_match_data_free(regex->found);
    pcre2_match_context_free(regex->limits);
    pcre2_code_free(regex->code);
    g_free(regex);
}

static RegexResult fail(const Regex *regex, int number)
{
    Regex *mine = (Regex *)regex;

    pcre2_get_error_message(number, (PCRE2_UCHAR *)mine->failure, sizeof mine->failure);
    return REGEX_FAILED;
}

RegexResult regex_match(const Regex *regex, const char *subject, gsize length, gsize from,
                        gssize *start, gssize *end)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(regex->found);
    int count;

    *start = *end = -1;
    if (from > length)
        return REGEX_NO_MATCH;
    if (length > SUBJECT_MAX) {
        g_strlcpy(((Regex *)regex)->failure, "text longer than 64 KiB", sizeof regex->failure);
        return REGEX_FAILED;
    }
    /* The caller promises valid UTF-8, checked once where the text came in. */
    count = pcre2_match(regex->code, (PCRE2_SPTR)subject, length, from, PCRE2_NO_UTF_CHECK,
                        regex->found, regex->limits);
    if (count == PCRE2_ERROR_NOMATCH)
        return REGEX_NO_MATCH;
    if (count < 0)
        return fail(regex, count);
    *start = (gssize)ends[0];
    *end = (gssize)ends[1];
    return REGEX_MATCH;
}

const char *regex_failure(const Regex *regex)
{
    return regex->failure;
}

char *regex_library(void)
{
    char version[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, version);
    return g_strdup_printf("PCRE2 %s", version);
}
