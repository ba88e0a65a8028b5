/*
 * US federal firearms licence numbers as people write them: 8-23-091-01-7F-14245 with or without
 * separators, leading zeros of a group perhaps lost, groups in the middle perhaps masked.
 */
#ifndef CROSSTRACE_LOADERS_FFL_H
#define CROSSTRACE_LOADERS_FFL_H

#include <glib.h>

/* The number in its six groups of 15 characters, or NULL when the text is none; g_free. */
char *ffl_number(const char *text);
/* The two parts that identify and describe a dealer: RDS key (8 digits; also out of a key alone)
 * and licence type (2 digits), or "". */
typedef struct {
    char rds_key[9], type[3];
} FflParts;
void ffl_parts(const char *number, FflParts *parts);
/* Has the text an RDS key? */
gboolean ffl_is_key(const char *number);
/* Were leading zeros of its groups restored? */
gboolean ffl_lost_zeros(const char *number);

#endif
