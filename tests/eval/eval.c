/*
 * crosstrace-eval [--difficulty WORD] [--pairs FILE] [--store DB] WORLD EXPORTS: what the engine
 * made of a synthetic world, against the truth in it, as rows "measure,of,value,count" on standard
 * output.
 * --store is where the world was loaded, for who was compared. --pairs appends the judged pairs to
 * a file; crosstrace-eval --calibration FILE measures them. --links: links alone, for worlds so
 * large that the ideal observer takes long. --channel checks the ideal observer's error channel
 * against the generator's. tests/eval/run makes the worlds.
 */
#include <stdio.h>
#include <string.h>

#include "engine/base/text.h"
#include "tests/eval/measures.h"

void put(const char *measure, const char *of, double value, guint64 count)
{
    g_autofree char *text = text_number(value, 4);
    printf("%s,%s,%s,%" G_GUINT64_FORMAT "\n", measure, of, text, count);
}

/* The scale of the error channel, as in tests/synth/main.c; 0 when there is no such word. */
static double errors_of(const char *difficulty)
{
    return strcmp(difficulty, "easy") == 0     ? 1
           : strcmp(difficulty, "normal") == 0 ? 3
           : strcmp(difficulty, "hard") == 0   ? 8
                                               : 0;
}

/* errors: 0 leaves out all but links. */
static void world_measure(const char *world, const char *exports, double errors, const char *pairs)
{
    FILE *file = pairs ? calibration_open(pairs) : NULL;
    measure_links(world, exports, file);
    if (errors > 0) {
        measure_ideal(world, exports, errors, file);
        measure_naive(world);
        measure_persons(world, exports);
        measure_markers(world, exports);
        measure_rings(world, exports);
    }
    calibration_close(file);
}

int main(int argc, char **argv)
{
    gboolean channel = FALSE, links = FALSE;
    g_autofree char *difficulty = NULL, *pairs = NULL, *calibration = NULL, *store = NULL;
    const GOptionEntry entries[] = {
        {"difficulty", 0, 0, G_OPTION_ARG_STRING, &difficulty, "easy, normal, hard", "WORD"},
        {"pairs", 0, 0, G_OPTION_ARG_FILENAME, &pairs, "append the judged pairs", "FILE"},
        {"store", 0, 0, G_OPTION_ARG_FILENAME, &store, "the store of that world", "DB"},
        {"links", 0, 0, G_OPTION_ARG_NONE, &links, "links alone", NULL},
        {"calibration", 0, 0, G_OPTION_ARG_FILENAME, &calibration, "measure such a file", "FILE"},
        {"channel", 0, 0, G_OPTION_ARG_NONE, &channel, "check the observer's channel", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("WORLD EXPORTS");
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean parsed = g_option_context_parse(context, &argc, &argv, NULL);
    double errors = errors_of(difficulty ? difficulty : "normal");
    if (!parsed || errors <= 0 || argc != (calibration || channel ? 1 : 3)) {
        fputs("usage: crosstrace-eval [--difficulty easy|normal|hard] [--pairs FILE] [--store DB] "
              "[--links] WORLD EXPORTS\n"
              "       crosstrace-eval --calibration FILE | --channel\n",
              stderr);
        return 2;
    }
    if (channel)
        return channel_check() ? 0 : 1;
    puts("measure,of,value,count");
    if (!calibration)
        world_measure(argv[1], argv[2], links ? 0 : errors, pairs);
    else
        measure_calibration(calibration);
    if (store) {
        measure_blocking(argv[1], store);
        measure_rank(store);
    }
    return 0;
}
