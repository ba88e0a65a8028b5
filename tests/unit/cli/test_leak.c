/*
 * No byte that is withheld leaves: rings whose every cell is a canary of its own, marked at random,
 * reported to every audience in every format and both languages, by nightly with its digests, and
 * asked of every command. Some rows are no records: of a confidential source, they are nowhere.
 * What a reader may see is worked out here by itself, cell by cell; any other canary in the output
 * is a leak. Seeds are printed.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "engine/report/report.h"
#include "engine/run/run.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define DAY   "2024-06-30"
#define RINGS 6
#define GUNS  3

static const char AUTHORITY[] = "crim_inv=RCMP-2026-1234; ca_107=107(8); privacy=8(2)(f); "
                                "originator=ATF-C/2026-11; arrangement=CMAA 1984; request=R-88";

/* A column, and what an audience must be shown to see it: field of persons or of the record. */
typedef struct {
    const char *name;
    gboolean person;
    int field;
} Cell;

static const Cell trace_cells[] = {
    {"trace_number", FALSE, FIELD_TRACE_NO},
    {"serial_number", FALSE, FIELD_SERIAL_NUMBER},
    {"agency_case_no", FALSE, FIELD_AGENCY_CASE_NO},
    {"purchaser_last", TRUE, MENTION_LAST},
    {"purchaser_first", TRUE, MENTION_FIRST},
    {"purchaser_street", TRUE, MENTION_STREET},
    {"purchaser_id_no", TRUE, MENTION_DOC_NO},
    {"ffl_name", FALSE, FIELD_FFL_NAME},
    {"remarks", FALSE, FIELD_REMARKS},
    {"recovery_street", FALSE, FIELD_EVENT_STREET},
};
static const Cell seizure_cells[] = {
    {"seizure_no", FALSE, FIELD_SEIZURE_NO},       {"serial_number", FALSE, FIELD_SERIAL_NUMBER},
    {"traveller_surname", TRUE, MENTION_LAST},     {"traveller_given", TRUE, MENTION_FIRST},
    {"traveller_address", TRUE, MENTION_STREET},   {"traveller_doc_no", TRUE, MENTION_DOC_NO},
    {"vehicle_plate", FALSE, FIELD_VEHICLE_PLATE}, {"narrative", FALSE, FIELD_NARRATIVE},
    {"co_seized", FALSE, FIELD_CO_SEIZED},         {"occurrence_no", FALSE, FIELD_OCCURRENCE_NO},
};
#define CELLS 10
G_STATIC_ASSERT(G_N_ELEMENTS(trace_cells) == CELLS && G_N_ELEMENTS(seizure_cells) == CELLS);

typedef enum { ROW_GOOD, ROW_BAD_DATE, ROW_RAGGED } RowKind;

typedef struct {
    gboolean trace;
    RowKind kind;
    char *value[CELLS];
    const char *handling, *releasable_to, *confidential, *expires;
} Row;

typedef struct {
    GRand *random;
    guint next; /* canary */
    GPtrArray *rows;
} World;

/* A word that occurs nowhere else: letters for names, so that nothing takes them for numbers. */
static char *canary(World *world, const char *prefix)
{
    guint n = world->next++;
    return g_strdup_printf("%s%c%c%c%c", prefix, 'a' + (int)(n / 676 % 26), 'q',
                           'a' + (int)(n / 26 % 26), 'a' + (int)(n % 26));
}

static const char *pick(World *world, const char *const *from, guint n)
{
    return from[g_rand_int_range(world->random, 0, (gint32)n)];
}

