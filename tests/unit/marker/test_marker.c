/*
 * Scanning and weighing with the shipped lexicons: the examples and traps of the field as a
 * table, facts, one thing said twice, excerpts, long and hostile texts.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/marker/marker.h"
#include "tests/unit/suite.h"

static MarkerRules *shipped(void)
{
    g_autoptr(GError) error = NULL;
    MarkerRules *rules = marker_rules_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error != NULL ? error->message : "");
    return rules;
}

static GArray *scan(const MarkerRules *rules, const char *field, const char *text,
                    const MarkFacts *facts)
{
    MarkText one = {.field = field, .text = text};
    return marker_scan(rules, &one, 1, facts);
}

static const Marker *find(const GArray *markers, MarkCategory category)
{
    for (guint i = 0; i < markers->len; i++)
        if (g_array_index(markers, Marker, i).category == category)
            return &g_array_index(markers, Marker, i);
    return NULL;
}

static char *names(const GArray *markers)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < markers->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                               category_name(g_array_index(markers, Marker, i).category));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const struct {
    const char *text;
    const char *markers;
} TEXTS[] = {
    {"GLOCK TYPE PISTOL, PF940C, NO SERIAL", "PMF PMF_KIT NO_SERIAL"},
    {"POLYMER 80 FRAME W/ GLOCK SLIDE SN ABC123", "PMF PMF_KIT"},
    {"80% AR LOWER UNSERIALIZED 5.56", "PMF PMF_KIT NO_SERIAL"},
    {"3D-PRINTED FGC-9 9MM", "PMF PRINTED"},
    {"ARME FANTÔME, PISTOLET 9 MM IMPRIMÉ EN 3D, SANS N/S", "PMF PRINTED NO_SERIAL"},
    {"CARCASSE IMPRIMÉE EN 3D TYPE GLOCK, GLISSIÈRE N/S BXY123", "PMF PRINTED"},
    {"arme de poing de fabrication artisanale", "PMF"},
    {"PMF 82314245-0007 MARKED BY FFL", "PMF"},
    {"Receiver blank with jig, no serial, postal, from US", "PMF PMF_KIT NO_SERIAL"},
    {"P80 PF940v2 handgun", "PMF PMF_KIT"},
    {"GLOCK SWITCH INSTALLED", "CONVERSION"},
    {"HOMEMADE SILENCER", "SUPPRESSOR"},
    {"SANS NUMÉRO", "NO_SERIAL"},
    {"COOEY MODEL 60, NO SERIAL", "NO_SERIAL"},
    {"STEVENS FAVORITE NO S/N", "NO_SERIAL"},
    {"J.C. HIGGINS SHOTGUN NO SERIAL", "NO_SERIAL"},
    {"ANTIQUE DOUBLE SANS NUMÉRO DE SÉRIE 1880", "NO_SERIAL"},
    {"REVOLVER 80% WORN BLUING", ""},
    {"FINISH 80%", ""},
    {"80% COMPLETE CHECKERING", ""},
    {"80 % BLEUI", ""},
    {"GHOST RING SIGHTS", ""},
    {"MOSSBERG 590A1 GHOST RING", ""},
    {"GHOST LOAD", ""},
    {"GHOST CONNECTOR", ""},
    {"KUIU GHOST CAMO", ""},
    {"GLOCK P80 COMMEMORATIVE", ""},
    {"GLOCK P80 PISTOLE 80 BUNDESHEER", ""},
    {"STEYR P80", ""},
    {"SERIES 80 COLT GOVERNMENT", ""},
    {".380 ACP", ""},
    {"CZ 82", ""},
    {"MOD 80", ""},
    {"REM 870 80 SERIES", ""},
    {"SERIAL 80 1234", ""},
    {"SIG P320 GRIP MODULE, NO SERIAL ON FRAME; FCU 58A123456", ""},
    {"BERETTA APX CHASSIS", ""},
    {"FRT 12345", ""},
    {"FRT NO.", ""},
    {"FORCED RESET TRIGGER", ""},
    {"NSN 1005-00-123-4567", ""},
    {"S&W MODEL 34 KIT GUN", ""},
    {"CLEANING KIT", ""},
    {"JIGSAW", ""},
    {"RIG", ""},
    {"FINGERPRINTED", ""},
    {"UNIT 3D", ""},
    {"3D ARCHERY TARGET", ""},
    {"PRINTED RECEIPT", ""},
    {"PRINTED CIRCUIT", ""},
    {"SERIAL NOT YET RECORDED", ""},
    {"S/N PENDING", ""},
    {"SERIAL NO. UNKNOWN TO CALLER", ""},
    {"N/S NON INSCRIT AU RAPPORT", ""},
    {"LIGHT SWITCH", ""},
    {"SAFETY SWITCH", ""},
    {"SWITCHBLADE", ""},
    {"NINTENDO SWITCH", ""},
    {"NO 3D PRINTED PARTS FOUND", ""},
    {"NOT A GHOST GUN", ""},
    {"CE N'EST PAS UNE ARME FANTÔME", ""},
    {"CE N’EST PAS UNE ARME FANTÔME", ""},
    {"REPLICA", ""},
    {"AIRSOFT", ""},
    {"BB GUN", ""},
    {"PISTOLET À PLOMB", ""},
    {"FUSIL À AIR", ""},
    {"HOMEMADE HOLSTER", ""},
    {"POLYMER FRAME", ""},
    {"POLYMER STRIKER FIRED", ""},
    {"LONE WOLF TIMBERWOLF FRAME SN LW123456", ""},
    {"ANDERSON AM-15 STRIPPED LOWER 21123456", ""},
    {"GHOST STREET", ""},
    {"FANTÔME nightclub", ""},
    {"PMF private military firm", ""},
    {"PMFS", ""},
    {"G150 vehicle", ""},
    {"SANS PERMIS", ""},
    {"No sign of 3D printing", ""},
    {"aucune modification", ""},
    {"cannabis, 20 g", ""},
    {"", ""},
};

START_TEST(text_says_its_markers)
{
    g_autoptr(MarkerRules) rules = shipped();
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(GArray) markers = scan(rules, "narrative", TEXTS[i].text, NULL);
        g_autofree char *got = names(markers);
        ck_assert_msg(strcmp(got, TEXTS[i].markers) == 0, "'%s': got '%s', want '%s'",
                      TEXTS[i].text, got, TEXTS[i].markers);
    }
}
END_TEST

START_TEST(fields_count_by_themselves)
{
    static const struct {
        MarkFacts facts;
        const char *markers;
    } table[] = {
        {{.make = "POLYMER80"}, "PMF PMF_KIT"},
        {{.make = "PMF"}, "PMF"},
        {{.disposition = "PMF"}, "PMF"},
        {{.disposition = "SNO"}, "OBLITERATED"},
        {{.serial_kind = "OBLITERATED"}, "OBLITERATED"},
        {{.serial_kind = "RESTORED"}, "OBLITERATED"},
        {{.serial_kind = "NONE", .make = "COOEY", .type = "RIFLE"}, "NO_SERIAL"},
        {{.serial_kind = "NONE", .make = "GLOCK", .type = "PISTOL_SEMI"}, "PMF NO_SERIAL"},
        {{.licence_type = "01"}, "PMF"},
        {{.licence_type = "07"}, ""},
        {{.narcotics = TRUE}, "NARCOTICS"},
        {{.serial_kind = "PARTIAL", .obliterated = TRUE}, "OBLITERATED"},
        {{.type = "SILENCER"}, "SUPPRESSOR"},
        {{.serial_kind = "FULL", .make = "GLOCK", .type = "PISTOL_SEMI"}, ""},
    };
    g_autoptr(MarkerRules) rules = shipped();
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GArray) markers = marker_scan(rules, NULL, 0, &table[i].facts);
        g_autofree char *got = names(markers);
        ck_assert_msg(strcmp(got, table[i].markers) == 0, "fact %u: '%s'", i, got);
        for (guint m = 0; m < markers->len; m++)
            ck_assert_ptr_nonnull(strstr(g_array_index(markers, Marker, m).rules, "field:"));
    }
}
END_TEST

START_TEST(one_thing_said_twice_is_one_evidence)
{
    g_autoptr(MarkerRules) rules = shipped();
    MarkFacts facts = {.make = "PMF", .disposition = "PMF"};
    g_autoptr(GArray) once = scan(rules, "narrative", "ghost gun", NULL);
    g_autoptr(GArray) twice =
        scan(rules, "narrative", "ghost gun; arme fantôme; a privately made firearm", &facts);
    ck_assert_double_eq(find(once, MARK_PMF)->bits, find(twice, MARK_PMF)->bits);
}
END_TEST

START_TEST(kit_makes_pmf_as_probable)
{
    g_autoptr(MarkerRules) rules = shipped();
    g_autoptr(GArray) markers = scan(rules, "narrative", "80% lower with jig", NULL);
    ck_assert_ptr_nonnull(find(markers, MARK_PMF_KIT));
    ck_assert_double_ge(find(markers, MARK_PMF)->probability,
                        find(markers, MARK_PMF_KIT)->probability);
}
END_TEST

START_TEST(excerpt_shows_the_original_words)
{
    g_autoptr(MarkerRules) rules = shipped();
    g_autoptr(GArray) markers = scan(rules, "narrative",
                                     "Lors de la fouille secondaire, l’agent a trouvé une "
                                     "arme\u00a0à\nfeu fantôme, calibre 9 mm, "
                                     "dissimulée dans le pneu de secours du véhicule.",
                                     NULL);
    const Marker *pmf = find(markers, MARK_PMF);
    ck_assert_ptr_nonnull(pmf);
    ck_assert_ptr_nonnull(strstr(pmf->excerpt, "arme à feu fantôme"));
    ck_assert_int_lt((int)strlen(pmf->excerpt), 130);
    ck_assert(g_utf8_validate(pmf->excerpt, -1, NULL));
    ck_assert(g_str_has_prefix(pmf->rules, "pmf@") && g_str_has_suffix(pmf->rules, "/explicit.fr"));
}
END_TEST

START_TEST(pattern_keeps_to_its_fields)
{
    g_autoptr(MarkerRules) rules = shipped();
    g_autoptr(GArray) model = scan(rules, "model", "Harlot", NULL);
    g_autoptr(GArray) narrative = scan(rules, "narrative", "Harlot", NULL);
    ck_assert_ptr_nonnull(find(model, MARK_PRINTED));
    ck_assert_uint_eq(narrative->len, 0);
}
END_TEST

START_TEST(long_text_is_read_to_its_end)
{
    g_autoptr(MarkerRules) rules = shipped();
    for (gsize before = 7500; before < 17500; before += 97) {
        g_autofree char *filler = g_strnfill(before, 'x');
        g_autofree char *text = g_strconcat(filler, " arme de poing fantôme ", filler, NULL);
        g_autoptr(GArray) markers = scan(rules, "narrative", text, NULL);
        ck_assert_msg(find(markers, MARK_PMF) != NULL, "lost after %zu bytes", before);
    }
}
END_TEST

/* A megabyte of what the patterns like best, within a second or so of a processor even on a slow
 * machine. */
