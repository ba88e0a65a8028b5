/*
 * Lists of words as a file: the parts of all kinds, then a head that says where they lie, the sums
 * of the blocks of all of it, and where the head is. From a damaged file nothing is believed, and
 * it is thrown away. Which of them serve, and when they are made: words.c.
 */
#include "engine/find/words_file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/find/derived.h"
#include "engine/person/probe.h"
#include "engine/store/runs.h"

typedef struct {
    char magic[24];
    guint64 head_at;
} Foot;

void words_file_close(WordsFile *file)
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

/* ---- written ---------------------------------------------------------------------------- */

static gboolean put_kind(const WordsWriting *writing, WordsKind kind, WordsHead *head,
                         SumsWriter *to, GError **error)
{
    g_auto(MadeList) made = {0};
    if (!words_make(writing->store, kind, writing->records, writing->people, &made, error))
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
static gboolean put_person(const WordsWriting *writing, WordsHead *head, SumsWriter *to,
                           GError **error)
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

/* Of STORE.later: beside which file it stands, and of which records that one is not to be believed.
 */
static gboolean put_later(const WordsWriting *writing, WordsHead *head, SumsWriter *to,
                          GError **error)
{
    if (!writing->base)
        return TRUE;
    g_autofree char *of = words_file_id(writing->base);
    g_strlcpy(head->of, of, sizeof head->of);
    head->spent = writing->spent;
    head->revised_at = to->at;
    head->n_revised = writing->revised->len;
    return sums_put(to, writing->revised->data, writing->revised->len * sizeof(gint64), error);
}

static gboolean file_fill(gpointer data, gpointer file, GError **error)
{
    const WordsWriting *writing = data;
    const WordsState *state = writing->state;
    WordsHead head = {.magic = WORDS_MAGIC,
                      .last_record = state->last_record,
                      .last_file = state->last_file,
                      .cut_by = person_words_stamp(writing->people)};
    Foot foot = {.magic = WORDS_MAGIC};
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    g_strlcpy(head.data_sum, state->data_sum, sizeof head.data_sum);
    g_strlcpy(head.files, state->files, sizeof head.files);
    g_strlcpy(head.set_hash, state->set_hash, sizeof head.set_hash);
    gboolean ok = TRUE;
    for (guint kind = 0; kind < WORDS_KINDS && ok; kind++)
        ok = put_kind(writing, kind, &head, &to, error);
    ok = ok && put_later(writing, &head, &to, error) && put_person(writing, &head, &to, error);
    foot.head_at = to.at;
    return ok && sums_put(&to, &head, sizeof head, error) && sums_end(&to, error) &&
           file_piece(&foot, sizeof foot, file, error);
}

gboolean words_file_write(const char *path, const WordsWriting *writing, GError **error)
{
    return file_write(path, FIND_MODE, file_fill, (gpointer)writing, error);
}

/* ---- opened ----------------------------------------------------------------------------- */

/* Does what the head says lie inside, before the head? */
static gboolean head_fits(const WordsHead *head, guint64 head_at)
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
    if (head->revised_at > head_at ||
        head->n_revised > (head_at - head->revised_at) / sizeof(gint64))
        return FALSE;
    return head->person_at <= head_at && head->person_size <= head_at - head->person_at;
}

WordsFile *words_file_open(const char *path)
{
    g_autoptr(WordsFile) file = g_new0(WordsFile, 1);
    Foot foot = {0};
    file->path = g_strdup(path);
    file->map = mapped_open(path);
    gsize size = mapped_size(file->map);
    const char *bytes = mapped_bytes(file->map);
    if (size < sizeof(WordsHead) + sizeof foot)
        return NULL;
    memcpy(&foot, bytes + size - sizeof foot, sizeof foot);
    gsize summed = foot.head_at + sizeof(WordsHead);
    if (memcmp(foot.magic, WORDS_MAGIC, sizeof WORDS_MAGIC) != 0 || foot.head_at % 8 != 0 ||
        foot.head_at > size - sizeof foot - sizeof(WordsHead) ||
        size - sizeof foot - summed != sums_blocks(summed) * sizeof(guint32))
        return NULL;
    file->head = (const WordsHead *)(gconstpointer)(bytes + foot.head_at);
    sums_init(&file->sums, bytes, summed, (const guint32 *)(gconstpointer)(bytes + summed));
    if (!sums_hold(&file->sums, file->head, sizeof(WordsHead)) ||
        memcmp(file->head->magic, WORDS_MAGIC, sizeof WORDS_MAGIC) != 0 ||
        !head_fits(file->head, foot.head_at))
        return NULL;
    return g_steal_pointer(&file);
}

char *words_file_id(const WordsFile *file)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)file->head,
                                       sizeof *file->head);
}

static gboolean text_holds(const char *at, gsize size, gpointer data)
{
    return sums_hold(data, at, size);
}

void words_file_person(WordsFile *file, PersonText *person)
{
    if (file->head->person_size == 0)
        return;
    *person = (PersonText){.text = (const char *)file->sums.data + file->head->person_at,
                           .holds = text_holds,
                           .data = &file->sums};
    memcpy(person->mark, file->head->person_mark, sizeof person->mark);
}

const WordList *words_file_list(WordsFile *file, WordsKind kind)
{
    file->list = (WordList){.kind = kind,
                            .n = (guint32)file->head->kind[kind].n,
                            .n_words = (guint32)file->head->kind[kind].n_words,
                            .sums = &file->sums};
    for (guint p = 0; p < LIST_PARTS; p++) {
        file->list.part[p].data = file->sums.data + file->head->kind[kind].at[p];
        file->list.part[p].size = file->head->kind[kind].size[p];
    }
    return &file->list;
}

const gint64 *words_file_revised(WordsFile *file, guint64 *n)
{
    const guint8 *at = file->sums.data + file->head->revised_at;
    *n = file->head->n_revised;
    if (sums_hold(&file->sums, at, *n * sizeof(gint64)))
        return (const gint64 *)(gconstpointer)at;
    *n = 0;
    return NULL;
}
