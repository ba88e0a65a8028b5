/*
 * Shapes and lists of notation.h: what a whole field is when it is no serial number (stock number,
 * patent, calibre, model), who makers are, and what a spreadsheet did to it. Phrases are in
 * phrases.c.
 */
#define _GNU_SOURCE /* memmem */
#include "engine/notation/notation.h"

#include <string.h>

#include "engine/base/date.h"

gboolean notation_mask(const char *text, const char *mask)
{
    while (*mask != '\0') {
        gboolean fits = (*mask == 'd')   ? g_ascii_isdigit(*text)
                        : (*mask == 'l') ? g_ascii_isupper(*text)
                        : (*mask == '~') ? *text == '+'
                                         : *mask == *text && *text != '\0';
        if (!fits) {
            return FALSE;
        }
        text++;
        if (mask[1] == '+') {
            while (*mask == 'd' ? g_ascii_isdigit(*text) : g_ascii_isupper(*text)) {
                text++;
            }
            mask++;
        }
        mask++;
    }
    return *text == '\0';
}

/* Whole fields, by shape. */
static const struct {
    const char *mask, *taken_for;
} SHAPES[] = {
    {"dddd-dd-ddd-dddd", "stock-number"},
    {"dddd dd ddd dddd", "stock-number"},
    {"NSN dddd-dd-ddd-dddd", "stock-number"},
    {"NSN: dddd-dd-ddd-dddd", "stock-number"},
    {"NSN-dddd-dd-ddd-dddd", "stock-number"},
    {"NSN ddddddddddddd", "stock-number"},
    {"US d,ddd,ddd", "patent"},
    {"US dd,ddd,ddd", "patent"},
    {"U.S. d,ddd,ddd", "patent"},
    {"U.S. dd,ddd,ddd", "patent"},
    {"USd,ddd,ddd", "patent"},
    {"US ddddddd", "patent"},
    {"USddddddd", "patent"},
    {"USdddddddd", "patent"},
    {"US ddddddddB2", "patent"},
    {".dd", "calibre"},
    {".ddd", "calibre"},
    {".dd CAL", "calibre"},
    {".ddd CAL", "calibre"},
    {"dd CAL", "calibre"},
    {"ddd CAL", "calibre"},
    {"dd GA", "calibre"},
    {"dd GAUGE", "calibre"},
    {"ddGA", "calibre"},
    {"d.dd", "calibre"},
    {"d,dd", "calibre"},
    {"dXdd", "calibre"},
    {"dMM", "calibre"},
    {"ddMM", "calibre"},
    {"d MM", "calibre"},
    {"dd MM", "calibre"},
    {"d.ddMM", "calibre"},
    {"d.dd MM", "calibre"},
    {"d,ddMM", "calibre"},
    {"d,dd MM", "calibre"},
    {"d.ddXdd", "calibre"},
    {"d,ddXdd", "calibre"},
    {"d.dXdd", "calibre"},
    {"d,dXdd", "calibre"},
    {"dddXdd", "calibre"},
    {"dddXddMM", "calibre"},
    {"dXddMM", "calibre"},
    {"CALdd", "calibre"},
    {"CALddd", "calibre"},
};

/* Whole fields, by text_key: cartridges and models that people write where the number goes. */
static const char *const CALIBRES[] = {
    "9MMLUGER", "9LUGER", "9MMPARA",   "9MMPARABELLUM", "9PARABELLUM", "9MMX19",     "9MMKURZ",
    "9COURT",   "9X19MM", "380ACP",    "380AUTO",       "40SW",        "40CAL",      "45ACP",
    "45AUTO",   "45LC",   "45COLT",    "22LR",          "22CAL",       "22MAG",      "22WMR",
    "22SHORT",  "25ACP",  "25AUTO",    "32ACP",         "32AUTO",      "38SPL",      "38SPECIAL",
    "38SP",     "357MAG", "357MAGNUM", "357SIG",        "44MAG",       "44MAGNUM",   "10MMAUTO",
    "57X28",    "556X45", "556NATO",   "556MM",         "223REM",      "762X39",     "762X51",
    "762NATO",  "308WIN", "300BLK",    "3006",          "12GAUGE",     "20GAUGE",    "410GA",
    "410GAUGE", "MULTI",  "MULTICAL",  "9MMP",          "CALIBRE12",   "CALIBRE9MM", "50BMG",
    "17HMR",    "270WIN", "243WIN",    "3030WIN"};

