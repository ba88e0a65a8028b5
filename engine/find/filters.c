/*
 * What narrows a question and is a slip of the pen: a kind of record or a model that the store does
 * not have finds nothing, which must not look like an answer. Makes and calibres are checked
 * against the code tables before (engine/cli). Records of a confidential source are not told of.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/find/find.h"
#include "engine/population/model_name.h"
#include "engine/query/select.h"

static const char KINDS_SQL[] = "SELECT DISTINCT kind FROM file WHERE ?1 IS NOT NULL ORDER BY kind";

static const char MODELS_SQL[] =
    "SELECT DISTINCT make, model FROM record WHERE ?1 IS NOT NULL AND model IS NOT NULL"
    " AND confidential_source IS NOT 'Y' ORDER BY make, model";

typedef struct {
    const char *wanted;
    GString *kinds;
    gboolean there;
} Kinds;

static gboolean take_kind(sqlite3_stmt *row, gpointer data, GError **error)
{
    Kinds *kinds = data;
    const char *kind = (const char *)sqlite3_column_text(row, 0);
    (void)error;
    kinds->there = kinds->there || strcmp(kind, kinds->wanted) == 0;
    g_string_append_printf(kinds->kinds, "%s%s", kinds->kinds->len ? ", " : "", kind);
    return TRUE;
}

gboolean find_source_check(Store *store, const FindRequest *request, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    Kinds kinds = {.wanted = request->source, .kinds = names};
    if (!request->source)
        return TRUE;
    if (!select_walk(store, KINDS_SQL, request->source, take_kind, &kinds, error))
        return FALSE;
    return kinds.there ||
           error_set(error, STATUS_USAGE, "no records of source '%s' in the store; it has %s",
                     request->source, names->len ? names->str : "none");
}

typedef struct {
    const FindRequest *request;
    TextNearest nearest;
    gboolean there;
} Models;

static gboolean take_model(sqlite3_stmt *row, gpointer data, GError **error)
{
    Models *models = data;
    const FindRequest *request = models->request;
    const char *make = (const char *)sqlite3_column_text(row, 0);
    const char *model = (const char *)sqlite3_column_text(row, 1);
    (void)error;
    models->there = models->there || firearm_same_model(make, request->model, model);
    if (!request->make || g_strcmp0(request->make, make) == 0)
        text_nearest_offer(&models->nearest, model);
    return TRUE;
}

gboolean find_unknown(Store *store, const FindRequest *request, char **text, GError **error)
{
    Models models = {.request = request};
    *text = NULL;
    if (!request->model)
        return TRUE;
    text_nearest_init(&models.nearest, request->model);
    gboolean ok = select_walk(store, MODELS_SQL, request->model, take_model, &models, error);
    if (ok && !models.there && models.nearest.best)
        *text = g_strdup_printf("no record has the model '%s'; the nearest is '%s'", request->model,
                                models.nearest.best);
    else if (ok && !models.there)
        *text = g_strdup_printf("no record has the model '%s'", request->model);
    text_nearest_clear(&models.nearest);
    return ok;
}
