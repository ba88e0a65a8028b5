/*
 * Nobody loses a lock unawares: every command runs under liblocks.so (tests/fault/locks.c), which
 * tells when a descriptor of a file is closed on which SQLite holds locks by another. Files that
 * belong to the store are named to it as any other file too, and stay what they are. And who reads
 * begins to read once: what a run leaves meanwhile is not mixed with what was there before.
 */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "engine/cli/cli.h"
#include "tests/unit/cli/nights.h"
#include "tests/unit/cli/secret.h"
#include "tests/unit/suite.h"

/* In their order; LEAD: the first lead's id. ONE_STATE: reads the store once, after it was opened;
 * ..._ASKED: that to note the question, and again by two connections apart. */
static const struct {
    const char *line;
    int status;
    enum { ANY, ONE_STATE, ONE_STATE_ASKED } reads;
} LINES[] = {
    {"load traces.csv seizures-en.csv", 1, ANY},
    {"load saisies-fr.csv traces.csv", 1, ANY},
    {"load secret.csv", 0, ANY}, /* what is hidden is found first */
    {"load --dry-run people.csv", 0, ANY},
    {"load many.csv --store many.db", 0, ANY}, /* a first load that writes its pages itself */
    {"load again.csv --store many.db", 0, ANY},
    {"correlate", 0, ANY},
    {"correlate --full", 0, ANY},
    {"correlate --estimate", 0, ANY},
    {"correlate --dry-run --profile-rules", 0, ANY},
    {"suppress list", 0, ONE_STATE},
    {"leads list", 0, ONE_STATE},
    {"leads show LEAD", 0, ONE_STATE},
    {"leads set LEAD --status open", 0, ANY},
    {"show LEAD", 0, ONE_STATE},
    {"show atf-trace:T20190004418", 0, ONE_STATE},
    {"chain atf-trace:T20190004418", 0, ONE_STATE},
    {"why atf-trace:T20190004418 atf-trace:T20190010011", 0, ONE_STATE},
    {"persons list", 0, ONE_STATE},
    {"review --format ndjson < /dev/null", 0, ONE_STATE},
    {"query 'SELECT record, serial FROM firearms'", 0, ONE_STATE_ASKED},
    {"query \"SELECT count(*) FROM firearms WHERE serial_match('1*', serial)\"", 0,
     ONE_STATE_ASKED},
    {"query --list", 0, ANY},
    {"find serial 1234", 0, ONE_STATE},
    {"find person SMITH", 0, ONE_STATE},
    {"find address ELM", 0, ONE_STATE},
    {"find text kit", 0, ONE_STATE},
    {"export links", 0, ONE_STATE},
    {"export rejects -o rejects.csv", 0, ONE_STATE},
    {"report --format csv -o report.csv", 0, ONE_STATE},
    {"report --format html -o report.html", 0, ONE_STATE},
    {"stats", 0, ONE_STATE},
    {"stats --by port", 0, ONE_STATE},
    {"stats --unknown", 0, ONE_STATE},
    {"audit list", 0, ONE_STATE},
    {"audit verify", 0, ONE_STATE},
    {"check --full", 0, ONE_STATE},
    {"backup copy.db", 0, ONE_STATE},
    {"config check", 0, ANY},
    {"rules check", 0, ANY},
    {"nightly", 0, ANY},
    {"retention", 0, ANY},
    {"retention --backups", 0, ANY},
    {"help columns", 0, ANY},
    /* what belongs to the store, by its name and by others */
    {"load s.db", 65, ANY},
    {"load s.db-shm", 65, ANY},
    {"load s.db-wal s.db.audit", 65, ANY},
    {"load link.csv", 65, ANY},
    {"load hard.csv", 65, ANY},
    {"load --map s.db people.csv", 78, ANY},
    {"report --format csv --force -o s.db", 73, ONE_STATE},
    {"report --format csv --force -o s.db-shm", 73, ONE_STATE},
    {"export links --force -o hard.csv", 73, ONE_STATE},
    {"nightly --config here.ini", 0, ANY},
    {"retention --backups --config here.ini", 0, ANY},
    {"correlate", 0, ANY},
    {"check --full", 0, ONE_STATE},
};

