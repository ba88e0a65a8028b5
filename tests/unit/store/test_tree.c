/*
 * Tables laid page by page (tree.c, pages.c): what they hold is what SQLite puts into its own, and
 * it finds the file sound, whatever the rows are like and wherever in the file they go.
 */
#include "engine/store/db.h"
#include "engine/store/pages.h"
#include "tests/unit/store/fixture.h"

#define TOUCH_SQL                                                                                  \
    "BEGIN IMMEDIATE; INSERT INTO laid VALUES(1, x''); DELETE FROM laid WHERE i = 1;"              \
    "INSERT INTO keyed VALUES(x''); DELETE FROM keyed WHERE k = x'';"

static sqlite3 *plain_open(int page_size)
{
    sqlite3 *db = NULL;
    g_autofree char *sql = g_strdup_printf(
        "PRAGMA page_size=%d; PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=50;"
        "CREATE TABLE former(block INTEGER PRIMARY KEY, texts BLOB NOT NULL);"
        "CREATE TABLE shared(bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL);"
        "CREATE TABLE junk(b BLOB); INSERT INTO junk VALUES(zeroblob(100000)); DROP TABLE junk;"
        "CREATE TABLE laid(i INTEGER PRIMARY KEY, b BLOB);"
        "CREATE TABLE keyed(k BLOB PRIMARY KEY) WITHOUT ROWID;"
        "CREATE TABLE put(i INTEGER PRIMARY KEY, b BLOB);" TOUCH_SQL,
        page_size);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

/* A row of one blob, behind a NULL where the number stands for itself. */
static GByteArray *blob_row(gboolean by_key, const guint8 *bytes, guint size)
{
    guint8 type[PAGE_KEY_MAX];
    guint n = page_varint(type, 2 * (guint64)size + 12);
    guint8 head[2] = {(guint8)(n + (by_key ? 1 : 2)), 0};
    GByteArray *row = g_byte_array_new();
    g_byte_array_append(row, head, by_key ? 1 : 2);
    g_byte_array_append(row, type, n);
    return g_byte_array_append(row, bytes, size);
}

static void lay(Tree *tree, gboolean by_key, gint64 number, const guint8 *bytes, guint size)
{
    GError *error = NULL;
    GByteArray *row = blob_row(by_key, bytes, size);
    ck_done(tree_add(tree, number, row->data, row->len, &error), error);
    g_byte_array_unref(row);
}

/* n rows of `least` to `most` bytes that begin with their number. */
static void lay_both(sqlite3 *db, GRand *rand, guint n, gint least, gint most)
{
    GError *error = NULL;
    Pages *pages = NULL;
    sqlite3_stmt *put = NULL;
    gint64 number = g_rand_int_range(rand, -5, 200);
    ck_done(pages_begin(db, &pages, &error) && pages != NULL, error);
    Tree *laid = tree_new(pages, "laid", FALSE, &error);
    Tree *keyed = tree_new(pages, "keyed", TRUE, &error);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "INSERT INTO put VALUES(?, ?)", -1, &put, NULL),
                     SQLITE_OK);
    for (guint i = 0; i < n; i++) {
        guint size = (guint)g_rand_int_range(rand, least, most + 1);
        g_autofree guint8 *bytes = g_malloc(size);
        memset(bytes, (int)(i % 251), size);
        page_put(bytes, i + 1, 4);
        number += i % 100 == 99 ? G_GINT64_CONSTANT(1) << (i / 100 % 40) : 1;
        lay(laid, FALSE, number, bytes, size);
        lay(keyed, TRUE, 0, bytes, size);
        sqlite3_bind_int64(put, 1, number);
        sqlite3_bind_blob(put, 2, bytes, (int)size, SQLITE_TRANSIENT);
        ck_assert_int_eq(sqlite3_step(put), SQLITE_DONE);
        sqlite3_reset(put);
    }
    sqlite3_finalize(put);
    ck_done(tree_end(laid, &error) && tree_end(keyed, &error) && pages_end(pages, &error), error);
    tree_free(laid);
    tree_free(keyed);
    pages_free(pages);
}

static void ck_trees(sqlite3 *db, guint n)
{
    g_autofree char *count = g_strdup_printf("%u", n);
    ck_answer(db, "PRAGMA integrity_check", "ok");
    ck_answer(db, "SELECT count(*) FROM laid", count);
    ck_answer(db, "SELECT count(*) FROM (SELECT * FROM laid EXCEPT SELECT * FROM put)", "0");
    ck_answer(db, "SELECT count(*) FROM keyed JOIN put ON k = b", count);
    ck_answer(db, "SELECT count(*) FROM put WHERE b NOT IN (SELECT k FROM keyed)", "0");
    ck_answer(db, "SELECT count(*) FROM put NATURAL JOIN laid", count);
}

static const struct {
    int page_size;
    guint n, step;
    gint least, most;
} SHAPES[] = {
    {4096, 60, 1, 900, 1000},       /* four keys a page: each way that a level can end */
    {4096, 2000, 67, 900, 1000},    /* trees of six levels */
    {8192, 9000, 1700, 4, 60},      /* many a page */
    {8192, 700, 131, 4, 30000},     /* what no page holds */
    {65536 / 2, 300, 59, 4, 90000}, /* large pages */
};

