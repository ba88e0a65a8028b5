/*
 * What an edge is made of, small enough to be kept for all of them, and its terms written out
 * when somebody asks. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_EXPLAIN_H
#define CROSSTRACE_RESOLUTION_EXPLAIN_H

#include "engine/clustering/cluster.h"
#include "engine/resolution/resolution.h"

typedef enum { NOTE_PAIR, NOTE_RIVAL, NOTE_WHOLE, NOTE_GROUP, NOTE_DECISION } NoteKind;

typedef struct {
    Pattern pattern;
    float rarity[FIELD_COUNT];
    float kin;
    NoteKind kind;
} Note;

struct PersonNotes {
    PersonInput input;
    double weights[FIELD_COUNT][FIELD_LEVELS]; /* bits of a level, of an average value */
    double prior;
    GArray *notes; /* of Note, numbered by PersonEdge.note */
};

PersonNotes *notes_new(const PersonInput *input, const Scorer *scorer);
void notes_free(PersonNotes *notes);

/* What the comparison of two nodes came to. */
Note note_of(Scorer *scorer, const Join *join, const guint node[2]);

#endif
