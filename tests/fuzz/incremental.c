/*
 * Rows that the bytes choose (six a row: what it is, its key, number, firearm, people, dates; few
 * of each, so that they meet) come to a small store that was correlated before, in two loads. After
 * each the run over what is new must give what a full run with the same set of parameters gives.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/run/run.h"
#include "loaders/loader.h"
#include "tests/fuzz/fuzz.h"

#define AS_OF    "2024-07-01T00:00:00Z"
#define BASE     150 /* rows of the store before: some more are not a quarter more */
#define ROWS_MAX 10
#define ROW      6

static Rules *rules;
static Profiles *profiles;
static char *the_store, *base;
static gsize base_length;

static const char TRACES[] =
    "trace_number,request_date,serial_number,manufacturer,model,recovery_date,recovery_state,"
    "recovery_country,purchase_date,purchaser_last,purchaser_first,purchaser_dob,purchaser_street,"
    "purchaser_city,purchaser_state,ffl_number,ffl_name,agency_case_no,remarks\n";
static const char SEIZURES[] =
    "seizure_no,item_no,seizure_date,office_code,commodity,firearm_type,make,model,serial_number,"
    "traveller_surname,traveller_given,traveller_dob,vehicle_plate,vehicle_region,trace_ref,"
    "narrative\n";

static const char *const SERIALS[] = {"TIU58213", "TIU58213",    "TIU58Z13", "T1U58213",
                                      "TIU58214", "TI?58213",    "*8213",    "KWB10377",
                                      "KWB1O377", "OBLITERATED", "",         "GHOST"};
static const char *const MAKES[] = {"TAURUS,G2C", "GLOCK,19", "POLYMER80,PF940C"};
static const char *const PEOPLE[] = {"QUARRELL,Dorian", "QUARELL,Dorian", "TELLWICK,Bram",
                                     "YARNOLD,Corliss", ","};

#define PICK(list, byte) ((list)[(byte) % G_N_ELEMENTS(list)])

static void append_row(GString *traces, GString *seizures, const uint8_t *b)
{
    guint key = b[1] % 40, day = 1 + b[5] % 28, month = 1 + b[5] / 28 % 6;

    if (b[0] % 3)
        g_string_append_printf(
            traces,
            "T2024%04u,%02u/%02u/2024,%s,%s,%02u/%02u/2024,%s,%02u/%02u/202%u,%s,0%u/17/1991,"
            "%u Elm St,Toledo,OH,2-31-095-01-5C-0471%u,LAKE ARMS,%s,SYNTHETIC\n",
            key, month, day, PICK(SERIALS, b[2]), PICK(MAKES, b[3]), month, day,
            b[0] % 2 ? "OH,USA" : "ON,CAN", month, day, b[3] / 3 % 2 ? 2 : 3, PICK(PEOPLE, b[4]),
            1 + b[4] / 8 % 3, 18 + b[4] / 24 % 2, b[3] / 8 % 3, b[0] / 64 ? "" : "2024-117");
    else
        g_string_append_printf(
            seizures,
            "4531-24-%04u,%u,2024-%02u-%02u,0453,FIREARM,PISTOL,%s,%s,%s,199%u-05-17,%s,ON,%s,"
            "SYNTHETIC %s\n",
            key / 2, 1 + key % 2, month, day, PICK(MAKES, b[3]), PICK(SERIALS, b[2]),
            PICK(PEOPLE, b[4]), 1 + b[4] / 8 % 2, b[0] / 32 % 2 ? "ABCD123" : "",
            b[0] / 16 == 7 ? "T20240003" : "", b[0] / 8 % 2 ? "solvent trap kit" : "");
}

static void load_one(Store *store, const char *name, const GString *text)
{
    g_autofree char *path = fuzz_write(name, text->str, text->len);
    g_autoptr(GError) error = NULL;
    LoadRules needed = {rules->codes, rules->people, profiles};
    LoadOptions options = {.max_rejects = "100%",
                           .as_of = date_from_ymd(2024, 7, 1),
                           .as_of_text = AS_OF,
                           .threads = 1};
    LoadReport report = {0};

    fuzz_check(load_file(store, &needed, &options, path, &report, &error) ||
               error_status(error) == STATUS_DATA);
    load_report_clear(&report);
}

