/*
 * What `find` looks for by parts - names, addresses, plates, dealers, texts -, each distinct value
 * once, with the words that it has and with its records in the order in which they are shown.
 * STORE.words holds this for all records that it saw, one kind after the other, to be read where
 * it lies, and STORE.later for those that it did not see; what the store got since is made in
 * memory for the question, and so is all of a small store. Derived from the store and stamped with
 * its state: thrown away at any time. Records of a confidential source are not in it. Private to
 * engine/find.
 */
#ifndef CROSSTRACE_FIND_WORDS_H
#define CROSSTRACE_FIND_WORDS_H

#include "engine/find/words_list.h"
#include "engine/resolution/pair.h"

/* ---- made (words_make.c) ---- */

typedef struct {
    guint8 *data;
    gsize size, room;
} Bytes;

typedef struct {
    WordList list;
    Bytes bytes[LIST_PARTS];
} MadeList;

/* Of the records whose numbers are a JSON array, or of all (NULL). people: for names. */
gboolean words_make(Store *store, WordsKind kind, const char *records, const PersonModel *people,
                    MadeList *made, GError **error);
void made_list_clear(MadeList *made);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MadeList, made_list_clear)

/* ---- opened (words.c) ---- */

#define WORDS_FILES 2
#define WORDS_LISTS (WORDS_FILES + 1)

/* The lists that say together what the store says. */
typedef struct {
    guint n;
    const WordList *list[WORDS_LISTS];
    GHashTable *revised[WORDS_LISTS]; /* of gint64 *: records that a list is not believed of */
    PersonText person; /* weights of the last run; text NULL: to be read in the store */
    struct WordsFile *file[WORDS_FILES];
    MadeList made;
    Store *store;
    gboolean own; /* the transaction */
} Words;

/* Makes STORE.words or STORE.later where they are missing or too old and can be made. Until
 * words_close() the store is read in one state. */
gboolean words_open(Store *store, WordsKind kind, const FindWords *how, Words *words,
                    GError **error);
void words_close(Words *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_close)
/* Is a record one that another list says better? */
gboolean words_passed(const Words *words, guint list, gint64 record);
/* What was read of the file was damaged: whatever was found is to be forgotten, the file is
 * removed, and words_open() may be called again. */
gboolean words_damaged(const Words *words);

#endif
