/*
 * Names of models: which of them mean one model of a make, however it is spelt.
 */
#ifndef CROSSTRACE_POPULATION_MODEL_NAME_H
#define CROSSTRACE_POPULATION_MODEL_NAME_H

#include <glib.h>

/* Do two names mean one model of a make (NULL: not known): "19", "G19", "GLOCK 19 GEN4"? */
gboolean firearm_same_model(const char *make, const char *a, const char *b);

/* What the spellings of one model have in common: its letters and digits without its make or the
 * make's initial before a number, and without a generation: "19" of "GLOCK 19", "G19", "19 GEN4".
 * FALSE: not recorded. */
#define MODEL_KEY 48
gboolean model_key(const char *make, const char *name, char key[MODEL_KEY]);
/* '4' of "19 GEN4"; 0: it names none. */
char model_generation(const char *name);

#endif