/* What is lost is told of, and nothing else: this program, run again under the library. */
static const struct {
    const char *does, *told;
} TRIES[] = {{"kept", ""},
             {"unlocked", ""},
             {"closed", "closed: descriptor "},
             {"child", "opened by a child: descriptor "}};

static char *program, *folder, *lead;
static guint opening; /* how often a store is begun to be read at least */

/* ---- what loses a lock -------------------------------------------------------------------- */

static int open_try(void)
{
    int fd = open("try", O_RDWR | O_CREAT, 0600);
    if (fd < 0)
        exit(1);
    return fd;
}

static void lock_try(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 5, .l_len = 3};
    if (fcntl(fd, F_SETLK, &lock) != 0)
        exit(1);
}

static int lose(const char *does)
{
    int fd = open_try();
    lock_try(fd, F_RDLCK);
    if (strcmp(does, "unlocked") == 0)
        lock_try(fd, F_UNLCK);
    if (strcmp(does, "child") == 0 && fork() == 0)
        _exit(open_try() < 0);
    if (strcmp(does, "closed") == 0 || strcmp(does, "unlocked") == 0)
        close(open_try());
    close(fd);
    wait(NULL);
    return 0;
}

/* ---- lines -------------------------------------------------------------------------------- */

/* Runs a program and its words, as a shell takes them, in the folder under the library; its status.
 * out: g_free. */
static int run_line(const char *of, const char *words, char **out)
{
    g_autofree char *line = g_strdup_printf(
        "LD_PRELOAD='%s/liblocks.so' CROSSTRACE_LOCKS=lost CROSSTRACE_READS=reads exec '%s' %s",
        folder, of, words);
    g_autofree char *err = NULL;
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "XDG_CONFIG_HOME", dir, TRUE);
    int status = 0;
    ck_assert(g_spawn_sync(dir, (char **)argv, environment, G_SPAWN_DEFAULT, NULL, NULL, out, &err,
                           &status, NULL));
    ck_assert_msg(WIFEXITED(status), "%s: %s", line, err);
    return WEXITSTATUS(status);
}

/* What the library told in a file, which goes; g_free. */
static char *told(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return g_strdup("");
    g_unlink(path);
    return text;
}

static guint count_reads(void)
{
    g_autofree char *reads = told("reads");
    guint n = 0;
    for (const char *at = reads; (at = strstr(at, "/s.db-shm\n")); at++)
        n++;
    return n;
}

START_TEST(what_is_lost_is_told)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *out = NULL;
#if defined(__SANITIZE_ADDRESS__)
    printf("skipped: the library would stand before the sanitizer's own\n");
    return;
#endif
    ck_assert_int_eq(run_line(self, TRIES[_i].does, &out), 0);
    g_autofree char *lost = told("lost");
    ck_assert_msg(*TRIES[_i].told ? g_str_has_prefix(lost, TRIES[_i].told) : !*lost, "%s: '%s'",
                  TRIES[_i].does, lost);
}
END_TEST

/* The words of a line behind those that every one has. */
static char *words_of(const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, "LEAD", -1);
    g_autofree char *named = g_strjoinv(lead ? lead : "", parts);
    return g_strdup_printf("--store s.db --config c.ini --as-of 2024-06-30 --rules '%s' -q %s",
                           rules, named);
}

/* How often it is read when it is opened depends on SQLite: as for what reads one statement. */
static void expect_one_state(guint one)
{
    const char *line = LINES[one].line;
    guint begins = count_reads();
    if (LINES[one].reads == ONE_STATE && opening == 0)
        opening = begins;
    if (LINES[one].reads == ANY)
        return;
    guint most = LINES[one].reads == ONE_STATE ? opening : 3 * opening - 2;
    ck_assert_msg(begins > 0 && begins <= most, "%s: begins to read %u times", line, begins);
}

