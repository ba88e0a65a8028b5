/*
 * What makes a block: keys of parts of what a mention says. Private to the rooms of persons. To add
 * a part: a line in parts.def and how it is read in key.c; to add a key: a line in the table there.
 */
#ifndef CROSSTRACE_BLOCKING_KEY_H
#define CROSSTRACE_BLOCKING_KEY_H

#include "engine/comparison/documents.h"

#include "engine/base/text.h"

#define BLOCK_KEYS 32
#define SHARP_KEYS 8

typedef enum {
    PART_NONE,
#define PART(id, ...) PART_##id,
#include "engine/blocking/parts.def"
#undef PART
    PART_COUNT
} Part;

/* A part as a number made of what it says, so that it is the same in every run; 0 when the node has
 * none, or one that value_is_shared(). */
guint64 key_part(const People *people, const Node *node, Part part);

/* Hashes of a node's keys from..from+count, each 0 when a part is missing. */
void key_hashes(const People *people, const Node *node, guint from, guint count, guint32 *hashes);

/* Further hashes of one key, of the documents behind the first that a node says; returns how many.
 * Which keys have any: */
guint key_others(const People *people, const Node *node, guint key, guint32 hashes[DOCUMENTS_MOST]);
gboolean key_has_document(guint key);

/* The same of keys so sharp that whoever shares one is probably one person. */
void key_sharp_hashes(const People *people, const Node *node, guint32 hashes[SHARP_KEYS]);

/* The part by which a block of the key that is too large is split in that round; PART_NONE: no
 * more. */
Part key_split(guint key, guint round);

/* "surname by sound, city: as 'SMITH' 'JOHN' 'TOLEDO', 12000 different mentions"; g_free. */
char *key_crowd(const People *people, guint key, guint node, guint n);

/* The key that two nodes share (*shared), else the one of which they share most parts: its parts
 * as words, those that they do not share in brackets; g_free. NULL when they share none. */
char *key_nearest(const People *people, const Node *a, const Node *b, Lang lang, gboolean *shared);

#endif
