/* The most restrictive handling word of each family. */
#include "engine/base/marking.h"

#include <string.h>

#define OPEN "open"

typedef struct {
    const char *wanted;
    int at, rank; /* rank: line of the wanted code, -1: none */
} Place;

static void visit_code(const char *code, gpointer data)
{
    Place *place = data;
    if (strcmp(code, place->wanted) == 0)
        place->rank = place->at;
    place->at++;
}

static int rank_of(const CodeTable *table, const char *word)
{
    Place place = {word, 0, -1};
    if (table)
        code_visit(table, visit_code, &place);
    return place.rank;
}

/* kept: family -> word; both owned. */
static void keep_word(GHashTable *kept, const CodeTable *table, const char *text)
{
    const char *code = table ? code_find(table, text) : NULL;
    const char *word = code ? code : text;
    const char *family = code ? text_present(code_cell(table, code, "family")) : NULL;
    const char *other = g_hash_table_lookup(kept, family ? family : word);
    if (!other || rank_of(table, word) > rank_of(table, other))
        g_hash_table_insert(kept, g_strdup(family ? family : word), g_strdup(word));
}

char *marking_join(const CodeTables *tables, const GPtrArray *words)
{
    const CodeTable *table = tables ? code_table(tables, "handlings") : NULL;
    g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < words->len; i++) {
        g_auto(GStrv) parts = g_strsplit(words->pdata[i], ";", -1);
        for (char **part = parts; *part; part++)
            if (*g_strstrip(*part))
                keep_word(kept, table, *part);
    }
    if (g_hash_table_size(kept) > 1)
        g_hash_table_remove(kept, OPEN);
    g_autoptr(GList) values =
        g_list_sort(g_hash_table_get_values(kept), (GCompareFunc)(void (*)(void))strcmp);
    g_autoptr(GString) out = g_string_new(NULL);
    for (GList *value = values; value; value = value->next)
        g_string_append_printf(out, "%s%s", out->len ? "; " : "", (char *)value->data);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