START_TEST(test_trees)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    for (guint n = 0; n <= SHAPES[_i].n; n += SHAPES[_i].step) {
        sqlite3 *db = plain_open(SHAPES[_i].page_size);
        lay_both(db, rand, n, SHAPES[_i].least, SHAPES[_i].most);
        ck_trees(db, n);
        ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        ck_trees(db, n);
        /* SQLite goes on with them as with its own. */
        ck_assert_int_eq(sqlite3_exec(db,
                                      "DELETE FROM laid WHERE i % 3 = 0;"
                                      "DELETE FROM keyed WHERE hex(k) LIKE '%7';"
                                      "INSERT INTO laid(b) SELECT b FROM put;"
                                      "INSERT INTO keyed SELECT randomblob(700) FROM put",
                                      NULL, NULL, NULL),
                         SQLITE_OK);
        ck_answer(db, "PRAGMA integrity_check", "ok");
        sqlite3_close(db);
        g_unlink(path);
    }
}
END_TEST

static sqlite3 *reopened(sqlite3 *db, const char *sql)
{
    ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

/* The file, which nobody has open, made n pages long: all that are new belong to nothing and take
 * no room on the disk. */
static void lengthen(guint32 n, gint64 page_size)
{
    guint8 bytes[4];
    int file = open(path, O_RDWR);
    page_put(bytes, n, 4);
    ck_assert(file >= 0 && pwrite(file, bytes, 4, 28) == 4 && ftruncate(file, n * page_size) == 0);
    close(file);
}

/* Across the page at 1 GiB that SQLite leaves alone for its locks, and where a byte's place does
 * not fit into 32 bits. */
START_TEST(test_far)
{
    static const guint64 far[] = {G_GUINT64_CONSTANT(1) << 30, G_GUINT64_CONSTANT(1) << 32};
    static const char *const tables[] = {"laid", "keyed", "put", "former", "shared"};
    const int page_size = 32768;
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    sqlite3 *db = reopened(plain_open(page_size), "");
    guint8 page[32768], none[32768] = {0};
    sqlite3_close(db);
    lengthen((guint32)(far[_i] / (guint)page_size) - 100, page_size);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA journal_mode=TRUNCATE; " TOUCH_SQL, NULL, NULL, NULL),
                     SQLITE_OK);
    lay_both(db, rand, 300, 4, 90000);
    db = reopened(db, "");
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *check = g_strdup_printf("PRAGMA integrity_check(%s)", tables[i]);
        ck_answer(db, check, "ok");
    }
    ck_answer(db, "SELECT count(*) FROM put NATURAL JOIN laid", "300");
    ck_answer(db, "SELECT count(*) FROM keyed JOIN put ON k = b", "300");
    sqlite3_close(db);
    int file = open(path, O_RDONLY);
    ck_assert_int_eq(pread(file, page, sizeof page, (off_t)1 << 30), (ssize_t)sizeof page);
    ck_assert_mem_eq(page, none, sizeof page);
    close(file);
}
END_TEST

/* More freed pages than one row may have. */
START_TEST(test_freed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    sqlite3 *db =
        reopened(plain_open(4096), "CREATE TABLE large(b BLOB);"
                                   "INSERT INTO large VALUES(zeroblob(9000000)); DROP TABLE large;"
                                   "PRAGMA journal_mode=TRUNCATE;" TOUCH_SQL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 5000000);
    lay_both(db, rand, 300, 4, 3000);
    ck_trees(db, 300);
    db = reopened(db, "");
    ck_trees(db, 300);
    sqlite3_close(db);
}
END_TEST

static int failing_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return SQLITE_IOERR_FSYNC;
}

#define PAGES_MOST 5000u /* of 4,096 bytes, one each millisecond */

/* What does not go to disk while more is made is told soon, not when all is laid. */
START_TEST(test_sync_fails)
{
    GError *error = NULL;
    Pages *pages = NULL;
    sqlite3_file *file = NULL;
    sqlite3 *db = plain_open(4096);
    ck_assert_int_eq(sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file), SQLITE_OK);
    const sqlite3_io_methods *own = file->pMethods;
    sqlite3_io_methods methods = *own;
    methods.xSync = failing_sync;
    file->pMethods = &methods;
    ck_done(pages_begin(db, &pages, &error) && pages != NULL, error);
    const guint8 page[4096] = {0};
    guint n = 0;
    guint32 number;
    gboolean put = TRUE;
    for (; put && n < PAGES_MOST; n++) {
        ck_done(pages_take(pages, &number, &error), error);
        put = pages_put(pages, number, page, &error) && (n != 0 || pages_sync(pages, &error));
        g_usleep(1000);
    }
    ck_assert_msg(!put, "%u pages laid, and not a word", n);
    ck_assert_int_eq(error_status(error), STATUS_IO);
    g_clear_error(&error);
    pages_free(pages);
    file->pMethods = own;
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/tree");
    TCase *tcase = tcase_create("tree");
    tcase_add_checked_fixture(tcase, fixture_up, fixture_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, test_trees, 0, G_N_ELEMENTS(SHAPES));
    tcase_add_loop_test(tcase, test_far, 0, 2);
    tcase_add_test(tcase, test_freed);
    tcase_add_test(tcase, test_sync_fails);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
