/*
 * Firearms and dealers. Units are numbered over all makers; 64 in a row are one model in one run
 * of serial numbers, 8 in a row one shipment to one dealer. Formats are those that makers
 * use, shares are assumed. A serial number is unique within a model, not across makes - as in the
 * world.
 */
#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

#define RUN        64
#define SHIPMENT   8
#define RING_UNITS (G_GUINT64_CONSTANT(1024))
#define DEALERS    4000

enum { KIND_UNIT = 31, KIND_SHIPMENT = 32, KIND_DEALER = 33 };

/* weights sum to 1000; format: @ is a letter, # a digit, counted up from the right */
static const Model MODELS[] = {
    {"GLOCK", "19", "9MM", "9MM", "PISTOL", "PISTOLET", "AUSTRIA", "GLOCK INC", "B@@@###",
     "GLOCK GMBH;GLOCK INC;GLOCK, INC.;GLOC;GLOK", 105, 1988},
    {"GLOCK", "17", "9 MM", "9MM", "PISTOL", "PISTOLET", "AUSTRIA", "GLOCK INC", "@@@###US",
     "GLOCK GES.M.B.H.;GLOCK INC", 60, 1986},
    {"GLOCK", "22", ".40", "40SW", "PISTOL", "PISTOLET", "AUSTRIA", "GLOCK INC", "K@@@###",
     "GLOCK INC;GLOK", 55, 1990},
    {"GLOCK", "43X", "9MM", "9MM", "PISTOL", "PISTOLET", "AUSTRIA", "GLOCK INC", "A@@@###",
     "GLOCK, INC.", 40, 2018},
    {"SMITH & WESSON", "M&P SHIELD", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "H@@####",
     "S&W;S & W;SMITH AND WESSON;SMITH WESSON", 35, 2012},
    {"SMITH & WESSON", "M&P9", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "N@@####",
     "S&W;S & W;SMITH AND WESSON;SMITH WESSON", 35, 2005},
    {"SMITH & WESSON", "SD40VE", ".40 S&W", "40SW", "PISTOL", "PISTOLET", "USA", "", "F@@####",
     "S&W;SW;SMITH AND WESSON", 40, 2012},
    {"SMITH & WESSON", "36", ".38 SPL", "38SPL", "REVOLVER", "REVOLVER", "USA", "", "J######",
     "S&W;SMITH&WESSON CORP", 9, 1980},
    {"STURM RUGER", "LCP", ".380", "380ACP", "PISTOL", "PISTOLET", "USA", "", "3##-#####",
     "RUGER;STURM, RUGER & CO INC;STURM-RUGER", 45, 2008},
    {"STURM RUGER", "P95", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "7##-#####",
     "RUGER;RUGER&CO", 25, 1996},
    {"STURM RUGER", "10/22", ".22", "22LR", "RIFLE", "CARABINE", "USA", "", "0##-#####",
     "RUGER;STURM-RUGER", 25, 1985},
    {"STURM RUGER", "AR-556", "5.56", "223/556", "RIFLE", "CARABINE", "USA", "", "85#-######",
     "RUGER", 15, 2014},
    {"TAURUS", "G2C", "9MM", "9MM", "PISTOL", "PISTOLET", "BRAZIL", "TAURUS INTERNATIONAL",
     "T@@#####", "FORJAS TAURUS;TAURUS ARMAS;TAURUS INTL", 60, 2013},
    {"TAURUS", "G3", "9MM", "9MM", "PISTOL", "PISTOLET", "BRAZIL", "TAURUS INTERNATIONAL",
     "A@@######", "TAURUS ARMAS;TAURUS USA;FT", 45, 2019},
    {"TAURUS", "85", ".38", "38SPL", "REVOLVER", "REVOLVER", "BRAZIL", "TAURUS INTERNATIONAL",
     "L@@#####", "FORJAS TAURUS", 15, 1985},
    {"SIG SAUER", "P320", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "58@######",
     "SIG;SIGARMS;SIG-SAUER", 35, 2014},
    {"SIG SAUER", "P365", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "66@######",
     "SIG;SIG ARMS INC", 30, 2018},
    {"HS PRODUKT", "XD-9", "9MM", "9MM", "PISTOL", "PISTOLET", "CROATIA", "SPRINGFIELD ARMORY",
     "@@######", "SPRINGFIELD ARMORY;SPRINGFIELD", 40, 2002},
    {"BERETTA", "92FS", "9MM", "9MM", "PISTOL", "PISTOLET", "ITALY", "BERETTA USA", "@#####Z",
     "PIETRO BERETTA;BERETTA USA", 20, 1985},
    {"COLT", "1911", ".45", "45ACP", "PISTOL", "PISTOLET", "USA", "", "7#@#####",
     "COLTS MFG;COLT'S PATENT FIREARMS", 12, 1985},
    {"HI-POINT", "C9", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "P1######",
     "HI POINT;HIPOINT;BEEMILLER INC;MKS SUPPLY", 10, 1993},
    {"HI-POINT", "JCP", ".40", "40SW", "PISTOL", "PISTOLET", "USA", "", "X7#######",
     "HI POINT;HASKELL", 25, 1998},
    {"SCCY", "CPX-2", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "C######", "SCCY INDUSTRIES",
     10, 2008},
    {"CANIK", "TP9", "9MM", "9MM", "PISTOL", "PISTOLET", "TURKEY", "CENTURY ARMS",
     "T6472-##@@#####", "CENTURY ARMS;CANIK55", 20, 2015},
    {"FN", "509", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "GKS#######",
     "FN HERSTAL;FNH USA;FN AMERICA", 15, 2017},
    {"KEL-TEC", "P11", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "A@####", "KELTEC", 2, 1996},
    {"JIMENEZ", "JA-9", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "######", "JIMENEZ ARMS", 9,
     2005},
    {"BRYCO", "38", ".380", "380ACP", "PISTOL", "PISTOLET", "USA", "", "#######",
     "BRYCO ARMS;JENNINGS", 9, 1985},
    {"CENTURY ARMS", "WASR-10", "7.62X39", "762X39", "RIFLE", "CARABINE", "ROMANIA", "CENTURY ARMS",
     "A1-#####-##RO", "CAI;CENTURY INTERNATIONAL ARMS", 15, 1999},
    {"ANDERSON MFG", "AM-15", "MULTI", "223/556", "RIFLE", "CARABINE", "USA", "", "2#######",
     "ANDERSON MANUFACTURING;ANDERSON", 25, 2013},
    {"PSA", "PA-15", "MULTI", "223/556", "RIFLE", "CARABINE", "USA", "", "SCD######",
     "PALMETTO STATE ARMORY", 10, 2013},
    {"MOSSBERG", "500", "12 GA", "12GA", "SHOTGUN", "FUSIL DE CHASSE", "USA", "", "V#######",
     "O.F. MOSSBERG", 35, 1985},
    {"REMINGTON", "870", "12GA", "12GA", "SHOTGUN", "FUSIL DE CHASSE", "USA", "", "@@######M",
     "REMINGTON ARMS", 34, 1985},
    {"WALTHER", "PPQ", "9MM", "9MM", "PISTOL", "PISTOLET", "GERMANY", "WALTHER ARMS", "F@@####",
     "CARL WALTHER", 10, 2011},
    {"PHOENIX", "HP22A", ".22", "22LR", "PISTOL", "PISTOLET", "USA", "", "4######", "PHOENIX ARMS",
     10, 1993},
    {"WINCHESTER", "94", ".30-30", "3030", "RIFLE", "CARABINE", "USA", "", "5#######",
     "WINCHESTER REPEATING ARMS", 10, 1985},
    {"H&K", "VP9", "9MM", "9MM", "PISTOL", "PISTOLET", "GERMANY", "HK INC", "224-######",
     "HECKLER & KOCH;HK", 5, 2014},
};

