/* The rows of a report as tables of cells: see shape.h. New cells are only appended. */
#include "engine/report/shape.h"

#include <string.h>

#include "engine/render/json.h"

/* Probabilities, bits and coordinates; two digits would make 0.997 a certainty. */
#define DIGITS 4

#define SHAPE(name) const Shape shape_##name = {name##_cells, G_N_ELEMENTS(name##_cells)}
#define CELL(type, row, member, help)                                                              \
    {                                                                                              \
#member, help, CELL_##type, G_STRUCT_OFFSET(row, member), FALSE                            \
    }
#define LEAD(type, member, help) CELL(type, Lead, member, help)
#define VIEW(type, member, help)                                                                   \
    {                                                                                              \
#member, help, CELL_##type, G_STRUCT_OFFSET(LeadView, member), TRUE                        \
    }

/* The order is a contract: scripts depend on the columns of leads.csv. */
static const Cell lead_cells[] = {
    LEAD(OWN, lead_id, "stable id of the lead"),
    LEAD(OWN, status, "new, open, assigned, referred, confirmed, dismissed or closed"),
    LEAD(PROBABILITY, score, "probability that this is a trafficking pattern, 0 to 1"),
    LEAD(INT, priority, "1 (first) to 5"),
    LEAD(LIST, kinds, "trafficking, ghost-gun, dealer, corridor"),
    LEAD(TEXT, title, "what the lead is, in one line"),
    LEAD(OWN, first_date, "first dated event"),
    LEAD(OWN, last_date, "last dated event"),
    LEAD(COUNT, firearms, "number of firearms"),
    LEAD(COUNT, seizures, "number of seizures"),
    LEAD(COUNT, traces, "number of traces"),
    LEAD(COUNT, purchasers, "number of purchasers"),
    LEAD(COUNT, dealers, "number of dealers"),
    LEAD(LIST, ports, "ports of entry where something was seized"),
    LEAD(DAYS, ttc_min_days, "shortest time from retail purchase to recovery; a theft is none"),
    LEAD(LIST, markers, "codes of what texts and fields say: PMF, OBLITERATED ..."),
    LEAD(TEXT, summary, "two sentences: what was bought or made, what was found in Canada"),
    LEAD(TEXT, next_step, "what an analyst may do next"),
    LEAD(TEXT, handling, "most restrictive markings of its records, separated by '; '"),
    VIEW(OWN, released_to, "whose use the report is for"),
    VIEW(FLAG, withheld, "was evidence left out for this audience"),
    LEAD(LIST, records, "references of its observations"),
    VIEW(OWN, run, "hash of data, rules, parameter set and as-of"),
    LEAD(LIST, rules, "indicators that hit, as id@rev"),
    LEAD(REAL, bits, "log2 odds: prior and evidence, capped"),
    LEAD(TEXT, counter, "what speaks against it"),
    LEAD(OWN, evidence_hash, "changes when the evidence does"),
    VIEW(OWN, releasable_to, "countries that every one of its records may go to"),
    VIEW(TEXT, authority, "references that it goes out under"),
};
SHAPE(lead);

static const Cell path_cells[] = {
    CELL(OWN, LeadPath, firearm, "smallest reference of the firearm's records"),
    CELL(TEXT, LeadPath, label, "what the firearm is"),
    CELL(OWN, LeadPath, bought, "day of the purchase"),
    CELL(TEXT, LeadPath, dealer, "first retail dealer"),
    CELL(TEXT, LeadPath, dealer_key, "RDS key, else the dealer's name"),
    CELL(TEXT, LeadPath, purchaser, "first retail purchaser"),
    CELL(OWN, LeadPath, buyer, "entity of the purchaser"),
    CELL(OWN, LeadPath, found, "day of the seizure or recovery"),
    CELL(FLAG, LeadPath, seized, "seized at the border"),
    CELL(FLAG, LeadPath, canadian, "found in Canada"),
    CELL(TEXT, LeadPath, case_no, "seizure or trace number of the find"),
    CELL(TEXT, LeadPath, carrier, "who had it when it was found"),
    CELL(OWN, LeadPath, bearer, "entity of who had it"),
    CELL(OWN, LeadPath, role, "traveller or possessor"),
    CELL(DAYS, LeadPath, days, "days from purchase or theft to find"),
    CELL(LIST, LeadPath, records, "references of the records that tell of it"),
    CELL(FLAG, LeadPath, theft, "stolen from the dealer, or lost by him, before a sale"),
    CELL(OWN, LeadPath, stolen, "day of the theft"),
};
SHAPE(path);

static const Cell place_cells[] = {
    CELL(TEXT, LeadPlace, label, "name"),
    CELL(OWN, LeadPlace, code, "code of an office or region"),
};
SHAPE(place);

static const Cell term_cells[] = {
    CELL(OWN, Term, family, "what is capped together"),
    CELL(OWN, Term, field, "indicator or marker"),
    CELL(OWN, Term, level, "how it says so"),
    CELL(TEXT, Term, left, "in words"),
    CELL(REAL, Term, bits, "what the term says by itself"),
    CELL(REAL, Term, counted, "what was counted after caps"),
};
SHAPE(term);

