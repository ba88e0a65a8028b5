/*
 * Which lists say what the store says: STORE.words, which tells of all records that it saw;
 * STORE.later, which tells of those that came or were revised since, so that a night costs what
 * came and not what there is; and what came since that, made in memory. Anything else makes
 * STORE.words anew, as does a STORE.later that was made of as many records, over and over, as
 * STORE.words is.
 */
#include "engine/find/words.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/find/derived.h"
#include "engine/find/words_file.h"
#include "engine/person/probe.h"
#include "engine/query/select.h"
#include "engine/store/changes.h"
#include "engine/store/runs.h"

#define SMALL 5000 /* records that are made in memory for a question */
#define LATER 4    /* one record in so many at most in STORE.later */

char *find_words_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_WORDS, NULL);
}

static char *later_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_LATER, NULL);
}

/* ---- state of the store ----------------------------------------------------------------- */

static void state_clear(WordsState *state)
{
    g_free(state->data_sum);
    g_free(state->files);
    g_free(state->set_hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WordsState, state_clear)

static gboolean take_text(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    g_string_append_printf(data, "\n%s", (const char *)sqlite3_column_text(row, 0));
    return TRUE;
}

/* SHA-256 of the texts that a statement yields. */
static gboolean read_hash(Store *store, const char *sql, const char *parameter, char **hash,
                          GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    if (!select_walk(store, sql, parameter, take_text, all, error))
        return FALSE;
    *hash = text_sha256(all->str, -1);
    return TRUE;
}

static gboolean take_extent(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    WordsState *state = data;
    state->last_record = sqlite3_column_int64(row, 0);
    state->last_file = sqlite3_column_int64(row, 1);
    return TRUE;
}

static gboolean state_read(Store *store, WordsState *state, GError **error)
{
    /* asks for the sum anew: another connection may have loaded since */
    g_autofree char *fresh = store_data_hash(store, error);
    state->data_sum = fresh ? store_data_sum(store, error) : NULL;
    return state->data_sum &&
           select_walk(store,
                       "SELECT (SELECT max(record_id) FROM record),"
                       " (SELECT max(file_id) FROM file)",
                       NULL, take_extent, state, error) &&
           (state->files = store_files_hash(store, state->last_file, error)) &&
           read_hash(store,
                     "SELECT hash FROM parameter_set WHERE set_id ="
                     " (SELECT set_id FROM run ORDER BY run_id DESC LIMIT 1)",
                     NULL, &state->set_hash, error);
}

/* ---- files that lie there ---------------------------------------------------------------- */

/* STORE.words and the STORE.later that is of it, as they lie. */
typedef struct {
    WordsFile *base, *later; /* NULL: none */
    StoreChanges since;      /* the newer of the two */
} Lying;

static void lying_clear(Lying *lying)
{
    g_clear_pointer(&lying->base, words_file_close);
    g_clear_pointer(&lying->later, words_file_close);
    store_changes_clear(&lying->since);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lying, lying_clear)

static WordsFile *newest(const Lying *lying)
{
    return lying->later ? lying->later : lying->base;
}

static void lying_open(Store *store, Lying *lying)
{
    g_autofree char *words = find_words_path(store), *later = later_path(store);
    lying->base = words_file_open(words);
    lying->later = lying->base ? words_file_open(later) : NULL;
    g_autofree char *id = lying->later ? words_file_id(lying->base) : NULL;
    if (id && strcmp(id, lying->later->head->of) != 0)
        g_clear_pointer(&lying->later, words_file_close);
}

/* What changed since a file was made; FALSE without an error: it is not of this store. */
static gboolean changes_since(Store *store, const WordsFile *file, const WordsState *state,
                              StoreChanges *changes, GError **error)
{
    const WordsHead *head = file->head;
    StoreRun since = {.data_sum = (char *)head->data_sum,
                      .last_record = head->last_record,
                      .last_file = head->last_file};
    g_autofree char *files = store_files_hash(store, head->last_file, error);
    store_changes_clear(changes);
    return files && strcmp(files, head->files) == 0 && state->last_record >= head->last_record &&
           store_changes(store, &since, changes, error) && changes->complete;
}

static guint count_changes(const StoreChanges *changes)
{
    return changes->added->len + changes->revised->len;
}

static gboolean is_cut_so(const WordsFile *file, const PersonModel *people)
{
    return !people || file->head->cut_by == person_words_stamp(people);
}

/* Do the files that lie there, with some records made in memory, tell all? */
static gboolean serves(Store *store, Lying *lying, const WordsState *state, const FindWords *how,
                       GError **error)
{
    const WordsFile *file = newest(lying);
    return file && is_cut_so(lying->base, how->people) &&
           (!how->weights || strcmp(file->head->set_hash, state->set_hash) == 0) &&
           state->last_record - file->head->last_record <= SMALL &&
           changes_since(store, file, state, &lying->since, error) &&
           count_changes(&lying->since) <= SMALL;
}

/* ---- made --------------------------------------------------------------------------------- */

static void list_numbers(GString *list, const GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len > 1 ? "," : "",
                               g_array_index(numbers, gint64, i));
}

/* The records that are new or revised, as a JSON array; g_free. */
static char *records_changed(const StoreChanges *changes)
{
    GString *list = g_string_new("[");
    list_numbers(list, changes->added);
    list_numbers(list, changes->revised);
    return g_string_free(g_string_append_c(list, ']'), FALSE);
}

