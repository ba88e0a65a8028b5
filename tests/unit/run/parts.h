/*
 * Stores that are correlated part by part: records put and put again, decisions, runs, and all that
 * they found as text, which no full run with the same set may find otherwise.
 */
#ifndef TESTS_UNIT_RUN_PARTS_H
#define TESTS_UNIT_RUN_PARTS_H

#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "engine/person/person.h"
#include "engine/run/run.h"
#include "engine/serial/serial.h"
#include "engine/store/upkeep.h"
#include "tests/unit/run/drawn.h"
#include "tests/unit/run/put.h"
#include "tests/unit/suite.h"

#define AS_OF "2024-07-01T00:00:00Z"

/* What a run leaves beside the store. */
enum { FACTS, PEOPLE, VIEWS, LINKS, SERIALS, ADDED, IMAGES };

static char *dir, *path;
static char *images[IMAGES], *old_images[IMAGES]; /* as they are, as they were some runs ago */
static Store *store;
static Rules *rules;

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    dir = g_dir_make_tmp("crosstrace-incremental-XXXXXX", NULL);
    path = g_build_filename(dir, "s.db", NULL);
    static const char *const ends[IMAGES] = {
        [FACTS] = ".facts", [PEOPLE] = ".people", [VIEWS] = ".views",
        [LINKS] = ".links", [SERIALS] = ".idx",   [ADDED] = ".added"};
    for (guint i = 0; i < IMAGES; i++) {
        images[i] = g_strconcat(path, ends[i], NULL);
        old_images[i] = g_strconcat(images[i], "-old", NULL);
    }
    rules = rules_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
}

static void remove_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".audit"};
    g_clear_pointer(&store, store_close);
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(path, ends[i], NULL);
        g_remove(file);
    }
}

static void tear_down(void)
{
    remove_store();
    rules_free(rules);
    for (guint i = 0; i < IMAGES; i++) {
        g_remove(images[i]);
        g_remove(old_images[i]);
        g_free(images[i]);
        g_free(old_images[i]);
    }
    g_rmdir(dir);
    g_free(dir);
    g_free(path);
}

#define TRACES   100u
#define SEIZURES 36u

/* Loads the records of some places, in their order, as one file. */
static void load(const guint *places, guint n)
{
    static guint files;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("%064u", ++files);
    gint64 file_id = begin_file(store, name, AS_OF);
    for (guint i = 0; i < n; i++)
        put_line(store, places[i] < TRACES ? trace(places[i]) : seizure(places[i] - TRACES),
                 file_id, i + 2);
    ck_assert_msg(store_commit(store, &error), "%s", error ? error->message : "");
}

/* The seal that followed the changes is that of what is there. */
static void ck_sound(void)
{
    g_autoptr(GError) error = NULL;
    gboolean sound = FALSE;
    ck_assert_msg(store_check(store, TRUE, NULL, NULL, &sound, &error), "%s",
                  error ? error->message : "");
    ck_assert(sound);
}

/* Runs that asked rules of related records alone, after those of everything; and those that did of
 * copies of the views that an earlier run had left. */
static guint scoped, changed;
static gsize copies_most; /* of the runs that follow; 0: as many as fit */
static guint large;       /* likewise; 0: as many firearms as need it */
static guint crowds;      /* runs that told who was not compared: no other is there to be told */

static gboolean cost_is(const CorrelateReport *report, guint i, const char *rule)
{
    return i < report->costs->len &&
           strcmp(g_array_index(report->costs, IndicatorCost, i).rule, rule) == 0;
}

static CorrelateReport run(gboolean full, gboolean one_thread)
{
    g_autoptr(GError) error = NULL;
    CorrelateOptions options = {.full = full,
                                .one_thread = one_thread,
                                .as_of = AS_OF,
                                .copies_most = copies_most,
                                .large = large};
    CorrelateReport report;
    gboolean ok = correlate(store, rules, &options, &report, &error);
    ck_assert_msg(ok, "%s", error ? error->message : "");
    ck_assert(!report.off || g_str_has_prefix(report.off, "persons not compared: "));
    crowds += report.off != NULL;
    ck_sound();
    changed += cost_is(&report, 0, "changes");
    scoped += report.costs->len > 0 && !cost_is(&report, 1, "C1");
    correlate_report_clear(&report);
    return report;
}