static const Model GHOST_MODELS[] = {
    {"POLYMER80", "PF940C", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "", "POLYMER 80 INC;P80",
     3, 2017},
    {"PMF", "UNKNOWN", "9MM", "9MM", "PISTOL", "PISTOLET", "USA", "", "",
     "PRIVATELY MADE FIREARM;HOMEMADE;UNKNOWN", 5, 2017},
    {"PMF", "80% LOWER", "5.56", "223/556", "RIFLE", "CARABINE", "USA", "", "", "UNKNOWN;NONE", 2,
     2017},
};

static const Model UNNUMBERED[] = {
    {"COOEY", "60", ".22", "22LR", "RIFLE", "CARABINE", "CANADA", "", "", "H.W. COOEY", 1, 1939},
    {"STEVENS", "FAVORITE", ".22", "22LR", "RIFLE", "CARABINE", "USA", "", "", "J. STEVENS", 1,
     1915},
    {"J.C. HIGGINS", "20", "12 GA", "12GA", "SHOTGUN", "FUSIL DE CHASSE", "USA", "", "",
     "JC HIGGINS", 1, 1950},
};

static guint64 spread(guint64 i, guint64 n, guint64 units)
{
    guint64 step = units / MAX(n, 1);
    return step < 2 ? i : i * step + (i * G_GUINT64_CONSTANT(2654435761)) % step;
}

