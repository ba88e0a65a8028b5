/*
 * Edges explained: every term of a pair's odds, adding up to it, written out from a note of a few
 * dozen bytes only when asked for. There may be a million edges, and few are ever read.
 */
#include "engine/resolution/explain.h"

#include "engine/person/birth.h"

#include <math.h>

#define LEAST_BITS 0.05 /* a term below this is not worth a line */

PersonNotes *notes_new(const PersonInput *input, const Scorer *scorer)
{
    PersonNotes *notes = g_new0(PersonNotes, 1);
    notes->input = *input;
    notes->prior = scorer->prior;
    notes->notes = g_array_new(FALSE, FALSE, sizeof(Note));
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++)
            notes->weights[f][l] = scorer->same[f][l] - scorer->unlike[f][l];
    return notes;
}

void notes_free(PersonNotes *notes)
{
    if (!notes)
        return;
    g_array_unref(notes->notes);
    g_free(notes);
}

Note note_of(Scorer *s, const Join *join, const guint node[2])
{
    Note note = {.kind = join->whole ? NOTE_WHOLE : join->rival ? NOTE_RIVAL : NOTE_PAIR};
    if (join->decided)
        note.kind = join->a == join->b ? NOTE_GROUP : NOTE_DECISION;
    else
        note.pattern = pattern_of(s, MIN(node[0], node[1]), MAX(node[0], node[1]));
    for (guint f = 0; f < FIELD_COUNT && !join->decided; f++) {
        guint level = pattern_level(note.pattern, f);
        if (level != LEVEL_MISSING)
            note.rarity[f] = (float)rarity_bits(s, f, level, node[0], node[1]);
    }
    if (!join->decided)
        note.kin = (float)kin_bits(s, note.pattern, node[0], node[1]);
    return note;
}

/* What was compared, as recorded. */
static const char *field_text(const PersonMention *m, Field field, char buffer[DAY_TEXT])
{
    switch (field) {
    case FIELD_SURNAME:
    case FIELD_ORGANISATION:
        return m->last;
    case FIELD_GIVEN:
        return m->first;
    case FIELD_MIDDLE:
        return m->middle;
    case FIELD_SUFFIX:
        return m->suffix;
    case FIELD_DOB:
        return m->dob == DAY_NONE ? NULL : birth_text(m->dob, buffer);
    case FIELD_ADDRESS:
        return m->street ? m->street : m->city;
    case FIELD_PHONE:
        return m->phone;
    default:
        return m->doc_no;
    }
}

/* The terms of the fields. */
static void add_fields(Evidence *e, const PersonNotes *notes, const Note *note,
                       const PersonMention m[2])
{
    char left[DAY_TEXT], right[DAY_TEXT];
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(note->pattern, f);
        const char *name = person_field_name(f);
        if (level == LEVEL_MISSING)
            continue;
        evidence_add(e, name, name, level_name(f, level), field_text(&m[0], f, left),
                     field_text(&m[1], f, right), notes->weights[f][level]);
        if (fabsf(note->rarity[f]) >= LEAST_BITS)
            evidence_add(e, name, name, note->rarity[f] > 0 ? "rare" : "common", NULL, NULL,
                         note->rarity[f]);
    }
}

/* Why the sum of the terms is not the edge's odds. */
static const char *limit_name(const Note *note)
{
    if (note->kind == NOTE_WHOLE)
        return "other mentions";
    if (note->kind == NOTE_RIVAL)
        return "rival";
    if (pattern_two_lives(note->pattern))
        return "two lives";
    if (pattern_half_suffix(note->pattern))
        return "half suffix";
    if (!pattern_confirmed(note->pattern))
        return "names alone";
    if (pattern_renamed(note->pattern))
        return "other name";
    return pattern_undated(note->pattern) ? "namesake" : "range";
}

Evidence *person_edge_evidence(const PersonResult *result, guint index)
{
    const PersonNotes *notes = result->notes;
    const PersonEdge *edge = &g_array_index(result->edges, PersonEdge, index);
    const Note *note = &g_array_index(notes->notes, Note, edge->note);
    const PersonMention m[2] = {person_input_mention(&notes->input, edge->left),
                                person_input_mention(&notes->input, edge->right)};
    Evidence *e = evidence_new();
    if (note->kind >= NOTE_GROUP) {
        const char *why = note->kind == NOTE_GROUP ? "group" : "decision";
        evidence_add(e, why, why, "same", NULL, NULL, edge->bits);
        return e;
    }
    add_fields(e, notes, note, m);
    if (note->kin <= -LEAST_BITS)
        evidence_add(e, "relatives", "relatives", "possible", NULL, NULL, note->kin);
    evidence_add(e, "prior", "prior", "people", NULL, NULL, notes->prior);
    double over = evidence_bits(e) - edge->bits;
    if (fabs(over) >= LEAST_BITS)
        evidence_add(e, "limit", "limit", limit_name(note), NULL, NULL, -over);
    return e;
}
