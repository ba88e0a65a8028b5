/* The descriptor at the end of each cmd_NAME.c. */
#ifndef CROSSTRACE_CLI_COMMANDS_H
#define CROSSTRACE_CLI_COMMANDS_H

#include "engine/cli/cli.h"

#define COMMAND(name) extern const Command cmd_##name;
#include "engine/cli/commands.def"
#undef COMMAND

#endif
