/*
 * Where the header of a source stands and which delimiter the file uses.
 */
#ifndef CROSSTRACE_LOADERS_HEADER_H
#define CROSSTRACE_LOADERS_HEADER_H

#include "loaders/profile.h"
#include "loaders/source.h"

#define HEADER_LINES 20 /* physical lines in which the header is looked for */

typedef struct {
    char delimiter;
    guint64 skip; /* physical lines up to and with the header */
    char **cells; /* without empty ones at the end */
    guint n;
    guint known;         /* of them known names */
    const char *why;     /* the delimiter was taken; static */
    gboolean may_be_cut; /* the file ends in it, without a line end */
    char *raw;
} Header;

void header_clear(Header *header);

/* Finds the header by the column names that are known: to `only`, or to any profile of the set.
 * delimiter 0: "sep=" line, else the best of comma, semicolon, tab and pipe. STATUS_DATA when no
 * line of the first ones has a known name. */
gboolean header_find(Source *source, const Profiles *profiles, const Profile *only, char delimiter,
                     Header *header, GError **error);
/* Is the row the header once more (files put one behind the other)? */
gboolean header_is(const Header *header, char **cells, guint n);

#endif