guint64 gun_unit_old(guint64 i, guint64 n)
{
    return spread(i, n, OLD_UNITS);
}

guint64 gun_unit_recent(guint64 i, guint64 n)
{
    return OLD_UNITS + spread(i, n, RECENT_UNITS);
}

guint64 gun_unit_ring(guint ring, guint n)
{
    return OLD_UNITS + RECENT_UNITS + ring * RING_UNITS + n;
}

/* The model of a run of units, and how many runs of that model came before. */
static const Model *model_of(guint64 seed, guint64 unit, guint64 *runs_before)
{
    guint64 run = unit / RUN;
    guint slot = (guint)shuffle(seed, 1000, run % 1000), start = 0;
    for (guint i = 0; i < G_N_ELEMENTS(MODELS); i++) {
        guint weight = (guint)MODELS[i].weight;
        if (slot < start + weight) {
            *runs_before = run / 1000 * weight + (slot - start);
            return &MODELS[i];
        }
        start += weight;
    }
    *runs_before = run / 1000;
    return &MODELS[0];
}

static void serial_format(const char *format, guint64 number, char *out, gsize size)
{
    static const char letters[] = "ABCDEFGHKLMNPRSTUVWXYZ";
    g_strlcpy(out, format, size);
    for (gsize i = strlen(out); i > 0; i--) {
        if (out[i - 1] == '#') {
            out[i - 1] = (char)('0' + number % 10);
            number /= 10;
        } else if (out[i - 1] == '@') {
            out[i - 1] = letters[number % 22];
            number /= 22;
        }
    }
}

static Day shipped_on(guint64 seed, guint64 unit)
{
    Rng rng = rng_for(seed, KIND_SHIPMENT, unit / SHIPMENT);
    Day old = date_from_ymd(1986, 1, 1), recent = date_from_ymd(2014, 1, 1);
    Day end = date_from_ymd(2023, 7, 1);
    if (unit >= OLD_UNITS + RECENT_UNITS) {
        Rng ring =
            rng_for(seed, KIND_SHIPMENT + 50, (unit - OLD_UNITS - RECENT_UNITS) / RING_UNITS);
        return date_from_ymd(2018, 1, 1) + (Day)rng_below(&ring, 1500);
    }
    if (unit >= OLD_UNITS)
        return recent + (Day)((double)(unit - OLD_UNITS) / RECENT_UNITS * (end - recent)) +
               (Day)rng_below(&rng, 60);
    return old + (Day)((double)unit / OLD_UNITS * (recent - old)) + (Day)rng_below(&rng, 90);
}

Gun gun_of(guint64 seed, guint64 unit)
{
    guint64 runs = 0;
    Gun gun = {.unit = unit, .shipped = shipped_on(seed, unit)};
    gun.model = model_of(seed, unit, &runs);
    serial_format(gun.model->format, runs * RUN + unit % RUN, gun.serial, sizeof gun.serial);
    Rng rng = rng_for(seed, KIND_SHIPMENT + 60, unit / SHIPMENT);
    double u = rng_unit(&rng);
    gun.dealer = (guint)(u * u * DEALERS);
    return gun;
}

Gun gun_ghost(guint64 seed, guint64 unit)
{
    Gun gun = gun_of(seed, unit);
    Rng rng = rng_for(seed, KIND_UNIT, unit);
    guint weights[G_N_ELEMENTS(GHOST_MODELS)];
    for (guint i = 0; i < G_N_ELEMENTS(weights); i++)
        weights[i] = (guint)GHOST_MODELS[i].weight;
    gun.ghost = TRUE;
    gun.model = &GHOST_MODELS[rng_weighted(&rng, weights, G_N_ELEMENTS(weights))];
    gun.serial[0] = '\0';
    return gun;
}

gboolean gun_is_kit(const Gun *gun)
{
    return strcmp(gun->model->make, "POLYMER80") == 0 || strncmp(gun->model->model, "80%", 3) == 0;
}

Gun gun_unnumbered(guint64 seed, guint64 unit)
{
    Gun gun = gun_of(seed, unit);
    gun.model = &UNNUMBERED[unit % G_N_ELEMENTS(UNNUMBERED)];
    gun.serial[0] = '\0';
    return gun;
}

guint dealer_in_city(guint city, Rng *rng)
{
    return (guint)rng_below(rng, DEALERS / US_CITY_COUNT - 1) * US_CITY_COUNT + city;
}

