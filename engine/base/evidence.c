/*
 * Evidence as typed terms in bits, their caps, and the one renderer. Terms keep what they say by
 * themselves (bits) beside what was counted, so that a cap is visible wherever it acted. What a
 * term is worth is decided by the rooms that add it.
 */
#include "engine/base/evidence.h"

#include <math.h>
#include <string.h>

#include "engine/base/message.h"

#define BITS_LIMIT 60.0

static void term_free(gpointer data)
{
    Term *term = data;

    g_free(term->family);
    g_free(term->field);
    g_free(term->level);
    g_free(term->left);
    g_free(term->right);
    g_free(term);
}

Evidence *evidence_new(void)
{
    Evidence *evidence = g_new0(Evidence, 1);

    evidence->terms = g_ptr_array_new_with_free_func(term_free);
    return evidence;
}

void evidence_free(Evidence *evidence)
{
    if (!evidence)
        return;
    g_ptr_array_unref(evidence->terms);
    g_free(evidence);
}

Term *evidence_add(Evidence *evidence, const char *family, const char *field, const char *level,
                   const char *left, const char *right, double bits)
{
    Term *term = g_new0(Term, 1);

    term->family = g_strdup(family);
    term->field = g_strdup(field);
    term->level = g_strdup(level);
    term->left = g_strdup(left);
    term->right = g_strdup(right);
    term->bits = term->counted = bits;
    g_ptr_array_add(evidence->terms, term);
    return term;
}

guint evidence_count(const Evidence *evidence)
{
    return evidence->terms->len;
}

const Term *evidence_term(const Evidence *evidence, guint index)
{
    return g_ptr_array_index(evidence->terms, index);
}

double evidence_bits(const Evidence *evidence)
{
    double sum = 0;

    for (guint i = 0; i < evidence->terms->len; i++)
        sum += evidence_term(evidence, i)->counted;
    return sum;
}

/* In term order, each positive term takes what is left of the room under the cap; terms against
 * the hypothesis make room for terms for it, and are never scaled. */
void evidence_cap(Evidence *evidence, const char *family, double cap)
{
    double sum = 0, over;

    for (guint i = 0; i < evidence->terms->len; i++)
        if (g_strcmp0(evidence_term(evidence, i)->family, family) == 0)
            sum += evidence_term(evidence, i)->counted;
    over = sum - cap;
    for (guint i = evidence->terms->len; over > 0 && i > 0; i--) {
        Term *term = g_ptr_array_index(evidence->terms, i - 1);

        if (g_strcmp0(term->family, family) != 0 || term->counted <= 0)
            continue;
        double cut = MIN(over, term->counted);
        term->counted -= cut;
        over -= cut;
    }
}

double bits_to_probability(double bits)
{
    return 1.0 / (1.0 + exp2(-bits));
}

double probability_to_bits(double probability)
{
    if (!(probability > 0))
        return -BITS_LIMIT;
    if (probability >= 1)
        return BITS_LIMIT;
    return CLAMP(log2(probability / (1.0 - probability)), -BITS_LIMIT, BITS_LIMIT);
}

static void append_bits(GString *out, double bits, Lang lang)
{
    g_autofree char *text = message_number(bits, 1, lang);

    if (text[0] != '-')
        g_string_append_c(out, '+');
    g_string_append(out, text);
}

/* " x2 at 0.05": how many, and how surely they belong together. */
static void append_count(GString *out, const char *count, Lang lang)
{
    const char *at = strstr(count, message(MSG_TERM_AT, LANG_EN));

    g_string_append_len(out, count, at ? at - count : (gssize)strlen(count));
    if (!at)
        return;
    g_autofree char *share =
        message_decimal(g_strdup(at + strlen(message(MSG_TERM_AT, LANG_EN))), lang);
    g_string_append_printf(out, "%s%s", message(MSG_TERM_AT, lang), share);
}

