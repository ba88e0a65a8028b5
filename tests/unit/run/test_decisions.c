/*
 * Property: whatever runs, new rows, revisions and decisions come in whatever order, no decision
 * is lost, nothing that was dismissed comes back without new evidence, what people decided is
 * obeyed, a full run changes nothing of it, and the same steps again end in the same state. Seeds
 * are printed where one fails. All of it is synthetic.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/run/run.h"
#include "engine/serial/serial.h"
#include "engine/store/put.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

#define AS_OF "2024-07-01T00:00:00Z"
#define LATER "2024-08-01T00:00:00Z" /* every suppression is over */
#define SEEDS 6
#define STEPS 36
#define POOL  16u /* firearms: a trace and perhaps a seizure each */

typedef enum { STEP_PUT, STEP_RUN, STEP_FULL, STEP_PAIR, STEP_LEAD, STEP_RULE, STEP_KINDS } Kind;

/* One step, concrete: the same again does the same. */
typedef struct {
    Kind kind;
    guint firearm, variant; /* put: which, read how */
    gboolean seizure;
    JudgementType type;
    Verdict verdict;
    char *left, *right;  /* of a pair, a lead, a rule and value */
    const char *status;  /* of a lead; NULL: withdraw */
    const char *expires; /* of a suppression: its last day */
    gboolean kept;       /* was it accepted the first time? */
} Step;

typedef struct {
    char *dir;
    Store *store;
    guint64 files;
    GHashTable *decided; /* "type left right" -> verdict + 1 */
} World;

static Rules *rules;
static guint seed;

#define MUST(expression)                                                                           \
    do {                                                                                           \
        GError *problem = NULL;                                                                    \
        gboolean done = (expression) != 0;                                                         \
        ck_assert_msg(done, "seed %u: %s", seed, problem ? problem->message : #expression);        \
    } while (0)

static World *world_new(void)
{
    World *world = g_new0(World, 1);
    world->dir = folder_new();
    g_autofree char *path = g_build_filename(world->dir, "s.db", NULL);
    MUST(world->store = store_open(path, STORE_CREATE, 0, &problem));
    world->decided = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return world;
}

static void world_free(World *world)
{
    store_close(world->store);
    folder_remove(world->dir);
    g_hash_table_unref(world->decided);
    g_free(world);
}

static void read_serial(Record *record, guint firearm, guint variant)
{
    static const char *const head[] = {"HAA1", "HAAI", "HAA17", "HA?1"};
    char *text = g_strdup_printf("%s%0*u", head[variant % 4], variant % 4 == 2 ? 2 : 3, firearm);
    Serial serial = serial_parse(text, NULL);
    record_take(record, FIELD_SERIAL_NUMBER, text);
    record_take(record, FIELD_SERIAL_KIND, g_strdup(serial_kind_name(serial.kind)));
    record_take(record, FIELD_SERIAL_PATTERN, serial_pattern(&serial));
    record_take(record, FIELD_SERIAL_CANONICAL, serial_canonical(&serial));
}

static void set_mention(Record *record, const char *role, guint person)
{
    static const char *const last[] = {"QUARRELL", "OYELARAN", "PARDRIDGE", "QUARREL"};
    static const char *const dob[] = {"1991-05-17", "1988-04-12", "1990-12-02", "1991-05-17"};
    Mention *mention = record_mention(record, role);
    mention_set(mention, MENTION_LAST, last[person % 4]);
    mention_set(mention, MENTION_FIRST, "DORIAN");
    mention_set(mention, MENTION_DOB, dob[person % 4]);
    mention_set(mention, MENTION_CITY, "TOLEDO");
}

static Record *trace_row(guint firearm)
{
    Record *record = record_new("atf-trace");
    record->ref = g_strdup_printf("atf-trace:T%02u", firearm);
    record_set(record, FIELD_EVENT_TYPE, "RECOVERED");
    record_set(record, FIELD_EVENT_DATE, "2024-06-20");
    record_set(record, FIELD_EVENT_COUNTRY, firearm % 5 == 0 ? "CAN" : "USA");
    record_take(record, FIELD_PURCHASE_DATE, g_strdup_printf("2024-03-%02u", 4 + firearm / 4));
    record_take(record, FIELD_RDS_KEY, g_strdup_printf("2310471%u", firearm % 2));
    record_set(record, FIELD_FFL_NAME, "LAKE ARMS");
    record_set(record, FIELD_MULTIPLE_SALE, "Y");
    set_mention(record, "purchaser", firearm);
    return record;
}

static Record *seizure_row(guint firearm)
{
    Record *record = record_new("cbsa-seizure");
    record->ref = g_strdup_printf("cbsa-seizure:S%02u/1", firearm);
    record_set(record, FIELD_EVENT_TYPE, "SEIZED");
    record_set(record, FIELD_EVENT_DATE, "2024-05-20");
    record_set(record, FIELD_EVENT_COUNTRY, "CAN");
    record_set(record, FIELD_OFFICE_CODE, "0453");
    record_take(record, FIELD_SEIZURE_NO, g_strdup_printf("S%02u", firearm / 3));
    set_mention(record, "traveller", firearm / 3);
    return record;
}

static void put_row(World *world, const Step *step)
{
    g_autoptr(Record) record = (step->seizure ? seizure_row : trace_row)(step->firearm);
    read_serial(record, step->firearm, step->variant);
    record_set(record, FIELD_MAKE, "SMITH & WESSON");
    record_set(record, FIELD_FIREARM_TYPE, "PISTOL_SEMI");
    record->raw = g_strdup("SYNTHETIC");
    record->line = 2;
    g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT ".csv", ++world->files);
    StoreFile file = {.sha256 = name,
                      .name = name,
                      .kind = record->kind,
                      .profile = "p",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "",
                      .loaded_at = AS_OF};
    PutResult result;
    MUST(store_begin(world->store, &problem));
    MUST(store_add_file(world->store, &file, &problem));
    record->file_id = file.file_id;
    record_seal(record);
    MUST(store_put(world->store, record, &result, &problem));
    MUST(store_commit(world->store, &problem));
}

