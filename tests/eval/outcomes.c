/*
 * The error channel of tests/synth/damage.c written down: the same damages, by the same numbers
 * (tests/synth/channel.h), but all outcomes with their probabilities instead of one drawn. A draw
 * that the generator repeats until it succeeds is here conditioned on success.
 */
#include "tests/eval/outcomes.h"

#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

typedef struct {
    const char *serial;
    gsize n;
    double weight; /* of the damage at hand */
    double clean;  /* of no damage */
    OutcomeFunc each;
    gpointer data;
} Channel;

typedef struct {
    char text[64];
} Text;

/* How many numbers share all but these letters and digits. */
static double spread(const char *hidden, gsize n)
{
    double count = 1;
    for (gsize i = 0; i < n; i++)
        count *= g_ascii_isdigit(hidden[i]) ? 10 : g_ascii_isalpha(hidden[i]) ? 22 : 1;
    return count;
}

static void say(const Channel *c, const char *text, double share, double preimages)
{
    if (share > 0)
        c->each(text, c->weight * share, preimages, c->data);
}

/* A text of the shape of a number may as well be another number, written without error. */
static void say_shaped(const Channel *c, const char *text, double share)
{
    if (share > 0)
        say(c, text, share, 1 + c->clean / (c->weight * share));
}

/* Share of draws that choose each position. */
static void positions(const char *serial, double share[64])
{
    gsize n = strlen(serial);
    memset(share, 0, 64 * sizeof *share);
    for (gsize at = 0; at < n; at++)
        share[serial_alnum_from(serial, at)] += 1.0 / (double)n;
}

typedef struct {
    char other[4]; /* 0 last: no look-alike */
    double share[4];
    guint n;
} Confused;

static Confused confused(char c)
{
    Confused out = {.n = 0};
    for (gsize start = 0; start < SERIAL_CONFUSED_COUNT; start++) {
        char other = serial_confused(c, start);
        guint k = 0;
        while (k < out.n && out.other[k] != other)
            k++;
        if (k == G_N_ELEMENTS(out.other))
            continue;
        out.other[k] = other;
        out.share[k] += 1.0 / SERIAL_CONFUSED_COUNT;
        out.n = MAX(out.n, k + 1);
    }
    return out;
}

static void each_confusion(const Channel *c, const char *serial, double share)
{
    double at[64], able = 0;
    Text text;
    positions(serial, at);
    for (gsize i = 0; serial[i] != '\0'; i++)
        able += serial_confused(serial[i], 0) != '\0' ? at[i] : 0;
    if (able <= 0)
        say_shaped(c, serial, share);
    for (gsize i = 0; able > 0 && serial[i] != '\0'; i++) {
        Confused other = confused(serial[i]);
        for (guint k = 0; at[i] > 0 && k < other.n; k++) {
            if (other.other[k] == '\0')
                continue;
            g_strlcpy(text.text, serial, sizeof text.text);
            text.text[i] = other.other[k];
            say_shaped(c, text.text, share * at[i] / able * other.share[k]);
        }
    }
}

static void confusion(const Channel *c)
{
    each_confusion(c, c->serial, 1);
}

static void confusion2(const Channel *c)
{
    double at[64];
    Text text;
    positions(c->serial, at);
    for (gsize i = 0; i < c->n; i++) {
        Confused other = confused(c->serial[i]);
        for (guint k = 0; at[i] > 0 && k < other.n; k++) {
            g_strlcpy(text.text, c->serial, sizeof text.text);
            if (other.other[k] != '\0')
                text.text[i] = other.other[k];
            each_confusion(c, text.text, at[i] * other.share[k]);
        }
    }
}

static void substitution(const Channel *c)
{
    double at[64];
    Text text;
    positions(c->serial, at);
    for (gsize i = 0; i < c->n; i++) {
        if (at[i] <= 0)
            continue;
        g_strlcpy(text.text, c->serial, sizeof text.text);
        text.text[i] = serial_other(text.text[i]);
        say_shaped(c, text.text, at[i]);
    }
}

