/*
 * The phrases of notation.h, English and French, and their look-up. To add one, add it to its
 * list; order does not matter, the longest that stands at a place wins. In a phrase ' ' is a gap
 * of blanks, points or hyphens, '/' a slash or point, '%' a count. Two-letter words that begin
 * real serial numbers (BY, AT, LE) are no phrases.
 */
#include "engine/firearm/notation.h"

#include <string.h>

static const char *const NONE_WORDS[] = {"NONE",
                                         "NO SERIAL",
                                         "NO SERIAL NUMBER",
                                         "NO SERIAL NO",
                                         "NO SERIAL NUM",
                                         "NO SERIALS",
                                         "NO SERIAL MARKED",
                                         "NO SERIAL PRESENT",
                                         "NO SER",
                                         "NO SER NUM",
                                         "NO S/N",
                                         "NO SN",
                                         "NO NUMBER",
                                         "NO NUMBERS",
                                         "NO MARKINGS",
                                         "WITHOUT SERIAL",
                                         "WITHOUT SERIAL NUMBER",
                                         "NOT SERIALIZED",
                                         "NOT SERIALISED",
                                         "NON SERIALIZED",
                                         "UNSERIALIZED",
                                         "UNSERIALISED",
                                         "UNNUMBERED",
                                         "UNMARKED",
                                         "NSN",
                                         "N/S/N",
                                         "NIL",
                                         "NULL",
                                         "N/A",
                                         "NA",
                                         "NOT APPLICABLE",
                                         "SANS NUMERO",
                                         "SANS NUMERO DE SERIE",
                                         "SANS NUM DE SERIE",
                                         "SANS NO DE SERIE",
                                         "SANS NO",
                                         "SANS N/S",
                                         "SANS S/N",
                                         "SANS SERIE",
                                         "AUCUN",
                                         "AUCUNE",
                                         "AUCUN NUMERO",
                                         "AUCUN NO DE SERIE",
                                         "AUCUN NUMERO DE SERIE",
                                         "PAS DE NUMERO",
                                         "PAS DE NUMERO DE SERIE",
                                         "PAS DE NO DE SERIE",
                                         "NON SERIALISE",
                                         "NON SERIALISEE",
                                         "NON NUMEROTE",
                                         "NON NUMEROTEE",
                                         "NEANT",
                                         "SANS OBJET"};
static const char *const OBLITERATED_WORDS[] = {"OBLITERATED",
                                                "OBLITERATION",
                                                "OBLIT",
                                                "OBLITERE",
                                                "OBLITEREE",
                                                "OBL",
                                                "PARTIALLY OBLITERATED",
                                                "DEFACED",
                                                "REMOVED",
                                                "GROUND",
                                                "GROUND OFF",
                                                "GRINDED",
                                                "GRINDED OFF",
                                                "FILED",
                                                "FILED OFF",
                                                "SCRATCHED",
                                                "SCRATCHED OFF",
                                                "SCRATCHED OUT",
                                                "DRILLED",
                                                "DRILLED OUT",
                                                "TAMPERED",
                                                "TAMPERED WITH",
                                                "PUNCHED",
                                                "PEENED",
                                                "SANDED",
                                                "SANDED OFF",
                                                "ERASED",
                                                "DESTROYED",
                                                "NOT RESTORED",
                                                "NOT RESTORABLE",
                                                "NOT RECOVERED",
                                                "UNABLE TO RESTORE",
                                                "UNRESTORED",
                                                "EFFACE",
                                                "EFFACEE",
                                                "BURINE",
                                                "BURINEE",
                                                "LIME",
                                                "LIMEE",
                                                "MEULE",
                                                "MEULEE",
                                                "POINCONNE",
                                                "POINCONNEE",
                                                "ENLEVE",
                                                "ENLEVEE",
                                                "MAQUILLE",
                                                "MAQUILLEE",
                                                "GRATTE",
                                                "RATURE",
                                                "NON RESTAURE",
                                                "NON REVELE"};
static const char *const ALTERED_WORDS[] = {
    "ALTERED",      "ALTERED TO READ", "RESTAMPED",   "RE STAMPED", "OVERSTAMPED",
    "OVER STAMPED", "MISMATCHED",      "MIS MATCHED", "ALTERE",     "ALTEREE",
    "REFRAPPE",     "REFRAPPEE",       "MODIFIE",     "MODIFIEE"};
