/*
 * STORE.words: the lists of all kinds in one file - parts, then a head that says where they lie,
 * the sums of the blocks of all of it, and where the head is. It says up to which record and file
 * it saw the store: what was added or revised since is made in memory; anything else makes the file
 * anew. From a damaged file nothing is believed, and it is thrown away.
 */
#include "engine/find/words.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/find/derived.h"
#include "engine/person/probe.h"
#include "engine/query/select.h"
#include "engine/store/changes.h"
#include "engine/store/runs.h"

#define MAGIC "crosstrace words 8"
#define SMALL 5000 /* records that are made in memory for a question */

typedef struct {
    char magic[24], data_sum[40], files[72], set_hash[72];
    gint64 last_record, last_file;
    guint64 cut_by; /* person_words_stamp() */
    struct {
        guint64 n, n_words, at[LIST_PARTS], size[LIST_PARTS];
    } kind[WORDS_KINDS];
    guint64 person_at, person_size; /* weights of people, with a NUL */
    guint64 person_mark[PERSON_MARKS];
} Head;

typedef struct {
    char magic[24];
    guint64 head_at;
} Foot;

typedef struct WordsFile {
    Mapped *map;
    char *path;
    const Head *head;
    Sums sums;
    WordList list;
} WordsFile;

static void file_close(WordsFile *file)
{
    if (!file)
        return;
    if (sums_broken(&file->sums))
        g_unlink(file->path);
    sums_clear(&file->sums);
    g_clear_pointer(&file->map, mapped_free);
    g_free(file->path);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WordsFile, file_close)

char *find_words_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_WORDS, NULL);
}

/* ---- state of the store ----------------------------------------------------------------- */

/* How far the store goes, and which files it was loaded from up to `last_file`: the same files
 * loaded in another order are the same records under other numbers. */
typedef struct {
    gint64 last_record, last_file;
    char *data_sum, *files, *set_hash;
} State;

