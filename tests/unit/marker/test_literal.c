/*
 * What a pattern promises of the texts that it matches: a table of patterns and their literals, and
 * random patterns against random texts: no promise is ever broken.
 */
#include <check.h>
#include <string.h>

#include "engine/base/regex.h"
#include "engine/marker/prefilter.h"
#include "tests/unit/suite.h"

#define PATTERNS 100000
#define TEXTS    4

static char *ways_text(const GPtrArray *ways)
{
    GString *text = g_string_new(NULL);
    for (guint w = 0; w < ways->len; w++) {
        const GPtrArray *sets = g_ptr_array_index(ways, w);
        for (guint s = 0; s < sets->len; s++) {
            const GPtrArray *set = g_ptr_array_index(sets, s);
            for (guint i = 0; i < set->len; i++)
                g_string_append_printf(text, "%s%s",
                                       i   ? ","
                                       : s ? "&"
                                       : w ? "|"
                                           : "",
                                       (char *)g_ptr_array_index(set, i));
        }
    }
    return g_string_free(text, FALSE);
}

static const struct {
    const char *pattern;
    const char *ways; /* alternatives by '|', sets by '&', strings by ','; NULL: nothing */
} promises[] = {
    {"GHOST[- ]?GUN", "GHOST-GUN,GHOST GUN,GHOSTGUN"},
    {"\\bNO (?:SERIAL|S/N)\\b", "NO SERIAL,NO S/N"},
    {"3-?D.*PRINTED", "3-D,3D&PRINTED"},
    {"\\b(?:GLOCK|AR) (?:KIT|JIG)S?|NO S/N", "GLOCK KITS,GLOCK KIT,GLOCK JIGS,GLOCK JIG,AR KITS,"
                                             "AR KIT,AR JIGS,AR JIG|NO S/N"},
    {"SLIDE\\b[^.]{0,9}\\bFRAME(?: HAS)* NONE", "SLIDE&FRAME& NONE"},
    {"PF9[04]0 ?(?:C|V2)", "PF900 C,PF900 V2,PF900C,PF900V2,PF940 C,PF940 V2,PF940C,PF940V2"},
    {"(?=GHOST)GUNS+", "GUN"},
    {"A|BCD", NULL},
    {"(?:ABC)?", NULL},
    {"\\d+", NULL},
    {"ABC\\QD", NULL},
    {"(?i)ABC", NULL},
    {"AB{0,3}CD", "CD"},
    {"AB{2,3}CD", "CD"},
    {"AB*CD", "CD"},
    {"AB+CD", "CD"},
    {"AB?CD", "ABCD,ACD"},
    {"AB??CD", "ABCD,ACD"},
    {"AB++CD", "CD"},
    {"AB{2}CD", "CD"},
    {"AB{1}CD", "ABCD"},
    {"AB{1,1}CD", "ABCD"},
    {"AB{0,1}CD", "ABCD,ACD"},
    {"AB{2,}CD", "CD"},
    {"AB{CD", "AB{CD"},
    {"AB{2CD", "AB{2CD"},
    {"AB{2,x}CD", "AB{2,X}CD"},
    {"A.CDE", "CDE"},
    {"^ABC$", "ABC"},
    {"AB\\.C", "AB.C"},
    {"AB\\dCD", "AB&CD"},
    {"AB\\PLCD", NULL},
    {"AB\\pLCD", NULL},
    {"AB\\p{Lu}CD", NULL},
    {"AB\\x41", NULL},
    {"\\bABC\\B", "ABC"},
    {"AB\\", NULL},
    {"*AB", NULL},
    {"AB|", NULL},
    {"(?:AB|CD)EF", "ABEF,CDEF"},
    {"(?:AB|C)EF", "ABEF,CEF"},
    {"(?:AB.|CD.E)FG", "AB,CD&FG"},
    {"(?:AB.*|.)FGH", "FGH"},
    {"(?>AB)C", "ABC"},
    {"(AB)C", "ABC"},
    {"(?!AB)CDE", "CDE"},
    {"(?<=AB)CDE", "CDE"},
    {"(?<!AB)CDE", "CDE"},
    {"(?<N>AB)C", NULL},
    {"(*UTF)AB", NULL},
    {"(AB", NULL},
    {"AB)CD", NULL},
    {"[ABC]DE", "ADE,BDE,CDE"},
    {"[^ABC]DEF", "DEF"},
    {"[]A]BC", "]BC,ABC"},
    {"[A-D]EF", "AEF,BEF,CEF,DEF"},
    {"[A-G]EF", "EF"},
    {"[D-A]EF", "EF"},
    {"[A-]EF", "AEF,-EF"},
    {"[\\]A]BC", "]BC,ABC"},
    {"[\\dA]BCD", "BCD"},
    {"[\\]-x]BC", "BC"},
    {"[[:alpha:]]BCD", "BCD"},
    {"[^[:alpha:]x]BCD", "BCD"},
    {"[^\\]]BCD", "BCD"},
    {"[AB", NULL},
    {"[", NULL},
    {"[]", NULL},
    {"[É-Z]AB", "AB"},
    {"[A-É]AB", "AB"},
    {"ÉTÉ", "ÉTÉ"},
    {"[ÉA]TE", "ÉTE,ATE"},
    {"(?:[ABCDEF]){2}GH", "GH"},
    {"[ABCD][ABCD][ABCD]?E", "AA,AB,AC,AD,BA,BB,BC,BD,CA,CB,CC,CD,DA,DB,DC,DD"},
    {"(?:[ABCD][ABCD][ABCD])?EF", "EF"},
    {"(?:[ABCD][ABCD][ABCD]|X)EF", "EF"},
    {"AB.CD.EF.GH.IJ.KL.MN.OP", "AB&CD&EF&GH&IJ&KL&MN&OP"},
    {"AB.CD.EF.GH.IJ.KL.MN.OP.QRS", "CD&EF&GH&IJ&KL&MN&OP&QRS"},
    {"ABC.CD.EF.GH.IJ.KL.MN.OP.QR.S1", "ABC&GH&IJ&KL&MN&OP&QR&S1"},
    {"A1.BCD", "A1&BCD"},
    {"A.B", NULL},
    {"1", "1"},
    {"A", NULL},
    {" A", " A"},
    {"A ", "A "},
    {"(?:AB|CD){2}EF", "AB,CD&EF"},
    {"(?:AB){0}CD", "CD"},
    {"(?:AB|CD.X)Y", "AB,CD"},
    {"(?:AB.C|CD)Y", "AB,CD"},
    {"(?:A|.B)CDE", "CDE"},
    {"(?:ABC|ABC.DE)FG", "ABC,ABC&FG"},
    {"[Z-\\]]BCD", "BCD"},
};