static const char *const UNKNOWN_WORDS[] = {"UNK",
                                            "UNKN",
                                            "UNKNOWN",
                                            "UNKNOWN SERIAL",
                                            "ILLEGIBLE",
                                            "PARTIALLY ILLEGIBLE",
                                            "NOT LEGIBLE",
                                            "NOT READABLE",
                                            "UNREADABLE",
                                            "CANNOT READ",
                                            "UNABLE TO READ",
                                            "NOT VISIBLE",
                                            "NO VISIBLE SERIAL",
                                            "NO VISIBLE SERIAL NUMBER",
                                            "NO SERIAL VISIBLE",
                                            "NO SERIAL NUMBER VISIBLE",
                                            "NO SERIAL NUMBER FOUND",
                                            "PENDING",
                                            "TBD",
                                            "TO BE DETERMINED",
                                            "UNAVAILABLE",
                                            "NOT AVAILABLE",
                                            "NOT RECORDED",
                                            "NOT PROVIDED",
                                            "NOT KNOWN",
                                            "NOT FOUND",
                                            "SEE REMARKS",
                                            "SEE NARRATIVE",
                                            "SEE NOTES",
                                            "VOIR REMARQUES",
                                            "VOIR DESCRIPTION",
                                            "INCONNU",
                                            "INCONNUE",
                                            "ILLISIBLE",
                                            "NON LISIBLE",
                                            "NON VISIBLE",
                                            "PAS VISIBLE",
                                            "EN ATTENTE",
                                            "A DETERMINER",
                                            "INDETERMINE",
                                            "NON DISPONIBLE",
                                            "NON INSCRIT",
                                            "NON DETERMINE"};
static const char *const RESTORED_WORDS[] = {"RESTORED",
                                             "RESTORED AS",
                                             "RESTORED TO",
                                             "RESTORED BY LAB",
                                             "RECOVERED",
                                             "ACID ETCHED",
                                             "ACID ETCH",
                                             "LAB RECOVERED",
                                             "LAB RESTORED",
                                             "RECOVERED BY LAB",
                                             "RAISED",
                                             "POSSIBLY",
                                             "POSSIBLE",
                                             "PROBABLY",
                                             "PROBABLE",
                                             "POSS",
                                             "RESTAURE",
                                             "RESTAUREE",
                                             "REVELE",
                                             "REVELEE",
                                             "RECUPERE",
                                             "RECUPEREE",
                                             "RESTAURE PAR LE LABO",
                                             "PROBABLEMENT",
                                             "POSSIBLEMENT",
                                             "PEUT ETRE"};
static const char *const PARTIAL_WORDS[] = {
    "PARTIAL",   "PARTIALLY", "PART",     "PARTIEL",    "PARTIELLE", "PARTIELLEMENT", "INCOMPLETE",
    "INCOMPLET", "FRAGMENT",  "CONTAINS", "CONTAINING", "CONTIENT",  "CONTENANT"};
static const char *const OPEN_LEFT_WORDS[] = {"LAST",
                                              "LAST %",
                                              "LAST DIGITS",
                                              "LAST % DIGITS",
                                              "LAST % CHARACTERS",
                                              "LAST % CHARS",
                                              "LAST % NUMBERS",
                                              "LAST % OF SERIAL",
                                              "LAST % ARE",
                                              "LAST % DIGITS ARE",
                                              "FINAL %",
                                              "ENDS IN",
                                              "ENDS WITH",
                                              "ENDS",
                                              "END IN",
                                              "ENDING",
                                              "ENDING IN",
                                              "ENDING WITH",
                                              "SE TERMINANT PAR",
                                              "SE TERMINE PAR",
                                              "TERMINANT PAR",
                                              "TERMINE PAR",
                                              "FINISSANT PAR",
                                              "FINIT PAR",
                                              "DERNIERS",
                                              "DERNIERS CHIFFRES",
                                              "DERNIERS CARACTERES",
                                              "% DERNIERS",
                                              "% DERNIERS CHIFFRES",
                                              "% DERNIERS CARACTERES",
                                              "LES % DERNIERS",
                                              "LES % DERNIERS CHIFFRES",
                                              "PREFIX MISSING",
                                              "PREFIX UNKNOWN",
                                              "PREFIXE MANQUANT"};
static const char *const OPEN_RIGHT_WORDS[] = {"FIRST",
                                               "FIRST %",
                                               "FIRST % DIGITS",
                                               "FIRST % CHARACTERS",
                                               "BEGINS",
                                               "BEGINS WITH",
                                               "BEGINNING WITH",
                                               "BEGINNING",
                                               "STARTS WITH",
                                               "STARTING WITH",
                                               "PREFIX",
                                               "COMMENCANT PAR",
                                               "COMMENCE PAR",
                                               "DEBUTANT PAR",
                                               "DEBUTE PAR",
                                               "PREMIERS",
                                               "% PREMIERS",
                                               "% PREMIERS CHIFFRES",
                                               "% PREMIERS CARACTERES",
                                               "PREFIXE"};
