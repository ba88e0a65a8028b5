/*
 * crosstrace-synth --seed S --traces N --seizures M [--difficulty easy|normal|hard] [--rings R]
 * --out DIR: writes a synthetic world and the truth about it.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "tests/synth/synth.h"

void truth_person(World *world, const char *record, const char *role, guint64 person)
{
    char text[128];
    g_strlcpy(text, record, sizeof text);
    g_strlcat(text, ":", sizeof text);
    g_strlcat(text, role, sizeof text);
    out_cell(&world->persons, text);
    text[0] = 'P';
    put_number(text + 1, person);
    out_cell(&world->persons, text);
    out_end(&world->persons);
}

void truth_markers(World *world, const char *record, guint say)
{
    static const char *const names[] = {"PMF",        "PMF_KIT",   "PRINTED",
                                        "CONVERSION", "NO_SERIAL", "OBLITERATED",
                                        "SUPPRESSOR", "NARCOTICS", "CONVERTED_REPLICA"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((say >> i & 1) == 0)
            continue;
        out_cell(&world->markers, record);
        out_cell(&world->markers, names[i]);
        out_end(&world->markers);
    }
}

static gboolean difficulty_parse(const char *word, double *errors)
{
    static const struct {
        const char *word;
        double errors;
    } table[] = {{"easy", 1}, {"normal", 3}, {"hard", 8}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i].word, word) == 0) {
            *errors = table[i].errors;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean options_read(int argc, char **argv, Options *options)
{
    gint64 seed = 1, traces = 1000, items = 300, rings = -1;
    g_autofree char *difficulty = NULL;
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "number of the world", "S"},
        {"traces", 0, 0, G_OPTION_ARG_INT64, &traces, "rows of traces.csv", "N"},
        {"seizures", 0, 0, G_OPTION_ARG_INT64, &items, "rows of both seizure files", "M"},
        {"difficulty", 0, 0, G_OPTION_ARG_STRING, &difficulty, "easy, normal, hard", "WORD"},
        {"rings", 0, 0, G_OPTION_ARG_INT64, &rings, "trafficking rings", "R"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, "folder to write to", "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- write a synthetic world");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "crosstrace-synth: %s\n", error->message);
        return FALSE;
    }
    options->seed = (guint64)seed;
    options->traces = (guint64)traces;
    options->items = (guint64)items;
    options->rings = rings < 0 ? (guint)MAX(traces / 400, 2) : (guint)rings;
    if (argc != 1 || options->out == NULL || traces < 1 || items < 1 || traces > 99999999 ||
        !difficulty_parse(difficulty != NULL ? difficulty : "normal", &options->errors)) {
        fprintf(stderr, "crosstrace-synth: needs --out DIR, numbers of at least 1, and a "
                        "difficulty of easy, normal or hard\n");
        return FALSE;
    }
    return TRUE;
}

static gboolean truth_open(World *world)
{
    const char *dir = world->options.out;
    g_autofree char *truth = g_build_filename(dir, "truth", NULL);
    if (g_mkdir_with_parents(truth, 0755) != 0) {
        fprintf(stderr, "crosstrace-synth: cannot make '%s': %s\n", truth, g_strerror(errno));
        return FALSE;
    }
    if (!out_open(&world->links, dir, "truth/links.csv", ',', FALSE) ||
        !out_open(&world->persons, dir, "truth/persons.csv", ',', FALSE) ||
        !out_open(&world->markers, dir, "truth/markers.csv", ',', FALSE))
        return FALSE;
    out_words(&world->links, "left right damage");
    out_words(&world->persons, "mention entity");
    out_words(&world->markers, "record category");
    return TRUE;
}

int main(int argc, char **argv)
{
    Options options = {0};
    World world;
    if (!options_read(argc, argv, &options)) {
        g_free(options.out);
        return 2;
    }
    world_build(&world, &options);
    if (!truth_open(&world))
        return 73;
    gboolean good = traces_write(&world) && seizures_write(&world) && rings_write(&world);
    good = out_close(&world.links) && good;
    good = out_close(&world.persons) && good;
    good = out_close(&world.markers) && good;
    world_free(&world);
    g_free(options.out);
    return good ? 0 : 74;
}
