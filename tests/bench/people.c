/*
 * A made-up crowd of person mentions and how it is resolved: three in ten people are mentioned
 * again with slips in names, other birth dates, other addresses, numbers lost. Synthetic; the same
 * for the same size. Prints the pairs found, so that speed is never told without accuracy.
 *   crosstrace-people N [NEW]   resolves N mentions [or NEW more, with what a run of N left behind]
 */
#define _GNU_SOURCE /* RUSAGE_THREAD */
#include "engine/base/dict.h"
#include "engine/base/memory.h"
#include "engine/resolution/roll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct {
    char *texts; /* all strings, one after the other */
    gsize used, room;
    PersonMention *mentions;
    guint *truth;
    guint n;
    GRand *rand;
} World;

static double chance(World *w)
{
    return g_rand_double(w->rand);
}

static guint below(World *w, guint n)
{
    return g_rand_int(w->rand) % n;
}

/* The n-th of many made-up words, the first ones common (Zipf). */
static guint common(World *w, guint n)
{
    double r = chance(w);
    return (guint)(r * r * n);
}

static const char *keep(World *w, const char *text)
{
    gsize length = strlen(text) + 1;
    if (w->used + length > w->room) {
        w->room = 1 << 22;
        w->texts = g_malloc(w->room);
        w->used = 0;
    }
    char *at = w->texts + w->used;
    memcpy(at, text, length);
    w->used += length;
    return at;
}

static void word(char *out, guint number, guint syllables)
{
    static const char *const start[] = {"BAR",  "KOW", "TREM", "LE", "SMI", "NGU", "GAR", "O",
                                        "ABER", "WIS", "MAC",  "DE", "HAR", "JOH", "PET", "VAN"};
    static const char *const middle[] = {"NA",  "ALC",  "BLA", "VES", "THER", "YEN", "CI",  "LAR",
                                         "NAT", "NIEW", "DO",  "LAC", "RI",   "NS",  "ERS", "DEN"};
    out = g_stpcpy(out, start[number % 16]);
    for (guint i = 0; i < syllables; i++) {
        number = number / 16 + number * 7;
        out = g_stpcpy(out, middle[number % 16]);
    }
}

/* A letter changed, lost or added. */
static const char *slip(World *w, const char *text)
{
    char out[64];
    guint length = (guint)strlen(text), at = length ? below(w, length) : 0;
    g_strlcpy(out, text, sizeof out - 1);
    if (length < 2)
        return text;
    switch (below(w, 3)) {
    case 0:
        out[at] = (char)('A' + below(w, 26));
        break;
    case 1:
        memmove(out + at, out + at + 1, length - at);
        break;
    default:
        memmove(out + at + 1, out + at, length - at + 1);
    }
    return keep(w, out);
}

static void person(World *w, PersonMention *m)
{
    char text[64], part[48];
    word(text, common(w, 60000), 2);
    m->last = keep(w, text);
    word(text, common(w, 1500), 1);
    m->first = keep(w, text);
    m->dob = date_from_ymd(1940, 1, 1) + (Day)below(w, 24000);
    word(part, below(w, 4000), 1);
    g_snprintf(text, sizeof text, "%u %s ST", 1 + below(w, 9000), part);
    m->street = keep(w, text);
    word(text, 200000 + common(w, 3000), 2);
    m->city = keep(w, text);
    g_snprintf(text, sizeof text, "%05u", common(w, 30000));
    m->postal = keep(w, text);
    m->region = "OH";
    m->doc_type = "DL";
    g_snprintf(text, sizeof text, "%09u", below(w, 999999999));
    m->doc_no = chance(w) < 0.7 ? keep(w, text) : NULL;
}

static void again(World *w, PersonMention *m)
{
    char text[64];
    m->last = chance(w) < 0.25 ? slip(w, m->last) : m->last;
    m->first = chance(w) < 0.25 ? slip(w, m->first) : m->first;
    if (chance(w) < 0.08)
        m->dob = DAY_NONE;
    else if (m->dob != DAY_NONE && chance(w) < 0.12)
        m->dob += chance(w) < 0.5 ? 1 : 365;
    if (chance(w) < 0.35) {
        char part[48];
        word(part, below(w, 4000), 1);
        g_snprintf(text, sizeof text, "%u %s ST", 1 + below(w, 9000), part);
        m->street = keep(w, text);
    }
    m->doc_no = m->doc_no && chance(w) < 0.1 ? slip(w, m->doc_no) : m->doc_no;
    if (chance(w) < 0.03) {
        const char *swap = m->last;
        m->last = m->first;
        m->first = swap;
    }
}

static void world_make(World *w)
{
    char ref[32];
    w->mentions = g_new0(PersonMention, w->n);
    w->truth = g_new0(guint, w->n);
    for (guint i = 0; i < w->n; i++) {
        PersonMention *m = &w->mentions[i];
        if (i > 100 && chance(w) < 0.3) {
            guint of = w->truth[below(w, i)];
            *m = w->mentions[of];
            w->truth[i] = w->truth[of];
            again(w, m);
        } else {
            person(w, m);
            w->truth[i] = i;
        }
        g_snprintf(ref, sizeof ref, "set:%08u:purchaser", i);
        m->ref = m->record = keep(w, ref);
        m->role = "purchaser";
    }
}