static void run_on(World *world, gboolean full, const char *as_of)
{
    CorrelateOptions options = {.full = full, .as_of = as_of};
    CorrelateReport report;
    MUST(correlate(world->store, rules, &options, &report, &problem));
    correlate_report_clear(&report);
}

static void run(World *world, gboolean full)
{
    run_on(world, full, AS_OF);
}

/* Has it ended before the day of the runs? */
static gboolean is_over(const Step *step)
{
    return step->expires && strncmp(step->expires, AS_OF, strlen(step->expires)) < 0;
}

static gboolean decide(World *world, const Step *step, GError **error)
{
    const LeadSetting set = {.status = step->status, .owner = "roy", .note = "looked at"};
    const Judgement judgement = {.type = step->type,
                                 .verdict = step->verdict,
                                 .left = step->left,
                                 .right = step->right,
                                 .time = (char *)AS_OF,
                                 .reason = (char *)"looked at",
                                 .expires = (char *)step->expires};
    if (step->kind != STEP_LEAD)
        return judgement_decide(world->store, &judgement, error);
    return step->status ? judgement_set_lead(world->store, step->left, &set, AS_OF, error)
                        : judgement_withdraw_lead(world->store, step->left, AS_OF, error);
}

static char *key_of(const Step *step)
{
    gboolean turned = step->kind == STEP_PAIR && strcmp(step->left, step->right) > 0;
    return g_strdup_printf("%s\t%s\t%s", judgement_type_name(step->type),
                           turned ? step->right : step->left,
                           turned                    ? step->left
                           : step->kind == STEP_LEAD ? ""
                                                     : step->right);
}

/* Does a step; a decision is kept or refused as the first time. */
static void apply(World *world, Step *step, gboolean first)
{
    if (step->kind == STEP_PUT) {
        put_row(world, step);
        return;
    }
    if (step->kind == STEP_RUN || step->kind == STEP_FULL) {
        run(world, step->kind == STEP_FULL);
        return;
    }
    g_autoptr(GError) refusal = NULL;
    gboolean kept = decide(world, step, &refusal);
    if (!kept) /* nothing to take back, a contradiction, a lead that is no more */
        ck_assert_msg(refusal->code == STATUS_USAGE || refusal->code == STATUS_NO_INPUT,
                      "seed %u: %s", seed, refusal->message);
    ck_assert_msg(first || kept == step->kept, "seed %u: kept %d, then %d", seed, step->kept, kept);
    step->kept = kept;
    if (kept)
        g_hash_table_insert(
            world->decided, key_of(step),
            GUINT_TO_POINTER((is_over(step) ? VERDICT_REVOKED : step->verdict) + 1));
}

