/*
 * The process apart: a child opens the store for itself, hides what is confidential, gives up the
 * right to open or write any file, then runs the query and sends rows through a pipe. The parent
 * hands them on and turns the child's end into an error. One frame is a letter and its texts:
 * B columns, R row, E end, X error.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/sql/apart.h"
#include "engine/sql/knowledge.h"
#include "engine/sql/marking.h"
#include "engine/sql/sandbox.h"
#include "engine/store/result.h"

#define TEXT_MAX  (64u << 20) /* bytes of a text: more than a query's longest value */
#define CELLS_MAX 4096
#define CPU_SPARE 2 /* seconds: who does not look at its budget by then is killed */

/* ---- frames ----------------------------------------------------------------------------- */

static void put_number(FILE *pipe, gint32 number)
{
    fwrite(&number, sizeof number, 1, pipe);
}

static void put_text(FILE *pipe, const char *text)
{
    put_number(pipe, text ? (gint32)strlen(text) : -1);
    if (text)
        fwrite(text, 1, strlen(text), pipe);
}

/* What a query makes of bytes may be no UTF-8. */
static void put_cell(FILE *pipe, const char *text)
{
    g_autofree char *whole =
        text && !g_utf8_validate(text, -1, NULL) ? g_utf8_make_valid(text, -1) : NULL;
    put_text(pipe, whole ? whole : text);
}

static void put_head(FILE *pipe, char letter, guint n)
{
    putc(letter, pipe);
    put_number(pipe, (gint32)n);
}

static gboolean get_number(FILE *pipe, gint32 *number)
{
    return fread(number, sizeof *number, 1, pipe) == 1;
}

/* A text or NULL (g_free); FALSE at a broken end. */
static gboolean get_text(FILE *pipe, char **text)
{
    gint32 length;
    if (!get_number(pipe, &length) || length < -1 || length > (gint32)TEXT_MAX)
        return FALSE;
    *text = length < 0 ? NULL : g_malloc0((gsize)length + 1);
    return length <= 0 || fread(*text, 1, (gsize)length, pipe) == (gsize)length;
}

/* ---- the child -------------------------------------------------------------------------- */

typedef struct {
    FILE *pipe;
    Markings *markings;
    guint n;
} Sender;

/* Nobody reads on (a limit, a closed output): there is nothing more to do. */
static void expect_reader(const Sender *sender)
{
    if (ferror(sender->pipe))
        _exit(STATUS_DONE);
}

static gboolean send_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    Sender *sender = sink->data;
    sender->n = n;
    put_head(sender->pipe, 'B', n + 1);
    for (guint i = 0; i < n; i++) {
        put_number(sender->pipe, (gint32)columns[i].type);
        put_cell(sender->pipe, columns[i].name);
    }
    put_number(sender->pipe, COLUMN_DATA);
    put_text(sender->pipe, "handling");
    (void)error;
    markings_begin(sender->markings, columns, n);
    return TRUE;
}

static gboolean send_row(RowSink *sink, const char *const *cells, GError **error)
{
    Sender *sender = sink->data;
    const char *handling = NULL;
    if (!markings_of_row(sender->markings, cells, &handling, error))
        return FALSE;
    put_head(sender->pipe, 'R', sender->n + 1);
    for (guint i = 0; i < sender->n; i++)
        put_cell(sender->pipe, cells[i]);
    put_text(sender->pipe, handling);
    expect_reader(sender);
    return TRUE;
}

static gboolean limit(int resource, rlim_t value)
{
    struct rlimit both = {value, value};
    return setrlimit(resource, &both) == 0;
}

/* After the store was opened: no further file, no process, no byte into a file. */
static gboolean give_up_rights(const ApartLimits *limits, GError **error)
{
    signal(SIGXFSZ, SIG_IGN);
    sqlite3_hard_heap_limit64((sqlite3_int64)limits->heap_bytes);
    return (limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
            limit(RLIMIT_CPU, limits->seconds + CPU_SPARE)) ||
           error_set(error, STATUS_INTERNAL, "cannot set limits: %s", g_strerror(errno));
}

/* What is hidden, what is answered and how it is marked is of one state of the store. */
static gboolean hold_one_state(Store *store, Store *beside, GError **error)
{
    for (;;) {
        if (!store_begin(store, error) || !store_begin(beside, error))
            return FALSE;
        g_autofree char *one = store_data_hash(store, error);
        g_autofree char *other = one ? store_data_hash(beside, error) : NULL;
        if (!other || strcmp(one, other) == 0)
            return other != NULL;
        store_rollback(store);
        store_rollback(beside);
    }
}

static gboolean run_query(Sender *sender, const char *path, const char *sql,
                          const SqlOptions *options, const ApartLimits *limits, GError **error)
{
    RowSink sink = {send_begin, send_row, NULL, sender};
    SqlOptions budget = *options;
    budget.cpu_seconds = limits->seconds;
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, error);
    /* markings are looked up beside the sandbox, which would refuse it */
    g_autoptr(Store) beside = store ? store_open_beside(store, error) : NULL;
    if (!beside || !sql_in_memory(beside, error) || !sql_in_memory(store, error) ||
        !hold_one_state(store, beside, error) || !store_hide_confidential(store, error))
        return FALSE;
    sender->markings = markings_new(beside, error);
    gboolean ok = sender->markings && knowledge_prepare(options->knowledge, sql, error) &&
                  give_up_rights(limits, error) && sql_query(store, sql, &budget, &sink, error);
    markings_free(sender->markings);
    return ok;
}

