/*
 * How alike two short folded texts are. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_DISTANCE_H
#define CROSSTRACE_PERSON_DISTANCE_H

#include <glib.h>

/* Optimal string alignment distance (substitution, insertion, deletion, swap of neighbours), bit
 * parallel after Hyyrö 2003; exact up to 64 bytes, longer texts are cut. */
guint distance_edit(const char *a, guint la, const char *b, guint lb);
/* Jaro-Winkler similarity 0 to 1, common prefix up to 4 at 0.1; texts are cut at 64 bytes. */
double distance_winkler(const char *a, guint la, const char *b, guint lb);
/* Coarse sound of a name in English, French and German habits, up to 7 letters into buffer. */
void name_sound(const char *text, char buffer[8]);

#endif
