/*
 * The engine's SQL functions that rest on rules: makes and codes as a load cleans them, names and
 * dates as people are compared, serial numbers as links are weighed, markers as texts are scanned.
 * Each hands its arguments to the room that knows.
 */
#include "engine/sql/functions.h"

/* ---- codes ------------------------------------------------------------------------------ */

static void result_copy(sqlite3_context *context, const char *text)
{
    result_take(context, g_strdup(text));
}

void make_key_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    result_copy(context, clean_make_text(&knowledge->cleaner, text[0]));
}

void calibre_key_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    result_copy(context, clean_calibre_text(&knowledge->cleaner, text[0]));
}

static void result_unknown(sqlite3_context *context, const char *what, const char *name)
{
    g_autofree char *message = g_strdup_printf("unknown %s '%s'", what, name);
    sqlite3_result_error(context, message, -1);
}

void code_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    const CodeTable *table = code_table(knowledge->codes, text[0]);
    if (table)
        result_copy(context, code_find(table, text[1]));
    else
        result_unknown(context, "table", text[0]);
}

/* ---- people ----------------------------------------------------------------------------- */

void name_key_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    result_take(context, person_name_key(knowledge->person, text[0]));
}

void name_similarity_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    sqlite3_result_double(context, person_names_alike(knowledge->person, text[0], text[1]));
}

void date_similarity_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    Day a = date_parse(text[0], DATE_ISO), b = date_parse(text[1], DATE_ISO);
    if (a != DAY_NONE && b != DAY_NONE)
        sqlite3_result_double(context, person_dates_alike(knowledge->person, a, b));
}

/* ---- serial numbers --------------------------------------------------------------------- */

void serial_tier_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    Serial a = serial_parse(text[0], NULL), b = serial_parse(text[1], NULL);
    Tier tier = serial_tier(knowledge->firearm, &a, text[0], &b, text[1]);
    if (tier != TIER_NONE)
        result_copy(context, tier_name(tier));
}

/* ---- markers ---------------------------------------------------------------------------- */

static GArray *scan(const SqlKnowledge *knowledge, const char *text)
{
    const MarkText narrative = {"narrative", text};
    const MarkFacts facts = {0};
    return marker_scan(knowledge->markers, &narrative, 1, &facts);
}

void marker_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    MarkCategory category;
    if (!category_parse(text[0], &category)) {
        result_unknown(context, "category", text[0]);
        return;
    }
    g_autoptr(GArray) found = scan(knowledge, text[1]);
    double probability = 0;
    for (guint i = 0; i < found->len; i++)
        if (g_array_index(found, Marker, i).category == category)
            probability = g_array_index(found, Marker, i).probability;
    sqlite3_result_double(context, probability);
}

void markers_run(sqlite3_context *context, const char *const *text, SqlKnowledge *knowledge)
{
    g_autoptr(GArray) found = scan(knowledge, text[0]);
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(list, "%s%s", i ? "; " : "",
                               category_name(g_array_index(found, Marker, i).category));
    if (found->len)
        result_copy(context, list->str);
}
