/*
 * `why A B`, the telling: rows for a table or a program, sentences for a court file. Both say the
 * same numbers, as they are stored; nothing is decided here.
 */
#include <math.h>
#include <string.h>

#include "engine/base/message.h"
#include "engine/firearm/firearm.h"
#include "engine/query/why_parts.h"

#define WHY_COLUMNS 9

static const Column why_columns[WHY_COLUMNS] = {
    {"part", COLUMN_OWN},       {"name", COLUMN_OWN},   {"value", COLUMN_DATA},
    {"left", COLUMN_DATA},      {"right", COLUMN_DATA}, {"bits", COLUMN_NUMBER},
    {"counted", COLUMN_NUMBER}, {"sum", COLUMN_NUMBER}, {"number", COLUMN_NUMBER},
};

/* A word for each reason and obstacle, for programs. */
static const char *const REASONS[] = {
    [REASON_LINKED] = "linked",
    [REASON_BY_WAY] = "linked by way of others",
    [REASON_CONFIRMED] = "confirmed",
    [REASON_DISMISSED] = "dismissed",
    [REASON_RIVAL] = "another candidate is likelier",
    [REASON_NAMESAKES] = "fits two people of one name",
    [REASON_OTHERS] = "likely alone, not among all candidates",
    [REASON_BELOW] = "below the threshold",
};

static const char *const OBSTACLES[] = {
    [WHY_WEIGHED] = "weighed",
    [WHY_TWO_SEIZURES] = "never compared: two seizures",
    [WHY_TWO_TRACES] = "never a candidate: two traces with different serials",
    [WHY_NO_TIER] = "never a candidate: no tier holds",
    [WHY_NO_KEY] = "never a candidate: no blocking key is shared",
    [WHY_CONFLICT] = "kept apart by a conflict",
    [WHY_CONFLICT_BESIDE] = "kept apart by a conflict of other mentions",
};

static const char *reason_word(const Why *why)
{
    return why->reason == REASON_OBSTACLE ? OBSTACLES[why->weighed.obstacle] : REASONS[why->reason];
}

/* A posterior after competition says more than bits and prior: what it adds to them. */
static double beside_bits(const Why *why)
{
    return probability_to_bits(why->probability) - why->bits;
}

/* Is the probability what the pair would be worth, and not what the run holds? */
static gboolean is_alone(const Why *why)
{
    return !why->stored || (why->reason == REASON_OBSTACLE && why->type == JUDGE_PERSON);
}

static gboolean is_decided(const Why *why)
{
    return why->reason == REASON_CONFIRMED || why->reason == REASON_DISMISSED;
}

/* ---- rows ------------------------------------------------------------------------------- */

static gboolean send(RowSink *sink, const char *part, const char *name, const char *value,
                     GError **error)
{
    const char *cells[WHY_COLUMNS] = {part, name, value};
    return sink->row(sink, cells, error);
}

static gboolean send_number(RowSink *sink, const char *name, double number, int decimals,
                            GError **error)
{
    g_autofree char *text = text_number(number, decimals);
    const char *cells[WHY_COLUMNS] = {"result", name};
    cells[WHY_COLUMNS - 1] = text;
    return sink->row(sink, cells, error);
}

