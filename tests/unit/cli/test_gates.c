/*
 * Every gate opens with what it asks for and stays shut (77) without any one part of it. What each
 * pair of owner and audience has to cite stands here by itself, out of the law that rules/
 * audiences.ini quotes; that no audience, gate or reference of the file is missing in it is
 * checked.
 */
#include <check.h>
#include <string.h>

#include "engine/release/parts.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define SHUT 77

static const struct {
    const char *key, *good, *bad;
} references[] = {
    {"arrangement", "CMAA 1984", "x"},      {"ca_107", "107(8)", "107"},
    {"crim_inv", "RCMP-2026-1234", "1234"}, {"originator", "ATF-C/2026-11", "yes"},
    {"privacy", "8(2)(f)", "8(3)"},         {"request", "R-88", "?"},
};

/* What leads to an audience go out with, out of a store of this owner; NULL: they do not. */
static const struct {
    const char *owner, *audience, *asks;
} pairs[] = {
    {"CBSA_ANALYST", "CBSA_ANALYST", "crim_inv"},
    {"CBSA_ANALYST", "RCMP_TRACING", "ca_107;crim_inv;originator;privacy"},
    {"CBSA_ANALYST", "FATE", "ca_107;crim_inv;originator;privacy"},
    {"CBSA_ANALYST", "ATF_TRACING", "arrangement;ca_107;privacy"},
    {"CBSA_ANALYST", "HSI", "arrangement;ca_107;originator;privacy"},
    {"CBSA_ANALYST", "PROSECUTOR", "ca_107;crim_inv;originator;privacy;request"},
    {"CBSA_ANALYST", "STATS_PUBLIC", NULL},
    {"ATF_TRACING", "CBSA_ANALYST", "crim_inv;originator"},
    {"ATF_TRACING", "RCMP_TRACING", "ca_107;crim_inv;originator;privacy"},
    {"ATF_TRACING", "HSI", "arrangement;ca_107;originator;privacy"},
    {"ATF_TRACING", "ATF_TRACING", "arrangement;ca_107;privacy"},
    {"ATF_TRACING", "STATS_PUBLIC", NULL},
};

static char *dir;

static int run(const char *line)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *whole = g_strdup_printf("--rules %s --config c.ini %s", rules, line);
    Ran ran = program_run(dir, whole);
    if (ran.status == SHUT) /* nothing with it */
        ck_assert_str_eq(ran.out, "");
    ran_clear(&ran);
    return ran.status;
}

static void ck_runs(const char *line, gboolean opens)
{
    int status = run(line);
    ck_assert_msg(opens ? status == 0 || status == 1 : status == SHUT, "%s: %d", line, status);
}

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "c.ini", "[crosstrace]\nowner=CBSA_ANALYST\n");
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    folder_write(dir, "secret.csv", SECRET_TRACES);
    ck_runs("load traces.csv seizures.csv --as-of 2024-07-01", TRUE);
    ck_runs("load secret.csv --as-of 2024-07-02", TRUE);
    ck_runs("correlate --as-of 2024-07-03", TRUE);
}

static void tear_down(void)
{
    folder_remove(dir);
}

/* The references of a list but one, each with its value, that of `spoilt` with a wrong one. */
static char *authority_of(char *const *keys, const char *without, const char *spoilt)
{
    GString *text = g_string_new(NULL);
    for (; keys && *keys; keys++)
        for (guint i = 0; i < G_N_ELEMENTS(references); i++)
            if (strcmp(references[i].key, *keys) == 0 && g_strcmp0(*keys, without) != 0)
                g_string_append_printf(text, "%s=%s; ", *keys,
                                       g_strcmp0(*keys, spoilt) == 0 ? references[i].bad
                                                                     : references[i].good);
    return g_string_free(text, FALSE);
}

static void ck_report(const char *audience, const char *authority, gboolean opens)
{
    g_autofree char *line =
        g_strdup_printf("report --format csv --as-of 2024-07-04 --audience %s --authority '%s'",
                        audience, authority);
    ck_runs(line, opens);
}

