/*
 * Writes the two seizure files: English (UTF-8, comma, ISO dates) and French (Windows-1252,
 * semicolon, DD/MM/YYYY, French headers and codes), and the truth about links and markers.
 */
#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

enum { KIND_SEIZURE = 91, KIND_SEIZURE_ITEM = 92 };

#define COLUMNS_EN                                                                                 \
    "seizure_no item_no seizure_date office_code office_name mode declared commodity "             \
    "firearm_type make model calibre serial_number serial_condition frt_no firearm_class "         \
    "traveller_surname traveller_given traveller_dob traveller_address traveller_city "            \
    "traveller_region traveller_postal traveller_country traveller_doc_no vehicle_plate "          \
    "vehicle_region shipper_name shipper_address consignee_name consignee_address tracking_no "    \
    "co_seized legal_authority police_service occurrence_no trace_requested trace_ref "            \
    "traveller_phone traveller_doc_type traveller_doc_issuer handling releasable_to narrative"
#define COLUMNS_FR                                                                                 \
    "no_saisie no_article date_saisie code_bureau bureau mode declare marchandise type_arme "      \
    "marque modele calibre no_serie etat_no_serie no_traf categorie voyageur_nom "                 \
    "voyageur_prenom voyageur_ddn voyageur_adresse voyageur_ville voyageur_province "              \
    "voyageur_code_postal voyageur_pays voyageur_no_document plaque plaque_province expediteur "   \
    "expediteur_adresse destinataire destinataire_adresse no_suivi autres_saisies "                \
    "autorite_legale service_police no_evenement retracage_demande no_retracage "                  \
    "voyageur_telephone voyageur_type_document voyageur_emetteur_document protection "             \
    "communicable_a description"

typedef struct {
    World *world;
    Out *out;
    const Group *group;
    const Office *office;
    guint64 item;
    Case c;
    gboolean french, parcel, firearm;
    Rng rng; /* of the item */
    double errors;
    char ref[64];
    Recorded traveller, consignee;
    char shipper[64], tracking[24];
    Written serial;
    GString *text;
} Row;

void seizure_number(const World *world, const Group *group, char *out, gsize size)
{
    int year = 0, month = 0, dom = 0;
    const Office *office = group_office(world, group);
    guint place = (guint)(office->code[1] * 1000 + office->code[2] * 100 + office->code[3]) % 9000;
    date_to_ymd(group_day(world, group), &year, &month, &dom);
    g_snprintf(out, size, "%04u-%02d-%04" G_GUINT64_FORMAT, 1000 + place, year % 100,
               group->number + 1);
}

void item_ref(const World *world, guint64 item, char *out, gsize size)
{
    const Group *group = &g_array_index(world->groups, Group, world->group_of[item]);
    char number[32];
    seizure_number(world, group, number, sizeof number);
    g_snprintf(out, size, "cbsa-seizure:%s/%" G_GUINT64_FORMAT, number, item - group->first + 1);
}

static const char *in_language(const Row *r, const char *en, const char *fr)
{
    return r->french ? fr : en;
}

static const char *mode_name(const Row *r)
{
    switch (r->office->kind) {
    case 'A':
        return in_language(r, "AIR", "AÉRIEN");
    case 'P':
        return "POSTAL";
    case 'C':
        return in_language(r, "COURIER", "MESSAGERIE");
    case 'R':
        return in_language(r, "RAIL", "FERROVIAIRE");
    case 'M':
        return in_language(r, "MARINE", "MARITIME");
    default:
        return in_language(r, "HIGHWAY", "ROUTIER");
    }
}

static void cell_head(Row *r)
{
    static const char *const declared[][2] = {{"UNDECLARED", "NON DÉCLARÉ"},
                                              {"DECLARED", "DÉCLARÉ"},
                                              {"MISDECLARED", "FAUSSE DÉCLARATION"},
                                              {"ABANDONED", "ABANDONNÉ"}};
    static const guint weights[] = {85, 8, 5, 2};
    char number[32];
    guint pick = rng_weighted(&r->rng, weights, 4);
    seizure_number(r->world, r->group, number, sizeof number);
    out_cell(r->out, number);
    out_number(r->out, r->item - r->group->first + 1);
    out_date(r->out, group_day(r->world, r->group), r->french ? 'D' : 'I');
    gboolean bare = rng_chance(&r->rng, 0.02 * r->errors);
    out_cell(r->out, r->office->code + (bare && r->office->code[0] == '0' ? 1 : 0));
    out_cell(r->out, in_language(r, r->office->name, r->office->name_fr));
    out_cell(r->out, mode_name(r));
    out_cell(r->out, declared[pick][r->french]);
}

