/*
 * A file of lists of words: STORE.words, or STORE.later, which tells what STORE.words does not.
 * Private to engine/find.
 */
#ifndef CROSSTRACE_FIND_WORDS_FILE_H
#define CROSSTRACE_FIND_WORDS_FILE_H

#include "engine/base/mapped.h"
#include "engine/find/words.h"

#define WORDS_MAGIC "crosstrace words 9"

/* How far a store goes, and which files it was loaded from up to `last_file`: the same files
 * loaded in another order are the same records under other numbers. */
typedef struct {
    gint64 last_record, last_file;
    char *data_sum, *files, *set_hash;
} WordsState;

typedef struct {
    char magic[24], data_sum[40], files[72], set_hash[72]; /* the state that it tells of */
    gint64 last_record, last_file;
    guint64 cut_by; /* person_words_stamp() */
    struct {
        guint64 n, n_words, at[LIST_PARTS], size[LIST_PARTS];
    } kind[WORDS_KINDS];
    guint64 person_at, person_size; /* weights of people, with a NUL */
    guint64 person_mark[PERSON_MARKS];
    /* of STORE.later alone: */
    char of[72];                   /* words_file_id() of the STORE.words that it stands beside */
    guint64 spent;                 /* records read for all that stood there, itself included */
    guint64 revised_at, n_revised; /* gint64: records that STORE.words is not to be asked of */
} WordsHead;

typedef struct WordsFile {
    Mapped *map;
    char *path;
    const WordsHead *head;
    Sums sums;
    WordList list;
} WordsFile;

typedef struct {
    Store *store;
    const WordsState *state;
    const PersonModel *people;
    /* of STORE.later: */
    const WordsFile *base; /* NULL: it is STORE.words, of all records */
    const char *records;   /* numbers of those that it tells of, as a JSON array */
    const GArray *revised; /* of gint64 */
    guint64 spent;
} WordsWriting;

gboolean words_file_write(const char *path, const WordsWriting *writing, GError **error);
/* NULL: there is none that can be used. */
WordsFile *words_file_open(const char *path);
/* Removes what was found to be damaged. */
void words_file_close(WordsFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WordsFile, words_file_close)
char *words_file_id(const WordsFile *file);                       /* of all that it says; g_free */
const WordList *words_file_list(WordsFile *file, WordsKind kind); /* the file's, until the next */
const gint64 *words_file_revised(WordsFile *file, guint64 *n);
/* The weights of people in it, if there are any. */
void words_file_person(WordsFile *file, PersonText *person);

#endif
