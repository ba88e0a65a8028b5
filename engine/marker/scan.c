/*
 * Finds in one text what the patterns say: prefilter, then patterns, then their `unless`, then
 * the contexts that take from a hit. Works on the folded text; positions go back to the original
 * bytes. A failing match switches its pattern off and is named, never taken for "no match".
 */
#include "engine/marker/lexicon.h"

#include <string.h>

#define CHUNK    8192 /* bytes of a long text looked at together */
#define OVERLAP  600  /* bytes that neighbouring chunks share: no shorter match is cut */
#define BEHIND   256  /* bytes before a chunk that a pattern may look back at */
#define HITS_MAX 64   /* matches of one pattern weighed in one chunk */

typedef struct {
    const MarkerRules *rules;
    Folded folded;
    const guint8 *contexts; /* flags of before and after of each; NULL: each may hold */
} Scan;

static void rule_fail(const MarkerRules *rules, int *off, const char *name, const Regex *regex)
{
    if (!g_atomic_int_compare_and_exchange(off, 0, 1))
        return;
    g_mutex_lock(&rules->health->lock);
    if (rules->health->failures->len > 0)
        g_string_append_c(rules->health->failures, '\n');
    g_string_append_printf(rules->health->failures, "%s: %s", name, regex_failure(regex));
    g_mutex_unlock(&rules->health->lock);
}

