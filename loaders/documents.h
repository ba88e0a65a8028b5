/*
 * The documents of one person of a row: a passport and a licence stand in columns of their own, and
 * a mention has them all, in lists of one length in its three cells ("GA302817;D5301234",
 * "PASSPORT;DRIVER_LICENCE", "CAN;ON"). Private to loaders.
 */
#ifndef CROSSTRACE_LOADERS_DOCUMENTS_H
#define CROSSTRACE_LOADERS_DOCUMENTS_H

#include "engine/person/person.h"
#include "engine/record/record.h"

/* Adds a number, of a type where that is known (else NULL). The same number again is one document:
 * of the type that is said last. */
void mention_add_document(Mention *mention, const char *type, const char *number);

/* Says of the last number, or of that of a type (else NULL), what a field (MENTION_DOC_TYPE,
 * MENTION_DOC_ISSUER) is. Without such a number nothing is said, unless there is none at all. */
void mention_tell_document(Mention *mention, MentionField field, const char *type,
                           const char *value);

#endif
