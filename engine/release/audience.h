/*
 * Audiences: who may be told what, as RULES/audiences.ini says it. An allow-list throughout: what
 * no line names is dropped. Gates are rules of law over all audiences; what they ask for an
 * audience has to cite beside what it asks for itself. Pure but for reading the file.
 */
#ifndef CROSSTRACE_RELEASE_AUDIENCE_H
#define CROSSTRACE_RELEASE_AUDIENCE_H

#include "engine/base/text.h"
#include "engine/record/record.h"

/* What an audience sees of a field, from nothing to everything. */
typedef enum {
    ACT_DROP,
    ACT_GENERALISE, /* the month of a date, the first characters of a postal code */
    ACT_MASK,       /* an initial, the year of a date */
    ACT_SHOW,
} FieldAction;

/* What a view holds besides fields of records and of persons. */
typedef enum {
    PART_REFERENCE,    /* seizure and trace numbers inside references */
    PART_SOURCE,       /* file and line */
    PART_EXPLANATIONS, /* of links and rules: they quote values */
    PART_EXCERPTS,     /* of markers */
    PART_STATUS,       /* what the owner decided of a lead */
    PART_COUNT
} ViewPart;

typedef struct Audiences Audiences;

/* Owned by the Audiences; lists are NULL-terminated, NULL list: everything ("*"). */
typedef struct {
    char *code, *agency, *country;
    char *title[2]; /* by Lang */
    char **origins, **handling;
    char **asks; /* references that it asks for by itself */
    guint hops;
    gboolean leads; /* receives leads; FALSE: statistics or nothing */
    FieldAction record[FIELD_COUNT], person[MENTION_COUNT], part[PART_COUNT];
} Audience;

/* STATUS_CONFIG with file and line. */
Audiences *audiences_load(const char *rules_dir, GError **error);
void audiences_free(Audiences *audiences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audiences, audiences_free)

/* STATUS_USAGE with the codes that there are. */
const Audience *audience_find(const Audiences *audiences, const char *code, GError **error);
/* Calls visit for every audience in file order. */
void audience_visit(const Audiences *audiences,
                    void (*visit)(const Audience *audience, gpointer data), gpointer data);

/* References that --authority gives: key -> value. */
typedef GHashTable Authority;

/* "key=value; key=value". STATUS_USAGE for an unknown or repeated key or a part without value,
 * STATUS_REFUSED for a value that has not the form of its kind. text NULL: none. */
Authority *authority_parse(const Audiences *audiences, const char *text, GError **error);
/* The same in key order, for the log and the report: "ca_107=107(8); privacy=8(2)(f)"; g_free. */
char *authority_text(const Authority *authority);

/* Keys that an audience has to cite when the owner is `owner`: its own and those of every gate over
 * an origin that it takes; sorted, g_strfreev. */
char **audience_requires(const Audiences *audiences, const Audience *audience,
                         const Audience *owner);
/* All of them are there? STATUS_REFUSED names what is missing, in both languages of the law. */
gboolean audience_permits(const Audiences *audiences, const Audience *audience,
                          const Audience *owner, const Authority *authority, GError **error);

/* What decides whether one record may go; texts may be NULL. */
typedef struct {
    const char *origin, *handling, *releasable_to, *confidential, *expires;
} Marking;

/* May a record so marked go to the audience, out of the hands of the owner, on that day (ISO)? */
gboolean audience_takes(const Audience *audience, const Audience *owner, const Marking *marking,
                        const char *day);

#endif
