/*
 * Writes traces.csv, eTrace-style: dates MM/DD/YYYY, plain capitals without accents, what a
 * requester typed and what the tracing centre found; and what is true of each row.
 */
#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

enum { KIND_TRACE = 81 };

#define COLUMNS                                                                                    \
    "trace_number request_date completion_date priority ncic_crime_code project_code "             \
    "requesting_ori requesting_agency agency_case_no serial_number serial_obliterated "            \
    "manufacturer importer country_of_origin model caliber firearm_type additional_markings "      \
    "recovery_date recovery_street recovery_city recovery_state recovery_country "                 \
    "possessor_last possessor_first possessor_dob possessor_street possessor_city "                \
    "possessor_state possessor_id_no associate_last associate_first associate_dob "                \
    "associate2_last associate2_first associate2_dob vehicle_plate recovery_county "               \
    "recovery_postal possessor_phone possessor_id_type possessor_id_state purchaser_phone "        \
    "purchase_date purchaser_last purchaser_first purchaser_middle purchaser_dob "                 \
    "purchaser_street purchaser_city purchaser_state purchaser_zip purchaser_id_type "             \
    "purchaser_id_no purchaser_id_state ffl_number ffl_name ffl_city ffl_state ffl_zip "           \
    "ship_to_date time_to_crime_days multiple_sale ms_report_date disposition narcotics "          \
    "handling releasable_to remarks"

typedef struct {
    World *world;
    Out *out;
    Case c;
    guint64 logical;
    gboolean duplicate;
    gboolean traced; /* to a purchaser */
    Rng rng;
    double errors;
    char number[32], ref[64];
    const char *disposition;
    Recorded purchaser, possessor, associate;
    GString *text;
} Row;

Day trace_requested(const Case *c)
{
    return c->recovery + 3 + (Day)(c->gun.unit % 20);
}

void trace_number(const World *world, guint64 logical, Day requested, char *out)
{
    int year = 0, month = 0, dom = 0;
    date_to_ymd(requested, &year, &month, &dom);
    const guint64 line = trace_line(world, logical) + 1;
    *out = 'T';
    char *at = put_digits(out + 1, (guint64)year, 4);
    if (line < 10000000)
        put_digits(at, line, 7);
    else
        put_number(at, line);
}

void trace_ref(const World *world, const Case *c, guint64 logical, char *out, gsize size)
{
    char number[32];
    trace_number(world, logical, trace_requested(c), number);
    g_snprintf(out, size, "atf-trace:%s", number);
}

/* Outcome: shares assumed; rings and seized firearms have been worked on with more care. */
static const char *outcome(Row *r)
{
    static const char *const codes[] = {"TP",  "OLD", "SNI", "TD", "TDX",
                                        "IDX", "FOR", "GOV", "OPN"};
    static const guint weights[] = {60, 6, 4, 8, 5, 6, 5, 1, 1};
    static const guint sure[] = {85, 0, 0, 6, 3, 3, 1, 0, 2};
    if (r->duplicate)
        return "DUP";
    if (r->c.gun.ghost)
        return "PMF";
    if (r->c.gun.serial[0] == '\0')
        return "OLD";
    return codes[rng_weighted(&r->rng, r->c.kind == CASE_RING ? sure : weights, 9)];
}

static Recorded person_for(Row *r, guint64 id, const char *role, Day at)
{
    Recorded recorded = {.id = 0};
    if (id == 0)
        return recorded;
    Person person = person_of(r->world->options.seed, id, at);
    recorded = person_record(&person, &r->rng, r->errors, 'M');
    truth_person(r->world, r->ref, role, id);
    return recorded;
}

static void cell_head(Row *r)
{
    static const char *const crimes[] = {"5212", "5202", "1200", "1300", "3500", "5214", "5299"};
    const City *place = r->c.in_canada ? &CA_CITIES[r->c.city] : &US_CITIES[r->c.city];
    char text[64];
    Day asked = trace_requested(&r->c) + (r->duplicate ? 30 : 0);
    out_cell(r->out, r->number);
    out_date(r->out, asked, 'M');
    if (strcmp(r->disposition, "OPN") == 0)
        out_cell(r->out, NULL);
    else
        out_date(r->out, asked + rng_between(&r->rng, 1, 25), 'M');
    out_cell(r->out, rng_chance(&r->rng, 0.1) ? "URGENT" : "ROUTINE");
    out_cell(r->out, crimes[rng_below(&r->rng, G_N_ELEMENTS(crimes))]);
    out_cell(r->out, r->c.kind == CASE_RING && rng_chance(&r->rng, 0.2) ? "SYNTHPROJ" : NULL);
    g_snprintf(text, sizeof text, "%s%07d", place->state, 100000 + (int)r->c.city * 100);
    out_cell(r->out, text);
    g_snprintf(text, sizeof text, "%s POLICE", place->city);
    gboolean customs = r->c.item != G_MAXUINT64;
    out_cell(r->out, customs ? "CBSA" : text);
    if (customs && rng_chance(&r->rng, SEIZURE_NAMED)) {
        const Group *group = &g_array_index(r->world->groups, Group, r->world->group_of[r->c.item]);
        seizure_number(r->world, group, text, sizeof text);
    } else {
        g_snprintf(text, sizeof text, "GO%d-%06d", 2017 + (int)(r->logical % 8),
                   rng_between(&r->rng, 0, 999999));
    }
    out_cell(r->out, text);
}