/* Models that are no number of anybody. */
static const char *const MODELS[] = {
    "92FS",    "92F",    "96D",       "PX4",       "APX",          "MP40",       "MP45",
    "MP15",    "MP22",   "SD9VE",     "SD40VE",    "SD9",          "SD40",       "SHIELD",
    "G19X",    "G43X",   "GLOCK17",   "GLOCK19",   "GLOCK22",      "GLOCK23",    "GLOCK26",
    "GLOCK27", "PF940",  "PF940C",    "PF940V2",   "PF940SC",      "PF45",       "P80",
    "P365XL",  "SP2022", "MARKIV",    "MKIV",      "LCP",          "LCPII",      "LC9",
    "LC9S",    "EC9S",   "LCR",       "GP100",     "SP101",        "MINI14",     "AR556",
    "AR15",    "AR10",   "AK47",      "AKM",       "SKS",          "WASR10",     "WASR",
    "NPAP",    "PAP",    "DRACO",     "MINIDRACO", "XDM",          "XDS",        "XD9",
    "XD40",    "XD45",   "HELLCAT",   "G2C",       "G2S",          "G3C",        "PT92",
    "PT99",    "PT111",  "PT140",     "PT145",     "PT709",        "PT738",      "PT1911",
    "PT247",   "TX22",   "M1911",     "1911A1",    "M1911A1",      "GOVERNMENT", "CF380",
    "JCP",     "JHP",    "995TS",     "4095TS",    "4595TS",       "CPX1",       "CPX2",
    "CPX3",    "P3AT",   "SUB2000",   "PMR30",     "TP9SA",        "TP9SF",      "CZ75",
    "CZ75B",   "PPQ",    "PPK",       "PPKS",      "PPS",          "USP",        "FNS9",
    "FNX9",    "FN509",  "FNP45",     "500A",      "BERSATHUNDER", "THUNDER380", "JA380",
    "AM15",    "AM10",   "L380",      "MODEL10",   "MODEL36",      "SW9VE",      "SW40VE",
    "SW40F",   "SW40E",  "BODYGUARD", "BG380",     "JUDGE",        "PYTHON",     "ANACONDA"};

/* Models that could be a number of another maker: taken for a model where no make is known or the
 * make is this one. And those so short that the make must be known, whose numbers are longer. */
static const struct {
    const char *make, *models, *brief;
} MODELS_OF[] = {
    {"GLOCK",
     " G17 G19 G20 G21 G22 G23 G26 G27 G29 G30 G31 G32 G33 G34 G35 G36 G40 G41 G42 G43 G45 G48 ",
     " 17 17L 18 19 19X 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 43X"
     " 44 45 46 47 48 49 "},
    {"SMITH & WESSON", " MP9 M642 642 686 629 5906 6906 4006 915 910 ", ""},
    {"STURM RUGER", " 1022 P89 P95 P94 P85 P345 SR9 SR40 SR22 ", ""},
    {"SIG SAUER", " P320 P365 P226 P229 P228 P220 P238 P938 ", ""},
    {"HI-POINT", " C9 ", ""},
    {"KEL-TEC", " P11 PF9 P32 ", ""},
    {"CANIK", " TP9 ", ""},
    {"CENTURY ARMS", " TP9 M70 ", ""},
    {"ZASTAVA", " M70 ", ""},
    {"CZ", " P10C P07 ", ""},
    {"WALTHER", " P22 P99 ", ""},
    {"H&K", " VP9 VP40 P30 P2000 ", ""},
    {"FN", " 509 ", ""},
    {"MOSSBERG", " M500 M590 ", " 500 590 590A1 835 930 940 "},
    {"REMINGTON", " 870 M870 1187 ", ""},
    {"JIMENEZ", " JA9 J22 ", ""},
    {"JENNINGS", " J22 ", ""},
    {"BRYCO", " J22 ", ""},
    {"RAVEN", " MP25 ", ""},
    {"TAURUS", "", " G2 G3 G3X "},
};

/* Letters and digits; short names that also begin serial numbers (FN, CZ, SW) need a model behind.
 */