static int take_row(void *data, int n, char **cells, char **names)
{
    GString *out = data;
    (void)names;
    for (int i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? "\t" : "", cells[i] ? cells[i] : "");
    g_string_append_c(out, '\n');
    return 0;
}

static char *rows(const World *world, const char *sql)
{
    GString *out = g_string_new(NULL);
    char *problem = NULL;
    ck_assert_msg(sqlite3_exec(store_handle(world->store), sql, take_row, out, &problem) ==
                      SQLITE_OK,
                  "%s", problem);
    return g_string_free(out, FALSE);
}

/* One of the rows, its cells; NULL when there are none. */
static char **pick(const World *world, GRand *random, const char *sql)
{
    g_autofree char *all = rows(world, sql);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(all), "\n", -1);
    guint n = g_strv_length(lines);
    if (!n || !*lines[0])
        return NULL;
    return g_strsplit(lines[g_rand_int_range(random, 0, (gint)n)], "\t", -1);
}

/* Decisions fall on what the run found and, now and then, on any two records or mentions. */
static const char *const PAIRS[] = {
    "SELECT 0, \"left\", \"right\" FROM link WHERE kind = 'serial' ORDER BY 2, 3",
    "SELECT 1, \"left\", \"right\" FROM link WHERE kind = 'person' ORDER BY 2, 3",
    "SELECT 0, a.ref, b.ref FROM record a, record b WHERE a.ref < b.ref ORDER BY 2, 3",
    ("SELECT 1, a.mention, b.mention FROM people a, people b WHERE a.mention < b.mention"
     " ORDER BY 2, 3"),
};

static void choose_decision(const World *world, GRand *random, Step *step)
{
    static const char *const statuses[] = {"dismissed", "dismissed", "confirmed", "assigned", NULL};
    const char *sql = step->kind == STEP_PAIR ? PAIRS[g_rand_int_range(random, 0, 4)]
                      : step->kind == STEP_LEAD
                          ? "SELECT 2, lead_id, '' FROM lead WHERE live = 1 ORDER BY 2"
                          : "SELECT 3, indicator, record FROM indicator ORDER BY 2, 3";
    g_auto(GStrv) cells = pick(world, random, sql);
    if (!cells) {
        step->kind = STEP_RUN;
        return;
    }
    step->type = (JudgementType)(cells[0][0] - '0');
    step->left = g_strdup(cells[1]);
    step->right = g_strdup(cells[2]);
    step->verdict = (Verdict)g_rand_int_range(random, 0, 4);
    if (step->kind == STEP_LEAD) {
        step->status = statuses[g_rand_int_range(random, 0, 5)];
        step->verdict = !step->status                            ? VERDICT_REVOKED
                        : strcmp(step->status, "dismissed") == 0 ? VERDICT_NO
                        : strcmp(step->status, "confirmed") == 0 ? VERDICT_YES
                                                                 : VERDICT_UNSURE;
    } else if (step->kind == STEP_RULE) {
        static const char *const ends[] = {"2024-07-15", "2024-06-30", "2024-07-01", "2024-07-31"};
        step->verdict = g_rand_int_range(random, 0, 3) ? VERDICT_NO : VERDICT_REVOKED;
        step->expires = ends[g_rand_int_range(random, 0, G_N_ELEMENTS(ends))];
    }
}

static Step choose(const World *world, GRand *random)
{
    static const Kind kinds[] = {STEP_PUT,  STEP_PUT,  STEP_PUT,  STEP_RUN,  STEP_RUN,  STEP_FULL,
                                 STEP_PAIR, STEP_PAIR, STEP_PAIR, STEP_LEAD, STEP_LEAD, STEP_RULE};
    Step step = {.kind = kinds[g_rand_int_range(random, 0, G_N_ELEMENTS(kinds))]};
    if (step.kind == STEP_PUT) {
        step.firearm = (guint)g_rand_int_range(random, 0, POOL);
        step.seizure = g_rand_boolean(random);
        step.variant = step.seizure ? (guint)g_rand_int_range(random, 0, 4) : 0;
    } else if (step.kind >= STEP_PAIR) {
        choose_decision(world, random, &step);
    }
    return step;
}

