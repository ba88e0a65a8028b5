/* The table of commands: one line for each, in the order of a working day. */
#include "engine/cli/commands.h"

static const Command *const table[] = {
    &cmd_load,  &cmd_correlate, &cmd_report, &cmd_leads, &cmd_export, &cmd_rules,
    &cmd_audit, &cmd_check,     &cmd_stats,  &cmd_why,   NULL,
};

const Command *const *commands(void)
{
    return table;
}
