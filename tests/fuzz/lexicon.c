/*
 * A lexicon, and below a line "%%" texts to scan with it: the file is read whole, or refused with
 * its name; against brute force, no pattern finds what the prefilter would not have let through;
 * every marker has words of the text to show.
 */
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/marker/lexicon.h"
#include "tests/fuzz/fuzz.h"

static void make_rules_folder(void)
{
    g_autofree char *here = g_get_current_dir();
    g_autofree char *settings = g_build_filename(here, "rules", "markers.ini", NULL);
    g_autofree char *link = g_build_filename(fuzz_folder(), "markers.ini", NULL);
    g_autofree char *folder = g_build_filename(fuzz_folder(), "markers", NULL);

    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        fuzz_check(symlink(settings, link) == 0 && g_mkdir_with_parents(folder, 0700) == 0);
}

/* One text through every pattern by itself, and through the prefilter. */
static void check_prefilter(const MarkerRules *rules, const char *text)
{
    g_autofree guint8 *flags = g_new0(guint8, rules->patterns->len + 2 * rules->contexts->len + 1);
    Folded folded = fold_text(rules->fold, text);

    prefilter_run(rules_prefilter(rules), folded.text, folded.length, flags);
    for (guint p = 0; p < rules->patterns->len; p++) {
        const Pattern *pattern = &g_array_index(rules->patterns, Pattern, p);
        gssize start = 0, end = 0;
        gboolean match =
            regex_match(pattern->match, folded.text, folded.length, 0, &start, &end) == REGEX_MATCH;

        fuzz_check(!match || flags[p] != 0);
        fuzz_check(!match || (start <= end && end <= (gssize)folded.length));
    }
    folded_clear(&folded);
}

static void check_markers(const MarkerRules *rules, const char *text)
{
    MarkText one = {"narrative", text};
    MarkFacts facts = {.serial_kind = "FULL"};
    g_autoptr(GArray) markers = marker_scan(rules, &one, 1, &facts);

    for (guint i = 0; i < markers->len; i++) {
        const Marker *marker = &g_array_index(markers, Marker, i);

        fuzz_check(marker->probability >= 0.5 && marker->probability <= 1);
        fuzz_check(*marker->rules && g_utf8_validate(marker->excerpt, -1, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *whole = g_strndup((const char *)data, size);
    g_auto(GStrv) parts = g_strsplit(whole, "\n%%\n", 2);
    g_autoptr(GError) error = NULL;

    make_rules_folder();
    g_free(fuzz_write("markers/own.ini", *parts ? *parts : "", *parts ? strlen(*parts) : 0));
    g_autoptr(MarkerRules) rules = marker_rules_load(fuzz_folder(), &error);
    fuzz_check((rules != NULL) == (error == NULL));
    if (!rules) {
        fuzz_check(error_status(error) == STATUS_CONFIG && strstr(error->message, "own.ini"));
        return 0;
    }
    g_auto(GStrv) lines = g_strsplit(*parts && parts[1] ? parts[1] : "", "\n", 8);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *text = g_utf8_make_valid(lines[i], -1);

        check_prefilter(rules, text);
        check_markers(rules, text);
    }
    return 0;
}
