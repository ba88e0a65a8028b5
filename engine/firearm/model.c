/*
 * Reads the model: rules/firearm.ini (every key required, none unknown), the look-alikes table
 * a,b,cost, and who owns or imports a make, and how it numbers (makes.csv). Knowledge stands in
 * those files, with its sources.
 */
#include "engine/firearm/model.h"

#include <math.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/ini.h"

static const ModelRow ROWS[] = {
#define ROW(group, key, low, high)                                                                 \
    {#group, #key, low, high, G_STRUCT_OFFSET(FirearmModel, group##_##key)},
    PARAMETERS(ROW)
#undef ROW
};

const ModelRow *model_rows(guint *n)
{
    *n = G_N_ELEMENTS(ROWS);
    return ROWS;
}

static gboolean known_key(const char *group, const char *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        if (strcmp(ROWS[i].group, group) == 0 && strcmp(ROWS[i].key, key) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean check_keys(const Ini *ini, GError **error)
{
    for (const char *const *group = ini_groups(ini); *group != NULL; group++) {
        for (const char *const *key = ini_keys(ini, *group); *key != NULL; key++) {
            if (!known_key(*group, *key)) {
                return ini_error(ini, *group, *key, error, "unknown key '%s' in [%s]", *key,
                                 *group);
            }
        }
    }
    return TRUE;
}

static gboolean read_parameters(FirearmModel *model, const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "firearm.ini", NULL);
    g_autoptr(Ini) ini = ini_load(path, error);
    if (ini == NULL || !check_keys(ini, error)) {
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        double *value = (double *)G_STRUCT_MEMBER_P(model, ROWS[i].offset);
        if (ini_need(ini, ROWS[i].group, ROWS[i].key, error) == NULL ||
            !ini_number(ini, ROWS[i].group, ROWS[i].key, ROWS[i].low, ROWS[i].high, 0, value,
                        error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Index in the alphabet, O as 0 and I as 1; -1 when it is none. */
static int code_of(const char *text)
{
    char c = g_ascii_toupper(text[0]);
    c = (c == 'O') ? '0' : (c == 'I') ? '1' : c;
    if (text[0] == '\0' || text[1] != '\0') {
        return -1;
    }
    return g_ascii_isdigit(c) ? c - '0' : g_ascii_isupper(c) ? c - 'A' + 10 : -1;
}

static gboolean add_pair(FirearmModel *model, char **cells)
{
    if (g_strv_length(cells) != 3) {
        return FALSE;
    }
    int a = code_of(cells[0]), b = code_of(cells[1]);
    char *end;
    double cost = g_ascii_strtod(cells[2], &end);
    if (a < 0 || b < 0 || end == cells[2] || *end != '\0' || !(cost >= 0 && cost <= 1)) {
        return FALSE;
    }
    if (a != b) { /* O and 0 are one after folding */
        model->look_alike[a] |= (CharSet)1 << b;
        model->look_alike[b] |= (CharSet)1 << a;
        model->ease[a][b] = model->ease[b][a] = MAX(model->ease[a][b], 1.1 - cost);
    }
    return TRUE;
}

static gboolean read_look_alikes(FirearmModel *model, const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "tables", "lookalikes.csv", NULL);
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    if (rows == NULL) {
        return FALSE;
    }
    for (guint i = 1; i < rows->len; i++) {
        if (!add_pair(model, g_ptr_array_index(rows, i))) {
            return error_set(error, STATUS_CONFIG,
                             "%s:%u: not two characters and a cost from 0 to 1", path, i + 1);
        }
    }
    return TRUE;
}

/* Column of the table, or -1. */
static int column_of(char **header, const char *name)
{
    for (int i = 0; header[i] != NULL; i++) {
        if (strcmp(header[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* Who owns a make, and how it numbers. */
static gboolean read_makes(FirearmModel *model, const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "tables", "makes.csv", NULL);
    g_autoptr(GPtrArray) rows = csv_read_all(path, error);
    int make = rows != NULL && rows->len > 0 ? column_of(rows->pdata[0], "code") : -1;
    int owner = make >= 0 ? column_of(rows->pdata[0], "owner") : -1;
    int numbers = make >= 0 ? column_of(rows->pdata[0], "numbers") : -1;
    if (rows == NULL) {
        return FALSE;
    }
    for (guint i = 1; owner >= 0 && i < rows->len; i++) {
        char **cells = rows->pdata[i];
        int n = (int)g_strv_length(cells);
        if (n > MAX(make, owner) && *cells[owner] != '\0') {
            g_hash_table_replace(model->owners, g_strdup(cells[make]), g_strdup(cells[owner]));
        }
        if (numbers >= 0 && n > MAX(make, numbers) && strcmp(cells[numbers], "own-choice") == 0) {
            g_hash_table_add(model->own_choice, g_strdup(cells[make]));
        }
    }
    return TRUE;
}

gboolean model_own_choice(const FirearmModel *model, const char *make)
{
    const char *owner = model_owner(model, make);
    return make != NULL && (g_hash_table_contains(model->own_choice, make) ||
                            (owner != NULL && g_hash_table_contains(model->own_choice, owner)));
}

const char *model_owner(const FirearmModel *model, const char *make)
{
    return make != NULL ? g_hash_table_lookup(model->owners, make) : NULL;
}

/* Cost of writing one character for another, in bits. */
static double confusion_cost(const FirearmModel *m, guint meant, guint written)
{
    if (m->look_alike[meant] >> written & 1) {
        double sum = 0;
        for (guint c = 0; c < 36; c++) {
            sum += m->ease[meant][c];
        }
        return -log2(m->transcription_look_alike * m->ease[meant][written] / sum +
                     m->transcription_substitution / 40);
    }
    gboolean same_kind = (written > 9) == (meant > 9);
    double choices = (same_kind ? 1.1 : 11) * (written > 9 ? 25 : 9);
    return -log2(m->transcription_substitution / choices);
}

/* A number that is so many times as often misread as it is read right. */
static Doubt doubt_of(const FirearmModel *m, double times)
{
    double misread = m->transcription_look_alike + m->transcription_substitution;
    return (Doubt){log2(times), log2(1 + (times - 1) * misread), times * times};
}

void model_refresh(FirearmModel *model)
{
    for (guint kind = 0; kind < G_N_ELEMENTS(model->doubt); kind++) {
        model->doubt[kind] = doubt_of(model, 1);
    }
    model->doubt[SERIAL_RESTORED] = doubt_of(model, model->transcription_restored);
    model->doubt[SERIAL_PARTIAL] = doubt_of(model, model->transcription_doubted);
    model->doubt[SERIAL_ALTERED] = doubt_of(model, model->transcription_altered);
    for (guint meant = 0; meant < 36; meant++) {
        for (guint written = 0; written < 36; written++) {
            model->confusion[meant][written] =
                meant == written ? 0 : confusion_cost(model, meant, written);
            model->misread[meant][written] = exp2(-model->confusion[meant][written]);
        }
    }
    model->clean_bits = -log2(model->transcription_clean);
    for (guint n = 1; n <= SERIAL_MAX; n++) {
        model->edit[n].swapped = -log2(model->transcription_transposition / MAX(n, 2));
        model->edit[n].dropped = -log2(model->transcription_dropped / n);
        model->edit[n].added = -log2(model->transcription_added / 14 / (n + 1));
        model->edit[n].one_of = log2(n);
    }
}

FirearmModel *firearm_model_load(const char *rules_dir, GError **error)
{
    g_autoptr(FirearmModel) model = g_new0(FirearmModel, 1);
    model->owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    model->own_choice = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_parameters(model, rules_dir, error) || !read_look_alikes(model, rules_dir, error) ||
        !read_makes(model, rules_dir, error)) {
        return NULL;
    }
    model_refresh(model);
    return g_steal_pointer(&model);
}

void firearm_model_free(FirearmModel *model)
{
    if (model != NULL) {
        g_hash_table_unref(model->owners);
        g_hash_table_unref(model->own_choice);
    }
    g_free(model);
}
