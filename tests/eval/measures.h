/* What is measured of a world: each takes the world's folder and the folder of exports. */
#ifndef TESTS_EVAL_MEASURES_H
#define TESTS_EVAL_MEASURES_H

#include <stdio.h>

#include "tests/eval/table.h"

/* One figure: name, value, and what it is of. Printed as "measure,of,value,count". */
void put(const char *measure, const char *of, double value, guint64 count);
/* Precision, recall and F1 of `given` pairs of which `hit` are right, where `all` are true. */
double put_scores(const char *of, guint64 hit, guint64 given, guint64 all);

/* A pair has no direction: the smaller reference first. */
char *pair_key(const char *a, const char *b);
gboolean pair_is_seizure(const char *key);  /* of a seizure item and another record */
GHashTable *truth_links(const char *world); /* pair key -> kind of damage */

void measure_links(const char *world, const char *exports, FILE *pairs);
void measure_naive(const char *world);
void measure_persons(const char *world, const char *exports);
/* How many true pairs of mentions are compared at all; rules as shipped, ends the program when it
 * cannot. */
void measure_blocking(const char *world, const char *store);
/* How often a firearm asked for by a damaged number comes first; rules as shipped, likewise. */
void measure_rank(const char *store);
void measure_markers(const char *world, const char *exports);
void measure_rings(const char *world, const char *exports);

/* Beside the ideal observer, that knows the error channel at this scale; pairs of a seizure item
 * and a trace only, since the other kind (a repeated trace) names its partner. */
void measure_ideal(const char *world, const char *exports, double errors, FILE *pairs);

typedef void (*PairFunc)(const char *item, const char *trace, double probability, gpointer data);
/* bound: only pairs that the tiers let be candidates, by number or paper trail. */
void ideal_links(const char *world, double errors, gboolean bound, PairFunc each, gpointer data);

/* Does what the observer knows of the channel agree with what the generator does? */
gboolean channel_check(void);

/* Calibration needs the pairs of all worlds together: judged pairs go to a file, appended by each
 * world's run, and are measured at the end. No file (NULL): they are not kept. */
FILE *calibration_open(const char *path);
void calibration_note(FILE *pairs, const char *of, double probability, gboolean right);
void calibration_close(FILE *pairs);
void measure_calibration(const char *path);

#endif