static gboolean can_swap(const char *s, gsize at)
{
    return s[at] != s[at + 1] && g_ascii_isalnum(s[at]) && g_ascii_isalnum(s[at + 1]);
}

static void transposition(const Channel *c)
{
    guint able = 0;
    Text text;
    for (gsize i = 0; i + 1 < c->n; i++)
        able += can_swap(c->serial, i);
    if (able == 0 || c->n <= 2) {
        say(c, c->serial, 1, 1);
        return;
    }
    for (gsize i = 0; i + 1 < c->n; i++) {
        if (!can_swap(c->serial, i))
            continue;
        g_strlcpy(text.text, c->serial, sizeof text.text);
        text.text[i] = c->serial[i + 1];
        text.text[i + 1] = c->serial[i];
        say_shaped(c, text.text, 1.0 / able);
    }
}

static void dropped(const Channel *c)
{
    double at[64];
    Text text;
    positions(c->serial, at);
    for (gsize i = 0; i < c->n; i++) {
        g_snprintf(text.text, sizeof text.text, "%.*s%s", (int)i, c->serial, c->serial + i + 1);
        say(c, text.text, at[i], spread(c->serial + i, 1));
    }
}

static void added(const Channel *c)
{
    double at[64];
    Text text;
    positions(c->serial, at);
    for (gsize i = 0; i < c->n; i++) {
        g_snprintf(text.text, sizeof text.text, "%.*s%s", (int)i + 1, c->serial, c->serial + i);
        say(c, text.text, at[i], 1);
    }
}

static void prefix(const Channel *c)
{
    gsize cut = serial_prefix(c->serial);
    say(c, c->serial + cut, 1, spread(c->serial, cut));
}

static void spacing(const Channel *c)
{
    const char *hyphen = strchr(c->serial, '-');
    gsize places = MAX(c->n, 3) - 2;
    Text text;
    if (hyphen != NULL) {
        g_snprintf(text.text, sizeof text.text, "%.*s%s", (int)(hyphen - c->serial), c->serial,
                   hyphen + 1);
        say(c, text.text, 1, 1);
        return;
    }
    for (gsize at = 1; at <= places; at++) {
        for (guint k = 0; k < 2; k++) {
            g_snprintf(text.text, sizeof text.text, "%.*s%c%s", (int)at, c->serial, " -"[k],
                       c -> serial + at);
            say(c, text.text, 0.5 / (double)places, 1);
        }
    }
}

static void alternatives(const Channel *c)
{
    double at[64];
    Text text;
    positions(c->serial, at);
    for (gsize i = 0; i < c->n; i++) {
        Confused other = confused(c->serial[i]);
        for (guint k = 0; at[i] > 0 && k < other.n; k++) {
            char second = other.other[k] != '\0' ? other.other[k] : c->serial[i] == '7' ? '1' : '7';
            g_snprintf(text.text, sizeof text.text, "%.*s(%c/%c)%s", (int)i, c->serial,
                       c->serial[i], second, c->serial + i + 1);
            say(c, text.text, at[i] * other.share[k], 2);
        }
    }
}

static void unknowns(const Channel *c)
{
    static const char marks[] = SERIAL_MARKS;
    double at[64], then[64], each = 1.0 / (sizeof marks - 1);
    Text one, two;
    positions(c->serial, at);
    for (gsize m = 0; m + 1 < sizeof marks; m++) {
        for (gsize i = 0; i < c->n; i++) {
            if (at[i] <= 0)
                continue;
            g_strlcpy(one.text, c->serial, sizeof one.text);
            one.text[i] = marks[m];
            say(c, one.text, each * at[i] / 2, spread(c->serial + i, 1));
            positions(one.text, then);
            for (gsize k = 0; k < c->n; k++) {
                if (then[k] <= 0)
                    continue;
                two = one;
                two.text[k] = marks[m];
                say(c, two.text, each * at[i] / 2 * then[k],
                    spread(c->serial + i, 1) * spread(c->serial + k, 1));
            }
        }
    }
}

