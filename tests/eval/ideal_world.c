/*
 * Reads a world's records for the ideal observer: of each the serial as written, day, place, paper
 * trail, and how well its description fits each model that the makers of tests/synth have.
 */
#include <string.h>

#include "tests/eval/ideal.h"
#include "tests/eval/table.h"
#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

static void seen_free(gpointer data)
{
    Seen *seen = data;
    g_free(seen->ref);
    g_free(seen->number);
    g_free(seen->text);
    g_free(seen->paper);
    g_free(seen->place);
    g_free(seen);
}

typedef struct {
    const char *make, *model, *calibre, *type;
    double errors;
    gboolean french;
    GString *buffer;
} Description;

static double make_share(const Model *model, const Description *d)
{
    double varied = MIN(MAKE_VARIES_MOST, MAKE_VARIES * d->errors);
    double share = strcmp(model->make, d->make) == 0 ? 1 - varied : 0;
    guint n = make_variants(model);
    for (guint i = 0; i < n; i++) {
        g_string_truncate(d->buffer, 0);
        share += strcmp(make_written(model, i, d->buffer), d->make) == 0 ? varied / n : 0;
    }
    return share;
}

static double model_share(const Model *model, gboolean ghost, const Description *d)
{
    double blank = ghost ? 0 : MIN(1, MODEL_BLANK * d->errors);
    return *d->model == '\0' ? blank : strcmp(model->model, d->model) == 0 ? 1 - blank : 0;
}

static double calibre_share(const Model *model, const Description *d)
{
    double share = 0;
    for (guint i = 0; i < CALIBRE_VARIANTS; i++)
        share += strcmp(calibre_written(model, i, d->french), d->calibre) == 0;
    return share / CALIBRE_VARIANTS;
}

/* P(description | model) for every model. */
static void describe(const Description *d, double shares[MODELS_MOST])
{
    const Model *model = NULL;
    double share = 0;
    for (guint i = 0; i < MODELS_MOST && (model = gun_model(i, &share)) != NULL; i++) {
        gboolean ghost = model->format[0] == '\0' && model->first_year >= 2017;
        shares[i] = 0;
        if (strcmp(d->french ? model->type_fr : model->type, d->type) == 0)
            shares[i] = model_share(model, ghost, d) * calibre_share(model, d);
        if (shares[i] > 0)
            shares[i] *= make_share(model, d);
    }
}

/* Where an office is, as a trace of the firearm says it. */
static char *office_place(const char *code)
{
    for (guint i = 0; i < OFFICE_COUNT; i++) {
        const char *full = OFFICES[i].code;
        if (strcmp(full, code) != 0 && (full[0] != '0' || strcmp(full + 1, code) != 0))
            continue;
        g_auto(GStrv) plain = g_strsplit(OFFICES[i].city, "É", -1);
        g_autofree char *city = g_strjoinv("E", plain);
        return g_strconcat(city, ",", OFFICES[i].province, NULL);
    }
    return g_strdup("");
}

