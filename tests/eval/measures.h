/* What is measured of a world: each takes the world's folder and the folder of exports. */
#ifndef TESTS_EVAL_MEASURES_H
#define TESTS_EVAL_MEASURES_H

#include "tests/eval/table.h"

/* One figure: name, value, and what it is of. Printed as "measure,of,value,count". */
void put(const char *measure, const char *of, double value, guint64 count);

void measure_links(const char *world, const char *exports);
void measure_naive(const char *world);
void measure_persons(const char *world, const char *exports);
void measure_markers(const char *world, const char *exports);
void measure_rings(const char *world, const char *exports);

#endif