static void in_part(const Channel *c)
{
    static const char *const tails[][2] = {
        {"ENDS IN ", "SE TERMINANT PAR "}, {"***", NULL}, {"PARTIAL ", "PARTIEL "}};
    char text[96];
    for (gsize keep = 4; keep <= 5; keep++) {
        gsize hidden = c->n - MIN(c->n, keep);
        for (guint t = 0; t < G_N_ELEMENTS(tails); t++) {
            for (guint language = 0; language < 2 && tails[t][language] != NULL; language++) {
                g_snprintf(text, sizeof text, "%s%s", tails[t][language], c->serial + hidden);
                say(c, text, 0.125, spread(c->serial, hidden));
            }
        }
    }
    gsize head = MIN(c->n, 5);
    for (guint language = 0; language < 2; language++) {
        g_snprintf(text, sizeof text, "%s %.*s", language ? "COMMENÇANT PAR" : "BEGINS WITH",
                   (int)head, c->serial);
        say(c, text, 0.25, spread(c->serial + head, c->n - head));
    }
}

static void in_words(const Channel *c)
{
    static const char *const words[] = SERIAL_WORDS;
    guint n = G_N_ELEMENTS(words);
    for (guint i = 0; i < n; i++)
        say(c, words[i], 1.0 / n, 1);
}

void outcomes_of(const char *serial, const char *model, double errors, OutcomeFunc each,
                 gpointer data)
{
#define DAMAGE(name, rate) {rate, name},
    static const struct {
        double rate;
        void (*apply)(const Channel *c);
    } damages[] = {SERIAL_DAMAGES(DAMAGE)};
    Channel c = {.serial = serial, .n = strlen(serial), .each = each, .data = data, .weight = 1};
    if (c.n == 0) {
        say(&c, "NONE", 1, 1);
        say(&c, "SANS NUMÉRO DE SÉRIE", 1, 1);
        return;
    }
    double left = 1, damaged = 0;
    c.weight = SERIAL_IS_MODEL * errors;
    say(&c, model, 1, 1);
    left -= c.weight;
    c.weight = left * SERIAL_IS_WORD * errors;
    in_words(&c);
    left -= c.weight;
    c.weight = left * SERIAL_IS_PART * errors;
    in_part(&c);
    left -= c.weight;
    for (guint i = 0; i < G_N_ELEMENTS(damages); i++)
        damaged += MIN(damages[i].rate * errors, SERIAL_DAMAGE_MOST);
    c.clean = left * (1 - damaged);
    for (guint i = 0; i < G_N_ELEMENTS(damages); i++) {
        c.weight = left * MIN(damages[i].rate * errors, SERIAL_DAMAGE_MOST);
        damages[i].apply(&c);
    }
    c.weight = c.clean;
    say(&c, serial, 1, 1);
}

void outcomes_removed(const char *known, OutcomeFunc each, gpointer data)
{
    static const char *const words[] = {"OBLITERATED", "GROUND OFF", "OBLITÉRÉ", "LIMÉ"};
    Channel c = {.serial = known, .n = strlen(known), .each = each, .data = data, .weight = 0.25};
    char text[96];
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        say(&c, words[i], 1, 1);
        if (strcmp(known, words[i]) == 0) { /* which word tells nothing of the other's */
            for (guint k = i + 1; k < G_N_ELEMENTS(words); k++)
                say(&c, words[k], 1, 1);
            say(&c, OUTCOME_ANY, 1, 1);
            return;
        }
    }
    if (g_str_has_prefix(known, "***")) {
        say(&c, known, 1, 1000);
        g_snprintf(text, sizeof text, OUTCOME_ANY_END "%s", known + 3);
        say(&c, text, 0.001, 1000);
        return;
    }
    say(&c, known, 1, 1);
    gsize hidden = c.n > 5 ? c.n - 5 : 0;
    g_snprintf(text, sizeof text, "***%s", known + hidden);
    say(&c, text, 1, spread(known, hidden));
}
