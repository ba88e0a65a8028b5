/*
 * A settings file of a rules directory, which one by the first byte: read whole, or refused with
 * its name. What was read of people's decisions and of statistics is a number that can be used.
 */
#include <math.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/learn.h"
#include "engine/lead/lead.h"
#include "engine/retention/retention.h"
#include "engine/run/stages.h"
#include "engine/statistic/statistic.h"
#include "tests/fuzz/fuzz.h"

static gboolean read_judgement(GError **error)
{
    Learning learning;
    LearningPair pairs[] = {{-3, TRUE}, {2, FALSE}, {9, TRUE}};

    if (!learning_load(fuzz_folder(), &learning, error))
        return FALSE;
    double shift = learning_shift(&learning, pairs, G_N_ELEMENTS(pairs));
    fuzz_check(isfinite(shift) && fabs(shift) <= learning.most + 1e-9);
    fuzz_check(learning_shift(&learning, NULL, 0) == 0);
    return TRUE;
}

static gboolean read_statistics(GError **error)
{
    StatisticLimits limits = {0};

    return statistic_limits_load(fuzz_folder(), &limits, error);
}

static gboolean read_leads(GError **error)
{
    g_autoptr(LeadRules) rules = lead_rules_load(fuzz_folder(), error);

    return rules != NULL;
}

static gboolean read_retention(GError **error)
{
    g_autoptr(Clocks) clocks = clocks_load(fuzz_folder(), error);

    return clocks != NULL;
}

static gboolean read_graph(GError **error)
{
    GraphOptions options = {0};

    return graph_options_load(fuzz_folder(), &options, error);
}

static const struct {
    const char *file;
    gboolean (*read)(GError **error);
} FILES[] = {{"judgement.ini", read_judgement},
             {"statistics.ini", read_statistics},
             {"leads.ini", read_leads},
             {"retention.ini", read_retention},
             {"graph.ini", read_graph}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;

    if (size < 1)
        return 0;
    guint f = data[0] % G_N_ELEMENTS(FILES);
    g_free(fuzz_write(FILES[f].file, data + 1, size - 1));
    gboolean read = FILES[f].read(&error);
    fuzz_check(read == (error == NULL));
    fuzz_check(read ||
               (error_status(error) == STATUS_CONFIG && strstr(error->message, FILES[f].file)));
    return 0;
}
