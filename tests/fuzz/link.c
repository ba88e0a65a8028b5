/*
 * Lines of text as firearms: three bytes for what is known beside the number, then the number. As
 * an oracle all pairs of a seizure and a trace are weighed: the search finds those that are worth
 * keeping, with the same bits and tier, and no others, however small the prior (the first byte).
 * And the links do not depend on the order in which the firearms come.
 */
#include <string.h>

#include "engine/link/search.h"
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 40

static const char *const MAKES[] = {NULL, "GLOCK", "TAURUS", "SMITH & WESSON", "POLYMER80"};
static const char *const MODELS[] = {NULL, "19", "G2C", "M&P"};
static const char *const CALIBRES[] = {NULL, "9MM", "40SW"};
static const char *const TYPES[] = {NULL, "PISTOL_SEMI", "RIFLE_SEMI"};

#define PICK(list, number) ((list)[(number) % G_N_ELEMENTS(list)])

typedef struct {
    Firearm firearms[LINES_MAX];
    Serial serials[LINES_MAX];
    char refs[LINES_MAX][16];
    guint n;
} Guns;

static const FirearmModel *model_of(void)
{
    static FirearmModel *model;

    if (!model)
        model = firearm_model_load("rules", NULL);
    fuzz_check(model);
    return model;
}

static void add(Guns *guns, const char *line)
{
    guint known = (guchar)line[0], kind = (guchar)line[1], days = (guchar)line[2], i = guns->n++;
    Day day = date_from_ymd(2023, 1, 1) + (Day)days * 5;
    gboolean trace = known & 1;

    guns->serials[i] = serial_parse(line + 3, NULL);
    g_snprintf(guns->refs[i], sizeof guns->refs[i], "%s:%u", trace ? "t" : "s", i);
    guns->firearms[i] = (Firearm){.ref = guns->refs[i],
                                  .side = trace ? SIDE_TRACE : SIDE_SEIZURE,
                                  .serial = &guns->serials[i],
                                  .serial_raw = line + 3,
                                  .make = PICK(MAKES, kind),
                                  .model = PICK(MODELS, kind / 5),
                                  .calibre = PICK(CALIBRES, kind / 20),
                                  .type = PICK(TYPES, kind / 60),
                                  .event_date = known & 2 ? day : DAY_NONE,
                                  .purchase_date = trace && known & 4 ? day - 400 : DAY_NONE,
                                  .buyer_dob = DAY_NONE,
                                  .request_date = trace && known & 8 ? day + 9 : DAY_NONE,
                                  .event_country = known & 16 ? "CAN" : NULL};
}

static const Candidate *found_pair(const GArray *found, guint a, guint b)
{
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);

        if (c->a == a && c->b == b)
            return c;
    }
    return NULL;
}

static void check_seizure(const Work *work, guint a, const GArray *found)
{
    const Firearm *f = work->judge.firearms;

    for (guint t = 0; t < work->n_traces; t++) {
        guint b = work->trace[t];
        Tier tier =
            serial_tier(model_of(), f[a].serial, f[a].serial_raw, f[b].serial, f[b].serial_raw);

        if (tier == TIER_NONE || !serial_is_full(f[a].serial) || !serial_is_full(f[b].serial))
            continue;
        Candidate c = {.a = a, .b = b, .tier = tier};
        candidate_weigh(work, &c, FALSE);
        const Candidate *there = found_pair(found, a, b);
        fuzz_check((c.bits >= work->keep - work->prior) == (there != NULL));
        fuzz_check(!there || (there->bits == c.bits && there->tier == tier));
    }
}

static void check_search(const FirearmInput *input, double fewer)
{
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model_of(), input->firearms, input->n);
    Work work;

    work_init(&work, input, parameters, NULL);
    g_array_unref(link_traces(&work, input));
    work.prior = prior_bits(parameters->rates.prior_has_trace, work.n_firearms) - fewer;
    g_autoptr(Search) search = search_new(&work);
    for (guint place = 0; place < work.n_seizures; place++) {
        g_autoptr(GArray) found = search_candidates(search, &place, 1, FALSE);

        check_seizure(&work, work.seizure[place], found);
    }
    g_clear_pointer(&search, search_free);
    work_clear(&work);
}

static char *links_of(const Firearm *firearms, guint n)
{
    FirearmInput input = {.model = model_of(), .firearms = firearms, .n = n};
    GArray *links = firearm_link(&input);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < links->len; i++) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);

        fuzz_check(link->probability >= 0 && link->probability <= 1);
        g_string_append_printf(text, "%s %s %s %.6f %.6f\n", firearms[link->left].ref,
                               firearms[link->right].ref, tier_name(link->tier), link->bits,
                               link->probability);
    }
    firearm_links_free(links);
    return g_string_free(text, FALSE);
}

static void check_order(const Firearm *firearms, guint n)
{
    Firearm other[LINES_MAX];

    for (guint i = 0; i < n; i++)
        other[i] = firearms[n - 1 - i];
    g_autofree char *one = links_of(firearms, n), *two = links_of(other, n);
    if (strcmp(one, two) != 0)
        fprintf(stderr, "as they come:\n%s\nthe last first:\n%s\n", one, two);
    fuzz_check(strcmp(one, two) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Guns guns = {.n = 0};

    if (size < 2)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", LINES_MAX);
    for (guint i = 0; lines[i]; i++)
        if (strlen(lines[i]) > 3 && g_utf8_validate(lines[i] + 3, -1, NULL))
            add(&guns, lines[i]);
    if (guns.n == 0)
        return 0;
    FirearmInput input = {.model = model_of(), .firearms = guns.firearms, .n = guns.n};
    check_search(&input, data[0] % 24);
    check_order(guns.firearms, guns.n);
    return 0;
}
