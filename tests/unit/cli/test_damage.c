/*
 * A damaged store or index: a bit flipped anywhere, the end cut off, another file in its place, its
 * log lost. Either what is asked is answered as before, or `check --full` names the damage and a
 * night tells nothing; nothing crashes, hangs or mends. What a run keeps beside the store for the
 * next one is damaged too: that run tells what it tells of a whole one. CROSSTRACE_FLIPS=500 and
 * CROSSTRACE_CUTS=50 make it a long test.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>

#include "tests/unit/cli/kept.h"
#include "tests/unit/suite.h"

#define CUTS  12
#define FLIPS 24

static int check_status(void)
{
    g_autofree char *line = g_strconcat(STORE, rules, " check --full", NULL);
    Ran ran = program_run(dir, line);
    int status = ran.status;
    ck_assert_msg(status == 0 || status == 69 || status == 74, "%d: %s", status, ran.err);
    ck_assert(status == 0 || *ran.err);
    ran_clear(&ran);
    return status;
}

/* Bytes in the place of the store, alone. TRUE: they are told to be damaged. */
static gboolean named(const char *bytes, gsize size, const char *what, gsize where)
{
    remove_file("s.db-wal");
    remove_file("s.db-shm");
    write_bytes("s.db", bytes, size);
    gboolean differ = answers_differ();
    int status = check_status();
    ck_assert_msg(!differ || status != 0, "%s at %zu: another answer, and the check is well", what,
                  where);
    return status != 0;
}

START_TEST(flipped_bits)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(from_environment("CROSSTRACE_SEED", 5));
    guint flips = from_environment("CROSSTRACE_FLIPS", (guint)suite_rounds(FLIPS)), found = 0;
    for (guint i = 0; i < flips; i++) {
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)sound_size);
        g_autofree char *bytes = g_memdup2(sound, sound_size);
        bytes[at] ^= (char)(1 << g_rand_int_range(random, 0, 8));
        found += named(bytes, sound_size, "flip", at);
    }
    printf("counted: %u flipped bits of the store, %u named, the others changed no answer\n", flips,
           found);
}
END_TEST

START_TEST(cut_short)
{
    guint cuts = from_environment("CROSSTRACE_CUTS", (guint)suite_rounds(CUTS));
    for (guint i = 0; i < cuts; i++) {
        gsize size = (sound_size - 1) * i / cuts;
        ck_assert_msg(named(sound, size, "cut", size) || size == 0, "cut to %zu", size);
    }
    printf("counted: %u truncations, all named\n", cuts);
}
END_TEST

/* Bytes that are refused stay as they are. */
static void refused(const char *bytes, gsize size, const char *says)
{
    g_autofree char *after = NULL;
    gsize length = 0;
    remove_file("s.db-wal");
    remove_file("s.db-shm");
    write_bytes("s.db", bytes, size);
    g_autofree char *line = g_strconcat(NIGHT, rules, NULL);
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 69 && strstr(ran.err, says), "%d: %s", ran.status, ran.err);
    ran_clear(&ran);
    read_bytes("s.db", &after, &length);
    ck_assert(length == size && memcmp(after, bytes, size) == 0);
}

#define USER_VERSION 60 /* where SQLite's header has it, four bytes, the highest first */

START_TEST(other_files)
{
    g_autofree char *text = g_strnfill(8192, 'x');
    g_autofree char *newer = g_memdup2(sound, sound_size);
    g_autofree char *foreign = g_memdup2(sound, sound_size);
    /* NOLINTBEGIN(bugprone-not-null-terminated-result): four bytes of a file */
    memcpy(newer + USER_VERSION, "\0\0\x27\x0f", 4);
    memcpy(foreign + USER_VERSION + 8, "none", 4); /* the application's number */
    /* NOLINTEND(bugprone-not-null-terminated-result) */
    refused(text, 8192, "s.db");
    refused(newer, sound_size, "newer than this program");
    refused(foreign, sound_size, "s.db");
}
END_TEST

/* What a writer had in its log is gone with it: the store is as it was before, and whole. */
START_TEST(lost_log)
{
    write_bytes("s.db-wal", "garbage that is no log", 22);
    ck_assert(!answers_differ());
    ck_assert_int_eq(check_status(), 0);
}
END_TEST

/* The index is derived: damaged anywhere, `find` answers as if it were sound. */
START_TEST(damaged_index)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(from_environment("CROSSTRACE_SEED", 6));
    guint flips = from_environment("CROSSTRACE_FLIPS", (guint)suite_rounds(FLIPS));
    for (guint i = 0; i < flips + CUTS; i++) {
        g_autofree char *bytes = g_memdup2(sound_index, index_size),
                        *line = asked_line(ASKED - 1 - i % 2);
        gsize size = i < flips ? index_size : index_size * (i - flips) / CUTS;
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)index_size);
        for (guint k = 0; i < flips && k < 1 + i % 3 * 200; k++) { /* a bit, or a stretch */
            if (at + k < index_size)
                bytes[at + k] ^= (char)(1 << g_rand_int_range(random, 0, 8));
        }
        write_bytes("s.db.idx", bytes, size);
        Ran ran = program_run(dir, line);
        ck_assert_msg(ran.status == 0 && strcmp(ran.out, answers[ASKED - 1 - i % 2]) == 0,
                      "index, %zu of %zu: %d\n%s%s", at, index_size, ran.status, ran.out, ran.err);
        ran_clear(&ran);
    }
    printf("counted: %u damaged and %u cut indexes, all answers as before\n", flips, CUTS);
}
END_TEST

