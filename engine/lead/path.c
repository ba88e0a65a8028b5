/*
 * The way of every firearm of a lead: dealer, purchaser, who had it, where it came up. One path a
 * firearm, out of the records that are held to be of it; what no record says stays empty. Drawings,
 * maps and graphs are made of paths. Pure; joins nothing that the evidence does not join.
 */
#include <string.h>

#include "engine/lead/words.h"

static void place_clear(LeadPlace *place)
{
    g_free(place->label);
    g_free(place->code);
    g_free(place->spot);
}

const char *lead_path_left(const LeadPath *path)
{
    return path->theft ? path->stolen : path->bought;
}

void lead_path_free(LeadPath *path)
{
    char *strings[] = {path->firearm, path->label,      path->bought,    path->stolen,
                       path->dealer,  path->dealer_key, path->purchaser, path->buyer,
                       path->carrier, path->bearer,     path->role,      path->found,
                       path->case_no, path->records};
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
    place_clear(&path->source);
    place_clear(&path->place);
    g_free(path);
}

/* Where a code lies, by the table's own columns; FALSE when the table does not say. */
static gboolean locate(LeadPlace *place, const CodeTables *codes, const char *table,
                       const char *code)
{
    const CodeTable *known = code && codes ? code_table(codes, table) : NULL;
    const char *lat = known ? code_cell(known, code, "lat") : NULL;
    const char *lon = known ? code_cell(known, code, "lon") : NULL;
    if (!lat || !*lat || !lon || !*lon)
        return FALSE;
    place->lat = g_ascii_strtod(lat, NULL);
    place->lon = g_ascii_strtod(lon, NULL);
    place->located = TRUE;
    place->code = g_strdup(code);
    return TRUE;
}

/* The town, where it is one that the table has. */
static gboolean locate_city(LeadPlace *place, const CodeTables *codes, const char *city,
                            const char *region)
{
    const CodeTable *cities = codes ? code_table(codes, "cities") : NULL;
    g_autofree char *name = city && region ? g_strdup_printf("%s %s", city, region) : NULL;
    if (!cities || !name || !locate(place, codes, "cities", code_find(cities, name)))
        return FALSE;
    place->spot = g_strdup_printf("%s, %s", city, region);
    return TRUE;
}

/* On a map the middle of a region is called by the region's name. */
static void locate_region(LeadPlace *place, const Words *words, const char *region)
{
    const CodeTable *regions = words->codes ? code_table(words->codes, "regions") : NULL;
    if (locate(place, words->codes, "regions", region))
        place->spot = g_strdup(code_label(regions, region, words->lang));
}

static void set_source(LeadPath *path, const Words *words, const RecordFact *deal)
{
    const char *state = record_get(deal->record, FIELD_FFL_STATE);
    const CodeTable *regions = words->codes ? code_table(words->codes, "regions") : NULL;
    if (!state)
        return;
    path->source.label = g_strdup(regions ? code_label(regions, state, words->lang) : state);
    if (!locate_city(&path->source, words->codes, record_get(deal->record, FIELD_FFL_CITY), state))
        locate_region(&path->source, words, state);
}

static void set_place(LeadPath *path, const Words *words, const Record *record)
{
    const char *region = record_get(record, FIELD_EVENT_REGION);
    path->place.label = words_place(words, record);
    if (!locate(&path->place, words->codes, "offices", record_get(record, FIELD_OFFICE_CODE)) &&
        !locate_city(&path->place, words->codes, record_get(record, FIELD_EVENT_CITY), region))
        locate_region(&path->place, words, region);
}

/* The same for a find: one in Canada before others, a seizure before others, then the earlier. */
static gboolean is_better(const RecordFact *fact, const RecordFact *held)
{
    if (!held)
        return TRUE;
    if (fact->canadian != held->canadian)
        return fact->canadian;
    if (fact->seizure != held->seizure)
        return fact->seizure;
    if ((fact->event == DAY_NONE) != (held->event == DAY_NONE))
        return fact->event != DAY_NONE;
    return fact->event < held->event;
}

static gboolean is_earlier_deal(const RecordFact *fact, const RecordFact *held)
{
    if (!(lead_left_market(fact) || fact->purchaser))
        return FALSE;
    if (!held || !held->purchaser != !fact->purchaser)
        return !held || fact->purchaser;
    return fact->bought != DAY_NONE && (held->bought == DAY_NONE || fact->bought < held->bought);
}

static char *iso(Day day)
{
    char text[DAY_TEXT];
    return day == DAY_NONE ? NULL : g_strdup(date_text(day, text));
}