/* A part, a device or ammunition: no firearm, no serial number. */
static void cell_part(Row *r)
{
    static const char *const parts[][2] = {
        {"MAGAZINE", "CHARGEUR"},    {"PARTS", "PIÈCES"},
        {"SLIDE", "GLISSIÈRE"},      {"BARREL", "CANON"},
        {"AMMUNITION", "MUNITIONS"}, {"PROHIBITED_DEVICE", "DISPOSITIF PROHIBÉ"},
        {"REPLICA", "RÉPLIQUE"}};
    out_cell(r->out, parts[rng_below(&r->rng, G_N_ELEMENTS(parts))][r->french]);
    for (guint i = 0; i < 8; i++)
        out_cell(r->out, NULL);
}

static const char *condition_name(const Row *r)
{
    static const char *const table[][2] = {{"PARTIAL", "PARTIEL"},
                                           {"OBLITERATED", "OBLITÉRÉ"},
                                           {"RESTORED", "RESTAURÉ"},
                                           {"NONE", "AUCUN"},
                                           {"UNKNOWN", "INCONNU"}};
    if (r->serial.condition[0] == '\0')
        return r->item % 3 == 0 ? "INTACT" : NULL;
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i][0], r->serial.condition) == 0)
            return table[i][r->french];
    return NULL;
}

static void cell_firearm(Row *r)
{
    const Model *model = r->c.gun.model;
    gboolean handgun = strcmp(model->type, "PISTOL") == 0 || strcmp(model->type, "REVOLVER") == 0;
    out_cell(r->out, in_language(r, "FIREARM", "ARME À FEU"));
    out_cell(r->out, in_language(r, model->type, model->type_fr));
    out_cell(r->out, make_variant(model, &r->rng, r->errors, r->text));
    out_cell(r->out,
             !r->c.gun.ghost && rng_chance(&r->rng, MODEL_BLANK * r->errors) ? NULL : model->model);
    out_cell(r->out, calibre_variant(model, &r->rng, r->french));
    out_cell(r->out, r->serial.text);
    out_cell(r->out, condition_name(r));
    out_cell(r->out, NULL);
    out_cell(r->out, handgun ? in_language(r, "RESTRICTED", "À AUTORISATION RESTREINTE")
                             : in_language(r, "NON-RESTRICTED", "SANS RESTRICTION"));
}

static void cell_people(Row *r)
{
    const Recorded *t = &r->traveller, *k = &r->consignee;
    char name[128], address[160];
    const char *const cells[] = {t->last,  t->first,  t->dob,     t->street, t->city,
                                 t->state, t->postal, t->country, t->id_no};
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        out_cell(r->out, cells[i]);
    gboolean vehicle = r->office->kind == 'H' && t->id != 0;
    out_cell(r->out, vehicle ? t->plate : NULL);
    out_cell(r->out, vehicle ? t->state : NULL);
    out_cell(r->out, r->parcel ? r->shipper : NULL);
    out_cell(r->out, r->parcel ? "1 SYNTHETIC WAY, CLEVELAND OH" : NULL);
    g_snprintf(name, sizeof name, "%s, %s", k->last, k->first);
    g_snprintf(address, sizeof address, "%s, %s %s %s", k->street, k->city, k->state, k->postal);
    out_cell(r->out, k->id != 0 ? name : NULL);
    out_cell(r->out, k->id != 0 ? address : NULL);
    out_cell(r->out, r->parcel ? r->tracking : NULL);
}

static void cell_paper(Row *r)
{
    char text[64] = "";
    gboolean traced = r->c.trace != G_MAXUINT64 && r->firearm;
    if ((r->c.say & SAY_NARCOTICS) != 0)
        out_cell(r->out, in_language(r, "COCAINE 500 G", "COCAÏNE 500 G"));
    else
        out_cell(r->out, rng_chance(&r->rng, 0.04) ? "CANNABIS 12 G" : NULL);
    out_cell(r->out, in_language(r, "CUSTOMS ACT S.110", "LOI SUR LES DOUANES ART. 110"));
    out_cell(r->out, traced ? in_language(r, "RCMP", "GRC") : NULL);
    if (traced)
        g_snprintf(text, sizeof text, "GO%d-%06d", 2017 + (int)(r->item % 8),
                   rng_between(&r->rng, 0, 999999));
    out_cell(r->out, text);
    out_cell(r->out, traced ? in_language(r, "Y", "O") : "N");
    if (traced && rng_chance(&r->rng, TRACE_NAMED))
        trace_number(r->world, r->c.trace, trace_requested(&r->c), text);
    else
        text[0] = '\0';
    out_cell(r->out, text);
    out_cell(r->out, r->traveller.phone);
    out_cell(r->out, r->traveller.id_type);
    out_cell(r->out, r->traveller.id_state);
    out_cell(r->out, in_language(r, "PROTECTED B", "PROTÉGÉ B"));
    out_cell(r->out, "CAN");
}