static void mark(World *world, Row *row)
{
    static const char *const handlings[] = {"PROTECTED A", "PROTECTED B", "PROTECTED C", "LES"};
    static const char *const countries[] = {"CAN", "USA", "CAN;USA", "CAN;USA", "CAN;USA"};
    static const char *const flags[] = {"Y", "N", "", "", "", ""};
    static const char *const days[] = {"2024-01-01", "", "", "2030-01-01"};
    row->handling = pick(world, handlings, G_N_ELEMENTS(handlings));
    row->releasable_to = pick(world, countries, G_N_ELEMENTS(countries));
    row->confidential = pick(world, flags, G_N_ELEMENTS(flags));
    row->expires = pick(world, days, G_N_ELEMENTS(days));
}

static Row *row_new(World *world, gboolean trace)
{
    static const char *const shapes[2][CELLS] = {
        {"4531-23-", "", "Tk", "Vn", "77 Kz", "D9", "P4", "Wj", "Xl", "OC-"},
        {"T2023", "", "C-", "Mb", "Gd", "12 Hx", "L7", "Fz", "Rw", "31 Sv"}};
    Row *row = g_new0(Row, 1);
    row->trace = trace;
    for (guint i = 0; i < CELLS; i++)
        row->value[i] = canary(world, shapes[trace][i]);
    mark(world, row);
    g_ptr_array_add(world->rows, row);
    return row;
}

static void row_free(gpointer data)
{
    Row *row = data;
    for (guint i = 0; i < CELLS; i++)
        g_free(row->value[i]);
    g_free(row);
}

static void row_share(Row *row, guint cell, const Row *with, guint from)
{
    g_free(row->value[cell]);
    row->value[cell] = g_strdup(with->value[from]);
}

/* One buyer, one dealer, several pistols at once; most are seized, from one carrier. */
static void make_ring(World *world, guint ring)
{
    Row *first = NULL, *carried = NULL;
    for (guint gun = 0; gun < GUNS; gun++) {
        Row *trace = row_new(world, TRUE);
        g_free(trace->value[1]);
        trace->value[1] = g_strdup_printf("ZK%u%u%04u", ring, gun,
                                          (guint)g_rand_int_range(world->random, 0, 9999));
        for (guint i = 3; first && i < 8; i++)
            row_share(trace, i, first, i);
        first = first ? first : trace;
        Row *seizure = row_new(world, FALSE);
        row_share(seizure, 1, trace, 1);
        if (carried) {
            row_share(seizure, 2, carried, 2);
            row_share(seizure, 3, carried, 3);
            row_share(seizure, 5, carried, 5);
        }
        carried = carried ? carried : seizure;
    }
    Row *reject = row_new(world, FALSE);
    reject->kind = ring % 2 ? ROW_BAD_DATE : ROW_RAGGED;
    reject->confidential = "Y";
}

static char *as_csv(const World *world, gboolean traces)
{
    const Cell *cells = traces ? trace_cells : seizure_cells;
    GString *out = g_string_new("handling,releasable_to,confidential_source,handling_expires");
    for (guint i = 0; i < CELLS; i++)
        g_string_append_printf(out, ",%s", cells[i].name);
    g_string_append(out, traces
                             ? ",manufacturer,model,caliber,firearm_type,purchase_date,ffl_number,"
                               "multiple_sale,purchaser_city,purchaser_state,recovery_country\n"
                             : ",make,model,calibre,firearm_type,seizure_date,item_no,office_code,"
                               "mode,declared,commodity\n");
    for (guint r = 0; r < world->rows->len; r++) {
        const Row *row = world->rows->pdata[r];
        if (row->trace != traces)
            continue;
        g_string_append_printf(out, "%s,%s,%s,%s", row->handling, row->releasable_to,
                               row->confidential, row->expires);
        for (guint i = 0; i < CELLS; i++)
            g_string_append_printf(out, ",%s", row->value[i]);
        if (row->kind != ROW_GOOD) {
            g_string_append(out, row->kind == ROW_RAGGED
                                     ? ",GLOCK\n"
                                     : ",GLOCK,19,9MM,PISTOL,2023-06-47,1,0453,HIGHWAY,,\n");
            continue;
        }
        g_string_append(out, traces
                                 ? ",GLOCK,19,9MM,PISTOL,2023-03-04,2-31-095-01-5C-04711,Y,Toledo,"
                                   "OH,\n"
                                 : ",GLOCK,19,9MM,PISTOL,2023-06-17,1,0453,HIGHWAY,UNDECLARED,"
                                   "FIREARM\n");
    }
    return g_string_free(out, FALSE);
}