static void cell_firearm(Row *r)
{
    const Model *model = r->c.gun.model;
    gboolean removed = (r->c.say & SAY_OBLITERATED) != 0;
    /* where a seizure tells of the same firearm, the damage that the truth names is all there is */
    double errors = r->c.item != G_MAXUINT64 ? 0 : r->errors * 0.4;
    Written serial = removed ? serial_obliterated(&r->c.gun, &r->rng, FALSE)
                             : serial_write(&r->c.gun, &r->rng, errors, FALSE);
    if (removed && strcmp(serial.condition, "RESTORED") != 0 && strcmp(r->disposition, "TP") == 0)
        g_strlcpy(serial.text, r->c.gun.serial, sizeof serial.text); /* else no purchaser */
    out_cell(r->out, serial.text);
    out_cell(r->out, removed ? "Y" : "N");
    out_cell(r->out, make_variant(model, &r->rng, r->errors, r->text));
    out_cell(r->out, model->importer);
    out_cell(r->out, model->country);
    out_cell(r->out,
             !r->c.gun.ghost && rng_chance(&r->rng, MODEL_BLANK * r->errors) ? NULL : model->model);
    out_cell(r->out, calibre_variant(model, &r->rng, FALSE));
    out_cell(r->out, model->type);
    out_cell(r->out, NULL);
}

/* No accents south of the border. */
static void city_plain(const char *name, char *out, gsize size)
{
    char *mark = NULL;
    g_strlcpy(out, name, size);
    while ((mark = strstr(out, "É")) != NULL) {
        *mark = 'E';
        memmove(mark + 1, mark + 2, strlen(mark + 2) + 1);
    }
}

static void cell_recovery(Row *r)
{
    const City *place = r->c.in_canada ? &CA_CITIES[r->c.city] : &US_CITIES[r->c.city];
    const char *name = place->city, *state = place->state;
    char street[64], city[64];
    Day day = r->c.recovery;
    if (r->c.item != G_MAXUINT64) { /* seized: at the office */
        const Office *office = group_office(
            r->world, &g_array_index(r->world->groups, Group, r->world->group_of[r->c.item]));
        name = office->city;
        state = office->province;
    }
    if (r->duplicate && rng_chance(&r->rng, 0.1))
        day++;
    word_street(&r->rng, FALSE, street, sizeof street);
    city_plain(name, city, sizeof city);
    out_date(r->out, day, 'M');
    out_cell(r->out, street);
    out_cell(r->out, city);
    out_cell(r->out, state);
    out_cell(r->out, r->c.in_canada ? "CANADA" : "UNITED STATES");
}

static void cell_possessor(Row *r)
{
    const Recorded *p = &r->possessor, *a = &r->associate;
    const char *const cells[] = {p->last,    p->first,
                                 p->dob,     p->street,
                                 p->city,    p->state,
                                 p->id_no,   a->last,
                                 a->first,   a->dob,
                                 NULL,       NULL,
                                 NULL,       rng_chance(&r->rng, 0.3) ? p->plate : NULL,
                                 NULL,       NULL,
                                 p->phone,   p->id_type,
                                 p->id_state};
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        out_cell(r->out, cells[i]);
}

static void cell_purchase(Row *r)
{
    const Recorded *p = &r->purchaser;
    Dealer dealer = dealer_of(r->world->options.seed, r->c.dealer);
    const City *city = &US_CITIES[dealer.city];
    const char *const cells[] = {p->last,  p->first,  p->middle,  p->dob,   p->street,  p->city,
                                 p->state, p->postal, p->id_type, p->id_no, p->id_state};
    gboolean dealt = r->traced || strcmp(r->disposition, "TD") == 0;
    out_cell(r->out, p->phone);
    out_date(r->out, r->traced ? r->c.purchase : DAY_NONE, 'M');
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        out_cell(r->out, cells[i]);
    if (rng_chance(&r->rng, 0.1 * r->errors)) /* renewed: the expiry group changes */
        dealer.number[12] = dealer.number[12] == '5' ? '6' : '5';
    out_cell(r->out, dealt ? dealer.number : NULL);
    out_cell(r->out, dealt ? dealer.name : NULL);
    out_cell(r->out, dealt ? city->city : NULL);
    out_cell(r->out, dealt ? city->state : NULL);
    g_snprintf(dealer.name, sizeof dealer.name, "%s%02u", city->zip, r->c.dealer % 90 + 1);
    out_cell(r->out, dealt ? dealer.name : NULL);
    out_date(r->out, dealt ? r->c.gun.shipped : DAY_NONE, 'M');
    if (r->traced)
        out_number(r->out, (guint64)MAX(r->c.recovery - r->c.purchase, 0));
    else
        out_cell(r->out, NULL);
    gboolean sale = r->traced && r->c.multiple_sale;
    out_cell(r->out, sale ? "Y" : "N");
    out_date(r->out, sale ? r->c.purchase + 1 : DAY_NONE, 'M');
}

