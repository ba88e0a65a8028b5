/*
 * The error domain and the exit table: one list of statuses with their names, meanings and rank,
 * used by the tests that hold the documentation to them. Nothing here prints or ends the program.
 */
#include "engine/base/error.h"

static const StatusRow TABLE[] = {
    {STATUS_DONE, "DONE", "done; an empty find is done too"},
    {STATUS_LOOK, "LOOK", "done, with rejects or warnings that someone should look at"},
    {STATUS_USAGE, "USAGE", "wrong usage: unknown command, option or profile"},
    {STATUS_DATA, "DATA",
     "input data unusable: no profile fits, a column missing, too many rejects"},
    {STATUS_NO_INPUT, "NO_INPUT", "no input: missing, unreadable, a directory, no such reference"},
    {STATUS_STORE, "STORE", "store missing, foreign or newer"},
    {STATUS_INTERNAL, "INTERNAL", "internal error"},
    {STATUS_MEMORY, "MEMORY", "out of memory"},
    {STATUS_NO_CREATE, "NO_CREATE", "cannot create output"},
    {STATUS_IO, "IO", "input/output error"},
    {STATUS_TRY_AGAIN, "TRY_AGAIN", "try again later: another run holds the lock"},
    {STATUS_FORBIDDEN, "FORBIDDEN", "not permitted: audience or authority missing"},
    {STATUS_CONFIG, "CONFIG", "configuration, profile or rule file broken"},
    {STATUS_DONE, NULL, NULL},
};

/* From harmless to worst; a status that is not here and no signal is as bad as an internal error.
 */
static const int RANK[] = {STATUS_DONE,      STATUS_LOOK,   STATUS_USAGE,     STATUS_DATA,
                           STATUS_NO_INPUT,  STATUS_STORE,  STATUS_NO_CREATE, STATUS_TRY_AGAIN,
                           STATUS_FORBIDDEN, STATUS_CONFIG, STATUS_IO,        STATUS_MEMORY,
                           STATUS_INTERNAL};

G_DEFINE_QUARK(crosstrace - error - quark, error)

gboolean error_set(GError **error, Status status, const char *format, ...)
{
    va_list args;

    if (!error)
        return FALSE;
    va_start(args, format);
    *error = g_error_new_valist(CROSSTRACE_ERROR, status, format, args);
    va_end(args);
    return FALSE;
}

Status error_status(const GError *error)
{
    if (error && error->domain == CROSSTRACE_ERROR)
        return (Status)error->code;
    return STATUS_INTERNAL;
}

const StatusRow *exit_table(void)
{
    return TABLE;
}

static int status_rank(int status)
{
    if (status > 128)
        return G_N_ELEMENTS(RANK);
    for (guint i = 0; i < G_N_ELEMENTS(RANK); i++)
        if (RANK[i] == status)
            return (int)i;
    return G_N_ELEMENTS(RANK) - 1;
}

int status_worst(int a, int b)
{
    return status_rank(b) > status_rank(a) ? b : a;
}
