/*
 * The words of rules/tables/notation_*.csv as constant tables, which scripts/notation-tables makes
 * of them when the program is built: serial_parse() is called for every row from many threads and
 * rooms, reads no files and keeps no state. Private to engine/notation.
 */
#ifndef CROSSTRACE_NOTATION_TABLES_H
#define CROSSTRACE_NOTATION_TABLES_H

#include "engine/notation/notation.h"
#include "engine/notation/remark_words.h"

typedef struct {
    const char *words;
    Phrase phrase;
} PhraseEntry;

typedef struct {
    const char *word;
    RemarkClass class;
    int value;
} RemarkEntry;

typedef struct {
    const char *text, *of; /* of: what the column of that name says, or NULL */
} ListEntry;

typedef struct {
    const ListEntry *entry;
    guint n;
    const guint16 *from; /* as of the tables below */
} NotationEntries;

typedef struct {
    const char *name, *sha256; /* under rules/ */
} NotationSum;

/* In the order of first characters c, each from FROM[c] to before FROM[c + 1]; within one, of the
 * file. */
extern const PhraseEntry NOTATION_PHRASE[];
extern const guint16 NOTATION_PHRASE_FROM[129];
extern const RemarkEntry NOTATION_REMARK[];
extern const guint16 NOTATION_REMARK_FROM[129];
extern const NotationEntries NOTATION_LISTS[LISTS];
/* The tables; the last has no name. */
extern const NotationSum NOTATION_SUMS[];

#endif