Dealer dealer_of(guint64 seed, guint id)
{
    static const char *const first[] = {"BUCKEYE", "LONE PINE", "RIVERSIDE", "PATRIOT", "HOMETOWN",
                                        "BIG SKY", "LAKESHORE", "VALLEY",    "EAGLE",   "TRI-CITY"};
    static const char *const second[] = {"GUNS & AMMO",  "SPORTING GOODS", "PAWN",
                                         "FIREARMS LLC", "OUTFITTERS",     "ARMORY"};
    static const char months[] = "ABCDEFGHJKLM";
    Rng rng = rng_for(seed, KIND_DEALER, id);
    Dealer dealer = {.id = id, .city = id % US_CITY_COUNT};
    guint region = rng_chance(&rng, 0.5) ? 2 : 7, district = (guint)rng_between(&rng, 10, 98);
    guint kind = (guint)rng_below(&rng, G_N_ELEMENTS(second));
    g_snprintf(dealer.name, sizeof dealer.name, "%s %s %u",
               first[rng_below(&rng, G_N_ELEMENTS(first))], second[kind], id);
    g_strlcpy(dealer.type, kind == 2 ? "02" : "01", sizeof dealer.type);
    g_snprintf(dealer.rds, sizeof dealer.rds, "%u%02u%05u", region, district, id);
    g_snprintf(dealer.number, sizeof dealer.number, "%u-%02u-%03d-%s-%d%c-%05u", region, district,
               US_CITIES[dealer.city].county, dealer.type, rng_between(&rng, 4, 6),
               months[rng_below(&rng, 12)], id);
    return dealer;
}

const char *make_variant(const Model *model, Rng *rng, double errors, GString *buffer)
{
    g_string_assign(buffer, model->make);
    if (!rng_chance(rng, MIN(MAKE_VARIES_MOST, MAKE_VARIES * errors)))
        return buffer->str;
    return make_written(model, (guint)rng_below(rng, make_variants(model)), buffer);
}

guint make_variants(const Model *model)
{
    guint n = 1;
    for (const char *c = model->variants; *c != '\0'; c++)
        n += *c == ';';
    return n;
}

const char *make_written(const Model *model, guint pick, GString *buffer)
{
    const char *start = model->variants;
    while (pick-- > 0)
        start = strchr(start, ';') + 1;
    const char *end = strchr(start, ';');
    g_string_assign(buffer, "");
    g_string_append_len(buffer, start, end != NULL ? end - start : (gssize)strlen(start));
    return buffer->str;
}

const char *calibre_written(const Model *model, guint pick, gboolean french)
{
    static const struct {
        const char *code, *en[3], *fr[3];
    } table[] = {
        {"9MM", {"9MM", "9 MM", "9X19"}, {"9 mm", "9MM", "9 PARA"}},
        {"40SW", {".40", "40 S&W", "40CAL"}, {".40", "cal. 40", "40 S&W"}},
        {"380ACP", {".380", "380 AUTO", ".380 ACP"}, {".380", "9 COURT", "380"}},
        {"45ACP", {".45", "45 AUTO", "45ACP"}, {".45", "45 AUTO", "cal. 45"}},
        {"22LR", {".22", "22LR", "22 CAL"}, {".22", "22 L.R.", "cal. 22"}},
        {"223/556", {"5.56", ".223", "223 REM"}, {"5,56 mm", ".223", "5,56X45"}},
        {"762X39", {"7.62X39", "7.62", "762"}, {"7,62X39", "7,62", "7.62X39"}},
        {"12GA", {"12 GA", "12", "12 GAUGE"}, {"CAL 12", "CALIBRE 12", "12"}},
        {"38SPL", {".38", "38 SPECIAL", "38SPL"}, {".38", "38 SPECIAL", "cal. 38"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i].code, model->calibre_code) == 0)
            return french ? table[i].fr[pick] : table[i].en[pick];
    return model->calibre;
}

const char *calibre_variant(const Model *model, Rng *rng, gboolean french)
{
    return calibre_written(model, (guint)rng_below(rng, CALIBRE_VARIANTS), french);
}

const Model *gun_model(guint i, double *share)
{
    if (i < G_N_ELEMENTS(MODELS)) {
        *share = (1 - GHOST_SHARE - UNNUMBERED_SHARE) * MODELS[i].weight / 1000;
        return &MODELS[i];
    }
    i -= G_N_ELEMENTS(MODELS);
    if (i < G_N_ELEMENTS(GHOST_MODELS)) {
        *share = GHOST_SHARE * GHOST_MODELS[i].weight / 10;
        return &GHOST_MODELS[i];
    }
    i -= G_N_ELEMENTS(GHOST_MODELS);
    guint unnumbered = G_N_ELEMENTS(UNNUMBERED);
    *share = UNNUMBERED_SHARE / unnumbered;
    return i < unnumbered ? &UNNUMBERED[i] : NULL;
}