/* Keeps a byte offset off the middle of a character. */
static gsize char_start(const char *text, gsize at)
{
    while (at > 0 && ((guchar)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static gsize window_start(const Scan *scan, gsize at, gsize window)
{
    return at > window ? char_start(scan->folded.text, at - window) : 0;
}

static gsize window_end(const Scan *scan, gsize at, gsize window)
{
    if (scan->folded.length - at <= window)
        return scan->folded.length;
    return char_start(scan->folded.text, at + window);
}

/* Is there a match in text[from, to)? A failure counts as one and switches the owner off. */
static gboolean window_has(const Scan *scan, const Regex *regex, gsize from, gsize to, int *off,
                           const char *name)
{
    gssize start = 0, end = 0;
    RegexResult result = regex_match(regex, scan->folded.text + from, to - from, 0, &start, &end);
    if (result == REGEX_FAILED)
        rule_fail(scan->rules, off, name, regex);
    return result != REGEX_NO_MATCH;
}

/* Where a context has both sides, both must hold. */
static gboolean context_holds(const Scan *scan, Context *context, gsize start, gsize end)
{
    gsize from = window_start(scan, start, context->window);
    gsize to = window_end(scan, end, context->window);
    return (context->before == NULL ||
            window_has(scan, context->before, from, start, &context->off, context->name)) &&
           (context->after == NULL ||
            window_has(scan, context->after, end, to, &context->off, context->name));
}

/* What a hit is worth where it stands: full bits, fewer in a context, none near an unless. */
static double hit_bits(const Scan *scan, Pattern *pattern, gsize start, gsize end)
{
    double worst = 0;
    if (pattern->unless != NULL &&
        window_has(scan, pattern->unless, window_start(scan, start, pattern->window),
                   window_end(scan, end, pattern->window), &pattern->off, pattern->rule))
        return 0;
    for (guint i = 0; i < scan->rules->contexts->len; i++) {
        Context *context = &g_array_index(scan->rules->contexts, Context, i);
        if ((context->categories >> pattern->category & 1) != 0 && context->bits < worst &&
            (scan->contexts == NULL || (scan->contexts[2 * i] & scan->contexts[2 * i + 1]) != 0) &&
            !g_atomic_int_get(&context->off) && context_holds(scan, context, start, end))
            worst = context->bits;
    }
    return MAX(0, pattern->bits + worst);
}

/* First match that starts in text[from, to): regex_match() takes no very long subject. */
static RegexResult pattern_match(const Scan *scan, Pattern *pattern, gsize from, gsize to,
                                 gsize *start, gsize *end)
{
    gsize base = window_start(scan, from, BEHIND);
    gssize first = 0, last = 0;
    if (g_atomic_int_get(&pattern->off))
        return REGEX_NO_MATCH;
    RegexResult result = regex_match(pattern->match, scan->folded.text + base, to - base,
                                     from - base, &first, &last);
    if (result == REGEX_FAILED)
        rule_fail(scan->rules, &pattern->off, pattern->rule, pattern->match);
    *start = base + (gsize)first;
    *end = base + (gsize)last;
    return result;
}

/* The best hit of a pattern that starts in text[from, to); hit->bits is 0 when there is none. */
static void pattern_scan(const Scan *scan, Pattern *pattern, gsize from, gsize to, Hit *hit)
{
    gsize start = 0, end = 0;
    for (guint i = 0; i < HITS_MAX && from <= to; i++) {
        if (pattern_match(scan, pattern, from, to, &start, &end) != REGEX_MATCH)
            return;
        double bits = hit_bits(scan, pattern, start, end);
        if (bits > hit->bits) {
            hit->bits = bits;
            hit->start = scan->folded.origin[start];
            hit->end = scan->folded.origin[end];
        }
        if (bits >= pattern->bits)
            return;
        from = end > start ? end : end + 1;
        while (from < to && ((guchar)scan->folded.text[from] & 0xC0) == 0x80)
            from++;
    }
}

static void hit_keep(GArray *hits, guint first, const Hit *hit)
{
    for (guint i = first; i < hits->len; i++) {
        Hit *known = &g_array_index(hits, Hit, i);
        if (known->pattern != hit->pattern)
            continue;
        if (hit->bits > known->bits)
            *known = *hit;
        return;
    }
    g_array_append_val(hits, *hit);
}

/* The part of a text that is looked at now, and where its text's own hits begin. */
typedef struct {
    guint text;
    guint64 field;
    guint first;
    gsize from, to;
} Chunk;

static void chunk_scan(const Scan *scan, const Chunk *chunk, guint8 *flags, GArray *hits)
{
    prefilter_run(rules_prefilter(scan->rules), scan->folded.text + chunk->from,
                  chunk->to - chunk->from, flags);
    if (memchr(flags, 1, scan->rules->patterns->len) == NULL)
        return;
    for (guint i = 0; i < scan->rules->patterns->len; i++) {
        Pattern *pattern = &g_array_index(scan->rules->patterns, Pattern, i);
        if (flags[i] == 0 ||
            ((pattern->fields & chunk->field) == 0 && pattern->fields != G_MAXUINT64))
            continue;
        Hit hit = {.pattern = i, .text = chunk->text};
        pattern_scan(scan, pattern, chunk->from, chunk->to, &hit);
        if (hit.bits > 0)
            hit_keep(hits, chunk->first, &hit);
    }
}

gsize scan_flags(const MarkerRules *rules)
{
    return (gsize)rules->patterns->len + 2 * rules->contexts->len + 1;
}

void scan_text(const MarkerRules *rules, const MarkText *text, guint index, guint8 *flags,
               GArray *hits)
{
    if (text->text == NULL || *text->text == '\0')
        return;
    Scan scan = {.rules = rules, .folded = fold_text(rules->fold, text->text)};
    if (scan.folded.length <= CHUNK) /* else a context may begin in the chunk before */
        scan.contexts = flags + rules->patterns->len;
    Chunk chunk = {.text = index, .field = field_bit(text->field), .first = hits->len};
    while (chunk.to < scan.folded.length) {
        chunk.to = window_end(&scan, chunk.from, CHUNK);
        chunk_scan(&scan, &chunk, flags, hits);
        chunk.from = char_start(scan.folded.text, chunk.to - MIN(chunk.to, OVERLAP));
    }
    folded_clear(&scan.folded);
}

double scan_pattern(const MarkerRules *rules, guint pattern, const char *text)
{
    Scan scan = {.rules = rules, .folded = fold_text(rules->fold, text)};
    Hit hit = {.pattern = pattern};
    g_autofree guint8 *flags = g_new0(guint8, scan_flags(rules));
    prefilter_run(rules_prefilter(rules), scan.folded.text, scan.folded.length, flags);
    if (flags[pattern] != 0)
        pattern_scan(&scan, &g_array_index(rules->patterns, Pattern, pattern), 0,
                     scan.folded.length, &hit);
    folded_clear(&scan.folded);
    return hit.bits;
}
