/*
 * The kinds of `find`, and what all of them share: the columns, and that records of a confidential
 * source are left out and counted.
 */
#include "engine/query/find.h"

#include <string.h>

#define CONFIDENTIAL "CONFIDENTIAL SOURCE"

const Column find_columns[FIND_COLUMNS] = {
    {"query", COLUMN_DATA},       {"record", COLUMN_OWN},         {"value", COLUMN_DATA},
    {"description", COLUMN_DATA}, {"date", COLUMN_OWN},           {"tier", COLUMN_OWN},
    {"bits", COLUMN_NUMBER},      {"probability", COLUMN_NUMBER}, {"chance_matches", COLUMN_NUMBER},
    {"explanation", COLUMN_DATA}, {"handling", COLUMN_OWN},
};

static const FindKind kinds[] = {
    {NULL, NULL, NULL},
};

const FindKind *find_kinds(void)
{
    return kinds;
}

gboolean find_send(RowSink *sink, const char *const cells[FIND_COLUMNS], FindCount *count,
                   GError **error)
{
    if (g_strcmp0(cells[FIND_COLUMNS - 1], CONFIDENTIAL) == 0) {
        count->withheld++;
        return TRUE;
    }
    count->rows++;
    return sink->row(sink, cells, error);
}