static G_GNUC_NORETURN void be_child(int to, const char *path, const char *sql,
                                     const SqlOptions *options, const ApartLimits *limits)
{
    g_autoptr(GError) error = NULL;
    Sender sender = {.pipe = fdopen(to, "w")};
    if (!sender.pipe)
        _exit(STATUS_INTERNAL);
    if (run_query(&sender, path, sql, options, limits, &error)) {
        putc('E', sender.pipe);
    } else {
        put_head(sender.pipe, 'X', error_status(error));
        put_text(sender.pipe, error->message);
    }
    _exit(fclose(sender.pipe) == 0 ? STATUS_DONE : STATUS_IO);
}

/* ---- the parent ------------------------------------------------------------------------- */

typedef struct {
    FILE *pipe;
    RowSink *sink;
    gint32 n;
    char **cells;
    Column *columns;
    gboolean ended; /* the answer is complete, or what it was told of an error is */
} Receiver;

static void receiver_clear(Receiver *receiver)
{
    for (gint32 i = 0; i < receiver->n; i++) {
        if (receiver->columns)
            g_free((char *)receiver->columns[i].name);
        if (receiver->cells)
            g_free(receiver->cells[i]);
    }
    g_free(receiver->columns);
    g_free(receiver->cells);
    fclose(receiver->pipe);
}

static gboolean take_columns(Receiver *receiver, GError **error)
{
    gint32 type, n;
    if (receiver->n || !get_number(receiver->pipe, &n) || n < 1 || n > CELLS_MAX)
        return FALSE;
    receiver->n = n;
    receiver->columns = g_new0(Column, (gsize)n);
    receiver->cells = g_new0(char *, (gsize)n);
    for (gint32 i = 0; i < n; i++) {
        char *name = NULL;
        if (!get_number(receiver->pipe, &type) || !get_text(receiver->pipe, &name) || !name)
            return FALSE;
        receiver->columns[i] = (Column){name, (ColumnType)type};
    }
    return receiver->sink->begin(receiver->sink, receiver->columns, (guint)n, error);
}

static gboolean take_row(Receiver *receiver, GError **error)
{
    gint32 n;
    if (!get_number(receiver->pipe, &n) || n != receiver->n || n == 0)
        return FALSE;
    for (gint32 i = 0; i < n; i++) {
        g_clear_pointer(&receiver->cells[i], g_free);
        if (!get_text(receiver->pipe, &receiver->cells[i]))
            return FALSE;
    }
    return receiver->sink->row(receiver->sink, (const char *const *)receiver->cells, error);
}

static gboolean take_error(Receiver *receiver, GError **error)
{
    gint32 status;
    g_autofree char *text = NULL;
    if (!get_number(receiver->pipe, &status) || !get_text(receiver->pipe, &text) || !text)
        return FALSE;
    receiver->ended = TRUE;
    return error_set(error, (Status)status, "%s", text);
}

/* FALSE without an error: the child's end broke off. */
static gboolean receive(Receiver *receiver, GError **error)
{
    for (;;) {
        switch (getc(receiver->pipe)) {
        case 'B':
            if (!take_columns(receiver, error))
                return FALSE;
            break;
        case 'R':
            if (!take_row(receiver, error))
                return FALSE;
            break;
        case 'X':
            return take_error(receiver, error);
        case 'E':
            receiver->ended = TRUE;
            return receiver->sink->end(receiver->sink, error);
        default:
            return FALSE;
        }
    }
}

static gboolean tell_end(int end, GError **error)
{
    if (WIFSIGNALED(end) && (WTERMSIG(end) == SIGXCPU || WTERMSIG(end) == SIGKILL))
        return error_set(error, STATUS_TRY_AGAIN, "query stopped: over its budget");
    if (WIFSIGNALED(end) && (WTERMSIG(end) == SIGTRAP || WTERMSIG(end) == SIGABRT))
        return error_set(error, STATUS_MEMORY, "query stopped: out of memory");
    return error_set(error, STATUS_INTERNAL, "query broke off (%s)",
                     WIFSIGNALED(end) ? strsignal(WTERMSIG(end)) : "no end");
}

static gboolean be_parent(int from, pid_t child, RowSink *sink, GError **error)
{
    GError *problem = NULL;
    Receiver receiver = {.pipe = fdopen(from, "r"), .sink = sink};
    gboolean ok = receive(&receiver, &problem);
    receiver_clear(&receiver);
    int end = 0;
    while (waitpid(child, &end, 0) < 0 && errno == EINTR)
        continue;
    if (ok)
        return TRUE;
    if (!problem)
        return tell_end(end, error);
    g_propagate_error(error, problem);
    return FALSE;
}

gboolean sql_query_apart(const char *path, const char *sql, const SqlOptions *options,
                         const ApartLimits *limits, RowSink *sink, GError **error)
{
    int ends[2];
    if (pipe(ends) != 0)
        return error_set(error, STATUS_INTERNAL, "cannot make a pipe: %s", g_strerror(errno));
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return error_set(error, STATUS_MEMORY, "cannot start a process: %s", g_strerror(errno));
    }
    if (child == 0) {
        close(ends[0]);
        be_child(ends[1], path, sql, options, limits);
    }
    close(ends[1]);
    return be_parent(ends[0], child, sink, error);
}