static gboolean send_terms(const Why *why, RowSink *sink, GError **error)
{
    double running = 0;
    const Evidence *evidence = why->weighed.evidence;
    for (guint i = 0; evidence && i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        running += term->counted;
        g_autofree char *bits = text_number(term->bits, 3);
        g_autofree char *counted = text_number(term->counted, 3);
        g_autofree char *sum = text_number(running, 3);
        const char *cells[WHY_COLUMNS] = {"evidence",  term->field, term->level, term->left,
                                          term->right, bits,        counted,     sum};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean send_numbers(const Why *why, RowSink *sink, GError **error)
{
    gboolean firearm = why->type == JUDGE_LINK;
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (!why->weighed.evidence)
        return TRUE;
    if (!send_number(sink, "bits", why->bits, 3, error))
        return FALSE;
    if (firearm && !why->stored && !send_number(sink, "prior", why->weighed.prior, 3, error))
        return FALSE;
    if (firearm && why->stored && why->probability > 0 && why->probability < 1 &&
        !send_number(sink, "prior and other candidates", beside_bits(why), 3, error))
        return FALSE;
    const char *name = is_alone(why) ? "probability, alone" : "probability";
    if (!send_number(sink, name, why->probability, 6, error))
        return FALSE;
    const char *cells[WHY_COLUMNS] = {"result", "chance_matches"};
    cells[WHY_COLUMNS - 1] = g_ascii_formatd(buffer, sizeof buffer, "%.6g", why->weighed.chance);
    return !firearm || sink->row(sink, cells, error);
}

static gboolean send_judgement(const Why *why, RowSink *sink, GError **error)
{
    const Judgement *judgement = why->judgement;
    if (!judgement)
        return TRUE;
    return send(sink, "judgement", "verdict", verdict_name(judgement->verdict), error) &&
           send(sink, "judgement", "by", judgement->actor, error) &&
           send(sink, "judgement", "time", judgement->time, error) &&
           (!*judgement->reason || send(sink, "judgement", "reason", judgement->reason, error)) &&
           (!why->news || !*why->news || send(sink, "judgement", "new since", why->news, error));
}

gboolean why_rows(const Why *why, RowSink *sink, GError **error)
{
    const char *pair[WHY_COLUMNS] = {"pair", why->type == JUDGE_LINK ? "firearm" : "person", NULL,
                                     why->left, why->right};
    g_autofree char *path = NULL;
    if (why->path) {
        g_ptr_array_add(why->path, NULL);
        path = g_strjoinv(" = ", (char **)why->path->pdata);
        g_ptr_array_remove_index(why->path, why->path->len - 1);
    }
    g_autofree char *rival = NULL;
    if (why->rival) {
        g_autofree char *probability = text_number(why->rival_probability, 6);
        rival = g_strdup_printf("%s (%s)", why->rival, probability);
    }
    const char *tier = why->type == JUDGE_LINK ? why->weighed.tier : NULL;
    return sink->begin(sink, why_columns, WHY_COLUMNS, error) && sink->row(sink, pair, error) &&
           send_terms(why, sink, error) &&
           (!tier || send(sink, "result", "tier", *tier ? tier : "none", error)) &&
           send_numbers(why, sink, error) &&
           send(sink, "result", "same", why->same ? "yes" : "no", error) &&
           send(sink, "result", "reason", reason_word(why), error) &&
           (!why->weighed.nearest[LANG_EN] ||
            send(sink, "result", "nearest", why->weighed.nearest[LANG_EN], error)) &&
           (!rival || send(sink, "result", "likelier", rival, error)) &&
           (!path || send(sink, "result", "by way of", path, error)) &&
           send_judgement(why, sink, error) && sink->end(sink, error);
}

/* ---- sentences -------------------------------------------------------------------------- */

static void add(GString *out, char *sentence)
{
    if (out->len)
        g_string_append_c(out, ' ');
    g_string_append(out, sentence);
    g_free(sentence);
}

/* "about 3,400 to 1" for bits: how many times as likely; beyond a thousand million it says so. */
static char *times_of(double bits, Lang lang)
{
    double times = exp2(fabs(bits));
    if (times > 1e9)
        return g_strdup("1000000000");
    double unit = times < 1000 ? 1 : pow(10, floor(log10(times)) - 2); /* three digits tell */
    return message_number(times < 10 ? times : floor(times / unit) * unit, times < 10 ? 1 : 0,
                          lang);
}

/* Of the comparison alone: the prior stands among the terms of a person. */
static double weight_of(const Evidence *evidence)
{
    double bits = evidence_bits(evidence);
    for (guint i = 0; i < evidence_count(evidence); i++)
        if (strcmp(evidence_term(evidence, i)->family, "prior") == 0)
            bits -= evidence_term(evidence, i)->counted;
    return bits;
}

/* No computed probability is certainty. */
static char *probability_text(double probability, Lang lang)
{
    if (probability > 0.999999)
        return message_decimal(g_strdup("> 0.999999"), lang);
    return message_decimal(
        probability < 0.000001 ? g_strdup("< 0.000001") : text_number(probability, 6), lang);
}

static void add_weight(GString *out, const Why *why, const Terms *terms, Lang lang)
{
    double bits = weight_of(why->weighed.evidence);
    g_autofree char *times = times_of(bits, lang), *number = message_number(bits, 1, lang);
    MessageId id = fabs(bits) > log2(1e9) ? bits > 0 ? MSG_WHY_MORE_TIMES : MSG_WHY_LESS_TIMES
                   : bits > 0             ? MSG_WHY_TIMES
                                          : MSG_WHY_TIMES_AGAINST;
    add(out, message_format(id, lang, times, number));
    g_autofree char *line = terms_line(terms, why->weighed.evidence, lang);
    add(out, message_format(MSG_WHY_EVIDENCE, lang, line));
    g_autofree char *probability = probability_text(why->probability, lang);
    if (!is_decided(why))
        add(out,
            message_format(is_alone(why) ? MSG_WHY_ALONE : MSG_WHY_PROBABILITY, lang, probability));
    if (why->type == JUDGE_LINK && why->weighed.tier && *why->weighed.tier) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(buffer, sizeof buffer, "%.3g", why->weighed.chance);
        gboolean by_number = strcmp(why->weighed.tier, tier_name(TIER_PAPER)) != 0;
        add(out, message_format(by_number ? MSG_WHY_CHANCE_NUMBER : MSG_WHY_CHANCE, lang,
                                message_decimal(buffer, lang)));
    }
}

static void add_obstacle(GString *out, const Why *why, Lang lang)
{
    static const MessageId texts[] = {
        [WHY_TWO_SEIZURES] = MSG_WHY_TWO_SEIZURES, [WHY_TWO_TRACES] = MSG_WHY_TWO_TRACES,
        [WHY_NO_TIER] = MSG_WHY_NO_TIER,           [WHY_NO_KEY] = MSG_WHY_NO_KEY,
        [WHY_CONFLICT] = MSG_WHY_CONFLICT,         [WHY_CONFLICT_BESIDE] = MSG_WHY_CONFLICT_BESIDE,
    };
    const char *nearest = why->weighed.nearest[lang];
    gboolean conflict = why->weighed.obstacle >= WHY_CONFLICT;
    add(out, g_strdup(message(texts[why->weighed.obstacle], lang)));
    if (nearest)
        add(out, message_format(conflict ? MSG_WHY_NAMELY : MSG_WHY_NEAREST, lang, nearest));
}

static void add_reason(GString *out, const Why *why, Lang lang)
{
    if (why->reason == REASON_OBSTACLE)
        add_obstacle(out, why, lang);
    if (why->reason == REASON_BELOW)
        add(out, g_strdup(message(MSG_WHY_BELOW, lang)));
    if (why->reason == REASON_OTHERS)
        add(out, g_strdup(message(MSG_WHY_OTHERS, lang)));
    if (why->reason == REASON_NAMESAKES && why->rival) {
        g_autofree char *probability = probability_text(why->rival_probability, lang);
        add(out, message_format(MSG_WHY_NAMESAKES, lang, why->rival, probability));
    }
    if (why->reason == REASON_RIVAL) {
        g_autofree char *probability = probability_text(why->rival_probability, lang);
        add(out, why->rival_item
                     ? message_format(MSG_WHY_RIVAL_ITEM, lang, why->rival_item, probability)
                     : message_format(MSG_WHY_RIVAL, lang, why->rival, probability));
    }
    if (why->reason == REASON_BY_WAY && why->path) {
        g_ptr_array_add(why->path, NULL);
        g_autofree char *path = g_strjoinv(" = ", (char **)why->path->pdata);
        g_ptr_array_remove_index(why->path, why->path->len - 1);
        add(out, message_format(MSG_WHY_BY_WAY, lang, path));
    }
}

static void add_judgement(GString *out, const Why *why, Lang lang)
{
    static const MessageId verdicts[] = {MSG_WHY_SAID_YES, MSG_WHY_SAID_NO, MSG_WHY_SAID_UNSURE};
    const Judgement *judgement = why->judgement;
    if (!judgement)
        return;
    g_autofree char *day = g_strndup(judgement->time, 10);
    add(out, message_format(verdicts[judgement->verdict], lang, judgement->actor, day,
                            *judgement->reason ? judgement->reason : "-"));
    if (why->news && *why->news)
        add(out, message_format(MSG_WHY_NEWS, lang, why->news));
}

char *why_text(const Why *why, const Terms *terms, Lang lang)
{
    GString *out = g_string_new(NULL);
    gboolean firearm = why->type == JUDGE_LINK;
    MessageId claim = firearm     ? why->same ? MSG_WHY_ONE_FIREARM : MSG_WHY_TWO_FIREARMS
                      : why->same ? MSG_WHY_ONE_PERSON
                                  : MSG_WHY_TWO_PERSONS;
    add(out, message_format(claim, lang, why->left, why->right));
    add_reason(out, why, lang);
    if (why->weighed.evidence)
        add_weight(out, why, terms, lang);
    add_judgement(out, why, lang);
    add(out, g_strdup(message(firearm ? MSG_WHY_CAVEAT_FIREARM : MSG_WHY_CAVEAT_PERSON, lang)));
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
