/*
 * What agrees less says less: of records that differ in nothing but how their serial agrees with
 * the one that is asked for, the exact number is worth most, then what may be it where one place is
 * doubtful, then where that place is unknown, then one slip there, then another slip beside it; of
 * numbers that were simply read, and where nobody was sure of those or of the one asked for.
 * Brute force over formats, places and stores of all sizes; the records are among what is counted.
 */
#include <string.h>

#include "engine/lookup/lookup.h"
#include "tests/unit/suite.h"

/* How makers number: fixed characters, and a counter of the '#'. */
static const char *const formats[] = {"######",   "1######", "#######", "ABC####",  "Q5S#####",
                                      "331#####", "XYZW###", "J#####Z", "21######", "58A######"};

typedef enum { EXACT, DOUBTFUL, UNKNOWN_PLACE, SLIP, TWO_SLIPS, AGREEMENTS } Agreement;

static const struct {
    guint run, step; /* numbers of the maker, and how far apart; 0: anywhere */
    guint others;    /* numbers of another maker */
    gboolean make;   /* is the make asked for too? */
    int rounds;
} stores[] = {
    {0, 1, 0, FALSE, 60},     {0, 1, 0, TRUE, 60},    {4, 1, 0, TRUE, 60},
    {4, 1, 3, FALSE, 60},     {12, 7, 30, FALSE, 60}, {60, 1, 0, TRUE, 60},
    {60, 1, 200, FALSE, 60},  {900, 1, 0, FALSE, 12}, {900, 1, 900, TRUE, 12},
    {900, 1, 900, FALSE, 12}, {900, 0, 60, TRUE, 12},
};

typedef struct {
    GRand *rand;
    GStringChunk *texts;
    GPtrArray *serials;
    GArray *firearms;
} Shelf;

static void shelf_init(Shelf *shelf, guint32 seed)
{
    *shelf =
        (Shelf){g_rand_new_with_seed(seed), g_string_chunk_new(4096),
                g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(Firearm))};
}

static void shelf_clear(Shelf *shelf)
{
    g_rand_free(shelf->rand);
    g_string_chunk_free(shelf->texts);
    g_ptr_array_unref(shelf->serials);
    g_array_unref(shelf->firearms);
}

static guint below(Shelf *shelf, guint n)
{
    return (guint)g_rand_int_range(shelf->rand, 0, (gint)n);
}

/* doubted: nobody was sure of it. */
static void put(Shelf *shelf, const char *raw, const char *make, gboolean doubted)
{
    Serial serial = serial_parse(raw, NULL), *kept = serial_dup(&serial);
    kept->kind = doubted ? SERIAL_RESTORED : kept->kind;
    g_autofree char *ref = g_strdup_printf("atf-trace:T%u", shelf->firearms->len);
    Firearm f = {.ref = g_string_chunk_insert(shelf->texts, ref),
                 .side = SIDE_TRACE,
                 .serial = kept,
                 .serial_raw = g_string_chunk_insert(shelf->texts, raw),
                 .make = make,
                 .event_date = DAY_NONE,
                 .purchase_date = DAY_NONE,
                 .request_date = DAY_NONE};
    g_ptr_array_add(shelf->serials, kept);
    g_array_append_val(shelf->firearms, f);
}

static char *number_of(const char *format, guint count)
{
    char *text = g_strdup(format);
    for (gsize i = strlen(text); i-- > 0;)
        if (text[i] == '#') {
            text[i] = (char)('0' + count % 10);
            count /= 10;
        }
    return text;
}

static guint capacity(const char *format)
{
    guint n = 1;
    for (const char *p = format; *p; p++)
        n *= *p == '#' ? 10 : 1;
    return n;
}