START_TEST(literals_are_promised)
{
    for (guint i = 0; i < G_N_ELEMENTS(promises); i++) {
        g_autoptr(GPtrArray) ways = pattern_ways(promises[i].pattern);
        if (ways == NULL || promises[i].ways == NULL) {
            ck_assert_msg(ways == NULL && promises[i].ways == NULL, "'%s'", promises[i].pattern);
            continue;
        }
        g_autofree char *got = ways_text(ways);
        ck_assert_str_eq(got, promises[i].ways);
    }
}
END_TEST

/* No more than 64 strings are written out: one set of so many, or two of fewer. */
START_TEST(sets_have_a_size)
{
    g_autoptr(GPtrArray) whole = pattern_ways("[ABCD][ABCD][ABCD]");
    g_autoptr(GPtrArray) more = pattern_ways("[ABCDE][ABCD][ABCD]");
    const GPtrArray *first = whole->pdata[0], *second = more->pdata[0];
    ck_assert_uint_eq(first->len, 1);
    ck_assert_uint_eq(((const GPtrArray *)first->pdata[0])->len, 64);
    ck_assert_uint_eq(second->len, 1);
    ck_assert_uint_eq(((const GPtrArray *)second->pdata[0])->len, 20);
}
END_TEST

static char *drawn(GRand *rand, const char *const *parts, guint n, guint most)
{
    GString *text = g_string_new(NULL);
    for (gint count = g_rand_int_range(rand, 0, (gint32)most); count >= 0; count--)
        g_string_append(text, parts[g_rand_int_range(rand, 0, (gint32)n)]);
    return g_string_free(text, FALSE);
}

static gboolean is_kept(const GPtrArray *ways, const char *text)
{
    for (guint w = 0; w < ways->len; w++) {
        const GPtrArray *sets = ways->pdata[w];
        guint met = 0;
        for (guint s = 0; s < sets->len; s++) {
            const GPtrArray *set = sets->pdata[s];
            gboolean any = FALSE;
            for (guint i = 0; i < set->len; i++)
                any |= strstr(text, set->pdata[i]) != NULL;
            met += any;
        }
        if (met == sets->len)
            return TRUE;
    }
    return FALSE;
}

START_TEST(promises_are_kept)
{
    static const char *const parts[] = {
        "A",      "B",    "C",       "AB",    " ",     "1",       "Z",
        "]",      "[AB]", "[^A]",    "[A-C]", "[]AB]", "[Z-\\]]", "[\\]Z]",
        "[A\\d]", "(?:",  "(",       "(?=",   "(?!",   ")",       ")",
        "|",      "?",    "*",       "+",     "{2}",   "{0,1}",   "{1,}",
        "{1}",    "\\b",  "\\d",     "\\.",   ".",     "^",       "[[:alpha:]1]",
        "(?>",    "\\PL", "[^\\]A]", "{0}"};
    static const char *const letters[] = {"A", "B", "C", "AB", " ", "1",
                                          "Z", "]", "[", "\\", ".", "D"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    guint matches = 0, promised = 0;
    for (guint i = 0; i < PATTERNS; i++) {
        g_autofree char *pattern = drawn(rand, parts, G_N_ELEMENTS(parts), 7);
        Regex *regex = regex_new(pattern, NULL);
        g_autoptr(GPtrArray) ways = regex ? pattern_ways(pattern) : NULL;
        promised += ways != NULL;
        for (guint k = 0; ways && k < TEXTS; k++) {
            g_autofree char *text = drawn(rand, letters, G_N_ELEMENTS(letters), 9);
            gssize start, end;
            if (regex_match(regex, text, strlen(text), 0, &start, &end) != REGEX_MATCH)
                continue;
            ck_assert_msg(is_kept(ways, text), "'%s' matches '%s'", pattern, text);
            matches++;
        }
        if (regex)
            regex_free(regex);
    }
    ck_assert_uint_gt(promised, PATTERNS / 10);
    ck_assert_uint_gt(matches, PATTERNS / 40);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("literal");
    TCase *tests = tcase_create("literal");
    tcase_add_test(tests, literals_are_promised);
    tcase_add_test(tests, sets_have_a_size);
    tcase_add_test(tests, promises_are_kept);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