static void state_clear(State *state)
{
    g_free(state->data_sum);
    g_free(state->files);
    g_free(state->set_hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(State, state_clear)

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
    State *state = data;
    state->last_record = sqlite3_column_int64(row, 0);
    state->last_file = sqlite3_column_int64(row, 1);
    return TRUE;
}

static gboolean state_read(Store *store, State *state, GError **error)
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

/* ---- written ---------------------------------------------------------------------------- */

typedef struct {
    Store *store;
    const State *state;
    const PersonModel *people;
} Writing;

static gboolean put_kind(const Writing *writing, WordsKind kind, Head *head, SumsWriter *to,
                         GError **error)
{
    g_auto(MadeList) made = {0};
    if (!words_make(writing->store, kind, NULL, writing->people, &made, error))
        return FALSE;
    head->kind[kind].n = made.list.n;
    head->kind[kind].n_words = made.list.n_words;
    for (guint p = 0; p < LIST_PARTS; p++) {
        head->kind[kind].at[p] = to->at;
        head->kind[kind].size[p] = made.bytes[p].size;
        if (!sums_put(to, made.bytes[p].data, made.bytes[p].size, error))
            return FALSE;
    }
    return TRUE;
}

/* The weights of people of the last run; none where there was no run. */
static gboolean put_person(const Writing *writing, Head *head, SumsWriter *to, GError **error)
{
    g_auto(ParameterSet) set = {0};
    if (!store_last_parameters(writing->store, &set, error))
        return FALSE;
    if (set.set_id == 0)
        return TRUE;
    PersonText text = {.text = set.person};
    if (!person_text_mark(&text))
        return error_set(error, STATUS_DATA, "unusable person parameters");
    memcpy(head->person_mark, text.mark, sizeof text.mark);
    head->person_at = to->at;
    head->person_size = strlen(set.person) + 1;
    return sums_put(to, set.person, head->person_size, error);
}

static gboolean file_fill(gpointer data, gpointer file, GError **error)
{
    const Writing *writing = data;
    const State *state = writing->state;
    Head head = {.magic = MAGIC,
                 .last_record = state->last_record,
                 .last_file = state->last_file,
                 .cut_by = person_words_stamp(writing->people)};
    Foot foot = {.magic = MAGIC};
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    g_strlcpy(head.data_sum, state->data_sum, sizeof head.data_sum);
    g_strlcpy(head.files, state->files, sizeof head.files);
    g_strlcpy(head.set_hash, state->set_hash, sizeof head.set_hash);
    gboolean ok = TRUE;
    for (guint kind = 0; kind < WORDS_KINDS && ok; kind++)
        ok = put_kind(writing, kind, &head, &to, error);
    ok = ok && put_person(writing, &head, &to, error);
    foot.head_at = to.at;
    ok = ok && sums_put(&to, &head, sizeof head, error) && sums_end(&to, error) &&
         file_piece(&foot, sizeof foot, file, error);
    return ok;
}

static gboolean file_make(Store *store, const State *state, const FindWords *how, GError **error)
{
    g_autofree char *path = find_words_path(store);
    g_autoptr(PersonModel) own = how->people ? NULL : person_model_load(how->rules, error);
    Writing writing = {store, state, how->people ? how->people : own};
    if (how->waiting)
        how->waiting(how->data);
    return writing.people && file_write(path, FIND_MODE, file_fill, &writing, error) &&
           find_keep(store, path);
}

/* ---- opened ----------------------------------------------------------------------------- */

/* Does what the head says lie inside, before the head? */
static gboolean head_fits(const Head *head, guint64 head_at)
{
    for (guint kind = 0; kind < WORDS_KINDS; kind++) {
        if (head->kind[kind].n >= G_MAXUINT32 || head->kind[kind].n_words >= G_MAXUINT32)
            return FALSE;
        for (guint p = 0; p < LIST_PARTS; p++)
            if (head->kind[kind].at[p] > head_at ||
                head->kind[kind].size[p] > head_at - head->kind[kind].at[p])
                return FALSE;
    }
    for (guint i = 0; i < PERSON_MARKS; i++)
        if (head->person_mark[i] > head->person_size)
            return FALSE;
    return head->person_at <= head_at && head->person_size <= head_at - head->person_at;
}

static WordsFile *file_open(const char *path)
{
    g_autoptr(WordsFile) file = g_new0(WordsFile, 1);
    Foot foot = {0};
    file->path = g_strdup(path);
    file->map = mapped_open(path);
    gsize size = mapped_size(file->map);
    const char *bytes = mapped_bytes(file->map);
    if (size < sizeof(Head) + sizeof foot)
        return NULL;
    memcpy(&foot, bytes + size - sizeof foot, sizeof foot);
    gsize summed = foot.head_at + sizeof(Head);
    if (memcmp(foot.magic, MAGIC, sizeof MAGIC) != 0 || foot.head_at % 8 != 0 ||
        foot.head_at > size - sizeof foot - sizeof(Head) ||
        size - sizeof foot - summed != sums_blocks(summed) * sizeof(guint32))
        return NULL;
    file->head = (const Head *)(gconstpointer)(bytes + foot.head_at);
    sums_init(&file->sums, bytes, summed, (const guint32 *)(gconstpointer)(bytes + summed));
    if (!sums_hold(&file->sums, file->head, sizeof(Head)) ||
        memcmp(file->head->magic, MAGIC, sizeof MAGIC) != 0 || !head_fits(file->head, foot.head_at))
        return NULL;
    return g_steal_pointer(&file);
}

static gboolean text_holds(const char *at, gsize size, gpointer data)
{
    return sums_hold(data, at, size);
}

static void person_open(Words *words, const State *state)
{
    WordsFile *file = words->file;
    if (file->head->person_size == 0 || strcmp(file->head->set_hash, state->set_hash) != 0)
        return;
    words->person = (PersonText){.text = (const char *)file->sums.data + file->head->person_at,
                                 .holds = text_holds,
                                 .data = &file->sums};
    memcpy(words->person.mark, file->head->person_mark, sizeof words->person.mark);
}

static void list_open(WordsFile *file, WordsKind kind)
{
    file->list = (WordList){.kind = kind,
                            .n = (guint32)file->head->kind[kind].n,
                            .n_words = (guint32)file->head->kind[kind].n_words,
                            .sums = &file->sums};
    for (guint p = 0; p < LIST_PARTS; p++) {
        file->list.part[p].data = file->sums.data + file->head->kind[kind].at[p];
        file->list.part[p].size = file->head->kind[kind].size[p];
    }
}

static void take_numbers(GHashTable *all, GString *list, const GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++) {
        gint64 number = g_array_index(numbers, gint64, i);
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len > 1 ? "," : "", number);
        if (all)
            g_hash_table_add(all, g_memdup2(&number, sizeof number));
    }
}

/* What the store got since the file was made, as a list; NULL without an error: the file is too
 * old, or not of this store. `revised` fills with the numbers that it is not to be asked of. */
