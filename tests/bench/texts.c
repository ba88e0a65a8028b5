/*
 * Made-up narratives of about 100 bytes, one in twenty with something to find, and how long the
 * whole lexicon takes over them, once where the others are of all kinds and once where all speak
 * of firearms; hostile ones of 1 MB, and the longest that one took. Synthetic; the same for the
 * same size. `crosstrace-texts N` scans N narratives of each kind, `crosstrace-texts N print`
 * prints those of all kinds instead, one a line, for another program to scan.
 */
#include "engine/marker/marker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE_BYTES (1 << 20)
#define TEXT_SIZE     256
#define BATCH         1000u

#define KIND 6 /* texts of one kind */

static const char *const MIXED[KIND] = {
    "Traveller returning from three days of visiting family; goods within the exemption, released.",
    "Commercial load of lumber, seal intact, paperwork matched the manifest, driver known to us.",
    ("Passager nerveux, réponses contradictoires sur le but du voyage; renvoyé à l'examen "
     "secondaire."),
    "Pistol found under the driver's seat during secondary examination; traveller forgot about it.",
    "Colis postal ouvert pour vérification, vêtements et jouets, valeur déclarée exacte, remis.",
    "Undeclared alcohol and tobacco over the limit, duties paid, warning given, no further action.",
};
static const char *const FIREARMS[KIND] = {
    "Traveller declared a hunting rifle at primary and was referred for the permit to be checked.",
    "Pistol found under the driver's seat during secondary examination; traveller forgot about it.",
    "Arme de poing non déclarée trouvée dans le coffre du véhicule lors de l'examen secondaire.",
    ("Glock 19, serial matches the registration shown, no permit to carry; seized and receipt "
     "given."),
    "Carabine de chasse déclarée, numéro de série vérifié, formulaire rempli, voyageur reparti.",
    "Two magazines over the limit with a shotgun in the camper; traveller on the way to Alaska.",
};
static const char *const TELLING[] = {
    "80% lower receiver and jig in a parcel declared as machine parts, consignee refused delivery.",
    "Pistol with serial number ground off and 300 g of fentanyl hidden behind the dash panel.",
    "Carcasse imprimée en 3D, glissière Glock, aucun numéro de série, arme fantôme selon l'agent.",
    "Glock switch and a suppressor in one package from abroad declared as keychain and bike part.",
};

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void narrative(GRand *random, const char *const *ordinary, char *out, gsize size)
{
    gboolean telling = g_rand_int_range(random, 0, 20) == 0;
    const char *text = telling ? TELLING[g_rand_int_range(random, 0, G_N_ELEMENTS(TELLING))]
                               : ordinary[g_rand_int_range(random, 0, KIND)];
    g_snprintf(out, (gulong)size, "%s %d", text, g_rand_int_range(random, 1000, 9999));
}

static guint scan(const MarkerRules *rules, const char *text)
{
    const MarkText what = {"narrative", text};
    g_autoptr(GArray) markers = marker_scan(rules, &what, 1, NULL);
    return markers->len;
}

static void scan_many(const MarkerRules *rules, const char *const *ordinary, guint n)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    g_autofree char *texts = g_malloc(BATCH * TEXT_SIZE);
    guint64 found = 0;
    double taken = 0;
    for (guint done = 0; done < n; done += BATCH) {
        guint some = MIN(BATCH, n - done);
        for (guint i = 0; i < some; i++)
            narrative(random, ordinary, texts + i * TEXT_SIZE, TEXT_SIZE);
        double begun = cpu_seconds();
        for (guint i = 0; i < some; i++)
            found += scan(rules, texts + i * TEXT_SIZE);
        taken += cpu_seconds() - begun;
    }
    printf("%u narratives%s: %.2f s, %" G_GUINT64_FORMAT " markers\n", n,
           ordinary == FIREARMS ? ", all of firearms" : "", taken, found);
}

/* What patterns with repeats and windows like least: their own beginnings, over and over. */
static void scan_hostile(const MarkerRules *rules)
{
    static const char *const pieces[] = {"serial number on the frame of the ",
                                         "no ",
                                         "80% ",
                                         "GLOCK ",
                                         "slide ",
                                         "homemade ",
                                         "numéro de série sur la ",
                                         "impression ",
                                         "a",
                                         "((((((",
                                         "SWITCH ",
                                         "sans marque ni "};
    double worst = 0;
    guint at = 0;
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < HOSTILE_BYTES)
            g_string_append(text, pieces[i]);
        double begun = cpu_seconds();
        scan(rules, text->str);
        double taken = cpu_seconds() - begun;
        at = taken > worst ? i : at;
        worst = MAX(worst, taken);
    }
    printf("worst of %u hostile narratives of 1 MB: %.2f s ('%s' over and over)\n",
           (guint)G_N_ELEMENTS(pieces), worst, pieces[at]);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    guint n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 100000;
    if (argc > 2) {
        g_autoptr(GRand) random = g_rand_new_with_seed(1);
        char text[TEXT_SIZE];
        for (guint i = 0; i < n; i++) {
            narrative(random, MIXED, text, sizeof text);
            puts(text);
        }
        return EXIT_SUCCESS;
    }
    g_autoptr(MarkerRules) rules = marker_rules_load("rules", &error);
    if (!rules) {
        fprintf(stderr, "%s\n", error->message);
        return EXIT_FAILURE;
    }
    scan_many(rules, MIXED, n);
    scan_many(rules, FIREARMS, n);
    scan_hostile(rules);
    return EXIT_SUCCESS;
}