/* FALSE without an error: STORE.words is not of this store, or as soon made anew. */
static gboolean make_later(const Lying *lying, WordsWriting *writing, GError **error)
{
    g_auto(StoreChanges) changes = {0};
    const WordsFile *base = lying->base;
    if (!base || !is_cut_so(base, writing->people) ||
        !changes_since(writing->store, base, writing->state, &changes, error))
        return FALSE;
    guint64 all = (guint64)base->head->last_record, n = count_changes(&changes);
    writing->spent = n + (lying->later ? lying->later->head->spent : 0);
    if (n > all / LATER || writing->spent > all)
        return FALSE;
    g_autofree char *path = later_path(writing->store), *records = records_changed(&changes);
    WordsWriting later = *writing;
    later.base = base;
    later.records = records;
    later.revised = changes.revised;
    return words_file_write(path, &later, error) && find_keep(writing->store, path);
}

static gboolean make_words(const WordsWriting *writing, GError **error)
{
    g_autofree char *path = find_words_path(writing->store), *later = later_path(writing->store);
    if (!words_file_write(path, writing, error))
        return FALSE;
    g_unlink(later); /* it was of another */
    return find_keep(writing->store, path);
}

static gboolean make_files(Store *store, const Lying *lying, const WordsState *state,
                           const FindWords *how)
{
    g_autoptr(PersonModel) own = how->people ? NULL : person_model_load(how->rules, NULL);
    WordsWriting writing = {
        .store = store, .state = state, .people = how->people ? how->people : own};
    if (how->waiting)
        how->waiting(how->data);
    return writing.people && (make_later(lying, &writing, NULL) || make_words(&writing, NULL));
}

/* Files that serve, made where there are none; none without an error where none can be made. */
static gboolean files_ready(Store *store, const WordsState *state, const FindWords *how,
                            Lying *lying, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(store_path(store));
    GError *problem = NULL;
    gboolean ready = FALSE, made = TRUE;
    for (guint turn = 0; turn < 2 && !ready && made && !problem; turn++) {
        lying_open(store, lying);
        ready = serves(store, lying, state, how, &problem);
        made = !ready && !problem && turn == 0 && access(folder, W_OK) == 0 &&
               make_files(store, lying, state, how);
        if (!ready)
            lying_clear(lying);
    }
    if (problem)
        g_propagate_error(error, problem);
    return problem == NULL;
}

/* ---- opened ------------------------------------------------------------------------------- */

static void add_numbers(GHashTable **all, const gint64 *numbers, guint64 n)
{
    if (!*all)
        *all = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint64 i = 0; i < n; i++)
        g_hash_table_add(*all, g_memdup2(&numbers[i], sizeof numbers[i]));
}

/* Takes over a file, which what was revised since is not to be believed of. */
static void add_file(Words *words, WordsFile **file, WordsKind kind, const GArray *revised)
{
    if (!*file)
        return;
    guint i = words->n++;
    words->file[i] = g_steal_pointer(file);
    words->list[i] = words_file_list(words->file[i], kind);
    add_numbers(&words->revised[i], (const gint64 *)(gconstpointer)revised->data, revised->len);
}

static void add_files(Words *words, Lying *lying, WordsKind kind, const WordsState *state)
{
    guint64 n = 0;
    const gint64 *revised = lying->later ? words_file_revised(lying->later, &n) : NULL;
    WordsFile *last = newest(lying);
    if (strcmp(last->head->set_hash, state->set_hash) == 0)
        words_file_person(last, &words->person);
    add_file(words, &lying->base, kind, lying->since.revised);
    add_numbers(&words->revised[0], revised, n);
    add_file(words, &lying->later, kind, lying->since.revised);
}

gboolean words_open(Store *store, WordsKind kind, const FindWords *how, Words *words,
                    GError **error)
{
    g_auto(WordsState) state = {0};
    g_auto(Lying) lying = {0};
    g_autofree char *news = NULL;
    *words = (Words){0};
    if (!select_hold(store, &words->own, error))
        return FALSE;
    words->store = store;
    if (!state_read(store, &state, error) ||
        (state.last_record > SMALL && !files_ready(store, &state, how, &lying, error)))
        return FALSE;
    if (lying.base) {
        news = records_changed(&lying.since);
        add_files(words, &lying, kind, &state);
    }
    if (news && count_changes(&lying.since) == 0)
        return TRUE;
    if (!words_make(store, kind, news, how->people, &words->made, error))
        return FALSE;
    words->list[words->n++] = &words->made.list;
    return TRUE;
}

gboolean words_passed(const Words *words, guint list, gint64 record)
{
    return words->revised[list] && g_hash_table_contains(words->revised[list], &record);
}

gboolean words_damaged(const Words *words)
{
    gboolean damaged = FALSE;
    for (guint i = 0; i < WORDS_FILES; i++)
        damaged |= words->file[i] && sums_broken(&words->file[i]->sums);
    return damaged;
}

void words_close(Words *words)
{
    for (guint i = 0; i < WORDS_FILES; i++) {
        g_clear_pointer(&words->file[i], words_file_close);
        g_clear_pointer(&words->revised[i], g_hash_table_unref);
    }
    made_list_clear(&words->made);
    if (words->store)
        select_leave(words->store, words->own);
    words->store = NULL;
}

static gboolean prepare(Store *store, const FindWords *how, GError **error)
{
    g_auto(WordsState) state = {0};
    g_auto(Lying) lying = {0};
    return state_read(store, &state, error) &&
           (state.last_record <= SMALL || files_ready(store, &state, how, &lying, error));
}

gboolean find_prepare(Store *store, const PersonModel *people, GError **error)
{
    FindWords how = {.people = people, .weights = TRUE};
    gboolean own;
    if (!select_hold(store, &own, error))
        return FALSE;
    gboolean ok = prepare(store, &how, error);
    select_leave(store, own);
    return ok;
}
