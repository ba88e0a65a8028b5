/* The table of commands out of commands.def: one line there for each. */
#include "engine/cli/commands.h"

static const Command *const table[] = {
#define COMMAND(name) &cmd_##name,
#include "engine/cli/commands.def"
#undef COMMAND
    NULL,
};

const Command *const *commands(void)
{
    return table;
}