START_TEST(a_gate_opens_and_stays_shut)
{
    const char *audience = pairs[_i].audience;
    g_auto(GStrv) keys = pairs[_i].asks ? g_strsplit(pairs[_i].asks, ";", -1) : NULL;
    g_autofree char *all = authority_of(keys, NULL, NULL);
    g_autofree char *config = g_strdup_printf("[crosstrace]\nowner=%s\n", pairs[_i].owner);
    folder_write(dir, "c.ini", config);
    g_autofree char *bare = g_strdup_printf("report --audience %s", audience);
    ck_runs(bare, FALSE);
    ck_report(audience, all, keys != NULL);
    for (char **key = keys; key && *key; key++) {
        g_autofree char *less = authority_of(keys, *key, NULL);
        g_autofree char *spoilt = authority_of(keys, NULL, *key);
        ck_report(audience, less, FALSE);
        ck_report(audience, spoilt, FALSE);
    }
    if (keys)
        return;
    g_autoptr(GStrvBuilder) every = g_strv_builder_new();
    for (guint i = 0; i < G_N_ELEMENTS(references); i++)
        g_strv_builder_add(every, references[i].key);
    g_auto(GStrv) known = g_strv_builder_end(every);
    g_autofree char *whatever = authority_of(known, NULL, NULL);
    ck_report(audience, whatever, FALSE);
}
END_TEST

/* ---- nothing of the file is missing above --------------------------------------------------- */

static void ck_audience(const Audience *audience, gpointer data)
{
    const Audiences *audiences = data;
    guint found = 0;
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (strcmp(pairs[i].audience, audience->code) != 0)
            continue;
        const Audience *owner = audience_find(audiences, pairs[i].owner, NULL);
        g_auto(GStrv) keys = audience_requires(audiences, audience, owner);
        g_autofree char *asks = g_strjoinv(";", keys);
        if (audience->leads)
            ck_assert_str_eq(asks, pairs[i].asks);
        else
            ck_assert_ptr_null(pairs[i].asks);
        found++;
    }
    ck_assert_msg(found > 0, "no gate is tried for audience %s", audience->code);
}

/* Pairs that cite a list of references, all of it, and pairs that do not. */
static void count_pairs(char *const *asked, guint *with, guint *without)
{
    *with = *without = 0;
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (!pairs[i].asks)
            continue;
        g_auto(GStrv) keys = g_strsplit(pairs[i].asks, ";", -1);
        gboolean all = TRUE;
        for (char *const *key = asked; *key; key++)
            all &= g_strv_contains((const char *const *)keys, *key);
        *(all ? with : without) += 1;
    }
}

START_TEST(every_gate_and_reference_is_tried)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Audiences) audiences = audiences_load("rules", &error);
    guint with, without;
    ck_assert_msg(audiences != NULL, "%s", error ? error->message : "");
    audience_visit(audiences, ck_audience, audiences);
    for (guint i = 0; i < audiences->gates->len; i++) {
        const Gate *gate = audiences->gates->pdata[i];
        count_pairs(gate->requires, &with, &without);
        ck_assert_msg(with > 0 && without > 0, "gate %s is not tried", gate->name);
    }
    ck_assert_uint_eq(audiences->references->len, G_N_ELEMENTS(references));
    for (guint i = 0; i < G_N_ELEMENTS(references); i++) {
        char *const one[] = {(char *)references[i].key, NULL};
        count_pairs(one, &with, &without);
        ck_assert_msg(with > 0 && without > 0, "reference %s is not tried", references[i].key);
        ck_assert_ptr_nonnull(reference_find(audiences, references[i].key));
    }
}
END_TEST

/* ---- records of a confidential source ------------------------------------------------------- */

START_TEST(a_confidential_record_is_refused)
{
    static const char *const lines[] = {"show atf-trace:%s", "chain atf-trace:%s",
                                        "why atf-trace:%s cbsa-seizure:4531-24-0001/1",
                                        "why cbsa-seizure:4531-24-0001/1 atf-trace:%s"};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_auto(GStrv) parts = g_strsplit(lines[i], "%s", 2);
        g_autofree char *open = g_strconcat(parts[0], "T20240000002", parts[1], NULL);
        g_autofree char *shut = g_strconcat(parts[0], SECRET_KEY, parts[1], NULL);
        ck_runs(open, TRUE);
        ck_runs(shut, FALSE);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gates");
    TCase *tests = tcase_create("gates");
    tcase_set_timeout(tests, 60);
    tcase_add_unchecked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_gate_opens_and_stays_shut, 0, G_N_ELEMENTS(pairs));
    tcase_add_test(tests, every_gate_and_reference_is_tried);
    tcase_add_test(tests, a_confidential_record_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