START_TEST(hostile_text_is_no_matter)
{
    static const char *const seeds[] = {
        "NO ",
        "NO SERIAL ",
        "80% ",
        "GLOCK SLIDE FRAME ",
        "é\u0301\u00ad\u200b",
        "not a ghost gun ",
        "SERIAL HAS BEEN ",
        "\xf0\x9f\x94\xab",
        "((((([[[[",
        "3D ",
        "frame ",
        "homemade a b c d ",
    };
    g_autoptr(MarkerRules) rules = shipped();
    for (guint i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 1000000)
            g_string_append(text, seeds[i]);
        clock_t start = clock();
        g_autoptr(GArray) markers = scan(rules, "narrative", text->str, NULL);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        ck_assert_msg(seconds < 10, "'%s' took %.1f s", seeds[i], seconds);
        if (g_getenv("CROSSTRACE_TIMES") != NULL)
            g_print("%.3f s: %s\n", seconds, seeds[i]);
        ck_assert_ptr_null(find(markers, MARK_CONVERTED_REPLICA));
    }
    ck_assert_msg(marker_failures(rules) == NULL, "%s", marker_failures(rules));
}
END_TEST

START_TEST(category_names_go_both_ways)
{
    MarkCategory category = MARK_PMF;
    for (guint i = 0; i < MARK_CATEGORIES; i++) {
        ck_assert(category_parse(category_name((MarkCategory)i), &category));
        ck_assert_uint_eq(category, i);
    }
    ck_assert(!category_parse("pmf", &category));
}
END_TEST