static const char *sentence_of(const char *disposition)
{
    static const char *const table[][2] = {
        {"TP", "THIS FIREARM WAS TRACED TO A PURCHASER"},
        {"TD", "DEALER HAS NO RECORD OF DISPOSITION"},
        {"TDX", "FFL OUT OF BUSINESS; RECORDS NOT AVAILABLE"},
        {"OLD", "MANUFACTURED PRIOR TO 1969"},
        {"SNI", "SERIAL NUMBER INVALID FOR THIS MANUFACTURER"},
        {"IDX", "INSUFFICIENT INFORMATION; IMPORTER REQUIRED"},
        {"FOR", "NO US IMPORT RECORD"},
        {"GOV", "SHIPPED TO LAW ENFORCEMENT AGENCY"},
        {"PMF", "PRIVATELY MADE FIREARM"},
        {"SNO", "SERIAL NUMBER OBLITERATED"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i][0], disposition) == 0)
            return table[i][1];
    return disposition;
}

static void cell_outcome(Row *r)
{
    guint say = r->c.say, said = 0;
    GString *text = r->text;
    out_cell(r->out, rng_chance(&r->rng, 0.2) ? sentence_of(r->disposition) : r->disposition);
    out_cell(r->out, (say & SAY_NARCOTICS) != 0 ? "Y" : "N");
    out_cell(r->out, "LES");
    out_cell(r->out, "USA;CAN");
    g_string_truncate(text, 0);
    said = say & (SAY_OBLITERATED | SAY_NARCOTICS);
    if (r->c.gun.ghost)
        said |= SAY_PMF; /* the disposition says so */
    if (r->c.gun.serial[0] == '\0')
        said |= SAY_NO_SERIAL;
    if (gun_is_kit(&r->c.gun))
        said |= SAY_PMF | SAY_KIT;
    if ((say & ~said) != 0 || rng_chance(&r->rng, 0.05))
        said |= story_write(text, &r->rng, say, FALSE, 0.2);
    else if (rng_chance(&r->rng, 0.03))
        g_string_append(text, TRAP_PHRASES[rng_below(&r->rng, TRAP_PHRASE_COUNT)].en);
    if (r->duplicate) {
        Case base = r->c;
        char number[32];
        trace_number(r->world, base.trace, trace_requested(&base), number);
        g_string_append_printf(text, "%sSEE TRACE %s", text->len > 0 ? ". " : "", number);
    }
    if (r->c.stolen_late)
        g_string_append_printf(text, "%sPURCHASER REPORTED THE FIREARM STOLEN AFTER THE TRACE",
                               text->len > 0 ? ". " : "");
    out_cell(r->out, text->str);
    truth_markers(r->world, r->ref, said);
}

static void duplicate_truth(Row *r)
{
    char base[64];
    if (!r->duplicate)
        return;
    trace_ref(r->world, &r->c, r->c.trace, base, sizeof base);
    out_cell(&r->world->links, r->ref);
    out_cell(&r->world->links, base);
    out_cell(&r->world->links, "duplicate");
    out_end(&r->world->links);
}

static void row_write(Row *r)
{
    Day now = r->c.recovery;
    r->errors = r->world->options.errors;
    trace_number(r->world, r->logical, trace_requested(&r->c), r->number);
    g_strlcpy(g_stpcpy(r->ref, "atf-trace:"), r->number, sizeof r->ref - 10);
    r->disposition = outcome(r);
    r->traced = r->c.purchaser != 0 &&
                (strcmp(r->disposition, "TP") == 0 || (r->duplicate && rng_chance(&r->rng, 0.5)));
    r->purchaser = person_for(r, r->traced ? r->c.purchaser : 0, "purchaser", r->c.purchase);
    r->possessor = person_for(r, r->c.possessor, "possessor", now);
    r->associate = person_for(r, r->c.associate, "associate", now);
    cell_head(r);
    cell_firearm(r);
    cell_recovery(r);
    cell_possessor(r);
    cell_purchase(r);
    cell_outcome(r);
    out_end(r->out);
    duplicate_truth(r);
}

gboolean traces_write(World *world)
{
    Out out;
    g_autoptr(GString) text = g_string_new(NULL);
    if (!out_open(&out, world->options.out, "traces.csv", ',', FALSE))
        return FALSE;
    out_words(&out, COLUMNS);
    for (guint64 line = 0; line < world->options.traces; line++) {
        Row row = {.world = world, .out = &out, .text = text};
        row.logical = trace_at(world, line);
        row.rng = rng_for(world->options.seed, KIND_TRACE, row.logical);
        row.c = case_of_trace(world, row.logical, &row.duplicate);
        row_write(&row);
    }
    return out_close(&out);
}