static int number_compare(const void *a, const void *b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

/* Pairs of equal keys. */
static double pairs_of(guint64 *keys, guint n)
{
    double pairs = 0;
    qsort(keys, n, sizeof *keys, number_compare);
    for (guint from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && keys[to] == keys[from];)
            to++;
        pairs += (double)(to - from) * (to - from - 1) / 2;
    }
    return pairs;
}

static void tell(const World *w, const PersonResult *r, double seconds)
{
    double pairs[3];
    g_autofree guint64 *keys = g_new(guint64, w->n);
    for (guint k = 0; k < 3; k++) {
        for (guint i = 0; i < w->n; i++)
            keys[i] = k == 0   ? w->truth[i]
                      : k == 1 ? r->entity[i]
                               : (guint64)w->truth[i] << 32 | r->entity[i];
        pairs[k] = pairs_of(keys, w->n);
    }
    fprintf(stderr, "%u mentions in %.2f s, %.0f pairs compared: precision %.4f, recall %.4f\n",
            w->n, seconds, (double)r->compared, pairs[2] / pairs[1], pairs[2] / pairs[0]);
}

/* Of all threads, or of this one, which takes part in all that is shared out: what it uses is the
 * time that passes where nobody else needs the processors. */
static double processor_seconds(gboolean all)
{
    struct rusage usage;
    getrusage(all ? RUSAGE_SELF : RUSAGE_THREAD, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

/* Of every person, probability and edge: the same for the same result. */
static guint64 fingerprint(const PersonResult *r)
{
    guint64 h = 0, word;
    for (guint i = 0; i < r->n; i++) {
        memcpy(&word, &r->probability[i], sizeof word);
        h = mix64(mix64(h, word), r->entity[i]);
    }
    for (guint i = 0; i < r->edges->len; i++) {
        const PersonEdge *edge = &g_array_index(r->edges, PersonEdge, i);
        memcpy(&word, &edge->bits, sizeof word);
        h = mix64(mix64(h, word), (guint64)edge->left << 32 | edge->right);
        memcpy(&word, &edge->probability, sizeof word);
        h = mix64(h, word);
    }
    return h;
}

static long peak_megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* Everybody from scratch. */
static void resolve_whole(const World *w, const PersonModel *model)
{
    PersonInput input = {.mentions = w->mentions, .n = w->n};
    long before = peak_megabytes();
    double used = processor_seconds(TRUE), first = processor_seconds(FALSE);
    gint64 start = g_get_monotonic_time();
    g_autoptr(PersonResult) result = person_resolve(model, &input);
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    used = processor_seconds(TRUE) - used;
    first = processor_seconds(FALSE) - first;
    tell(w, result, seconds);
    fprintf(stderr,
            "input %ld MB, %ld MB on top of it; %.2f s of processor time, %.2f of the first "
            "thread\n%u edges, fingerprint %016" G_GINT64_MODIFIER "x\n",
            before, peak_megabytes() - before, used, first, result->edges->len,
            fingerprint(result));
}

static gboolean append(gconstpointer data, gsize size, gpointer to, G_GNUC_UNUSED GError **error)
{
    g_byte_array_append(to, data, (guint)size);
    return TRUE;
}

/* What a run of the first ones would leave behind. */
static PersonParameters *keep_old(const World *w, const PersonModel *model, guint old,
                                  GByteArray *bytes)
{
    PersonInput input = {.mentions = w->mentions, .n = old};
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = append, .to = bytes, .sums = sums};
    g_autoptr(PersonRoll) roll = person_roll_new(model, &input);
    PersonParameters *parameters = person_roll_estimate(roll);
    person_roll_keep(roll, parameters, &to, NULL);
    sums_end(&to, NULL);
    return parameters;
}

/* The last ones onto the others, as a run does it. */
static void resolve_new(const World *w, const PersonModel *model, guint old)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(PersonParameters) parameters = keep_old(w, model, old, bytes);
    g_autofree guint *dirty = g_new(guint, w->n), *place = g_new(guint, w->n);
    for (guint i = 0; i < w->n; i++) {
        place[i] = i < old ? i : G_MAXUINT;
        dirty[i] = old + i;
    }
    PersonKept kept = {.bytes = bytes->data, .size = bytes->len, .place = place};
    PersonInput input = {.mentions = w->mentions,
                         .n = w->n,
                         .parameters = parameters,
                         .dirty = dirty,
                         .n_dirty = w->n - old,
                         .kept = &kept};
    double used = processor_seconds(TRUE);
    gint64 start = g_get_monotonic_time();
    g_autoptr(PersonResult) result = person_resolve(model, &input);
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    guint resolved = 0;
    for (guint i = 0; i < w->n; i++)
        resolved += result->resolved[i] != 0;
    fprintf(stderr,
            "%u new onto %u in %.2f s, %.2f s of processor time: %u looked at again; "
            "%u bytes kept\n",
            w->n - old, old, seconds, processor_seconds(TRUE) - used, resolved, bytes->len);
}

int main(int argc, char **argv)
{
    World w = {.n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 100000};
    guint old = w.n;
    g_autoptr(GError) error = NULL;
    g_autoptr(PersonModel) model = person_model_load("rules", &error);
    if (!model) {
        fprintf(stderr, "%s\n", error->message);
        return EXIT_FAILURE;
    }
    memory_give_back();
    w.n += argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 0;
    w.rand = g_rand_new_with_seed(20);
    world_make(&w);
    if (w.n == old)
        resolve_whole(&w, model);
    else
        resolve_new(&w, model, old);
    return EXIT_SUCCESS;
}