/* ---- what a reader may see, worked out apart ------------------------------------------------ */

static gboolean listed(char *const *list, const char *word)
{
    return !list || g_strv_contains((const char *const *)list, word);
}

static gboolean may_have(const Audience *audience, const Row *row)
{
    const char *origin = row->trace ? "ATF" : "CBSA";
    if (strcmp(row->confidential, "Y") == 0)
        return FALSE;
    if (!audience || strcmp(audience->code, "CBSA_ANALYST") == 0)
        return TRUE;
    return (!*row->expires || strcmp(row->expires, DAY) >= 0) &&
           listed(audience->origins, origin) && listed(audience->handling, row->handling) &&
           (strstr(row->releasable_to, audience->country) ||
            g_strcmp0(origin, audience->agency) == 0);
}

static gboolean may_see(const Audience *audience, const Row *row, guint cell)
{
    const Cell *what = row->trace ? &trace_cells[cell] : &seizure_cells[cell];
    if (!may_have(audience, row))
        return FALSE;
    /* numbers inside references go with them */
    if (cell == 0 && (!audience || audience->part[PART_REFERENCE] == ACT_SHOW))
        return TRUE;
    return !audience || (what->person ? audience->person[what->field]
                                      : audience->record[what->field]) == ACT_SHOW;
}

static guint count_leaks(const World *world, const Audience *audience, const char *out,
                         const char *what)
{
    g_autofree char *upper = g_utf8_strup(out, -1);
    guint leaks = 0;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint r = 0; r < world->rows->len; r++)
        for (guint i = 0; i < CELLS; i++)
            if (may_see(audience, world->rows->pdata[r], i))
                g_hash_table_add(seen, g_strdup(((Row *)world->rows->pdata[r])->value[i]));
    for (guint r = 0; r < world->rows->len; r++)
        for (guint i = 0; i < CELLS; i++) {
            const Row *row = world->rows->pdata[r];
            g_autofree char *word = g_utf8_strup(row->value[i], -1);
            if (g_hash_table_contains(seen, row->value[i]) || !strstr(upper, word))
                continue;
            leaks++;
            printf("leak to %s in %s: %s '%s'\n", audience ? audience->code : "the owner", what,
                   (row->trace ? trace_cells : seizure_cells)[i].name, row->value[i]);
        }
    return leaks;
}

/* ---- ------------------------------------------------------------------------------------- */

typedef struct {
    const char *dir;
    const World *world;
    guint leads, leaks, lines, files;
} Check;

static void check_format(Check *check, const Audience *audience, const char *format)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *who =
        audience ? g_strdup_printf("--audience %s --authority '%s'", audience->code, AUTHORITY)
                 : g_strdup("");
    for (int french = 0; french < 2; french++) {
        g_autofree char *line =
            g_strdup_printf("--rules %s report --as-of " DAY " --format %s %s %s", rules, format,
                            french ? "--lang fr" : "", who);
        Ran ran = program_run(check->dir, line);
        ck_assert_msg(ran.status <= 1, "%s: %s", line, ran.err);
        if (strcmp(format, "csv") == 0 && !french)
            for (const char *p = ran.out; (p = strchr(p, '\n')); p++)
                check->leads++;
        check->leaks += count_leaks(check->world, audience, ran.out, line);
        check->leaks += count_leaks(check->world, audience, ran.err, line);
        ran_clear(&ran);
    }
}

static void check_audience(const Audience *audience, gpointer data)
{
    if (audience && !audience->leads)
        return;
    for (const ReportFormat *const *format = report_formats(); *format; format++)
        check_format(data, audience, (*format)->name);
}