static void load(Store *store, const uint8_t *bytes, gsize rows)
{
    g_autoptr(GString) traces = g_string_new(TRACES), seizures = g_string_new(SEIZURES);

    for (gsize i = 0; i < rows; i++)
        append_row(traces, seizures, bytes + i * ROW);
    load_one(store, "traces.csv", traces);
    load_one(store, "seizures.csv", seizures);
}

static void relate(Store *store, gboolean full)
{
    g_autoptr(GError) error = NULL;
    CorrelateOptions options = {.full = full, .as_of = AS_OF, .one_thread = TRUE};
    CorrelateReport report = {0};
    gboolean done = correlate(store, rules, &options, &report, &error);

    if (!done)
        fprintf(stderr, "%s\n", error->message);
    fuzz_check(done);
    correlate_report_clear(&report);
}

static char *results(Store *store)
{
    static const char *const selects[] = {
        "SELECT 'link', kind, \"left\", \"right\", tier, round(bits, 6), round(probability, 6),"
        " round(chance_matches, 6) FROM link ORDER BY 2, 3, 4",
        "SELECT 'person', r.ref, p.role, p.entity, round(p.probability, 6) FROM person p"
        " JOIN record r USING(record_id) ORDER BY 2, 3",
        "SELECT 'marker', record, category, round(bits, 6), rules FROM marker ORDER BY 2, 3",
        "SELECT 'edge', kind, \"left\", \"right\", value, date, round(weight, 6) FROM edge"
        " ORDER BY 2, 3, 4, 5, 6, 7",
        "SELECT 'indicator', indicator, subject, record, round(bits, 6), explanation FROM indicator"
        " ORDER BY 2, 3, 4, 5, 6",
        "SELECT 'lead', lead_id, round(bits, 6), evidence_hash FROM lead WHERE live = 1 ORDER BY "
        "2"};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(selects); i++) {
        sqlite3_stmt *row = NULL;

        fuzz_check(sqlite3_prepare_v2(store_handle(store), selects[i], -1, &row, NULL) ==
                   SQLITE_OK);
        while (sqlite3_step(row) == SQLITE_ROW)
            for (int c = 0, n = sqlite3_column_count(row); c < n; c++)
                g_string_append_printf(text, "%s%c", (const char *)sqlite3_column_text(row, c),
                                       c + 1 < n ? '|' : '\n');
        sqlite3_finalize(row);
    }
    return g_string_free(text, FALSE);
}

static void make_base(void)
{
    uint8_t bytes[BASE * ROW];
    guint32 state = 4531;

    rules = rules_load("rules", NULL);
    profiles = profiles_load("loaders/profiles", NULL);
    fuzz_check(rules && profiles);
    for (gsize i = 0; i < sizeof bytes; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(state >> 24);
    }
    the_store = g_build_filename(fuzz_folder(), "s.db", NULL);
    g_autoptr(Store) store = store_open(the_store, STORE_CREATE, 0, NULL);
    fuzz_check(store != NULL);
    load(store, bytes, BASE);
    relate(store, FALSE);
    g_clear_pointer(&store, store_close);
    fuzz_check(g_file_get_contents(the_store, &base, &base_length, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize rows = MIN(size / ROW, ROWS_MAX), first = rows / 2;

    if (!base)
        make_base();
    g_autofree char *clear = g_strdup_printf("rm -f '%s'*", the_store);
    fuzz_check(system(clear) == 0);
    fuzz_check(g_file_set_contents(the_store, base, (gssize)base_length, NULL));
    g_autoptr(Store) store = store_open(the_store, STORE_WRITE, 0, NULL);
    fuzz_check(store != NULL);
    for (guint part = 0; part < 2; part++) {
        load(store, data + part * first * ROW, part ? rows - first : first);
        relate(store, FALSE);
    }
    g_autofree char *before = results(store);
    relate(store, TRUE);
    g_autofree char *after = results(store);
    if (strcmp(before, after) != 0)
        fprintf(stderr, "new rows alone:\n%s\neverything:\n%s\n", before, after);
    fuzz_check(strcmp(before, after) == 0);
    return 0;
}
