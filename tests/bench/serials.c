/*
 * Bench of the serial search: distinct serials of eight styles in dense runs (synthetic, seeded),
 * an index over them, damaged ones asked for; and a firearm for each serial linked with up to
 * 100,000 seizures, a tenth of those damaged. Prints one row a measure: measure,value,unit.
 *   crosstrace-serials [SERIALS [FOLDER]]
 * With FOLDER it also writes, for others to be asked the same (tests/bench/peers):
 * FOLDER/serials.csv (number,serial) and FOLDER/asked.csv (asked,of,edits,serial), the first ones
 * of each kind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/firearm/index.h"
#include "engine/link/link.h"

#define ASKED  2000u
#define EDITS  3u      /* kinds asked: as it is, one damage, two */
#define SHARED 100u    /* asked of others too, of each kind */
#define SEIZED 100000u /* at most; of fewer serials a tenth */

typedef struct {
    Codes codes;
    guint of; /* the serial it was made of */
} Asked;

typedef struct {
    GRand *rand;
    Codes *codes;
    guint n;
    Asked asked[EDITS][ASKED];
} Serials;

static guint pick(Serials *serials, guint n)
{
    return (guint)g_rand_int_range(serials->rand, 0, (gint)n);
}

static double now(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

static double processor(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static long peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void put(const char *measure, double value, const char *unit)
{
    printf("%s,%.4g,%s\n", measure, value, unit);
    fflush(stdout);
}

/* Letters and digits of a style, '@' and '#', numbered up from a place of its own. */
static void write_serial(const char *style, guint64 number, Codes *codes)
{
    codes->n = (guint8)strlen(style);
    for (guint i = codes->n; i-- > 0;) {
        guint base = style[i] == '@' ? 24 : 10;
        if (style[i] == '@' || style[i] == '#') {
            guint at = (guint)(number % base);
            number /= base;
            codes->code[i] = (guint8)(base == 10 ? at : 10 + at + (at > 7) + (at > 12));
        } else {
            codes->code[i] = (guint8)(style[i] - '0');
        }
    }
}

static void make_serials(Serials *serials, guint n)
{
    static const char *const styles[] = {"@@@###",   "@@@####",  "@@@@###", "@@@#####",
                                         "########", "@@######", "#######", "3#######"};
    serials->codes = g_new0(Codes, n);
    serials->n = n;
    guint runs = n / 64 + 1;
    for (guint i = 0; i < n; i++) {
        guint run = i / 64, style = run % G_N_ELEMENTS(styles);
        guint64 place = (guint64)(run / G_N_ELEMENTS(styles)) * 8 * 131 % (runs * 257);
        write_serial(styles[style], place * 64 + i % 64, &serials->codes[i]);
    }
}

static void damage(Serials *serials, Codes *codes)
{
    guint at = pick(serials, codes->n);
    switch (pick(serials, 10)) {
    case 0: /* lost */
        memmove(codes->code + at, codes->code + at + 1, codes->n - at - 1u);
        codes->n--;
        break;
    case 1: /* added */
        memmove(codes->code + at + 1, codes->code + at, (gsize)codes->n - at);
        codes->code[at] = (guint8)pick(serials, 10);
        codes->n++;
        break;
    case 2: /* swapped */
        if (at > 0) {
            guint8 code = codes->code[at];
            codes->code[at] = codes->code[at - 1];
            codes->code[at - 1] = code;
        }
        break;
    default:
        codes->code[at] =
            (guint8)(codes->code[at] > 9 ? 10 + pick(serials, 24) : pick(serials, 10));
    }
}

static void codes_at(guint number, Codes *codes, gconstpointer data)
{
    const Serials *serials = data;
    *codes = serials->codes[number];
}

static void make_asked(Serials *serials)
{
    for (guint edits = 0; edits < EDITS; edits++)
        for (guint i = 0; i < ASKED; i++) {
            Asked *asked = &serials->asked[edits][i];
            asked->of = pick(serials, serials->n);
            asked->codes = serials->codes[asked->of];
            for (guint k = 0; k < edits; k++)
                damage(serials, &asked->codes);
        }
}

static void write_text(const Codes *codes, char text[SERIAL_MAX + 1])
{
    for (guint k = 0; k < codes->n; k++)
        text[k] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[codes->code[k]];
    text[codes->n] = '\0';
}

/* For others to be asked. */
static gboolean print(const Serials *serials, const char *folder)
{
    g_autofree char *all = g_build_filename(folder, "serials.csv", NULL);
    g_autofree char *some = g_build_filename(folder, "asked.csv", NULL);
    char text[SERIAL_MAX + 1];
    FILE *out = fopen(all, "w"), *asked = out ? fopen(some, "w") : NULL;
    if (asked == NULL) {
        if (out)
            fclose(out);
        return FALSE;
    }
    fputs("number,serial\n", out);
    for (guint i = 0; i < serials->n; i++) {
        write_text(&serials->codes[i], text);
        fprintf(out, "%u,%s\n", i, text);
    }
    fputs("asked,of,edits,serial\n", asked);
    for (guint edits = 0; edits < EDITS; edits++)
        for (guint i = 0; i < SHARED; i++) {
            write_text(&serials->asked[edits][i].codes, text);
            fprintf(asked, "%u,%u,%u,%s\n", edits * SHARED + i, serials->asked[edits][i].of, edits,
                    text);
        }
    gboolean written = fclose(out) == 0;
    return fclose(asked) == 0 && written;
}

static void ask(const Serials *serials, const SerialIndex *index, const FirearmModel *model,
                guint edits)
{
    static const guint what[EDITS] = {FIND_EQUAL, FIND_EQUAL | FIND_ONE,
                                      FIND_EQUAL | FIND_ONE | FIND_TWO};
    g_autoptr(Probe) probe = probe_new(index, model);
    guint64 found = 0, right = 0;
    double start = now();
    for (guint i = 0; i < ASKED; i++) {
        const Asked *asked = &serials->asked[edits][i];
        guint n;
        const Near *near = probe_find(probe, &asked->codes, what[edits], &n);
        found += n;
        for (guint k = 0; k < n; k++)
            right += near[k].form == asked->of;
    }
    double seconds = now() - start;
    static const char *const names[EDITS] = {"equal", "one edit", "two edits"};
    g_autofree char *time = g_strconcat("serial asked, ", names[edits], NULL);
    g_autofree char *share = g_strconcat("serial found, ", names[edits], NULL);
    put(time, seconds / ASKED * 1e6, "us");
    put(share, (double)right / ASKED, "share");
    put("serials near it", (double)found / ASKED, "each");
}

static Firearm *make_firearms(Serials *serials, GStringChunk *strings, guint n)
{
    static const char *const make[] = {"GLOCK",       "SMITH & WESSON", "GLOCK", "TAURUS",
                                       "STURM RUGER", "SPRINGFIELD",    "SCCY",  "ANDERSON"};
    static const char *const model[] = {"19", "M&P", "43", "G2C", "LCP", "XD", "CPX2", "AM15"};
    Firearm *firearms = g_new0(Firearm, n);
    for (guint i = 0; i < n; i++) {
        gboolean seized = i >= serials->n;
        guint of = seized ? pick(serials, serials->n) : i, style = of / 64 % G_N_ELEMENTS(make);
        Codes codes = serials->codes[of];
        if (seized && pick(serials, 10) == 0) {
            damage(serials, &codes);
        }
        char text[SERIAL_MAX + 1], ref[32];
        write_text(&codes, text);
        g_snprintf(ref, sizeof(ref), seized ? "cbsa-seizure:S-%08u/1" : "atf-trace:T%08u", i);
        Firearm *f = &firearms[i];
        *f = (Firearm){.ref = g_string_chunk_insert(strings, ref),
                       .side = seized ? SIDE_SEIZURE : SIDE_TRACE,
                       .serial_raw = g_string_chunk_insert(strings, text),
                       .make = make[style],
                       .model = model[style],
                       .calibre = "9MM",
                       .event_date = seized ? 18500 + (Day)pick(serials, 1000) : DAY_NONE,
                       .event_country = seized ? "CAN" : NULL,
                       .purchase_date = seized ? DAY_NONE : 16500 + (Day)pick(serials, 2000),
                       .request_date = DAY_NONE,
                       .buyer_dob = DAY_NONE};
        Serial read = serial_parse(text, &(SerialContext){.make = f->make});
        f->serial = serial_dup(&read);
    }
    return firearms;
}

static void free_firearms(Firearm *firearms, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_free((gpointer)firearms[i].serial);
    }
    g_free(firearms);
}

static void link_all(Serials *serials, const FirearmModel *model)
{
    guint n = serials->n + MIN(serials->n / 10, SEIZED), likely = 0;
    g_autoptr(GStringChunk) strings = g_string_chunk_new(1 << 20);
    Firearm *firearms = make_firearms(serials, strings, n);
    double start = now(), used = processor();
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, firearms, n);
    put("parameters estimated", now() - start, "s");
    put("parameters estimated", processor() - used, "processor s");
    start = now();
    used = processor();
    FirearmInput input = {.model = model, .parameters = parameters, .firearms = firearms, .n = n};
    GArray *links = firearm_link(&input);
    put("linked", now() - start, "s");
    put("linked", processor() - used, "processor s");
    for (guint i = 0; i < links->len; i++) {
        likely += g_array_index(links, FirearmLink, i).probability >= 0.5;
    }
    put("links", links->len, "pairs");
    put("links at 0.5", likely, "pairs");
    firearm_links_free(links);
    free_firearms(firearms, n);
}

int main(int argc, char **argv)
{
    guint n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1000000;
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    if (model == NULL) {
        fputs("no rules: run it in the source tree\n", stderr);
        return 1;
    }
    static Serials serials;
    serials.rand = g_rand_new_with_seed(1);
    make_serials(&serials, n);
    make_asked(&serials);
    if (argc > 2 && !print(&serials, argv[2])) {
        fprintf(stderr, "cannot write into '%s'\n", argv[2]);
        return 1;
    }
    double start = now(), used = processor();
    SerialIndex *index = index_new(n, codes_at, &serials);
    put("index built", now() - start, "s");
    put("index built", processor() - used, "processor s");
    gsize bytes = (gsize)n * 4 + index->at[n] + sizeof(Bucket) * ((gsize)1 << index->bucket_bits) +
                  sizeof(guint32) * index->entries;
    put("index", (double)bytes / n, "bytes a serial");
    for (guint edits = 0; edits < EDITS; edits++) {
        ask(&serials, index, model, edits);
    }
    index_free(index);
    link_all(&serials, model);
    put("memory at most", (double)peak() / 1024, "MB");
    return 0;
}
