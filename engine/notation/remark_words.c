/*
 * The words of which remarks about characters are made (engine/serial), English and French, by
 * class: rules/tables/notation_remarks.csv.
 */
#include <string.h>

#include "engine/notation/tables.h"

RemarkClass remark_class(const char *word, gsize n, int *value)
{
    const guchar begin = (guchar)word[0];
    *value = 0;
    if (n < 2 || begin >= 128) {
        return REMARK_OTHER; /* a character */
    }
    for (guint i = NOTATION_REMARK_FROM[begin]; i < NOTATION_REMARK_FROM[begin + 1]; i++) {
        const RemarkEntry *entry = &NOTATION_REMARK[i];
        if (strncmp(entry->word, word, n) == 0 && entry->word[n] == '\0') {
            *value = entry->value;
            return entry->class;
        }
    }
    return REMARK_OTHER;
}