/* Letters of other scripts around it, so many that a window begins or ends inside one of them: what
 * is found is the same, and an excerpt never holds half a letter. */
START_TEST(windows_between_letters)
{
    g_autoptr(MarkerRules) rules = shipped();
    static const char *const letters[] = {"\u0416", "\u4e2d", "\U0001F600"};
    for (guint n = 0; n < 130; n++) {
        g_autoptr(GString) text = g_string_new(NULL);
        const char *letter = letters[n % G_N_ELEMENTS(letters)];
        for (guint side = 0; side < 2; side++) {
            for (guint i = 0; i < n; i++)
                g_string_append(text, i % 9 == 8 ? " " : letter);
            g_string_append(text, side ? "" : " ghost gun, pistolet sans num\u00e9ro ");
        }
        g_autoptr(GArray) markers = scan(rules, "narrative", text->str, NULL);
        g_autofree char *found = names(markers);
        ck_assert_str_eq(found, "PMF NO_SERIAL");
        for (guint i = 0; i < markers->len; i++)
            ck_assert(g_utf8_validate(g_array_index(markers, Marker, i).excerpt, -1, NULL));
    }
}
END_TEST

/* Of one record after the other the same is said as of each by itself: texts that come again, in
 * another field, that begin alike, that are long, and so many others that they drive each other
 * out. */
