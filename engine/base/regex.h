/*
 * Patterns for rule files. The only file that knows PCRE2: compiled with UTF and caseless, never
 * JIT-compiled (10.42's JIT loses matches, PCRE2Project/pcre2#336), run under match, depth and
 * heap limits. An error while matching is an answer of its own, never "no match".
 */
#ifndef CROSSTRACE_BASE_REGEX_H
#define CROSSTRACE_BASE_REGEX_H

#include <glib.h>

typedef struct Regex Regex;

typedef enum { REGEX_NO_MATCH, REGEX_MATCH, REGEX_FAILED } RegexResult;

/* STATUS_CONFIG with the offset when the pattern does not compile; the pattern length is limited.
 */
Regex *regex_new(const char *pattern, GError **error);
void regex_free(Regex *regex);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Regex, regex_free)

/* First match at or after `from` in valid UTF-8 of `length` bytes. On REGEX_MATCH, start and end
 * are the byte offsets of the whole match, else -1. On REGEX_FAILED regex_failure() says why (text
 * owned by the regex, overwritten by its next failure). */
RegexResult regex_match(const Regex *regex, const char *subject, gsize length, gsize from,
                        gssize *start, gssize *end);
const char *regex_failure(const Regex *regex);

/* "PCRE2 10.42 2022-12-11"; g_free. */
char *regex_library(void);

#endif
