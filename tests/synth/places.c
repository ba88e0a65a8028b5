/*
 * Where things happen: US cities (zip and county by prefix only), Canadian cities, the offices of
 * the border. Canadian postal codes use letters that are never issued, so nobody lives there.
 */
#include "tests/synth/synth.h"

/* weight: share as a source of firearms recovered in Canada, assumed */
const City US_CITIES[] = {
    {"CLEVELAND", "OH", "441", 35, 7},    {"COLUMBUS", "OH", "432", 49, 6},
    {"TOLEDO", "OH", "436", 95, 4},       {"HOUSTON", "TX", "770", 201, 6},
    {"DALLAS", "TX", "752", 113, 5},      {"SAN ANTONIO", "TX", "782", 29, 4},
    {"MIAMI", "FL", "331", 86, 6},        {"ORLANDO", "FL", "328", 95, 5},
    {"TAMPA", "FL", "336", 57, 3},        {"ATLANTA", "GA", "303", 121, 7},
    {"MACON", "GA", "312", 21, 3},        {"SAVANNAH", "GA", "314", 51, 2},
    {"DETROIT", "MI", "482", 163, 5},     {"FLINT", "MI", "485", 49, 2},
    {"GRAND RAPIDS", "MI", "495", 81, 1}, {"OKLAHOMA CITY", "OK", "731", 109, 3},
    {"SEATTLE", "WA", "981", 33, 2},      {"SPOKANE", "WA", "992", 63, 1},
    {"PHOENIX", "AZ", "850", 13, 3},      {"PITTSBURGH", "PA", "152", 3, 2},
    {"ERIE", "PA", "165", 49, 1},         {"BUFFALO", "NY", "142", 29, 1},
    {"SYRACUSE", "NY", "132", 67, 1},     {"BANGOR", "ME", "044", 19, 1},
    {"PORTLAND", "ME", "041", 5, 1},      {"FARGO", "ND", "581", 17, 1},
    {"NASHVILLE", "TN", "372", 37, 2},    {"MEMPHIS", "TN", "381", 157, 2},
    {"INDIANAPOLIS", "IN", "462", 97, 2}, {"RICHMOND", "VA", "232", 760, 2},
    {"CHARLOTTE", "NC", "282", 119, 2},   {"BIRMINGHAM", "AL", "352", 73, 1},
    {"JACKSON", "MS", "392", 49, 1},      {"LOUISVILLE", "KY", "402", 111, 1},
    {"DENVER", "CO", "802", 31, 1},       {"LAS VEGAS", "NV", "891", 3, 1},
    {"MINNEAPOLIS", "MN", "554", 53, 1},  {"BURLINGTON", "VT", "054", 7, 1},
    {"CHARLESTON", "SC", "294", 19, 1},   {"SPRINGFIELD", "MO", "658", 77, 1},
};
const guint US_CITY_COUNT = G_N_ELEMENTS(US_CITIES);

const City CA_CITIES[] = {
    {"TORONTO", "ON", "Z5K", 0, 30},   {"MISSISSAUGA", "ON", "Z5B", 0, 8},
    {"HAMILTON", "ON", "Z8L", 0, 6},   {"OTTAWA", "ON", "Z1P", 0, 7},
    {"LONDON", "ON", "Z6A", 0, 4},     {"WINDSOR", "ON", "Z9A", 0, 4},
    {"MONTRÉAL", "QC", "W2X", 0, 15},  {"LAVAL", "QC", "W7N", 0, 4},
    {"QUÉBEC", "QC", "W1R", 0, 3},     {"GATINEAU", "QC", "W8P", 0, 2},
    {"VANCOUVER", "BC", "W6B", 0, 6},  {"SURREY", "BC", "W3T", 0, 5},
    {"CALGARY", "AB", "W2P", 0, 5},    {"EDMONTON", "AB", "W5J", 0, 4},
    {"WINNIPEG", "MB", "Z3C", 0, 4},   {"REGINA", "SK", "Z4P", 0, 1},
    {"HALIFAX", "NS", "Z3J", 0, 2},    {"MONCTON", "NB", "Z1C", 0, 2},
    {"SAINT JOHN", "NB", "Z2L", 0, 1},
};
const guint CA_CITY_COUNT = G_N_ELEMENTS(CA_CITIES);

