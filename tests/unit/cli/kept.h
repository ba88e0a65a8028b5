/*
 * What the tests of damage share: the samples in a store, correlated, with what lies beside it; the
 * questions that are asked of it, with their answers; and the same before new rows are correlated.
 */
#ifndef TESTS_UNIT_CLI_KEPT_H
#define TESTS_UNIT_CLI_KEPT_H

#include "tests/unit/cli/nights.h"

#define STORE "--store s.db --as-of 2024-06-30 --rules "
#define ASKED 4
#define CRASH 128 /* what program_run says of a signal */

static char *answers[ASKED], *sound, *sound_index;
static gsize sound_size, index_size;

static char *asked_line(guint i)
{
    static const char *const asked[ASKED] = {"leads list --format csv", "export links --format csv",
                                             "find serial BWKR977 --format csv",
                                             "find serial 'BWKR*' --format csv"};
    return g_strconcat(STORE, rules, " ", asked[i], NULL);
}

static void read_bytes(const char *name, char **bytes, gsize *size)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert(g_file_get_contents(path, bytes, size, NULL));
}

static void write_bytes(const char *name, const char *bytes, gsize size)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert(g_file_set_contents_full(path, bytes, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT,
                                       0640, NULL));
}

static void remove_file(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_unlink(path);
}

static void set_up_store(void)
{
    set_up();
    put_samples();
    g_autofree char *load = g_strconcat(STORE, rules,
                                        " load inbox/traces.csv"
                                        " inbox/seizures-en.csv inbox/saisies-fr.csv",
                                        NULL);
    g_autofree char *correlate = g_strconcat(STORE, rules, " correlate", NULL);
    Ran ran = program_run(dir, load);
    ck_assert_int_le(ran.status, 1);
    ran_clear(&ran);
    expect(correlate, 0, "");
    for (guint i = 0; i < ASKED; i++) {
        g_autofree char *line = asked_line(i);
        ran = program_run(dir, line);
        ck_assert_msg(ran.status == 0 && strlen(ran.out) > 100, "%s: %s", line, ran.err);
        answers[i] = g_steal_pointer(&ran.out);
        ran_clear(&ran);
    }
    read_bytes("s.db", &sound, &sound_size);
    read_bytes("s.db.idx", &sound_index, &index_size);
}

static void tear_down_store(void)
{
    for (guint i = 0; i < ASKED; i++)
        g_free(answers[i]);
    g_free(sound);
    g_free(sound_index);
    tear_down();
}

/* Asks all questions; is any answer another one, though it came without an error? */
static gboolean answers_differ(void)
{
    gboolean differ = FALSE;
    for (guint i = 0; i < ASKED; i++) {
        g_autofree char *line = asked_line(i);
        Ran ran = program_run(dir, line);
        ck_assert_msg(ran.status < CRASH && ran.status != 70, "%s: %d %s", line, ran.status,
                      ran.err);
        ck_assert_msg(ran.status == 0 || strstr(ran.err, "crosstrace: "), "%s: %d", line,
                      ran.status);
        differ |= ran.status == 0 && strcmp(ran.out, answers[i]) != 0;
        ran_clear(&ran);
    }
    return differ;
}

/* The store and what lies beside it, in this order; as they were before new rows were correlated.
 */
static const char *const KEPT[] = {"s.db",        "s.db.idx",   "s.db.facts",
                                   "s.db.people", "s.db.views", "s.db.links"};
#define KEPTS G_N_ELEMENTS(KEPT)

/* One of so many rows of the traces once more, under numbers of their own. */
static void load_new_rows(guint part)
{
    g_autofree char *line =
        g_strconcat(STORE, rules, " load --max-rejects 100% inbox/new.csv", NULL);
    g_autofree char *traces = contents("inbox/traces.csv");
    g_auto(GStrv) rows = g_strsplit(traces, "\n", -1);
    g_autoptr(GString) some = g_string_new(rows[0]);
    for (guint i = 1; i < g_strv_length(rows); i += part)
        g_string_append_printf(some, "\nT3%s", *rows[i] ? rows[i] + 2 : "");
    folder_write(dir, "inbox/new.csv", some->str);
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status <= 1, "%d: %s", ran.status, ran.err);
    ran_clear(&ran);
}

/* All of it, with new rows (one of so many) that are not correlated yet; then they are, and the
 * answers are those from here on: how many of them are others than before. */
static guint take_before(guint part, char **bytes, gsize *sizes)
{
    guint others = 0;
    g_autofree char *correlate = g_strconcat(STORE, rules, " correlate", NULL);
    load_new_rows(part);
    for (guint i = 0; i < KEPTS; i++)
        read_bytes(KEPT[i], &bytes[i], &sizes[i]);
    expect(correlate, 0, "");
    for (guint i = 0; i < ASKED; i++) {
        g_autofree char *line = asked_line(i);
        Ran ran = program_run(dir, line);
        g_autofree char *before = g_steal_pointer(&answers[i]);
        answers[i] = g_steal_pointer(&ran.out);
        others += strcmp(answers[i], before) != 0;
        ran_clear(&ran);
    }
    return others;
}

static void put_back(char *const *bytes, const gsize *sizes)
{
    remove_file("s.db-wal");
    remove_file("s.db-shm");
    for (guint i = 0; i < KEPTS; i++)
        write_bytes(KEPT[i], bytes[i], sizes[i]);
}

#endif