/* Every result as text, in an order of its own. Numbers to the last bit; ids of rows left out. */
static char *results(void)
{
#define NUMBER(column) "format('%.17g', " column ")"
#define TERMS          "(SELECT hex(terms) FROM evidence e WHERE e.evidence_id = x.evidence_id)"
    static const char *const selects[] = {
        "SELECT 'link', kind, \"left\", \"right\", tier, " NUMBER("bits") ", " NUMBER(
            "probability") ", " NUMBER("chance_matches") ", " TERMS " FROM link x ORDER BY 2, 3, 4",
        "SELECT 'firearm', record, firearm FROM firearms ORDER BY 2",
        "SELECT 'person', r.ref, p.role, p.entity, " NUMBER(
            "p.probability") " FROM person p JOIN record r USING(record_id) ORDER BY 2, 3",
        "SELECT 'marker', record, category, " NUMBER("bits") ", " NUMBER(
            "probability") ", rules, excerpt FROM marker ORDER BY 2, 3",
        "SELECT 'edge', kind, \"left\", \"right\", ifnull(value, ''), ifnull(date, ''), " NUMBER(
            "weight") " FROM edge ORDER BY 2, 3, 4, 5, 6, 7",
        "SELECT 'indicator', indicator, rev, subject, record, " NUMBER(
            "bits") ", explanation FROM indicator ORDER BY 2, 4, 5, 6, 7",
        "SELECT 'lead', lead_id, kind, " NUMBER("bits") ", " NUMBER(
            "score") ", evidence_hash, status, (SELECT group_concat(record) FROM (SELECT record "
                     "FROM lead_record m WHERE m.lead_id = x.lead_id ORDER BY record)), " TERMS
                     " FROM lead x WHERE live = 1 ORDER BY 2",
        "SELECT 'terms', (SELECT count(*) FROM evidence), (SELECT count(*) FROM lead_record)",
    };
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(selects); i++) {
        sqlite3_stmt *row = NULL;
        int code = sqlite3_prepare_v2(store_handle(store), selects[i], -1, &row, NULL);
        ck_assert_msg(code == SQLITE_OK, "%s", sqlite3_errmsg(store_handle(store)));
        while (sqlite3_step(row) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(row); c++)
                g_string_append_printf(text, "%s%s", c ? "|" : "",
                                       (const char *)sqlite3_column_text(row, c));
            g_string_append_c(text, '\n');
        }
        sqlite3_finalize(row);
    }
    return g_string_free(text, FALSE);
}

/* The lines that one of two texts has alone, for the message; a few. */
static char *difference(const char *a, const char *b)
{
    g_auto(GStrv) left = g_strsplit(a, "\n", -1), right = g_strsplit(b, "\n", -1);
    GString *text = g_string_new(NULL);
    char **sides[] = {left, right};
    for (guint side = 0; side < 2; side++)
        for (guint i = 0, told = 0; sides[side][i] && told < 6; i++)
            if (!g_strv_contains((const char *const *)sides[1 - side], sides[side][i])) {
                g_string_append_printf(text, "\n%c %.400s", side ? '+' : '-', sides[side][i]);
                told++;
            }
    return g_string_free(text, FALSE);
}

/* Confirms, dismisses or takes back a link or a person of the store. */
static void decide(void)
{
    static const struct {
        JudgementType type;
        const char *select;
    } pairs[] = {
        {JUDGE_LINK, "SELECT \"left\", \"right\" FROM links ORDER BY 1, 2"},
        {JUDGE_PERSON, "SELECT \"left\", \"right\" FROM link WHERE kind = 'person' ORDER BY 1, 2"},
    };
    guint kind = roll(2), skip = roll(20);
    char *left = NULL, *right = NULL;
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), pairs[kind].select, -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW && (!left || skip-- > 0)) {
        g_free(left);
        g_free(right);
        left = g_strdup((const char *)sqlite3_column_text(row, 0));
        right = g_strdup((const char *)sqlite3_column_text(row, 1));
    }
    sqlite3_finalize(row);
    if (!left)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement = g_new0(Judgement, 1);
    *judgement = (Judgement){
        .type = pairs[kind].type,
        .verdict = (Verdict[]){VERDICT_YES, VERDICT_NO, VERDICT_NO, VERDICT_REVOKED}[roll(4)],
        .left = left,
        .right = right,
        .evidence_hash = g_strdup(""),
        .time = g_strdup(AS_OF),
        .actor = g_strdup("tester"),
        .reason = g_strdup("test"),
        .expires = g_strdup("")};
    ck_assert(store_begin(store, &error));
    ck_assert_msg(judgement_add(store, judgement, &error), "%s", error ? error->message : "");
    ck_assert(store_commit(store, &error));
}

static void shuffle(guint *places, guint n)
{
    for (guint i = n; i > 1; i--) {
        guint other = roll(i), swap = places[i - 1];
        places[i - 1] = places[other];
        places[other] = swap;
    }
}

/* One more part: new places, and now and then some that are there already, with other content. */
static void load_part(guint *places, guint *done, guint n)
{
    guint wanted = roll(6); /* MIN() would roll twice */
    guint part[TRACES + SEIZURES], size = 0, fresh = MIN(wanted, n - *done);
    for (guint i = 0; i < fresh; i++)
        part[size++] = places[(*done)++];
    for (guint again = chance(40) ? 1 + roll(2) : 0; again > 0; again--) {
        guint place = places[roll(*done - fresh)], known = 0;
        while (known < size && part[known] != place)
            known++;
        if (known == size)
            part[size++] = place;
    }
    load(part, size);
}

static void check_same(const char *what, guint world)
{
    g_autofree char *before = results();
    copies_most = large = 0;
    run(TRUE, TRUE);
    g_autofree char *after = results();
    g_autofree char *told = strcmp(before, after) == 0 ? NULL : difference(before, after);
    ck_assert_msg(told == NULL, "world %u, %s:%s", world, what, told);
}

#endif