static const char *const MAKERS[] = {"AERO",
                                     "AEROPRECISION",
                                     "ANDERSON",
                                     "ARMSCOR",
                                     "BENELLI",
                                     "BERETTA",
                                     "BERSA",
                                     "BROWNING",
                                     "BRYCO",
                                     "BUSHMASTER",
                                     "CANIK",
                                     "CENTURY",
                                     "CHARTER",
                                     "COBRA",
                                     "COLT",
                                     "COOEY",
                                     "CUGIR",
                                     "CZ",
                                     "DAVIS",
                                     "DPMS",
                                     "FN",
                                     "FNH",
                                     "GLOCK",
                                     "GIRSAN",
                                     "HECKLER",
                                     "HECKLERKOCH",
                                     "HERITAGE",
                                     "HIPOINT",
                                     "HK",
                                     "IZHMASH",
                                     "JENNINGS",
                                     "JIMENEZ",
                                     "KAHR",
                                     "KELTEC",
                                     "KIMBER",
                                     "KOCH",
                                     "LAKEFIELD",
                                     "LORCIN",
                                     "MARLIN",
                                     "MAVERICK",
                                     "MOSSBERG",
                                     "NORINCO",
                                     "PALMETTO",
                                     "PHOENIX",
                                     "POLYMER80",
                                     "PSA",
                                     "RAVEN",
                                     "REMINGTON",
                                     "ROCKISLAND",
                                     "ROMARM",
                                     "ROSSI",
                                     "RUGER",
                                     "SARSILMAZ",
                                     "SAUER",
                                     "SAVAGE",
                                     "SCCY",
                                     "SIG",
                                     "SIGARMS",
                                     "SIGSAUER",
                                     "SMITH",
                                     "SMITHWESSON",
                                     "SPRINGFIELD",
                                     "SPRINGFIELDARMORY",
                                     "STEVENS",
                                     "STOEGER",
                                     "STURM",
                                     "STURMRUGER",
                                     "SW",
                                     "TAURUS",
                                     "TISAS",
                                     "WALTHER",
                                     "WESSON",
                                     "WINCHESTER",
                                     "ZASTAVA"};