/* A bit, a stretch of them, zeros to the end, or the end gone. */
static void damage(const char *name, const char *bytes, gsize size, GRand *random)
{
    g_autofree char *other = g_memdup2(bytes, size);
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)size);
    guint how = (guint)g_rand_int_range(random, 0, 4);
    gsize bits = how == 0 ? 1 : how == 1 ? MIN(200, size - at) : 0;
    for (gsize k = 0; k < bits; k++)
        other[at + k] ^= (char)(1 << g_rand_int_range(random, 0, 8));
    if (how == 2)
        memset(other + at, 0, size - at);
    write_bytes(name, other, how == 3 ? at : size);
}

/* What stands beside the index of serials since new rows came: damaged, answers are the same. */
static void damage_added(GRand *random, guint flips)
{
    gsize size, added_size;
    char *bytes, *added;
    read_bytes("s.db.idx", &bytes, &size);
    read_bytes("s.db.added", &added, &added_size);
    for (guint i = 0; i < flips; i++) {
        write_bytes("s.db.idx", bytes, size);
        damage("s.db.added", added, added_size, random);
        ck_assert_msg(!answers_differ(), "s.db.added damaged (%u): another answer", i);
    }
    g_free(bytes);
    g_free(added);
}

/* What is kept for the next run is derived: damaged anywhere, that run tells what it would have. */
START_TEST(damaged_kept)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(from_environment("CROSSTRACE_SEED", 7));
    guint flips = from_environment("CROSSTRACE_FLIPS", (guint)suite_rounds(FLIPS));
    g_autofree char *correlate = g_strconcat(STORE, rules, " correlate", NULL);
    char *bytes[KEPTS];
    gsize sizes[KEPTS];
    ck_assert_uint_eq(take_before(5, bytes, sizes), ASKED);
    damage_added(random, flips / 4);
    for (guint i = 0; i < flips; i++) {
        guint one = 1 + i % (KEPTS - 1);
        put_back(bytes, sizes);
        damage(KEPT[one], bytes[one], sizes[one], random);
        expect(correlate, 0, "");
        ck_assert_msg(!answers_differ(), "%s damaged (%u): another answer", KEPT[one], i);
    }
    for (guint i = 0; i < KEPTS; i++)
        g_free(bytes[i]);
    printf("counted: %u damaged files of those kept for the next run, which told the same\n",
           flips);
}
END_TEST

/* What no structure betrays: a letter of a value. */
START_TEST(another_letter)
{
    g_autofree char *bytes = g_memdup2(sound, sound_size);
    char *value = memmem(bytes, sound_size, "GLOCK", 5);
    ck_assert_ptr_nonnull(value);
    for (; value; value = memmem(bytes, sound_size, "GLOCK", 5))
        value[4] = 'X';
    ck_assert(named(bytes, sound_size, "letter", 0));
}
END_TEST

/* The schema is text in the store: a column of another name is damage, no error of the program. */
START_TEST(another_column)
{
    static const char *const columns[] = {"judgement_id", "lead_id", "evidence_hash", "record_id",
                                          "serial_raw",   "rds_key", "user_id",       "released"};
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_autofree char *bytes = g_memdup2(sound, sound_size);
        gsize length = strlen(columns[i]);
        char *at = memmem(bytes, sound_size, columns[i], length);
        for (guint n = 0; at && n < 3; n++) {
            at[length - 1] = 'x';
            named(bytes, sound_size, columns[i], (gsize)(at - bytes));
            at = memmem(at, sound_size - (gsize)(at - bytes), columns[i], length);
        }
    }
}
END_TEST

/* A night on a damaged store tells so, and neither reports nor copies. */
START_TEST(a_night_tells_nothing)
{
    g_autofree char *bytes = g_memdup2(sound, sound_size);
    memset(bytes + sound_size / 2, 0, 8192); /* a page of some table */
    remove_file("s.db-wal");
    remove_file("s.db-shm");
    write_bytes("s.db", bytes, sound_size);
    expect(night, 69, "check: the store is damaged");
    g_autofree char *reports = listed("reports"), *copies = listed("backups");
    ck_assert_str_eq(reports, "");
    ck_assert_str_eq(copies, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("damage");
    TCase *tests = tcase_create("damage"), *kept = tcase_create("kept");
    tcase_add_checked_fixture(tests, set_up_store, tear_down_store);
    tcase_set_timeout(tests, 3600);
    tcase_add_test(tests, flipped_bits);
    tcase_add_test(tests, cut_short);
    tcase_add_test(tests, other_files);
    tcase_add_test(tests, lost_log);
    tcase_add_test(tests, damaged_index);
    tcase_add_test(tests, another_letter);
    tcase_add_test(tests, another_column);
    tcase_add_test(tests, a_night_tells_nothing);
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(kept, set_up_store, tear_down_store);
    tcase_set_timeout(kept, 3600);
    tcase_add_test(kept, damaged_kept);
    suite_add_tcase(suite, kept);
    return suite_run(suite);
}
