/*
 * Names and streets. Common surnames follow a steep frequency, rare ones are put together from
 * two halves, so that a shared SMITH says little and a shared rare name says much. Made up; no
 * person is meant.
 */
#include <string.h>

#include "tests/synth/synth.h"

static const char *const COMMON_EN[] = {
    "SMITH",    "JOHNSON",   "WILLIAMS", "BROWN",     "JONES",    "GARCIA",     "MILLER",
    "DAVIS",    "RODRIGUEZ", "MARTINEZ", "WILSON",    "ANDERSON", "TAYLOR",     "THOMAS",
    "MOORE",    "MARTIN",    "LEE",      "THOMPSON",  "WHITE",    "HARRIS",     "CLARK",
    "LEWIS",    "ROBINSON",  "WALKER",   "YOUNG",     "ALLEN",    "KING",       "WRIGHT",
    "SCOTT",    "TORRES",    "NGUYEN",   "HILL",      "GREEN",    "ADAMS",      "NELSON",
    "BAKER",    "HALL",      "RIVERA",   "CAMPBELL",  "MITCHELL", "O'BRIEN",    "MCDONALD",
    "PATEL",    "SINGH",     "COHEN",    "FISCHER",   "VAN DYKE", "DE LA CRUZ", "OYELARAN",
    "KOWALSKI", "NAKAMURA",  "ABDI",     "HERNANDEZ", "ST. JOHN", "MACLEOD",    "FITZGERALD",
};
static const char *const COMMON_FR[] = {
    "TREMBLAY",        "GAGNON",   "ROY",      "CÔTÉ",    "BOUCHARD",  "GAUTHIER", "MORIN",
    "LAVOIE",          "FORTIN",   "GAGNÉ",    "OUELLET", "PELLETIER", "BÉLANGER", "LÉVESQUE",
    "BERGERON",        "LEBLANC",  "PAQUETTE", "GIRARD",  "SIMARD",    "BOUDREAU", "ST-PIERRE",
    "DESROCHERS",      "LAPOINTE", "HÉBERT",   "NADEAU",  "POIRIER",   "CARON",    "BEAULIEU",
    "DE LA DURANTAYE", "D'AMOURS", "LEFEBVRE", "DUBÉ",
};
static const char *const HEAD_EN[] = {
    "ASH",  "BECK", "CALD", "DAL",  "EAST", "FARN", "GRAN",  "HALL", "INGLE", "KEN",  "LANG", "MAR",
    "NOR",  "OAK",  "PEN",  "QUIN", "RAD",  "STAN", "THORN", "UND",  "WAL",   "WEST", "WHIT", "WIN",
    "BRAM", "CHAD", "DUN",  "ELD",  "FEN",  "GLAD", "HOL",   "KIRK", "LIND",  "MILL", "ROCK", "SEL",
};
static const char *const TAIL_EN[] = {
    "WORTH", "FORD",  "WELL",  "TON",    "WOOD", "BRIDGE", "LEY",  "HAM",   "BURN",  "FIELD",
    "STEAD", "WICK",  "COTT",  "MORE",   "BY",   "SHAW",   "GATE", "STONE", "MAN",   "ER",
    "SON",   "BROOK", "HURST", "THORPE", "LAND", "COMBE",  "DALE", "FORTH", "RIDGE", "MERE",
};
static const char *const HEAD_FR[] = {
    "BEAU",  "BELLE", "CHAR", "DES",  "DU",  "FONT",  "GRAND", "LA",   "LE",  "MONT",
    "PETIT", "ROUS",  "SAU",  "TAIL", "VAL", "VILLE", "BOIS",  "CHAN", "MAR", "PEL",
};
static const char *const TAIL_FR[] = {
    "CHAMP", "CHEMIN", "FONTAINE", "GRAND", "LIEU", "MARAIS", "MONT",  "NEUVE", "PRÉ", "RIVIÈRE",
    "SEAU",  "TIER",   "VAGE",     "VERT",  "VOIX", "CLAIR",  "CHAUD", "ROCHE", "TEL", "COURT",
};
static const char *const GIVEN_EN[] = {
    "JAMES",   "ROBERT",   "JOHN",     "MICHAEL", "DAVID",     "WILLIAM", "RICHARD", "JOSEPH",
    "THOMAS",  "CHARLES",  "DANIEL",   "MATTHEW", "ANTHONY",   "MARK",    "STEVEN",  "ANDREW",
    "KENNETH", "JOSHUA",   "KEVIN",    "BRIAN",   "TYLER",     "AARON",   "JOSE",    "NATHAN",
    "MARY",    "PATRICIA", "JENNIFER", "LINDA",   "ELIZABETH", "BARBARA", "SUSAN",   "JESSICA",
    "SARAH",   "KAREN",    "NANCY",    "LISA",    "ASHLEY",    "EMILY",   "MEGAN",   "RACHEL",
    "DEANDRE", "TERRENCE", "CURTIS",   "LATOYA",  "BRANDON",   "DUSTIN",  "TRAVIS",  "COREY",
};
static const char *const GIVEN_FR[] = {
    "JEAN",         "MICHEL",    "ANDRÉ",     "ÉDOUARD", "FRANÇOIS", "JEAN-PIERRE", "PIERRE",
    "LUC",          "MARC",      "ALAIN",     "SYLVAIN", "ÉRIC",     "STÉPHANE",    "JEAN-FRANÇOIS",
    "GUY",          "RÉJEAN",    "MARIE",     "SYLVIE",  "NATHALIE", "JULIE",       "ISABELLE",
    "CHANTAL",      "GENEVIÈVE", "JOSÉE",     "BENOÎT",  "MATHIEU",  "YVES",        "HÉLÈNE",
    "MARIE-CLAUDE", "OLIVIER",   "SÉBASTIEN", "MÉLANIE",
};
static const char *const NICKNAMES[][2] = {
    {"JAMES", "JIM"},     {"ROBERT", "BOB"},     {"MICHAEL", "MIKE"},    {"DAVID", "DAVE"},
    {"WILLIAM", "BILL"},  {"RICHARD", "RICK"},   {"JOSEPH", "JOE"},      {"THOMAS", "TOM"},
    {"CHARLES", "CHUCK"}, {"DANIEL", "DAN"},     {"MATTHEW", "MATT"},    {"ANTHONY", "TONY"},
    {"STEVEN", "STEVE"},  {"ANDREW", "ANDY"},    {"KENNETH", "KEN"},     {"JOSHUA", "JOSH"},
    {"PATRICIA", "PAT"},  {"JENNIFER", "JEN"},   {"ELIZABETH", "BETH"},  {"BARBARA", "BARB"},
    {"SUSAN", "SUE"},     {"JESSICA", "JESS"},   {"NATHAN", "NATE"},     {"TERRENCE", "TERRY"},
    {"ÉDOUARD", "ED"},    {"FRANÇOIS", "FRANK"}, {"JEAN-PIERRE", "J-P"}, {"BENOÎT", "BEN"},
};
static const char *const STREETS_EN[] = {
    "MAPLE",  "OAK",    "CEDAR",  "PINE",     "ELM",         "WASHINGTON", "LAKE",      "HILL",
    "WALNUT", "PARK",   "MAIN",   "RIVER",    "CHURCH",      "SUNSET",     "JEFFERSON", "MADISON",
    "CHERRY", "SPRING", "MEADOW", "HIGHLAND", "GHOST CREEK", "FOREST",     "MILL",      "FRANKLIN",
};
static const char *const WAYS_EN[] = {"ST", "AVE", "RD", "DR", "LN", "BLVD", "CT"};
static const char *const STREETS_FR[] = {
    "PRINCIPALE",       "DE L'ÉGLISE", "SAINT-DENIS", "DES ÉRABLES", "NOTRE-DAME", "DU MOULIN",
    "SAINTE-CATHERINE", "DES PINS",    "LAURIER",     "DE LA GARE",  "SHERBROOKE", "DU LAC",
};

