/*
 * What a run over what changed asks its rules of: copies of the views are brought up to date, and
 * by the rows that became others it is known of which records a rule may say something else
 * (reach.c). It is asked of them and what their rows rest on, as the copies have them. Which
 * records may have other rows is told by engine/run.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/parts.h"

/* Where a rule is asked of so many of the records, it is as soon asked of everything. */
#define MOST_PERCENT 30

/* Rows of no more records than these are chosen ahead, while other rules are asked: those of
 * several kinds of scope are in memory at one time. */
#define AHEAD_PERCENT 5

/* By kind: of which records rules are asked, and what these rest on besides themselves. */
static const struct {
    const char *name;
    Reach reach;
    RestOn rest_on;
} KINDS[SCOPE_KINDS] = {
    [SCOPE_ALL] = {"everything", NULL, NULL},
    [SCOPE_RELATED] = {"related", reach_related, NULL},
    [SCOPE_DEALER] = {"dealer", reach_dealers, NULL},
    [SCOPE_YEAR] = {"year", reach_years, NULL},
    [SCOPE_IDENTIFIER] = {"identifier", reach_identifiers, rest_on_identifiers},
    [SCOPE_NUMBER] = {"number", reach_numbers, rest_on_numbers},
};

gboolean scope_parse(const char *name, ScopeKind *kind)
{
    for (int i = SCOPE_RELATED; i < SCOPE_KINDS; i++)
        if (g_str_equal(KINDS[i].name, name)) {
            *kind = (ScopeKind)i;
            return TRUE;
        }
    return FALSE;
}

gboolean view_may_be_read(const char *view, const char *rules)
{
    g_autofree char *lower = g_ascii_strdown(rules, -1);
    return strstr(lower, view) != NULL;
}

/* ---- the copies ------------------------------------------------------------------------- */

/* Keeps a row that is gone or new, by its copy. */
static void see_changed(const Copy *copy, const Cell *row, gpointer data)
{
    Views *views = data;
    guint place = 0;
    while (views->copies->copies->pdata[place] != copy)
        place++;
    g_array_append_vals(views->others->pdata[place], row, copy->n_columns);
}

