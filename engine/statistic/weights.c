/*
 * What the last run weighed persons with: `stats --weights`. A row for each field and level of the
 * parameter set that its results name; the weights of the rule files are only where it started.
 */
#include <math.h>

#include "engine/base/error.h"
#include "engine/query/select.h"
#include "engine/resolution/resolution.h"
#include "engine/statistic/statistic.h"
#include "engine/store/runs.h"

/* The set of the last run. */
static PersonParameters *last_parameters(Store *store, GError **error)
{
    g_auto(ParameterSet) set = {0};
    if (!store_last_parameters(store, &set, error))
        return NULL;
    if (set.set_id == 0 || !*set.person) {
        error_set(error, STATUS_NO_INPUT,
                  "no parameters of a run; run 'crosstrace correlate' first");
        return NULL;
    }
    return person_parameters_read(set.person, error);
}

static void number(char buffer[G_ASCII_DTOSTR_BUF_SIZE], const char *format, double value)
{
    g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

gboolean statistic_weights(Store *store, RowSink *sink, GError **error)
{
    static const Column COLUMNS[] = {{"field", COLUMN_OWN},
                                     {"level", COLUMN_OWN},
                                     {"same", COLUMN_NUMBER},
                                     {"different", COLUMN_NUMBER},
                                     {"bits", COLUMN_NUMBER}};
    g_autoptr(PersonParameters) parameters = last_parameters(store, error);
    guint n = 0;
    gboolean sent = TRUE;

    if (!parameters || !sink->begin(sink, COLUMNS, G_N_ELEMENTS(COLUMNS), error))
        return FALSE;
    g_autofree PersonWeight *weights = person_parameters_weights(parameters, &n);
    for (guint i = 0; sent && i < n; i++) {
        char m[G_ASCII_DTOSTR_BUF_SIZE], u[G_ASCII_DTOSTR_BUF_SIZE], bits[G_ASCII_DTOSTR_BUF_SIZE];
        const char *cells[] = {weights[i].field, weights[i].level, m, u, bits};

        number(m, "%.6g", weights[i].m);
        number(u, "%.6g", weights[i].u);
        number(bits, "%.2f", weights[i].bits);
        sent = sink->row(sink, cells, error);
    }
    return sent && sink->end(sink, error);
}