static gboolean listed(const char *key, const char *const *list, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (key[0] == list[i][0] && strcmp(key, list[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean notation_maker(const char *key)
{
    return listed(key, MAKERS, G_N_ELEMENTS(MAKERS));
}

/* Is a word one of a list between blanks? */
static gboolean among(const char *list, const char *word, gsize n)
{
    const char *end = list + strlen(list);
    for (const char *p = list; n > 0 && (p = memmem(p, (gsize)(end - p), word, n)) != NULL; p++) {
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0')) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean brief_models(const char *list, const char *folded)
{
    guint words = 0, letters = 0;
    for (const char *p = folded; *p != '\0'; words++) {
        gsize n = strcspn(p, " ");
        if (!among(list, p, n)) {
            return FALSE;
        }
        for (gsize i = 0; i < n; i++) {
            letters += g_ascii_isalpha(p[i]);
        }
        p += n + strspn(p + n, " ");
    }
    return words == 1 || letters > 0; /* "17 17L", but "19 23" is one number */
}

gboolean notation_short_model(const char *make, const char *folded)
{
    for (guint i = 0; i < G_N_ELEMENTS(MODELS_OF); i++) {
        if (g_strcmp0(make, MODELS_OF[i].make) == 0) {
            return brief_models(MODELS_OF[i].brief, folded);
        }
    }
    return FALSE;
}

static gboolean is_model(const char *make, const char *key)
{
    gboolean unknown = make == NULL || strcmp(make, "UNKNOWN") == 0;
    for (guint i = 0; i < G_N_ELEMENTS(MODELS_OF); i++) {
        if ((unknown || strcmp(make, MODELS_OF[i].make) == 0) &&
            among(MODELS_OF[i].models, key, strlen(key))) {
            return TRUE;
        }
    }
    return listed(key, MODELS, G_N_ELEMENTS(MODELS));
}

const char *notation_not_serial(const char *make, const char *folded)
{
    gboolean shaped = g_ascii_isdigit(folded[0]) || strchr(".NUC", folded[0]) != NULL;
    for (guint i = 0; shaped && i < G_N_ELEMENTS(SHAPES); i++) {
        if (notation_mask(folded, SHAPES[i].mask)) {
            return SHAPES[i].taken_for;
        }
    }
    char key[16];
    gsize n = 0;
    for (const char *p = folded; *p != '\0'; p++) {
        if (!g_ascii_isalnum(*p)) {
            continue;
        }
        if (n + 1 >= sizeof(key)) {
            return NULL;
        }
        key[n++] = *p;
    }
    key[n] = '\0';
    if (listed(key, CALIBRES, G_N_ELEMENTS(CALIBRES))) {
        return "calibre";
    }
    return is_model(make, key) ? "model" : NULL;
}

static const struct {
    const char *mask, *hint;
} DAMAGES[] = {{"d.d+E~d+", "excel_sci"},         {"dE~d+", "excel_sci"},
               {"d,d+E~d+", "excel_sci"},         {"d.d+Ed+", "excel_sci"},
               {"d+.0", "excel_float"},           {"d+.00", "excel_float"},
               {"d+,0", "excel_float"},           {"d+,00", "excel_float"},
               {"d,ddd", "excel_thousands"},      {"dd,ddd", "excel_thousands"},
               {"ddd,ddd", "excel_thousands"},    {"d,ddd,ddd", "excel_thousands"},
               {"dd,ddd,ddd", "excel_thousands"}, {"ddd,ddd,ddd", "excel_thousands"}};

/* What a spreadsheet shows where a formula fails, English and French; the first '#' may be gone. */
static const char *const FAILURES[] = {"REF!",    "VALUE!", "NAME?", "DIV/0!", "NUM!",  "NULL!",
                                       "VALEUR!", "NOM?",   "NUL!",  "SPILL!", "CALC!", "NOMBRE!"};

static gboolean is_failure(const char *folded)
{
    for (guint i = 0; i < G_N_ELEMENTS(FAILURES); i++) {
        if (strcmp(folded + (*folded == '#'), FAILURES[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean notation_destroyed(const char *damage)
{
    static const char *const all[] = {"excel_sci", "excel_date", "excel_error"};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        if (strcmp(damage, all[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static const char *const MONTHS[] = {"JAN",  "FEB", "MAR", "APR",  "MAY",  "JUN",  "JUL",
                                     "AUG",  "SEP", "OCT", "NOV",  "DEC",  "JANV", "FEVR",
                                     "MARS", "AVR", "MAI", "JUIN", "JUIL", "AOUT", "SEPT"};

/* 3-MAR, MAR-23, 12-MAR-23, 12-MAR-2023: a month's name between hyphens. */
static gboolean looks_like_month(const char *folded)
{
    static const char *const masks[] = {"d-l+",    "dd-l+",    "l+-dd",     "l+-d",
                                        "d-l+-dd", "dd-l+-dd", "d-l+-dddd", "dd-l+-dddd"};
    gboolean shaped = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(masks) && !shaped; i++) {
        shaped = notation_mask(folded, masks[i]);
    }
    if (!shaped) {
        return FALSE;
    }
    const char *word = folded + strspn(folded, "0123456789-");
    for (guint i = 0; i < G_N_ELEMENTS(MONTHS); i++) {
        gsize n = strlen(MONTHS[i]);
        if (strncmp(word, MONTHS[i], n) == 0 && !g_ascii_isupper(word[n])) {
            return TRUE;
        }
    }
    return FALSE;
}

const char *notation_damage(const char *folded)
{
    if (is_failure(folded)) {
        return "excel_error";
    }
    gsize day = strcspn(folded, " "); /* "2023-03-12 00:00:00" */
    g_autofree char *date = day <= 10 && strspn(folded + day, " 0:") == strlen(folded + day)
                                ? g_strndup(folded, day)
                                : g_strdup(folded);
    gboolean dated = strpbrk(date, "-/") != NULL && strlen(date) >= 8 &&
                     date_parse(date, DATE_ISO | DATE_DMY | DATE_MDY) > date_from_ymd(1900, 1, 1);
    if (dated || looks_like_month(folded)) {
        return "excel_date";
    }
    for (guint i = 0; i < G_N_ELEMENTS(DAMAGES); i++) {
        if (notation_mask(folded, DAMAGES[i].mask)) {
            return DAMAGES[i].hint;
        }
    }
    gsize n = strlen(folded);
    gboolean rounded = n >= 16 && strspn(folded, "0123456789") == n;
    return rounded && folded[15] == '0' && strspn(folded + 15, "0") == n - 15 ? "excel_round"
                                                                              : NULL;
}