START_TEST(what_is_remembered_is_the_same)
{
    static const char *const fields[] = {"make", "model", "narrative", "serial_number", "nowhere"};
    static const char *const lengthened = " and a frame of which nothing else is known";
    MarkerRules *rules = shipped();
    g_autoptr(MarkerMemo) memo = marker_memo_new(rules);
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    guint said = 0;
    for (guint round = 0; round < 4000; round++) {
        char text[3][200];
        MarkText texts[3];
        for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
            const char *known = TEXTS[g_rand_int_range(random, 0, G_N_ELEMENTS(TEXTS))].text;
            guint kind = (guint)g_rand_int_range(random, 0, 6);
            g_snprintf(text[i], sizeof text[i], "%s%s", known, kind == 0 ? lengthened : "");
            if (kind == 1)
                text[i][g_utf8_offset_to_pointer(text[i], 1) - text[i]] = '\0';
            if (kind > 3)
                g_snprintf(text[i], sizeof text[i], "ABC%d", g_rand_int_range(random, 0, 9999));
            texts[i].field = fields[g_rand_int_range(random, 0, G_N_ELEMENTS(fields))];
            texts[i].text = text[i];
        }
        MarkFacts facts = {.make = round % 3 == 0 ? "POLYMER80" : "GLOCK"};
        guint n = (guint)g_rand_int_range(random, 0, G_N_ELEMENTS(texts) + 1);
        g_autoptr(GArray) alone = marker_scan(rules, texts, n, &facts);
        g_autoptr(GArray) next = marker_scan_next(memo, texts, n, &facts);
        ck_assert_uint_eq(alone->len, next->len);
        for (guint i = 0; i < alone->len; i++) {
            const Marker *a = &g_array_index(alone, Marker, i),
                         *b = &g_array_index(next, Marker, i);
            ck_assert(a->category == b->category && a->bits == b->bits);
            ck_assert_str_eq(a->rules, b->rules);
            ck_assert_str_eq(a->excerpt, b->excerpt);
        }
        said += alone->len;
    }
    ck_assert_uint_gt(said, 1000);
    marker_rules_free(rules);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("marker");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, what_is_remembered_is_the_same);
    tcase_add_test(tests, text_says_its_markers);
    tcase_add_test(tests, fields_count_by_themselves);
    tcase_add_test(tests, one_thing_said_twice_is_one_evidence);
    tcase_add_test(tests, kit_makes_pmf_as_probable);
    tcase_add_test(tests, excerpt_shows_the_original_words);
    tcase_add_test(tests, pattern_keeps_to_its_fields);
    tcase_add_test(tests, long_text_is_read_to_its_end);
    tcase_add_test(tests, hostile_text_is_no_matter);
    tcase_add_test(tests, category_names_go_both_ways);
    tcase_add_test(tests, windows_between_letters);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