static gboolean patch_with(Views *views, Copy *copy, const char *select, const GArray *values,
                           GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(views->db, select, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot change a copy of a view", error);
    return copies_patch(views->copies, copy, stmt, values, see_changed, views, error);
}

/* temp.near, and the cells of those that the copies know. */
static gboolean note_near(Views *views, CellSet *records, GError **error)
{
    g_autoptr(sqlite3_stmt) add = NULL;
    if (!sqlite_run(views->db, "CREATE TEMP TABLE near(ref TEXT PRIMARY KEY) WITHOUT ROWID",
                    "cannot keep references", error))
        return FALSE;
    int rc =
        sqlite3_prepare_v2(views->db, "INSERT OR IGNORE INTO temp.near VALUES(?)", -1, &add, NULL);
    for (guint i = 0; rc == SQLITE_OK && i < views->near->len; i++) {
        const char *ref = views->near->pdata[i];
        cell_set_add(records, heap_find(views->copies->heap, ref, strlen(ref)));
        sqlite3_bind_text(add, 1, ref, -1, SQLITE_STATIC);
        sqlite3_step(add);
        rc = sqlite3_reset(add);
    }
    return rc == SQLITE_OK || sqlite_error(views->db, "cannot keep references", error);
}

/* Copies of views by record. */
static gboolean patch_records(Views *views, GError **error)
{
    g_autoptr(CellSet) records = cell_set_new();
    gboolean done = note_near(views, records, error);
    for (guint i = 0; done && i < views->copies->copies->len; i++) {
        Copy *copy = views->copies->copies->pdata[i];
        g_autofree char *sql =
            g_strdup_printf("SELECT %s FROM main.%s WHERE record IN (SELECT ref FROM temp.near)",
                            copy->list, copy->plan->view);
        done = copy->plan->of || patch_with(views, copy, sql, records->cells, error);
    }
    return done && sqlite_run(views->db, "DROP TABLE temp.near", "cannot keep references", error);
}

static void add_person(const Copy *copy, const Cell *row, gpointer persons)
{
    cell_set_add(persons, row[copy_way(copy, "person")->column]);
}

/* The rows of who bought, or had bought, what changed. */
static void patch_buyers(Views *views)
{
    static const ScopeAsk any = {.rules = "purchases"};
    g_autoptr(CellSet) persons = cell_set_new();
    rows_that_changed(views, &any, "purchases", add_person, persons);
    buyers_patch(views->copies, copies_find(views->copies, "buyers"), persons, see_changed, views);
}

static void forget_others(Views *views)
{
    g_clear_pointer(&views->others, g_ptr_array_unref);
    for (guint i = 0; i < SCOPE_KINDS; i++) {
        g_clear_pointer(&views->reached[i], cell_set_free);
        g_clear_pointer(&views->ahead_of[i], copies_free);
    }
}

gboolean views_renew(Views *views, GHashTable *columns, guint64 *rows, GError **error)
{
    gboolean have = FALSE;
    *rows = 0;
    forget_others(views);
    if (!views_have(views, columns, &have, error))
        return FALSE;
    if (have) {
        views->others = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
        for (guint i = 0; i < views->copies->copies->len; i++)
            g_ptr_array_add(views->others, g_array_new(FALSE, FALSE, sizeof(Cell)));
        if (!patch_records(views, error))
            return FALSE;
        patch_buyers(views);
    }
    if (have && !views->copies->heap->full)
        return TRUE;
    forget_others(views);
    return views_copy(views, columns, rows, error);
}

/* ---- widened and shown ------------------------------------------------------------------ */

static gboolean drop_shown(Views *views, GError **error)
{
    g_clear_pointer(&views->wide, cell_set_free);
    return views_hide(views, error);
}

gboolean views_drop_scope(Views *views, GError **error)
{
    forget_others(views);
    g_clear_pointer(&views->near, g_ptr_array_unref);
    return drop_shown(views, error);
}

/* The rows that rules are to be asked of, of what they may say otherwise; NULL: they are of more
 * than most records. */
static Copies *choose_part(const Views *views, const ScopeAsk *ask, const CellSet *wide, gsize most)
{
    RestOn rest_on = KINDS[ask->kind].rest_on;
    g_autoptr(CellSet) more =
        rest_on && wide->cells->len <= most ? rest_on(views, ask, wide) : NULL;
    const CellSet *records = more ? more : wide;
    g_autofree gboolean *wanted = g_new(gboolean, views->copies->copies->len);
    if (records->cells->len > most)
        return NULL;
    for (guint i = 0; i < views->copies->copies->len; i++)
        wanted[i] = may_be_read(views, ask, views->copies->copies->pdata[i]);
    return copies_choose(views->copies, records->cells, wanted);
}

gboolean views_reach(Views *views, const ScopeAsk *ask)
{
    gsize rows = copies_find(views->copies, "firearms")->n_rows;
    gsize most = rows * MOST_PERCENT / 100;
    CellSet **reached = &views->reached[ask->kind];
    g_clear_pointer(reached, cell_set_free);
    g_clear_pointer(&views->ahead_of[ask->kind], copies_free);
    if (KINDS[ask->kind].reach && views->others)
        *reached = KINDS[ask->kind].reach(views, ask, most);
    if (*reached && (*reached)->cells->len > most)
        g_clear_pointer(reached, cell_set_free);
    if (*reached)
        views->ahead_of[ask->kind] = choose_part(views, ask, *reached, rows * AHEAD_PERCENT / 100);
    return *reached != NULL;
}

gboolean views_widen(Views *views, const ScopeAsk *ask, gboolean *all, GError **error)
{
    if (!drop_shown(views, error))
        return FALSE;
    *all = !views->reached[ask->kind] && !views_reach(views, ask);
    views->wide = g_steal_pointer(&views->reached[ask->kind]);
    return TRUE;
}

gboolean views_is_wide(const Views *views, const char *record)
{
    return cell_set_has(views->wide, heap_find(views->copies->heap, record, strlen(record)));
}

guint views_count_wide(const Views *views)
{
    return views->wide->cells->len;
}

void views_visit_wide(const Views *views, RefVisit visit, gpointer data)
{
    for (guint i = 0; i < views->wide->cells->len; i++)
        visit(heap_text(views->copies->heap, g_array_index(views->wide->cells, Cell, i)), data);
}

gboolean views_show_scope(Views *views, const ScopeAsk *ask, GError **error)
{
    if (views->wide == NULL)
        return views_show(views, error);
    Copies *part = g_steal_pointer(&views->ahead_of[ask->kind]);
    if (part == NULL)
        part = choose_part(views, ask, views->wide, G_MAXSIZE);
    return views_show_part(views, part, error);
}

void views_set_scope(Views *views, const GPtrArray *near)
{
    g_clear_pointer(&views->near, g_ptr_array_unref);
    views->near = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < near->len; i++)
        g_ptr_array_add(views->near, g_strdup(near->pdata[i]));
}
