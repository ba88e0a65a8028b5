/* The descriptor at the end of each cmd_NAME.c. */
#ifndef CROSSTRACE_CLI_COMMANDS_H
#define CROSSTRACE_CLI_COMMANDS_H

#include "engine/cli/cli.h"

extern const Command cmd_load, cmd_correlate, cmd_report, cmd_leads, cmd_export, cmd_rules,
    cmd_audit, cmd_check, cmd_stats, cmd_why;

#endif