static void items_read(GPtrArray *items, const char *world, double errors, gboolean french)
{
    static const char *const columns[2][11] = {
        {"seizure_no", "item_no", "seizure_date", "office_code", "serial_number",
         "serial_condition", "trace_ref", "make", "model", "calibre", "firearm_type"},
        {"no_saisie", "no_article", "date_saisie", "code_bureau", "no_serie", "etat_no_serie",
         "no_retracage", "marque", "modele", "calibre", "type_arme"}};
    g_autoptr(Table) table = table_read_seizures(world, french);
    g_autoptr(GString) buffer = g_string_new(NULL);
    guint at[11], goods = table_column(table, french ? "marchandise" : "commodity");
    for (guint i = 0; i < G_N_ELEMENTS(at); i++)
        at[i] = table_column(table, columns[french][i]);
    for (guint r = 0; r < table->rows->len; r++) {
        const char *cell[11];
        if (strcmp(table_cell(table, r, goods), french ? "ARME À FEU" : "FIREARM") != 0)
            continue;
        for (guint i = 0; i < G_N_ELEMENTS(at); i++)
            cell[i] = table_cell(table, r, at[i]);
        Seen *seen = g_new0(Seen, 1);
        seen->ref = g_strdup_printf("cbsa-seizure:%s/%s", cell[0], cell[1]);
        seen->number = g_strdup(cell[0]);
        seen->day = date_parse(cell[2], french ? DATE_DMY : DATE_ISO);
        seen->place = office_place(cell[3]);
        seen->text = g_strdup(cell[4]);
        seen->removed = strcmp(cell[5], french ? "OBLITÉRÉ" : "OBLITERATED") == 0 ||
                        strcmp(cell[5], french ? "RESTAURÉ" : "RESTORED") == 0;
        seen->paper = g_strdup(cell[6]);
        Description d = {cell[7], cell[8], cell[9], cell[10], errors, french, buffer};
        describe(&d, seen->description);
        g_ptr_array_add(items, seen);
    }
}

GPtrArray *ideal_items(const char *world, double errors)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(seen_free);
    items_read(items, world, errors, FALSE);
    items_read(items, world, errors, TRUE);
    return items;
}

/* Turns likelihoods of a trace's description into probabilities of the models. */
static void models_weigh(Seen *seen, const char *importer, const char *country)
{
    double sum = 0, share = 0, most = 0;
    const Model *model = NULL;
    seen->model = "";
    for (guint i = 0; i < MODELS_MOST && (model = gun_model(i, &share)) != NULL; i++) {
        gboolean same =
            strcmp(model->importer, importer) == 0 && strcmp(model->country, country) == 0;
        seen->description[i] *= same ? share : 0;
        sum += seen->description[i];
        if (seen->description[i] > most) {
            most = seen->description[i];
            seen->model = model->model;
        }
    }
    for (guint i = 0; sum > 0 && i < MODELS_MOST; i++)
        seen->description[i] /= sum;
}

GPtrArray *ideal_traces(const char *world, double errors)
{
    static const char *const columns[] = {
        "trace_number",  "serial_number",     "serial_obliterated", "agency_case_no",
        "recovery_date", "recovery_city",     "recovery_state",     "recovery_country",
        "importer",      "country_of_origin", "manufacturer",       "model",
        "caliber",       "firearm_type"};
    enum { COUNT = G_N_ELEMENTS(columns) };
    g_autoptr(Table) table = table_read(world, "traces.csv");
    g_autoptr(GString) buffer = g_string_new(NULL);
    GPtrArray *traces = g_ptr_array_new_with_free_func(seen_free);
    guint at[COUNT];
    for (guint i = 0; i < COUNT; i++)
        at[i] = table_column(table, columns[i]);
    for (guint r = 0; r < table->rows->len; r++) {
        const char *cell[COUNT];
        for (guint i = 0; i < COUNT; i++)
            cell[i] = table_cell(table, r, at[i]);
        Seen *seen = g_new0(Seen, 1);
        seen->number = g_strdup(cell[0]);
        seen->ref = g_strconcat("atf-trace:", cell[0], NULL);
        seen->text = g_strdup(cell[1]);
        seen->removed = strcmp(cell[2], "Y") == 0;
        seen->paper = g_strdup(cell[3]);
        seen->day = date_parse(cell[4], DATE_MDY);
        seen->place = strcmp(cell[7], "CANADA") == 0 ? g_strconcat(cell[5], ",", cell[6], NULL)
                                                     : g_strdup("");
        Description d = {cell[10], cell[11], cell[12], cell[13], errors, FALSE, buffer};
        describe(&d, seen->description);
        models_weigh(seen, cell[8], cell[9]);
        g_ptr_array_add(traces, seen);
    }
    return traces;
}