static void cell_story(Row *r)
{
    guint said = r->c.say & SAY_NARCOTICS;
    if (r->firearm &&
        (r->serial.condition[0] == 'O' || strcmp(r->serial.condition, "RESTORED") == 0))
        said |= SAY_OBLITERATED;
    if (r->firearm && strcmp(r->serial.condition, "NONE") == 0)
        said |= SAY_NO_SERIAL;
    if (r->firearm && gun_is_kit(&r->c.gun))
        said |= SAY_PMF | SAY_KIT;
    said |= story_write(r->text, &r->rng, r->firearm ? r->c.say : said, r->french, 0.15);
    if (r->firearm && r->c.gun.ghost)
        said |= r->c.say;
    out_cell(r->out, r->text->str);
    truth_markers(r->world, r->ref, said);
}

static void link_truth(Row *r)
{
    char trace[64];
    if (!r->firearm || r->c.trace == G_MAXUINT64)
        return;
    trace_ref(r->world, &r->c, r->c.trace, trace, sizeof trace);
    out_cell(&r->world->links, r->ref);
    out_cell(&r->world->links, trace);
    out_cell(&r->world->links, r->serial.damage);
    out_end(&r->world->links);
}

/* What the rows of a seizure share is drawn from the seizure's own numbers. */
static void people_fill(Row *r)
{
    Rng rng = rng_for(r->world->options.seed, KIND_SEIZURE, r->group->number);
    Day day = group_day(r->world, r->group);
    guint64 who = group_traveller(r->world, r->group);
    char order = r->french ? 'D' : 'I';
    if (!r->parcel) {
        Person person = person_of(r->world->options.seed, who, day);
        r->traveller = person_record(&person, &rng, r->errors, order);
        truth_person(r->world, r->ref, "traveller", who);
        return;
    }
    guint64 to = who;
    if ((who & 1) == 0) /* an American: the parcel goes to somebody north of the border */
        to = person_in_city(TRUE, (guint)(who % CA_CITY_COUNT), who % 5000);
    Person person = person_of(r->world->options.seed, to, day);
    r->consignee = person_record(&person, &rng, r->errors, order);
    truth_person(r->world, r->ref, "consignee", to);
    guint64 shop = rng_below(&rng, 900);
    g_snprintf(r->shipper, sizeof r->shipper, "PARTS SUPPLY %u LLC", (guint)shop);
    g_snprintf(r->tracking, sizeof r->tracking, "LZ%09uUS", (guint)rng_below(&rng, 999999999));
}

static void row_write(Row *r)
{
    r->errors = r->world->options.errors;
    r->parcel = r->office->kind == 'P' || r->office->kind == 'C';
    r->firearm = item_is_firearm(r->world, r->item);
    item_ref(r->world, r->item, r->ref, sizeof r->ref);
    people_fill(r);
    r->serial = (r->c.say & SAY_OBLITERATED) != 0
                    ? serial_obliterated(&r->c.gun, &r->rng, r->french)
                    : serial_write(&r->c.gun, &r->rng, r->errors, r->french);
    cell_head(r);
    if (r->firearm)
        cell_firearm(r);
    else
        cell_part(r);
    cell_people(r);
    cell_paper(r);
    cell_story(r);
    out_end(r->out);
    link_truth(r);
}

static void group_write(World *world, const Group *group, Out *en, Out *fr, GString *text)
{
    guint narcotics = 0;
    const Office *office = group_office(world, group);
    for (guint64 i = group->first; i < group->first + group->count; i++)
        narcotics |= case_of_item(world, i).say & SAY_NARCOTICS;
    for (guint64 i = group->first; i < group->first + group->count; i++) {
        Row row = {.world = world, .group = group, .office = office, .item = i, .text = text};
        row.french = office->french;
        row.out = row.french ? fr : en;
        row.rng = rng_for(world->options.seed, KIND_SEIZURE_ITEM, i);
        row.c = case_of_item(world, i);
        row.c.say |= narcotics; /* seized together: it stands on every item */
        row_write(&row);
    }
}

gboolean seizures_write(World *world)
{
    Out en, fr;
    g_autoptr(GString) text = g_string_new(NULL);
    guint n = world->groups->len;
    if (!out_open(&en, world->options.out, "seizures-en.csv", ',', FALSE) ||
        !out_open(&fr, world->options.out, "seizures-fr.csv", ';', TRUE))
        return FALSE;
    out_words(&en, COLUMNS_EN);
    out_words(&fr, COLUMNS_FR);
    for (guint i = 0; i < n; i++) {
        guint at = (guint)shuffle(world->options.seed, n, i);
        group_write(world, &g_array_index(world->groups, Group, at), &en, &fr, text);
    }
    gboolean good = out_close(&en);
    return out_close(&fr) && good;
}
