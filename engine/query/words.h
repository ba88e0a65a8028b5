/*
 * What `find` looks for by parts - names, addresses, plates, dealers, texts -, each distinct value
 * once, with the words that it has and with its records in the order in which they are shown.
 * STORE.words holds this for all records that it saw, one kind after the other, to be read where
 * it lies; what the store got since is made in memory for the question, and so is all of a small
 * store. Derived from the store and stamped with its state: thrown away at any time. Records of a
 * confidential source are not in it. Private to engine/query.
 */
#ifndef CROSSTRACE_QUERY_WORDS_H
#define CROSSTRACE_QUERY_WORDS_H

#include "engine/base/sums.h"
#include "engine/query/find.h"

typedef enum {
    WORDS_NAME,
    WORDS_ADDRESS,
    WORDS_PLATE,
    WORDS_DEALER,
    WORDS_TEXT,
    WORDS_KINDS
} WordsKind;

typedef enum {
    LIST_TEXT,     /* values, NUL behind each; the cells of one are divided by WORDS_CELL */
    LIST_AT,       /* guint64: where each value begins, and one more */
    LIST_FIRST,    /* guint32: where the places of each value begin, and one more */
    LIST_PLACE,    /* guint32: places of a value's records, rising */
    LIST_RECORD,   /* guint32: the record at each place; places are in the order of the kind */
    LIST_SORTED,   /* guint32: values by what is compared of them; where that is asked for */
    LIST_WORD,     /* words, sorted, NUL behind each */
    LIST_WORD_AT,  /* guint64: where each word begins, and one more */
    LIST_SKETCH,   /* guint64: person_word_sketch() of each word of names */
    LIST_HAS_FROM, /* guint64: where the values of each word begin, and one more */
    LIST_HAS,      /* guint32: the values that have a word, rising */
    LIST_PARTS
} ListPart;

/* One kind over some records. Values of names are in the order of their texts, others in that of
 * their first places. */
typedef struct {
    WordsKind kind;
    guint32 n, n_words;
    struct {
        gconstpointer data;
        gsize size;
    } part[LIST_PARTS];
    Sums *sums; /* of the file; NULL: in memory */
} WordList;

#define WORDS_CELL '\x1f'

/* A cell as it stands in a value: control characters are blanks. In place. */
char *words_clean(char *cell);
/* What is compared of a value of addresses, plates and dealers: its second cell. */
const char *words_compared(const char *value);
/* The whole name of a value of names: the organisation, else "LAST, FIRST"; g_free. */
char *words_name(const char *value);

/* Is a byte part of a word? */
static inline gboolean words_letter(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

/* ---- made (words_make.c) ---- */

typedef struct {
    guint8 *data;
    gsize size, room;
} Bytes;

void bytes_add(Bytes *bytes, gconstpointer data, gsize size);

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

#define WORDS_LISTS 2

/* The lists that say together what the store says. */
typedef struct {
    guint n;
    const WordList *list[WORDS_LISTS];
    GHashTable *revised; /* of gint64 *: records of which list[0] is not to be believed; or NULL */
    PersonText person;   /* weights of the last run; text NULL: to be read in the store */
    struct WordsFile *file;
    MadeList made;
    Store *store;
} Words;

/* Makes STORE.words where it is missing or too old and can be made. Until words_close() the store
 * is read in one state. */
gboolean words_open(Store *store, WordsKind kind, const FindWords *how, Words *words,
                    GError **error);
void words_close(Words *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_close)
/* Is a record one that another list says better? */
gboolean words_passed(const Words *words, guint list, gint64 record);
/* What was read of the file was damaged: whatever was found is to be forgotten, the file is
 * removed, and words_open() may be called again. */
gboolean words_damaged(const Words *words);

/* ---- asked (words_ask.c) ---- */

/* Does a part of the list hold, of which so many of its numbers are about to be read? */
gboolean list_holds(const WordList *list, ListPart part, guint64 from, guint64 n);
/* Text of a value, "" where the list is damaged; guint32 numbers of LIST_PLACE of a value. */
const char *list_text(const WordList *list, guint32 value);
const guint32 *list_places(const WordList *list, guint32 value, guint32 *n);
guint32 list_record(const WordList *list, guint32 place);
const char *list_word(const WordList *list, guint32 word);
/* The values that have a word. */
const guint32 *list_values(const WordList *list, guint32 word, guint64 *n);
/* The number of a word; FALSE when it is none. */
gboolean list_find_word(const WordList *list, const char *text, guint32 *word);

typedef enum { FIT_EQUAL, FIT_BEGINS, FIT_HOLDS, FIT_NOT } Fit;

typedef struct {
    Fit fit;
    guint32 place, value;
} WordsHit;

/* Up to `want` (0: all) places whose values hold a text, those that fit best first, else in the
 * order of places: GArray of WordsHit. *all: there are no more. */
GArray *list_holding(const WordList *list, const char *text, guint want, gboolean *all);

#endif