static const char *const FRAME_WORDS[] = {
    "FRAME",          "ON FRAME", "RECEIVER",         "FRAME/RECEIVER", "LOWER",
    "LOWER RECEIVER", "CARCASSE", "BOITE DE CULASSE", "BOITIER"};
static const char *const PART_WORDS[] = {"SLIDE",     "ON SLIDE", "BARREL",  "BBL",
                                         "BOLT",      "CYLINDER", "UPPER",   "UPPER RECEIVER",
                                         "GLISSIERE", "CANON",    "CULASSE", "BARILLET"};
static const char *const MODEL_WORDS[] = {"MODEL",  "MODEL NO", "MODEL NUMBER",
                                          "MODELE", "MOD",      "MDL"};
static const char *const CALIBRE_WORDS[] = {"CAL", "CALIBER", "CALIBRE"};
static const char *const PATENT_WORDS[] = {"PAT",       "PAT NO",        "PATENT", "PATENTS",
                                           "PATENT NO", "PATENT NUMBER", "US PAT", "US PATENT",
                                           "U/S PAT",   "U/S PATENT",    "BREVET"};
static const char *const STOCK_NUMBER_WORDS[] = {"STOCK NO", "STOCK NUMBER", "NATO STOCK NO",
                                                 "NATO STOCK NUMBER", "NO DE STOCK"};
static const char *const EVIDENCE_TAG_WORDS[] = {
    "TAG",         "TAG NO",       "EVIDENCE",      "EVIDENCE TAG", "EVIDENCE NO",       "EXHIBIT",
    "EXHIBIT NO",  "PROPERTY TAG", "PROPERTY NO",   "ITEM",         "ITEM NO",           "CASE NO",
    "CASE NUMBER", "OCCURRENCE",   "OCCURRENCE NO", "PIECE",        "PIECE NO",          "SCELLE",
    "SCELLE NO",   "ETIQUETTE",    "EVENEMENT",     "DOSSIER",      "PIECE A CONVICTION"};
static const char *const INVENTORY_WORDS[] = {
    "RACK",   "RACK NO",       "INVENTORY",       "INVENTORY NO",
    "INV NO", "NO INVENTAIRE", "NO D INVENTAIRE", "INVENTAIRE"};
static const char *const IMPORT_MARK_WORDS[] = {
    "MADE IN",        "FABRIQUE AU", "FABRIQUE EN",   "IMPORTED BY",  "IMPORTE PAR",
    "CAI GEORGIA VT", "CAI GEORGIA", "CAI ST ALB VT", "CENTURY ARMS", "INTERARMS"};
static const char *const PROOF_MARK_WORDS[] = {"PROOF MARK", "PROOF", "POINCON"};
static const char *const YEAR_WORDS[] = {"YEAR", "YEAR OF MANUFACTURE", "ANNEE"};
static const char *const LABEL_WORDS[] = {"S/N",
                                          "N/S",
                                          "SN",
                                          "NO",
                                          "SER",
                                          "SER NO",
                                          "SER NUM",
                                          "SERIAL",
                                          "SERIAL NO",
                                          "SERIAL NUM",
                                          "SERIAL NUMBER",
                                          "NUMBER",
                                          "NUMERO",
                                          "NUMERO DE SERIE",
                                          "NUM DE SERIE",
                                          "NO DE SERIE",
                                          "NO SERIE",
                                          "N DE SERIE",
                                          "DE SERIE",
                                          "SERIE"};
static const char *const FILLER_WORDS[] = {
    "LAB",         "LABO",      "BY LAB",     "BY THE LAB", "PAR LE LABORATOIRE",
    "PAR LE LABO", "DIGITS",    "CHARACTERS", "CHIFFRES",   "CARACTERES",
    "ONLY",        "SEULEMENT", "VISIBLE",    "LEGIBLE",    "LISIBLE",
    "READS",       "READ AS"};
static const char *const AND_WORDS[] = {"AND", "ET", "ALSO"};
static const char *const OR_WORDS[] = {"OR", "OU"};
#define GROUP(kind, taken_for, words)                                                              \
    {                                                                                              \
        {kind, taken_for}, words, G_N_ELEMENTS(words)                                              \
    }