static char *news_of(Store *store, const WordsFile *file, const State *state, GHashTable *revised,
                     GError **error)
{
    const Head *head = file->head;
    StoreRun since = {.data_sum = (char *)head->data_sum,
                      .last_record = head->last_record,
                      .last_file = head->last_file};
    g_autofree char *files = store_files_hash(store, head->last_file, error);
    g_auto(StoreChanges) changes = {0};
    if (!files || strcmp(files, head->files) != 0 ||
        state->last_record - head->last_record > SMALL || state->last_record < head->last_record)
        return NULL;
    if (strcmp(state->data_sum, head->data_sum) == 0)
        return g_strdup("[]");
    if (!store_changes(store, &since, &changes, error) || !changes.complete ||
        changes.added->len + changes.revised->len > SMALL)
        return NULL;
    g_autoptr(GString) list = g_string_new("[");
    take_numbers(NULL, list, changes.added);
    take_numbers(revised, list, changes.revised);
    g_string_append_c(list, ']');
    return g_string_free(g_steal_pointer(&list), FALSE);
}

/* The file as it is, if it serves; *news: what it lacks. */
static WordsFile *file_serving(Store *store, const State *state, const FindWords *how,
                               GHashTable *revised, char **news, GError **error)
{
    g_autofree char *path = find_words_path(store);
    g_autoptr(WordsFile) file = file_open(path);
    if (!file || (how->people && file->head->cut_by != person_words_stamp(how->people)) ||
        (how->weights && strcmp(file->head->set_hash, state->set_hash) != 0))
        return NULL;
    *news = news_of(store, file, state, revised, error);
    return *news ? g_steal_pointer(&file) : NULL;
}

/* One that serves, made where there is none; NULL without an error where none can be made. */
static WordsFile *file_ready(Store *store, const State *state, const FindWords *how,
                             GHashTable *revised, char **news, GError **error)
{
    GError *problem = NULL;
    WordsFile *file = file_serving(store, state, how, revised, news, &problem);
    g_autofree char *folder = g_path_get_dirname(store_path(store));
    if (problem) {
        g_propagate_error(error, problem);
        return NULL;
    }
    if (file || access(folder, W_OK) != 0 || !file_make(store, state, how, NULL))
        return file;
    g_hash_table_remove_all(revised);
    return file_serving(store, state, how, revised, news, error);
}

gboolean words_open(Store *store, WordsKind kind, const FindWords *how, Words *words,
                    GError **error)
{
    g_auto(State) state = {0};
    g_autofree char *news = NULL;
    GError *problem = NULL;
    *words = (Words){.revised = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
    if (!select_hold(store, error))
        return FALSE;
    words->store = store;
    if (!state_read(store, &state, error))
        return FALSE;
    if (state.last_record > SMALL)
        words->file = file_ready(store, &state, how, words->revised, &news, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (words->file) {
        list_open(words->file, kind);
        words->list[words->n++] = &words->file->list;
        person_open(words, &state);
    }
    if (words->file && g_strcmp0(news, "[]") == 0)
        return TRUE;
    if (!words_make(store, kind, news, how->people, &words->made, error))
        return FALSE;
    words->list[words->n++] = &words->made.list;
    return TRUE;
}

gboolean words_passed(const Words *words, guint list, gint64 record)
{
    return words->list[list]->sums && g_hash_table_contains(words->revised, &record);
}

gboolean words_damaged(const Words *words)
{
    return words->file && sums_broken(&words->file->sums);
}

void words_close(Words *words)
{
    g_clear_pointer(&words->file, file_close);
    g_clear_pointer(&words->revised, g_hash_table_unref);
    made_list_clear(&words->made);
    if (words->store)
        select_leave(words->store);
    words->store = NULL;
}

static gboolean prepare(Store *store, const FindWords *how, GError **error)
{
    g_auto(State) state = {0};
    g_autofree char *news = NULL;
    g_autoptr(GHashTable) revised =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    GError *problem = NULL;
    if (!state_read(store, &state, error))
        return FALSE;
    if (state.last_record > SMALL)
        file_close(file_ready(store, &state, how, revised, &news, &problem));
    if (problem)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean find_prepare(Store *store, const PersonModel *people, GError **error)
{
    FindWords how = {.people = people, .weights = TRUE};
    if (!select_hold(store, error))
        return FALSE;
    gboolean ok = prepare(store, &how, error);
    select_leave(store);
    return ok;
}