static void run_one(guint one)
{
    const char *line = LINES[one].line;
    g_autofree char *words = words_of(line), *out = NULL;
    int found = run_line(program, words, &out);
    g_autofree char *lost = told("lost");
    ck_assert_msg(found == LINES[one].status, "%s: status %d", line, found);
    ck_assert_msg(!*lost, "%s: %s", line, lost);
    expect_one_state(one);
    if (!lead && strcmp(line, "leads list") == 0)
        lead = g_strndup(strchr(out, '\n') + 1, strcspn(strchr(out, '\n') + 1, ","));
}

static void write_traces(const char *name, guint from, guint n)
{
    g_autoptr(GString) text =
        g_string_new("trace_number,request_date,serial_number,manufacturer,model,caliber\n");
    for (guint i = from; i < from + n; i++)
        g_string_append_printf(text, "T2024%07u,06/03/2024,SYN%06u,GLOCK,19,9MM\n", i,
                               i * 7 % 999983);
    folder_write(dir, name, text->str);
}

/* The store under other names. */
static void link_store(void)
{
    g_autofree char *store = g_build_filename(dir, "s.db", NULL);
    g_autofree char *soft = g_build_filename(dir, "link.csv", NULL);
    g_autofree char *hard = g_build_filename(dir, "hard.csv", NULL);
    ck_assert_int_eq(symlink("s.db", soft), 0);
    ck_assert_int_eq(link(store, hard), 0);
}

static void put_files(void)
{
    static const char *const samples[] = {"traces.csv", "seizures-en.csv", "saisies-fr.csv",
                                          "people.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *inbox = g_build_filename("inbox", samples[i], NULL);
        put_sample(samples[i]);
        g_autofree char *text = contents(inbox);
        folder_write(dir, samples[i], text);
    }
    folder_write(dir, "here.ini",
                 "[crosstrace]\nstore=s.db\ninbox=inbox\nreports=reports\n"
                 "backups=.\nsettle=0\n");
    folder_write(dir, "secret.csv", SECRET_TRACES);
    write_traces("many.csv", 0, 25000);
    write_traces("again.csv", 20000, 10000);
}

START_TEST(commands_keep_their_locks)
{
#if defined(__SANITIZE_ADDRESS__)
    printf("skipped: the library would stand before the sanitizer's own\n");
    return;
#endif
    put_files();
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        if (strcmp(LINES[i].line, "load s.db") == 0)
            link_store();
        run_one(i);
    }
}
END_TEST

/* A new command has a line above. */
START_TEST(every_command_is_tried)
{
    for (const Command *const *c = commands(); *c; c++) {
        g_autofree char *begin = g_strconcat((*c)->name, " ", NULL);
        gboolean tried = FALSE;
        for (guint i = 0; i < G_N_ELEMENTS(LINES); i++)
            tried |=
                g_str_has_prefix(LINES[i].line, begin) || strcmp(LINES[i].line, (*c)->name) == 0;
        ck_assert_msg(tried, "no line of '%s'", (*c)->name);
    }
}
END_TEST

int main(int argc, char **argv)
{
    if (argc == 2)
        return lose(argv[1]);
    const char *given = g_getenv("CROSSTRACE_BIN");
    program = g_canonicalize_filename(given ? given : "build/crosstrace", NULL);
    folder = g_path_get_dirname(program);
    Suite *suite = suite_create("locks");
    TCase *tests = add_case(suite, "locks");
    tcase_add_test(tests, every_command_is_tried);
    tcase_add_loop_test(tests, what_is_lost_is_told, 0, (int)G_N_ELEMENTS(TRIES));
    tcase_add_test(tests, commands_keep_their_locks);
    int failed = suite_run(suite);
    g_free(folder);
    g_free(program);
    return failed;
}