static const struct {
    Phrase phrase;
    const char *const *words;
    guint n;
} GROUPS[] = {
    GROUP(WORD_NONE, NULL, NONE_WORDS),
    GROUP(WORD_OBLITERATED, NULL, OBLITERATED_WORDS),
    GROUP(WORD_ALTERED, NULL, ALTERED_WORDS),
    GROUP(WORD_UNKNOWN, NULL, UNKNOWN_WORDS),
    GROUP(WORD_RESTORED, NULL, RESTORED_WORDS),
    GROUP(WORD_PARTIAL, NULL, PARTIAL_WORDS),
    GROUP(WORD_OPEN_LEFT, NULL, OPEN_LEFT_WORDS),
    GROUP(WORD_OPEN_RIGHT, NULL, OPEN_RIGHT_WORDS),
    GROUP(WORD_FRAME, NULL, FRAME_WORDS),
    GROUP(WORD_PART, NULL, PART_WORDS),
    GROUP(WORD_OTHER, "model", MODEL_WORDS),
    GROUP(WORD_OTHER, "calibre", CALIBRE_WORDS),
    GROUP(WORD_OTHER, "patent", PATENT_WORDS),
    GROUP(WORD_OTHER, "stock-number", STOCK_NUMBER_WORDS),
    GROUP(WORD_OTHER, "evidence-tag", EVIDENCE_TAG_WORDS),
    GROUP(WORD_OTHER, "inventory", INVENTORY_WORDS),
    GROUP(WORD_OTHER, "import-mark", IMPORT_MARK_WORDS),
    GROUP(WORD_OTHER, "proof-mark", PROOF_MARK_WORDS),
    GROUP(WORD_OTHER, "year", YEAR_WORDS),
    GROUP(WORD_LABEL, NULL, LABEL_WORDS),
    GROUP(WORD_FILLER, NULL, FILLER_WORDS),
    GROUP(WORD_AND, NULL, AND_WORDS),
    GROUP(WORD_OR, NULL, OR_WORDS),
};

static const char *const COUNTS[] = {"ONE",   "TWO",  "THREE", "FOUR",   "FIVE", "SIX",  "SEVEN",
                                     "EIGHT", "DEUX", "TROIS", "QUATRE", "CINQ", "SEPT", "HUIT"};

/* Length of a count at a word start: one digit or a number word; 0 when there is none. */
static gsize count_length(const char *at)
{
    if (g_ascii_isdigit(at[0]) && !g_ascii_isalnum(at[1])) {
        return 1;
    }
    for (guint i = 0; i < G_N_ELEMENTS(COUNTS); i++) {
        gsize n = strlen(COUNTS[i]);
        if (strncmp(at, COUNTS[i], n) == 0 && !g_ascii_isalnum(at[n])) {
            return n;
        }
    }
    return 0;
}

static gsize gap_length(const char *at)
{
    return strspn(at, " .-'/_");
}

/* Length of the phrase at this place, 0 when it does not stand here. */
static gsize phrase_length(const char *at, const char *words)
{
    const char *p = at;
    for (const char *w = words; *w != '\0'; w++) {
        gsize n = 1;
        if (*w == '%') {
            n = count_length(p);
        } else if (*w == ' ') {
            n = gap_length(p);
        } else if (*w == '/') {
            n = (*p == '/' || *p == '.') ? (p[1] == ' ' ? 2 : 1) : 0;
        } else if (*w != *p) {
            n = 0;
        }
        if (n == 0) {
            return 0;
        }
        p += n;
    }
    return g_ascii_isalnum(*p) ? 0 : (gsize)(p - at);
}

/* "NO-1234", "SN-1234": a short word tied to a number is its prefix. */
static gboolean tied_to_number(const char *at, gsize n)
{
    return n <= 3 && (at[n] == '-' || at[n] == '?' || at[n] == '[') && at[n + 1] != '\0' &&
           at[n + 1] != ' ';
}

const Phrase *notation_phrase(const char *at, gsize *length)
{
    const Phrase *best = NULL;
    const char begin =
        count_length(at) > 0 ? '%' : at[0]; /* or a phrase that begins with a count */
    *length = 0;
    for (guint g = 0; g < G_N_ELEMENTS(GROUPS); g++) {
        for (guint i = 0; i < GROUPS[g].n; i++) {
            const char *words = GROUPS[g].words[i];
            if (words[0] != at[0] && words[0] != begin) {
                continue;
            }
            gsize n = phrase_length(at, words);
            if (n > *length && !tied_to_number(at, n)) {
                *length = n;
                best = &GROUPS[g].phrase;
            }
        }
    }
    return best;
}
