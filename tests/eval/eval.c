/*
 * eval WORLD EXPORTS: what the engine made of a synthetic world, against the truth in it, as
 * rows "measure,of,value,count" on standard output. tests/eval/run makes the worlds.
 */
#include <stdio.h>

#include "engine/base/text.h"
#include "tests/eval/measures.h"

void put(const char *measure, const char *of, double value, guint64 count)
{
    g_autofree char *text = text_number(value, 4);
    printf("%s,%s,%s,%" G_GUINT64_FORMAT "\n", measure, of, text, count);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: crosstrace-eval WORLD EXPORTS\n", stderr);
        return 2;
    }
    puts("measure,of,value,count");
    measure_links(argv[1], argv[2]);
    measure_naive(argv[1]);
    measure_persons(argv[1], argv[2]);
    measure_markers(argv[1], argv[2]);
    measure_rings(argv[1], argv[2]);
    return 0;
}