const Office OFFICES[] = {
    {"0453", "Windsor - Ambassador Bridge", "Windsor - pont Ambassador", "ON", "WINDSOR", 'H', 12,
     FALSE},
    {"0452", "Windsor-Detroit Tunnel", "Tunnel Windsor-Detroit", "ON", "WINDSOR", 'H', 6, FALSE},
    {"0410", "Fort Erie (Peace Bridge)", "Fort Erie (pont Peace)", "ON", "FORT ERIE", 'H', 10,
     FALSE},
    {"0427", "Queenston-Lewiston Bridge", "Pont Queenston-Lewiston", "ON", "NIAGARA FALLS", 'H', 6,
     FALSE},
    {"0440", "Sarnia (Blue Water Bridge)", "Sarnia (pont Blue Water)", "ON", "SARNIA", 'H', 6,
     FALSE},
    {"0456", "Lansdowne", "Lansdowne (pont des Mille-Îles)", "ON", "LANSDOWNE", 'H', 4, FALSE},
    {"0409", "Cornwall", "Cornwall", "ON", "CORNWALL", 'H', 3, FALSE},
    {"0478", "Fort Frances", "Fort Frances", "ON", "FORT FRANCES", 'H', 2, FALSE},
    {"0351", "St-Bernard-de-Lacolle", "Saint-Bernard-de-Lacolle", "QC", "LACOLLE", 'H', 9, TRUE},
    {"0328", "St-Armand/Philipsburg", "Saint-Armand/Philipsburg", "QC", "SAINT-ARMAND", 'H', 4,
     TRUE},
    {"0314", "Stanstead", "Stanstead", "QC", "STANSTEAD", 'H', 4, TRUE},
    {"0329", "Armstrong", "Armstrong (Saint-Théophile)", "QC", "SAINT-THÉOPHILE", 'H', 2, TRUE},
    {"0213", "Edmundston", "Edmundston", "NB", "EDMUNDSTON", 'H', 2, TRUE},
    {"0212", "Woodstock Road", "Chemin Woodstock", "NB", "WOODSTOCK", 'H', 3, FALSE},
    {"0211", "St. Stephen", "St. Stephen", "NB", "ST. STEPHEN", 'H', 2, FALSE},
    {"0502", "Emerson", "Emerson", "MB", "EMERSON", 'H', 5, FALSE},
    {"0602", "North Portal", "North Portal", "SK", "NORTH PORTAL", 'H', 4, FALSE},
    {"0705", "Coutts", "Coutts", "AB", "COUTTS", 'H', 7, FALSE},
    {"0813", "Pacific Highway", "Autoroute du Pacifique", "BC", "SURREY", 'H', 9, FALSE},
    {"0840", "Douglas (Peace Arch)", "Douglas (Peace Arch)", "BC", "SURREY", 'H', 5, FALSE},
    {"0817", "Huntingdon", "Huntingdon", "BC", "ABBOTSFORD", 'H', 4, FALSE},
    {"0892", "Beaver Creek", "Beaver Creek", "YT", "BEAVER CREEK", 'H', 3, FALSE},
    {"0497", "Toronto Pearson", "Toronto Pearson", "ON", "MISSISSAUGA", 'A', 4, FALSE},
    {"0396", "Montréal-Trudeau", "Montréal-Trudeau", "QC", "DORVAL", 'A', 3, TRUE},
    {"0821", "Vancouver International Airport", "Aéroport international de Vancouver", "BC",
     "RICHMOND", 'A', 3, FALSE},
    {"0491", "International Mail Processing Centre", "Centre de traitement du courrier", "ON",
     "MISSISSAUGA", 'P', 8, FALSE},
    {"0803", "Vancouver Mail Centre", "Centre postal de Vancouver", "BC", "RICHMOND", 'P', 6,
     FALSE},
    {"0395", "Montréal", "Montréal", "QC", "MONTRÉAL", 'P', 5, TRUE},
    {"0399", "Mirabel", "Mirabel", "QC", "MIRABEL", 'C', 3, TRUE},
    {"0495", "Toronto Courier", "Messagerie de Toronto", "ON", "MISSISSAUGA", 'C', 4, FALSE},
    {"0009", "Halifax", "Halifax", "NS", "HALIFAX", 'M', 2, FALSE},
    {"0809", "Vancouver Marine", "Vancouver maritime", "BC", "VANCOUVER", 'M', 1, FALSE},
    {"0806", "Vancouver Rail", "Vancouver ferroviaire", "BC", "VANCOUVER", 'R', 1, FALSE},
};
const guint OFFICE_COUNT = G_N_ELEMENTS(OFFICES);

static guint city_weighted(Rng *rng, const City *cities, guint n)
{
    guint weights[64];
    for (guint i = 0; i < n; i++)
        weights[i] = (guint)cities[i].weight;
    return rng_weighted(rng, weights, n);
}

guint us_city_source(Rng *rng)
{
    return city_weighted(rng, US_CITIES, US_CITY_COUNT);
}

guint ca_city_of_weight(Rng *rng)
{
    return city_weighted(rng, CA_CITIES, CA_CITY_COUNT);
}
