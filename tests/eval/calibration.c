/*
 * Are the probabilities right? Judged pairs of all worlds are kept in a file, as rows
 * "of,probability,right", and measured together: the bins of one world are too thin to tell.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/eval/measures.h"

typedef struct {
    double probability;
    gboolean right;
} Judged;

FILE *calibration_open(const char *path)
{
    FILE *notes = fopen(path, "a");
    if (!notes) {
        fprintf(stderr, "eval: cannot write '%s'\n", path);
        exit(70);
    }
    return notes;
}

void calibration_note(FILE *notes, const char *of, double probability, gboolean right)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (notes)
        fprintf(notes, "%s,%s,%d\n", of, g_ascii_dtostr(text, sizeof text, probability), right);
}

void calibration_close(FILE *notes)
{
    if (notes && fclose(notes) != 0) {
        fputs("eval: cannot write the judged pairs\n", stderr);
        exit(70);
    }
}

static int by_probability(gconstpointer a, gconstpointer b)
{
    const Judged *x = a, *y = b;
    return (x->probability > y->probability) - (x->probability < y->probability);
}

/* One bin: what was so where it was said, and how far that strays by chance (one sigma) if what was
 * said is right. Returns the distance of the two. */
static double put_bin(const char *of, const Judged *judged, guint n)
{
    double said = 0, was = 0, variance = 0;
    for (guint i = 0; i < n; i++) {
        said += judged[i].probability;
        was += judged[i].right;
        variance += judged[i].probability * (1 - judged[i].probability);
    }
    g_autofree char *name = g_strdup_printf("%s bin %.2f", of, said / n);
    put("truth", name, was / n, n);
    put("sampling-error", name, sqrt(variance) / n, n);
    return fabs(said - was) / n;
}

/* Ten bins of equal mass between 0.05 and 0.95. */
static void put_bins(const char *of, const GArray *judged)
{
    guint from = 0, to = judged->len;
    double error = 0;
    while (from < to && g_array_index(judged, Judged, from).probability < 0.05)
        from++;
    while (to > from && g_array_index(judged, Judged, to - 1).probability > 0.95)
        to--;
    for (guint bin = 0; bin < 10; bin++) {
        guint a = from + (to - from) * bin / 10, b = from + (to - from) * (bin + 1) / 10;
        if (b > a)
            error = fmax(error, put_bin(of, &g_array_index(judged, Judged, a), b - a));
    }
    put("worst-bin-error", of, error, to - from);
}

/* Expected calibration error: distance of said and true over ten bins of equal width. */
static void put_error(const char *of, const GArray *judged)
{
    double gap[10] = {0}, sum = 0;
    for (guint i = 0; i < judged->len; i++) {
        const Judged *j = &g_array_index(judged, Judged, i);
        gap[MIN(9, (guint)(j->probability * 10))] += j->probability - j->right;
    }
    for (guint bin = 0; bin < 10; bin++)
        sum += fabs(gap[bin]);
    put("expected-calibration-error", of, judged->len ? sum / judged->len : 0, judged->len);
}

void measure_calibration(const char *path)
{
    static const char *const kinds[] = {"links", "ideal"};
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        fprintf(stderr, "eval: cannot read '%s'\n", path);
        exit(70);
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_autoptr(GArray) judged = g_array_new(FALSE, FALSE, sizeof(Judged));
        for (guint i = 0; lines[i]; i++) {
            g_auto(GStrv) cells = g_strsplit(lines[i], ",", 3);
            if (g_strv_length(cells) != 3 || strcmp(cells[0], kinds[k]) != 0)
                continue;
            Judged j = {g_ascii_strtod(cells[1], NULL), cells[2][0] == '1'};
            g_array_append_val(judged, j);
        }
        g_array_sort(judged, by_probability);
        put_bins(kinds[k], judged);
        put_error(kinds[k], judged);
    }
}