static void run(const char *dir, const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status <= 1, "%s: %s", line, ran.err);
    ran_clear(&ran);
}

/* What a command prints, on both ways out, for the owner. */
static void check_line(Check *check, const char *text)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *line = g_strdup_printf("--rules %s --as-of " DAY " %s", rules, text);
    Ran ran = program_run(check->dir, line);
    ck_assert_msg(ran.status <= 1 || ran.status == 66 || ran.status == 77, "%s: %d %s", text,
                  ran.status, ran.err);
    if (ran.status != 66 && ran.status != 77) /* else it says again what it was asked */
        check->leaks += count_leaks(check->world, NULL, ran.err, text);
    check->leaks += count_leaks(check->world, NULL, ran.out, text);
    ck_assert_ptr_null(strstr(ran.out, "left out"));
    ran_clear(&ran);
    check->lines++;
}

/* Owner's own use: confidential sources alone are withheld, and of them everything. */
static void check_own_use(Check *check)
{
    static const char *const lines[] = {"export links",
                                        "export persons",
                                        "export markers",
                                        "export indicators",
                                        "export warnings",
                                        "export rejects",
                                        "export rejects --as-input seizures.csv",
                                        "export rejects --as-input traces.csv",
                                        "leads list",
                                        "leads list --format json",
                                        "find serial 'ZK00*' --limit 0",
                                        "find ffl 23104711 --limit 0",
                                        "find address 'HX' --limit 0",
                                        "find text R",
                                        "find text X --limit 3",
                                        "find plate P4 --limit 0",
                                        "query 'SELECT * FROM firearms'",
                                        "query 'SELECT * FROM purchases'",
                                        "query 'SELECT * FROM people'",
                                        "query 'SELECT * FROM seizures'",
                                        "query 'SELECT * FROM edges'",
                                        "query 'SELECT * FROM links'",
                                        "stats",
                                        "stats --unknown",
                                        "stats --by make",
                                        "stats --by port",
                                        "stats --corridors",
                                        "stats --clearance",
                                        "stats --precision",
                                        "audit list",
                                        "retention --dry-run",
                                        "check"};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
        check_line(check, lines[i]);
}

/* Every record by its name, alone and against the next; what is refused says nothing more. */
static void check_records(Check *check)
{
    g_autofree char *before = NULL;
    for (guint i = 0; i < check->world->rows->len; i += 5) {
        const Row *row = check->world->rows->pdata[i];
        g_autofree char *ref =
            g_strdup_printf(row->trace ? "atf-trace:%s" : "cbsa-seizure:%s/1", row->value[0]);
        g_autofree char *show = g_strdup_printf("show '%s'", ref);
        g_autofree char *chain = g_strdup_printf("chain '%s'", ref);
        g_autofree char *why = g_strdup_printf("why '%s' '%s'", ref, before ? before : ref);
        g_autofree char *find = g_strdup_printf(
            "find person '%s, %s'", row->value[row->trace ? 3 : 2], row->value[row->trace ? 4 : 3]);
        check_line(check, show);
        check_line(check, chain);
        check_line(check, why);
        if (may_have(NULL, row)) /* else the answer says the question again */
            check_line(check, find);
        g_free(before);
        before = g_steal_pointer(&ref);
    }
}

static void check_leads(Check *check)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *line =
        g_strdup_printf("--rules %s leads list --format csv --as-of " DAY, rules);
    Ran ran = program_run(check->dir, line);
    g_auto(GStrv) rows = g_strsplit(ran.out, "\n", -1);
    for (guint i = 1; rows[i] && *rows[i]; i += 2) {
        g_autofree char *show = g_strdup_printf("leads show %.13s", rows[i]);
        check_line(check, show);
    }
    ran_clear(&ran);
}

/* ---- nightly: a folder for each reader, and what it says of it ------------------------------ */