static void ck_nothing_lost(const World *world)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, world->decided);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_auto(GStrv) cells = g_strsplit(key, "\t", 3);
        Verdict verdict = (Verdict)(GPOINTER_TO_UINT(value) - 1);
        for (JudgementType t = JUDGE_LINK; t <= JUDGE_RULE; t++) {
            if (strcmp(judgement_type_name(t), cells[0]) != 0)
                continue;
            g_autoptr(Judgement) found =
                judgement_find(world->store, t, cells[1], cells[2], AS_OF, NULL);
            ck_assert_msg((found == NULL) == (verdict == VERDICT_REVOKED), "seed %u: %s", seed,
                          (char *)key);
            ck_assert(!found || found->verdict == verdict);
        }
    }
}

static void ck_rows(const World *world, const char *expected, const char *sql, const Judgement *one)
{
    char *bound = sqlite3_mprintf(sql, one->left, one->right, one->left, one->right);
    g_autofree char *found = rows(world, bound);
    sqlite3_free(bound);
    ck_assert_msg(strcmp(found, expected) == 0, "seed %u: '%s' and '%s' (%s): %s", seed, one->left,
                  one->right, verdict_name(one->verdict), found);
}

/* Decisions that hold are what the run says of the pair. */
static void ck_pairs_obeyed(const World *world)
{
    static const char link[] = "SELECT probability FROM link WHERE kind = 'serial' AND"
                               " ((\"left\" = %Q AND \"right\" = %Q) OR"
                               " (\"right\" = %Q AND \"left\" = %Q))";
    static const char same[] = "SELECT a.person = b.person FROM people a, people b"
                               " WHERE a.mention = %Q AND b.mention = %Q";
    g_autoptr(GPtrArray) links = judgement_labels(world->store, JUDGE_LINK, AS_OF, NULL);
    g_autoptr(GPtrArray) persons = judgement_labels(world->store, JUDGE_PERSON, AS_OF, NULL);
    for (guint i = 0; i < links->len; i++) {
        const Judgement *one = links->pdata[i];
        ck_rows(world, one->verdict == VERDICT_YES ? "1.0\n" : "", link, one);
    }
    for (guint i = 0; i < persons->len; i++) {
        const Judgement *one = persons->pdata[i];
        ck_rows(world, one->verdict == VERDICT_YES ? "1\n" : "0\n", same, one);
    }
}

static gboolean is_covered(const char *now, const char *seen)
{
    g_autofree char *news = seen_news(now, seen);
    return *news == '\0';
}

/* A lead is dismissed exactly where it, or what it follows, was and nothing is new. */
static void ck_leads_obeyed(const World *world)
{
    g_autofree char *all =
        rows(world, "SELECT lead_id, status FROM lead WHERE live = 1 ORDER BY 1");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(all), "\n", -1);
    g_autoptr(GPtrArray) said = judgement_in_force(world->store, JUDGE_LEAD, AS_OF, NULL);
    for (char **line = lines; *line && **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 2);
        g_autofree char *now = seen_of_lead(world->store, cells[0], NULL);
        gboolean dismissed = strcmp(cells[1], "dismissed") == 0, own = FALSE, covered = FALSE;
        for (guint i = 0; i < said->len; i++) {
            const Judgement *one = said->pdata[i];
            gboolean covers = one->verdict == VERDICT_NO && is_covered(now, one->evidence);
            covered |= covers;
            if (strcmp(one->left, cells[0]) != 0)
                continue;
            own = TRUE;
            ck_assert_msg(dismissed == covers, "seed %u: lead %s is %s", seed, cells[0], cells[1]);
        }
        /* no dismissed evidence under another id, and no dismissal out of nothing */
        ck_assert_msg(own || dismissed <= covered, "seed %u: lead %s is %s", seed, cells[0],
                      cells[1]);
        ck_assert_msg(own || !covered || dismissed || strcmp(cells[1], "new") != 0,
                      "seed %u: lead %s came back", seed, cells[0]);
    }
}

static void ck_rules_obeyed(const World *world)
{
    g_autofree char *loud =
        rows(world, "SELECT i.indicator, i.record FROM indicator i JOIN judgement j"
                    " ON j.type = 'rule' AND j.\"left\" = i.indicator AND j.\"right\" = i.record"
                    " WHERE j.verdict = 'no' AND (j.expires = '' OR j.expires >= '2024-07-01')"
                    " AND j.judgement_id = (SELECT max(k.judgement_id)"
                    " FROM judgement k WHERE k.type = 'rule' AND k.\"left\" = j.\"left\""
                    " AND k.\"right\" = j.\"right\")");
    ck_assert_msg(*loud == '\0', "seed %u: silenced, and yet: %s", seed, loud);
}

