/*
 * Blocking recall of persons: which true pairs of mentions in a world's store are ever compared.
 * Reads the store as a run does (engine/run/facts); the counting is compared.c's.
 */
#include <stdlib.h>

#include "engine/run/facts.h"
#include "tests/eval/compared.h"
#include "tests/eval/measures.h"

static GHashTable *true_persons(const char *world)
{
    g_autoptr(Table) table = table_read(world, "truth/persons.csv");
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint mention = table_column(table, "mention"), entity = table_column(table, "entity");
    GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const char *name = table_cell(table, i, entity);
        gpointer number = g_hash_table_lookup(numbers, name);
        if (!number) {
            number = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
            g_hash_table_insert(numbers, g_strdup(name), number);
        }
        g_hash_table_insert(map, g_strdup(table_cell(table, i, mention)), number);
    }
    return map;
}

void measure_blocking(const char *world, const char *store_path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(store_path, STORE_READ, 0, &error);
    g_autoptr(Facts) facts = store ? facts_read(store, FALSE, &error) : NULL;
    g_autoptr(PersonModel) model = facts ? person_model_load("rules", &error) : NULL;
    if (!model) {
        fprintf(stderr, "crosstrace-eval: %s\n", error->message);
        exit(1);
    }
    guint n = facts->mentions->len;
    PersonInput input = {.mention_at = facts_mention_at, .mention_data = facts, .n = n};
    g_autoptr(GHashTable) truth = true_persons(world);
    g_autofree guint *person_of = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++)
        person_of[i] = GPOINTER_TO_UINT(g_hash_table_lookup(truth, facts_mention_at(facts, i).ref));
    Compared c = compared_count(model, &input, person_of);
    put("blocking-recall", "persons", c.all ? (double)c.met / (double)c.all : 1, c.all);
    put("pairs-compared", "persons", n ? (double)c.pairs / n : 0, n);
}