/* Names as they are best written, found once for each person: key -> name. */
typedef struct {
    const Words *words;
    GHashTable *names;
} Names;

static char *name_of(const Names *names, const LeadPerson *person)
{
    g_autofree char *key =
        g_strdup_printf("%s\n%s\n%s", person->entity, person->last ? person->last : "",
                        person->first ? person->first : "");
    const char *known = g_hash_table_lookup(names->names, key);
    if (known)
        return g_strdup(known);
    char *name = words_person(names->words, person);
    g_hash_table_insert(names->names, g_steal_pointer(&key), g_strdup(name));
    return name;
}

static void set_deal(LeadPath *path, const Names *names, const RecordFact *deal)
{
    const Words *words = names->words;
    const char *rds = record_get(deal->record, FIELD_RDS_KEY);
    const char *name = record_get(deal->record, FIELD_FFL_NAME);
    path->theft = deal->us_stolen;
    path->bought = path->theft ? NULL : iso(deal->bought);
    path->stolen = path->theft ? iso(deal->bought) : NULL;
    path->dealer_key = g_strdup(rds ? rds : name);
    path->dealer = path->dealer_key ? words_dealer(words, deal->record) : NULL;
    set_source(path, words, deal);
    if (!deal->purchaser)
        return;
    path->purchaser = name_of(names, deal->purchaser);
    path->buyer = g_strdup(deal->purchaser->entity);
}

static void set_find(LeadPath *path, const Words *words, const RecordFact *find)
{
    const char *number = record_get(find->record, FIELD_SEIZURE_NO);
    path->found = iso(find->event);
    path->seized = find->seizure;
    path->canadian = find->canadian;
    path->case_no = g_strdup(number ? number : record_get(find->record, FIELD_TRACE_NO));
    set_place(path, words, find->record);
}

static void set_carrier(LeadPath *path, const Names *names, const LeadPerson *carrier)
{
    if (!carrier)
        return;
    path->carrier = name_of(names, carrier);
    path->bearer = g_strdup(carrier->entity);
    path->role = g_strdup(carrier->role);
}

/* firearm: the first of its records, by which it is numbered. */
static LeadPath *path_new(const Names *names, guint firearm)
{
    const Words *words = names->words;
    const LeadFacts *facts = words->facts;
    const RecordFact *deal = NULL, *find = NULL;
    const LeadPerson *carrier = NULL;
    g_autoptr(GString) records = g_string_new(NULL);
    for (guint i = firearm; i < facts->n; i++) {
        const RecordFact *fact = &facts->records[i];
        if (fact->firearm != firearm)
            continue;
        g_string_append_printf(records, "%s%s", records->len ? "; " : "", fact->record->ref);
        if (is_earlier_deal(fact, deal))
            deal = fact;
        if (!fact->reported && (fact->canadian || fact->event != DAY_NONE) && is_better(fact, find))
            find = fact;
        if (fact->carrier && (!carrier || fact == find))
            carrier = fact->carrier;
    }
    LeadPath *path = g_new0(LeadPath, 1);
    path->firearm = g_strdup(facts->records[firearm].record->ref);
    path->label = words_item(words, find ? find->record : facts->records[firearm].record);
    path->records = g_string_free(g_steal_pointer(&records), FALSE);
    if (deal)
        set_deal(path, names, deal);
    if (find)
        set_find(path, words, find);
    set_carrier(path, names, carrier);
    path->days = deal && find && deal->bought != DAY_NONE && find->event >= deal->bought
                     ? find->event - deal->bought
                     : -1;
    return path;
}

/* Found in Canada first, then by the day of the find; a day not known comes last. */
static gint compare_paths(gconstpointer a, gconstpointer b)
{
    const LeadPath *left = *(LeadPath *const *)a, *right = *(LeadPath *const *)b;
    if (left->canadian != right->canadian)
        return left->canadian ? -1 : 1;
    if (!left->found != !right->found)
        return left->found ? -1 : 1;
    int order = g_strcmp0(left->found, right->found);
    return order ? order : strcmp(left->firearm, right->firearm);
}

GPtrArray *lead_paths(const Words *words)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const Names names = {words, known};
    GPtrArray *paths = g_ptr_array_new_with_free_func((GDestroyNotify)lead_path_free);
    for (guint i = 0; i < words->facts->n; i++)
        if (words->facts->records[i].firearm == i)
            g_ptr_array_add(paths, path_new(&names, i));
    g_ptr_array_sort(paths, compare_paths);
    return paths;
}