#define INDICATORS "SELECT indicator, subject, record FROM indicator ORDER BY 1, 2, 3"

static char *state(const World *world)
{
    return rows(world, "SELECT type, verdict, \"left\", \"right\", evidence, setting FROM judgement"
                       " ORDER BY judgement_id;"
                       "SELECT lead_id, status, owner, due, outcome, note FROM lead WHERE live = 1"
                       " ORDER BY 1;"
                       "SELECT kind, \"left\", \"right\", tier, round(probability, 9) FROM link"
                       " ORDER BY 1, 2, 3;"
                       "SELECT mention, person FROM people ORDER BY 1;" INDICATORS);
}

static void ck_obeyed(const World *world)
{
    ck_nothing_lost(world);
    ck_pairs_obeyed(world);
    ck_leads_obeyed(world);
    ck_rules_obeyed(world);
}

/* When all of them are over it is as if nothing had ever been silenced. */
static void ck_nothing_silenced(const World *world, GArray *steps)
{
    World *loud = world_new();
    for (guint i = 0; i < steps->len; i++) {
        Step *step = &g_array_index(steps, Step, i);
        if (step->kind == STEP_PUT || step->kind == STEP_PAIR)
            apply(loud, step, FALSE);
        else if (step->kind == STEP_RUN || step->kind == STEP_FULL)
            run(loud, step->kind == STEP_FULL);
    }
    run_on(loud, TRUE, LATER);
    g_autofree char *now = rows(world, INDICATORS), *never = rows(loud, INDICATORS);
    ck_assert_msg(strcmp(now, never) == 0, "seed %u: silenced for ever\n%s\nwould be\n%s", seed,
                  now, never);
    world_free(loud);
}

START_TEST(decisions_stay)
{
    seed = (guint)_i + 1;
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    World *world = world_new(), *again = world_new();
    g_autoptr(GArray) steps = g_array_new(FALSE, TRUE, sizeof(Step));
    for (guint i = 0; i < STEPS; i++) {
        Step step = {.kind = STEP_PUT, .firearm = i / 2, .seizure = i % 2, .variant = i % 4};
        if (i >= 10) /* there is something to decide about */
            step = choose(world, random);
        apply(world, &step, TRUE);
        g_array_append_val(steps, step);
        ck_nothing_lost(world);
        if (step.kind == STEP_RUN || step.kind == STEP_FULL)
            ck_obeyed(world);
    }
    run(world, FALSE);
    ck_obeyed(world);
    for (guint i = 0; i < steps->len; i++)
        apply(again, &g_array_index(steps, Step, i), FALSE);
    run(again, FALSE);
    g_autofree char *one = state(world), *other = state(again);
    ck_assert_msg(strcmp(one, other) == 0, "seed %u: replayed\n%s\nand it was\n%s", seed, other,
                  one);
    run(world, TRUE);
    ck_obeyed(world);
    g_autofree char *full = state(world);
    ck_assert_msg(strcmp(one, full) == 0, "seed %u: in full\n%s\nand it was\n%s", seed, full, one);
    run_on(world, FALSE, LATER);
    run_on(again, TRUE, LATER);
    g_autofree char *later = state(world), *later_full = state(again);
    ck_assert_msg(strcmp(later, later_full) == 0, "seed %u: a month later\n%s\nand in full\n%s",
                  seed, later, later_full);
    ck_nothing_silenced(world, steps);
    world_free(world);
    world_free(again);
    for (guint i = 0; i < steps->len; i++) {
        g_free(g_array_index(steps, Step, i).left);
        g_free(g_array_index(steps, Step, i).right);
    }
}
END_TEST

int main(void)
{
    GError *problem = NULL;
    if (!(rules = rules_load("rules", &problem)))
        g_error("%s", problem->message);
    Suite *suite = suite_create("run/decisions");
    TCase *cases = tcase_create("decisions");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, decisions_stay, 0, suite_rounds(SEEDS));
    suite_add_tcase(suite, cases);
    int failed = suite_run(suite);
    rules_free(rules);
    return failed;
}