static void check_folder(Check *check, const char *folder, const Audience *audience)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    ck_assert_msg(dir != NULL, "%s", folder);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
        check->leaks += count_leaks(check->world, audience, name, folder);
        if (!g_file_get_contents(path, &text, NULL, NULL))
            continue;
        check->leaks += count_leaks(check->world, audience, text, path);
        check->files++;
    }
}

static void check_reader(const Audience *audience, gpointer data)
{
    Check *check = data;
    g_autofree char *folder = g_build_filename(check->dir, "reports", "latest",
                                               audience ? audience->code : "owner", NULL);
    if (!audience || audience->leads)
        check_folder(check, folder, audience);
}

static void add_reader(const Audience *audience, gpointer data)
{
    if (audience->leads)
        g_string_append_printf(data, "%s%s", *((GString *)data)->str ? ";" : "", audience->code);
}

static void add_authority(const Audience *audience, gpointer data)
{
    if (audience->leads)
        g_string_append_printf(data, "[audience %s]\nauthority=%s\n", audience->code, AUTHORITY);
}

static void check_nightly(Check *check, const Audiences *audiences)
{
    g_autoptr(GString) readers = g_string_new(NULL), authorities = g_string_new(NULL);
    static const char *const folders[] = {"inbox", "reports", "backups"};
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(check->dir, folders[i], NULL);
        ck_assert_int_eq(g_mkdir(path, 0750), 0);
    }
    audience_visit(audiences, add_reader, readers);
    audience_visit(audiences, add_authority, authorities);
    g_autofree char *config =
        g_strdup_printf("[crosstrace]\nstore=crosstrace.db\ninbox=inbox\nreports=reports\n"
                        "backups=backups\nsettle=0\nformats=csv;json;html\naudiences=%s\n%s",
                        readers->str, authorities->str);
    folder_write(check->dir, "night.ini", config);
    g_autofree char *line =
        g_strdup_printf("--config night.ini --rules %s -v nightly --as-of " DAY, rules);
    Ran ran = program_run(check->dir, line);
    ck_assert_msg(ran.status <= 1, "nightly: %d %s", ran.status, ran.err);
    check->leaks += count_leaks(check->world, NULL, ran.out, "nightly");
    check->leaks += count_leaks(check->world, NULL, ran.err, "nightly");
    ran_clear(&ran);
    check_reader(NULL, check);
    audience_visit(audiences, check_reader, check);
}

START_TEST(no_withheld_byte_leaves)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    World world = {random, 0, rows};
    for (guint ring = 0; ring < RINGS; ring++)
        make_ring(&world, ring);
    char *dir = folder_new();
    g_autofree char *traces = as_csv(&world, TRUE), *seizures = as_csv(&world, FALSE);
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *correlate = g_strdup_printf("--rules %s correlate --as-of " DAY, rules);
    folder_write(dir, "traces.csv", traces);
    folder_write(dir, "seizures.csv", seizures);
    run(dir, "load traces.csv seizures.csv");
    run(dir, correlate);
    g_autoptr(GError) error = NULL;
    g_autoptr(Audiences) audiences = audiences_load("rules", &error);
    ck_assert_ptr_nonnull(audiences);
    Check check = {dir, &world, 0, 0, 0, 0};
    check_own_use(&check);
    check_records(&check);
    check_leads(&check);
    check_audience(NULL, &check);
    audience_visit(audiences, check_audience, &check);
    check_nightly(&check, audiences);
    printf("seed %d: %u leads shown to all audiences together, %u commands, %u files of a night, "
           "%u leaks\n",
           _i, check.leads, check.lines, check.files, check.leaks);
    ck_assert_uint_gt(check.files, 20);
    ck_assert_uint_ge(check.leads, RINGS); /* or nothing was tried */
    ck_assert_uint_eq(check.leaks, 0);
    folder_remove(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leak");
    TCase *tests = tcase_create("leak");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, no_withheld_byte_leaves, 1, 1 + suite_rounds(3));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