/* The few fixed words among fields and levels in the reader's language; "hit x2" keeps its x2. */
static void append_word(GString *out, const char *word, Lang lang)
{
    static const MessageId FIXED[] = {MSG_TERM_PRIOR, MSG_TERM_HIT, MSG_TERM_MARKER,
                                      MSG_TERM_CROSSING, MSG_TERM_CROSSED};

    for (guint i = 0; word && i < G_N_ELEMENTS(FIXED); i++) {
        gsize length = strlen(message(FIXED[i], LANG_EN));
        gboolean same = strncmp(word, message(FIXED[i], LANG_EN), length) == 0;

        if (same && (!word[length] || word[length] == ' ')) {
            g_string_append(out, message(FIXED[i], lang));
            append_count(out, word + length, lang);
            return;
        }
    }
    g_string_append(out, word ? word : "");
}

char *evidence_word(const char *word, Lang lang)
{
    GString *out = g_string_new(NULL);

    append_word(out, word, lang);
    return g_string_free(out, FALSE);
}

/* "serial S2 'HAA1234' ~ 'HAA1Z34'": what was compared, how, and both values. */
static void append_what(GString *out, const Term *term, Lang lang)
{
    append_word(out, term->field, lang);
    g_string_append_c(out, ' ');
    append_word(out, term->level, lang);
    if (term->left) {
        g_string_append(out, " '");
        append_word(out, term->left, lang);
        g_string_append_c(out, '\'');
    }
    if (term->right && g_strcmp0(term->left, term->right) != 0)
        g_string_append_printf(out, " ~ '%s'", term->right);
}

static gboolean is_capped(const Term *term)
{
    return fabs(term->bits - term->counted) > 1e-9;
}

static void append_capped(GString *out, const Term *term, Lang lang)
{
    g_autofree char *full = message_number(term->bits, 1, lang);
    g_autofree char *note = message_format(MSG_EVIDENCE_CAPPED, lang, full);

    g_string_append_printf(out, " (%s)", note);
}

char *evidence_term_text(const Term *term, Lang lang)
{
    GString *out = g_string_new(NULL);

    append_what(out, term, lang);
    if (is_capped(term))
        append_capped(out, term, lang);
    return g_string_free(out, FALSE);
}

static void append_term(GString *out, const Term *term, Lang lang)
{
    if (out->len)
        g_string_append(out, "; ");
    append_what(out, term, lang);
    g_string_append_c(out, ' ');
    append_bits(out, term->counted, lang);
    if (is_capped(term))
        append_capped(out, term, lang);
}

char *evidence_line(const Evidence *evidence, Lang lang)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < evidence->terms->len; i++)
        append_term(out, evidence_term(evidence, i), lang);
    return g_string_free(out, FALSE);
}

/* How many terms count for more than this one, of equal ones those that stand before it. */
static guint rank_of(const Evidence *evidence, guint at)
{
    double own = fabs(evidence_term(evidence, at)->counted);
    guint before = 0;

    for (guint i = 0; i < evidence->terms->len; i++) {
        double other = fabs(evidence_term(evidence, i)->counted);

        before += other > own || (i < at && !(other < own));
    }
    return before;
}

char *evidence_brief(const Evidence *evidence, guint most, Lang lang)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GString) bits = g_string_new(NULL);
    double rest = 0;
    guint n = evidence->terms->len;

    for (guint i = 0; i < n; i++) {
        if (rank_of(evidence, i) < most || n <= most + 1)
            append_term(out, evidence_term(evidence, i), lang);
        else
            rest += evidence_term(evidence, i)->counted;
    }
    if (n > most + 1) {
        append_bits(bits, rest, lang);
        g_autofree char *more = message_format(MSG_EVIDENCE_MORE, lang, n - most, bits->str);
        g_string_append_printf(out, "; %s", more);
    }
    return g_string_free(out, FALSE);
}

char *evidence_waterfall(const Evidence *evidence, Lang lang)
{
    GString *out = g_string_new(NULL);
    double sum = 0;

    for (guint i = 0; i < evidence->terms->len; i++) {
        const Term *term = evidence_term(evidence, i);
        g_autoptr(GString) bits = g_string_new(NULL);
        g_autofree char *running = NULL;

        sum += term->counted;
        running = message_number(sum, 1, lang);
        append_bits(bits, term->counted, lang);
        g_string_append_printf(out, "%7s %7s  ", bits->str, running);
        append_what(out, term, lang);
        if (is_capped(term))
            append_capped(out, term, lang);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