static const Cell indicator_cells[] = {
    CELL(OWN, LeadIndicator, indicator, "id of the rule"),
    CELL(INT, LeadIndicator, rev, "revision of the rule"),
    CELL(OWN, LeadIndicator, title, "title of the rule"),
    CELL(OWN, LeadIndicator, severity, "low, medium, high"),
    CELL(TEXT, LeadIndicator, subject, "whom or what it speaks of"),
    CELL(TEXT, LeadIndicator, record, "record that it speaks of"),
    CELL(REAL, LeadIndicator, bits, "bits"),
    CELL(TEXT, LeadIndicator, explanation, "why it hit"),
};
SHAPE(indicator);

static const Cell link_cells[] = {
    CELL(TEXT, LeadLink, left, "seizure, or the later event"),
    CELL(TEXT, LeadLink, right, "the other record"),
    CELL(OWN, LeadLink, tier, "how the serial numbers agree: S0 to S4"),
    CELL(REAL, LeadLink, bits, "log2 likelihood ratio"),
    CELL(PROBABILITY, LeadLink, probability, "posterior that both are one firearm"),
    CELL(REAL, LeadLink, chance_matches, "firearms on file expected to fit by chance"),
    CELL(TEXT, LeadLink, explanation, "sum of bits, field by field"),
    CELL(TEXT, LeadLink, against, "terms that clearly speak against it"),
};
SHAPE(link);

static const Cell person_cells[] = {
    CELL(TEXT, LeadPerson, mention, "record and role"),
    CELL(TEXT, LeadPerson, entity, "mentions of one entity are held to be one person"),
    CELL(OWN, LeadPerson, role, "purchaser, possessor, traveller ..."),
    CELL(TEXT, LeadPerson, last, "surname, or name of an organisation"),
    CELL(TEXT, LeadPerson, first, "given name"),
    CELL(TEXT, LeadPerson, dob, "date of birth"),
    CELL(PROBABILITY, LeadPerson, probability, "of the weakest accepted edge"),
};
SHAPE(person);

static const Cell marker_cells[] = {
    CELL(TEXT, LeadMarker, record, "record"),
    CELL(OWN, LeadMarker, category, "PMF, PMF_KIT, OBLITERATED ..."),
    CELL(PROBABILITY, LeadMarker, probability, "probability"),
    CELL(TEXT, LeadMarker, excerpt, "the words that say so"),
};
SHAPE(marker);

static const Cell edge_cells[] = {
    CELL(TEXT, LeadEdge, left, "smaller reference"),
    CELL(TEXT, LeadEdge, right, "larger reference"),
    CELL(OWN, LeadEdge, kind, "same-firearm, same-person, same-case ..."),
    CELL(PROBABILITY, LeadEdge, weight, "0 to 1"),
};
SHAPE(edge);

char *cell_text(const Cell *cell, gconstpointer row)
{
    gconstpointer at = (const char *)row + cell->offset;
    switch (cell->type) {
    case CELL_COUNT:
        return g_strdup_printf("%u", *(const guint *)at);
    case CELL_INT:
        return g_strdup_printf("%d", *(const int *)at);
    case CELL_DAYS:
        return *(const int *)at < 0 ? NULL : g_strdup_printf("%d", *(const int *)at);
    case CELL_REAL:
        return text_number(*(const double *)at, DIGITS);
    case CELL_PROBABILITY:
        return text_probability(*(const double *)at);
    case CELL_FLAG:
        return g_strdup(*(const gboolean *)at ? "yes" : "no");
    default:
        return g_strdup(text_present(*(char *const *)at));
    }
}

static void append_list(GString *out, const char *list)
{
    g_auto(GStrv) words = g_strsplit(list ? list : "", "; ", -1);
    g_string_append_c(out, '[');
    for (guint i = 0; words[i]; i++) {
        if (i)
            g_string_append_c(out, ',');
        json_append_string(out, words[i]);
    }
    g_string_append_c(out, ']');
}

static void append_member(GString *out, const Cell *cell, const char *text)
{
    g_string_append_printf(out, "\"%s\":", cell->name);
    switch (cell->type) {
    case CELL_TEXT:
    case CELL_OWN:
        json_append_string(out, text);
        break;
    case CELL_LIST:
        append_list(out, text);
        break;
    case CELL_FLAG:
        g_string_append(out, strcmp(text, "yes") == 0 ? "true" : "false");
        break;
    default:
        json_append_number(out, text);
    }
}

void shape_append_json(GString *out, const Shape *shape, gconstpointer row)
{
    for (guint i = 0; i < shape->n; i++) {
        g_autofree char *text = cell_text(&shape->cells[i], row);
        if (i)
            g_string_append_c(out, ',');
        append_member(out, &shape->cells[i], text);
    }
}

char *lead_cell_text(const Cell *cell, const LeadView *view)
{
    return cell_text(cell, cell->of_view ? (gconstpointer)view : (gconstpointer)view->lead);
}

void lead_append_json(GString *out, const LeadView *view)
{
    for (guint i = 0; i < shape_lead.n; i++) {
        g_autofree char *text = lead_cell_text(&shape_lead.cells[i], view);
        if (i)
            g_string_append_c(out, ',');
        append_member(out, &shape_lead.cells[i], text);
    }
}

const char *cell_type_name(CellType type)
{
    static const char *const names[] = {
        [CELL_COUNT] = "integer", [CELL_INT] = "integer",        [CELL_DAYS] = "integer",
        [CELL_REAL] = "number",   [CELL_PROBABILITY] = "number", [CELL_FLAG] = "boolean"};
    return type < G_N_ELEMENTS(names) && names[type] ? names[type] : "string";
}

gboolean cell_is_guarded(CellType type)
{
    return type == CELL_TEXT || type == CELL_LIST;
}