/* Another character at a place, every second time one that looks like it. */
static void slip(Shelf *shelf, char *text, guint at)
{
    static const char like[] = "0D1L5S8B2Z6GA4", any[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const char *pair = strchr(like, text[at]);
    char was = text[at];
    if (pair && below(shelf, 2))
        text[at] = (pair - like) % 2 ? pair[-1] : pair[1];
    while (text[at] == was)
        text[at] = any[below(shelf, sizeof any - 1)];
}

/* Two slips that come out as one, neighbours swapped, are none. */
static void write_agreements(Shelf *shelf, const char *number, char *text[AGREEMENTS])
{
    guint n = (guint)strlen(number), at = below(shelf, n),
          other = (at + 1 + below(shelf, n - 1)) % n;
    text[EXACT] = g_strdup(number);
    text[SLIP] = g_strdup(number);
    slip(shelf, text[SLIP], at);
    text[DOUBTFUL] = g_strdup_printf("%.*s[%c%c]%s", (int)at, number, number[at], text[SLIP][at],
                                     number + at + 1);
    text[UNKNOWN_PLACE] = g_strdup(number);
    text[UNKNOWN_PLACE][at] = '?';
    text[TWO_SLIPS] = g_strdup(text[SLIP]);
    do
        slip(shelf, text[TWO_SLIPS], other);
    while (text[TWO_SLIPS][at] == number[other] && text[TWO_SLIPS][other] == number[at]);
}

/* The runs of a store, and a number of the first or behind it; g_free. */
static char *fill(Shelf *shelf, guint store, const char *format)
{
    guint most = capacity(format), step = MAX(stores[store].step, 1);
    guint first = below(shelf, most - MIN(most - 1, stores[store].run * step + step));
    for (guint i = 0; i < stores[store].run; i++) {
        guint count = stores[store].step ? first + i * step : below(shelf, most);
        g_autofree char *text = number_of(format, count);
        put(shelf, text, "GLOCK", FALSE);
    }
    for (guint i = 0; i < stores[store].others; i++) {
        g_autofree char *text = number_of("TA######", 1000 + 13 * i);
        put(shelf, text, "TAURUS", FALSE);
    }
    return number_of(format, first + step * below(shelf, stores[store].run + 1));
}

static void check_order(GArray *matches, char *const text[AGREEMENTS], const char *where)
{
    const FirearmMatch *match[AGREEMENTS] = {NULL};
    for (guint i = 0; i < matches->len; i++) {
        const FirearmMatch *m = &g_array_index(matches, FirearmMatch, i);
        match[m->at] = m;
    }
    ck_assert(match[EXACT] && match[DOUBTFUL] && match[UNKNOWN_PLACE]);
    for (Agreement more = EXACT; more < AGREEMENTS; more++)
        for (Agreement less = more + 1; less < AGREEMENTS; less++) {
            const FirearmMatch *x = match[more], *y = match[less];
            /* two slips in six characters join nothing, an X is an unknown place, and letters
             * that NCIC leaves out are no slips */
            if (!x || !y || y->tier == TIER_S1N)
                continue;
            ck_assert_msg(y->bits <= x->bits + 0.001, "%s: '%s' %.2f bits, but '%s' %.2f", where,
                          text[more], x->bits, text[less], y->bits);
            ck_assert_msg(more != EXACT || x->chance_matches <= y->chance_matches * 1.001,
                          "%s: '%s' by chance %g, but '%s' %g", where, text[more],
                          x->chance_matches, text[less], y->chance_matches);
        }
}

static void check_store(const FirearmModel *model, guint store, const char *format, guint32 seed)
{
    Shelf shelf;
    char *text[AGREEMENTS];
    shelf_init(&shelf, seed);
    g_autofree char *number = fill(&shelf, store, format);
    guint from = shelf.firearms->len;
    write_agreements(&shelf, number, text);
    for (Agreement k = EXACT; k < AGREEMENTS; k++)
        put(&shelf, text[k], "GLOCK", seed % 3 == 1);
    const Firearm *all = (const Firearm *)(gpointer)shelf.firearms->data;
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model, all, shelf.firearms->len);
    put(&shelf, number, stores[store].make ? "GLOCK" : NULL, seed % 3 == 2);
    FirearmInput input = {.model = model,
                          .parameters = parameters,
                          .firearms = &g_array_index(shelf.firearms, Firearm, from),
                          .n = shelf.firearms->len - from};
    GArray *matches = firearm_find(&input);
    g_autofree char *where = g_strdup_printf("%s in store %u, seed %u", format, store, seed);
    check_order(matches, text, where);
    firearm_matches_free(matches);
    for (Agreement k = EXACT; k < AGREEMENTS; k++)
        g_free(text[k]);
    shelf_clear(&shelf);
}

START_TEST(what_agrees_less_says_less)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    for (guint store = 0; store < G_N_ELEMENTS(stores); store++)
        for (int round = 0; round < suite_rounds(stores[store].rounds); round++)
            check_store(model, store, formats[_i],
                        (guint32)(1000 * _i) + 100 * store + (guint)round);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("looser");
    TCase *tests = tcase_create("looser");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, what_agrees_less_says_less, 0, G_N_ELEMENTS(formats));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
