/*
 * The kinds of `find`, and what all of them share: the columns. Records of a confidential source
 * are left out before anything is counted, cut or weighed: that there are any is not told either.
 */
#include "engine/find/kinds.h"

#include <string.h>

const Column find_columns[FIND_COLUMNS] = {
    {"query", COLUMN_DATA},       {"record", COLUMN_OWN},         {"value", COLUMN_DATA},
    {"description", COLUMN_DATA}, {"date", COLUMN_OWN},           {"tier", COLUMN_OWN},
    {"bits", COLUMN_NUMBER},      {"probability", COLUMN_NUMBER}, {"chance_matches", COLUMN_NUMBER},
    {"explanation", COLUMN_DATA}, {"handling", COLUMN_OWN},
};

static const FindKind kinds[] = {
    {"serial", "a serial number in any notation: 'ABC123', '12?4[8B]', 'last four 1234'",
     find_serial, FALSE},
    {"person", "a name as 'LAST, First'; --dob narrows it", find_person, TRUE},
    {"ffl", "a licence number in any writing, its key of 8 digits, or part of a name", find_ffl,
     FALSE},
    {"plate", "a vehicle's plate or part of one", find_plate, FALSE},
    {"address", "'STREET, CITY, STATE', or part of it", find_address, FALSE},
    {"text", "words of narratives and remarks", find_text, FALSE},
    {NULL, NULL, NULL, FALSE},
};

const FindKind *find_kinds(void)
{
    return kinds;
}

int find_ref_order(const char *a, const char *b)
{
    g_autofree char *record_a = mention_record(a), *record_b = mention_record(b);
    int order = strcmp(record_a, record_b);
    return order ? order : strcmp(a, b);
}

static void record_clear(gpointer data)
{
    g_free(((FindRecord *)data)->handling);
}

void find_facts_init(FindFacts *facts, GDestroyNotify free_owner)
{
    *facts = (FindFacts){.records = g_array_new(FALSE, TRUE, sizeof(FindRecord)),
                         .free_owner = free_owner};
    g_array_set_clear_func(facts->records, record_clear);
}

void find_facts_clear(FindFacts *facts)
{
    g_clear_pointer(&facts->records, g_array_unref);
    if (facts->owner)
        facts->free_owner(facts->owner);
    facts->owner = NULL;
}

char *find_explanation(const Evidence *evidence, const FindRequest *request)
{
    return request->terms && request->lang != LANG_EN
               ? terms_line(request->terms, evidence, request->lang)
               : evidence_line(evidence, request->lang);
}
