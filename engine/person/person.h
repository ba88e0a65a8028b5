/*
 * engine/person answers: what does one mention of a person say, cell by cell, and how alike are two
 * names? Names, birth dates and addresses are taken apart and folded here, by rules/person.ini and
 * its tables (PersonModel). Who is the same human being is asked of the rooms built on this one, in
 * order: comparison/ (two mentions), blocking/ (which pairs), clustering/ (pairs joined), and
 * resolution/, whose header is the way in.
 * Sex, race, ethnicity, citizenship are no members of PersonMention and never will be.
 */
#ifndef CROSSTRACE_PERSON_PERSON_H
#define CROSSTRACE_PERSON_PERSON_H

#include "engine/person/name.h"

/* Between the documents of one mention, in each of its three cells alike: "A53018834;W530",
 * "PASSPORT;DRIVER_LICENCE", "CAN;MI". */
#define DOCUMENT_MARK ";"

/* One mention of a person in a record. Strings are borrowed; NULL when not recorded. */
typedef struct {
    const char *ref;       /* "atf-trace:T20230123456:purchaser" */
    const char *record;    /* reference of its record */
    const char *role;      /* purchaser, possessor, associate, traveller, shipper, consignee */
    const char *group;     /* mentions of one seizure with the same cells are one person; or NULL */
    const char *list;      /* mentions of one list are all different people; or NULL */
    gboolean organisation; /* never merged with a person */
    const char *last, *first, *middle, *suffix;
    Day dob; /* or what is written of it: birth.h */
    const char *street, *city, *region, *postal, *country;
    const char *phone;
    const char *doc_type, *doc_no, *doc_issuer;
} PersonMention;

/* RULES/person.ini and its tables (nicknames, placeholders). STATUS_CONFIG when broken. */
PersonModel *person_model_load(const char *rules_dir, GError **error);
void person_model_free(PersonModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonModel, person_model_free)

#endif