/* Steep: the first names of a list are many times as common as the last. */
static guint steep(Rng *rng, guint n)
{
    double u = rng_unit(rng);
    return (guint)(u * u * n);
}

void word_surname(Rng *rng, gboolean french, char *out, gsize size)
{
    gboolean rare = rng_chance(rng, 0.45);
    if (!rare && french)
        g_strlcpy(out, COMMON_FR[steep(rng, G_N_ELEMENTS(COMMON_FR))], size);
    else if (!rare)
        g_strlcpy(out, COMMON_EN[steep(rng, G_N_ELEMENTS(COMMON_EN))], size);
    else if (french)
        g_snprintf(out, size, "%s%s", HEAD_FR[rng_below(rng, G_N_ELEMENTS(HEAD_FR))],
                   TAIL_FR[rng_below(rng, G_N_ELEMENTS(TAIL_FR))]);
    else
        g_snprintf(out, size, "%s%s", HEAD_EN[rng_below(rng, G_N_ELEMENTS(HEAD_EN))],
                   TAIL_EN[rng_below(rng, G_N_ELEMENTS(TAIL_EN))]);
}

const char *word_given(Rng *rng, gboolean french)
{
    return french ? GIVEN_FR[steep(rng, G_N_ELEMENTS(GIVEN_FR))]
                  : GIVEN_EN[steep(rng, G_N_ELEMENTS(GIVEN_EN))];
}

const char *word_nickname(const char *given)
{
    for (guint i = 0; i < G_N_ELEMENTS(NICKNAMES); i++)
        if (strcmp(NICKNAMES[i][0], given) == 0)
            return NICKNAMES[i][1];
    return NULL;
}

void word_street(Rng *rng, gboolean french, char *out, gsize size)
{
    int number = rng_between(rng, 1, 9800);
    if (french)
        g_snprintf(out, size, "%d RUE %s", number,
                   STREETS_FR[rng_below(rng, G_N_ELEMENTS(STREETS_FR))]);
    else
        g_snprintf(out, size, "%d %s %s", number,
                   STREETS_EN[rng_below(rng, G_N_ELEMENTS(STREETS_EN))],
                   WAYS_EN[rng_below(rng, G_N_ELEMENTS(WAYS_EN))]);
}
